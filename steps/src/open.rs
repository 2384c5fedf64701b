//! Opening a stage: a tenant of the gateway, the witness and the merchant of one scenario.

use std::net::SocketAddr;
use std::sync::Arc;

use clock::Clock;
use delivery::Source;
use evidence::{CaseKey, Recorder, SideKey};
use merchant::{Driver, GatewayAddress, Habits, Reference};
use sandbox::{NoticeRoute, Switches, Tenant, Terms};
use serde_json::json;
use wire::{Client, loopback};
use witness::{Claim, Door, Front, Setup, Side};

use crate::contract::{Contract, EmbeddedKeys, HOST};
use crate::control::Control;
use crate::depot::Depot;
use crate::live::{Cast, Live};
use crate::tested::Tested;
use crate::{Product, Stage};

/// When simulated time starts: 5 January 2026, 10:00 GMT+8, a Monday.
pub const START: i64 = 1_767_578_400_000;
/// The path of the reference merchant's notification address.
const NOTIFY_TARGET: &str = "/alipay/notify?shop=8&lang=zh";
/// The page of the reference merchant that a buyer comes back to from the wallet.
const RETURN_URL: &str = "http://merchant.assay.test/thanks";
/// The path that the gateway's console has for the client, which pay always overrides.
const CONSOLE_TARGET: &str = "/alipay/console-notify";

/// Everything that the scenarios of a run have in common.
#[derive(Debug, Clone)]
pub struct Backstage {
    /// The merchant's accounts, one of each generation that is played.
    pub contracts: Vec<Contract>,
    /// What the merchant pays through.
    pub gateway: Gateway,
    /// Who is tested.
    pub tested: Tested,
    /// Where report files are delivered and fetched.
    pub depot: Depot,
    /// From which ids and orders of events are drawn.
    pub seed: u64,
    /// A defect of the embedded gateway; only tests switch one on.
    pub gateway_defect: Option<sandbox::Defect>,
    /// A defect of the reference merchant; only tests switch one on.
    pub merchant_defect: Option<merchant::Defect>,
}

/// What the merchant pays through.
#[derive(Debug, Clone)]
pub enum Gateway {
    /// A tenant of the embedded sandbox for each scenario, on simulated time.
    Embedded {
        /// What it signs with.
        keys: Box<EmbeddedKeys>,
    },
    /// A gateway that answers the control API, on real time.
    Elsewhere {
        /// Where it listens.
        address: SocketAddr,
        /// Its authority, for `Host`.
        host: String,
        /// What its control API asks for.
        control_token: Option<String>,
    },
}

/// Whether the defect of a run took effect.
#[derive(Debug, Clone)]
pub struct DefectWatch {
    tenant: Option<Tenant>,
    merchant: Option<Reference>,
}

impl DefectWatch {
    /// Whether the defect changed anything.
    pub fn was_active(&self) -> bool {
        let tenant = self.tenant.as_ref().is_some_and(Tenant::defect_was_active);
        tenant || self.merchant.as_ref().is_some_and(Reference::defect_was_active)
    }
}

impl Backstage {
    /// Sets `stage` for one scenario.
    ///
    /// # Errors
    /// When the system has no ports left, or report files cannot be delivered.
    pub async fn open(
        &self,
        stage: &mut Stage,
        key: &CaseKey,
        product: Product,
        recorder: Recorder,
        (attempt, habits): (u32, Habits),
    ) -> std::io::Result<DefectWatch> {
        let contract = self.contract_for(product)?;
        let recorder = contract.keep_out(recorder);
        let draw = draw(self.seed, key, attempt);
        let clock = if self.is_simulated() { Clock::simulated(START, draw) } else { Clock::real() };
        let mark = mark(self.seed, key, attempt);
        let front = self.front(&clock).await?;
        let mut servers = vec![];
        let (tenant, gateway) = self
            .gateway(contract, key, (&clock, draw), front.notices_within(), &mut servers)
            .await?;
        let (delivery, source) = match &self.tested {
            Tested::Reference => self.depot.open(key)?,
            Tested::Integrator(_) => self.depot.shared(),
        };
        // Connections are kept within a scenario only: its ports are another's when it is over.
        let http = Client::new();
        let notify_url = self.notify_url(front.notices());
        let around = Surroundings {
            calls: front.calls(),
            notify_url: &notify_url,
            clock: &clock,
            source,
            http: http.clone(),
            habits,
        };
        let (party, reference) = self.party(contract, around, (key, &mark), &mut servers).await?;
        let control = Control::new(http.clone(), gateway.address, self.control_token());
        let setup = Setup {
            gateway,
            merchant: party.takes_notices,
            recorder: recorder.clone(),
            clock: clock.clone(),
        };
        let witness = Arc::new(front.admit(setup, party.claim));
        let mut live = Live::new(Cast {
            clock,
            recorder,
            front,
            witness,
            merchant: party.driver,
            control,
            contract: contract.clone(),
            product,
            mark,
            delivery,
            http,
            servers,
            pace: self.tested.pace(),
        });
        live.join().await;
        self.tell_contract(&live, product, &notify_url);
        stage.set(live);
        Ok(DefectWatch { tenant, merchant: reference })
    }

    /// Who is tested in a scenario, with its server where it is ours.
    async fn party(
        &self,
        contract: &Contract,
        around: Surroundings<'_>,
        (key, mark): (&CaseKey, &str),
        servers: &mut Vec<wire::Server>,
    ) -> std::io::Result<(Party, Option<Reference>)> {
        let side = |address, host| side(address, host, contract.merchant_side());
        match &self.tested {
            Tested::Reference => {
                let reference = self.reference(contract, around);
                let till = reference.listen(loopback().await?)?;
                let takes_notices = side(till.address(), None);
                servers.push(till);
                let driver: Arc<dyn Driver> = Arc::new(reference.clone());
                let claim = Claim::Everything;
                Ok((Party { driver, takes_notices, claim }, Some(reference)))
            }
            Tested::Integrator(own) => {
                let (address, host) = own.notices.clone();
                let takes_notices = side(address, Some(host));
                let (driver, claim) = (own.adapter.driver(key), own.claim(mark));
                Ok((Party { driver, takes_notices, claim }, None))
            }
        }
    }

    /// Whether time is that of the scenario alone: everybody in it is ours.
    fn is_simulated(&self) -> bool {
        matches!((&self.gateway, &self.tested), (Gateway::Embedded { .. }, Tested::Reference))
    }

    /// Where merchant and gateway come in.
    async fn front(&self, clock: &Clock) -> std::io::Result<Arc<Front>> {
        match &self.tested {
            Tested::Reference => {
                let doors = (Door::Plain(loopback().await?), Door::Plain(loopback().await?));
                Front::open(doors.0, doors.1, clock.clone(), None)
            }
            Tested::Integrator(own) => Ok(own.front.clone()),
        }
    }

    /// What the merchant pays through in a scenario: a tenant of its own, or the gateway elsewhere.
    async fn gateway(
        &self,
        contract: &Contract,
        key: &CaseKey,
        (clock, draw): (&Clock, u64),
        notices: SocketAddr,
        servers: &mut Vec<wire::Server>,
    ) -> std::io::Result<(Option<Tenant>, Side)> {
        let side = |address, host| side(address, host, contract.gateway_side());
        match &self.gateway {
            Gateway::Elsewhere { address, host, .. } => {
                Ok((None, side(*address, Some(host.clone()))))
            }
            Gateway::Embedded { keys } => {
                let tenant =
                    self.tenant(contract, keys, notices, &self.time_of_tenant(key, clock), draw);
                let server = tenant.listen(loopback().await?)?;
                let address = server.address();
                servers.push(server);
                Ok((Some(tenant), side(address, None)))
            }
        }
    }

    /// The clock of a tenant: the scenario's, or beside a merchant of its own time one that steps
    /// move.
    fn time_of_tenant(&self, key: &CaseKey, clock: &Clock) -> Clock {
        match &self.tested {
            Tested::Reference => clock.clone(),
            Tested::Integrator(own) => {
                let clock = Clock::real();
                clock.advance(own.ahead(key));
                clock
            }
        }
    }

    /// The account of a product's generation.
    fn contract_for(&self, product: Product) -> std::io::Result<&Contract> {
        let wanted = product.generation();
        let found = self.contracts.iter().find(|contract| contract.generation() == wanted);
        found.ok_or_else(|| {
            std::io::Error::other(format!("no account of the generation {}", wanted.name()))
        })
    }

    fn tell_contract(&self, live: &Live, product: Product, notify_url: &str) {
        let mut facts = json!({
            "product": product.name(),
            "client_id": live.contract.identity(),
            "notify_url": notify_url,
            "embedded": matches!(self.gateway, Gateway::Embedded { .. }),
        });
        if let Tested::Integrator(own) = &self.tested {
            facts["driver"] = json!(own.adapter.name());
            if !own.carries_orders() {
                facts["one_at_a_time"] = json!(true);
            }
        }
        if let Contract::Legacy(contract) = &live.contract {
            facts["charset"] = json!(contract.charset.name());
            facts["sign_type"] = json!(contract.signing.signer().sign_type().name());
        }
        live.arranged("contract", facts);
    }

    fn control_token(&self) -> Option<String> {
        match &self.gateway {
            Gateway::Embedded { .. } => None,
            Gateway::Elsewhere { control_token, .. } => control_token.clone(),
        }
    }

    fn notify_url(&self, notices_at: SocketAddr) -> String {
        match (&self.tested, &self.gateway) {
            (Tested::Integrator(own), _) => own.notify_url.clone(),
            (Tested::Reference, Gateway::Embedded { .. }) => {
                format!("http://merchant.assay.test{NOTIFY_TARGET}")
            }
            (Tested::Reference, Gateway::Elsewhere { .. }) => {
                format!("http://{notices_at}{NOTIFY_TARGET}")
            }
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
        let console = match &self.tested {
            Tested::Reference => format!("http://merchant.assay.test{CONSOLE_TARGET}"),
            Tested::Integrator(own) => own.notify_url.clone(),
        };
        let terms = Terms {
            contract: contract.at_sandbox(keys),
            notices: NoticeRoute::Via(notices),
            console_notify_url: Some(console),
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

    fn reference(&self, contract: &Contract, around: Surroundings<'_>) -> Reference {
        let setup = merchant::Setup {
            contract: contract.at_merchant(),
            gateway: GatewayAddress { address: around.calls, host: HOST.into() },
            notify_url: around.notify_url.to_owned(),
            return_url: RETURN_URL.into(),
            identity: merchant::Identity::default(),
            habits: around.habits,
            reports: merchant::Reports::embedded(around.source),
        };
        let reference = Reference::new(setup, around.clock.clone(), around.http);
        match self.merchant_defect {
            Some(defect) => reference.with_defect(defect),
            None => reference,
        }
    }
}

/// Who is tested in a scenario.
struct Party {
    driver: Arc<dyn Driver>,
    takes_notices: Side,
    /// Which messages are its own.
    claim: Claim,
}

/// What a reference merchant has to know of its scenario.
struct Surroundings<'a> {
    calls: SocketAddr,
    notify_url: &'a str,
    clock: &'a Clock,
    /// Where it finds report files.
    source: Source,
    http: Client,
    habits: Habits,
}

/// One of the two sides of the witness, spoken to in plain HTTP.
fn side(address: SocketAddr, host: Option<String>, key: SideKey) -> Side {
    Side { address, host, tls: None, key: Some(key) }
}

/// A number drawn from seed, case, product, row and attempt.
fn draw(seed: u64, key: &CaseKey, attempt: u32) -> u64 {
    let text = format!("assay\n{seed}\n{key}\n{attempt}");
    let digest = signing::sha256(text.as_bytes());
    digest.iter().take(8).fold(0, |number, byte| (number << 8) | u64::from(*byte))
}

/// What the ids of all orders begin with that are sold in an attempt. No other attempt has them, so
/// one cannot be told as another.
pub fn mark(seed: u64, key: &CaseKey, attempt: u32) -> String {
    format!("{}-{:08x}-", key.case, draw(seed, key, attempt) >> 32)
}
