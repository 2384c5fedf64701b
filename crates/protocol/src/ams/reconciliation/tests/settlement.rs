//! Settlement items and summaries, written and read back.

use super::super::*;
use super::{name, read};
use crate::{Amount, Currency, Rate, parse_time};

fn amount(text: &str) -> Amount {
    let (code, value) = text.split_once(' ').unwrap();
    Amount::from_major(Currency::parse(code).unwrap(), value).unwrap()
}

const BATCH: &str = "2018122611021040123";

fn sample() -> SettlementItem<'static> {
    SettlementItem {
        settlement_batch_id: BATCH,
        transaction: Transaction {
            customer_id: "1022",
            reference_merchant_id: "seller",
            reference_store_id: "store-1",
            transaction_id: "T1",
            original_transaction_id: "",
            transaction_request_id: "A1-1",
            reference_transaction_id: "A1",
            payment_method_type: "CONNECT_WALLET",
            psp_name: "KaKaoPay",
            transaction_type: TransactionType::Payment,
            payment_time: parse_time("2018-12-25T16:00:00+08:00").unwrap(),
            product_code: "IN_STORE_PAYMENT",
            amount: amount("KRW 18000"),
        },
        settlement_time: parse_time("2018-12-27T00:00:00+08:00").unwrap(),
        net: amount("USD 14.50"),
        rate: Some(Rate::parse("USD/KRW", "1200").unwrap()),
        fee: Some(amount("USD 0.50")),
        coupon: None,
    }
}

#[test]
fn the_worked_sample_of_a_settlement_is_written_and_reads_back() {
    let mut writer = Writer::new(FileKind::SettlementItems);
    writer.row(&Row::Settlement(sample()));
    let text = String::from_utf8(writer.finish()).unwrap();
    let wanted = "2018122611021040123,1022,seller,store-1,T1,,A1-1,A1,CONNECT_WALLET,KaKaoPay,\
        PAYMENT,2018-12-25T16:00:00+08:00,2018-12-27T00:00:00+08:00,IN_STORE_PAYMENT,18000,KRW,\
        14.50,USD,USD/KRW,1200,0.50,USD,,";
    assert_eq!(text.lines().nth(1), Some(wanted));
    assert_eq!(text.lines().count(), 3);
    let settlement = name(FileKind::SettlementItems);
    let mut reader = Reader::new(&settlement, text.as_bytes());
    assert_eq!(reader.next_row(), Some(Ok((2, Row::Settlement(sample())))));
    for (from, to, told) in [
        ("USD/KRW", "USDKRW", "column 19 (quoteCurrencyPair): 'USDKRW' is found"),
        (",1200,", ",-1200,", "column 20 (quotePrice): '-1200' is found"),
        (",USD/KRW,", ",,", "column 19 (quoteCurrencyPair): '' is found"),
        (",1200,", ",,", "column 20 (quotePrice): '' is found"),
        (",0.50,USD", ",0.50,", "column 22 (feeCurrency): '' is found"),
    ] {
        let (rows, _) = read(FileKind::SettlementItems, text.replacen(from, to, 1).as_bytes());
        assert!(rows[0].starts_with(&format!("line 2, {told}")), "{rows:?}");
    }
}

#[test]
fn a_summary_is_written_and_reads_back() {
    let line = SummaryLine {
        settlement_batch_id: BATCH,
        customer_id: "1022",
        summary_type: None,
        settlement_time: sample().settlement_time,
        count: 2,
        net: amount("USD 7.25"),
        fee: Some(amount("USD 0.25")),
    };
    let refunds = SummaryLine { summary_type: Some(TransactionType::Refund), fee: None, ..line };
    let mut writer = Writer::new(FileKind::SettlementSummary);
    writer.row(&Row::Summary(refunds));
    let mut bytes = writer.take();
    writer.row(&Row::Summary(line));
    bytes.extend(writer.finish());
    let text = String::from_utf8(bytes).unwrap();
    let wanted = "2018122611021040123,1022,TOTAL,2018-12-27T00:00:00+08:00,2,7.25,USD,0.25,USD";
    assert_eq!(text.lines().nth(2), Some(wanted));
    let summary = name(FileKind::SettlementSummary);
    let mut reader = Reader::new(&summary, text.as_bytes());
    assert_eq!(reader.next_row(), Some(Ok((2, Row::Summary(refunds)))));
    assert_eq!(reader.next_row(), Some(Ok((3, Row::Summary(line)))));
    assert_eq!(reader.next_row(), None);
    assert_eq!(reader.notes(), []);
    for (from, to, told) in [
        ("2,7.25,USD,0", "-2,7.25,USD,0", "column 5 (count): '-2' is found"),
        ("2,7.25,USD,0", "+2,7.25,USD,0", "column 5 (count): '+2' is found"),
        ("2,7.25,USD,0", "2,,USD,0", "column 6 (settlementAmountValue): '' is found"),
        ("TOTAL", "", "column 3 (summaryType): '' is found, expected is a value"),
    ] {
        let (told_rows, _) =
            read(FileKind::SettlementSummary, text.replacen(from, to, 1).as_bytes());
        assert!(told_rows[1].starts_with(&format!("line 3, {told}")), "{told_rows:?}");
    }
}
