//! A browser is sent to the cashier of `create_forex_trade`.

use serde_json::json;

use super::super::{asks, pays, start};
use super::*;

const MINUTE: Millis = 60_000;

/// The parameters of an order in dollars.
pub(super) fn order<'a>(number: &'a str, amount: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("notify_url", "http://merchant.test/notify"),
        ("return_url", "http://merchant.test/back?shop=1"),
        ("subject", "Café <咖啡>"),
        ("out_trade_no", number),
        ("currency", "USD"),
        ("total_fee", amount),
        ("product_code", "NEW_OVERSEAS_SELLER"),
    ]
}

impl Desk {
    /// The address to which a shop redirects the browser.
    pub(super) fn redirect(&self, service: &str, pairs: &[(&str, &str)]) -> String {
        let form = self.signed(self.form(service, pairs));
        let query = String::from_utf8(form.write().unwrap()).unwrap();
        format!("https://gateway.test/gateway.do?{query}")
    }

    pub(super) async fn open(&self, url: &str) -> Value {
        self.rig.post("wallets/w1/open", json!({ "url": url })).await
    }

    pub(super) async fn confirm(&self, number: &str) -> Value {
        self.rig.post("wallets/w1/confirm", json!({ "paymentRequestId": number })).await
    }

    pub(super) async fn trade_status(&self, number: &str) -> String {
        let answer = self.ask("single_trade_query", &[("out_trade_no", number)]).await;
        answer.get("trade_status").map_or_else(|| result(&answer), str::to_owned)
    }

    /// The address to which the browser goes back.
    async fn back(&self, number: &str) -> Option<String> {
        let told = self.rig.see(&format!("payments/{number}/return")).await;
        told["url"].as_str().map(str::to_owned)
    }

    /// The page that a browser sees.
    async fn page(&self, call: Call) -> (u16, String, Option<String>) {
        let answer = self.rig.send(call).await;
        let back = answer.header("location").map(str::to_owned);
        if answer.status == 200 {
            assert_eq!(answer.header("content-type"), Some("text/html;charset=utf-8"));
        }
        (answer.status, String::from_utf8(answer.body).unwrap(), back)
    }
}

/// The form that a browser carries back, which has to verify.
fn carried(url: &str) -> Form {
    let query = url.strip_prefix("http://merchant.test/back?shop=1&").unwrap();
    let form = Form::read(query.as_bytes(), b"", Charset::Utf8).unwrap();
    assert_eq!(form.verify(&gateway(SignType::Rsa2)), Verified::Valid, "{url}");
    form
}

#[tokio::test]
async fn a_buyer_logs_in_pays_and_goes_back() {
    let desk = Desk::new().await;
    desk.rig.wallet(asks("ignore", 0)).await;
    let url = desk.redirect("create_forex_trade", &order("W1", "12.34"));
    let target = url.strip_prefix("https://gateway.test").unwrap().to_owned();
    let (status, page, _) = desk.page(Call::get(target)).await;
    assert!(status == 200 && page.len() > 200 && page.contains("Café &lt;咖啡&gt;"), "{page}");
    // Nobody has logged in yet.
    assert_eq!(desk.trade_status("W1").await, "F TRADE_NOT_EXIST");
    assert_eq!(desk.open(&url).await["accepted"], true);
    assert_eq!(desk.trade_status("W1").await, "WAIT_BUYER_PAY");
    assert_eq!(desk.back("W1").await, None);
    assert_eq!(desk.confirm("W1").await["accepted"], true);
    let told = desk.ask("single_trade_query", &[("out_trade_no", "W1")]).await;
    assert_eq!(told.response.as_ref().unwrap().node, "trade");
    for (name, value) in [
        ("trade_status", "TRADE_FINISHED"),
        ("total_fee", "87.61"),
        ("subject", "Café <咖啡>"),
        ("gmt_create", "2026-01-05 10:00:00"),
    ] {
        assert_eq!(told.get(name), Some(value), "{name}");
    }
    let back = carried(&desk.back("W1").await.unwrap());
    desk.pass(MINUTE).await;
    assert_eq!(desk.letters.posted.lock().len(), 1);
    let posted = desk.letters.posted.lock()[0].clone();
    assert_eq!(posted.verified(), Verified::Valid);
    assert_eq!(posted.get("notify_type"), "trade_status_sync");
    for form in [&back, &posted.form] {
        for (name, value) in [
            ("out_trade_no", "W1"),
            ("total_fee", "12.34"),
            ("currency", "USD"),
            ("trade_status", "TRADE_FINISHED"),
            ("trade_no", told.get("trade_no").unwrap()),
        ] {
            assert_eq!(form.get(name), Some(value), "{name}");
        }
    }
    assert_eq!(desk.rig.moved().await, (vec![1234], vec![]));
}

#[tokio::test]
async fn a_browser_clicks_through_the_pages() {
    let desk = Desk::new().await;
    desk.rig.wallet(asks("ignore", 0)).await;
    let url = desk.redirect("create_forex_trade", &order("W1", "12.34"));
    let target = url.strip_prefix("https://gateway.test").unwrap().to_owned();
    let (_, page, _) = desk.page(Call::get(target)).await;
    let token = page.split("name=\"token\" value=\"").nth(1).unwrap();
    let token = token.split('"').next().unwrap().to_owned();
    let press = |act: &str| Call::post("/cashier", format!("token={token}&act={act}&wallet=w1"));
    let (_, page, _) = desk.page(press("pay")).await;
    assert!(page.contains("BUYER_NOT_EXIST"), "{page}");
    let (_, page, _) = desk.page(press("login")).await;
    assert!(page.contains("value=\"pay\"") && page.contains("value=\"leave\""), "{page}");
    assert_eq!(desk.trade_status("W1").await, "WAIT_BUYER_PAY");
    let (_, page, _) = desk.page(press("leave")).await;
    assert!(page.contains("value=\"login\""), "{page}");
    desk.page(press("login")).await;
    let (status, _, back) = desk.page(press("pay")).await;
    assert_eq!(status, 302);
    assert_eq!(carried(&back.unwrap()).get("trade_status"), Some("TRADE_FINISHED"));
    let (_, page, _) = desk.page(Call::get(format!("/cashier?token={token}"))).await;
    assert!(page.contains("Paid"), "{page}");
    let (status, ..) = desk.page(press("back")).await;
    assert_eq!(status, 302);
    for call in [
        Call::get("/cashier?token=nothing"),
        Call::get("/cashier?token=%zz"),
        Call::get("/cashier"),
        Call::post("/cashier", "token=%FF"),
    ] {
        let (_, page, _) = desk.page(call).await;
        assert!(page.contains("id=\"error\""), "{page}");
    }
    assert_eq!(desk.rig.moved().await, (vec![1234], vec![]));
}

#[tokio::test]
async fn an_order_that_nobody_pays_closes_when_its_time_is_over() {
    for (rule, minutes) in [("5m", 5), ("", 12 * 60), ("15d", 15 * 24 * 60)] {
        let desk = Desk::new().await;
        desk.rig.wallet(asks("ignore", 0)).await;
        let mut pairs = order("W1", "5.00");
        pairs.push(("timeout_rule", rule));
        desk.open(&desk.redirect("create_forex_trade", &pairs)).await;
        pairs[3].1 = "W2";
        let never = desk.redirect("create_forex_trade", &pairs);
        desk.rig.send(Call::get(never.strip_prefix("https://gateway.test").unwrap())).await;
        desk.rig.until(start() + minutes * MINUTE - 200).await;
        assert_eq!(desk.trade_status("W1").await, "WAIT_BUYER_PAY");
        desk.rig.until(start() + minutes * MINUTE).await;
        assert_eq!(desk.trade_status("W1").await, "TRADE_CLOSED");
        assert_eq!(desk.trade_status("W2").await, "F TRADE_NOT_EXIST");
        desk.pass(MINUTE).await;
        assert_eq!(desk.confirm("W1").await["accepted"], false);
        assert_eq!(desk.posted(), [("trade_status_sync".into(), "TRADE_CLOSED".into())]);
    }
}

#[tokio::test]
async fn too_little_money_leaves_an_order_open() {
    let desk = Desk::new().await;
    desk.rig.post("wallets", json!({ "balance": 1, "mood": asks("ignore", 0) })).await;
    desk.open(&desk.redirect("create_forex_trade", &order("W1", "5.00"))).await;
    assert_eq!(desk.confirm("W1").await["why"], "USER_BALANCE_NOT_ENOUGH");
    assert_eq!(desk.trade_status("W1").await, "WAIT_BUYER_PAY");
}

#[tokio::test]
async fn on_a_phone_there_is_no_trade_before_the_password() {
    let desk = Desk::new().await;
    desk.rig.wallet(asks("ignore", 0)).await;
    let mut pairs = order("W1", "5.00");
    pairs[6].1 = "NEW_WAP_OVERSEAS_SELLER";
    let url = desk.redirect("create_forex_trade_wap", &pairs);
    assert_eq!(desk.open(&url).await["accepted"], true);
    assert_eq!(desk.trade_status("W1").await, "F TRADE_NOT_EXIST");
    desk.confirm("W1").await;
    assert_eq!(desk.trade_status("W1").await, "TRADE_FINISHED");
}

#[tokio::test]
async fn a_buyer_who_starts_again_goes_on_with_the_same_trade() {
    let desk = Desk::new().await;
    desk.rig.wallet(asks("ignore", 0)).await;
    let url = desk.redirect("create_forex_trade", &order("W1", "5.00"));
    desk.open(&url).await;
    assert_eq!(desk.open(&url).await["accepted"], true);
    let other = desk.redirect("create_forex_trade", &order("W1", "6.00"));
    assert_eq!(desk.open(&other).await["accepted"], false);
    desk.confirm("W1").await;
    assert_eq!(desk.open(&url).await["accepted"], false);
    let target = url.strip_prefix("https://gateway.test").unwrap().to_owned();
    let (_, page, _) = desk.page(Call::get(target)).await;
    assert!(page.contains("TRADE_HAS_SUCCESS"), "{page}");
    assert_eq!(desk.rig.moved().await, (vec![500], vec![]));
    assert_eq!(desk.rig.see("payments").await.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_browser_gets_a_page_that_names_what_is_wrong() {
    let mut desk = Desk::new().await;
    for post in [true, false] {
        desk.post = post;
        for (name, value, expected) in [
            ("total_fee", "", "INVALID_PARAMETER"),
            ("total_fee", "0.00", "INVALID_PARAMETER"),
            ("rmb_fee", "5.00", "INVALID_PARAMETER"),
            ("subject", "", "INVALID_PARAMETER"),
            ("out_trade_no", "", "INVALID_PARAMETER"),
            ("product_code", "OTHER", "INVALID_PARAMETER"),
            ("timeout_rule", "4m", "INVALID_PARAMETER"),
            ("order_valid_time", "2592001", "INVALID_PARAMETER"),
            ("trade_information", "x", "INVALID_PARAMETER"),
            ("partner", "1", "ILLEGAL_PARTNER"),
        ] {
            let mut form = desk.form("create_forex_trade", &order("W1", "5.00"));
            form.set(name, value);
            let (status, page, _) = desk.page(desk.call(&desk.signed(form))).await;
            assert_eq!(status, 200);
            assert!(page.contains(&format!("<code id=\"error\">{expected}</code>")), "{page}");
        }
        let mut form = desk.signed(desk.form("create_forex_trade", &order("W1", "5.00")));
        form.set("total_fee", "6.00");
        let (_, page, _) = desk.page(desk.call(&form)).await;
        assert!(page.contains("ILLEGAL_SIGN"), "{page}");
    }
    assert_eq!(desk.rig.see("payments").await, json!([]));
    let answer = desk.ask("single_trade_query", &[("out_trade_no", "")]).await;
    assert_eq!(result(&answer), "F ILLEGAL_ARGUMENT");
}

#[tokio::test]
async fn defects_of_the_cashier() {
    let desk = Desk::defective(Defect::LegReturnUnsigned).await;
    desk.rig.wallet(pays()).await;
    desk.open(&desk.redirect("create_forex_trade", &order("W1", "5.00"))).await;
    let back = desk.back("W1").await.unwrap();
    assert!(!back.contains("sign=") && back.contains("TRADE_FINISHED"), "{back}");

    let desk = Desk::defective(Defect::LegWebSecondTrade).await;
    desk.rig.wallet(asks("ignore", 0)).await;
    let url = desk.redirect("create_forex_trade", &order("W1", "5.00"));
    desk.open(&url).await;
    desk.confirm("W1").await;
    assert_eq!(desk.open(&url).await["accepted"], true);
    desk.confirm("W1").await;
    assert_eq!(desk.rig.moved().await, (vec![500, 500], vec![]));

    let desk = Desk::defective(Defect::LegNotifyAfterReturn).await;
    desk.rig.wallet(pays()).await;
    desk.open(&desk.redirect("create_forex_trade", &order("W1", "5.00"))).await;
    desk.pass(60 * MINUTE).await;
    assert!(desk.posted().is_empty());
    desk.back("W1").await.unwrap();
    desk.pass(MINUTE).await;
    assert_eq!(desk.posted().len(), 1);
    assert!(desk.rig.tenant.defect_was_active());
}
