//! What the integrator sells through.

use std::fmt;
use std::str::FromStr;

/// A product of the AMS generation that this version plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Product {
    /// The till scans the buyer's code.
    #[default]
    UserPresented,
    /// The buyer scans the till's code.
    OrderCode,
}

impl Product {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::UserPresented, Self::OrderCode];

    /// The word in profile and catalogue.
    pub fn name(self) -> &'static str {
        match self {
            Self::UserPresented => "user-presented",
            Self::OrderCode => "order-code",
        }
    }
}

impl fmt::Display for Product {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Product {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|product| product.name() == text);
        known.ok_or_else(|| format!("'{text}' is no product that this version plays"))
    }
}
