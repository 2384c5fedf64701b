//! Reconciliation of websites, by download and by delivered files.

use evidence::DifferenceKind::{Form, Missing, Net, Total};
use evidence::ReconciliationState::{Clean, Differences, Incomplete, Waiting};
use protocol::Day;
use protocol::ams::Verified;
use protocol::ams::reconciliation::FileKind::{SettlementItems, TransactionItems};

use super::reconciling::{HOUR, kinds, today};
use super::website::finished;
use super::{Play, Scene, Seen, Stage, fields, notice_with, usd};
use crate::{Defect, Driver, Reconcile};

const COMPARE: &str = "forex_compare_file";
const LIQUIDATION: &str = "forex_liquidation_file";
const MORNING: i64 = 24 * HOUR;
const ROWS: &str = "A1-p1|12.31|USD|20260105100029||P|0.12|P|\r\n\
                    S1-r1|3.00|USD|20260105100040||R|0.03|L|A1-p1";

/// A shop on the net that sold for 12.31 and gave 3.00 back, the next morning.
async fn sold(
    defect: Option<Defect>,
    script: impl Fn(&Seen) -> Play + Send + Sync + 'static,
) -> Stage {
    let stage = Stage::set(Scene { defect, ..Scene::default() }, move |seen| {
        if seen.service == "forex_refund" { Play::Takes } else { script(seen) }
    })
    .await;
    stage.present_on(Some("web")).await.unwrap();
    stage.until(30_000).await;
    stage.notice(&finished()).await;
    stage.refund("S1", 300).await;
    stage.until(40_000).await;
    let refunded = notice_with(&[
        ("notify_type", "refund_status_sync"),
        ("out_return_no", "S1-r1"),
        ("refund_status", "REFUND_SUCCESS"),
        ("return_amount", "3.00"),
    ]);
    assert_eq!(stage.notice(&refunded).await, "success");
    stage.until(MORNING).await;
    stage
}

#[tokio::test]
async fn a_day_is_downloaded_by_a_signed_call_for_that_day_alone() {
    let header = "Partner_transaction_id|amount|currency|payment_time|settlement_time|type|\
                  service_charge|status|remarks";
    for text in
        [ROWS.to_owned(), format!("{header}\n{ROWS}\n"), ROWS.replace("S1-r1", "FOREXREFUND_1")]
    {
        let text: &'static str = text.leak();
        let stage = sold(None, move |_| Play::Raw(200, text)).await;
        let view = stage.reconcile(today(), TransactionItems).await;
        assert_eq!((view.state, view.matched, kinds(&view)), (Clean, 2, vec![]), "{text}");
        assert_eq!(view.files[0].name, COMPARE);
        let call = &stage.of(COMPARE)[0];
        assert_eq!(call.verified, Verified::Valid);
        assert_eq!((call.get("start_date"), call.get("end_date")), ("20260105", "20260105"));
    }
}

#[tokio::test]
async fn what_is_paid_out_is_amounts_less_charges_less_refunds() {
    let stage = sold(None, |_| Play::Raw(200, ROWS)).await;
    let view = stage.reconcile(Day::parse("20260106").unwrap(), SettlementItems).await;
    assert_eq!((view.state, view.matched), (Clean, 2));
    assert_eq!(view.payouts[0].amount, usd(1219 - 297));
    assert_eq!(stage.each(LIQUIDATION, "start_date"), ["20260106"]);
    let stage = sold(Some(Defect::LegRecAddsRefunds), |_| Play::Raw(200, ROWS)).await;
    let view = stage.reconcile(Day::parse("20260106").unwrap(), SettlementItems).await;
    assert_eq!(view.payouts[0].amount, usd(1219 + 297));
}

#[tokio::test]
async fn sentences_are_no_rows() {
    for (text, again) in [
        ("Over 10 days to Date period", false),
        ("Over limit balance amount record", false),
        ("System exception", true),
        ("Finish date not ahead of today", false),
        ("Finish date ahead of begin date", false),
        ("Illegal Date period!", false),
        ("Date format incorrect YYYYMMDD", false),
        ("Internet connected exception ,please try later", true),
        ("<alipay><is_success>F</is_success><error>ILLEGAL_PARTNER</error></alipay>", false),
    ] {
        let stage = sold(None, move |seen| match seen.nth {
            1 => Play::Raw(200, text),
            _ => Play::Raw(200, ROWS),
        })
        .await;
        let view = stage.reconcile(today(), TransactionItems).await;
        assert_eq!((view.state, kinds(&view)), (Incomplete, vec![Form]), "{text}");
        let told = view.differences[0].theirs.as_deref().unwrap();
        assert!(text.contains(told) && told.len() > 10, "{told}");
        assert!(view.files.is_empty());
        stage.until(MORNING + 3 * HOUR).await;
        let end = stage.view_of(today(), TransactionItems).await.state;
        let (wanted, calls) = if again { (Clean, 2) } else { (Incomplete, 1) };
        assert_eq!((end, stage.times(COMPARE).len()), (wanted, calls), "{text}");
    }
}

#[tokio::test]
async fn nothing_to_report_is_an_empty_day_and_silence_is_asked_again() {
    for text in ["No balance account data in the period", "No balance amount data in the period"] {
        let stage = sold(None, move |_| Play::Raw(200, text)).await;
        let view = stage.reconcile(today(), TransactionItems).await;
        assert_eq!((view.state, kinds(&view)), (Differences, vec![Missing, Missing]));
        let yesterday = Day::parse("20260104").unwrap();
        let view = stage.reconcile(yesterday, TransactionItems).await;
        assert_eq!((view.state, view.files[0].rows), (Clean, 0), "{text}");
    }
    let stage = sold(None, |seen| match seen.nth {
        1 => Play::Lost,
        _ => Play::Raw(200, ROWS),
    })
    .await;
    stage.merchant.reconcile(Reconcile { day: today(), kind: TransactionItems }).await.unwrap();
    stage.until(MORNING + HOUR / 2).await;
    assert_eq!(stage.view_of(today(), TransactionItems).await.state, Waiting);
    stage.until(MORNING + 2 * HOUR).await;
    assert_eq!(stage.view_of(today(), TransactionItems).await.state, Clean);
}

const DETAIL: &str = "A1-p1|2026010522001|12.31|87.40|0.12|0.0|0.0|12.19|1|USD|7.10000000|\
                      2026-01-05 10:00:29|2026-01-06 15:00:00|P|L|A1-p1\r\n\
                      FOREXREFUND_7|T2|3.00|21.30|0.03|0.0|0.0|2.97|1|USD|7.10000000|\
                      2026-01-05 10:00:40|2026-01-06 15:00:00|R|L|A1-p1";

#[tokio::test]
async fn delivered_files_take_the_place_of_downloads() {
    let stage = sold(None, |_| Play::Lost).await;
    stage.deliver("2088000000000001_fptrade_20260105.csv", DETAIL.as_bytes());
    let view = stage.reconcile(today(), TransactionItems).await;
    assert_eq!((view.state, view.matched, kinds(&view)), (Clean, 2, vec![]));
    assert!(stage.times(COMPARE).is_empty());

    // A day without sales is a file without bytes.
    stage.deliver("2088000000000001_fptrade_20260104.csv", b"");
    let sunday = Day::parse("20260104").unwrap();
    assert_eq!(stage.reconcile(sunday, TransactionItems).await.state, Clean);

    let day = Day::parse("20260106").unwrap();
    let batches = "Settle_batch_no,Settle_date,Amount,Fee,Settlement,Currency\r\n\
                   B9,2026-01-06,9.31,0.09,9.22,USD";
    stage.deliver("2088000000000001_settle_20260106_B9.csv", DETAIL.as_bytes());
    stage.deliver("2088000000000001_settlebatch_20260106.csv", batches.as_bytes());
    let view = stage.reconcile(day, SettlementItems).await;
    assert_eq!((view.state, view.matched, view.files.len()), (Clean, 2, 2));
    assert_eq!((view.payouts[0].batch.as_str(), view.payouts[0].amount), ("B9", usd(922)));
    let off = DETAIL.replace("|12.19|", "|12.20|");
    stage.deliver("2088000000000001_settle_20260106_B9.csv", off.as_bytes());
    let view = stage.reconcile(day, SettlementItems).await;
    assert_eq!(kinds(&view), [Net, Total]);
}

#[tokio::test]
async fn defects_of_downloads() {
    let stage = sold(Some(Defect::LegRecToday), |_| Play::Raw(200, ROWS)).await;
    stage.reconcile(today(), TransactionItems).await;
    assert_eq!(stage.each(COMPARE, "end_date"), ["20260106"]);
    assert!(stage.merchant.defect_was_active());

    let sentence = |_: &Seen| Play::Raw(200, "Illegal Date period!");
    let stage = sold(Some(Defect::LegRecErrorAsRow), sentence).await;
    let view = stage.reconcile(today(), TransactionItems).await;
    assert_eq!(kinds(&view), [Missing, Missing]);
    assert!(stage.merchant.defect_was_active());

    let nothing = |_: &Seen| Play::Raw(200, "No balance account data in the period");
    let stage = sold(Some(Defect::LegRecEmptyIsError), nothing).await;
    let view = stage.reconcile(today(), TransactionItems).await;
    assert_eq!((view.state, kinds(&view)), (Incomplete, vec![Form]));
    assert!(stage.merchant.defect_was_active());
}

#[tokio::test]
async fn a_payment_whose_time_no_notice_told_is_asked_about_before_its_day_is_compared() {
    // The notice came at 10:00:30, and the payment was made the day before, as the query says.
    let script = |seen: &Seen| match seen.service.as_str() {
        "single_trade_query" => Play::Says(fields(&[
            ("out_trade_no", seen.get("out_trade_no")),
            ("trade_no", "2026010522001"),
            ("trade_status", "TRADE_FINISHED"),
            ("gmt_payment", "2026-01-04 23:59:59"),
        ])),
        _ => Play::Raw(200, "A1-p1|12.31|USD|20260104235959||P|0.12|P|"),
    };
    let stage = Stage::set(Scene::default(), script).await;
    stage.present_on(Some("web")).await.unwrap();
    stage.until(30_000).await;
    let timeless = [("trade_status", "TRADE_FINISHED"), ("gmt_payment", "")];
    assert_eq!(stage.notice(&notice_with(&timeless)).await, "success");
    stage.until(MORNING).await;
    let yesterday = Day::parse("20260104").unwrap();
    let view = stage.reconcile(yesterday, TransactionItems).await;
    assert_eq!((view.state, view.matched, kinds(&view)), (Clean, 1, vec![]));
    assert_eq!(stage.times("single_trade_query").len(), 1);
    // What was told once is not asked again.
    stage.reconcile(yesterday, TransactionItems).await;
    assert_eq!(stage.times("single_trade_query").len(), 1);
}
