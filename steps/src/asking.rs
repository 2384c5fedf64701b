//! Asking a person at the till, who is no adapter: as seldom as can be, and only when there may be
//! something new to tell.

use std::collections::BTreeMap;

use clock::Millis;
use evidence::{MerchantView, OrderView, RegistrationState, Way};
use merchant::DriverError;

use crate::live::Live;

/// How long nothing has to happen before a person is asked, so that one question is enough for all
/// that belongs together.
const QUIET: Millis = 6_000;
/// The same, where the person said that there was no end yet: what goes on in between is the
/// merchant's polling.
const PATIENCE: Millis = 25_000;
/// After how long a person is asked again although no message has passed: a till may give up by
/// itself. Each time it is twice as long.
const AGAIN: Millis = 120_000;

/// When a person was asked for what.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    orders: BTreeMap<String, Answer<OrderView>>,
    merchants: BTreeMap<String, Answer<MerchantView>>,
    /// When the clock was moved last.
    landed: Option<Millis>,
    /// Whether the scenario is over, so that what is new is asked for at once.
    at_the_end: bool,
}

/// What a person told, and how many messages there had been when the question was put.
#[derive(Debug, Clone)]
struct Answer<V> {
    messages: usize,
    view: Option<V>,
    /// When it was told.
    at: Millis,
    /// How often nothing had passed since the answer before.
    again: u32,
}

impl Asked {
    /// Notes that the clock was moved: what falls due then has still to happen.
    pub(crate) fn landed(&mut self, now: Millis) {
        self.landed = Some(now);
    }
}

impl Live {
    /// How an order is: asked of whatever drives the merchant, and of a person where there may be
    /// news.
    pub(crate) async fn order_now(
        &mut self,
        order: &str,
    ) -> Result<Option<OrderView>, DriverError> {
        if !self.merchant.is_by_hand() {
            return self.merchant.order(order).await;
        }
        if let Some(view) = self.merchant.told_along(order) {
            // Whatever has passed since the task began may have changed it.
            let answer =
                Answer { messages: 0, view: Some(view.clone()), at: self.clock.now(), again: 0 };
            self.asked.orders.insert(order.to_owned(), answer);
            return Ok(Some(view));
        }
        let known = self.asked.orders.get(order).cloned();
        let ended = known.as_ref().and_then(|answer| answer.view.as_ref());
        let ended = ended.is_some_and(|view| view.till.is_final());
        if self.so_far().refused(order) || !self.is_news(known.as_ref(), ended) {
            return Ok(known.and_then(|answer| answer.view));
        }
        let messages = self.messages();
        let view = self.merchant.order(order).await?;
        let answer = self.answer(known.as_ref(), messages, view.clone());
        self.asked.orders.insert(order.to_owned(), answer);
        Ok(view)
    }

    /// How a secondary merchant is, likewise.
    pub(crate) async fn merchant_now(
        &mut self,
        id: &str,
    ) -> Result<Option<MerchantView>, DriverError> {
        if !self.merchant.is_by_hand() {
            return self.merchant.merchant(id).await;
        }
        let known = self.asked.merchants.get(id).cloned();
        let ended = known.as_ref().and_then(|answer| answer.view.as_ref());
        let ended = ended.is_some_and(|view| view.state != RegistrationState::Pending);
        if !self.is_news(known.as_ref(), ended) {
            return Ok(known.and_then(|answer| answer.view));
        }
        let messages = self.messages();
        let view = self.merchant.merchant(id).await?;
        let answer = self.answer(known.as_ref(), messages, view.clone());
        self.asked.merchants.insert(id.to_owned(), answer);
        Ok(view)
    }

    /// Reads everything once more when the scenario is over, so that the end is never an inference.
    pub(crate) async fn read_a_last_time(&mut self) {
        self.views.clear();
        self.merchant_views.clear();
        self.asked.at_the_end = true;
        self.rest().await;
    }

    fn answer<V>(&self, before: Option<&Answer<V>>, messages: usize, view: Option<V>) -> Answer<V> {
        let same = before.filter(|answer| answer.messages == messages);
        let again = same.map_or(0, |answer| answer.again.saturating_add(1).min(8));
        Answer { messages, view, at: self.clock.now(), again }
    }

    /// Whether a person is asked again: messages have passed since, and for a while nothing has
    /// happened; or what has no end yet was not looked at for long.
    fn is_news<V>(&self, known: Option<&Answer<V>>, ended: bool) -> bool {
        if self.is_over() {
            return false;
        }
        let passed = self.messages() > known.map_or(0, |answer| answer.messages);
        if self.asked.at_the_end {
            return passed || !ended;
        }
        let now = self.clock.now();
        let landed = self.asked.landed.unwrap_or_default();
        if !passed {
            let due = known.map(|answer| landed.max(answer.at) + (AGAIN << answer.again));
            return !ended && due.is_some_and(|due| now >= due);
        }
        let last = self.recorder.look(0, |entries| {
            let messages = entries.iter().rev().find(|entry| entry.event.message().is_some());
            messages.map(|entry| entry.at)
        });
        let first = known.is_none_or(|answer| answer.messages == 0);
        let wait = if ended || first { QUIET } else { PATIENCE };
        now - last.unwrap_or_default().max(landed) >= wait
    }

    /// How many messages the merchant had a part in. The runner's own calls tell a till nothing.
    fn messages(&self) -> usize {
        self.recorder.look(0, |entries| {
            let messages = entries.iter().filter_map(|entry| entry.event.message());
            messages.filter(|message| message.way == Way::Notice || !message.own).count()
        })
    }

    /// Records what was attached meanwhile.
    pub(crate) fn record_attachments(&self) {
        for attachment in self.merchant.attached() {
            self.recorder.append(self.clock.now(), attachment.event());
        }
    }
}
