//! Refunds: whole and partial, their limits, and what inquiries and notices say about them.

use protocol::ams::{Api, Refund, refund_inquiry_body};
use protocol::{Amount, Fields, parse_time};
use serde_json::json;

use super::{Rig, asks, pays, result, scanned};
use crate::{Defect, RefundWindow};

/// Pays USD 12.31 as `P1` and answers its payment id.
async fn paid(rig: &Rig) -> String {
    let code = rig.wallet(pays()).await;
    payment_id(&rig.ask(Api::Pay, &scanned("P1", "USD 12.31", &code)).await)
}

fn payment_id(answer: &Fields) -> String {
    answer.text("paymentId").unwrap()
}

async fn refund(rig: &Rig, id: &str, payment: &str, price: &str) -> Fields {
    refund_told(rig, id, payment, price, None).await
}

async fn refund_told(
    rig: &Rig,
    id: &str,
    payment: &str,
    price: &str,
    notify_url: Option<&str>,
) -> Fields {
    let refund = Refund {
        request_id: id.into(),
        payment_id: payment.into(),
        amount: Amount::from_price(price).unwrap(),
        reason: Some("坏了".into()),
        notify_url: notify_url.map(str::to_owned),
    };
    rig.ask(Api::Refund, &refund.to_json()).await
}

async fn inquire(rig: &Rig, id: &str) -> Fields {
    rig.ask(Api::InquiryRefund, &refund_inquiry_body(Some(id), None)).await
}

#[tokio::test]
async fn parts_go_back_until_nothing_is_left() {
    let rig = Rig::new().await;
    let payment = paid(&rig).await;
    let first = refund(&rig, "R1", &payment, "USD 5.00").await;
    assert_eq!(result(&first), "S SUCCESS");
    assert_eq!(first.text("paymentId").as_ref(), Some(&payment));
    assert_eq!(first.text("refundAmount.value").as_deref(), Some("500"));
    assert!(parse_time(&first.text("refundTime").unwrap()).is_some());
    let over = refund(&rig, "R2", &payment, "USD 7.32").await;
    assert_eq!(result(&over), "F REFUND_AMOUNT_EXCEED");
    assert_eq!(result(&refund(&rig, "R3", &payment, "USD 7.31").await), "S SUCCESS");
    assert_eq!(rig.moved().await, (vec![1231], vec![500, 731]));

    let told = rig.inquire("P1").await;
    assert_eq!(told.text("paymentStatus").as_deref(), Some("SUCCESS"));
    assert_eq!(told.text("transactions.0.transactionId"), first.text("refundId"));
    assert_eq!(told.text("transactions.1.transactionRequestId").as_deref(), Some("R3"));
    assert_eq!(told.text("transactions.1.transactionType").as_deref(), Some("REFUND"));
    assert_eq!(told.text("transactions.2.transactionType"), None);
}

#[tokio::test]
async fn one_id_is_one_refund() {
    let rig = Rig::new().await;
    let payment = paid(&rig).await;
    let first = refund(&rig, "R1", &payment, "USD 3").await;
    rig.pass(60_000).await;
    assert_eq!(refund(&rig, "R1", &payment, "USD 3").await, first);
    let other = refund(&rig, "R1", &payment, "USD 3.01").await;
    assert_eq!(result(&other), "F REPEAT_REQ_INCONSISTENT");
    assert_eq!(rig.moved().await, (vec![1231], vec![300]));
    let told = inquire(&rig, "R1").await;
    assert_eq!(told.text("refundStatus").as_deref(), Some("SUCCESS"));
    assert_eq!(told.text("refundId"), first.text("refundId"));
    // The gateway's own id wins.
    let id = first.text("refundId").unwrap();
    let body = refund_inquiry_body(Some("R9"), Some(&id));
    let by_id = rig.ask(Api::InquiryRefund, &body).await;
    assert_eq!(by_id.text("refundRequestId").as_deref(), Some("R1"));
    assert_eq!(result(&inquire(&rig, "R9").await), "F ORDER_NOT_EXIST");
    let nothing = rig.ask(Api::InquiryRefund, &json!({})).await;
    assert_eq!(result(&nothing), "F PARAM_ILLEGAL");
}

#[tokio::test]
async fn only_what_was_paid_can_be_refunded() {
    let rig = Rig::new().await;
    let code = rig.wallet(asks("decline", 5_000)).await;
    let payment = payment_id(&rig.ask(Api::Pay, &scanned("P1", "USD 12.31", &code)).await);
    for _ in ["waiting", "declined"] {
        assert_eq!(result(&refund(&rig, "R1", &payment, "USD 1").await), "F ORDER_STATUS_INVALID");
        rig.pass(5_000).await;
    }
    assert_eq!(result(&refund(&rig, "R1", "nobody", "USD 1").await), "F ORDER_NOT_EXIST");
    // The merchant's own id is not taken for the gateway's.
    assert_eq!(result(&refund(&rig, "R1", "P1", "USD 1").await), "F ORDER_NOT_EXIST");
    rig.post("wallets/w1/mood", pays()).await;
    let fresh = rig.code(json!({})).await;
    let payment = payment_id(&rig.ask(Api::Pay, &scanned("P2", "USD 12.31", &fresh)).await);
    assert_eq!(result(&refund(&rig, "R1", &payment, "EUR 1").await), "F CURRENCY_NOT_SUPPORT");
    rig.cancel("P2").await;
    assert_eq!(result(&refund(&rig, "R1", &payment, "USD 1").await), "F ORDER_STATUS_INVALID");
    assert_eq!(rig.moved().await, (vec![1231], vec![1231]));
}

#[tokio::test]
async fn the_refund_window_is_a_year() {
    let year = parse_time("2027-01-05T10:00:00+08:00").unwrap();
    for (window, last) in
        [(RefundWindow::CalendarYear, year), (RefundWindow::Days366, year + protocol::DAY)]
    {
        let rig = Rig::build(|terms| terms.switches.refund_window = window, None).await;
        let payment = paid(&rig).await;
        rig.until(last).await;
        assert_eq!(result(&refund(&rig, "R1", &payment, "USD 1").await), "S SUCCESS");
        let late = refund(&rig, "R2", &payment, "USD 1").await;
        assert_eq!(result(&late), "F REFUND_WINDOW_EXCEED");
        // A switch that is turned counts from there on, and what is known stays known.
        if window == RefundWindow::CalendarYear {
            rig.post("settings", json!({ "switches": { "A12": "366-days" } })).await;
            assert_eq!(result(&refund(&rig, "R3", &payment, "USD 1").await), "S SUCCESS");
        }
        assert_eq!(result(&refund(&rig, "R1", &payment, "USD 1").await), "S SUCCESS");
    }
}

#[tokio::test]
async fn a_refund_may_take_its_time() {
    for (ends, status, answer, credits) in
        [("success", "SUCCESS", "S SUCCESS", vec![300]), ("fail", "FAIL", "F PROCESS_FAIL", vec![])]
    {
        let rig = Rig::new().await;
        let payment = paid(&rig).await;
        rig.post("refunds", json!({ "after": 20_000, "ends": ends })).await;
        for _ in ["first", "again"] {
            let answer = refund(&rig, "R1", &payment, "USD 3").await;
            assert_eq!(result(&answer), "U REFUND_IN_PROCESS");
            assert_eq!(answer.text("refundTime"), None);
        }
        assert_eq!(inquire(&rig, "R1").await.text("refundStatus").as_deref(), Some("PROCESSING"));
        // What is under way counts.
        let over = refund(&rig, "R2", &payment, "USD 12.31").await;
        assert_eq!(result(&over), "F REFUND_AMOUNT_EXCEED");
        assert_eq!(rig.moved().await.1, Vec::<i64>::new());
        rig.pass(20_000).await;
        let told = inquire(&rig, "R1").await;
        assert_eq!(told.text("refundStatus").as_deref(), Some(status));
        assert_eq!(told.text("refundTime").is_some(), status == "SUCCESS");
        assert_eq!(result(&refund(&rig, "R1", &payment, "USD 3").await), answer);
        assert_eq!(rig.moved().await.1, credits);
        rig.post("refunds", json!({ "after": 0 })).await;
        let rest = if status == "FAIL" { "USD 12.31" } else { "USD 9.31" };
        assert_eq!(result(&refund(&rig, "R3", &payment, rest).await), "S SUCCESS");
    }
}

#[tokio::test]
async fn the_end_of_a_refund_is_told_where_the_call_says() {
    let rig = Rig::new().await;
    let payment = paid(&rig).await;
    rig.pass(2_000).await;
    rig.notices.lock().clear();
    refund(&rig, "R1", &payment, "USD 1").await;
    rig.pass(2_000).await;
    assert!(rig.notices.lock().is_empty(), "nobody said where");
    refund_told(&rig, "R2", &payment, "USD 2", Some("http://merchant.test/refunds")).await;
    rig.pass(2_000).await;
    let notices = rig.notices.lock().clone();
    assert_eq!(notices.len(), 1);
    let fields = &notices[0].fields;
    assert_eq!((notices[0].target.as_str(), result(fields)), ("/refunds", "S SUCCESS".into()));
    assert_eq!(fields.text("notifyType").as_deref(), Some("REFUND_RESULT"));
    assert_eq!(fields.text("refundStatus").as_deref(), Some("SUCCESS"));
    assert_eq!(fields.text("refundRequestId").as_deref(), Some("R2"));
    assert_eq!(fields.text("refundAmount.value").as_deref(), Some("200"));
}

#[tokio::test]
async fn a_cancel_gives_back_what_refunds_have_left() {
    let rig = Rig::new().await;
    let payment = paid(&rig).await;
    refund(&rig, "R1", &payment, "USD 3").await;
    assert_eq!(result(&rig.cancel("P1").await), "S SUCCESS");
    assert_eq!(rig.moved().await, (vec![1231], vec![300, 931]));
}

#[tokio::test]
async fn defects_of_refunds() {
    let rig = Rig::defective(Defect::RefundNotListed).await;
    let payment = paid(&rig).await;
    rig.inquire("P1").await;
    assert!(!rig.tenant.defect_was_active());
    refund(&rig, "R1", &payment, "USD 3").await;
    assert_eq!(rig.inquire("P1").await.at("transactions"), None);

    for (defect, price, credits) in [
        (Defect::RefundOverTotal, "USD 12.32", vec![300, 1232]),
        (Defect::RefundRepeats, "USD 3", vec![300, 300]),
        (Defect::RefundWindowOpen, "USD 3.00", vec![300, 300]),
    ] {
        let rig = Rig::defective(defect).await;
        let payment = paid(&rig).await;
        refund(&rig, "R1", &payment, "USD 3").await;
        assert!(!rig.tenant.defect_was_active(), "{defect:?}");
        let id = if defect == Defect::RefundRepeats { "R1" } else { "R2" };
        if defect == Defect::RefundWindowOpen {
            rig.pass(400 * protocol::DAY).await;
        }
        assert_eq!(result(&refund(&rig, id, &payment, price).await), "S SUCCESS", "{defect:?}");
        assert_eq!(rig.moved().await.1, credits, "{defect:?}");
    }

    let rig = Rig::defective(Defect::RefundOfCancelled).await;
    let payment = paid(&rig).await;
    rig.cancel("P1").await;
    assert_eq!(result(&refund(&rig, "R1", &payment, "USD 3").await), "S SUCCESS");
    assert_eq!(rig.moved().await.1, vec![1231, 300]);

    let rig = Rig::defective(Defect::RefundOfUnpaid).await;
    let code = rig.wallet(asks("ignore", 0)).await;
    let payment = payment_id(&rig.ask(Api::Pay, &scanned("P1", "USD 12.31", &code)).await);
    assert_eq!(result(&refund(&rig, "R1", &payment, "USD 3").await), "S SUCCESS");
    assert_eq!(rig.moved().await, (vec![], vec![]));
}

#[tokio::test]
async fn defects_of_cancels() {
    let rig = Rig::defective(Defect::CancelUnknownS).await;
    assert_eq!(result(&rig.cancel("nobody").await), "S SUCCESS");

    let rig = Rig::defective(Defect::CancelCreditsTwice).await;
    paid(&rig).await;
    rig.cancel("P1").await;
    assert!(!rig.tenant.defect_was_active());
    rig.cancel("P1").await;
    assert_eq!(rig.moved().await.1, vec![1231, 1231]);

    // In the same second the money stays, later it does not.
    for (wait, credits) in [(0, vec![]), (5_000, vec![1231])] {
        let rig = Rig::defective(Defect::RacePaidAndCancelled).await;
        paid(&rig).await;
        rig.pass(wait).await;
        assert_eq!(result(&rig.cancel("P1").await), "S SUCCESS");
        assert_eq!(rig.moved().await.1, credits);
    }

    for (moment, answer) in [
        ("2026-01-06T00:14:59+08:00", "S SUCCESS"),
        ("2026-01-06T08:14:59+08:00", "S SUCCESS"),
        ("2026-01-06T08:15:01+08:00", "F CANCEL_WINDOW_EXCEED"),
    ] {
        let rig = Rig::defective(Defect::CancelWindowUtc).await;
        paid(&rig).await;
        rig.until(parse_time(moment).unwrap()).await;
        assert_eq!(result(&rig.cancel("P1").await), answer, "{moment}");
    }
}
