//! Judging: attempts by their records, runs by their attempts, cases by their runs, and the run as
//! a whole. A table at each step, never a maximum.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use cucumber::gherkin::Step;
use cucumber::step::Collection;
use evidence::words as say;
use evidence::{CaseKey, CaseRecord, Event, Header, Party, Record};
use futures::FutureExt;
use serde_json::Value;
use steps::standing::{self, Standing};
use steps::{Finding, Seen, Stage};

use super::{
    AttemptResult, CaseResult, CheckResult, CheckState, Counts, FORMAT, Grade, Outcome, Results,
    RunResult, Verdict,
};
use crate::suite::{Case, Check, Planned, Suite};

/// What judges: the suite, and the vocabulary that gives its sentences their meaning.
#[derive(Clone)]
pub struct Judge {
    suite: Arc<Suite>,
    vocabulary: Arc<Collection<Stage>>,
}

impl std::fmt::Debug for Judge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Judge").field("suite", &self.suite.version()).finish_non_exhaustive()
    }
}

/// Attempts by the run that they belong to, in the order in which they were made.
pub type Judged = BTreeMap<CaseKey, Vec<AttemptResult>>;

/// What the record's first line tells the judge.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    /// The products that the profile declares.
    pub products: Vec<String>,
    /// The runs that were planned; every other one was left out by the user.
    pub planned: Vec<String>,
    /// Whether the merchant is the integrator's own.
    pub own_merchant: bool,
    /// Whether the gateway is not assay's.
    pub other_gateway: bool,
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
            products: list("products"),
            planned: list("plan"),
            own_merchant: text("driver").is_some_and(|driver| driver != "reference"),
            other_gateway: header.get("simulated") == Some(&Value::Bool(false)),
        }
    }
}

impl Judge {
    /// A judge by a suite.
    pub fn new(suite: Arc<Suite>) -> Self {
        Self { suite, vocabulary: Arc::new(steps::collection()) }
    }

    /// Judges a whole record.
    pub fn results(&self, record: &Record) -> Results {
        let mut judged = Judged::new();
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
    pub fn roll_up(&self, scope: &Scope, mut judged: Judged) -> Results {
        let catalogue = self.suite.catalogue();
        let cases: Vec<CaseResult> =
            catalogue.cases.iter().map(|case| case_result(case, &mut judged, scope)).collect();
        let verdict = verdict_of(&cases);
        let submission = scope.own_merchant && scope.other_gateway;
        Results {
            format: FORMAT,
            suite_version: self.suite.version().to_owned(),
            generation: "ams".to_owned(),
            products: scope.products.clone(),
            verdict,
            grade: if submission { Grade::Submission } else { Grade::Rehearsal },
            reasons: reasons(&cases),
            counts: count(&cases),
            cases,
        }
    }

    /// Judges one attempt by its record: S1 to S3, every Then step, S4 to S6.
    pub fn attempt(&self, planned: &Planned, record: &CaseRecord) -> AttemptResult {
        let mut seen = Seen::new(record);
        // What the case runs for stands in its key and in the catalogue, never in the record alone.
        if let Ok(product) = planned.product.parse() {
            seen.product = product;
        }
        let seen = Arc::new(seen);
        let embedded = seen.arranged.iter().find(|act| act.what == "contract");
        let embedded = embedded.is_some_and(|contract| contract.is("embedded"));
        let mut checks: Vec<CheckResult> =
            standing::BEFORE.iter().map(|standing| self.standing(standing, &seen)).collect();
        let thens: Vec<&Step> = planned.then_steps().collect();
        let numbered = thens.into_iter().zip(&planned.case.checks).enumerate();
        for (index, (step, check)) in numbered {
            let finding = self.then(step, &seen);
            checks.push(numbered_check(index, step, check, finding, embedded));
        }
        checks.extend(standing::AFTER.iter().map(|standing| self.standing(standing, &seen)));
        let (outcome, blamed, broken) = outcome_of_attempt(record, &seen, &checks);
        AttemptResult {
            attempt: record.attempt,
            outcome,
            began: record.entries.first().map_or(0, |entry| entry.at),
            ended: record.entries.last().map_or(0, |entry| entry.at),
            blamed,
            broken,
            checks,
        }
    }

    /// What a Then step finds in a record. It cannot act: the stage is silent.
    fn then(&self, step: &Step, seen: &Arc<Seen>) -> Finding {
        let mut stage = Stage::silent(seen.clone());
        if let Ok(Some((run, _, _, context))) = self.vocabulary.find(step) {
            let judged = AssertUnwindSafe(run(&mut stage, context)).catch_unwind().now_or_never();
            if !matches!(judged, Some(Ok(()))) {
                return not_judged();
            }
        }
        stage.findings().first().cloned().unwrap_or_else(not_judged)
    }

    fn standing(&self, standing: &Standing, seen: &Seen) -> CheckResult {
        let found = std::panic::catch_unwind(AssertUnwindSafe(|| (standing.check)(seen)));
        let finding = found.unwrap_or_else(|_panic| not_judged());
        let known = self.suite.catalogue().standing.iter().find(|s| s.name == standing.name);
        let mut result = check_result(standing.name.to_owned(), String::new(), finding);
        if let Some(known) = known {
            result.party = known.party;
            result.family = known.family;
            result.rule.clone_from(&known.rule);
            result.sentence.clone_from(&known.text.en);
            result.sentence_zh.clone_from(&known.text.zh);
        }
        result
    }
}

fn case_result(case: &Case, judged: &mut Judged, scope: &Scope) -> CaseResult {
    let products = case.products_among(&scope.products);
    let keys = products.iter().flat_map(|product| {
        let rows = (1..=case.rows).filter(|row| case.knows_row(product, *row));
        rows.map(|row| CaseKey {
            case: case.id.clone(),
            product: (case.products.len() > 1).then(|| product.clone()),
            row: (case.rows > 1).then_some(row),
        })
    });
    let runs: Vec<RunResult> = keys.map(|key| run_result(key, judged, scope)).collect();
    let applies = !products.is_empty();
    let reason = (!applies).then(|| say::NOT_FOR_PRODUCTS.with([case.products.join(", ")]));
    CaseResult {
        id: case.id.clone(),
        suite: case.suite.clone(),
        title: case.title.en.clone(),
        title_zh: case.title.zh.clone(),
        mandatory: case.is_mandatory_for(&scope.products),
        outcome: if applies { outcome_of_case(&runs) } else { Outcome::NotApplicable },
        reason,
        runs,
    }
}

fn run_result(key: CaseKey, judged: &mut Judged, scope: &Scope) -> RunResult {
    let attempts = judged.remove(&key).unwrap_or_default();
    let planned = scope.planned.contains(&key.to_string());
    let missing = if planned { Outcome::Skipped } else { Outcome::Disabled };
    let outcome = outcome_of_run(&attempts).unwrap_or(missing);
    RunResult { key, outcome, attempts }
}

fn not_judged() -> Finding {
    let mut finding = Finding::new();
    finding.cannot_judge(say::CANNOT_JUDGE.plain());
    finding
}

fn check_result(name: String, sentence: String, finding: Finding) -> CheckResult {
    let state = match (&finding.failure, &finding.not_judged) {
        (Some(_), _) => CheckState::Failed,
        (None, Some(_)) => CheckState::NotJudged,
        (None, None) => CheckState::Held,
    };
    let (expected, seen) = finding.failure.unzip();
    CheckResult {
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
    }
}

fn numbered_check(
    index: usize,
    step: &Step,
    check: &Check,
    finding: Finding,
    embedded: bool,
) -> CheckResult {
    let mut result = check_result((index + 1).to_string(), step.value.clone(), finding);
    result.party = check.party;
    result.family = check.family;
    result.rule.clone_from(&check.rule);
    // What no published page confirms is a note away from the embedded sandbox.
    if check.guess && !embedded && result.state == CheckState::Failed {
        result.state = CheckState::Held;
        result.notes.extend(result.seen.take());
        result.notes.push(say::NOTE_UNCONFIRMED.plain());
    }
    result
}

fn outcome_of_attempt(
    record: &CaseRecord,
    seen: &Seen,
    checks: &[CheckResult],
) -> (Outcome, Option<Party>, Option<String>) {
    let broken = record.entries.iter().find_map(|entry| match &entry.event {
        Event::Broken { by, why } => Some((*by, why.clone())),
        Event::Arranged { .. }
        | Event::Did { .. }
        | Event::Message(_)
        | Event::Order(_)
        | Event::Merchant(_)
        | Event::Wallet(_)
        | Event::Closed => None,
    });
    if let Some((by, why)) = broken {
        let outcome = if by == Party::Runner { Outcome::Error } else { Outcome::Aborted };
        return (outcome, Some(by), Some(why));
    }
    if !seen.closed {
        return (Outcome::Aborted, Some(Party::Environment), None);
    }
    if let Some(failed) = checks.iter().find(|check| check.state == CheckState::Failed) {
        return (Outcome::Failed, Some(failed.party), None);
    }
    if checks.iter().any(|check| check.state == CheckState::NotJudged) {
        return (Outcome::Error, Some(Party::Runner), None);
    }
    (Outcome::Passed, None, None)
}

/// A failed attempt is never repeated away; a pass after one that broke is unstable.
fn outcome_of_run(attempts: &[AttemptResult]) -> Option<Outcome> {
    if attempts.iter().any(|attempt| attempt.outcome == Outcome::Failed) {
        return Some(Outcome::Failed);
    }
    let last = attempts.last()?.outcome;
    let repeated = last == Outcome::Passed && attempts.len() > 1;
    Some(if repeated { Outcome::Unstable } else { last })
}

/// The order in which one run's outcome stands for its case.
const GRAVEST_FIRST: [Outcome; 9] = [
    Outcome::Failed,
    Outcome::Error,
    Outcome::Aborted,
    Outcome::Skipped,
    Outcome::Disabled,
    Outcome::Planned,
    Outcome::NeedsReview,
    Outcome::Waived,
    Outcome::Unstable,
];

fn outcome_of_case(runs: &[RunResult]) -> Outcome {
    if runs.is_empty() {
        return Outcome::Skipped;
    }
    let found = |outcome: &Outcome| runs.iter().any(|run| run.outcome == *outcome);
    GRAVEST_FIRST.into_iter().find(found).unwrap_or(Outcome::Passed)
}

fn blames_merchant(case: &CaseResult) -> bool {
    let attempts = case.runs.iter().flat_map(|run| &run.attempts);
    attempts
        .filter(|attempt| attempt.outcome == Outcome::Failed)
        .any(|attempt| attempt.blamed == Some(Party::Merchant))
}

fn verdict_of(cases: &[CaseResult]) -> Verdict {
    let mandatory: Vec<_> = cases.iter().filter(|case| case.mandatory).collect();
    if mandatory.iter().any(|case| blames_merchant(case)) {
        Verdict::Rejected
    } else if !mandatory.is_empty() && mandatory.iter().all(|case| case.outcome.is_acceptable()) {
        Verdict::Acceptable
    } else {
        Verdict::Incomplete
    }
}

fn reasons(cases: &[CaseResult]) -> Vec<say::Phrase> {
    let open = cases.iter().filter(|case| case.mandatory && !case.outcome.is_acceptable());
    let mut reasons: Vec<_> = open.map(reason_of).collect();
    if !cases.iter().any(|case| case.mandatory) {
        reasons.push(say::NOTHING_MANDATORY.plain());
    }
    reasons
}

fn reason_of(case: &CaseResult) -> say::Phrase {
    let attempts = || case.runs.iter().flat_map(|run| &run.attempts);
    let blamed = attempts().find_map(|attempt| attempt.blamed);
    match (case.outcome, blamed) {
        (Outcome::Failed, Some(party)) => {
            let check = attempts().find_map(AttemptResult::first_failed);
            let name = check.map_or("", |check| check.name.as_str());
            say::CASE_FAILED.with([case.id.as_str(), name, party.name()])
        }
        (outcome, _) => say::CASE_IS.with([case.id.as_str(), outcome.name()]),
    }
}

fn count(cases: &[CaseResult]) -> Counts {
    let mut counts = Counts::default();
    for case in cases {
        let passed = matches!(case.outcome, Outcome::Passed | Outcome::Unstable);
        counts.mandatory += u32::from(case.mandatory);
        counts.mandatory_passed += u32::from(case.mandatory && passed);
        let counter = match case.outcome {
            Outcome::Passed => &mut counts.passed,
            Outcome::Unstable => &mut counts.unstable,
            Outcome::Failed => &mut counts.failed,
            Outcome::Error | Outcome::Aborted => &mut counts.broken,
            Outcome::NotApplicable => &mut counts.not_applicable,
            Outcome::NeedsReview
            | Outcome::Skipped
            | Outcome::Disabled
            | Outcome::Planned
            | Outcome::Waived => &mut counts.open,
        };
        *counter += 1;
    }
    counts
}
