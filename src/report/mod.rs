//! Record and verdict in; HTML, JUnit, cucumber messages, Markdown and annotations out. Pure: the same
//! input gives the same bytes.
//!
//! Page and JUnit file are drawn in one pass over the record, case by case, so that neither a whole record nor a
//! whole page has to be in memory.
//!
//! Everything that was seen is foreign text. It reaches the page through templates that escape it,
//! and the JUnit file through one sanitiser; nothing here reads a clock, a file or the environment.

mod annotations;
mod certificate;
mod conversation;
mod differences;
mod explained;
mod html;
mod json_text;
mod junit;
mod legacy_text;
mod markdown;
mod messages;
mod outline;
mod scenario;
mod text;
mod view;

use std::collections::BTreeMap;
use std::fmt;
use std::io;

use diagnose::Known;
use evidence::words::{self as say, Phrase};
use evidence::{Attempts, Entry, RecordError};
use protocol::Generation;

use crate::verdict::{AttemptResult, CaseResult, Results, Verdict};

pub use annotations::annotations;
pub use certificate::Certificate;
pub(crate) use explained::explained;
pub use markdown::markdown;
pub use messages::messages;
pub use text::{shown_text, xml_text};
pub(crate) use view::tale;

/// What a check rests on: an entry of the catalogue's table of rules.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rule {
    /// What the rule says, shortly.
    pub title: String,
    /// The same in Chinese.
    pub title_zh: String,
    /// Where it is published.
    pub address: String,
}

/// Who, what, where and when: plain texts as they shall be read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Head {
    /// The run's id.
    pub run_id: String,
    /// When it began, such as `2026-11-21T19:00:00Z`.
    pub started: String,
    /// When it ended.
    pub finished: String,
    /// The version of assay.
    pub tool_version: String,
    /// The gateway's name or address.
    pub gateway: String,
    /// `embedded-sandbox`, `sandbox` or `production`.
    pub environment: String,
    /// Whether the gateway is assay's own sandbox, wherever it runs.
    pub simulated: bool,
    /// The client id at the gateway.
    pub client_id: String,
    /// The partner id at the gateway of the generation `legacy`.
    pub partner: String,
    /// `reference`, `http`, `command` or `manual`.
    pub merchant_driver: String,
    /// Whether its scenarios played one after the other, since its calls do not tell their order.
    pub one_at_a_time: bool,
    /// What the gateway was told to answer by rules of the run's profile, a line each.
    pub rules: Vec<String>,
    /// The integrator's name as typed.
    pub integrator: String,
    /// The profile's name.
    pub profile: String,
    /// What ids and amounts were drawn from.
    pub seed: String,
    /// The reviewer's challenge that it answers; empty where there is none.
    pub challenge: String,
    /// The digest of the suite: catalogue and features.
    pub suite_digest: String,
    /// How messages of the generation `legacy` are signed; empty where none are played.
    pub sign_type: String,
    /// The fingerprint of the gateway's key; empty where it is shared.
    pub gateway_key: String,
    /// The fingerprint of the merchant's request key.
    pub merchant_key: String,
    /// The fingerprint of the report key.
    pub report_key: String,
    /// Whether it was asked for a part of what is mandatory, by name or as a share.
    pub partial: bool,
    /// Which share of that it was asked for, such as `1/4`; empty for all of it, and where runs are joined.
    pub share: String,
    /// The runs that it was joined from, where it was joined from several.
    pub parts: Vec<PartHead>,
}

/// A run that a merged bundle was joined from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartHead {
    /// The folder that keeps it.
    pub folder: String,
    /// Its id.
    pub run_id: String,
    /// When it began.
    pub started: String,
    /// The gateway's name or address.
    pub gateway: String,
    /// Whether that is assay's own.
    pub simulated: bool,
    /// What was asked for; empty for everything that is mandatory.
    pub selection: String,
    /// The share of that, such as `1/4`; empty for all of it.
    pub shard: String,
    /// What it is worth by itself.
    pub verdict: Verdict,
    /// How many mandatory cases passed in it.
    pub mandatory_passed: u32,
}

/// Everything that the reports show but the record itself.
#[derive(Debug, Clone)]
pub struct Page<'a> {
    /// The verdict with everything it rests on.
    pub results: &'a Results,
    /// Every feature: its path and its text.
    pub features: &'a [(String, String)],
    /// The catalogue's rules by key.
    pub rules: &'a BTreeMap<String, Rule>,
    /// Who, what, where and when.
    pub head: Head,
    /// What fitted no scenario, in the order in which it came.
    pub strays: &'a [Entry],
    /// The public keys that the bundle shows, of each run that it was joined from.
    pub known: &'a [Known],
}

/// The keys under which messages of an attempt were checked.
fn known_of<'a>(known: &'a [Known], attempt: &AttemptResult) -> Option<&'a Known> {
    let part = attempt.origin.map_or(1, |origin| origin.part as usize);
    known.get(part.checked_sub(1)?)
}

/// Why a report could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The page could not be written.
    Page(#[from] io::Error),
    /// The record cannot be trusted.
    Record(#[from] RecordError),
    /// The JUnit file could not be written.
    Junit(#[from] junit_report::Error),
    /// The JUnit writer wrote something that is no UTF-8.
    Encoding(#[from] std::string::FromUtf8Error),
    /// The head tells no moment.
    Moment(String),
    /// A case has no scenario.
    Scenario(String),
}

impl ReportError {
    /// What is wrong, in both languages.
    pub fn says(&self) -> Phrase {
        match self {
            Self::Page(why) => say::REPORT_PAGE.with([why]),
            Self::Record(why) => why.says(),
            Self::Junit(why) => say::REPORT_JUNIT.with([why]),
            Self::Encoding(_) => say::REPORT_NOT_UTF8.plain(),
            Self::Moment(text) => say::REPORT_MOMENT.with([text]),
            Self::Scenario(case) => say::REDRAW_SCENARIO.with([case]),
        }
    }
}

impl fmt::Display for ReportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.says().fmt(f)
    }
}

/// Writes the page to `out`, and answers the text of the JUnit file.
pub fn draw(
    page: &Page<'_>,
    attempts: &mut dyn Attempts,
    out: &mut dyn io::Write,
) -> Result<String, ReportError> {
    let mut junit = junit::Junit::new(page)?;
    html::open(page, out)?;
    for section in &Section::all(page.results) {
        html::open_section(page, section, out)?;
        for case in page.results.cases.iter().filter(|case| section.holds(case)) {
            let seen = attempts.of_case(&case.id)?;
            html::case(page, case, &seen, out)?;
            junit.case(case, &seen);
        }
        html::close_section(out)?;
        junit.close_section(section);
    }
    html::strays(page, out)?;
    html::close(out)?;
    junit.finish(page, &attempts.head()?)
}

/// A section of the reports: a suite of one generation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Section<'a> {
    pub(crate) generation: Generation,
    pub(crate) suite: &'a str,
}

impl<'a> Section<'a> {
    fn of(case: &'a CaseResult) -> Self {
        Self { generation: Generation::of_case(&case.id), suite: &case.suite }
    }

    /// The sections of a verdict, each once, in the order of their first cases.
    fn all(results: &'a Results) -> Vec<Self> {
        let mut sections: Vec<Self> = vec![];
        for section in results.cases.iter().map(Self::of) {
            if !sections.contains(&section) {
                sections.push(section);
            }
        }
        sections
    }

    pub(crate) fn holds(&self, case: &CaseResult) -> bool {
        Section::of(case) == *self
    }

    /// Its name among those of both generations; the newer one has the plain names.
    pub(crate) fn name(&self) -> String {
        match self.generation {
            Generation::Ams => self.suite.to_owned(),
            Generation::Legacy => format!("{}-{}", self.generation.name(), self.suite),
        }
    }
}

#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod tests;
