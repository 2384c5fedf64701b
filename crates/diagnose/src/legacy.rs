//! The text of the older generation in the making, and the ways in which it goes wrong.

use percent_encoding::percent_decode;

use crate::bytes::{Change, OF_TEXT};
use crate::mistake::{Mistake, Step};
use crate::search::{Draft, Part, Variant};

/// The parameter that names the charset.
pub(crate) const CHARSET: &[u8] = b"_input_charset";

/// Names and values as bytes of whatever charset they are in.
pub(crate) type Parameters = Vec<(Vec<u8>, Vec<u8>)>;

/// Parameters that are left out one by one: the largest documented message has fewer.
const MOST_PARAMETERS: usize = 120;

/// A draft.
#[derive(Clone)]
pub(crate) struct Text {
    parameters: Parameters,
    empties: bool,
    sign_type: bool,
    order: Order,
    join: Join,
    tail: &'static [u8],
    head: &'static [u8],
    after: Vec<Change>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    Bytes,
    AsSent,
    Reversed,
    IgnoringCase,
    IgnoringUnderscore,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Join {
    Documented,
    Quoted,
    Unseparated,
}

impl Draft for Text {
    fn write(&self) -> Vec<u8> {
        let signed = |name: &[u8]| name != b"sign" && (self.sign_type || name != b"sign_type");
        let mut parts: Vec<(&[u8], Vec<u8>)> = Vec::with_capacity(self.parameters.len());
        for (name, value) in self.parameters.iter().filter(|(name, _)| signed(name)) {
            let mut value = value.clone();
            for change in &self.after {
                value = change(&value).unwrap_or(value);
            }
            if self.empties || !value.is_empty() {
                parts.push((name, value));
            }
        }
        match self.order {
            Order::AsSent => {}
            Order::Bytes => parts.sort(),
            Order::Reversed => {
                parts.sort();
                parts.reverse();
            }
            Order::IgnoringCase => parts.sort_by_key(|(name, _)| name.to_ascii_lowercase()),
            Order::IgnoringUnderscore => parts.sort_by_key(|(name, _)| {
                name.iter().copied().filter(|byte| *byte != b'_').collect::<Vec<u8>>()
            }),
        }
        let mut out = self.head.to_vec();
        for (at, (name, value)) in parts.iter().enumerate() {
            if at > 0 && self.join != Join::Unseparated {
                out.push(b'&');
            }
            out.extend_from_slice(name);
            out.push(b'=');
            let quote: &[u8] = if self.join == Join::Quoted { b"\"" } else { b"" };
            out.extend_from_slice(quote);
            out.extend_from_slice(value);
            out.extend_from_slice(quote);
        }
        out.extend_from_slice(self.tail);
        out
    }
}

impl Text {
    /// The documented text of parameters.
    pub(crate) fn of(parameters: Parameters) -> Self {
        Self {
            parameters,
            empties: false,
            sign_type: false,
            order: Order::Bytes,
            join: Join::Documented,
            tail: b"",
            head: b"",
            after: Vec::new(),
        }
    }
}

/// Every mistake that is tried.
pub(crate) fn variants(parameters: &Parameters) -> Vec<Variant<Text>> {
    let mut variants = Vec::new();
    let mut edit = |mistake, part, edit: fn(&mut Text)| {
        variants.push(Variant::new(Step::bare(mistake), part, move |text: &Text| {
            let mut text = text.clone();
            edit(&mut text);
            Some(text)
        }));
    };
    edit(Mistake::EmptiesSigned, Part::Fields, |text| text.empties = true);
    edit(Mistake::SignTypeSigned, Part::Fields, |text| text.sign_type = true);
    edit(Mistake::OrderAsSent, Part::Frame, |text| text.order = Order::AsSent);
    edit(Mistake::OrderReversed, Part::Frame, |text| text.order = Order::Reversed);
    edit(Mistake::OrderIgnoringCase, Part::Frame, |text| text.order = Order::IgnoringCase);
    edit(Mistake::OrderIgnoringUnderscore, Part::Frame, |text| {
        text.order = Order::IgnoringUnderscore;
    });
    edit(Mistake::Quoted, Part::Frame, |text| text.join = Join::Quoted);
    edit(Mistake::Unseparated, Part::Frame, |text| text.join = Join::Unseparated);
    edit(Mistake::AmpersandBehind, Part::Frame, |text| text.tail = b"&");
    edit(Mistake::KeyNamed, Part::Frame, |text| text.tail = b"&key=");
    edit(Mistake::QuestionMarkBefore, Part::Frame, |text| text.head = b"?");
    for (mistake, change) in OF_TEXT {
        variants.push(Variant::new(Step::bare(*mistake), Part::Texts, move |text: &Text| {
            let mut text = text.clone();
            text.after.push(*change);
            Some(text)
        }));
    }
    let names = parameters.iter().map(|(name, _)| name);
    let names = names.filter(|name| *name != b"sign" && *name != b"sign_type");
    for name in names.take(MOST_PARAMETERS).cloned() {
        let left_out = name == CHARSET;
        let mistake = if left_out { Mistake::CharsetLeftOut } else { Mistake::LeftOut };
        let step = Step::with(mistake, [&String::from_utf8_lossy(&name)]);
        variants.push(Variant::new(step, Part::Fields, move |text: &Text| {
            let mut text = text.clone();
            text.parameters.retain(|(own, _)| *own != name);
            Some(text)
        }));
    }
    variants.sort_by_key(|variant| variant.step.mistake.cause());
    variants
}

/// The parameters of query and body, read as tolerantly as can be: no charset, no fault.
/// `_input_charset` may stand in both parts, and counts once.
pub(crate) fn parameters(query: &[u8], body: &[u8]) -> Parameters {
    let mut parameters: Parameters = Vec::new();
    let decoded = |raw: &[u8]| -> Vec<u8> {
        percent_decode(&crate::bytes::replaced(raw, b"+", b" ")).collect()
    };
    let pieces = query.split(|byte| *byte == b'&').chain(body.split(|byte| *byte == b'&'));
    for piece in pieces.filter(|piece| !piece.is_empty()) {
        let end = piece.iter().position(|byte| *byte == b'=').unwrap_or(piece.len());
        let (name, value) = piece.split_at(end);
        let (name, value) = (decoded(name), decoded(value.get(1..).unwrap_or_default()));
        let twice = name == CHARSET && parameters.iter().any(|(own, _)| own == CHARSET);
        if !twice {
            parameters.push((name, value));
        }
    }
    parameters
}
