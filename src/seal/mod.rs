//! The bundle: files, statement, signature, and their verification.
//!
//! A bundle is a zip of a strict profile. Its first file is an envelope; the envelope holds a
//! signed statement; the statement names every other file with its digest, but for the envelope's
//! own second form. [`open_bundle`] walks
//! that road from the outside in and stops at the first part that does not hold. What the files
//! say is judged by others, from the bytes handed out here and never from the zip again.

mod answer;
mod attempts;
pub mod bundle;
mod certificate;
mod challenge;
mod digests;
mod drawings;
mod dsse;
mod facts;
mod folders;
mod log;
mod merged;
mod own_order;
mod ranges;
mod recheck;
mod redraw;
mod release;
mod replay;
mod review;
mod secrets;
mod sigstore;
mod statement;
mod strays;
mod strict_json;
mod told;
mod verify;
mod zip;

pub use answer::{Answered, AnsweredBy, both, in_time};
pub use certificate::{
    CertificateFault, Certified, CertifiedBundle, LARGEST_CERTIFICATE, Reviewer,
};
pub use challenge::{CHALLENGE_FILE, Challenge, LARGEST_CHALLENGE, after_days};
pub use digests::{SubjectFault, check_subjects};
pub use dsse::{
    PAYLOAD_TYPE, SealError, open_envelope, pre_authentication_encoding, seal_statement,
};
pub use facts::{
    EvidenceFacts, GatewayFacts, MerchantFacts, PartFacts, RunFacts, SignerFacts, StatementFacts,
    SuiteFacts, TimeFacts, ToolFacts,
};
pub use folders::MOST_PARTS;
pub use log::{GatewayLog, LogError};
pub use merged::{JoinedRun, Merged, ReplayedMerged, replay_merged};
pub use own_order::{Asked, OwnOrderTimes, Role, own_order};
pub use ranges::{EvidenceRange, EvidenceRanges};
pub use redraw::{RedrawFault, Redrawn};
pub use replay::{Checked, Own, ReplayFault, Replayed, replay, replay_record};
pub use review::{
    Decided, Decision, LARGEST_REVIEW, LONGEST_NOTE, REVIEW_FILE, Review, ReviewFault, Waiver,
    ends_in_time, moment,
};
pub use secrets::{Search, Secrets};
pub use sigstore::{SIGSTORE_FILE, is_seal, seal_files};
pub use statement::{
    AcceptanceReport, Annotations, CaseFacts, Descriptor, Digest, Predicate, STATEMENT_TYPE,
    Statement, StatementError, Subject, TEST_RESULT, TestResult, read_statement, write_statement,
};
pub use strays::{join_strays, read_strays, write_strays};
pub use strict_json::{JsonFault, refuse_duplicates};
pub use verify::{BundleFault, OpenBundle, Part, open_bundle, open_files};
pub use zip::{
    LARGEST_FILE, LARGEST_TOTAL, MOST_FILES, Packed, Packer, STATEMENT_FILE, STEEPEST_RATIO, Zip,
    ZipError, read_zip, write_zip, zip_of,
};

/// One file of a bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bundled {
    /// Its relative name with `/`, of lower-case letters, digits, `.`, `_` and `-`.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

impl Bundled {
    /// A file of a bundle.
    pub fn new(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self { name: name.into(), bytes: bytes.into() }
    }
}

#[cfg(test)]
mod tests;
