//! From the zip to the files that the statement vouches for.

use std::collections::BTreeMap;
use std::fmt;

use evidence::words::{self as say, Phrase, Sentence};
use signing::PublicKey;

use super::Bundled;
use super::digests::{SubjectFault, check_subjects};
use super::dsse::{SealError, open_envelope, read_envelope};
use super::sigstore::{SIGSTORE_FILE, sigstore_bundle};
use super::statement::{Statement, StatementError, read_statement};
use super::zip::{STATEMENT_FILE, ZipError, read_zip};

/// A bundle whose seal and digests hold. What its files say is not judged yet.
#[derive(Debug, Clone)]
pub struct OpenBundle {
    /// Every file of the statement, by name: the very bytes that were checked.
    pub files: BTreeMap<String, Vec<u8>>,
    /// The statement over them.
    pub statement: Statement,
    /// The envelope around it.
    pub envelope: Vec<u8>,
    /// The same as a sigstore bundle; empty in bundles that were made before there was one.
    pub sigstore: Vec<u8>,
}

/// The parts of a bundle, in the order in which they are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// The container.
    Zip,
    /// The envelope's form.
    Envelope,
    /// The signature under the trusted key.
    Signature,
    /// What the payload says it is.
    PayloadType,
    /// The statement's form.
    Statement,
    /// The files against the statement.
    Digest,
}

/// The first part of a bundle that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BundleFault {
    /// The container.
    Zip(#[from] ZipError),
    /// The envelope, its signature or its type.
    Seal(#[from] SealError),
    /// The statement.
    Statement(#[from] StatementError),
    /// The files.
    Files(#[from] SubjectFault),
}

impl Part {
    /// What this part of an intact bundle is like.
    pub fn expected(self) -> &'static Sentence {
        match self {
            Self::Zip => &say::EXPECT_ZIP,
            Self::Envelope => &say::EXPECT_ENVELOPE,
            Self::Signature => &say::EXPECT_SIGNATURE,
            Self::PayloadType => &say::EXPECT_PAYLOAD_TYPE,
            Self::Statement => &say::EXPECT_STATEMENT,
            Self::Digest => &say::EXPECT_DIGEST,
        }
    }

    /// Its name.
    pub(super) fn name(self) -> &'static Sentence {
        match self {
            Self::Zip => &say::PART_ZIP,
            Self::Envelope => &say::PART_ENVELOPE,
            Self::Signature => &say::PART_SIGNATURE,
            Self::PayloadType => &say::PART_PAYLOAD_TYPE,
            Self::Statement => &say::PART_STATEMENT,
            Self::Digest => &say::PART_DIGEST,
        }
    }

    /// Its name in both languages.
    pub fn says(self) -> Phrase {
        self.name().plain()
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.says().fmt(f)
    }
}

impl BundleFault {
    /// Which part it is.
    pub fn part(&self) -> Part {
        match self {
            Self::Zip(_) => Part::Zip,
            Self::Statement(_) => Part::Statement,
            Self::Files(_) => Part::Digest,
            Self::Seal(fault) => match fault {
                SealError::KeySize(_)
                | SealError::Sign(_)
                | SealError::KeyId { .. }
                | SealError::Signature => Part::Signature,
                SealError::PayloadType(_) => Part::PayloadType,
                SealError::Json(_)
                | SealError::Shape(_)
                | SealError::SignatureCount(_)
                | SealError::Base64(_)
                | SealError::Sigstore
                | SealError::Rewritten => Part::Envelope,
            },
        }
    }

    /// What is wrong with that part, in both languages.
    pub fn says(&self) -> Phrase {
        match self {
            Self::Zip(why) => why.says(),
            Self::Seal(why) => why.says(),
            Self::Statement(why) => why.says(),
            Self::Files(why) => why.says(),
        }
    }
}

impl fmt::Display for BundleFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.part(), self.says())
    }
}

/// Opens a bundle under a key from the verifier's own store: container, envelope, signature, type,
/// statement, digests. The bytes are read once; what is handed out is what was checked.
pub fn open_bundle(zip: &[u8], trusted: &PublicKey) -> Result<OpenBundle, BundleFault> {
    // The reader makes sure that the envelope is the first file.
    open_files(read_zip(zip)?, trusted)
}

/// Opens the files of a bundle that [`super::read_zip`] took out of its container already, or that
/// another bundle kept.
pub fn open_files(mut files: Vec<Bundled>, trusted: &PublicKey) -> Result<OpenBundle, BundleFault> {
    let envelope = take_envelope(&mut files)?;
    let payload = open_envelope(&envelope, trusted)?;
    opened(files, envelope, &payload, &trusted.fingerprint())
}

/// The same for whoever has no key to believe the seal by: everything but the signature is looked
/// at. Answers the fingerprint of the key that the seal names, too.
pub(super) fn open_unsealed(mut files: Vec<Bundled>) -> Result<(OpenBundle, String), BundleFault> {
    let envelope = take_envelope(&mut files)?;
    let (payload, key) = read_envelope(&envelope)?;
    Ok((opened(files, envelope, &payload, &key)?, key))
}

fn take_envelope(files: &mut Vec<Bundled>) -> Result<Vec<u8>, ZipError> {
    let place = files.iter().position(|file| file.name == STATEMENT_FILE);
    Ok(files.remove(place.ok_or(ZipError::First)?).bytes)
}

fn opened(
    mut files: Vec<Bundled>,
    envelope: Vec<u8>,
    payload: &[u8],
    key: &str,
) -> Result<OpenBundle, BundleFault> {
    let place = files.iter().position(|file| file.name == SIGSTORE_FILE);
    let sigstore = place.map(|place| files.remove(place).bytes).unwrap_or_default();
    if place.is_some() && sigstore != sigstore_bundle(&envelope, key) {
        return Err(SealError::Sigstore.into());
    }
    let statement = read_statement(payload)?;
    check_subjects(&statement, &files)?;
    let files = files.into_iter().map(|file| (file.name, file.bytes)).collect();
    Ok(OpenBundle { files, statement, envelope, sigstore })
}
