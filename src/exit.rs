//! How the program ends.

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use evidence::words::{Phrase, Place};
use signing::KeyError;

use crate::finding::Finding;
use crate::profile::ProfileError;
use crate::suite::SelectionError;

/// Every exit code there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// 0: acceptable, or simply done.
    Acceptable,
    /// 1: rejected.
    Rejected,
    /// 2: incomplete.
    Incomplete,
    /// 64: the command line means nothing.
    Usage,
    /// 65: bundle or seal broken.
    BundleBroken,
    /// 66: profile or key unusable.
    Unusable,
    /// 69: the gateway is unavailable.
    GatewayUnavailable,
    /// 70: a bug of ours.
    Bug,
    /// 74: something cannot be written.
    CannotWrite,
    /// 130: interrupted.
    Interrupted,
}

/// Why a command came to no end of its own.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// The command line means nothing.
    #[error("{says}")]
    Usage {
        /// What is wrong.
        says: Phrase,
        /// What to do.
        advice: Phrase,
    },
    /// Nothing is called so.
    #[error(transparent)]
    Selection(#[from] SelectionError),
    /// The profile is unusable.
    #[error(transparent)]
    Profile(#[from] ProfileError),
    /// A key is unusable.
    #[error("{place}: {error}")]
    Key {
        /// The file, or what else it was read from.
        place: String,
        /// Why.
        error: KeyError,
    },
    /// A key that is no RSA key is unusable.
    #[error("{says}")]
    Unusable {
        /// What is wrong.
        says: Phrase,
        /// What to do.
        advice: Phrase,
    },
    /// A file of entries is unusable.
    #[error("{0}")]
    Entry(Box<Finding>),
    /// A file that should be there cannot be read.
    #[error("{}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The bundle, or its seal, does not verify.
    #[error("{says}")]
    Bundle {
        /// What is wrong.
        says: Phrase,
        /// What to do.
        advice: Phrase,
    },
    /// The gateway cannot be reached.
    #[error("{says}")]
    Gateway {
        /// What happened.
        says: Phrase,
        /// What to do.
        advice: Phrase,
    },
    /// Catalogue or features of this binary contradict themselves.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Suite(Vec<Finding>),
    /// Something of ours that cannot be: a sentence, or what a library or the system says of it.
    #[error("{0}")]
    Bug(Place),
    /// Something cannot be written.
    #[error("{}: {source}", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A run would write over another.
    #[error("{} already holds a run", path.display())]
    Taken {
        /// The folder.
        path: PathBuf,
    },
    /// The user stopped it.
    #[error("interrupted, the record so far is kept in {}", kept.display())]
    Interrupted {
        /// Where the record so far is.
        kept: PathBuf,
    },
}

impl Exit {
    /// The number.
    pub fn code(self) -> u8 {
        match self {
            Self::Acceptable => 0,
            Self::Rejected => 1,
            Self::Incomplete => 2,
            Self::Usage => 64,
            Self::BundleBroken => 65,
            Self::Unusable => 66,
            Self::GatewayUnavailable => 69,
            Self::Bug => 70,
            Self::CannotWrite => 74,
            Self::Interrupted => 130,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

impl From<&CommandError> for Exit {
    fn from(error: &CommandError) -> Self {
        match error {
            CommandError::Usage { .. } | CommandError::Selection(_) => Self::Usage,
            CommandError::Profile(_)
            | CommandError::Key { .. }
            | CommandError::Unusable { .. }
            | CommandError::Entry(_)
            | CommandError::Read { .. } => Self::Unusable,
            CommandError::Bundle { .. } => Self::BundleBroken,
            CommandError::Gateway { .. } => Self::GatewayUnavailable,
            CommandError::Suite(_) | CommandError::Bug(_) => Self::Bug,
            CommandError::Write { .. } | CommandError::Taken { .. } => Self::CannotWrite,
            CommandError::Interrupted { .. } => Self::Interrupted,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::path::PathBuf;

    use evidence::words::NOTHING;
    use signing::KeyError;

    use super::{CommandError, Exit};
    use crate::finding::{Finding, Place};
    use crate::profile::ProfileError;
    use crate::suite::SelectionError;

    #[test]
    fn every_exit_has_the_number_that_the_readme_tells() {
        let readme = include_str!("../README.md");
        for (exit, code) in [
            (Exit::Acceptable, 0),
            (Exit::Rejected, 1),
            (Exit::Incomplete, 2),
            (Exit::Usage, 64),
            (Exit::BundleBroken, 65),
            (Exit::Unusable, 66),
            (Exit::GatewayUnavailable, 69),
            (Exit::Bug, 70),
            (Exit::CannotWrite, 74),
            (Exit::Interrupted, 130),
        ] {
            assert_eq!(exit.code(), code);
            assert!(readme.contains(&format!("\n| {code} | ")), "{code}");
        }
    }

    #[test]
    fn every_reason_to_stop_has_its_exit() {
        let place = || PathBuf::from("x");
        let source = || io::Error::other("why");
        let (says, advice) = (|| NOTHING.plain(), || NOTHING.plain());
        let selection = SelectionError::Unknown { name: "x".into(), near: Vec::new() };
        let nowhere = Place::default();
        let finding = Finding { code: "R1", place: nowhere, says: says(), advice: advice() };
        let key = KeyError::Empty { expected: signing::Half::Public };
        for (error, code) in [
            (CommandError::Usage { says: says(), advice: advice() }, 64),
            (CommandError::from(selection), 64),
            (CommandError::Bundle { says: says(), advice: advice() }, 65),
            (CommandError::Unusable { says: says(), advice: advice() }, 66),
            (CommandError::Profile(ProfileError(vec![])), 66),
            (CommandError::Entry(Box::new(finding)), 66),
            (CommandError::Key { place: "x".into(), error: key }, 66),
            (CommandError::Read { path: place(), source: source() }, 66),
            (CommandError::Gateway { says: says(), advice: advice() }, 69),
            (CommandError::Suite(vec![]), 70),
            (CommandError::Bug("why".into()), 70),
            (CommandError::Write { path: place(), source: source() }, 74),
            (CommandError::Taken { path: place() }, 74),
            (CommandError::Interrupted { kept: place() }, 130),
        ] {
            assert_eq!(Exit::from(&error).code(), code, "{error:?}");
        }
    }
}
