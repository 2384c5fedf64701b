//! Profiles whose witness speaks TLS.

use std::fs;
use std::path::Path;

use clock::Clock;
use signing::Authority;
use tempfile::TempDir;

use super::{GOOD, folder, report_key};
use crate::profile::{Named, Profile, ToldProfile, read};

const MERCHANT: &str = "driver: reference";
const SECTION: &str = "\
witness:
  listen: 10.0.0.7:8980
  tls:
    key: keys/ca.pem
    certificate: keys/ca.crt
    names: [witness.test, localhost]
";

/// A folder with authorities: one, another, and one that was in its time.
fn with_authorities() -> TempDir {
    let folder = folder();
    let now = Clock::real().now();
    let write = |name: &str, authority: &Authority| {
        let path = |ending: &str| folder.path().join("keys").join(format!("{name}.{ending}"));
        fs::write(path("pem"), authority.key_pem()).unwrap();
        fs::write(path("crt"), authority.certificate_pem()).unwrap();
    };
    let one = Authority::generate(now).unwrap();
    write("ca", &one);
    write("other", &Authority::generate(now).unwrap());
    write("old", &Authority::generate(now - 11 * 365 * 24 * 3_600_000).unwrap());
    let server = one.issue(&["h.test"], now).unwrap();
    fs::write(folder.path().join("keys/server.crt"), server.chain).unwrap();
    folder
}

fn profile(folder: &Path, changes: &[(&str, &str)]) -> Result<Profile, Vec<String>> {
    let driver = "driver: http\n  url: http://127.0.0.1:8000/assay";
    let text = format!("{SECTION}{}", GOOD.replacen(MERCHANT, driver, 1));
    let text = changes.iter().fold(text, |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    });
    read::profile("assay.yaml", text.as_bytes(), folder, Named::default(), &report_key)
        .map_err(|error| error.0.iter().map(|found| format!("{} {found}", found.code)).collect())
}

#[test]
fn what_is_wrong_with_the_authority_is_refused_with_its_line_and_a_remedy() {
    let folder = with_authorities();
    let (key, certificate) = ("keys/ca.pem", "keys/ca.crt");
    let names = "[witness.test, localhost]";
    let pasted = fs::read_to_string(folder.path().join(key)).unwrap();
    let pasted = pasted.lines().next().unwrap();
    for (from, to, expected, remedy) in [
        (key, "keys/none.pem", "K1 assay.yaml:4: ", "`assay keys ca --out keys/ca` makes both"),
        (certificate, "keys/none.crt", "K1 assay.yaml:5: ", "paths are relative"),
        (key, pasted, "K1 assay.yaml:4: a key itself stands here", "write `file:"),
        (key, "keys/merchant.pem", "T1 assay.yaml:4: ", "make a new pair, `assay keys ca"),
        (key, certificate, "T1 assay.yaml:4: ", "make a new pair"),
        (certificate, key, "T1 assay.yaml:5: ", "make a new pair"),
        (certificate, "keys/server.crt", "T1 assay.yaml:5: ", "make a new pair"),
        (certificate, "keys/certificate.pem", "T1 assay.yaml:5: ", "make a new pair"),
        (certificate, "keys/other.crt", "T1 assay.yaml:5: ", "wrote together"),
        (names, "[https://h]", "T1 assay.yaml:6: ", "without port or path"),
        (names, "h", "Y5 assay.yaml:6:", ""),
        ("    certificate: keys/ca.crt\n", "", "Y5 assay.yaml:4:", ""),
        ("url: embedded", "url: http://h:1", "T1 assay.yaml:3: a gateway that", "take `tls` out"),
    ] {
        let found = profile(folder.path(), &[(from, to)]).unwrap_err();
        let told = found.iter().any(|found| found.starts_with(expected) && found.contains(remedy));
        assert!(told, "{to}: {found:#?}");
    }
    let old = [(key, "keys/old.pem"), (certificate, "keys/old.crt")];
    let old = profile(folder.path(), &old).unwrap_err();
    assert!(old[0].contains("does not hold at this moment"), "{old:?}");
}

#[test]
fn the_names_of_the_doors_are_in_anyway_and_the_bundle_has_the_fingerprint_alone() {
    let folder = with_authorities();
    let read = profile(folder.path(), &[]).unwrap();
    let tls = read.witness.tls.as_ref().unwrap();
    assert_eq!(tls.names, ["witness.test", "localhost", "127.0.0.1", "10.0.0.7"]);
    let told = read.redacted();
    let expected = serde_json::json!({ "fingerprint": tls.authority.fingerprint() });
    assert_eq!(told["witness"]["tls"], expected);
    let told: ToldProfile = serde_json::from_value(told).unwrap();
    assert_eq!(told.witness.unwrap().tls.unwrap().fingerprint, tls.authority.fingerprint());
    assert!(!format!("{read:?}").contains("PRIVATE"));
    let names = ("    names: [witness.test, localhost]\n", "");
    let anywhere = ("10.0.0.7", "0.0.0.0");
    let bare = profile(folder.path(), &[names, anywhere]).unwrap();
    assert_eq!(bare.witness.tls.unwrap().names, ["localhost", "127.0.0.1"]);
    // The reference merchant comes in by no door that a profile names.
    let driver = "driver: http\n  url: http://127.0.0.1:8000/assay";
    let reference = [(driver, MERCHANT), ("url: embedded", "url: http://h:1")];
    let found = profile(folder.path(), &reference).err().unwrap_or_default();
    assert!(!found.iter().any(|found| found.starts_with("T1")), "{found:?}");
}
