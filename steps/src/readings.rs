//! What has been seen of a scenario while it plays: its record so far, and what the merchant tells
//! of its orders.

use std::sync::Arc;

use evidence::words::Place;
use evidence::{CaseKey, Event, OrderState, OrderView, Party, RefundState};
use merchant::DriverError;
use serde_json::{Value, json};

use crate::Seen;
use crate::live::{Later, Live, Turnout};

/// What was seen up to a line, so that the next look reads only what has come since.
pub(crate) struct KnownSoFar {
    lines: u32,
    seen: Arc<Seen>,
}

impl KnownSoFar {
    /// What is known before anything was recorded.
    pub(crate) fn of(key: &CaseKey) -> Self {
        Self { lines: 0, seen: Arc::new(Seen::before(key)) }
    }
}

impl Live {
    /// What has been seen so far.
    pub(crate) fn so_far(&self) -> Arc<Seen> {
        let mut known = self.seen.lock();
        let KnownSoFar { lines, seen } = &mut *known;
        self.recorder.look(*lines, |news| {
            if !news.is_empty() {
                *lines += u32::try_from(news.len()).unwrap_or(u32::MAX);
                Arc::make_mut(seen).go_on(news);
            }
        });
        seen.clone()
    }

    /// Waits until nobody works, and reads every order and every secondary merchant.
    pub(crate) async fn rest(&mut self) {
        self.clock.idle().await;
        for index in 0..self.sold.len() {
            let order = self.sold[index].order.clone();
            match self.order_now(&order).await {
                Ok(Some(view)) => self.look(index, view),
                Ok(None) => {}
                Err(why) => self.cannot_ask(&why),
            }
        }
        self.read_merchants().await;
        self.read_reconciliations().await;
        self.record_attachments();
    }

    fn look(&mut self, index: usize, view: OrderView) {
        let sold = &mut self.sold[index];
        if offer_of(&view).is_some() && !sold.met {
            sold.met = true;
            if self.turnout == Turnout::StaysAway {
                return self.keep(view);
            }
            // The buyer comes when it is time, or as soon as something is offered.
            let due = (sold.at + self.product.meets_after()).max(self.clock.now());
            let (wallet, order, mood) = (sold.wallet.clone(), sold.order.clone(), sold.mood);
            self.later.push(Later { due, wallet, order, mood });
        }
        self.keep(view);
    }

    /// Records what the merchant says of an order, where it is news.
    fn keep(&mut self, view: OrderView) {
        if self.views.get(&view.order) != Some(&view) {
            self.recorder.append(self.clock.now(), Event::Order(Box::new(view.clone())));
            self.views.insert(view.order.clone(), view);
        }
    }

    /// Records that the merchant did not take what it was asked to do, in words that every reader
    /// can be told in their language. Where it was no answer of the merchant's own will, the
    /// scenario cannot go on.
    pub(crate) fn merchant_refused(&self, why: &DriverError, mut facts: Value) {
        if !matches!(why, DriverError::Refused(_)) {
            return self.cannot_ask(why);
        }
        facts["why"] = json!(why.to_string());
        facts["says"] = json!(Place::from(why.says()));
        self.did("merchant-refused", facts);
    }

    /// Records that the merchant cannot be asked: the scenario cannot go on. Whoever lacks an
    /// operation says so; anything else is nobody's word.
    pub(crate) fn cannot_ask(&self, why: &DriverError) {
        let by = match why {
            DriverError::Unsupported(..) => Party::Merchant,
            DriverError::Refused(_) | DriverError::Unreachable(_) | DriverError::Unreadable(_) => {
                Party::Environment
            }
        };
        self.broken(by, why.says());
    }

    /// The till's view of an order, as read last.
    pub(crate) fn state_of(&self, order: &str) -> Option<OrderState> {
        self.views.get(order).map(|view| view.till)
    }

    /// Whether the merchant offers something to the buyer.
    pub(crate) fn offers(&self, order: &str) -> bool {
        self.views.get(order).and_then(offer_of).is_some()
    }

    /// Whether the merchant shows a refund whose end it does not know.
    pub(crate) fn refund_is_pending(&self) -> bool {
        let mut refunds = self.views.values().flat_map(|view| &view.refunds);
        refunds.any(|refund| refund.state == RefundState::Pending)
    }
}

/// What a merchant offers to the buyer.
pub(crate) enum Offer {
    Code(String),
    Link(String),
}

pub(crate) fn offer_of(view: &OrderView) -> Option<Offer> {
    let shown = view.shown.as_ref()?;
    let code = shown.code.clone().map(Offer::Code);
    code.or_else(|| shown.link.clone().map(Offer::Link))
}
