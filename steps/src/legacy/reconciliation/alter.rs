//! What the runner does to the gateway's files, and what a merchant has to find because of it.

use std::borrow::Cow;

use evidence::DifferenceKind;
use protocol::ams::reconciliation::FileKind;
use protocol::legacy::Charset;
use protocol::{Amount, Day};

use super::paper::{Paper, Sort, newest};
use super::parameters::FileForm;
use super::rows::dashed;
use super::situation::left_to_a_person;
use super::table::{AMOUNT, CURRENCY, Kind, NUMBER, Row, SETTLEMENT, TYPE, Table};
use crate::Seen;
use crate::reconciliation::Alteration;
use crate::reconciliation::alter::{Altered, Wanted};

/// What no merchant has.
const UNKNOWN: &str = "unknown-1";
/// The same under a name that only a reader of the right encoding can read.
const TEAHOUSE: &str = "茶馆-1";

/// What is altered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change {
    /// What reports of either generation can have.
    Shared(Alteration),
    /// What files of the older one can be.
    Own(FileForm),
}

impl Change {
    fn of(seen: &Seen) -> Self {
        match seen.alteration_told().parse() {
            Ok(form) => Self::Own(form),
            Err(_) => Self::Shared(seen.alteration()),
        }
    }
}

/// The files of a kind as the runner alters them, and what that has to lead to.
pub(crate) fn altered(seen: &Seen, kind: FileKind) -> Altered {
    let papers = newest(seen.papers_of(kind));
    let tables = papers.iter().map(Paper::table).collect();
    let mut desk = Desk { papers, tables, wanted: vec![], spoilt: 0 };
    let change = Change::of(seen);
    let done = desk.alter(change).is_some();
    let altered = !desk.wanted.is_empty();
    if kind == FileKind::TransactionItems {
        desk.leave_to_persons(seen);
    }
    let sheets = desk.papers.iter().zip(&desk.tables);
    let rows = sheets.clone().filter(|(paper, _)| paper.sort != Sort::Batches);
    let rows = rows.map(|(_, table)| table.rows.len() as u64).sum::<u64>();
    let files: Vec<(String, Vec<u8>)> = sheets
        .map(|(paper, table)| {
            let text = if altered { table.lines().join("\r\n") } else { paper.text.clone() };
            (paper.path.clone(), reshaped(change, paper, &text))
        })
        .collect();
    let changed = desk.papers.iter().zip(&files);
    let changed = changed.into_iter().any(|(paper, (_, bytes))| paper.text.as_bytes() != bytes);
    Altered { files, changed, wanted: desk.wanted, done, agree: rows - desk.spoilt }
}

/// The files, and what has to be found in them.
struct Desk {
    papers: Vec<Paper>,
    tables: Vec<Table>,
    wanted: Vec<Wanted>,
    spoilt: u64,
}

impl Desk {
    /// The first payment: in which file, in which row, and what it says.
    fn payment(&self) -> Option<(usize, usize, Row)> {
        let sheets = self.papers.iter().zip(&self.tables).enumerate();
        let mut sheets = sheets.filter(|(_, (paper, _))| paper.sort != Sort::Batches);
        sheets.find_map(|(place, (_, table))| {
            let rows = table.all().into_iter().enumerate();
            let mut payments = rows.filter(|(_, row)| row.kind == Some(Kind::Payment));
            payments.next().map(|(row, says)| (place, row, says))
        })
    }

    fn alter(&mut self, change: Change) -> Option<()> {
        match change {
            Change::Shared(Alteration::Nothing) => Some(()),
            Change::Shared(Alteration::LacksPayment) => self.take_out(),
            Change::Shared(Alteration::Unknown) => self.add(UNKNOWN, DifferenceKind::Extra),
            Change::Shared(Alteration::Twice) => {
                let (_, _, row) = self.payment()?;
                self.add(&row.number, DifferenceKind::Duplicate)
            }
            Change::Shared(Alteration::CentOff) => self.shift(1),
            Change::Shared(Alteration::OtherCurrency) => self.in_another_currency(),
            Change::Shared(Alteration::NetOff) => self.settlement_off(),
            // What a file of this generation does not have, or nobody alters in one.
            Change::Shared(
                Alteration::ByteOrderMark
                | Alteration::CarriageReturns
                | Alteration::NoFinalBreak
                | Alteration::StrayComma
                | Alteration::Quoted
                | Alteration::CutInRow
                | Alteration::CutBehindRow
                | Alteration::RowBehindEnd
                | Alteration::Cancelled
                | Alteration::YenOff
                | Alteration::Balanced
                | Alteration::NoMinus
                | Alteration::FeeOff
                | Alteration::CountOff
                | Alteration::TotalOff
                | Alteration::OtherBatch,
            ) => None,
            Change::Own(FileForm::Swapped) => {
                self.add(UNKNOWN, DifferenceKind::Extra)?;
                self.take_out()
            }
            Change::Own(FileForm::AsRefund) => self.as_refund(),
            Change::Own(
                FileForm::Utf8
                | FileForm::Mark
                | FileForm::Gbk
                | FileForm::LineFeeds
                | FileForm::TrailingBreak
                | FileForm::NamedColumns,
            ) => self.add(TEAHOUSE, DifferenceKind::Extra),
            Change::Own(
                FileForm::LastRowLost
                | FileForm::OtherDay
                | FileForm::OtherPartner
                | FileForm::Empty,
            ) => self.payment().map(drop),
        }
    }

    /// Writes the number of rows anew into the head of a file.
    fn count(&mut self, place: usize) {
        let Some(table) = self.tables.get_mut(place) else { return };
        let Some((before, _)) = table.head.as_deref().and_then(|head| head.rsplit_once(':')) else {
            return;
        };
        table.head = Some(format!("{before}:{}", table.rows.len()));
    }

    fn take_out(&mut self) -> Option<()> {
        let (place, at, row) = self.payment()?;
        self.tables.get_mut(place)?.rows.remove(at);
        self.count(place);
        self.wanted.push(Wanted::of(DifferenceKind::Missing, &row.number, row.amount, None));
        Some(())
    }

    /// Adds a copy of the first payment under a number.
    fn add(&mut self, number: &str, kind: DifferenceKind) -> Option<()> {
        let (place, at, row) = self.payment()?;
        let table = self.tables.get_mut(place)?;
        let copy = table.rows.get(at)?.clone();
        table.rows.push(copy);
        let last = table.rows.len() - 1;
        table.write(last, &NUMBER, number);
        if number == TEAHOUSE {
            table.write(last, &["Operator_name", "Remarks"], "茶馆");
        }
        self.count(place);
        self.spoilt += 1;
        let ours = (kind == DifferenceKind::Duplicate).then_some(row.amount).flatten();
        self.wanted.push(Wanted::of(kind, number, ours, row.amount));
        Some(())
    }

    /// Writes one cell of the first payment anew; the merchant then holds another amount.
    fn rewrite(&mut self, names: &[&str], value: &str) -> Option<(Row, Row)> {
        let (place, at, before) = self.payment()?;
        let table = self.tables.get_mut(place)?;
        table.write(at, names, value);
        self.spoilt += 1;
        Some((before, table.row(at)))
    }

    fn shift(&mut self, by: i64) -> Option<()> {
        let amount = self.payment()?.2.amount?;
        let other = Amount::new(amount.currency, amount.minor + by).to_major();
        let (before, after) = self.rewrite(&AMOUNT, &other)?;
        self.wanted.push(Wanted::of(
            DifferenceKind::Amount,
            &before.number,
            before.amount,
            after.amount,
        ));
        Some(())
    }

    fn in_another_currency(&mut self) -> Option<()> {
        let (before, after) = self.rewrite(&CURRENCY, "GBP")?;
        self.wanted.push(Wanted::of(
            DifferenceKind::Currency,
            &before.number,
            before.amount,
            after.amount,
        ));
        Some(())
    }

    fn as_refund(&mut self) -> Option<()> {
        let (place, at, _) = self.payment()?;
        let word = match self.tables.get(place)?.cell(at, &TYPE) {
            "PAYMENT" => "REFUND",
            _ => "R",
        };
        let (before, _) = self.rewrite(&TYPE, word)?;
        let back = before.amount.map(|amount| Amount::new(amount.currency, -amount.minor));
        self.wanted.push(Wanted::of(DifferenceKind::Sign, &before.number, before.amount, back));
        Some(())
    }

    fn settlement_off(&mut self) -> Option<()> {
        let settlement = self.payment()?.2.settlement?;
        let other = Amount::new(settlement.currency, settlement.minor + 1).to_major();
        let (before, after) = self.rewrite(&SETTLEMENT, &other)?;
        self.wanted.push(Wanted::of(
            DifferenceKind::Net,
            &before.number,
            before.settlement,
            after.settlement,
        ));
        Some(())
    }

    /// What a merchant left to a person it does not hold as paid, though the files have it.
    fn leave_to_persons(&mut self, seen: &Seen) {
        let rows: Vec<Row> = self.tables.iter().flat_map(Table::all).collect();
        for number in left_to_a_person(seen) {
            let ours = |row: &&Row| row.number == number && row.kind == Some(Kind::Payment);
            for row in rows.iter().filter(ours) {
                self.spoilt += 1;
                self.wanted.push(Wanted::of(DifferenceKind::Extra, &number, None, row.amount));
            }
        }
    }
}

/// The bytes of a file whose form is another, whatever its rows.
fn reshaped(change: Change, paper: &Paper, text: &str) -> Vec<u8> {
    let Change::Own(form) = change else { return text.as_bytes().to_vec() };
    let other = match form {
        FileForm::Swapped | FileForm::AsRefund | FileForm::Utf8 => text.to_owned(),
        FileForm::Mark => format!("\u{feff}{text}"),
        FileForm::Gbk => return Charset::Gbk.encode(text).map_or_else(|_| vec![], Cow::into_owned),
        FileForm::LineFeeds => text.replace("\r\n", "\n"),
        FileForm::TrailingBreak => format!("{text}\r\n"),
        FileForm::NamedColumns if paper.sort.names_columns() => text.to_owned(),
        FileForm::NamedColumns => format!("{}\r\n{text}", paper.sort.columns().join("|")),
        FileForm::LastRowLost => {
            text.rsplit_once("\r\n").map_or(String::new(), |(head, _)| head.to_owned())
        }
        FileForm::OtherDay => {
            let other = Day::of(paper.day.start() - protocol::DAY);
            text.replacen(&dashed(paper.day), &dashed(other), 1)
        }
        FileForm::OtherPartner => text.replacen(&paper.partner, "2088999999999999", 1),
        FileForm::Empty => String::new(),
    };
    other.into_bytes()
}
