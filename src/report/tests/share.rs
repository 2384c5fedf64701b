//! The JUnit file of a share.

use evidence::words as w;

use super::{counted, junit_of, many, parse};
use crate::report::sample::{Sample, sample};
use crate::suite::Shard;
use crate::verdict::{Outcome, Verdict};

/// Twenty cases of which a share played its own, and all of those passed.
fn played(share: &str) -> Sample {
    let mut sample = many(20, "Tea");
    let held: Shard = share.parse().unwrap();
    for case in &mut sample.results.cases {
        if !held.holds(&case.id) {
            // Its runs are told all the same, none of them with an attempt.
            case.runs.iter_mut().for_each(|run| run.attempts.clear());
            case.outcome = Outcome::Disabled;
        }
    }
    sample.results.verdict = Verdict::Incomplete;
    sample.results.reasons = vec![w::CASES_ARE.with(["9", "skipped", "AMS-PAY-001"])];
    share.clone_into(&mut sample.head.share);
    sample.head.partial = true;
    sample
}

fn names(xml: &str) -> Vec<String> {
    let cases = parse(xml).0.into_iter().filter(|(element, _)| element == "testcase");
    cases.map(|(_, list)| list.into_iter().find(|(key, _)| key == "name").unwrap().1).collect()
}

#[test]
fn a_share_has_its_own_cases_and_all_of_them_together_have_each_once() {
    let mut all: Vec<String> = vec![];
    for share in ["1/3", "2/3", "3/3"] {
        let xml = junit_of(&played(share));
        assert_eq!((counted(&xml, "failure"), counted(&xml, "error")), (0, 0), "{share}");
        let mut names = names(&xml);
        assert_eq!(names.pop(), Some(format!("share {share}")), "it says that it is no whole");
        assert_eq!(counted(&xml, "skipped"), 1);
        assert!(xml.contains(&format!("name=\"share\" value=\"{share}\"")));
        all.extend(names);
    }
    all.sort();
    let whole = many(20, "Tea");
    let mut wanted: Vec<String> =
        whole.results.cases.iter().map(|case| format!("{} {}", case.id, case.title)).collect();
    wanted.sort();
    assert_eq!(all, wanted);
    assert!(!junit_of(&whole).contains("\"share"), "the whole is no share");
}

#[test]
fn what_is_wrong_with_a_share_is_wrong_in_its_file() {
    // One of its own that did not run, that failed, that was played although another share has it.
    let mut left = played("1/3");
    let own = left.results.cases.iter_mut().find(|case| case.outcome == Outcome::Passed).unwrap();
    own.runs.clear();
    own.outcome = Outcome::Skipped;
    assert_eq!(counted(&junit_of(&left), "error"), 1);
    let mut failed = played("1/3");
    let own = failed.results.cases.iter_mut().find(|case| case.outcome == Outcome::Passed).unwrap();
    own.outcome = Outcome::Failed;
    assert_eq!(counted(&junit_of(&failed), "failure"), 1);
    let mut strange = played("1/3");
    let held: Shard = "1/3".parse().unwrap();
    let whole = many(20, "Tea");
    let place = strange.results.cases.iter().position(|case| !held.holds(&case.id)).unwrap();
    strange.results.cases[place] = whole.results.cases[place].clone();
    strange.results.cases[place].outcome = Outcome::Failed;
    assert_eq!(counted(&junit_of(&strange), "failure"), 1);
    // What is about no case keeps a share from being clean.
    let mut undeclared = played("1/3");
    undeclared.results.reasons.push(w::CONDITION_SHOWN.with(["fx"]));
    assert_eq!(counted(&junit_of(&undeclared), "error"), 1);
}

#[test]
fn a_share_without_a_case_says_so_and_what_is_no_share_is_the_whole() {
    let mut empty = sample();
    empty.results.cases.clear();
    empty.results.reasons.clear();
    empty.results.verdict = Verdict::Incomplete;
    "2/4".clone_into(&mut empty.head.share);
    let xml = junit_of(&empty);
    assert_eq!((names(&xml), counted(&xml, "skipped")), (vec!["share 2/4".to_owned()], 1));
    let mut other = sample();
    "4/2".clone_into(&mut other.head.share);
    assert_eq!(counted(&junit_of(&other), "error"), 2, "as if nobody had said it");
}
