//! Opening a stage: a tenant of the gateway, the witness and the merchant of one scenario.

use std::net::SocketAddr;
use std::sync::Arc;

use clock::Clock;
use delivery::Source;
use evidence::{CaseKey, Recorder, SideKey};
use merchant::{Driver, GatewayAddress, Habits, Reference};
use protocol::Generation;
use sandbox::Tenant;
use serde_json::{Value, json};
use wire::{Client, loopback};
use witness::{Claim, Door, Front, Setup, Side};

use crate::buyers::Buyers;
use crate::contract::{Contract, HOST};
use crate::depot::Depot;
use crate::gateway::{Gateway, StageError, Through};
use crate::live::{Cast, Live};
use crate::purse::Purse;
use crate::tested::Tested;
use crate::{Product, Stage};

/// When simulated time starts: 5 January 2026, 10:00 GMT+8, a Monday.
pub const START: i64 = 1_767_578_400_000;
/// The path of the reference merchant's notification address.
const NOTIFY_TARGET: &str = "/alipay/notify?shop=8&lang=zh";
/// The page of the reference merchant that a buyer comes back to from the wallet.
const RETURN_URL: &str = "http://merchant.assay.test/thanks";
/// What an attempt calls the rules of the run's profile, which it tells right behind its contract.
pub const RULES: &str = "rules-of-the-run";
/// The path that the gateway's console has for the client, which pay always overrides.
pub(crate) const CONSOLE_TARGET: &str = "/alipay/console-notify";

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
    /// Who pays at a gateway that simulates nobody.
    pub buyers: Option<Arc<Buyers>>,
    /// What the run may sell for, where it moves real money.
    pub purse: Option<Purse>,
    /// Whether no notice reaches the merchant, so that the gateway sends none.
    pub without_notices: bool,
    /// What the gateway is told to answer from the beginning of each scenario until its closing look.
    pub rules: Vec<RunRule>,
    /// A defect of the embedded gateway; only tests switch one on.
    pub gateway_defect: Option<sandbox::Defect>,
    /// A defect of the reference merchant; only tests switch one on.
    pub merchant_defect: Option<merchant::Defect>,
}

/// A rule for the gateway's answers that the run's profile has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunRule {
    /// The generation whose call it answers.
    pub generation: Generation,
    /// The rule as the control API takes it.
    pub body: Value,
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
    /// Sets `stage` for one scenario, or for one that goes on where the recorder has left it.
    ///
    /// # Errors
    /// When the system has no ports left, report files cannot be delivered, or a gateway elsewhere
    /// opens no tenant.
    pub async fn open(
        &self,
        stage: &mut Stage,
        key: &CaseKey,
        product: Product,
        recorder: Recorder,
        (attempt, habits): (u32, Habits),
    ) -> Result<DefectWatch, StageError> {
        let contract = self.contract_for(product)?;
        let recorder = self.gateway.keep_out(contract.keep_out(recorder));
        let before = recorder.look(0, <[_]>::to_vec);
        let draw = draw(self.seed, key, attempt);
        let clock = if self.is_simulated() { Clock::simulated(START, draw) } else { Clock::real() };
        let mark = mark(self.seed, key, attempt);
        let front = self.front(&clock).await?;
        let mut servers = vec![];
        let notices = front.notices_within();
        let Through { tenant, gateway, control } =
            self.through(contract, key, (&clock, draw), notices, &mut servers).await?;
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
            buyers: self.buyers.clone(),
            purse: self.purse.clone(),
        });
        live.join().await;
        if before.is_empty() {
            self.begin(&mut live, product, &notify_url).await;
        } else {
            live.go_on(&before);
        }
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
                let notices = self.own_notices_door().await?;
                let doors = (Door::Plain(loopback().await?), Door::Plain(notices));
                Front::open(doors.0, doors.1, clock.clone(), None)
            }
            Tested::Integrator(own) => Ok(own.front.clone()),
        }
    }

    /// The account of a product's generation.
    pub(crate) fn contract_for(&self, product: Product) -> std::io::Result<&Contract> {
        let wanted = product.generation();
        let found = self.contracts.iter().find(|contract| contract.generation() == wanted);
        found.ok_or_else(|| {
            std::io::Error::other(format!("no account of the generation {}", wanted.name()))
        })
    }

    /// Tells what holds for the scenario, and has the gateway answer as the run's rules say.
    async fn begin(&self, live: &mut Live, product: Product, notify_url: &str) {
        self.tell_contract(live, product, notify_url);
        live.bend(&self.rules).await;
    }

    fn tell_contract(&self, live: &Live, product: Product, notify_url: &str) {
        let mut facts = json!({
            "product": product.name(),
            "client_id": live.contract.identity(),
            "notify_url": notify_url,
            "embedded": matches!(self.gateway, Gateway::Embedded { .. }),
        });
        if matches!(self.gateway, Gateway::Foreign(_)) {
            facts["without_control"] = json!(true);
        }
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

    fn notify_url(&self, notices_at: SocketAddr) -> String {
        match (&self.tested, &self.gateway) {
            (Tested::Integrator(own), _) => own.notify_url.clone(),
            (Tested::Reference, Gateway::Embedded { .. }) => {
                format!("http://merchant.assay.test{NOTIFY_TARGET}")
            }
            (Tested::Reference, Gateway::Elsewhere(_) | Gateway::Foreign(_)) => {
                format!("http://{notices_at}{NOTIFY_TARGET}")
            }
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

impl Live {
    /// Has the gateway answer as the rules of the run say, as far as they are for its generation. The
    /// closing look takes them away with all others, so that it is answered by the gateway itself.
    async fn bend(&mut self, rules: &[RunRule]) {
        let generation = self.product.generation();
        let own = rules.iter().filter(|rule| rule.generation == generation);
        let own: Vec<&Value> = own.map(|rule| &rule.body).collect();
        if own.is_empty() {
            return;
        }
        let minutes = own.iter().filter_map(|rule| rule.get("minutes").and_then(Value::as_i64));
        self.bent_until = minutes.min().map(|minutes| self.clock.now() + minutes * 60_000);
        // What could not be arranged breaks the scenario off behind this.
        self.arranged(RULES, json!({ "rules": own }));
        for rule in own {
            let taken = self.control.post("rules", rule).await;
            if self.sure(taken).is_none() {
                return;
            }
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
pub(crate) fn side(address: SocketAddr, host: Option<String>, key: SideKey) -> Side {
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
