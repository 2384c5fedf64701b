//! Website refunds: `forex_refund`, whose end a notice tells.

use crate::cashier::Device;
use crate::defect::Defect;
use crate::legacy::gateway::{Heard, SYSTEM_ERROR};
use crate::legacy::refund::NO_FUNDS;
use crate::reference::Reference;
use crate::refund::{Known, PATIENCE};
use crate::slip::RefundTicket;

impl Reference {
    /// Asks for the refund, for the first time or once more, each time unchanged.
    pub(crate) async fn send_forex_refund(
        &self,
        ticket: &RefundTicket,
        device: Device,
        again: bool,
    ) -> Known {
        let now = self.clock.now();
        let turn = if again { self.books.refund_turn(now) } else { ticket.asked_at };
        if turn > now && !self.switch.strikes(Defect::LegForexBurst) {
            self.clock.sleep_until(turn).await;
        }
        match self.send(&self.forex_refund_form(ticket, device), PATIENCE).await {
            Heard::Taken if self.switch.strikes(Defect::LegForexBareFailed) => Known::Refused,
            Heard::Refused { error, .. } if error == SYSTEM_ERROR => Known::Again,
            Heard::Refused { error, .. } if NO_FUNDS.contains(&error.as_str()) => Known::NoFunds,
            Heard::Refused { .. } if !again => Known::Refused,
            Heard::Refused { .. } if self.switch.strikes(Defect::LegForexRepeatFailed) => {
                Known::Refused
            }
            // That the wish was taken is no failure, and not yet a refund. Where a repeat is
            // refused, the call before it may have worked: a notice tells, or a person finds out.
            Heard::Taken | Heard::Said(_) | Heard::Refused { .. } => Known::Accepted,
            Heard::Nothing => Known::Again,
            Heard::Unsent => Known::Refused,
        }
    }
}
