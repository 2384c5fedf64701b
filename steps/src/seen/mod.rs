//! The record of an attempt as checks read it: calls, notices, order readings and acts.

mod exchange;
mod moments;
mod numbers;
mod refund;
mod word;

use std::collections::{BTreeMap, BTreeSet};

use evidence::words::Place;
use evidence::{
    ATTACHED, CaseKey, CaseRecord, Entry, Event, MerchantView, Message, OrderState, OrderView,
    ReconciliationView, WalletStatement, Way,
};
use protocol::ams::{Api, PaymentStatus, Verified};
use protocol::legacy::Charset;
use protocol::{Amount, Generation};
use serde_json::{Map, Value};

use exchange::Tongue;
pub use exchange::{Answer, Exchange, Request};

use crate::Product;
use crate::errand::{Errand, ON_DEMAND};
use crate::tested::MANUAL;

/// Everything that was seen in an attempt, in the order in which it happened.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    /// The generation that the case is of.
    pub generation: Generation,
    /// The product that the case ran for.
    pub product: Product,
    /// Every exchange, by its first message.
    pub exchanges: Vec<Exchange>,
    /// Every reading of an order.
    pub readings: Vec<Reading>,
    /// Every reading of a secondary merchant.
    pub merchants: Vec<Reading<MerchantView>>,
    /// Every reading of a day or a batch that the merchant reconciles.
    pub reconciliations: Vec<Reading<ReconciliationView>>,
    /// What Given steps arranged.
    pub arranged: Vec<Act>,
    /// What When steps and the closing look did.
    pub acts: Vec<Act>,
    /// What the wallets say, where they could be asked.
    pub wallet: Option<WalletStatement>,
    /// Whether the record was closed.
    pub closed: bool,
}

/// A reading of an order, or of something else in the merchant's books.
#[derive(Debug, Clone)]
pub struct Reading<V = OrderView> {
    /// The line of the record.
    pub line: u32,
    /// Milliseconds since the epoch.
    pub at: i64,
    /// What the merchant said.
    pub view: V,
}

/// Something that was arranged or done.
#[derive(Debug, Clone)]
pub struct Act {
    /// The line of the record.
    pub line: u32,
    /// Milliseconds since the epoch.
    pub at: i64,
    /// Its name.
    pub what: String,
    /// Its particulars.
    pub facts: Map<String, Value>,
}

impl Act {
    /// Why it happened, in words for every reader. A record of the format before has English alone.
    pub fn says(&self) -> Place {
        let told = self.facts.get("says").cloned().unwrap_or_default();
        let words = || Place::value(self.text("why").unwrap_or_default());
        serde_json::from_value(told).unwrap_or_else(|_| words())
    }

    /// A particular, as text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.facts.get(name).and_then(Value::as_str)
    }

    /// A particular, as yes or no; absent is no.
    pub fn is(&self, name: &str) -> bool {
        self.facts.get(name).and_then(Value::as_bool).unwrap_or(false)
    }

    /// The amount among the particulars.
    pub fn amount(&self) -> Option<Amount> {
        self.facts.get("amount").and_then(|value| serde_json::from_value(value.clone()).ok())
    }
}

impl Seen {
    /// Reads a record. The product stands in the key, or among what was arranged.
    pub fn new(record: &CaseRecord) -> Self {
        let mut seen = Self::before(&record.key);
        seen.go_on(&record.entries);
        seen
    }

    /// What is seen before anything was recorded.
    pub(crate) fn before(key: &CaseKey) -> Self {
        let generation = Generation::of_case(&key.case);
        Self { generation, product: product_of(key), ..Self::default() }
    }

    /// Reads what was recorded since.
    pub(crate) fn go_on(&mut self, entries: &[Entry]) {
        let seen = self;
        for entry in entries {
            let (line, at) = (entry.line, entry.at);
            match &entry.event {
                Event::Message(message) => seen.message(line, at, message),
                Event::Order(view) => {
                    seen.readings.push(Reading { line, at, view: (**view).clone() });
                }
                Event::Merchant(view) => {
                    seen.merchants.push(Reading { line, at, view: (**view).clone() });
                }
                Event::Reconciliation { view } => {
                    seen.reconciliations.push(Reading { line, at, view: (**view).clone() });
                }
                Event::Arranged { what, facts } => {
                    let (what, facts) = (what.clone(), facts.clone());
                    seen.arranged.push(Act { line, at, what, facts });
                }
                Event::Did { what, facts } => {
                    let (what, facts) = (what.clone(), facts.clone());
                    seen.acts.push(Act { line, at, what, facts });
                }
                Event::Wallet(statement) => seen.wallet = Some(statement.clone()),
                Event::Closed => seen.closed = true,
                Event::Broken { .. } => {}
            }
        }
        seen.resolve();
        seen.tell_apart();
        let told = seen.arranged.iter().find(|act| act.what == "contract");
        if let Some(product) = told.and_then(|act| act.text("product")?.parse().ok()) {
            seen.product = product;
        }
    }

    /// Finds the payment request id of calls that name the gateway's payment id alone.
    fn resolve(&mut self) {
        let known: BTreeMap<String, String> =
            self.exchanges.iter().filter_map(Exchange::both_ids).collect();
        for call in &mut self.exchanges {
            if call.asked("paymentRequestId").is_none() {
                call.resolved = call.asked("paymentId").and_then(|id| known.get(&id).cloned());
            }
        }
    }

    fn message(&mut self, line: u32, at: i64, message: &Message) {
        let known = self.exchanges.iter_mut().rev().find(|known| known.number == message.exchange);
        if let Some(exchange) = known {
            exchange.add(line, at, message);
        } else {
            let charset = self.contract("charset").and_then(|name| Charset::parse(name).ok());
            let charset = charset.unwrap_or(Charset::Utf8);
            let tongue = Tongue { generation: self.generation, charset };
            let mut exchange = Exchange::new(message, tongue);
            exchange.add(line, at, message);
            self.exchanges.push(exchange);
        }
    }

    /// A particular of the contract that the run rests on, such as `client_id`.
    pub fn contract(&self, name: &str) -> Option<&str> {
        self.arranged.iter().find(|act| act.what == "contract")?.text(name)
    }

    /// Whether scenarios played one after the other, since the merchant's calls do not tell the
    /// order that they are about.
    pub fn is_one_at_a_time(&self) -> bool {
        self.arranged.iter().any(|act| act.what == "contract" && act.is("one_at_a_time"))
    }

    /// Whether the merchant lives by a clock of its own, which nobody moves.
    pub fn merchant_has_its_own_time(&self) -> bool {
        self.contract("driver").is_some()
    }

    /// Whether a person told how the merchant saw its orders, so that each reading is later than
    /// what it tells of.
    pub fn is_told_by_hand(&self) -> bool {
        self.contract("driver") == Some(MANUAL)
    }

    /// Whether a reviewer has to look at it: somebody's word, or what somebody attached, is part of
    /// what was judged.
    pub fn needs_a_reviewer(&self) -> bool {
        self.is_told_by_hand() || !self.acts_of(ATTACHED).is_empty()
    }

    /// The merchant's own calls, in the order in which they were sent.
    pub fn calls(&self) -> impl Iterator<Item = &Exchange> {
        self.exchanges.iter().filter(|e| e.way == Way::Call && !e.own && e.sent.is_some())
    }

    /// The merchant's calls of one API.
    pub fn calls_of(&self, api: Api) -> Vec<&Exchange> {
        self.calls().filter(|call| call.api == Some(api)).collect()
    }

    /// Calls of the runner's own.
    pub fn own_calls(&self) -> impl Iterator<Item = &Exchange> {
        self.exchanges.iter().filter(|e| e.way == Way::Call && e.own)
    }

    /// Every call that reached the gateway, whoever made it.
    pub fn at_gateway(&self) -> impl Iterator<Item = &Exchange> {
        let reached = |e: &&Exchange| e.received.is_some() || e.answer_sent.is_some();
        self.exchanges.iter().filter(|e| e.way == Way::Call).filter(reached)
    }

    /// Notices that the gateway sent, planted ones left out.
    pub fn notices(&self) -> impl Iterator<Item = &Exchange> {
        self.exchanges
            .iter()
            .filter(|e| e.way == Way::Notice && e.sent.is_some() && !self.planted(e))
            .filter(|e| !e.is_return())
    }

    /// The first notice of the order's payment: one of success, or whichever came first.
    pub fn payment_notice(&self) -> Option<&Exchange> {
        let paid = |notice: &&Exchange| notice.asked("result.resultStatus").as_deref() == Some("S");
        self.notices().find(paid).or_else(|| self.notices().next())
    }

    /// What buyers' browsers carried back from the gateway to the merchant, forged ones left out.
    pub fn returns(&self) -> impl Iterator<Item = &Exchange> {
        self.exchanges.iter().filter(|e| e.is_return() && e.sent.is_some())
    }

    /// What the gateway told the merchant of its own accord: notices and returns.
    pub fn told(&self) -> impl Iterator<Item = &Exchange> {
        self.notices().chain(self.returns())
    }

    /// Notices that the case itself planted, by the witness or by the gateway on demand.
    pub fn planted_notices(&self) -> Vec<&Exchange> {
        let planted = |e: &&Exchange| e.way == Way::Notice && (e.sent.is_none() || self.planted(e));
        self.exchanges.iter().filter(planted).collect()
    }

    fn planted(&self, notice: &Exchange) -> bool {
        let body = notice.sent.as_ref().map(Request::body_text);
        let id = notice.parameter("notify_id");
        self.acts.iter().filter(|act| act.what == ON_DEMAND).any(|act| match id {
            Some(id) => act.text("notify_id") == Some(id),
            None => act.text("body") == body.as_deref(),
        })
    }

    /// The orders that the merchant was asked to sell, in order.
    pub fn sales(&self) -> impl Iterator<Item = &Act> {
        self.acts.iter().filter(|act| act.what == "sale")
    }

    /// The ids of the orders, each once.
    pub fn orders(&self) -> Vec<&str> {
        let mut orders = vec![];
        for order in self.sales().filter_map(|sale| sale.text("order")) {
            if !orders.contains(&order) {
                orders.push(order);
            }
        }
        orders
    }

    /// The order that the case is about: the last one sold that was not sold aside.
    pub fn order(&self) -> Option<&str> {
        self.sales().filter(|sale| !sale.is("aside")).last()?.text("order")
    }

    /// The first sale of an order.
    pub fn sale_of(&self, order: &str) -> Option<&Act> {
        self.sales().find(|sale| sale.text("order") == Some(order))
    }

    /// The sale that a pay request is made for: the last one of its order before it.
    pub fn sale_behind(&self, pay: &Exchange) -> Option<&Act> {
        let before = self.sales().filter(|sale| sale.line < pay.line());
        before.filter(|sale| sale.text("order").is_some_and(|order| pay.is_for(order))).last()
    }

    /// What was asked for an order.
    pub fn price_of(&self, order: &str) -> Option<Amount> {
        self.sale_of(order)?.amount()
    }

    /// The pay requests for an order.
    pub fn pays_for(&self, order: &str) -> Vec<&Exchange> {
        self.calls_of(Api::Pay).into_iter().filter(|pay| pay.is_for(order)).collect()
    }

    /// The payment request ids of an order, in the order in which they were first used.
    pub fn ids_of(&self, order: &str) -> Vec<String> {
        let mut ids = vec![];
        for id in self.pays_for(order).iter().filter_map(|pay| pay.request_id()) {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        ids
    }

    /// The merchant's calls about one payment request id.
    pub fn calls_about(&self, id: &str) -> Vec<&Exchange> {
        self.calls().filter(|call| call.request_id().as_deref() == Some(id)).collect()
    }

    /// The readings of an order.
    pub fn readings_of(&self, order: &str) -> Vec<&Reading> {
        self.readings.iter().filter(|reading| reading.view.order == order).collect()
    }

    /// The last reading of an order.
    pub fn end_of(&self, order: &str) -> Option<&Reading> {
        self.readings_of(order).pop()
    }

    /// The reading that holds at a line: the last one before it.
    pub fn reading_at(&self, order: &str, line: u32) -> Option<&Reading> {
        self.readings_of(order).into_iter().rfind(|reading| reading.line < line)
    }

    /// The first line at which an order was in a state.
    pub fn first_in(&self, order: &str, state: OrderState) -> Option<&Reading> {
        self.readings_of(order).into_iter().find(|reading| reading.view.till == state)
    }

    /// What the closing look says about a payment: its inquiry about it.
    pub fn closing(&self, id: &str) -> Option<&Exchange> {
        self.own_calls()
            .filter(|call| call.request_id().as_deref() == Some(id))
            .find(|call| self.errand_of(call) == Some(Errand::ClosingLook))
    }

    /// The state that the closing look tells; `None` when there is no such order or no answer.
    pub fn closing_status(&self, id: &str) -> Option<PaymentStatus> {
        let answer = self.closing(id)?.answer_sent.as_ref()?;
        answer.payment_status().filter(|_| answer.verified == Some(Verified::Valid))
    }

    /// Whether the closing look knows a payment: a state, or that there is none.
    pub fn closing_knows(&self, id: &str) -> bool {
        let answer = self.closing(id).and_then(|call| call.answer_sent.as_ref());
        let missing = answer.is_some_and(Answer::knows_no_order);
        missing || self.closing_status(id).is_some()
    }

    /// How often and how much was debited for a payment.
    pub fn debits(&self, id: &str) -> Vec<Amount> {
        let debits = self.wallet.iter().flat_map(|statement| &statement.debits);
        debits.filter(|debit| debit.request_id == id).map(|debit| debit.amount).collect()
    }

    /// How often and how much was given back for a payment.
    pub fn credits(&self, id: &str) -> Vec<Amount> {
        let credits = self.wallet.iter().flat_map(|statement| &statement.credits);
        credits.filter(|credit| credit.request_id == id).map(|credit| credit.amount).collect()
    }

    /// Every payment request id that was used in a call which reached the gateway.
    pub fn ids_at_gateway(&self) -> BTreeSet<String> {
        self.at_gateway()
            .filter(|call| call.api == Some(Api::Pay))
            .filter_map(Exchange::request_id)
            .collect()
    }

    /// Whether the merchant refused to sell an order at all.
    pub fn refused(&self, order: &str) -> bool {
        self.acts_of("merchant-refused").iter().any(|act| act.text("order") == Some(order))
    }

    /// Acts of a name.
    pub fn acts_of(&self, what: &str) -> Vec<&Act> {
        self.acts.iter().filter(|act| act.what == what).collect()
    }
}

fn product_of(key: &CaseKey) -> Product {
    key.product.as_deref().and_then(|name| name.parse().ok()).unwrap_or_default()
}
