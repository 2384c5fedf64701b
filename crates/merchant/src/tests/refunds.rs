//! Refunds, and cancels of paid orders, healthy and with each defect.

use evidence::OrderState::{Cancelled, ForStaff, Paid};
use evidence::RefundState::{self, Pending, Refunded, Refused};
use protocol::Amount;
use protocol::ams::{ACK, Api, Outcome};
use serde_json::{Value, json};

use super::{Play, Seen, Stage, answer, code, good_notice, ok, state, usd};
use crate::{Defect, Driver, RefundOrder};

/// An answer to a refund or an inquiry about it.
fn told(seen: &Seen, code: &str, more: &Value) -> Value {
    let mut body = json!({
        "result": Outcome::of_code(code).to_json(),
        "refundRequestId": seen.text("refundRequestId"),
        "refundId": "R",
    });
    for (name, value) in more.as_object().into_iter().flatten() {
        body[name] = value.clone();
    }
    body
}

fn refund(seen: &Seen, code: &str) -> Play {
    Play::Signed(told(seen, code, &json!({})))
}

fn refund_state(seen: &Seen, status: &str) -> Play {
    Play::Signed(told(seen, "SUCCESS", &json!({ "refundStatus": status })))
}

/// A stage whose order is paid.
async fn paid(
    defect: Option<Defect>,
    script: impl Fn(&Seen) -> Play + Send + Sync + 'static,
) -> Stage {
    let stage = Stage::with(defect, move |seen| match seen.api {
        Api::Pay => ok(seen),
        _ => script(seen),
    })
    .await;
    stage.charge(usd(1231)).await;
    stage.until(1_000).await;
    stage.assert_state(Paid).await;
    stage
}

async fn press(stage: &Stage, slip: &str, amount: Amount) {
    let (order, slip, reason) = ("A1".to_owned(), slip.to_owned(), "坏了 ".to_owned());
    stage.merchant.refund(RefundOrder { order, slip, amount, reason }).await.unwrap();
}

async fn states(stage: &Stage) -> Vec<RefundState> {
    stage.view().await.refunds.iter().map(|refund| refund.state).collect()
}

async fn refunded(stage: &Stage) -> Option<i64> {
    stage.view().await.refunded.map(|amount| amount.minor)
}

fn ids(stage: &Stage, api: Api) -> Vec<String> {
    let calls = stage.calls();
    calls.iter().filter(|seen| seen.api == api).map(|seen| seen.text("refundRequestId")).collect()
}

#[tokio::test]
async fn each_slip_is_one_refund_under_one_id() {
    let stage = paid(None, |seen| refund(seen, "SUCCESS")).await;
    press(&stage, "S1", usd(500)).await;
    press(&stage, "S1", usd(500)).await;
    assert_eq!(states(&stage).await, [Pending]);
    stage.run_out().await;
    press(&stage, "S1", usd(500)).await;
    press(&stage, "S2", usd(731)).await;
    stage.run_out().await;
    assert_eq!(ids(&stage, Api::Refund), ["A1-R1", "A1-R2"]);
    assert_eq!(states(&stage).await, [Refunded, Refunded]);
    assert_eq!(refunded(&stage).await, Some(1231));
    stage.assert_state(Paid).await;
    let first = &stage.calls()[1];
    assert_eq!(
        (first.text("paymentId"), first.text("refundReason")),
        ("P-A1-1".into(), "坏了 ".into())
    );
    assert_eq!(first.text("refundAmount.value"), "500");
    assert!(
        stage
            .merchant
            .refund(RefundOrder {
                order: "B".into(),
                slip: "S".into(),
                amount: usd(1),
                reason: String::new(),
            })
            .await
            .is_err()
    );
}

#[tokio::test]
async fn what_is_not_paid_is_refused_at_the_till() {
    let stage = Stage::new(|seen| match seen.api {
        Api::Pay => code(seen, "RISK_REJECT"),
        _ => Play::Lost,
    })
    .await;
    stage.charge(usd(1231)).await;
    press(&stage, "S1", usd(1)).await;
    stage.run_out().await;
    press(&stage, "S2", usd(1)).await;
    stage.run_out().await;
    assert_eq!(states(&stage).await, [Refused, Refused]);
    assert_eq!((stage.calls().len(), refunded(&stage).await), (1, None));
}

#[tokio::test]
async fn an_unclear_refund_is_asked_for_and_repeated_unchanged() {
    for first in ["U", "lost", "502", "stranger", "unsigned"] {
        let stage = paid(None, move |seen| match (seen.api, seen.nth) {
            (Api::Refund, 1) => match first {
                "U" => refund(seen, "UNKNOWN_EXCEPTION"),
                "lost" => Play::Lost,
                "502" => Play::Raw(502, "<html>".into()),
                "stranger" => Play::Forged(told(seen, "SUCCESS", &json!({}))),
                _ => Play::Unsigned(told(seen, "SUCCESS", &json!({}))),
            },
            (Api::InquiryRefund, 1) => refund_state(seen, "PROCESSING"),
            (Api::InquiryRefund, _) => refund(seen, "ORDER_NOT_EXIST"),
            _ => refund(seen, "SUCCESS"),
        })
        .await;
        press(&stage, "S1", usd(300)).await;
        stage.until(8_000).await;
        assert_eq!(states(&stage).await, [Pending], "{first}");
        stage.run_out().await;
        assert_eq!(ids(&stage, Api::Refund), ["A1-R1", "A1-R1"], "{first}");
        let bodies: Vec<_> =
            stage.calls().iter().filter(|s| s.api == Api::Refund).map(|s| s.body.clone()).collect();
        assert_eq!(bodies[0], bodies[1]);
        assert_eq!(states(&stage).await, [Refunded], "{first}");
    }
}

#[tokio::test]
async fn the_end_of_a_slow_refund_decides() {
    for (status, end) in [("SUCCESS", Refunded), ("FAIL", Refused)] {
        let stage = paid(None, move |seen| match (seen.api, seen.nth) {
            (Api::Refund, _) => refund(seen, "REFUND_IN_PROCESS"),
            (_, 1 | 2) => refund_state(seen, "PROCESSING"),
            _ => refund_state(seen, status),
        })
        .await;
        press(&stage, "S1", usd(300)).await;
        stage.until(13_000).await;
        assert_eq!((states(&stage).await, refunded(&stage).await), (vec![Pending], None));
        stage.run_out().await;
        assert_eq!(states(&stage).await, [end]);
        stage.assert_state(Paid).await;
    }
}

#[tokio::test]
async fn f_is_final_and_silence_goes_to_staff() {
    let stage = paid(None, |seen| refund(seen, "PROCESS_FAIL")).await;
    press(&stage, "S1", usd(300)).await;
    stage.run_out().await;
    assert_eq!((states(&stage).await, stage.calls().len()), (vec![Refused], 2));

    let stage = paid(None, |_| Play::Lost).await;
    press(&stage, "S1", usd(300)).await;
    stage.run_out().await;
    assert_eq!(states(&stage).await, [RefundState::ForStaff]);
    assert!(stage.view().await.alarm);
    assert_eq!(ids(&stage, Api::InquiryRefund).len(), 20);
}

#[tokio::test]
async fn a_notice_ends_a_pending_refund() {
    let stage = paid(None, |seen| match seen.api {
        Api::Refund => refund(seen, "REFUND_IN_PROCESS"),
        _ => refund_state(seen, "PROCESSING"),
    })
    .await;
    press(&stage, "S1", usd(300)).await;
    stage.until(7_000).await;
    let notice = |id: &str, minor: i64| {
        json!({
            "notifyType": "REFUND_RESULT",
            "result": Outcome::of_code("SUCCESS").to_json(),
            "refundStatus": "SUCCESS",
            "refundRequestId": id,
            "refundId": "R",
            "refundAmount": usd(minor).to_wire(),
        })
    };
    for (id, minor) in [("A1-R9", 300), ("A1-R1", 301)] {
        assert_ne!(stage.notice(&notice(id, minor)).await, ACK);
        assert_eq!(states(&stage).await, [Pending]);
    }
    assert_ne!(stage.stranger_notice(&notice("A1-R1", 300)).await, ACK);
    assert_eq!(states(&stage).await, [Pending]);
    assert_eq!(stage.notice(&notice("A1-R1", 300)).await, ACK);
    assert_eq!(states(&stage).await, [Refunded]);
    stage.run_out().await;
    assert_eq!(ids(&stage, Api::InquiryRefund).len(), 1);
}

#[tokio::test]
async fn a_cancel_that_comes_too_late_becomes_one_whole_refund() {
    let stage = paid(None, |seen| match seen.api {
        Api::Cancel => code(seen, "CANCEL_WINDOW_EXCEED"),
        _ => refund(seen, "SUCCESS"),
    })
    .await;
    stage.cancel().await;
    stage.run_out().await;
    stage.assert_state(Paid).await;
    assert_eq!((states(&stage).await, refunded(&stage).await), (vec![Refunded], Some(1231)));
    assert_eq!(stage.times(Api::Cancel).len(), 1);

    // An order that waited is paid, as the refusal tells.
    let stage = Stage::new(|seen| match seen.api {
        Api::Pay => code(seen, "PAYMENT_IN_PROCESS"),
        Api::Cancel => code(seen, "CANCEL_WINDOW_EXCEED"),
        Api::InquiryPayment => state(seen, "PROCESSING"),
        _ => refund(seen, "SUCCESS"),
    })
    .await;
    stage.charge(usd(1231)).await;
    stage.until(6_000).await;
    stage.cancel().await;
    stage.run_out().await;
    stage.assert_state(Paid).await;
    assert_eq!(refunded(&stage).await, Some(1231));

    // Whose payment has no id cannot be refunded by a machine.
    let stage = Stage::new(|seen| match seen.api {
        Api::Cancel => Play::Signed(json!({
            "result": Outcome::of_code("CANCEL_WINDOW_EXCEED").to_json(),
        })),
        _ => Play::Lost,
    })
    .await;
    stage.charge(usd(1231)).await;
    stage.until(6_000).await;
    stage.cancel().await;
    stage.run_out().await;
    assert_eq!(stage.view().await.till, ForStaff);
}

#[tokio::test]
async fn defects_of_refunds() {
    let slow = |seen: &Seen| match seen.api {
        Api::Refund => refund(seen, "UNKNOWN_EXCEPTION"),
        _ => refund_state(seen, if seen.nth < 3 { "PROCESSING" } else { "FAIL" }),
    };
    let done = |seen: &Seen| refund(seen, "SUCCESS");
    let refuses = |seen: &Seen| refund(seen, "PROCESS_FAIL");
    let played = |defect: Defect, script: fn(&Seen) -> Play| async move {
        let stage = paid(Some(defect), script).await;
        press(&stage, "S1", usd(300)).await;
        press(&stage, "S1", usd(300)).await;
        press(&stage, "S2", usd(200)).await;
        stage.until(8_000).await;
        assert!(stage.merchant.defect_was_active(), "{}", defect.id());
        stage
    };
    let stage = played(Defect::RefundByRequestId, done).await;
    assert_eq!(stage.calls()[1].text("paymentId"), "A1-1");
    let stage = played(Defect::RefundIdPerOrder, done).await;
    assert_eq!(ids(&stage, Api::Refund), ["A1-R1", "A1-R1"]);
    let stage = played(Defect::RefundDoublePress, done).await;
    assert_eq!(ids(&stage, Api::Refund).len(), 3);
    let stage = played(Defect::RefundFIsDone, refuses).await;
    assert_eq!(states(&stage).await, [Refunded, Refunded]);
    let stage = played(Defect::RefundRetriesOnF, refuses).await;
    stage.run_out().await;
    assert_eq!(ids(&stage, Api::Refund).len(), 12);
    let stage = played(Defect::RefundNewId, slow).await;
    let mut later = ids(&stage, Api::Refund)[2..4].to_vec();
    later.sort();
    assert_eq!(later, ["A1-R1x", "A1-R2x"]);
    let stage = played(Defect::RefundUnknownIsDone, slow).await;
    assert_eq!((states(&stage).await, stage.calls().len()), (vec![Refunded; 2], 3));
    let stage = played(Defect::RefundQueryOkIsDone, slow).await;
    assert_eq!(states(&stage).await, [Refunded, Refunded]);
    stage.run_out().await;
    assert_eq!(states(&stage).await, [Refused, Refused]);
    let stage =
        played(Defect::OnlyPayVerified, |seen| Play::Forged(told(seen, "SUCCESS", &json!({}))))
            .await;
    assert_eq!(states(&stage).await, [Refunded, Refunded]);
}

#[tokio::test]
async fn defects_of_cancels() {
    let played = |defect: Defect, script: fn(&Seen) -> Play| async move {
        let stage = paid(Some(defect), script).await;
        stage.cancel().await;
        stage.run_out().await;
        assert!(stage.merchant.defect_was_active(), "{}", defect.id());
        stage
    };
    let done = |seen: &Seen| code(seen, "SUCCESS");
    let unclear = |seen: &Seen| match seen.nth {
        1 | 2 => code(seen, "UNKNOWN_EXCEPTION"),
        _ => code(seen, "SUCCESS"),
    };
    for (defect, script, cancels, refunds, end) in [
        (Defect::CancelOnlyLocal, done as fn(&Seen) -> Play, 0, 0, Cancelled),
        (Defect::CancelNotBooked, done, 1, 0, Paid),
        (Defect::CancelAndRefund, done, 1, 1, Cancelled),
        (Defect::WindowGivesUp, |seen| code(seen, "CANCEL_WINDOW_EXCEED"), 1, 0, Paid),
        (Defect::CancelOnce, unclear, 1, 0, Paid),
        (Defect::CancelUnknownIsDone, unclear, 3, 0, Cancelled),
        (Defect::CancelAssumed, |_| Play::Lost, 6, 0, Cancelled),
    ] {
        let stage = played(defect, script).await;
        let counts = (stage.times(Api::Cancel).len(), stage.times(Api::Refund).len());
        assert_eq!((counts, stage.view().await.till), ((cancels, refunds), end), "{defect:?}");
    }
}

#[tokio::test]
async fn a_notice_during_the_cancel_delivers_by_a_defect_alone() {
    for (defect, end) in [(None, Cancelled), (Some(Defect::RaceDelivers), Paid)] {
        let stage = Stage::with(defect, |seen| match seen.api {
            Api::Pay => code(seen, "PAYMENT_IN_PROCESS"),
            _ => Play::Late(1_000, answer(seen, "SUCCESS", &json!({}))),
        })
        .await;
        stage.charge(usd(1231)).await;
        stage.until(1_000).await;
        stage.cancel().await;
        stage.until(1_500).await;
        assert_eq!(stage.notice(&good_notice()).await, ACK);
        stage.run_out().await;
        assert_eq!(stage.view().await.till, end);
    }
}

#[tokio::test]
async fn a_shop_on_the_net_asks_to_be_told_of_its_refunds() {
    for (online, wanted) in [(true, "http://merchant.assay.test/alipay/notify?shop=8"), (false, "")]
    {
        let stage = Stage::new(|seen| match seen.api {
            Api::Pay => ok(seen),
            _ => refund(seen, "SUCCESS"),
        })
        .await;
        if online {
            stage.present_to(Some("web"), None).await;
        } else {
            stage.charge(usd(1231)).await;
        }
        stage.until(1_000).await;
        press(&stage, "S1", usd(300)).await;
        stage.run_out().await;
        let calls = stage.calls();
        let asked = calls.iter().find(|seen| seen.api == Api::Refund).unwrap();
        assert_eq!(asked.text("refundNotifyUrl"), wanted);
    }
}
