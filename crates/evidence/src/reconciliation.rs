//! What a merchant tells about a day, or a settlement batch, that it reconciled.

use protocol::ams::reconciliation::FileKind;
use protocol::{Amount, Day};
use serde::{Deserialize, Serialize};

use crate::words::Place;

/// The merchant's own view of one kind of file of one day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReconciliationView {
    /// The day of the transactions, also where the files tell of their settlement.
    pub day: Day,
    /// What was compared with the merchant's books.
    pub kind: FileKind,
    /// What came of it.
    pub state: ReconciliationState,
    /// Why the files could not be fetched: from where, what went wrong and what to do, as a sentence
    /// of ours or in the merchant's words. Absent in every other state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<Place>,
    /// The files that were read, in order.
    pub files: Vec<FileRead>,
    /// How many rows agree with the books; of a summary, how many agree with the items.
    pub matched: u64,
    /// Where the two sides differ, in the order of the files; what is missing there stands last.
    pub differences: Vec<Difference>,
    /// How many more differences there are than are listed.
    pub differences_left_out: u64,
    /// What was noticed and does not matter.
    pub notes: Vec<FileNote>,
    /// What the bank account should receive for each settlement batch.
    pub payouts: Vec<Payout>,
}

/// What came of a reconciliation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReconciliationState {
    /// No file is there yet, so nothing can be said.
    Waiting,
    /// Both sides agree.
    Clean,
    /// They do not.
    Differences,
    /// A file is not whole or cannot be read, so nothing can be said about what it lacks.
    Incomplete,
    /// Where the files should come from could not be asked, so that it is not even known whether
    /// they are there.
    Unfetched,
}

impl ReconciliationState {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Clean => "clean",
            Self::Differences => "differences",
            Self::Incomplete => "incomplete",
            Self::Unfetched => "unfetched",
        }
    }
}

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRead {
    /// Its path at the gateway.
    pub name: String,
    /// When, in milliseconds since the epoch.
    pub read_at: i64,
    /// SHA-256 of all its bytes, in lower-case hexadecimal.
    pub sha256: String,
    /// How many bytes it has.
    pub bytes: u64,
    /// How many rows were read from it.
    pub rows: u64,
}

/// One place where file and books differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// In what.
    pub kind: DifferenceKind,
    /// The file's path; absent for what stands in no file.
    pub file: Option<String>,
    /// The line, from 1.
    pub line: Option<u64>,
    /// The column by its name, or by its number where it has none.
    pub column: Option<String>,
    /// The transaction by the merchant's request id, or by the gateway's id where there is none; of
    /// a summary, the type of its line.
    pub id: Option<String>,
    /// What the merchant holds, expects or works out.
    pub ours: Option<String>,
    /// What the file says.
    pub theirs: Option<String>,
}

/// In what file and books differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DifferenceKind {
    /// The merchant holds a transaction that no file has.
    Missing,
    /// A row is about nothing that the merchant knows, or about what it holds as not paid.
    Extra,
    /// A row stands there once more.
    Duplicate,
    /// The amounts differ.
    Amount,
    /// The currencies differ.
    Currency,
    /// The amounts are the same but for the sign.
    Sign,
    /// The transaction belongs to another day.
    Day,
    /// The gateway's id of the transaction is another one than it told before.
    Id,
    /// A refund names another payment, or a payment names one at all.
    Original,
    /// The total of a summary is not the sum of the items.
    Total,
    /// A count of a summary is not that of the items.
    Count,
    /// The fee is not the contract's, or a sum of fees not that of the items.
    Fee,
    /// What is paid out is not the amount less the fee, or a sum of it not that of the items.
    Net,
    /// The batch is another one than the file's name says.
    Batch,
    /// A number among the files of one name is left out.
    Sequence,
    /// The file is not whole.
    Truncated,
    /// The file cannot be read there: a wrong header, a wrong number of columns, a wrong value.
    Form,
}

impl DifferenceKind {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Extra => "extra",
            Self::Duplicate => "duplicate",
            Self::Amount => "amount",
            Self::Currency => "currency",
            Self::Sign => "sign",
            Self::Day => "day",
            Self::Id => "id",
            Self::Original => "original",
            Self::Total => "total",
            Self::Count => "count",
            Self::Fee => "fee",
            Self::Net => "net",
            Self::Batch => "batch",
            Self::Sequence => "sequence",
            Self::Truncated => "truncated",
            Self::Form => "form",
        }
    }
}

/// Something that was noticed and does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileNote {
    /// What it is.
    pub kind: FileNoteKind,
    /// The file's path.
    pub file: String,
    /// The first line that has it, from 1.
    pub line: u64,
    /// The number of the column, from 1, where it is in one.
    pub column: Option<usize>,
}

/// What can be noticed without mattering.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FileNoteKind {
    /// A byte-order mark before the header.
    ByteOrderMark,
    /// Lines that end with a carriage return and a line feed.
    CarriageReturn,
    /// No line break behind the last line.
    NoFinalBreak,
    /// A comma at the end of a row.
    StrayComma,
    /// A value in quotation marks.
    QuotationMarks,
    /// A line without anything.
    BlankLine,
    /// A payment that the merchant holds as cancelled, with the row that undoes it.
    CancelledPair,
    /// A row whose currencies differ without a rate, so that its payout cannot be checked.
    NoQuote,
}

/// What the bank account should receive for a settlement batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payout {
    /// The batch by its id.
    pub batch: String,
    /// How much, worked out from the items.
    pub amount: Amount,
}

#[cfg(test)]
mod tests {
    use crate::words::{FETCH_REFUSED, Place};

    use super::{DifferenceKind, ReconciliationState, ReconciliationView};

    /// What a merchant's adapter answers, as the contract prints it.
    const ANSWER: &str = r#"{
        "day": "20181225",
        "kind": "transaction-items",
        "state": "differences",
        "files": [{
            "name": "/v1/settlements/1022/20181225/transactionItems_KRW_000.csv",
            "read_at": 1545782400000,
            "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "bytes": 512,
            "rows": 2
        }],
        "matched": 1,
        "differences": [{
            "kind": "missing",
            "file": null,
            "line": null,
            "column": null,
            "id": "A1-1",
            "ours": "KRW 18000",
            "theirs": null
        }],
        "differences_left_out": 0,
        "notes": [{ "kind": "byte-order-mark", "file": "f", "line": 1, "column": 1 }],
        "payouts": [{ "batch": "B1", "amount": { "currency": "USD", "minor": 725 } }]
    }"#;

    #[test]
    fn the_printed_answer_reads_and_is_written_again() {
        let view: ReconciliationView = serde_json::from_str(ANSWER).unwrap();
        assert_eq!(view.state, ReconciliationState::Differences);
        let wanted: serde_json::Value = serde_json::from_str(ANSWER).unwrap();
        assert_eq!(serde_json::to_value(&view).unwrap(), wanted);
        let wrong = ANSWER.replace("20181225\",", "20181325\",");
        assert!(serde_json::from_str::<ReconciliationView>(&wrong).is_err());
    }

    #[test]
    fn trouble_is_text_or_a_sentence_of_ours() {
        let text = ANSWER.replace(r#""files""#, r#""trouble": "disk full", "files""#);
        let view: ReconciliationView = serde_json::from_str(&text).unwrap();
        assert_eq!(view.trouble, Some(Place::from("disk full")));
        assert!(serde_json::to_string(&view).unwrap().contains(r#""trouble":"disk full""#));
        let said = r#""trouble": {"says": "FETCH_REFUSED", "of": ["a:22"]}, "files""#;
        let text = ANSWER.replace(r#""files""#, said);
        let view: ReconciliationView = serde_json::from_str(&text).unwrap();
        assert_eq!(view.trouble, Some(FETCH_REFUSED.with(["a:22"]).into()));
    }

    #[test]
    fn the_words_of_reports_are_those_of_the_record() {
        use ReconciliationState::{Incomplete, Unfetched, Waiting};
        for kind in [DifferenceKind::Missing, DifferenceKind::Form, DifferenceKind::Original] {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
        }
        for state in [Waiting, Incomplete, Unfetched] {
            assert_eq!(serde_json::to_value(state).unwrap(), state.name());
        }
    }
}
