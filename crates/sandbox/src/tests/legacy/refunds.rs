//! `alipay.acquire.overseas.spot.refund` and `alipay.acquire.refund.query`.

use protocol::DAY;

use super::super::pays;
use super::*;

impl Desk {
    async fn refund_status(&self, number: &str, id: &str) -> String {
        let pairs = [("out_trade_no", number), ("out_return_no", id)];
        let answer = self.ask("alipay.acquire.refund.query", &pairs).await;
        let status = answer.get("refund_result_code").or_else(|| answer.get("response_code"));
        status.unwrap_or_default().to_owned()
    }
}

async fn paid() -> Desk {
    let desk = Desk::new().await;
    let code = desk.rig.wallet(pays()).await;
    desk.pay("T1", "100.00", &code).await;
    desk
}

#[tokio::test]
async fn parts_go_back_up_to_the_whole() {
    let desk = paid().await;
    for (id, amount, expected) in [
        ("R1", "30.00", "SUCCESS"),
        ("R2", "30.00", "SUCCESS"),
        ("R3", "50.00", "FAILED REFUND_AMT_RESTRICTION"),
        ("R3", "40.00", "SUCCESS"),
        ("R4", "0.01", "FAILED REFUND_AMT_RESTRICTION"),
    ] {
        let answer = desk.refund("T1", id, amount, "Y").await;
        assert_eq!(result(&answer), expected, "{id}");
        if expected == "SUCCESS" {
            assert_eq!(answer.get("refund_amount"), Some(amount));
            assert_eq!(answer.get("partner_refund_id"), Some(id));
        }
        let status = if id > "R2" && expected == "SUCCESS" || id == "R4" {
            "TRADE_CLOSED"
        } else {
            "TRADE_SUCCESS"
        };
        assert_eq!(desk.status("T1").await, status, "{id}");
    }
    assert_eq!(desk.rig.moved().await, (vec![10_000], vec![3000, 3000, 4000]));
    assert_eq!(desk.refund_status("T1", "R3").await, "SUCCESS");
    assert_eq!(desk.refund_status("T1", "R4").await, "NOT_FOUND");
    assert_eq!(desk.refund_status("T2", "R1").await, "TRADE_NOT_EXIST");
}

#[tokio::test]
async fn one_id_is_one_refund() {
    let desk = paid().await;
    let first = desk.refund("T1", "R1", "30.00", "Y").await;
    let again = desk.refund("T1", "R1", "30.00", "Y").await;
    assert_eq!(first.response, again.response);
    let other = desk.refund("T1", "R1", "40.00", "Y").await;
    assert_eq!(result(&other), "FAILED CONTEXT_INCONSISTENT");
    assert_eq!(desk.rig.moved().await, (vec![10_000], vec![3000]));
}

#[tokio::test]
async fn a_refund_that_is_only_accepted_runs_later() {
    let desk = paid().await;
    for (id, sync) in [("R1", ""), ("R2", "N")] {
        assert_eq!(result(&desk.refund("T1", id, "30.00", sync).await), "SUCCESS");
        assert_eq!(desk.refund_status("T1", id).await, "PROCESSING");
        desk.pass(5_000).await;
        assert_eq!(desk.refund_status("T1", id).await, "SUCCESS");
    }
    desk.rig.post("refunds", serde_json::json!({ "after": 7_000, "ends": "fail" })).await;
    assert_eq!(result(&desk.refund("T1", "R3", "1.00", "Y").await), "UNKNOW");
    desk.pass(7_000).await;
    assert_eq!(desk.refund_status("T1", "R3").await, "FAILED");
    assert_eq!(desk.rig.moved().await, (vec![10_000], vec![3000, 3000]));
    // The same refund once more, when there is money for it.
    desk.rig.post("refunds", serde_json::json!({ "after": 0 })).await;
    assert_eq!(result(&desk.refund("T1", "R3", "1.00", "Y").await), "SUCCESS");
    assert_eq!(desk.rig.moved().await, (vec![10_000], vec![3000, 3000, 100]));
}

#[tokio::test]
async fn refunds_need_a_paid_trade_of_this_year() {
    let desk = paid().await;
    let unknown = desk.refund("T2", "R1", "1.00", "Y").await;
    assert_eq!(result(&unknown), "FAILED TRADE_NOT_EXIST");
    assert_eq!(result(&desk.refund("T1", "T1", "1.00", "Y").await), "F INVALID_PARAMETER");
    assert_eq!(result(&desk.refund("T1", "R1", "1.001", "Y").await), "F INVALID_PARAMETER");
    assert_eq!(result(&desk.refund("T1", "R1", "1.00", "X").await), "F INVALID_PARAMETER");
    let pairs = [
        ("partner_trans_id", "T1"),
        ("partner_refund_id", "R1"),
        ("refund_amount", "1.00"),
        ("currency", "EUR"),
    ];
    let other = desk.ask("alipay.acquire.overseas.spot.refund", &pairs).await;
    assert_eq!(result(&other), "F INVALID_PARAMETER");
    desk.rig.until(super::super::start() + 365 * DAY - 1_000).await;
    assert_eq!(result(&desk.refund("T1", "R1", "1.00", "Y").await), "SUCCESS");
    desk.pass(DAY).await;
    assert_eq!(result(&desk.refund("T1", "R2", "1.00", "Y").await), "FAILED TRADE_STATUS_ERROR");
    let code = desk.rig.code(serde_json::json!({})).await;
    desk.pay("T3", "1.00", &code).await;
    desk.cancel("T3").await;
    assert_eq!(result(&desk.refund("T3", "R1", "1.00", "Y").await), "FAILED TRADE_STATUS_ERROR");
}
