//! What the runner does to clean reports, and what a merchant has to find because of it.
//!
//! Live it makes the files that are delivered; afterwards the same work on the files of the record
//! says what was to be found, so nothing but the alteration's name has to be believed.

use evidence::DifferenceKind;
use protocol::Amount;

use super::Alteration;
use super::others::Owned;
use super::reports::Report;
use super::sheet::Sheet;

const VALUE: &str = "transactionAmountValue";
const CURRENCY: &str = "transactionCurrency";
const NET: &str = "settlementAmountValue";
const NET_CURRENCY: &str = "settlementCurrency";
const FEE: &str = "feeAmountValue";
const REQUEST: &str = "transactionRequestId";
const BATCH: &str = "settlementBatchId";
const SUMMARY: &str = "summaryType";
/// What no merchant has.
const UNKNOWN: &str = "unknown-1";

/// A payment that was never made.
#[derive(Debug, Clone)]
pub(super) struct Stranger {
    pub(super) request_id: String,
    pub(super) payment_id: String,
}

/// A difference that has to be found; where a value is left out, any will do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub(crate) kind: DifferenceKind,
    pub(crate) id: String,
    pub(crate) ours: Option<String>,
    pub(crate) theirs: Option<String>,
}

impl Wanted {
    /// A difference between amounts, as they are written in what a merchant tells.
    pub(crate) fn of(
        kind: DifferenceKind,
        id: &str,
        ours: Option<Amount>,
        theirs: Option<Amount>,
    ) -> Self {
        let text = |amount: Option<Amount>| amount.map(|amount| amount.to_string());
        Self { kind, id: id.to_owned(), ours: text(ours), theirs: text(theirs) }
    }
}

/// What became of the files.
#[derive(Debug, Clone, Default)]
pub(crate) struct Altered {
    /// All of them, by their paths.
    pub(crate) files: Vec<(String, Vec<u8>)>,
    /// Whether any of them is not as the gateway wrote it.
    pub(crate) changed: bool,
    pub(crate) wanted: Vec<Wanted>,
    /// Whether there was a row to alter.
    pub(crate) done: bool,
    /// How many of the rows agree with the books.
    pub(crate) agree: u64,
}

/// Alters files of one kind: their rows that are the scenario's own.
pub(super) fn altered(
    alteration: Alteration,
    reports: &[Report],
    stranger: Option<&Stranger>,
    owned: Owned,
) -> Altered {
    let mut desk = Desk {
        owned,
        sheets: reports.iter().map(|report| Sheet::of(&report.name, &report.text)).collect(),
        wanted: vec![],
        spoilt: 0,
    };
    let done = desk.alter(alteration, stranger).is_some();
    let rows = desk.sheets.iter().map(|sheet| sheet.rows.len() as u64).sum::<u64>();
    let mut texts: Vec<String> = if desk.wanted.is_empty() {
        reports.iter().map(|report| report.text.clone()).collect()
    } else {
        desk.sheets.iter().map(Sheet::text).collect()
    };
    if let Some(text) = texts.iter_mut().find(|text| text.lines().count() > 2) {
        *text = reshaped(alteration, text);
    }
    let changed = reports.iter().zip(&texts).any(|(report, text)| report.text != *text);
    let paths = reports.iter().map(|report| report.name.path());
    let files = paths.zip(texts.into_iter().map(String::into_bytes)).collect();
    Altered { files, changed, wanted: desk.wanted, done, agree: rows - desk.spoilt }
}

/// The sheets, and what has to be found in them.
struct Desk {
    owned: Owned,
    sheets: Vec<Sheet>,
    wanted: Vec<Wanted>,
    spoilt: u64,
}

impl Desk {
    /// The first row of a type, in a currency where one is named.
    fn find(&self, of: &str, currency: Option<&str>) -> Option<(usize, usize)> {
        self.all(of, currency).next()
    }

    fn all<'a>(
        &'a self,
        of: &'a str,
        currency: Option<&'a str>,
    ) -> impl Iterator<Item = (usize, usize)> + 'a {
        self.sheets.iter().enumerate().flat_map(move |(place, sheet)| {
            let fits = move |row: &usize| {
                let one = currency.is_none_or(|code| sheet.cell(*row, CURRENCY) == code);
                let own = self.owned.has(sheet.cell(*row, REQUEST));
                one && own && sheet.cell(*row, "transactionType") == of
            };
            (0..sheet.rows.len()).filter(fits).map(move |row| (place, row))
        })
    }

    fn alter(&mut self, alteration: Alteration, stranger: Option<&Stranger>) -> Option<()> {
        match alteration {
            Alteration::LacksPayment => {
                let (place, row) = self.find("PAYMENT", None)?;
                let (id, amount) = self.named(place, row)?;
                self.sheets[place].rows.remove(row);
                self.wanted.push(Wanted::of(DifferenceKind::Missing, &id, Some(amount), None));
            }
            Alteration::Unknown => self.add(UNKNOWN, UNKNOWN, DifferenceKind::Extra)?,
            Alteration::Cancelled => {
                let Stranger { request_id, payment_id } = stranger?;
                self.add(request_id, payment_id, DifferenceKind::Extra)?;
            }
            Alteration::Twice => {
                let (place, row) = self.find("PAYMENT", None)?;
                let (id, _) = self.named(place, row)?;
                let payment = self.sheets[place].cell(row, "transactionId").to_owned();
                self.add(&id, &payment, DifferenceKind::Duplicate)?;
            }
            Alteration::YenOff => self.shift("JPY", 0, 1)?,
            Alteration::CentOff => self.shift("USD", 0, 1)?,
            Alteration::Balanced => {
                self.shift("USD", 0, 1)?;
                self.shift("USD", 1, -1)?;
            }
            Alteration::OtherCurrency => {
                let (place, row) = self.find("PAYMENT", Some("KRW"))?;
                let (id, ours) = self.named(place, row)?;
                self.sheets[place].write(row, CURRENCY, "JPY");
                let (_, theirs) = self.named(place, row)?;
                self.spoil(DifferenceKind::Currency, &id, ours, theirs);
            }
            Alteration::NoMinus => {
                let (place, row) = self.find("REFUND", None)?;
                let (id, ours) = self.named(place, row)?;
                let theirs = Amount::new(ours.currency, -ours.minor);
                self.sheets[place].write(row, VALUE, &theirs.to_major());
                self.spoil(DifferenceKind::Sign, &id, ours, theirs);
            }
            Alteration::FeeOff => self.settled(FEE, "feeCurrency", DifferenceKind::Fee)?,
            Alteration::NetOff => self.settled(NET, NET_CURRENCY, DifferenceKind::Net)?,
            Alteration::CountOff => self.count()?,
            Alteration::TotalOff => self.total()?,
            Alteration::OtherBatch => self.other_batch()?,
            Alteration::Nothing
            | Alteration::ByteOrderMark
            | Alteration::CarriageReturns
            | Alteration::NoFinalBreak
            | Alteration::StrayComma
            | Alteration::Quoted
            | Alteration::CutInRow
            | Alteration::CutBehindRow
            | Alteration::RowBehindEnd => {}
        }
        Some(())
    }

    /// The merchant's id and the amount of a row.
    fn named(&self, place: usize, row: usize) -> Option<(String, Amount)> {
        let sheet = self.sheets.get(place)?;
        Some((sheet.cell(row, REQUEST).to_owned(), sheet.amount(row, VALUE, CURRENCY)?))
    }

    fn spoil(&mut self, kind: DifferenceKind, id: &str, ours: Amount, theirs: Amount) {
        self.spoilt += 1;
        self.wanted.push(Wanted::of(kind, id, Some(ours), Some(theirs)));
    }

    /// Adds a copy of the first payment under these ids.
    fn add(&mut self, request_id: &str, payment_id: &str, kind: DifferenceKind) -> Option<()> {
        let (place, row) = self.find("PAYMENT", None)?;
        let (_, amount) = self.named(place, row)?;
        let sheet = &mut self.sheets[place];
        let copy = sheet.rows[row].clone();
        sheet.rows.push(copy);
        let last = sheet.rows.len() - 1;
        sheet.write(last, REQUEST, request_id);
        sheet.write(last, "transactionId", payment_id);
        self.spoilt += 1;
        let ours = (kind == DifferenceKind::Duplicate).then_some(amount);
        self.wanted.push(Wanted::of(kind, request_id, ours, Some(amount)));
        Some(())
    }

    /// Moves the amount of a payment by so many minor units.
    fn shift(&mut self, currency: &str, nth: usize, by: i64) -> Option<()> {
        let (place, row) = self.all("PAYMENT", Some(currency)).nth(nth)?;
        let (id, ours) = self.named(place, row)?;
        let theirs = Amount::new(ours.currency, ours.minor + by);
        self.sheets[place].write(row, VALUE, &theirs.to_major());
        self.spoil(DifferenceKind::Amount, &id, ours, theirs);
        Some(())
    }

    /// Moves what the first payment costs, or brings.
    fn settled(&mut self, value: &str, currency: &str, kind: DifferenceKind) -> Option<()> {
        let (place, row) = self.find("PAYMENT", None)?;
        let (id, _) = self.named(place, row)?;
        let ours = self.sheets[place].amount(row, value, currency)?;
        let theirs = Amount::new(ours.currency, ours.minor + 1);
        self.sheets[place].write(row, value, &theirs.to_major());
        self.spoil(kind, &id, ours, theirs);
        Some(())
    }

    fn count(&mut self) -> Option<()> {
        let (sheet, row) = self.line("PAYMENT")?;
        let count: u64 = sheet.cell(row, "count").parse().ok()?;
        sheet.write(row, "count", &(count + 1).to_string());
        self.spoilt += 1;
        self.want_text(DifferenceKind::Count, "PAYMENT", &count, &(count + 1));
        Some(())
    }

    fn total(&mut self) -> Option<()> {
        let (sheet, row) = self.line("TOTAL")?;
        let ours = sheet.amount(row, NET, NET_CURRENCY)?;
        let theirs = Amount::new(ours.currency, ours.minor + 1);
        sheet.write(row, NET, &theirs.to_major());
        self.spoilt += 1;
        self.want_text(DifferenceKind::Total, "TOTAL", &ours, &theirs);
        Some(())
    }

    fn other_batch(&mut self) -> Option<()> {
        let (sheet, first) = self.line("PAYMENT")?;
        let ours = sheet.cell(first, BATCH).to_owned();
        let theirs = format!("{ours}9");
        for row in 0..sheet.rows.len() {
            sheet.write(row, BATCH, &theirs);
        }
        self.want_text(DifferenceKind::Batch, "PAYMENT", &ours, &theirs);
        Some(())
    }

    /// The line of a type in a summary.
    fn line(&mut self, of: &str) -> Option<(&mut Sheet, usize)> {
        let sheet = self.sheets.first_mut()?;
        let row = (0..sheet.rows.len()).find(|row| sheet.cell(*row, SUMMARY) == of)?;
        Some((sheet, row))
    }

    fn want_text(
        &mut self,
        kind: DifferenceKind,
        id: &str,
        ours: &impl ToString,
        theirs: &impl ToString,
    ) {
        let (ours, theirs) = (Some(ours.to_string()), Some(theirs.to_string()));
        self.wanted.push(Wanted { kind, id: id.to_owned(), ours, theirs });
    }
}

/// A file whose rows stay as they are and whose form does not.
fn reshaped(alteration: Alteration, text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let with_first = |how: &dyn Fn(&str) -> String| {
        let change = |(place, line): (usize, &&str)| {
            if place == 1 { how(line) } else { (*line).to_owned() }
        };
        lines.iter().enumerate().map(change).collect::<Vec<_>>().join("\n") + "\n"
    };
    let cut = || {
        let whole = text.find("<END>").unwrap_or(text.len());
        text.get(..whole).unwrap_or_default()
    };
    match alteration {
        Alteration::ByteOrderMark => format!("\u{feff}{text}"),
        Alteration::CarriageReturns => text.replace('\n', "\r\n"),
        Alteration::NoFinalBreak => text.trim_end().to_owned(),
        Alteration::StrayComma => with_first(&|line| format!("{line},")),
        Alteration::Quoted => with_first(&|line| {
            let mut cells: Vec<&str> = line.split(',').collect();
            if let Some(cell) = cells.get_mut(7) {
                *cell = "\"One coffee, \"\"large\"\"\"";
            }
            cells.join(",")
        }),
        Alteration::CutInRow => {
            let mut cut = cut().to_owned();
            cut.truncate(cut.len() - cut.len().min(12));
            cut
        }
        Alteration::CutBehindRow => cut().to_owned(),
        Alteration::RowBehindEnd => {
            let (head, row) = cut().trim_end().rsplit_once('\n').unwrap_or_default();
            format!("{head}\n<END>\n{row}\n")
        }
        Alteration::Nothing
        | Alteration::LacksPayment
        | Alteration::Unknown
        | Alteration::Cancelled
        | Alteration::YenOff
        | Alteration::CentOff
        | Alteration::Balanced
        | Alteration::Twice
        | Alteration::OtherCurrency
        | Alteration::NoMinus
        | Alteration::FeeOff
        | Alteration::NetOff
        | Alteration::CountOff
        | Alteration::TotalOff
        | Alteration::OtherBatch => text.to_owned(),
    }
}
