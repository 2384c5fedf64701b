//! Report files: the worked sample, files that are cut, empty days, what was cancelled.

use protocol::ams::{Api, Refund};
use protocol::{Amount, DAY, Day};
use serde_json::json;

use super::{Rig, result, scanned};
use crate::{Defect, ReportForm, Terms};

async fn buy(rig: &Rig, id: &str, price: &str) -> String {
    buy_at(rig, id, price, None).await
}

/// Sells at a store, where one is named, and answers the payment's id.
async fn buy_at(rig: &Rig, id: &str, price: &str, store: Option<&str>) -> String {
    let currency = price.split_once(' ').unwrap().0;
    let wallet = rig.post("wallets", json!({ "currency": currency })).await;
    let path = format!("wallets/{}/codes", wallet["wallet"].as_str().unwrap());
    let code = rig.post(&path, json!({})).await["code"].as_str().unwrap().to_owned();
    let mut pay = scanned(id, price, &code);
    if let Some(store) = store {
        pay["order"]["merchant"]["store"] = json!({ "referenceStoreId": store });
    }
    let paid = rig.ask(Api::Pay, &pay).await;
    assert_eq!(result(&paid), "S SUCCESS");
    paid.text("paymentId").unwrap()
}

async fn give_back(rig: &Rig, id: &str, payment_id: &str, price: &str) {
    let (request_id, payment_id) = (id.to_owned(), payment_id.to_owned());
    let amount = Amount::from_price(price).unwrap();
    let refund = Refund { request_id, payment_id, amount, reason: None, notify_url: None };
    assert_eq!(result(&rig.ask(Api::Refund, &refund.to_json()).await), "S SUCCESS");
}

/// The files of the first day, once it is over: name and rows.
async fn files(rig: &Rig) -> Vec<(String, Vec<String>)> {
    let day = Day::of(super::start());
    rig.until(day.next().start()).await;
    let files = rig.see(&format!("reports/{day}")).await;
    let text = |file: &serde_json::Value, name: &str| file[name].as_str().unwrap().to_owned();
    let file = |file| {
        let (path, text) = (text(file, "path"), text(file, "text"));
        let lines: Vec<_> = text.lines().map(str::to_owned).collect();
        assert_eq!(lines.last().unwrap(), "<END>");
        let name = path.rsplit_once('/').unwrap().1.to_owned();
        (name, lines[1..lines.len() - 1].to_vec())
    };
    files.as_array().unwrap().iter().map(file).collect()
}

/// The last columns of a row, from `from` on.
fn columns(row: &str, from: usize) -> String {
    row.split(',').skip(from).collect::<Vec<_>>().join(",")
}

const SAMPLE: [&str; 2] =
    ["18000,KRW,14.50,USD,USD/KRW,1200,0.50,USD,,", "-9000,KRW,-7.25,USD,USD/KRW,1200,-0.25,USD,,"];

async fn sample(rig: &Rig) {
    let payment = buy(rig, "P1", "KRW 18000").await;
    give_back(rig, "R1", &payment, "KRW 9000").await;
}

#[tokio::test]
async fn the_worked_sample_comes_out_to_the_cent() {
    let rig = Rig::new().await;
    sample(&rig).await;
    let day = Day::of(super::start());
    assert_eq!(rig.see(&format!("reports/{day}")).await, json!([]));
    let files = files(&rig).await;
    let names: Vec<_> = files.iter().map(|(name, _)| name.as_str()).collect();
    let wanted = [
        "transactionItems_KRW_000.csv",
        "settlementItems_USD_2026010511021040123_000.csv",
        "settlementSummary_USD_2026010511021040123_000.csv",
    ];
    assert_eq!(names, wanted);
    let items = &files[0].1;
    assert_eq!(columns(&items[0], 12), "IN_STORE_PAYMENT,18000,KRW");
    assert_eq!(columns(&items[1], 12), "IN_STORE_PAYMENT,-9000,KRW");
    let settled: Vec<_> = files[1].1.iter().map(|row| columns(row, 14)).collect();
    assert_eq!(settled, SAMPLE);
    let sums: Vec<_> = files[2].1.iter().map(|row| columns(row, 2)).collect();
    let at = "2026-01-06T00:00:00+08:00";
    let wanted = [
        format!("PAYMENT,{at},1,14.50,USD,0.50,USD"),
        format!("REFUND,{at},1,-7.25,USD,-0.25,USD"),
        format!("TOTAL,{at},2,7.25,USD,0.25,USD"),
    ];
    assert_eq!(sums, wanted);
}

#[tokio::test]
async fn files_are_cut_and_a_day_without_rows_has_its_files() {
    let rig = Rig::new().await;
    rig.post("reports", json!({ "rows": 2 })).await;
    for id in ["P1", "P2", "P3"] {
        buy(&rig, id, "USD 1.00").await;
    }
    let files = files(&rig).await;
    let cut: Vec<_> = files.iter().take(2).map(|(name, rows)| (&**name, rows.len())).collect();
    assert_eq!(cut, [("transactionItems_USD_000.csv", 2), ("transactionItems_USD_001.csv", 1)]);
    rig.pass(DAY).await;
    let next = Day::of(super::start()).next();
    let empty = rig.see(&format!("reports/{next}")).await;
    let text = |place: usize| empty[place]["text"].as_str().unwrap().lines().count();
    assert_eq!([text(0), text(1), text(2)], [2, 2, 3]);
    assert!(empty[2]["text"].as_str().unwrap().contains(",TOTAL,"));
}

#[tokio::test]
async fn what_was_paid_and_cancelled_has_two_rows_or_none() {
    for (rows, wanted) in
        [(ReportForm::Pair, vec!["12.31,USD", "-12.31,USD"]), (ReportForm::LeftOut, vec![])]
    {
        let rig = Rig::build(|terms: &mut Terms| terms.switches.reports = rows, None).await;
        buy(&rig, "P1", "USD 12.31").await;
        assert_eq!(result(&rig.cancel("P1").await), "S SUCCESS");
        let files = files(&rig).await;
        let amounts: Vec<_> = files[0].1.iter().map(|row| columns(row, 13)).collect();
        assert_eq!(amounts, wanted);
    }
}

#[tokio::test]
async fn files_are_named_and_refunds_told_as_the_contract_has_it() {
    let told = async |form| {
        let rig = Rig::build(|terms: &mut Terms| terms.switches.reports = form, None).await;
        sample(&rig).await;
        let files = files(&rig).await;
        let ids: Vec<_> = files[0].1.iter().map(|row| columns(row, 3)).collect();
        let id = |row: &str| row.split(',').next().unwrap().to_owned();
        let same = id(&ids[0]) == id(&ids[1]);
        let refund = columns(&files[1].1[1], 14);
        (files[0].0.clone(), same, refund)
    };
    let by_currency = "transactionItems_KRW_000.csv";
    let returned = SAMPLE[1];
    let kept = "-9000,KRW,-7.50,USD,USD/KRW,1200,0.00,USD,,";
    for (form, name, same, refund) in [
        (ReportForm::Pair, by_currency, false, returned),
        (ReportForm::NamedByDate, "transactionItems_20260105_000.csv", false, returned),
        (
            ReportForm::NamedByWallet,
            "transactionItems_ALIPAYCN_KRW_20260105_000.csv",
            false,
            returned,
        ),
        (ReportForm::PaymentIds, by_currency, true, returned),
        (ReportForm::FeeKept, by_currency, false, kept),
    ] {
        assert_eq!(told(form).await, (name.to_owned(), same, refund.to_owned()), "{form:?}");
    }
}

#[tokio::test]
async fn at_midnight_the_files_are_written_to_their_folder() {
    let folder = std::env::temp_dir()
        .join(format!("assay-reports-{}", signing::hex(&signing::random_bytes::<8>())));
    let rig = Rig::build(|terms: &mut Terms| terms.reports = Some(folder.clone()), None).await;
    sample(&rig).await;
    rig.until(Day::of(super::start()).next().start()).await;
    let written = folder.join("v1/settlements/1022188000000000001/20260105");
    let text = std::fs::read_to_string(written.join("transactionItems_KRW_000.csv")).unwrap();
    assert_eq!(text.lines().count(), 4);
    std::fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test]
async fn each_defect_spoils_one_thing() {
    let rig = Rig::defective(Defect::FileDropsRow).await;
    sample(&rig).await;
    assert_eq!(files(&rig).await[0].1.len(), 1);
    let rig = Rig::defective(Defect::FileMinorUnits).await;
    buy(&rig, "P1", "USD 12.31").await;
    assert_eq!(columns(&files(&rig).await[0].1[0], 13), "1231.00,USD");
    for (defect, wanted) in [(Some(Defect::FileOneStore), ["s1", "s1"]), (None, ["s1", "s2"])] {
        let rig = Rig::build(|_| (), defect).await;
        for (id, store) in [("P1", "s1"), ("P2", "s2")] {
            buy_at(&rig, id, "USD 12.31", Some(store)).await;
        }
        let files = files(&rig).await;
        let stores: Vec<_> = files[0].1.iter().map(|row| row.split(',').nth(2).unwrap()).collect();
        assert_eq!(stores, wanted);
    }
    let rig = Rig::defective(Defect::EmptyDayNoFile).await;
    assert_eq!(files(&rig).await, []);
    let rig = Rig::defective(Defect::FeeAdded).await;
    sample(&rig).await;
    assert!(columns(&files(&rig).await[1].1[0], 16).starts_with("15.50,"));
    let rig = Rig::defective(Defect::DayInUtc).await;
    rig.until(Day::of(super::start()).next().start() + 1_000).await;
    buy(&rig, "P1", "USD 1.00").await;
    assert_eq!(files(&rig).await[0].1.len(), 1);
}
