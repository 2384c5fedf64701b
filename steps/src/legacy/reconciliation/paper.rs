//! The gateway's files: what they are called, which columns they have, and where they are found.

use evidence::ReconciliationView;
use protocol::Day;
use protocol::ams::reconciliation::FileKind;
use protocol::legacy::Service;

use super::table::Table;
use crate::Seen;
use crate::reconciliation::reports::WRITTEN;

/// What a file is, by its name or by the service that brings it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    /// `PID_transaction_YYYYMMDD.txt`.
    Store,
    /// `PID_settlement_YYYYMMDD.txt`.
    StoreSettled,
    /// `PID_fptrade_YYYYMMDD.csv`.
    Website,
    /// `PID_settle_YYYYMMDD_BatchID.csv`.
    WebsiteSettled,
    /// `PID_settlebatch_YYYYMMDD.csv`.
    Batches,
    /// What `forex_compare_file` and `forex_liquidation_file` bring.
    Download(FileKind),
}

const STORE: &str = "Partner_transaction_id Transaction_id Transaction_amount Charge_amount \
                     Currency Payment_time Transaction_type Remark Secondary_merchant_industry \
                     Secondary_merchant_name Operator_name Order_scene Trans_currency Trans_amount \
                     Trans_forex_rate";
const STORE_SETTLED: &str = "Partner_transaction_id Transaction_id Amount Rmb_amount Fee \
                             Settlement Rmb_settlement Currency Rate Payment_time Settlement_time \
                             Type Status Remarks Secondary_merchant_industry \
                             Secondary_merchant_name Operator_name Order_scene Trans_currency \
                             Trans_amount Trans_forex_rate";
const WEBSITE: &str = "Partner_transaction_id Transaction_id Amount Rmb_amount Fee \
                       Distribute_amount Distribute_rmb_amount Settlement Rmb_settlement Currency \
                       Rate Payment_time Settlement_time Type Status Remarks";
const BATCHES: &str = "Settle_batch_no Settle_date Amount Fee Settlement Currency";
const DOWNLOAD: &str = "partner_transaction_id amount currency payment_time settlement_time type \
                        service_charge status remarks";
/// What a later variant of the stores' transactions has behind the seventh column.
const MORE: [&str; 2] = ["Secondary_merchant_id", "Store_id"];

impl Sort {
    /// What it tells about.
    pub(super) fn kind(self) -> FileKind {
        match self {
            Self::Store | Self::Website => FileKind::TransactionItems,
            // The list of batches is read with the items that it sums up.
            Self::StoreSettled | Self::WebsiteSettled | Self::Batches => FileKind::SettlementItems,
            Self::Download(kind) => kind,
        }
    }

    /// Its columns, as the pages print them.
    pub(super) fn columns(self) -> Vec<String> {
        let names = match self {
            Self::Store => STORE,
            Self::StoreSettled => STORE_SETTLED,
            Self::Website | Self::WebsiteSettled => WEBSITE,
            Self::Batches => BATCHES,
            Self::Download(_) => DOWNLOAD,
        };
        names.split_ascii_whitespace().map(str::to_owned).collect()
    }

    /// The same with the two columns of the later variant.
    pub(super) fn more_columns(self) -> Vec<String> {
        let mut columns = self.columns();
        columns.splice(7..7, MORE.map(str::to_owned));
        columns
    }

    /// Whether a line of the file names its columns.
    pub(super) fn names_columns(self) -> bool {
        match self {
            Self::Store | Self::StoreSettled => true,
            Self::Website | Self::WebsiteSettled | Self::Batches | Self::Download(_) => false,
        }
    }
}

/// A file of the gateway's.
#[derive(Debug, Clone)]
pub(super) struct Paper {
    /// The line of the record.
    pub(super) line: u32,
    /// When it was found at the gateway.
    pub(super) at: i64,
    /// Its name, or that of the service that brought it.
    pub(super) path: String,
    pub(super) partner: String,
    pub(super) sort: Sort,
    pub(super) day: Day,
    pub(super) text: String,
}

/// A name taken apart: the partner, what it is, its day.
fn named(path: &str) -> Option<(&str, Sort, Day)> {
    let (stem, ending) = path.rsplit_once('.')?;
    let mut parts = stem.split('_');
    let (partner, sort, day) = (parts.next()?, parts.next()?, Day::parse(parts.next()?).ok()?);
    let batch = parts.next();
    let digits = partner.len() == 16 && partner.bytes().all(|byte| byte.is_ascii_digit());
    let sort = match (sort, ending, batch) {
        ("transaction", "txt", None) => Sort::Store,
        ("settlement", "txt", None) => Sort::StoreSettled,
        ("fptrade", "csv", None) => Sort::Website,
        ("settlebatch", "csv", None) => Sort::Batches,
        ("settle", "csv", Some(_)) => Sort::WebsiteSettled,
        _ => return None,
    };
    (digits && parts.next().is_none()).then_some((partner, sort, day))
}

/// What a file of this name is about.
pub(crate) fn kind_of(path: &str) -> Option<FileKind> {
    named(path).map(|(_, sort, _)| sort.kind())
}

/// Whether a file of this name is of the day that a merchant was asked for.
pub(super) fn is_of(path: &str, view: &ReconciliationView) -> bool {
    named(path).is_some_and(|(_, sort, day)| sort.kind() == view.kind && day == view.day)
}

/// What a service brings, if it brings a file.
pub(super) fn brought(service: Option<Service>) -> Option<FileKind> {
    let kinds = [
        (Service::CompareFile, FileKind::TransactionItems),
        (Service::LiquidationFile, FileKind::SettlementItems),
    ];
    let known = kinds.into_iter().find(|(known, _)| Some(*known) == service);
    known.map(|(_, kind)| kind)
}

impl Paper {
    fn of(act: &crate::seen::Act) -> Option<Self> {
        let (path, text) = (act.text("path")?.to_owned(), act.text("text")?.to_owned());
        let (partner, sort, day) = named(&path)?;
        let partner = partner.to_owned();
        Some(Self { line: act.line, at: act.at, partner, sort, day, text, path })
    }

    /// The batch that a website's settled rows are of: the end of the name.
    pub(super) fn batch(&self) -> Option<&str> {
        let stem = self.path.strip_suffix(".csv")?;
        (self.sort == Sort::WebsiteSettled).then(|| stem.rsplit('_').next()).flatten()
    }

    /// Its lines in cells.
    pub(super) fn table(&self) -> Table {
        Table::of(self.sort, &self.text)
    }
}

impl Seen {
    /// The files that the gateway wrote, and those that it answered to the merchant's downloads.
    pub(super) fn papers(&self) -> Vec<Paper> {
        let mut papers: Vec<Paper> =
            self.acts_of(WRITTEN).into_iter().filter_map(Paper::of).collect();
        if self.downloads() {
            papers = self.downloaded();
        }
        papers
    }

    /// Those of a kind.
    pub(super) fn papers_of(&self, kind: FileKind) -> Vec<Paper> {
        self.papers().into_iter().filter(|paper| paper.sort.kind() == kind).collect()
    }

    /// What the gateway answered to the merchant's downloads.
    fn downloaded(&self) -> Vec<Paper> {
        let read = |call: &crate::seen::Exchange| {
            let kind = brought(call.service())?;
            let day = Day::parse(call.parameter("start_date")?).ok()?;
            let answer = call.answer_sent.as_ref()?;
            let text = String::from_utf8_lossy(&answer.blob.body).into_owned();
            let (line, at) = (answer.line, answer.at);
            let path = call.name().to_owned();
            let partner = call.parameter("partner").unwrap_or_default().to_owned();
            Some(Paper { line, at, path, partner, sort: Sort::Download(kind), day, text })
        };
        self.calls().filter_map(read).collect()
    }
}

/// Of each file what was written last.
pub(super) fn newest(papers: Vec<Paper>) -> Vec<Paper> {
    let mut kept: Vec<Paper> = vec![];
    for paper in papers {
        kept.retain(|known| known.path != paper.path);
        kept.push(paper);
    }
    kept
}

#[cfg(test)]
mod tests {
    use protocol::ams::reconciliation::FileKind::{SettlementItems, TransactionItems};

    use super::kind_of;

    #[test]
    fn files_are_known_by_their_names() {
        for (path, kind) in [
            ("2088000000000001_transaction_20260105.txt", Some(TransactionItems)),
            ("2088000000000001_fptrade_20260105.csv", Some(TransactionItems)),
            ("2088000000000001_settlement_20260105.txt", Some(SettlementItems)),
            ("2088000000000001_settle_20260105_B1.csv", Some(SettlementItems)),
            ("2088000000000001_settlebatch_20260105.csv", Some(SettlementItems)),
            ("2088000000000001_settle_20260105.csv", None),
            ("2088000000000001_transaction_20260105.csv", None),
            ("2088000000000001_transaction_20260132.txt", None),
            ("208800000000000_transaction_20260105.txt", None),
            ("transactionItems_KRW_000.csv", None),
        ] {
            assert_eq!(kind_of(path), kind, "{path}");
        }
    }
}
