//! Messages of small runs, read as cucumber's readers do.

use std::collections::BTreeMap;

use serde_json::Value;

use super::messages;
use crate::report::ReportError;
use crate::report::sample::{Sample, attempt, case, sample, spoil};
use crate::report::tests::HOSTILE;
use crate::verdict::{AttemptResult, CheckState, Outcome, RunResult};

/// The messages of a sample, each by its name.
fn told(sample: &Sample) -> Vec<(String, Value)> {
    let text = text_of(sample);
    let envelope = |line: &str| {
        let Value::Object(envelope) = serde_json::from_str(line).unwrap() else { panic!("{line}") };
        assert_eq!(envelope.len(), 1, "{line}");
        envelope.into_iter().next().unwrap()
    };
    text.lines().map(envelope).collect()
}

pub(in crate::report) fn text_of(sample: &Sample) -> String {
    let mut out = vec![];
    messages(&sample.page(), &mut &sample.record, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// The sample, with a scenario for each of its cases.
pub(in crate::report) fn with_scenarios() -> Sample {
    let mut sample = sample();
    sample.features = vec![features(&sample)];
    sample
}

fn features(sample: &Sample) -> (String, String) {
    let mut text =
        "@payment\nFeature: Small\n  > Prose.\n\n  Background:\n    Given a shop\n".to_owned();
    for case in &sample.results.cases {
        let scenario = [
            "\n  # Why.\n  @",
            &case.id,
            " @small\n  Scenario: It pays <once>\n    Given a buyer\n    When the buyer pays\n",
            "    Then the merchant inquires\n    And the buyer is debited\n",
        ];
        text.extend(scenario);
    }
    ("features/small.feature".to_owned(), text)
}

/// The worst of the steps of each attempt that counts: none passes that was not judged.
fn reads(told: &[(String, Value)]) -> BTreeMap<String, bool> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut good: BTreeMap<String, bool> = BTreeMap::new();
    let mut cases: BTreeMap<String, String> = BTreeMap::new();
    let mut runs: BTreeMap<String, bool> = BTreeMap::new();
    for (name, value) in told {
        match name.as_str() {
            "testCaseStarted" => {
                cases.insert(text(&value["id"]), text(&value["testCaseId"]));
                good.insert(text(&value["id"]), true);
            }
            "testStepFinished" => {
                let passed = value["testStepResult"]["status"] == "PASSED";
                *good.get_mut(&text(&value["testCaseStartedId"])).unwrap() &= passed;
            }
            "testCaseFinished" if value["willBeRetried"] == false => {
                let attempt = text(&value["testCaseStartedId"]);
                *runs.entry(cases[&attempt].clone()).or_insert(true) &= good[&attempt];
            }
            _ => {}
        }
    }
    runs
}

/// An attempt that is as its outcome says.
fn clean(number: u32, outcome: Outcome) -> AttemptResult {
    let mut attempt = attempt(number, outcome);
    attempt
        .checks
        .retain(|check| check.state != CheckState::NotJudged || outcome != Outcome::Passed);
    let mut second = attempt.checks[1].clone();
    second.name = "2".to_owned();
    attempt.checks.truncate(2);
    attempt.checks.push(second);
    attempt
}

/// Whatever became of a run, it reads as passed only where it did.
#[test]
fn a_run_reads_as_passed_only_where_it_passed() {
    use Outcome::{Aborted, Error, Failed, NeedsReview, Passed, Planned, Skipped, Unstable};
    for (outcome, attempts, passes) in [
        (Passed, vec![Passed], true),
        (Unstable, vec![Aborted, Passed], true),
        (Unstable, vec![Passed, Aborted], true),
        (Failed, vec![Failed], false),
        (Failed, vec![Failed, Passed], false),
        (Failed, vec![Passed, Failed], false),
        (Aborted, vec![Aborted], false),
        (Error, vec![Error], false),
        (NeedsReview, vec![NeedsReview], false),
        (Skipped, vec![Skipped], false),
        (Skipped, vec![], false),
        (Planned, vec![], false),
    ] {
        let mut sample = with_scenarios();
        let attempts: Vec<_> = (1..).zip(&attempts).map(|(n, it)| clean(n, *it)).collect();
        let mut only = case("AMS-PAY-001", "payment", outcome, attempts.clone());
        let key = "AMS-PAY-001".parse().unwrap();
        only.runs = vec![RunResult { key, outcome, attempts }];
        sample.results.cases = vec![only];
        let told = told(&sample);
        let runs = reads(&told);
        assert_eq!(runs.values().copied().collect::<Vec<_>>(), [passes], "{outcome:?}: {told:?}");
    }
}

#[test]
fn what_was_not_judged_is_never_passed() {
    let mut sample = with_scenarios();
    let mut attempt = clean(1, Outcome::Passed);
    attempt.checks[2].state = CheckState::NotJudged;
    sample.results.cases = vec![case("AMS-PAY-001", "payment", Outcome::Passed, vec![attempt])];
    assert!(reads(&told(&sample)).values().all(|passed| !passed));
    // And a check that a Then step has no result for is skipped.
    let mut attempt = clean(1, Outcome::Passed);
    attempt.checks.pop();
    sample.results.cases = vec![case("AMS-PAY-001", "payment", Outcome::Passed, vec![attempt])];
    assert!(reads(&told(&sample)).values().all(|passed| !passed));
}

#[test]
fn a_failed_check_is_told_at_its_step_with_what_it_says() {
    let told = told(&with_scenarios());
    let failed: Vec<&Value> = told
        .iter()
        .filter(|(name, value)| {
            name == "testStepFinished" && value["testStepResult"]["status"] == "FAILED"
        })
        .map(|(_, value)| value)
        .collect();
    assert_eq!(failed[0]["testStepId"], "AMS-PAY-004 test step 4", "the first Then step");
    let message = failed[0]["testStepResult"]["message"].as_str().unwrap();
    for part in ["check 1 failed", "expected: an inquiry", "whose duty: merchant", "docs.example"] {
        assert!(message.contains(part), "{message}");
    }
    let hooks = told.iter().filter(|(name, _)| name == "hook").count();
    assert_eq!(hooks, 1, "the one standing check of the sample");
    let attached = told.iter().filter(|(name, value)| {
        name == "attachment" && value["body"].as_str().unwrap().contains("paymentRequestId")
    });
    assert!(attached.count() > 3);
    let (_, last) = told.last().unwrap();
    assert_eq!((&last["success"], last["message"].is_string()), (&Value::Bool(false), true));
}

#[test]
fn a_case_without_a_scenario_is_an_error_and_none_is_left_out() {
    let mut out = vec![];
    let sample = sample();
    let refused = messages(&sample.page(), &mut &sample.record, &mut out).unwrap_err();
    assert!(matches!(refused, ReportError::Scenario(_)), "{refused}");
}

#[test]
fn foreign_text_changes_no_message_but_its_own() {
    let clean = with_scenarios();
    let names =
        |sample: &Sample| told(sample).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
    for text in HOSTILE {
        let mut spoilt = with_scenarios();
        spoil(&mut spoilt, text);
        spoilt.features.clone_from(&clean.features);
        let control = |c: char| c.is_control() && c != '\n';
        assert!(!text_of(&spoilt).contains(control), "{text}");
        // The names of checks are foreign there, so each is a standing check.
        let mut spoilt = names(&spoilt);
        let mut clean = names(&clean);
        for names in [&mut spoilt, &mut clean] {
            names.retain(|name| !name.starts_with("testStep") && name != "hook");
        }
        assert_eq!(spoilt, clean, "{text}");
    }
    assert_eq!(text_of(&clean), text_of(&with_scenarios()));
}
