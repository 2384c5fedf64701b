//! What a run leaves that does not end: it was interrupted, or scenarios wait. It says for what, and
//! how they go on.

use evidence::Entry;
use evidence::words::{Place, RUN_BUG, RUN_PAUSED, RUN_PAUSED_ALL};

use super::Run;
use super::folder::Folder;
use crate::cli::output::{Span, Terminal, Tone};
use crate::exit::{CommandError, Exit};
use crate::run::Played;
use crate::seal::bundle::names;
use crate::seal::write_strays;

impl Run {
    /// Says what is waited for. No bundle is written: a run that goes on has no verdict yet.
    pub(super) fn left_waiting(
        &self,
        terminal: &mut Terminal,
        folder: &Folder,
        played: &Played,
    ) -> Exit {
        tell_bugs(terminal, played);
        for (key, pause) in &played.waiting {
            terminal.say(&RUN_PAUSED.holding([Place::value(key), pause.says().into()]));
        }
        let count = played.waiting.len().to_string();
        let says = terminal.text(&RUN_PAUSED_ALL.with([count, self.to_go_on(folder)]));
        terminal.line([Span::new(Tone::Warning, says)]);
        if played.bugs.is_empty() { Exit::Incomplete } else { Exit::Bug }
    }

    /// The command that goes on with the run.
    fn to_go_on(&self, folder: &Folder) -> String {
        let mut command = vec![format!("assay run --resume {}", folder.path.display())];
        let profile = self.profile.as_ref().map(|path| path.display().to_string());
        let challenge = self.challenge.as_ref().map(|path| path.display().to_string());
        for (flag, value) in [
            ("--profile", profile.as_deref()),
            ("--gateway", self.gateway.as_deref()),
            ("--merchant", self.merchant.as_deref()),
            ("--challenge", challenge.as_deref()),
        ] {
            command.extend(value.map(|value| format!("{flag} {value}")));
        }
        command.join(" ")
    }
}

/// Keeps what no record has, for the run that goes on with this one.
pub(super) fn keep_strays(folder: &Folder, strays: &[Entry]) -> Result<(), CommandError> {
    match strays {
        [] => Ok(()),
        strays => folder.write(names::STRAYS, write_strays(strays).as_slice()),
    }
}

/// Why the run ends without a verdict that somebody stopped.
pub(super) fn interrupted(folder: &Folder, strays: &[Entry]) -> CommandError {
    let kept = folder.record_path();
    keep_strays(folder, strays).err().unwrap_or(CommandError::Interrupted { kept })
}

/// Tells the bugs of ours that a run met.
pub(super) fn tell_bugs(terminal: &mut Terminal, played: &Played) {
    for bug in &played.bugs {
        let says = terminal.text(&RUN_BUG.with([bug]));
        terminal.note([Span::new(Tone::Bad, says)]);
    }
}
