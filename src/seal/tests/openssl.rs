//! The seal, checked without a line of our own: openssl, coreutils, and the published recipe.

use std::process::Command;

use super::{key, sealed};

const RECIPE: &str = r#"
set -eu
T=application/vnd.in-toto+json
for k in payload payloadType sig; do test "$(grep -o "\"$k\":" statement.dsse.json | wc -l)" = 1; done
grep -qF "\"payloadType\":\"$T\"" statement.dsse.json
sed -n 's/.*"payload":"\([A-Za-z0-9+\/=]*\)".*/\1/p' statement.dsse.json | openssl base64 -d -A > v.statement
sed -n 's/.*"sig":"\([A-Za-z0-9+\/=]*\)".*/\1/p' statement.dsse.json | openssl base64 -d -A > v.sig
{ printf 'DSSEv1 %d %s %d ' "${#T}" "$T" "$(stat -c%s v.statement)"; cat v.statement; } > v.pae
openssl dgst -sha256 -verify signer.pub -signature v.sig v.pae
grep -oE '"name":"[a-z0-9._/-]+","digest":\{"sha256":"[0-9a-f]{64}"' v.statement \
  | sed -E 's/"name":"([^"]+)","digest":\{"sha256":"([0-9a-f]{64})"/\2  \1/' > v.sums
test "$(grep -o '"sha256":' v.statement | wc -l)" = "$(wc -l < v.sums)"
sha256sum -c v.sums
test "$(openssl pkey -pubin -in signer.pub -outform DER | sha256sum | cut -d' ' -f1)" = \
  "$(sed -n 's/.*"keyid":"\([0-9a-f]*\)".*/\1/p' statement.dsse.json)"
"#;

/// Runs the recipe over a bundle whose file `edit` was changed.
fn verified(edit: Option<&str>) -> bool {
    let folder = tempfile::tempdir().unwrap();
    for mut file in sealed() {
        if edit == Some(file.name.as_str()) {
            file.bytes = String::from_utf8(file.bytes).unwrap().replace('1', "2").into_bytes();
            file.bytes.push(b' ');
        }
        let path = folder.path().join(&file.name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, file.bytes).unwrap();
    }
    std::fs::write(folder.path().join("signer.pub"), key().public().to_spki_pem()).unwrap();
    let out = Command::new("sh").args(["-c", RECIPE]).current_dir(folder.path()).output().unwrap();
    out.status.success()
}

#[test]
#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn openssl_and_coreutils_verify_a_bundle() {
    if Command::new("openssl").arg("version").output().is_err() {
        assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "CI needs openssl");
        eprintln!("skipped: openssl is missing");
        return;
    }
    assert!(verified(None));
    assert!(!verified(Some("record.ndjson")));
    assert!(!verified(Some("report.html")));
    assert!(!verified(Some("statement.dsse.json")));
}
