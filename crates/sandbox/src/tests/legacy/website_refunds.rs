//! `forex_refund`: money of a website's order goes back.

use super::super::pays;
use super::website::order;
use super::*;

/// The parameters of a refund in dollars.
fn refund<'a>(number: &'a str, id: &'a str, amount: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("notify_url", "http://merchant.test/refunds"),
        ("out_trade_no", number),
        ("out_return_no", id),
        ("return_amount", amount),
        ("currency", "USD"),
        ("gmt_return", "20260105100000"),
        ("product_code", "NEW_OVERSEAS_SELLER"),
        ("is_sync", "Y"),
    ]
}

/// A desk with an order that was paid.
async fn paid(defect: Option<Defect>, amount: &str) -> Desk {
    let desk = Desk::build(|_| {}, defect).await;
    desk.rig.wallet(pays()).await;
    desk.open(&desk.redirect("create_forex_trade", &order("W1", amount))).await;
    desk
}

#[tokio::test]
async fn a_refund_that_is_taken_is_answered_by_t_alone_and_told() {
    let desk = paid(None, "50.00").await;
    desk.pass(60_000).await;
    let answer = desk.ask("forex_refund", &refund("W1", "R1", "50.00")).await;
    assert_eq!((result(&answer).as_str(), &answer.response), ("T", &None));
    assert_eq!(answer.sign, None);
    assert_eq!(desk.rig.moved().await, (vec![5000], vec![5000]));
    assert_eq!(desk.trade_status("W1").await, "TRADE_CLOSED");
    desk.pass(60_000).await;
    let posted = desk.letters.posted.lock().last().unwrap().clone();
    assert_eq!(posted.verified(), Verified::Valid);
    for (name, value) in [
        ("notify_type", "refund_status_sync"),
        ("refund_status", "REFUND_SUCCESS"),
        ("return_amount", "50.00"),
        ("out_trade_no", "W1"),
        ("out_return_no", "R1"),
        ("currency", "USD"),
    ] {
        assert_eq!(posted.get(name), value, "{name}");
    }
    // The same once more is the same refund, and other data is none.
    assert_eq!(result(&desk.ask("forex_refund", &refund("W1", "R1", "50.00")).await), "T");
    let other = desk.ask("forex_refund", &refund("W1", "R1", "40.00")).await;
    assert_eq!(result(&other), "F CONTEXT_INCONSISTENT");
    assert_eq!(desk.rig.moved().await, (vec![5000], vec![5000]));
}

#[tokio::test]
async fn parts_go_back_up_to_the_whole() {
    let desk = paid(None, "100.00").await;
    for (id, amount, expected) in
        [("R1", "30.00", "T"), ("R2", "30.00", "T"), ("R3", "50.00", "F RETURN_AMOUNT_EXCEED")]
    {
        let answer = desk.ask("forex_refund", &refund("W1", id, amount)).await;
        assert_eq!(result(&answer), expected, "{id}");
    }
    assert_eq!(desk.trade_status("W1").await, "TRADE_FINISHED");
    // In renminbi: a seventh of what the order came to, USD 100.00 being CNY 710.00.
    let mut pairs = refund("W1", "R4", "");
    pairs.push(("return_rmb_amount", "71.00"));
    assert_eq!(result(&desk.ask("forex_refund", &pairs).await), "T");
    assert_eq!(desk.rig.moved().await, (vec![10_000], vec![3000, 3000, 1000]));

    let desk = paid(Some(Defect::LegForexOverRefund), "100.00").await;
    desk.ask("forex_refund", &refund("W1", "R1", "60.00")).await;
    assert!(!desk.rig.tenant.defect_was_active());
    let answer = desk.ask("forex_refund", &refund("W1", "R2", "50.00")).await;
    assert_eq!(result(&answer), "T");
    assert_eq!(desk.rig.moved().await, (vec![10_000], vec![6000, 5000]));
}

#[tokio::test]
async fn an_order_in_renminbi_is_refunded_in_either_currency() {
    let desk = Desk::new().await;
    desk.rig.post("wallets", serde_json::json!({ "currency": "CNY" })).await;
    let mut pairs = order("W1", "");
    pairs.push(("rmb_fee", "710.00"));
    desk.open(&desk.redirect("create_forex_trade", &pairs)).await;
    assert_eq!(desk.trade_status("W1").await, "TRADE_FINISHED");
    let answer = desk.ask("forex_refund", &refund("W1", "R1", "50.00")).await;
    assert_eq!(result(&answer), "T");
    let mut pairs = refund("W1", "R2", "");
    pairs.push(("return_rmb_amount", "355.00"));
    assert_eq!(result(&desk.ask("forex_refund", &pairs).await), "T");
    assert_eq!(desk.rig.moved().await, (vec![71_000], vec![35_500, 35_500]));
}

#[tokio::test]
async fn a_refund_by_default_runs_later() {
    let desk = paid(None, "50.00").await;
    let mut pairs = refund("W1", "R1", "20.00");
    pairs.pop();
    assert_eq!(result(&desk.ask("forex_refund", &pairs).await), "T");
    assert_eq!(desk.rig.moved().await, (vec![5000], vec![]));
    desk.pass(5_000).await;
    assert_eq!(desk.rig.moved().await, (vec![5000], vec![2000]));
}

#[tokio::test]
async fn parameters_of_a_refund_have_to_fit() {
    let desk = paid(None, "50.00").await;
    let unknown = desk.ask("forex_refund", &refund("W2", "R1", "1.00")).await;
    assert_eq!(result(&unknown), "F PURCHASE_TRADE_NOT_EXIST");
    for (name, value, expected) in [
        ("gmt_return", "2026-01-05 10:00:00", "T"),
        ("gmt_return", "", "F INVALID_PARAMETER"),
        ("gmt_return", "2026", "F INVALID_PARAMETER"),
        ("currency", "CNY", "F INVALID_PARAMETER"),
        ("currency", "EUR", "F INVALID_PARAMETER"),
        ("return_amount", "", "F INVALID_PARAMETER"),
        ("return_amount", "1.001", "F INVALID_PARAMETER"),
        ("return_rmb_amount", "1.00", "F INVALID_PARAMETER"),
        ("out_return_no", "", "F INVALID_PARAMETER"),
        ("is_sync", "X", "F INVALID_PARAMETER"),
    ] {
        let mut pairs = refund("W1", "R9", "1.00");
        match pairs.iter_mut().find(|(own, _)| *own == name) {
            Some(pair) => pair.1 = value,
            None => pairs.push((name, value)),
        }
        let answer = desk.ask("forex_refund", &pairs).await;
        assert_eq!(result(&answer), expected, "{name}={value}");
    }
}
