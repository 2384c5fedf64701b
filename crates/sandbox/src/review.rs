//! The review of a registration: when it ends, and what each wallet then says.

use clock::Millis;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::switches::{PendingWallet, Switches};

/// The wallet that the buyers of this gateway pay with.
pub(crate) const PAYING_WALLET: &str = "ALIPAYCN";

/// How a registration is reviewed.
#[derive(Debug, Clone)]
pub(crate) struct Review {
    /// How long it takes; without end it has to be ended by hand.
    pub(crate) after: Option<Millis>,
    /// What the wallets say when it is over.
    pub(crate) wallets: Vec<WalletSays>,
}

/// What a wallet says when the review is over.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WalletSays {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) status: Option<Decided>,
    #[serde(default)]
    pub(crate) reasons: Vec<String>,
}

/// The decision of a wallet; it may also leave the merchant without one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum Decided {
    Approved,
    Rejected,
}

impl Decided {
    fn name(self) -> &'static str {
        match self {
            Self::Approved => "APPROVED",
            Self::Rejected => "REJECTED",
        }
    }
}

impl Default for Review {
    fn default() -> Self {
        Self { after: Some(0), wallets: approving() }
    }
}

/// The wallet that there always is approves.
pub(crate) fn approving() -> Vec<WalletSays> {
    let status = Some(Decided::Approved);
    vec![WalletSays { name: PAYING_WALLET.into(), status, reasons: vec![] }]
}

impl WalletSays {
    /// Whether the merchant may sell to this wallet's users.
    pub(crate) fn approves(&self) -> bool {
        self.status == Some(Decided::Approved)
    }

    /// The entry of `pspRegistrationResultList`.
    pub(crate) fn to_json(&self, over: bool, switches: Switches) -> Value {
        let status = match self.status {
            status if over => json!(status.map(Decided::name)),
            _ => match switches.pending_wallet {
                PendingWallet::Pending => json!("PENDING"),
                PendingWallet::Null => Value::Null,
            },
        };
        let mut result = json!({ "registrationStatus": status });
        if over && !self.reasons.is_empty() {
            result["rejectReasons"] = json!(self.reasons);
        }
        json!({ "pspName": self.name, "registrationResult": result })
    }
}
