//! Sittings: a scenario that waits for what nobody can order is left, and goes on in another sitting
//! of its run.

use clock::Millis;
use evidence::{Blob, Entry, Leg, Pause, Until};
use protocol::Day;

use crate::live::{Live, Sold};

/// How far the steps of a scenario are that act.
#[derive(Debug, Default)]
pub(crate) struct Sitting {
    /// How many have begun, those of earlier sittings included.
    begun: u32,
    /// How many were done in earlier sittings.
    done: u32,
    /// What is waited for, where nothing more happens in this one.
    waits: Option<Pause>,
    /// Which of them waited last in an earlier sitting, and so begins again.
    again: Option<u32>,
}

impl Live {
    /// Counts a Given or When step that begins, and answers whether it acts: not where it was done in
    /// an earlier sitting, and not where the scenario waits.
    pub(crate) fn begins(&mut self) -> bool {
        self.sitting.begun += 1;
        self.sitting.begun > self.sitting.done && self.sitting.waits.is_none()
    }

    /// How many steps have begun that act, those of earlier sittings included.
    pub(crate) fn begun(&self) -> u32 {
        self.sitting.begun
    }

    /// What the scenario waits for.
    pub(crate) fn waits(&self) -> Option<Pause> {
        self.sitting.waits.clone()
    }

    /// Whether the step that acts now has waited in an earlier sitting: what comes before its waiting
    /// is done.
    pub(crate) fn begins_again(&self) -> bool {
        self.sitting.again.is_some_and(|acts| acts + 1 == self.sitting.begun)
    }

    /// Leaves the scenario until something has happened at the gateway. The step that waits for it
    /// begins again.
    pub(crate) async fn pause(&mut self, until: Until) {
        self.rest().await;
        let acts = self.sitting.begun.saturating_sub(1);
        let pause = Pause { acts, until };
        self.recorder.pause(self.clock.now(), &pause);
        self.sitting.waits = Some(pause);
    }

    /// The day that an earlier sitting has waited for.
    pub(crate) fn awaited_day(&self) -> Option<Day> {
        self.recorder.look(0, |entries| {
            let mut told = entries.iter().rev().filter_map(|entry| Pause::told(&entry.event));
            told.find_map(|pause| match pause?.until {
                Until::Files { day, .. } => Some(day),
                Until::Reviews { .. } => None,
            })
        })
    }

    /// Goes on where an earlier sitting has left the scenario: whoever was on its stage knows again
    /// what its record tells.
    pub(crate) fn go_on(&mut self, before: &[Entry]) {
        let Some(Some(pause)) = before.last().and_then(|last| Pause::told(&last.event)) else {
            return;
        };
        self.sitting.done = pause.acts;
        self.sitting.again = Some(pause.acts);
        let mut last = 0;
        for message in before.iter().filter_map(|entry| entry.event.message()) {
            last = last.max(message.exchange);
            let Some(bytes) = &message.bytes else { continue };
            self.learn(message.leg, bytes);
        }
        self.witness.goes_on_after(last);
        let seen = self.so_far();
        for sale in seen.sales() {
            let Some(order) = sale.text("order").map(str::to_owned) else { continue };
            let (wallet, at, mood) = (String::new(), sale.at, self.mood);
            self.sold.push(Sold { order, wallet, at, mood, met: true });
        }
        for reading in &seen.readings {
            self.views.insert(reading.view.order.clone(), reading.view.clone());
        }
        for act in seen.acts_of("registers") {
            let Some(id) = act.text("merchant").map(str::to_owned) else { continue };
            if !self.secondary.contains(&id) {
                self.secondary.push(id);
            }
        }
        for reading in &seen.merchants {
            self.merchant_views.insert(reading.view.id.clone(), reading.view.clone());
        }
    }

    fn learn(&self, leg: Leg, bytes: &Blob) {
        match leg {
            Leg::CallSent | Leg::CallReceived => self.witness.learn_call(bytes),
            Leg::AnswerSent | Leg::AnswerReceived => self.witness.learn_answer(bytes),
        }
    }

    /// When the last order was sold.
    pub(crate) fn last_sale(&self) -> Option<Millis> {
        self.sold.last().map(|sold| sold.at)
    }
}
