//! Forms: what a call and a notice are made of.

use std::collections::BTreeSet;
use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};

use super::charset::{Charset, UnknownCharset, Unmappable};
use super::sign::{SignFault, Signer, Verifier, judge};
use super::text_to_sign::{Empties, text_to_sign};
use crate::ams::Verified;

/// The parameter that names the charset.
const CHARSET: &str = "_input_charset";

/// What Java's form encoding leaves alone; it writes a blank as `+` and everything else as bytes
/// of the charset in upper-case escapes.
const PLAIN: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'.').remove(b'-').remove(b'*').remove(b'_').remove(b' ');

/// The parameters of a message, in the order in which they came. No name comes twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    charset: Charset,
    parameters: Vec<(String, String)>,
}

/// A form as it is posted: `_input_charset` "stands in the URL query; the body then omits it, yet
/// it stays part of the signed text".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posted {
    /// What stands behind the question mark.
    pub query: Vec<u8>,
    /// The body.
    pub body: Vec<u8>,
}

/// Where a parameter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Behind the question mark.
    Query,
    /// In the body.
    Body,
}

/// A byte of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// In which part.
    pub part: Part,
    /// Which byte of it, counted from 0.
    pub at: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = match self.part {
            Part::Query => "query",
            Part::Body => "body",
        };
        write!(f, "byte {} of the {part}", self.at)
    }
}

/// Why bytes are no form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormFault {
    /// A percent sign without two hexadecimal digits behind it.
    #[error("a percent sign at {place} is followed by no two hexadecimal digits")]
    Escape {
        /// Where it stands.
        place: Place,
    },
    /// Bytes that are no text in the form's charset.
    #[error("{place} begins no character of {}", .charset.name())]
    Text {
        /// The charset.
        charset: Charset,
        /// Where the first of them stands.
        place: Place,
    },
    /// A charset that the gateway does not have.
    #[error("at {place}, {unknown}")]
    Charset {
        /// Its name.
        unknown: UnknownCharset,
        /// Where the parameter stands.
        place: Place,
    },
    /// A parameter that came before.
    #[error("the parameter {name:?} comes a second time at {place}")]
    Repeated {
        /// Its name.
        name: String,
        /// Where it comes again.
        place: Place,
    },
    /// A value without a name.
    #[error("there is a value without a name at {place}")]
    Nameless {
        /// Where it stands.
        place: Place,
    },
}

/// A name or a value as it came: escaped, and where.
#[derive(Clone, Copy)]
struct Raw<'a> {
    escaped: &'a [u8],
    place: Place,
}

impl Raw<'_> {
    /// Where a byte of the unescaped text stands.
    fn place_of(self, unescaped: usize) -> Place {
        let mut at = 0;
        for _ in 0..unescaped {
            at += if self.escaped.get(at) == Some(&b'%') { 3 } else { 1 };
        }
        Place { at: self.place.at + at, ..self.place }
    }

    fn unescape(self) -> Result<Vec<u8>, FormFault> {
        let mut bytes = Vec::with_capacity(self.escaped.len());
        let mut rest = self.escaped;
        while let Some((first, after)) = rest.split_first() {
            rest = after;
            bytes.push(match first {
                b'+' => b' ',
                b'%' => {
                    let digits = after.first_chunk::<2>().and_then(|digits| byte(*digits));
                    rest = after.get(2..).unwrap_or_default();
                    let place = || self.place_of(bytes.len());
                    digits.ok_or_else(|| FormFault::Escape { place: place() })?
                }
                plain => *plain,
            });
        }
        Ok(bytes)
    }

    fn text(self, charset: Charset) -> Result<String, FormFault> {
        let bytes = self.unescape()?;
        let text = charset.decode(&bytes).map_err(|undecodable| FormFault::Text {
            charset,
            place: self.place_of(undecodable.at),
        })?;
        Ok(text.into_owned())
    }
}

/// The byte of two hexadecimal digits of either case.
fn byte(digits: [u8; 2]) -> Option<u8> {
    let [high, low] = digits.map(|digit| char::from(digit).to_digit(16));
    u8::try_from(high? * 16 + low?).ok()
}

/// The names and values of a part.
fn split(part: Part, bytes: &[u8]) -> impl Iterator<Item = (Raw<'_>, Raw<'_>)> {
    let mut next = 0;
    bytes
        .split(|byte| *byte == b'&')
        .map(move |piece| {
            let at = next;
            next += piece.len() + 1;
            (at, piece)
        })
        .filter(|(_, piece)| !piece.is_empty())
        .map(move |(at, piece)| {
            let end = piece.iter().position(|byte| *byte == b'=').unwrap_or(piece.len());
            let (name, value) = piece.split_at(end);
            let value = value.get(1..).unwrap_or_default();
            let raw = |escaped, at| Raw { escaped, place: Place { part, at } };
            (raw(name, at), raw(value, at + end + 1))
        })
}

impl Form {
    /// A form without parameters, in a charset that is not named in it.
    pub fn new(charset: Charset) -> Self {
        Self { charset, parameters: Vec::new() }
    }

    /// Reads query and body as one form: everything may stand in the query, everything in the
    /// body, or the charset in the query and the rest in the body. Escapes are bytes of the
    /// charset that `_input_charset` names, of `fallback` where it names none. Only
    /// `_input_charset` may stand in both parts, with the same value.
    pub fn read(query: &[u8], body: &[u8], fallback: Charset) -> Result<Self, FormFault> {
        let raw: Vec<(Raw<'_>, Raw<'_>)> =
            split(Part::Query, query).chain(split(Part::Body, body)).collect();
        let mut charset = fallback;
        for (name, value) in &raw {
            if name.unescape()? == CHARSET.as_bytes() {
                let text = String::from_utf8_lossy(&value.unescape()?).into_owned();
                charset = Charset::parse(&text)
                    .map_err(|unknown| FormFault::Charset { unknown, place: value.place })?;
                break;
            }
        }
        let mut form = Self::new(charset);
        let mut seen = BTreeSet::new();
        for (raw_name, raw_value) in raw {
            let place = raw_name.place;
            let (name, value) = (raw_name.text(charset)?, raw_value.text(charset)?);
            if name.is_empty() {
                return Err(FormFault::Nameless { place });
            }
            if seen.insert(name.clone()) {
                form.parameters.push((name, value));
                continue;
            }
            let same = name == CHARSET && form.get(CHARSET) == Some(&value);
            if !same || place.part == Part::Query || body_has_twice(body, CHARSET) {
                return Err(FormFault::Repeated { name, place });
            }
        }
        Ok(form)
    }

    /// The charset of its bytes.
    pub fn charset(&self) -> Charset {
        self.charset
    }

    /// The value of a parameter.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter().find(|(own, _)| *own == name).map(|(_, value)| value)
    }

    /// Names and values, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.parameters.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Gives a parameter a value; a new one comes last.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        let value = value.into();
        match self.parameters.iter_mut().find(|(own, _)| own == name) {
            Some((_, old)) => *old = value,
            None => self.parameters.push((name.to_owned(), value)),
        }
    }

    /// The text that its signature covers.
    pub fn text_to_sign(&self, empties: Empties) -> String {
        text_to_sign(self.iter(), empties)
    }

    /// Signs it: sets `sign_type` and `sign`.
    pub fn sign(&mut self, signer: &Signer) -> Result<(), SignFault> {
        let text = self.text_to_sign(Empties::Dropped);
        let sign = signer.sign(&self.charset.encode(&text)?)?;
        self.set("sign_type", signer.sign_type().name());
        self.set("sign", sign);
        Ok(())
    }

    /// Checks its signature, over the text without empty values and over the text with them.
    pub fn verify(&self, verifier: &Verifier) -> Verified {
        let text = |empties| self.text_to_sign(empties);
        judge(verifier, self.charset, text, self.get("sign_type"), self.get("sign"))
    }

    /// All of it as one text, for a GET or a notice.
    pub fn write(&self) -> Result<Vec<u8>, Unmappable> {
        self.write_those(|_| true)
    }

    /// As a POST: the charset in the query, the rest in the body.
    pub fn post(&self) -> Result<Posted, Unmappable> {
        let query = self.write_those(|name| name == CHARSET)?;
        Ok(Posted { query, body: self.write_those(|name| name != CHARSET)? })
    }

    fn write_those(&self, wanted: impl Fn(&str) -> bool) -> Result<Vec<u8>, Unmappable> {
        let escape = |text: &str| -> Result<String, Unmappable> {
            let bytes = self.charset.encode(text)?;
            Ok(percent_encode(&bytes, PLAIN).to_string().replace(' ', "+"))
        };
        let mut pairs = Vec::new();
        for (name, value) in self.iter().filter(|(name, _)| wanted(name)) {
            pairs.push(format!("{}={}", escape(name)?, escape(value)?));
        }
        Ok(pairs.join("&").into_bytes())
    }
}

/// Whether a body alone has a parameter more than once.
fn body_has_twice(body: &[u8], name: &str) -> bool {
    let named = |raw: &Raw<'_>| raw.unescape().is_ok_and(|own| own == name.as_bytes());
    split(Part::Body, body).filter(|(own, _)| named(own)).count() > 1
}

#[cfg(test)]
#[path = "tests/form.rs"]
mod tests;
