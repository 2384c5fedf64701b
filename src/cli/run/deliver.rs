//! Facts, verdict, files, seal: everything that is written when a run is over.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use evidence::words::{RUN_SECRET, RUN_SECRET_DO};
use serde_json::{Value, json};
use signing::Sha256Stream;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::folder::Folder;
use super::gateway::Reached;
use super::{Run, read_record};
use crate::exit::CommandError;
use crate::profile::{Driver, Profile};
use crate::seal::bundle::{Contents, ShownKeys, evidence_facts, suite_digest};
use crate::seal::{
    Bundled, EvidenceFacts, GatewayFacts, MerchantFacts, RunFacts, STATEMENT_FILE, SignerFacts,
    StatementFacts, SuiteFacts, TimeFacts, ToolFacts, find_secret, seal_statement, write_zip,
};
use crate::suite::{Plan, Suite};
use crate::verdict::{Judge, Results};

/// The bundle.
pub(super) const BUNDLE: &str = "acceptance.zip";
/// The public half of the key that sealed it, for whoever has no other way to get it.
pub(super) const REPORT_KEY: &str = "report.pub";

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
pub(super) fn now() -> String {
    let seconds = clock::Clock::real().now().div_euclid(1_000);
    let moment = OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    moment.format(&Rfc3339).unwrap_or_default()
}

fn driver(profile: &Profile) -> &'static str {
    match profile.merchant.driver {
        Driver::Reference => "reference",
    }
}

/// What is known when the run begins.
pub(super) fn facts(
    profile: &Profile,
    suite: &Suite,
    reached: &Reached,
    folder: &Folder,
    run: &Run,
) -> StatementFacts {
    let catalogue = signing::sha256_hex(suite.catalogue_text().as_bytes());
    let own = std::env::current_exe().and_then(|path| digest_of(&path));
    StatementFacts {
        run: RunFacts {
            id: folder.run_id.clone(),
            seed: run.seed.to_string(),
            challenge: String::new(),
        },
        tool: ToolFacts {
            name: "assay".into(),
            version: env!("CARGO_PKG_VERSION").into(),
            git_commit: option_env!("ASSAY_GIT_COMMIT").unwrap_or_default().into(),
            binary_sha256: own.unwrap_or_default(),
            rustc: String::new(),
            target: format!("{}-{}", std::env::consts::ARCH, std::env::consts::OS),
        },
        suite: SuiteFacts {
            version: suite.version().into(),
            catalogue_sha256: catalogue,
            features_sha256: suite_digest(suite),
            official: true,
            modified: vec![],
            selection: run.wanted.clone(),
        },
        gateway: GatewayFacts {
            generation: "ams".into(),
            url: reached.url.clone(),
            environment: if reached.is_embedded() { "embedded-sandbox" } else { "sandbox" }.into(),
            response_key_sha256: reached.key.fingerprint(),
            simulated: reached.simulated,
        },
        merchant: MerchantFacts {
            client_id: profile.gateway.client_id.clone(),
            request_key_sha256: profile.gateway.merchant_key.key.public().fingerprint(),
            driver: driver(profile).into(),
            products: profile.products.clone(),
        },
        time: TimeFacts { started: now(), finished: String::new() },
        evidence: EvidenceFacts::default(),
        signer: SignerFacts {
            key_sha256: profile.report.key.key.public().fingerprint(),
            integrator: profile.report.integrator.clone(),
            contact: profile.report.contact.clone(),
        },
    }
}

/// The record's first line: what varies from run to run, and what the judge has to know.
pub(super) fn header(
    profile: &Profile,
    suite: &Suite,
    plan: &Plan,
    facts: &StatementFacts,
) -> Value {
    let planned: Vec<String> = plan.planned.iter().map(|run| run.key.to_string()).collect();
    json!({
        "format": evidence::FORMAT,
        "run": facts.run.id,
        "started": facts.time.started,
        "tool": format!("assay {}", facts.tool.version),
        "machine": facts.tool.target,
        "suite": suite.version(),
        "generation": facts.gateway.generation,
        "products": profile.products,
        "driver": facts.merchant.driver,
        "gateway": facts.gateway.url,
        "simulated": facts.gateway.simulated,
        "seed": facts.run.seed,
        "plan": planned,
    })
}

/// Judges the record, draws the reports, seals everything, and writes it.
pub(super) fn write(
    folder: &Folder,
    suite: &Suite,
    judge: &Judge,
    profile: &Profile,
    reached: &Reached,
    facts: &mut StatementFacts,
) -> Result<Results, CommandError> {
    let (record_bytes, record) = read_record(&folder.record_path())?;
    let results = judge.results(&record);
    facts.evidence = evidence_facts(&record, reached.simulated);
    let merchant_key = &profile.gateway.merchant_key.key;
    let keys =
        ShownKeys { merchant: (&merchant_key.public()).into(), gateway: (&reached.key).into() };
    let redacted = profile.redacted();
    let contents = Contents {
        suite,
        record_bytes: &record_bytes,
        record: &record,
        results: &results,
        profile: &redacted,
        keys: &keys,
        facts,
    };
    let bug = |why: String| CommandError::Bug(why);
    let mut files = contents.files().map_err(|why| bug(why.to_string()))?;
    let report_key = &profile.report.key.key;
    let statement = contents.statement(&files);
    let envelope = seal_statement(&statement, report_key).map_err(|why| bug(why.to_string()))?;
    files.push(Bundled::new(STATEMENT_FILE, envelope));
    refuse_secrets(&files, profile)?;
    let zip = write_zip(&files).map_err(|why| bug(why.to_string()))?;
    for file in &files {
        // The record is there already, line by line as it happened.
        if file.name != crate::seal::bundle::names::RECORD {
            folder.write(file)?;
        }
    }
    folder.write(&Bundled::new(REPORT_KEY, report_key.public().to_spki_pem()))?;
    folder.write(&Bundled::new(BUNDLE, zip))?;
    Ok(results)
}

fn refuse_secrets(files: &[Bundled], profile: &Profile) -> Result<(), CommandError> {
    // Keys that the whole world knows are no secrets, but they are not told either.
    let keys = [
        ("gateway.merchant_key", &profile.gateway.merchant_key.key),
        ("report.key", &profile.report.key.key),
    ];
    match find_secret(files, &keys) {
        None => Ok(()),
        Some((name, file)) => Err(CommandError::Bundle {
            says: RUN_SECRET.with([name, file]),
            advice: RUN_SECRET_DO.plain(),
        }),
    }
}
