//! The reviewer's certificate: their own signed statement over a bundle that they verified.
//!
//! It is an in-toto statement of the predicate for verification summaries, in an envelope like the
//! bundle's. Everything in it follows from [`Certified`], so it is read by writing it again.

use evidence::words::{self as say, Phrase};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use signing::{PrivateKey, PublicKey};

use super::dsse::{SealError, open_envelope, seal_statement};
use super::{REVIEW_FILE, STATEMENT_FILE, STATEMENT_TYPE, refuse_duplicates};
use crate::verdict::{Grade, Verdict};

/// What kind of statement it is.
const SUMMARY: &str = "https://slsa.dev/verification_summary/v1";
/// The version of [`Certified`].
const SCHEMA: u32 = 1;
/// The largest certificate that is read.
pub const LARGEST_CERTIFICATE: u64 = 64 << 10;

/// What is certified, when, and by whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Certified {
    /// The version of this.
    pub schema: u32,
    /// The bundle.
    pub bundle: CertifiedBundle,
    /// Who vouches for it.
    pub reviewer: Reviewer,
    /// When it was verified, by the reviewer's clock, such as `2026-11-21T19:00:00Z`.
    pub verified_at: String,
    /// The release of assay that verified it.
    pub tool_version: String,
}

/// A bundle as it was verified.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CertifiedBundle {
    /// The digest of the whole file.
    pub sha256: String,
    /// The digest of its envelope.
    pub envelope_sha256: String,
    /// Which run it is.
    pub run_id: String,
    /// The nonce of the challenge that it answers; empty where it answers none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub challenge: String,
    /// The suite that judged.
    pub suite_version: String,
    /// The digest of catalogue and features.
    pub features_sha256: String,
    /// What it comes to.
    pub verdict: Verdict,
    /// What that is worth.
    pub grade: Grade,
    /// How many cases are mandatory.
    pub mandatory_total: u32,
    /// How many of them passed.
    pub mandatory_passed: u32,
    /// How many of them a review does without.
    #[serde(default, skip_serializing_if = "is_none")]
    pub mandatory_waived: u32,
    /// The digest of the review that verdict and grade rest on; empty where they rest on none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub review_sha256: String,
    /// `ams` or `legacy`.
    pub generation: String,
    /// What the merchant sells through.
    pub products: Vec<String>,
    /// The client id at the gateway; empty where there is none.
    pub client_id: String,
    /// The partner id at the gateway; empty where there is none.
    pub partner: String,
    /// The fingerprint of the merchant's key; empty where it is shared.
    pub request_key_sha256: String,
    /// The gateway's address.
    pub gateway: String,
    /// The fingerprint of the gateway's key; empty where it is shared.
    pub response_key_sha256: String,
    /// Who sealed the bundle, as typed.
    pub integrator: String,
    /// The fingerprint of the key that sealed it.
    pub report_key_sha256: String,
}

#[cfg(test)]
impl CertifiedBundle {
    /// A made-up one: an acceptable submission.
    pub(crate) fn made_up() -> Self {
        Self {
            sha256: "ab".repeat(32),
            envelope_sha256: "cd".repeat(32),
            run_id: "run".into(),
            challenge: String::new(),
            suite_version: "1".into(),
            features_sha256: "ef".repeat(32),
            verdict: Verdict::Acceptable,
            grade: Grade::Submission,
            mandatory_total: 82,
            mandatory_passed: 82,
            mandatory_waived: 0,
            review_sha256: String::new(),
            generation: "ams".into(),
            products: vec!["user-presented".into()],
            client_id: "5Y00000000000001".into(),
            partner: String::new(),
            request_key_sha256: "01".repeat(32),
            gateway: "https://gateway.example".into(),
            response_key_sha256: "23".repeat(32),
            integrator: "ACME Pay".into(),
            report_key_sha256: "45".repeat(32),
        }
    }
}

/// Where no review waives anything, nothing is told about it.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde hands it over")]
fn is_none(count: &u32) -> bool {
    *count == 0
}

/// Who certifies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Reviewer {
    /// The fingerprint of their key.
    pub key_sha256: String,
    /// Their name as typed.
    pub name: String,
}

/// Why a certificate is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CertificateFault {
    /// The envelope does not open under the reviewer's key.
    #[error("{0}")]
    Seal(#[from] SealError),
    /// What it holds is no certificate as it is written.
    #[error("no certificate")]
    Form,
    /// It is about another bundle.
    #[error("another bundle")]
    Other,
    /// It rests on a review that was not given.
    #[error("needs a review")]
    NeedsReview(String),
    /// It rests on another review than the one that was given, or on none.
    #[error("another review")]
    OtherReview,
    /// It is about this bundle, and tells otherwise of it.
    #[error("another tale")]
    Tale,
    /// It is about a bundle that nobody may certify.
    #[error("not certifiable")]
    Never,
}

impl CertificateFault {
    /// What is wrong, in both languages.
    pub fn says(&self) -> Phrase {
        match self {
            Self::Seal(why) => why.says(),
            Self::Form => say::CERTIFICATE_FORM.plain(),
            Self::Other => say::CERTIFICATE_OTHER.plain(),
            Self::NeedsReview(sha256) => say::CERTIFICATE_NEEDS_REVIEW.with([sha256]),
            Self::OtherReview => say::CERTIFICATE_OTHER_REVIEW.plain(),
            Self::Tale => say::CERTIFICATE_TALE.plain(),
            Self::Never => say::CERTIFICATE_NEVER.plain(),
        }
    }
}

impl Certified {
    /// What a reviewer says of a bundle.
    pub fn new(bundle: CertifiedBundle, reviewer: Reviewer, verified_at: String) -> Self {
        let tool_version = env!("CARGO_PKG_VERSION").to_owned();
        Self { schema: SCHEMA, bundle, reviewer, verified_at, tool_version }
    }

    /// Signs it.
    pub fn seal(&self, key: &PrivateKey) -> Result<Vec<u8>, SealError> {
        seal_statement(&self.statement(), key)
    }

    /// Opens a certificate under a reviewer's key from the reader's own store.
    pub fn open(envelope: &[u8], reviewer: &PublicKey) -> Result<Self, CertificateFault> {
        let payload = open_envelope(envelope, reviewer)?;
        refuse_duplicates(&payload).map_err(SealError::from)?;
        let read: Option<Self> = serde_json::from_slice::<Value>(&payload)
            .ok()
            .and_then(|mut told| Some(told.pointer_mut(PLACE)?.take()))
            .and_then(|told| serde_json::from_value(told).ok());
        let read = read.filter(|read| read.schema == SCHEMA && read.statement() == payload);
        let read = read.ok_or(CertificateFault::Form)?;
        let signs = read.reviewer.key_sha256 == reviewer.fingerprint();
        if signs { Ok(read) } else { Err(CertificateFault::Form) }
    }

    /// Wants it to be about a bundle that was verified, and to say of it what was found.
    pub fn check(&self, found: &CertifiedBundle) -> Result<(), CertificateFault> {
        if self.bundle.sha256 != found.sha256 {
            return Err(CertificateFault::Other);
        }
        if self.bundle.review_sha256 != found.review_sha256 {
            let rests_on = self.bundle.review_sha256.clone();
            let given = !found.review_sha256.is_empty();
            let fault = CertificateFault::NeedsReview(rests_on);
            return Err(if given { CertificateFault::OtherReview } else { fault });
        }
        if self.bundle != *found {
            return Err(CertificateFault::Tale);
        }
        if found.is_certifiable() { Ok(()) } else { Err(CertificateFault::Never) }
    }

    /// The statement, on one line.
    fn statement(&self) -> Vec<u8> {
        let CertifiedBundle { sha256, envelope_sha256, suite_version, features_sha256, .. } =
            &self.bundle;
        let review = &self.bundle.review_sha256;
        let mut inputs = vec![(STATEMENT_FILE, envelope_sha256)];
        inputs.extend((!review.is_empty()).then_some((REVIEW_FILE, review)));
        let inputs: Vec<Value> = inputs
            .into_iter()
            .map(|(uri, sha256)| json!({ "uri": uri, "digest": { "sha256": sha256 } }))
            .collect();
        let statement = json!({
            "_type": STATEMENT_TYPE,
            "subject": [{ "name": "acceptance.zip", "digest": { "sha256": sha256 } }],
            "predicateType": SUMMARY,
            "predicate": {
                "verifier": { "id": format!("urn:assay:reviewer:{}", self.reviewer.key_sha256) },
                "timeVerified": self.verified_at,
                "resourceUri": format!("urn:assay:run:{}", self.bundle.run_id),
                "policy": {
                    "uri": format!("urn:assay:suite:{suite_version}"),
                    "digest": { "sha256": features_sha256 },
                },
                "inputAttestations": inputs,
                "verificationResult": "PASSED",
                "verifiedLevels": ["ASSAY_ACCEPTABLE_SUBMISSION"],
                "acceptanceCertificate": self,
            },
        });
        serde_json::to_vec(&statement).unwrap_or_default()
    }
}

/// Where [`Certified`] stands in the statement.
const PLACE: &str = "/predicate/acceptanceCertificate";

impl CertifiedBundle {
    /// Whether anybody may certify it: an acceptable submission, and nothing else.
    pub fn is_certifiable(&self) -> bool {
        (self.verdict, self.grade) == (Verdict::Acceptable, Grade::Submission)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> PrivateKey {
        static KEY: std::sync::OnceLock<PrivateKey> = std::sync::OnceLock::new();
        KEY.get_or_init(|| PrivateKey::generate(2048).unwrap()).clone()
    }

    fn bundle(verdict: Verdict, grade: Grade) -> CertifiedBundle {
        CertifiedBundle { verdict, grade, ..CertifiedBundle::made_up() }
    }

    fn certified() -> Certified {
        let key_sha256 = key().public().fingerprint();
        let reviewer = Reviewer { key_sha256, name: "Reviewer".into() };
        let bundle = bundle(Verdict::Acceptable, Grade::Submission);
        Certified::new(bundle, reviewer, "2026-11-26T18:00:00Z".into())
    }

    #[test]
    fn a_certificate_reads_back_under_its_reviewers_key_alone() {
        let envelope = certified().seal(&key()).unwrap();
        assert_eq!(Certified::open(&envelope, &key().public()), Ok(certified()));
        let other = PrivateKey::generate(2048).unwrap();
        let refused = Certified::open(&envelope, &other.public());
        assert!(matches!(refused, Err(CertificateFault::Seal(SealError::KeyId { .. }))));
        // Signed by another than it names.
        let lying = certified().seal(&other).unwrap();
        assert_eq!(Certified::open(&lying, &other.public()), Err(CertificateFault::Form));
        for index in (0..envelope.len()).step_by(7) {
            let mut edited = envelope.clone();
            edited[index] ^= 1;
            assert!(Certified::open(&edited, &key().public()).is_err(), "byte {index}");
        }
    }

    /// What a reviewer's key signs besides is no certificate: another result, more than there is to
    /// say, another order.
    #[test]
    fn a_certificate_is_read_by_writing_it_again() {
        let good = String::from_utf8(certified().statement()).unwrap();
        for (from, to) in [
            ("PASSED", "FAILED"),
            ("verification_summary/v1", "verification_summary/v2"),
            ("\"schema\":1", "\"schema\":2"),
            ("\"acceptanceCertificate\":{", "\"acceptanceCertificate\":{\"more\":1,"),
            ("\"name\":\"acceptance.zip\"", "\"name\":\"other.zip\""),
            ("urn:assay:run:run", "urn:assay:run:other"),
            ("\"mandatoryTotal\":82", "\"mandatoryTotal\": 82"),
        ] {
            let edited = good.replacen(from, to, 1);
            assert_ne!(edited, good, "{from}");
            let envelope = seal_statement(edited.as_bytes(), &key()).unwrap();
            let told = Certified::open(&envelope, &key().public());
            assert_eq!(told, Err(CertificateFault::Form), "{from}");
        }
        // The statement over a bundle is no certificate, though the same key may sign one.
        let envelope = seal_statement(b"{}", &key()).unwrap();
        assert_eq!(Certified::open(&envelope, &key().public()), Err(CertificateFault::Form));
    }

    #[test]
    fn a_certificate_is_about_one_bundle_and_says_of_it_what_was_found() {
        let good = certified();
        assert_eq!(good.check(&good.bundle), Ok(()));
        let other = CertifiedBundle { sha256: "00".repeat(32), ..good.bundle.clone() };
        assert_eq!(good.check(&other), Err(CertificateFault::Other));
        let reviewed = CertifiedBundle { review_sha256: "ee".repeat(32), ..good.bundle.clone() };
        assert_eq!(good.check(&reviewed), Err(CertificateFault::OtherReview));
        let resting = Certified { bundle: reviewed.clone(), ..certified() };
        assert_eq!(resting.check(&reviewed), Ok(()));
        let missing = CertificateFault::NeedsReview("ee".repeat(32));
        assert_eq!(resting.check(&good.bundle), Err(missing));
        assert!(String::from_utf8(resting.statement()).unwrap().contains("review.dsse.json"));
        let fewer = CertifiedBundle { mandatory_passed: 81, ..good.bundle.clone() };
        assert_eq!(good.check(&fewer), Err(CertificateFault::Tale));
        for (verdict, grade) in [
            (Verdict::Acceptable, Grade::Rehearsal),
            (Verdict::Incomplete, Grade::Submission),
            (Verdict::Rejected, Grade::Submission),
        ] {
            let bundle = bundle(verdict, grade);
            assert!(!bundle.is_certifiable());
            let lax = Certified { bundle: bundle.clone(), ..certified() };
            assert_eq!(lax.check(&bundle), Err(CertificateFault::Never), "{verdict:?} {grade:?}");
        }
    }
}
