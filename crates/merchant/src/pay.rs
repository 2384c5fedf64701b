//! The pay request, and what its answer means in every product.

use protocol::Fields;
use protocol::ams::{self, Merchant, Order, Pay, Scenario, Status, Terminal, Verified, known_code};
use serde_json::json;

use crate::defect::Defect;
use crate::gateway::{Heard, Said, Silence, particulars};
use crate::order::Ticket;
use crate::reference::Reference;
use crate::registrar::Seller;

/// What is sold where.
#[derive(Debug)]
pub(crate) struct Sale<'a> {
    pub(crate) text: &'a str,
    pub(crate) seller: &'a Seller,
    /// When the till sends it; only a till that scans tells its own particulars.
    pub(crate) scanned_at: Option<i64>,
    /// When the order ends, where the merchant does not leave that to the gateway.
    pub(crate) expires: Option<i64>,
}

/// What came of a request to pay, with what its answer tells besides.
#[derive(Debug)]
pub(crate) enum PayEnd<T = Box<Fields>> {
    /// Paid, or in other products the answer that was asked for.
    Done(T),
    /// Final, with its code.
    Refused(String),
    /// With what the buyer may need next: the payment is in process.
    InProcess(T),
    /// Unknown.
    Unclear,
    /// A defect lets the order hang.
    Dropped,
}

impl Reference {
    /// The body of pay, as it will stand on the wire.
    pub(crate) fn pay_body(&self, ticket: &Ticket, sale: &Sale<'_>, scenario: Scenario) -> String {
        let seller = sale.seller;
        let unnamed = self.switch.strikes(Defect::NotifyUrlLeftOut);
        let bare = sale.scanned_at.is_some() && self.switch.strikes(Defect::StoreLeftOut);
        let store = ams::Store {
            reference: seller.store_id.clone(),
            name: seller.store.name.clone(),
            mcc: seller.store.mcc.clone(),
        };
        let terminal =
            sale.scanned_at.map(|time| Terminal { id: seller.store.terminal.clone(), time });
        let merchant = Merchant {
            reference: seller.merchant_id.clone(),
            name: seller.name.clone(),
            mcc: seller.mcc.clone(),
            store: Some(store).filter(|_| !bare),
        };
        let extension = json!({ "till": seller.store.terminal, "text": sale.text }).to_string();
        let order = Order {
            reference: ticket.order.clone(),
            description: sale.text.to_owned(),
            amount: ticket.bill,
            merchant,
            terminal: terminal.filter(|_| !bare),
            extend_info: Some(extension),
        };
        let returns = matches!(scenario, Scenario::EntryCode { .. } | Scenario::Cashier { .. });
        let pay = Pay {
            request_id: ticket.request_id.clone(),
            amount: ticket.bill,
            scenario,
            order,
            notify_url: Some(self.setup.notify_url.clone()).filter(|_| !unnamed),
            redirect_url: returns.then(|| self.return_url(&ticket.order)),
            expires: sale.expires,
        };
        let mut body = pay.to_json();
        if let Some(store) = body.pointer_mut("/order/merchant/store") {
            // Nobody is signed in at the till. Official clients send such an empty value as well.
            store["storeOperatorId"] = json!("");
        }
        body.to_string()
    }

    /// Judges the answer to pay.
    pub(crate) fn judge_pay(&self, ticket: &Ticket, heard: Heard) -> PayEnd {
        match heard {
            Heard::Said(said) if self.is_ours(ticket, &said) => self.judge_said(ticket, said),
            Heard::Said(_) => PayEnd::Unclear,
            Heard::Nothing(silence) => self.judge_silence(&silence),
        }
    }

    fn judge_said(&self, ticket: &Ticket, said: Said) -> PayEnd {
        let code = said.outcome.code;
        match said.outcome.status {
            Status::S => {
                self.books.learn(ticket, particulars(&said.fields));
                if actual_differs(ticket, &said.fields)
                    && self.switch.strikes(Defect::ComparesActual)
                {
                    return PayEnd::Refused(code);
                }
                PayEnd::Done(Box::new(said.fields))
            }
            Status::U if self.switch.strikes(Defect::UnknownIsFailure) => PayEnd::Refused(code),
            Status::U => {
                self.books.learn(ticket, particulars(&said.fields));
                if code == "PAYMENT_IN_PROCESS" {
                    PayEnd::InProcess(Box::new(said.fields))
                } else {
                    PayEnd::Unclear
                }
            }
            Status::F => {
                let unlisted = known_code(&code).is_none();
                if unlisted && self.switch.strikes(Defect::UnlistedCodeHangs) {
                    return PayEnd::Dropped;
                }
                PayEnd::Refused(code)
            }
        }
    }

    /// An answer that may not be believed says nothing, unless a defect listens to it.
    fn judge_silence(&self, silence: &Silence) -> PayEnd {
        match silence {
            Silence::HttpStatus if self.switch.strikes(Defect::HttpErrorIsFailure) => {
                PayEnd::Refused(String::new())
            }
            Silence::Unproved(verified, body) => self.judge_unproved(*verified, body),
            Silence::HttpStatus | Silence::NoAnswer | Silence::Unreadable => PayEnd::Unclear,
        }
    }

    fn judge_unproved(&self, verified: Verified, body: &[u8]) -> PayEnd {
        let refused = Said::read(body, false).is_some_and(|said| said.outcome.status == Status::F);
        let unsigned = verified == Verified::Unsigned;
        if refused && unsigned && self.switch.strikes(Defect::UnsignedFHangs) {
            return PayEnd::Dropped;
        }
        let letter = status_in_pieces(body).filter(|_| Fields::read(body).is_none());
        match letter {
            Some(letter) if self.switch.strikes(Defect::CutBodyTrusted) => match letter {
                Status::S => Fields::read(b"{}")
                    .map_or(PayEnd::Unclear, |fields| PayEnd::Done(Box::new(fields))),
                Status::F => PayEnd::Refused(String::new()),
                Status::U => PayEnd::Unclear,
            },
            Some(_) | None => PayEnd::Unclear,
        }
    }
}

/// Whether the wallet is charged in another currency than the order's.
fn actual_differs(ticket: &Ticket, fields: &Fields) -> bool {
    let actual = fields.text("actualPaymentAmount.currency");
    actual.is_some_and(|currency| currency != ticket.bill.currency.code())
}

/// The status that a text seems to hold, whole JSON or not.
fn status_in_pieces(body: &[u8]) -> Option<Status> {
    let text = String::from_utf8_lossy(body);
    let (_, rest) = text.split_once("\"resultStatus\"")?;
    let letter = rest.trim_start_matches([':', ' ', '"']).chars().next()?;
    [Status::S, Status::F, Status::U]
        .into_iter()
        .find(|status| status.letter() == letter.to_string())
}
