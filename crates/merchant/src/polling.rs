//! Asking for the state of a payment until it is known or the plan is used up.

use clock::Millis;
use evidence::OrderState;
use protocol::ams::{Api, PaymentStatus, Status, inquiry_body};

use crate::defect::Defect;
use crate::gateway::{Heard, Said, particulars};
use crate::order::Ticket;
use crate::reference::Reference;
use crate::setup::Contract;

/// When to inquire, and how often.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    /// The instant that the first wait is counted from.
    pub(crate) from: Millis,
    /// How long until the first inquiry.
    pub(crate) first: Millis,
    /// From start to start.
    pub(crate) every: Millis,
    /// How long each answer is waited for.
    pub(crate) limit: Millis,
    /// How many there are.
    pub(crate) times: u32,
    /// How many more there may be in place of those that nobody answers.
    pub(crate) unheard: u32,
    /// Whether there is a pay to send again where the gateway knows no such payment.
    pub(crate) repays: bool,
    /// When there is one more, after all of them.
    pub(crate) last: Option<Millis>,
}

/// Between the inquiries of a hasty merchant.
const HASTE: Millis = 200;

/// What an inquiry leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// Ask again when it is time.
    GoOn,
    /// The same, since nobody answered; it counts only where the plan says so.
    Unheard,
    /// The gateway knows no such payment, and pay can go out again.
    Missing,
    /// Ask again at once: a defect.
    Hurry,
    /// Nothing more is to be asked.
    Over,
    /// The payment has to be cancelled.
    Cancel,
    /// It is over and is asked for all the same: a defect.
    OverAndOn,
}

/// How following a payment ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Followed {
    /// There is nothing more to do.
    Over,
    /// The plan is used up, or there is no point in asking on: the payment has to be cancelled.
    Cancel {
        /// Whether the plan is used up.
        used_up: bool,
    },
    /// The gateway knows no such payment.
    Missing,
}

impl Reference {
    /// Inquires by the plan and cancels when it is used up.
    pub(crate) async fn follow(&self, ticket: &Ticket, plan: Plan) {
        if let Followed::Cancel { used_up } = self.inquire_by(ticket, plan).await {
            self.cancel_after(ticket, used_up).await;
        }
    }

    /// Inquires by the plan until the payment is decided or somebody else decides about it.
    pub(crate) async fn inquire_by(&self, ticket: &Ticket, plan: Plan) -> Followed {
        if self.switch.either(Defect::NoticeOnly, Defect::LegWaitsForNotice) {
            return Followed::Over;
        }
        let plan = self.spoilt(plan);
        let mut due = plan.from + plan.first;
        let (mut stubborn, mut turn, mut unheard) = (false, 0, plan.unheard);
        while turn < plan.times + u32::from(plan.last.is_some()) {
            if turn == plan.times {
                due = plan.last.map_or(due, |last| last.max(due));
            }
            self.clock.sleep_until(due).await;
            if !stubborn && !self.books.is_open(ticket) {
                return Followed::Over;
            }
            let started = self.clock.now();
            turn += 1;
            match self.inquire(ticket, plan.limit).await {
                Next::Missing if plan.repays => return Followed::Missing,
                Next::GoOn | Next::Missing => due = started + self.spacing(&plan),
                Next::Unheard => {
                    due = started + self.spacing(&plan);
                    let free = u32::from(unheard > 0);
                    (turn, unheard) = (turn - free, unheard - free);
                }
                Next::Hurry => due = self.clock.now() + HASTE,
                Next::Over => return Followed::Over,
                Next::OverAndOn => {
                    stubborn = true;
                    due = started + plan.every;
                }
                Next::Cancel => return self.unless_over(ticket, stubborn, false),
            }
        }
        self.unless_over(ticket, stubborn, true)
    }

    fn unless_over(&self, ticket: &Ticket, stubborn: bool, used_up: bool) -> Followed {
        if stubborn || !self.books.is_open(ticket) {
            return Followed::Over;
        }
        Followed::Cancel { used_up }
    }

    /// Cancels a payment that asking does not decide.
    pub(crate) async fn cancel_after(&self, ticket: &Ticket, used_up: bool) {
        if used_up {
            self.switch.either(Defect::PollShort, Defect::LegGivesUp);
        }
        if used_up && self.switch.strikes(Defect::LegLeavesOpen) {
            return;
        }
        if used_up && self.switch.either(Defect::NoCancel, Defect::LegQrLeftPayable) {
            return self.books.end(ticket, OrderState::Failed);
        }
        if self.books.begin_cancel(ticket) {
            self.cancel_until_sure(ticket).await;
        }
    }

    /// Asks once.
    async fn inquire(&self, ticket: &Ticket, limit: Millis) -> Next {
        match &self.setup.contract {
            Contract::Ams { .. } => {
                let body = inquiry_body(Some(&ticket.request_id), None).to_string();
                self.judge_inquiry(ticket, self.ask(Api::InquiryPayment, &body, limit).await)
            }
            Contract::Legacy { .. } => self.query(ticket, limit).await,
        }
    }

    fn judge_inquiry(&self, ticket: &Ticket, heard: Heard) -> Next {
        let Heard::Said(said) = heard else { return Next::Unheard };
        match said.outcome.status {
            Status::S => self.judge_state(ticket, &said),
            Status::U => Next::GoOn,
            Status::F if !self.is_ours(ticket, &said) => Next::GoOn,
            Status::F if said.outcome.code == "ORDER_NOT_EXIST" => {
                if self.switch.strikes(Defect::NotExistIsFinal) {
                    self.books.end(ticket, OrderState::Failed);
                    return Next::Over;
                }
                if self.switch.strikes(Defect::NotExistHurries) { Next::Hurry } else { Next::GoOn }
            }
            Status::F => Next::Cancel,
        }
    }

    fn judge_state(&self, ticket: &Ticket, said: &Said) -> Next {
        if !self.is_ours(ticket, said) {
            return Next::GoOn;
        }
        self.books.learn(ticket, particulars(&said.fields));
        let status = said.fields.text("paymentStatus");
        match status.as_deref().and_then(PaymentStatus::parse) {
            Some(PaymentStatus::Success) => self.take_success(ticket),
            _ if self.switch.strikes(Defect::QueryOkIsPaid) => self.take_success(ticket),
            Some(PaymentStatus::Fail) => {
                self.end_failed(ticket, said);
                if self.switch.strikes(Defect::FailKeepsPolling) {
                    return Next::OverAndOn;
                }
                Next::Over
            }
            Some(PaymentStatus::Cancelled) => {
                self.books.end(ticket, OrderState::Cancelled);
                Next::Over
            }
            Some(PaymentStatus::Processing | PaymentStatus::Pending) | None => Next::GoOn,
        }
    }

    fn end_failed(&self, ticket: &Ticket, said: &Said) {
        let offer = self.books.offered(ticket);
        self.books.end(ticket, OrderState::Failed);
        let closed = said.fields.text("paymentResultCode").as_deref() == Some("ORDER_IS_CLOSED");
        if let Some(offer) = offer.filter(|_| closed)
            && self.switch.strikes(Defect::ExpiredCodeShown)
        {
            self.books.offer_still(ticket, offer);
        }
    }

    pub(crate) fn take_success(&self, ticket: &Ticket) -> Next {
        if self.books.is_open(ticket) && self.switch.strikes(Defect::QueryResultNotBooked) {
            if let Some(order) = self.books.open().get_mut(&ticket.order) {
                order.till = OrderState::Paid;
                order.offer = None;
            }
        } else {
            self.books.paid(ticket);
        }
        Next::Over
    }

    /// The plan as a defect sees it.
    fn spoilt(&self, plan: Plan) -> Plan {
        if self.switch.strikes(Defect::PollHasty) {
            // As long in all as the healthy plan, so that haste alone is the difference.
            let whole = plan.every * Millis::from(plan.times);
            let times = u32::try_from(whole / HASTE).unwrap_or(plan.times);
            return Plan { first: HASTE, every: HASTE, times, ..plan };
        }
        if self.switch.has(Defect::PollShort) {
            return Plan { times: 3, last: None, ..plan };
        }
        if self.switch.has(Defect::LegGivesUp) {
            return Plan { times: 5, last: None, ..plan };
        }
        if self.switch.has(Defect::LegCountsSilence) {
            // As few as are allowed, so that what was not answered is missing among them.
            return Plan { times: 10, ..plan };
        }
        if self.switch.strikes(Defect::LegPollsFast) {
            return Plan { first: 1_000, every: 1_000, ..plan };
        }
        plan
    }

    fn spacing(&self, plan: &Plan) -> Millis {
        if self.switch.strikes(Defect::PollsOnceAMinute) { 60_000 } else { plan.every }
    }
}
