//! One bundle: what it comes to, in a form that is small enough to be kept for many.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use evidence::Record;
use evidence::words::{
    EXPECT_READABLE, PART_BUNDLE, Phrase, SAID_ELSEWHERE, Sentence, VERIFY_STEP_ANSWER_RECORDED,
    VERIFY_STEP_ANSWER_SIGNED, VERIFY_STEP_ANSWER_SIMULATED, VERIFY_STEP_ANSWER_UNCOMPARED,
    VERIFY_STEP_ANSWER_YOURS, VERIFY_STEP_FILES, VERIFY_STEP_MERGED, VERIFY_STEP_PART,
    VERIFY_STEP_RECORD, VERIFY_STEP_RECORD_ONE, VERIFY_STEP_REPLAY, VERIFY_STEP_REPORTS,
    VERIFY_STEP_SEAL, VERIFY_STEP_SHARED, VERIFY_STEP_SIGNATURES, VERIFY_STEP_SUITE,
};
use signing::PublicKey;

use super::told::{Doubt, doubts};
use super::{LARGEST_BUNDLE, exit};
use crate::bounded;
use crate::exit::Exit;
use crate::seal::{
    Answered, AnsweredBy, BundleFault, CertifiedBundle, Checked, JoinedRun, OpenBundle, Own,
    ReplayFault, Replayed, ReplayedMerged, StatementFacts, ZipError, open_files, read_zip,
    replay_merged, replay_record,
};
use crate::suite::Suite;
use crate::verdict::{Counts, Grade, Results, Verdict};

/// The verifier's own keys.
#[derive(Debug)]
pub(in crate::cli) struct Keys {
    /// The one that they trust to seal.
    pub(super) trusted: PublicKey,
    /// What they have of gateways.
    pub(super) own: Own,
}

/// What every bundle is held against.
#[derive(Debug)]
pub(in crate::cli) struct Checking {
    pub(in crate::cli) suite: Arc<Suite>,
    /// None, where one of them cannot be used.
    pub(in crate::cli) keys: Option<Keys>,
}

/// A bundle and what came of it.
#[derive(Debug)]
pub(in crate::cli) struct Verified {
    /// Its path as it was given.
    pub(super) name: String,
    /// The digest of the whole file; empty where it could not be read.
    pub(in crate::cli) sha256: String,
    pub(in crate::cli) came: Came,
}

/// What a bundle was judged by, for who looks further into it than its verdict.
#[derive(Debug)]
pub(in crate::cli) struct Whole {
    /// The verdict with everything it rests on.
    pub(in crate::cli) results: Results,
    /// The parts of a merged bundle, or the only run.
    pub(in crate::cli) parts: Vec<SeenPart>,
}

/// What was seen in one run.
#[derive(Debug)]
pub(in crate::cli) struct SeenPart {
    pub(in crate::cli) record: Record,
    /// Its files by name.
    pub(in crate::cli) files: BTreeMap<String, Vec<u8>>,
}

/// What came of a bundle.
#[derive(Debug)]
pub(in crate::cli) enum Came {
    /// It holds.
    Holds(Box<Holding>),
    /// A part of it does not.
    Broken(Box<Broken>),
    /// It may be a bundle; there was no key to say more.
    Unchecked,
}

/// Why a bundle does not hold.
#[derive(Debug)]
pub(in crate::cli) struct Broken {
    pub(super) part: Phrase,
    pub(super) why: Phrase,
    pub(super) expected: Phrase,
}

/// What a bundle that holds says.
#[derive(Debug)]
pub(in crate::cli) struct Holding {
    pub(in crate::cli) facts: StatementFacts,
    /// The digest of its envelope.
    pub(super) envelope_sha256: String,
    pub(super) verdict: Verdict,
    pub(super) grade: Grade,
    pub(super) counts: Counts,
    /// What was found to hold, in the order in which it was looked at.
    pub(super) steps: Vec<Phrase>,
    /// What lessens the worth of its signatures.
    pub(super) doubts: Vec<Doubt>,
    /// Messages of the gateway that were checked again, and states that stand as recorded.
    pub(super) checked: [usize; 2],
    /// Whether every part of it was checked with a key of the verifier's own.
    pub(in crate::cli) gateway_known: bool,
}

impl Verified {
    /// What a reviewer could certify of it, where it holds.
    pub(super) fn certified(&self) -> Option<CertifiedBundle> {
        match &self.came {
            Came::Holds(holding) => Some(holding.certified(&self.sha256)),
            Came::Broken(_) | Came::Unchecked => None,
        }
    }
}

impl Came {
    /// How the program ends for this bundle alone. One that nobody checked is never acceptable.
    pub(in crate::cli) fn exit(&self) -> Exit {
        match self {
            Self::Holds(holding) => exit(holding.verdict, holding.gateway_known),
            Self::Broken(_) => Exit::BundleBroken,
            Self::Unchecked => Exit::Unusable,
        }
    }
}

impl Holding {
    /// What a reviewer could certify of it, the digest of its file given.
    pub(in crate::cli) fn certified(&self, sha256: &str) -> CertifiedBundle {
        let StatementFacts { run, suite, gateway, merchant, signer, .. } = &self.facts;
        CertifiedBundle {
            sha256: sha256.to_owned(),
            envelope_sha256: self.envelope_sha256.clone(),
            run_id: run.id.clone(),
            challenge: run.challenge.clone(),
            suite_version: suite.version.clone(),
            features_sha256: suite.features_sha256.clone(),
            verdict: self.verdict,
            grade: self.grade,
            mandatory_total: self.counts.mandatory,
            mandatory_passed: self.counts.mandatory_passed,
            mandatory_waived: 0,
            review_sha256: String::new(),
            generation: gateway.generation.clone(),
            products: merchant.products.clone(),
            client_id: merchant.client_id.clone(),
            partner: merchant.partner.clone(),
            request_key_sha256: merchant.request_key_sha256.clone(),
            gateway: gateway.url.clone(),
            response_key_sha256: gateway.response_key_sha256.clone(),
            integrator: signer.integrator.clone(),
            report_key_sha256: signer.key_sha256.clone(),
        }
    }
}

impl From<BundleFault> for Box<Broken> {
    fn from(fault: BundleFault) -> Self {
        let part = fault.part();
        let expected = part.expected().plain();
        Self::new(Broken { part: part.says(), why: fault.says(), expected })
    }
}

impl From<ReplayFault> for Box<Broken> {
    fn from(fault: ReplayFault) -> Self {
        let ReplayFault { part, why, expected } = fault;
        Self::new(Broken { part: part.plain(), why, expected })
    }
}

impl Checking {
    /// Verifies a bundle, from its file to the verdict.
    pub(in crate::cli) fn verify(&self, path: &Path) -> Verified {
        self.verify_whole(path).0
    }

    /// The same, and what it was judged by, where it holds.
    pub(in crate::cli) fn verify_whole(&self, path: &Path) -> (Verified, Option<Whole>) {
        let name = path.display().to_string();
        let (bytes, unreadable) = match bounded::read(path, LARGEST_BUNDLE) {
            Ok(bytes) => (bytes, None),
            Err(why) => (vec![], Some(why)),
        };
        if let Some(why) = unreadable {
            let why = SAID_ELSEWHERE.with([why]);
            let (part, expected) = (PART_BUNDLE.plain(), EXPECT_READABLE.plain());
            let came = Came::Broken(Box::new(Broken { part, why, expected }));
            return (Verified { name, sha256: String::new(), came }, None);
        }
        if bytes.len() as u64 > LARGEST_BUNDLE {
            let came = Came::Broken(BundleFault::Zip(ZipError::TotalSize).into());
            return (Verified { name, sha256: String::new(), came }, None);
        }
        let sha256 = signing::sha256_hex(&bytes);
        let (came, whole) = self.judged(bytes).unwrap_or_else(|why| (Came::Broken(why), None));
        (Verified { name, sha256, came }, whole)
    }

    fn judged(&self, bytes: Vec<u8>) -> Result<(Came, Option<Whole>), Box<Broken>> {
        let files = read_zip(&bytes).map_err(BundleFault::from)?;
        drop(bytes);
        let Some(Keys { trusted, own }) = &self.keys else {
            return Ok((Came::Unchecked, None));
        };
        let bundle = open_files(files, trusted)?;
        let facts = bundle.statement.predicate.acceptance_report.facts.clone();
        let envelope_sha256 = signing::sha256_hex(&bundle.envelope);
        let begun = Begun { facts, envelope_sha256, files: bundle.files.len(), trusted };
        let (holding, whole) = self.replayed(bundle, begun, own)?;
        Ok((Came::Holds(Box::new(holding)), Some(whole)))
    }

    fn replayed(
        &self,
        bundle: OpenBundle,
        begun: Begun<'_>,
        own: &Own,
    ) -> Result<(Holding, Whole), ReplayFault> {
        if bundle.is_merged() {
            let merged = replay_merged(bundle, &self.suite, begun.trusted, own)?;
            let holding = begun.merged(&merged);
            let seen = |run: JoinedRun| {
                let (record, files) = run.into_seen();
                SeenPart { record, files }
            };
            let parts = merged.runs.into_iter().map(seen).collect();
            Ok((holding, Whole { results: merged.results, parts }))
        } else {
            let again = replay_record(&bundle, &self.suite, begun.trusted, own)?;
            let (replayed, record) = again;
            let holding = begun.single(&replayed);
            let parts = vec![SeenPart { record, files: bundle.files }];
            Ok((holding, Whole { results: replayed.results, parts }))
        }
    }
}

/// A bundle whose seal and digests hold.
struct Begun<'a> {
    facts: StatementFacts,
    envelope_sha256: String,
    files: usize,
    trusted: &'a PublicKey,
}

impl Begun<'_> {
    fn single(self, replayed: &Replayed) -> Holding {
        let mut steps = self.first(&replayed.results);
        steps.extend(judged(replayed));
        steps.extend(answered(replayed.answered.as_ref()));
        steps.extend([VERIFY_STEP_REPLAY.plain(), VERIFY_STEP_REPORTS.plain()]);
        self.holding(&replayed.results, steps, &[&replayed.checked])
    }

    fn merged(self, merged: &ReplayedMerged) -> Holding {
        let mut steps = self.first(&merged.results);
        for run in &merged.runs {
            let facts = run.facts();
            let part = [&run.name, &facts.run.id, &facts.gateway.url];
            steps.push(VERIFY_STEP_PART.with(part));
            steps.extend(judged(&run.replayed));
            steps.extend(answered(run.replayed.answered.as_ref()));
        }
        let last = [&VERIFY_STEP_REPLAY, &VERIFY_STEP_MERGED, &VERIFY_STEP_REPORTS];
        steps.extend(last.map(Sentence::plain));
        let checked: Vec<&Checked> = merged.runs.iter().map(|run| &run.replayed.checked).collect();
        self.holding(&merged.results, steps, &checked)
    }

    /// What is looked at first of every bundle.
    fn first(&self, results: &Results) -> Vec<Phrase> {
        vec![
            VERIFY_STEP_SEAL.with([self.trusted.fingerprint()]),
            VERIFY_STEP_FILES.with([self.files]),
            VERIFY_STEP_SUITE.with([&results.suite_version]),
        ]
    }

    fn holding(self, results: &Results, steps: Vec<Phrase>, checked: &[&Checked]) -> Holding {
        let mut told: Vec<Doubt> = vec![];
        for doubt in checked.iter().copied().flat_map(doubts) {
            if !told.contains(&doubt) {
                told.push(doubt);
            }
        }
        let mut counted = [0; 2];
        for checked in checked {
            match checked {
                Checked::Under { count, .. } | Checked::UnderShared { count } => {
                    counted[0] += count;
                }
                Checked::Partly { count, redacted, .. } => {
                    counted[0] += count;
                    counted[1] += redacted;
                }
                Checked::AsRecorded { count } => counted[1] += count,
                Checked::Unknown { .. } => {}
            }
        }
        Holding {
            facts: self.facts,
            envelope_sha256: self.envelope_sha256,
            verdict: results.verdict,
            grade: results.grade,
            counts: results.counts,
            steps,
            doubts: told,
            checked: counted,
            gateway_known: checked.iter().all(|checked| checked.by_own_key()),
        }
    }
}

/// How a run answers a challenge, and whose that is.
fn answered(answered: Option<&Answered>) -> Vec<Phrase> {
    let Some(Answered { nonce, times: [opened, closed], by, yours }) = answered else {
        return vec![];
    };
    let sentence = match by {
        AnsweredBy::Signed => &VERIFY_STEP_ANSWER_SIGNED,
        AnsweredBy::Recorded => &VERIFY_STEP_ANSWER_RECORDED,
        AnsweredBy::Simulated => &VERIFY_STEP_ANSWER_SIMULATED,
    };
    let whose = match yours {
        Some(between) => VERIFY_STEP_ANSWER_YOURS.with(between),
        None => VERIFY_STEP_ANSWER_UNCOMPARED.plain(),
    };
    vec![sentence.with([nonce, opened, closed]), whose]
}

/// What holds of a run: its record, and the gateway's signatures in it.
fn judged(replayed: &Replayed) -> Vec<Phrase> {
    let record = match replayed.attempts {
        1 => VERIFY_STEP_RECORD_ONE.plain(),
        attempts => VERIFY_STEP_RECORD.with([attempts]),
    };
    let signatures = match &replayed.checked {
        Checked::Under { count, key } | Checked::Partly { count, key, .. } => {
            Some(VERIFY_STEP_SIGNATURES.with([count.to_string(), key.clone()]))
        }
        Checked::UnderShared { count } => Some(VERIFY_STEP_SHARED.with([count])),
        Checked::AsRecorded { .. } | Checked::Unknown { .. } => None,
    };
    [Some(record), signatures].into_iter().flatten().collect()
}
