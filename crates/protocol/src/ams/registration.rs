//! Bodies of registration and its inquiries, and what answers and notices say about a review.

use serde_json::{Map, Value, json};

use super::payment::{Merchant, Store};
use crate::Fields;

/// The product that an in-store registration is for.
pub const IN_STORE_PRODUCT: &str = "IN_STORE_PAYMENT";

/// A registration request.
#[derive(Debug, Clone)]
pub struct Registration {
    /// The idempotency key, 1 to 64 characters.
    pub request_id: String,
    /// Where the outcome is to be told.
    pub notify_url: Option<String>,
    /// What the answer is to repeat.
    pub pass_through: Option<String>,
    /// The secondary merchant.
    pub merchant: Merchant,
    /// Where it is, in words.
    pub address: String,
    /// Its country, two letters of ISO 3166.
    pub region: String,
    /// The number or address of a person there.
    pub contact: String,
    /// Its page.
    pub website: String,
}

impl Registration {
    /// The body. The store is the merchant's.
    pub fn to_json(&self) -> Value {
        let address = json!({ "region": self.region, "address1": self.address });
        let kind = if self.contact.contains('@') { "EMAIL" } else { "PHONE_NO" };
        let mut body = json!({
            "registrationRequestId": self.request_id,
            "productCodes": [IN_STORE_PRODUCT],
            "merchantInfo": {
                "referenceMerchantId": self.merchant.reference,
                "merchantDisplayName": self.merchant.name,
                "merchantMCC": self.merchant.mcc,
                "merchantAddress": address,
                "registrationDetail": {
                    "legalName": self.merchant.name,
                    "registrationType": "ENTERPRISE_REGISTRATION_NO",
                    "registrationNo": self.merchant.reference,
                    "businessType": "ENTERPRISE",
                    "registrationAddress": address,
                    "contactInfo": [{ "contactNo": self.contact, "contactType": kind }],
                },
            },
        });
        if !self.website.is_empty() {
            let site = json!({ "url": self.website, "type": "COMPANY_INTRODUCE" });
            body["merchantInfo"]["websites"] = json!([site]);
        }
        if let Some(Store { reference, name, mcc }) = &self.merchant.store {
            body["storeInfo"] = json!({
                "referenceStoreId": reference,
                "storeName": name,
                "storeMCC": mcc,
                "storeAddress": address,
            });
        }
        let asked =
            [("registrationNotifyURL", &self.notify_url), ("passThroughInfo", &self.pass_through)];
        for (name, text) in asked {
            if let Some(text) = text {
                body[name] = json!(text);
            }
        }
        body
    }
}

/// Whom inquiryRegistrationStatus and inquiryRegistrationInfo ask about.
#[derive(Debug, Clone, Copy, Default)]
pub struct RegistrationInquiry<'a> {
    /// The secondary merchant.
    pub merchant: Option<&'a str>,
    /// Its store.
    pub store: Option<&'a str>,
    /// One registration of it; inquiryRegistrationInfo knows no such field.
    pub request_id: Option<&'a str>,
}

impl RegistrationInquiry<'_> {
    /// The body.
    pub fn to_json(&self) -> Value {
        let ids = [
            ("referenceMerchantId", self.merchant),
            ("referenceStoreId", self.store),
            ("registrationRequestId", self.request_id),
        ];
        let given = ids.into_iter().filter_map(|(name, id)| Some((name.to_owned(), json!(id?))));
        Value::Object(given.collect::<Map<String, Value>>())
    }
}

/// How far a review is, as an answer or a notice tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewTold {
    /// The overall status: `PENDING` or `COMPLETED`.
    pub status: String,
    /// What each wallet says.
    pub wallets: Vec<WalletReview>,
}

/// What one wallet says about a secondary merchant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WalletReview {
    /// The wallet's name, such as `ALIPAYCN`.
    pub name: String,
    /// `APPROVED`, `REJECTED`, a word for pending, or nothing.
    pub status: Option<String>,
    /// Why not.
    pub reasons: Vec<String>,
}

impl ReviewTold {
    /// Reads the review out of a body. `None` where it tells no overall status.
    pub fn read(fields: &Fields) -> Option<Self> {
        let status = fields.text("registrationResult.registrationStatus")?;
        let list = "pspRegistrationResultList";
        let count = fields.at(list).and_then(Value::as_array).map_or(0, Vec::len);
        let wallets = (0..count).map(|place| {
            let result = format!("{list}.{place}.registrationResult");
            WalletReview {
                name: fields.text(&format!("{list}.{place}.pspName")).unwrap_or_default(),
                status: fields.text(&format!("{result}.registrationStatus")),
                reasons: texts(fields, &format!("{result}.rejectReasons")),
            }
        });
        Some(Self { status, wallets: wallets.collect() })
    }

    /// Whether nothing more is to be decided.
    pub fn is_completed(&self) -> bool {
        self.status == "COMPLETED"
    }
}

impl WalletReview {
    /// Whether the wallet takes the merchant: no status is no approval.
    pub fn approves(&self) -> bool {
        self.status.as_deref() == Some("APPROVED")
    }
}

/// The reasons, which the pages name in the plural and show nowhere: one text, or a list of them.
fn texts(fields: &Fields, path: &str) -> Vec<String> {
    let Some(Value::Array(list)) = fields.at(path) else {
        return fields.text(path).into_iter().collect();
    };
    (0..list.len()).filter_map(|place| fields.text(&format!("{path}.{place}"))).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{RegistrationInquiry, ReviewTold};
    use crate::Fields;

    #[test]
    fn a_review_is_read_with_one_reason_or_many_and_with_none() {
        let psp = |name, result| json!({ "pspName": name, "registrationResult": result });
        let body = json!({
            "registrationResult": { "registrationStatus": "COMPLETED" },
            "pspRegistrationResultList": [
                psp("A", json!({ "registrationStatus": "APPROVED" })),
                psp("B", json!({ "registrationStatus": "REJECTED", "rejectReasons": ["x", "y"] })),
                psp("C", json!({ "registrationStatus": "REJECTED", "rejectReasons": "z" })),
                psp("D", json!({ "registrationStatus": null })),
            ],
        });
        let fields = Fields::read(body.to_string().as_bytes()).unwrap();
        let told = ReviewTold::read(&fields).unwrap();
        assert!(told.is_completed());
        let read: Vec<_> = told
            .wallets
            .iter()
            .map(|wallet| (wallet.name.as_str(), wallet.approves(), wallet.reasons.join("+")))
            .collect();
        let expected = [("A", true, ""), ("B", false, "x+y"), ("C", false, "z"), ("D", false, "")];
        assert_eq!(read, expected.map(|(name, approves, why)| (name, approves, why.to_owned())));
        assert_eq!(ReviewTold::read(&Fields::read(b"{}").unwrap()), None);
    }

    #[test]
    fn an_inquiry_names_only_what_it_is_given() {
        let asked = RegistrationInquiry { merchant: Some("M"), store: None, request_id: Some("R") };
        let body = json!({ "referenceMerchantId": "M", "registrationRequestId": "R" });
        assert_eq!(asked.to_json(), body);
    }
}
