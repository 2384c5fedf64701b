//! The program, run as people run it.

#![expect(clippy::unwrap_used, reason = "a test has nobody to hand an error to")]

use std::path::Path;
use std::process::{Command, Output};

/// What it says to these arguments in a folder.
pub(crate) fn assay(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_assay"));
    command.args(arguments).env("ASSAY_LANG", "en").env("NO_COLOR", "1").current_dir(folder);
    command.output().unwrap()
}
