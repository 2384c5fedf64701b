//! Each defect in a situation where it shows.

use evidence::OrderState::{self, Cancelled, Failed, Paid, Waiting};
use protocol::Amount;
use protocol::ams::{Api, Verified};
use serde_json::json;

use super::present::{CODE, created};
use super::{Play, Seen, Stage, answer, code, good_notice, ok, state, usd};
use crate::Defect;

type Script = fn(&Seen) -> Play;

fn lost_then_gone(seen: &Seen) -> Play {
    match seen.api {
        Api::InquiryPayment | Api::Cancel => code(seen, "ORDER_NOT_EXIST"),
        _ => Play::Lost,
    }
}

fn open_then_cancelled(seen: &Seen) -> Play {
    match seen.api {
        Api::Pay => code(seen, "PAYMENT_IN_PROCESS"),
        Api::InquiryPayment => state(seen, "PROCESSING"),
        Api::Cancel => code(seen, "SUCCESS"),
        _ => Play::Lost,
    }
}

fn code_never_paid(seen: &Seen) -> Play {
    if seen.api == Api::Pay { created(seen) } else { open_then_cancelled(seen) }
}

async fn charged(defect: Defect, script: Script) -> Stage {
    let stage = Stage::with(Some(defect), script).await;
    stage.charge(usd(1231)).await;
    stage.run_out().await;
    assert!(stage.merchant.defect_was_active(), "{}", defect.id());
    stage
}

async fn till(stage: &Stage) -> OrderState {
    stage.view().await.till
}

#[tokio::test]
async fn a_defect_that_has_no_occasion_is_not_active() {
    let quiet =
        [Defect::PollShort, Defect::AnswerUnverified, Defect::SignLatin1, Defect::Timeout60s];
    for defect in quiet {
        let stage = Stage::with(Some(defect), ok).await;
        stage.charge(usd(1231)).await;
        stage.run_out().await;
        stage.assert_state(Paid).await;
        assert!(!stage.merchant.defect_was_active(), "{}", defect.id());
    }
}

#[tokio::test]
async fn defects_of_the_request() {
    let stage = charged(Defect::StoreLeftOut, ok).await;
    let pay = &stage.calls()[0];
    assert!(!pay.body.contains("store") && pay.body.contains("referenceMerchantId"));

    let stage = charged(Defect::CodeAsNumber, ok).await;
    assert_ne!(stage.calls()[0].text("paymentMethod.paymentMethodId"), "288888888888888888");

    let stage = charged(Defect::TimeInSeconds, ok).await;
    assert_eq!(stage.calls()[0].request.header("request-time"), Some("1767578400"));
    assert_eq!(stage.calls()[0].verified, Verified::Valid);

    let stage = Stage::with(Some(Defect::CodeFilter), ok).await;
    stage.charge_code(usd(1231), "255555555555555555555555").await;
    stage.run_out().await;
    assert_eq!((stage.calls().len(), till(&stage).await), (0, Failed));

    let price = Amount::from_price("JPY 1,000").unwrap();
    let stage = Stage::with(Some(Defect::JpyHundredfold), lost_then_gone).await;
    stage.charge(price).await;
    stage.run_out().await;
    let pay = &stage.calls()[0];
    let amounts = (pay.text("paymentAmount.value"), pay.text("order.orderAmount.value"));
    assert_eq!(amounts, ("100000".into(), "100000".into()));
}

#[tokio::test]
async fn defects_of_hard_characters() {
    for (defect, verified, text) in [
        (Defect::SignLatin1, Verified::Wrong, "Caf\u{e9} \u{5496}"),
        (Defect::TextFlattened, Verified::Valid, "Caf? ?"),
    ] {
        let stage = Stage::with(Some(defect), ok).await;
        let charge = crate::Charge {
            order: "A1".into(),
            amount: usd(1231),
            text: "Caf\u{e9} \u{5496}".into(),
            code: "288888888888888888".into(),
            store: "store-1".into(),
        };
        crate::Driver::charge(&stage.merchant, charge).await.unwrap();
        stage.run_out().await;
        let pay = &stage.calls()[0];
        assert_eq!((pay.verified, pay.text("order.orderDescription")), (verified, text.into()));
        assert!(stage.merchant.defect_was_active());
    }
    let stage = charged(Defect::VerifyRewritten, |seen| {
        let mut body = answer(seen, "SUCCESS", &json!({ "paymentStatus": "SUCCESS" }));
        body["result"]["resultMessage"] = json!("\u{5496}");
        Play::Signed(body)
    })
    .await;
    assert_ne!(till(&stage).await, Paid);
}

#[tokio::test]
async fn defects_of_the_polling() {
    let stage = charged(Defect::PollHasty, open_then_cancelled).await;
    assert_eq!(stage.times(Api::InquiryPayment)[..3], [200, 400, 600]);
    assert_eq!(stage.times(Api::InquiryPayment).len(), 180);

    let stage = charged(Defect::PollShort, open_then_cancelled).await;
    assert_eq!(stage.times(Api::InquiryPayment).len(), 3);
    assert_eq!(stage.times(Api::Cancel), [11_000]);

    let stage = charged(Defect::NoCancel, open_then_cancelled).await;
    assert_eq!(stage.times(Api::InquiryPayment).len(), 12);
    assert!(stage.times(Api::Cancel).is_empty());

    let stage = charged(Defect::NoticeOnly, open_then_cancelled).await;
    assert_eq!((stage.calls().len(), till(&stage).await), (1, Waiting));

    let stage = charged(Defect::PollsOnceAMinute, open_then_cancelled).await;
    assert_eq!(stage.times(Api::InquiryPayment)[..3], [5_000, 65_000, 125_000]);

    let stage = charged(Defect::Timeout60s, lost_then_gone).await;
    assert_eq!(stage.times(Api::InquiryPayment)[..2], [60_000, 63_000]);

    let stage = charged(Defect::NotExistIsFinal, lost_then_gone).await;
    assert_eq!((stage.times(Api::InquiryPayment).len(), till(&stage).await), (1, Failed));

    let stage = charged(Defect::NotExistHurries, lost_then_gone).await;
    assert_eq!(stage.times(Api::InquiryPayment)[..3], [5_000, 5_200, 5_400]);

    let stage = charged(Defect::QueryOkIsPaid, open_then_cancelled).await;
    assert_eq!(till(&stage).await, Paid);

    let failing = |seen: &Seen| match seen.api {
        Api::InquiryPayment => state(seen, "FAIL"),
        Api::Pay | Api::Cancel => code(seen, "PAYMENT_IN_PROCESS"),
        _ => Play::Lost,
    };
    let stage = charged(Defect::FailKeepsPolling, failing).await;
    assert_eq!((stage.times(Api::InquiryPayment).len(), till(&stage).await), (12, Failed));

    let found = |seen: &Seen| match seen.api {
        Api::InquiryPayment => state(seen, "SUCCESS"),
        _ => Play::Lost,
    };
    let stage = charged(Defect::QueryResultNotBooked, found).await;
    let view = stage.view().await;
    assert_eq!((view.till, view.back_office, view.paid), (Paid, Waiting, None));

    let stage = charged(Defect::NewIdAfterUnknown, found).await;
    assert_eq!(stage.pay_ids(), ["A1-1", "A1-2"]);
    assert_eq!(stage.times(Api::Pay), [0, 5_000]);
}

#[tokio::test]
async fn defects_of_the_answer_to_pay() {
    let stage = charged(Defect::UnknownIsFailure, open_then_cancelled).await;
    assert_eq!((stage.calls().len(), till(&stage).await), (1, Failed));

    let stage = charged(Defect::UnlistedCodeHangs, |seen| code(seen, "NEVER_HEARD_OF")).await;
    assert_eq!((stage.calls().len(), till(&stage).await), (1, Waiting));

    let stage = charged(Defect::RetryOnF, |seen| code(seen, "PROCESS_FAIL")).await;
    assert_eq!(stage.pay_ids(), ["A1-1", "A1-1"]);
    assert_eq!(till(&stage).await, Failed);

    let unproved: [(Defect, Script, OrderState); 7] = [
        (Defect::AnswerUnverified, |s| Play::Forged(answer(s, "SUCCESS", &json!({}))), Paid),
        (Defect::UnsignedAnswer, |s| Play::Unsigned(answer(s, "SUCCESS", &json!({}))), Paid),
        (
            Defect::UnsignedFHangs,
            |s| Play::Unsigned(answer(s, "INVALID_SIGNATURE", &json!({}))),
            Waiting,
        ),
        (Defect::HttpErrorIsFailure, |_| Play::Raw(502, "<html>".into()), Failed),
        (
            Defect::CutBodyTrusted,
            |_| Play::Raw(200, r#"{"result":{"resultStatus":"S","resu"#.into()),
            Paid,
        ),
        (
            Defect::AnswerIdIgnored,
            |s| Play::Signed(answer(s, "SUCCESS", &json!({ "paymentRequestId": "B7-1" }))),
            Paid,
        ),
        (Defect::StateEarly, |_| Play::Lost, OrderState::ForStaff),
    ];
    for (defect, script, end) in unproved {
        let stage = charged(defect, script).await;
        assert_eq!(till(&stage).await, end, "{}", defect.id());
    }

    let stage = Stage::with(Some(Defect::StateEarly), lost_then_gone).await;
    stage.charge(usd(1231)).await;
    stage.until(1_000).await;
    let view = stage.view().await;
    assert_eq!((view.till, view.back_office, view.paid), (Paid, Waiting, None));
    stage.run_out().await;
    stage.assert_state(Failed).await;
}

#[tokio::test]
async fn defects_of_repetition() {
    let stage = Stage::with(Some(Defect::DoublePress), ok).await;
    stage.charge(usd(1231)).await;
    stage.charge(usd(1231)).await;
    stage.run_out().await;
    let mut ids = stage.pay_ids();
    ids.sort();
    assert_eq!(ids, ["A1-1", "A1-2"]);
    stage.charge(usd(1231)).await;
    stage.run_out().await;
    assert_eq!(stage.pay_ids()[2], "A1-3");

    let expired = |seen: &Seen| code(seen, "EXPIRED_CODE");
    let stage = Stage::with(Some(Defect::IdReusedAfterF), expired).await;
    stage.charge(usd(1231)).await;
    stage.run_out().await;
    stage.charge(usd(1231)).await;
    stage.run_out().await;
    assert_eq!(stage.pay_ids(), ["A1-1", "A1-1"]);
}

#[tokio::test]
async fn defects_of_the_order_code() {
    for (defect, drawn, state) in [
        (Defect::CodeCreatedIsPaid, CODE.to_owned(), Paid),
        (Defect::CodeRewritten, CODE.to_lowercase(), Waiting),
    ] {
        let stage = Stage::with(Some(defect), code_never_paid).await;
        stage.present().await;
        stage.until(1_000).await;
        assert!(stage.merchant.defect_was_active());
        let view = stage.view().await;
        let shown = view.shown.and_then(|shown| shown.code).unwrap();
        assert_eq!((shown, view.till), (drawn, state));
    }
    let stage = Stage::with(Some(Defect::CodeNewId), lost_then_gone).await;
    stage.present().await;
    stage.run_out().await;
    assert_eq!(stage.pay_ids(), ["A1-1", "A1-2", "A1-3"]);
    let stage = Stage::with(Some(Defect::PollHasty), code_never_paid).await;
    stage.present().await;
    stage.run_out().await;
    assert_eq!(stage.times(Api::InquiryPayment)[..2], [200, 400]);
    assert_eq!(till(&stage).await, Cancelled);
}

#[tokio::test]
async fn defects_of_the_notice() {
    let good = good_notice();
    let mut wrong = good.clone();
    wrong["paymentAmount"]["value"] = json!("1");
    let mut foreign = good.clone();
    foreign["notifyType"] = json!("OFFLINE_PAYMENT_CODE");
    for (defect, notice, signed, end, acked) in [
        (Defect::NoticeUnverified, &good, "stranger", Paid, true),
        (Defect::NoticeUnsignedOk, &good, "nobody", Paid, true),
        (Defect::AcksAll, &good, "stranger", Waiting, true),
        (Defect::BooksBeforeVerifying, &good, "stranger", Paid, false),
        (Defect::NoticeAmountIgnored, &wrong, "gateway", Paid, true),
        (Defect::NoticeTypeIgnored, &foreign, "gateway", Paid, true),
        (Defect::NoticeNeedsPaymentId, &good, "gateway", Waiting, false),
        (Defect::AckLegacyText, &good, "gateway", Paid, false),
        (Defect::AckBom, &good, "gateway", Paid, false),
    ] {
        let stage = Stage::with(Some(defect), |_| Play::Lost).await;
        stage.charge(usd(1231)).await;
        stage.until(1_000).await;
        let ack = match signed {
            "stranger" => stage.stranger_notice(notice).await,
            "nobody" => stage.raw_notice(&notice.to_string(), None).await,
            _ => stage.notice(notice).await,
        };
        assert_eq!(ack == protocol::ams::ACK, acked, "{} {ack}", defect.id());
        stage.assert_state(end).await;
        assert!(stage.merchant.defect_was_active(), "{}", defect.id());
    }
}

#[tokio::test]
async fn defects_of_the_second_notice() {
    for (defect, bookings, acked) in
        [(Defect::NoticeBooksAgain, 2, true), (Defect::DuplicateRefused, 1, false)]
    {
        let stage = Stage::with(Some(defect), |_| Play::Lost).await;
        stage.charge(usd(1231)).await;
        stage.until(1_000).await;
        assert_eq!(stage.notice(&good_notice()).await, protocol::ams::ACK);
        assert_eq!(stage.notice(&good_notice()).await == protocol::ams::ACK, acked);
        assert_eq!(stage.view().await.bookings.len(), bookings);
    }

    let stage = Stage::with(Some(Defect::NoticeRevives), open_then_cancelled).await;
    stage.charge(usd(1231)).await;
    stage.run_out().await;
    stage.assert_state(Cancelled).await;
    stage.notice(&good_notice()).await;
    stage.assert_state(Paid).await;

    let stage = Stage::with(Some(Defect::NoticeCreatesOrder), ok).await;
    stage.notice(&good_notice()).await;
    assert!(stage.merchant.books.view("A1-1").is_some_and(|view| view.till == Paid));
}
