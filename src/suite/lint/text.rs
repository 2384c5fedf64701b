//! Rules about the text of a file, and files that the engine cannot read.

use evidence::words::{
    LINT_BOM, LINT_BOM_DO, LINT_LARGE, LINT_SPLIT_DO, LINT_UNREADABLE, LINT_UNREADABLE_DO,
};

use super::finding;
use crate::finding::Finding;

/// Bytes of the largest feature file.
const LARGEST: usize = 1 << 20;

/// L8 on the text. What is refused here is not parsed, since the engine's time grows with the
/// square of the lines.
pub(in crate::suite) fn text(path: &str, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    if text.starts_with('\u{FEFF}') {
        findings.push(finding("L8", path, 1, LINT_BOM.plain(), &LINT_BOM_DO));
    }
    if text.len() > LARGEST {
        let size = [text.len().to_string(), LARGEST.to_string()];
        findings.push(finding("L8", path, 1, LINT_LARGE.with(size), &LINT_SPLIT_DO));
    }
    findings
}

/// L0: a file that is no Gherkin. The engine tells only the line where it gave up, in words made
/// for its authors; ours show that line.
pub(in crate::suite) fn unreadable(path: &str, text: &str, error: &str) -> Finding {
    let line = error.split_once("at ").and_then(|(_, rest)| rest.split_once(':'));
    let line = line.and_then(|(line, _)| line.parse::<usize>().ok()).unwrap_or(1);
    let source = text.lines().nth(line.saturating_sub(1)).unwrap_or_default().trim();
    finding("L0", path, line, LINT_UNREADABLE.with([source]), &LINT_UNREADABLE_DO)
}
