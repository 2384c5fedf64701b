//! Website: the shop sends the buyer's browser to the gateway, and learns from a return, a notice
//! or a query what became of it.

use clock::Millis;
use evidence::OrderState;
use protocol::ams::Verified;
use protocol::legacy::Form;
use wire::{Reply, Request};

use crate::cashier::Device;
use crate::defect::Defect;
use crate::driver::{DriverError, Present};
use crate::legacy::gateway::{Heard, says_missing};
use crate::legacy::notification::{News, Source};
use crate::order::{Offer, Ticket};
use crate::polling::Next;
use crate::reference::Reference;
use crate::registrar::Seller;
use crate::setup::path_of;

/// How long the buyer may take, as the call says it.
pub(super) const LIFE_TEXT: &str = "15m";
/// The same in time, with a little room.
const LIFE: Millis = 15 * 60_000 + 30_000;
/// From the start of one query to the start of the next.
const SPACING: Millis = 60_000;
/// How long the answer to a query is waited for.
const PATIENCE: Millis = 5_000;

/// The product code of a device's cashier.
pub(super) fn product_code(device: Device) -> &'static str {
    match device {
        Device::Web | Device::App => "NEW_OVERSEAS_SELLER",
        Device::Wap => "NEW_WAP_OVERSEAS_SELLER",
    }
}

impl Reference {
    /// Sends the buyer to the gateway and follows the payment until the order is final or with
    /// staff.
    pub(crate) async fn redirect(
        self,
        ticket: Ticket,
        present: Present,
        seller: Seller,
        device: Device,
    ) {
        if !self.may_send(&ticket) {
            return;
        }
        self.books.sold_online(&ticket, device);
        let form = self.trade_form(&ticket, &present, &seller, device);
        let Some(link) = self.link(&form) else {
            return self.books.end(&ticket, OrderState::Failed);
        };
        let offer = Offer::Link(link);
        self.books.show(&ticket, offer.clone());
        if self.switch.strikes(Defect::LegRedirectIsPaid) {
            self.books.paid(&ticket);
            // Whoever takes the way to the cashier for money sends the buyer there all the same.
            return self.books.offer_still(&ticket, offer);
        }
        if self.switch.strikes(Defect::LegWaitsForNotice)
            || self.switch.strikes(Defect::LegReturnOnly)
        {
            return;
        }
        self.follow_trade(&ticket).await;
    }

    /// Asks once a minute. Until the buyer has logged in there is no trade, and from then on the
    /// gateway counts the time: so an order without a trade ends with its life, and one with a trade
    /// may take as long again.
    async fn follow_trade(&self, ticket: &Ticket) {
        let shown = self.clock.now();
        let mut due = shown + SPACING;
        loop {
            self.clock.sleep_until(due).await;
            if !self.books.is_open(ticket) {
                return;
            }
            let now = self.clock.now();
            match self.query_trade(ticket).await {
                Next::Over => return,
                Next::Missing if self.switch.strikes(Defect::LegNotExistFailed) => {
                    return self.books.end(ticket, OrderState::Failed);
                }
                Next::Missing if now >= shown + LIFE => {
                    return self.books.end(ticket, OrderState::Failed);
                }
                _ if now >= shown + 2 * LIFE => {
                    return self.books.end(ticket, OrderState::ForStaff);
                }
                Next::Missing
                | Next::GoOn
                | Next::Unheard
                | Next::Hurry
                | Next::Cancel
                | Next::OverAndOn => due += SPACING,
            }
        }
    }

    /// Asks once with `single_trade_query`, which tells amounts in CNY: number and status alone
    /// count.
    async fn query_trade(&self, ticket: &Ticket) -> Next {
        match self.send(&self.trade_query_form(ticket), PATIENCE).await {
            Heard::Said(said) if self.names(ticket, &said, true) => {
                self.books.learn(ticket, said.particulars());
                match said.get("trade_status") {
                    Some(status) if status == self.paid_word(true) => {
                        self.learn_paid(ticket, &said);
                        self.take_success(ticket)
                    }
                    Some("TRADE_CLOSED") => {
                        self.books.end(ticket, OrderState::Failed);
                        Next::Over
                    }
                    Some(_) | None => Next::GoOn,
                }
            }
            Heard::Refused { error, .. } if says_missing(&error) => Next::Missing,
            Heard::Said(_)
            | Heard::Refused { .. }
            | Heard::Taken
            | Heard::Nothing
            | Heard::Unsent => Next::Unheard,
        }
    }

    /// Asks when a payment was made.
    pub(crate) async fn ask_when_paid(&self, ticket: &Ticket) {
        if let Heard::Said(said) = self.send(&self.trade_query_form(ticket), PATIENCE).await
            && self.names(ticket, &said, true)
        {
            self.books.learn(ticket, said.particulars());
        }
    }

    /// The page that the browser of a buyer gets who comes back from the cashier; none where it
    /// asks for something else.
    pub(crate) fn return_page(&self, request: &Request) -> Option<Reply> {
        let base = self.setup.return_url.as_str();
        let ours = request.method == "GET" && request.path() == path_of(base);
        self.legacy().filter(|_| ours)?;
        let query = request.target.split_once('?').map_or("", |(_, query)| query);
        let (status, says) = match self.take_signed_return(&format!("{base}?{query}")) {
            Ok(()) => (200, "Thank you. Your order shows what became of it."),
            Err(_) => (404, "There is no such page."),
        };
        let headers = vec![("content-type".into(), "text/plain;charset=utf-8".into())];
        Some(Reply { status, headers, body: says.as_bytes().to_vec() })
    }

    /// Shows the merchant's own page to whoever opens it. What stands in its address counts only if
    /// the gateway has signed it.
    pub(crate) fn take_signed_return(&self, url: &str) -> Result<(), DriverError> {
        let refused = || DriverError::Refused(format!("no page of ours: {url}"));
        let query = url.strip_prefix(&self.setup.return_url).and_then(|it| it.strip_prefix('?'));
        let party = self.legacy().ok_or_else(refused)?;
        let form = Form::read(query.ok_or_else(refused)?.as_bytes(), b"", party.charset)
            .map_err(|_unreadable| refused())?;
        let ticket = form.get("out_trade_no").and_then(|number| self.books.ticket(number));
        let ticket = ticket.ok_or_else(refused)?;
        let genuine = form.verify(&self.verifier(party)) == Verified::Valid
            || self.switch.strikes(Defect::LegTrustsReturn);
        if genuine && !self.switch.strikes(Defect::LegWaitsForNotice) {
            self.take_news(&News::read(&form, Source::Return));
        }
        if let Some(order) = self.books.open().get_mut(&ticket.order) {
            order.came_back = true;
        }
        Ok(())
    }
}
