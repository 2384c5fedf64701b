//! What checks of several suites want: of a message, of the order, of the wallet, of the closing
//! look. Each takes a finding and adds what did not hold.

mod calls;
mod closing;
mod message;
mod money;
mod notice;
mod order;
mod refund;

pub(crate) use calls::{cancels, last_cancel, no_calls, polls};
pub(crate) use closing::want_closing;
pub(crate) use message::{
    first_pay, four_digits, has_offset, want_field, want_form, want_refusal, want_result,
};
pub(crate) use money::{ids, price, want_debits, want_debits_at_most_one, want_given_back};
pub(crate) use notice::{planted, want_ack};
pub(crate) use order::{
    end, want_booked_once, want_end, want_late_approval_refused, want_never_paid,
    want_none_created, want_nothing_offered, want_offer_ended, want_paid,
};
pub(crate) use refund::{
    list, refunds, want_closing_refunds, want_credits, want_listed, want_refunded,
    want_refunds_proved, want_slip, wishes,
};
