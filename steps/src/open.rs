//! Opening a stage: a tenant of the gateway, the witness and the merchant of one scenario.

use std::net::SocketAddr;
use std::sync::Arc;

use clock::Clock;
use delivery::Source;
use evidence::{CaseKey, Recorder};
use merchant::{GatewayAddress, Habits, Reference};
use sandbox::{NoticeRoute, Switches, Tenant, Terms};
use serde_json::json;
use wire::{Client, loopback};
use witness::{Claim, Door, Front, Setup, Side};

use crate::contract::{Contract, EmbeddedKeys, HOST};
use crate::control::Control;
use crate::depot::Depot;
use crate::live::{Cast, Live};
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
    merchant: Reference,
}

impl DefectWatch {
    /// Whether the defect changed anything.
    pub fn was_active(&self) -> bool {
        let tenant = self.tenant.as_ref().is_some_and(Tenant::defect_was_active);
        tenant || self.merchant.defect_was_active()
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
        let clock = match self.gateway {
            Gateway::Embedded { .. } => Clock::simulated(START, draw),
            Gateway::Elsewhere { .. } => Clock::real(),
        };
        let (calls, notices, till) = (loopback().await?, loopback().await?, loopback().await?);
        let notices_at = notices.local_addr()?;
        let mut servers = vec![];
        let (tenant, gateway_at, host) = match &self.gateway {
            Gateway::Embedded { keys } => {
                let tenant = self.tenant(contract, keys, notices_at, &clock, draw);
                let server = tenant.listen(loopback().await?)?;
                let at = server.address();
                servers.push(server);
                (Some(tenant), at, None)
            }
            Gateway::Elsewhere { address, host, .. } => (None, *address, Some(host.clone())),
        };
        let calls_at = calls.local_addr()?;
        let notify_url = self.notify_url(notices_at);
        let (delivery, source) = self.depot.open(key)?;
        // Connections are kept within a scenario only: its ports are another's when it is over.
        let http = Client::new();
        let merchant =
            self.merchant(contract, (calls_at, &notify_url), &clock, source, http.clone(), habits);
        servers.push(merchant.listen(till)?);
        let merchant_at = servers.last().map_or(calls_at, wire::Server::address);
        let setup = Setup {
            gateway: Side { address: gateway_at, host, key: Some(contract.gateway_side()) },
            merchant: merchant_side(merchant_at, contract),
            recorder: recorder.clone(),
            clock: clock.clone(),
        };
        let front = Front::open(Door::Plain(calls), Door::Plain(notices), clock.clone(), None)?;
        let witness = Arc::new(front.admit(setup, Claim::Everything));
        let control = Control::new(http.clone(), gateway_at, self.control_token());
        let mut live = Live::new(Cast {
            clock,
            recorder,
            front,
            witness,
            merchant: Arc::new(merchant.clone()),
            control,
            contract: contract.clone(),
            product,
            mark: mark(self.seed, key, attempt),
            delivery,
            http,
            servers,
        });
        live.join().await;
        self.tell_contract(&live, product, &notify_url);
        stage.set(live);
        Ok(DefectWatch { tenant, merchant })
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
        match self.gateway {
            Gateway::Embedded { .. } => format!("http://merchant.assay.test{NOTIFY_TARGET}"),
            Gateway::Elsewhere { .. } => format!("http://{notices_at}{NOTIFY_TARGET}"),
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
        let console = format!("http://merchant.assay.test{CONSOLE_TARGET}");
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

    fn merchant(
        &self,
        contract: &Contract,
        (calls, notify_url): (SocketAddr, &str),
        clock: &Clock,
        source: Source,
        http: Client,
        habits: Habits,
    ) -> Reference {
        let setup = merchant::Setup {
            contract: contract.at_merchant(),
            gateway: GatewayAddress { address: calls, host: HOST.into() },
            notify_url: notify_url.to_owned(),
            return_url: RETURN_URL.into(),
            identity: merchant::Identity::default(),
            habits,
            reports: merchant::Reports::embedded(source),
        };
        let reference = Reference::new(setup, clock.clone(), http);
        match self.merchant_defect {
            Some(defect) => reference.with_defect(defect),
            None => reference,
        }
    }
}

/// The merchant, as the witness sees it: its notices go on as they were addressed.
fn merchant_side(address: SocketAddr, contract: &Contract) -> Side {
    Side { address, host: None, key: Some(contract.merchant_side()) }
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
