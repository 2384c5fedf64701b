//! Every defect shows where its case looks, and is not active where it does not.

use protocol::ams::Verified;
use protocol::legacy::Empties;
use serde_json::json;

use super::super::{asks, pays, start};
use super::*;

const QUERY: &str = "alipay.acquire.overseas.query";

impl Desk {
    fn struck(&self) -> bool {
        self.rig.tenant.defect_was_active()
    }

    /// The answer to a query, whose signature is not looked at.
    async fn look(&self, form: &Form) -> Answer {
        read(&self.raw(form).await)
    }
}

#[tokio::test]
async fn a_healthy_gateway_has_no_active_defect() {
    let desk = Desk::new().await;
    let code = desk.rig.wallet(pays()).await;
    desk.pay("T1", "12.34", &code).await;
    desk.refund("T1", "R1", "1.00", "Y").await;
    desk.cancel("T1").await;
    desk.pass(60_000).await;
    assert!(!desk.struck());
}

#[tokio::test]
async fn defects_of_paying() {
    let (desk, code) = Desk::broken(Defect::LegAnswerAmount, pays()).await;
    assert_eq!(desk.pay("T1", "12.34", &code).await.get("trans_amount"), Some("12"));
    assert!(desk.struck());

    let (desk, code) = Desk::broken(Defect::LegSuccessNotBooked, pays()).await;
    assert_eq!(result(&desk.pay("T1", "12.34", &code).await), "SUCCESS");
    assert_eq!(desk.status("T1").await, "WAIT_BUYER_PAY");
    assert_eq!(desk.rig.moved().await, (vec![], vec![]));

    let (desk, code) = Desk::broken(Defect::LegCode18Only, pays()).await;
    assert_eq!(result(&desk.pay("T1", "1.00", &code).await), "SUCCESS");
    assert!(!desk.struck());
    let code = desk.rig.code(json!({ "digits": 24 })).await;
    assert_eq!(result(&desk.pay("T2", "1.00", &code).await), "FAILED BUYER_NOT_EXIST");

    let desk = Desk::defective(Defect::LegRefusedButCharged).await;
    desk.rig.post("wallets", json!({ "balance": 1 })).await;
    let code = desk.rig.code(json!({})).await;
    assert_eq!(result(&desk.pay("T1", "1.00", &code).await), "FAILED BUYER_BALANCE_NOT_ENOUGH");
    assert_eq!(desk.rig.moved().await, (vec![100], vec![]));

    let (desk, code) = Desk::broken(Defect::LegRepeatCharges, pays()).await;
    let first = desk.pay("T1", "1.00", &code).await;
    let again = desk.pay("T1", "1.00", &code).await;
    assert_ne!(first.get("alipay_trans_id"), again.get("alipay_trans_id"));
    assert_eq!(desk.rig.moved().await, (vec![100, 100], vec![]));

    let (desk, code) = Desk::broken(Defect::LegOverwrites, asks("ignore", 0)).await;
    desk.pay("T1", "10.00", &code).await;
    assert_eq!(result(&desk.pay("T1", "12.00", &code).await), "UNKNOW");
    assert_eq!(desk.query("T1").await.get("trans_amount"), Some("12.00"));

    let (desk, code) = Desk::broken(Defect::LegErrorCodeMixed, pays()).await;
    let mut pairs = pay("T1", "1.00", &code);
    pairs.retain(|(name, _)| *name != "biz_product");
    let answer = desk.ask("alipay.acquire.overseas.spot.pay", &pairs).await;
    assert_eq!(result(&answer), "F SYSTEM_ERROR");
}

#[tokio::test]
async fn defects_of_asking_and_ending() {
    let (desk, code) = Desk::broken(Defect::LegEarlySuccess, asks("ignore", 0)).await;
    desk.pay("T1", "1.00", &code).await;
    assert_eq!(desk.status("T1").await, "TRADE_SUCCESS");
    assert_eq!(desk.rig.moved().await, (vec![], vec![]));

    let (desk, code) = Desk::broken(Defect::LegLostAnswerLostOrder, pays()).await;
    let trade = desk.pay("T1", "1.00", &code).await;
    assert_eq!(desk.status("T1").await, "TRADE_NOT_EXIST");
    let pairs = [("alipay_trans_id", trade.get("alipay_trans_id").unwrap())];
    let told = desk.ask(QUERY, &pairs).await;
    assert_eq!(told.get("alipay_trans_status"), Some("TRADE_SUCCESS"));

    let desk = Desk::defective(Defect::LegUnknownWaits).await;
    assert_eq!(desk.status("T1").await, "WAIT_BUYER_PAY");

    let (desk, code) = Desk::broken(Defect::LegNeverExpires, asks("ignore", 0)).await;
    desk.pay("T1", "1.00", &code).await;
    desk.pass(200_000).await;
    assert_eq!(desk.status("T1").await, "WAIT_BUYER_PAY");

    let (desk, code) = Desk::broken(Defect::LegClosedReopens, asks("ignore", 0)).await;
    desk.pay("T1", "1.00", &code).await;
    desk.pass(200_000).await;
    desk.rig.post("wallets/w1/mood", pays()).await;
    let code = desk.rig.code(json!({})).await;
    assert_eq!(result(&desk.pay("T1", "1.00", &code).await), "SUCCESS");

    let (desk, code) = Desk::broken(Defect::LegClosedStillPayable, asks("ignore", 0)).await;
    desk.pay("T1", "1.00", &code).await;
    desk.cancel("T1").await;
    let late = json!({ "paymentRequestId": "T1" });
    assert_eq!(desk.rig.post("wallets/w1/confirm", late).await["accepted"], true);
    assert_eq!(desk.rig.moved().await, (vec![100], vec![]));

    let (desk, code) = Desk::broken(Defect::LegCancelKeepsMoney, pays()).await;
    desk.pay("T1", "1.00", &code).await;
    assert_eq!(desk.cancel("T1").await.get("action"), Some("close"));
    assert_eq!(desk.status("T1").await, "TRADE_CLOSED");
    assert_eq!(desk.rig.moved().await, (vec![100], vec![]));

    let desk = Desk::defective(Defect::LegCancelUnknownFails).await;
    assert_eq!(result(&desk.cancel("T1").await), "FAIL TRADE_NOT_EXIST");

    let desk = Desk::defective(Defect::LegTimestampUnchecked).await;
    let pairs = [("out_trade_no", "T1"), ("timestamp", "2026-01-05 09:00:00")];
    assert_eq!(result(&desk.ask("alipay.acquire.cancel", &pairs).await), "SUCCESS");
    assert!(desk.struck());
}

#[tokio::test]
async fn defects_of_the_cancel_limit() {
    const MINUTE: Millis = 60_000;
    let midnight = start() + 14 * 60 * MINUTE;
    for (defect, late, expected) in [
        (Defect::LegCancelUtcDay, 16 * MINUTE, "SUCCESS"),
        (Defect::LegCancelNoBuffer, 14 * MINUTE, "FAIL TRADE_CANCEL_TIME_OUT"),
    ] {
        let (desk, _) = Desk::broken(defect, pays()).await;
        desk.rig.until(midnight - 20 * MINUTE).await;
        let code = desk.rig.code(json!({})).await;
        desk.pay("T1", "1.00", &code).await;
        assert!(!desk.struck());
        desk.rig.until(midnight + late).await;
        assert_eq!(result(&desk.cancel("T1").await), expected, "{defect:?}");
        assert!(desk.struck());
    }
}

#[tokio::test]
async fn defects_of_refunds() {
    let (desk, code) = Desk::broken(Defect::LegRefundNotReturned, pays()).await;
    desk.pay("T1", "100.00", &code).await;
    assert_eq!(result(&desk.refund("T1", "R1", "30.00", "Y").await), "SUCCESS");
    assert_eq!(desk.rig.moved().await, (vec![10_000], vec![]));

    let (desk, code) = Desk::broken(Defect::LegOverRefund, pays()).await;
    desk.pay("T1", "100.00", &code).await;
    desk.refund("T1", "R1", "60.00", "Y").await;
    assert!(!desk.struck());
    assert_eq!(result(&desk.refund("T1", "R2", "50.00", "Y").await), "SUCCESS");
    assert_eq!(desk.rig.moved().await, (vec![10_000], vec![6000, 5000]));

    let (desk, code) = Desk::broken(Defect::LegRefundRepeatReturns, pays()).await;
    desk.pay("T1", "100.00", &code).await;
    desk.refund("T1", "R1", "30.00", "Y").await;
    assert_eq!(result(&desk.refund("T1", "R1", "30.00", "Y").await), "SUCCESS");
    assert_eq!(desk.rig.moved().await, (vec![10_000], vec![3000, 3000]));

    for (defect, credited) in [(None, vec![]), (Some(Defect::LegRefundByDay), vec![3000])] {
        let desk = Desk::build(|_| {}, defect).await;
        desk.turn(|switches| switches.night_windows = true);
        let code = desk.rig.wallet(pays()).await;
        desk.pay("T1", "100.00", &code).await;
        desk.pass(protocol::DAY).await;
        desk.refund("T1", "R1", "30.00", "N").await;
        desk.pass(3_600_000).await;
        assert_eq!(desk.rig.moved().await, (vec![10_000], credited));
        desk.pass(12 * 3_600_000).await;
        assert_eq!(desk.rig.moved().await, (vec![10_000], vec![3000]));
    }
}

#[tokio::test]
async fn defects_of_verifying_calls() {
    for (defect, sign_type, text, expected) in [
        (Defect::LegSignUnchecked, SignType::Rsa2, "T2", "FAIL TRADE_NOT_EXIST"),
        (Defect::LegDsaUnchecked, SignType::Dsa, "T2", "FAIL TRADE_NOT_EXIST"),
        (Defect::LegDsaUnchecked, SignType::Rsa2, "T2", "F ILLEGAL_SIGN"),
        (Defect::LegVerifiesEncoded, SignType::Rsa2, "T1", "FAIL TRADE_NOT_EXIST"),
        (Defect::LegBodyOnly, SignType::Rsa2, "T1", "F ILLEGAL_SIGN"),
    ] {
        let mut desk = Desk::defective(defect).await;
        desk.sign_type = sign_type;
        let mut form = desk.signed(desk.form(QUERY, &[("partner_trans_id", "T1")]));
        form.set("partner_trans_id", text);
        assert_eq!(result(&desk.look(&form).await), expected, "{defect:?}");
    }
    let desk = Desk::defective(Defect::LegVerifiesEncoded).await;
    let form = desk.signed(desk.form(QUERY, &[("partner_trans_id", "T1"), ("memo", "a&b")]));
    assert_eq!(result(&desk.look(&form).await), "F ILLEGAL_SIGN");
    let mut desk = Desk::defective(Defect::LegBodyOnly).await;
    desk.post = false;
    let form = desk.signed(desk.form(QUERY, &[("partner_trans_id", "T1")]));
    assert_eq!(result(&desk.look(&form).await), "FAIL TRADE_NOT_EXIST");

    let (desk, code) = Desk::broken(Defect::LegBadSignBooks, pays()).await;
    let mut form =
        desk.signed(desk.form("alipay.acquire.overseas.spot.pay", &pay("T1", "1.00", &code)));
    form.set("trans_amount", "2.00");
    assert_eq!(result(&desk.look(&form).await), "F ILLEGAL_SIGN");
    assert_eq!(desk.rig.moved().await, (vec![200], vec![]));

    let desk = Desk::defective(Defect::LegVerifyAlwaysTrue).await;
    let form = desk.signed(desk.form("notify_verify", &[("notify_id", "1")]));
    assert_eq!(desk.raw(&form).await.body, b"true");
}

#[tokio::test]
async fn defects_of_signing_answers() {
    let (desk, code) = Desk::broken(Defect::LegAnswerUnsigned, pays()).await;
    let form =
        desk.signed(desk.form("alipay.acquire.overseas.spot.pay", &pay("T1", "1.00", &code)));
    let body = String::from_utf8(desk.raw(&form).await.body).unwrap();
    assert!(body.ends_with("</response></alipay>"), "{body}");

    let desk = Desk::defective(Defect::LegRsa2Sha1).await;
    let form = desk.signed(desk.form(QUERY, &[("partner_trans_id", "T1")]));
    let answer = desk.look(&form).await;
    assert_eq!(answer.sign_type.as_deref(), Some("RSA2"));
    assert_eq!(answer.verify(&gateway(SignType::Rsa2), Charset::Utf8), Verified::Wrong);
    let text = answer.text_to_sign(Empties::Dropped).unwrap();
    assert!(gateway(SignType::Rsa).verify(text.as_bytes(), answer.sign.as_deref().unwrap()));

    let (desk, code) = Desk::broken(Defect::LegSignEscaped, pays()).await;
    let number = "T&1";
    let form =
        desk.signed(desk.form("alipay.acquire.overseas.spot.pay", &pay(number, "1.00", &code)));
    let answer = desk.look(&form).await;
    assert_eq!(answer.get("partner_trans_id"), Some(number));
    assert_eq!(answer.verify(&gateway(SignType::Rsa2), Charset::Utf8), Verified::Wrong);

    let mut desk = Desk::defective(Defect::LegGbkLabelOnly).await;
    desk.charset = Charset::Gbk;
    let code = desk.rig.wallet(pays()).await;
    let form =
        desk.signed(desk.form("alipay.acquire.overseas.spot.pay", &pay("T1", "1.00", &code)));
    let body = desk.raw(&form).await.body;
    let text = String::from_utf8(body).unwrap();
    assert!(text.contains("encoding=\"GBK\"") && text.contains("咖啡"), "{text}");
    assert!(desk.struck());
}
