//! Checks of what messages say.

mod answers;
mod ill_formed;
mod links;
mod notices;
mod pay;
mod quote;
mod repeats;
mod transport;

pub(super) use answers::cancelled_at_gateway;
pub(super) use notices::owes_notice;
pub(super) use repeats::want_one_id;
