//! How a payment looks in answers and notices.

use protocol::iso8601;
use serde_json::{Map, Value, json};

use crate::ledger::{Means, Payment};
use crate::review::PAYING_WALLET;

/// How long a quote holds, in milliseconds.
const QUOTE_LIFE: i64 = 10 * 60_000;

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
    members.insert("actualPaymentAmount".into(), payment.charge.amount.to_wire());
    let (start, end) = (iso8601(payment.created), iso8601(payment.created + QUOTE_LIFE));
    let quote = payment.charge.quote(&format!("Q{}", payment.id), &start, &end);
    members.extend(quote.map(|quote| ("paymentQuote".to_owned(), quote)));
    members.insert("paymentTime".into(), json!(iso8601(paid_at)));
    let buyer = payment.wallet.map_or(0, |wallet| wallet + 1);
    let customer = json!({
        "pspName": PAYING_WALLET,
        "pspCustomerId": format!("20880000{buyer:08}"),
        "displayCustomerId": format!("bu***{buyer}@wallet.test"),
    });
    members.insert("pspCustomerInfo".into(), customer);
    members
}

/// The addresses of the wallet's own page: for a browser, and for a phone with the wallet on it.
fn cashier_addresses(token: &str) -> [(&'static str, String); 3] {
    [
        ("normalUrl", format!("https://cashier.alipay.com/pay?token={token}")),
        ("applinkUrl", format!("https://render.alipay.com/pay?token={token}")),
        ("schemeUrl", format!("alipays://platformapi/startapp?appId=20000125&token={token}")),
    ]
}

/// Everything by which a buyer finds a payment.
pub(crate) fn found_by(payment: &Payment) -> Vec<String> {
    let Some(offer) = &payment.offer else { return vec![] };
    if payment.legacy.is_some() {
        return vec![offer.clone()];
    }
    match payment.means {
        Means::PaymentCode(_) | Means::OrderCode | Means::EntryCode => vec![offer.clone()],
        Means::Cashier => cashier_addresses(offer).map(|(_, address)| address).to_vec(),
    }
}

/// What the buyer needs next: the code to scan, or the addresses to open.
pub(crate) fn next_step(payment: &Payment, offer: &str) -> Members {
    let step = match payment.means {
        Means::PaymentCode(_) => json!({}),
        Means::OrderCode => json!({ "orderCodeForm": {
            "paymentMethodType": "CONNECT_WALLET",
            "expireTime": iso8601(payment.expires),
            "codeDetails": [
                { "codeValueType": "QRCODE", "codeValue": offer, "displayType": "TEXT" },
            ],
        } }),
        Means::EntryCode => {
            json!({ "redirectActionForm": { "method": "GET", "redirectUrl": offer } })
        }
        Means::Cashier => {
            let addresses =
                cashier_addresses(offer).map(|(name, address)| (name.to_owned(), json!(address)));
            Value::Object(addresses.into_iter().collect())
        }
    };
    step.as_object().cloned().unwrap_or_default()
}
