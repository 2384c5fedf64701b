//! Reconciliation of stores, on a healthy merchant and with each defect.

use evidence::DifferenceKind::{
    self, Amount, Count, Currency, Day as OtherDay, Duplicate, Extra, Form, Missing, Net, Sign,
    Truncated,
};
use evidence::ReconciliationState::{Clean, Differences, Incomplete, Waiting};
use evidence::{OrderState, ReconciliationView};
use protocol::Day;
use protocol::ams::reconciliation::FileKind::{self, SettlementItems, TransactionItems};

use super::refunds::told;
use super::{PAY, Play, REFUND, Scene, Seen, Stage, cancelled, paid, usd};
use crate::{Defect, Driver, Reconcile};

pub(super) const HOUR: i64 = 3_600_000;
/// Ten o'clock of the next day.
const MORNING: i64 = 24 * HOUR;
const COLUMNS: &str = "Partner_transaction_id|Transaction_id|Transaction_amount|Charge_amount|\
                       Currency|Payment_time|Transaction_type|Remark|Secondary_merchant_industry|\
                       Secondary_merchant_name|Operator_name|Order_scene|Trans_currency|\
                       Trans_amount|Trans_forex_rate";
const TAIL: &str = "|5812|茶|店||USD|1|1";
const PAYMENT: &str = "A1-p1|2026A1-p1|12.31|0.12|USD|2026-01-05 10:00:01|PAYMENT|";
const REFUNDED: &str = "S1-r1|T2|3.00|0.03|USD|2026-01-05 10:00:20|REFUND|Refund";

pub(super) fn today() -> Day {
    Day::parse("20260105").unwrap()
}

/// An in-store transaction file of the day.
fn file(rows: &[&str]) -> String {
    let head =
        format!("Partner:2088000000000001|Payment_time: 2026-01-05|Total_count:{}", rows.len());
    let rows: Vec<String> = rows.iter().map(|row| format!("{row}{TAIL}")).collect();
    format!("{head}\r\n{COLUMNS}\r\n{}", rows.join("\r\n"))
}

fn shop(seen: &Seen) -> Play {
    match seen.service.as_str() {
        PAY => paid(seen),
        REFUND => told(seen, "SUCCESS", &[]),
        _ => cancelled(seen, "SUCCESS", &[("action", "refund")]),
    }
}

/// A shop that sold for 12.31 and gave 3.00 back, the next morning.
async fn sold(defect: Option<Defect>) -> Stage {
    let stage = Stage::set(Scene { defect, ..Scene::default() }, shop).await;
    stage.charge().await;
    stage.until(20_000).await;
    stage.refund("S1", 300).await;
    stage.until(MORNING).await;
    stage
}

impl Stage {
    pub(super) fn deliver(&self, name: &str, bytes: &[u8]) {
        std::fs::create_dir_all(&self.folder).unwrap();
        std::fs::write(self.folder.join(name), bytes).unwrap();
    }

    pub(super) async fn view_of(&self, day: Day, kind: FileKind) -> ReconciliationView {
        self.merchant.reconciliation(day, kind).await.unwrap().unwrap()
    }

    pub(super) async fn reconcile(&self, day: Day, kind: FileKind) -> ReconciliationView {
        self.merchant.reconcile(Reconcile { day, kind }).await.unwrap();
        self.until(self.clock.now() - super::START + 1_000).await;
        self.view_of(day, kind).await
    }

    async fn transactions(&self, text: &str) -> ReconciliationView {
        self.deliver("2088000000000001_transaction_20260105.txt", text.as_bytes());
        self.reconcile(today(), TransactionItems).await
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

pub(super) fn kinds(view: &ReconciliationView) -> Vec<DifferenceKind> {
    view.differences.iter().map(|difference| difference.kind).collect()
}

#[tokio::test]
async fn every_row_is_found_by_number_and_columns_by_name() {
    let stage = sold(None).await;
    let whole = file(&[PAYMENT, REFUNDED]);
    let view = stage.transactions(&whole).await;
    assert_eq!((view.state, view.matched, kinds(&view)), (Clean, 2, vec![]));
    assert_eq!((view.files.len(), view.files[0].rows), (1, 2));
    assert_eq!(view.files[0].name, "2088000000000001_transaction_20260105.txt");
    let wider = whole
        .replace("|Remark|", "|Secondary_merchant_id|Store_id|Remark|")
        .replace("|PAYMENT|", "|PAYMENT|M|S|")
        .replace("|REFUND|", "|REFUND|M|S|");
    let view = stage.transactions(&wider).await;
    assert_eq!((view.state, view.matched), (Clean, 2));
    // Refunds may have a minus as well.
    let view = stage.transactions(&whole.replace("|3.00|", "|-3.00|")).await;
    assert_eq!((view.state, view.matched), (Clean, 2));
}

#[tokio::test]
async fn a_payment_whose_time_nobody_told_is_of_the_day_on_which_it_was_heard_of() {
    for asked in [false, true] {
        let stage = Stage::new(move |seen| match seen.service.as_str() {
            PAY if asked => Play::Says(super::sale(seen, "UNKNOW", &[])),
            PAY => Play::Says(super::sale(seen, "SUCCESS", &[])),
            _ => super::status(seen, "TRADE_SUCCESS"),
        })
        .await;
        stage.charge().await;
        stage.until(MORNING).await;
        let view = stage.transactions(&file(&[PAYMENT])).await;
        assert_eq!((view.state, view.matched), (Clean, 1));
        assert_eq!(kinds(&stage.transactions(&file(&[])).await), [Missing]);
    }
}

#[tokio::test]
async fn encodings_and_line_ends_make_no_difference() {
    let whole = file(&[PAYMENT, REFUNDED]);
    let gbk = protocol::legacy::Charset::Gbk.encode(&whole).unwrap().into_owned();
    let stage = sold(None).await;
    for bytes in [
        gbk,
        [b"\xEF\xBB\xBF", whole.as_bytes()].concat(),
        whole.replace("\r\n", "\n").into_bytes(),
        format!("{whole}\r\n").into_bytes(),
        format!("{whole}\n\n").into_bytes(),
    ] {
        stage.deliver("2088000000000001_transaction_20260105.txt", &bytes);
        let view = stage.reconcile(today(), TransactionItems).await;
        assert_eq!((view.state, view.matched, view.files[0].rows), (Clean, 2, 2));
    }
}

#[tokio::test]
async fn each_difference_is_told_by_its_kind_and_no_other() {
    let twice = file(&[PAYMENT, PAYMENT, REFUNDED]);
    for (text, wanted) in [
        (file(&[PAYMENT]), vec![Missing]),
        (file(&[PAYMENT, REFUNDED, &PAYMENT.replace("A1", "B7")]), vec![Extra]),
        (twice, vec![Duplicate]),
        (file(&[&PAYMENT.replace("12.31", "12.32"), REFUNDED]), vec![Amount]),
        (file(&[&PAYMENT.replace("USD", "EUR"), REFUNDED]), vec![Currency]),
        (file(&[&PAYMENT.replace("PAYMENT", "REFUND"), REFUNDED]), vec![Sign]),
        (file(&[&PAYMENT.replace("A1", "B7"), REFUNDED]), vec![Extra, Missing]),
        (file(&[&PAYMENT.replace("01-05 10", "01-04 10"), REFUNDED]), vec![OtherDay]),
    ] {
        let stage = sold(None).await;
        let view = stage.transactions(&text).await;
        assert_eq!((view.state, kinds(&view)), (Differences, wanted), "{text}");
        assert!(view.differences[0].id.is_some());
    }
}

#[tokio::test]
async fn an_order_with_staff_that_stands_in_the_file_as_paid_is_told() {
    let stage = Stage::new(|_| Play::Lost).await;
    stage.charge().await;
    stage.until(MORNING).await;
    stage.assert_state(OrderState::ForStaff).await;
    let view = stage.transactions(&file(&[PAYMENT])).await;
    assert_eq!(kinds(&view), [Extra]);
    assert_eq!(view.differences[0].ours.as_deref(), Some("open"));
}

#[tokio::test]
async fn a_file_that_contradicts_its_head_is_refused_and_fetched_again() {
    let whole = file(&[PAYMENT, REFUNDED]);
    for (text, kind) in [
        (whole.replace("Total_count:2", "Total_count:3"), Count),
        (whole.replace("Payment_time: 2026-01-05", "Payment_time: 2026-01-04"), OtherDay),
        (whole.replace("Partner:2088000000000001", "Partner:2088000000000002"), Form),
        (String::new(), Truncated),
        (whole.replace("Partner:", "Partner "), Truncated),
        (whole.replace("|12.31|", "|much|"), Form),
        (whole.replace("|PAYMENT|", "|PAYMENT"), Form),
    ] {
        let stage = sold(None).await;
        let view = stage.transactions(&text).await;
        assert_eq!((view.state, kinds(&view)), (Incomplete, vec![kind]), "{text}");
        stage.deliver("2088000000000001_transaction_20260105.txt", whole.as_bytes());
        stage.until(MORNING + HOUR + 2_000).await;
        assert_eq!(stage.view_of(today(), TransactionItems).await.state, Clean);
    }
}

#[tokio::test]
async fn a_file_that_is_not_there_yet_makes_nothing_missing() {
    let stage = sold(None).await;
    let view = stage.reconcile(today(), TransactionItems).await;
    assert_eq!((view.state, kinds(&view)), (Waiting, vec![]));
    stage.deliver(
        "2088000000000001_transaction_20260105.txt",
        file(&[PAYMENT, REFUNDED]).as_bytes(),
    );
    stage.until(MORNING + HOUR + 2_000).await;
    assert_eq!(stage.view_of(today(), TransactionItems).await.state, Clean);
}

#[tokio::test]
async fn a_cancelled_payment_stands_with_the_row_that_undoes_it() {
    for word in ["CANCEL", "REVERSAL", "REVERSE"] {
        let stage = Stage::new(shop).await;
        stage.charge().await;
        stage.until(20_000).await;
        stage.cancel().await;
        stage.until(MORNING).await;
        let undone = PAYMENT.replace("PAYMENT", word).replace("10:00:01", "10:00:20");
        let view = stage.transactions(&file(&[PAYMENT, &undone])).await;
        assert_eq!((view.state, view.matched, kinds(&view)), (Clean, 2, vec![]), "{word}");
    }
}

const SETTLED: &str = "Partner_transaction_id|Transaction_id|Amount|Rmb_amount|Fee|Settlement|\
                       Rmb_settlement|Currency|Rate|Payment_time|Settlement_time|Type|Status|\
                       Remarks|Secondary_merchant_industry|Secondary_merchant_name|Operator_name|\
                       Order_scene|Trans_currency|Trans_amount|Trans_forex_rate";

/// An in-store settlement file of the next day.
fn settlement(payment: &str, rmb: &str) -> String {
    format!(
        "{SETTLED}\r\n\
         A1-p1|2026A1-p1|12.31|{rmb}|0.12|{payment}|1|USD|7.10000000|2026-01-05 10:00:01|\
         2026-01-06 15:00:00|P|L||5812|x|y||USD|12.31|1\r\n\
         S1-r1|T2|3.00|21.30|0.03|2.97|1|USD|7.10000000|2026-01-05 10:00:20|\
         2026-01-06 15:00:00|R|L||5812|x|y||USD|3.00|1"
    )
}

impl Stage {
    async fn settled(&self, text: &str) -> ReconciliationView {
        let day = Day::parse("20260106").unwrap();
        self.deliver("2088000000000001_settlement_20260106.txt", text.as_bytes());
        self.reconcile(day, SettlementItems).await
    }
}

#[tokio::test]
async fn what_is_paid_out_is_worked_out_row_by_row() {
    let stage = sold(None).await;
    let view = stage.settled(&settlement("12.19", "87.40")).await;
    assert_eq!((view.state, view.matched, kinds(&view)), (Clean, 2, vec![]));
    assert_eq!((view.payouts.len(), view.payouts[0].amount), (1, usd(1219 - 297)));
    let view = stage.settled(&settlement("12.20", "87.40")).await;
    assert_eq!((view.state, kinds(&view), view.matched), (Differences, vec![Net], 1));
    assert_eq!(view.differences[0].id.as_deref(), Some("A1-p1"));
    let view = stage.settled(&settlement("12.19", "87.41")).await;
    assert_eq!(kinds(&view), [Amount]);
}

#[tokio::test]
async fn weekends_are_settled_on_mondays_and_nothing_is_missing_before() {
    let stage = sold(None).await;
    // The next Saturday: nothing was sold on Friday, and nothing is settled.
    let saturday = Day::parse("20260110").unwrap();
    assert_eq!(stage.reconcile(saturday, SettlementItems).await.state, Waiting);
    // What was sold on Monday is not in the file of Wednesday.
    let wednesday = Day::parse("20260107").unwrap();
    stage.deliver("2088000000000001_settlement_20260107.txt", SETTLED.as_bytes());
    assert_eq!(stage.reconcile(wednesday, SettlementItems).await.state, Clean);
    // In that of Tuesday it is.
    let view = stage.settled(SETTLED).await;
    assert_eq!(kinds(&view), [Missing, Missing]);
}

#[tokio::test]
async fn defects_of_reconciling() {
    let whole = file(&[PAYMENT, REFUNDED]);
    let other = PAYMENT.replace("A1", "B7");
    let count = whole.replace("Total_count:2", "Total_count:3");
    let wider = whole
        .replace("|Remark|", "|Secondary_merchant_id|Store_id|Remark|")
        .replace("|PAYMENT|", "|PAYMENT|M|S|")
        .replace("|REFUND|", "|REFUND|M|S|");
    for (defect, text, state, wanted) in [
        (Defect::LegRecRefundByOrder, whole.clone(), Differences, vec![Extra, Missing]),
        (Defect::LegRecByPosition, wider, Incomplete, vec![Form, Form]),
        (Defect::LegRecNoCount, count, Clean, vec![]),
        (Defect::LegRecTotalsOnly, file(&[&other, REFUNDED]), Clean, vec![]),
        (Defect::LegRecOneWay, file(&[PAYMENT]), Clean, vec![]),
        (Defect::LegRecDuplicateLost, file(&[PAYMENT, PAYMENT, REFUNDED]), Clean, vec![]),
        (
            Defect::LegRecTolerance,
            file(&[&PAYMENT.replace("12.31", "12.32"), REFUNDED]),
            Clean,
            vec![],
        ),
        (Defect::LegRecPhantomRow, format!("{whole}\r\n"), Incomplete, vec![Count]),
    ] {
        let stage = sold(Some(defect)).await;
        let view = stage.transactions(&text).await;
        assert_eq!((view.state, kinds(&view)), (state, wanted), "{}", defect.id());
        assert!(stage.merchant.defect_was_active(), "{}", defect.id());
    }
    // Totals that differ are told even so.
    let stage = sold(Some(Defect::LegRecTotalsOnly)).await;
    assert_eq!(kinds(&stage.transactions(&file(&[PAYMENT])).await), [Missing]);

    let stage = sold(Some(Defect::LegRecAbsentEmpty)).await;
    let view = stage.reconcile(today(), TransactionItems).await;
    assert_eq!(kinds(&view), [Missing, Missing]);
    assert!(stage.merchant.defect_was_active());
}

#[tokio::test]
async fn defects_of_settlement_and_days() {
    for (defect, text, state, payout) in [
        (Defect::LegRecAddsRefunds, settlement("12.19", "87.40"), Clean, 1219 + 297),
        (Defect::LegRecNoArithmetic, settlement("12.20", "87.40"), Clean, 1220 - 297),
    ] {
        let stage = sold(Some(defect)).await;
        let view = stage.settled(&text).await;
        assert_eq!((view.state, view.payouts[0].amount), (state, usd(payout)), "{}", defect.id());
        assert!(stage.merchant.defect_was_active(), "{}", defect.id());
    }

    // Sold on Friday, and expected on Saturday.
    let stage = Stage::with(Defect::LegRecNoWeekend, |seen| {
        Play::Says(super::sale(seen, "SUCCESS", &[("alipay_pay_time", "20260109120000")]))
    })
    .await;
    stage.until(98 * HOUR).await;
    stage.charge().await;
    stage.until(120 * HOUR).await;
    let view = stage.reconcile(Day::parse("20260110").unwrap(), SettlementItems).await;
    assert_eq!(kinds(&view), [Missing]);
    assert!(stage.merchant.defect_was_active());

    // Sold at three in the morning, which is the day before in Greenwich.
    let early = |seen: &Seen| {
        Play::Says(super::sale(seen, "SUCCESS", &[("alipay_pay_time", "20260106030000")]))
    };
    let row = PAYMENT.replace("01-05 10:00:01", "01-06 03:00:00");
    let text = file(&[&row]).replace("Payment_time: 2026-01-05", "Payment_time: 2026-01-06");
    for (defect, wanted) in [(None, vec![]), (Some(Defect::LegRecUtcDay), vec![OtherDay])] {
        let stage = Stage::set(Scene { defect, ..Scene::default() }, early).await;
        stage.until(17 * HOUR).await;
        stage.charge().await;
        stage.until(48 * HOUR).await;
        stage.deliver("2088000000000001_transaction_20260106.txt", text.as_bytes());
        let view = stage.reconcile(Day::parse("20260106").unwrap(), TransactionItems).await;
        assert_eq!(kinds(&view), wanted);
        assert_eq!(stage.merchant.defect_was_active(), defect.is_some());
    }
}
