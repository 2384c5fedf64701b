//! The statement: in-toto Statement v1 with the test-result predicate.

use std::collections::BTreeSet;
use std::fmt;

use evidence::words::{self as say, Phrase, Place, Sentence};
use serde::{Deserialize, Serialize};
use signing::sha256_hex;

use super::Bundled;
use super::facts::StatementFacts;
use super::folders::within_part;
use super::ranges::{EvidenceRange, EvidenceRanges};
use super::sigstore::{SIGSTORE_FILE, is_seal};
use super::strict_json::{JsonFault, refuse_duplicates};
use super::zip::{STATEMENT_FILE, name_fault};
use crate::verdict::{CaseResult, Grade, Outcome, Results, Verdict};

/// What kind of document it is.
pub const STATEMENT_TYPE: &str = "https://in-toto.io/Statement/v1";
/// What kind of statement it is.
pub const TEST_RESULT: &str = "https://in-toto.io/attestation/test-result/v0.1";
/// How statements are signed.
const ALGORITHM: &str = "RSASSA-PKCS1-v1_5-SHA256";
/// The version of [`AcceptanceReport`].
const SCHEMA: u32 = 1;

/// The statement over a bundle.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Statement {
    /// [`STATEMENT_TYPE`].
    #[serde(rename = "_type")]
    pub kind: String,
    /// Every file of the bundle but the envelope, sorted by name.
    pub subject: Vec<Subject>,
    /// [`TEST_RESULT`].
    pub predicate_type: String,
    /// What is said about the files.
    pub predicate: Predicate,
}

/// A file that the statement is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// Its name in the bundle.
    pub name: String,
    /// Its digest.
    pub digest: Digest,
    /// What it is for, and its length.
    pub annotations: Annotations,
}

/// A digest by its algorithm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Digest {
    /// SHA-256 in lower-case hexadecimal.
    pub sha256: String,
}

/// What a file is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Annotations {
    /// `results`, `record`, `junit`, `html`, `profile`, `keys`, `catalogue`, `feature` or
    /// `attachment`; of a part of a merged bundle also `statement`.
    pub role: String,
    /// Its length.
    pub bytes: u64,
}

/// A file that the run was configured with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Descriptor {
    /// Its name in the bundle.
    pub name: String,
    /// Its digest.
    pub digest: Digest,
}

/// The test-result predicate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Predicate {
    /// The result in in-toto's words.
    pub result: TestResult,
    /// What the run was configured with.
    pub configuration: Vec<Descriptor>,
    /// Cases that passed at once.
    pub passed_tests: Vec<String>,
    /// Cases that are unstable.
    pub warned_tests: Vec<String>,
    /// Cases that failed or broke off. A case in none of the lists did not run.
    pub failed_tests: Vec<String>,
    /// What the predicate has no name for.
    pub acceptance_report: AcceptanceReport,
}

/// The result in in-toto's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum TestResult {
    /// An acceptable submission without an unstable case.
    Passed,
    /// An acceptable rehearsal, or one with an unstable case.
    Warned,
    /// Anything else.
    Failed,
}

/// What the predicate has no name for. No field here turns a refusal into an acceptance when a
/// reader ignores the others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AcceptanceReport {
    /// Its version.
    pub schema: u32,
    /// The verdict on the run.
    pub verdict: Verdict,
    /// What an acceptable run is worth.
    pub grade: Grade,
    /// Cases that are mandatory for the declared products.
    pub mandatory_total: u32,
    /// Of those, played at least once.
    #[serde(default)]
    pub mandatory_executed: u32,
    /// Of those, passed.
    pub mandatory_passed: u32,
    /// How the statement is signed. There is one way, and no reader chooses by this.
    #[serde(default)]
    pub signature_algorithm: String,
    /// What a seal that holds does not prove, by name.
    #[serde(default)]
    pub not_proved: Vec<String>,
    /// Every case with its outcome, in the catalogue's order.
    pub cases: Vec<CaseFacts>,
    /// What the run knows about itself.
    pub facts: StatementFacts,
}

/// A case in the statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CaseFacts {
    /// Its id.
    pub id: String,
    /// Whether it counts for the verdict.
    pub mandatory: bool,
    /// How it ended.
    pub outcome: Outcome,
    /// Attempts over all its runs.
    pub attempts: u64,
    /// Where they stand in the record; empty where it was not played.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<EvidenceRange>,
}

/// Why bytes are no statement of ours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StatementError {
    /// No JSON, or a name stands twice.
    Json(#[from] JsonFault),
    /// Another shape.
    Shape(String),
    /// Another type.
    Type {
        /// What it must be.
        expected: &'static str,
        /// What it is.
        found: String,
    },
    /// Another version of the extras.
    Schema(u32),
    /// There is no file in it.
    Empty,
    /// A name that no file of a bundle may have.
    Name(String),
    /// The same file twice.
    Twice(String),
    /// A digest that is no SHA-256 in lower-case hexadecimal.
    Hex(String),
}

impl StatementError {
    /// What is wrong, in both languages.
    pub fn says(&self) -> Phrase {
        let of = |sentence: &Sentence, name: &str| sentence.holding([Place::quoted(name)]);
        match self {
            Self::Json(why) => say::STATEMENT_JSON.holding([why.says().into()]),
            Self::Shape(why) => say::STATEMENT_SHAPE.with([why]),
            Self::Type { expected, found } => {
                say::STATEMENT_KIND.holding([Place::value(expected), Place::quoted(found)])
            }
            Self::Schema(found) => say::STATEMENT_SCHEMA.with([&SCHEMA, found]),
            Self::Empty => say::STATEMENT_EMPTY.plain(),
            Self::Name(name) => of(&say::STATEMENT_NAME, name),
            Self::Twice(name) => of(&say::STATEMENT_TWICE, name),
            Self::Hex(name) => of(&say::STATEMENT_HEX, name),
        }
    }
}

impl fmt::Display for StatementError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.says().fmt(f)
    }
}

/// Writes the statement over files: compact JSON on one line. `configuration` names those of the
/// files that the run was configured with, `ranges` where the record tells of each case. A seal
/// among the files is left out: it will hold the statement itself.
pub fn write_statement(
    mut subject: Vec<Subject>,
    configuration: &[&str],
    results: &Results,
    facts: &StatementFacts,
    ranges: &EvidenceRanges,
) -> Vec<u8> {
    subject.retain(|file| !is_seal(&file.name));
    subject.sort_by(|one, other| one.name.cmp(&other.name));
    let configured = subject.iter().filter(|file| configuration.contains(&file.name.as_str()));
    let configuration = configured
        .map(|file| Descriptor { name: file.name.clone(), digest: file.digest.clone() })
        .collect();
    let ids = |wanted: &[Outcome]| -> Vec<String> {
        let cases = results.cases.iter().filter(|case| wanted.contains(&case.outcome));
        cases.map(|case| case.id.clone()).collect()
    };
    let predicate = Predicate {
        result: TestResult::of(results),
        configuration,
        passed_tests: ids(&[Outcome::Passed]),
        warned_tests: ids(&[Outcome::Unstable]),
        failed_tests: ids(&[Outcome::Failed, Outcome::Error, Outcome::Aborted]),
        acceptance_report: AcceptanceReport {
            schema: SCHEMA,
            verdict: results.verdict,
            grade: results.grade,
            mandatory_total: results.counts.mandatory,
            mandatory_executed: executed(results),
            mandatory_passed: results.counts.mandatory_passed,
            signature_algorithm: ALGORITHM.to_owned(),
            not_proved: not_proved(facts),
            cases: results.cases.iter().map(|case| case_of(case, ranges)).collect(),
            facts: facts.clone(),
        },
    };
    let statement = Statement {
        kind: STATEMENT_TYPE.to_owned(),
        subject,
        predicate_type: TEST_RESULT.to_owned(),
        predicate,
    };
    serde_json::to_vec(&statement).unwrap_or_default()
}

impl TestResult {
    /// What a verdict is in in-toto's words.
    pub fn of(results: &Results) -> Self {
        let stable = results.cases.iter().all(|case| case.outcome != Outcome::Unstable);
        match (results.verdict, results.grade) {
            (Verdict::Acceptable, Grade::Submission) if stable => Self::Passed,
            (Verdict::Acceptable, Grade::Submission | Grade::Rehearsal) => Self::Warned,
            (Verdict::Rejected | Verdict::Incomplete, _) => Self::Failed,
        }
    }
}

impl Subject {
    /// A file by its digest and its length.
    pub fn new(name: &str, sha256: String, bytes: u64) -> Self {
        let annotations = Annotations { role: role(name).to_owned(), bytes };
        Self { name: name.to_owned(), digest: Digest { sha256 }, annotations }
    }

    /// A file in memory.
    pub fn of(file: &Bundled) -> Self {
        Self::new(&file.name, sha256_hex(&file.bytes), file.bytes.len() as u64)
    }
}

fn role(name: &str) -> &'static str {
    match within_part(name) {
        STATEMENT_FILE | SIGSTORE_FILE => "statement",
        "results.json" => "results",
        "record.ndjson" => "record",
        "junit.xml" => "junit",
        "report.html" => "html",
        "profile.json" => "profile",
        "keys.json" => "keys",
        "catalogue.yaml" => "catalogue",
        feature if feature.starts_with("features/") => "feature",
        _ => "attachment",
    }
}

/// How many mandatory cases were played at all.
fn executed(results: &Results) -> u32 {
    let played =
        |case: &&CaseResult| case.mandatory && case.runs.iter().any(|run| !run.attempts.is_empty());
    results.cases.iter().filter(played).map(|_| 1).sum()
}

/// What a seal that holds does not prove of such a run.
fn not_proved(facts: &StatementFacts) -> Vec<String> {
    let shared = facts.gateway.sign_type == "MD5";
    let names = [
        ("that-it-was-the-first-run", true),
        ("that-production-runs-what-was-tested", true),
        ("that-the-product-itself-made-the-calls", true),
        ("when-it-was", true),
        ("that-a-real-gateway-answered", facts.gateway.simulated),
        ("that-the-gateway-answered-by-itself", !facts.gateway.rules.is_empty()),
        ("which-of-two-sides-signed", shared),
    ];
    names.into_iter().filter(|(_, holds)| *holds).map(|(name, _)| name.to_owned()).collect()
}

fn case_of(case: &CaseResult, ranges: &EvidenceRanges) -> CaseFacts {
    CaseFacts {
        evidence: ranges.of_case(&case.id).to_vec(),
        id: case.id.clone(),
        mandatory: case.mandatory,
        outcome: case.outcome,
        attempts: case.runs.iter().map(|run| run.attempts.len() as u64).sum(),
    }
}

/// Reads a statement strictly: names once, in every object and among the files; types, version,
/// file names and digests exactly as written by [`write_statement`].
pub fn read_statement(payload: &[u8]) -> Result<Statement, StatementError> {
    refuse_duplicates(payload)?;
    let statement: Statement = serde_json::from_slice(payload)
        .map_err(|error| StatementError::Shape(error.to_string()))?;
    let types = [(STATEMENT_TYPE, &statement.kind), (TEST_RESULT, &statement.predicate_type)];
    for (expected, found) in types {
        if found != expected {
            return Err(StatementError::Type { expected, found: found.clone() });
        }
    }
    let schema = statement.predicate.acceptance_report.schema;
    if schema != SCHEMA {
        return Err(StatementError::Schema(schema));
    }
    if statement.subject.is_empty() {
        return Err(StatementError::Empty);
    }
    check_names(statement.subject.iter().map(|file| (&file.name, &file.digest)))?;
    let configuration = &statement.predicate.configuration;
    check_names(configuration.iter().map(|file| (&file.name, &file.digest)))?;
    Ok(statement)
}

fn check_names<'a>(
    files: impl Iterator<Item = (&'a String, &'a Digest)>,
) -> Result<(), StatementError> {
    let mut seen = BTreeSet::new();
    for (name, digest) in files {
        if name_fault(name).is_some() || is_seal(name) {
            return Err(StatementError::Name(name.clone()));
        }
        if !seen.insert(name) {
            return Err(StatementError::Twice(name.clone()));
        }
        let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if digest.sha256.len() != 64 || !digest.sha256.bytes().all(hex) {
            return Err(StatementError::Hex(name.clone()));
        }
    }
    Ok(())
}
