//! Runs to be joined, and a merged bundle in the hands of a forger.

#![allow(dead_code, reason = "each test crate uses its own part")]
#![expect(clippy::unwrap_used, reason = "a test has nobody to hand an error to")]

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

use assay::seal::{
    Bundled, CertifiedBundle, PAYLOAD_TYPE, Subject, is_seal, open_bundle, read_zip, seal_files,
    write_zip,
};
use serde_json::Value;
use signing::PrivateKey;

use crate::program::assay;

pub(crate) fn said(output: &Output) -> String {
    let both = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    String::from_utf8_lossy(&both).into_owned()
}

/// A folder with a profile, and runs made with it.
pub(crate) struct Ground(tempfile::TempDir);

impl Ground {
    pub(crate) fn new() -> Self {
        let ground = Self(tempfile::tempdir().unwrap());
        ground.wants(0, &["init"]);
        ground.profile(
            "assay.yaml",
            &[("[user-presented, order-code, entry-code, cashier]", "[user-presented]")],
        );
        ground
    }

    pub(crate) fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// The profile with other words in it, under a name.
    pub(crate) fn profile(&self, name: &str, edits: &[(&str, &str)]) {
        let mut text = fs::read_to_string(self.at("assay.yaml")).unwrap();
        for (from, to) in edits {
            assert!(text.contains(from), "{from}");
            text = text.replace(from, to);
        }
        fs::write(self.at(name), text).unwrap();
    }

    /// Runs the program, which has to end so, and answers what it said.
    pub(crate) fn wants(&self, code: i32, arguments: &[&str]) -> String {
        let done = assay(self.0.path(), arguments);
        assert_eq!(done.status.code(), Some(code), "{arguments:?}: {}", said(&done));
        said(&done)
    }

    pub(crate) fn run(&self, profile: &str, out: &str, wanted: &[&str]) {
        let arguments = [&["run", "--profile", profile, "--out", out, "--quiet"], wanted].concat();
        self.wants(2, &arguments);
    }

    pub(crate) fn merge(&self, code: i32, runs: &[&str], out: &str) -> String {
        let arguments = [&["merge", "--profile", "assay.yaml", "--out", out], runs].concat();
        self.wants(code, &arguments)
    }

    pub(crate) fn verify(&self, code: i32, bundle: &str) -> String {
        self.wants(code, &["verify", bundle, "--trust", "keys/report.pub"])
    }

    /// A server of its own for the profile's client, with the key in `gateway.pem`, and its address.
    pub(crate) fn sandbox(&self) -> (Child, String) {
        let client = ["--client-id", "SANDBOX_5Y00000000000001"];
        let keys = ["--merchant-public-key", "keys/merchant.pub", "--gateway-key", "gateway.pem"];
        let mut server = Command::new(env!("CARGO_BIN_EXE_assay"))
            .args([&["sandbox", "--listen", "127.0.0.1:0"], &client[..], &keys].concat())
            .env("ASSAY_LANG", "en")
            .current_dir(self.0.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.split(' ').find(|word| word.starts_with("127.0.0.1:")).unwrap();
        (server, format!("http://{address}"))
    }

    pub(crate) fn files(&self, bundle: &str) -> Vec<Bundled> {
        read_zip(&fs::read(self.at(bundle)).unwrap()).unwrap()
    }

    pub(crate) fn report_key(&self) -> PrivateKey {
        PrivateKey::read(&fs::read(self.at("keys/report.pem")).unwrap()).unwrap()
    }

    /// What an honest reviewer would find in a bundle.
    pub(crate) fn found(&self, bundle: &str) -> CertifiedBundle {
        let bytes = fs::read(self.at(bundle)).unwrap();
        let opened = open_bundle(&bytes, &self.report_key().public()).unwrap();
        let report = &opened.statement.predicate.acceptance_report;
        let facts = report.facts.clone();
        CertifiedBundle {
            sha256: signing::sha256_hex(&bytes),
            envelope_sha256: signing::sha256_hex(&opened.envelope),
            run_id: facts.run.id,
            challenge: facts.run.challenge,
            suite_version: facts.suite.version,
            features_sha256: facts.suite.features_sha256,
            verdict: report.verdict,
            grade: report.grade,
            mandatory_total: report.mandatory_total,
            mandatory_passed: report.mandatory_passed,
            mandatory_waived: 0,
            review_sha256: String::new(),
            generation: facts.gateway.generation,
            products: facts.merchant.products,
            client_id: facts.merchant.client_id,
            partner: facts.merchant.partner,
            request_key_sha256: facts.merchant.request_key_sha256,
            gateway: facts.gateway.url,
            response_key_sha256: facts.gateway.response_key_sha256,
            integrator: facts.signer.integrator,
            report_key_sha256: facts.signer.key_sha256,
        }
    }
}

/// A bundle in the hands of somebody who has the report key.
pub(crate) struct Forged<'a> {
    pub(crate) ground: &'a Ground,
    pub(crate) files: BTreeMap<String, Vec<u8>>,
    pub(crate) statement: Value,
    pub(crate) key: PrivateKey,
}

impl<'a> Forged<'a> {
    pub(crate) fn of(ground: &'a Ground, bundle: &str) -> Self {
        let (envelope, files): (Vec<_>, Vec<_>) =
            ground.files(bundle).into_iter().partition(|file| is_seal(&file.name));
        let envelope: Value = serde_json::from_slice(&envelope[0].bytes).unwrap();
        assert_eq!(envelope["payloadType"], PAYLOAD_TYPE);
        let payload = envelope["payload"].as_str().unwrap();
        let statement = signing::base64_decode_strict(payload).unwrap();
        Self {
            ground,
            files: files.into_iter().map(|file| (file.name, file.bytes)).collect(),
            statement: serde_json::from_slice(&statement).unwrap(),
            key: ground.report_key(),
        }
    }

    pub(crate) fn facts(&mut self) -> &mut Value {
        &mut self.statement["predicate"]["acceptanceReport"]["facts"]
    }

    /// Puts all files of a bundle into a folder in place of what is there.
    pub(crate) fn put(&mut self, folder: &str, bundle: &str) {
        self.drop(folder);
        for file in self.ground.files(bundle) {
            self.files.insert(format!("{folder}/{}", file.name), file.bytes);
        }
    }

    pub(crate) fn drop(&mut self, folder: &str) {
        self.files.retain(|name, _| !name.starts_with(&format!("{folder}/")));
    }

    /// Replaces a text that has to stand in a file.
    pub(crate) fn edit(&mut self, name: &str, from: &str, to: &str) {
        let text = String::from_utf8(self.files[name].clone()).unwrap();
        assert!(text.contains(from), "{from} in {name}");
        self.files.insert(name.to_owned(), text.replacen(from, to, 1).into_bytes());
    }

    /// The bundle under a new seal, all files named as they are now.
    pub(crate) fn sealed(mut self) -> Vec<u8> {
        let files = self.files.into_iter().map(|(name, bytes)| Bundled::new(name, bytes));
        let mut files: Vec<Bundled> = files.collect();
        let subjects: Vec<Subject> = files.iter().map(Subject::of).collect();
        let subjects = serde_json::to_value(subjects).unwrap();
        let configured = self.statement["predicate"]["configuration"].as_array_mut().unwrap();
        configured.retain_mut(|told| {
            let mut named = subjects.as_array().unwrap().iter();
            let subject = named.find(|subject| subject["name"] == told["name"]);
            subject.map(|subject| told["digest"] = subject["digest"].clone()).is_some()
        });
        self.statement["subject"] = subjects;
        let statement = serde_json::to_vec(&self.statement).unwrap();
        files.extend(seal_files(&statement, &self.key).unwrap());
        write_zip(&files).unwrap()
    }
}
