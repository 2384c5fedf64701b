//! Each defect where it shows: the healthy merchant says one thing, the one with the defect
//! another, and the defect says that it struck.

use super::batch::{THIRTIETH, deals, name, settlement, summary};
use super::*;
use crate::Defect;

/// What a merchant with the defect says, after a healthy one said something else.
fn struck(
    defect: Defect,
    scope: &Scope,
    own: &[Deal],
    files: &[(FileName, String)],
) -> ReconciliationView {
    let healthy = run_as(scope, own, files, &Switch::default());
    let switch = Switch::of(defect);
    let view = run_as(scope, own, files, &switch);
    assert!(switch.was_active(), "{}", defect.id());
    assert_ne!(
        (healthy.state, told(&healthy)),
        (view.state, told(&view)),
        "{} changes nothing",
        defect.id()
    );
    view
}

fn on_the_day(defect: Defect, file: &str) -> ReconciliationView {
    let scope = scope(FileKind::TransactionItems);
    struck(defect, &scope, &sales(), &[(path(0), file.to_owned())])
}

#[test]
fn defects_that_overlook_a_difference_call_the_day_clean() {
    let file = items(&sales());
    let stranger = items(&[Deal::new(Payment, "Z9", "USD 3.00", "13:00:00")]);
    let stranger = stranger.lines().nth(1).unwrap();
    let balanced = change(&change(&file, 2, ",12.31,", ",12.32,"), 7, ",7.50,", ",7.49,");
    for (defect, spoilt) in [
        (Defect::FileSideOnly, without(&file, 2)),
        (Defect::OwnSideOnly, with(&file, stranger)),
        (Defect::OwnSideOnly, with(&file, &stranger.replace("Z9", "A5"))),
        (Defect::CentTolerance, change(&file, 2, ",12.31,", ",12.32,")),
        (Defect::TotalsOnly, balanced),
        (Defect::RowsById, with(&file, file.lines().nth(1).unwrap())),
        (Defect::CurrencyBlind, change(&file, 2, ",USD", ",EUR")),
        (Defect::SignBlind, change(&file, 6, ",-9000,", ",9000,")),
        (Defect::EndNotChecked, file.replace("<END>\n", "")),
        (Defect::EndNotChecked, format!("{file}x\n")),
    ] {
        let view = on_the_day(defect, &spoilt);
        assert_eq!(view.state, ReconciliationState::Clean, "{}", defect.id());
    }
}

#[test]
fn a_tolerance_of_a_cent_is_none_for_a_whole_yen() {
    let switch = Switch::of(Defect::CentTolerance);
    let file = change(&items(&sales()), 3, ",1000,", ",1001,");
    let view = run(&sales(), &[(path(0), file)], &switch);
    assert_eq!(view.state, ReconciliationState::Differences);
    assert!(!switch.was_active());
}

#[test]
fn defects_that_see_too_much_refuse_a_clean_day() {
    let file = items(&sales());
    let view = on_the_day(Defect::FileAsMinorUnits, &file);
    let first = "amount 2 transactionAmountValue A1 USD 12.31 USD 12.31";
    assert_eq!((told(&view).len(), told(&view)[0].as_str()), (3, first));
    let view = on_the_day(Defect::BomInHeader, &format!("\u{feff}{file}"));
    assert_eq!(view.state, ReconciliationState::Incomplete);
    let scope = scope(FileKind::TransactionItems);
    let empty = [(path(0), items(&[]))];
    let view = struck(Defect::EmptyDayIsFault, &scope, &[], &empty);
    assert_eq!(view.state, ReconciliationState::Incomplete);
    let files = [(path(0), items(&sales()[..3])), (path(1), items(&sales()[3..]))];
    let view = struck(Defect::FirstFileOnly, &scope, &sales(), &files);
    assert_eq!(told(&view).len(), 3);
    let view = struck(Defect::AbsentIsEmpty, &scope, &sales()[5..7], &[]);
    assert_eq!(view.state, ReconciliationState::Clean);
}

#[test]
fn a_day_cut_at_local_midnight_looks_for_what_belongs_to_the_next() {
    let mut own = vec![
        Deal::new(Payment, "A1", "USD 1.00", "23:59:59"),
        Deal::new(Payment, "A2", "USD 2.00", "00:00:00"),
    ];
    own[1].moment += 86_400_000;
    let files = [(path(0), items(&own[..1]))];
    let scope = scope(FileKind::TransactionItems);
    let view = struck(Defect::DayInLocalTime, &scope, &own, &files);
    assert_eq!(told(&view), ["missing - - A2 USD 2.00 -"]);
}

#[test]
fn defects_of_the_settlement() {
    let items = (FileKind::SettlementItems, settlement(&deals()));
    let file = |kind, text: &str| (name(kind, "2026010611021040123"), text.to_owned());
    let scope = |kind| Scope { contract: Some(THIRTIETH), ..scope(kind) };
    for (from, to) in [(",0.50,", ",0.51,"), (",14.50,", ",14.49,")] {
        let files = [file(items.0, &change(&items.1, 2, from, to))];
        let view = struck(Defect::FeeBlind, &scope(items.0), &deals(), &files);
        assert_eq!(view.state, ReconciliationState::Clean);
    }
    for spoilt in [
        change(&summary(), 2, ",1,14", ",2,14"),
        change(&summary(), 4, ",7.25,", ",7.26,"),
        summary().replace("1040123,", "1040124,"),
    ] {
        let kind = FileKind::SettlementSummary;
        let files = [file(items.0, &items.1), file(kind, &spoilt)];
        let view = struck(Defect::SummaryUnread, &scope(kind), &[], &files);
        assert_eq!(view.state, ReconciliationState::Clean);
    }
    let kind = FileKind::SettlementSummary;
    let files = [file(items.0, &items.1), (name(kind, "9"), summary())];
    struck(Defect::SummaryUnread, &scope(kind), &[], &files);
}
