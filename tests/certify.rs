//! The reviewer's side of a bundle: what is certified and what never is, and whose certificate holds.

#![expect(clippy::unwrap_used, reason = "a test has nobody to hand an error to")]

mod joining;
mod program;

use std::fs;

use assay::seal::{Certified, CertifiedBundle, Reviewer};
use joining::Ground;
use signing::PrivateKey;

const BUNDLE: &str = "run/acceptance.zip";

#[test]
fn nothing_but_an_acceptable_submission_is_certified_and_no_other_certificate_holds() {
    let ground = Ground::new();
    ground.run("assay.yaml", "run", &["AMS-PAY-001"]);
    ground.run("assay.yaml", "other", &["AMS-PAY-003"]);
    ground.wants(0, &["keys", "new", "--out", "reviewer.pem"]);
    let trust = ["--trust", "keys/report.pub"];
    let signs = ["--key", "reviewer.pem", "--reviewer", "Li Wei"];
    let certify = |bundle| [&["certify", bundle][..], &trust, &signs].concat();
    let told = ground.wants(2, &certify(BUNDLE));
    assert!(told.contains("the seal holds") && told.contains("not certified: "), "{told}");
    let told = ground.wants(2, &[&["--lang", "zh"], &certify(BUNDLE)[..]].concat());
    assert!(told.contains("未签发证书"), "{told}");
    assert!(!ground.at("certificate").exists());
    fs::write(ground.at("broken.zip"), "PK nonsense").unwrap();
    ground.wants(65, &certify("broken.zip"));
    ground.wants(66, &[&["certify", BUNDLE, "--trust", "none.pub"], &signs[..]].concat());
    let unnamed = [&["certify", BUNDLE][..], &trust, &["--key", "reviewer.pem"]].concat();
    ground.wants(64, &unnamed);
    ground.wants(64, &[&unnamed[..], &["--reviewer", " "]].concat());
    certificates(&ground);
}

/// Certificates over a bundle that holds and is no acceptable submission, each with what `verify` says.
fn certificates(ground: &Ground) {
    let key = PrivateKey::read(&fs::read(ground.at("reviewer.pem")).unwrap()).unwrap();
    let key_sha256 = key.public().fingerprint();
    let certify = |name: &str, bundle: CertifiedBundle| {
        let reviewer = Reviewer { key_sha256: key_sha256.clone(), name: "Li Wei".into() };
        let certified = Certified::new(bundle, reviewer, "2026-11-26T18:00:00Z".into());
        fs::write(ground.at(name), certified.seal(&key).unwrap()).unwrap();
    };
    certify("lax.json", ground.found(BUNDLE));
    certify("other.json", ground.found("other/acceptance.zip"));
    let better = CertifiedBundle { mandatory_passed: 90, ..ground.found(BUNDLE) };
    certify("better.json", better);
    fs::write(ground.at("none.json"), "{}").unwrap();
    fs::copy(ground.at("run/statement.dsse.json"), ground.at("statement.json")).unwrap();
    let verify = ["verify", BUNDLE, "--trust", "keys/report.pub"];
    let under = |certificate, key| {
        [&verify[..], &["--certificate", certificate, "--certifier", key]].concat()
    };
    let reviewer = "reviewer.pem.pub";
    for (certificate, key, why) in [
        ("lax.json", reviewer, "it is about a bundle that is no acceptable submission"),
        ("other.json", reviewer, "it is about another bundle"),
        ("better.json", reviewer, "it says something else of the bundle than the bundle does"),
        ("none.json", reviewer, "missing field"),
        ("lax.json", "keys/report.pub", "the trusted one is"),
        // The seal of the bundle itself is no certificate, even for who trusts its key.
        ("statement.json", "keys/report.pub", "it is no certificate as assay writes it"),
    ] {
        let told = ground.wants(65, &under(certificate, key));
        assert!(told.contains(&format!("{certificate} is broken at its certificate: ")), "{told}");
        assert!(told.contains(why), "{why}: {told}");
        assert!(told.contains("the seal holds"), "the bundle does: {told}");
    }
    // For machines, beside what the bundle says.
    let told = ground.wants(65, &[&under("better.json", reviewer)[..], &["--json"]].concat());
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    let (told, certificate) = (&told[0], &told[0]["certificate"]);
    assert_eq!((&told["holds"], &told["exit"]), (&true.into(), &65.into()), "{told}");
    assert_eq!(certificate["holds"], false, "{told}");
    assert_eq!(certificate["broken"]["part"], "certificate", "{told}");
    ground.wants(66, &[&under("nowhere.json", reviewer)[..], &["--json"]].concat());
    ground.wants(66, &under("lax.json", "none.pub"));
    ground.wants(66, &under("nowhere.json", reviewer));
    ground.wants(64, &[&verify[..], &["--certificate", "lax.json"]].concat());
    let two = [&under("lax.json", reviewer)[..], &["other/acceptance.zip"]].concat();
    assert!(ground.wants(64, &two).contains("a certificate is about one bundle"));
    // Without one, everything is as it was.
    assert!(!ground.wants(2, &verify).contains("certif"));
}
