//! How a merchant sees the secondary merchants that it registers.

use serde::{Deserialize, Serialize};

/// The merchant's own view of a secondary merchant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MerchantView {
    /// The id given by the acquirer, as the runner handed it out.
    pub id: String,
    /// How far its registration is.
    pub state: RegistrationState,
    /// What each wallet said, as far as the merchant knows.
    pub wallets: Vec<WalletApproval>,
    /// Why it was refused, in the gateway's or the merchant's own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// The state of a registration as the merchant's back office shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RegistrationState {
    /// Asked for and not decided.
    Pending,
    /// At least one wallet takes it.
    Approved,
    /// The review is over and no wallet takes it.
    Rejected,
    /// The request itself was refused, by the gateway or by the merchant's own rules.
    Refused,
    /// The gateway says that nothing is registered.
    Unregistered,
}

impl RegistrationState {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Refused => "refused",
            Self::Unregistered => "unregistered",
        }
    }
}

/// What one wallet says about a secondary merchant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WalletApproval {
    /// The wallet's name, such as `ALIPAYCN`.
    pub wallet: String,
    /// Whether the merchant may sell to its users.
    pub approved: bool,
    /// The status as the gateway told it, absent where it told none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Why not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<String>,
}
