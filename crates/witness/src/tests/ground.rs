//! What tests of a front stand on: receivers, scenarios and callers over real sockets.

use std::net::SocketAddr;
use std::sync::Arc;

use clock::Clock;
use evidence::words::Phrase;
use evidence::{Blob, Entry, Event, Leg, Recorder};
use parking_lot::Mutex;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsStream;

use crate::door::Door;
use crate::front::Front;
use crate::parties::{Setup, Side};
use crate::raw::Wire;
use crate::relay::Witness;
use crate::route::Claim;
use crate::stream::Stream;
use crate::tls::{TlsClient, TlsServer};

pub(crate) async fn free() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.unwrap()
}

/// Who answers every message with its own name, and with an id that it draws from the message.
#[derive(Clone)]
pub(crate) struct Receiver {
    pub(crate) address: SocketAddr,
    /// What it heard, connection by connection.
    pub(crate) heard: Arc<Mutex<Vec<Heard>>>,
}

/// The name that a receiver was called by under TLS, and the messages that it got.
pub(crate) type Heard = (Option<String>, Vec<Blob>);

impl Receiver {
    pub(crate) async fn new(name: &'static str, tls: Option<TlsServer>) -> Self {
        let listener = free().await;
        let address = listener.local_addr().unwrap();
        let receiver = Self { address, heard: Arc::default() };
        let at_work = receiver.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (receiver, tls) = (at_work.clone(), tls.clone());
                tokio::spawn(async move {
                    let stream = match tls {
                        None => Stream::Plain(stream),
                        Some(tls) => match tls.accept(stream).await {
                            Ok(stream) => stream,
                            Err(_) => return,
                        },
                    };
                    receiver.answer(name, stream).await;
                });
            }
        });
        receiver
    }

    async fn answer(&self, name: &'static str, stream: Stream) {
        let called = match &stream {
            Stream::Tls(stream) => match &**stream {
                TlsStream::Server(stream) => stream.get_ref().1.server_name().map(str::to_owned),
                TlsStream::Client(_) => None,
            },
            Stream::Plain(_) => None,
        };
        let place = {
            let mut heard = self.heard.lock();
            heard.push((called, vec![]));
            heard.len() - 1
        };
        let mut wire = Wire::new(stream);
        while let Ok(Some(raw)) = wire.read_request().await {
            let length = raw.blob.body.len();
            self.heard.lock()[place].1.push(raw.blob);
            let body = format!(r#"{{"by":"{name}","paymentId":"{name}-{length}"}}"#);
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
            let answer = Blob { head: head.into_bytes(), body: body.into_bytes() };
            if wire.write(&answer).await.is_err() {
                return;
            }
        }
    }
}

/// A scenario whose gateway and merchant answer with its name.
pub(crate) struct Scene {
    pub(crate) setup: Setup,
    pub(crate) recorder: Recorder,
    pub(crate) receiver: Receiver,
}

impl Scene {
    pub(crate) async fn new(name: &'static str, case: &str) -> Self {
        Self::at(Receiver::new(name, None).await, None, case)
    }

    /// A scenario with both sides at one receiver, which is spoken to in this way.
    pub(crate) fn at(receiver: Receiver, tls: Option<(&str, &TlsClient)>, case: &str) -> Self {
        let recorder = Recorder::detached(case.parse().unwrap(), 1);
        let side = || Side {
            address: receiver.address,
            host: tls.map(|(host, _)| host.to_owned()),
            tls: tls.map(|(_, tls)| tls.clone()),
            key: None,
        };
        let (gateway, merchant, clock) = (side(), side(), Clock::real());
        let setup = Setup { gateway, merchant, recorder: recorder.clone(), clock };
        Self { setup, recorder, receiver }
    }

    pub(crate) fn admit(&self, front: &Arc<Front>, mark: &str) -> Witness {
        front.admit(self.setup.clone(), Claim::Marked(mark.into()))
    }

    /// What was recorded of acts, as people read it.
    pub(crate) fn acts(&self) -> Vec<String> {
        let told = |entry: &Entry| {
            let Event::Did { what, facts } = &entry.event else { return None };
            let says: Phrase = serde_json::from_value(facts["says"].clone()).unwrap();
            let way = facts.get("way").and_then(|way| way.as_str()).unwrap_or_default();
            assert_eq!(facts["why"].as_str(), Some(says.to_string().as_str()));
            Some(format!("{what} {way}: {says}"))
        };
        self.recorder.look(0, |entries| entries.iter().filter_map(told).collect())
    }

    /// How many calls and notices came in.
    pub(crate) fn taken(&self) -> usize {
        let sent = |entry: &&Entry| matches!(&entry.event, Event::Message(message) if message.leg == Leg::CallSent);
        self.recorder.look(0, |entries| entries.iter().filter(sent).count())
    }
}

pub(crate) async fn front(lobby: Option<&Scene>) -> Arc<Front> {
    front_with(lobby, None).await
}

/// A front with both doors under TLS, if there is something to show.
pub(crate) async fn front_with(lobby: Option<&Scene>, tls: Option<&TlsServer>) -> Arc<Front> {
    let door = |listener| match tls {
        None => Door::Plain(listener),
        Some(tls) => Door::Tls(listener, tls.clone()),
    };
    let (calls, notices) = (door(free().await), door(free().await));
    let lobby = lobby.map(|scene| scene.setup.clone());
    Front::open(calls, notices, Clock::real(), lobby).unwrap()
}

/// Waits until something has come about, for a few seconds at most.
pub(crate) async fn until(reached: impl Fn() -> bool) {
    let clock = Clock::real();
    for _ in 0..500 {
        if reached() {
            return;
        }
        clock.sleep(10).await;
    }
    panic!("it never came to that");
}

pub(crate) fn post(target: &str, body: &str) -> Blob {
    let length = body.len();
    let head = format!("POST {target} HTTP/1.1\r\nhost: h\r\ncontent-length: {length}\r\n\r\n");
    Blob { head: head.into_bytes(), body: body.as_bytes().to_vec() }
}

pub(crate) async fn open(address: SocketAddr) -> Wire<TcpStream> {
    Wire::new(TcpStream::connect(address).await.unwrap())
}

/// What [`ask`] answers where somebody did.
#[expect(clippy::unnecessary_wraps, reason = "it stands beside the answers that may be none")]
pub(crate) fn by(name: &str) -> Option<String> {
    Some(name.to_owned())
}

/// Says a message and answers the name of who answered; nothing where nobody did.
pub(crate) async fn ask<S>(wire: &mut Wire<S>, body: &str) -> Option<String>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    wire.write(&post("/ams/api/v1/payments/pay", body)).await.ok()?;
    let answer = wire.read_response().await.ok()?;
    let answer: serde_json::Value = serde_json::from_slice(&answer.blob.body).unwrap();
    Some(answer["by"].as_str().unwrap().to_owned())
}

pub(crate) async fn ask_anew(address: SocketAddr, body: &str) -> Option<String> {
    ask(&mut open(address).await, body).await
}
