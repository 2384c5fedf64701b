//! The page as values: what the templates show, chosen, ordered and worded.

mod case;
mod diagram;
mod exchange;
mod part;
mod shapes;
mod strays;
mod tale;
mod timeline;
mod wording;

use evidence::words::{self as w, Sentence};
use protocol::legacy::SignType;

pub(super) use case::CaseView;
pub(super) use part::PartView;
pub(super) use strays::StraysView;
pub(crate) use tale::tale;
pub(super) use wording::{Both, Chip, section_name, shorten};

use super::text::shown_text;
use super::{Head, Page, Section};
use crate::verdict::{CaseResult, Grade, Outcome, Results, Verdict};
use shapes::{Shape, shapes};
use wording::{outcome_chip, outcome_tone, signature_legend, verdict_of};

/// A line of the run's head.
pub(super) struct Fact {
    pub label: Both,
    pub value: String,
    /// Whether it is a digest or an id, to be compared letter by letter.
    pub code: bool,
}

/// What a reader has to know before the verdict: a word, and a sentence.
pub(super) struct Mark {
    pub word: Both,
    pub meaning: Both,
}

/// A part of the bar of outcomes, and its line in the table.
pub(super) struct Share {
    pub tone: &'static str,
    pub label: Both,
    pub count: u32,
}

/// A case of interest at the top of the page.
pub(super) struct Pointer {
    pub id: String,
    /// Its outcome, as files have it.
    pub outcome: &'static str,
    pub title: Both,
    pub chip: Chip,
    pub reason: Option<Both>,
}

/// A suite: its title and its table.
pub(super) struct SuiteView {
    pub id: String,
    pub name: Both,
    pub sum: Both,
    /// In the catalogue's order.
    pub table: Vec<Pointer>,
    pub mandatory: Vec<bool>,
}

/// Everything on the page above the suites.
pub(super) struct View {
    pub run_id: String,
    pub tone: &'static str,
    pub verdict: Both,
    pub meaning: Both,
    pub grade: Both,
    pub grade_tone: &'static str,
    pub marks: Vec<Mark>,
    pub facts: Vec<Fact>,
    /// The runs that it was joined from.
    pub parts: Vec<PartView>,
    pub coverage: Both,
    pub coverage_passed: u32,
    pub coverage_total: u32,
    pub shares: Vec<Share>,
    pub reasons: Vec<Both>,
    pub attention: Vec<Pointer>,
    pub not_run: Vec<Pointer>,
    pub limits: Vec<Both>,
    /// What the marks on messages mean.
    pub legend: Vec<Chip>,
    /// Outcomes and suites that there are, to choose cases by.
    pub outcomes: Vec<Choice>,
    pub suites: Vec<Choice>,
    /// How many cases there are.
    pub count: usize,
    pub cases: Both,
    /// The arrows of all diagrams.
    pub shapes: Vec<Shape>,
}

/// What cases can be chosen by.
pub(super) struct Choice {
    pub value: String,
    pub label: Both,
}

impl View {
    /// Builds the view of a page.
    pub(super) fn of(page: &Page<'_>) -> Self {
        let results = page.results;
        let (tone, verdict) = verdict_of(results.verdict);
        let meaning = match (results.verdict, results.grade) {
            (Verdict::Acceptable, Grade::Submission) => &w::MEANS_SUBMISSION,
            (Verdict::Acceptable, Grade::Rehearsal) => &w::MEANS_REHEARSAL,
            (Verdict::Rejected, _) => &w::MEANS_REJECTED,
            (Verdict::Incomplete, _) => &w::MEANS_INCOMPLETE,
        };
        let (grade, grade_tone) = match results.grade {
            Grade::Submission => (&w::GRADE_SUBMISSION, "good"),
            Grade::Rehearsal => (&w::GRADE_REHEARSAL, "warn"),
        };
        let (passed, total) = (results.counts.mandatory_passed, results.counts.mandatory);
        let broken = |case: &&CaseResult| {
            matches!(case.outcome, Outcome::Failed | Outcome::Error | Outcome::Aborted)
        };
        let open = |case: &&CaseResult| case.mandatory && outcome_tone(case.outcome) == "open";
        Self {
            run_id: shown_text(&page.head.run_id),
            tone,
            verdict: Both::sentence(verdict),
            meaning: Both::sentence(meaning),
            grade: Both::sentence(grade),
            grade_tone,
            marks: marks(&page.head, results),
            facts: facts(page),
            parts: page.head.parts.iter().map(PartView::of).collect(),
            coverage: Both::phrase(&w::COVERAGE.with([passed, total])),
            coverage_passed: passed,
            coverage_total: total,
            shares: shares(results),
            reasons: results.reasons.iter().map(Both::phrase).collect(),
            attention: results.cases.iter().filter(broken).map(pointer).collect(),
            not_run: results.cases.iter().filter(open).map(pointer).collect(),
            limits: [&w::LIMIT_REPEATS, &w::LIMIT_PRODUCTION, &w::LIMIT_SENDER, &w::LIMIT_KEYS]
                .map(Both::sentence)
                .into(),
            legend: signature_legend(),
            outcomes: outcomes(results),
            suites: Section::all(results).iter().map(suite_choice).collect(),
            count: results.cases.len(),
            cases: Both::phrase(&w::FILTER_SHOWN.with([results.cases.len()])),
            shapes: shapes(),
        }
    }
}

/// The outcomes that there are, each once.
fn outcomes(results: &Results) -> Vec<Choice> {
    let mut outcomes: Vec<Outcome> = results.cases.iter().map(|case| case.outcome).collect();
    outcomes.sort_unstable_by_key(|outcome| outcome.name());
    outcomes.dedup();
    let choice = |outcome: Outcome| Choice {
        value: outcome.name().to_owned(),
        label: outcome_chip(outcome).label,
    };
    outcomes.into_iter().map(choice).collect()
}

fn suite_choice(section: &Section<'_>) -> Choice {
    Choice { value: shown_text(&section.name()), label: section_name(section) }
}

/// What lessens the worth of the gateway's signatures.
fn marks(head: &Head, results: &Results) -> Vec<Mark> {
    let mark = |(word, meaning): (&Sentence, &Sentence)| Mark {
        word: Both::sentence(word),
        meaning: Both::sentence(meaning),
    };
    let partly = head.parts.iter().any(|part| !part.simulated);
    let simulated = if partly {
        (&w::MARK_PARTLY_SIMULATED, &w::MEANS_PARTLY_SIMULATED)
    } else {
        (&w::MARK_SIMULATED, &w::MEANS_SIMULATED)
    };
    let simulated = head.simulated.then_some(simulated);
    let sign_type = match SignType::parse(&head.sign_type) {
        Some(SignType::Md5) => Some((&w::MARK_SHARED, &w::MEANS_SHARED)),
        Some(SignType::Rsa | SignType::Dsa) => Some((&w::MARK_WEAK, &w::MEANS_WEAK)),
        Some(SignType::Rsa2) | None => None,
    };
    let alone = head.one_at_a_time.then_some((&w::MARK_ALONE, &w::MEANS_ALONE));
    let bent = (!head.rules.is_empty()).then_some((&w::MARK_RULES, &w::MEANS_RULES));
    let known = simulated.into_iter().chain(sign_type).chain(alone).chain(bent);
    let mut marks: Vec<_> = known.map(mark).collect();
    if results.counts.redacted > 0 {
        let meaning = Both::phrase(&w::MEANS_REDACTED.with([results.counts.redacted]));
        marks.push(Mark { word: Both::sentence(&w::MARK_REDACTED), meaning });
    }
    marks
}

fn facts(page: &Page<'_>) -> Vec<Fact> {
    let (head, results) = (&page.head, page.results);
    let suite = format!("{} · {}", results.suite_version, results.generation);
    let tool = format!("assay {}", head.tool_version);
    let products = results.products.join(", ");
    let rules = head.rules.join(" · ");
    let plain = false;
    let code = true;
    [
        (&w::HEAD_INTEGRATOR, &head.integrator, plain),
        (&w::HEAD_CLIENT, &head.client_id, code),
        (&w::HEAD_PARTNER, &head.partner, code),
        (&w::HEAD_DRIVER, &head.merchant_driver, plain),
        (&w::HEAD_PRODUCTS, &products, plain),
        (&w::HEAD_GATEWAY, &head.gateway, plain),
        (&w::HEAD_ENVIRONMENT, &head.environment, plain),
        (&w::HEAD_RULES, &rules, code),
        (&w::HEAD_STARTED, &head.started, plain),
        (&w::HEAD_FINISHED, &head.finished, plain),
        (&w::HEAD_SUITE, &suite, plain),
        (&w::HEAD_TOOL, &tool, plain),
        (&w::HEAD_PROFILE, &head.profile, plain),
        (&w::HEAD_SEED, &head.seed, code),
        (&w::HEAD_CHALLENGE, &head.challenge, code),
        (&w::HEAD_RUN, &head.run_id, code),
        (&w::HEAD_SUITE_DIGEST, &head.suite_digest, code),
        (&w::HEAD_REPORT_KEY, &head.report_key, code),
        (&w::HEAD_SIGN_TYPE, &head.sign_type, plain),
        (&w::HEAD_GATEWAY_KEY, &head.gateway_key, code),
        (&w::HEAD_MERCHANT_KEY, &head.merchant_key, code),
    ]
    .into_iter()
    .filter(|(_, value, _)| !value.is_empty())
    .map(|(label, value, code)| Fact {
        label: Both::sentence(label),
        value: shown_text(value),
        code,
    })
    .collect()
}

fn shares(results: &Results) -> Vec<Share> {
    let counts = &results.counts;
    [
        ("good", &w::OUTCOME_PASSED, counts.passed),
        ("warn", &w::OUTCOME_UNSTABLE, counts.unstable),
        ("bad", &w::OUTCOME_FAILED, counts.failed),
        ("broken", &w::COUNT_BROKEN, counts.broken),
        ("open", &w::COUNT_OPEN, counts.open),
        ("calm", &w::OUTCOME_NOT_APPLICABLE, counts.not_applicable),
    ]
    .map(|(tone, label, count)| Share { tone, label: Both::sentence(label), count })
    .into()
}

fn pointer(case: &CaseResult) -> Pointer {
    Pointer {
        id: shown_text(&case.id),
        outcome: case.outcome.name(),
        title: Both::new(&case.title, &case.title_zh),
        chip: outcome_chip(case.outcome),
        reason: case.reason.as_ref().map(Both::phrase),
    }
}

impl SuiteView {
    /// The view of a section.
    pub(super) fn of(page: &Page<'_>, section: &Section<'_>) -> Self {
        let of_suite = page.results.cases.iter().filter(|case| section.holds(case));
        let cases: Vec<&CaseResult> = of_suite.collect();
        let passed =
            |case: &&&CaseResult| matches!(case.outcome, Outcome::Passed | Outcome::Unstable);
        let counts = [cases.len(), cases.iter().filter(passed).count()];
        Self {
            id: shown_text(&section.name()),
            name: section_name(section),
            sum: Both::phrase(&w::SUITE_SUM.with(counts)),
            table: cases.iter().map(|case| pointer(case)).collect(),
            mandatory: cases.iter().map(|case| case.mandatory).collect(),
        }
    }
}
