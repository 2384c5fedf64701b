//! Several scenarios at one front, over real sockets.

use clock::Clock;
use evidence::{Entry, Way};
use protocol::ams::Api;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

use crate::fault::{Effect, Fault, Match};
use crate::ground::{Scene, ask, ask_anew, by, front, open, post, until};
use crate::relay::within;

const LATTE: &str = "AMS-PAY-001-9f3a2c11-";
const MOCHA: &str = "AMS-PAY-002-00c0ffee-";

fn pay(order: &str, request: &str) -> String {
    format!(r#"{{"referenceOrderId":"{order}","paymentRequestId":"{request}"}}"#)
}

#[tokio::test]
async fn two_scenarios_share_a_front_and_one_connection() {
    let (latte, mocha) =
        (Scene::new("latte", "AMS-PAY-001").await, Scene::new("mocha", "AMS-PAY-002").await);
    let front = front(None).await;
    let guests = (latte.admit(&front, LATTE), mocha.admit(&front, MOCHA));
    let mut wire = open(front.calls()).await;
    for round in 0..3 {
        let (first, second) = (format!("{LATTE}{round}"), format!("{MOCHA}{round}"));
        let request = |name| format!("{name}{round}");
        assert_eq!(ask(&mut wire, &pay(&first, &request("L"))).await, by("latte"));
        assert_eq!(ask(&mut wire, &pay(&second, &request("M"))).await, by("mocha"));
    }
    // What the calls taught holds on every connection and at both doors.
    let asked = |request| format!(r#"{{"paymentRequestId":"{request}"}}"#);
    assert_eq!(ask_anew(front.calls(), &asked("L2")).await, by("latte"));
    assert_eq!(ask_anew(front.notices(), &asked("M0")).await, by("mocha"));
    // So does what the answers taught.
    let length = pay(&format!("{MOCHA}0"), "M0").len();
    let by_answer = format!(r#"{{"paymentId":"mocha-{length}"}}"#);
    assert_eq!(ask_anew(front.notices(), &by_answer).await, by("mocha"));
    guests.0.claim("281012020262467128");
    assert_eq!(ask(&mut wire, r#"["281012020262467128"]"#).await, by("latte"));
    assert_eq!((latte.taken(), mocha.taken(), front.strays()), (5, 5, 0));
}

#[tokio::test]
async fn what_the_runner_sends_itself_teaches_too() {
    let latte = Scene::new("latte", "AMS-PAY-001").await;
    let front = front(None).await;
    let witness = latte.admit(&front, LATTE);
    let own = post("/ams/api/v1/payments/pay", r#"{"paymentRequestId":"own-1"}"#);
    let length = own.body.len();
    witness.own_call(witness.number(), own).await.unwrap();
    let forged = post("/notify", r#"{"paymentRequestId":"sent-1"}"#);
    witness.send(witness.number(), Way::Notice, forged, "forged").await.unwrap();
    let by_answer = format!("latte-{length}");
    for id in ["own-1", "sent-1", by_answer.as_str()] {
        let body = format!(r#"{{"paymentId":"{id}"}}"#);
        assert_eq!(ask_anew(front.notices(), &body).await, by("latte"), "{id}");
    }
}

#[tokio::test]
async fn a_stray_is_the_lobbys_and_meets_no_fault() {
    let (latte, lobby) =
        (Scene::new("latte", "AMS-PAY-001").await, Scene::new("lobby", "AMS-PAY-002").await);
    let front = front(Some(&lobby)).await;
    let witness = latte.admit(&front, LATTE);
    let on = Match::calls();
    witness.plant(Fault { name: "lost", on, effect: Effect::LoseCall });
    let stray = pay("nobody-1", "N1");
    assert_eq!(ask_anew(front.calls(), &stray).await, by("lobby"));
    assert_eq!(ask_anew(front.notices(), &stray).await, by("lobby"));
    // What a stray taught is nothing.
    assert_eq!(ask_anew(front.calls(), &pay("nobody-2", "N1")).await, by("lobby"));
    assert_eq!((latte.taken(), lobby.taken(), front.strays()), (0, 3, 3));
}

#[tokio::test]
async fn without_a_lobby_a_stray_is_turned_away_and_counted() {
    let latte = Scene::new("latte", "AMS-PAY-001").await;
    let front = front(None).await;
    let _witness = latte.admit(&front, LATTE);
    assert_eq!(ask_anew(front.calls(), &pay("nobody-1", "N1")).await, None);
    assert_eq!((latte.taken(), front.strays()), (0, 1));
}

#[tokio::test]
async fn what_comes_for_a_scenario_that_has_left_is_a_stray() {
    let (latte, lobby) =
        (Scene::new("latte", "AMS-PAY-001").await, Scene::new("lobby", "AMS-PAY-002").await);
    let front = front(Some(&lobby)).await;
    let witness = latte.admit(&front, LATTE);
    let mut wire = open(front.calls()).await;
    let paid = pay(&format!("{LATTE}1"), "L1");
    assert_eq!(ask(&mut wire, &paid).await, by("latte"));
    drop(witness);
    // Its connection stays, and so does the front.
    assert_eq!(ask(&mut wire, &paid).await, by("lobby"));
    assert_eq!(ask(&mut wire, r#"{"paymentRequestId":"L1"}"#).await, by("lobby"));
    assert_eq!((latte.taken(), lobby.taken(), front.strays()), (1, 2, 2));
}

#[tokio::test]
async fn a_fault_meets_its_scenario_alone_and_ends_with_it() {
    let (latte, mocha) =
        (Scene::new("latte", "AMS-PAY-001").await, Scene::new("mocha", "AMS-PAY-002").await);
    let front = front(None).await;
    let (witness, other) = (latte.admit(&front, LATTE), mocha.admit(&front, MOCHA));
    let on = Match::every(Api::Pay);
    witness.plant(Fault { name: "lost", on, effect: Effect::LoseAnswer });
    let mut lost = open(front.calls()).await;
    lost.write(&post("/ams/api/v1/payments/pay", &pay(&format!("{LATTE}1"), "L1"))).await.unwrap();
    assert_eq!(ask_anew(front.calls(), &pay(&format!("{MOCHA}1"), "M1")).await, by("mocha"));
    until(|| latte.recorder.look(0, <[Entry]>::len) == 3).await;
    drop(witness);
    // It was kept open until now.
    let clock = Clock::real();
    let ended = within(&clock, 5_000, async { Ok(lost.read_response().await.is_err()) });
    assert!(ended.await.unwrap());
    drop(other);
}

#[tokio::test]
async fn a_front_goes_when_nobody_has_it_any_more() {
    let latte = Scene::new("latte", "AMS-PAY-001").await;
    let front = front(None).await;
    let (calls, witness) = (front.calls(), latte.admit(&front, LATTE));
    drop(front);
    let paid = pay(&format!("{LATTE}1"), "L1");
    assert_eq!(ask_anew(calls, &paid).await, by("latte"));
    drop(witness);
    // The listener closes with its task, at the next chance.
    while let Ok(mut stream) = TcpStream::connect(calls).await {
        drop(stream.read(&mut [0]).await);
        tokio::task::yield_now().await;
    }
}
