//! In-store refunds: `spot.refund` and the query about it.

use crate::defect::Defect;
use crate::legacy::gateway::{Business, Heard, SYSTEM_ERROR, Said, says_missing};
use crate::reference::Reference;
use crate::refund::{Known, PATIENCE};
use crate::slip::RefundTicket;

/// Codes of a merchant without enough money of its own to give back.
pub(super) const NO_FUNDS: [&str; 2] = ["MERCHANT_BALANCE_NOT_ENOUGH", "SELLER_BALANCE_NOT_ENOUGH"];
/// The code of a refund at once in the hours of the night in which there is none.
const RESTS: &str = "EXTERFACE_IS_CLOSED";

impl Reference {
    /// Asks for the refund, for the first time or once more, each time unchanged.
    pub(crate) async fn send_spot_refund(&self, ticket: &RefundTicket, again: bool) -> Known {
        self.switch.strikes(Defect::LegOneRefundId);
        let heard = self.send(&self.refund_form(ticket), PATIENCE).await;
        match heard {
            Heard::Said(said)
                if self.is_about(ticket, &said, said.result() == Business::Success) =>
            {
                self.judge_refunded(ticket, &said)
            }
            Heard::Refused { error, .. } if error == RESTS => Known::Resting,
            Heard::Refused { error, .. } if error != SYSTEM_ERROR && !again => Known::Refused,
            // That a repeat is refused says nothing of the call before it.
            Heard::Refused { .. } | Heard::Said(_) | Heard::Taken | Heard::Nothing => Known::Again,
            Heard::Unsent => Known::Refused,
        }
    }

    fn judge_refunded(&self, ticket: &RefundTicket, said: &Said) -> Known {
        let error = said.error();
        match said.result() {
            Business::Success => self.take_refund_success(ticket),
            _ if self.switch.strikes(Defect::LegRefundResultUnread) => Known::Done,
            Business::Unknown => Known::Again,
            Business::Fail if error == SYSTEM_ERROR => Known::Again,
            Business::Fail if NO_FUNDS.contains(&error) => Known::NoFunds,
            Business::Fail => Known::Refused,
        }
    }

    /// With `is_sync=Y` the money is back; otherwise the wish was taken down and no more.
    fn take_refund_success(&self, ticket: &RefundTicket) -> Known {
        let later = self.setup.habits.async_refunds;
        if later && !self.switch.strikes(Defect::LegAcceptedIsRefunded) {
            return Known::Accepted;
        }
        self.went_back(ticket)
    }

    /// Asks what became of a refund.
    pub(crate) async fn query_refund(&self, ticket: &RefundTicket) -> Known {
        let heard = self.send(&self.refund_query_form(ticket), PATIENCE).await;
        let Heard::Said(said) = heard else { return Known::Accepted };
        if !self.is_about(ticket, &said, false) {
            return Known::Accepted;
        }
        match (said.get("response_code"), said.get("refund_result_code")) {
            (Some("SUCCESS"), Some("SUCCESS")) => self.went_back(ticket),
            (Some("SUCCESS"), Some("FAILED" | "CANCELED")) => {
                let error = said.get("refund_error_code").unwrap_or_default();
                if NO_FUNDS.contains(&error) { Known::NoFunds } else { Known::Refused }
            }
            (Some(code), _) if code == "NOT_FOUND" || says_missing(code) => Known::Missing,
            (_, _) => Known::Accepted,
        }
    }

    fn went_back(&self, ticket: &RefundTicket) -> Known {
        self.books.learn_refund(&ticket.request_id, None, Some(self.clock.now()));
        Known::Done
    }

    /// Whether an answer is about our refund: it names no other number and no other amount. A
    /// success has to name ours; what else a query's answer names is not documented.
    fn is_about(&self, ticket: &RefundTicket, said: &Said, needed: bool) -> bool {
        let refund = self.refund_number(ticket);
        let numbers = [
            ("partner_refund_id", &refund),
            ("out_return_no", &refund),
            ("partner_trans_id", &ticket.payment_request_id),
            ("out_trade_no", &ticket.payment_request_id),
        ];
        let mut told = numbers.iter().filter_map(|(name, ours)| Some((said.get(name)?, *ours)));
        let amount = said.amount("refund_amount").is_none_or(|told| told == Ok(ticket.amount));
        let named = told.clone().next().is_some();
        (named || !needed) && amount && told.all(|(told, ours)| told == ours)
    }
}
