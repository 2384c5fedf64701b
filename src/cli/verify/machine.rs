//! `--json`: an object for each bundle. Its names are documented in `docs/verify.md` and stay.

use evidence::words::{
    EXPECT_CERTIFICATE, EXPECT_REVIEW, Language, PART_CERTIFICATE, PART_REVIEW, Phrase,
};
use serde::Serialize;

use super::certificate::{Certifying, Vouched};
use super::one::{Broken, Came, Holding, Verified};
use super::review::{Heard, Hearing};
use crate::exit::Exit;
use crate::seal::{Decision, ReviewFault, Waiver};
use crate::verdict::{Grade, Verdict};

/// A bundle in JSON.
#[derive(Debug, Serialize)]
pub(super) struct Listed {
    bundle: String,
    sha256: String,
    holds: bool,
    exit: u8,
    #[serde(flatten)]
    says: Says,
    /// What came of its review, where one was given and the bundle holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    review: Option<ReviewListed>,
    /// What came of its certificate, where one was given and the bundle holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    certificate: Option<CertificateListed>,
}

/// A certificate in JSON, or why it does not hold.
#[derive(Debug, Serialize)]
struct CertificateListed {
    holds: bool,
    #[serde(flatten)]
    says: CertificateSays,
}

/// What a certificate says, or why it does not hold.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum CertificateSays {
    Holds(CertificateTold),
    Broken { broken: Fault },
}

/// Who vouches for a bundle.
#[derive(Debug, Serialize)]
struct CertificateTold {
    sha256: String,
    reviewer: String,
    reviewer_key: String,
    verified_at: String,
    challenge: String,
}

/// A review in JSON, or why it does not hold.
#[derive(Debug, Serialize)]
struct ReviewListed {
    holds: bool,
    /// The moment at which its waivers had to hold.
    at: String,
    #[serde(flatten)]
    says: ReviewSays,
}

/// What a review says, or why it does not hold.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum ReviewSays {
    Holds(Box<ReviewTold>),
    Broken { broken: Fault },
}

/// What a review that holds tells, and what the bundle comes to with it.
#[derive(Debug, Serialize)]
struct ReviewTold {
    sha256: String,
    verdict: Verdict,
    grade: Grade,
    mandatory_passed: u32,
    mandatory_waived: u32,
    reviewer: String,
    reviewer_key: String,
    reviewed_at: String,
    challenge: String,
    decisions: Vec<Decision>,
    waivers: Vec<Waived>,
}

/// A waiver in JSON. Merchant and suite are those of the bundle.
#[derive(Debug, Serialize)]
struct Waived {
    case: String,
    reason: String,
    by: String,
    expires: String,
}

/// What a bundle says, or why it does not hold.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Says {
    Holds(Box<Told>),
    Broken { broken: Fault },
}

/// The first part that does not hold.
#[derive(Debug, Serialize)]
struct Fault {
    /// Its name, which does not depend on the language.
    part: String,
    why: String,
    expected: String,
}

/// What a bundle that holds tells.
#[derive(Debug, Serialize)]
struct Told {
    verdict: Verdict,
    grade: Grade,
    mandatory: u32,
    mandatory_passed: u32,
    simulated: bool,
    gateway_known: bool,
    signatures_checked: usize,
    signatures_as_recorded: usize,
    doubts: Vec<String>,
    suite_version: String,
    tool_version: String,
    run_id: String,
    challenge: String,
    parts: usize,
    started: String,
    finished: String,
    gateway: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    rules: Vec<String>,
    generation: String,
    client_id: String,
    partner: String,
    driver: String,
    products: Vec<String>,
    integrator: String,
    contact: String,
    report_key: String,
}

impl Listed {
    /// A bundle, its texts in a language.
    /// Where one could not be checked for want of a key, nothing is listed.
    pub(super) fn of(verified: &Verified, language: Language) -> Option<Self> {
        let says = match &verified.came {
            Came::Holds(holding) => Says::Holds(Box::new(Told::of(holding, language))),
            Came::Broken(why) => Says::Broken { broken: Fault::of(why, language) },
            Came::Unchecked => return None,
        };
        Some(Self {
            bundle: verified.name.clone(),
            sha256: verified.sha256.clone(),
            holds: matches!(verified.came, Came::Holds(_)),
            exit: verified.came.exit().code(),
            says,
            review: None,
            certificate: None,
        })
    }

    /// The same with its certificate: one that does not hold is broken, whatever the bundle is.
    pub(super) fn certified(self, certifying: &Certifying, language: Language) -> Self {
        let (says, exit) = match certifying {
            Ok(Vouched { certified, sha256 }) => {
                let reviewer = &certified.reviewer;
                let told = CertificateTold {
                    sha256: sha256.clone(),
                    reviewer: reviewer.name.clone(),
                    reviewer_key: reviewer.key_sha256.clone(),
                    verified_at: certified.verified_at.clone(),
                    challenge: certified.bundle.challenge.clone(),
                };
                (CertificateSays::Holds(told), self.exit)
            }
            Err(why) => {
                let broken = Fault {
                    part: name(&PART_CERTIFICATE.plain()),
                    why: why.says().text(language),
                    expected: EXPECT_CERTIFICATE.text(language).to_owned(),
                };
                (CertificateSays::Broken { broken }, Exit::BundleBroken.code())
            }
        };
        let certificate = Some(CertificateListed { holds: certifying.is_ok(), says });
        Self { exit, certificate, ..self }
    }

    /// The same with its review, and how the bundle ends with it.
    pub(super) fn reviewed(self, (at, heard): &Hearing, exit: Exit, language: Language) -> Self {
        let says = match heard {
            Ok(heard) => ReviewSays::Holds(Box::new(ReviewTold::of(heard))),
            Err(why) => ReviewSays::Broken { broken: Fault::of_review(why, language) },
        };
        let review = ReviewListed { holds: heard.is_ok(), at: at.clone(), says };
        Self { exit: exit.code(), review: Some(review), ..self }
    }
}

impl ReviewTold {
    fn of(heard: &Heard) -> Self {
        let (review, results) = (&heard.review, &heard.results);
        let waived = |waiver: &Waiver| Waived {
            case: waiver.case.clone(),
            reason: waiver.reason.clone(),
            by: waiver.by.clone(),
            expires: waiver.expires.clone(),
        };
        Self {
            sha256: heard.sha256.clone(),
            verdict: results.verdict,
            grade: results.grade,
            mandatory_passed: results.counts.mandatory_passed,
            mandatory_waived: heard.waived(),
            reviewer: review.reviewer.name.clone(),
            reviewer_key: review.reviewer.key_sha256.clone(),
            reviewed_at: review.reviewed_at.clone(),
            challenge: review.bundle.challenge.clone(),
            decisions: review.decisions.clone(),
            waivers: review.waivers.iter().map(waived).collect(),
        }
    }
}

impl Told {
    fn of(holding: &Holding, language: Language) -> Self {
        let facts = &holding.facts;
        let [signatures_checked, signatures_as_recorded] = holding.checked;
        Self {
            verdict: holding.verdict,
            grade: holding.grade,
            mandatory: holding.counts.mandatory,
            mandatory_passed: holding.counts.mandatory_passed,
            simulated: facts.gateway.simulated,
            gateway_known: holding.gateway_known,
            signatures_checked,
            signatures_as_recorded,
            doubts: holding.doubts.iter().map(|(says, _)| says.text(language)).collect(),
            suite_version: facts.suite.version.clone(),
            tool_version: facts.tool.version.clone(),
            run_id: facts.run.id.clone(),
            challenge: facts.run.challenge.clone(),
            parts: facts.parts.len(),
            started: facts.time.started.clone(),
            finished: facts.time.finished.clone(),
            gateway: facts.gateway.url.clone(),
            rules: facts.rules(),
            generation: facts.gateway.generation.clone(),
            client_id: facts.merchant.client_id.clone(),
            partner: facts.merchant.partner.clone(),
            driver: facts.merchant.driver.clone(),
            products: facts.merchant.products.clone(),
            integrator: facts.signer.integrator.clone(),
            contact: facts.signer.contact.clone(),
            report_key: facts.signer.key_sha256.clone(),
        }
    }
}

impl Fault {
    fn of_review(why: &ReviewFault, language: Language) -> Self {
        Self {
            part: name(&PART_REVIEW.plain()),
            why: why.says().text(language),
            expected: EXPECT_REVIEW.text(language).to_owned(),
        }
    }

    fn of(why: &Broken, language: Language) -> Self {
        Self {
            part: name(&why.part),
            why: why.why.text(language),
            expected: why.expected.text(language),
        }
    }
}

/// The name of a part for machines: that of its sentence.
fn name(part: &Phrase) -> String {
    let name = part.says.strip_prefix("PART_").unwrap_or(&part.says);
    name.to_ascii_lowercase().replace('_', "-")
}

#[cfg(test)]
mod tests {
    use evidence::words::{EXPECT_READABLE, PART_BUNDLE};
    use serde_json::json;

    use super::*;
    use crate::seal::{CertificateFault, Certified, CertifiedBundle, Reviewer};

    #[test]
    fn a_certificate_stands_beside_what_the_bundle_says() {
        let listed = || {
            let (part, expected) = (PART_BUNDLE.plain(), EXPECT_READABLE.plain());
            let broken = Broken { part, why: EXPECT_READABLE.plain(), expected };
            let came = Came::Broken(Box::new(broken));
            let verified = Verified { name: "a.zip".into(), sha256: "ab".into(), came };
            Listed::of(&verified, Language::En).unwrap()
        };
        let reviewer = Reviewer { key_sha256: "cd".into(), name: "Li Wei".into() };
        let at = "2026-11-26T18:00:00Z".to_owned();
        let bundle = CertifiedBundle { challenge: "5e".into(), ..CertifiedBundle::made_up() };
        let certified = Certified::new(bundle, reviewer, at);
        let vouched = Vouched { certified, sha256: "ef".into() };
        let told = serde_json::to_value(listed().certified(&Ok(vouched), Language::En)).unwrap();
        let certificate = json!({
            "holds": true, "sha256": "ef", "reviewer": "Li Wei", "reviewer_key": "cd",
            "verified_at": "2026-11-26T18:00:00Z", "challenge": "5e",
        });
        assert_eq!((&told["certificate"], &told["exit"]), (&certificate, &65.into()));
        let none =
            Listed { exit: 0, ..listed() }.certified(&Err(CertificateFault::Form), Language::Zh);
        let told = serde_json::to_value(none).unwrap();
        assert_eq!((&told["certificate"]["holds"], &told["exit"]), (&false.into(), &65.into()));
        assert_eq!(told["certificate"]["broken"]["expected"], EXPECT_CERTIFICATE.zh);
        assert!(serde_json::to_value(listed()).unwrap().get("certificate").is_none());
    }
}
