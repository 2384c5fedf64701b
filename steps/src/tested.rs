//! Who is tested: the reference merchant, one for each scenario, or the integrator's own system,
//! one for the whole run.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use clock::Millis;
use evidence::CaseKey;
use merchant::{Driver, Http, Manual, Person};
use witness::{Claim, Front};

use crate::time::Pace;

/// The word of the profile for the reference merchant.
pub const REFERENCE: &str = "reference";
/// The word of the profile for a till that a person operates.
pub const MANUAL: &str = "manual";

/// A day, in milliseconds.
const DAY: Millis = 24 * 3_600_000;

/// How many days ahead scenarios begin that reconcile.
const AFTER_ALL_OTHERS: i64 = 10;
/// How many days lie between two of them: more than a case lets pass, and more than a file may be
/// looked for.
const BETWEEN: i64 = 12;

/// Who is tested.
#[derive(Debug, Clone, Default)]
pub enum Tested {
    /// The reference merchant, one for each scenario.
    #[default]
    Reference,
    /// The integrator's own system.
    Integrator(Arc<Integrator>),
}

/// The integrator's own system, and the witness in front of it.
#[derive(Debug)]
pub struct Integrator {
    /// How it is made to act.
    pub adapter: Adapter,
    /// Where its calls and the gateway's notices come in.
    pub front: Arc<Front>,
    /// Where it takes notices, and what `Host` is there.
    pub notices: (SocketAddr, String),
    /// The address that it gives gateways for its notices.
    pub notify_url: String,
    /// Whether its calls tell which order they are about. If not, scenarios play one after the
    /// other.
    pub(crate) carries_orders: AtomicBool,
    /// How many days were given away.
    days: AtomicI64,
}

/// The way to an integrator's system.
#[derive(Clone)]
pub enum Adapter {
    /// Over HTTP, below an address. Each scenario has a driver of its own.
    Http(Http),
    /// One driver for all scenarios.
    Shared {
        /// The word of the profile for it.
        name: &'static str,
        /// What drives.
        driver: Arc<dyn Driver>,
    },
    /// A person at the till. Each scenario has a driver of its own, which asks for it.
    Person(Arc<dyn Person>),
}

impl fmt::Debug for Adapter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Adapter").field(&self.name()).finish()
    }
}

impl Adapter {
    /// The word of the profile.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Http(_) => "http",
            Self::Shared { name, .. } => name,
            Self::Person(_) => MANUAL,
        }
    }

    /// Whether a person does everything by hand.
    pub fn is_by_hand(&self) -> bool {
        matches!(self, Self::Person(_))
    }

    pub(crate) fn driver(&self, key: &CaseKey) -> Arc<dyn Driver> {
        match self {
            Self::Http(http) => Arc::new(http.clone()),
            Self::Shared { driver, .. } => driver.clone(),
            Self::Person(person) => Arc::new(Manual::new(person.clone(), key.to_string())),
        }
    }
}

impl Integrator {
    /// A system whose calls are taken for such that tell their order.
    pub fn new(
        adapter: Adapter,
        front: Arc<Front>,
        notices: (SocketAddr, String),
        notify_url: String,
    ) -> Self {
        Self {
            adapter,
            front,
            notices,
            notify_url,
            carries_orders: AtomicBool::new(true),
            days: AtomicI64::new(0),
        }
    }

    /// Whether its calls tell which order they are about, as far as is known.
    pub fn carries_orders(&self) -> bool {
        self.carries_orders.load(Ordering::SeqCst)
    }

    /// Takes over from an earlier sitting of the run whether calls tell their order.
    pub fn carries_orders_as_before(&self, carries: bool) {
        self.carries_orders.store(carries, Ordering::SeqCst);
    }

    /// Which messages are those of a scenario whose orders begin with `mark`.
    pub(crate) fn claim(&self, mark: &str) -> Claim {
        if self.carries_orders() { Claim::Marked(mark.to_owned()) } else { Claim::Everything }
    }

    /// By how much the gateway's clock is ahead in a scenario. Files are about a day as a whole, so
    /// each scenario that reconciles has one of its own: the books are those of the whole run.
    pub(crate) fn ahead(&self, key: &CaseKey) -> Millis {
        let reconciles = key.case.contains("-REC-");
        if !reconciles {
            return 0;
        }
        // Days in between, so that what is settled, or given back, later meets nobody else's; the
        // first ones are for all who only let days pass.
        (AFTER_ALL_OTHERS + BETWEEN * self.days.fetch_add(1, Ordering::SeqCst)) * DAY
    }
}

impl Tested {
    /// How a real clock is waited for.
    pub(crate) fn pace(&self) -> Pace {
        match self {
            Self::Reference => Pace::OURS,
            Self::Integrator(_) => Pace::THEIRS,
        }
    }

    /// Whether a person does everything by hand.
    pub fn is_by_hand(&self) -> bool {
        matches!(self, Self::Integrator(own) if own.adapter.is_by_hand())
    }

    /// The word of the profile for how it is driven.
    pub fn driver(&self) -> &'static str {
        match self {
            Self::Reference => REFERENCE,
            Self::Integrator(own) => own.adapter.name(),
        }
    }
}
