//! Transaction items before a healthy merchant.

use evidence::FileNoteKind;

use super::*;

fn clean(view: &ReconciliationView, matched: u64) {
    assert_eq!(told(view), Vec::<String>::new());
    assert_eq!((view.state, view.matched), (ReconciliationState::Clean, matched));
}

fn differs(view: &ReconciliationView, matched: u64, wanted: &[&str]) {
    assert_eq!(told(view), wanted);
    assert_eq!((view.state, view.matched), (ReconciliationState::Differences, matched));
}

#[test]
fn a_clean_day_names_its_file_and_matches_every_row() {
    let file = items(&sales());
    let view = healthy(&sales(), &file);
    clean(&view, 6);
    let [read] = view.files.as_slice() else { panic!("one file") };
    assert_eq!(read.name, path(0).path());
    assert_eq!(read.sha256, signing::sha256_hex(file.as_bytes()));
    assert_eq!((read.bytes, read.rows), (file.len() as u64, 6));
    assert_eq!((view.day, read.read_at), (day(), scope(view.kind).now));
    assert_eq!((view.notes.len(), view.payouts.len()), (0, 0));
}

#[test]
fn a_day_without_transactions_is_clean_and_one_without_files_waits() {
    let asleep = [Deal::new(Payment, "A4", "USD 5.00", "12:00:00").held(Held::Failed)];
    clean(&healthy(&asleep, &items(&[])), 0);
    let view = run(&sales(), &[], &Switch::default());
    assert_eq!((view.state, told(&view).len()), (ReconciliationState::Waiting, 0));
}

#[test]
fn several_files_are_one_day_and_a_gap_between_them_is_told() {
    let sales = sales();
    let files = [&sales[..3], &sales[3..5], &sales[5..]].map(items);
    let files = |numbers: [usize; 3]| -> Vec<_> {
        numbers.iter().map(|number| path(*number)).zip(files.clone()).collect()
    };
    clean(&run(&sales, &files([0, 1, 2]), &Switch::default()), 6);
    clean(&run(&sales, &files([2, 0, 1]), &Switch::default()), 6);
    for (numbers, missing) in [([0, 1, 3], 2), ([1, 2, 3], 0)] {
        let view = run(&sales, &files(numbers), &Switch::default());
        assert_eq!(view.state, ReconciliationState::Incomplete);
        assert_eq!(told(&view), [format!("sequence - - - {missing} -")]);
        assert_eq!(view.differences[0].file, Some(path(missing).path()));
    }
}

#[test]
fn the_day_is_cut_at_midnight_in_gmt_8() {
    let next = 86_400_000;
    let mut own = vec![
        Deal::new(Payment, "A1", "USD 1.00", "23:59:59"),
        Deal::new(Payment, "A2", "USD 2.00", "00:00:00"),
        Deal::refund("R1", "A1", "USD 1.00", "09:00:00"),
    ];
    own[1].moment += next;
    own[2].moment += next;
    clean(&healthy(&own, &items(&own[..1])), 1);
    let later = Scope { day: day().next(), ..scope(FileKind::TransactionItems) };
    let name = FileName { date: later.day, ..path(0) };
    clean(&run_as(&later, &own, &[(name, items(&own[1..]))], &Switch::default()), 2);
    let midnight = "2026-01-06T00:00:00+08:00";
    differs(
        &healthy(&own, &items(&own[..2])),
        1,
        &[&format!("day 3 paymentTime A2 {midnight} {midnight}")],
    );
    let late = change(&items(&own[..1]), 2, "2026-01-05T23:59:59", "2026-01-06T00:00:00");
    let wanted = format!("day 2 paymentTime A1 2026-01-05T23:59:59+08:00 {midnight}");
    differs(&healthy(&own, &late), 0, &[&wanted]);
    let early = change(&items(&own[1..2]), 2, "2026-01-06T00:00:00", "2026-01-05T23:59:59");
    let wanted = format!("day 2 paymentTime A2 {midnight} 2026-01-05T23:59:59+08:00");
    let (file, missing) = (early, "missing - - A1 USD 1.00 -");
    differs(&healthy(&own, &file), 0, &[&wanted, missing]);
    let view = run(
        &own,
        &[(FileName { date: later.day, ..path(0) }, items(&own[..1]))],
        &Switch::default(),
    );
    differs(&view, 1, &["day - - - 20260105 20260106"]);
}

#[test]
fn form_does_not_matter_and_is_noted_with_its_place() {
    let file = format!("\u{feff}{}", change(&items(&sales()), 3, ",JPY", ",JPY,"));
    let view = healthy(&sales(), &file);
    clean(&view, 6);
    let notes: Vec<_> = view.notes.iter().map(|n| (n.kind, n.line, n.column)).collect();
    let mark = (FileNoteKind::ByteOrderMark, 1, Some(1));
    assert_eq!(notes, [mark, (FileNoteKind::StrayComma, 3, Some(16))]);
    assert!(view.notes.iter().all(|note| note.file == path(0).path()));
}

#[test]
fn a_file_that_is_not_whole_says_nothing_about_what_it_lacks() {
    let file = items(&sales());
    let cut = file.find("R3").unwrap();
    let moved = without(&file, 7).replace("<END>", "<END>\nx");
    for (spoilt, wanted) in [
        (&file[..cut], "truncated 6 - - - -"),
        (file.trim_end().strip_suffix("<END>").unwrap(), "truncated 8 - - - -"),
        (moved.as_str(), "truncated 8 - - - -"),
        (&change(&file, 1, "pspName", "psp"), "form 1 pspName - pspName psp"),
        (&change(&file, 4, ",18000,", ",18.000,"), "form 4 transactionAmountValue - amount 18.000"),
        (&change(&file, 4, ",Tea,", ",Tea,hot,"), "form 4 - - 15 16"),
        (&change(&file, 1, "Currency", "Currency,more"), "form 1 16 -  more"),
        ("\u{1f}", "truncated 1 - - - -"),
    ] {
        let view = healthy(&sales(), spoilt);
        assert_eq!(told(&view), [wanted]);
        assert_eq!(view.state, ReconciliationState::Incomplete);
        assert_eq!(view.files[0].bytes, spoilt.len() as u64, "the digest is over all of it");
    }
    clean(&healthy(&sales(), &file), 6);
    let long = change(&file, 1, "pspName", "psp").replace("<END>", &"row\n".repeat(100_000));
    let view = healthy(&sales(), &long);
    assert_eq!(view.files[0].bytes, long.len() as u64);
    assert_eq!(view.files[0].sha256, signing::sha256_hex(long.as_bytes()));
}

#[test]
fn a_missing_row_is_told_by_our_id() {
    let view = healthy(&sales(), &without(&items(&sales()), 2));
    differs(&view, 5, &["missing - - A1 USD 12.31 -"]);
    assert_eq!(view.differences[0].file, None);
}

#[test]
fn a_row_too_many_is_told_with_what_we_hold() {
    let stranger = Deal::new(Payment, "Z9", "USD 3.00", "13:00:00");
    let row =
        |deal: &Deal| items(&[deal.clone().held(Held::Done)]).lines().nth(1).unwrap().to_owned();
    let file = items(&sales());
    differs(&healthy(&sales(), &with(&file, &row(&stranger))), 6, &["extra 8 - Z9 - USD 3.00"]);
    let cancelled = with(&file, &row(&sales()[6]));
    let view = healthy(&sales(), &cancelled);
    differs(&view, 6, &["extra 8 - A5 cancelled USD 6.00"]);
    assert_eq!(view.differences[0].file, Some(path(0).path()));
    let view = run(
        &sales(),
        &[(path(0), file.clone()), (path(1), items(&[sales()[6].clone().held(Held::Done)]))],
        &Switch::default(),
    );
    differs(&view, 6, &["extra 2 - A5 cancelled USD 6.00"]);
    assert_eq!(view.differences[0].file, Some(path(1).path()));
    let failed = healthy(&sales(), &with(&file, &row(&sales()[5])));
    differs(&failed, 6, &["extra 8 - A4 failed USD 5.00"]);
    let odd = change(&with(&file, &row(&stranger)), 8, ",PAYMENT,", ",DISPUTE,");
    differs(&healthy(&sales(), &change(&odd, 8, ",Z9,", ",,")), 6, &["extra 8 - P-Z9 - USD 3.00"]);
}

#[test]
fn a_payment_and_its_cancel_are_no_difference() {
    let row =
        |deal: &Deal| items(&[deal.clone().held(Held::Done)]).lines().nth(1).unwrap().to_owned();
    let payment = sales()[6].clone();
    let undo =
        |amount| Deal { gateway: "P-A5".into(), ..Deal::new(Cancel, "A5", amount, "12:05:00") };
    let file = items(&sales());
    // We never knew that it was paid.
    let both = with(&with(&file, &row(&payment)), &row(&undo("USD 6.00")));
    let view = healthy(&sales(), &both);
    clean(&view, 6);
    let notes: Vec<_> = view.notes.iter().map(|n| (n.kind, n.line)).collect();
    assert_eq!(notes, [(FileNoteKind::CancelledPair, 9)]);
    let less = with(&with(&file, &row(&payment)), &row(&undo("USD 5.00")));
    differs(&healthy(&sales(), &less), 6, &["extra 9 - A5 cancelled USD 1.00"]);
    let alone = with(&file, &row(&undo("USD 6.00")));
    differs(&healthy(&sales(), &alone), 6, &["extra 8 - A5 cancelled USD -6.00"]);
    // We knew, so both have to be there, or neither.
    let mut own = sales();
    own[6].held = Held::Done;
    own.push(undo("USD 6.00"));
    clean(&healthy(&own, &both), 8);
    clean(&healthy(&own, &file), 6);
    differs(&healthy(&own, &alone), 7, &["missing - - A5 USD 6.00 -"]);
    // An order that we hold as paid was not cancelled.
    own[6].amount = money("USD 6.00");
    own.pop();
    differs(&healthy(&own, &both), 7, &["extra 9 - A5 - USD -6.00"]);
}

#[test]
fn what_differs_in_one_row_is_one_difference_with_both_values() {
    let file = items(&sales());
    for (line, from, to, wanted) in [
        (3, ",1000,", ",1001,", "amount 3 transactionAmountValue A2 JPY 1000 JPY 1001"),
        (2, ",12.31,", ",12.32,", "amount 2 transactionAmountValue A1 USD 12.31 USD 12.32"),
        (2, ",USD", ",EUR", "currency 2 transactionCurrency A1 USD 12.31 EUR 12.31"),
        (6, ",-9000,", ",9000,", "sign 6 transactionAmountValue R3 KRW -9000 KRW 9000"),
        (4, ",18000,", ",-18000,", "sign 4 transactionAmountValue A3 KRW 18000 KRW -18000"),
        (2, ",P-A1,", ",P-A9,", "id 2 transactionId A1 P-A1 P-A9"),
        (6, ",P-A3,", ",P-A1,", "original 6 originalTransactionId R3 P-A3 P-A1"),
        (3, ",P-A2,,", ",P-A2,P-A1,", "original 3 originalTransactionId A2 - P-A1"),
    ] {
        differs(&healthy(&sales(), &change(&file, line, from, to)), 5, &[wanted]);
    }
    let backwards = [&sales()[7..], &sales()[..1]].concat();
    let ids = items(&backwards).replace(",P-", ",Q-");
    differs(
        &healthy(&backwards.iter().rev().cloned().collect::<Vec<_>>(), &ids),
        0,
        &["id 2 transactionId A6 P-A6 Q-A6", "id 3 transactionId A1 P-A1 Q-A1"],
    );
    let balanced = change(&change(&file, 2, ",12.31,", ",12.32,"), 7, ",7.50,", ",7.49,");
    differs(
        &healthy(&sales(), &balanced),
        4,
        &[
            "amount 2 transactionAmountValue A1 USD 12.31 USD 12.32",
            "amount 7 transactionAmountValue A6 USD 7.50 USD 7.49",
        ],
    );
}

#[test]
fn a_row_that_stands_twice_is_told_once_and_matched_once() {
    let file = items(&sales());
    let twice = with(&file, file.lines().nth(1).unwrap());
    differs(&healthy(&sales(), &twice), 6, &["duplicate 8 - A1 USD 12.31 USD 12.31"]);
    let elsewhere = [(path(0), file.clone()), (path(1), items(&sales()[..1]))];
    let view = run(&sales(), &elsewhere, &Switch::default());
    differs(&view, 6, &["duplicate 2 - A1 USD 12.31 USD 12.31"]);
    assert_eq!(view.differences[0].file, Some(path(1).path()));
}

#[test]
fn ids_that_the_gateway_never_told_are_not_compared() {
    let own: Vec<_> = sales();
    let untold = own.iter().map(|deal| OwnEntry {
        transaction_id: None,
        original_transaction_id: None,
        ..deal.own()
    });
    let files = [(path(0), items(&own))];
    let files = files.iter().map(|(name, text)| (name.clone(), text.as_bytes()));
    clean(&reconcile(&scope(FileKind::TransactionItems), untold, files, &Switch::default()), 6);
}

#[test]
fn the_list_of_differences_has_an_end_and_the_rest_is_counted() {
    let deal = |number: usize| Deal::new(Payment, &format!("B{number}"), "USD 1.00", "10:00:00");
    let own: Vec<_> = (0..250).map(deal).collect();
    let file = items(&own).replace(",1.00,", ",1.01,").replace(",P-B9", ",Q-B9");
    let view = healthy(&own, &file);
    assert_eq!((view.differences.len(), view.matched), (100, 0));
    assert_eq!(view.differences_left_out, 161);
    let ids = view.differences.iter().filter(|one| one.kind == DifferenceKind::Id);
    let ids: Vec<_> = ids.map(|one| one.ours.clone().unwrap()).collect();
    assert_eq!(ids, ["P-B9", "P-B90", "P-B91", "P-B92", "P-B93"]);
    let view = healthy(&own, &items(&[]));
    assert_eq!((view.differences.len(), view.differences_left_out), (100, 150));
    assert_eq!(told(&view)[99], "missing - - B99 USD 1.00 -");
}

#[test]
fn files_of_other_kinds_are_left_alone() {
    let other = "/v1/settlements/1022/20260105/settlementItems_USD_1_000.csv";
    let files =
        [(FileName::parse(other).unwrap(), "nothing".to_owned()), (path(0), items(&sales()))];
    let view = run(&sales(), &files, &Switch::default());
    clean(&view, 6);
    assert_eq!(view.files.len(), 1);
}
