//! What a view has to be besides its shape: about what was asked, with amounts that can be.
//!
//! Whether it is *true* is judged by the checks: a view with a wrong amount is evidence, and only
//! one that cannot be is no answer.

use std::fmt::Display;

use evidence::words::{self as say, Place, Sentence};
use evidence::{MerchantView, OrderView, ReconciliationState, ReconciliationView};
use protocol::Amount;
use serde_json::json;

use super::{Fault, Wish};

/// An answer that is about one thing.
pub(super) trait View {
    /// Whether it can be the answer to a wish.
    fn fits(&self, wish: &Wish) -> Result<(), Fault>;
}

impl View for OrderView {
    fn fits(&self, wish: &Wish) -> Result<(), Fault> {
        about(wish, "id", &self.order)?;
        let booked = self.bookings.iter().map(|booking| booking.amount);
        let given_back = self.refunds.iter().map(|refund| refund.amount);
        let amounts = (self.paid.into_iter().map(|amount| ("paid".to_owned(), amount)))
            .chain(self.refunded.into_iter().map(|amount| ("refunded".to_owned(), amount)))
            .chain(numbered("bookings", booked))
            .chain(numbered("refunds", given_back));
        for (path, amount) in amounts {
            wanted(amount.minor > 0, path, &amount, &say::ADAPTER_WANTS_ABOVE_ZERO)?;
        }
        Ok(())
    }
}

fn numbered(
    list: &str,
    amounts: impl Iterator<Item = Amount>,
) -> impl Iterator<Item = (String, Amount)> {
    amounts.enumerate().map(move |(number, amount)| (format!("{list}[{number}].amount"), amount))
}

impl View for MerchantView {
    fn fits(&self, wish: &Wish) -> Result<(), Fault> {
        about(wish, "id", &self.id)
    }
}

impl View for ReconciliationView {
    fn fits(&self, wish: &Wish) -> Result<(), Fault> {
        about(wish, "day", &self.day.to_string())?;
        about(wish, "kind", json!(self.kind).as_str().unwrap_or_default())?;
        if let Some(trouble) = &self.trouble {
            // Of our own sentences a merchant may say the one that is about this.
            let words = match trouble {
                Place::Value(_) => true,
                Place::Said(phrase) => phrase.says == say::FETCH_TROUBLE.key,
                Place::Listed(_) => false,
            };
            wanted(words, "trouble", trouble, &say::ADAPTER_WANTS_TEXT)?;
            let told = self.state == ReconciliationState::Unfetched;
            wanted(told, "trouble", trouble, &say::ADAPTER_WANTS_NO_TROUBLE)?;
        }
        for (number, file) in self.files.iter().enumerate() {
            let digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
            let digest = file.sha256.len() == 64 && file.sha256.bytes().all(digit);
            let path = format!("files[{number}].sha256");
            wanted(digest, path, &file.sha256, &say::ADAPTER_WANTS_SHA256)?;
        }
        for (number, difference) in self.differences.iter().enumerate() {
            let path = format!("differences[{number}].line");
            wanted(difference.line != Some(0), path, &0, &say::ADAPTER_WANTS_FROM_ONE)?;
        }
        for (number, note) in self.notes.iter().enumerate() {
            let (line, column) =
                (format!("notes[{number}].line"), format!("notes[{number}].column"));
            wanted(note.line != 0, line, &0, &say::ADAPTER_WANTS_FROM_ONE)?;
            wanted(note.column != Some(0), column, &0, &say::ADAPTER_WANTS_FROM_ONE)?;
        }
        Ok(())
    }
}

/// An answer about something else is worse than none: another order's state would be judged.
fn about(wish: &Wish, name: &str, told: &str) -> Result<(), Fault> {
    let asked = wish.body[name].as_str().unwrap_or_default();
    if asked == told {
        return Ok(());
    }
    Err(Fault::About { asked: asked.to_owned(), told: super::shortened(told) })
}

fn wanted(
    holds: bool,
    path: impl Into<String>,
    found: &dyn Display,
    wanted: &'static Sentence,
) -> Result<(), Fault> {
    if holds {
        return Ok(());
    }
    let found = super::shortened(&found.to_string());
    Err(Fault::Value { path: path.into(), found, wanted })
}
