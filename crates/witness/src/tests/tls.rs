//! TLS at the doors and on the way out, over real sockets with real certificates.

use std::net::SocketAddr;

use clock::Clock;
use evidence::{Entry, Event, Party};
use signing::Authority;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{TlsClient, TlsError, TlsServer, without_port};
use crate::door::Door;
use crate::fault::{Effect, Fault, Match};
use crate::front::Front;
use crate::ground::{
    Receiver, Scene, ask, ask_anew, by, free, front, front_with, open, post, until,
};
use crate::raw::Wire;
use crate::read_fault::ReadFault;
use crate::relay::within;
use crate::stream::Stream;

const LATTE: &str = "AMS-PAY-001-9f3a2c11-";

/// The certificates are shown and checked at the machine's own time.
#[expect(clippy::disallowed_methods, reason = "rustls asks the machine for the time as well")]
fn now() -> i64 {
    let wall = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    i64::try_from(wall.as_millis()).unwrap()
}

fn authority() -> Authority {
    Authority::generate(now()).unwrap()
}

/// What a server of this name shows.
fn shown(authority: &Authority, name: &str) -> TlsServer {
    let issued = authority.issue(&[name], now()).unwrap();
    TlsServer::from_pem(issued.chain.as_bytes(), issued.key.as_bytes()).unwrap()
}

fn trusting(authority: &Authority) -> TlsClient {
    TlsClient::from_pem(authority.certificate_pem().as_bytes()).unwrap()
}

async fn open_tls(
    address: SocketAddr,
    tls: &TlsClient,
    host: &str,
) -> Result<Wire<Stream>, ReadFault> {
    let stream = TcpStream::connect(address).await.unwrap();
    // A door that keeps silent is a failure too, and one that has to end.
    let connecting = tls.connect(stream, Some(host), address);
    within(&Clock::real(), 5_000, connecting).await.map(Wire::new)
}

/// Waits until something is recorded.
async fn acts(scene: &Scene) -> Vec<String> {
    until(|| !scene.acts().is_empty()).await;
    scene.acts()
}

fn pay(order: &str) -> String {
    format!(r#"{{"referenceOrderId":"{order}"}}"#)
}

#[tokio::test]
async fn calls_pass_from_tls_to_tls_over_kept_connections() {
    let (near, far) = (authority(), authority());
    let receiver = Receiver::new("latte", Some(shown(&far, "gateway.test"))).await;
    let host = "gateway.test:8443";
    let latte = Scene::at(receiver, Some((host, &trusting(&far))), "AMS-PAY-001");
    let front = front_with(None, Some(&shown(&near, "witness.test"))).await;
    let witness = latte.admit(&front, LATTE);
    for address in [front.calls(), front.notices()] {
        let mut wire = open_tls(address, &trusting(&near), "witness.test").await.unwrap();
        for order in ["1", "2", "3"] {
            let order = pay(&format!("{LATTE}{order}"));
            assert_eq!(ask(&mut wire, &order).await, by("latte"));
        }
    }
    let own = post("/ams/api/v1/payments/pay", "{}");
    assert!(witness.own_call(witness.number(), own).await.is_ok());
    assert_eq!(latte.taken(), 7);
    let heard = latte.receiver.heard.lock();
    let kept: Vec<_> = heard.iter().map(|(name, calls)| (name.as_deref(), calls.len())).collect();
    let called = Some("gateway.test");
    assert_eq!(kept, [(called, 3), (called, 3), (called, 1)]);
    let host_line = evidence::head_field(&heard[0].1[0].head, "host");
    assert_eq!(host_line.as_deref(), Some(host));
}

#[tokio::test]
async fn plain_http_at_a_tls_door_is_told_what_to_do_and_recorded_in_the_lobby() {
    let (latte, lobby) =
        (Scene::new("latte", "AMS-PAY-001").await, Scene::new("lobby", "AMS-PAY-002").await);
    let front = front_with(Some(&lobby), Some(&shown(&authority(), "witness.test"))).await;
    let _witness = latte.admit(&front, LATTE);
    let mut wire = open(front.calls()).await;
    wire.write(&post("/pay", &pay(&format!("{LATTE}1")))).await.unwrap();
    let answer = wire.read_response().await.unwrap();
    assert_eq!(evidence::status_of(&answer.blob.head), Some(400));
    let kind = evidence::head_field(&answer.blob.head, "content-type");
    assert_eq!(kind.as_deref(), Some("text/plain; charset=utf-8"));
    let text = String::from_utf8(answer.blob.body).unwrap();
    assert!(text.contains("Write https in place of http"), "{text}");
    assert!(text.contains("请将调用地址中的 http 改为 https"), "{text}");
    assert!(answer.last);
    let recorded = "unreadable call: plain HTTP came to a door where TLS is spoken: the address to \
                    use begins with https";
    assert_eq!(lobby.acts(), [recorded]);
    assert_eq!((latte.taken(), lobby.taken(), front.strays()), (0, 0, 0));
    // The whole of a long call is taken before the connection ends: who is not let finish speaking
    // may not listen.
    let mut long = TcpStream::connect(front.calls()).await.unwrap();
    long.write_all(b"POST / HTTP/1.1\r\nContent-Length: 9000000\r\n\r\n").await.unwrap();
    long.write_all(&vec![b'7'; 9_000_000]).await.unwrap();
    long.shutdown().await.unwrap();
    let mut said = vec![];
    long.read_to_end(&mut said).await.unwrap();
    assert!(said.starts_with(b"HTTP/1.1 400 "), "{said:?}");
    // Neither a half call nor one who looks in and leaves holds the door up.
    let mut half = TcpStream::connect(front.calls()).await.unwrap();
    half.write_all(b"POST / HT").await.unwrap();
    half.shutdown().await.unwrap();
    let mut said = vec![];
    half.read_to_end(&mut said).await.unwrap();
    assert!(said.starts_with(b"HTTP/1.1 400 "), "{said:?}");
    assert_eq!(lobby.acts().len(), 3);
    drop(TcpStream::connect(front.calls()).await.unwrap());
    assert!(open_tls(front.calls(), &trusting(&authority()), "witness.test").await.is_err());
    until(|| lobby.acts().len() == 4).await;
    assert!(lobby.acts()[3].contains("refuses the certificate"), "{:?}", lobby.acts());
}

#[tokio::test]
async fn a_caller_that_does_not_trust_the_door_is_recorded() {
    let near = authority();
    for (client, host, alert) in [
        (trusting(&authority()), "witness.test", "UnknownCA"),
        (TlsClient::public().unwrap(), "witness.test", "UnknownCA"),
        (trusting(&near), "another.test", "BadCertificate"),
    ] {
        let lobby = Scene::new("lobby", "AMS-PAY-002").await;
        let front = front_with(Some(&lobby), Some(&shown(&near, "witness.test"))).await;
        let Err(why) = open_tls(front.notices(), &client, host).await else {
            panic!("{alert}: a connection");
        };
        assert!(matches!(why, ReadFault::Untrusted(_)), "{why}");
        let recorded = format!(
            "unreadable notice: the caller refuses the certificate of the door (its alert: \
             {alert}): it has to trust the authority that issued it, and to use a name that \
             stands in it"
        );
        assert_eq!(acts(&lobby).await, [recorded]);
    }
}

#[tokio::test]
async fn a_caller_that_shakes_hands_and_leaves_is_recorded_and_one_that_spoke_is_not() {
    let near = authority();
    let (latte, lobby) =
        (Scene::new("latte", "AMS-PAY-001").await, Scene::new("lobby", "AMS-PAY-002").await);
    let front = front_with(Some(&lobby), Some(&shown(&near, "witness.test"))).await;
    let _witness = latte.admit(&front, LATTE);
    let mut spoke = open_tls(front.calls(), &trusting(&near), "witness.test").await.unwrap();
    assert_eq!(ask(&mut spoke, &pay(&format!("{LATTE}1"))).await, by("latte"));
    spoke.end().await;
    for reset in [false, true] {
        let silent = open_tls(front.calls(), &trusting(&near), "witness.test").await.unwrap();
        let told = lobby.acts().len();
        if reset {
            silent.reset();
        } else {
            silent.end().await;
        }
        while lobby.acts().len() == told {
            tokio::task::yield_now().await;
        }
    }
    let acts = lobby.acts();
    assert_eq!(acts.len(), 2, "{acts:?}");
    assert!(
        acts.iter().all(|act| act.starts_with("said-nothing call: the caller ended")),
        "{acts:?}"
    );
}

#[tokio::test]
async fn who_is_ours_comes_in_beside_a_tls_door() {
    let near = authority();
    let latte = Scene::new("latte", "AMS-PAY-001").await;
    let door = async || Door::TlsAndWithin {
        outside: free().await,
        tls: shown(&near, "witness.test"),
        within: free().await,
    };
    let both = Front::open(door().await, door().await, Clock::real(), None).unwrap();
    let _witness = latte.admit(&both, LATTE);
    for (outside, within) in
        [(both.calls(), both.calls_within()), (both.notices(), both.notices_within())]
    {
        assert_ne!(outside, within);
        assert_eq!(ask_anew(within, &pay(&format!("{LATTE}1"))).await, by("latte"));
        let mut wire = open_tls(outside, &trusting(&near), "witness.test").await.unwrap();
        assert_eq!(ask(&mut wire, &pay(&format!("{LATTE}2"))).await, by("latte"));
    }
    assert_eq!(latte.taken(), 4);
    let plain = front(None).await;
    assert_eq!(plain.calls(), plain.calls_within());
}

#[tokio::test]
async fn a_handshake_that_is_none_is_recorded() {
    for (words, why) in [
        (&b"\x16\x03\x01\x00\x05nonsense"[..], "received corrupt message"),
        (b"\x16\x03\x01\x02\x00\x01", "unexpected end of file"),
        (b"\x00\x00\x00", "received corrupt message"),
    ] {
        let lobby = Scene::new("lobby", "AMS-PAY-002").await;
        let front = front_with(Some(&lobby), Some(&shown(&authority(), "witness.test"))).await;
        let mut stream = TcpStream::connect(front.calls()).await.unwrap();
        stream.write_all(words).await.unwrap();
        stream.shutdown().await.unwrap();
        let recorded = acts(&lobby).await;
        let begins = format!("unreadable call: the TLS handshake failed: {why}");
        assert!(recorded[0].starts_with(&begins), "{recorded:?}");
    }
}

#[tokio::test]
async fn tls_at_a_plain_door_is_recorded() {
    let lobby = Scene::new("lobby", "AMS-PAY-002").await;
    let front = front(Some(&lobby)).await;
    let refused = open_tls(front.calls(), &trusting(&authority()), "witness.test").await;
    assert!(matches!(refused, Err(ReadFault::Handshake(_))), "{refused:?}");
    let recorded = "unreadable call: TLS came to a door where plain HTTP is spoken: the address to \
                    use begins with http";
    assert_eq!(acts(&lobby).await, [recorded]);
}

#[tokio::test]
async fn a_gateway_that_cannot_be_believed_breaks_the_attempt() {
    let far = authority();
    let plain = Receiver::new("latte", None).await;
    let behind = Receiver::new("latte", Some(shown(&far, "gateway.test"))).await;
    let by_address = Receiver::new("latte", Some(shown(&far, "127.0.0.1"))).await;
    for (receiver, host, client, why) in [
        (&behind, "gateway.test", trusting(&authority()), Some("not trusted")),
        (&behind, "gateway.test", TlsClient::public().unwrap(), Some("not trusted")),
        (&behind, "another.test", trusting(&far), Some("not trusted")),
        (&behind, "no name", trusting(&far), Some("handshake failed")),
        (&plain, "gateway.test", trusting(&far), Some("handshake failed")),
        (&behind, "gateway.test", trusting(&far), None),
        (&by_address, "127.0.0.1:443", trusting(&far), None),
    ] {
        let latte = Scene::at(receiver.clone(), Some((host, &client)), "AMS-PAY-001");
        let front = front(None).await;
        let _witness = latte.admit(&front, LATTE);
        let answered = ask_anew(front.calls(), &pay(&format!("{LATTE}1"))).await;
        assert_eq!(answered.is_some(), why.is_none(), "{host}");
        let broken = |entry: &Entry| {
            let Event::Broken { by, why } = &entry.event else { return None };
            Some((*by, why.said(evidence::words::Language::En)))
        };
        let broken: Vec<_> =
            latte.recorder.look(0, |entries| entries.iter().filter_map(broken).collect());
        let Some(why) = why else {
            assert_eq!(broken, [], "{host}");
            continue;
        };
        let [(by, told)] = broken.as_slice() else { panic!("{host}: {broken:?}") };
        assert_eq!(*by, Party::Gateway);
        assert!(told.starts_with("there is no TLS connection to the gateway: "), "{told}");
        assert!(told.contains(why), "{told}");
    }
}

#[tokio::test]
async fn a_merchant_that_cannot_be_believed_gives_no_answer() {
    let receiver = Receiver::new("latte", Some(shown(&authority(), "shop.test"))).await;
    let latte = Scene::at(receiver, Some(("shop.test", &trusting(&authority()))), "AMS-PAY-001");
    let front = front(None).await;
    let _witness = latte.admit(&front, LATTE);
    assert_eq!(ask_anew(front.notices(), &pay(&format!("{LATTE}1"))).await, None);
    let told = latte.acts();
    assert!(told[0].starts_with("no-answer : the certificate of the other side"), "{told:?}");
}

#[tokio::test]
async fn a_tls_connection_that_was_closed_or_spoke_unasked_is_not_used_again() {
    const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{\"by\":\"a\"}";
    const FORGED: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{\"by\":\"b\"}";
    let far = authority();
    let (listener, tls) = (free().await, shown(&far, "gateway.test"));
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        for words in [[ANSWER, b""].concat(), [ANSWER, FORGED].concat(), ANSWER.to_vec()] {
            let stream = listener.accept().await.unwrap().0;
            let mut stream = tls.accept(stream).await.unwrap();
            drop(stream.read(&mut [0; 4096]).await);
            // One after the other, so that what was not asked for comes by itself.
            for answer in words.chunks(ANSWER.len()) {
                stream.write_all(answer).await.unwrap();
                stream.flush().await.unwrap();
            }
            if words.len() == ANSWER.len() {
                drop(stream.shutdown().await);
            } else {
                tokio::spawn(async move { stream.read(&mut [0; 4096]).await });
            }
        }
    });
    let receiver = Receiver { address, heard: std::sync::Arc::default() };
    let latte = Scene::at(receiver, Some(("gateway.test", &trusting(&far))), "AMS-PAY-001");
    let front = front(None).await;
    let _witness = latte.admit(&front, LATTE);
    let mut wire = open(front.calls()).await;
    for order in ["1", "2", "3"] {
        let order = pay(&format!("{LATTE}{order}"));
        assert_eq!(ask(&mut wire, &order).await, by("a"), "{order}");
        // What came unasked, or the end, is there before the next call.
        for _ in 0..50 {
            tokio::task::spawn_blocking(|| ()).await.unwrap();
        }
    }
}

#[tokio::test]
async fn faults_strike_under_tls_as_they_do_without() {
    let near = authority();
    let latte = Scene::new("latte", "AMS-PAY-001").await;
    let front = front_with(None, Some(&shown(&near, "witness.test"))).await;
    let witness = latte.admit(&front, LATTE);
    let on = Match::calls();
    let order = pay(&format!("{LATTE}1"));
    witness.plant(Fault { name: "reset", on, effect: Effect::Reset });
    let mut wire = open_tls(front.calls(), &trusting(&near), "witness.test").await.unwrap();
    wire.write(&post("/pay", &order)).await.unwrap();
    let why = wire.read_response().await.unwrap_err();
    let ReadFault::Broken(why) = why else { panic!("{why}") };
    assert_eq!(why.kind(), std::io::ErrorKind::ConnectionReset);
    witness.heal();
    witness.plant(Fault { name: "lost", on, effect: Effect::LoseCall });
    let mut wire = open_tls(front.calls(), &trusting(&near), "witness.test").await.unwrap();
    wire.write(&post("/pay", &order)).await.unwrap();
    until(|| latte.taken() == 2).await;
    assert!(wire.rests().await);
    drop(witness);
    assert!(wire.read_response().await.is_err());
}

#[test]
fn what_is_no_certificate_or_no_key_is_refused_in_words() {
    let (one, other) = (authority(), authority());
    let issued = one.issue(&["h.test"], now()).unwrap();
    let (chain, key) = (issued.chain.as_bytes(), issued.key.as_bytes());
    let error = |chain, key| TlsServer::from_pem(chain, key).unwrap_err();
    assert_eq!(error(key, key), TlsError::NoCertificate);
    assert_eq!(error(b"", key), TlsError::NoCertificate);
    assert_eq!(error(chain, chain), TlsError::NoKey);
    assert_eq!(error(chain, b""), TlsError::NoKey);
    let foreign = other.key_pem();
    let apart = error(chain, foreign.as_bytes());
    let broken = error(b"-----BEGIN CERTIFICATE-----\nAA*A\n-----END CERTIFICATE-----\n", key);
    let empty = error(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", key);
    for unusable in [apart, broken, empty] {
        assert!(matches!(unusable, TlsError::Unusable(_)), "{unusable}");
        assert_eq!(unusable.says().to_string(), unusable.to_string());
    }
    for plain in [TlsError::NoCertificate, TlsError::NoKey] {
        assert_eq!(plain.says().to_string(), plain.to_string());
    }
    assert_eq!(TlsClient::from_pem(b"").unwrap_err(), TlsError::NoCertificate);
    let whole = [chain, one.certificate_pem().as_bytes()].concat();
    assert!(TlsServer::from_pem(&whole, key).is_ok());
    assert_eq!(format!("{:?}", trusting(&one)), "TlsClient");
    assert_eq!(format!("{:?}", shown(&one, "h.test")), "TlsServer");
}

#[test]
fn the_name_of_an_authority_has_no_port() {
    for (host, name) in [
        ("gateway.test", "gateway.test"),
        ("gateway.test:8443", "gateway.test"),
        ("127.0.0.1:443", "127.0.0.1"),
        ("::1", "::1"),
        ("[::1]", "::1"),
        ("[::1]:443", "::1"),
    ] {
        assert_eq!(without_port(host), name);
    }
}
