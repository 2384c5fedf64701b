//! The buyer's code is scanned at `alipay.acquire.overseas.spot.pay`.

use serde_json::json;

use super::super::{asks, pays, start};
use super::*;

#[tokio::test]
async fn a_wallet_that_pays_is_debited_once() {
    let desk = Desk::new().await;
    let code = desk.rig.wallet(pays()).await;
    let answer = desk.pay("T1", "12.34", &code).await;
    assert_eq!(result(&answer), "SUCCESS");
    for (name, value) in [
        ("partner_trans_id", "T1"),
        ("currency", "USD"),
        ("trans_amount", "12.34"),
        ("alipay_pay_time", "20260105100000"),
        ("exchange_rate", "7.10000000"),
        ("trans_amount_cny", "87.61"),
    ] {
        assert_eq!(answer.get(name), Some(value), "{name}");
    }
    let trade = answer.get("alipay_trans_id").unwrap().to_owned();
    assert!(trade.len() == 28 && trade.starts_with("20260105"), "{trade}");
    let told = desk.query("T1").await;
    assert_eq!(told.get("alipay_trans_status"), Some("TRADE_SUCCESS"));
    assert_eq!(told.get("alipay_trans_id"), Some(trade.as_str()));
    assert_eq!(told.get("payment_inst"), Some("ALIPAYCN"));
    // Alipay's number wins over a wrong one of the partner's.
    let pairs = [("partner_trans_id", "other"), ("alipay_trans_id", trade.as_str())];
    let told = desk.ask("alipay.acquire.overseas.query", &pairs).await;
    assert_eq!(told.get("partner_trans_id"), Some("T1"));
    assert_eq!(desk.rig.moved().await, (vec![1234], vec![]));
    let statement = desk.rig.see("statement").await;
    assert_eq!(
        statement["debits"][0]["paymentId"]
            .as_str()
            .or(statement["debits"][0]["payment_id"].as_str()),
        Some(trade.as_str())
    );
}

#[tokio::test]
async fn a_buyer_who_is_asked_leaves_the_result_unknown() {
    let desk = Desk::new().await;
    let code = desk.rig.wallet(asks("approve", 20_000)).await;
    let answer = desk.pay("T1", "200.00", &code).await;
    assert_eq!(result(&answer), "UNKNOW");
    assert!(answer.get("alipay_pay_time").is_none());
    desk.rig.until(start() + 19_000).await;
    assert_eq!(desk.status("T1").await, "WAIT_BUYER_PAY");
    assert_eq!(result(&desk.query("T1").await), "SUCCESS");
    desk.rig.until(start() + 20_000).await;
    assert_eq!(desk.status("T1").await, "TRADE_SUCCESS");
    assert_eq!(desk.query("T1").await.get("alipay_pay_time"), Some("20260105100020"));
    assert_eq!(result(&desk.pay("T1", "200.00", &code).await), "SUCCESS");
    assert_eq!(desk.rig.moved().await, (vec![20_000], vec![]));
}

#[tokio::test]
async fn an_unpaid_order_closes_after_three_minutes_and_its_number_is_spent() {
    let desk = Desk::new().await;
    let code = desk.rig.wallet(asks("ignore", 0)).await;
    desk.pay("T1", "5.00", &code).await;
    desk.rig.until(start() + 179_900).await;
    assert_eq!(desk.status("T1").await, "WAIT_BUYER_PAY");
    desk.rig.until(start() + 180_000).await;
    assert_eq!(desk.status("T1").await, "TRADE_CLOSED");
    let other = desk.rig.code(json!({})).await;
    for code in [&code, &other] {
        assert_eq!(result(&desk.pay("T1", "5.00", code).await), "FAILED TRADE_HAS_CLOSE");
    }
    assert_eq!(desk.rig.moved().await, (vec![], vec![]));
}

#[tokio::test]
async fn a_refusal_makes_no_trade() {
    let desk = Desk::new().await;
    desk.rig.post("wallets", json!({ "balance": 100 })).await;
    let code = desk.rig.code(json!({})).await;
    let answer = desk.pay("T1", "5.00", &code).await;
    assert_eq!(result(&answer), "FAILED BUYER_BALANCE_NOT_ENOUGH");
    assert!(answer.get("alipay_trans_id").is_none());
    assert_eq!(desk.status("T1").await, "TRADE_NOT_EXIST");
    assert_eq!(result(&desk.pay("T1", "5.00", &code).await), "FAILED BUYER_BALANCE_NOT_ENOUGH");
    // Nothing holds the number, so a good code may use it.
    desk.rig.post("wallets/w1/top-up", json!({ "minor": 10_000 })).await;
    let other = desk.rig.code(json!({})).await;
    assert_eq!(result(&desk.pay("T1", "5.00", &other).await), "SUCCESS");
    let old = desk.rig.code(json!({})).await;
    desk.pass(60_000).await;
    assert_eq!(result(&desk.pay("T2", "5.00", &old).await), "FAILED BUYER_NOT_EXIST");
    assert_eq!(desk.rig.moved().await, (vec![500], vec![]));
}

#[tokio::test]
async fn a_repeated_pay_is_never_a_second_trade() {
    let desk = Desk::new().await;
    let code = desk.rig.wallet(pays()).await;
    let other = desk.rig.code(json!({})).await;
    let first = desk.pay("T1", "10.00", &code).await;
    let again = desk.pay("T1", "10.00", &code).await;
    assert_eq!(again.response, first.response);
    assert_eq!(result(&desk.pay("T1", "12.00", &code).await), "FAILED CONTEXT_INCONSISTENT");
    assert_eq!(result(&desk.pay("T1", "10.00", &other).await), "FAILED TRADE_BUYER_NOT_MATCH");
    assert_eq!(desk.query("T1").await.get("trans_amount"), Some("10.00"));
    assert_eq!(desk.rig.moved().await, (vec![1000], vec![]));
    assert_eq!(desk.rig.see("payments").await.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn codes_have_16_to_24_digits_and_begin_with_25_to_30() {
    let desk = Desk::new().await;
    desk.rig.wallet(pays()).await;
    for (place, (prefix, digits, expected)) in [
        ("25", 24, "SUCCESS"),
        ("26", 24, "SUCCESS"),
        ("27", 16, "SUCCESS"),
        ("28", 18, "SUCCESS"),
        ("29", 24, "SUCCESS"),
        ("30", 24, "SUCCESS"),
        ("28", 15, "FAILED BUYER_NOT_EXIST"),
        ("28", 25, "FAILED BUYER_NOT_EXIST"),
        ("24", 18, "FAILED BUYER_NOT_EXIST"),
    ]
    .into_iter()
    .enumerate()
    {
        let code = desk.rig.code(json!({ "prefix": prefix, "digits": digits })).await;
        let answer = desk.pay(&format!("T{place}"), "1.00", &code).await;
        assert_eq!(result(&answer), expected, "{prefix} {digits}");
    }
}

#[tokio::test]
async fn parameters_of_a_pay_have_to_fit() {
    let desk = Desk::new().await;
    let code = desk.rig.wallet(pays()).await;
    for (name, value) in [
        ("biz_product", ""),
        ("biz_product", "OTHER"),
        ("alipay_seller_id", "2088000000000009"),
        ("trans_name", ""),
        ("trans_name", &"x".repeat(257)),
        ("partner_trans_id", ""),
        ("partner_trans_id", " T1"),
        ("currency", "usd"),
        ("currency", "XAU"),
        ("trans_amount", "0.00"),
        ("trans_amount", "-1.00"),
        ("trans_amount", "100000000.01"),
        ("trans_amount", "1.001"),
        ("trans_amount", "1,00"),
        ("buyer_identity_code", ""),
        ("identity_code_type", "qrcode"),
        ("trans_create_time", "2026"),
        ("notify_url", "nowhere"),
        ("extend_info", "no JSON"),
        ("extend_info", "[]"),
    ] {
        let mut pairs = super::pay("T1", "1.00", &code);
        match pairs.iter_mut().find(|(own, _)| *own == name) {
            Some(pair) => pair.1 = value,
            None => pairs.push((name, value)),
        }
        let answer = desk.ask("alipay.acquire.overseas.spot.pay", &pairs).await;
        assert_eq!(result(&answer), "F INVALID_PARAMETER", "{name}={value}");
    }
    assert_eq!(desk.rig.see("payments").await, json!([]));
    for (amount, expected) in [("1200.50", "F INVALID_PARAMETER"), ("1200", "SUCCESS")] {
        desk.rig.post("rates", json!({ "pair": "JPY/USD", "price": "0.0068" })).await;
        let mut pairs = super::pay("T2", amount, &code);
        pairs[3].1 = "JPY";
        let answer = desk.ask("alipay.acquire.overseas.spot.pay", &pairs).await;
        assert_eq!(result(&answer), expected, "{amount}");
    }
}
