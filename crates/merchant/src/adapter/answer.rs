//! What an answer of the merchant's adapter means.

use evidence::words::{self as say, Phrase, misshapen};
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::error::Category;

use super::place::{offset, path_at};
use super::{Answer, Fault};

/// How much of somebody's words is kept, in characters.
const WORDS: usize = 300;
/// How long a name in a message of a reader may be, in characters.
const LONGEST_WORD: usize = 60;

/// What a call came to that was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Turn {
    /// The merchant refuses, in its own words.
    Refused(String),
    /// It has no such operation, in its own words, which may be none.
    Lacking(String),
    /// The answer does not follow the contract.
    Wrong(Fault),
}

impl From<Fault> for Turn {
    fn from(fault: Fault) -> Self {
        Self::Wrong(fault)
    }
}

/// The reason as the contract writes it.
#[derive(Deserialize)]
struct Reason {
    why: String,
}

impl Answer {
    /// Whether the merchant took what it was asked to do.
    pub(super) fn taken(&self) -> Result<(), Turn> {
        if self.status == 202 {
            return Ok(());
        }
        self.is_no_page()?;
        match self.status {
            501 => Err(Turn::Lacking(self.words())),
            404 | 405 if !self.is_of_the_merchant() => Err(Fault::Unserved(self.status).into()),
            400..=499 => Err(Turn::Refused(match self.words() {
                none if none.is_empty() => format!("HTTP {}", self.status),
                words => words,
            })),
            _ => Err(self.unexpected()),
        }
    }

    /// The view that it holds; `None` where the merchant knows nothing of what it was asked about.
    pub(super) fn view<T: DeserializeOwned>(&self) -> Result<Option<T>, Turn> {
        if self.status == 404 {
            return Ok(None);
        }
        self.is_no_page()?;
        match self.status {
            200 if self.body.is_empty() => Err(Fault::Empty(200).into()),
            200 => Ok(Some(read(&self.body)?)),
            501 => Err(Turn::Lacking(self.words())),
            _ => Err(self.unexpected()),
        }
    }

    /// A page is for people and no answer, whatever its status: frameworks send one for every path
    /// and method that nobody serves, some of them with 501.
    fn is_no_page(&self) -> Result<(), Fault> {
        let text = String::from_utf8_lossy(&self.body);
        let head: String = text.trim_start().chars().take(14).collect();
        let head = head.to_ascii_lowercase();
        if self.page || head.starts_with("<!doctype html") || head.starts_with("<html") {
            return Err(Fault::Page(self.status));
        }
        Ok(())
    }

    fn unexpected(&self) -> Turn {
        let fault = match (self.status, &self.location) {
            (300..=399, Some(to)) => Fault::Redirect(self.status, shortened(to)),
            _ => Fault::Status(self.status, self.words()),
        };
        fault.into()
    }

    /// Whether somebody who knows the contract wrote the answer. Otherwise it is what a server
    /// says of a path or a method that nobody serves, and no decision of the merchant's: a suite
    /// that took it for a refusal would pass whoever refuses everything by not being there.
    fn is_of_the_merchant(&self) -> bool {
        let text = match self.content() {
            Content::Reason(why) => return !why.trim().is_empty(),
            Content::Json => return false,
            Content::Text(text) => text.to_lowercase(),
        };
        let said = text.trim_matches(|c: char| !c.is_alphabetic());
        let by_itself = ["", "not found", "page not found", "method not allowed"];
        self.status == 404 && !by_itself.contains(&said)
    }

    /// What the body says, on one line.
    fn words(&self) -> String {
        match self.content() {
            Content::Reason(text) | Content::Text(text) => shortened(&text),
            Content::Json => shortened(&String::from_utf8_lossy(&self.body)),
        }
    }

    fn content(&self) -> Content {
        if let Ok(reason) = serde_json::from_slice::<Reason>(&self.body) {
            return Content::Reason(reason.why);
        }
        if let Ok(text) = serde_json::from_slice(&self.body) {
            return Content::Text(text);
        }
        match serde_json::from_slice::<IgnoredAny>(&self.body) {
            Ok(_) => Content::Json,
            Err(_) => Content::Text(String::from_utf8_lossy(&self.body).into_owned()),
        }
    }
}

/// What a body is that holds no view.
enum Content {
    /// The reason, as the contract writes it.
    Reason(String),
    /// Text, by itself or as JSON.
    Text(String),
    /// Any other JSON.
    Json,
}

/// The beginning of a text, on one line.
pub(crate) fn shortened(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(WORDS) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// Reads a body as one of the contract's types.
pub(super) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Fault> {
    let text = std::str::from_utf8(body).map_err(|error| Fault::NoText(error.valid_up_to()))?;
    serde_json::from_str(text).map_err(|error| fault(text, &error))
}

fn fault(text: &str, error: &serde_json::Error) -> Fault {
    let (line, column) = (error.line(), error.column());
    let said = error.to_string();
    let tail = format!(" at line {line} column {column}");
    let said = said.strip_suffix(&tail).unwrap_or(&said);
    let whole = serde_json::from_str::<IgnoredAny>(text).is_ok();
    match error.classify() {
        Category::Data => {
            let path = shortened(&path_at(text, offset(text, line, column)));
            Fault::Shape { path, line, column, what: misfit(said) }
        }
        // A number where one of several words belongs is told as if it were no JSON.
        Category::Syntax if whole => {
            let path = shortened(&path_at(text, offset(text, line, column)));
            Fault::Shape { path, line, column, what: say::ADAPTER_NO_WORD.plain() }
        }
        Category::Syntax | Category::Eof | Category::Io => {
            Fault::NoJson { line, column, why: said.to_owned() }
        }
    }
}

/// What the reader says, without what is too long to be shown.
fn misfit(said: &str) -> Phrase {
    let short = |word| if str::chars(word).count() > LONGEST_WORD { "[…]" } else { word };
    misshapen(&said.split(' ').map(short).collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use evidence::OrderView;
    use serde_json::json;

    use super::Answer;

    #[test]
    fn no_bytes_are_too_much() {
        let view = json!({
            "order": "A\"1\\é☕", "till": "paid", "back_office": "paid", "paid": null,
            "refunded": { "currency": "USD", "minor": -7 }, "bookings": [{ "amount": [] }],
            "alarm": true, "shown": { "code": "x", "link": null, "page": "waiting" },
        });
        let text = view.to_string().into_bytes();
        let mut tried = 0;
        for (at, _) in text.iter().enumerate() {
            let cut = std::iter::once(text[..at].to_vec());
            let other = b"\"{}[],:\\\n0a\xff".iter().map(|byte| {
                let mut altered = text.clone();
                altered[at] = *byte;
                altered
            });
            for body in cut.chain(other) {
                for status in [200, 400, 404, 501] {
                    let (page, location) = (false, None);
                    let answer = Answer { status, page, location, body: body.clone() };
                    assert!(answer.taken().is_err());
                    // A view of this shape does not exist, so nothing but 404 is one.
                    assert!(matches!(
                        (status, answer.view::<OrderView>()),
                        (404, Ok(None)) | (_, Err(_))
                    ));
                    tried += 1;
                }
            }
        }
        assert!(tried > 10_000);
    }
}
