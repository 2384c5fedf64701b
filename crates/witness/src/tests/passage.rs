//! What reaches the other side: everything as it was said, but for where a call is addressed to and
//! what is said about the one connection. Both forms stand in the record.

use std::net::SocketAddr;
use std::process::Command;
use std::sync::Arc;

use clock::Clock;
use evidence::{Blob, Entry, Event, Leg, Way};
use parking_lot::Mutex;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::front::Front;
use crate::ground::{Receiver, Scene, free, front, front_with};
use crate::raw::Wire;
use crate::relay::{Witness, within};
use crate::route::Claim;
use crate::stream::Stream;
use crate::tls::TlsServer;

/// Who says these bytes as the answer to each call, and closes the connection if that is its way.
async fn saying(words: &'static [u8], closes: bool) -> Receiver {
    let listener = free().await;
    let receiver = Receiver { address: listener.local_addr().unwrap(), heard: Arc::default() };
    let heard: Arc<Mutex<_>> = receiver.heard.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let heard = heard.clone();
            tokio::spawn(async move {
                let mut wire = Wire::new(Stream::Plain(stream));
                while let Ok(Some(raw)) = wire.read_request().await {
                    heard.lock().push((None, vec![raw.blob]));
                    let answer = Blob { head: words.to_vec(), body: vec![] };
                    wire.write_answer_to(&head_call(), &answer).await.unwrap();
                    if closes {
                        return;
                    }
                }
            });
        }
    });
    receiver
}

/// To it an answer is written as it is.
fn head_call() -> Blob {
    Blob { head: b"HEAD / HTTP/1.1\r\n\r\n".to_vec(), body: vec![] }
}

const OK: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";

/// So many bytes, or all up to the end of the connection; what came in five seconds, if that is less.
async fn hear(stream: &mut TcpStream, upto: usize) -> Vec<u8> {
    let mut said = vec![];
    let hearing = async { Ok(stream.take(upto as u64).read_to_end(&mut said).await) };
    if within(&Clock::real(), 5_000, hearing).await.is_err() {
        said.extend_from_slice(b" and no end");
    }
    said
}

/// A scenario that is alone on a front before a receiver.
struct Alone {
    scene: Scene,
    front: Arc<Front>,
    witness: Witness,
}

impl Alone {
    async fn before(receiver: Receiver, host: Option<&str>) -> Self {
        let mut scene = Scene::at(receiver, None, "AMS-PAY-001");
        scene.setup.gateway.host = host.map(str::to_owned);
        let front = front(None).await;
        let witness = front.admit(scene.setup.clone(), Claim::Everything);
        Self { scene, front, witness }
    }

    /// Says something at the door for calls and answers what comes back, up to so many bytes or to
    /// the end of the connection.
    async fn say(&self, words: &[u8], upto: usize) -> Vec<u8> {
        let mut stream = TcpStream::connect(self.front.calls()).await.unwrap();
        stream.write_all(words).await.unwrap();
        hear(&mut stream, upto).await
    }

    /// The last call that was heard, as one text of bytes.
    fn heard(&self) -> Vec<u8> {
        let heard = self.scene.receiver.heard.lock();
        let blob = &heard.last().unwrap().1[0];
        [&blob.head[..], &blob.body].concat()
    }

    /// The bytes of a leg in the record; none where they are those of the leg before.
    fn recorded(&self, leg: Leg) -> Option<Vec<u8>> {
        let bytes = |entry: &Entry| {
            let Event::Message(message) = &entry.event else { return None };
            let bytes = message.bytes.as_ref()?;
            (message.leg == leg).then(|| [&bytes.head[..], &bytes.body].concat())
        };
        self.scene.recorder.look(0, |entries| entries.iter().rev().find_map(bytes))
    }
}

/// A call with everything in it that somebody might tidy up.
const ODD: &[u8] = b"POST /ams/%7e/pay;v=1?b=2&a=%E6%94%AF+x&a=1&u=http://s/t HTTP/1.1\r\n\
    hOsT: witness.test:8980\r\nX-One:   two  blanks\t\r\nx-one:again\r\nX-ONE: \r\n\
    Client-Id: \xbf\xa7\r\nSignature: algorithm=RSA256, signature=a%2Bb\r\n\
    Content-Length: 6\r\nAccept-Encoding: gzip\r\nConnection: keep-alive\r\nZ: 1\r\nA: 2\r\n\r\n\
    \x00\xff\r\n\"}";
const ODD_ANSWER: &[u8] = b"HTTP/1.1 299 Qu\xefte fine\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\n\
    X-Odd:  \xbf\xa7 \r\nContent-Length: 4\r\nConnection: keep-alive\r\n\r\n\x00\xff\r\n";

#[tokio::test]
async fn a_call_and_its_answer_pass_byte_for_byte() {
    let alone = Alone::before(saying(ODD_ANSWER, false).await, None).await;
    assert_eq!(alone.say(ODD, ODD_ANSWER.len()).await, ODD_ANSWER);
    assert_eq!(alone.heard(), ODD);
    assert_eq!(alone.recorded(Leg::CallSent).as_deref(), Some(ODD));
    assert_eq!(alone.recorded(Leg::CallReceived), None);
    assert_eq!(alone.recorded(Leg::AnswerSent).as_deref(), Some(ODD_ANSWER));
    assert_eq!(alone.recorded(Leg::AnswerReceived), None);
}

/// The same bytes with one part of them replaced.
fn replaced(bytes: &[u8], old: &str, new: &str) -> Vec<u8> {
    let place = bytes.windows(old.len()).position(|window| window == old.as_bytes()).unwrap();
    [&bytes[..place], new.as_bytes(), &bytes[place + old.len()..]].concat()
}

#[tokio::test]
async fn of_a_call_to_a_named_host_only_host_and_authority_change_and_both_forms_are_recorded() {
    let alone = Alone::before(saying(OK, false).await, Some("gateway.test")).await;
    let addressed = replaced(ODD, "hOsT: witness.test:8980", "hOsT: gateway.test");
    let absolute = replaced(ODD, "POST /", "POST http://witness.test:8980/");
    for sent in [ODD.to_vec(), absolute] {
        assert_eq!(alone.say(&sent, OK.len()).await, OK);
        assert_eq!(alone.heard(), addressed);
        assert_eq!(alone.recorded(Leg::CallSent), Some(sent));
        assert_eq!(alone.recorded(Leg::CallReceived).as_ref(), Some(&addressed));
    }
    // Where no host is set, not even that changes.
    let alone = Alone::before(saying(OK, false).await, None).await;
    let absolute = replaced(ODD, "POST /", "POST http://merchant.test/");
    alone.say(&absolute, OK.len()).await;
    assert_eq!(alone.heard(), absolute);
}

#[tokio::test]
async fn what_the_witness_hands_over_is_addressed_as_well() {
    let alone = Alone::before(saying(OK, false).await, Some("gateway.test")).await;
    let end = ODD.windows(4).position(|window| window == b"\r\n\r\n").unwrap() + 4;
    let again = Blob { head: ODD[..end].to_vec(), body: ODD[end..].to_vec() };
    let number = alone.witness.number();
    alone.witness.send(number, Way::Call, again.clone(), "retransmitted").await.unwrap();
    let addressed = replaced(ODD, "hOsT: witness.test:8980", "hOsT: gateway.test");
    assert_eq!(alone.heard(), addressed);
    assert_eq!(alone.recorded(Leg::CallReceived), Some(addressed));
    assert_eq!(alone.recorded(Leg::CallSent), None);
    alone.witness.send(number, Way::Notice, again, "delivered-again").await.unwrap();
    assert_eq!(alone.heard(), ODD);
}

#[tokio::test]
async fn a_client_that_offers_another_protocol_gets_an_answer_in_this_one() {
    // What Java's client says to every plain address.
    const OFFER: &str = "Connection: Upgrade, HTTP2-Settings\r\nHost: h\r\nHTTP2-Settings: AAEAAEAA\r\n\
                         Upgrade: h2c\r\nUser-Agent: Java-http-client/17\r\n";
    let alone = Alone::before(saying(OK, false).await, None).await;
    let text = |lines: &str| format!("POST /pay HTTP/1.1\r\nContent-Length: 2\r\n{lines}\r\n{{}}");
    let sent = text(OFFER).into_bytes();
    assert_eq!(alone.say(&sent, OK.len()).await, OK);
    let onwards = text("Host: h\r\nUser-Agent: Java-http-client/17\r\n").into_bytes();
    assert_eq!(alone.heard(), onwards);
    assert_eq!(alone.recorded(Leg::CallSent), Some(sent));
    assert_eq!(alone.recorded(Leg::CallReceived), Some(onwards));
}

#[tokio::test]
async fn a_client_that_waits_to_send_its_body_is_told_to_go_on() {
    const EAGER: &[u8] =
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
    const CONTINUE: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\n";
    const HEAD: &[u8] =
        b"POST /pay HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n";
    // Whether or not the other side says so as well.
    for words in [OK, EAGER] {
        let alone = Alone::before(saying(words, false).await, None).await;
        let mut stream = TcpStream::connect(alone.front.calls()).await.unwrap();
        for _ in 0..2 {
            stream.write_all(HEAD).await.unwrap();
            assert_eq!(hear(&mut stream, CONTINUE.len()).await, CONTINUE);
            stream.write_all(b"[{}]").await.unwrap();
            assert_eq!(hear(&mut stream, OK.len()).await, OK);
            assert_eq!(alone.heard(), [HEAD, b"[{}]"].concat());
            assert_eq!(alone.recorded(Leg::AnswerSent).as_deref(), Some(OK));
        }
    }
}

#[tokio::test]
async fn an_answer_that_ends_with_its_connection_ends_the_callers() {
    const ENDLESS: &[u8] = b"HTTP/1.0 200 OK\r\ncontent-type: text/plain\r\n\r\nsuccess";
    const CLOSING: &[u8] =
        b"HTTP/1.1 200 OK\r\nConnection: close\r\ncontent-length: 7\r\n\r\nsuccess";
    const CALL: &[u8] = b"POST /notify HTTP/1.1\r\nhost: h\r\ncontent-length: 2\r\n\r\n{}";
    for words in [ENDLESS, CLOSING] {
        let alone = Alone::before(saying(words, true).await, None).await;
        // It reads until the end, which has to come.
        assert_eq!(alone.say(CALL, usize::MAX).await, words);
        assert_eq!(alone.recorded(Leg::AnswerSent).as_deref(), Some(words));
    }
    // So it does for a caller that wants it to.
    for end in ["HTTP/1.0\r\n", "HTTP/1.1\r\nConnection: x, close\r\n"] {
        let alone = Alone::before(saying(OK, false).await, None).await;
        let call = format!("POST /notify {end}content-length: 2\r\n\r\n{{}}").into_bytes();
        assert_eq!(alone.say(&call, usize::MAX).await, OK);
        assert_eq!(alone.heard(), call);
    }
}

/// What a program that others wrote makes of a front. Where it is not installed nothing is tried.
fn curl(
    address: SocketAddr,
    scheme: &str,
    folder: &std::path::Path,
    more: &[&str],
) -> Option<String> {
    let installed = Command::new("curl").arg("--version").output();
    if installed.is_err() {
        assert!(std::env::var_os("CI").is_none(), "CI needs curl");
        return None;
    }
    let output = Command::new("curl")
        .current_dir(folder)
        .args(["-sS", "--max-time", "20", "--noproxy", "*", "--cacert", "authority.pem"])
        .args(["--data-binary", "@body", "-w", "\n%{http_code} %{num_connects}"])
        .args(["--resolve", &format!("witness.test:{}:127.0.0.1", address.port())])
        .args(more)
        .arg(format!("{scheme}://witness.test:{}/ams/api/v1/payments/pay?a=%7e", address.port()))
        .output()
        .unwrap();
    let (said, failed) = (String::from_utf8_lossy(&output.stdout), output.stderr);
    Some(format!("{said}{}", String::from_utf8_lossy(&failed)))
}

#[tokio::test(flavor = "multi_thread")]
async fn curl_sends_a_body_that_it_announces_over_tls_and_plain() {
    #[expect(clippy::disallowed_methods, reason = "curl asks the machine for the time as well")]
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let now = i64::try_from(now.as_millis()).unwrap();
    let authority = signing::Authority::generate(now).unwrap();
    let issued = authority.issue(&["witness.test", "127.0.0.1"], now).unwrap();
    let shown = TlsServer::from_pem(issued.chain.as_bytes(), issued.key.as_bytes()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("authority.pem"), authority.certificate_pem()).unwrap();
    // Over a megabyte, so that it waits for a word before it sends it.
    let body = vec![b'7'; 1_500_000];
    std::fs::write(folder.path().join("body"), &body).unwrap();
    for (scheme, tls, more) in [
        ("http", None, &[][..]),
        ("https", Some(&shown), &["--tlsv1.2", "--tls-max", "1.2"][..]),
        ("https", Some(&shown), &["--tlsv1.3", "-H", "Expect: 100-continue"]),
        ("https", Some(&shown), &["-H", "Transfer-Encoding: chunked", "--http2"]),
        ("http", None, &["--http2"]),
    ] {
        let scene = Scene::new("latte", "AMS-PAY-001").await;
        let front = front_with(None, tls).await;
        let _witness = front.admit(scene.setup.clone(), Claim::Everything);
        let (address, at) = (front.calls(), folder.path().to_owned());
        let asked = tokio::task::spawn_blocking(move || curl(address, scheme, &at, more));
        let Some(said) = asked.await.unwrap() else { return };
        let answer = format!(r#"{{"by":"latte","paymentId":"latte-{}"}}"#, body.len());
        assert_eq!(said, format!("{answer}\n200 1"), "{more:?}");
        assert_eq!(scene.receiver.heard.lock()[0].1[0].body, body);
    }
    // And what it says where it is misled.
    let scene = Scene::new("lobby", "AMS-PAY-001").await;
    let front = front_with(Some(&scene), Some(&shown)).await;
    let (address, at) = (front.calls(), folder.path().to_owned());
    let asked = tokio::task::spawn_blocking(move || curl(address, "http", &at, &[]));
    let said = asked.await.unwrap().unwrap();
    assert!(said.contains("Write https in place of http") && said.contains("\n400 "), "{said}");
    std::fs::write(
        folder.path().join("authority.pem"),
        signing::Authority::generate(now).unwrap().certificate_pem(),
    )
    .unwrap();
    let at = folder.path().to_owned();
    let asked = tokio::task::spawn_blocking(move || curl(address, "https", &at, &[]));
    let said = asked.await.unwrap().unwrap();
    assert!(said.contains("certificate"), "{said}");
    crate::ground::until(|| scene.acts().len() == 2).await;
    assert!(scene.acts()[1].contains("(its alert: UnknownCA)"), "{:?}", scene.acts());
}
