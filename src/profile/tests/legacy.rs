//! Profiles of the older generation.

use super::profile;
use crate::profile::{Keys, Profile};

/// The same account in the older generation.
const LEGACY: [(&str, &str); 3] = [
    ("generation: ams", "generation: legacy"),
    ("[cashier, order-code, user-presented, entry-code]", "[barcode]"),
    ("client_id: SANDBOX_5Y00000000000001", "partner: \"2088000000000001\""),
];

#[test]
fn a_profile_is_of_one_generation() {
    let profile = profile(&LEGACY).unwrap();
    assert_eq!(profile.declared().generation(), "legacy");
    assert_eq!(profile.gateway.partner.as_deref(), Some("2088000000000001"));
    assert_eq!(profile.gateway.client_id, None);
    assert_eq!(Profile::built_in().unwrap().declared().generation(), "ams+legacy");
}

#[test]
fn a_legacy_profile_names_its_partner_and_its_host() {
    for (from, to, expected) in [
        ("\"2088000000000001\"", "\"2089000000000001\"", Some("P5 assay.yaml:7: '2089")),
        ("\"2088000000000001\"", "\"208800000000000\"", Some("P5 assay.yaml:7: '208800000000000'")),
        ("\"2088000000000001\"", "\"2160000000000001\"", None),
        (
            "embedded",
            "https://open-sea-global.alipay.com",
            Some("P4 assay.yaml:6: open-sea-global"),
        ),
        ("embedded", "http://mapi.alipaydev.com/gateway.do", Some("P4 assay.yaml:6: mapi")),
        ("generation: legacy", "generation: legacy\nconditions: { sign_type: SHA }", Some("Y5")),
        ("generation: legacy", "generation: legacy\nconditions: { charset: GBK }", None),
    ] {
        let mut changes = LEGACY.to_vec();
        changes.push((from, to));
        let found = profile(&changes).err();
        match expected {
            None => assert_eq!(found, None, "{to}"),
            Some(expected) => {
                let found = found.unwrap();
                assert!(found.iter().any(|line| line.starts_with(expected)), "{to}: {found:#?}");
            }
        }
    }
}

/// Where the two keys of a pair stand.
const PAIR: &str =
    "merchant_key: { file: keys/merchant.pem }\n  gateway_public_key: { file: keys/alipay.pub }";

/// A legacy profile with a sign type and these keys.
fn signs(sign_type: &str, keys: &str) -> Result<Profile, Vec<String>> {
    let generation = format!("generation: legacy\nconditions: {{ sign_type: {sign_type} }}");
    let mut changes = LEGACY.to_vec();
    changes.extend([("generation: legacy", generation.as_str()), (PAIR, keys)]);
    profile(&changes)
}

#[test]
fn each_sign_type_has_keys_of_its_own() {
    let pair = "merchant_key: { file: keys/merchant.pem }";
    for sign_type in ["RSA", "RSA2"] {
        // The embedded gateway's own key need not be named.
        for keys in [PAIR, pair] {
            let profile = signs(sign_type, keys).unwrap();
            assert!(matches!(profile.gateway.keys, Keys::Rsa(_)), "{sign_type}");
            assert_eq!(profile.sign_type(), Some(sign_type));
        }
    }
    let profile = signs("DSA", "merchant_key: { file: keys/dsa.pem }").unwrap();
    assert!(matches!(profile.gateway.keys, Keys::Dsa(_)));
    let embedded = sandbox::embedded_dsa_key().unwrap().public().fingerprint();
    assert_eq!(profile.redacted()["gateway"]["gateway_public_key"]["fingerprint"], embedded);
    let profile = signs("MD5", "md5_key: { file: keys/md5.key }").unwrap();
    assert!(matches!(profile.gateway.keys, Keys::Shared(_)));
    assert!(profile.gateway.keys.works());
    // Nothing of a shared key is told but where it came from.
    let redacted = profile.redacted();
    assert_eq!(redacted["gateway"]["md5_key"], serde_json::json!({ "from": "md5.key" }));
    assert_eq!(redacted["gateway"].get("merchant_key"), None);
}

#[test]
fn keys_of_another_sign_type_are_refused() {
    let shared = "md5_key: { file: keys/md5.key }";
    let dsa = "merchant_key: { file: keys/dsa.pem }";
    let both = format!("{PAIR}\n  {shared}");
    for (sign_type, keys, expected) in [
        ("MD5", PAIR, "K8 assay.yaml:9: merchant_key does not belong to sign_type MD5"),
        ("MD5", PAIR, "K8 assay.yaml:6: with sign_type MD5 the gateway needs md5_key"),
        ("MD5", both.as_str(), "K8 assay.yaml:10: gateway_public_key does not belong"),
        ("RSA2", both.as_str(), "K8 assay.yaml:11: md5_key does not belong to sign_type RSA2"),
        ("RSA2", shared, "K8 assay.yaml:6: with sign_type RSA2 the gateway needs merchant_key"),
        ("RSA2", dsa, "K1 assay.yaml:9: "),
        ("DSA", PAIR, "K1 assay.yaml:9: "),
        ("MD5", "md5_key: { file: keys/dsa.pem }", "K1 assay.yaml:9: "),
        ("MD5", "md5_key: { file: q8v2m5x0c7b4n1z9l6k3j0h8g5f2d9s6 }", "K1 assay.yaml:9: a key"),
    ] {
        let found = signs(sign_type, keys).unwrap_err();
        assert!(found.iter().any(|line| line.starts_with(expected)), "{keys}: {found:#?}");
        assert!(!found.iter().any(|line| line.contains("q8v2")), "{found:#?}");
    }
}

#[test]
fn a_key_of_the_older_generation_seals_no_report() {
    for key in ["keys/dsa.pem", "keys/md5.key"] {
        let named = format!("{{ file: {key} }}");
        let found = profile(&[("{ env: REPORT_KEY }", named.as_str())]).unwrap_err();
        assert!(found[0].starts_with("K1 assay.yaml:11: "), "{found:#?}");
    }
}

#[test]
fn what_proves_less_than_it_could_is_said() {
    for (sign_type, keys, expected) in [
        ("RSA2", PAIR, None),
        ("RSA", PAIR, Some("RSA signs over SHA-1")),
        ("DSA", "merchant_key: { file: keys/dsa.pem }", Some("DSA signs over SHA-1")),
        ("MD5", "md5_key: { file: keys/md5.key }", Some("both sides hold the key")),
    ] {
        let profile = signs(sign_type, keys).unwrap();
        let said: Vec<_> = profile.warnings.iter().filter(|said| said.code == "W3").collect();
        match expected {
            None => assert!(said.is_empty(), "{said:?}"),
            Some(expected) => assert!(said[0].to_string().contains(expected), "{said:?}"),
        }
    }
}
