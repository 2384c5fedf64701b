//! Several runs of one merchant in one bundle: joined, and judged again.
//!
//! Each run stays as it was, with its record, papers and seal, in a folder of its own. What stands
//! beside the folders follows from them alone, so a verifier makes it anew: verdict, page, JUnit
//! file and statement.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use diagnose::Known;
use evidence::words::{self as say, Phrase, Place};
use evidence::{Attempts, CaseKey, CaseRecord, Entry, Record, RecordError};
use signing::{PublicKey, sha256_hex};

use super::bundle::{ShownKeys, configured, names, with_page};
use super::drawings::{same_reports, same_results};
use super::folders::{MOST_PARTS, folder};
use super::replay::{
    Own, ReplayFault, fault, json, judge_record, replay_record, same_statement, strays, wrapped,
};
use super::strays::join_strays;
use super::verify::open_files;
use super::{
    BundleFault, Bundled, EvidenceFacts, EvidenceRanges, GatewayFacts, MerchantFacts, OpenBundle,
    PartFacts, Replayed, RunFacts, SIGSTORE_FILE, STATEMENT_FILE, StatementFacts, Subject,
    SuiteFacts, TimeFacts, ToolFacts, write_statement,
};
use crate::profile::ToldProfile;
use crate::report::{Page, ReportError, draw};
use crate::suite::Suite;
use crate::verdict::{Judge, MergedPart, Results, Scope};

/// A run that is joined with others: opened, and judged again.
#[derive(Debug)]
pub struct JoinedRun {
    /// What people know it by.
    pub name: String,
    /// Its files.
    pub bundle: OpenBundle,
    /// What it says.
    pub replayed: Replayed,
    record: Record,
    profile: ToldProfile,
    strays: Vec<Entry>,
}

impl JoinedRun {
    /// Judges a run again, as whoever verifies it alone would.
    pub fn judge(
        name: String,
        bundle: OpenBundle,
        suite: &Arc<Suite>,
        trusted: &PublicKey,
        own: &Own,
    ) -> Result<Self, ReplayFault> {
        let (replayed, record) = replay_record(&bundle, suite, trusted, own)?;
        Self::judged(name, bundle, replayed, record)
    }

    /// Judges a run again that is only shown: how other programs have drawn it does not matter.
    pub(super) fn show(
        name: String,
        bundle: OpenBundle,
        suite: &Arc<Suite>,
        report_key: &str,
    ) -> Result<Self, ReplayFault> {
        let (replayed, record) =
            judge_record(&bundle, suite, report_key, &Own::default())?.replayed();
        Self::judged(name, bundle, replayed, record)
    }

    fn judged(
        name: String,
        bundle: OpenBundle,
        replayed: Replayed,
        record: Record,
    ) -> Result<Self, ReplayFault> {
        let profile = json(&bundle, names::PROFILE)?;
        let strays = strays(&bundle)?;
        Ok(Self { name, bundle, replayed, record, profile, strays })
    }

    /// What its statement tells about it.
    pub fn facts(&self) -> &StatementFacts {
        &self.bundle.statement.predicate.acceptance_report.facts
    }

    /// When it began, and which run it was: the parts of a merged bundle stand in this order.
    pub fn order(&self) -> (&str, &str) {
        (&self.facts().time.started, &self.facts().run.id)
    }

    /// Its record, and its files by name.
    pub fn into_seen(self) -> (Record, BTreeMap<String, Vec<u8>>) {
        (self.record, self.bundle.files)
    }

    fn is(&self, other: &Self) -> bool {
        let [record, its] = [self, other].map(|run| run.bundle.files.get(names::RECORD));
        self.facts().run.id == other.facts().run.id || record == its
    }

    /// What all runs of one merchant have in common, each with its name among facts.
    fn merchant(&self) -> [(&'static str, String); 11] {
        let StatementFacts { gateway, merchant, signer, run, .. } = self.facts();
        let held = self.replayed.results.conditions.iter().map(|condition| condition.name());
        [
            ("generation", gateway.generation.clone()),
            ("products", merchant.products.join(", ")),
            ("conditions", held.collect::<Vec<_>>().join(", ")),
            ("settings", serde_json::to_string(&self.profile.conditions).unwrap_or_default()),
            ("client-id", merchant.client_id.clone()),
            ("partner", merchant.partner.clone()),
            ("merchant-key", merchant.request_key_sha256.clone()),
            ("driver", merchant.driver.clone()),
            ("integrator", signer.integrator.clone()),
            ("contact", signer.contact.clone()),
            ("challenge", run.challenge.clone()),
        ]
    }
}

/// Runs under one verdict, in the order in which they began.
#[derive(Debug)]
pub struct Merged<'a> {
    suite: &'a Suite,
    runs: &'a [JoinedRun],
    /// What they come to together.
    pub results: Results,
    /// What the statement tells about them.
    pub facts: StatementFacts,
}

impl<'a> Merged<'a> {
    /// Joins runs, which `tool` does. Refused, with the difference, when they are not runs of one
    /// merchant, each once, in the order in which they began.
    pub fn of(
        suite: &'a Arc<Suite>,
        runs: &'a [JoinedRun],
        tool: ToolFacts,
    ) -> Result<Self, Phrase> {
        check_runs(runs)?;
        let parts = runs.iter().map(|run| MergedPart {
            results: &run.replayed.results,
            scope: Scope::of(&run.record.header),
        });
        let results = Judge::new(suite.clone()).merge(&parts.collect::<Vec<_>>());
        let facts = facts(runs, tool).ok_or_else(|| say::MERGE_FEW.plain())?;
        Ok(Self { suite, runs, results, facts })
    }

    /// The files of all runs, each in the folder of its run.
    pub fn files(&self) -> impl Iterator<Item = (String, &[u8])> {
        self.runs.iter().zip(1..).flat_map(|(run, number)| {
            let seal =
                [(STATEMENT_FILE, &run.bundle.envelope), (SIGSTORE_FILE, &run.bundle.sigstore)];
            let files = run.bundle.files.iter().map(|(name, bytes)| (name.as_str(), bytes));
            let all = files.chain(seal);
            all.map(move |(name, bytes)| (within(number, name), bytes.as_slice()))
        })
    }

    /// Writes the page to `page` and answers the JUnit file, both over all runs.
    pub fn draw(&self, page: &mut dyn io::Write) -> Result<String, ReportError> {
        self.show(|shown, attempts| draw(shown, attempts, page))
    }

    /// Hands over all that reports show.
    pub fn show<T>(&self, work: impl FnOnce(&Page<'_>, &mut dyn Attempts) -> T) -> T {
        let mut records = Records(self.runs);
        let strays = self.runs.iter().map(|run| run.strays.clone()).reduce(join_strays);
        let strays = strays.unwrap_or_default();
        // They were read when the runs were judged.
        let keys = |run: &JoinedRun| json::<ShownKeys>(&run.bundle, names::KEYS).ok();
        let known = |run| keys(run).map(|keys| keys.known()).unwrap_or_default();
        let known: Vec<Known> = self.runs.iter().map(known).collect();
        let work = |shown: &Page<'_>| work(shown, &mut records);
        with_page(self.suite, &self.results, &self.facts, &strays, &known, work)
    }

    /// The statement over all files.
    pub fn statement(&self, files: Vec<Subject>) -> Vec<u8> {
        let names = configured(self.suite);
        let each = (1..=self.runs.len()).flat_map(|number| {
            names.iter().map(move |name| within(number, name)).collect::<Vec<_>>()
        });
        let configured: Vec<String> = each.collect();
        let configured: Vec<&str> = configured.iter().map(String::as_str).collect();
        let ranges = EvidenceRanges::merged(self.runs.iter().map(|run| &run.record));
        write_statement(files, &configured, &self.results, &self.facts, &ranges)
    }
}

/// The name of a file in the folder of a part.
fn within(number: usize, name: &str) -> String {
    format!("{}/{name}", folder(number))
}

/// Runs of one merchant, each once, in the order in which they began.
fn check_runs(runs: &[JoinedRun]) -> Result<(), Phrase> {
    if runs.len() < 2 {
        return Err(say::MERGE_FEW.plain());
    }
    if runs.len() > MOST_PARTS {
        return Err(say::MERGE_MANY.with([runs.len(), MOST_PARTS]));
    }
    for (place, run) in runs.iter().enumerate() {
        if let Some(other) = runs[..place].iter().find(|other| other.is(run)) {
            return Err(say::MERGE_TWICE.with([&other.name, &run.name]));
        }
    }
    for pair in runs.windows(2) {
        let [one, other] = pair else { continue };
        if one.order() > other.order() {
            return Err(say::MERGE_ORDER.with([&one.name, &other.name]));
        }
        let both = one.merchant().into_iter().zip(other.merchant());
        for ((fact, of_one), (_, of_other)) in both {
            if of_one != of_other {
                let names = [Place::value(&one.name), Place::value(&other.name)];
                let told = [Place::value(fact), Place::quoted(&of_one), Place::quoted(&of_other)];
                return Err(say::MERGE_DIFFERS.holding(names.into_iter().chain(told)));
            }
        }
    }
    Ok(())
}

/// What the statement tells about runs together: what they have in common from the first of them,
/// and what differs from all.
fn facts(runs: &[JoinedRun], tool: ToolFacts) -> Option<StatementFacts> {
    let first = runs.first()?.facts().clone();
    let all = || runs.iter().map(JoinedRun::facts);
    let parts: Vec<PartFacts> = runs.iter().zip(1..).map(part_facts).collect();
    let envelopes: String = parts.iter().map(|part| part.envelope_sha256.as_str()).collect();
    let mut id = sha256_hex(envelopes.as_bytes());
    id.truncate(16);
    let everything = all().any(|facts| facts.suite.selection.is_empty());
    let mut selection: Vec<String> = vec![];
    for word in all().flat_map(|facts| &facts.suite.selection).filter(|_| !everything) {
        if !selection.contains(word) {
            selection.push(word.clone());
        }
    }
    let mut evidence = EvidenceFacts::default();
    all().for_each(|facts| evidence += facts.evidence);
    Some(StatementFacts {
        run: RunFacts { id, seed: each(all().map(|it| it.run.seed.as_str())), ..first.run },
        tool,
        suite: SuiteFacts { selection, shard: String::new(), ..first.suite },
        gateway: GatewayFacts {
            url: each(all().map(|facts| facts.gateway.url.as_str())),
            environment: each(all().map(|facts| facts.gateway.environment.as_str())),
            response_key_sha256: each(all().map(|it| it.gateway.response_key_sha256.as_str())),
            simulated: all().any(|facts| facts.gateway.simulated),
            rules: GatewayFacts::rules_of(all().map(|facts| &facts.gateway)),
            ..first.gateway
        },
        merchant: MerchantFacts {
            one_at_a_time: all().any(|facts| facts.merchant.one_at_a_time),
            without_notices: all().any(|facts| facts.merchant.without_notices),
            ..first.merchant
        },
        time: TimeFacts {
            started: all().map(|facts| &facts.time.started).min()?.clone(),
            finished: all().map(|facts| &facts.time.finished).max()?.clone(),
        },
        evidence,
        signer: first.signer,
        parts,
    })
}

fn part_facts((run, number): (&JoinedRun, usize)) -> PartFacts {
    let facts = run.facts();
    let results = &run.replayed.results;
    PartFacts {
        folder: folder(number),
        envelope_sha256: sha256_hex(&run.bundle.envelope),
        run: facts.run.clone(),
        selection: facts.suite.selection.clone(),
        shard: facts.suite.shard.clone(),
        gateway: facts.gateway.clone(),
        time: facts.time.clone(),
        evidence: facts.evidence,
        verdict: results.verdict,
        mandatory_passed: results.counts.mandatory_passed,
    }
}

/// Texts, each once.
fn each<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    let mut known: Vec<&str> = vec![];
    for text in texts {
        if !known.contains(&text) {
            known.push(text);
        }
    }
    known.join(", ")
}

/// The records of all runs as one: attempts of a run are numbered through, as the verdict does.
struct Records<'a>(&'a [JoinedRun]);

impl Attempts for Records<'_> {
    fn of_case(&mut self, case: &str) -> Result<Cow<'_, [CaseRecord]>, RecordError> {
        let mut numbers: BTreeMap<CaseKey, u32> = BTreeMap::new();
        let mut attempts = vec![];
        for run in self.0 {
            let mut record = &run.record;
            for attempt in record.of_case(case)?.iter() {
                let number = numbers.entry(attempt.key.clone()).or_default();
                *number += 1;
                attempts.push(CaseRecord { attempt: *number, ..attempt.clone() });
            }
        }
        Ok(Cow::Owned(attempts))
    }

    fn head(&mut self) -> Result<String, RecordError> {
        Ok(each(self.0.iter().map(|run| run.record.head.as_str())))
    }
}

/// What a merged bundle says when it is judged again.
#[derive(Debug)]
pub struct ReplayedMerged {
    /// Its runs.
    pub runs: Vec<JoinedRun>,
    /// The verdict, made anew of theirs.
    pub results: Results,
}

/// Judges a merged bundle again: each run by itself, and then what they come to together.
pub fn replay_merged(
    mut bundle: OpenBundle,
    suite: &Arc<Suite>,
    trusted: &PublicKey,
    own: &Own,
) -> Result<ReplayedMerged, ReplayFault> {
    let runs = runs_of(&mut bundle, |name, files| {
        let opened = open_files(files, trusted).map_err(|why| within_bundle(&why))?;
        JoinedRun::judge(name, opened, suite, trusted, own)
    })?;
    wrapped(&bundle)?;
    let merged = merged_of(&bundle, suite, &runs)?;
    same_results(&bundle, &merged.results)?;
    same_reports(&bundle, |page| merged.draw(page))?;
    same_statement(&bundle, |files| merged.statement(files))?;
    let results = merged.results;
    Ok(ReplayedMerged { runs, results })
}

/// Takes the runs out of a merged bundle, each judged by itself.
pub(super) fn runs_of(
    bundle: &mut OpenBundle,
    judge: impl Fn(String, Vec<Bundled>) -> Result<JoinedRun, ReplayFault>,
) -> Result<Vec<JoinedRun>, ReplayFault> {
    let parts = bundle.take_parts();
    let drawn = [names::JUNIT, names::HTML, names::RESULTS];
    if let Some(foreign) = bundle.files.keys().find(|name| !drawn.contains(&name.as_str())) {
        return Err(refuse(say::MERGE_FOREIGN.with([foreign])));
    }
    let folders = (1..=parts.len()).map(folder);
    if let Some((foreign, _)) = parts.keys().zip(folders).find(|(told, due)| *told != due) {
        return Err(refuse(say::MERGE_FOREIGN.with([foreign])));
    }
    let judged = parts.into_iter().map(|(name, files)| {
        judge(name.clone(), files).map_err(|why| ReplayFault {
            why: say::MERGE_IN_PART.holding([Place::value(&name), why.why.into()]),
            ..why
        })
    });
    judged.collect()
}

/// What the runs of a merged bundle come to together.
pub(super) fn merged_of<'a>(
    bundle: &OpenBundle,
    suite: &'a Arc<Suite>,
    runs: &'a [JoinedRun],
) -> Result<Merged<'a>, ReplayFault> {
    let tool = bundle.statement.predicate.acceptance_report.facts.tool.clone();
    Merged::of(suite, runs, tool).map_err(refuse)
}

fn refuse(why: Phrase) -> ReplayFault {
    fault(&say::PART_PARTS, why, say::EXPECT_PARTS.plain())
}

/// A fault of a bundle that lies in another.
pub(super) fn within_bundle(why: &BundleFault) -> ReplayFault {
    let part = why.part();
    fault(part.name(), why.says(), part.expected().plain())
}
