//! What is judged of files of the older generation that the gateway wrote wrongly: the gateway answers
//! for them, and its merchant does not.

#![expect(clippy::unwrap_used, reason = "a test has nobody to hand an error to")]

mod judging;
mod stand;

use assay::verdict::{AttemptResult, CheckState, Outcome};
use evidence::{Entry, Event, Party};
use judging::Ground;
use serde_json::Value;

/// Writes the gateway's files otherwise: a text in their names or in their lines, once in each.
fn files(entries: &mut [Entry], what: &str, from: &str, to: &str) {
    for entry in entries {
        let Event::Did { what: done, facts } = &mut entry.event else { continue };
        if let (true, Some(Value::String(text))) = (done == "gateway-files", facts.get_mut(what)) {
            *text = text.replacen(from, to, 1);
        }
    }
}

fn edited(key: &str, what: &str, from: &str, to: &str) -> AttemptResult {
    Ground::of(key).result(|entries| files(entries, what, from, to))
}

/// The first check that does not hold.
fn first(result: &AttemptResult) -> Option<(&str, CheckState)> {
    let off = result.checks.iter().find(|check| check.state != CheckState::Held)?;
    Some((off.name.as_str(), off.state))
}

#[test]
fn the_gateway_answers_for_what_stands_in_its_files() {
    let mut survive = vec![];
    for (key, what, from, to, check) in [
        // The head of a store's file, its columns, its name and its day.
        ("LEG-REC-011/barcode", "text", "Total_count:7", "Total_count:6", "1"),
        ("LEG-REC-011/barcode", "text", "Total_count:7", "Total_count: 8", "1"),
        ("LEG-REC-011/barcode", "text", "Partner:2088", "Partner:2089", "1"),
        ("LEG-REC-011/barcode", "text", "2026-01-05|Total", "2026-01-06|Total", "1"),
        ("LEG-REC-011/barcode", "text", "|Remark|", "|Remarks|", "1"),
        ("LEG-REC-011/barcode", "path", "2088000000000001_", "2088000000000002_", "1"),
        ("LEG-REC-011/barcode", "path", "_20260105", "_20260104", "1"),
        // Amount, currency, time, type and scene of a row, and whose it is.
        ("LEG-REC-011/barcode", "text", "|12.31|", "|12.32|", "2"),
        ("LEG-REC-011/barcode", "text", "|EUR|", "|USD|", "2"),
        ("LEG-REC-011/barcode", "text", "|7.50|", "|-7.50|", "2"),
        ("LEG-REC-011/barcode", "text", "|2026-01-05 10:", "|2026-01-05 11:", "2"),
        ("LEG-REC-011/barcode", "text", "|CANCEL|", "|PAYMENT|", "2"),
        ("LEG-REC-011/transaction-qr", "text", "|transactionQrCode|", "||", "2"),
        ("LEG-REC-011/transaction-qr", "text", "-S1-r1|", "-1-p1|", "2"),
        // A website's rows, its refunds, and the day of its file.
        ("LEG-REC-001#2", "text", "FOREXREFUND_", "FOREX_", "2"),
        ("LEG-REC-001#2", "text", "|R|L|", "|P|L|", "2"),
        ("LEG-REC-001#2", "text", "|0.00|0.00|", "|0.00|", "2"),
        ("LEG-REC-001#2", "path", "_20260105", "_20260104", "2"),
        // What is paid out, row by row and in all.
        ("LEG-REC-002#2", "text", "|L|", "|P|", "1"),
        ("LEG-REC-002#2", "text", "|11.90|", "|11.91|", "1"),
        ("LEG-REC-002#2", "text", "202601060001|20260106|", "202601060001|20260106|1", "1"),
        ("LEG-REC-002#2", "path", "settlebatch_20260106", "settlebatch_20260107", "1"),
        ("LEG-REC-012/barcode#1", "text", "|R|L|", "|P|L|", "1"),
        ("LEG-REC-012/barcode#1", "text", "|11.90|", "|11.91|", "1"),
        ("LEG-REC-012/barcode#1", "path", "_20260106", "_20260107", "1"),
        ("LEG-REC-031/website", "path", "_20260106", "_20260104", "1"),
    ] {
        let result = edited(key, what, from, to);
        let failed = first(&result) == Some((check, CheckState::Failed));
        if !failed || result.blamed != Some(Party::Gateway) {
            let first = first(&result);
            survive.push(format!("{key}: {from} as {to}: {first:?}, blamed {:?}", result.blamed));
        }
    }
    assert!(survive.is_empty(), "{survive:#?}");
}

#[test]
fn a_merchant_is_not_held_to_a_file_that_was_written_wrongly() {
    for (key, from, to) in [
        ("LEG-REC-022/barcode#1", "|20.00|", "|20.01|"),
        ("LEG-REC-021/website#1", "|20.00|", "|20.01|"),
        ("LEG-REC-013/transaction-qr#1", "Total_count:2", "Total_count:3"),
        ("LEG-REC-041/barcode#1", "|20.00|", "|20.01|"),
    ] {
        let result = edited(key, "text", from, to);
        assert_eq!(first(&result), Some(("1", CheckState::NotJudged)), "{key}");
        assert_eq!(result.blamed, Some(Party::Runner), "{key}");
        assert_ne!(result.outcome, Outcome::Passed, "{key}");
    }
}
