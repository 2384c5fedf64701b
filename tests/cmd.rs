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
    let first = assay(&["keys", "new", "--out", "a.pem"]);
    assert_eq!(first.status.code(), Some(0));
    let said = String::from_utf8(first.stdout).unwrap();
    let private = fs::read(folder.path().join("a.pem")).unwrap();
    let key = signing::PrivateKey::read(&private).unwrap();
    assert!(said.contains(&key.public().to_spki_base64()));
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

/// Runs `assay` in a folder, and tells exit code and everything that it wrote.
#[expect(clippy::unwrap_used, reason = "a test has nobody to hand an error to")]
fn ran(folder: &std::path::Path, arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_assay"));
    let ran = command.args(arguments).env("ASSAY_LANG", "en").current_dir(folder).output().unwrap();
    let said = [ran.stdout, ran.stderr].map(|out| String::from_utf8_lossy(&out).into_owned());
    (ran.status.code(), said.concat())
}

/// Whatever is done with a private key, no part of it is printed.
#[test]
fn no_command_prints_a_private_key() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let pem = fs::read("tests/vectors/keys/rsa2048.pkcs8.pem").unwrap();
    fs::write(path.join("k.pem"), &pem).unwrap();
    let mut secrets = vec![];
    for form in ["pem", "base64"] {
        for to in ["pkcs1", "pkcs8"] {
            let out = format!("{form}.{to}");
            let arguments = ["keys", "convert", "k.pem", "--to", to, "--form", form, "--out", &out];
            let (code, said) = ran(path, &arguments);
            assert_eq!(code, Some(0), "{said}");
            let text = fs::read_to_string(path.join(&out)).unwrap();
            // Four lines in, where no number is public any more.
            let text: String = text.lines().filter(|line| !line.starts_with('-')).collect();
            secrets.push(text[600..660].to_owned());
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt as _;
                let mode = fs::metadata(path.join(&out)).unwrap().permissions().mode();
                assert_eq!(mode & 0o777, 0o600, "{out}");
            }
        }
    }
    for arguments in [
        &["keys", "inspect", "k.pem"][..],
        &["keys", "convert", "k.pem"],
        &["keys", "convert", "k.pem", "--form", "base64"],
        &["keys", "convert", "k.pem", "--out", "-"],
        &["keys", "convert", "k.pem", "--out", "/dev/stdout"],
        &["keys", "convert", "k.pem", "--out", "/dev/fd/1"],
        &["keys", "convert", "k.pem", "--public"],
        &["keys", "match", "k.pem", "base64.pkcs1"],
        &["keys", "sign", "--key", "k.pem", "--text", "a"],
        &["keys", "verify", "--key", "k.pem", "--signature", "k.pem", "--text", "a"],
        &["keys", "open", "--key", "k.pem", "k.pem"],
        &["keys", "open", "--key", "k.pem", "base64.pkcs8"],
        &["keys", "inspect", "base64.pkcs8"],
        &["keys", "new", "--out", "n.pem"],
    ] {
        let (_, said) = ran(path, arguments);
        for secret in &secrets {
            assert!(!said.contains(&secret[..40]), "{arguments:?}: {said}");
        }
    }
    let made = fs::read_to_string(path.join("n.pem")).unwrap();
    let (_, said) = ran(path, &["keys", "inspect", "n.pem"]);
    assert!(!said.contains(made.lines().nth(12).unwrap()), "{said}");
}

/// What people paste in place of a key ends in one clear sentence, and in no panic.
#[test]
fn what_is_no_key_is_told_in_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let vector = |name: &str| fs::read(format!("tests/vectors/keys/{name}")).unwrap();
    let pem = vector("rsa2048.pkcs8.pem");
    let text = String::from_utf8(pem.clone()).unwrap();
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let cases: [(&str, Vec<u8>, i32, &str); 13] = [
        ("bom", format!("\u{FEFF}{text}").into(), 0, "byte order mark dropped"),
        ("crlf", text.replace('\n', "\r\n").into(), 0, "carriage returns dropped"),
        ("utf16", wide, 0, "converted from UTF-16"),
        ("encrypted", vector("encrypted.pkcs8.pem"), 66, "password protected"),
        ("two", [pem.clone(), vector("rsa2048.spki.pem")].concat(), 66, "these are 2 PEM blocks"),
        ("cut", text[..text.len() / 2].into(), 66, "cut short, 608 bytes missing"),
        ("large", vec![b'A'; 10 << 20], 66, "larger than the 64 KiB that any key has"),
        ("empty", vec![], 66, "the text is empty"),
        ("binary", vec![0; 300], 66, "this is no key at all"),
        ("ec", vector("ec.pkcs8.pem"), 66, "this is an EC private key, an RSA private key"),
        ("store", vector("store.jks"), 66, "this is a Java key store"),
        ("ssh", vector("openssh"), 66, "this is an OpenSSH private key"),
        ("json", br#"{"kty":"RSA"}"#.to_vec(), 66, "this is JSON"),
    ];
    for (name, bytes, code, sentence) in cases {
        fs::write(path.join(name), bytes).unwrap();
        let (ended, said) = ran(path, &["keys", "inspect", name]);
        assert_eq!(ended, Some(code), "{name}: {said}");
        assert!(said.contains(sentence), "{name}: {said}");
        for (command, rest) in [("convert", "--public"), ("match", name)] {
            let (ended, said) = ran(path, &["keys", command, name, rest]);
            assert_eq!(ended, Some(code), "{command} {name}: {said}");
        }
        if code != 0 {
            let (ended, said) = ran(path, &["keys", "open", "--key", name, "AAAA"]);
            assert_eq!(ended, Some(66), "open {name}: {said}");
        }
    }
    let (ended, said) = ran(path, &["keys", "inspect", "."]);
    assert_eq!((ended, said.lines().count()), (Some(66), 2), "{said}");
}

/// Keys of the older generation that are made here are what openssl takes.
#[test]
fn openssl_reads_the_keys_that_are_made() {
    let openssl = |arguments: &[&str], folder: &std::path::Path| {
        Command::new("openssl").args(arguments).current_dir(folder).output()
    };
    let folder = tempfile::tempdir().unwrap();
    if openssl(&["version"], folder.path()).is_err() {
        assert!(std::env::var_os("CI").is_none(), "CI needs openssl");
        return;
    }
    for (kind, warning) in [("rsa", "1024 bits is for the older"), ("dsa", "a DSA key is for")] {
        let arguments = ["keys", "new", "--kind", kind, "--bits", "1024", "--out", kind];
        let (code, said) = ran(folder.path(), &arguments);
        assert_eq!(code, Some(0), "{said}");
        assert!(said.contains("warning: ") && said.contains(warning), "{said}");
        let public = openssl(&["pkey", "-in", kind, "-pubout"], folder.path()).unwrap();
        assert_eq!(public.stdout, fs::read(folder.path().join(format!("{kind}.pub"))).unwrap());
        let args = ["keys", "sign", "--key", kind, "--algorithm", kind, "--text", "message"];
        let (code, said) = ran(folder.path(), &args);
        assert_eq!(code, Some(0), "{said}");
        fs::write(folder.path().join("text"), "message").unwrap();
        fs::write(folder.path().join("b64"), said.lines().next().unwrap()).unwrap();
        openssl(&["base64", "-d", "-A", "-in", "b64", "-out", "sig"], folder.path()).unwrap();
        let public = format!("{kind}.pub");
        let check = ["dgst", "-sha1", "-verify", &public, "-signature", "sig", "text"];
        let checked = openssl(&check, folder.path()).unwrap();
        assert_eq!(String::from_utf8_lossy(&checked.stdout), "Verified OK\n", "{kind}");
    }
}
