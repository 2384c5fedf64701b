//! Checks of what messages say.

mod answers;
mod notices;
mod pay;
mod repeats;
mod transport;
mod wants;

pub(super) use answers::{cancelled_at_gateway, want_closing};
pub(super) use notices::owes_notice;
pub(super) use repeats::want_one_id;
pub(super) use wants::{first_pay, want_result};
