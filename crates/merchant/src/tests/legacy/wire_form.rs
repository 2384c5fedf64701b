//! How calls look on the wire, under each sign type and charset.

use evidence::OrderState::Paid;
use protocol::Amount;
use protocol::ams::Verified;
use protocol::legacy::{Charset, Signer};
use signing::{DsaPrivateKey, SharedKey};

use super::{GATEWAY_KEY, PARTNER, PAY, Scene, Stage, paid, sale, usd};
use crate::{Habits, reference_key};

const HARD: &str = "测试 café a+b=c&d / 100% ";
const DSA: &[u8] = include_bytes!("../../../../../tests/vectors/weak/dsa1024.160.traditional.pem");

#[tokio::test]
async fn pay_has_every_field_and_names_who_sells() {
    let stage = Stage::new(paid).await;
    stage.charge_with("255555555555555555555555", usd(1231), HARD).await;
    stage.run_out().await;
    let pay = &stage.of(PAY)[0];
    assert_eq!(pay.verified, Verified::Valid);
    for (name, value) in [
        ("partner", PARTNER),
        ("alipay_seller_id", PARTNER),
        ("trans_name", HARD),
        ("partner_trans_id", "A1-p1"),
        ("currency", "USD"),
        ("trans_amount", "12.31"),
        ("buyer_identity_code", "255555555555555555555555"),
        ("identity_code_type", "barcode"),
        ("biz_product", "OVERSEAS_MBARCODE_PAY"),
        ("trans_create_time", "20260105100000"),
        ("memo", ""),
        ("sign_type", "RSA2"),
    ] {
        assert_eq!(pay.form.get(name), Some(value), "{name}");
    }
    assert_eq!(pay.form.get("notify_url"), None);
    let extension: serde_json::Value = serde_json::from_str(pay.get("extend_info")).unwrap();
    for (name, value) in [
        ("secondary_merchant_id", "seller-0815"),
        ("secondary_merchant_name", "Harbour Teahouse"),
        ("secondary_merchant_industry", "5812"),
        ("store_id", "store-1"),
        ("store_name", "Teahouse at the Harbour"),
        ("terminal_id", "till-11"),
    ] {
        assert_eq!(extension[name], value, "{name}");
    }
    let goods = pay.get("trade_information");
    assert!(goods.contains(r"\/"));
    let goods: serde_json::Value = serde_json::from_str(goods).unwrap();
    assert_eq!(goods["goods_info"], "测试 café a+b=c&d / 100%^1");
}

#[tokio::test]
async fn the_charset_of_a_post_stands_in_its_query_and_a_get_has_no_body() {
    let stage = Stage::new(paid).await;
    stage.charge().await;
    stage.run_out().await;
    let pay = &stage.calls()[0];
    assert_eq!(pay.request.method, "POST");
    assert_eq!(pay.request.target, "/gateway.do?_input_charset=UTF-8");
    let kind = "application/x-www-form-urlencoded;charset=UTF-8";
    assert_eq!(pay.request.header("content-type"), Some(kind));
    assert_eq!(pay.request.header("host"), Some("gateway.test"));
    assert!(!String::from_utf8_lossy(&pay.request.body).contains("_input_charset"));

    let stage = Stage::set(Scene { post: false, ..Scene::default() }, paid).await;
    stage.charge_with("288888888888888888", usd(1231), HARD).await;
    stage.run_out().await;
    stage.assert_state(Paid).await;
    let pay = &stage.calls()[0];
    assert_eq!((pay.request.method.as_str(), pay.request.body.len()), ("GET", 0));
    assert_eq!((pay.verified, pay.get("trans_name")), (Verified::Valid, HARD));
}

#[tokio::test]
async fn every_sign_type_and_charset_is_signed_and_verified() {
    let shared = SharedKey::read(b"0123456789abcdefghijABCDEFGHIJ01").unwrap();
    let dsa = DsaPrivateKey::read(DSA).unwrap();
    let (key, gateway) = (reference_key().unwrap(), GATEWAY_KEY.clone());
    for (signer, gateway, name) in [
        (Signer::Md5(shared.clone()), Signer::Md5(shared), "MD5"),
        (Signer::Rsa(key.clone()), Signer::Rsa(gateway.clone()), "RSA"),
        (Signer::Rsa2(key), Signer::Rsa2(gateway), "RSA2"),
        (Signer::Dsa(dsa.clone()), Signer::Dsa(dsa), "DSA"),
    ] {
        for charset in [Charset::Utf8, Charset::Gbk] {
            let (signer, gateway) = (signer.clone(), gateway.clone());
            let scene = Scene { signer, gateway, charset, ..Scene::default() };
            let stage = Stage::set(scene, |seen| {
                super::Play::Says(sale(seen, "SUCCESS", &[("memo", "测试 & 咖啡")]))
            })
            .await;
            stage.charge_with("288888888888888888", usd(1231), HARD).await;
            stage.run_out().await;
            stage.assert_state(Paid).await;
            let pay = &stage.calls()[0];
            assert_eq!(pay.verified, Verified::Valid, "{name}");
            assert_eq!((pay.get("sign_type"), pay.get("trans_name")), (name, HARD));
            assert_eq!(pay.form.charset(), charset);
            assert_eq!(stage.calls().len(), 1);
        }
    }
}

#[tokio::test]
async fn amounts_of_currencies_without_cents_have_no_point() {
    let stage = Stage::new(|seen| {
        let mut told = sale(seen, "SUCCESS", &[]);
        told.retain(|(name, _)| name != "currency" && name != "trans_amount");
        super::Play::Says(told)
    })
    .await;
    let price = Amount::from_price("JPY 1200").unwrap();
    stage.charge_with("288888888888888888", price, "Tea").await;
    stage.run_out().await;
    assert_eq!(stage.each(PAY, "trans_amount"), ["1200"]);
    assert_eq!(stage.view().await.paid, Some(price));
}

#[tokio::test]
async fn a_notice_of_a_scanned_payment_is_asked_for_where_that_is_the_habit() {
    let habits = Habits { barcode_notices: true, ..Habits::default() };
    let stage = Stage::set(Scene { habits, ..Scene::default() }, paid).await;
    stage.charge().await;
    stage.run_out().await;
    let url = "http://merchant.assay.test/alipay/notify?a=1&b=2";
    assert_eq!(stage.each(PAY, "notify_url"), [url]);
}
