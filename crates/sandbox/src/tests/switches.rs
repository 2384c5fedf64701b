//! Each switch is turned while the gateway runs, and the next call meets its new position.

use protocol::ams::{Api, Signed, inquiry_body};
use protocol::{Fields, iso8601, parse_time};
use serde_json::json;
use wire::Call;

use super::transport::ill_fitting;
use super::{
    AckMood, CLIENT, Rig, asks, checked_out, merchant_key, pays, result, scanned, shown, signed,
    start,
};

async fn turn(rig: &Rig, id: &str, choice: &str) {
    rig.post("settings", json!({ "switches": { id: choice } })).await;
}

/// Status and code of the answer to a call, whose signature is not looked at.
async fn told(rig: &Rig, call: Call) -> String {
    result(&Fields::read(&rig.send(call).await.body).unwrap())
}

/// An inquiry of nothing, its signature header rewritten.
fn inquiry(time: &str, rewrite: impl Fn(String) -> String) -> Call {
    let (target, body) = (Api::InquiryPayment.path(CLIENT), br#"{"paymentRequestId":"P1"}"#);
    let signed = Signed { target: &target, client_id: CLIENT, time, body };
    let header = rewrite(signed.sign(&merchant_key()).unwrap());
    Call::post(target.clone(), body.to_vec())
        .header("client-id", CLIENT)
        .header("request-time", time)
        .header("signature", header)
}

#[tokio::test]
async fn a1_a_signature_has_to_be_written_as_documented() {
    type Rewrite = fn(String) -> String;
    let plain: [Rewrite; 2] = [|header| header, |header| header.replace(',', ", ")];
    let odd: [Rewrite; 3] = [
        |header| header.replace("%3D", ""),
        |header| header.replace("%2B", "+").replace("%2F", "/").replace("%3D", "="),
        |header| {
            let (others, value) = header.rsplit_once(',').unwrap();
            format!("{value},{others}")
        },
    ];
    let rig = Rig::new().await;
    for (choice, code) in [("lenient", "F ORDER_NOT_EXIST"), ("strict", "F INVALID_SIGNATURE")] {
        turn(&rig, "A1", choice).await;
        for rewrite in plain {
            let call = inquiry(&start().to_string(), rewrite);
            assert_eq!(told(&rig, call).await, "F ORDER_NOT_EXIST", "{choice}");
        }
        for (place, rewrite) in odd.into_iter().enumerate() {
            let call = inquiry(&start().to_string(), rewrite);
            assert_eq!(told(&rig, call).await, code, "{choice} {place}");
        }
    }
}

#[tokio::test]
async fn a3_codes_are_spelled_as_older_pages_spell_them() {
    let rig = Rig::new().await;
    for (choice, codes) in [
        ("newest", ["INVALID_SIGNATURE", "INVALID_CLIENT", "OAUTH_FAIL", "NO_PAY_OPTIONS"]),
        ("older", ["SIGNATURE_INVALID", "CLIENT_INVALID", "OAUTH_FAILED", "NO_PAY_OPTION"]),
    ] {
        turn(&rig, "A3", choice).await;
        let path = Api::Pay.path(CLIENT);
        let stranger = Call::post(path.clone(), "{}").header("client-id", "SANDBOX_5Y");
        let mut seen = vec![told(&rig, ill_fitting()).await, told(&rig, stranger).await];
        for code in ["OAUTH_FAIL", "NO_PAY_OPTIONS"] {
            rig.post("rules", json!({ "api": "pay", "code": code, "times": 1 })).await;
            seen.push(told(&rig, signed(&path, b"{}")).await);
        }
        assert_eq!(seen, codes.map(|code| format!("F {code}")));
        let log = rig.see("log").await;
        assert_eq!(log.as_array().unwrap().last().unwrap()["code"], codes[3]);
    }
}

#[tokio::test]
async fn a4_a_request_has_to_come_from_about_now() {
    let rig = Rig::new().await;
    rig.until(start() + 60_000).await;
    let times = [0, 30_000, 60_000, 90_000, 120_000].map(|after| iso8601(start() + after));
    let (known, illegal) = ("F ORDER_NOT_EXIST", "F PARAM_ILLEGAL");
    for (choice, codes) in
        [("not-enforced", [known; 5]), ("max-skew=31", [illegal, known, known, known, illegal])]
    {
        turn(&rig, "A4", choice).await;
        for (time, code) in times.iter().zip(codes) {
            assert_eq!(told(&rig, inquiry(time, |header| header)).await, code, "{choice} {time}");
        }
    }
}

#[tokio::test]
async fn a8_a_pay_has_to_name_its_order() {
    let rig = Rig::new().await;
    for (choice, code) in [("optional", "S SUCCESS"), ("required", "F PARAM_ILLEGAL")] {
        turn(&rig, "A8", choice).await;
        let mut body = shown(choice, "USD 12.31");
        body["order"]["referenceOrderId"] = json!("");
        assert_eq!(result(&rig.ask(Api::Pay, &body).await), code);
        assert_eq!(result(&rig.ask(Api::Pay, &shown("P1", "USD 12.31")).await), "S SUCCESS");
    }
}

#[tokio::test]
async fn a9_one_span_fits_all_products() {
    let rig = Rig::new().await;
    rig.wallet(asks("ignore", 0)).await;
    for (choice, minutes) in [("per-product", [10, 3, 14]), ("5", [5, 5, 5])] {
        turn(&rig, "A9", choice).await;
        let code = rig.code(json!({})).await;
        let began = rig.clock.now();
        let [scan, show, page] = ["scan", "show", "page"].map(|name| format!("{name} {choice}"));
        rig.ask(Api::Pay, &scanned(&scan, "USD 1", &code)).await;
        rig.ask(Api::Pay, &shown(&show, "USD 1")).await;
        rig.ask(Api::Pay, &checked_out(&page, "USD 1")).await;
        let mut ended = [scan, show, page].map(|id| (id, None));
        for minute in 1..20 {
            rig.until(began + minute * 60_000 + 1_000).await;
            for (id, end) in &mut ended {
                if end.is_none() && rig.status(id).await == "FAIL" {
                    *end = Some(minute);
                }
            }
        }
        assert_eq!(ended.map(|(_, end)| end), minutes.map(Some), "{choice}");
    }
}

#[tokio::test]
async fn a11_the_cancel_window_is_what_the_contract_says() {
    let rig = Rig::new().await;
    rig.wallet(pays()).await;
    let (done, late) = ("S SUCCESS", "F CANCEL_WINDOW_EXCEED");
    let (minute, day) = (60_000, protocol::DAY);
    for (choice, span, code) in [
        ("next-day-00:15", 31 * minute, done),
        ("next-day-00:15", 2 * day, late),
        ("none", 2 * day, done),
        ("30", 29 * minute, done),
        ("30", 31 * minute, late),
    ] {
        turn(&rig, "A11", choice).await;
        // Every order is made at ten in the morning.
        rig.until(rig.clock.now().div_euclid(day) * day + day + 2 * 60 * minute).await;
        let (id, scan) = (format!("{choice} {span}"), rig.code(json!({})).await);
        rig.ask(Api::Pay, &scanned(&id, "USD 1", &scan)).await;
        rig.pass(span).await;
        assert_eq!(result(&rig.cancel(&id).await), code, "{id}");
    }
}

#[tokio::test]
async fn a12_366_days_leave_a_day_longer_for_a_refund() {
    let rig = Rig::new().await;
    let code = rig.wallet(pays()).await;
    let paid = rig.ask(Api::Pay, &scanned("P1", "USD 12.31", &code)).await;
    rig.until(parse_time("2027-01-05T10:00:01+08:00").unwrap()).await;
    let body = json!({
        "refundRequestId": "R1",
        "paymentId": paid.text("paymentId"),
        "refundAmount": { "currency": "USD", "value": "100" },
    });
    assert_eq!(result(&rig.ask(Api::Refund, &body).await), "F REFUND_WINDOW_EXCEED");
    turn(&rig, "A12", "366-days").await;
    assert_eq!(result(&rig.ask(Api::Refund, &body).await), "S SUCCESS");
}

#[tokio::test]
async fn a13_a_failure_in_a_shop_is_told_too() {
    let rig = Rig::new().await;
    let mut code = rig.wallet(asks("decline", 5_000)).await;
    for (choice, told) in [
        ("success-only", vec![]),
        ("notify-failure", vec!["F USER_PAYMENT_VERIFICATION_FAILED", "F INVALID_PAYMENT_CODE"]),
    ] {
        turn(&rig, "A13", choice).await;
        let (declined, refused) = (format!("{choice} 1"), format!("{choice} 2"));
        rig.ask(Api::Pay, &scanned(&declined, "USD 1", &code)).await;
        rig.pass(10_000).await;
        rig.ask(Api::Pay, &scanned(&refused, "USD 1", &code)).await;
        rig.pass(10_000).await;
        let notices = rig.notices.lock().clone();
        assert_eq!(notices.iter().map(|notice| result(&notice.fields)).collect::<Vec<_>>(), told);
        code = rig.code(json!({})).await;
    }
    rig.ask(Api::Pay, &shown("P3", "USD 1")).await;
    rig.pass(protocol::DAY).await;
    assert_eq!(rig.status("P3").await, "FAIL");
    assert_eq!(rig.notices.lock().len(), 2, "nobody is told of an expiry");
}

#[tokio::test]
async fn a16_the_answer_while_the_buyer_is_asked_has_another_code() {
    let rig = Rig::new().await;
    let code = rig.wallet(asks("ignore", 0)).await;
    let body = scanned("P1", "USD 12.31", &code);
    for choice in ["PAYMENT_IN_PROCESS", "UNKNOWN_EXCEPTION"] {
        turn(&rig, "A16", choice).await;
        assert_eq!(result(&rig.ask(Api::Pay, &body).await), format!("U {choice}"));
        assert_eq!(rig.status("P1").await, "PROCESSING");
    }
    rig.post("wallets/w1/confirm", json!({ "paymentRequestId": "P1" })).await;
    assert_eq!(result(&rig.ask(Api::Pay, &body).await), "S SUCCESS");
}

#[tokio::test]
async fn a18_numbers_have_to_be_written_as_text() {
    let rig = Rig::new().await;
    for (choice, code) in [("lenient", "S SUCCESS"), ("strict-strings", "F PARAM_ILLEGAL")] {
        turn(&rig, "A18", choice).await;
        let mut body = shown(choice, "USD 12.31");
        body["order"]["orderAmount"]["value"] = json!(1231);
        let answer = rig.ask(Api::Pay, &body).await;
        assert_eq!(result(&answer), code);
        let told = answer.text("result.resultMessage").unwrap();
        assert_eq!(told.contains("order.orderAmount.value:"), choice == "strict-strings", "{told}");
        body["order"]["orderAmount"]["value"] = json!("1231");
        assert_eq!(result(&rig.ask(Api::Pay, &body).await), "S SUCCESS");
        let mut body = inquiry_body(Some(choice), None);
        body["odd"] = json!([{ "deep": true }]);
        assert_eq!(result(&rig.ask(Api::InquiryPayment, &body).await), code);
    }
}

#[tokio::test]
async fn a19_the_first_inquiries_of_an_order_do_not_find_it() {
    let rig = Rig::new().await;
    let (found, missing) = ("S SUCCESS", "F ORDER_NOT_EXIST");
    for (choice, codes) in [("none", [found; 3]), ("lag=2", [missing, missing, found])] {
        turn(&rig, "A19", choice).await;
        for order in 0..2 {
            let id = format!("{choice} {order}");
            rig.ask(Api::Pay, &shown(&id, "USD 1")).await;
            for code in codes {
                assert_eq!(result(&rig.inquire(&id).await), code, "{id}");
            }
        }
    }
    turn(&rig, "A19", "lag=2").await;
    rig.ask(Api::Pay, &shown("P1", "USD 1")).await;
    assert_eq!(result(&rig.cancel("P1").await), found, "only inquiries lag");
}

#[tokio::test]
async fn a23_an_ack_says_the_result_or_exactly_that_or_anything() {
    const FREE: &str =
        r#"{"result":{"resultStatus":"S","resultCode":"SUCCESS","resultMessage":"got it"}}"#;
    let rig = Rig::new().await;
    rig.wallet(pays()).await;
    turn(&rig, "A7", "cut-24h").await;
    for (choice, sends) in
        [("result", [1, 1, 7, 7]), ("exact", [1, 7, 7, 7]), ("status-only", [1, 1, 1, 7])]
    {
        turn(&rig, "A23", choice).await;
        let moods =
            [AckMood::Fixed, AckMood::Says(200, FREE), AckMood::Never, AckMood::Says(500, FREE)];
        for (place, (mood, count)) in moods.into_iter().zip(sends).enumerate() {
            *rig.acks.lock() = mood;
            let code = rig.code(json!({})).await;
            rig.ask(Api::Pay, &scanned(&format!("{choice} {place}"), "USD 1", &code)).await;
            rig.pass(protocol::DAY).await;
            let told = std::mem::take(&mut *rig.notices.lock()).len();
            assert_eq!(told, count, "{choice} {mood:?}");
        }
    }
}
