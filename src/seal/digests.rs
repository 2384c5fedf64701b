//! The files of a bundle against the statement: none missing, none changed, none added.

use std::collections::BTreeMap;
use std::fmt;

use evidence::words::{self as say, Phrase, Place, Sentence};
use signing::sha256_hex;

use super::Bundled;
use super::sigstore::is_seal;
use super::statement::Statement;

/// How the files differ from what the statement says about them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SubjectFault {
    /// A file of the statement is not there.
    Missing(String),
    /// A file has another content.
    Digest {
        /// The file.
        name: String,
        /// The digest in the statement.
        expected: String,
        /// The digest of its bytes.
        found: String,
    },
    /// A file has another length than the statement tells.
    Length {
        /// The file.
        name: String,
        /// The length in the statement.
        expected: u64,
        /// Its length.
        found: u64,
    },
    /// A file that the statement does not name.
    Unlisted(String),
    /// A configuration file that is no subject, or one with another digest.
    Configuration(String),
}

impl SubjectFault {
    /// What is wrong, in both languages.
    pub fn says(&self) -> Phrase {
        let of = |sentence: &Sentence, name: &str| sentence.holding([Place::quoted(name)]);
        match self {
            Self::Missing(name) => of(&say::FILES_MISSING, name),
            Self::Digest { name, expected, found } => say::FILES_DIGEST.holding([
                Place::quoted(name),
                Place::value(expected),
                Place::value(found),
            ]),
            Self::Length { name, expected, found } => say::FILES_LENGTH.holding([
                Place::quoted(name),
                Place::value(expected),
                Place::value(found),
            ]),
            Self::Unlisted(name) => of(&say::FILES_UNLISTED, name),
            Self::Configuration(name) => of(&say::FILES_CONFIGURATION, name),
        }
    }
}

impl fmt::Display for SubjectFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.says().fmt(f)
    }
}

/// Proves that the files are exactly those of the statement.
pub fn check_subjects(statement: &Statement, files: &[Bundled]) -> Result<(), SubjectFault> {
    let by_name: BTreeMap<&str, &Bundled> =
        files.iter().map(|file| (file.name.as_str(), file)).collect();
    for subject in &statement.subject {
        let name = || subject.name.clone();
        let Some(file) = by_name.get(subject.name.as_str()) else {
            return Err(SubjectFault::Missing(name()));
        };
        let (expected, found) = (subject.annotations.bytes, file.bytes.len() as u64);
        if expected != found {
            return Err(SubjectFault::Length { name: name(), expected, found });
        }
        let (expected, found) = (subject.digest.sha256.clone(), sha256_hex(&file.bytes));
        if expected != found {
            return Err(SubjectFault::Digest { name: name(), expected, found });
        }
    }
    let listed = |name: &str| statement.subject.iter().find(|subject| subject.name == name);
    for file in files {
        if !is_seal(&file.name) && listed(&file.name).is_none() {
            return Err(SubjectFault::Unlisted(file.name.clone()));
        }
    }
    for file in &statement.predicate.configuration {
        if listed(&file.name).is_none_or(|subject| subject.digest != file.digest) {
            return Err(SubjectFault::Configuration(file.name.clone()));
        }
    }
    Ok(())
}
