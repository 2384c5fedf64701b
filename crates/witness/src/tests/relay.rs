//! The witness against callers and gateways that break the rules.

use std::sync::Arc;

use clock::Clock;
use evidence::{Blob, Entry, Event, Party, Recorder};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::Witness;
use crate::door::Door;
use crate::front::Front;
use crate::ground::{Scene, front};
use crate::parties::{Setup, Side};
use crate::read_fault::ReadFault;
use crate::route::Claim;

async fn free() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.unwrap()
}

/// A gateway that takes a call, says `words` as often as told, and then falls silent.
async fn hostile(words: &'static [u8], times: usize) -> std::net::SocketAddr {
    let listener = free().await;
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut call = [0; 4096];
                drop(stream.read(&mut call).await);
                for _ in 0..times {
                    if stream.write_all(words).await.is_err() {
                        return;
                    }
                }
                std::future::pending::<()>().await;
            });
        }
    });
    address
}

async fn witness_of(
    gateway: std::net::SocketAddr,
    recorder: &Recorder,
    clock: &Clock,
) -> (Arc<Front>, Witness) {
    let doors = (Door::Plain(free().await), Door::Plain(free().await));
    let front = Front::open(doors.0, doors.1, clock.clone(), None).unwrap();
    let side = |address| Side { address, host: None, tls: None, key: None };
    let setup = Setup {
        gateway: side(gateway),
        merchant: side(gateway),
        recorder: recorder.clone(),
        clock: clock.clone(),
    };
    let witness = front.admit(setup, Claim::Everything);
    (front, witness)
}

fn call() -> Blob {
    Blob {
        head: b"POST /ams/api/v1/payments/pay HTTP/1.1\r\ncontent-length: 2\r\n\r\n".to_vec(),
        body: b"{}".to_vec(),
    }
}

async fn ask(gateway: std::net::SocketAddr) -> (Result<Blob, ReadFault>, Recorder) {
    let recorder = Recorder::detached("AMS-PAY-001".parse().unwrap(), 1);
    let clock = Clock::real();
    let witness = Arc::new(witness_of(gateway, &recorder, &clock).await.1);
    let asking = tokio::spawn({
        let witness = witness.clone();
        async move { witness.own_call(witness.number(), call()).await }
    });
    // The clock is pushed on until the witness has given up or has its answer, so that nothing
    // here waits in real time.
    while !asking.is_finished() {
        tokio::task::yield_now().await;
        tokio::task::spawn_blocking(|| ()).await.unwrap();
        clock.advance(100);
    }
    (asking.await.unwrap(), recorder)
}

fn broken(recorder: &Recorder) -> Vec<Party> {
    let by = |entry: &Entry| {
        let Event::Broken { by, .. } = entry.event else { return None };
        Some(by)
    };
    recorder.look(0, |entries| entries.iter().filter_map(by).collect())
}

fn unanswered(recorder: &Recorder) -> bool {
    let unanswered =
        |entry: &Entry| matches!(&entry.event, Event::Did { what, .. } if what == "no-answer");
    recorder.look(0, |entries| entries.iter().any(unanswered))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hostile_gateway_is_recorded_and_ends_nothing() {
    const HUGE: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 5000000\r\n\r\n";
    const ENDLESS: &[u8] = b"HTTP/1.1 200 OK\r\nx: y\r\n\r\n0123456789abcdef";
    for (words, times) in [
        (HUGE, 1),
        (ENDLESS, 400_000),
        (&b"nonsense\r\n\r\n"[..], 1),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{", 1),
        (b"", 0),
    ] {
        let (answer, recorder) = ask(hostile(words, times).await).await;
        assert!(answer.is_err(), "{words:?}");
        assert!(unanswered(&recorder), "{words:?}");
        assert_eq!(broken(&recorder), [], "{words:?}");
    }
}

#[tokio::test]
async fn what_was_written_is_never_written_again_and_an_answer_before_its_call_is_none() {
    const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
    const FORGED: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n[]";
    let listener = free().await;
    let gateway = listener.local_addr().unwrap();
    // Each connection: what is answered to its calls, one after the other; then it is closed.
    let smuggled = [ANSWER, FORGED].concat();
    let stories = [vec![ANSWER.to_vec(), vec![]], vec![smuggled, vec![]], vec![ANSWER.to_vec()]];
    let calls = tokio::spawn(async move {
        let mut calls = vec![];
        for story in stories {
            let mut stream = listener.accept().await.unwrap().0;
            let mut taken = 0;
            for answer in story {
                let mut call = [0; 4096];
                if stream.read(&mut call).await.unwrap_or(0) == 0 {
                    break;
                }
                taken += 1;
                stream.write_all(&answer).await.unwrap();
                if answer.is_empty() {
                    break;
                }
            }
            calls.push(taken);
        }
        calls
    });
    let recorder = Recorder::detached("AMS-PAY-001".parse().unwrap(), 1);
    // However slow the machine is, no connection has rested for too long.
    let (_, witness) = witness_of(gateway, &recorder, &Clock::simulated(0, 0)).await;
    let mut answers = vec![];
    for _ in 0..4 {
        let answer = witness.own_call(witness.number(), call()).await;
        answers.push(answer.ok().map(|blob| blob.body));
    }
    let told = |body: &[u8]| Some(body.to_vec());
    assert_eq!(answers, [told(b"{}"), None, told(b"{}"), told(b"{}")]);
    assert_eq!(calls.await.unwrap(), [2, 1, 1]);
}

#[tokio::test]
async fn a_connection_that_may_be_closed_any_moment_is_not_used_again() {
    let scene = Scene::new("latte", "AMS-PAY-001").await;
    let front = front(None).await;
    let witness = scene.admit(&front, "AMS-PAY-001-9f3a2c11-");
    for _ in 0..2 {
        witness.own_call(witness.number(), call()).await.unwrap();
    }
    scene.setup.clock.advance(1_001);
    witness.own_call(witness.number(), call()).await.unwrap();
    let heard = scene.receiver.heard.lock();
    let calls: Vec<usize> = heard.iter().map(|(_, calls)| calls.len()).collect();
    assert_eq!((calls.iter().sum::<usize>(), calls.last()), (3, Some(&1)), "{calls:?}");
}

#[tokio::test]
async fn what_is_no_message_is_recorded_and_a_connection_that_closes_is_not() {
    let nowhere = free().await.local_addr().unwrap();
    let recorder = Recorder::detached("AMS-PAY-001".parse().unwrap(), 1);
    let (front, _witness) = witness_of(nowhere, &recorder, &Clock::real()).await;
    for (words, address) in [
        (&b"nonsense\r\n\r\n"[..], front.calls()),
        (b"POST / HTTP/1.1\r\ncontent-length: 9999999\r\n\r\n", front.notices()),
        (b"POST / HTTP/1.1\r\n", front.calls()),
        (b"", front.calls()),
    ] {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(words).await.unwrap();
        stream.shutdown().await.unwrap();
        // It is recorded before the connection ends.
        assert_eq!(stream.read(&mut [0; 64]).await.unwrap_or(0), 0);
    }
    let told = |entry: &Entry| {
        let Event::Did { what, facts } = &entry.event else { return None };
        Some(format!("{what} {}", facts["way"].as_str().unwrap()))
    };
    let told: Vec<_> = recorder.look(0, |entries| entries.iter().filter_map(told).collect());
    assert_eq!(told, ["unreadable call", "unreadable notice", "cut-off call"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_port_breaks_the_attempt_and_blames_the_gateway() {
    let dead = free().await.local_addr().unwrap();
    let (answer, recorder) = ask(dead).await;
    assert!(answer.is_err());
    assert_eq!(broken(&recorder), [Party::Gateway]);
}
