//! The release that made a bundle, as it says itself: a hint where to ask when this program draws
//! something else. Nothing is believed for it.

use evidence::words::{self as say, Phrase, Place, Sentence};

use super::OpenBundle;

/// The release of this program.
const OWN: &str = env!("CARGO_PKG_VERSION");

/// How long the name of a release can be.
const LONGEST: usize = 40;

/// The release that a bundle names. What is no version is no hint.
pub(super) fn maker(bundle: &OpenBundle) -> Option<&str> {
    let told = bundle.statement.predicate.acceptance_report.facts.tool.version.as_str();
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'+');
    let version = (1..=LONGEST).contains(&told.len()) && told.bytes().all(fits);
    version.then_some(told)
}

/// The same, where it is another one than this.
fn other(bundle: &OpenBundle) -> Option<&str> {
    maker(bundle).filter(|told| *told != OWN)
}

/// A file is not what the record gives.
pub(super) fn not_given(bundle: &OpenBundle, name: &str) -> Phrase {
    match other(bundle) {
        Some(maker) => say::REPLAY_NOT_GIVEN_BY.with([name, maker, OWN]),
        None => say::REPLAY_NOT_GIVEN.with([name]),
    }
}

/// What was expected, and which release to ask where another one made the bundle.
pub(super) fn or_release(bundle: &OpenBundle, expected: &Sentence) -> Phrase {
    match other(bundle) {
        Some(maker) => say::EXPECT_RELEASE.holding([expected.plain().into(), Place::value(maker)]),
        None => expected.plain(),
    }
}
