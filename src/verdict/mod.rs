//! Record, features and catalogue in; verdict out. Pure: the same record gives the same bytes.

mod broken;
mod case;
mod judge;
mod merged;
mod results;
mod reviewed;
mod roll_up;
mod shown;
mod word;

pub use judge::{Judge, JudgedAttempts, Scope};
pub use merged::MergedPart;
pub use results::{
    AttemptResult, CaseResult, CheckResult, CheckState, Counts, FORMAT, Family, Grade, Origin,
    Outcome, Results, RunResult, Verdict,
};
pub use reviewed::{NoRuling, Ruling, Stages, waivable};
