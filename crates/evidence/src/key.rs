//! Which run of which case a line belongs to.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A case, the product it runs for where it runs for several, and the row of its examples:
/// `AMS-PAY-001`, `AMS-PAY-005#2`, `AMS-PAY-021/order-code#3`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CaseKey {
    /// The case's id.
    pub case: String,
    /// The product, where the case runs once for each.
    pub product: Option<String>,
    /// The row of its examples, from 1.
    pub row: Option<u32>,
}

/// A text that is no case key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is no case key: CASE, CASE/product, CASE#row or CASE/product#row is expected")]
pub struct KeyError(pub String);

impl fmt::Display for CaseKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.case)?;
        if let Some(product) = &self.product {
            write!(f, "/{product}")?;
        }
        self.row.map_or(Ok(()), |row| write!(f, "#{row}"))
    }
}

impl FromStr for CaseKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let refused = || KeyError(text.to_owned());
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '/' | '#');
        if text.is_empty() || text.len() > 80 || !text.chars().all(allowed) {
            return Err(refused());
        }
        let (rest, row) = match text.split_once('#') {
            None => (text, None),
            Some((rest, row)) => (rest, Some(row.parse().map_err(|_no_number| refused())?)),
        };
        let (case, product) = match rest.split_once('/') {
            None => (rest, None),
            Some((case, product)) => (case, Some(product.to_owned())),
        };
        let whole = !case.is_empty() && product.as_deref() != Some("");
        whole.then(|| Self { case: case.to_owned(), product, row }).ok_or_else(refused)
    }
}

impl TryFrom<String> for CaseKey {
    type Error = KeyError;

    fn try_from(text: String) -> Result<Self, KeyError> {
        text.parse()
    }
}

impl From<CaseKey> for String {
    fn from(key: CaseKey) -> Self {
        key.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::CaseKey;

    #[test]
    fn keys_read_back() {
        for text in ["AMS-PAY-001", "AMS-PAY-005#2", "AMS-PAY-021/order-code#13", "A/b"] {
            assert_eq!(text.parse::<CaseKey>().unwrap().to_string(), text);
        }
        for text in ["", "#1", "A#", "A#x", "A/", "../x y", "A/b#-1"] {
            assert!(text.parse::<CaseKey>().is_err(), "{text}");
        }
    }
}
