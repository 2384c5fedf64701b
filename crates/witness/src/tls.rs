//! TLS on either side: what the door shows, and whom the way out believes.

use std::fmt;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::Arc;

use evidence::words::{self as say, Phrase};
use tokio::net::TcpStream;
use tokio_rustls::rustls::crypto::{CryptoProvider, aws_lc_rs};
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tokio_rustls::rustls::server::Acceptor;
use tokio_rustls::rustls::{ClientConfig, RootCertStore, ServerConfig};
use tokio_rustls::{LazyConfigAcceptor, TlsConnector, TlsStream};

use crate::read_fault::ReadFault;
use crate::stream::Stream;

/// The one protocol that is spoken under TLS to a gateway.
const HTTP: &[u8] = b"http/1.1";

/// What a door needs to speak TLS. `Debug` shows nothing of it.
#[derive(Clone)]
pub struct TlsServer(Arc<ServerConfig>);

/// Whose certificates are believed on the way out. `Debug` shows nothing of it.
#[derive(Clone)]
pub struct TlsClient(Arc<ClientConfig>);

/// Why a text in PEM is not what TLS needs.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TlsError {
    /// There is no certificate in it.
    #[error("there is no certificate in it, one in PEM was expected")]
    NoCertificate,
    /// There is no private key in it.
    #[error("there is no private key in it, one in PEM was expected")]
    NoKey,
    /// The library refuses it, for instance a key that belongs to another certificate.
    #[error("certificate and key cannot be used: {0}")]
    Unusable(String),
}

impl TlsError {
    /// The same as a phrase in both languages.
    pub fn says(&self) -> Phrase {
        match self {
            Self::NoCertificate => say::TLS_NO_CERTIFICATE.plain(),
            Self::NoKey => say::TLS_NO_KEY.plain(),
            Self::Unusable(why) => say::TLS_UNUSABLE.with([why]),
        }
    }
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(aws_lc_rs::default_provider())
}

fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let read = read.map_err(|why| TlsError::Unusable(why.to_string()))?;
    if read.is_empty() { Err(TlsError::NoCertificate) } else { Ok(read) }
}

#[expect(clippy::needless_pass_by_value, reason = "as `map_err` hands it over")]
fn unusable(why: tokio_rustls::rustls::Error) -> TlsError {
    TlsError::Unusable(why.to_string())
}

impl TlsServer {
    /// A door that shows this chain, the server's own certificate first, and has its private key;
    /// both in PEM.
    pub fn from_pem(chain: &[u8], key: &[u8]) -> Result<Self, TlsError> {
        let chain = certificates(chain)?;
        let key = PrivateKeyDer::from_pem_slice(key).or(Err(TlsError::NoKey))?;
        let config = ServerConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .map_err(unusable)?
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .map_err(unusable)?;
        Ok(Self(Arc::new(config)))
    }

    /// Shakes hands with who came in.
    pub(crate) async fn accept(&self, stream: TcpStream) -> Result<Stream, ReadFault> {
        let begun = LazyConfigAcceptor::new(Acceptor::default(), stream).await;
        let begun = begun.map_err(|why| ReadFault::of_handshake(&why))?;
        // From here on the caller has what we show.
        let accepted = begun.into_stream(self.0.clone()).await;
        let gone = [ErrorKind::UnexpectedEof, ErrorKind::ConnectionReset, ErrorKind::BrokenPipe];
        let stream = accepted.map_err(|why| {
            if gone.contains(&why.kind()) {
                ReadFault::Unspoken
            } else {
                ReadFault::of_handshake(&why)
            }
        })?;
        Ok(Stream::Tls(Box::new(TlsStream::Server(stream))))
    }
}

impl TlsClient {
    /// Believes the public authorities that Mozilla believes.
    pub fn public() -> Result<Self, TlsError> {
        Self::believing(webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect())
    }

    /// Believes these authorities and no other; their certificates in PEM.
    pub fn from_pem(authorities: &[u8]) -> Result<Self, TlsError> {
        let mut roots = RootCertStore::empty();
        for certificate in certificates(authorities)? {
            roots.add(certificate).map_err(unusable)?;
        }
        Self::believing(roots)
    }

    fn believing(roots: RootCertStore) -> Result<Self, TlsError> {
        let mut config = ClientConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .map_err(unusable)?
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = vec![HTTP.to_vec()];
        Ok(Self(Arc::new(config)))
    }

    /// Shakes hands with the server that `host` names; without a name its address has to stand in
    /// its certificate.
    pub(crate) async fn connect(
        &self,
        stream: TcpStream,
        host: Option<&str>,
        address: SocketAddr,
    ) -> Result<Stream, ReadFault> {
        let name = match host {
            Some(host) => ServerName::try_from(without_port(host).to_owned())
                .map_err(|why| ReadFault::Handshake(why.to_string()))?,
            None => ServerName::from(address.ip()),
        };
        let connected = TlsConnector::from(self.0.clone()).connect(name, stream).await;
        let stream = connected.map_err(|why| ReadFault::of_handshake(&why))?;
        Ok(Stream::Tls(Box::new(TlsStream::Client(stream))))
    }
}

/// The host of an authority.
fn without_port(host: &str) -> &str {
    if let Some((address, _)) = host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return address;
    }
    match host.split_once(':') {
        // A second colon: an IPv6 address without brackets.
        Some((name, port)) if !port.contains(':') => name,
        Some(_) | None => host,
    }
}

impl fmt::Debug for TlsServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TlsServer")
    }
}

impl fmt::Debug for TlsClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TlsClient")
    }
}

#[cfg(test)]
#[path = "tests/tls.rs"]
mod tests;
