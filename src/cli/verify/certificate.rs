//! A certificate over a bundle that was verified: whether it holds.

use signing::PublicKey;

use super::{Verify, told};
use crate::bounded;
use crate::cli::key_file::rsa;
use crate::cli::output::Terminal;
use crate::exit::{CommandError, Exit};
use crate::seal::{CertificateFault, Certified, CertifiedBundle, LARGEST_CERTIFICATE};

/// A certificate that holds.
#[derive(Debug)]
pub(super) struct Vouched {
    pub(super) certified: Certified,
    /// The digest of its file.
    pub(super) sha256: String,
}

/// What came of the certificate that was given.
pub(super) type Certifying = Result<Vouched, CertificateFault>;

/// How the program ends with it; how the bundle ends stays as it is.
pub(super) fn exit_of(certifying: &Certifying) -> Exit {
    if certifying.is_ok() { Exit::Acceptable } else { Exit::BundleBroken }
}

impl Verify {
    /// Looks at the certificate of the only bundle, where one is given: what it is about has to be what
    /// was found.
    pub(super) fn certifying(
        &self,
        found: &CertifiedBundle,
    ) -> Result<Option<Certifying>, CommandError> {
        let (Some(path), Some(certifier)) = (&self.certificate, &self.certifier) else {
            return Ok(None);
        };
        let reviewer = rsa(certifier, PublicKey::read)?;
        let read = bounded::read(path, LARGEST_CERTIFICATE);
        let envelope = read.map_err(|source| CommandError::Read { path: path.clone(), source })?;
        let sha256 = signing::sha256_hex(&envelope);
        let told = Certified::open(&envelope, &reviewer);
        let told = told.and_then(|certified| certified.check(found).map(|()| certified));
        Ok(Some(told.map(|certified| Vouched { certified, sha256 })))
    }

    /// Says what came of it.
    pub(super) fn tell_of_certificate(
        &self,
        terminal: &mut Terminal,
        certifying: Option<&Certifying>,
    ) {
        match (certifying, &self.certificate) {
            (Some(Ok(vouched)), _) => {
                told::certificate(terminal, &vouched.certified, &vouched.sha256);
            }
            (Some(Err(why)), Some(path)) => {
                told::no_certificate(terminal, &path.display().to_string(), why);
            }
            (Some(Err(_)) | None, _) => {}
        }
    }
}
