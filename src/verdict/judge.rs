//! Judging: what every check finds in the record of an attempt, and from there up to the run.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use cucumber::gherkin::Step;
use evidence::words as say;
use evidence::{CaseKey, CaseRecord, Header, Party, Record, WalletStatement};
use futures::FutureExt;
use protocol::ams::Api;
use serde_json::Value;
use steps::seen::Exchange;
use steps::standing::{self, Standing};
use steps::{Finding, Seen, Stage};

use super::broken::Break;
use super::roll_up::{count, outcome_of_attempt, reasons, roll_up};
use super::shown;
use super::word::Asked;
use super::{AttemptResult, CaseResult, CheckResult, CheckState, FORMAT, Grade, Outcome, Results};
use crate::suite::{Check, Condition, Declared, Level, Planned, Suite};

/// The suite whose cases are about what was paid before.
const RECONCILIATION: &str = "reconciliation";

/// What judges, by a suite.
#[derive(Clone)]
pub struct Judge {
    pub(super) suite: Arc<Suite>,
}

impl std::fmt::Debug for Judge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Judge").field("suite", &self.suite.version()).finish_non_exhaustive()
    }
}

/// Attempts by the run that they belong to, in the order in which they were made.
pub type JudgedAttempts = BTreeMap<CaseKey, Vec<AttemptResult>>;

/// What the record's first line tells the judge.
#[derive(Debug, Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "what a first line tells, each by itself")]
pub struct Scope {
    /// What the profile declares.
    pub declared: Declared,
    /// The runs that were planned; every other one was left out by the user.
    pub planned: Vec<String>,
    /// Whether the merchant is the integrator's own.
    pub own_merchant: bool,
    /// Whether the gateway is not assay's: it answers no control API, its buyers are people, and all
    /// time is real.
    pub other_gateway: bool,
    /// Whether no notice reached the merchant.
    pub without_notices: bool,
    /// Whether the gateway's own report files came in.
    pub report_source: bool,
    /// Whether the gateway was told what to answer by rules of the run's profile.
    pub bent: bool,
}

impl Scope {
    /// Reads the first line.
    pub fn of(header: &Header) -> Self {
        let list = |name: &str| {
            let values = header.get(name).and_then(Value::as_array);
            values
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        let text = |name: &str| header.get(name).and_then(Value::as_str);
        Self {
            declared: Declared {
                products: list("products"),
                conditions: list("conditions")
                    .iter()
                    .filter_map(|name| Condition::named(name))
                    .collect(),
            },
            planned: list("plan"),
            own_merchant: text("driver").is_some_and(|driver| driver != "reference"),
            other_gateway: header.get("simulated") == Some(&Value::Bool(false)),
            without_notices: header.get("without_notices") == Some(&Value::Bool(true)),
            report_source: header.get("report_source") == Some(&Value::Bool(true)),
            bent: header.get("rules").is_some_and(|rules| rules != &Value::Array(vec![])),
        }
    }
}

impl Judge {
    /// A judge by a suite.
    pub fn new(suite: Arc<Suite>) -> Self {
        Self { suite }
    }

    /// Judges a whole record.
    pub fn results(&self, record: &Record) -> Results {
        let mut judged = JudgedAttempts::new();
        for attempt in &record.cases {
            if let Some(planned) = self.suite.planned(&attempt.key) {
                let attempts: &mut Vec<_> = judged.entry(attempt.key.clone()).or_default();
                attempts.push(self.attempt(&planned, attempt));
            }
        }
        self.roll_up(&Scope::of(&record.header), judged)
    }

    /// Rolls attempts that were judged already up into the verdict. What is missing among them is
    /// missing in the verdict: the list of cases is the suite's, never the record's.
    pub fn roll_up(&self, scope: &Scope, mut judged: JudgedAttempts) -> Results {
        let catalogue = self.suite.catalogue();
        let generations = scope.declared.generations();
        let ours = catalogue.cases.iter().filter(|case| generations.contains(&case.generation()));
        let cases: Vec<CaseResult> =
            ours.map(|case| self.case_result(case, &mut judged, scope)).collect();
        let submission = scope.own_merchant && scope.other_gateway && !scope.bent;
        let grade = if submission { Grade::Submission } else { Grade::Rehearsal };
        self.conclude(&scope.declared, cases, grade)
    }

    /// The verdict on cases that are rolled up already.
    pub(super) fn conclude(
        &self,
        declared: &Declared,
        cases: Vec<CaseResult>,
        grade: Grade,
    ) -> Results {
        let undeclared = shown::undeclared(&cases, declared);
        let verdict = roll_up(&cases, &undeclared);
        Results {
            format: FORMAT,
            suite_version: self.suite.version().to_owned(),
            generation: declared.generation(),
            products: declared.products.clone(),
            conditions: declared.conditions.iter().copied().collect(),
            verdict,
            grade,
            reasons: reasons(&cases, &undeclared),
            counts: count(&cases),
            cases,
        }
    }

    /// Judges one attempt by its record: S1 to S3, every Then step, S4 to S6. Of an attempt that
    /// broke off, the sound part of its record is judged.
    pub fn attempt(&self, planned: &Planned, record: &CaseRecord) -> AttemptResult {
        let mut seen = Seen::new(record);
        let broken = Break::of(record).or_else(|| Break::of_clocks(record, &seen));
        if let Some(broken) = &broken {
            seen = Seen::new(&broken.sound_part(record));
        }
        // What the case runs for stands in its key and in the catalogue, never in the record alone.
        if let Ok(product) = planned.product.parse() {
            seen.product = product;
        }
        let seen = Arc::new(seen);
        let mut checks = self.checks(planned, &seen);
        if let Some(broken) = &broken {
            keep_lasting(&mut checks, broken.by);
        }
        let checks: Vec<CheckResult> = checks.into_iter().map(|check| check.result).collect();
        let failed = checks.iter().find(|check| check.state == CheckState::Failed);
        let unjudged = checks.iter().any(|check| check.state == CheckState::NotJudged);
        let by = broken.as_ref().map(|broken| broken.by);
        let (mut outcome, blamed) =
            outcome_of_attempt(by, failed.map(|check| check.party), unjudged);
        // What is optional does not apply to whoever has no such operation.
        if outcome == Outcome::Skipped && planned.case.level == Level::Optional {
            outcome = Outcome::NotApplicable;
        }
        // Somebody's word is evidence for a reviewer, and never a pass by itself.
        if outcome == Outcome::Passed && seen.needs_a_reviewer() {
            outcome = Outcome::NeedsReview;
        }
        let decided = !matches!(outcome, Outcome::Failed | Outcome::Passed | Outcome::NeedsReview);
        AttemptResult {
            attempt: record.attempt,
            outcome,
            began: record.entries.first().map_or(0, |entry| entry.at),
            ended: record.entries.last().map_or(0, |entry| entry.at),
            blamed,
            broken: broken.and_then(|broken| broken.why).filter(|_| decided),
            origin: None,
            shows: shown::shown(&seen),
            redacted: redacted(record),
            checks,
        }
    }

    fn checks(&self, planned: &Planned, seen: &Arc<Seen>) -> Vec<Judged> {
        let embedded = seen.arranged.iter().find(|act| act.what == "contract");
        let embedded = embedded.is_some_and(|contract| contract.is("embedded"));
        let pays = |call: &Exchange| call.api == Some(Api::Pay);
        let asked = seen.sales().next().is_none() || seen.calls().chain(seen.own_calls()).any(pays);
        let paid = |told: &WalletStatement| !told.debits.is_empty();
        let asked_of = Asked::of(seen);
        let unpaid = planned.case.suite == RECONCILIATION
            && seen.sales().next().is_some()
            && !asked_of.statement().is_some_and(paid);
        let before = standing::BEFORE.iter().map(|standing| self.standing(standing, &asked_of));
        let mut checks: Vec<Judged> = before.collect();
        let thens: Vec<&Step> = planned.then_steps().collect();
        for (index, (step, check)) in thens.into_iter().zip(&planned.case.checks).enumerate() {
            let mut finding = asked_of.find(|seen| Self::then(step, seen));
            // A gateway that was never asked for what was sold cannot have got it wrong.
            let failed = finding.failure.is_some() || finding.guessed.is_some();
            if !asked && check.party == Party::Gateway && failed {
                (finding.failure, finding.guessed) = (None, None);
                finding.cannot_judge(say::CALL_NOT_SEEN.with(["pay"]));
            }
            // Files of a day on which nothing was paid agree with anybody's books.
            if unpaid && finding.failure.is_none() {
                finding.cannot_judge(say::CANNOT_JUDGE_UNPAID.plain());
            }
            checks.push(numbered_check(index, step, check, finding, embedded));
        }
        checks.extend(standing::AFTER.iter().map(|standing| self.standing(standing, &asked_of)));
        checks
    }

    /// What a Then step finds in a record. It cannot act: the stage is silent.
    fn then(step: &Step, seen: &Arc<Seen>) -> Finding {
        let mut stage = Stage::silent(seen.clone());
        if let Some((run, context)) = steps::find(step) {
            let judged = AssertUnwindSafe(run(&mut stage, context)).catch_unwind().now_or_never();
            if !matches!(judged, Some(Ok(()))) {
                return not_judged();
            }
        }
        stage.findings().first().cloned().unwrap_or_else(not_judged)
    }

    fn standing(&self, standing: &Standing, asked: &Asked) -> Judged {
        let seen = &asked.seen;
        let finding = asked.find(|seen| {
            let found = std::panic::catch_unwind(AssertUnwindSafe(|| (standing.check)(seen)));
            found.unwrap_or_else(|_panic| not_judged())
        });
        let known = self.suite.catalogue().standing.iter().find(|s| s.name == standing.name);
        let mut judged = Judged::new(standing.name.to_owned(), String::new(), finding);
        let result = &mut judged.result;
        if let Some(known) = known {
            result.party = known.party;
            result.family = known.family;
            let (rule, text) = known.words(seen.generation);
            rule.clone_into(&mut result.rule);
            result.sentence.clone_from(&text.en);
            result.sentence_zh.clone_from(&text.zh);
        }
        judged
    }
}

/// In how many messages a buyer's data was replaced on entry.
fn redacted(record: &CaseRecord) -> u32 {
    let messages = record.entries.iter().filter_map(|entry| entry.event.message());
    let count = messages.filter(|message| message.redacted.is_some()).count();
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn not_judged() -> Finding {
    let mut finding = Finding::new();
    finding.cannot_judge(say::CANNOT_JUDGE.plain());
    finding
}

/// A check, and whether its failure stands whatever comes later.
struct Judged {
    result: CheckResult,
    for_good: bool,
}

impl Judged {
    fn new(name: String, sentence: String, finding: Finding) -> Self {
        let state = match (&finding.failure, &finding.not_judged) {
            (Some(_), _) => CheckState::Failed,
            (None, Some(_)) => CheckState::NotJudged,
            (None, None) => CheckState::Held,
        };
        let (expected, seen) = finding.failure.unzip();
        let result = CheckResult {
            name,
            party: Party::Runner,
            family: super::Family::State,
            rule: String::new(),
            state,
            sentence,
            sentence_zh: String::new(),
            expected,
            seen: seen.or(finding.not_judged),
            lines: finding.lines,
            notes: finding.notes,
        };
        Self { result, for_good: finding.for_good }
    }
}

/// Of an attempt that broke off, keeps the failures that stand for good. From the first other one
/// on none is kept: what that one would have come to is not known, and it may have been the first
/// to fail.
fn keep_lasting(checks: &mut [Judged], by: Party) {
    let mut sure = by != Party::Runner;
    for check in checks.iter_mut().filter(|check| check.result.state == CheckState::Failed) {
        sure &= check.for_good;
        if !sure {
            check.result.state = CheckState::NotJudged;
            check.result.expected = None;
            check.result.seen = Some(say::CANNOT_JUDGE_BROKEN.plain());
        }
    }
}

fn numbered_check(
    index: usize,
    step: &Step,
    check: &Check,
    mut finding: Finding,
    embedded: bool,
) -> Judged {
    // What no published page confirms is a note away from the embedded sandbox, and so is nothing
    // that the catalogue does not mark.
    if let Some((expected, was)) = finding.guessed.take() {
        if embedded || !check.guess {
            finding.fail(expected, was);
        } else {
            finding.note(was);
            finding.note(say::NOTE_UNCONFIRMED.plain());
        }
    }
    let mut judged = Judged::new((index + 1).to_string(), step.value.clone(), finding);
    let result = &mut judged.result;
    result.party = check.party;
    result.family = check.family;
    result.rule.clone_from(&check.rule);
    judged
}
