//! What is wrong with a file, and where.

use std::fmt;

/// Something in a file that is not as it has to be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}, line {line}{}: {trouble}", place(*column))]
pub struct Fault {
    /// The file's path.
    pub file: String,
    /// The line, from 1.
    pub line: u64,
    /// The column, where one alone is wrong.
    pub column: Option<Column>,
    /// What is wrong.
    pub trouble: Trouble,
}

/// A column of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its number, from 1.
    pub number: usize,
    /// Its name; empty behind the last one.
    pub name: &'static str,
}

/// What can be wrong, with what was found.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// The bytes could not be had.
    #[error("it cannot be read: {0}")]
    Unreadable(String),
    /// The file is an archive of another kind.
    #[error("these are bytes of {0}, expected are lines of plain text")]
    Compressed(&'static str),
    /// Bytes that are no text.
    #[error("these bytes are no UTF-8 text")]
    NotUtf8,
    /// Beyond the limit that no genuine line comes near.
    #[error("the line is longer than {0} bytes")]
    TooLong(usize),
    /// Another name than the column's.
    #[error("the header says '{0}' here")]
    Header(String),
    /// Too few columns, or too many.
    #[error("{found} columns, expected are {expected}")]
    Columns {
        /// How many there are.
        found: usize,
        /// How many there have to be.
        expected: usize,
    },
    /// A value of the wrong form.
    #[error("'{found}' is found, expected is {expected}")]
    Value {
        /// The value, cut when long.
        found: String,
        /// What has to stand there.
        expected: Expected,
    },
    /// Something between the closing quotation mark and the next comma.
    #[error("behind a closing quotation mark, a comma or the line's end is expected")]
    Quotes,
    /// The file ends without its last line.
    #[error("the file ends here, expected is a last line '<END>'")]
    NoEnd,
    /// Something stands behind what has to be the last line.
    #[error("behind '<END>' nothing is expected")]
    BehindEnd,
}

/// What has to stand in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// Anything, but something.
    Something,
    /// Major units with at most so many decimals.
    Amount(u32),
    /// Three capital letters.
    Currency,
    /// Two currencies with a stroke between.
    Pair,
    /// A positive decimal number.
    Price,
    /// A moment with its zone.
    Time,
    /// A number of transactions.
    Count,
}

impl Expected {
    /// A word for it that does not change.
    pub fn name(self) -> &'static str {
        match self {
            Self::Something => "something",
            Self::Amount(_) => "amount",
            Self::Currency => "currency",
            Self::Pair => "pair",
            Self::Price => "price",
            Self::Time => "time",
            Self::Count => "count",
        }
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Something => f.write_str("a value"),
            Self::Amount(0) => f.write_str("an amount without decimals such as 18000"),
            Self::Amount(decimals) => {
                write!(f, "an amount in major units with at most {decimals} decimals")
            }
            Self::Currency => f.write_str("a currency of three capital letters such as USD"),
            Self::Pair => f.write_str("two currencies such as USD/KRW"),
            Self::Price => f.write_str("a positive number such as 0.064622"),
            Self::Time => f.write_str("a moment such as 2018-12-25T16:00:00+08:00"),
            Self::Count => f.write_str("a whole number"),
        }
    }
}

fn place(column: Option<Column>) -> String {
    match column {
        None => String::new(),
        Some(Column { number, name: "" }) => format!(", column {number} (none is expected)"),
        Some(Column { number, name }) => format!(", column {number} ({name})"),
    }
}

/// A value short enough to be quoted.
pub(super) fn excerpt(text: &str) -> String {
    const LONGEST: usize = 40;
    match text.char_indices().nth(LONGEST) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}
