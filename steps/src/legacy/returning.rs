//! The browser of a buyer who is a person: the gateway sends it back to the shop by itself. A shop names
//! the witness as the place to come back to, which holds back whatever a case wants to come later.

use clock::Millis;
use evidence::{Party, target_of, words as say};
use witness::{Effect, Hold, Match};

use super::browsing::GoesBack;
use crate::live::Live;
use crate::readings::Offer;
use crate::seen::Exchange;

/// How long a person is waited for, in milliseconds.
const COMES_WITHIN: Millis = 10 * 60_000;
/// How far apart a notification and a browser may come that the gateway sends together, in milliseconds.
const TOGETHER: Millis = 5_000;

impl Live {
    /// Lets a person's browser come back before the notification, or after it.
    pub(super) async fn person_goes_back(&mut self, order: &str, when: GoesBack) {
        let gate = self.gate("let-through");
        let held = Effect::HoldCall(Hold::Until(gate.clone()));
        match when {
            GoesBack::Before => self.plant("notice-held-back", Match::notices(), held),
            GoesBack::After => self.plant("return-held-back", Match::returns(), held),
        }
        let mine = order.to_owned();
        if when == GoesBack::After && self.returned(order, false).await {
            self.until(move |live| live.noticed(&mine)).await;
            gate.open();
        }
        self.returned(order, true).await;
        // Whoever waits behind it comes now, also where nobody came back.
        gate.open();
        self.rest().await;
    }

    /// Waits until a person's browser has come back with what the gateway says of an order, and was
    /// answered by the shop where that is wanted. Where none comes, nobody is blamed.
    pub(super) async fn returned(&mut self, order: &str, answered: bool) -> bool {
        let mine = order.to_owned();
        let came = self
            .until_within(COMES_WITHIN, move |live| {
                let seen = live.so_far();
                let mut told = seen.returns_of(&mine);
                told.any(|told| !answered || told.answer_sent.is_some())
            })
            .await;
        if !came {
            self.broken(Party::Environment, say::BUYER_NOT_BACK.with([order]));
        }
        came
    }

    /// Waits until the gateway has told of an order whose buyer was to close the browser. Where that came
    /// back all the same, the case is not what it is about, and nobody is blamed.
    pub(super) async fn person_stays_away(&mut self, order: &str) {
        let mine = order.to_owned();
        self.until_within(COMES_WITHIN, move |live| live.noticed(&mine)).await;
        // A gateway tells both at about the same moment.
        self.pass(TOGETHER).await;
        if self.so_far().returns_of(order).next().is_some() {
            self.broken(Party::Environment, say::BUYER_CAME_BACK.plain());
        }
    }

    /// The genuine return of an order that a person's browser has carried back: the address of the page.
    pub(super) async fn seen_return(&mut self, order: &str) -> Option<String> {
        if !self.returned(order, true).await {
            return None;
        }
        let seen = self.so_far();
        let told = seen.returns_of(order).next()?;
        let target = target_of(&told.sent.as_ref()?.blob.head)?;
        let pay = seen.pays_for(order).pop()?;
        let (scheme, rest) = pay.parameter("return_url")?.split_once("://")?;
        let host = rest.split(['/', '?']).next().unwrap_or_default();
        Some(format!("{scheme}://{host}{target}"))
    }

    /// Has a person go where the shop sends the browser, and waits until that is done.
    pub(super) async fn person_follows(&mut self, order: &str, offer: &Offer) {
        let visits = |live: &Self| live.so_far().acts_of("buyer-opens").len();
        let before = visits(self);
        self.offer_to_person(order, self.mood, offer);
        self.until_within(COMES_WITHIN, move |live| visits(live) > before).await;
    }
}

impl crate::Seen {
    /// What buyers' browsers carried back to the shop about an order.
    pub(super) fn returns_of(&self, order: &str) -> impl Iterator<Item = &Exchange> {
        let ids = self.ids_of(order);
        self.returns().filter(move |told| told.request_id().is_some_and(|id| ids.contains(&id)))
    }
}
