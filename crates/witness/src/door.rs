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
    /// HTTP under TLS for who comes from outside, and plain HTTP at another address for who is
    /// ours: an embedded gateway and the browser of a buyer need no proof of who the witness is.
    TlsAndWithin {
        /// Where TLS is spoken.
        outside: TcpListener,
        /// What it shows.
        tls: TlsServer,
        /// Where plain HTTP is.
        within: TcpListener,
    },
}

/// Where a door is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Addresses {
    /// For who comes from outside.
    pub(crate) outside: SocketAddr,
    /// For who is ours.
    pub(crate) within: SocketAddr,
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
    pub(crate) fn addresses(&self) -> std::io::Result<Addresses> {
        let (outside, within) = match self {
            Self::Plain(listener) | Self::Tls(listener, _) => (listener, listener),
            Self::TlsAndWithin { outside, within, .. } => (outside, within),
        };
        Ok(Addresses { outside: outside.local_addr()?, within: within.local_addr()? })
    }

    /// Its listeners, each with what it shows under TLS.
    pub(crate) fn listeners(self) -> Vec<(TcpListener, Option<TlsServer>)> {
        match self {
            Self::Plain(listener) => vec![(listener, None)],
            Self::Tls(listener, tls) => vec![(listener, Some(tls))],
            Self::TlsAndWithin { outside, tls, within } => {
                vec![(outside, Some(tls)), (within, None)]
            }
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
