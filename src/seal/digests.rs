//! The files of a bundle against the statement: none missing, none changed, none added.

use std::collections::BTreeMap;

use signing::sha256_hex;

use super::Bundled;
use super::statement::Statement;
use super::zip::STATEMENT_FILE;

/// How the files differ from what the statement says about them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SubjectFault {
    /// A file of the statement is not there.
    #[error("the statement names {0:?}, which is not in the bundle")]
    Missing(String),
    /// A file has another content.
    #[error("{name:?} must have the digest {expected}, it has {found}")]
    Digest {
        /// The file.
        name: String,
        /// The digest in the statement.
        expected: String,
        /// The digest of its bytes.
        found: String,
    },
    /// A file has another length than the statement tells.
    #[error("{name:?} must have {expected} bytes, it has {found}")]
    Length {
        /// The file.
        name: String,
        /// The length in the statement.
        expected: u64,
        /// Its length.
        found: u64,
    },
    /// A file that the statement does not name.
    #[error("{0:?} is in the bundle and not in the statement")]
    Unlisted(String),
    /// A configuration file that is no subject, or one with another digest.
    #[error("the configuration names {0:?} otherwise than the list of files does")]
    Configuration(String),
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
        if file.name != STATEMENT_FILE && listed(&file.name).is_none() {
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
