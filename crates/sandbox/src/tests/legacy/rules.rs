//! Answers that are ordered in advance.

use protocol::ams::Verified;
use protocol::legacy::Service;
use serde_json::json;

use super::super::{asks, pays};
use super::*;
use crate::rules::{Called, asking_field};

const PAY: &str = "alipay.acquire.overseas.spot.pay";

/// The codes that the documents have: those of the gateway itself, then those of its services.
const DOCUMENTED: &[&str] = &[
    "ILLEGAL_SIGN",
    "ILLEGAL_PARTNER",
    "ILLEGAL_SERVICE",
    "ILLEGAL_EXTERFACE",
    "ILLEGAL_PARTNER_EXTERFACE",
    "ILLEGAL_SIGN_TYPE",
    "ILLEGAL_ARGUMENT",
    "INVALID_PARAMETER",
    "ILLEGAL_CHARSET",
    "ILLEGAL_ENCODING",
    "ILLEGAL_ENCRYPT",
    "ILLEGAL_DIGEST",
    "ILLEGAL_DIGEST_TYPE",
    "ILLEGAL_FILE_FORMAT",
    "ILLEGAL_DYN_MD5_KEY",
    "ILLEGAL_USER",
    "ILLEGAL_AGENT",
    "ILLEGAL_CLIENT_IP",
    "ILLEGAL_TARGET_SERVICE",
    "ILLEGAL_SECURITY_PROFILE",
    "ILLEGAL_REQUEST_REFERER",
    "ILLEGAL_EXTER_INVOKE_IP",
    "ILLEGAL_ACCESS_SWITCH_SYSTEM",
    "ILLEGAL_ANTI_PHISHING_KEY",
    "ANTI_PHISHING_KEY_TIMEOUT",
    "SESSION_TIMEOUT",
    "HAS_NO_PUBLICKEY",
    "HAS_NO_PRIVILEGE",
    "EXTERFACE_IS_CLOSED",
    "SYSTEM_ERROR",
    "TRADE_NOT_EXIST",
    "PURCHASE_TRADE_NOT_EXIST",
    "TRANS_NOT_FOUND",
    "CONTEXT_INCONSISTENT",
    "TRADE_HAS_SUCCESS",
    "TRADE_HAS_CLOSE",
    "TRADE_BUYER_NOT_MATCH",
    "TRADE_STATUS_ERROR",
    "TRADE_CANCEL_TIME_OUT",
    "REASON_TRADE_BEEN_FREEZEN",
    "BUYER_NOT_EXIST",
    "BUYER_ENABLE_STATUS_FORBID",
    "BUYER_BALANCE_NOT_ENOUGH",
    "BUYER_BANKCARD_BALANCE_NOT_ENOUGH",
    "BUYER_PAYMENT_AMOUNT_DAY_LIMIT_ERROR",
    "BEYOND_PAY_RESTRICTION",
    "TOTAL_FEE_EXCEED",
    "REQUEST_AMOUNT_EXCEED",
    "SOUNDWAVE_PARSER_FAIL",
    "SELLER_NOT_EXIST",
    "PARAM_ILLEGAL",
    "PARTNER_ERROR",
    "ACCESS_FORBIDDEN",
    "AGREEMENT_NOT_EXIST",
    "BUYER_SELLER_EQUAL",
    "BUYER_NOT_MAINLAND_CERT",
    "CLIENT_VERSION_NOT_MATCH",
    "EXIST_FORBIDDEN_WORD",
    "REFUND_AMT_RESTRICTION",
    "RETURN_AMOUNT_EXCEED",
    "QUERY_FAILED",
    "NOT_FOUND",
    "DATA_NOT_EXIST",
];

/// What a service answers, without what it repeats of the call.
async fn answered(desk: &Desk, service: Service, text: &str) -> String {
    let field = asking_field(Called::Legacy(service));
    // Some are asked for no later than half an hour after they were made.
    let stamp = desk.rig.clock.now().to_string();
    let pairs = [(field, text), ("timestamp", stamp.as_str())];
    let form = desk.signed(desk.form(service.name(), &pairs));
    String::from_utf8_lossy(&desk.raw(&form).await.body).replace(text, "")
}

/// Who asks in words has the code, whichever it is, and nobody else does: so testers do not meet.
#[tokio::test]
async fn every_documented_code_can_be_asked_for_in_words_at_every_service() {
    let desk = Desk::new().await;
    let asked = "mock:BEYOND_PAY_RESTRICTION";
    for service in Service::ALL {
        let answer = answered(&desk, service, asked).await;
        assert!(!answer.contains("BEYOND_PAY_RESTRICTION"), "{}: {answer}", service.name());
    }
    drop(desk.rig.tenant.clone().answering_words());
    for service in Service::ALL {
        for code in DOCUMENTED {
            let answer = answered(&desk, service, &format!("mock:{code}")).await;
            assert!(answer.contains(code), "{} {code}: {answer}", service.name());
        }
        let other = answered(&desk, service, "BEYOND_PAY_RESTRICTION").await;
        assert!(!other.contains("BEYOND_PAY_RESTRICTION"), "{}: {other}", service.name());
    }
}

#[tokio::test]
async fn a_rule_meets_a_service_and_speaks_on_either_level() {
    let desk = Desk::new().await;
    let code = desk.rig.wallet(pays()).await;
    for (rule, expected) in [
        (json!({ "code": "SYSTEM_ERROR" }), "F SYSTEM_ERROR"),
        (json!({ "code": "SYSTEM_ERROR", "status": "U" }), "UNKNOW SYSTEM_ERROR"),
        (json!({ "code": "BUYER_ENABLE_STATUS_FORBID" }), "FAILED BUYER_ENABLE_STATUS_FORBID"),
        (json!({ "code": "ILLEGAL_SIGN" }), "F ILLEGAL_SIGN"),
    ] {
        let mut rule = rule;
        rule["api"] = json!(PAY);
        rule["times"] = json!(1);
        desk.rig.post("rules", rule).await;
        assert_eq!(result(&desk.pay("T1", "1.00", &code).await), expected);
    }
    assert_eq!(desk.rig.moved().await, (vec![], vec![]));
    let log = desk.rig.see("log").await;
    assert_eq!(log.as_array().unwrap().last().unwrap()["code"], "ILLEGAL_SIGN");
    // By a field, worked on, lost, and late.
    let field = json!({ "path": "trans_amount", "is": "2.00" });
    let rule = json!({ "api": PAY, "field": field, "drop": "after", "times": 1, "delay": 500 });
    desk.rig.post("rules", rule).await;
    assert_eq!(result(&desk.pay("T1", "1.00", &code).await), "SUCCESS");
    let code = desk.rig.code(json!({})).await;
    let form = desk.signed(desk.form(PAY, &super::pay("T2", "2.00", &code)));
    assert!(desk.rig.try_send(desk.call(&form)).await.is_none());
    assert_eq!(desk.status("T2").await, "TRADE_SUCCESS");
}

#[tokio::test]
async fn a_charge_may_follow_a_system_error() {
    let desk = Desk::new().await;
    let code = desk.rig.wallet(asks("approve", 6_000)).await;
    let rule =
        json!({ "api": PAY, "code": "SYSTEM_ERROR", "status": "U", "process": true, "times": 1 });
    desk.rig.post("rules", rule).await;
    assert_eq!(result(&desk.pay("T1", "1.00", &code).await), "UNKNOW SYSTEM_ERROR");
    desk.pass(6_000).await;
    assert_eq!(desk.status("T1").await, "TRADE_SUCCESS");
}

#[tokio::test]
async fn answers_of_other_services_are_ordered_too() {
    let desk = Desk::new().await;
    let rule = |api: &str, code: &str, status: &str| {
        let mut rule = json!({ "api": api, "code": code, "times": 1 });
        if !status.is_empty() {
            rule["status"] = json!(status);
        }
        rule
    };
    for (code, status, expected, retry) in [
        ("SYSTEM_ERROR", "F", "FAIL SYSTEM_ERROR", "Y"),
        ("SYSTEM_ERROR", "U", "UNKNOWN SYSTEM_ERROR", "Y"),
        ("TRADE_CANCEL_TIME_OUT", "", "FAIL TRADE_CANCEL_TIME_OUT", "N"),
    ] {
        desk.rig.post("rules", rule("alipay.acquire.cancel", code, status)).await;
        let answer = desk.cancel("T1").await;
        assert_eq!((result(&answer).as_str(), answer.get("retry_flag")), (expected, Some(retry)));
    }
    desk.rig.post("rules", rule("notify_verify", "true", "")).await;
    let form = desk.signed(desk.form("notify_verify", &[("notify_id", "1")]));
    assert_eq!(desk.raw(&form).await.body, b"true");
    desk.rig.post("rules", rule("alipay.acquire.refund.query", "QUERY_FAILED", "")).await;
    let pairs = [("out_trade_no", "T1"), ("out_return_no", "R1")];
    let answer = desk.ask("alipay.acquire.refund.query", &pairs).await;
    assert_eq!(answer.get("response_code"), Some("QUERY_FAILED"));
    for (signature, expected) in [("wrong", Verified::Wrong), ("missing", Verified::Unsigned)] {
        let mut rule = json!({ "api": "alipay.acquire.overseas.query", "times": 1 });
        rule["signature"] = json!(signature);
        desk.rig.post("rules", rule).await;
        let query = [("partner_trans_id", "T1")];
        let form = desk.signed(desk.form("alipay.acquire.overseas.query", &query));
        let body = desk.raw(&form).await.body;
        match Answer::read(&body) {
            Ok(answer) => {
                assert_eq!(answer.verify(&gateway(SignType::Rsa2), Charset::Utf8), expected);
            }
            Err(fault) => assert!(expected == Verified::Unsigned, "{fault}"),
        }
    }
}
