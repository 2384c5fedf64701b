//! `--json`: an object for each bundle. Its names are documented in `docs/verify.md` and stay.

use evidence::words::{Language, Phrase};
use serde::Serialize;

use super::one::{Broken, Came, Holding, Verified};
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
    parts: usize,
    started: String,
    finished: String,
    gateway: String,
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
        })
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
            parts: facts.parts.len(),
            started: facts.time.started.clone(),
            finished: facts.time.finished.clone(),
            gateway: facts.gateway.url.clone(),
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
