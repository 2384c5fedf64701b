//! Where messages go that fit no scenario: to a gateway that knows no order, outside every record.

use std::net::SocketAddr;

use clock::Clock;
use evidence::words::Place;
use evidence::{CaseKey, CaseRecord, Recorder};
use sandbox::{NoticeRoute, Switches, Tenant, Terms};
use witness::{Setup, Side};

use crate::contract::Contract;
use crate::control::Control;
use crate::gateway::{Gateway, StageError};
use crate::proof::instead;

/// The name of its record, which is no case's.
const NAME: &str = "AMS-PAY-000";

/// What keeps the lobby open, and what was seen in it.
#[derive(Debug)]
pub struct Lobby {
    recorder: Recorder,
    /// Its gateway, where it is in this process.
    _server: Option<wire::Server>,
    /// Its tenant of a gateway elsewhere.
    control: Option<Control>,
}

impl Lobby {
    /// Opens it in front of a system whose notices come in at `notices`, where they do, and are taken
    /// at `merchant`. Signatures are checked under `contract`.
    ///
    /// # Errors
    /// When the system has no ports left, or a gateway elsewhere opens no tenant.
    pub async fn open(
        contract: &Contract,
        gateway: &Gateway,
        notices: Option<SocketAddr>,
        merchant: &(SocketAddr, String),
    ) -> Result<(Setup, Self), StageError> {
        let key: CaseKey = NAME.parse().map_err(|_no| std::io::Error::other(NAME))?;
        let recorder = gateway.keep_out(contract.keep_out(Recorder::detached(key, 0)));
        let clock = Clock::real();
        let mut control = None;
        let mut tls = None;
        let (address, host, server) = match gateway {
            Gateway::Elsewhere(there) => {
                let taken = notices.map(|door| there.reaches(door));
                let opened = there.open(0, taken, None).await?;
                let host = Some(opened.host().to_owned());
                control = Some(opened);
                (there.address, host, None)
            }
            Gateway::Foreign(there) => {
                tls.clone_from(&there.tls);
                (there.address, Some(there.host.clone()), None)
            }
            Gateway::Embedded { keys } => {
                let terms = Terms {
                    contract: contract.at_sandbox(keys),
                    notices: notices.map_or(NoticeRoute::Nowhere, NoticeRoute::Via),
                    console_notify_url: None,
                    latency: 0,
                    control_token: None,
                    reports: None,
                    switches: Switches::default(),
                };
                let tenant = Tenant::new(terms, clock.clone(), 0);
                let server = tenant.listen(wire::loopback().await?)?;
                (server.address(), None, Some(server))
            }
        };
        let side = |address, host, key| Side { address, host, tls: None, key: Some(key) };
        let setup = Setup {
            gateway: Side { tls, ..side(address, host, contract.gateway_side()) },
            merchant: side(merchant.0, Some(merchant.1.clone()), contract.merchant_side()),
            recorder: recorder.clone(),
            clock,
        };
        Ok((setup, Self { recorder, _server: server, control }))
    }

    /// Leaves the gateway.
    pub async fn leave(&self) {
        if let Some(control) = &self.control {
            control.clone().leave().await;
        }
    }

    /// What came last that was no message at all.
    pub fn instead(&self) -> Option<Place> {
        instead(&self.recorder)
    }

    /// Everything that was seen in it so far; afterwards it keeps nothing more.
    pub fn take(&self) -> CaseRecord {
        self.recorder.take()
    }
}
