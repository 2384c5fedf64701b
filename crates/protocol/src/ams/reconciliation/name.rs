//! Names and directories of files.

use std::fmt;

use super::kind::FileKind;
use crate::{Currency, Day};

/// A file, by everything that its path says.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileName {
    /// Whose it is.
    pub customer_id: String,
    /// The day of its directory: of the transactions, or of the settlement.
    pub date: Day,
    /// What the name says besides kind and number, which also settles the kind.
    pub part: Part,
    /// The number among the files of one part, from 0 to 999.
    pub sequence: u16,
}

/// What a name says between its kind and its number. The pages print several forms; which one a
/// gateway writes is a matter of product and contract.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// Transaction items as the in-store page names them: `transactionItems_KRW_000.csv`.
    Currency(Currency),
    /// Transaction items as the online page names them: `transactionItems_20181225_000.csv`.
    Date(Day),
    /// Transaction items of one wallet: `transactionItems_KaKaoPay_KRW_20181225_000.csv`.
    Wallet {
        /// The wallet.
        psp: String,
        /// The currency of the transactions.
        currency: Currency,
        /// Their day.
        date: Day,
    },
    /// Settlement items of a batch: `settlementItems_USD_2018122611021040123_000.csv`.
    Items(Batch),
    /// Settlement summary of a batch: `settlementSummary_USD_2018122611021040123_000.csv`.
    Summary(Batch),
}

/// A settlement batch.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Batch {
    /// The wallet or payment method it is for, where the name says one: `KaKaoPay`,
    /// `CONNECTWALLET`.
    pub method: Option<String>,
    /// The currency that is paid out.
    pub currency: Currency,
    /// Its id.
    pub id: String,
}

/// A path that is none of a reconciliation file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "'{0}' is no reconciliation file: a path such as \
     /v1/settlements/1022188000000000001/20181225/transactionItems_KRW_000.csv is expected"
)]
pub struct NameError(String);

const ROOT: &str = "/v1/settlements/";

/// Where the files of a customer and a day lie.
pub fn directory(customer_id: &str, date: Day) -> String {
    format!("{ROOT}{customer_id}/{date}")
}

impl FileName {
    /// What the file holds.
    pub fn kind(&self) -> FileKind {
        match self.part {
            Part::Currency(_) | Part::Date(_) | Part::Wallet { .. } => FileKind::TransactionItems,
            Part::Items(_) => FileKind::SettlementItems,
            Part::Summary(_) => FileKind::SettlementSummary,
        }
    }

    /// The batch it belongs to; transaction items belong to none.
    pub fn batch(&self) -> Option<&Batch> {
        match &self.part {
            Part::Items(batch) | Part::Summary(batch) => Some(batch),
            Part::Currency(_) | Part::Date(_) | Part::Wallet { .. } => None,
        }
    }

    /// The directory and the name in it.
    pub fn path(&self) -> String {
        format!("{}/{self}", directory(&self.customer_id, self.date))
    }

    /// Reads a whole path. Only plain letters, digits, `-` and `_` stand in one, so a path that
    /// reads leads nowhere but below its own directory.
    pub fn parse(path: &str) -> Result<Self, NameError> {
        Self::read(path).ok_or_else(|| NameError(path.to_owned()))
    }

    fn read(path: &str) -> Option<Self> {
        let mut steps = path.strip_prefix(ROOT)?.split('/');
        let (customer_id, date, name) = (steps.next()?, steps.next()?, steps.next()?);
        let plain = |text: &str| {
            let letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
            (1..=128).contains(&text.len()) && text.bytes().all(letter)
        };
        let stem = name.strip_suffix(".csv")?;
        if steps.next().is_some() || !plain(customer_id) || !plain(stem) {
            return None;
        }
        let (stem, sequence) = stem.rsplit_once('_')?;
        let digits = sequence.len() == 3 && sequence.bytes().all(|byte| byte.is_ascii_digit());
        let (kind, part) = stem.split_once('_')?;
        Some(Self {
            customer_id: customer_id.to_owned(),
            date: Day::parse(date).ok()?,
            part: Part::read(kind, part)?,
            sequence: sequence.parse().ok().filter(|_| digits)?,
        })
    }
}

impl Part {
    fn read(kind: &str, text: &str) -> Option<Self> {
        match FileKind::ALL.into_iter().find(|known| known.prefix() == kind)? {
            FileKind::TransactionItems => match text.rsplit_once('_') {
                None => Currency::parse(text)
                    .map(Self::Currency)
                    .or_else(|_| Day::parse(text).map(Self::Date))
                    .ok(),
                Some((rest, date)) => {
                    let (psp, currency) = rest.rsplit_once('_')?;
                    let psp = Some(psp).filter(|psp| !psp.is_empty())?.to_owned();
                    let currency = Currency::parse(currency).ok()?;
                    Some(Self::Wallet { psp, currency, date: Day::parse(date).ok()? })
                }
            },
            FileKind::SettlementItems => Batch::read(text).map(Self::Items),
            FileKind::SettlementSummary => Batch::read(text).map(Self::Summary),
        }
    }
}

impl Batch {
    /// The method may hold underscores itself, so the name is read from its end.
    fn read(text: &str) -> Option<Self> {
        let (rest, id) = text.rsplit_once('_')?;
        let (method, currency) = match rest.rsplit_once('_') {
            None => (None, rest),
            Some((method, currency)) => (Some(method), currency),
        };
        if id.is_empty() || method == Some("") {
            return None;
        }
        let currency = Currency::parse(currency).ok()?;
        Some(Self { method: method.map(str::to_owned), currency, id: id.to_owned() })
    }
}

impl fmt::Display for Batch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(method) = &self.method {
            write!(f, "{method}_")?;
        }
        write!(f, "{}_{}", self.currency, self.id)
    }
}

/// The name in its directory.
impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_", self.kind().prefix())?;
        match &self.part {
            Part::Currency(currency) => write!(f, "{currency}")?,
            Part::Date(date) => write!(f, "{date}")?,
            Part::Wallet { psp, currency, date } => write!(f, "{psp}_{currency}_{date}")?,
            Part::Items(batch) | Part::Summary(batch) => write!(f, "{batch}")?,
        }
        write!(f, "_{:03}.csv", self.sequence)
    }
}

#[cfg(test)]
mod tests {
    use super::{Batch, FileName, Part};
    use crate::ams::reconciliation::FileKind;
    use crate::{Currency, Day};

    const FOLDER: &str = "/v1/settlements/1022188000000000001/20181227";

    #[test]
    fn every_published_name_reads_and_is_written_again() {
        let currency = |code| Currency::parse(code).unwrap();
        let (krw, usd) = (currency("KRW"), currency("USD"));
        let date = Day::parse("20181225").unwrap();
        let batch = |method: Option<&str>| Batch {
            method: method.map(str::to_owned),
            currency: usd,
            id: "2018122611021040123".into(),
        };
        let psp = "KaKaoPay".to_owned();
        for (name, part) in [
            ("transactionItems_KRW_000", Part::Currency(krw)),
            ("transactionItems_20181225_000", Part::Date(date)),
            (
                "transactionItems_KaKaoPay_KRW_20181225_000",
                Part::Wallet { psp, currency: krw, date },
            ),
            ("settlementItems_USD_2018122611021040123_000", Part::Items(batch(None))),
            (
                "settlementItems_KaKaoPay_USD_2018122611021040123_000",
                Part::Items(batch(Some("KaKaoPay"))),
            ),
            (
                "settlementItems_ALIPAY_HK_USD_2018122611021040123_000",
                Part::Items(batch(Some("ALIPAY_HK"))),
            ),
            (
                "settlementSummary_CONNECTWALLET_USD_2018122611021040123_000",
                Part::Summary(batch(Some("CONNECTWALLET"))),
            ),
        ] {
            let path = format!("{FOLDER}/{name}.csv");
            let file = FileName::parse(&path).unwrap();
            assert_eq!(file.part, part, "{name}");
            assert_eq!(file.path(), path);
            assert!(name.starts_with(file.kind().prefix()));
            assert_eq!(file.batch().is_none(), file.kind() == FileKind::TransactionItems);
        }
        let last = FileName::parse(&format!("{FOLDER}/transactionItems_KRW_999.csv")).unwrap();
        assert_eq!((last.sequence, last.date), (999, Day::parse("20181227").unwrap()));
    }

    #[test]
    fn what_is_no_file_of_ours_is_refused() {
        for path in [
            "",
            "transactionItems_KRW_000.csv",
            "/v1/settlements/1022/20181225",
            "/v1/settlements/../20181225/transactionItems_KRW_000.csv",
            "/v1/settlements//20181225/transactionItems_KRW_000.csv",
            "/v1/settlements/1022/20181325/transactionItems_KRW_000.csv",
            "/v1/settlements/1022/20181225/more/transactionItems_KRW_000.csv",
            "/v1/settlements/1022/20181225/transactionItems_KRW_000.xlsx",
            "/v1/settlements/1022/20181225/transactionItems_KRW_0000.csv",
            "/v1/settlements/1022/20181225/transactionItems_KRW_+00.csv",
            "/v1/settlements/1022/20181225/transactionItems_KRW.csv",
            "/v1/settlements/1022/20181225/transactionItems_krw_000.csv",
            "/v1/settlements/1022/20181225/transactionItems__KRW_20181225_000.csv",
            "/v1/settlements/1022/20181225/settlementItems_USD_000.csv",
            "/v1/settlements/1022/20181225/settlementItems__USD_1_000.csv",
            "/v1/settlements/1022/20181225/settlementItems_US_1_000.csv",
            "/v1/settlements/1022/20181225/other_USD_1_000.csv",
        ] {
            assert!(FileName::parse(path).is_err(), "{path}");
        }
    }
}
