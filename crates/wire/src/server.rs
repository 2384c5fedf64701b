//! The server's side: an accept loop over hyper's HTTP/1 connection.

use std::fmt;
use std::future::Future;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::FutureExt;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinHandle;

use crate::BODY_CAP;

/// Connections that one server holds open at a time.
const CONNECTIONS: usize = 256;
/// How long a client may take for the head of its request.
const HEAD_PATIENCE: Duration = Duration::from_secs(5);

/// A request as it came in.
#[derive(Debug, Clone)]
pub struct Request {
    /// `POST`, `GET` and so on.
    pub method: String,
    /// Path and query as sent; scheme and authority of an absolute-form target are left out.
    pub target: String,
    /// Names in lower case, values as far as they are text, in the order of the wire.
    pub headers: Vec<(String, String)>,
    /// The body's bytes.
    pub body: Bytes,
}

impl Request {
    /// The first value of a header; `name` in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The path without its query.
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }
}

/// What a server sends back.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The HTTP status; 0 for none at all.
    pub status: u16,
    /// Header names in lower case, in the order in which they are written.
    pub headers: Vec<(String, String)>,
    /// The body's bytes; its length is added as a header.
    pub body: Vec<u8>,
}

impl Reply {
    /// A JSON body with no further header.
    pub fn json(status: u16, body: Vec<u8>) -> Self {
        let headers = vec![("content-type".into(), "application/json; charset=UTF-8".into())];
        Self { status, headers, body }
    }

    /// No reply at all: the connection is closed.
    pub fn none() -> Self {
        Self { status: 0, headers: vec![], body: vec![] }
    }
}

/// A running server. Dropping it closes the listener and every connection.
pub struct Server {
    address: SocketAddr,
    task: JoinHandle<()>,
    panics: mpsc::UnboundedReceiver<String>,
}

impl Server {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The panics of its handler since the last look: bugs of ours.
    pub fn panics(&mut self) -> Vec<String> {
        std::iter::from_fn(|| self.panics.try_recv().ok()).collect()
    }

    /// Serves until the process ends.
    pub async fn finished(&mut self) {
        // The accept loop ends only with the server itself, so its result says nothing.
        drop((&mut self.task).await);
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A listener on a free port of the loopback interface.
///
/// # Errors
/// When the system has no port left.
pub async fn loopback() -> std::io::Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await
}

/// Closes a connection between rooms of ours without keeping its port for a minute. A run opens
/// thousands of them, and the more ports are kept, the longer the system looks for a free one.
///
/// Whoever closes first resets the connection, so this is for connections only whose last answer
/// was read, or where nobody waits for one.
fn leave_no_trace(stream: &TcpStream) {
    // A failure only means that the port stays for a minute.
    drop(stream.set_zero_linger());
}

/// How long a server waits for the head of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Patience {
    /// Five seconds, as anybody may connect. A connection that rests for longer is closed.
    Short,
    /// For ever: only our own rooms connect, on simulated time, and nothing there may depend on
    /// how fast the machine is.
    Endless,
}

/// Serves `handler` on `listener`. A panic in the handler closes that connection and is kept for
/// [`Server::panics`].
///
/// # Errors
/// When the listener has no address.
pub fn serve<H, F>(listener: TcpListener, patience: Patience, handler: H) -> std::io::Result<Server>
where
    H: Fn(Request) -> F + Send + Sync + 'static,
    F: Future<Output = Reply> + Send + 'static,
{
    let address = listener.local_addr()?;
    let (report, panics) = mpsc::unbounded_channel();
    let task = tokio::spawn(accept(listener, patience, Arc::new(handler), report));
    Ok(Server { address, task, panics })
}

async fn accept<H, F>(
    listener: TcpListener,
    patience: Patience,
    handler: Arc<H>,
    report: mpsc::UnboundedSender<String>,
) where
    H: Fn(Request) -> F + Send + Sync + 'static,
    F: Future<Output = Reply> + Send + 'static,
{
    let slots = Arc::new(Semaphore::new(CONNECTIONS));
    // Connections end with the accept loop: aborting it drops the set.
    let mut connections = tokio::task::JoinSet::new();
    loop {
        let Ok(slot) = slots.clone().acquire_owned().await else { return };
        let Ok((stream, _)) = listener.accept().await else {
            tokio::task::yield_now().await;
            continue;
        };
        // A failure only means a slower answer.
        drop(stream.set_nodelay(true));
        if patience == Patience::Endless {
            leave_no_trace(&stream);
        }
        let (handler, report) = (handler.clone(), report.clone());
        while connections.try_join_next().is_some() {}
        connections.spawn(async move {
            let _slot = slot;
            let service =
                service_fn(move |request| answer(handler.clone(), request, report.clone()));
            // A connection that breaks is the client's business.
            drop(
                hyper::server::conn::http1::Builder::new()
                    .timer(TokioTimer::new())
                    .header_read_timeout(match patience {
                        Patience::Short => Some(HEAD_PATIENCE),
                        Patience::Endless => None,
                    })
                    .auto_date_header(false)
                    .serve_connection(TokioIo::new(stream), service)
                    .await,
            );
        });
    }
}

/// An error here closes the connection without an answer.
#[derive(Debug, thiserror::Error)]
#[error("there is nothing to answer")]
struct Broken;

async fn answer<H, F>(
    handler: Arc<H>,
    request: hyper::Request<Incoming>,
    report: mpsc::UnboundedSender<String>,
) -> Result<hyper::Response<Full<Bytes>>, Broken>
where
    H: Fn(Request) -> F + Send + Sync + 'static,
    F: Future<Output = Reply> + Send + 'static,
{
    let request = match read(request).await {
        Ok(request) => request,
        Err(status) => return Ok(written(Reply { status, headers: vec![], body: vec![] })),
    };
    let worked = std::panic::AssertUnwindSafe(async move { handler(request).await }).catch_unwind();
    match worked.await {
        Ok(reply) if reply.status == 0 => Err(Broken),
        Ok(reply) => Ok(written(reply)),
        Err(payload) => {
            let text = payload.downcast_ref::<String>().cloned();
            let text = text.or_else(|| payload.downcast_ref::<&str>().map(ToString::to_string));
            // Nobody reads any more when the server is going down.
            drop(report.send(text.unwrap_or_default()));
            Err(Broken)
        }
    }
}

async fn read(request: hyper::Request<Incoming>) -> Result<Request, u16> {
    let (head, body) = request.into_parts();
    let target = head.uri.path_and_query().map_or_else(|| "/".into(), ToString::to_string);
    let headers = head
        .headers
        .iter()
        .map(|(name, value)| {
            (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        })
        .collect();
    let Ok(body) = Limited::new(body, BODY_CAP).collect().await else { return Err(413) };
    Ok(Request { method: head.method.to_string(), target, headers, body: body.to_bytes() })
}

fn written(reply: Reply) -> hyper::Response<Full<Bytes>> {
    let mut builder = hyper::Response::builder().status(reply.status);
    for (name, value) in &reply.headers {
        builder = builder.header(name, value);
    }
    builder.body(Full::new(Bytes::from(reply.body))).unwrap_or_else(
        |_unwritable: hyper::http::Error| {
            let mut response = hyper::Response::new(Full::new(Bytes::new()));
            *response.status_mut() = hyper::StatusCode::INTERNAL_SERVER_ERROR;
            response
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Call, Client};

    #[tokio::test]
    async fn a_call_reaches_the_handler_as_it_was_sent() {
        let server =
            serve(loopback().await.unwrap(), Patience::Short, |request: Request| async move {
                let text =
                    format!("{} {} {:?}", request.method, request.target, request.header("x-y"));
                Reply::json(200, text.into_bytes())
            })
            .unwrap();
        let call = Call::post("/a/b?c=%20d", b"{}".to_vec()).header("X-Y", "z");
        let answer = Client::new().send(server.address(), "merchant.test", call).await.unwrap();
        assert_eq!(answer.status, 200);
        assert_eq!(answer.body, b"POST /a/b?c=%20d Some(\"z\")");
    }

    #[tokio::test]
    async fn a_panic_closes_the_connection_and_is_reported() {
        let mut server = serve(loopback().await.unwrap(), Patience::Short, |_| async {
            panic!("ledger on fire")
        })
        .unwrap();
        let call = Call::post("/", vec![]);
        assert!(Client::new().send(server.address(), "gateway.test", call).await.is_err());
        assert_eq!(server.panics(), ["ledger on fire"]);
    }

    #[tokio::test]
    async fn a_body_over_the_cap_is_refused() {
        let server = serve(loopback().await.unwrap(), Patience::Short, |_| async {
            Reply::json(200, vec![])
        })
        .unwrap();
        let call = Call::post("/", vec![b' '; BODY_CAP + 1]);
        let answer = Client::new().send(server.address(), "gateway.test", call).await;
        // hyper may close before the client has sent everything; both ends are a refusal.
        assert!(answer.is_err() || answer.is_ok_and(|answer| answer.status == 413));
    }
}
