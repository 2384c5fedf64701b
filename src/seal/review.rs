//! The reviewer's decisions and waivers: their own signed statement over a bundle, which it never
//! touches.
//!
//! It is an in-toto statement of a predicate of ours, in an envelope like the bundle's. Nobody who
//! does not know that predicate reads an acceptance out of it. Everything in it follows from
//! [`Review`], so it is read by writing it again.

use std::collections::{BTreeMap, BTreeSet};

use evidence::CaseKey;
use evidence::words::{self as say, Phrase};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use signing::{PrivateKey, PublicKey};
use time::format_description::well_known::Rfc3339;
use time::{Date, Month, OffsetDateTime, UtcOffset};

use super::dsse::{SealError, open_envelope, seal_statement};
use super::{CertifiedBundle, Reviewer, STATEMENT_TYPE, refuse_duplicates};
use crate::verdict::{NoRuling, Ruling};

/// What a review's file is called.
pub const REVIEW_FILE: &str = "review.dsse.json";
/// What kind of statement it is.
const REVIEW: &str = "urn:assay:review:v1";
/// The version of [`Review`].
const SCHEMA: u64 = 1;
/// The largest review that is read.
pub const LARGEST_REVIEW: u64 = 4 << 20;
/// The longest text about a decision or a waiver, in characters.
pub const LONGEST_NOTE: usize = 1_000;
/// For how many days a waiver can be given: until the same day a year later.
const LONGEST_WAIVER: i32 = 366;

/// What was decided about a bundle, when, and by whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Review {
    /// The version of this.
    pub schema: u64,
    /// The bundle, as it is without any review.
    pub bundle: CertifiedBundle,
    /// Who decides.
    pub reviewer: Reviewer,
    /// When, by the reviewer's clock, such as `2026-11-21T19:00:00Z`.
    pub reviewed_at: String,
    /// The release of assay that they did it with.
    pub tool_version: String,
    /// What was decided, sorted by run.
    pub decisions: Vec<Decision>,
    /// What is done without, sorted by case.
    pub waivers: Vec<Waiver>,
}

/// A decision about a run that waited for a reviewer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Decision {
    /// The run.
    pub run: CaseKey,
    /// What it came to.
    pub decision: Decided,
    /// What the reviewer says about it; may be empty where it passed.
    pub note: String,
}

/// What a reviewer decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decided {
    /// The evidence shows what it should.
    Passed,
    /// It shows that the merchant failed.
    Failed,
}

impl Decided {
    /// The word of the outcome.
    pub fn name(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
        }
    }
}

/// A case that is done without, for whom and for how long.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Waiver {
    /// The case.
    pub case: String,
    /// The merchant's client id; empty where it has none.
    pub client_id: String,
    /// The merchant's partner id; empty where it has none.
    pub partner: String,
    /// The suite's version.
    pub suite_version: String,
    /// Why.
    pub reason: String,
    /// Who waives it.
    pub by: String,
    /// The last day on which it holds, in UTC, such as `2027-02-01`.
    pub expires: String,
}

/// Why a review is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReviewFault {
    /// The envelope does not open under the reviewer's key.
    #[error("{0}")]
    Seal(#[from] SealError),
    /// Larger than any.
    #[error("too large")]
    Large,
    /// What it holds is no review as it is written.
    #[error("no review")]
    Form,
    /// It is of another version.
    #[error("format {0}")]
    Schema(u64),
    /// The reviewer's key is somebody else's.
    #[error("a key of the bundle")]
    Key,
    /// It is about another bundle.
    #[error("another bundle")]
    Other,
    /// It is about this bundle, and tells otherwise of it.
    #[error("another tale")]
    Tale,
    /// A run is decided twice.
    #[error("{0} twice")]
    DecidedTwice(CaseKey),
    /// A case is waived twice.
    #[error("{0} twice")]
    WaivedTwice(String),
    /// A text that is none.
    #[error("the text about {0}")]
    Note(String, usize),
    /// A waiver for another merchant.
    #[error("{case} for {told}")]
    Merchant {
        /// The case.
        case: String,
        /// For whom it is.
        told: String,
        /// Whose bundle it is.
        is: String,
    },
    /// A waiver for another suite.
    #[error("{case} for suite {told}")]
    Suite {
        /// The case.
        case: String,
        /// For which it is.
        told: String,
        /// Which judged the bundle.
        is: String,
    },
    /// A waiver that ends on no day, or on one too far away.
    #[error("{0} ends {1}")]
    Expires(String, String),
    /// A waiver that is over.
    #[error("{case} ended {expires}")]
    Expired {
        /// The case.
        case: String,
        /// Its last day.
        expires: String,
        /// The moment that is asked about.
        at: String,
    },
    /// It decides what was not to be decided.
    #[error("{0}")]
    Ruling(#[from] NoRuling),
}

impl ReviewFault {
    /// What is wrong, in both languages.
    pub fn says(&self) -> Phrase {
        match self {
            Self::Seal(why) => why.says(),
            Self::Large => say::REVIEW_LARGE.with([LARGEST_REVIEW]),
            Self::Form => say::REVIEW_FORM.plain(),
            Self::Schema(found) => say::REVIEW_SCHEMA.with([*found, SCHEMA]),
            Self::Key => say::REVIEW_KEY.plain(),
            Self::Other => say::REVIEW_OTHER_BUNDLE.plain(),
            Self::Tale => say::REVIEW_TALE.plain(),
            Self::DecidedTwice(run) => say::REVIEW_DECIDED_TWICE.with([run]),
            Self::WaivedTwice(case) => say::REVIEW_WAIVED_TWICE.with([case]),
            Self::Note(about, least) => {
                say::REVIEW_NOTE.with([about.clone(), least.to_string(), LONGEST_NOTE.to_string()])
            }
            Self::Merchant { case, told, is } => say::REVIEW_OF_MERCHANT.with([case, told, is]),
            Self::Suite { case, told, is } => say::REVIEW_OF_SUITE.with([case, told, is]),
            Self::Expires(case, told) => say::REVIEW_EXPIRES.with([case, told]),
            Self::Expired { case, expires, at } => say::REVIEW_EXPIRED.with([case, expires, at]),
            Self::Ruling(why) => why.says(),
        }
    }

    /// The run or case that it is about, where it is about one.
    pub fn about(&self) -> Option<String> {
        match self {
            Self::DecidedTwice(run) => Some(run.to_string()),
            Self::WaivedTwice(case)
            | Self::Note(case, _)
            | Self::Merchant { case, .. }
            | Self::Suite { case, .. }
            | Self::Expires(case, _)
            | Self::Expired { case, .. } => Some(case.clone()),
            Self::Ruling(why) => Some(why.about()),
            Self::Seal(_)
            | Self::Large
            | Self::Form
            | Self::Schema(_)
            | Self::Key
            | Self::Other
            | Self::Tale => None,
        }
    }
}

impl Review {
    /// What a reviewer decided about a bundle.
    pub fn new(
        bundle: CertifiedBundle,
        reviewer: Reviewer,
        reviewed_at: String,
        mut decisions: Vec<Decision>,
        mut waivers: Vec<Waiver>,
    ) -> Self {
        decisions.sort_by(|one, other| one.run.cmp(&other.run));
        waivers.sort_by(|one, other| one.case.cmp(&other.case));
        let tool_version = env!("CARGO_PKG_VERSION").to_owned();
        Self { schema: SCHEMA, bundle, reviewer, reviewed_at, tool_version, decisions, waivers }
    }

    /// Signs it.
    pub fn seal(&self, key: &PrivateKey) -> Result<Vec<u8>, SealError> {
        seal_statement(&self.statement(), key)
    }

    /// Opens a review under a reviewer's key from the reader's own store.
    pub fn open(envelope: &[u8], reviewer: &PublicKey) -> Result<Self, ReviewFault> {
        if envelope.len() as u64 > LARGEST_REVIEW {
            return Err(ReviewFault::Large);
        }
        let payload = open_envelope(envelope, reviewer)?;
        refuse_duplicates(&payload).map_err(SealError::from)?;
        let mut told: Value =
            serde_json::from_slice(&payload).map_err(|_no_json| ReviewFault::Form)?;
        let told = told.pointer_mut(PLACE).ok_or(ReviewFault::Form)?.take();
        // The version first: what a later one is like, nobody here knows.
        match told.get("schema").and_then(Value::as_u64) {
            Some(SCHEMA) => {}
            Some(other) => return Err(ReviewFault::Schema(other)),
            None => return Err(ReviewFault::Form),
        }
        let read: Self = serde_json::from_value(told).map_err(|_other| ReviewFault::Form)?;
        let signs = read.reviewer.key_sha256 == reviewer.fingerprint();
        let dated = moment(&read.reviewed_at).as_ref() == Some(&read.reviewed_at);
        let same = signs && dated && read.statement() == payload;
        if same { Ok(read) } else { Err(ReviewFault::Form) }
    }

    /// Wants it to be about a bundle that was verified, and every waiver to be for that bundle's
    /// merchant and suite and to hold at a moment. Answers what is decided; whether that was to be
    /// decided is for the judge.
    pub fn ruling(&self, found: &CertifiedBundle, at: &str) -> Result<Ruling, ReviewFault> {
        if self.bundle.sha256 != found.sha256 {
            return Err(ReviewFault::Other);
        }
        if self.bundle != *found {
            return Err(ReviewFault::Tale);
        }
        let mut decided = BTreeMap::new();
        for Decision { run, decision, note } in &self.decisions {
            let least = usize::from(*decision == Decided::Failed);
            check_note(&run.to_string(), note, least)?;
            if decided.insert(run.clone(), *decision == Decided::Passed).is_some() {
                return Err(ReviewFault::DecidedTwice(run.clone()));
            }
        }
        let mut waived = BTreeSet::new();
        for waiver in &self.waivers {
            self.check_waiver(waiver, found, at)?;
            if !waived.insert(waiver.case.clone()) {
                return Err(ReviewFault::WaivedTwice(waiver.case.clone()));
            }
        }
        Ok(Ruling { decided, waived })
    }

    fn check_waiver(
        &self,
        waiver: &Waiver,
        found: &CertifiedBundle,
        at: &str,
    ) -> Result<(), ReviewFault> {
        let Waiver { case, expires, .. } = waiver;
        check_note(case, &waiver.reason, 1)?;
        check_note(case, &waiver.by, 1)?;
        if (&waiver.client_id, &waiver.partner) != (&found.client_id, &found.partner) {
            let told = merchant(&waiver.client_id, &waiver.partner);
            let is = merchant(&found.client_id, &found.partner);
            return Err(ReviewFault::Merchant { case: case.clone(), told, is });
        }
        if waiver.suite_version != found.suite_version {
            let (told, is) = (waiver.suite_version.clone(), found.suite_version.clone());
            return Err(ReviewFault::Suite { case: case.clone(), told, is });
        }
        if !ends_in_time(expires, &self.reviewed_at) {
            return Err(ReviewFault::Expires(case.clone(), expires.clone()));
        }
        // It holds to the end of its last day.
        match (at.get(..10).and_then(day), day(expires)) {
            (Some(at), Some(last)) if at <= last => Ok(()),
            _ => {
                let (case, expires, at) = (case.clone(), expires.clone(), at.to_owned());
                Err(ReviewFault::Expired { case, expires, at })
            }
        }
    }

    /// The statement, on one line.
    fn statement(&self) -> Vec<u8> {
        let statement = json!({
            "_type": STATEMENT_TYPE,
            "subject": [
                { "name": "acceptance.zip", "digest": { "sha256": self.bundle.sha256 } },
            ],
            "predicateType": REVIEW,
            "predicate": self,
        });
        serde_json::to_vec(&statement).unwrap_or_default()
    }
}

/// Where [`Review`] stands in the statement.
const PLACE: &str = "/predicate";

/// A merchant by its ids.
fn merchant(client_id: &str, partner: &str) -> String {
    let ids: Vec<&str> = [client_id, partner].into_iter().filter(|id| !id.is_empty()).collect();
    ids.join(" ")
}

fn check_note(about: &str, note: &str, least: usize) -> Result<(), ReviewFault> {
    let length = note.chars().count();
    let blank = length > 0 && note.trim().is_empty();
    if blank || note.chars().any(char::is_control) || !(least..=LONGEST_NOTE).contains(&length) {
        return Err(ReviewFault::Note(about.to_owned(), least));
    }
    Ok(())
}

/// Whether a waiver that is given at a moment can have this last day.
pub fn ends_in_time(expires: &str, given: &str) -> bool {
    let days = day(expires).zip(given.get(..10).and_then(day)).map(|(last, given)| last - given);
    days.is_some_and(|days| (0..=LONGEST_WAIVER).contains(&days))
}

/// The number of a day that is written `2027-02-01`, and in no other way.
fn day(text: &str) -> Option<i32> {
    let [year, month, day] = [text.get(..4)?, text.get(5..7)?, text.get(8..)?];
    let dashed = text.len() == 10 && text.get(4..5) == Some("-") && text.get(7..8) == Some("-");
    let digits = [year, month, day].into_iter().flat_map(str::bytes).all(|b| b.is_ascii_digit());
    let month = Month::try_from(month.parse::<u8>().ok()?).ok()?;
    let date = Date::from_calendar_date(year.parse().ok()?, month, day.parse().ok()?).ok()?;
    (dashed && digits).then(|| date.to_julian_day())
}

/// A moment as people write it, a day (from its beginning) or a moment with its offset, as a moment
/// in UTC; `None` for anything else.
pub fn moment(text: &str) -> Option<String> {
    if day(text).is_some() {
        return Some(format!("{text}T00:00:00Z"));
    }
    let utc = OffsetDateTime::parse(text, &Rfc3339).ok()?.checked_to_offset(UtcOffset::UTC)?;
    let whole = utc.replace_nanosecond(0).ok()?;
    // A year of five digits is written otherwise.
    whole.format(&Rfc3339).ok().filter(|text| text.len() == 20)
}

#[cfg(test)]
mod tests;
