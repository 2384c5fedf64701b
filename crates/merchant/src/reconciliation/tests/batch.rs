//! Settlement items and summaries before a healthy merchant: the worked sample of the pages.

use evidence::{FileNoteKind, Payout};
use protocol::Rate;
use protocol::ams::reconciliation::{SettlementItem, SummaryLine};

use super::*;

const BATCH: &str = "2026010611021040123";

pub(super) fn name(kind: FileKind, batch: &str) -> FileName {
    let path = format!("/v1/settlements/1022/20260107/{}_USD_{batch}_000.csv", kind.prefix());
    FileName::parse(&path).unwrap()
}

/// KRW 18,000 paid and half of it given back, at 1,200 KRW for a dollar, a thirtieth as fee.
pub(super) fn deals() -> Vec<Deal> {
    vec![
        Deal::new(Payment, "A3", "KRW 18000", "10:02:00"),
        Deal::refund("R3", "A3", "KRW 9000", "11:01:00"),
    ]
}

fn settled_at() -> i64 {
    moment("00:00:00") + 2 * 86_400_000
}

pub(super) fn settlement(deals: &[Deal]) -> String {
    let rate = Some(Rate::parse("USD/KRW", "1200").unwrap());
    let mut writer = Writer::new(FileKind::SettlementItems);
    for deal in deals {
        let transaction = deal.transaction();
        let (gross, usd) = (transaction.amount.minor / 12, money("USD 0.00").currency);
        let fee = gross / 30;
        writer.row(&Row::Settlement(SettlementItem {
            settlement_batch_id: BATCH,
            transaction,
            settlement_time: settled_at(),
            net: Amount::new(usd, gross - fee),
            rate,
            fee: Some(Amount::new(usd, fee)),
            coupon: None,
        }));
    }
    String::from_utf8(writer.finish()).unwrap()
}

pub(super) fn sums(lines: &[(Option<TransactionType<'static>>, u64, &str, &str)]) -> String {
    let mut writer = Writer::new(FileKind::SettlementSummary);
    for (summary_type, count, net, fee) in lines {
        writer.row(&Row::Summary(SummaryLine {
            settlement_batch_id: BATCH,
            customer_id: "1022",
            summary_type: *summary_type,
            settlement_time: settled_at(),
            count: *count,
            net: money(net),
            fee: Some(money(fee)),
        }));
    }
    String::from_utf8(writer.finish()).unwrap()
}

pub(super) fn summary() -> String {
    sums(&[
        (Some(Payment), 1, "USD 14.50", "USD 0.50"),
        (Some(Refund), 1, "USD -7.25", "USD -0.25"),
        (None, 2, "USD 7.25", "USD 0.25"),
    ])
}

pub(super) const THIRTIETH: Fees = Fees { parts: 1, of: 30, returned: true };

/// The items of a batch before a merchant who knows the contract, or who does not.
fn judge(contract: Option<Fees>, file: &str) -> ReconciliationView {
    let scope = Scope { contract, ..scope(FileKind::SettlementItems) };
    let files = [(name(FileKind::SettlementItems, BATCH), file.to_owned())];
    run_as(&scope, &deals(), &files, &Switch::default())
}

fn add_up(items: &str, summary: &str, batch: &str) -> ReconciliationView {
    let files = [
        (name(FileKind::SettlementSummary, batch), summary.to_owned()),
        (name(FileKind::SettlementItems, BATCH), items.to_owned()),
    ];
    run_as(&scope(FileKind::SettlementSummary), &[], &files, &Switch::default())
}

#[test]
fn the_worked_sample_is_clean_with_and_without_the_contract() {
    let file = settlement(&deals());
    assert!(file.contains(",14.50,USD,USD/KRW,1200,0.50,USD,,"));
    assert!(file.contains(",-7.25,USD,USD/KRW,1200,-0.25,USD,,"));
    let rounded = Fees { parts: 33_333, of: 1_000_000, returned: true };
    for contract in [None, Some(THIRTIETH), Some(rounded)] {
        let view = judge(contract, &file);
        assert_eq!(told(&view), Vec::<String>::new());
        assert_eq!((view.state, view.matched), (ReconciliationState::Clean, 2));
    }
}

#[test]
fn a_fee_or_a_payout_off_by_a_cent_is_one_difference() {
    let file = settlement(&deals());
    let fee = change(&file, 2, ",0.50,", ",0.51,");
    let net = change(&file, 3, ",-7.25,", ",-7.24,");
    let net_off = "net 3 settlementAmountValue R3 USD -7.25 USD -7.24";
    let no_fee = change(&file, 2, ",0.50,USD,,", ",,,,");
    for (contract, spoilt, wanted) in [
        (Some(THIRTIETH), &fee, "fee 2 feeAmountValue A3 USD 0.50 USD 0.51"),
        // Whose fault it is, only the contract says.
        (None, &fee, "net 2 settlementAmountValue A3 USD 14.49 USD 14.50"),
        (Some(THIRTIETH), &net, net_off),
        (None, &net, net_off),
        (Some(THIRTIETH), &no_fee, "fee 2 feeAmountValue A3 USD 0.50 -"),
        (None, &no_fee, "net 2 settlementAmountValue A3 USD 15.00 USD 14.50"),
        (None, &without(&file, 2), "missing - - A3 KRW 18000 -"),
        (
            None,
            &change(&file, 2, ",18000,", ",18001,"),
            "amount 2 transactionAmountValue A3 KRW 18000 KRW 18001",
        ),
        (
            None,
            &change(&file, 2, "1040123,", "1040124,"),
            "batch 2 settlementBatchId A3 2026010611021040123 2026010611021040124",
        ),
        (
            None,
            &change(&file, 2, "14.50,USD,", "14.50,EUR,"),
            "currency 2 settlementCurrency A3 USD EUR",
        ),
        (None, &change(&file, 2, "0.50,USD,", "0.50,EUR,"), "currency 2 feeCurrency A3 USD EUR"),
    ] {
        let view = judge(contract, spoilt);
        assert_eq!(told(&view), [wanted]);
        assert_eq!(view.state, ReconciliationState::Differences);
        assert_eq!(view.matched, 1, "{wanted}");
    }
    let all = file.replace("1040123,", "1040124,");
    assert_eq!(told(&judge(None, &all)).len(), 1, "a batch is told once, not for each row");
}

#[test]
fn a_rate_that_gives_no_whole_cent_may_be_rounded_either_way() {
    // 18,000 / 1,199 is 15.0125…
    let file = settlement(&deals()).replace(",1200,", ",1199,");
    let paid = |net: &str| change(&file, 2, ",14.50,", net);
    for (net, matched) in [(",14.50,", 1), (",14.51,", 2), (",14.52,", 2), (",14.53,", 1)] {
        assert_eq!(judge(None, &paid(net)).matched, matched, "{net}");
    }
    let more = judge(None, &paid(",14.53,"));
    assert_eq!(told(&more), ["net 2 settlementAmountValue A3 USD 14.51 USD 14.53"]);
    let kept = Fees { returned: false, ..THIRTIETH };
    let file = change(&settlement(&deals()), 3, ",-7.25,", ",-7.50,").replace(",-0.25,", ",0.00,");
    assert_eq!(judge(Some(kept), &file).matched, 2);
}

#[test]
fn without_a_rate_the_payout_cannot_be_checked_and_that_is_noted_once() {
    let file = settlement(&deals()).replace(",USD/KRW,1200,", ",,,").replace(",14.50,", ",1.00,");
    let view = judge(Some(THIRTIETH), &file);
    assert_eq!((view.state, view.matched), (ReconciliationState::Clean, 2));
    let notes: Vec<_> = view.notes.iter().map(|n| (n.kind, n.line, n.column)).collect();
    assert_eq!(notes, [(FileNoteKind::NoQuote, 2, Some(19))]);
}

#[test]
fn a_summary_that_agrees_names_what_to_expect_at_the_bank() {
    let view = add_up(&settlement(&deals()), &summary(), BATCH);
    assert_eq!(told(&view), Vec::<String>::new());
    assert_eq!((view.state, view.matched), (ReconciliationState::Clean, 3));
    assert_eq!(view.payouts, [Payout { batch: BATCH.into(), amount: money("USD 7.25") }]);
    assert_eq!(view.files.len(), 2);
    let empty = add_up(&settlement(&[]), &sums(&[(None, 0, "USD 0.00", "USD 0.00")]), BATCH);
    assert_eq!((empty.state, empty.matched), (ReconciliationState::Clean, 1));
    assert_eq!(empty.payouts[0].amount, money("USD 0.00"));
}

#[test]
fn a_summary_that_differs_is_told_in_one_place() {
    let (items, good) = (settlement(&deals()), summary());
    for (spoilt, wanted) in [
        (change(&good, 2, ",1,14", ",2,14"), "count 2 count PAYMENT 1 2"),
        (change(&good, 4, ",2,7", ",3,7"), "count 4 count TOTAL 2 3"),
        (
            change(&good, 4, ",7.25,", ",7.26,"),
            "total 4 settlementAmountValue TOTAL USD 7.25 USD 7.26",
        ),
        (
            change(&good, 3, ",-7.25,", ",-7.24,"),
            "net 3 settlementAmountValue REFUND USD -7.25 USD -7.24",
        ),
        (change(&good, 2, ",0.50,", ",0.40,"), "fee 2 feeAmountValue PAYMENT USD 0.50 USD 0.40"),
        (
            change(&good, 2, ",14.50,USD", ",14.50,EUR"),
            "currency 2 settlementCurrency PAYMENT USD EUR",
        ),
        (
            good.replace("1040123,", "1040124,"),
            "batch 2 settlementBatchId PAYMENT 2026010611021040123 2026010611021040124",
        ),
        (
            change(&good, 4, "1040123,", "1040124,"),
            "batch 4 settlementBatchId TOTAL 2026010611021040123 2026010611021040124",
        ),
        (without(&good, 3), "count - count REFUND 1 -"),
        (without(&good, 4), "total - settlementAmountValue TOTAL USD 7.25 -"),
        (with(&good, good.lines().nth(1).unwrap()), "duplicate 5 summaryType PAYMENT - USD 14.50"),
    ] {
        let view = add_up(&items, &spoilt, BATCH);
        assert_eq!(told(&view)[0], wanted);
        assert_eq!(told(&view).len(), 1);
        let whole = ["batch", "currency", "duplicate"].iter().any(|kind| wanted.starts_with(kind));
        assert_eq!(view.matched, if whole { 3 } else { 2 }, "{wanted}");
        assert_eq!(view.state, ReconciliationState::Differences);
    }
    let renamed = add_up(&items, &good, "2026010611021040199");
    let wanted = "batch 2 settlementBatchId PAYMENT 2026010611021040199 2026010611021040123";
    assert_eq!(told(&renamed), [wanted]);
    let other = add_up(&items, &good.replace("40123,", "40199,"), "2026010611021040199");
    assert_eq!(told(&other), ["batch - - - 2026010611021040123 2026010611021040199"]);
}

#[test]
fn lines_for_types_that_no_item_has_are_told_and_not_all_kept() {
    let (items, good) = (settlement(&deals()), summary());
    let cancel = with(&good, &good.lines().nth(1).unwrap().replace("PAYMENT", "CANCEL"));
    let view = add_up(&items, &cancel, BATCH);
    assert_eq!(
        told(&view),
        [
            "count 5 count CANCEL 0 1",
            "net 5 settlementAmountValue CANCEL USD 0.00 USD 14.50",
            "fee 5 feeAmountValue CANCEL USD 0.00 USD 0.50",
        ]
    );
    let zero = |number| format!("{BATCH},1022,T{number},2026-01-07T00:00:00+08:00,0,0.00,USD,,");
    let rows: Vec<_> = (0..70).map(zero).collect();
    let view = add_up(&items, &with(&good, &rows.join("\n")), BATCH);
    assert_eq!((view.matched, told(&view).len()), (64, 9));
    assert_eq!(told(&view)[0], "duplicate 66 summaryType T61 - USD 0.00");
}

#[test]
fn a_summary_waits_for_its_items_and_the_items_for_their_end() {
    let both = [
        (name(FileKind::SettlementSummary, BATCH), summary()),
        (name(FileKind::SettlementItems, BATCH), settlement(&deals())),
    ];
    for alone in &both {
        let one = std::slice::from_ref(alone);
        let view = run_as(&scope(FileKind::SettlementSummary), &[], one, &Switch::default());
        assert_eq!((view.state, told(&view).len()), (ReconciliationState::Waiting, 0));
    }
    let cut = settlement(&deals()).replace("<END>\n", "");
    let view = add_up(&cut, &summary(), BATCH);
    assert_eq!(view.state, ReconciliationState::Incomplete);
    assert_eq!((told(&view), view.payouts.len()), (vec!["truncated 4 - - - -".to_owned()], 0));
}
