//! How a payment looks in answers and notices.

use protocol::iso8601;
use serde_json::{Map, Value, json};

use crate::ledger::Payment;

/// The members of a JSON object.
pub(crate) type Members = Map<String, Value>;

/// What every answer about a payment carries.
pub(crate) fn members(payment: &Payment) -> Members {
    let mut members = Members::new();
    members.insert("paymentRequestId".into(), json!(payment.request_id));
    members.insert("paymentId".into(), json!(payment.id));
    members.insert("paymentAmount".into(), payment.amount.to_wire());
    members.insert("paymentCreateTime".into(), json!(iso8601(payment.created)));
    members
}

/// The same, and what is known once it is paid.
pub(crate) fn paid_members(payment: &Payment, paid_at: i64) -> Members {
    let mut members = members(payment);
    members.insert("actualPaymentAmount".into(), payment.amount.to_wire());
    members.insert("paymentTime".into(), json!(iso8601(paid_at)));
    let buyer = payment.wallet.map_or(0, |wallet| wallet + 1);
    let customer = json!({
        "pspName": "ALIPAYCN",
        "pspCustomerId": format!("20880000{buyer:08}"),
        "displayCustomerId": format!("bu***{buyer}@wallet.test"),
    });
    members.insert("pspCustomerInfo".into(), customer);
    members
}

/// The form that brings an order code.
pub(crate) fn order_code_form(payment: &Payment, code: &str) -> Value {
    json!({
        "paymentMethodType": "CONNECT_WALLET",
        "expireTime": iso8601(payment.expires),
        "codeDetails": [
            { "codeValueType": "QRCODE", "codeValue": code, "displayType": "TEXT" },
        ],
    })
}
