//! What an attempt came to, step by step, in cucumber's words.
//!
//! Cucumber's readers take the worst step for the scenario, and `UNKNOWN` for better than `PASSED`.
//! So what was not judged, or waits for somebody, is `PENDING`, which no reader takes for a success.

use cucumber::gherkin::StepType;
use diagnose::Known;
use evidence::CaseRecord;
use serde_json::{Value, json};

use super::document::pickle_step;
use crate::report::outline::Scene;
use crate::report::text::shown_text;
use crate::report::{Page, explained};
use crate::verdict::{AttemptResult, CheckResult, CheckState, Outcome, RunResult};

/// A step of a run: one of its scenario, or a standing check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// A Given or When step, by its number in the scenario from 0.
    Acting(usize),
    /// A Then step, and the name of its check.
    Judging(usize, String),
    /// A standing check.
    Standing(String),
}

/// What came of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) status: &'static str,
    pub(super) message: Option<String>,
}

const PASSED: &str = "PASSED";
const FAILED: &str = "FAILED";
const SKIPPED: &str = "SKIPPED";
const PENDING: &str = "PENDING";

impl Part {
    /// The parts of a run, in the order in which they are judged.
    pub(super) fn all(scene: &Scene<'_>, run: &RunResult) -> Vec<Self> {
        let (mut acting, mut judging) = (vec![], vec![]);
        for (number, step) in scene.steps.iter().enumerate() {
            match step.ty {
                StepType::Given | StepType::When => acting.push(Self::Acting(number)),
                StepType::Then => {
                    judging.push(Self::Judging(number, (judging.len() + 1).to_string()));
                }
            }
        }
        let (mut before, mut after) = (vec![], vec![]);
        for attempt in &run.attempts {
            let mut numbered = false;
            for check in &attempt.checks {
                let standing = check.name.parse::<u32>().is_err();
                numbered |= !standing;
                let part = Self::Standing(check.name.clone());
                if standing && !before.contains(&part) && !after.contains(&part) {
                    if numbered { after.push(part) } else { before.push(part) }
                }
            }
        }
        [acting, before, judging, after].concat()
    }

    /// Its id in a run.
    pub(super) fn id(&self, run: &str) -> String {
        match self {
            Self::Acting(number) | Self::Judging(number, _) => {
                format!("{run} test step {}", number + 1)
            }
            Self::Standing(name) => format!("{run} check {name}"),
        }
    }

    /// The step of a test case.
    pub(super) fn test_step(&self, run: &str) -> Value {
        match self {
            Self::Acting(number) | Self::Judging(number, _) => {
                json!({ "id": self.id(run), "pickleStepId": pickle_step(run, *number) })
            }
            Self::Standing(name) => json!({ "id": self.id(run), "hookId": hook(name) }),
        }
    }

    fn check<'a>(&self, attempt: &'a AttemptResult) -> Option<&'a CheckResult> {
        match self {
            Self::Acting(_) => None,
            Self::Judging(_, name) | Self::Standing(name) => {
                attempt.checks.iter().find(|check| check.name == *name)
            }
        }
    }
}

/// The id of a standing check.
pub(super) fn hook(name: &str) -> String {
    format!("standing check {}", shown_text(name))
}

/// What an attempt came to, part by part.
pub(super) fn told(
    page: &Page<'_>,
    parts: &[Part],
    attempt: &AttemptResult,
    seen: Option<(&CaseRecord, &Known)>,
) -> Vec<Told> {
    let last = parts.iter().rposition(|part| matches!(part, Part::Acting(_))).unwrap_or_default();
    let broken = attempt.broken.as_ref().map(ToString::to_string);
    let mut told: Vec<Told> = parts
        .iter()
        .enumerate()
        .map(|(place, part)| match (part, part.check(attempt), &broken) {
            (Part::Acting(_), _, None) => Told { status: PASSED, message: None },
            // Nothing tells at which of them it broke; that it did is told at the last.
            (Part::Acting(_), _, Some(why)) if place == last => {
                let by = attempt.blamed.map_or("?", evidence::Party::name);
                let message = format!("broken off by {by}: {}", shown_text(why));
                Told { status: FAILED, message: Some(message) }
            }
            (_, Some(check), _) => of_check(page, check, seen),
            (_, None, _) => Told { status: SKIPPED, message: None },
        })
        .collect();
    let good = told.iter().all(|told| told.status == PASSED);
    let waiting = told.get_mut(last).filter(|_| good && attempt.outcome != Outcome::Passed);
    if let Some(told) = waiting {
        *told = Told { status: PENDING, message: Some(attempt.outcome.name().to_owned()) };
    }
    told
}

/// A run that was not played.
pub(super) fn unplayed(parts: &[Part], why: String) -> Vec<Told> {
    let mut told = vec![Told { status: SKIPPED, message: None }; parts.len()];
    if let Some(first) = told.first_mut() {
        *first = Told { status: PENDING, message: Some(why) };
    }
    told
}

fn of_check(page: &Page<'_>, check: &CheckResult, seen: Option<(&CaseRecord, &Known)>) -> Told {
    let status = match check.state {
        CheckState::Held => return Told { status: PASSED, message: None },
        CheckState::Failed => FAILED,
        CheckState::NotJudged => PENDING,
    };
    let word = if status == FAILED { "failed" } else { "not judged" };
    let mut lines = vec![format!("check {} {word}: {}", check.name, check.sentence)];
    for (label, phrase) in [("expected", &check.expected), ("seen", &check.seen)] {
        lines.extend(phrase.as_ref().map(|phrase| format!("{label}: {phrase}")));
    }
    let (party, family) = (check.party.name(), check.family.name());
    lines.push(format!("whose duty: {party} ({family})"));
    let address = page.rules.get(&check.rule).map(|rule| rule.address.as_str());
    lines.push(format!("rule: {} {}", check.rule, address.unwrap_or_default()));
    let why = seen.map(|(record, known)| explained(check, record, known));
    lines.extend(why.unwrap_or_default().iter().map(|phrase| format!("why: {phrase}")));
    Told { status, message: Some(shown_text(&lines.join("\n"))) }
}
