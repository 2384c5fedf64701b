//! What the integrator sells through.

use std::fmt;
use std::str::FromStr;

use protocol::Generation;

/// A product that this version plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Product {
    /// The till scans the buyer's code.
    #[default]
    UserPresented,
    /// The buyer scans the till's code.
    OrderCode,
    /// The buyer scans the shop's own code with the wallet, which opens the merchant's page.
    EntryCode,
    /// The buyer goes from the shop to the wallet's own page.
    Cashier,
    /// In the older generation, the till scans the buyer's code.
    Barcode,
    /// In the older generation, the buyer scans the code that the till shows for one sale.
    TransactionQr,
    /// In the older generation, the shop sends the buyer's browser to the gateway's cashier.
    Website,
}

/// How buyer and merchant meet, in either generation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Means {
    /// The till scans the buyer's code.
    ScannedCode,
    /// The buyer scans the till's code.
    ShownCode,
    /// The wallet opens the merchant's page.
    EntryPage,
    /// The merchant's page sends the buyer to the wallet's.
    WalletPage,
}

impl Product {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::UserPresented,
        Self::OrderCode,
        Self::EntryCode,
        Self::Cashier,
        Self::Barcode,
        Self::TransactionQr,
        Self::Website,
    ];

    /// The word in profile and catalogue.
    pub fn name(self) -> &'static str {
        match self {
            Self::UserPresented => "user-presented",
            Self::OrderCode => "order-code",
            Self::EntryCode => "entry-code",
            Self::Cashier => "cashier",
            Self::Barcode => "barcode",
            Self::TransactionQr => "transaction-qr",
            Self::Website => "website",
        }
    }

    /// The generation that it belongs to.
    pub fn generation(self) -> Generation {
        match self {
            Self::UserPresented | Self::OrderCode | Self::EntryCode | Self::Cashier => {
                Generation::Ams
            }
            Self::Barcode | Self::TransactionQr | Self::Website => Generation::Legacy,
        }
    }

    /// Whether its merchant may learn by a notice alone that the buyer has paid: it shows a page, and
    /// no till stands there and asks.
    pub fn tells_by_notice(self) -> bool {
        matches!(self.means(), Means::EntryPage | Means::WalletPage)
    }

    /// How buyer and merchant meet.
    pub(crate) fn means(self) -> Means {
        match self {
            Self::UserPresented | Self::Barcode => Means::ScannedCode,
            Self::OrderCode | Self::TransactionQr => Means::ShownCode,
            Self::EntryCode => Means::EntryPage,
            Self::Cashier | Self::Website => Means::WalletPage,
        }
    }
}

impl Product {
    /// Whether success of pay says that the money moved. For a code or a link it only says that
    /// there is one.
    pub(crate) fn pays_at_once(self) -> bool {
        match self.means() {
            Means::ScannedCode | Means::WalletPage => true,
            Means::ShownCode | Means::EntryPage => false,
        }
    }
}

impl Product {
    /// How long after the sale began the buyer comes to what is offered, in milliseconds: whoever
    /// stands before a till takes the phone out first; a page sends its buyer on at once.
    pub(crate) fn meets_after(self) -> i64 {
        match self.means() {
            Means::ScannedCode => 0,
            Means::ShownCode => 4_000,
            Means::EntryPage | Means::WalletPage => 1_000,
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
