//! The command line as a user meets it: one file for each situation, and the exit codes.

use std::fs;
use std::process::Command;

#[test]
fn command_line() {
    trycmd::TestCases::new()
        .env("ASSAY_LANG", "en")
        .env("NO_COLOR", "1")
        .case("tests/cmd/*.toml")
        .case("tests/cmd/*.trycmd")
        .case("tests/cmd/readme.md");
}

/// A profile of more than 64 KiB is not read, whatever it says.
#[test]
fn an_oversized_profile_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let profile = folder.path().join("assay.yaml");
    fs::write(&profile, "# x\n".repeat(20_000)).unwrap();
    let ran = Command::new(env!("CARGO_BIN_EXE_assay"))
        .args(["list", "--profile"])
        .arg(&profile)
        .env("ASSAY_LANG", "en")
        .output()
        .unwrap();
    assert_eq!(ran.status.code(), Some(66));
    let said = String::from_utf8(ran.stderr).unwrap();
    assert!(said.contains("assay.yaml:16385: the file is larger than the 65536 bytes"), "{said}");
}

/// A key made by `keys new` is private on disk and reads back, and is never written over.
#[test]
fn a_new_key_is_private_and_stays() {
    let folder = tempfile::tempdir().unwrap();
    let assay = |arguments: &[&str]| {
        Command::new(env!("CARGO_BIN_EXE_assay"))
            .args(arguments)
            .env("ASSAY_LANG", "en")
            .current_dir(folder.path())
            .output()
            .unwrap()
    };
    let first = assay(&["keys", "new", "--out", "a.pem", "--show-private"]);
    assert_eq!(first.status.code(), Some(0));
    let said = String::from_utf8(first.stdout).unwrap();
    let private = fs::read(folder.path().join("a.pem")).unwrap();
    let key = signing::PrivateKey::read(&private).unwrap();
    assert!(said.contains(&key.to_pkcs8_base64()) && said.contains(&key.public().to_spki_base64()));
    let public = fs::read(folder.path().join("a.pem.pub")).unwrap();
    assert_eq!(signing::PublicKey::read(&public).unwrap(), key.public());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(folder.path().join("a.pem")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    assert_eq!(assay(&["keys", "new", "--out", "a.pem"]).status.code(), Some(64));
    assert_eq!(fs::read(folder.path().join("a.pem")).unwrap(), private);
}

/// An authority made by `keys ca` is private on disk and reads back, and neither file is ever
/// written over.
#[test]
fn an_authority_is_private_and_stays() {
    let folder = tempfile::tempdir().unwrap();
    let make = |out: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_assay"));
        let command = command.args(["keys", "ca", "--out", out]).current_dir(folder.path());
        command.output().unwrap().status.code()
    };
    let read = |name: &str| fs::read_to_string(folder.path().join(name));
    assert_eq!(make("ca"), Some(0));
    let (key, certificate) = (read("ca.pem").unwrap(), read("ca.crt").unwrap());
    let now = clock::Clock::real().now();
    signing::Authority::read(&key, &certificate, now).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(folder.path().join("ca.pem")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    for out in ["ca", "ca.pem", "ca.crt"] {
        assert_eq!(make(out), Some(64), "{out}");
    }
    fs::remove_file(folder.path().join("ca.pem")).unwrap();
    assert_eq!(make("ca"), Some(64), "the certificate is there still");
    assert_eq!(read("ca.crt").unwrap(), certificate);
    assert!(read("ca.pem").is_err());
}

/// A HAR of a whole day does not fill the memory: nothing beyond the limit is read.
#[test]
fn a_huge_har_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let har = folder.path().join("day.har");
    fs::write(&har, r#"{"log":{"entries":["#).unwrap();
    fs::File::options().write(true).open(&har).unwrap().set_len(200 << 20).unwrap();
    let ran = Command::new(env!("CARGO_BIN_EXE_assay"))
        .arg("diagnose")
        .arg(&har)
        .args(["--merchant-public-key", "tests/vectors/keys/rsa2048.spki.pem"])
        .env("ASSAY_LANG", "en")
        .output()
        .unwrap();
    assert_eq!(ran.status.code(), Some(65));
    let said = String::from_utf8(ran.stderr).unwrap();
    assert!(said.contains("is larger than the 64 MiB that are read"), "{said}");
}
