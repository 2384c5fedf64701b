//! A door of a front: a listener, and how who comes in is greeted.

use std::net::SocketAddr;

use evidence::Blob;
use evidence::words::{DOOR_SPEAKS_TLS, Language};
use tokio::net::{TcpListener, TcpStream};

use crate::raw::{HANDSHAKE, Wire};
use crate::read_fault::ReadFault;
use crate::stream::Stream;
use crate::tls::TlsServer;

/// A listener of a front.
#[derive(Debug)]
pub enum Door {
    /// Plain HTTP.
    Plain(TcpListener),
    /// HTTP under TLS. Who speaks plain HTTP here is told so.
    Tls(TcpListener, TlsServer),
}

/// How somebody came in.
#[derive(Debug)]
pub(crate) enum Greeting {
    /// In the way that the door is for.
    Welcome(Stream),
    /// In plain HTTP, where TLS is spoken.
    Misled(TcpStream),
    /// And left without a word.
    Left,
}

impl Door {
    pub(crate) fn address(&self) -> std::io::Result<SocketAddr> {
        self.apart().0.local_addr()
    }

    pub(crate) fn apart(&self) -> (&TcpListener, Option<&TlsServer>) {
        match self {
            Self::Plain(listener) => (listener, None),
            Self::Tls(listener, tls) => (listener, Some(tls)),
        }
    }
}

/// Finds out what is spoken at a TLS door, and shakes hands where it is TLS.
pub(crate) async fn greet(stream: TcpStream, tls: &TlsServer) -> Result<Greeting, ReadFault> {
    let mut first = [0];
    if stream.peek(&mut first).await? == 0 {
        return Ok(Greeting::Left);
    }
    // A method; anything else that is no handshake is no HTTP either.
    if first[0] != HANDSHAKE && first[0].is_ascii_alphabetic() {
        return Ok(Greeting::Misled(stream));
    }
    tls.accept(stream).await.map(Greeting::Welcome)
}

/// Tells who speaks plain HTTP at a TLS door what to do, in a plain HTTP answer.
pub(crate) async fn turn_away(stream: TcpStream) -> Result<(), ReadFault> {
    let mut wire = Wire::new(Stream::Plain(stream));
    wire.write(&refusal()).await?;
    wire.say_no_more().await;
    // Bytes that nobody has read would reset the connection, and the answer with it.
    wire.ended().await;
    Ok(())
}

fn refusal() -> Blob {
    let texts = [Language::En, Language::Zh].map(|language| DOOR_SPEAKS_TLS.text(language));
    let body = format!("{}\n{}\n", texts[0], texts[1]).into_bytes();
    let length = body.len();
    let head = format!(
        "HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain; charset=utf-8\r\n\
         content-length: {length}\r\nconnection: close\r\n\r\n"
    );
    Blob { head: head.into_bytes(), body }
}
