//! Attachments of what waits, written where a reviewer can open them.

use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::Path;

use evidence::words::REVIEW_EXTRACTED;

use super::show::{Screen, attached};
use super::waiting::Waiting;
use crate::cli::output::Terminal;
use crate::cli::verify::Whole;
use crate::exit::CommandError;

/// Writes them into a new folder, under their digests: what somebody called a file is no name of
/// one here.
pub(super) fn attachments(
    terminal: &mut Terminal,
    folder: &Path,
    waiting: &Waiting<'_>,
    judged: &Whole,
) -> Result<(), CommandError> {
    let write = |source| CommandError::Write { path: folder.to_owned(), source };
    fs::create_dir(folder).map_err(write)?;
    let screen = Screen { judged };
    let mut done = BTreeSet::new();
    for (_, run) in &waiting.runs {
        let seen = run.attempts.iter().filter_map(|attempt| screen.seen(&run.key, attempt));
        for (part, record) in seen {
            for it in attached(record) {
                let Some(bytes) = part.files.get(&it.file()) else { continue };
                let name = format!("{}.{}", it.sha256, it.form.ending());
                if done.insert(name.clone()) {
                    let file =
                        OpenOptions::new().write(true).create_new(true).open(folder.join(name));
                    file.and_then(|mut file| file.write_all(bytes)).map_err(write)?;
                }
            }
        }
    }
    terminal.say(&REVIEW_EXTRACTED.with([folder.display().to_string(), done.len().to_string()]));
    Ok(())
}
