//! Who stands on either side of a witness.

use std::net::SocketAddr;

use clock::Clock;
use evidence::{Recorder, SideKey};

use crate::tls::TlsClient;

/// One side of the witness.
#[derive(Debug, Clone)]
pub struct Side {
    /// Where it listens.
    pub address: SocketAddr,
    /// What `Host` is set to on the way there; `None` leaves it as the sender wrote it.
    pub host: Option<String>,
    /// With whom it is spoken to under TLS, by the name in `host`; `None` is plain HTTP.
    pub tls: Option<TlsClient>,
    /// The key that its messages are checked under; `None` leaves them unchecked.
    pub key: Option<SideKey>,
}

/// What a witness is made of.
#[derive(Debug, Clone)]
pub struct Setup {
    /// Receives calls.
    pub gateway: Side,
    /// Receives notices.
    pub merchant: Side,
    /// Takes down everything.
    pub recorder: Recorder,
    /// The scenario's clock.
    pub clock: Clock,
}
