//! Decisions and waivers from a file, read strictly.

use std::path::Path;

use evidence::CaseKey;
use evidence::words::{Phrase, REVIEW_ENTRY_DO, REVIEW_NO_RUN};
use serde::Deserialize;

use super::waiting::Waiting;
use super::{Hand, Ruled};
use crate::bounded;
use crate::exit::CommandError;
use crate::finding::{Finding, Place};
use crate::seal::{Decided, Decision, ReviewFault};
use crate::verdict::NoRuling;
use crate::yaml;

/// The largest file of decisions that is read.
const LARGEST: u64 = 512 << 10;

/// A file of decisions.
#[derive(Debug)]
pub(super) struct Written {
    name: String,
    text: String,
    entries: Entries,
}

/// What stands in it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, expecting = "decisions and waivers")]
struct Entries {
    #[serde(default)]
    decisions: Vec<DecisionEntry>,
    #[serde(default)]
    waivers: Vec<WaiverEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, expecting = "run, decision and perhaps a note")]
struct DecisionEntry {
    /// A run, or a case: then all of its runs that wait.
    run: String,
    decision: Decided,
    #[serde(default)]
    note: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, expecting = "case, reason and expires")]
struct WaiverEntry {
    case: String,
    reason: String,
    expires: String,
}

impl Written {
    pub(super) fn read(path: &Path) -> Result<Self, CommandError> {
        let read = bounded::read(path, LARGEST);
        let bytes = read.map_err(|source| CommandError::Read { path: path.to_owned(), source })?;
        let name = path.display().to_string();
        let entries = yaml::read(&name, &bytes, LARGEST).map_err(CommandError::Entry)?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Ok(Self { name, text, entries })
    }

    /// What it decides about what waits, as it stands there: whether that is to be decided is for who
    /// lays it over the verdict.
    pub(super) fn ruled(&self, waiting: &Waiting<'_>, hand: &Hand) -> Result<Ruled, CommandError> {
        let mut ruled = Ruled::default();
        for DecisionEntry { run, decision, note } in &self.entries.decisions {
            let runs = runs_of(run, waiting).map_err(|why| self.finding(run, false, why))?;
            ruled.decisions.extend(runs.into_iter().map(|run| Decision {
                run,
                decision: *decision,
                note: note.clone(),
            }));
        }
        let waived = self.entries.waivers.iter();
        let waived = waived.map(|it| hand.waiver(&it.case, &it.expires, &it.reason));
        ruled.waivers.extend(waived);
        Ok(ruled)
    }

    /// Why what it decides cannot be, and where that stands in it.
    pub(super) fn refused(&self, why: &ReviewFault) -> CommandError {
        let last = matches!(why, ReviewFault::DecidedTwice(_) | ReviewFault::WaivedTwice(_));
        self.finding(&why.about().unwrap_or_default(), last, why.says())
    }

    fn finding(&self, about: &str, last: bool, says: Phrase) -> CommandError {
        let place = match self.line(about, last) {
            Some(line) => Place::line(&self.name, line),
            None => Place::file(&self.name),
        };
        let advice = REVIEW_ENTRY_DO.plain();
        CommandError::Entry(Box::new(Finding { code: "R1", place, says, advice }))
    }

    /// The line of the first entry about a run or a case, or of the last one.
    fn line(&self, about: &str, last: bool) -> Option<usize> {
        let case = about.split(['/', '#']).next().unwrap_or_default();
        let runs = self.entries.decisions.iter().map(|entry| ("run", entry.run.as_str()));
        let cases = self.entries.waivers.iter().map(|entry| ("case", entry.case.as_str()));
        let fits = |(_, named): &(&str, &str)| *named == about || *named == case;
        let mut lines: Vec<usize> = runs
            .chain(cases)
            .filter(fits)
            .flat_map(|(key, named)| yaml::lines_with(&self.text, key, named))
            .collect();
        lines.sort_unstable();
        if last { lines.pop() } else { lines.first().copied() }
    }
}

/// The runs that are meant by the key of one, or by a case: then all that wait.
fn runs_of(text: &str, waiting: &Waiting<'_>) -> Result<Vec<CaseKey>, Phrase> {
    let key: CaseKey = text.parse().map_err(|_no_key| REVIEW_NO_RUN.with([text]))?;
    let case = waiting.results.cases.iter().find(|case| case.id == key.case);
    let Some(case) = case else { return Err(NoRuling::NoRun(key).says()) };
    if case.runs.iter().any(|run| run.key == key) {
        return Ok(vec![key]);
    }
    if key.product.is_some() || key.row.is_some() {
        return Err(NoRuling::NoRun(key).says());
    }
    let runs: Vec<CaseKey> =
        waiting.runs_of(&case.id).into_iter().map(|run| run.key.clone()).collect();
    if runs.is_empty() { Err(NoRuling::NotWaiting(key, case.outcome).says()) } else { Ok(runs) }
}

#[cfg(test)]
mod tests {
    use evidence::words::Language;

    use super::*;

    fn written(text: &str) -> Result<Written, CommandError> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        Written::read(file.path())
    }

    const YAML: &str = "\
# What the reviewer saw.
decisions:
  - run: AMS-PAY-061
    decision: passed
    note: the three pictures show it
  - { run: \"AMS-PAY-0611\", decision: failed, note: no }
waivers:
  - case: AMS-PAY-061
    reason: the scanner is broken
    expires: 2027-02-01
";

    #[test]
    fn yaml_and_json_say_the_same_and_each_entry_has_its_line() {
        let yaml = written(YAML).unwrap();
        let json = r#"{
  "decisions": [
    { "run": "AMS-PAY-061", "decision": "passed", "note": "the three pictures show it" },
    { "run": "AMS-PAY-0611", "decision": "failed", "note": "no" }
  ],
  "waivers": [
    { "case": "AMS-PAY-061", "reason": "the scanner is broken", "expires": "2027-02-01" }
  ]
}
"#;
        let json = written(json).unwrap();
        assert_eq!(format!("{:?}", yaml.entries), format!("{:?}", json.entries));
        for (written, lines) in [(&yaml, [3, 6, 8]), (&json, [3, 4, 7])] {
            let [first, other, waiver] = lines;
            assert_eq!(written.line("AMS-PAY-061", false), Some(first));
            assert_eq!(written.line("AMS-PAY-061/order-code#2", false), Some(first));
            assert_eq!(written.line("AMS-PAY-0611", false), Some(other));
            assert_eq!(written.line("AMS-PAY-061", true), Some(waiver));
            assert_eq!(written.line("AMS-PAY-002", false), None);
        }
        let refused = yaml.refused(&ReviewFault::WaivedTwice("AMS-PAY-061".into()));
        let CommandError::Entry(finding) = refused else { unreachable!("{refused:?}") };
        assert!(finding.text(Language::En).contains(":8: it waives AMS-PAY-061 twice; "));
    }

    #[test]
    fn what_is_no_file_of_decisions_is_refused_with_its_line() {
        for (text, line, says) in [
            ("decisions:\n  - { run: A, decision: waved }\n", ":2:", "waved"),
            ("decisions:\n  - run: A\n    decision: passed\n    by: me\n", ":4:", "`by`"),
            ("decisions:\n  - run: A\n", ":2:", "decision"),
            ("waivers:\n  - { case: A, reason: b }\n", ":2:", "expires"),
            ("waivers: []\nwaivers: []\n", ":2:", "waivers"),
            ("approved: true\n", ":1:", "approved"),
            ("decisions: &a []\nwaivers: *a\n", ":1:", "anchor"),
        ] {
            let refused = written(text).unwrap_err();
            let CommandError::Entry(finding) = refused else { unreachable!("{refused:?}") };
            let told = finding.text(Language::En);
            assert!(told.contains(line) && told.contains(says), "{text}: {told}");
        }
        let large = "#".repeat(usize::try_from(LARGEST).unwrap() + 1);
        assert!(matches!(written(&large), Err(CommandError::Entry(_))));
        // Nothing in it is nothing decided.
        assert!(written("decisions: []\n").unwrap().entries.waivers.is_empty());
    }
}
