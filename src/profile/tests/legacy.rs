//! Profiles of the older generation.

use super::profile;
use crate::profile::Profile;

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
