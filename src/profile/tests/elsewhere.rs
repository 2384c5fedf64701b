//! Profiles of gateways that a team shares.

use super::{Profile, profile};

const URL: &str = "url: embedded";

/// The profile with one line more below the gateway's.
fn token(line: &str) -> Result<Profile, Vec<String>> {
    profile(&[(URL, &format!("{URL}\n  control_token: {line}"))])
}

#[test]
fn a_control_token_is_named_and_never_told() {
    let read = token("{ env: LONG_TOKEN }").unwrap();
    let secret = "0123456789abcdef";
    assert_eq!(read.gateway.control_token.as_ref().unwrap().key.secret(), secret);
    let told = format!("{} {read:?}", read.redacted());
    assert!(!told.contains(secret) && !told.contains("LONG_TOKEN\":"), "{told}");
    for (line, expected) in [
        ("{ env: SHORT_PASSWORD }", "K1 assay.yaml:7: $SHORT_PASSWORD: a token of 12 to 256"),
        ("{ env: LONG_PASSWORD }", "K1 assay.yaml:7: $LONG_PASSWORD: a token of 12 to 256"),
        ("{ env: NOBODY }", "K1 assay.yaml:7: the environment variable NOBODY"),
        ("{ file: keys/sftp }", "a token of 12 to 256 printable characters"),
        ("open-sesame", "assay.yaml:7"),
    ] {
        let found = token(line).unwrap_err();
        assert!(found.iter().any(|found| found.contains(expected)), "{line}: {found:#?}");
    }
}

#[test]
fn payment_codes_that_are_known_beforehand_are_codes_and_never_told() {
    let codes = |list: &str| profile(&[(URL, &format!("{URL}\n  payment_codes: {list}"))]);
    let read = codes("['281234567890123456', 'KP7F3A9021C00000']").unwrap();
    assert_eq!(read.gateway.payment_codes, ["281234567890123456", "KP7F3A9021C00000"]);
    assert!(!read.redacted().to_string().contains("281234567890123456"));
    assert!(codes("[]").unwrap().gateway.payment_codes.is_empty());
    for (list, expected) in [
        ("['28123']", "P7 assay.yaml:7: 28123 is no payment code"),
        ("['281234567890123456', '2812 34567890-23456']", "P7 assay.yaml:7"),
        ("'281234567890123456'", "assay.yaml:7"),
    ] {
        let found = codes(list).unwrap_err();
        assert!(found.iter().any(|found| found.contains(expected)), "{list}: {found:#?}");
    }
}

#[test]
fn a_merchant_without_an_address_for_notices_is_warned_of() {
    for (more, warned) in [("", true), ("\n  notify_url: http://127.0.0.1:8000/n", false)] {
        let http = format!("driver: http\n  url: http://127.0.0.1:8000/assay{more}");
        let read = profile(&[("driver: reference", &http)]).unwrap();
        let codes: Vec<_> = read.warnings.iter().map(|warning| warning.code).collect();
        assert_eq!(codes.contains(&"W4"), warned, "{more}: {codes:?}");
    }
    let codes = profile(&[]).unwrap().warnings;
    assert!(codes.iter().all(|warning| warning.code != "W4"), "{codes:?}");
}

#[test]
fn a_public_url_has_no_path() {
    let witness = |url: &str| {
        profile(&[("merchant:", &format!("witness: {{ public_url: '{url}' }}\nmerchant:"))])
    };
    for url in ["http://10.0.0.5:8981", "https://shop.example/"] {
        let read = witness(url).unwrap();
        assert_eq!(read.witness.public_url.as_deref(), Some(url.trim_end_matches('/')));
    }
    for url in ["", "10.0.0.5:8981", "http://shop.example/notify", "http://u:p@shop.example"] {
        let found = witness(url).unwrap_err();
        assert!(found[0].starts_with("P7 assay.yaml:3: "), "{url}: {found:?}");
    }
}

#[test]
fn the_gateways_own_files_come_in_where_the_merchant_reads_none() {
    let with = |driver: &str, section: &str| {
        profile(&[
            ("driver: reference", driver),
            ("report:\n", &format!("reconciliation: {section}\nreport:\n")),
        ])
    };
    let own = "driver: http\n  url: http://127.0.0.1:8000/assay";
    let section = "{ folder: ., source: keys }";
    let read = with(own, section).unwrap();
    assert!(read.has_days() && read.depot().source.is_some());
    assert!(read.depot().folder.is_some());
    assert_eq!(read.redacted()["reconciliation"]["source"], "keys");
    // The reference merchant forgets its books when the run ends.
    assert!(!with("driver: reference", section).unwrap().has_days());
    assert!(!with(own, "{ folder: . }").unwrap().has_days());
    for (section, expected) in [
        ("{ folder: keys, source: keys }", "is also where the merchant reads"),
        ("{ folder: keys, source: ./keys/../keys }", "is also where the merchant reads"),
        ("{ folder: keys, source: nowhere }", "P8 "),
        ("{ source: keys }", "P7 "),
    ] {
        let found = with(own, section).unwrap_err();
        assert!(found.iter().any(|found| found.contains(expected)), "{section}: {found:#?}");
    }
}
