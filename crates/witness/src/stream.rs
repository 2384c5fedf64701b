//! A connection, plain or under TLS.

use std::future::poll_fn;
use std::io::{self, ErrorKind};
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::TlsStream;

/// A connection to one of the two sides.
#[derive(Debug)]
pub(crate) enum Stream {
    /// Plain HTTP.
    Plain(TcpStream),
    /// HTTP under TLS.
    Tls(Box<TlsStream<TcpStream>>),
}

impl Stream {
    pub(crate) fn is_tls(&self) -> bool {
        matches!(self, Self::Tls(_))
    }

    /// Whether the other side has kept it open and there is nothing to read.
    pub(crate) async fn is_quiet(&mut self) -> bool {
        match self {
            Self::Plain(stream) => {
                let quiet = stream.try_read(&mut [0]);
                quiet.is_err_and(|why| why.kind() == ErrorKind::WouldBlock)
            }
            Self::Tls(stream) => {
                let mut byte = [0];
                let mut byte = ReadBuf::new(&mut byte);
                let mut stream = Pin::new(stream);
                let polled =
                    poll_fn(|task| Poll::Ready(stream.as_mut().poll_read(task, &mut byte)));
                // Else a busy task would find every connection quiet.
                tokio::task::unconstrained(polled).await.is_pending()
            }
        }
    }

    /// Closes it as one that broke: who waits for an answer is told of a reset.
    pub(crate) fn reset(self) {
        let stream = match &self {
            Self::Plain(stream) => stream,
            Self::Tls(stream) => stream.get_ref().0,
        };
        // A failure only means that it is closed in the usual way.
        drop(stream.set_zero_linger());
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        self: Pin<&mut Self>,
        task: &mut Context<'_>,
        bytes: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_read(task, bytes),
            Self::Tls(stream) => Pin::new(stream).poll_read(task, bytes),
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        self: Pin<&mut Self>,
        task: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_write(task, bytes),
            Self::Tls(stream) => Pin::new(stream).poll_write(task, bytes),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_flush(task),
            Self::Tls(stream) => Pin::new(stream).poll_flush(task),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_shutdown(task),
            Self::Tls(stream) => Pin::new(stream).poll_shutdown(task),
        }
    }
}
