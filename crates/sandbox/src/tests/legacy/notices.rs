//! Notices: what they say, when they come, and what ends them.

use serde_json::json;

use super::super::{asks, pays, start};
use super::*;

const MINUTE: Millis = 60_000;

/// A desk whose code was scanned by a buyer in this mood.
async fn scanned(desk: &Desk, mood: Value) {
    desk.rig.wallet(mood).await;
    let code = desk.present("T1", "12.34").await.get("qr_code").unwrap().to_owned();
    assert!(desk.scan(&code).await);
}

fn told(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter().map(|(action, status)| ((*action).to_owned(), (*status).to_owned())).collect()
}

const CREATED: (&str, &str) = ("createDirectPayTradeByBuyerAction", "WAIT_BUYER_PAY");
const PAID: (&str, &str) = ("payByAccountAction", "TRADE_SUCCESS");
const CLOSED: (&str, &str) = ("closeTradeAction", "TRADE_CLOSED");

#[tokio::test]
async fn every_step_of_a_trade_is_told() {
    let desk = Desk::new().await;
    scanned(&desk, pays()).await;
    desk.pass(30_000).await;
    assert_eq!(desk.posted(), told(&[CREATED, PAID]));
    let posted = desk.letters.posted.lock()[1].clone();
    assert_eq!(posted.verified(), Verified::Valid);
    assert_eq!(posted.target, "/notify?a=1&b=2");
    assert_eq!(posted.kind, "application/x-www-form-urlencoded; charset=UTF-8");
    for (name, value) in [
        ("notify_type", "trade_status_sync"),
        ("out_trade_no", "T1"),
        ("subject", "Café 咖啡"),
        ("total_fee", "12.34"),
        ("currency", "USD"),
        ("gmt_payment", "2026-01-05 10:00:00"),
        ("notify_time", "2026-01-05 10:00:01"),
        ("seller_id", PARTNER),
        ("extra_common_param", "till 1"),
        ("sign_type", "RSA2"),
    ] {
        assert_eq!(posted.get(name), value, "{name}");
    }
    assert_eq!(desk.query("T1").await.get("alipay_trans_id"), posted.form.get("trade_no"));
    desk.cancel("T1").await;
    desk.pass(30_000).await;
    assert_eq!(desk.posted()[2], told(&[("reverseAction", "TRADE_CLOSED")])[0]);

    let desk = Desk::new().await;
    scanned(&desk, asks("ignore", 0)).await;
    desk.pass(20 * MINUTE).await;
    assert_eq!(desk.posted(), told(&[CREATED, CLOSED]));
    assert_eq!(desk.letters.posted.lock()[1].at, start() + 100 + 15 * MINUTE - 100 + 1_000);
}

#[tokio::test]
async fn a_scanned_code_is_told_where_the_partner_says_whereto() {
    let mut desk = Desk::new().await;
    let code = desk.rig.wallet(pays()).await;
    for (place, (sign_type, charset)) in [
        (SignType::Md5, Charset::Utf8),
        (SignType::Rsa, Charset::Gbk),
        (SignType::Rsa2, Charset::Gbk),
        (SignType::Dsa, Charset::Utf8),
    ]
    .into_iter()
    .enumerate()
    {
        (desk.sign_type, desk.charset) = (sign_type, charset);
        let number = format!("T{place}");
        let code = if place == 0 { code.clone() } else { desk.rig.code(json!({})).await };
        let mut pairs = pay(&number, "1.00", &code);
        desk.ask("alipay.acquire.overseas.spot.pay", &pay("other", "1.00", "x")).await;
        pairs.push(("notify_url", "http://merchant.test/"));
        desk.ask("alipay.acquire.overseas.spot.pay", &pairs).await;
        desk.pass(5 * MINUTE).await;
        assert_eq!(desk.posted().len(), place + 1, "{number}");
        let posted = desk.letters.posted.lock().last().unwrap().clone();
        assert_eq!(posted.verified(), Verified::Valid, "{posted:?}");
        assert_eq!(posted.get("out_trade_no"), number);
        assert_eq!(posted.get("subject"), "Café 咖啡");
        assert_eq!(posted.get("sign_type"), sign_type.name());
    }
}

#[tokio::test]
async fn a_scanned_code_is_told_once_the_buyer_has_paid_and_when_its_time_is_over() {
    for (mood, after, news) in [
        (pays(), 1_000, PAID),
        (asks("approve", 10_000), 11_000, PAID),
        (asks("ignore", 0), 181_000, CLOSED),
    ] {
        let desk = Desk::new().await;
        let code = desk.rig.wallet(mood).await;
        let mut pairs = pay("T1", "12.34", &code);
        pairs.push(("notify_url", "http://merchant.test/"));
        desk.ask("alipay.acquire.overseas.spot.pay", &pairs).await;
        desk.pass(5 * MINUTE).await;
        assert_eq!(desk.posted(), told(&[news]));
        let posted = desk.letters.posted.lock()[0].clone();
        assert!((after..after + 200).contains(&(posted.at - start())), "{}", posted.at - start());
        for (name, value) in [
            ("notify_type", "trade_status_sync"),
            ("out_trade_no", "T1"),
            ("total_fee", "12.34"),
            ("currency", "USD"),
        ] {
            assert_eq!(posted.get(name), value, "{name}");
        }
    }
}

#[tokio::test]
async fn a_notice_comes_eight_times_until_the_word() {
    for (last, sends) in [(Some((200, "fail")), 8), (Some((500, "success")), 8), (None, 8)] {
        let desk = Desk::new().await;
        desk.acks(&[Some((200, "success")), last]);
        scanned(&desk, pays()).await;
        desk.pass(3 * protocol::DAY).await;
        let posted: Vec<_> = desk.letters.posted.lock()[1..].to_vec();
        let times: Vec<_> = posted.iter().map(|one| (one.at - posted[0].at) / MINUTE).collect();
        assert_eq!(times, [0, 2, 12, 22, 82, 202, 562, 1462]);
        assert_eq!(posted.len(), sends);
        for one in &posted {
            assert_eq!(one.get("notify_id"), posted[0].get("notify_id"));
            assert_eq!(one.verified(), Verified::Valid);
        }
    }
    for word in ["success", "SUCCESS", " success\r\n"] {
        let desk = Desk::new().await;
        desk.acks(&[Some((200, "success")), Some((200, "no")), Some((200, word))]);
        scanned(&desk, pays()).await;
        desk.pass(3 * protocol::DAY).await;
        assert_eq!(desk.posted().len(), 3, "{word:?}");
    }
}

#[tokio::test]
async fn notify_verify_knows_a_notice_until_it_is_acknowledged() {
    let desk = Desk::new().await;
    desk.acks(&[Some((200, "success")), Some((200, "no")), Some((200, "success"))]);
    scanned(&desk, pays()).await;
    desk.pass(MINUTE).await;
    let id = desk.letters.posted.lock()[1].get("notify_id").to_owned();
    for expected in ["true", "false"] {
        let query = format!("service=notify_verify&partner={PARTNER}&notify_id={id}");
        let answer = desk.rig.send(Call::get(format!("/gateway.do?{query}"))).await;
        assert_eq!(String::from_utf8(answer.body).unwrap(), expected);
        desk.pass(2 * MINUTE).await;
    }
}

#[tokio::test]
async fn a_refund_that_ran_later_is_told() {
    let desk = Desk::new().await;
    let code = desk.rig.wallet(pays()).await;
    desk.pay("T1", "100.00", &code).await;
    for (id, sync) in [("R1", "N"), ("R2", "Y")] {
        let pairs = [
            ("partner_trans_id", "T1"),
            ("partner_refund_id", id),
            ("refund_amount", "30.00"),
            ("currency", "USD"),
            ("is_sync", sync),
            ("notify_url", "http://merchant.test/refunds"),
        ];
        desk.ask("alipay.acquire.overseas.spot.refund", &pairs).await;
        desk.pass(MINUTE).await;
    }
    assert_eq!(desk.posted(), told(&[("refundFPAction", "TRADE_SUCCESS")]));
    let posted = desk.letters.posted.lock()[0].clone();
    assert_eq!(posted.verified(), Verified::Valid);
    assert_eq!(posted.target, "/refunds");
    for (name, value) in [
        ("out_trade_no", "T1"),
        ("out_return_no", "R1"),
        ("return_amount", "30.00"),
        ("refund_status", "REFUND_SUCCESS"),
        ("currency", "USD"),
    ] {
        assert_eq!(posted.get(name), value);
    }
}

#[tokio::test]
async fn a_stage_sends_notices_of_its_own() {
    let desk = Desk::new().await;
    let body = json!({
        "notify_type": "trade_status_sync",
        "notify_action_type": "finishFPAction",
        "out_trade_no": "T1",
        "trade_status": "TRADE_FINISHED",
        "sign_type": "MD5",
    });
    let notice = json!({ "url": "http://merchant.test/n", "body": body });
    desk.rig.post("notices", notice).await;
    desk.pass(MINUTE).await;
    assert_eq!(desk.posted(), told(&[("finishFPAction", "TRADE_FINISHED")]));
    let posted = desk.letters.posted.lock()[0].clone();
    assert_eq!((posted.verified(), posted.get("sign_type")), (Verified::Valid, "MD5"));
    assert_eq!(posted.get("notify_id").len(), 32);
    for body in [json!([]), json!({ "a": 1 }), json!({ "sign_type": "SHA" })] {
        let notice = json!({ "url": "http://merchant.test/n", "body": body });
        let call = Call::post("/_sandbox/notices", notice.to_string());
        assert_eq!(desk.rig.control(call).await.0, 400);
    }
}

#[tokio::test]
async fn defects_of_notices() {
    let desk = Desk::defective(Defect::LegScanSaysPaid).await;
    scanned(&desk, asks("ignore", 0)).await;
    desk.pass(MINUTE).await;
    assert_eq!(desk.posted(), told(&[(CREATED.0, "TRADE_SUCCESS")]));
    assert!(desk.rig.tenant.defect_was_active());

    let desk = Desk::defective(Defect::LegQrNoCode).await;
    let answer = desk.present("T1", "1.00").await;
    assert_eq!((result(&answer).as_str(), answer.get("qr_code")), ("SUCCESS", None));

    let desk = Desk::defective(Defect::LegResendAfterSuccess).await;
    scanned(&desk, asks("ignore", 0)).await;
    desk.pass(5 * MINUTE).await;
    assert_eq!(desk.posted(), told(&[CREATED, CREATED]));

    let desk = Desk::defective(Defect::LegNoResend).await;
    desk.acks(&[None]);
    scanned(&desk, asks("ignore", 0)).await;
    desk.pass(5 * MINUTE).await;
    assert_eq!(desk.posted(), told(&[CREATED]));
    assert!(desk.rig.tenant.defect_was_active());
}
