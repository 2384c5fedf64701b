//! The JUnit file: one test case for each case with its final outcome.
//!
//! A file without failure and error means an acceptable verdict. So a mandatory case that did not
//! run is an error, and a verdict that no case explains has a test case of its own. The file of a share
//! has the share's own cases, and says in a test case that it is no whole.

mod properties;
mod share;

use std::fmt::Write as _;

use diagnose::Known;
use evidence::words::{self as say, Language, Phrase};
use evidence::{CaseRecord, Party};
use junit_report::{Duration, OffsetDateTime, ReportBuilder, TestCase, TestCaseBuilder, TestSuite};
use protocol::Generation;

use super::conversation::{record_of, request_ids, seconds};
use super::text::{one_line, xml_text};
use super::{Page, ReportError, Section, explained, known_of};
use crate::suite::Shard;
use crate::verdict::{CaseResult, CheckResult, CheckState, Outcome, Results, Verdict};

/// The fixed name of the machine: where it ran is in the record.
const HOST: &str = "assay";

/// The JUnit file while it is drawn.
pub(super) struct Junit<'a> {
    results: &'a Results,
    known: &'a [Known],
    started: OffsetDateTime,
    package: String,
    share: Option<Shard>,
    report: ReportBuilder,
    /// The cases of the suite that is being drawn.
    cases: Vec<TestCase>,
}

impl<'a> Junit<'a> {
    pub(super) fn new(page: &Page<'a>) -> Result<Self, ReportError> {
        let (results, head) = (page.results, &page.head);
        let started = protocol::parse_time(&head.started)
            .and_then(|moment| OffsetDateTime::from_unix_timestamp(moment.div_euclid(1000)).ok())
            .ok_or_else(|| ReportError::Moment(head.started.clone()))?;
        let package = format!("assay.{}", results.generation);
        Ok(Self {
            results,
            known: page.known,
            started,
            package,
            share: head.share.parse().ok(),
            report: ReportBuilder::new(),
            cases: vec![],
        })
    }

    /// Adds a case to the suite that is being drawn.
    pub(super) fn case(&mut self, case: &CaseResult, seen: &[CaseRecord]) {
        if self.share.is_some_and(|share| share::is_elsewhere(share, case)) {
            return;
        }
        let generation = Generation::of_case(&case.id).name();
        let class = xml_text(&format!("assay.{generation}.{}", case.suite));
        self.cases.push(test_case(case, seen, self.known, &class));
    }

    /// Ends a section. One of which the share has no case is none of the file.
    pub(super) fn close_section(&mut self, section: &Section<'_>) {
        if self.share.is_some() && self.cases.is_empty() {
            return;
        }
        self.close(&section.name(), &format!("assay.{}", section.generation.name()));
    }

    fn close(&mut self, name: &str, package: &str) {
        let mut suite = TestSuite::new(&xml_text(name));
        suite.package = xml_text(package);
        HOST.clone_into(&mut suite.hostname);
        suite.timestamp = self.started;
        suite.testcases = std::mem::take(&mut self.cases);
        print_short(&mut suite);
        self.report.add_testsuite(suite);
    }

    /// The text of the file, the head of the record given.
    pub(super) fn finish(mut self, page: &Page<'_>, head: &str) -> Result<String, ReportError> {
        let told = match self.share {
            Some(share) => Some(share::told(share, self.results, &self.package)),
            None => unexplained(self.results, &self.package),
        };
        if let Some(case) = told {
            self.cases.push(case);
            let package = self.package.clone();
            self.close("run", &package);
        }
        let mut bytes = vec![];
        self.report.build().write_xml(&mut bytes)?;
        bytes.push(b'\n');
        let text = String::from_utf8(bytes)?;
        Ok(properties::put(&text, &properties::of(page, head)))
    }
}

/// The verdict as a test case, where it is not acceptable although no case says so.
fn unexplained(results: &Results, package: &str) -> Option<TestCase> {
    let explained =
        results.cases.iter().any(|case| !matches!(ending(case), Ending::Good | Ending::Left));
    if results.verdict == Verdict::Acceptable || explained {
        return None;
    }
    Some(not_acceptable(results.reasons.iter(), package))
}

/// A test case that says why the run is not acceptable.
fn not_acceptable<'a>(reasons: impl Iterator<Item = &'a Phrase>, package: &str) -> TestCase {
    let reasons: Vec<String> = reasons.map(ToString::to_string).collect();
    let message = one_line(&format!("the run is not acceptable: {}", reasons.join("; ")));
    let mut case =
        TestCaseBuilder::error("verdict", Duration::ZERO, "incomplete", &xml_text(&message));
    case.set_classname(&xml_text(&format!("{package}.run")));
    case.build()
}

/// How a case ends in JUnit's words.
enum Ending {
    Good,
    Left,
    Failure,
    Error(String),
}

fn ending(case: &CaseResult) -> Ending {
    match case.outcome {
        Outcome::Passed | Outcome::Unstable => Ending::Good,
        Outcome::Failed => Ending::Failure,
        Outcome::Error | Outcome::Aborted => {
            let blamed = case.decisive().and_then(|(_, attempt)| attempt.blamed);
            Ending::Error(blamed.unwrap_or(Party::Runner).name().to_owned())
        }
        Outcome::Skipped | Outcome::Disabled | Outcome::Planned | Outcome::NeedsReview
            if case.mandatory =>
        {
            Ending::Error("incomplete".to_owned())
        }
        Outcome::Skipped
        | Outcome::Disabled
        | Outcome::Planned
        | Outcome::NeedsReview
        | Outcome::NotApplicable
        | Outcome::Waived => Ending::Left,
    }
}

fn test_case(case: &CaseResult, seen: &[CaseRecord], known: &[Known], class: &str) -> TestCase {
    let name = xml_text(&one_line(&format!("{} {}", case.id, case.title)));
    let time = Duration::milliseconds(spent(case));
    let message = |text: String| xml_text(&one_line(&text));
    let mut built = match ending(case) {
        Ending::Good => TestCaseBuilder::success(&name, time),
        Ending::Left => TestCaseBuilder::skipped(&name),
        Ending::Failure => {
            let found = case.decisive().and_then(|(_, attempt)| attempt.first_failed());
            let (kind, text) = match found {
                Some(check) => {
                    let kind = format!("{}.{}", check.party.name(), check.family.name());
                    (kind, one_check(check))
                }
                None => ("runner".to_owned(), reason(case)),
            };
            let mut built = TestCaseBuilder::failure(&name, time, &kind, &message(text));
            built.set_trace(&xml_text(&trace(case, seen, known)));
            built
        }
        Ending::Error(kind) => {
            let broken = case.decisive().and_then(|(_, attempt)| attempt.broken.clone());
            let text = broken.map_or_else(|| reason(case), |why| why.to_string());
            let mut built = TestCaseBuilder::error(&name, time, &kind, &message(text));
            if !case.runs.is_empty() {
                built.set_trace(&xml_text(&trace(case, seen, known)));
            }
            built
        }
    };
    built.set_classname(class);
    if let Some(out) = system_out(case) {
        built.set_system_out(&xml_text(&out));
    }
    built.build()
}

/// How long all attempts took together, in milliseconds.
fn spent(case: &CaseResult) -> i64 {
    let attempts = case.runs.iter().flat_map(|run| &run.attempts);
    attempts.map(|attempt| attempt.ended.saturating_sub(attempt.began).max(0)).sum()
}

fn reason(case: &CaseResult) -> String {
    let told = case.reason.as_ref().map(|reason| reason.text(Language::En));
    told.unwrap_or_else(|| format!("the case is {}", case.outcome.name()))
}

/// A check that did not hold, on one line.
fn one_check(check: &CheckResult) -> String {
    let text = |phrase: &Option<evidence::words::Phrase>| {
        phrase.as_ref().map_or_else(|| "?".to_owned(), ToString::to_string)
    };
    format!(
        "check {} ({}): expected {}; seen {}; at fault: {}",
        check.name,
        check.sentence,
        text(&check.expected),
        text(&check.seen),
        check.party.name()
    )
}

/// Everything that a reader of a failure needs: checks, request ids, rules.
fn trace(case: &CaseResult, seen: &[CaseRecord], known: &[Known]) -> String {
    let mut out = String::new();
    for run in &case.runs {
        for attempt in &run.attempts {
            if matches!(attempt.outcome, Outcome::Passed) {
                continue;
            }
            let took = seconds(attempt.ended.saturating_sub(attempt.began));
            let (key, number, outcome) = (&run.key, attempt.attempt, attempt.outcome.name());
            // Writing to a String cannot fail.
            let _ = writeln!(out, "{key}, attempt {number}: {outcome} after {took} s");
            if let Some(broken) = &attempt.broken {
                let _ = writeln!(out, "  broken: {}", one_line(&broken.to_string()));
            }
            let record = record_of(seen, key, attempt);
            for check in &attempt.checks {
                trace_check(&mut out, check);
                let told = record.zip(known_of(known, attempt));
                let why = told.map(|(record, known)| explained(check, record, known));
                for phrase in why.unwrap_or_default() {
                    let _ = writeln!(out, "             why: {}", one_line(&phrase.to_string()));
                }
            }
            let ids = record.map(request_ids).unwrap_or_default();
            for id in ids {
                let _ = writeln!(out, "  request: {}", one_line(&id));
            }
        }
    }
    out
}

fn trace_check(out: &mut String, check: &CheckResult) {
    let state = match check.state {
        CheckState::Held => "held      ",
        CheckState::Failed => "FAILED    ",
        CheckState::NotJudged => "not judged",
    };
    let (name, party, family) = (&check.name, check.party.name(), check.family.name());
    let (rule, sentence) = (&check.rule, one_line(&check.sentence));
    let _ = writeln!(out, "  {state} {name:>2} [{party}] {family}: {sentence} ({rule})");
    for (label, phrase) in [("expected", &check.expected), ("seen", &check.seen)] {
        if let Some(phrase) = phrase {
            let _ = writeln!(out, "             {label}: {}", one_line(&phrase.to_string()));
        }
    }
    for note in &check.notes {
        let _ = writeln!(out, "             note: {}", one_line(&note.to_string()));
    }
}

/// What a case that passes or was left out still has to say.
fn system_out(case: &CaseResult) -> Option<String> {
    let told = told(case);
    let redacted = case.redacted();
    if redacted == 0 {
        return told;
    }
    let redacted = say::MEANS_REDACTED.with([redacted]).text(Language::En);
    Some(format!("{}{redacted}", told.map_or_else(String::new, |told| format!("{told}\n"))))
}

fn told(case: &CaseResult) -> Option<String> {
    match case.outcome {
        Outcome::Passed | Outcome::Failed | Outcome::Error | Outcome::Aborted => None,
        Outcome::Unstable => Some(attempts(case)),
        Outcome::NeedsReview
        | Outcome::NotApplicable
        | Outcome::Skipped
        | Outcome::Disabled
        | Outcome::Planned
        | Outcome::Waived => Some(format!("{}: {}", case.outcome.name(), reason(case))),
    }
}

fn attempts(case: &CaseResult) -> String {
    let mut out = String::from("unstable: passed after an attempt that broke off\n");
    for run in &case.runs {
        for attempt in &run.attempts {
            let broken = attempt.broken.as_ref().map(ToString::to_string).unwrap_or_default();
            let (number, outcome) = (attempt.attempt, attempt.outcome.name());
            let line = one_line(&format!("{}, attempt {number}: {outcome} {broken}", run.key));
            out.push_str(&line);
            out.push('\n');
        }
    }
    out
}

/// Times go out as fractions, and some whole milliseconds print sixteen digits. Readers with the
/// Jenkins schema take three, so such a time, or a suite's sum, is moved by a millisecond.
fn print_short(suite: &mut TestSuite) {
    let millisecond = Duration::milliseconds(1);
    for case in &mut suite.testcases {
        while !is_short(case.time) {
            case.time += millisecond;
        }
    }
    // One step seldom spoils another; the bound only makes the end certain.
    for _ in 0..1000 {
        if is_short(suite.time()) {
            return;
        }
        let Some(case) = suite.testcases.last_mut() else { return };
        case.time += millisecond;
        while !is_short(case.time) {
            case.time += millisecond;
        }
    }
}

fn is_short(time: Duration) -> bool {
    let text = time.as_seconds_f64().to_string();
    text.split_once('.').is_none_or(|(_, decimals)| decimals.len() <= 3)
}

#[cfg(test)]
mod tests {
    use super::{Duration, TestCaseBuilder, TestSuite, is_short, print_short};

    #[test]
    fn every_time_prints_with_three_decimals() {
        for milliseconds in 0..40_000 {
            let case = TestCaseBuilder::success("a", Duration::milliseconds(milliseconds)).build();
            let mut suite = TestSuite::new("s");
            suite.testcases = vec![case.clone(), case];
            print_short(&mut suite);
            assert!(is_short(suite.time()), "{milliseconds}");
            assert!(suite.testcases.iter().all(|case| is_short(case.time)), "{milliseconds}");
        }
    }
}
