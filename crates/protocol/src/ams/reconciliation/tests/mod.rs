//! Files as the pages print them, spoilt in every way, and read again.

mod settlement;

use std::io::{BufRead, BufReader, Read};

use proptest::prelude::*;

use super::*;
use crate::{Amount, Currency, parse_time};

const HEADER: &str = "customerId,referenceMerchantId,referenceStoreId,transactionId,\
    originalTransactionId,transactionRequestId,referenceTransactionId,orderDescription,\
    paymentMethodType,pspName,transactionType,paymentTime,productCode,transactionAmountValue,\
    transactionCurrency";
const PAYMENT: &str = "1022,seller,store-1,2018122519074101000700000077771,,A1-1,A1,Tea,\
    CONNECT_WALLET,KaKaoPay,PAYMENT,2018-12-25T16:00:00+08:00,IN_STORE_PAYMENT,18000,KRW";
const REFUND: &str = "1022,seller,store-1,2018122519074101000700000099999,\
    2018122519074101000700000077771,A1-R1,R1,Tea,CONNECT_WALLET,KaKaoPay,REFUND,\
    2018-12-25T17:00:00+08:00,IN_STORE_PAYMENT,-9000,KRW";

fn name(kind: FileKind) -> FileName {
    let part = match kind {
        FileKind::TransactionItems => "KRW",
        FileKind::SettlementItems | FileKind::SettlementSummary => "USD_2018122611021040123",
    };
    let path = format!("/v1/settlements/1022/20181225/{}_{part}_000.csv", kind.prefix());
    FileName::parse(&path).unwrap()
}

/// What a file gives: its rows and faults in words, each with its line, and its notes.
fn read(kind: FileKind, input: impl BufRead) -> (Vec<String>, Vec<Note>) {
    let mut reader = Reader::new(&name(kind), input);
    let mut told = vec![];
    while let Some(row) = reader.next_row() {
        let text = match row {
            Ok((_, Row::Transaction(item))) => {
                format!("{} {}", item.transaction.transaction_request_id, item.transaction.amount)
            }
            Ok((_, Row::Settlement(item))) => format!("{:?}", item.net),
            Ok((_, Row::Summary(line))) => format!("{:?}", line.summary_type),
            Err(fault) => {
                let fault = fault.to_string();
                fault.rsplit_once(".csv, ").unwrap().1.to_owned()
            }
        };
        told.push(text);
    }
    assert!(reader.next_row().is_none(), "what is over stays over");
    (told, reader.notes().to_vec())
}

fn items(text: &str) -> (Vec<String>, Vec<Note>) {
    read(FileKind::TransactionItems, text.as_bytes())
}

fn clean() -> String {
    format!("{HEADER}\n{PAYMENT}\n{REFUND}\n<END>\n")
}

const ROWS: [&str; 2] = ["A1-1 KRW 18000", "A1-R1 KRW -9000"];

#[test]
fn the_published_sample_reads_clean() {
    assert_eq!(items(&clean()), (ROWS.map(str::to_owned).to_vec(), vec![]));
    assert_eq!(items(&format!("{HEADER}\n<END>\n")), (vec![], vec![]));
    let text = clean();
    let name = name(FileKind::TransactionItems);
    let mut reader = Reader::new(&name, text.as_bytes());
    let Some(Ok((2, Row::Transaction(item)))) = reader.next_row() else { panic!("a row") };
    assert_eq!(item.order_description, "Tea");
    let payment = item.transaction;
    assert_eq!(payment.transaction_type, TransactionType::Payment);
    assert_eq!(payment.payment_time, parse_time("2018-12-25T16:00:00+08:00").unwrap());
    assert_eq!(payment.transaction_id, "2018122519074101000700000077771");
    assert_eq!(payment.original_transaction_id, "");
}

#[test]
fn form_that_must_not_matter_leaves_a_note() {
    let note = |kind, line, column| vec![Note { kind, line, column }];
    let quoted = clean().replace(",Tea,", ",\"Tea, \"\"green\"\"\",");
    let broken = clean().replacen(",Tea,", ",\"Tea\r\ngreen\",", 1);
    for (text, notes) in [
        (format!("\u{feff}{}", clean()), note(NoteKind::ByteOrderMark, 1, Some(1))),
        (clean().replace('\n', "\r\n"), note(NoteKind::CarriageReturn, 1, None)),
        (clean().trim_end().to_owned(), note(NoteKind::NoFinalBreak, 4, None)),
        (clean().replace(",18000,KRW\n", ",18000,KRW,\n"), note(NoteKind::StrayComma, 2, Some(16))),
        (quoted, note(NoteKind::QuotationMarks, 2, Some(8))),
        (clean().replace("<END>", "\n\n<END>"), note(NoteKind::BlankLine, 4, None)),
        (format!("{}\n \n", clean()), note(NoteKind::BlankLine, 5, None)),
        (format!("{}\r\n", clean()), note(NoteKind::BlankLine, 5, None)),
    ] {
        assert_eq!(items(&text), (ROWS.map(str::to_owned).to_vec(), notes), "{text}");
    }
    let (rows, notes) = items(&broken);
    assert_eq!(rows, ROWS);
    let kinds: Vec<_> = notes.iter().map(|note| (note.kind, note.line)).collect();
    assert_eq!(kinds, [(NoteKind::CarriageReturn, 2), (NoteKind::QuotationMarks, 2)]);
}

#[test]
fn a_file_that_does_not_end_is_told_and_its_last_row_is_not_believed() {
    let whole = clean();
    let no_end = "the file ends here, expected is a last line '<END>'";
    for length in 0..whole.len() - "\n".len() {
        let cut = &whole[..length];
        let (told, _) = items(cut);
        let line = cut.lines().count() + usize::from(cut.ends_with('\n') || cut.is_empty());
        assert_eq!(told.last().unwrap(), &format!("line {line}: {no_end}"), "{cut}");
        let rows = cut.matches('\n').count().saturating_sub(1);
        assert_eq!(told[..told.len() - 1], ROWS[..rows], "{cut}");
    }
}

#[test]
fn what_stands_behind_the_end_is_told() {
    let behind = "behind '<END>' nothing is expected";
    let moved = format!("{HEADER}\n{PAYMENT}\n<END>\n{REFUND}\n");
    assert_eq!(items(&moved).0, [ROWS[0], &format!("line 4: {behind}")]);
    let long = format!("{}\n{}", clean(), "x".repeat(100_000));
    assert_eq!(items(&long).0[2], format!("line 6: {behind}"));
    let almost = clean().replace("<END>", "<END>,");
    assert_eq!(items(&almost).0[2], "line 4: 2 columns, expected are 15");
    let twice = format!("{}<END>\n", clean());
    assert_eq!(items(&twice).0[2], format!("line 5: {behind}"));
}

#[test]
fn a_wrong_header_ends_the_reading_and_names_the_column() {
    for (from, to, told) in [
        ("customerId", "customerID", "column 1 (customerId): the header says 'customerID' here"),
        (",transactionCurrency", "", "column 15 (transactionCurrency): the header says '' here"),
        (
            ",transactionCurrency",
            ",transactionCurrency,status",
            "column 16 (none is expected): the header says 'status' here",
        ),
        (
            "pspName,transactionType",
            "transactionType,pspName",
            "column 10 (pspName): the header says 'transactionType' here",
        ),
    ] {
        let text = clean().replacen(from, to, 1);
        assert_eq!(items(&text).0, [format!("line 1, {told}")]);
    }
    let headless = items("<END>\n").0;
    assert_eq!(headless, ["line 1, column 1 (customerId): the header says '<END>' here"]);
    assert_eq!(items(&clean().replacen("Currency\n", "Currency,\n", 1)).0, ROWS);
    let two = items(&clean().replacen("Currency\n", "Currency,,\n", 1)).0;
    assert_eq!(two, ["line 1, column 16 (none is expected): the header says '' here"]);
}

#[test]
fn a_wrong_value_names_line_and_column_and_the_next_row_is_read() {
    for (from, to, told) in [
        (
            ",18000,",
            ",180.00,",
            "column 14 (transactionAmountValue): '180.00' is found, expected is an amount without \
             decimals such as 18000",
        ),
        (
            ",18000,KRW",
            ",,KRW",
            "column 14 (transactionAmountValue): '' is found, expected is an amount without \
             decimals such as 18000",
        ),
        (
            ",18000,KRW",
            ",12.345,USD",
            "column 14 (transactionAmountValue): '12.345' is found, expected is an amount in major \
             units with at most 2 decimals",
        ),
        (
            ",18000,KRW",
            ",18000,krw",
            "column 15 (transactionCurrency): 'krw' is found, expected is a currency of three \
             capital letters such as USD",
        ),
        (
            "2018-12-25T16:00:00+08:00",
            "2018-12-25 16:00:00",
            "column 12 (paymentTime): '2018-12-25 16:00:00' is found, expected is a moment such as \
             2018-12-25T16:00:00+08:00",
        ),
        (",A1-1,", ",,", "column 6 (transactionRequestId): '' is found, expected is a value"),
        (",PAYMENT,", ",,", "column 11 (transactionType): '' is found, expected is a value"),
    ] {
        let text = clean().replacen(from, to, 1);
        assert_eq!(items(&text).0, [format!("line 2, {told}"), ROWS[1].into()]);
    }
    let fewer = clean().replacen(",Tea,", ",", 1);
    assert_eq!(items(&fewer).0, ["line 2: 14 columns, expected are 15", ROWS[1]]);
    let more = clean().replacen(",Tea,", ",Tea,hot,", 1);
    assert_eq!(items(&more).0, ["line 2: 16 columns, expected are 15", ROWS[1]]);
    let marks = clean().replacen(",Tea,", ",\"Tea\"hot,", 1);
    let told = "line 2, column 8 (orderDescription): behind a closing quotation mark, a comma or \
                the line's end is expected";
    assert_eq!(items(&marks).0, [told, ROWS[1]]);
}

#[test]
fn a_mark_that_is_never_closed_swallows_no_more_than_a_line_may_hold() {
    let open = clean().replacen(",Tea,", ",\"Tea,", 1);
    let no_end = "line 5: the file ends here, expected is a last line '<END>'";
    assert_eq!(items(&open).0, [no_end]);
    let rows = format!("{REFUND}\n").repeat(1000);
    let long = format!("{HEADER}\n{}\n{rows}<END>\n", PAYMENT.replacen(",Tea,", ",\"Tea,", 1));
    let (told, _) = items(&long);
    assert_eq!(told[0], "line 2: the line is longer than 65536 bytes");
    assert_eq!(told.last().unwrap(), ROWS[1]);
    let broken = PAYMENT.replacen(",Tea,", ",\"Tea\ngreen\",", 1);
    let cut = format!("{HEADER}\n{broken}");
    assert_eq!(items(&cut).0, ["line 3: the file ends here, expected is a last line '<END>'"]);
    let literal = clean().replacen(",Tea,", ",Tea 12\",", 1);
    assert_eq!(items(&literal), (ROWS.map(str::to_owned).to_vec(), vec![]));
}

#[test]
fn bytes_that_are_no_text_are_told() {
    for text in [clean(), clean().replacen(",A1,", ",\"A1\",", 1)] {
        let mut bytes = text.clone().into_bytes();
        bytes[text.find("Tea").unwrap()] = 0xff;
        let (told, _) = read(FileKind::TransactionItems, bytes.as_slice());
        let wrong = "line 2, column 8 (orderDescription): these bytes are no UTF-8 text";
        assert_eq!(told, [wrong, ROWS[1]]);
    }
    for (magic, what) in [(&b"\x1f\x8b\x08\x00"[..], "a gzip"), (b"PK\x03\x04\x14", "a zip")] {
        let wanted =
            format!("line 1: these are bytes of {what} archive, expected are lines of plain text");
        for rest in [vec![], b"\nrow\n".to_vec(), vec![b'x'; 100_000]] {
            let (told, _) = read(FileKind::TransactionItems, magic.chain(rest.as_slice()));
            assert_eq!(told, std::slice::from_ref(&wanted));
        }
    }
    let (told, _) = read(FileKind::TransactionItems, &b"\xff\xfec\x00u\x00\n"[..]);
    assert_eq!(told, ["line 1, column 1 (customerId): these bytes are no UTF-8 text"]);
}

#[test]
fn a_line_without_end_is_passed_over_and_not_held() {
    let endless = std::io::repeat(b'x').take(10_000_000);
    let begin = format!("{HEADER}\n{PAYMENT}\n");
    let rest = format!("\n{REFUND}\n<END>\n");
    let whole = begin.as_bytes().chain(endless).chain(rest.as_bytes());
    let (told, _) = read(FileKind::TransactionItems, BufReader::new(whole));
    assert_eq!(told, [ROWS[0], "line 3: the line is longer than 65536 bytes", ROWS[1]]);
}

#[test]
fn a_connection_that_breaks_is_told_once() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("gone"))
        }
    }
    let begin = format!("{HEADER}\n{PAYMENT}\n1022,sel");
    let input = BufReader::new(begin.as_bytes().chain(Broken));
    let (told, _) = read(FileKind::TransactionItems, input);
    assert_eq!(told, [ROWS[0], "line 3: it cannot be read: gone"]);
    let (told, _) = read(FileKind::TransactionItems, BufReader::new(Broken));
    assert_eq!(told, ["line 1: it cannot be read: gone"]);
}

proptest! {
    #[test]
    fn any_texts_written_read_back(
        texts in prop::collection::vec("[a-z ,\"\r\né☕]{0,12}", 9),
        id in "[a-z,\"\r\n]{1,8}",
        minor: i64,
        seconds in 0_i64..4_000_000_000,
    ) {
        let mut texts = texts.iter().map(String::as_str);
        let mut text = || texts.next().unwrap();
        let item = TransactionItem {
            transaction: Transaction {
                customer_id: text(),
                reference_merchant_id: text(),
                reference_store_id: text(),
                transaction_id: &id,
                original_transaction_id: text(),
                transaction_request_id: &id,
                reference_transaction_id: text(),
                payment_method_type: text(),
                psp_name: text(),
                transaction_type: TransactionType::Refund,
                payment_time: seconds * 1000,
                product_code: text(),
                amount: Amount::new(Currency::parse("USD").unwrap(), minor),
            },
            order_description: text(),
        };
        let mut writer = Writer::new(FileKind::TransactionItems);
        writer.row(&Row::Transaction(item));
        let bytes = writer.finish();
        let name = name(FileKind::TransactionItems);
        let mut reader = Reader::new(&name, bytes.as_slice());
        prop_assert_eq!(reader.next_row(), Some(Ok((2, Row::Transaction(item)))));
        prop_assert_eq!(reader.next_row(), None);
    }

    #[test]
    fn no_bytes_panic_and_where_they_break_does_not_matter(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        at in 0_usize..600,
        size in 1_usize..9,
    ) {
        let mut file = clean().into_bytes();
        let at = at.min(file.len());
        file.splice(at..(at + bytes.len()).min(file.len()), bytes);
        for kind in FileKind::ALL {
            let whole = read(kind, file.as_slice());
            let pieces = read(kind, BufReader::with_capacity(size, file.as_slice()));
            prop_assert_eq!(&whole, &pieces);
            prop_assert!(!whole.0.is_empty() || file.ends_with(b"<END>\n"));
        }
    }
}
