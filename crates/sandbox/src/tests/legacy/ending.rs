//! `alipay.acquire.cancel`, and timestamps.

use protocol::iso8601;

use super::super::{asks, pays, start};
use super::*;

const MINUTE: Millis = 60_000;

#[tokio::test]
async fn a_cancel_closes_or_gives_back() {
    let desk = Desk::new().await;
    let code = desk.rig.wallet(asks("ignore", 0)).await;
    desk.pay("T1", "5.00", &code).await;
    for _ in 0..2 {
        let answer = desk.cancel("T1").await;
        assert_eq!((result(&answer).as_str(), answer.get("action")), ("SUCCESS", Some("close")));
        assert_eq!(answer.get("retry_flag"), Some("N"));
    }
    assert_eq!(desk.status("T1").await, "TRADE_CLOSED");
    let late = serde_json::json!({ "paymentRequestId": "T1" });
    assert_eq!(desk.rig.post("wallets/w1/confirm", late).await["accepted"], false);
    assert_eq!(desk.rig.moved().await, (vec![], vec![]));

    desk.rig.post("wallets/w1/mood", pays()).await;
    let code = desk.rig.code(serde_json::json!({})).await;
    let paid = desk.pay("T2", "20.00", &code).await;
    for _ in 0..2 {
        let answer = desk.cancel("T2").await;
        assert_eq!((result(&answer).as_str(), answer.get("action")), ("SUCCESS", Some("refund")));
        assert_eq!(answer.get("trade_no"), paid.get("alipay_trans_id"));
    }
    assert_eq!(desk.status("T2").await, "TRADE_CLOSED");
    assert_eq!(desk.rig.moved().await, (vec![2000], vec![2000]));

    let answer = desk.cancel("T3").await;
    assert_eq!((result(&answer).as_str(), answer.get("action")), ("SUCCESS", None));
    assert_eq!(desk.status("T3").await, "TRADE_NOT_EXIST");
}

#[tokio::test]
async fn a_paid_order_is_cancelled_until_a_quarter_past_midnight() {
    for (late, expected) in
        [(14 * MINUTE + 59_000, "SUCCESS"), (15 * MINUTE + 1_000, "FAIL TRADE_CANCEL_TIME_OUT")]
    {
        let desk = Desk::new().await;
        desk.rig.wallet(pays()).await;
        let midnight = start() + 14 * 60 * MINUTE;
        desk.rig.until(midnight - 20 * MINUTE).await;
        let code = desk.rig.code(serde_json::json!({})).await;
        desk.pay("T1", "20.00", &code).await;
        desk.rig.until(midnight + late).await;
        let answer = desk.cancel("T1").await;
        assert_eq!(result(&answer), expected);
        assert_eq!(answer.get("retry_flag"), Some("N"));
        let open = expected != "SUCCESS";
        assert_eq!(desk.status("T1").await == "TRADE_SUCCESS", open);
    }
}

#[tokio::test]
async fn a_timestamp_comes_in_two_forms_and_lives_half_an_hour() {
    let desk = Desk::new().await;
    desk.pass(40 * MINUTE).await;
    let text = |moment: Millis| iso8601(moment).get(..19).unwrap().replace('T', " ");
    let now = desk.rig.clock.now();
    for (stamp, expected) in [
        (now.to_string(), "SUCCESS"),
        (text(now), "SUCCESS"),
        ((now - 29 * MINUTE).to_string(), "SUCCESS"),
        (text(now - 29 * MINUTE), "SUCCESS"),
        ((now - 31 * MINUTE).to_string(), "F INVALID_PARAMETER"),
        (text(now - 31 * MINUTE), "F INVALID_PARAMETER"),
        (String::new(), "F INVALID_PARAMETER"),
        ("20260105104000".into(), "F INVALID_PARAMETER"),
        (text(now).replace(' ', "T"), "F INVALID_PARAMETER"),
    ] {
        let pairs = [("out_trade_no", "T1"), ("timestamp", stamp.as_str())];
        let answer = desk.ask("alipay.acquire.cancel", &pairs).await;
        assert_eq!(result(&answer), expected, "{stamp}");
    }
}
