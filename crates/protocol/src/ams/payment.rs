//! Bodies of pay, inquiryPayment and cancel.

use serde_json::{Map, Value, json};

use crate::{Amount, iso8601};

/// A pay request of the in-store products and of the cashier.
#[derive(Debug, Clone)]
pub struct Pay {
    /// The idempotency key, 1 to 64 characters.
    pub request_id: String,
    /// What is to be paid.
    pub amount: Amount,
    /// How the buyer is met.
    pub scenario: Scenario,
    /// What is sold, by whom and where.
    pub order: Order,
    /// Where the result is to be told.
    pub notify_url: Option<String>,
    /// Where the buyer comes back to from the wallet's page.
    pub redirect_url: Option<String>,
    /// When the order ends, in milliseconds since the epoch.
    pub expires: Option<i64>,
}

/// How the buyer is met.
#[derive(Debug, Clone)]
pub enum Scenario {
    /// The till scans the buyer's code.
    PaymentCode(Value),
    /// The buyer scans the till's code.
    OrderCode,
    /// The wallet opened the merchant's page behind the shop's static code.
    EntryCode {
        /// What the wallet calls itself.
        user_agent: String,
    },
    /// The buyer goes from the shop to the wallet's own page.
    Cashier {
        /// `WEB`, `WAP` or `APP`.
        terminal_type: String,
        /// What the buyer's browser or app calls itself.
        user_agent: Option<String>,
    },
}

/// The `order` of a pay request.
#[derive(Debug, Clone)]
pub struct Order {
    /// The merchant's own order id.
    pub reference: String,
    /// What the buyer reads.
    pub description: String,
    /// Usually the amount of the payment.
    pub amount: Amount,
    /// Who sells.
    pub merchant: Merchant,
    /// The till; in-store only with a scanned code.
    pub terminal: Option<Terminal>,
    /// JSON text for extensions.
    pub extend_info: Option<String>,
}

/// The secondary merchant.
#[derive(Debug, Clone)]
pub struct Merchant {
    /// The id given by the acquirer.
    pub reference: String,
    /// Its name.
    pub name: String,
    /// Four digits, ISO 18245.
    pub mcc: String,
    /// Its store.
    pub store: Option<Store>,
}

/// A store.
#[derive(Debug, Clone)]
pub struct Store {
    /// The merchant's id of the store.
    pub reference: String,
    /// Its name.
    pub name: String,
    /// Four digits, ISO 18245.
    pub mcc: String,
}

/// The till that sends the request.
#[derive(Debug, Clone)]
pub struct Terminal {
    /// The merchant's id of the till.
    pub id: String,
    /// When the till sent it, in milliseconds since the epoch.
    pub time: i64,
}

impl Pay {
    /// The body.
    pub fn to_json(&self) -> Value {
        let mut body = json!({
            "productCode": "IN_STORE_PAYMENT",
            "paymentRequestId": self.request_id,
            "order": self.order.to_json(),
            "paymentAmount": self.amount.to_wire(),
            "paymentMethod": { "paymentMethodType": "CONNECT_WALLET" },
        });
        self.scenario.write(&mut body);
        for (name, url) in
            [("paymentNotifyUrl", &self.notify_url), ("paymentRedirectUrl", &self.redirect_url)]
        {
            if let Some(url) = url {
                body[name] = json!(url);
            }
        }
        if let Some(expires) = self.expires {
            body["paymentExpiryTime"] = json!(iso8601(expires));
        }
        body
    }
}

impl Scenario {
    /// Writes what the scenario adds to a body.
    fn write(&self, body: &mut Value) {
        let in_store = match self {
            Self::PaymentCode(code) => {
                body["paymentMethod"]["paymentMethodId"] = code.clone();
                "PaymentCode"
            }
            Self::OrderCode => "OrderCode",
            Self::EntryCode { user_agent } => {
                body["order"]["env"] = json!({ "userAgent": user_agent });
                "EntryCode"
            }
            Self::Cashier { terminal_type, user_agent } => {
                body["productCode"] = json!("CASHIER_PAYMENT");
                body["paymentMethod"]["paymentMethodType"] = json!("ALIPAY_CN");
                body["env"] = json!({ "terminalType": terminal_type });
                if let Some(user_agent) = user_agent {
                    body["env"]["userAgent"] = json!(user_agent);
                }
                return;
            }
        };
        body["paymentFactor"] = json!({ "inStorePaymentScenario": in_store });
    }
}

impl Order {
    fn to_json(&self) -> Value {
        let mut merchant = json!({
            "referenceMerchantId": self.merchant.reference,
            "merchantName": self.merchant.name,
            "merchantMCC": self.merchant.mcc,
        });
        if let Some(store) = &self.merchant.store {
            merchant["store"] = json!({
                "referenceStoreId": store.reference,
                "storeName": store.name,
                "storeMCC": store.mcc,
            });
        }
        let mut order = json!({
            "referenceOrderId": self.reference,
            "orderDescription": self.description,
            "orderAmount": self.amount.to_wire(),
            "merchant": merchant,
        });
        if let Some(terminal) = &self.terminal {
            if let Some(store) = order["merchant"].get_mut("store") {
                store["storeTerminalId"] = json!(terminal.id);
            }
            order["env"] = json!({
                "storeTerminalId": terminal.id,
                "storeTerminalRequestTime": iso8601(terminal.time),
            });
        }
        if let Some(info) = &self.extend_info {
            order["extendInfo"] = json!(info);
        }
        order
    }
}

/// The body of inquiryPayment and of cancel. At least one id is needed; the gateway takes the
/// payment id when both are there.
pub fn inquiry_body(request_id: Option<&str>, payment_id: Option<&str>) -> Value {
    let mut body = Map::new();
    for (name, id) in [("paymentRequestId", request_id), ("paymentId", payment_id)] {
        if let Some(id) = id {
            body.insert(name.into(), json!(id));
        }
    }
    Value::Object(body)
}

/// `paymentStatus` of an inquiry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PaymentStatus {
    /// Paid.
    Success,
    /// Failed or closed.
    Fail,
    /// Still open.
    Processing,
    /// Undone.
    Cancelled,
    /// The user paid and the final result is awaited (online products).
    Pending,
}

impl PaymentStatus {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Success, Self::Fail, Self::Processing, Self::Cancelled, Self::Pending];

    /// The word on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Success => "SUCCESS",
            Self::Fail => "FAIL",
            Self::Processing => "PROCESSING",
            Self::Cancelled => "CANCELLED",
            Self::Pending => "PENDING",
        }
    }

    /// Reads the word, which an old sample prints in mixed case.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name().eq_ignore_ascii_case(text))
    }
}

/// Whether a text has the form of an Alipay payment code: `^(2[5-9]|30)[0-9]{14,22}$`.
pub fn is_payment_code(text: &str) -> bool {
    let prefix = text
        .get(..2)
        .is_some_and(|prefix| matches!(prefix, "25" | "26" | "27" | "28" | "29" | "30"));
    prefix && (16..=24).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::is_payment_code;

    #[test]
    fn payment_codes_have_six_prefixes_and_16_to_24_digits() {
        let code = |prefix: &str, digits: usize| format!("{prefix}{}", "7".repeat(digits - 2));
        for prefix in ["25", "26", "27", "28", "29", "30"] {
            for digits in 16..=24 {
                assert!(is_payment_code(&code(prefix, digits)));
            }
            assert!(!is_payment_code(&code(prefix, 15)));
            assert!(!is_payment_code(&code(prefix, 25)));
        }
        for wrong in [code("24", 18), code("31", 18), "2x88888888888888".into(), String::new()] {
            assert!(!is_payment_code(&wrong));
        }
    }
}
