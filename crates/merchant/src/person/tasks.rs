//! The tasks of the person at the till, in words.

use evidence::words::{self as say, Phrase, Sentence};
use evidence::{OrderState, RefundState, RegistrationState};

use super::{Field, Form, Task};
use crate::driver::{CancelOrder, Charge, Present, RefundOrder, Register, Return};

/// What the till shows.
pub(super) const TILL: &str = "till";
/// What the back office has booked.
pub(super) const BACK_OFFICE: &str = "back-office";
/// Each booking of money received.
pub(super) const BOOKINGS: &str = "bookings";
/// How much was given back.
pub(super) const REFUNDED: &str = "refunded";
/// What a buyer is shown: a code or an address.
pub(super) const SHOWN: &str = "shown";
/// Whether a buyer is still offered it.
pub(super) const OFFERED: &str = "offered";
/// The word for no.
pub(super) const NO: &str = "no";
/// What the merchant's own page says.
pub(super) const PAGE: &str = "page";
/// How far a registration is.
pub(super) const STATE: &str = "state";
/// The wallets that take a secondary merchant.
pub(super) const WALLETS: &str = "wallets";
/// Why something was refused.
pub(super) const REASON: &str = "reason";
/// The merchant knows nothing of the kind.
pub(super) const UNKNOWN: &str = "unknown";

const ORDER_STATES: [(OrderState, &Sentence); 5] = [
    (OrderState::Waiting, &say::PERSON_WAITING),
    (OrderState::Paid, &say::PERSON_PAID),
    (OrderState::Failed, &say::PERSON_FAILED),
    (OrderState::Cancelled, &say::PERSON_CANCELLED),
    (OrderState::ForStaff, &say::PERSON_FOR_STAFF),
];

const REFUND_STATES: [(RefundState, &Sentence); 4] = [
    (RefundState::Pending, &say::REFUND_PENDING),
    (RefundState::Refunded, &say::REFUND_REFUNDED),
    (RefundState::Refused, &say::REFUND_REFUSED),
    (RefundState::ForStaff, &say::REFUND_FOR_STAFF),
];

const REGISTRATION_STATES: [(RegistrationState, &Sentence); 5] = [
    (RegistrationState::Pending, &say::REGISTRATION_PENDING),
    (RegistrationState::Approved, &say::REGISTRATION_APPROVED),
    (RegistrationState::Rejected, &say::REGISTRATION_REJECTED),
    (RegistrationState::Refused, &say::REGISTRATION_REFUSED),
    (RegistrationState::Unregistered, &say::REGISTRATION_UNREGISTERED),
];

/// The state of an order by its word.
pub(super) fn order_state(word: &str) -> Option<OrderState> {
    ORDER_STATES.iter().map(|(state, _)| *state).find(|state| state.name() == word)
}

/// The state of a refund by its word.
pub(super) fn refund_state(word: &str) -> Option<RefundState> {
    REFUND_STATES.iter().map(|(state, _)| *state).find(|state| state.name() == word)
}

/// The state of a registration by its word.
pub(super) fn registration_state(word: &str) -> Option<RegistrationState> {
    REGISTRATION_STATES.iter().map(|(state, _)| *state).find(|state| state.name() == word)
}

fn choice(label: &Sentence, name: &str, words: Vec<(String, Phrase)>) -> Field {
    Field { name: name.to_owned(), label: label.plain(), form: Form::Choice(words) }
}

fn order_states(label: &Sentence, name: &str, may_be_unknown: bool) -> Field {
    let mut words: Vec<_> =
        ORDER_STATES.iter().map(|(state, says)| (state.name().to_owned(), says.plain())).collect();
    if may_be_unknown {
        words.push((UNKNOWN.to_owned(), say::PERSON_NO_ORDER.plain()));
    }
    choice(label, name, words)
}

fn text(label: &Sentence, name: &str) -> Field {
    Field { name: name.to_owned(), label: label.plain(), form: Form::Text }
}

fn act(about: &str, instruction: &Sentence, expected: &Sentence) -> Task {
    Task {
        about: about.to_owned(),
        instruction: instruction.plain(),
        particulars: vec![],
        picture: None,
        expected: expected.plain(),
        fields: vec![],
        acts: true,
    }
}

impl Task {
    fn with(mut self, label: &Sentence, value: &str) -> Self {
        if !value.is_empty() {
            self.particulars.push((label.plain(), value.to_owned()));
        }
        self
    }

    /// Ring an order up, and scan the buyer's code.
    pub(super) fn charge(about: &str, order: &Charge) -> Self {
        let task = act(about, &say::PERSON_CHARGE, &say::PERSON_CHARGE_EXPECTS)
            .with(&say::PERSON_ORDER, &order.order)
            .with(&say::PERSON_AMOUNT, &order.amount.to_string())
            .with(&say::PERSON_TEXT, &order.text)
            .with(&say::PERSON_STORE, &order.store)
            .with(&say::PERSON_CODE, &order.code);
        Self { picture: Some(order.code.clone()), ..task }
    }

    /// Show an order to a buyer who pays it with a wallet.
    pub(super) fn present(about: &str, order: &Present) -> Self {
        let task = act(about, &say::PERSON_PRESENT, &say::PERSON_PRESENT_EXPECTS)
            .with(&say::PERSON_ORDER, &order.order)
            .with(&say::PERSON_AMOUNT, &order.amount.to_string())
            .with(&say::PERSON_TEXT, &order.text)
            .with(&say::PERSON_STORE, &order.store)
            .with(&say::PERSON_DEVICE, order.device.as_deref().unwrap_or_default())
            .with(&say::PERSON_AGENT, order.user_agent.as_deref().unwrap_or_default());
        let at_the_till = order.device.is_none() && order.user_agent.is_none();
        let label = if at_the_till { &say::PERSON_SHOWN_CODE } else { &say::PERSON_SHOWN_LINK };
        Self { fields: vec![text(label, SHOWN)], ..task }
    }

    /// Open the page that a buyer comes back to.
    pub(super) fn open_return(about: &str, page: &Return) -> Self {
        let task = act(about, &say::PERSON_RETURN, &say::PERSON_RETURN_EXPECTS)
            .with(&say::PERSON_ADDRESS, &page.url);
        Self { fields: vec![order_states(&say::PERSON_PAGE, PAGE, true)], ..task }
    }

    /// Cancel an order as a whole.
    pub(super) fn cancel(about: &str, order: &CancelOrder) -> Self {
        act(about, &say::PERSON_CANCEL, &say::PERSON_CANCEL_EXPECTS)
            .with(&say::PERSON_ORDER, &order.order)
    }

    /// Give money back.
    pub(super) fn refund(about: &str, refund: &RefundOrder) -> Self {
        act(about, &say::PERSON_REFUND, &say::PERSON_REFUND_EXPECTS)
            .with(&say::PERSON_ORDER, &refund.order)
            .with(&say::PERSON_SLIP, &refund.slip)
            .with(&say::PERSON_AMOUNT, &refund.amount.to_string())
            .with(&say::PERSON_REASON, &refund.reason)
    }

    /// Register a secondary merchant.
    pub(super) fn register(about: &str, wish: &Register) -> Self {
        let mut task = act(about, &say::PERSON_REGISTER, &say::PERSON_REGISTER_EXPECTS)
            .with(&say::PERSON_MERCHANT, &wish.id)
            .with(&say::PERSON_NAME, &wish.name)
            .with(&say::PERSON_MCC, &wish.mcc)
            .with(&say::PERSON_PLACE, &wish.address)
            .with(&say::PERSON_CONTACT, &wish.contact)
            .with(&say::PERSON_WEBSITE, &wish.website)
            .with(&say::PERSON_SITES, &wish.sites.join(", "))
            .with(&say::PERSON_COUNTRY, wish.country.as_deref().unwrap_or_default());
        for store in &wish.stores {
            let parts = [&store.id, &store.name, &store.mcc, &store.terminal];
            task = task.with(&say::PERSON_OF_STORE, &parts.map(String::as_str).join(" · "));
            for driver in &store.drivers {
                let parts = [&driver.id, &driver.name, &driver.contact];
                task = task.with(&say::PERSON_TAXI, &parts.map(String::as_str).join(" · "));
            }
        }
        task
    }

    /// Attach pictures of what the buyer saw.
    pub(super) fn pictures(about: &str) -> Self {
        act(about, &say::PERSON_PICTURES, &say::PERSON_PICTURES_EXPECTS)
    }

    /// Look at an order; `slips` are the return slips that were written for it, and `offers` says that
    /// a buyer was offered a code or a page.
    pub(super) fn order(
        about: &str,
        order: &str,
        currency: &str,
        slips: &[RefundOrder],
        offers: bool,
    ) -> Self {
        let amounts = |label: &Sentence, name: &str| Field {
            name: name.to_owned(),
            label: label.plain(),
            form: Form::Amounts { currency: currency.to_owned() },
        };
        let mut fields = vec![
            order_states(&say::PERSON_TILL, TILL, true),
            order_states(&say::PERSON_BACK_OFFICE, BACK_OFFICE, true),
            amounts(&say::PERSON_BOOKINGS, BOOKINGS),
        ];
        if offers {
            let words = [("yes", &say::PERSON_YES), (NO, &say::PERSON_NO)];
            let words = words.map(|(word, says)| (word.to_owned(), says.plain()));
            fields.push(choice(&say::PERSON_OFFERED, OFFERED, words.into()));
        }
        for refund in slips {
            let states = REFUND_STATES.iter();
            let words = states.map(|(state, says)| (state.name().to_owned(), says.plain()));
            let mut words: Vec<_> = words.collect();
            words.push((UNKNOWN.to_owned(), say::PERSON_NO_SLIP.plain()));
            fields.push(Field {
                name: refund.slip.clone(),
                label: say::PERSON_SLIP_STATE.with([&refund.slip, &refund.amount.to_string()]),
                form: Form::Choice(words),
            });
        }
        if !slips.is_empty() {
            fields.push(amounts(&say::PERSON_REFUNDED, REFUNDED));
        }
        let task = act(about, &say::PERSON_LOOK, &say::PERSON_LOOK_EXPECTS)
            .with(&say::PERSON_ORDER, order);
        Self { fields, acts: false, ..task }
    }

    /// Look at a secondary merchant.
    pub(super) fn merchant(about: &str, id: &str) -> Self {
        let states = REGISTRATION_STATES.iter();
        let words = states.map(|(state, says)| (state.name().to_owned(), says.plain()));
        let mut words: Vec<_> = words.collect();
        words.push((UNKNOWN.to_owned(), say::PERSON_NO_MERCHANT.plain()));
        let fields = vec![
            choice(&say::PERSON_REGISTRATION, STATE, words),
            text(&say::PERSON_WALLETS, WALLETS),
            text(&say::PERSON_WHY, REASON),
        ];
        let task = act(about, &say::PERSON_LOOK_MERCHANT, &say::PERSON_LOOK_EXPECTS)
            .with(&say::PERSON_MERCHANT, id);
        Self { fields, acts: false, ..task }
    }
}
