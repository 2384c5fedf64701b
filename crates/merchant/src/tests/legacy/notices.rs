//! Notices, on a healthy merchant and with each defect.

use evidence::OrderState::{self, Cancelled, Failed, ForStaff, Paid, Waiting};
use evidence::RefundState::{Pending, Refunded, Refused};
use protocol::legacy::{Charset, Form, Signer};
use signing::SharedKey;

use super::present::created;
use super::refunds::{sold, states, told};
use super::{
    CANCEL, PAY, PRECREATE, Play, REFUND, Scene, Seen, Stage, cancelled, good_notice, notice_with,
    paid, sale, usd,
};
use crate::{Defect, Habits};

const HOUR: i64 = 3_600_000;

fn quiet(seen: &Seen) -> Play {
    if seen.service == PRECREATE { created(seen) } else { Play::Lost }
}

/// A stage whose code is shown.
async fn presented(scene: Scene) -> Stage {
    let stage = Stage::set(scene, quiet).await;
    stage.present().await;
    stage.until(10_000).await;
    stage
}

async fn with_defect(defect: Defect) -> Stage {
    presented(Scene { defect: Some(defect), ..Scene::default() }).await
}

async fn till(stage: &Stage) -> OrderState {
    stage.view().await.till
}

async fn bookings(stage: &Stage) -> usize {
    stage.view().await.bookings.len()
}

/// A notice signed under a type of signature that its sender has chosen.
async fn downgraded(stage: &Stage) -> String {
    let mut form = good_notice();
    form.set("sign_type", "MD5");
    form.set("sign", "d41d8cd98f00b204e9800998ecf8427e");
    stage.raw_notice(form.write().unwrap()).await
}

#[tokio::test]
async fn only_what_the_gateway_has_signed_is_taken() {
    let stage = presented(Scene::default()).await;
    assert_eq!(stage.stranger_notice(&good_notice()).await, "fail");
    assert_eq!(stage.raw_notice(good_notice().write().unwrap()).await, "fail");
    let mut empty = good_notice();
    empty.set("sign_type", "RSA2");
    empty.set("sign", "");
    assert_eq!(stage.raw_notice(empty.write().unwrap()).await, "fail");
    assert_eq!(downgraded(&stage).await, "fail");
    assert_eq!(stage.raw_notice(b"notify_id=%".to_vec()).await, "fail");
    stage.assert_state(Waiting).await;
    assert_eq!(stage.notice(&good_notice()).await, "success");
    stage.assert_state(Paid).await;
}

#[tokio::test]
async fn a_plus_that_became_a_blank_is_put_back() {
    let stage = presented(Scene::default()).await;
    let mut form = good_notice();
    for number in 0.. {
        form.set("notify_id", format!("id-{number}"));
        form.sign(&stage.signer).unwrap();
        if form.get("sign").unwrap().contains('+') {
            break;
        }
    }
    let sign = form.get("sign").unwrap().replace('+', " ");
    form.set("sign", sign);
    assert_eq!(stage.raw_notice(form.write().unwrap()).await, "success");
    stage.assert_state(Paid).await;
}

#[tokio::test]
async fn copies_are_acknowledged_and_booked_once() {
    let stage = presented(Scene::default()).await;
    for at in [10_000, 10_000, 20_000, 25 * HOUR] {
        stage.until(at).await;
        assert_eq!(stage.notice(&good_notice()).await, "success");
        assert_eq!(bookings(&stage).await, 1);
    }
    stage.assert_state(Paid).await;
}

#[tokio::test]
async fn what_does_not_fit_the_order_is_refused_and_books_nothing() {
    for (name, value) in [
        ("total_fee", "0.01"),
        ("total_fee", "much"),
        ("currency", "EUR"),
        ("out_trade_no", "B7-p1"),
        ("out_trade_no", "A1-p2"),
    ] {
        let stage = presented(Scene::default()).await;
        assert_eq!(stage.notice(&notice_with(&[(name, value)])).await, "fail", "{name}");
        stage.assert_state(Waiting).await;
    }
}

#[tokio::test]
async fn what_is_no_payment_is_acknowledged_and_books_nothing() {
    for (status, action, end) in [
        ("WAIT_BUYER_PAY", "createDirectPayTradeByBuyerAction", Waiting),
        ("TRADE_CLOSED", "closeTradeAction", Failed),
        ("TRADE_FINISHED", "finishFPAction", Waiting),
    ] {
        let stage = presented(Scene::default()).await;
        let form = notice_with(&[("trade_status", status), ("notify_action_type", action)]);
        assert_eq!(stage.notice(&form).await, "success", "{status}");
        stage.assert_state(end).await;
    }
    // Without an amount it proves nothing, and the next query tells the rest.
    let stage = presented(Scene::default()).await;
    let mut bare = Form::new(Charset::Utf8);
    for (name, value) in good_notice().iter().filter(|(name, _)| *name != "total_fee") {
        bare.set(name, value);
    }
    assert_eq!(stage.notice(&bare).await, "success");
    stage.assert_state(Waiting).await;
}

#[tokio::test]
async fn a_finished_trade_after_its_refund_is_no_payment() {
    let stage = sold(None, false, |seen| told(seen, "SUCCESS", &[])).await;
    stage.refund("S1", 1231).await;
    stage.run_out().await;
    let finished = notice_with(&[("trade_status", "TRADE_FINISHED"), ("notify_id", "another")]);
    assert_eq!(stage.notice(&finished).await, "success");
    assert_eq!((bookings(&stage).await, states(&stage).await), (1, vec![Refunded]));
    assert_eq!(stage.view().await.refunded, Some(usd(1231)));
}

#[tokio::test]
async fn a_scanned_payment_is_booked_by_whichever_news_come_first() {
    let habits = Habits { barcode_notices: true, ..Habits::default() };
    let stage = Stage::set(Scene { habits, ..Scene::default() }, |seen| {
        Play::Late(2_000, sale(seen, "SUCCESS", &[]))
    })
    .await;
    stage.charge().await;
    stage.until(1_000).await;
    assert_eq!(stage.notice(&good_notice()).await, "success");
    stage.assert_state(Paid).await;
    stage.run_out().await;
    stage.assert_state(Paid).await;
}

#[tokio::test]
async fn a_notice_does_not_undo_a_cancel_and_money_for_a_failed_order_is_for_staff() {
    let stage = Stage::new(|seen| match seen.service.as_str() {
        PRECREATE => created(seen),
        CANCEL => cancelled(seen, "SUCCESS", &[("action", "refund")]),
        _ => Play::Lost,
    })
    .await;
    stage.present().await;
    stage.until(10_000).await;
    stage.cancel().await;
    stage.until(11_000).await;
    stage.assert_state(Cancelled).await;
    assert_eq!(stage.notice(&good_notice()).await, "success");
    stage.assert_state(Cancelled).await;

    let stage = presented(Scene::default()).await;
    stage.notice(&notice_with(&[("trade_status", "TRADE_CLOSED")])).await;
    stage.assert_state(Failed).await;
    assert_eq!(stage.notice(&good_notice()).await, "success");
    stage.assert_state(ForStaff).await;
}

#[tokio::test]
async fn a_notice_tells_what_a_cancel_without_an_answer_did() {
    for (was_paid, end, back) in [(true, Cancelled, Some(usd(1231))), (false, Failed, None)] {
        let stage = Stage::new(|seen| match seen.service.as_str() {
            PRECREATE => created(seen),
            _ => Play::Lost,
        })
        .await;
        stage.present().await;
        stage.until(5_000).await;
        if was_paid {
            stage.notice(&good_notice()).await;
            stage.assert_state(Paid).await;
        }
        stage.cancel().await;
        stage.until(6_000).await;
        stage.notice(&notice_with(&[("trade_status", "TRADE_CLOSED")])).await;
        stage.run_out().await;
        stage.assert_state(end).await;
        assert_eq!(stage.view().await.refunded, back);
    }
}

/// A stage under MD5 whose gateway answers `notify_verify` by script.
async fn under_md5(defect: Option<Defect>, script: fn(&Seen) -> Play) -> Stage {
    let shared = SharedKey::read(b"0123456789abcdefghijABCDEFGHIJ01").unwrap();
    let (signer, gateway) = (Signer::Md5(shared.clone()), Signer::Md5(shared));
    let scene = Scene { signer, gateway, defect, ..Scene::default() };
    let stage = Stage::set(scene, move |seen| match seen.service.as_str() {
        "notify_verify" => script(seen),
        _ => quiet(seen),
    })
    .await;
    stage.present().await;
    stage.until(10_000).await;
    stage
}

#[tokio::test]
async fn under_a_shared_key_the_gateway_is_asked_whether_a_notice_is_its_own() {
    let stage = under_md5(None, |_| Play::Raw(200, "true")).await;
    assert_eq!(stage.notice(&good_notice()).await, "success");
    stage.assert_state(Paid).await;
    let asked = stage.of("notify_verify");
    let id = "70fec0c2730b27528665af4517c27b95";
    assert_eq!((asked.len(), asked[0].get("notify_id")), (1, id));
    assert_eq!(
        (asked[0].get("partner"), asked[0].request.method.as_str()),
        (super::PARTNER, "GET")
    );

    let stage = under_md5(None, |_| Play::Raw(200, "false")).await;
    assert_eq!(stage.notice(&good_notice()).await, "fail");
    stage.assert_state(Waiting).await;

    let stage = under_md5(None, |seen| match seen.nth {
        1 => Play::Lost,
        _ => Play::Raw(200, "true"),
    })
    .await;
    assert_eq!(stage.notice(&good_notice()).await, "fail");
    stage.assert_state(Waiting).await;
    assert_eq!(stage.notice(&good_notice()).await, "success");
    stage.assert_state(Paid).await;

    // A notice is void for the gateway once it is acknowledged; its copy is not news, and no lie.
    let stage =
        under_md5(None, |seen| Play::Raw(200, if seen.nth == 1 { "true" } else { "false" }));
    let stage = stage.await;
    for _ in 0..2 {
        assert_eq!(stage.notice(&good_notice()).await, "success");
    }
    stage.assert_state(Paid).await;
    assert_eq!(stage.of("notify_verify").len(), 1);

    let stage = under_md5(Some(Defect::LegVerifyIgnored), |_| Play::Raw(200, "false")).await;
    assert_eq!(stage.notice(&good_notice()).await, "success");
    assert!(stage.merchant.defect_was_active());
    stage.assert_state(Paid).await;
}

/// A notice of a refund of 3.00.
fn refund_notice(status: &str, amount: &str) -> Form {
    notice_with(&[
        ("notify_type", "refund_status_sync"),
        ("trade_status", ""),
        ("out_return_no", "S1-r1"),
        ("refund_status", status),
        ("return_amount", amount),
    ])
}

#[tokio::test]
async fn an_accepted_refund_is_done_by_its_notice() {
    let accepting = |seen: &Seen| match seen.service.as_str() {
        REFUND => told(seen, "SUCCESS", &[]),
        _ => Play::Lost,
    };
    for (status, end) in [("REFUND_SUCCESS", Refunded), ("REFUND_FAIL", Refused)] {
        let stage = sold(None, true, accepting).await;
        stage.refund("S1", 300).await;
        stage.until(2_000).await;
        let good = refund_notice(status, "3.00");
        assert_eq!(stage.stranger_notice(&good).await, "fail");
        assert_eq!(stage.raw_notice(good.write().unwrap()).await, "fail");
        assert_eq!(stage.notice(&refund_notice(status, "4.00")).await, "fail");
        assert_eq!(states(&stage).await, [Pending]);
        assert_eq!(stage.notice(&good).await, "success");
        assert_eq!(states(&stage).await, [end]);
        stage.run_out().await;
        assert_eq!(states(&stage).await, [end]);
    }
    let stage = sold(Some(Defect::LegRefundNoticeUnverified), true, accepting).await;
    stage.refund("S1", 300).await;
    stage.until(2_000).await;
    stage.stranger_notice(&refund_notice("REFUND_SUCCESS", "3.00")).await;
    assert_eq!(states(&stage).await, [Refunded]);
    assert!(stage.merchant.defect_was_active());
    stage.stranger_notice(&good_notice()).await;
    assert_eq!(bookings(&stage).await, 1);
}

#[tokio::test]
async fn defects_that_believe_a_notice() {
    for (defect, case) in [
        (Defect::LegNoticeUnverified, 0),
        (Defect::LegNoticeUnverified, 1),
        (Defect::LegNoticeNoSign, 1),
        (Defect::LegNoticeDowngrade, 2),
        (Defect::LegNoticeAmount, 3),
        (Defect::LegAnyNoticePaid, 4),
    ] {
        let stage = with_defect(defect).await;
        let answer = match case {
            0 => stage.stranger_notice(&good_notice()).await,
            1 => stage.raw_notice(good_notice().write().unwrap()).await,
            2 => downgraded(&stage).await,
            3 => stage.notice(&notice_with(&[("total_fee", "0.01")])).await,
            _ => stage.notice(&notice_with(&[("trade_status", "WAIT_BUYER_PAY")])).await,
        };
        assert_eq!((answer.as_str(), till(&stage).await), ("success", Paid), "{}", defect.id());
        assert!(stage.merchant.defect_was_active());
    }
}

#[tokio::test]
async fn defects_of_copies() {
    for (defect, apart, count, answer) in [
        (Defect::LegNoticeTwice, 1_000, 2, "success"),
        (Defect::LegNoticeRace, 0, 2, "success"),
        (Defect::LegNoticeRace, 1_000, 1, "success"),
        (Defect::LegCopyRefused, 1_000, 1, "fail"),
        (Defect::LegLateRefused, HOUR, 1, "success"),
        (Defect::LegLateRefused, HOUR + 1_000, 1, "fail"),
    ] {
        let stage = with_defect(defect).await;
        assert_eq!(stage.notice(&good_notice()).await, "success");
        stage.until(10_000 + apart).await;
        assert_eq!(stage.notice(&good_notice()).await, answer, "{}", defect.id());
        assert_eq!(bookings(&stage).await, count, "{}", defect.id());
    }
}

#[tokio::test]
async fn defects_of_the_acknowledgement() {
    let stage = with_defect(Defect::LegAckBom).await;
    assert_eq!(stage.notice(&good_notice()).await, "\u{feff}success");
    stage.assert_state(Paid).await;

    let stage = with_defect(Defect::LegAckBeforeStore).await;
    assert_eq!(stage.notice(&good_notice()).await, "success");
    stage.assert_state(Waiting).await;
    stage.until(12_000).await;
    stage.assert_state(Paid).await;
}

#[tokio::test]
async fn a_finished_trade_counts_as_a_payment_by_a_defect() {
    let stage = Stage::with(Defect::LegFinishedAfterRefund, |seen| match seen.service.as_str() {
        PAY => paid(seen),
        _ => told(seen, "SUCCESS", &[]),
    })
    .await;
    stage.charge().await;
    stage.run_out().await;
    let finished = notice_with(&[("trade_status", "TRADE_FINISHED")]);
    assert_eq!(stage.notice(&finished).await, "success");
    assert_eq!((bookings(&stage).await, stage.merchant.defect_was_active()), (1, false));
    stage.refund("S1", 1231).await;
    stage.run_out().await;
    assert_eq!(stage.notice(&finished).await, "success");
    assert_eq!((bookings(&stage).await, stage.merchant.defect_was_active()), (2, true));
}
