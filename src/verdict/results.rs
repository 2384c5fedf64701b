//! What the record says, as values: the content of `results.json`.

use std::io;

use evidence::words::{Phrase, Place};
use evidence::{CaseKey, Party};
use serde::{Deserialize, Serialize};

use crate::suite::Condition;

/// The version of `results.json`.
pub const FORMAT: u32 = 1;

/// The verdict on a run with everything it rests on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Results {
    /// [`FORMAT`].
    pub format: u32,
    /// The version of the suite that judged, from the catalogue.
    pub suite_version: String,
    /// `ams`, `legacy`, or `ams+legacy`.
    pub generation: String,
    /// The products that the profile declares, sorted.
    pub products: Vec<String>,
    /// The conditions that the profile declares.
    #[serde(default)]
    pub conditions: Vec<Condition>,
    /// Acceptable, rejected or incomplete.
    pub verdict: Verdict,
    /// What an acceptable run is worth.
    pub grade: Grade,
    /// Why the verdict is no better, one phrase for each reason; empty when acceptable.
    pub reasons: Vec<Phrase>,
    /// How many cases ended how.
    pub counts: Counts,
    /// Every case of the catalogue for this generation, in its order.
    pub cases: Vec<CaseResult>,
}

/// The roll-up of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Every mandatory case is passed, unstable or not-applicable.
    Acceptable,
    /// A mandatory case failed with the merchant at fault.
    Rejected,
    /// Anything else.
    Incomplete,
}

/// What an acceptable run is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Grade {
    /// The integrator's own merchant on a gateway that is not assay's.
    Submission,
    /// Everything else.
    Rehearsal,
}

/// How a case ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Every check held.
    Passed,
    /// Passed after an attempt that ended error or aborted.
    Unstable,
    /// A check did not hold.
    Failed,
    /// The runner broke.
    Error,
    /// Gateway, network or clock broke off.
    Aborted,
    /// A manual step waits for a reviewer.
    NeedsReview,
    /// The profile's products exclude it.
    NotApplicable,
    /// It did not run.
    Skipped,
    /// The user left it out.
    Disabled,
    /// A dry run.
    Planned,
    /// A reviewer waived it.
    Waived,
}

/// Numbers of cases by outcome, and of mandatory ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    /// Cases that are mandatory for these products.
    pub mandatory: u32,
    /// Of those, passed (unstable ones included).
    pub mandatory_passed: u32,
    /// Passed at once.
    pub passed: u32,
    /// Passed at a later attempt.
    pub unstable: u32,
    /// Failed.
    pub failed: u32,
    /// Error or aborted.
    pub broken: u32,
    /// Skipped, disabled, planned or waiting for a review.
    pub open: u32,
    /// Not applicable.
    pub not_applicable: u32,
    /// Messages in which a buyer's data was replaced on entry, so that nobody can check them again.
    #[serde(default, skip_serializing_if = "is_none")]
    pub redacted: u32,
}

/// Where no gateway's buyers are real, nothing is replaced, and nothing is told about it.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde hands it over")]
fn is_none(count: &u32) -> bool {
    *count == 0
}

/// A case of the catalogue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseResult {
    /// `AMS-PAY-001`.
    pub id: String,
    /// `payment`, `refund-cancel`, `reconciliation` or `merchants`.
    pub suite: String,
    /// The title in English.
    pub title: String,
    /// The title in Chinese.
    pub title_zh: String,
    /// Whether it counts for the verdict under this profile.
    pub mandatory: bool,
    /// How it ended, over all its runs.
    pub outcome: Outcome,
    /// Why it did not run or what its first failed check says.
    pub reason: Option<Phrase>,
    /// One run for each product and row.
    pub runs: Vec<RunResult>,
}

/// A case run for one product and one row of its examples.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunResult {
    /// Which run of which case.
    pub key: CaseKey,
    /// How it ended, over all its attempts.
    pub outcome: Outcome,
    /// All attempts, in order.
    pub attempts: Vec<AttemptResult>,
}

/// One attempt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttemptResult {
    /// From 1.
    pub attempt: u32,
    /// How it ended.
    pub outcome: Outcome,
    /// When it began and ended, in milliseconds since the epoch on the scenario's clock.
    pub began: i64,
    /// See `began`.
    pub ended: i64,
    /// The party at fault: that of the first failed check, or of what broke the attempt.
    pub blamed: Option<Party>,
    /// What broke the attempt, where that decided how it ended.
    pub broken: Option<Place>,
    /// Where it was made, in a verdict that joins several runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
    /// The conditions that its traffic shows, declared or not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shows: Vec<Condition>,
    /// In how many of its messages a buyer's data was replaced on entry.
    #[serde(default, skip_serializing_if = "is_none")]
    pub redacted: u32,
    /// S1 to S3, the numbered checks, S4 to S6, in this order.
    pub checks: Vec<CheckResult>,
}

/// Where an attempt was made, in a verdict that joins several runs: there attempts of a run are
/// numbered anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// Which of the parts, from 1.
    pub part: u32,
    /// Its number there.
    pub attempt: u32,
}

impl Origin {
    /// What the folders of all parts lie in, in a merged bundle.
    pub const FOLDERS: &str = "parts/";

    /// The folder of a part, from 1. Two digits keep the order of the names that of the numbers.
    pub fn folder_of(part: usize) -> String {
        format!("{}{part:02}", Self::FOLDERS)
    }

    /// The name that a file of the part has in a merged bundle.
    pub fn file(self, name: &str) -> String {
        format!("{}/{name}", Self::folder_of(self.part as usize))
    }
}

/// What one check found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckResult {
    /// `S1` to `S6`, or the number of the Then step from `1`.
    pub name: String,
    /// Whose fault a failure is.
    pub party: Party,
    /// What kind of statement it is.
    pub family: Family,
    /// The rule it rests on: a key of the catalogue's table of rules.
    pub rule: String,
    /// Held, failed or not judged.
    pub state: CheckState,
    /// The Then sentence, or the text of the standing check.
    pub sentence: String,
    /// The same in Chinese for the standing checks; Gherkin stays as it is.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub sentence_zh: String,
    /// What was expected; only where the check did not hold.
    pub expected: Option<Phrase>,
    /// What was seen instead; only where the check did not hold.
    pub seen: Option<Phrase>,
    /// The lines of the case's record that show it.
    pub lines: Vec<u32>,
    /// Reported, and fails nothing.
    pub notes: Vec<Phrase>,
}

/// The three kinds of checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Family {
    /// What a message says.
    Content,
    /// What is true at the end.
    State,
    /// What happens after what, and when.
    Sequence,
}

/// Whether a check held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckState {
    /// It held.
    Held,
    /// It did not.
    Failed,
    /// The record does not hold what it needs.
    NotJudged,
}

impl Outcome {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Unstable => "unstable",
            Self::Failed => "failed",
            Self::Error => "error",
            Self::Aborted => "aborted",
            Self::NeedsReview => "needs-review",
            Self::NotApplicable => "not-applicable",
            Self::Skipped => "skipped",
            Self::Disabled => "disabled",
            Self::Planned => "planned",
            Self::Waived => "waived",
        }
    }

    /// Whether a mandatory case may end so in an acceptable run.
    pub fn is_acceptable(self) -> bool {
        matches!(self, Self::Passed | Self::Unstable | Self::NotApplicable | Self::Waived)
    }
}

impl Family {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Content => "content",
            Self::State => "state",
            Self::Sequence => "sequence",
        }
    }
}

impl CaseResult {
    /// The attempt that decided the case, with the key of its run: the last of the first run that
    /// ended as the case did. A failure of the merchant goes before others, as it decides the verdict.
    pub fn decisive(&self) -> Option<(&CaseKey, &AttemptResult)> {
        let decided = || {
            let runs = self.runs.iter().filter(|run| run.outcome == self.outcome);
            runs.filter_map(|run| {
                let last = run.attempts.iter().rfind(|attempt| attempt.outcome == run.outcome);
                last.or(run.attempts.last()).map(|attempt| (&run.key, attempt))
            })
        };
        let merchants = decided().find(|(_, attempt)| attempt.blamed == Some(Party::Merchant));
        merchants.or_else(|| decided().next())
    }

    /// In how many messages of its attempts a buyer's data was replaced on entry.
    pub fn redacted(&self) -> u32 {
        let attempts = self.runs.iter().flat_map(|run| &run.attempts);
        attempts.fold(0, |sum, attempt| sum.saturating_add(attempt.redacted))
    }
}

impl AttemptResult {
    /// The first check that failed, which names the party at fault.
    pub fn first_failed(&self) -> Option<&CheckResult> {
        self.checks.iter().find(|check| check.state == CheckState::Failed)
    }
}

#[cfg(test)]
impl AttemptResult {
    /// A made-up one that ended so, with nothing else to tell.
    pub(crate) fn made_up(attempt: u32, outcome: Outcome) -> Self {
        Self {
            attempt,
            outcome,
            began: 0,
            ended: 0,
            blamed: None,
            broken: None,
            origin: None,
            shows: vec![],
            redacted: 0,
            checks: vec![],
        }
    }
}

impl Results {
    /// The bytes of `results.json`: the same for the same record.
    pub fn to_json(&self) -> Vec<u8> {
        let mut bytes = vec![];
        self.write_json(&mut bytes).map_or_else(|_none| vec![], |()| bytes)
    }

    /// Writes `results.json`.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write_json(&self, mut out: &mut dyn io::Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut out, self)?;
        out.write_all(b"\n")
    }
}
