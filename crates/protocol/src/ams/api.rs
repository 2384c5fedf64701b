//! The calls of the generation, and where they go.

use serde::{Deserialize, Serialize};

/// A call of the in-store and cashier products.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Api {
    /// Charges a code, or asks for a code or a link.
    Pay,
    /// Asks for the state of a payment.
    InquiryPayment,
    /// Undoes a payment as a whole.
    Cancel,
    /// Gives money of a payment back.
    Refund,
    /// Asks for the state of a refund.
    InquiryRefund,
    /// Registers a secondary merchant.
    Registration,
    /// Asks how far a registration is.
    InquiryRegistrationStatus,
    /// Asks for what was registered.
    InquiryRegistrationInfo,
}

impl Api {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Pay,
        Self::InquiryPayment,
        Self::Cancel,
        Self::Refund,
        Self::InquiryRefund,
        Self::Registration,
        Self::InquiryRegistrationStatus,
        Self::InquiryRegistrationInfo,
    ];

    /// The name as the documents print it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pay => "pay",
            Self::InquiryPayment => "inquiryPayment",
            Self::Cancel => "cancel",
            Self::Refund => "refund",
            Self::InquiryRefund => "inquiryRefund",
            Self::Registration => "registration",
            Self::InquiryRegistrationStatus => "inquiryRegistrationStatus",
            Self::InquiryRegistrationInfo => "inquiryRegistrationInfo",
        }
    }

    /// The path below `/ams/api` or `/ams/sandbox/api`.
    fn endpoint(self) -> String {
        let group = match self {
            Self::Pay
            | Self::InquiryPayment
            | Self::Cancel
            | Self::Refund
            | Self::InquiryRefund => "payments",
            Self::Registration
            | Self::InquiryRegistrationStatus
            | Self::InquiryRegistrationInfo => "merchants",
        };
        format!("/v1/{group}/{}", self.name())
    }

    /// The path for a client: one whose id begins with `SANDBOX_` calls the sandbox's.
    pub fn path(self, client_id: &str) -> String {
        let sandbox = if client_id.starts_with("SANDBOX_") { "/sandbox" } else { "" };
        format!("/ams{sandbox}/api{}", self.endpoint())
    }

    /// Which call a path with or without query means, in either environment.
    pub fn of(target: &str) -> Option<Self> {
        let path = target.split('?').next()?;
        let rest =
            path.strip_prefix("/ams/sandbox/api").or_else(|| path.strip_prefix("/ams/api"))?;
        Self::ALL.into_iter().find(|api| rest == api.endpoint())
    }
}

#[cfg(test)]
mod tests {
    use super::Api;

    #[test]
    fn every_call_is_found_by_its_paths_and_by_no_other() {
        for api in Api::ALL {
            for client in ["SANDBOX_5Y", "5Y"] {
                assert_eq!(Api::of(&format!("{}?x=1", api.path(client))), Some(api));
            }
        }
        assert_eq!(Api::Pay.path("SANDBOX_5Y"), "/ams/sandbox/api/v1/payments/pay");
        assert_eq!(Api::Registration.path("5Y"), "/ams/api/v1/merchants/registration");
        for other in
            ["/ams/api/v2/payments/cancel", "/ams/api/v1/merchants/pay", "/v1/payments/pay"]
        {
            assert_eq!(Api::of(other), None, "{other}");
        }
    }
}
