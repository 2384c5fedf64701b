//! What the operator of a gateway decides.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

use clock::Millis;
use protocol::legacy::{Signer, Verifier};
use signing::{PrivateKey, PublicKey};

use crate::switches::Switches;

/// What the operator of the gateway decides.
#[derive(Clone)]
pub struct Terms {
    /// Who is served, in which generation of messages, and under whose keys.
    pub contract: Contract,
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
            .field("contract", &self.contract)
            .field("notices", &self.notices)
            .field("latency", &self.latency)
            .field("reports", &self.reports)
            .field("switches", &self.switches)
            .finish_non_exhaustive()
    }
}

/// Who signs what, in which generation of the gateway's messages.
#[derive(Clone)]
pub enum Contract {
    /// JSON with a signature in a header.
    Ams {
        /// The one client that is served.
        client_id: String,
        /// The key under which that client signs.
        merchant_key: PublicKey,
        /// The key under which answers and notices are signed.
        gateway_key: PrivateKey,
    },
    /// Forms and XML at `gateway.do`. A call is checked with the key of its `sign_type` and
    /// answered under the gateway's key of the same type.
    Legacy {
        /// The one partner that is served, by its PID.
        partner: String,
        /// What the partner's signatures are checked with, one for each type that it has a key of.
        merchant: Vec<Verifier>,
        /// What answers and notices are signed with, one for each type.
        gateway: Vec<Signer>,
    },
}

impl Contract {
    /// The name under which the gateway knows its merchant: the client id or the PID.
    pub fn party(&self) -> &str {
        match self {
            Self::Ams { client_id: party, .. } | Self::Legacy { partner: party, .. } => party,
        }
    }
}

impl fmt::Debug for Contract {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let generation = match self {
            Self::Ams { .. } => "Ams",
            Self::Legacy { .. } => "Legacy",
        };
        // Shared keys are secrets, so no key is shown at all.
        f.debug_struct(generation).field("party", &self.party()).finish_non_exhaustive()
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
    /// Nowhere: nobody takes them, and each is logged as not sent.
    Nowhere,
}
