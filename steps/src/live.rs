//! A scenario while it plays: its clock, its people, and what they do.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clock::{Clock, Gate, Millis};
use evidence::words::Place;
use evidence::{Event, MerchantView, OrderState, OrderView, Party, ReconciliationView, Recorder};
use merchant::Driver;
use parking_lot::Mutex;
use protocol::ams::reconciliation::FileKind;
use protocol::{Day, Generation};
use serde_json::{Map, Value, json};
use tokio::sync::oneshot;
use witness::{Front, Witness};

use crate::Product;
use crate::asking::Asked;
use crate::buyers::Buyers;
use crate::contract::Contract;
use crate::control::{Control, ControlError};
use crate::depot::Room;
use crate::pause::Sitting;
use crate::purse::Purse;
use crate::readings::{KnownSoFar, Offer, offer_of};
use crate::sale::Device;
use crate::time::Pace;

/// How long after everything is final calls are still waited for that must not come.
const QUIET: Millis = 10_000;
/// After how long a scenario is over although something is still open.
const LIMIT: Millis = 15 * 60_000;

/// What the buyer does when asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mood {
    /// Pays without a password.
    Pays,
    /// Decides so many milliseconds after the sale began.
    Approves(Millis),
    /// Declines so many milliseconds after the sale began.
    Declines(Millis),
    /// Does nothing.
    Ignores,
}

/// Whether the buyer takes up what is offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Turnout {
    /// Scans the code or opens the link.
    #[default]
    Comes,
    /// Opens the link and does nothing there.
    Looks,
    /// Leaves it.
    StaysAway,
}

/// Something the stage will do later.
#[derive(Debug, Clone)]
pub(crate) struct Later {
    pub(crate) due: Millis,
    pub(crate) wallet: String,
    pub(crate) order: String,
    /// What the buyer does then.
    pub(crate) mood: Mood,
}

/// What holds a scenario together while it plays.
pub struct Live {
    pub(crate) clock: Clock,
    pub(crate) recorder: Recorder,
    /// Where merchant and gateway come in.
    pub(crate) front: Arc<Front>,
    pub(crate) witness: Arc<Witness>,
    pub(crate) merchant: Arc<dyn Driver>,
    pub(crate) control: Control,
    pub(crate) contract: Contract,
    pub(crate) product: Product,
    pub(crate) mood: Mood,
    pub(crate) code: crate::sale::CodeKind,
    /// The currency of the buyer's wallet, where it is not the order's.
    pub(crate) holds: Option<String>,
    /// What the buyer pays with the next code that is shown.
    pub(crate) price: Option<protocol::Amount>,
    /// What becomes of what is offered to the buyer.
    pub(crate) turnout: Turnout,
    /// Whether the buyer has too little money.
    pub(crate) poor: bool,
    /// What the buyer looks at a shop on the web with.
    pub(crate) device: Device,
    pub(crate) gates: BTreeMap<&'static str, Gate>,
    pub(crate) wallets: BTreeMap<String, String>,
    pub(crate) sold: Vec<Sold>,
    /// What the ids of orders begin with.
    pub(crate) mark: String,
    /// Whether what is sold now is not what the case is about.
    pub(crate) aside: bool,
    /// The store whose till sells.
    pub(crate) store: String,
    /// The secondary merchants that this run has handed out, by their ids.
    pub(crate) secondary: Vec<String>,
    pub(crate) merchant_views: BTreeMap<String, MerchantView>,
    /// How many debits and credits the wallets had seen before the scenario began.
    pub(crate) before: (usize, usize),
    /// Where the merchant finds report files; goes with the scenario.
    pub(crate) delivery: Room,
    /// What the merchant was asked to reconcile, as read last.
    pub(crate) reconciled: BTreeMap<(Day, FileKind), Option<ReconciliationView>>,
    pub(crate) seen: Mutex<KnownSoFar>,
    pub(crate) views: BTreeMap<String, OrderView>,
    /// What a person at the till was asked for, and when.
    pub(crate) asked: Asked,
    pub(crate) later: Vec<Later>,
    /// What the buyer's browser sends with.
    pub(crate) http: wire::Client,
    pub(crate) servers: Vec<wire::Server>,
    /// How a real clock is waited for.
    pub(crate) pace: Pace,
    /// Whether the scenario cannot go on as written.
    pub(crate) is_broken: Arc<AtomicBool>,
    /// Who pays at a gateway that simulates nobody.
    pub(crate) buyers: Option<Arc<Buyers>>,
    /// What the run may sell for, where it moves real money.
    pub(crate) purse: Option<Purse>,
    /// What is asked of a buyer is asked no more when this goes.
    pub(crate) asking: Vec<oneshot::Sender<()>>,
    /// How far its steps are, and whether it waits.
    pub(crate) sitting: Sitting,
    /// When the first of the run's own rules ends, if one does.
    pub(crate) bent_until: Option<Millis>,
}

/// An order that was sold on this stage.
#[derive(Debug, Clone)]
pub(crate) struct Sold {
    pub(crate) order: String,
    pub(crate) wallet: String,
    pub(crate) at: Millis,
    /// What the buyer does when the wallet asks.
    pub(crate) mood: Mood,
    /// Whether the buyer has seen what is offered and is on the way.
    pub(crate) met: bool,
}

impl std::fmt::Debug for Live {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Live").field("product", &self.product).finish_non_exhaustive()
    }
}

/// The people of a scenario.
pub(crate) struct Cast {
    pub(crate) clock: Clock,
    pub(crate) recorder: Recorder,
    pub(crate) front: Arc<Front>,
    pub(crate) witness: Arc<Witness>,
    pub(crate) merchant: Arc<dyn Driver>,
    pub(crate) control: Control,
    pub(crate) contract: Contract,
    pub(crate) product: Product,
    pub(crate) mark: String,
    pub(crate) delivery: Room,
    pub(crate) http: wire::Client,
    pub(crate) servers: Vec<wire::Server>,
    pub(crate) pace: Pace,
    pub(crate) buyers: Option<Arc<Buyers>>,
    /// What the run may sell for, where it moves real money.
    pub(crate) purse: Option<Purse>,
}

impl Live {
    pub(crate) fn new(cast: Cast) -> Self {
        Self {
            seen: Mutex::new(KnownSoFar::of(cast.recorder.key())),
            clock: cast.clock,
            recorder: cast.recorder,
            front: cast.front,
            witness: cast.witness,
            merchant: cast.merchant,
            control: cast.control,
            contract: cast.contract,
            product: cast.product,
            mood: Mood::Pays,
            code: crate::sale::CodeKind::default(),
            holds: None,
            price: None,
            turnout: Turnout::default(),
            poor: false,
            device: Device::default(),
            gates: BTreeMap::new(),
            wallets: BTreeMap::new(),
            sold: vec![],
            mark: cast.mark,
            aside: false,
            store: crate::sale::STORE.into(),
            secondary: vec![],
            merchant_views: BTreeMap::new(),
            before: (0, 0),
            delivery: cast.delivery,
            reconciled: BTreeMap::new(),
            views: BTreeMap::new(),
            asked: Asked::default(),
            later: vec![],
            http: cast.http,
            servers: cast.servers,
            pace: cast.pace,
            is_broken: Arc::default(),
            buyers: cast.buyers,
            purse: cast.purse,
            asking: vec![],
            sitting: Sitting::default(),
            bent_until: None,
        }
    }

    /// Records what a Given step arranged.
    pub(crate) fn arranged(&self, what: &str, facts: Value) {
        let (what, facts) = (what.to_owned(), object(facts));
        self.recorder.append(self.clock.now(), Event::Arranged { what, facts });
    }

    /// Orders something of the gateway over its control API, and records it as arranged once it is.
    pub(crate) async fn arrange(&mut self, at: &str, what: &str, facts: Value) {
        let answer = self.control.post(at, &facts).await;
        if self.sure(answer).is_some() {
            self.arranged(what, facts);
        }
    }

    /// Whether nothing is worth waiting for any more: on a real clock everybody would wait in vain.
    pub(crate) fn is_over(&self) -> bool {
        !self.clock.is_simulated() && self.is_broken.load(Ordering::SeqCst)
    }

    /// Records what a When step did.
    pub(crate) fn did(&self, what: &str, facts: Value) {
        let (what, facts) = (what.to_owned(), object(facts));
        self.recorder.append(self.clock.now(), Event::Did { what, facts });
    }

    /// Records that the scenario cannot go on as written.
    pub(crate) fn broken(&self, by: Party, why: impl Into<Place>) {
        let why = why.into();
        self.is_broken.store(true, Ordering::SeqCst);
        self.recorder.append(self.clock.now(), Event::Broken { by, why });
    }

    /// The value, or a broken scenario: the gateway could not be arranged.
    pub(crate) fn sure<T>(&self, result: Result<T, ControlError>) -> Option<T> {
        result.map_err(|why| self.broken(why.by(), why.says())).ok()
    }

    /// A gate by name; shut until somebody opens it.
    pub(crate) fn gate(&mut self, name: &'static str) -> Gate {
        self.gates.entry(name).or_insert_with(|| Gate::new(&self.clock)).clone()
    }

    pub(crate) fn remember(&mut self, order: &str, wallet: String) {
        let at = self.clock.now();
        let mood = self.mood;
        self.sold.push(Sold { order: order.to_owned(), wallet, at, mood, met: false });
    }

    /// Lets the next thing happen, if it falls due by `limit`. Otherwise it is `limit` afterwards
    /// and the answer is no.
    pub(crate) async fn step(&mut self, limit: Millis) -> bool {
        let planned = self.later.iter().map(|later| later.due).min();
        let next = [planned, self.clock.next_due()].into_iter().flatten().min();
        if let Some(due) = planned.filter(|due| next == Some(*due) && *due <= limit) {
            self.clock.jump_to(due);
            if self.clock.is_simulated() || self.clock.now() >= due {
                self.do_later(due).await;
                return true;
            }
        }
        if !self.clock.is_simulated() {
            // What is planned by the limit is done, however late the clock wakes us.
            let planned = planned.filter(|due| *due <= limit);
            let left = planned.unwrap_or(limit) - self.clock.now();
            self.clock.sleep(left.clamp(1, self.pace.tick)).await;
            return (planned.is_some() || self.clock.now() < limit) && !self.is_over();
        }
        if next.is_some_and(|due| due <= limit) {
            return self.clock.fire_next();
        }
        self.clock.jump_to(limit);
        false
    }

    async fn do_later(&mut self, due: Millis) {
        let Some(index) = self.later.iter().position(|later| later.due == due) else { return };
        let later = self.later.remove(index);
        let Some(offer) = self.views.get(&later.order).and_then(offer_of) else { return };
        if !self.control.is_there() {
            return self.offer_to_person(&later.order, later.mood, &offer);
        }
        let (act, how, body) = match offer {
            Offer::Code(code) => ("buyer-scans", "scan", json!({ "code": code })),
            Offer::Link(link) if self.product.generation() == Generation::Legacy => {
                // The visit lets time pass itself, in which no other is planned.
                return Box::pin(self.follow_redirect(&later.order, &later.wallet, &link)).await;
            }
            Offer::Link(link) => ("buyer-opens", "open", json!({ "url": link })),
        };
        let answer = self.control.post(&format!("wallets/{}/{how}", later.wallet), &body).await;
        let Some(answer) = self.sure(answer) else { return };
        self.did(act, json!({ "order": later.order, "result": answer }));
    }

    /// Performs `work` as a task of the scenario and lets time pass until it is done.
    pub(crate) async fn drive<T, F>(&mut self, work: F) -> Option<T>
    where
        T: Send + 'static,
        F: Future<Output = T> + Send + 'static,
    {
        let (done, mut result) = oneshot::channel();
        // Nobody waits any more when the scenario is over.
        self.clock.spawn(async move { drop(done.send(work.await)) });
        let limit = self.clock.now() + LIMIT;
        loop {
            self.rest().await;
            match result.try_recv() {
                Ok(output) => return Some(output),
                Err(oneshot::error::TryRecvError::Closed) => return None,
                Err(oneshot::error::TryRecvError::Empty) => {}
            }
            if !self.step(limit).await {
                return None;
            }
        }
    }

    /// Lets time pass until `reached` says so, for a quarter of an hour at most.
    pub(crate) async fn until(&mut self, reached: impl Fn(&Self) -> bool) -> bool {
        self.until_within(LIMIT, reached).await
    }

    /// Lets time pass until `reached` says so, for `span` milliseconds at most.
    pub(crate) async fn until_within(
        &mut self,
        span: Millis,
        reached: impl Fn(&Self) -> bool,
    ) -> bool {
        let limit = self.clock.now() + span;
        loop {
            self.rest().await;
            if reached(self) {
                return true;
            }
            if !self.step(limit).await {
                return false;
            }
        }
    }

    /// Lets time pass until every order and every refund is final, and a little longer.
    pub(crate) async fn settle(&mut self) {
        let is_final = |live: &Self, order: &str| {
            // What the till refused has no state, and nobody waits for one in real time.
            let refused = !live.clock.is_simulated() && live.so_far().refused(order);
            refused || live.state_of(order).is_some_and(OrderState::is_final)
        };
        let all_final = |live: &Self| {
            live.sold.iter().all(|sold| is_final(live, &sold.order)) && !live.refund_is_pending()
        };
        self.until(all_final).await;
        self.pass(QUIET).await;
    }
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(object) => object,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Map::new()
        }
    }
}
