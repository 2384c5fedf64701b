//! Each switch is turned while the gateway runs, and the next call meets its new position.

use protocol::iso8601;
use protocol::legacy::Empties;
use serde_json::json;

use super::super::{asks, pays, start};
use super::website::order;
use super::*;

const MINUTE: Millis = 60_000;

async fn turn(desk: &Desk, id: &str, choice: &str) {
    desk.rig.post("settings", json!({ "switches": { id: choice } })).await;
}

/// A desk on which a switch is turned, and a code of its wallet.
async fn turned(id: &str, choice: &str, mood: Value) -> (Desk, String) {
    let desk = Desk::new().await;
    turn(&desk, id, choice).await;
    let code = desk.rig.wallet(mood).await;
    (desk, code)
}

#[tokio::test]
async fn l1_words_are_spelled_per_service_or_plainly() {
    for (choice, words) in
        [("per-service", ["UNKNOW", "FAILED"]), ("FAIL-and-UNKNOWN", ["UNKNOWN", "FAIL"])]
    {
        let (desk, code) = turned("L1", choice, asks("ignore", 0)).await;
        assert_eq!(result(&desk.pay("T1", "1.00", &code).await), words[0]);
        let refused = result(&desk.pay("T2", "1.00", "280000000000000000").await);
        assert_eq!(refused, format!("{} BUYER_NOT_EXIST", words[1]));
    }
}

#[tokio::test]
async fn l2_timestamps_have_forms_and_ages() {
    let desk = Desk::new().await;
    desk.pass(60 * MINUTE).await;
    let now = desk.rig.clock.now();
    let text = |moment: Millis| iso8601(moment).get(..19).unwrap().replace('T', " ");
    let stamps = [now.to_string(), text(now), (now - 40 * MINUTE).to_string()];
    for (choice, cancels) in [
        ("either", [true, true, false]),
        ("per-service", [true, false, false]),
        ("any-age", [true, true, true]),
    ] {
        turn(&desk, "L2", choice).await;
        for (stamp, taken) in stamps.iter().zip(cancels) {
            let pairs = [("out_trade_no", "T1"), ("timestamp", stamp.as_str())];
            let answer = desk.ask("alipay.acquire.cancel", &pairs).await;
            assert_eq!(result(&answer) == "SUCCESS", taken, "{choice} {stamp}");
        }
    }
    turn(&desk, "L2", "per-service").await;
    for (stamp, expected) in [(&stamps[1], "SUCCESS"), (&stamps[0], "F INVALID_PARAMETER")] {
        let mut pairs = precreate("T1", "1.00");
        pairs.push(("timestamp", stamp));
        assert_eq!(result(&desk.ask("alipay.acquire.precreate", &pairs).await), expected);
    }
}

/// The minutes between a notice and its repetitions.
async fn repetitions(id: &str, choice: &str, ack: &'static str) -> Vec<Millis> {
    let (desk, code) = turned(id, choice, pays()).await;
    desk.acks(&[Some((200, ack))]);
    let mut pairs = pay("T1", "1.00", &code);
    pairs.push(("notify_url", "http://merchant.test/n"));
    desk.ask("alipay.acquire.overseas.spot.pay", &pairs).await;
    desk.pass(3 * protocol::DAY).await;
    let times: Vec<_> = desk.letters.posted.lock().iter().map(|one| one.at).collect();
    times.windows(2).map(|two| (two[1] - two[0]) / MINUTE).collect()
}

#[tokio::test]
async fn l3_notices_are_repeated_on_one_of_four_schedules() {
    for (choice, minutes) in [
        ("page", vec![2, 10, 10, 60, 120, 360, 900]),
        ("help-page", vec![4, 10, 15, 60, 120, 360, 900]),
        ("domestic", vec![4, 10, 10, 60, 120, 360, 900]),
        ("once", vec![]),
    ] {
        assert_eq!(repetitions("L3", choice, "no").await, minutes, "{choice}");
    }
}

#[tokio::test]
async fn l4_the_word_may_have_to_be_exact() {
    for (choice, word, taken) in [
        ("any-case", " SUCCESS ", true),
        ("strict-lower", "SUCCESS", false),
        ("strict-lower", " success\n", true),
        ("exact", "success\n", false),
        ("exact", "success", true),
    ] {
        let again = repetitions("L4", choice, word).await;
        assert_eq!(again.is_empty(), taken, "{choice} {word:?}");
    }
}

#[tokio::test]
async fn l5_an_unknown_order_has_three_names() {
    let desk = Desk::new().await;
    for (choice, single) in [
        ("TRADE_NOT_EXIST", "F TRADE_NOT_EXIST"),
        ("TRANS_NOT_FOUND", "F TRADE_NOT_EXIST"),
        ("TRADE_IS_NOT_EXIST", "F TRADE_IS_NOT_EXIST"),
    ] {
        turn(&desk, "L5", choice).await;
        assert_eq!(desk.status("T1").await, choice);
        assert_eq!(desk.trade_status("T1").await, single);
    }
}

#[tokio::test]
async fn l6_the_time_for_a_cancel_ends_sooner_or_later() {
    let midnight = start() + 14 * 60 * MINUTE;
    let late = "FAIL TRADE_CANCEL_TIME_OUT";
    for (choice, at, expected) in [
        ("next-day-00:15", midnight + 14 * MINUTE, "SUCCESS"),
        ("midnight", midnight - MINUTE, "SUCCESS"),
        ("midnight", midnight + MINUTE, late),
        ("24h", midnight + 16 * MINUTE, "SUCCESS"),
        ("24h", start() + protocol::DAY + MINUTE, late),
    ] {
        let (desk, code) = turned("L6", choice, pays()).await;
        desk.pay("T1", "1.00", &code).await;
        desk.rig.until(at).await;
        assert_eq!(result(&desk.cancel("T1").await), expected, "{choice}");
    }
}

#[tokio::test]
async fn l7_a_paid_order_is_told_again_or_refused() {
    for (choice, expected) in
        [("same-answer", "SUCCESS"), ("TRADE_HAS_SUCCESS", "FAILED TRADE_HAS_SUCCESS")]
    {
        let (desk, code) = turned("L7", choice, pays()).await;
        desk.pay("T1", "1.00", &code).await;
        assert_eq!(result(&desk.pay("T1", "1.00", &code).await), expected);
    }
}

#[tokio::test]
async fn l8_a_refunded_order_is_closed_or_stays() {
    for (choice, expected) in [("closed", "TRADE_CLOSED"), ("stays", "TRADE_SUCCESS")] {
        let (desk, code) = turned("L8", choice, pays()).await;
        desk.pay("T1", "1.00", &code).await;
        desk.refund("T1", "R1", "1.00", "Y").await;
        assert_eq!(desk.status("T1").await, expected);
    }
}

#[tokio::test]
async fn l9_a_refund_is_refused_in_one_of_four_ways() {
    let (restriction, exceed) = ("REFUND_AMT_RESTRICTION", "RETURN_AMOUNT_EXCEED");
    for (choice, in_store, online, after_a_hundred_days) in [
        ("per-product", restriction, exceed, "SUCCESS"),
        (restriction, restriction, restriction, "SUCCESS"),
        (exceed, exceed, exceed, "SUCCESS"),
        ("90-days", restriction, exceed, "FAILED TRADE_STATUS_ERROR"),
    ] {
        let (desk, code) = turned("L9", choice, pays()).await;
        desk.pay("T1", "1.00", &code).await;
        let answer = desk.refund("T1", "R1", "2.00", "Y").await;
        assert_eq!(result(&answer), format!("FAILED {in_store}"));
        desk.open(&desk.redirect("create_forex_trade", &order("W1", "1.00"))).await;
        let pairs = [
            ("out_trade_no", "W1"),
            ("out_return_no", "R1"),
            ("return_amount", "2.00"),
            ("currency", "USD"),
            ("gmt_return", "20260105100000"),
        ];
        let answer = desk.ask("forex_refund", &pairs).await;
        assert_eq!(result(&answer), format!("F {online}"));
        desk.pass(100 * protocol::DAY).await;
        let answer = desk.refund("T1", "R1", "1.00", "Y").await;
        assert_eq!(result(&answer), after_a_hundred_days, "{choice}");
    }
}

#[tokio::test]
async fn l10_an_answer_may_be_in_gbk_and_signed_in_the_charset_of_the_call() {
    for (choice, charset) in [("as-asked", Charset::Utf8), ("GBK", Charset::Gbk)] {
        let (desk, code) = turned("L10", choice, pays()).await;
        let answer = desk.pay("咖啡1", "1.00", &code).await;
        assert_eq!((answer.charset, answer.get("partner_trans_id")), (charset, Some("咖啡1")));
    }
}

#[tokio::test]
async fn l11_empty_values_may_be_no_part_of_a_signature() {
    let desk = Desk::new().await;
    let mut form = desk.form("alipay.acquire.overseas.query", &[("partner_trans_id", "T1")]);
    form.set("alipay_trans_id", "");
    let text = form.text_to_sign(Empties::Kept);
    form.set("sign", signer(SignType::Rsa2).sign(text.as_bytes()).unwrap());
    form.set("sign_type", "RSA2");
    for (choice, expected) in [("both", "FAIL TRADE_NOT_EXIST"), ("without", "F ILLEGAL_SIGN")] {
        turn(&desk, "L11", choice).await;
        assert_eq!(result(&read(&desk.raw(&form).await)), expected);
    }
}

#[tokio::test]
async fn l12_a_refusal_may_be_signed() {
    let desk = Desk::new().await;
    for (choice, signed) in [("unsigned", false), ("signed", true)] {
        turn(&desk, "L12", choice).await;
        let answer = desk.query("").await;
        assert_eq!(result(&answer), "F INVALID_PARAMETER");
        let good = answer
            .sign
            .is_some_and(|sign| gateway(SignType::Rsa2).verify(b"error=INVALID_PARAMETER", &sign));
        assert_eq!(good, signed);
    }
}

#[tokio::test]
async fn l13_refunds_may_have_hours_of_the_night() {
    for (choice, at_once, by_day) in
        [("any-hour", "SUCCESS", true), ("night-windows", "F EXTERFACE_IS_CLOSED", false)]
    {
        let (desk, code) = turned("L13", choice, pays()).await;
        desk.pay("T1", "3.00", &code).await;
        let midnight = start() + 14 * 60 * MINUTE;
        desk.rig.until(midnight + 30 * MINUTE).await;
        assert_eq!(result(&desk.refund("T1", "R1", "1.00", "Y").await), at_once);
        desk.rig.until(midnight + 91 * MINUTE).await;
        assert_eq!(result(&desk.refund("T1", "R1", "1.00", "Y").await), "SUCCESS");
        desk.rig.until(midnight + 10 * 60 * MINUTE).await;
        assert_eq!(result(&desk.refund("T1", "R2", "1.00", "N").await), "SUCCESS");
        desk.pass(MINUTE).await;
        assert_eq!(desk.rig.moved().await.1.len() == 2, by_day);
        desk.rig.until(midnight + 23 * 60 * MINUTE + 1_000).await;
        assert_eq!(desk.rig.moved().await.1.len(), 2);
    }
}

#[tokio::test]
async fn l14_l21_l22_websites_may_be_held_to_more() {
    let desk = Desk::new().await;
    desk.rig.wallet(pays()).await;
    for (choice, opens) in [("required", false), ("optional", true)] {
        turn(&desk, "L21", choice).await;
        let url = desk.redirect("create_forex_trade", &order("W1", "9.00"));
        assert_eq!(desk.open(&url).await["accepted"], opens);
    }
    let refund = |id: &'static str, time: &'static str| {
        vec![
            ("out_trade_no", "W1"),
            ("out_return_no", id),
            ("return_amount", "1.00"),
            ("currency", "USD"),
            ("gmt_return", time),
            ("is_sync", "Y"),
        ]
    };
    let (dashed, digits) = ("2026-01-05 10:00:00", "20260105100000");
    let invalid = "F INVALID_PARAMETER";
    for (choice, id, results) in [
        ("both", "R1", ["T", "F CONTEXT_INCONSISTENT"]),
        ("dashed", "R2", ["T", invalid]),
        ("digits", "R3", [invalid, "T"]),
    ] {
        turn(&desk, "L14", choice).await;
        for (time, expected) in [dashed, digits].into_iter().zip(results) {
            let answer = desk.ask("forex_refund", &refund(id, time)).await;
            assert_eq!(result(&answer), expected, "{choice} {time}");
        }
    }
    for (choice, expected) in [("same-answer", "T"), ("refused", "F TRADE_STATUS_ERROR")] {
        turn(&desk, "L22", choice).await;
        let answer = desk.ask("forex_refund", &refund("R3", digits)).await;
        assert_eq!(result(&answer), expected);
    }
}

#[tokio::test]
async fn l15_l24_l28_a_pay_may_have_to_say_more() {
    let desk = Desk::new().await;
    desk.rig.wallet(pays()).await;
    let invalid = "F INVALID_PARAMETER";
    for (id, choice, number, left_out, expected) in [
        ("L15", "required", "T1", "", invalid),
        ("L15", "optional", "T1", "", "SUCCESS"),
        ("L24", "optional", "T2", "extend_info", "SUCCESS"),
        ("L24", "required", "T3", "extend_info", invalid),
        ("L24", "required", "T3", "", "SUCCESS"),
    ] {
        turn(&desk, id, choice).await;
        let code = desk.rig.code(json!({})).await;
        let mut pairs = pay(number, "1.00", &code);
        pairs.retain(|(name, _)| *name != left_out);
        let answer = desk.ask("alipay.acquire.overseas.spot.pay", &pairs).await;
        assert_eq!(result(&answer), expected, "{id} {choice}");
    }
    for (choice, expected) in [("checked", "FAILED BUYER_NOT_EXIST"), ("any-form", "SUCCESS")] {
        turn(&desk, "L28", choice).await;
        let code = desk.rig.code(json!({ "value": format!("GCASH-{choice}") })).await;
        assert_eq!(result(&desk.pay("T4", "1.00", &code).await), expected);
    }
}

#[tokio::test]
async fn l16_the_notices_of_shops_may_be_bare() {
    for (choice, known) in [("all", true), ("official", false)] {
        let (desk, code) = turned("L16", choice, pays()).await;
        let mut pairs = pay("T1", "1.00", &code);
        pairs.push(("notify_url", "http://merchant.test/n"));
        desk.ask("alipay.acquire.overseas.spot.pay", &pairs).await;
        desk.pass(MINUTE).await;
        let posted = desk.letters.posted.lock()[0].clone();
        assert_eq!(posted.form.get("trade_status").is_some(), known);
        assert_eq!(posted.get("notify_action_type"), "payByAccountAction");
        assert_eq!(posted.verified(), Verified::Valid);
    }
}

#[tokio::test]
async fn l17_a_query_may_need_the_number_of_the_partner() {
    let desk = Desk::new().await;
    for (choice, expected) in
        [("either", "FAIL TRADE_NOT_EXIST"), ("partner_trans_id", "F INVALID_PARAMETER")]
    {
        turn(&desk, "L17", choice).await;
        let answer = desk.ask("alipay.acquire.overseas.query", &[("alipay_trans_id", "1")]).await;
        assert_eq!(result(&answer), expected);
    }
}

#[tokio::test]
async fn l19_l20_l23_signatures_may_be_held_to_more() {
    let mut desk = Desk::new().await;
    desk.sign_type = SignType::Dsa;
    for (choice, length) in [("der", 44..48), ("raw", 40..41)] {
        turn(&desk, "L19", choice).await;
        let sign = desk.query("T1").await.sign.unwrap();
        let bytes = ::signing::base64_decode_strict(&sign).unwrap();
        assert!(length.contains(&bytes.len()), "{choice} {}", bytes.len());
    }
    for (id, choice, sign_type, expected) in [
        ("L19", "off", SignType::Dsa, "F ILLEGAL_SIGN_TYPE"),
        ("L19", "der", SignType::Dsa, "FAIL TRADE_NOT_EXIST"),
        ("L23", "enforced", SignType::Dsa, "F ILLEGAL_SIGN_TYPE"),
        ("L23", "any", SignType::Dsa, "FAIL TRADE_NOT_EXIST"),
    ] {
        desk.sign_type = sign_type;
        turn(&desk, id, choice).await;
        assert_eq!(result(&desk.query("T1").await), expected, "{id} {choice}");
    }
    let short = include_bytes!("../../../../../tests/vectors/keys/rsa1024.pkcs8.pem");
    let short = ::signing::PrivateKey::read(short).unwrap();
    let public = short.public();
    let shape = move |terms: &mut Terms| {
        let Contract::Legacy { merchant, .. } = &mut terms.contract else { unreachable!() };
        *merchant = vec![Verifier::Rsa2(public)];
    };
    let desk = Desk::build(shape, None).await;
    let mut form = desk.form("alipay.acquire.overseas.query", &[("partner_trans_id", "T1")]);
    form.sign(&Signer::Rsa2(short)).unwrap();
    for (choice, expected) in [("any", "FAIL TRADE_NOT_EXIST"), ("2048", "F ILLEGAL_SIGN")] {
        turn(&desk, "L20", choice).await;
        assert_eq!(result(&read(&desk.raw(&form).await)), expected);
    }
}

#[tokio::test]
async fn l26_an_unpaid_order_may_live_longer() {
    for (choice, seconds) in [("180", 180), ("20", 20), ("600", 600)] {
        let (desk, code) = turned("L26", choice, asks("ignore", 0)).await;
        desk.pay("T1", "1.00", &code).await;
        desk.rig.until(start() + seconds * 1_000 - 200).await;
        assert_eq!(desk.status("T1").await, "WAIT_BUYER_PAY");
        desk.rig.until(start() + seconds * 1_000).await;
        assert_eq!(desk.status("T1").await, "TRADE_CLOSED");
    }
}
