//! A review over a bundle that was verified: whether it holds, and what the bundle comes to with it.

use std::path::Path;
use std::sync::Arc;

use signing::PublicKey;

use super::one::Holding;
use crate::bounded;
use crate::cli::reviewer::is_taken;
use crate::exit::{CommandError, Exit};
use crate::seal::{CertifiedBundle, LARGEST_REVIEW, Review, ReviewFault, StatementFacts};
use crate::suite::Suite;
use crate::verdict::{CaseResult, Judge, Outcome, Results, Stages};

/// A review that holds.
#[derive(Debug)]
pub(in crate::cli) struct Heard {
    pub(in crate::cli) review: Review,
    /// The digest of its file.
    pub(in crate::cli) sha256: String,
    /// What the bundle comes to with it.
    pub(in crate::cli) results: Results,
}

impl Heard {
    /// How many mandatory cases it does without.
    pub(in crate::cli) fn waived(&self) -> u32 {
        let waived = |case: &&CaseResult| case.mandatory && case.outcome == Outcome::Waived;
        self.results.cases.iter().filter(waived).map(|_| 1).sum()
    }

    /// How the program ends for the bundle with it.
    pub(in crate::cli) fn exit(&self, holding: &Holding) -> Exit {
        super::exit(self.results.verdict, holding.gateway_known)
    }

    /// What a reviewer could certify of the bundle, now that it is reviewed.
    pub(in crate::cli) fn certified(&self, found: CertifiedBundle) -> CertifiedBundle {
        CertifiedBundle {
            verdict: self.results.verdict,
            grade: self.results.grade,
            mandatory_passed: self.results.counts.mandatory_passed,
            mandatory_waived: self.waived(),
            review_sha256: self.sha256.clone(),
            ..found
        }
    }
}

/// The bytes of a review.
pub(in crate::cli) fn read(path: &Path) -> Result<Vec<u8>, CommandError> {
    let read = bounded::read(path, LARGEST_REVIEW);
    read.map_err(|source| CommandError::Read { path: path.to_owned(), source })
}

/// A bundle to be reviewed, and what was judged of it.
pub(in crate::cli) struct Reviewed<'a> {
    pub(in crate::cli) suite: &'a Arc<Suite>,
    pub(in crate::cli) holding: &'a Holding,
    pub(in crate::cli) results: &'a Results,
    /// The digest of its file.
    pub(in crate::cli) sha256: &'a str,
}

impl Reviewed<'_> {
    /// Opens a review under a key from the verifier's own store, and lays it over the bundle as of a
    /// moment.
    pub(in crate::cli) fn hear(
        &self,
        envelope: &[u8],
        reviewer: &PublicKey,
        at: &str,
    ) -> Result<Heard, ReviewFault> {
        let review = Review::open(envelope, reviewer)?;
        if is_taken(&self.holding.facts, &reviewer.fingerprint()) {
            return Err(ReviewFault::Key);
        }
        let results = self.under(&review, at)?;
        Ok(Heard { review, sha256: signing::sha256_hex(envelope), results })
    }

    /// What the bundle comes to under a review.
    pub(in crate::cli) fn under(&self, review: &Review, at: &str) -> Result<Results, ReviewFault> {
        let ruling = review.ruling(&self.holding.certified(self.sha256), at)?;
        let judge = Judge::new(self.suite.clone());
        Ok(judge.reviewed(self.results, &stages(&self.holding.facts), &ruling)?)
    }
}

/// Where the runs of a bundle were played. Replay has shown that its statement tells so truly.
fn stages(facts: &StatementFacts) -> Stages {
    Stages {
        own_merchant: facts.merchant.driver != "reference",
        elsewhere: facts.parts.iter().map(|part| !part.gateway.simulated).collect(),
    }
}
