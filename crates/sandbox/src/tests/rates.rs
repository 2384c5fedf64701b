//! Wallets in another currency than the order's.

use protocol::ams::Api;
use serde_json::json;
use wire::Call;

use super::{Rig, result, scanned};

#[tokio::test]
async fn a_wallet_in_another_currency_is_charged_by_the_rate_and_gets_just_that_back() {
    let rig = Rig::new().await;
    rig.post("wallets", json!({ "currency": "CNY", "balance": 1292 })).await;
    let code = rig.code(json!({})).await;
    let unrated = rig.ask(Api::Pay, &scanned("P0", "JPY 200", &code)).await;
    assert_eq!(result(&unrated), "F CURRENCY_NOT_SUPPORT");
    for price in ["0.5", "0.064622"] {
        rig.post("rates", json!({ "pair": "JPY/CNY", "price": price })).await;
    }
    let code = rig.code(json!({})).await;
    let dear = rig.ask(Api::Pay, &scanned("P1", "JPY 201", &code)).await;
    assert_eq!(result(&dear), "F USER_BALANCE_NOT_ENOUGH");
    let code = rig.code(json!({})).await;
    let paid = rig.ask(Api::Pay, &scanned("P2", "JPY 200", &code)).await;
    for (path, value) in [
        ("paymentAmount.value", "200"),
        ("paymentAmount.currency", "JPY"),
        ("actualPaymentAmount.value", "1292"),
        ("actualPaymentAmount.currency", "CNY"),
        ("paymentQuote.quoteCurrencyPair", "JPY/CNY"),
        ("paymentQuote.quotePrice", "0.064622"),
    ] {
        assert_eq!(paid.text(path).as_deref(), Some(value), "{path}");
    }
    assert!(!paid.is_text("paymentQuote.quotePrice"));
    assert_eq!(rig.inquire("P2").await.at("paymentQuote"), paid.at("paymentQuote"));
    rig.cancel("P2").await;
    assert_eq!(rig.moved().await, (vec![1292], vec![1292]));
    let statement = rig.see("statement").await;
    assert_eq!(statement["credits"][0]["amount"]["currency"], "CNY");
    let wrong = json!({ "pair": "JPY", "price": "1" }).to_string();
    let (status, _) = rig.control(Call::post("/_sandbox/rates", wrong.into_bytes())).await;
    assert_eq!(status, 400);
}

#[tokio::test]
async fn a5_a_quote_is_written_as_the_pages_or_the_samples_have_it() {
    let rig = Rig::new().await;
    rig.post("wallets", json!({ "currency": "CNY" })).await;
    rig.post("rates", json!({ "pair": "JPY/CNY", "price": "0.064622" })).await;
    for (choice, pair, texts) in [
        ("letters", "JPY/CNY", false),
        ("numbers", "392/156", false),
        ("all-strings", "JPY/CNY", true),
    ] {
        rig.post("settings", json!({ "switches": { "A5": choice } })).await;
        let code = rig.code(json!({})).await;
        let paid = rig.ask(Api::Pay, &scanned(choice, "JPY 200", &code)).await;
        assert_eq!(paid.text("paymentQuote.quoteCurrencyPair").as_deref(), Some(pair));
        assert_eq!(paid.text("paymentQuote.quotePrice").as_deref(), Some("0.064622"));
        for path in ["paymentQuote.quotePrice", "paymentQuote.guaranteed"] {
            assert_eq!(paid.is_text(path), texts, "{choice} {path}");
        }
    }
}

#[tokio::test]
async fn a_switch_is_turned_while_the_gateway_runs() {
    let rig = Rig::new().await;
    rig.post("wallets", json!({})).await;
    let bare = |id: &str, code: &str| {
        let mut body = scanned(id, "USD 1", code);
        body["order"]["merchant"].as_object_mut().unwrap().remove("store");
        body
    };
    let code = rig.code(json!({})).await;
    assert_eq!(result(&rig.ask(Api::Pay, &bare("P1", &code)).await), "S SUCCESS");
    rig.post("settings", json!({ "switches": { "A20": "required" } })).await;
    let code = rig.code(json!({})).await;
    assert_eq!(result(&rig.ask(Api::Pay, &bare("P2", &code)).await), "F PARAM_ILLEGAL");
    let wrong = json!({ "switches": { "A20": "sometimes" } }).to_string();
    let (status, _) = rig.control(Call::post("/_sandbox/settings", wrong.into_bytes())).await;
    assert_eq!(status, 400);
}
