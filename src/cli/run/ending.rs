//! How `assay run` ends.

use super::Gate;
use crate::exit::Exit;
use crate::verdict::Verdict;

/// How a run ends: a bug of ours outranks every verdict, and what was selected counts only where
/// that was asked for.
pub(super) fn ending(buggy: bool, gate: Gate, selected_passed: bool, verdict: Verdict) -> Exit {
    match (gate, verdict) {
        _ if buggy => Exit::Bug,
        (Gate::Selection, _) if selected_passed => Exit::Acceptable,
        (Gate::Run | Gate::Selection, Verdict::Acceptable) => Exit::Acceptable,
        (Gate::Run | Gate::Selection, Verdict::Rejected) => Exit::Rejected,
        (Gate::Run | Gate::Selection, Verdict::Incomplete) => Exit::Incomplete,
    }
}

#[cfg(test)]
mod tests {
    use super::ending;
    use crate::cli::run::Gate;
    use crate::verdict::Verdict;

    #[test]
    fn a_run_ends_as_its_verdict_unless_a_bug_or_the_gate_says_otherwise() {
        use Gate::{Run, Selection};
        use Verdict::{Acceptable, Incomplete, Rejected};
        for (buggy, gate, passed, verdict, code) in [
            (false, Run, true, Acceptable, 0),
            (false, Run, true, Rejected, 1),
            (false, Run, false, Rejected, 1),
            (false, Run, true, Incomplete, 2),
            (false, Selection, true, Incomplete, 0),
            (false, Selection, false, Incomplete, 2),
            (false, Selection, false, Rejected, 1),
            (false, Selection, false, Acceptable, 0),
            (true, Run, true, Acceptable, 70),
            (true, Run, false, Rejected, 70),
            (true, Selection, true, Incomplete, 70),
        ] {
            let exit = ending(buggy, gate, passed, verdict);
            assert_eq!(exit.code(), code, "{buggy} {gate:?} {passed} {verdict:?}");
        }
    }
}
