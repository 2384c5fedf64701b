//! What the merchant pays through in a scenario: a tenant of its own, of the embedded gateway or of
//! one elsewhere that answers the control API.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use clock::Clock;
use evidence::words::Place;
use evidence::{CaseKey, Party, Recorder, Redaction};
use sandbox::{NoticeRoute, Switches, Tenant, Terms};
use serde_json::json;
use tokio::net::TcpListener;
use wire::{Client, loopback};
use witness::{Side, TlsClient};

use crate::Backstage;
use crate::contract::{Contract, EmbeddedKeys};
use crate::control::{Control, ControlError};
use crate::open::{CONSOLE_TARGET, side};
use crate::tested::Tested;

/// The word of the control API for notices that nobody takes.
const NOWHERE: &str = "nowhere";

/// What the merchant pays through.
#[derive(Debug, Clone)]
pub enum Gateway {
    /// A tenant of the embedded sandbox for each scenario.
    Embedded {
        /// What it signs with.
        keys: Box<EmbeddedKeys>,
    },
    /// A tenant for each scenario of a gateway that answers the control API, on real time.
    Elsewhere(Elsewhere),
    /// A gateway that answers no control API, so it is somebody else's: its buyers are people, and
    /// nobody moves its clock.
    Foreign(Foreign),
}

/// A gateway that is somebody else's.
#[derive(Debug, Clone)]
pub struct Foreign {
    /// Where it listens.
    pub address: SocketAddr,
    /// Its authority, for `Host`.
    pub host: String,
    /// With whom it is spoken to under TLS; `None` is plain HTTP.
    pub tls: Option<TlsClient>,
    /// How its buyers' data is replaced before it is written.
    pub redaction: Redaction,
}

impl Gateway {
    /// A recorder of what passes on the way there: where buyers are real, what is theirs is replaced.
    pub(crate) fn keep_out(&self, recorder: Recorder) -> Recorder {
        match self {
            Self::Foreign(there) => recorder.redacting(&there.redaction),
            Self::Embedded { .. } | Self::Elsewhere(_) => recorder,
        }
    }
}

/// A gateway that answers the control API, wherever it runs.
#[derive(Debug, Clone)]
pub struct Elsewhere {
    /// Where it listens.
    pub address: SocketAddr,
    /// Its authority, for `Host`.
    pub host: String,
    /// What its control API asks for.
    pub control_token: Option<String>,
    /// By which address it reaches the witness, where that is not the witness's own.
    pub door: Option<PublicDoor>,
}

/// The witness's door for notices, as a gateway on another machine reaches it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicDoor {
    /// The address that is told to the gateway.
    pub at: SocketAddr,
    /// Where doors are opened that a scenario has to itself, whose ports the system gives away.
    pub listen: IpAddr,
}

/// Why no stage could be set.
#[derive(Debug, thiserror::Error)]
pub enum StageError {
    /// The system has no ports left, or report files cannot be delivered.
    #[error("{0}")]
    System(#[from] std::io::Error),
    /// The gateway opens no tenant.
    #[error("{0}")]
    Gateway(#[from] ControlError),
}

impl StageError {
    /// Who is to blame.
    pub fn by(&self) -> Party {
        match self {
            Self::System(_) => Party::Environment,
            Self::Gateway(_) => Party::Gateway,
        }
    }

    /// Why, as a sentence of the table where it is one of ours.
    pub fn why(&self) -> Place {
        match self {
            Self::System(why) => Place::value(why),
            Self::Gateway(why) => why.says().into(),
        }
    }
}

/// The way to the gateway of a scenario.
pub(crate) struct Through {
    /// Its tenant, where that is in this process.
    pub(crate) tenant: Option<Tenant>,
    /// Where calls go.
    pub(crate) gateway: Side,
    /// Its control API.
    pub(crate) control: Control,
}

impl Elsewhere {
    /// The control API of its operator's own tenant.
    pub fn control(&self) -> Control {
        // Who is not ours may close a resting connection at any moment.
        let http = Client::one_call_each();
        Control::new(http, self.address, self.host.clone(), self.control_token.clone())
    }

    /// Opens a tenant whose notices are brought to the witness, or to nobody. Its ids are drawn
    /// from `seed`.
    pub(crate) async fn open(
        &self,
        seed: u64,
        notices: Option<SocketAddr>,
        console: Option<&str>,
    ) -> Result<Control, ControlError> {
        let notices = notices.map_or_else(|| NOWHERE.to_owned(), |at| at.to_string());
        let body = json!({ "seed": seed, "notices": notices, "console_notify_url": console });
        self.control().open_tenant(&body).await
    }

    /// By which address it reaches a door that all scenarios share.
    pub(crate) fn reaches(&self, door: SocketAddr) -> SocketAddr {
        self.door.map_or_else(|| near(door), |public| public.at)
    }

    /// By which address it reaches a door that a scenario has to itself.
    fn reaches_own(&self, door: SocketAddr) -> SocketAddr {
        let at = |public: PublicDoor| SocketAddr::new(public.at.ip(), door.port());
        self.door.map_or_else(|| near(door), at)
    }
}

impl Foreign {
    /// The witness's way there.
    pub(crate) fn side(&self, contract: &Contract) -> Side {
        let plain = side(self.address, Some(self.host.clone()), contract.gateway_side());
        Side { tls: self.tls.clone(), ..plain }
    }
}

/// An address on which everybody is heard, as somebody on the same machine calls it.
fn near(door: SocketAddr) -> SocketAddr {
    if door.ip().is_unspecified() {
        SocketAddr::from((Ipv4Addr::LOCALHOST, door.port()))
    } else {
        door
    }
}

impl Backstage {
    /// Where the notices of a scenario come in that has its doors to itself.
    pub(crate) async fn own_notices_door(&self) -> std::io::Result<TcpListener> {
        match &self.gateway {
            Gateway::Elsewhere(Elsewhere { door: Some(public), .. }) => {
                TcpListener::bind((public.listen, 0)).await
            }
            Gateway::Elsewhere(_) | Gateway::Foreign(_) | Gateway::Embedded { .. } => {
                loopback().await
            }
        }
    }

    /// What the merchant pays through in a scenario, whose witness takes notices at `notices`.
    pub(crate) async fn through(
        &self,
        contract: &Contract,
        key: &CaseKey,
        (clock, draw): (&Clock, u64),
        notices: SocketAddr,
        servers: &mut Vec<wire::Server>,
    ) -> Result<Through, StageError> {
        let ahead = match &self.tested {
            Tested::Reference => 0,
            Tested::Integrator(own) => own.ahead(key),
        };
        match &self.gateway {
            Gateway::Embedded { keys } => {
                // The scenario's clock, or beside a merchant of its own time one that steps move.
                let clock = match &self.tested {
                    Tested::Reference => clock.clone(),
                    Tested::Integrator(_) => {
                        let clock = Clock::real();
                        clock.advance(ahead);
                        clock
                    }
                };
                let tenant = self.tenant(contract, keys, notices, &clock, draw);
                let server = tenant.listen(loopback().await?)?;
                let address = server.address();
                servers.push(server);
                let gateway = side(address, None, contract.gateway_side());
                let control = Control::embedded(Client::new(), address);
                Ok(Through { tenant: Some(tenant), gateway, control })
            }
            Gateway::Elsewhere(there) => {
                let notices = match &self.tested {
                    Tested::Reference => there.reaches_own(notices),
                    Tested::Integrator(_) => there.reaches(notices),
                };
                let notices = Some(notices).filter(|_| !self.without_notices);
                let control = there.open(draw, notices, Some(&self.console())).await?;
                if ahead > 0 {
                    control.advance(ahead).await?;
                }
                let host = Some(control.host().to_owned());
                let gateway = side(there.address, host, contract.gateway_side());
                Ok(Through { tenant: None, gateway, control })
            }
            Gateway::Foreign(there) => {
                let gateway = there.side(contract);
                let control = Control::none(there.address, there.host.clone());
                Ok(Through { tenant: None, gateway, control })
            }
        }
    }

    /// The address that the gateway's console has for the client.
    fn console(&self) -> String {
        match &self.tested {
            Tested::Reference => format!("http://merchant.assay.test{CONSOLE_TARGET}"),
            Tested::Integrator(own) => own.notify_url.clone(),
        }
    }

    fn tenant(
        &self,
        contract: &Contract,
        keys: &EmbeddedKeys,
        notices: SocketAddr,
        clock: &Clock,
        draw: u64,
    ) -> Tenant {
        let terms = Terms {
            contract: contract.at_sandbox(keys),
            notices: if self.without_notices {
                NoticeRoute::Nowhere
            } else {
                NoticeRoute::Via(notices)
            },
            console_notify_url: Some(self.console()),
            latency: 100,
            control_token: None,
            reports: None,
            switches: Switches::default(),
        };
        let tenant = Tenant::new(terms, clock.clone(), draw);
        match self.gateway_defect {
            Some(defect) => tenant.with_defect(defect),
            None => tenant,
        }
    }
}
