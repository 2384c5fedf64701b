//! Notices that lack nothing, in either generation.

use serde_json::{Value, json};

use super::legacy::date_text;
use crate::{Amount, iso8601};

/// What a notice is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News {
    /// A payment is paid.
    Payment,
    /// Money went back.
    Refund,
    /// The review of a registration is over; the older generation sends none.
    Registration,
}

/// What varies from one notice to the next.
#[derive(Debug, Clone)]
pub struct NoticeSample<'a> {
    /// What time it is, in milliseconds since the epoch.
    pub now: i64,
    /// What its ids end with.
    pub mark: &'a str,
    /// The partner id.
    pub account: &'a str,
    /// The merchant's number of what it is about: of the payment, or of the secondary merchant.
    pub about: &'a str,
    /// The amount.
    pub amount: Amount,
}

impl News {
    /// The body of the newer generation.
    pub fn to_json(self, sample: &NoticeSample<'_>) -> Value {
        let (now, amount) = (iso8601(sample.now), sample.amount.to_wire());
        let result = json!({
            "resultStatus": "S", "resultCode": "SUCCESS", "resultMessage": "success",
        });
        match self {
            Self::Payment => json!({
                "notifyType": "PAYMENT_RESULT",
                "result": result,
                "paymentRequestId": sample.about,
                "paymentId": format!("2026{}", sample.mark),
                "paymentAmount": amount,
                "actualPaymentAmount": amount,
                "paymentCreateTime": iso8601(sample.now - 10_000),
                "paymentTime": now,
            }),
            Self::Refund => json!({
                "notifyType": "REFUND_RESULT",
                "result": result,
                "refundStatus": "SUCCESS",
                "refundRequestId": sample.about,
                "refundId": format!("2026R{}", sample.mark),
                "refundAmount": amount,
                "refundTime": now,
            }),
            Self::Registration => json!({
                "referenceMerchantId": sample.about,
                "registrationRequestId": format!("REGISTRATION-{}", sample.mark),
                "registrationResult": { "registrationStatus": "COMPLETED" },
                "pspRegistrationResultList": [{
                    "pspName": "ALIPAYCN",
                    "registrationResult": { "registrationStatus": "APPROVED" },
                }],
            }),
        }
    }

    /// The parameters of the older generation, beside `sign` and `sign_type`; none of news that it
    /// does not send.
    pub fn parameters(self, sample: &NoticeSample<'_>) -> Option<Vec<(String, String)>> {
        let now = date_text(sample.now);
        let (fee, currency) = (sample.amount.to_major(), sample.amount.currency.code());
        let mut pairs =
            vec![("notify_id", format!("notice{}", sample.mark)), ("notify_time", now.clone())];
        match self {
            Self::Payment => pairs.extend([
                ("notify_type", "trade_status_sync".to_owned()),
                ("notify_action_type", "payByAccountAction".to_owned()),
                ("out_trade_no", sample.about.to_owned()),
                ("trade_no", format!("2026{}", sample.mark)),
                ("trade_status", "TRADE_SUCCESS".to_owned()),
                ("subject", super::legacy::GOODS.to_owned()),
                ("total_fee", fee),
                ("currency", currency.to_owned()),
                ("gmt_create", date_text(sample.now - 10_000)),
                ("gmt_payment", now),
                ("seller_id", sample.account.to_owned()),
            ]),
            Self::Refund => pairs.extend([
                ("notify_type", "refund_status_sync".to_owned()),
                ("out_trade_no", format!("PAY{}", sample.mark)),
                ("out_return_no", sample.about.to_owned()),
                ("return_amount", fee),
                ("currency", currency.to_owned()),
                ("refund_status", "REFUND_SUCCESS".to_owned()),
            ]),
            Self::Registration => return None,
        }
        Some(pairs.into_iter().map(|(name, text)| (name.to_owned(), text)).collect())
    }
}
