//! A review over a bundle that was verified: whether it holds, and what the bundle comes to with it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use signing::PublicKey;

use super::certificate::{Certifying, exit_of};
use super::machine::Listed;
use super::one::{Came, Checking, Holding};
use super::told::{heard as heard_so, no_review, whole};
use super::{Verify, gravest, limits, list};
use crate::bounded;
use crate::cli::key_file::rsa;
use crate::cli::output::Terminal;
use crate::cli::reviewer::is_taken;
use crate::cli::run::deliver::now;
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

/// As of which moment the review of the only bundle was heard, and what came of it.
pub(super) type Hearing = (String, Result<Heard, ReviewFault>);

impl Verify {
    /// Verifies the only bundle and its review, and its certificate where one is given. With a review
    /// that does not hold, nothing does.
    pub(super) fn with_review(
        &self,
        terminal: &mut Terminal,
        checking: &Checking,
        unusable: Option<CommandError>,
        [bundle, file, key]: [&PathBuf; 3],
    ) -> Result<Exit, CommandError> {
        let (verified, judged) = checking.verify_whole(bundle);
        if !self.json {
            whole(terminal, &verified);
        }
        if let (Came::Unchecked, Some(why)) = (&verified.came, unusable) {
            return Err(why);
        }
        let mut exits = vec![verified.came.exit()];
        let (mut hearing, mut certifying): (Option<Hearing>, Option<Certifying>) = (None, None);
        if let (Came::Holds(holding), Some(judged)) = (&verified.came, &judged) {
            let (suite, sha256) = (&checking.suite, verified.sha256.as_str());
            let reviewed = Reviewed { suite, holding, results: &judged.results, sha256 };
            let key = rsa(key, PublicKey::read)?;
            let at = self.at.clone().unwrap_or_else(now);
            let heard = reviewed.hear(&read(file)?, &key, &at);
            exits = vec![heard.as_ref().map_or(Exit::BundleBroken, |heard| heard.exit(holding))];
            if let Ok(heard) = &heard {
                let found = heard.certified(holding.certified(&verified.sha256));
                certifying = self.certifying(&found)?;
                exits.extend(certifying.as_ref().map(exit_of));
            }
            if !self.json {
                let told = heard.as_ref().map(|heard| (heard, heard.exit(holding)));
                self.tell(terminal, file, told, certifying.as_ref());
            }
            hearing = Some((at, heard));
        }
        if self.json {
            let listed = Listed::of(&verified, terminal.language()).map(|listed| match &hearing {
                Some(hearing) => listed.reviewed(hearing, gravest(&exits), terminal.language()),
                None => listed,
            });
            let listed = listed.map(|listed| match &certifying {
                Some(certifying) => listed.certified(certifying, terminal.language()),
                None => listed,
            });
            list(terminal, &listed.into_iter().collect::<Vec<_>>())?;
        } else {
            limits(terminal, &[verified.came.exit()]);
        }
        Ok(gravest(&exits))
    }

    /// Says what came of a review, and of the certificate that may rest on it.
    fn tell(
        &self,
        terminal: &mut Terminal,
        file: &Path,
        heard: Result<(&Heard, Exit), &ReviewFault>,
        certifying: Option<&Certifying>,
    ) {
        match heard {
            Ok((heard, exit)) => {
                heard_so(terminal, heard, exit);
                self.tell_of_certificate(terminal, certifying);
            }
            Err(why) => no_review(terminal, &file.display().to_string(), why),
        }
    }
}
