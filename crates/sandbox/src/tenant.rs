//! One gateway with one ledger.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clock::{Clock, Millis};
use parking_lot::Mutex;
use tokio::net::TcpListener;
use tokio::sync::watch;
use wire::{Client, Patience, Reply, Request, Server};

use crate::defect::{Defect, Defects};
use crate::journal::Journal;
use crate::ledger::{Effect, Ledger};
use crate::rules::Rules;
use crate::switches::Switches;
use crate::terms::{Contract, Terms};

/// One gateway with one ledger. Clones share it.
#[derive(Clone)]
pub struct Tenant {
    inner: Arc<Inner>,
}

struct Inner {
    terms: Terms,
    clock: Clock,
    client: Client,
    ledger: Mutex<Ledger>,
    rules: Mutex<Rules>,
    journal: Journal,
    defects: Arc<Defects>,
    hard_texts: AtomicBool,
    /// Whether it was taken down.
    gone: watch::Sender<bool>,
}

impl Tenant {
    /// A gateway without wallets and payments. Ids and codes are drawn from `seed`.
    pub fn new(terms: Terms, clock: Clock, seed: u64) -> Self {
        let defects = Arc::new(Defects::default());
        let ledger = Ledger::new(seed, terms.switches, defects.clone());
        let inner = Inner {
            terms,
            clock,
            client: Client::new(),
            ledger: Mutex::new(ledger),
            rules: Mutex::default(),
            journal: Journal::default(),
            defects,
            hard_texts: AtomicBool::new(false),
            gone: watch::Sender::new(false),
        };
        Self { inner: Arc::new(inner) }
    }

    /// The same gateway with one defect. Tests call this; no command line does.
    #[must_use]
    pub fn with_defect(self, defect: Defect) -> Self {
        self.inner.defects.choose(defect);
        self
    }

    /// The same gateway, which gives a call the code that it asks for in words, such as
    /// `mock:RISK_REJECT` in an order's description.
    #[must_use]
    pub fn answering_words(self) -> Self {
        self.inner.rules.lock().answer_words();
        self
    }

    /// Whether the defect has changed anything so far.
    pub fn defect_was_active(&self) -> bool {
        self.inner.defects.struck()
    }

    /// Serves calls and control calls on `listener` until the server is dropped.
    ///
    /// # Errors
    /// When the listener has no address.
    pub fn listen(&self, listener: TcpListener) -> io::Result<Server> {
        self.write_reports();
        let tenant = self.clone();
        let patience =
            if self.clock().is_simulated() { Patience::Endless } else { Patience::Short };
        wire::serve(listener, patience, move |request| {
            let tenant = tenant.clone();
            async move { tenant.answer(request).await }
        })
    }

    pub(crate) async fn answer(&self, request: Request) -> Reply {
        // Control calls take no time: they are the stage's hand, not a part of the play.
        if request.path().starts_with("/_sandbox/") {
            return self.control(&request);
        }
        match &self.terms().contract {
            Contract::Ams { .. } => self.call(request).await,
            Contract::Legacy { .. } => self.legacy_call(request).await,
        }
    }

    /// Works on the ledger at the present instant and sets going what follows from it.
    pub(crate) fn on_ledger<R>(&self, work: impl FnOnce(&mut Ledger, Millis) -> R) -> R {
        let now = self.now();
        let (result, effects) = {
            let mut ledger = self.inner.ledger.lock();
            let result = work(&mut ledger, now);
            (result, std::mem::take(&mut ledger.effects))
        };
        for effect in effects {
            self.start(effect);
        }
        result
    }

    /// Performs `work` beside everything else, until the tenant is taken down.
    pub(crate) fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        let mut gone = self.inner.gone.subscribe();
        self.inner.clock.spawn(async move {
            tokio::select! {
                biased;
                () = work => {}
                _ = gone.wait_for(|gone| *gone) => {}
            }
        });
    }

    /// Ends everything that is still to happen here: nobody is told of it any more.
    pub(crate) fn take_down(&self) {
        self.inner.gone.send_replace(true);
    }

    fn start(&self, effect: Effect) {
        let tenant = self.clone();
        match effect {
            Effect::Tells(notice) => self.tell(*notice),
            Effect::TellsForm(notice) => self.tell_form(*notice),
            Effect::Expires { place, at } => self.spawn(async move {
                tenant.inner.clock.sleep_until(at).await;
                tenant.on_ledger(|ledger, now| ledger.settle(place, now));
            }),
            Effect::EndsRefund { place, end, at } => self.spawn(async move {
                tenant.inner.clock.sleep_until(at).await;
                tenant.on_ledger(|ledger, now| ledger.end_refund(place, end, now));
            }),
            Effect::Decides { place, wallet, decision, at } => self.spawn(async move {
                tenant.inner.clock.sleep_until(at).await;
                // The buyer may come too late; then the ledger has refused and all is said.
                let _ = tenant.on_ledger(|ledger, now| ledger.decide(place, wallet, decision, now));
            }),
            Effect::Reviewed { place, at } => self.spawn(async move {
                tenant.inner.clock.sleep_until(at).await;
                tenant.on_ledger(|ledger, now| ledger.end_review(place, now));
            }),
        }
    }

    pub(crate) fn terms(&self) -> &Terms {
        &self.inner.terms
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.inner.clock
    }

    pub(crate) fn now(&self) -> Millis {
        self.inner.clock.now()
    }

    pub(crate) fn client(&self) -> &Client {
        &self.inner.client
    }

    pub(crate) fn rules(&self) -> &Mutex<Rules> {
        &self.inner.rules
    }

    pub(crate) fn journal(&self) -> &Journal {
        &self.inner.journal
    }

    /// The switches as they stand now.
    pub(crate) fn switches(&self) -> Switches {
        self.inner.ledger.lock().switches
    }

    /// Puts the switches into other positions.
    pub(crate) fn turn(&self, switches: Switches) {
        self.inner.ledger.lock().switches = switches;
    }

    pub(crate) fn strikes(&self, defect: Defect) -> bool {
        self.inner.defects.strikes(defect)
    }

    pub(crate) fn hard_texts(&self) -> bool {
        self.inner.hard_texts.load(Ordering::SeqCst)
    }

    pub(crate) fn write_hard_texts(&self, hard: bool) {
        self.inner.hard_texts.store(hard, Ordering::SeqCst);
    }
}

impl fmt::Debug for Tenant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tenant").field("terms", &self.inner.terms).finish_non_exhaustive()
    }
}
