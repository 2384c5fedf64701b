//! Files of shops and websites, from the control API, a folder, and the gateway.

use protocol::DAY;
use serde_json::json;

use super::super::{asks, pays, start};
use super::website::order;
use super::*;

const HOUR: Millis = 3_600_000;

impl Desk {
    /// The files of a day: names and texts.
    async fn files(&self, day: &str) -> Vec<(String, String)> {
        let reports = self.rig.see(&format!("reports/{day}")).await;
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let list = reports.as_array().unwrap().iter();
        list.map(|report| (text(&report["path"]), text(&report["text"]))).collect()
    }

    /// The one file of a day whose name has this in it.
    async fn file(&self, day: &str, part: &str) -> Option<String> {
        self.files(day)
            .await
            .into_iter()
            .find(|(name, _)| name.contains(part))
            .map(|(_, text)| text)
    }

    async fn download(&self, service: &str, from: &str, to: &str) -> String {
        let form = self.signed(self.form(service, &[("start_date", from), ("end_date", to)]));
        let answer = self.raw(&form).await;
        assert_eq!(answer.header("content-type"), Some("text/plain;charset=utf-8"));
        String::from_utf8(answer.body).unwrap()
    }

    /// A day of a shop: two barcodes, a code that was shown, a refund, a cancel, and one unpaid.
    async fn shop_day(&self) {
        for (number, amount) in [("T1", "100.00"), ("T2", "20.00")] {
            let code = self.rig.code(json!({})).await;
            self.pay(number, amount, &code).await;
        }
        let code = self.present("T3", "30.00").await.get("qr_code").unwrap().to_owned();
        self.scan(&code).await;
        self.refund("T1", "R1", "40.00", "Y").await;
        self.cancel("T2").await;
        self.present("T4", "1.00").await;
    }
}

async fn desk(defect: Option<Defect>) -> Desk {
    let desk = Desk::build(|_| {}, defect).await;
    desk.rig.wallet(pays()).await;
    desk
}

/// A file's lines in cells.
fn cells(text: &str) -> Vec<Vec<&str>> {
    text.split("\r\n").map(|line| line.split('|').collect()).collect()
}

#[tokio::test]
async fn a_day_of_a_shop_is_listed_from_nine_in_the_morning() {
    let desk = desk(None).await;
    desk.shop_day().await;
    let nine = start() + 23 * HOUR;
    desk.rig.until(nine - 1_000).await;
    assert!(desk.files("20260105").await.is_empty());
    desk.rig.until(nine).await;
    let names: Vec<_> = desk.files("20260105").await.into_iter().map(|(name, _)| name).collect();
    let called = |kind: &str| format!("{PARTNER}_{kind}_20260105.txt");
    assert_eq!(names, [called("transaction"), called("settlement")]);
    let text = desk.file("20260105", "_transaction_").await.unwrap();
    assert!(!text.ends_with('\n'));
    let rows = cells(&text);
    let head = ["Partner:2088000000000001", "Payment_time: 2026-01-05", "Total_count:5"];
    assert_eq!(rows[0], head);
    assert_eq!((rows[1].len(), rows[1][6]), (15, "Transaction_type"));
    let told: Vec<_> =
        rows[2..].iter().map(|row| [row[0], row[2], row[3], row[6], row[11]]).collect();
    assert_eq!(
        told,
        [
            ["T1", "100.00", "3.33", "PAYMENT", ""],
            ["T2", "20.00", "0.67", "PAYMENT", ""],
            ["T3", "30.00", "1.00", "PAYMENT", "transactionQrCode"],
            ["R1", "40.00", "1.33", "REFUND", ""],
            ["T2", "20.00", "0.67", "CANCEL", ""],
        ]
    );
    assert_eq!(rows[2][5], "2026-01-05 10:00:00");
    // The next day pays it out, and its file comes the day after.
    desk.rig.until(nine + DAY).await;
    let text = desk.file("20260106", "_settlement_").await.unwrap();
    let rows = cells(&text);
    assert_eq!(rows[0].len(), 21);
    let told: Vec<_> = rows[1..].iter().map(|row| (row[0], row[3..9].to_vec(), row[11])).collect();
    let rate = "7.10000000";
    assert_eq!(
        told,
        [
            ("T1", vec!["710.00", "3.33", "96.67", "686.36", "USD", rate], "P"),
            ("T3", vec!["213.00", "1.00", "29.00", "205.90", "USD", rate], "P"),
            ("R1", vec!["284.00", "1.33", "38.67", "274.56", "USD", rate], "R"),
        ]
    );
    assert_eq!((rows[1][10], rows[1][12]), ("2026-01-06 15:46:00", "L"));
}

#[tokio::test]
async fn a_folder_gets_the_files_when_they_are_there() {
    let folder = std::env::temp_dir().join(format!("assay-legacy-{}", std::process::id()));
    let reports = folder.clone();
    let desk = Desk::build(move |terms| terms.reports = Some(reports), None).await;
    desk.rig.wallet(pays()).await;
    desk.shop_day().await;
    let path = folder.join(format!("{PARTNER}_transaction_20260105.txt"));
    desk.rig.until(start() + 23 * HOUR - 1_000).await;
    assert!(!path.exists());
    desk.rig.until(start() + 23 * HOUR + 1_000).await;
    let written = std::fs::read_to_string(&path).unwrap();
    assert_eq!(Some(written), desk.file("20260105", "_transaction_").await);
    std::fs::remove_dir_all(&folder).unwrap();
}

/// A day of a website: three payments, a refund, and an order that nobody paid.
async fn website_day(desk: &Desk) {
    for (number, amount) in [("W1", "100.00"), ("W2", "30.00"), ("W3", "60.00")] {
        desk.open(&desk.redirect("create_forex_trade", &order(number, amount))).await;
    }
    let pairs = [
        ("out_trade_no", "W1"),
        ("out_return_no", "R1"),
        ("return_amount", "40.00"),
        ("currency", "USD"),
        ("gmt_return", "20260105100000"),
        ("is_sync", "Y"),
    ];
    desk.ask("forex_refund", &pairs).await;
    desk.rig.post("wallets/w1/mood", asks("ignore", 0)).await;
    desk.open(&desk.redirect("create_forex_trade", &order("W4", "5.00"))).await;
}

#[tokio::test]
async fn a_day_of_a_website_is_listed_and_paid_out() {
    let desk = desk(None).await;
    website_day(&desk).await;
    desk.rig.until(start() + 2 * DAY).await;
    let names: Vec<_> = desk.files("20260105").await.into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, [format!("{PARTNER}_fptrade_20260105.csv")]);
    let text = desk.file("20260105", "_fptrade_").await.unwrap();
    let rows = cells(&text);
    assert_eq!((rows.len(), rows[0].len()), (4, 16));
    assert_eq!((rows[0][0], rows[0][12], rows[0][13], rows[0][14]), ("W1", "", "P", "P"));
    assert!(rows[3][0].starts_with("FOREXREFUND_"), "{:?}", rows[3]);
    assert_eq!((rows[3][2], rows[3][13], rows[3][14], rows[3][15]), ("40.00", "R", "L", "W1"));
    let batch = desk.file("20260106", "_settlebatch_").await.unwrap();
    assert_eq!(batch, "202601060001|20260106|150.00|5.00|145.00|USD");
    let details = desk.file("20260106", "_settle_20260106_202601060001.csv").await.unwrap();
    let rows = cells(&details);
    assert_eq!(rows.len(), 4);
    assert!(rows.iter().all(|row| row[12] == "2026-01-06 15:46:00" && row[14] == "L"));
}

#[tokio::test]
async fn the_gateway_answers_the_files_of_websites() {
    let desk = desk(None).await;
    website_day(&desk).await;
    desk.rig.until(start() + 2 * DAY).await;
    let text = desk.download("forex_compare_file", "20260105", "20260105").await;
    let rows = cells(&text);
    assert_eq!(rows.len(), 4);
    assert_eq!(rows[0], ["W1", "100.00", "USD", "20260105100000", "", "P", "3.33", "P", ""]);
    assert_eq!((rows[3][0], rows[3][1], rows[3][5], rows[3][8]), ("R1", "40.00", "R", "W1"));
    let text = desk.download("forex_liquidation_file", "20260105", "20260106").await;
    let rows = cells(&text);
    assert_eq!((rows.len(), rows[0][4], rows[0][7]), (4, "20260106154600", "L"));
    for (from, to, expected) in [
        ("20251220", "20251230", "Over 10 days to Date period"),
        ("20251221", "20251230", "No balance account data in the period"),
        ("20260107", "20260107", "Finish date not ahead of today"),
        ("20260106", "20260105", "Finish date ahead of begin date"),
        ("2026-01-05", "20260105", "Date format incorrect YYYYMMDD"),
        ("", "20260105", "Illegal Date period!"),
    ] {
        for service in ["forex_compare_file", "forex_liquidation_file"] {
            assert_eq!(desk.download(service, from, to).await, expected, "{from} {to}");
        }
    }
    desk.rig.post("reports", json!({ "rows": 3 })).await;
    let text = desk.download("forex_compare_file", "20260105", "20260105").await;
    assert_eq!(text, "Over limit balance amount record");
    let mut form = desk.signed(desk.form("forex_compare_file", &[("start_date", "20260105")]));
    form.set("partner", "1");
    assert_eq!(result(&read(&desk.raw(&form).await)), "F ILLEGAL_PARTNER");
}

#[tokio::test]
async fn a_weekend_is_paid_out_on_monday() {
    for (defect, sunday) in [(None, false), (Some(Defect::LegRecWeekend), true)] {
        let desk = desk(defect).await;
        // From Friday, the ninth, to Sunday.
        for day in 4..7 {
            desk.rig.until(start() + day * DAY).await;
            let code = desk.rig.code(json!({})).await;
            desk.pay(&format!("T{day}"), "3.00", &code).await;
        }
        desk.rig.until(start() + 9 * DAY).await;
        let settled = async |day: &str| {
            let text = desk.file(day, "_settlement_").await;
            text.map(|text| {
                cells(&text)[1..].iter().map(|row| row[0].to_owned()).collect::<Vec<_>>()
            })
        };
        let left = if sunday { vec!["T4", "T6"] } else { vec!["T4", "T5", "T6"] };
        assert_eq!(settled("20260112").await.unwrap(), left);
        assert_eq!(settled("20260111").await.is_some(), sunday);
        assert_eq!(settled("20260110").await, None);
        assert_eq!(settled("20260113").await, Some(vec![]));
        assert_eq!(desk.rig.tenant.defect_was_active(), sunday);
    }
}

#[tokio::test]
async fn a_day_ends_at_midnight_in_gmt_8() {
    for (defect, counts) in [(None, ["1", "1"]), (Some(Defect::LegRecUtcDay), ["2", "0"])] {
        let desk = desk(defect).await;
        let midnight = start() + 14 * HOUR;
        for (number, at) in [("T1", midnight - 1_000), ("T2", midnight)] {
            desk.rig.until(at - 10_000).await;
            let code = desk.rig.code(json!({})).await;
            desk.rig.until(at).await;
            desk.pay(number, "3.00", &code).await;
        }
        desk.rig.until(start() + 3 * DAY).await;
        for (day, count) in ["20260105", "20260106"].into_iter().zip(counts) {
            let text = desk.file(day, "_transaction_").await.unwrap();
            assert!(text.contains(&format!("Total_count:{count}\r\n")), "{text}");
        }
    }
}

#[tokio::test]
async fn defects_of_files() {
    let desk = desk(Some(Defect::LegRecRowMissing)).await;
    desk.shop_day().await;
    desk.rig.until(start() + 2 * DAY).await;
    let text = desk.file("20260105", "_transaction_").await.unwrap();
    assert!(text.contains("Total_count:4") && !text.contains("REFUND"), "{text}");

    let desk = self::desk(Some(Defect::LegRecCountOff)).await;
    desk.shop_day().await;
    desk.rig.until(start() + 2 * DAY).await;
    let text = desk.file("20260105", "_transaction_").await.unwrap();
    assert!(text.contains("Total_count:3") && text.contains("REFUND"), "{text}");

    let desk = self::desk(Some(Defect::LegRecFeeAdded)).await;
    website_day(&desk).await;
    desk.rig.until(start() + 2 * DAY).await;
    let text = desk.file("20260106", "_settle_").await.unwrap();
    assert_eq!((cells(&text)[0][4], cells(&text)[0][7]), ("3.33", "103.33"));

    let desk = self::desk(Some(Defect::LegRecRangeOpen)).await;
    website_day(&desk).await;
    desk.rig.until(start() + 2 * DAY).await;
    let text = desk.download("forex_compare_file", "20251227", "20260106").await;
    assert_eq!(cells(&text).len(), 4);
    assert!(desk.rig.tenant.defect_was_active());
}

#[tokio::test]
async fn l18_l27_files_look_otherwise() {
    let desk = desk(None).await;
    desk.shop_day().await;
    website_day(&desk).await;
    desk.rig.until(start() + 2 * DAY).await;
    let turn = async |id: &str, choice: &str| {
        desk.rig.post("settings", json!({ "switches": { id: choice } })).await;
        let shop = desk.file("20260105", "_transaction_").await.unwrap();
        (shop, desk.download("forex_compare_file", "20260105", "20260105").await)
    };
    let (shop, website) = turn("L18", "plain").await;
    assert!(website.starts_with("W1|") && !website.ends_with('\n'));
    assert_eq!(cells(&shop)[2].len(), 15);
    let (_, headed) = turn("L18", "header-row").await;
    assert_eq!(headed.split_once("\r\n").unwrap().1, website);
    assert_eq!(cells(&headed)[0].len(), 9);
    let (feeds, _) = turn("L18", "line-feeds").await;
    assert_eq!(feeds, shop.replace("\r\n", "\n"));
    let (broken, _) = turn("L18", "trailing-break").await;
    assert_eq!(broken, format!("{shop}\r\n"));
    let (more, _) = turn("L18", "more-columns").await;
    assert_eq!(cells(&more)[1][7..9], ["Secondary_merchant_id", "Store_id"]);
    assert_eq!(cells(&more)[2][6..10], ["PAYMENT", "M1", "S1", ""]);
    turn("L18", "plain").await;
    let (shop, website) = turn("L27", "negative").await;
    assert!(shop.contains("|-40.00|-1.33|") && website.contains("R1|-40.00|"), "{shop}{website}");
}
