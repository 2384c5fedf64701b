//! A share of the cases, for machines that play the suites together.

use std::fmt;
use std::str::FromStr;

/// How many shares there can be: as many as one bundle can join.
pub const MOST_SHARDS: u32 = 16;

/// One of several shares of the cases. Which case is in which follows from its id alone, so that a
/// new case moves no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    /// From 1.
    number: u32,
    of: u32,
}

impl Shard {
    /// Whether a case is in this share.
    pub fn holds(self, case: &str) -> bool {
        let digest = signing::sha256_hex(case.as_bytes());
        let drawn = digest.get(..8).and_then(|digits| u32::from_str_radix(digits, 16).ok());
        drawn.is_some_and(|drawn| drawn % self.of == self.number - 1)
    }
}

/// A text that names no share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a share and how many there are is expected, such as 1/4, at most {MOST_SHARDS}")]
pub struct NoShard;

impl FromStr for Shard {
    type Err = NoShard;

    fn from_str(text: &str) -> Result<Self, NoShard> {
        let number = |text: &str| -> Option<u32> {
            let plain = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
            text.parse().ok().filter(|_| plain)
        };
        let (one, all) = text.split_once('/').ok_or(NoShard)?;
        let told = number(one).zip(number(all));
        let told = told.filter(|(number, of)| number <= of && *of <= MOST_SHARDS);
        told.map(|(number, of)| Self { number, of }).ok_or(NoShard)
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

#[cfg(test)]
mod tests {
    use super::Shard;
    use crate::suite::{Declared, Plan, Selection, Suite};

    #[test]
    fn a_share_is_read_as_it_is_written() {
        for text in ["1/1", "1/4", "4/4", "16/16"] {
            assert_eq!(text.parse::<Shard>().unwrap().to_string(), text);
        }
        for text in ["", "1", "0/4", "5/4", "1/17", "01/4", "1/04", "+1/4", "1/4/1", "a/b", " 1/4"]
        {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
    }

    #[test]
    fn every_run_is_in_one_share_with_all_others_of_its_case() {
        let suite = Suite::embedded().unwrap();
        let products = ["user-presented", "order-code"].map(str::to_owned);
        let whole = Selection::mandatory(Declared::everything(&products));
        let all = Plan::new(&suite, &whole).unwrap().planned;
        for of in [1, 2, 3, 16] {
            let mut shares = vec![];
            for number in 1..=of {
                let shard = format!("{number}/{of}").parse().ok();
                let selection = Selection { shard, ..whole.clone() };
                shares.extend(Plan::new(&suite, &selection).unwrap().planned);
            }
            let keys = |runs: &[crate::suite::Planned]| {
                let mut keys: Vec<_> = runs.iter().map(|run| run.key.to_string()).collect();
                keys.sort();
                keys
            };
            assert_eq!(keys(&shares), keys(&all), "{of}");
        }
        // Where a case lies is part of what machines that play together have to agree on.
        let second: Shard = "2/2".parse().unwrap();
        let cases = ["AMS-PAY-001", "AMS-PAY-002", "AMS-PAY-003", "AMS-PAY-004", "LEG-PAY-001"];
        let held: Vec<_> = cases.into_iter().filter(|case| second.holds(case)).collect();
        assert_eq!(held, ["AMS-PAY-003", "AMS-PAY-004", "LEG-PAY-001"]);
    }
}
