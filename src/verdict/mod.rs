//! Record, features and catalogue in; verdict out. Pure: the same record gives the same bytes.

mod judge;
mod results;

pub use judge::{Judge, Judged, Scope};
pub use results::{
    AttemptResult, CaseResult, CheckResult, CheckState, Counts, FORMAT, Family, Grade, Outcome,
    Results, RunResult, Verdict,
};
