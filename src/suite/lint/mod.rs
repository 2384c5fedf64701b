//! The lint of the features: a scenario that proves nothing must not ship.
//!
//! The engine is lenient where a test runner must not be. It takes a misspelt keyword for prose,
//! skips a sentence that it does not know, passes an empty scenario and retries whatever is tagged
//! so. Each rule closes such a door:
//!
//! | rule | says |
//! |---|---|
//! | L0 | the file is Gherkin |
//! | L1 | prose stands below `Feature:` only, each line behind `> ` |
//! | L2 | scenarios, rows and Then steps are those of the catalogue |
//! | L3 | every sentence has exactly one meaning |
//! | L4 | a scenario begins with Given or When, ends with Then, and has no `*` |
//! | L5 | tags are case, suite, level and product, and agree with the catalogue |
//! | L6 | every column of an outline is used, and every place in it filled |
//! | L7 | documents in a step have no media type, and no place to be filled |
//! | L8 | files are small, without byte order mark, and steps without `#` |
//! | L9 | a case that may move real money does nothing that no shop does every day |

mod cases;
mod meaning;
mod text;
mod tree;

pub(super) use cases::cases;
pub use meaning::{Meaning, Meanings};
pub(super) use text::{text, unreadable};
pub(super) use tree::tree;

use evidence::words::{Phrase, Sentence};

use crate::finding::{Finding, Place};

/// A finding at a line of a feature.
fn finding(
    code: &'static str,
    path: &str,
    line: usize,
    says: Phrase,
    advice: &'static Sentence,
) -> Finding {
    Finding { code, place: Place::line(path, line), says, advice: advice.plain() }
}

/// Whether a step is written with `*`, whose kind is guessed.
fn is_star(keyword: &str) -> bool {
    keyword.trim() == "*"
}

#[cfg(test)]
mod tests;
