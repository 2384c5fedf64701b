//! The whole road, and every way we know to leave it.

mod bundles;
mod openssl;
mod zips;

use signing::{PrivateKey, PublicKey};

use super::{
    Bundled, EvidenceRanges, GatewayFacts, StatementFacts, Subject, seal_files, write_statement,
};
use crate::verdict::{CaseResult, Counts, FORMAT, Grade, Outcome, Results, Verdict};

/// The one key of these tests.
fn key() -> PrivateKey {
    static KEY: std::sync::OnceLock<PrivateKey> = std::sync::OnceLock::new();
    KEY.get_or_init(|| PrivateKey::generate(2048).unwrap()).clone()
}

fn other_key() -> PublicKey {
    static KEY: std::sync::OnceLock<PrivateKey> = std::sync::OnceLock::new();
    KEY.get_or_init(|| PrivateKey::generate(2048).unwrap()).public()
}

fn case(id: &str, outcome: Outcome) -> CaseResult {
    CaseResult {
        id: id.to_owned(),
        suite: "payment".to_owned(),
        title: "A case".to_owned(),
        title_zh: "用例".to_owned(),
        mandatory: true,
        outcome,
        reason: None,
        runs: vec![],
    }
}

fn results(verdict: Verdict, grade: Grade, outcomes: &[Outcome]) -> Results {
    let cases = (1..).zip(outcomes).map(|(number, outcome)| case(&format!("A-{number}"), *outcome));
    Results {
        conditions: vec![],
        format: FORMAT,
        suite_version: "1".to_owned(),
        generation: "ams".to_owned(),
        products: vec![],
        verdict,
        grade,
        reasons: vec![],
        counts: Counts { mandatory: 3, mandatory_passed: 2, ..Counts::default() },
        cases: cases.collect(),
    }
}

fn files() -> Vec<Bundled> {
    let record = "{\"line\":1}\n".repeat(400);
    vec![
        Bundled::new("results.json", "{}\n"),
        Bundled::new("record.ndjson", record),
        Bundled::new("features/ams/payment/a.feature", "Feature: A\n"),
        Bundled::new("report.html", ""),
    ]
}

fn statement() -> Vec<u8> {
    let results = results(Verdict::Acceptable, Grade::Rehearsal, &[Outcome::Passed]);
    let gateway = GatewayFacts { simulated: true, ..GatewayFacts::default() };
    let facts = StatementFacts { gateway, ..StatementFacts::default() };
    let subjects = files().iter().map(Subject::of).collect();
    let ranges = EvidenceRanges::default();
    write_statement(subjects, &["features/ams/payment/a.feature"], &results, &facts, &ranges)
}

/// A whole bundle's files, sealed.
fn sealed() -> Vec<Bundled> {
    let mut files = files();
    files.extend(seal_files(&statement(), &key()).unwrap());
    files
}
