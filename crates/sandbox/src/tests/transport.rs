//! Paths, methods, signatures and the shape of answers.

use protocol::Fields;
use protocol::ams::{Api, Verified, inquiry_body};
use serde_json::json;
use wire::Call;

use super::{CLIENT, Rig, judge, pays, result, scanned, shown, signed};

const PATH: &str = "/ams/sandbox/api/v1/payments/inquiryPayment";

async fn told(rig: &Rig, target: &str, call: Call) -> (String, Verified) {
    let answer = rig.send(call).await;
    (result(&Fields::read(&answer.body).unwrap()), judge(target, &answer))
}

#[tokio::test]
async fn answers_have_the_one_shape_that_every_client_verifies() {
    let rig = Rig::new().await;
    let body = inquiry_body(Some("P1"), None).to_string();
    for target in [PATH, "/ams/api/v1/payments/inquiryPayment", &format!("{PATH}?x=1")] {
        let answer = rig.send(signed(target, body.as_bytes())).await;
        assert_eq!(judge(target, &answer), Verified::Valid);
        let names: Vec<_> = answer.headers.iter().map(|(name, _)| name.as_str()).collect();
        let expected =
            ["content-type", "client-id", "response-time", "signature", "content-length"];
        assert_eq!(names, expected);
        assert_eq!(answer.header("client-id"), Some(CLIENT));
        assert_eq!(answer.header("response-time").map(str::len), Some(25));
        let signature = answer.header("signature").unwrap();
        assert!(signature.starts_with("algorithm=RSA256,keyVersion=1,signature="));
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_call_is_said_in_its_code() {
    let rig = Rig::new().await;
    let body = inquiry_body(Some("P1"), None).to_string();
    let unknown = "/ams/api/v1/payments/capture";
    let (code, verified) = told(&rig, unknown, signed(unknown, body.as_bytes())).await;
    assert_eq!((code.as_str(), verified), ("F NO_INTERFACE_DEF", Verified::Valid));
    let (code, _) = told(&rig, "/", Call::get("/")).await;
    assert_eq!(code, "F NO_INTERFACE_DEF");
    let (code, verified) = told(&rig, PATH, Call::get(PATH)).await;
    assert_eq!((code.as_str(), verified), ("F METHOD_NOT_SUPPORTED", Verified::Valid));
    let stranger = Call::post(PATH, body.clone()).header("client-id", "SANDBOX_5Y");
    let (code, verified) = told(&rig, PATH, stranger).await;
    assert_eq!((code.as_str(), verified), ("F INVALID_CLIENT", Verified::Valid));
    for text in ["", "[]", "{", "null"] {
        let (code, verified) = told(&rig, PATH, signed(PATH, text.as_bytes())).await;
        assert_eq!((code.as_str(), verified), ("F PARAM_ILLEGAL", Verified::Valid));
    }
}

#[tokio::test]
async fn a_bad_signature_is_refused_without_one() {
    for signed_refusals in [false, true] {
        let shape = |terms: &mut crate::Terms| terms.switches.signed_refusals = signed_refusals;
        let rig = Rig::build(shape, None).await;
        let answer = rig.send(ill_fitting()).await;
        let fields = Fields::read(&answer.body).unwrap();
        assert_eq!(result(&fields), "F INVALID_SIGNATURE");
        assert_eq!(answer.header("signature").is_some(), signed_refusals);
        assert!(answer.header("response-time").is_some());
        let unsigned = Call::post(PATH, "{}").header("client-id", CLIENT);
        let answer = rig.send(unsigned).await;
        assert_eq!(result(&Fields::read(&answer.body).unwrap()), "F INVALID_SIGNATURE");
    }
}

/// A call with a signature that does not fit it.
pub(super) fn ill_fitting() -> Call {
    let time = super::start().to_string();
    let text =
        protocol::ams::Signed { target: "/elsewhere", client_id: CLIENT, time: &time, body: b"{}" };
    Call::post(PATH, "{}")
        .header("client-id", CLIENT)
        .header("request-time", time.clone())
        .header("signature", text.sign(&super::merchant_key()).unwrap())
}

#[tokio::test]
async fn a_moment_that_cannot_be_read_is_illegal() {
    let rig = Rig::new().await;
    for (time, code) in [
        ("1685599933", "F PARAM_ILLEGAL"),
        ("yesterday", "F PARAM_ILLEGAL"),
        ("2024-04-07T11:07:57+0000", "F ORDER_NOT_EXIST"),
        ("2024-04-07T19:07:57.0000000+08:00", "F ORDER_NOT_EXIST"),
    ] {
        let body = br#"{"paymentRequestId":"P1"}"#;
        let text = protocol::ams::Signed { target: PATH, client_id: CLIENT, time, body };
        let call = Call::post(PATH, body.to_vec())
            .header("client-id", CLIENT)
            .header("request-time", time)
            .header("agent-token", "")
            .header("accept", "text/plain")
            .header("signature", text.sign(&super::merchant_key()).unwrap());
        assert_eq!(told(&rig, PATH, call).await, (code.to_owned(), Verified::Valid));
    }
}

#[tokio::test]
async fn hard_texts_are_signed_as_they_are_sent() {
    let rig = Rig::new().await;
    let code = rig.wallet(pays()).await;
    rig.post("settings", json!({ "hard_texts": true })).await;
    let body = scanned("P1", "USD 12.31", &code).to_string();
    let path = Api::Pay.path(CLIENT);
    let answer = rig.send(signed(&path, body.as_bytes())).await;
    assert_eq!(judge(&path, &answer), Verified::Valid);
    assert!(answer.header("signature").unwrap().starts_with("algorithm=RSA256, keyVersion=1, "));
    let message = Fields::read(&answer.body).unwrap().text("result.resultMessage").unwrap();
    assert_eq!(message, "退款 \"ok\" & 50% + <b>é</b> \\ ☕ ");
    rig.pass(1_000).await;
    let notice = rig.notices.lock()[0].clone();
    assert_eq!(notice.verified, Verified::Valid);
    assert_eq!(notice.fields.text("result.resultMessage"), Some(message));
    rig.post("settings", json!({ "hard_texts": false })).await;
    let answer = rig.ask(Api::Pay, &shown("P2", "USD 1")).await;
    assert_eq!(answer.text("result.resultMessage").as_deref(), Some("success"));
}
