//! Facts, reports, seal: everything that is written when a run is over.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read as _, Write};
use std::path::{Path, PathBuf};

use evidence::words::{BUG_THREAD, Phrase};
use evidence::{CaseRecord, Entry, Header, RecordError, SealedRecord};
use serde_json::{Value, json};
use signing::{PrivateKey, Sha256Stream};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::folder::Folder;
use super::gateway::Reached;
use super::packing::{Done, Packing};
use crate::exit::CommandError;
use crate::profile::{ControlToken, Keys, Profile, Reconciliation};
use crate::report::ReportError;
use crate::seal::bundle::{
    Contents, ShownKeys, Worth, attachments, evidence_facts, names, suite_digest,
};
use crate::seal::{
    Bundled, EvidenceFacts, EvidenceRanges, GatewayFacts, MerchantFacts, RunFacts, Secrets,
    SignerFacts, StatementFacts, Subject, SuiteFacts, TimeFacts, ToolFacts, seal_files, zip_of,
};
use crate::suite::{Plan, Shard, Suite};
use crate::verdict::Results;

/// The bundle.
pub(in crate::cli) const BUNDLE: &str = "acceptance.zip";
/// The public half of the key that sealed it, for whoever has no other way to get it.
pub(in crate::cli) const REPORT_KEY: &str = "report.pub";

/// The SHA-256 of a file, read piece by piece.
fn digest_of(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut digest = Sha256Stream::new();
    let mut piece = vec![0; 64 * 1024];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(digest.finish_hex()),
            length => digest.update(&piece[..length]),
        }
    }
}

/// The present moment in UTC, whole seconds.
pub(in crate::cli) fn now() -> String {
    let seconds = clock::Clock::real().now().div_euclid(1_000);
    let moment = OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    moment.format(&Rfc3339).unwrap_or_default()
}

/// What of the suites a run was asked for.
#[derive(Debug)]
pub(super) struct Asked {
    /// As it was typed.
    pub(super) selection: Vec<String>,
    /// The share of that.
    pub(super) shard: Option<Shard>,
    /// The nonce of the challenge that it answers; empty where there is none.
    pub(super) challenge: String,
}

/// Proves that report files can be delivered, before anything is played: without it no scenario would
/// find its stage.
pub(super) fn prove(profile: &Profile) -> Result<(), CommandError> {
    let proved = profile.depot().prove();
    proved.map_err(|source| CommandError::Write { path: profile.depot_folder(), source })
}

/// What is known when the run begins.
pub(super) fn facts(
    profile: &Profile,
    suite: &Suite,
    reached: &Reached,
    folder: &Folder,
    seed: u64,
    asked: &Asked,
    one_at_a_time: bool,
) -> StatementFacts {
    let catalogue = signing::sha256_hex(suite.catalogue_text().as_bytes());
    StatementFacts {
        run: RunFacts {
            id: folder.run_id.clone(),
            seed: seed.to_string(),
            challenge: asked.challenge.clone(),
        },
        tool: tool(),
        suite: SuiteFacts {
            version: suite.version().into(),
            catalogue_sha256: catalogue,
            features_sha256: suite_digest(suite),
            official: true,
            modified: vec![],
            selection: asked.selection.clone(),
            shard: asked.shard.map(|shard| shard.to_string()).unwrap_or_default(),
        },
        gateway: GatewayFacts {
            generation: profile.declared().generation(),
            url: reached.url.clone(),
            environment: reached.environment().into(),
            sign_type: profile.sign_type().unwrap_or_default().to_owned(),
            response_key_sha256: reached.keys.gateway().fingerprint().unwrap_or_default(),
            simulated: reached.simulated,
            rules: profile.gateway.rules.told(),
        },
        merchant: MerchantFacts {
            client_id: profile.gateway.client_id.clone().unwrap_or_default(),
            partner: profile.gateway.partner.clone().unwrap_or_default(),
            request_key_sha256: reached.keys.merchant().fingerprint().unwrap_or_default(),
            driver: profile.merchant.driver.name().into(),
            products: profile.products.clone(),
            one_at_a_time,
            without_notices: reached.without_notices.is_some(),
        },
        time: TimeFacts { started: now(), finished: String::new() },
        evidence: EvidenceFacts::default(),
        signer: SignerFacts {
            key_sha256: profile.report.key.key.public().fingerprint(),
            integrator: profile.report.integrator.clone(),
            contact: profile.report.contact.clone(),
        },
        parts: vec![],
    }
}

/// This program.
pub(in crate::cli) fn tool() -> ToolFacts {
    let own = std::env::current_exe().and_then(|path| digest_of(&path));
    ToolFacts {
        name: "assay".into(),
        version: env!("CARGO_PKG_VERSION").into(),
        git_commit: option_env!("ASSAY_GIT_COMMIT").unwrap_or_default().into(),
        binary_sha256: own.unwrap_or_default(),
        rustc: option_env!("ASSAY_RUSTC").unwrap_or_default().into(),
        target: format!("{}-{}", std::env::consts::ARCH, std::env::consts::OS),
    }
}

/// The record's first line: what varies from run to run, and what the judge has to know.
pub(super) fn header(
    profile: &Profile,
    suite: &Suite,
    plan: &Plan,
    facts: &StatementFacts,
) -> Header {
    let planned: Vec<String> = plan.planned.iter().map(|run| run.key.to_string()).collect();
    let mut header = json!({
        "format": evidence::FORMAT,
        "run": facts.run.id,
        "started": facts.time.started,
        "tool": format!("assay {}", facts.tool.version),
        "machine": facts.tool.target,
        "suite": suite.version(),
        "generation": facts.gateway.generation,
        "products": profile.products,
        "conditions": profile.declared().conditions,
        "driver": facts.merchant.driver,
        "gateway": facts.gateway.url,
        "simulated": facts.gateway.simulated,
        "seed": facts.run.seed,
        "selection": facts.suite.selection,
        "plan": planned,
    });
    if facts.gateway.environment == GatewayFacts::PRODUCTION {
        header["production"] = Value::Bool(true);
    }
    if facts.merchant.one_at_a_time {
        header["one_at_a_time"] = Value::Bool(true);
    }
    if !facts.run.challenge.is_empty() {
        header["challenge"] = Value::String(facts.run.challenge.clone());
    }
    if !facts.suite.shard.is_empty() {
        header["shard"] = Value::String(facts.suite.shard.clone());
    }
    if !facts.gateway.rules.is_empty() {
        header["rules"] = Value::Array(facts.gateway.rules.clone());
    }
    if facts.merchant.without_notices {
        header["without_notices"] = Value::Bool(true);
    }
    if !facts.gateway.simulated && profile.has_days() {
        header["report_source"] = Value::Bool(true);
    }
    match header {
        Value::Object(header) => header,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Header::new()
        }
    }
}

/// What the record holds, counted while the reports are drawn from it.
struct Counted {
    worth: Worth,
    facts: EvidenceFacts,
    ranges: EvidenceRanges,
    /// The files that the record tells to be attached.
    attached: BTreeSet<String>,
}

/// What is drawn from the record, and what was counted on the way.
struct Drawn {
    done: Vec<Done>,
    evidence: EvidenceFacts,
    ranges: EvidenceRanges,
    attached: BTreeSet<String>,
}

impl Counted {
    fn see(&mut self, attempts: &[CaseRecord]) {
        self.facts += evidence_facts(attempts, self.worth);
        self.ranges.see(attempts);
        self.attached.extend(attachments(attempts).filter_map(Result::ok).map(|it| it.file()));
    }
}

/// Draws the reports from record and verdict, seals everything, and writes it.
pub(super) fn write(
    folder: &Folder,
    suite: &Suite,
    results: &Results,
    profile: &Profile,
    reached: &Reached,
    (strays, orders): (&[Entry], &[Entry]),
    facts: &mut StatementFacts,
) -> Result<(), CommandError> {
    let report = &profile.report.key.key;
    let keys = ShownKeys::of(&reached.keys);
    let redacted = profile.redacted();
    let packing = packing(folder, profile, reached);
    // Neither page nor JUnit file tell where the record tells of a case.
    let (redacted, keys, unknown) = (&redacted, &keys, EvidenceRanges::default());
    let ranges = &unknown;
    let contents =
        Contents { suite, results, profile: redacted, keys, strays, orders, facts, ranges };
    let fixed = contents.fixed();
    let (mut done, drawn) = std::thread::scope(|scope| {
        // The record and what is in memory on one core, the reports on another.
        let rest = scope.spawn(|| {
            let mut done = vec![packing.standing(names::RECORD)?];
            done.push(packing.results(results)?);
            for file in &fixed {
                done.push(packing.bytes(file)?);
            }
            Ok::<_, CommandError>(done)
        });
        let drawn = draw(folder, &contents, &packing, Worth::of(reached.simulated, keys));
        let rest =
            rest.join().unwrap_or_else(|_panic| Err(CommandError::Bug(BUG_THREAD.plain().into())));
        let mut drawn = drawn?;
        let mut done = rest?;
        done.append(&mut drawn.done);
        Ok::<_, CommandError>((done, drawn))
    })?;
    for name in drawn.attached {
        done.push(packing.attachment(&name)?);
    }
    facts.evidence = drawn.evidence;
    let ranges = &drawn.ranges;
    let contents =
        Contents { suite, results, profile: redacted, keys, strays, orders, facts, ranges };
    seal(folder, &packing, done, report, |files| contents.statement(files))
}

/// Where files go, and what none of them may hold.
pub(super) fn packing(folder: &Folder, profile: &Profile, reached: &Reached) -> Packing {
    let mut secrets = secrets(profile, &reached.keys);
    // A shorter one on the command line could be met by chance.
    if let Some(token) = reached.control_token().and_then(ControlToken::read) {
        secrets.and_of("gateway.control_token", token.secret().as_bytes());
    }
    Packing { folder: folder.path.clone(), secrets }
}

/// What no file of a bundle may hold of a profile and the keys that count at the gateway.
pub(in crate::cli) fn secrets(profile: &Profile, keys: &Keys) -> Secrets {
    // Keys that the whole world knows are no secrets, but they are not told either.
    let mut secrets = Secrets::of(&[("report.key", &profile.report.key.key)]);
    secrets.and_of_account(keys);
    let login = profile.reconciliation.as_ref().and_then(Reconciliation::secret);
    if let Some((name, secret)) = login {
        secrets.and_of(name, &secret);
    }
    if let Some(token) = &profile.gateway.control_token {
        secrets.and_of("gateway.control_token", token.key.secret().as_bytes());
    }
    if let Some(tls) = &profile.witness.tls {
        secrets.and_of_authority(&tls.authority);
    }
    secrets
}

/// Seals what was written, and packs it.
pub(in crate::cli) fn seal(
    folder: &Folder,
    packing: &Packing,
    mut done: Vec<Done>,
    report: &PrivateKey,
    statement: impl FnOnce(Vec<Subject>) -> Vec<u8>,
) -> Result<(), CommandError> {
    let subjects = done.iter().map(|done| done.subject.clone()).collect();
    let bug = |why: Phrase| CommandError::Bug(why.into());
    let sealed = seal_files(&statement(subjects), report);
    for file in sealed.map_err(|why| bug(why.says()))? {
        done.push(packing.bytes(&file)?);
    }
    let zip = zip_of(done.into_iter().map(|done| done.packed).collect());
    let zip = zip.map_err(|why| bug(why.says()))?;
    folder.write(REPORT_KEY, report.public().to_spki_pem().as_bytes())?;
    folder.write(BUNDLE, zip)
}

/// Draws page and JUnit file, and counts the evidence on the way.
fn draw(
    folder: &Folder,
    contents: &Contents<'_>,
    packing: &Packing,
    worth: Worth,
) -> Result<Drawn, CommandError> {
    let broken = |why: RecordError| CommandError::Bug(why.says().into());
    let (record, _) = SealedRecord::open(&folder.record_path()).map_err(broken)?;
    let (facts, ranges) = (EvidenceFacts::default(), EvidenceRanges::default());
    let mut counted = Counted { worth, facts, ranges, attached: BTreeSet::new() };
    let path = folder.path.join(names::HTML);
    let see = |attempts: &[CaseRecord]| counted.see(attempts);
    let (drawn, proved) = record.ahead(see, |attempts| {
        let mut draw = |out: &mut dyn Write| contents.draw(attempts, out);
        packing.file(names::HTML, |out| draw(out).map_err(|why| undrawn(why, path)))
    });
    let (page, junit) = drawn?;
    proved.map_err(broken)?;
    let junit = packing.bytes(&Bundled::new(names::JUNIT, junit))?;
    let Counted { facts: evidence, ranges, attached, worth: _ } = counted;
    Ok(Drawn { done: vec![page, junit], evidence, ranges, attached })
}

/// Why a page could not be drawn into the file at `path`.
pub(in crate::cli) fn undrawn(why: ReportError, path: PathBuf) -> CommandError {
    match why {
        ReportError::Page(source) => CommandError::Write { path, source },
        other @ (ReportError::Record(_)
        | ReportError::Junit(_)
        | ReportError::Encoding(_)
        | ReportError::Moment(_)
        | ReportError::Scenario(_)) => CommandError::Bug(other.says().into()),
    }
}
