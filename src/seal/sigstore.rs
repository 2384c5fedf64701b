//! The envelope once more, as a sigstore bundle: the same signature in the form that sigstore's
//! libraries read. It says nothing of its own, so it has to be exactly what the envelope gives.

use signing::PrivateKey;

use super::dsse::{SealError, seal_statement};
use super::{Bundled, STATEMENT_FILE};

/// The sigstore bundle.
pub const SIGSTORE_FILE: &str = "statement.sigstore.json";

/// What kind of document it is.
const MEDIA_TYPE: &str = "application/vnd.dev.sigstore.bundle.v0.3+json";

/// Whether a file of a bundle is its seal, in one form or the other.
pub fn is_seal(name: &str) -> bool {
    name == STATEMENT_FILE || name == SIGSTORE_FILE
}

/// An envelope as a sigstore bundle. The key's fingerprint is a hint for whoever has several; there
/// is no certificate and no entry of a log.
pub(super) fn sigstore_bundle(envelope: &[u8], fingerprint: &str) -> Vec<u8> {
    let head = format!(
        "{{\"mediaType\":\"{MEDIA_TYPE}\",\"verificationMaterial\":{{\"publicKey\":\
         {{\"hint\":\"{fingerprint}\"}},\"tlogEntries\":[]}},\"dsseEnvelope\":"
    );
    [head.as_bytes(), envelope.trim_ascii_end(), b"}\n"].concat()
}

/// Seals a statement: the envelope, and the same as a sigstore bundle.
pub fn seal_files(statement: &[u8], key: &PrivateKey) -> Result<[Bundled; 2], SealError> {
    let envelope = seal_statement(statement, key)?;
    let wrapped = sigstore_bundle(&envelope, &key.public().fingerprint());
    Ok([Bundled::new(STATEMENT_FILE, envelope), Bundled::new(SIGSTORE_FILE, wrapped)])
}
