//! What the operator of a gateway decides.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

use clock::Millis;
use signing::{PrivateKey, PublicKey};

use crate::switches::Switches;

/// What the operator of the gateway decides.
#[derive(Clone)]
pub struct Terms {
    /// The one client that is served.
    pub client_id: String,
    /// The key under which that client signs.
    pub merchant_key: PublicKey,
    /// The key under which answers and notices are signed.
    pub gateway_key: PrivateKey,
    /// How notices travel.
    pub notices: NoticeRoute,
    /// Where the result is told when pay names no address.
    pub console_notify_url: Option<String>,
    /// How long every answer takes on the clock, in milliseconds.
    pub latency: Millis,
    /// Demanded as `x-control-token` under `/_sandbox/` when set.
    pub control_token: Option<String>,
    /// A folder that the report files of a day are written to when it is over.
    pub reports: Option<PathBuf>,
    /// Choices where the documents leave one, as they stand at the beginning.
    pub switches: Switches,
}

impl fmt::Debug for Terms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The control token is a secret and stays out.
        f.debug_struct("Terms")
            .field("client_id", &self.client_id)
            .field("notices", &self.notices)
            .field("latency", &self.latency)
            .field("reports", &self.reports)
            .field("switches", &self.switches)
            .finish_non_exhaustive()
    }
}

/// How notices travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeRoute {
    /// To the address that the URL names, as long as it is on this machine. Others are refused and
    /// logged, so that a gateway for tests never calls out.
    Direct,
    /// To this address, whatever host the URL names; path, query and `host` stay the URL's.
    Via(SocketAddr),
}
