//! The end of a scenario: the closing look, and the record is closed.

use evidence::words::RULES_ENDED;
use evidence::{Event, Party};

use crate::errand::Errand;
use crate::live::Live;

impl Live {
    /// The end: everything settles, the gateway and the wallets say what the money did, the orders
    /// are read a last time, and the record is closed.
    pub(crate) async fn close(&mut self) {
        if self.recorder.is_closed() {
            return;
        }
        if !self.is_over() {
            self.settle().await;
        }
        self.witness.heal();
        // What was seen before and after would be told as seen under one set of rules.
        if self.bent_until.is_some_and(|until| self.clock.now() >= until) {
            self.broken(Party::Environment, RULES_ENDED.plain());
        }
        if self.control.is_there() {
            let cleared = self.control.clear_rules().await;
            self.sure(cleared);
        }
        for id in self.payment_ids() {
            self.own_inquiry(Errand::ClosingLook, &id).await;
        }
        for id in self.so_far().all_refund_ids() {
            self.own_refund_inquiry(Errand::ClosingLook, &id).await;
        }
        self.look_at_registrations().await;
        if self.control.is_there() {
            let statement = self.control.statement().await;
            if let Some(statement) = self.sure(statement).map(|all| self.since_it_began(all)) {
                self.recorder.append(self.clock.now(), Event::Wallet(statement));
            }
        }
        self.read_a_last_time().await;
        let server_panics = self.servers.iter_mut().flat_map(wire::Server::panics);
        let panics: Vec<_> = self.clock.panics().into_iter().chain(server_panics).collect();
        for panic in panics {
            self.broken(Party::Runner, panic);
        }
        self.recorder.append(self.clock.now(), Event::Closed);
    }

    /// Every payment request id that was used, by the merchant or on the way to the gateway.
    fn payment_ids(&self) -> Vec<String> {
        let seen = self.so_far();
        let mut ids: Vec<String> = vec![];
        for order in seen.orders() {
            ids.extend(seen.ids_of(order));
        }
        ids.extend(seen.ids_at_gateway());
        let mut once = vec![];
        ids.retain(|id| {
            let first = !once.contains(id);
            once.push(id.clone());
            first
        });
        ids
    }
}
