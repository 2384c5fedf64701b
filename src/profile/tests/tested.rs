//! Profiles of systems that are not assay's.

use super::profile;
use crate::profile::Driver;

/// The driver's line, which stands fourth.
const DRIVER: &str = "driver: reference";

#[test]
fn what_is_wrong_with_merchant_and_witness_is_refused_with_its_line() {
    for (from, to, expected) in [
        (DRIVER, "driver: manual\n  url: http://h/a", "P3 assay.yaml:5: 'url' belongs to"),
        (DRIVER, "driver: magic", "P3 assay.yaml:4: the driver 'magic'"),
        (DRIVER, "driver: http", "P3 assay.yaml:3: '' is no address of a merchant's"),
        (DRIVER, "driver: http\n  url: ftp://h", "P3 assay.yaml:5: 'ftp://h' is no"),
        (DRIVER, "driver: http\n  url: http://u:p@h/a", "P3 assay.yaml:5: 'http://…@…' is"),
        (DRIVER, "driver: command", "P3 assay.yaml:3: the driver command has no program"),
        (DRIVER, "driver: command\n  command: []", "P3 assay.yaml:5: the driver command has no"),
        (DRIVER, "driver: reference\n  url: http://h/a", "P3 assay.yaml:5: 'url' belongs to"),
        (DRIVER, "driver: http\n  url: http://h\n  command: [a]", "P3 assay.yaml:6: 'command' be"),
        (DRIVER, "driver: reference\n  notify_url: x", "P3 assay.yaml:5: 'x' is no"),
        ("merchant:", "witness: { listen: 8980 }\nmerchant:", "P7 assay.yaml:3: '8980' is no"),
        (
            "merchant:",
            "witness: { listen: '127.0.0.1:8981' }\nmerchant:",
            "P7 assay.yaml:3: calls and notices cannot both",
        ),
    ] {
        let found = profile(&[(from, to)]).unwrap_err();
        assert!(found.iter().any(|found| found.starts_with(expected)), "{to}: {found:#?}");
    }
}

#[test]
fn a_merchant_of_ones_own_is_read_and_told_without_its_arguments() {
    let http = profile(&[(DRIVER, "driver: http\n  url: http://127.0.0.1:8000/assay/")]).unwrap();
    let url = "http://127.0.0.1:8000/assay".to_owned();
    assert_eq!(http.redacted()["merchant"]["url"], url.as_str());
    assert_eq!(http.merchant.driver, Driver::Http { url });
    assert_eq!(http.redacted()["witness"]["listen"], "127.0.0.1:8980");
    let line = "driver: command\n  command: [python3, adapter.py, --password, hunter22]";
    let command = profile(&[(DRIVER, line)]).unwrap();
    assert_eq!(command.redacted()["merchant"]["program"], "python3");
    assert!(!command.redacted().to_string().contains("hunter22"));
    let manual = profile(&[(DRIVER, "driver: manual\n  notify_url: http://h/n")]).unwrap();
    assert_eq!(manual.merchant.driver, Driver::Manual);
    assert_eq!(manual.redacted()["merchant"]["driver"], "manual");
    assert!(profile(&[]).unwrap().redacted().get("witness").is_none());
}
