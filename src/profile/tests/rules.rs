//! The rules of a profile.

use std::fs;

use super::{GOOD, folder, report_key};
use crate::profile::{Named, Profile, ProfileError, read};
use crate::suite::{Plan, Selection, Suite};

/// The profile with a file of rules, or what is wrong with it.
fn with(rules: Option<&str>) -> Result<Profile, ProfileError> {
    let folder = folder();
    if let Some(rules) = rules {
        fs::write(folder.path().join("rules.yaml"), rules).unwrap();
    }
    let text = GOOD.replacen("  url: embedded\n", "  url: embedded\n  rules: rules.yaml\n", 1);
    assert!(text.contains("rules.yaml"));
    read::profile("assay.yaml", text.as_bytes(), folder.path(), Named::default(), &report_key)
}

/// What is wrong with it, and where.
fn wrong(rules: Option<&str>) -> String {
    with(rules).unwrap_err().0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

const TEA: &str = "- { api: pay, when: { order.orderDescription: Tea }, then: { http: 503 } }";

#[test]
fn a_profile_brings_rules_along_and_tells_them() {
    let profile = with(Some(&format!("mock:\n{TEA}\n"))).unwrap();
    let told = &profile.redacted()["gateway"]["rules"];
    assert_eq!(told.as_array().map(Vec::len), Some(1));
    assert_eq!(told[0]["field"]["is"], "Tea");
    assert_eq!(profile.gateway.rules.of_run().len(), 1);
    let without = Profile::built_in().unwrap();
    assert!(without.redacted()["gateway"].get("rules").is_none());
}

#[test]
fn what_is_wrong_with_a_rule_is_told_with_its_file_and_line() {
    let missing = wrong(None);
    assert!(missing.contains("assay.yaml:") && missing.contains("cannot be read"), "{missing}");
    for (rules, says) in [
        (
            "mock:\n- { api: pay, then: { result: RISK_REJECT } }\n- { api: pya, then: { http: 503 } }\n",
            "rules.yaml:3: 'pya' is no call",
        ),
        ("mock:\n- { api: pay, then: { resultt: X } }\n", "rules.yaml:2:"),
        ("mock: []\n", "rules.yaml: there is no rule"),
        (
            "mock:\n- { api: alipay.acquire.cancel, then: { http: 503 } }\n",
            "rules.yaml:2: alipay.acquire.cancel is no call of the generation ams",
        ),
    ] {
        let told = wrong(Some(rules));
        assert!(told.contains(says), "{told}");
    }
    let long = "#".repeat(65 * 1024);
    assert!(wrong(Some(&long)).contains("rules.yaml:1"));
}

#[test]
fn a_rule_that_ends_before_a_case_does_is_refused() {
    let suite = Suite::embedded().unwrap();
    let refused = |minutes: u32, cases: &[&str]| {
        let lasting = TEA.replace(" }, then", &format!(" }}, minutes: {minutes}, then"));
        let rules = format!("mock:\n{TEA}\n{lasting}\n");
        let profile = with(Some(&rules)).unwrap();
        let wanted = cases.iter().map(ToString::to_string).collect();
        let mandatory = Selection::mandatory(profile.declared());
        let plan = Plan::new(&suite, &Selection { wanted, ..mandatory }).unwrap();
        let told = profile.gateway.rules.outlast(&plan.planned);
        told.err().map(|error| error.to_string()).unwrap_or_default()
    };
    assert_eq!(refused(30, &["AMS-PAY-001"]), "");
    let told = refused(120, &[]);
    assert!(told.contains("rules.yaml:3:") && told.contains("1440 minutes"), "{told}");
    assert!(told.contains("the rule lasts 120"), "{told}");
    let told = refused(30, &["AMS-PAY-001", "AMS-PAY-098"]);
    assert!(told.contains("AMS-PAY-098"), "{told}");
}

#[test]
fn rules_need_a_gateway_that_takes_them() {
    let profile = with(Some(&format!("mock:\n{TEA}\n"))).unwrap();
    assert!(profile.gateway.rules.taken_by("embedded", true).is_ok());
    let refused = profile.gateway.rules.taken_by("https://a.example", false).unwrap_err();
    let told = refused.to_string();
    assert!(told.contains("rules.yaml:2: https://a.example answers no control API"), "{told}");
    assert!(Profile::built_in().unwrap().gateway.rules.taken_by("x", false).is_ok());
}
