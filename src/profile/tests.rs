//! Profiles that are read and profiles that are not.

mod elsewhere;
mod legacy;
mod schema;
mod tested;
mod tls;

use std::fs;
use std::path::Path;

use evidence::words::Language;
use signing::PrivateKey;
use tempfile::TempDir;

use super::{Conditions, GatewayUrl, Named, Profile, SUPPORTED_PRODUCTS, read};

const GOOD: &str = "\
generation: ams
products: [cashier, order-code, user-presented, entry-code]
merchant:
  driver: reference
gateway:
  url: embedded
  client_id: SANDBOX_5Y00000000000001
  merchant_key: { file: keys/merchant.pem }
  gateway_public_key: { file: keys/alipay.pub }
report:
  key: { env: REPORT_KEY }
  integrator: ACME Pay
  contact: qa@acme.example
";

/// A key that lets nobody in anywhere, as `ssh-keygen` writes it.
const SSH_KEY: &str = "\
-----BEGIN OPENSSH PRIVATE KEY-----
b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW
QyNTUxOQAAACD/3NuckO+x67KHnYiwOuhRzNGXsoYd9NL3XQ1l+oUC9QAAAJBvPQNpbz0D
aQAAAAtzc2gtZWQyNTUxOQAAACD/3NuckO+x67KHnYiwOuhRzNGXsoYd9NL3XQ1l+oUC9Q
AAAEDEUPAwjc0ZL4SHOd+7WBZP4uL4UGQrdpT8VGUWr7yc9P/c25yQ77HrsoediLA66FHM
0Zeyhh300vddDWX6hQL1AAAABm5vYm9keQECAwQFBgc=
-----END OPENSSH PRIVATE KEY-----
";

/// A folder with the keys that the profile names, and others.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let keys = folder.path().join("keys");
    fs::create_dir(&keys).unwrap();
    let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/keys");
    fs::copy(vectors.join("rsa2048.pkcs1.pem"), keys.join("merchant.pem")).unwrap();
    fs::copy(vectors.join("rsa2048.spki.pem"), keys.join("own.pub")).unwrap();
    fs::copy(vectors.join("certificate.pem"), keys.join("certificate.pem")).unwrap();
    let embedded = sandbox::embedded_key().unwrap();
    fs::write(keys.join("alipay.pub"), embedded.public().to_spki_pem()).unwrap();
    fs::write(keys.join("alipay.pem"), embedded.to_pkcs8_pem()).unwrap();
    fs::write(keys.join("sftp"), SSH_KEY).unwrap();
    let dsa = Path::new(env!("CARGO_MANIFEST_DIR")).join("steps/keys/stranger-dsa.pem");
    fs::copy(dsa, keys.join("dsa.pem")).unwrap();
    fs::write(keys.join("md5.key"), "q8v2m5x0c7b4n1z9l6k3j0h8g5f2d9s6\n").unwrap();
    let reference = merchant::reference_key().unwrap();
    fs::write(keys.join("reference.pem"), reference.to_pkcs8_pem()).unwrap();
    folder
}

fn report_key(name: &str) -> Option<String> {
    let key = match name {
        "REPORT_KEY" => include_bytes!("../../tests/vectors/keys/rsa3072.pkcs8.pem").as_slice(),
        "LONG_TOKEN" => return Some("0123456789abcdef\n".into()),
        "LONG_PASSWORD" => return Some("correct horse".into()),
        "SHORT_PASSWORD" => return Some("horse".into()),
        "SMALL_KEY" => include_bytes!("../../tests/vectors/keys/rsa1024.pkcs8.pem").as_slice(),
        _ => return None,
    };
    Some(String::from_utf8(key.to_vec()).unwrap())
}

/// The profile with changes, and what is wrong with it.
fn profile(changes: &[(&str, &str)]) -> Result<Profile, Vec<String>> {
    let folder = folder();
    let text = changes.iter().fold(GOOD.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    });
    read::profile("assay.yaml", text.as_bytes(), folder.path(), Named::default(), &report_key)
        .map_err(|error| error.0.iter().map(|found| format!("{} {found}", found.code)).collect())
}

#[test]
fn a_good_profile_is_read() {
    let profile = profile(&[]).unwrap();
    assert_eq!(profile.products, SUPPORTED_PRODUCTS[..4]);
    assert_eq!(profile.declared().generation(), "ams");
    assert_eq!(profile.gateway.url, GatewayUrl::Embedded);
    assert_eq!(profile.report.integrator, "ACME Pay");
}

#[test]
fn conditions_have_defaults_and_follow_from_each_other() {
    use crate::suite::Condition::{
        BarcodeNotices, Expiry, Fx, RegistrationNotices, SecondaryMerchants,
    };
    let with = |told: &str| {
        let told = format!("generation: ams\nconditions: {{ {told} }}");
        let in_store = ("[cashier, order-code, ", "[order-code, ");
        let profile = profile(&[("generation: ams", &told), in_store]).unwrap();
        profile.declared().conditions.into_iter().collect::<Vec<_>>()
    };
    assert_eq!(with(""), [RegistrationNotices, SecondaryMerchants]);
    assert_eq!(with("expiry: true, registration_notices: false"), [Expiry, SecondaryMerchants]);
    assert_eq!(with("fx: true, secondary_merchants: false"), [Fx]);
    let cashier = Conditions::default().held(&["cashier".to_owned()], false);
    assert!(cashier.contains(&Expiry), "who sells through the cashier always says when it ends");
    let noticed = Conditions { barcode_notices: true, ..Conditions::default() };
    for (product, holds) in [("barcode", true), ("transaction-qr", false)] {
        let held = noticed.held(&[product.to_owned()], false);
        assert_eq!(held.contains(&BarcodeNotices), holds, "{product}");
    }
}

/// A section that names a server, with everything that it can have.
const SFTP: &str = "\
reconciliation:
  sftp:
    host: 127.0.0.1
    port: 2222
    user: merchant
    key: { file: keys/sftp }
    known_host: host ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl
    serves: keys
    root: /files/
";

/// The profile with a section of reconciliation in front of the report, which is line 10 and on.
fn with_section(changes: &[(&str, &str)]) -> Result<Profile, Vec<String>> {
    let section = changes.iter().fold(SFTP.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    });
    profile(&[("report:\n", &format!("{section}report:\n"))])
}

#[test]
fn report_files_come_from_a_folder_or_from_a_server() {
    use crate::suite::Condition::Sftp;
    let none = profile(&[]).unwrap();
    assert!(none.depot().folder.is_none() && none.depot().server.is_none());
    let folder = profile(&[("report:", "reconciliation: { folder: keys }\nreport:")]).unwrap();
    assert!(folder.depot().folder.unwrap().ends_with("keys") && folder.depot().server.is_none());
    assert_eq!(folder.redacted()["reconciliation"]["folder"], "keys");
    for profile in [&none, &folder] {
        assert!(!profile.declared().conditions.contains(&Sftp));
    }
    let sftp = with_section(&[]).unwrap();
    assert!(sftp.declared().conditions.contains(&Sftp));
    let server = sftp.depot().server.unwrap();
    assert_eq!((server.port, server.root.as_str()), (2222, "/files"));
    assert!(sftp.depot().folder.unwrap().ends_with("keys"));
    let short = with_section(&[("    port: 2222\n", ""), ("    root: /files/\n", "")]).unwrap();
    let server = short.depot().server.unwrap();
    assert_eq!((server.port, server.root.as_str()), (22, ""));
    let password = ("key: { file: keys/sftp }", "password_env: LONG_PASSWORD");
    let password = with_section(&[password]).unwrap();
    for (profile, by, from) in [(&sftp, "key", "sftp"), (&password, "password", "$LONG_PASSWORD")] {
        let told = &profile.redacted()["reconciliation"]["sftp"];
        assert_eq!((&told["login"]["by"], &told["login"]["from"]), (&by.into(), &from.into()));
        for shown in [profile.redacted().to_string(), format!("{profile:?}")] {
            assert!(!shown.contains("correct horse") && !shown.contains("BEGIN"), "{shown}");
        }
        assert!(!told.to_string().contains("keys/"), "{told}");
    }
    let (name, secret) = password.reconciliation.unwrap().secret().unwrap();
    assert_eq!((name, secret.as_slice()), ("reconciliation.sftp", b"correct horse".as_slice()));
}

#[test]
fn what_is_wrong_with_a_server_is_refused_with_its_line() {
    let key = "key: { file: keys/sftp }";
    let table = [
        ("  sftp:\n", "  folder: keys\n  sftp:\n", "P7 assay.yaml:10: report files come from"),
        ("host: 127.0.0.1", "host: sftp://here", "P7 assay.yaml:12: `host` cannot be"),
        ("port: 2222", "port: 0", "P7 assay.yaml:13: `port` cannot be '0'"),
        ("port: 2222", "port: 70000", "Y5 assay.yaml:13:"),
        ("user: merchant", "user: \"\"", "P7 assay.yaml:14: `user`"),
        (key, "key: { file: keys/none }", "K1 assay.yaml:15: "),
        (key, "key: { file: keys/own.pub }", "K1 assay.yaml:15: "),
        (key, "password_env: NONE", "K1 assay.yaml:15: the environment variable NONE"),
        (key, "password_env: SHORT_PASSWORD", "K1 assay.yaml:15: the password in SHORT_PASSWORD"),
        (key, "password: open sesame", "Y5 assay.yaml:15:"),
        (key, "known_hosts: x", "Y5 assay.yaml:15:"),
        ("    key: { file: keys/sftp }\n", "", "P7 assay.yaml:11: the login is by"),
        (key, "key: { file: keys/sftp }\n    password_env: LONG_PASSWORD", "P7 assay.yaml:11: the"),
        ("ssh-ed25519 AAAA", "ssh-ed25519 ABAB", "P7 assay.yaml:16: this is no host key"),
        ("serves: keys", "serves: nowhere", "P8 assay.yaml:17: "),
        (
            "    serves: keys\n",
            "",
            "Y5 assay.yaml:12:5: reconciliation.sftp: missing field `serves`",
        ),
        ("root: /files/", "root: \"\"", "P7 assay.yaml:18: `root`"),
    ];
    for (from, to, expected) in table {
        let found = with_section(&[(from, to)]).unwrap_err();
        assert!(found.iter().any(|line| line.starts_with(expected)), "{to}: {found:#?}");
    }
    let both = ("report:\n", "reconciliation: {}\nreport:\n");
    assert!(profile(&[both]).unwrap_err()[0].starts_with("P7 assay.yaml:10"));
    let nowhere = ("report:\n", "reconciliation: { folder: nowhere }\nreport:\n");
    assert!(profile(&[nowhere]).unwrap_err()[0].starts_with("P8 assay.yaml:10"));
}

#[test]
fn what_is_wrong_is_refused_with_its_line() {
    let table = [
        ("generation: ams", "generation: ams\nconditions: { fog: true }", "Y5 assay.yaml:2:"),
        ("generation: ams", "generation: ams\nconditions: { fx: maybe }", "Y5 assay.yaml:2:"),
        ("generation: ams", "generation: legacy", "P2 assay.yaml:2: the product cashier is one of"),
        ("generation: ams", "generation: legacy", "P5 assay.yaml:5: in the generation legacy the"),
        ("generation: ams", "generation: legacy", "P5 assay.yaml:7: client_id does not belong"),
        ("[cashier,", "[barcode,", "P2 assay.yaml:2: the product barcode is one of"),
        ("  client_id: SANDBOX_5Y00000000000001\n", "", "P5 assay.yaml:5: in the generation ams"),
        (
            "  client_id:",
            "  partner: \"2088000000000001\"\n  client_id:",
            "P5 assay.yaml:7: partner",
        ),
        ("generation: ams", "generation: amz", "P1 assay.yaml:1: generation 'amz'"),
        ("[cashier,", "[website,", "P2 assay.yaml:2: the product website is one of"),
        ("[cashier,", "[qr,", "P2 assay.yaml:2: the product 'qr'"),
        ("[cashier, order-code, user-presented, entry-code]", "[]", "P2 assay.yaml:2: no product"),
        ("[cashier,", "[user-presented,", "P2 assay.yaml:2: the product user-presented is"),
        ("url: embedded", "url: sandbox", "P4 assay.yaml:6: 'sandbox' is neither"),
        ("url: embedded", "url: https://a.example/ams", "P4 assay.yaml:6: 'https://a.example/ams'"),
        ("url: embedded", "url: https://u:p@a.example", "P4 assay.yaml:6"),
        ("url: embedded", "url: https://a.example:x", "P4 assay.yaml:6"),
        ("url: embedded", "url: https://intlmapi.alipay.com", "P4 assay.yaml:6: intlmapi"),
        ("url: embedded", "url: http://open-sea-global.alipay.com", "P4 assay.yaml:6: open-sea"),
        ("_5Y00000000000001", " 5Y", "P5 assay.yaml:7"),
        ("{ file: keys/merchant.pem }", "{ file: keys/none.pem }", "K1 assay.yaml:8: "),
        (
            "{ file: keys/merchant.pem }",
            "x",
            "Y5 assay.yaml:8:17: gateway.merchant_key: invalid type: string \"x\", expected `file:",
        ),
        ("{ file: keys/merchant.pem }", "{ env: NONE }", "K1 assay.yaml:8: the environment"),
        ("{ file: keys/merchant.pem }", "{ file: a, env: B }", "K1 assay.yaml:8: a key is"),
        ("{ file: keys/merchant.pem }", "{}", "K1 assay.yaml:8: a key is"),
        ("keys/alipay.pub", "keys/own.pub", "K2 assay.yaml:9: the public half of `merchant_key`"),
        ("{ env: REPORT_KEY }", "{ file: keys/merchant.pem }", "K3 assay.yaml:11"),
        ("{ env: REPORT_KEY }", "{ file: keys/alipay.pem }", "K4 assay.yaml:11"),
        ("{ env: REPORT_KEY }", "{ file: keys/reference.pem }", "K4 assay.yaml:11"),
        ("url: embedded", "url: https://a.example", "K4 assay.yaml:9"),
        ("{ env: REPORT_KEY }", "{ env: SMALL_KEY }", "K5 assay.yaml:11"),
        ("integrator: ACME Pay", "integrator: \"\"", "P6 assay.yaml:12"),
        ("contact:", "contract:", "Y5 assay.yaml:13:3: report: unknown field `contract`"),
        ("products:", "colours: {}\nproducts:", "Y5 assay.yaml:2:1: unknown field `colours`"),
        ("  url: embedded\n", "", "Y5 assay.yaml:6:3: gateway: missing field `url`"),
        ("  url: embedded\n", "  url: embedded\n  url: embedded\n", "Y4 assay.yaml:7:3"),
        ("products: [", "products: &p [", "Y3 assay.yaml:2:11"),
    ];
    for (from, to, expected) in table {
        let found = profile(&[(from, to)]).unwrap_err();
        assert!(found.iter().any(|line| line.starts_with(expected)), "{to}: {found:#?}");
    }
}

#[test]
fn unfit_keys_say_what_they_are() {
    let found = profile(&[("keys/alipay.pub", "keys/merchant.pem")]).unwrap_err();
    assert!(found[0].contains("this is a private key (PKCS#1, 2048 bits), a public key was"));
    let found = profile(&[("keys/alipay.pub", "keys/certificate.pem")]).unwrap_err();
    assert!(found[0].contains("a certificate"), "{found:?}");
}

/// A key pasted where its name belongs is refused, and no part of it is said.
#[test]
fn a_key_in_place_of_its_name_is_not_shown() {
    let key = PrivateKey::generate(2048).unwrap();
    let quoted = |text: &str| format!("\"{}\"", text.replace('\n', "\\n"));
    for key in [quoted(&key.to_pkcs8_pem()), key.to_pkcs8_base64()] {
        let named = format!("{{ file: {key} }}");
        let variable = format!("{{ env: {key} }}");
        for (slot, code) in [(named, "K1"), (variable, "K1"), (key.clone(), "Y5")] {
            let found = profile(&[("{ file: keys/merchant.pem }", &slot)]).unwrap_err();
            assert!(found[0].starts_with(code), "{code}");
            assert!(!found.concat().contains("MII"), "{code}: a part of the key is shown");
        }
    }
}

#[test]
fn everything_wrong_is_found_in_one_go() {
    let changes = [("ams", "amz"), ("reference", "http"), ("{ env: REPORT_KEY }", "{ env: X }")];
    let found = profile(&changes).unwrap_err();
    let codes: Vec<&str> = found.iter().map(|line| &line[..2]).collect();
    assert_eq!(codes, ["P1", "P3", "K1"]);
}

/// Which keys fit depends on the gateway that is played against, wherever its address comes from.
#[test]
fn a_gateway_named_beside_the_profile_counts_in_place_of_its_own() {
    let folder = folder();
    let own = GOOD.replace("alipay.pub", "gateway.pub");
    let key = PrivateKey::generate(2048).unwrap().public();
    fs::write(folder.path().join("keys/gateway.pub"), key.to_spki_pem()).unwrap();
    let read = |text: &str, gateway| {
        let named = Named { gateway, merchant: None };
        let told = read::profile("f", text.as_bytes(), folder.path(), named, &report_key);
        told.map_err(|error| error.0.iter().map(|found| found.code).collect::<Vec<_>>())
    };
    let elsewhere = "http://127.0.0.1:8090";
    let url = read(&own, Some(elsewhere)).unwrap().gateway.url;
    assert_eq!(url, GatewayUrl::Remote(elsewhere.to_owned()));
    assert_eq!(read(&own, None).unwrap_err(), ["K6"]);
    assert_eq!(read(GOOD, Some(elsewhere)).unwrap_err(), ["K4"], "the key that everybody has");
}

#[test]
fn a_remote_gateway_wants_keys_of_ones_own() {
    let remote = ("url: embedded", "url: https://open-sea-global.alipay.com/");
    let known = [remote, ("keys/merchant.pem", "keys/reference.pem")];
    let found = profile(&known).unwrap_err();
    assert_eq!(found.iter().filter(|line| line.starts_with("K4")).count(), 2, "{found:#?}");
    let own = [
        remote,
        ("merchant_key: { file: keys/merchant.pem }", "merchant_key: { file: keys/own.pem }"),
    ];
    let folder = folder();
    let key = PrivateKey::generate(2048).unwrap();
    let gateway = PrivateKey::generate(2048).unwrap();
    fs::write(folder.path().join("keys/own.pem"), key.to_pkcs8_pem()).unwrap();
    fs::write(folder.path().join("keys/alipay.pub"), gateway.public().to_spki_pem()).unwrap();
    let text = own.iter().fold(GOOD.to_owned(), |text, (from, to)| text.replacen(from, to, 1));
    let profile =
        read::profile("f", text.as_bytes(), folder.path(), Named::default(), &report_key).unwrap();
    let host = "https://open-sea-global.alipay.com".to_owned();
    assert_eq!(profile.gateway.url, GatewayUrl::Remote(host));
    assert!(profile.warnings.iter().any(|warning| warning.code == "W2"));
}

mod rules;

#[cfg(unix)]
#[test]
fn a_private_key_that_others_can_read_is_worth_a_warning() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = folder();
    let file = folder.path().join("keys/merchant.pem");
    for (mode, warned) in [(0o600, false), (0o644, true), (0o640, true)] {
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
        let profile =
            read::profile("f", GOOD.as_bytes(), folder.path(), Named::default(), &report_key)
                .unwrap();
        assert_eq!(profile.warnings.iter().any(|found| found.code == "W1"), warned, "{mode:o}");
    }
}

#[test]
fn the_redacted_profile_holds_no_key_and_no_folder() {
    let redacted = profile(&[]).unwrap().redacted();
    let text = redacted.to_string();
    assert_eq!(redacted["gateway"]["merchant_key"]["from"], "merchant.pem");
    assert_eq!(redacted["report"]["key"]["from"], "$REPORT_KEY");
    for hidden in ["keys/", "PRIVATE", "MII"] {
        assert!(!text.contains(hidden), "{text}");
    }
}

#[test]
fn the_built_in_profile_is_whole() {
    let profile = Profile::built_in().unwrap();
    assert_eq!(profile.redacted()["gateway"]["url"], "embedded");
    let seal = profile.report.key.key.public().fingerprint();
    assert_ne!(Some(seal), profile.gateway.keys.merchant().fingerprint());
}

#[test]
fn what_belongs_in_a_section_is_said_in_chinese() {
    let keys = "{ file: keys/merchant.pem }";
    for (text, wanted) in [
        (GOOD.replace("  driver: reference", "  reference"), "`driver: reference` 之类的设置"),
        (GOOD.replace(keys, "keys/merchant.pem"), "`file: keys/name.pem` 或 `env: NAME`"),
        (GOOD.replace("generation: ams", "generation: [ams]"), "应为 字符串"),
        (GOOD.replace("generation: ams", "generatoin: ams"), "未知的字段 `generatoin`，应为"),
        (GOOD.replace("  integrator: ACME Pay\n", ""), "缺少字段 `integrator`"),
        (format!("{GOOD}reconciliation: files\n"), "`folder: 路径` 或 `sftp` 的各项设置"),
        (
            format!("{GOOD}reconciliation: {{ sftp: host }}\n"),
            "`host: sftp.example.com` 之类的设置",
        ),
        (format!("{GOOD}conditions: expiry\n"), "`expiry: true` 之类的设置"),
        ("gateway\n".to_owned(), "配置的各项设置"),
    ] {
        let read =
            read::profile("f", text.as_bytes(), Path::new("."), Named::default(), &report_key);
        let told = read.unwrap_err().0[0].says.text(Language::Zh);
        assert!(told.contains(wanted), "{told}");
        assert!(!told.contains("expected") && !told.contains("invalid"), "{told}");
    }
}
