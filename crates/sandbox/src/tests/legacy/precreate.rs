//! A code is shown at `alipay.acquire.precreate`, and the buyer scans it.

use super::super::{asks, pays};
use super::*;

#[tokio::test]
async fn a_code_is_shown_scanned_and_paid() {
    let desk = Desk::new().await;
    desk.rig.wallet(asks("approve", 8_000)).await;
    let answer = desk.present("T1", "12.34").await;
    assert_eq!(result(&answer), "SUCCESS");
    assert_eq!(answer.get("voucher_type"), Some("qrcode"));
    assert!(answer.get("trade_no").is_none());
    let code = answer.get("qr_code").unwrap();
    assert!(code.contains('&') && answer.get("pic_url").unwrap().contains(&code[22..30]), "{code}");
    // Nobody has come yet, so there is no trade.
    assert_eq!(desk.status("T1").await, "TRADE_NOT_EXIST");
    assert!(desk.scan(code).await);
    assert_eq!(desk.status("T1").await, "WAIT_BUYER_PAY");
    let again = desk.present("T1", "12.34").await;
    assert_eq!(again.get("qr_code"), Some(code));
    desk.pass(8_000).await;
    assert_eq!(desk.status("T1").await, "TRADE_SUCCESS");
    assert!(!desk.scan(code).await);
    assert_eq!(desk.rig.moved().await, (vec![1234], vec![]));
    assert_eq!(result(&desk.present("T1", "12.34").await), "FAIL TRADE_HAS_SUCCESS");
    assert_eq!(result(&desk.present("T1", "12.35").await), "FAIL CONTEXT_INCONSISTENT");
    assert_eq!(result(&desk.refund("T1", "R1", "2.34", "Y").await), "SUCCESS");
    assert_eq!(desk.cancel("T1").await.get("action"), Some("refund"));
    assert_eq!(desk.rig.moved().await, (vec![1234], vec![234, 1000]));
    assert_eq!(result(&desk.present("T1", "12.34").await), "FAIL TRADE_HAS_CLOSE");
}

#[tokio::test]
async fn a_cancelled_code_is_paid_no_more() {
    let desk = Desk::new().await;
    desk.rig.wallet(asks("ignore", 0)).await;
    let code = desk.present("T1", "5.00").await.get("qr_code").unwrap().to_owned();
    let answer = desk.cancel("T1").await;
    assert_eq!((result(&answer).as_str(), answer.get("action")), ("SUCCESS", None));
    assert!(!desk.scan(&code).await);
    let code = desk.present("T2", "5.00").await.get("qr_code").unwrap().to_owned();
    assert!(desk.scan(&code).await);
    assert_eq!(desk.cancel("T2").await.get("action"), Some("close"));
    let late = serde_json::json!({ "paymentRequestId": "T2" });
    assert_eq!(desk.rig.post("wallets/w1/confirm", late).await["accepted"], false);
    assert_eq!(desk.status("T2").await, "TRADE_CLOSED");
}

#[tokio::test]
async fn a_buyer_with_too_little_money_may_come_back() {
    let desk = Desk::new().await;
    desk.rig.post("wallets", serde_json::json!({ "balance": 100 })).await;
    let code = desk.present("T1", "5.00").await.get("qr_code").unwrap().to_owned();
    assert!(!desk.scan(&code).await);
    assert_eq!(desk.status("T1").await, "WAIT_BUYER_PAY");
    desk.rig.post("wallets/w1/top-up", serde_json::json!({ "minor": 1_000 })).await;
    assert!(desk.scan(&code).await);
    assert_eq!(desk.status("T1").await, "TRADE_SUCCESS");
}

#[tokio::test]
async fn a_code_lives_as_long_as_it_is_told() {
    for (name, value, minutes) in [
        ("it_b_pay", "", 15),
        ("it_b_pay", "3m", 3),
        ("it_b_pay", "2h", 120),
        ("qr_code_it_b_pay", "5m", 5),
    ] {
        let desk = Desk::new().await;
        desk.rig.wallet(pays()).await;
        let mut pairs = precreate("T1", "5.00");
        let stamp = desk.rig.clock.now().to_string();
        pairs.extend([("timestamp", stamp.as_str()), (name, value)]);
        let answer = desk.ask("alipay.acquire.precreate", &pairs).await;
        let created = super::super::start();
        desk.rig.until(created + minutes * 60_000 - 200).await;
        assert!(desk.scan(answer.get("qr_code").unwrap()).await, "{value}");
        let mut pairs = precreate("T2", "5.00");
        let now = desk.rig.clock.now();
        let stamp = now.to_string();
        pairs.extend([("timestamp", stamp.as_str()), (name, value)]);
        let answer = desk.ask("alipay.acquire.precreate", &pairs).await;
        desk.rig.until(now + minutes * 60_000).await;
        assert!(!desk.scan(answer.get("qr_code").unwrap()).await, "{value}");
    }
}

#[tokio::test]
async fn parameters_of_a_precreate_have_to_fit() {
    let desk = Desk::new().await;
    let now = desk.rig.clock.now().to_string();
    let old = (desk.rig.clock.now() - 31 * 60_000).to_string();
    let long = format!("http://merchant.test/{}", "x".repeat(170));
    let invalid = "F INVALID_PARAMETER";
    let many = format!("[{}]", vec!["{}"; 51].join(","));
    for (name, value, expected) in [
        ("notify_url", "", invalid),
        ("notify_url", &long, invalid),
        ("timestamp", "", invalid),
        ("timestamp", &old, invalid),
        ("subject", "", invalid),
        ("product_code", "OTHER", invalid),
        ("total_fee", "0.00", invalid),
        ("currency", "", invalid),
        ("trans_currency", "", invalid),
        ("it_b_pay", "1.5h", invalid),
        ("goods_detail", "{}", invalid),
        ("goods_detail", &many, invalid),
        ("extend_params", "x", invalid),
        ("quantity", "2", "FAIL INVALID_PARAMETER"),
    ] {
        let mut pairs = precreate("T1", "5.00");
        pairs.extend([("timestamp", now.as_str()), ("price", "2.00")]);
        match pairs.iter_mut().find(|(own, _)| *own == name) {
            Some(pair) => pair.1 = value,
            None => pairs.push((name, value)),
        }
        let answer = desk.ask("alipay.acquire.precreate", &pairs).await;
        assert_eq!(result(&answer), expected, "{name}={value}");
    }
    assert_eq!(desk.rig.see("payments").await, serde_json::json!([]));
}
