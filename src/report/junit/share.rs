//! The file of a share. Who plays a share knows that the others play the rest, so what they play is no error
//! of this run and not even in its file: a reader of all files has each case once. That the file is of no
//! whole run is said by a test case that is skipped, which also keeps it from being empty.

use evidence::words::{self as say, Phrase};
use junit_report::{TestCase, TestCaseBuilder};

use super::{not_acceptable, xml_text};
use crate::suite::Shard;
use crate::verdict::{CaseResult, Results};

/// Whether a case is left to another share. One that was played all the same is not.
pub(super) fn is_elsewhere(share: Shard, case: &CaseResult) -> bool {
    case.runs.iter().all(|run| run.attempts.is_empty()) && !share.holds(&case.id)
}

/// What the file says of the whole: that it is judged elsewhere, or what else keeps it from being accepted.
pub(super) fn told(share: Shard, results: &Results, package: &str) -> TestCase {
    let mut others = results.reasons.iter().filter(|reason| !is_about_cases(reason)).peekable();
    if others.peek().is_some() {
        return not_acceptable(others, package);
    }
    let mandatory = results.cases.iter().filter(|case| case.mandatory);
    let (elsewhere, here): (Vec<_>, Vec<_>) = mandatory.partition(|case| is_elsewhere(share, case));
    let (here, all) = (here.len(), here.len() + elsewhere.len());
    let text = format!(
        "share {share} of the run: {here} of {all} mandatory cases are its own. A verdict on the whole \
         is that of `assay merge`, and so is the file that goes by it."
    );
    let mut case = TestCaseBuilder::skipped(&format!("share {share}"));
    case.set_classname(&xml_text(&format!("{package}.run")));
    case.set_system_out(&xml_text(&text));
    case.build()
}

/// Whether a reason tells of cases, which the file has or leaves to other shares.
fn is_about_cases(reason: &Phrase) -> bool {
    let about = [&say::CASE_IS, &say::CASES_ARE, &say::CASE_FAILED];
    about.iter().any(|sentence| sentence.key == reason.says)
}
