//! The client's side: reqwest, with everything off that a payment call does not want.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;

use crate::{BODY_CAP, Base};

/// For how long a connection may rest and still be used. Servers in wide use close one that rests for two
/// to five seconds, and a call that goes into it at that moment has no answer.
const RESTS_FOR: Duration = Duration::from_secs(1);

/// A call to be sent.
#[derive(Debug, Clone)]
pub struct Call {
    method: reqwest::Method,
    target: String,
    headers: Vec<(String, String)>,
    body: Bytes,
}

impl Call {
    /// A POST of `body` to a path with its query.
    pub fn post(target: impl Into<String>, body: impl Into<Bytes>) -> Self {
        let (method, headers) = (reqwest::Method::POST, vec![]);
        Self { method, target: target.into(), headers, body: body.into() }
    }

    /// A GET of a path with its query.
    pub fn get(target: impl Into<String>) -> Self {
        Self { method: reqwest::Method::GET, ..Self::post(target, Bytes::new()) }
    }

    /// A DELETE of a path with its query.
    pub fn delete(target: impl Into<String>) -> Self {
        Self { method: reqwest::Method::DELETE, ..Self::post(target, Bytes::new()) }
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// Names in lower case, values as far as they are text, in the order of the wire.
    pub headers: Vec<(String, String)>,
    /// The body's bytes.
    pub body: Vec<u8>,
}

impl Answer {
    /// The first value of a header; `name` in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Why a call got no answer.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// Nobody listens there.
    #[error("{}", innermost(.0))]
    Unreachable(reqwest::Error),
    /// The connection broke before a whole answer was there.
    #[error("the connection broke before a whole answer came: {}", innermost(.0))]
    Broken(reqwest::Error),
    /// The answer is longer than [`BODY_CAP`].
    #[error("the answer is longer than {BODY_CAP} bytes")]
    TooLong,
}

impl CallError {
    /// What the system said; none where nothing failed but the answer.
    pub fn cause(&self) -> Option<String> {
        match self {
            Self::Unreachable(error) | Self::Broken(error) => Some(innermost(error)),
            Self::TooLong => None,
        }
    }
}

impl CallError {
    /// Whether the other side refused the connection, so that nobody listens there.
    pub fn is_refused(&self) -> bool {
        let refused = |io: &std::io::Error| io.kind() == std::io::ErrorKind::ConnectionRefused;
        match self {
            Self::Unreachable(error) => causes(error)
                .filter_map(|cause| cause.downcast_ref::<std::io::Error>())
                .any(refused),
            Self::Broken(_) | Self::TooLong => false,
        }
    }

    /// Whether something came back that is no HTTP.
    pub fn is_no_http(&self) -> bool {
        match self {
            Self::Broken(error) => causes(error)
                .filter_map(|cause| cause.downcast_ref::<hyper::Error>())
                .any(hyper::Error::is_parse),
            Self::Unreachable(_) | Self::TooLong => false,
        }
    }
}

/// An error's causes, one below the other.
fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn std::error::Error + 'static)> {
    std::iter::successors(std::error::Error::source(error), |cause| cause.source())
}

/// The last cause in an error's chain, which is what the system said.
fn innermost(error: &reqwest::Error) -> String {
    causes(error).last().map_or_else(|| error.to_string(), ToString::to_string)
}

/// A client that keeps its connections. Clones share them.
#[derive(Debug, Clone)]
pub struct Client {
    inner: reqwest::Client,
}

impl Default for Client {
    fn default() -> Self {
        Self::new()
    }
}

impl Client {
    /// A client without proxy, redirects or decompression.
    pub fn new() -> Self {
        Self::built(usize::MAX)
    }

    /// A client that opens a connection for each call. A server that is not ours may close a
    /// resting one at any moment, and then nobody knows what became of the call that went into it;
    /// or it may serve one connection at a time, and wait at a resting one while the next call
    /// stands in line.
    pub fn one_call_each() -> Self {
        Self::built(0)
    }

    fn built(resting: usize) -> Self {
        let inner = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .tcp_nodelay(true)
            .pool_max_idle_per_host(resting)
            .pool_idle_timeout(RESTS_FOR)
            .build()
            // Without TLS there is nothing in it that could fail.
            .unwrap_or_default();
        Self { inner }
    }

    /// Sends `call` to `address` under the name `host` and reads the whole answer.
    pub async fn send(
        &self,
        address: SocketAddr,
        host: &str,
        call: Call,
    ) -> Result<Answer, CallError> {
        self.fetch(format!("http://{address}{}", call.target), Some(host), call).await
    }

    /// Sends `call` to the place that `base`, a URL without path, names.
    pub async fn send_to(&self, base: &str, call: Call) -> Result<Answer, CallError> {
        self.fetch(format!("{}{}", base.trim_end_matches('/'), call.target), None, call).await
    }

    /// Sends `call` to its path below `base`.
    pub async fn send_below(&self, base: &Base, call: Call) -> Result<Answer, CallError> {
        self.fetch(format!("{base}{}", call.target), None, call).await
    }

    async fn fetch(
        &self,
        url: String,
        host: Option<&str>,
        call: Call,
    ) -> Result<Answer, CallError> {
        let mut request = self.inner.request(call.method, &url).body(call.body);
        if let Some(host) = host {
            request = request.header("host", host);
        }
        for (name, value) in &call.headers {
            request = request.header(name, value);
        }
        let mut response = request.send().await.map_err(|source| {
            if source.is_connect() || source.is_builder() {
                CallError::Unreachable(source)
            } else {
                CallError::Broken(source)
            }
        })?;
        let status = response.status().as_u16();
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| {
                (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
            })
            .collect();
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(CallError::Broken)? {
            if body.len() + chunk.len() > BODY_CAP {
                return Err(CallError::TooLong);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { status, headers, body })
    }
}
