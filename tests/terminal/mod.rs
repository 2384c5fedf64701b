//! The program at a terminal, with somebody in Python who sits there.

use std::path::Path;
use std::process::Command;

/// Whether nobody can sit there, as there is no Python. CI has one.
pub(crate) fn nobody() -> bool {
    let missing = Command::new("python3").arg("--version").output().is_err();
    assert!(!missing || std::env::var("CI").as_deref() != Ok("true"), "CI needs python3");
    missing
}

/// A script of the tests that runs the program at a terminal, with its own arguments first; `None`
/// where there is no Python.
pub(crate) fn seated(script: &str, arguments: &[&str], folder: &Path) -> Option<Command> {
    if nobody() {
        return None;
    }
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut command = Command::new("python3");
    command
        // What all of them import; no compiled copy is left beside it.
        .env("PYTHONPATH", tests.join("terminal"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .arg(tests.join(script))
        .args(arguments)
        .env("ASSAY_LANG", "en")
        .env("NO_COLOR", "1")
        .env_remove("CI")
        .current_dir(folder);
    Some(command)
}
