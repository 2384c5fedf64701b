//! People who do by hand what no program does: what they are told, and what they answer.
//!
//! A [`Person`] is shown one [`Task`] at a time: what to do, what should be seen, and what to tell.
//! Where and how that is drawn is the business of whoever implements it; [`Manual`] is the driver of
//! a merchant whose till a person operates.

mod manual;
mod tasks;

use std::collections::BTreeMap;

use evidence::Attachment;
use evidence::words::{self as say, Phrase};
use futures::future::BoxFuture;
use protocol::Amount;

pub use manual::Manual;

/// How long a payment code of any wallet is.
const CODE_LENGTHS: std::ops::RangeInclusive<usize> = 16..=64;

/// Somebody who does a task by hand, and tells what came of it.
///
/// One person does one task at a time: whoever asks while another task is being done waits, and is
/// served in the order of asking.
pub trait Person: Send + Sync {
    /// Shows a task and waits for its end, however long that takes.
    fn ask(&self, task: Task) -> BoxFuture<'_, Result<Reply, Away>>;
}

/// Nobody is there any more who could answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Away;

/// Something that a person does, or looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// What it is for: the run of the case.
    pub about: String,
    /// What to do.
    pub instruction: Phrase,
    /// What to do it with, each by its name.
    pub particulars: Vec<(Phrase, String)>,
    /// A text to be drawn as a code that a scanner reads.
    pub picture: Option<String>,
    /// What should be seen when it is done.
    pub expected: Phrase,
    /// What to tell.
    pub fields: Vec<Field>,
    /// Whether it is something to be done, which a merchant can refuse or not know; otherwise it is
    /// only to be looked at.
    pub acts: bool,
}

/// Something that a person tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// What it is known by in a [`Reply`].
    pub name: String,
    /// The question.
    pub label: Phrase,
    /// What an answer is like.
    pub form: Form,
}

/// What an answer is like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    /// One of these words, each with what it means.
    Choice(Vec<(String, Phrase)>),
    /// A text of one line, which may be left out.
    Text,
    /// A buyer's payment code.
    PaymentCode {
        /// What it begins with, where that matters.
        prefix: String,
        /// How many digits it has, where that matters; then it has nothing else.
        digits: Option<usize>,
    },
    /// Amounts, each a line of the books; none, one or several.
    Amounts {
        /// The currency of an amount without one.
        currency: String,
    },
}

/// What a person answered.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reply {
    /// How it ended.
    pub came: Came,
    /// What was told, by the names of the fields, as [`Form::read`] writes it.
    pub values: BTreeMap<String, String>,
    /// What was attached meanwhile.
    pub attached: Vec<Attachment>,
}

/// How a task ended.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Came {
    /// As it should.
    #[default]
    Done,
    /// The merchant refused, with these words.
    Refused(String),
    /// The merchant has nothing of the kind, in these words.
    Lacking(String),
}

impl Form {
    /// Reads what was typed: the value as it is told on, or what was wanted instead.
    ///
    /// A choice is made by its number or its word. Amounts are `USD 12.31`, or `12.31` in the
    /// currency of the sale, with semicolons between several.
    pub fn read(&self, typed: &str) -> Result<String, Phrase> {
        let typed = typed.trim();
        match self {
            Self::Choice(words) => {
                let number = typed.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
                let found = number.and_then(|index| words.get(index));
                let found = found.or_else(|| words.iter().find(|(word, _)| word == typed));
                let wanted = || say::PERSON_WANTS_CHOICE.with([words.len()]);
                found.map(|(word, _)| word.clone()).ok_or_else(wanted)
            }
            Self::Text => Ok(typed.to_owned()),
            Self::PaymentCode { prefix, digits } => {
                let code: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
                let known = |byte: u8| match digits {
                    Some(_) => byte.is_ascii_digit(),
                    None => byte.is_ascii_alphanumeric(),
                };
                let long = match digits {
                    Some(digits) => code.len() == *digits,
                    None => CODE_LENGTHS.contains(&code.len()),
                };
                if long && code.starts_with(prefix.as_str()) && code.bytes().all(known) {
                    return Ok(code);
                }
                Err(digits.map_or_else(
                    || say::PERSON_WANTS_CODE.plain(),
                    |digits| say::PERSON_WANTS_CODE_OF.with([&digits.to_string(), prefix]),
                ))
            }
            Self::Amounts { currency } => {
                let parts = typed.split(';').map(str::trim).filter(|part| !part.is_empty());
                let read = |part: &str| {
                    let whole = Amount::from_price(part);
                    whole.or_else(|_bare| Amount::from_price(&format!("{currency} {part}")))
                };
                let amounts = parts.map(read).collect::<Result<Vec<_>, _>>();
                let amounts = amounts.map_err(|_none| say::PERSON_WANTS_AMOUNT.with([currency]))?;
                Ok(amounts.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
            }
        }
    }
}

impl Reply {
    /// What was told under a name; nothing where nothing was told.
    pub(crate) fn told(&self, name: &str) -> &str {
        self.values.get(name).map(String::as_str).unwrap_or_default()
    }

    /// The amounts that were told under a name.
    pub(crate) fn amounts(&self, name: &str) -> Vec<Amount> {
        let parts = self.told(name).split("; ");
        parts.filter_map(|part| Amount::from_price(part).ok()).collect()
    }
}
