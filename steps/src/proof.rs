//! One sale before anything is played: whether an integrator's system can be tested at all, and
//! whether its calls tell which order they are about.

use std::sync::atomic::Ordering;

use evidence::words::{GATEWAY_UNARRANGED, Place};
use evidence::{CaseKey, Event, OrderState, Party, Recorder};
use merchant::Habits;
use protocol::Amount;
use serde_json::Value;

use crate::sale::GOODS;
use crate::tested::Integrator;
use crate::{Backstage, Product, Stage, StageError};

/// The price of the sale.
const PRICE: &str = "USD 1.00";
/// How long its first call is waited for, in milliseconds.
const CALL: clock::Millis = 30_000;
/// How long it may take to be paid.
const END: clock::Millis = 20_000;

/// How long its notice is waited for.
const LATE: clock::Millis = 2_500;

/// What the sale showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    /// The first call carries the order's reference.
    Carried,
    /// It does not: scenarios can only play one after the other.
    NotCarried,
    /// The merchant took the sale, and no call came to the witness: nothing, or what is none.
    NoCall(Option<Place>),
    /// The merchant took the sale and does not know the order afterwards.
    NoOrder,
    /// It has no operation that every case needs.
    Lacks(Place),
    /// It cannot be asked, or did not take the sale.
    Broken(Place),
}

/// What the trial sale is for, which is made before anything is played.
pub fn trial_price() -> Option<Amount> {
    Amount::from_price(PRICE).ok()
}

impl Backstage {
    /// Sells one thing through a product, in the name of a case and outside every record. The
    /// system is alone on the witness meanwhile.
    ///
    /// # Errors
    /// When no stage could be set.
    pub async fn prove(
        &self,
        own: &Integrator,
        key: &CaseKey,
        product: Product,
    ) -> Result<Proof, StageError> {
        own.carries_orders.store(false, Ordering::SeqCst);
        let mut stage = Stage::default();
        // Scenarios count their attempts from 1, so that none has the orders of this one.
        let recorder = Recorder::detached(key.clone(), 0);
        let habits = Habits { async_refunds: false, barcode_notices: false };
        // What the run's own rules bend is the cases, and not whether they can be played.
        let unbent = Self { rules: vec![], ..self.clone() };
        unbent.open(&mut stage, key, product, recorder, (0, habits)).await?;
        let proof = sell(&mut stage).await;
        stage.leave().await;
        own.carries_orders.store(proof == Proof::Carried, Ordering::SeqCst);
        Ok(proof)
    }
}

async fn sell(stage: &mut Stage) -> Proof {
    let unarranged = || Proof::Broken(GATEWAY_UNARRANGED.plain().into());
    let Some((live, price)) = stage.live().zip(trial_price()) else {
        return unarranged();
    };
    let order = live.sell(price, GOODS).await;
    live.until_within(CALL, |live| {
        live.so_far().calls().next().is_some() || broken(&live.recorder).is_some()
    })
    .await;
    if let Some(proof) = broken(&live.recorder) {
        return proof;
    }
    let Some(order) = order else { return unarranged() };
    let seen = live.so_far();
    let Some(call) = seen.calls().next() else {
        return Proof::NoCall(instead(&live.recorder));
    };
    let Some(shown) = live.state_of(&order) else { return Proof::NoOrder };
    let carried = call.sent.as_ref().is_some_and(|sent| carries(&sent.blob, &order));
    if !shown.is_final() {
        let mine = order.clone();
        // What it comes to is not judged here; whoever needs longer goes on by itself.
        live.until_within(END, move |live| live.state_of(&mine).is_some_and(OrderState::is_final))
            .await;
    }
    // Its notice comes a little later, and is nobody's once this is over.
    live.pass(LATE).await;
    if carried { Proof::Carried } else { Proof::NotCarried }
}

/// Whether a call has the order's reference somewhere, as it stands or percent-encoded: it has
/// letters, digits and dashes alone.
fn carries(call: &evidence::Blob, order: &str) -> bool {
    let holds = |bytes: &[u8]| bytes.windows(order.len()).any(|part| part == order.as_bytes());
    holds(&call.head) || holds(&call.body)
}

/// What came last in place of a call, as the record says it.
pub(crate) fn instead(recorder: &Recorder) -> Option<Place> {
    let mut found = None;
    recorder.look(0, |entries| {
        found = entries.iter().rev().find_map(|entry| {
            let Event::Did { what, facts } = &entry.event else { return None };
            let is_none = matches!(what.as_str(), "unreadable" | "cut-off" | "said-nothing");
            let is_call = facts.get("way").and_then(Value::as_str) == Some("call");
            let says = facts.get("says").filter(|_| is_none && is_call)?;
            serde_json::from_value(says.clone()).ok()
        });
    });
    found
}

/// Why the sale broke off, if it did.
fn broken(recorder: &Recorder) -> Option<Proof> {
    let mut found = None;
    recorder.look(0, |entries| {
        found = entries.iter().find_map(|entry| match &entry.event {
            Event::Broken { by: Party::Merchant, why } => Some(Proof::Lacks(why.clone())),
            Event::Broken { why, .. } => Some(Proof::Broken(why.clone())),
            Event::Did { what, facts } if what == "merchant-refused" => {
                let why = facts.get("why").and_then(Value::as_str).unwrap_or_default();
                Some(Proof::Broken(why.into()))
            }
            Event::Did { .. }
            | Event::Arranged { .. }
            | Event::Message(_)
            | Event::Order(_)
            | Event::Merchant(_)
            | Event::Reconciliation { .. }
            | Event::Wallet(_)
            | Event::Closed => None,
        });
    });
    found
}
