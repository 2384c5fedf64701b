//! Cancelling a payment until it is certain what became of it.

use clock::Millis;
use evidence::OrderState;
use protocol::ams::{Api, Status, inquiry_body};

use crate::gateway::Heard;
use crate::order::Ticket;
use crate::reference::Reference;

/// How long an answer is waited for.
const PATIENCE: Millis = 5_000;
/// From the end of one try to the start of the next; after the last a person is called.
const WAITS: [Millis; 5] = [2_000, 3_000, 3_000, 5_000, 5_000];

impl Reference {
    /// Sends the same cancel until the gateway gives a final answer or the tries are used up. The
    /// attempt has to be marked as being cancelled.
    pub(crate) async fn cancel_until_sure(&self, ticket: &Ticket) {
        let body = inquiry_body(Some(&ticket.request_id), None).to_string();
        let mut waits = WAITS.into_iter();
        let state = loop {
            let heard = self.ask(Api::Cancel, &body, PATIENCE).await;
            if let Some(state) = self.judge_cancel(ticket, &heard) {
                break state;
            }
            let Some(wait) = waits.next() else { break OrderState::ForStaff };
            self.clock.sleep(wait).await;
        };
        self.books.end_cancel(ticket, state);
    }

    /// What the order becomes; `None` while that is unknown.
    fn judge_cancel(&self, ticket: &Ticket, heard: &Heard) -> Option<OrderState> {
        let Heard::Said(said) = heard else { return None };
        if !self.is_ours(ticket, said) {
            return None;
        }
        match said.outcome.status {
            Status::S => Some(OrderState::Cancelled),
            Status::U => None,
            // The payment never reached the gateway, so there is nothing to undo.
            Status::F if said.outcome.code == "ORDER_NOT_EXIST" => Some(OrderState::Failed),
            // Money may have moved and cannot be called back here.
            Status::F => Some(OrderState::ForStaff),
        }
    }
}
