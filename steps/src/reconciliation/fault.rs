//! What is wrong with a report file, as sentences of the table. The protocol cannot say it itself,
//! being below the table; its own text, in English, is the same, which a test holds.

use evidence::words::{self as say, Phrase, Place, Sentence};
use protocol::ams::reconciliation::{Column, Expected, Fault, Trouble};

/// A fault, with its place.
pub(super) fn said(fault: &Fault) -> Phrase {
    let (file, line) = (Place::value(&fault.file), Place::value(fault.line));
    let trouble = trouble(&fault.trouble).into();
    let Some(Column { number, name }) = fault.column else {
        return say::FILE_LINE.holding([file, line, trouble]);
    };
    let number = Place::value(number);
    if name.is_empty() {
        say::FILE_COLUMN_TOO_MANY.holding([file, line, number, trouble])
    } else {
        say::FILE_COLUMN.holding([file, line, number, name.into(), trouble])
    }
}

fn trouble(trouble: &Trouble) -> Phrase {
    match trouble {
        Trouble::Unreadable(why) => say::FILE_UNREADABLE.with([why]),
        Trouble::Compressed(kind) => say::FILE_COMPRESSED.with([kind]),
        Trouble::NotUtf8 => say::FILE_NOT_UTF8.plain(),
        Trouble::TooLong(bytes) => say::FILE_LINE_LONG.with([bytes]),
        Trouble::Header(found) => say::FILE_HEADER.with([found]),
        Trouble::Columns { found, expected } => say::FILE_COLUMNS.with([found, expected]),
        Trouble::Value { found, expected } => {
            say::FILE_VALUE.holding([found.as_str().into(), wanted(*expected).into()])
        }
        Trouble::Quotes => say::FILE_QUOTES.plain(),
        Trouble::NoEnd => say::FILE_NO_END.plain(),
        Trouble::BehindEnd => say::FILE_BEHIND_END.plain(),
    }
}

fn wanted(expected: Expected) -> Phrase {
    let sentence: &Sentence = match expected {
        Expected::Something => &say::FILE_WANTS_SOMETHING,
        Expected::Amount(0) => &say::FILE_WANTS_WHOLE,
        Expected::Amount(decimals) => return say::FILE_WANTS_AMOUNT.with([decimals]),
        Expected::Currency => &say::FILE_WANTS_CURRENCY,
        Expected::Pair => &say::FILE_WANTS_PAIR,
        Expected::Price => &say::FILE_WANTS_PRICE,
        Expected::Time => &say::FILE_WANTS_TIME,
        Expected::Count => &say::FILE_WANTS_COUNT,
    };
    sentence.plain()
}

#[cfg(test)]
mod tests {
    use evidence::words::Language;
    use protocol::ams::reconciliation::{Column, Expected, Fault, Trouble};

    use super::said;

    #[test]
    fn every_fault_is_said_in_english_as_the_protocol_says_it() {
        let mut troubles = vec![
            Trouble::Unreadable("no".to_owned()),
            Trouble::Compressed("gzip"),
            Trouble::NotUtf8,
            Trouble::TooLong(9),
            Trouble::Header("a".to_owned()),
            Trouble::Columns { found: 1, expected: 2 },
            Trouble::Quotes,
            Trouble::NoEnd,
            Trouble::BehindEnd,
        ];
        let all = [
            Expected::Something,
            Expected::Amount(0),
            Expected::Amount(2),
            Expected::Currency,
            Expected::Pair,
            Expected::Price,
            Expected::Time,
            Expected::Count,
        ];
        let value = |expected| Trouble::Value { found: "a".to_owned(), expected };
        troubles.extend(all.map(value));
        let columns =
            [None, Some(Column { number: 3, name: "" }), Some(Column { number: 3, name: "fee" })];
        for (trouble, column) in troubles.into_iter().zip(columns.into_iter().cycle()) {
            let fault = Fault { file: "/a.csv".to_owned(), line: 2, column, trouble };
            assert_eq!(said(&fault).text(Language::En), fault.to_string());
        }
    }
}
