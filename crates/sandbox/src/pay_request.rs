//! Reading the body of pay: what is missing or ill-formed is refused before any order is made.

use clock::Millis;
use protocol::{Amount, Fields, parse_time};

use crate::defect::{Defect, Defects};
use crate::ledger::Means;
use crate::notification::Address;
use crate::switches::Switches;

/// How long a scanned code leaves the buyer, without a wish of the merchant.
const SCANNED_LIFE: Millis = 10 * 60_000;
/// How long an order code or the link of an entry code lives, without a wish of the merchant.
const SHOWN_LIFE: Millis = 3 * 60_000;
/// How long the wallet's own page waits for the buyer, without a wish of the merchant.
const CASHIER_LIFE: Millis = 14 * 60_000;

/// The body of pay, read.
#[derive(Debug)]
pub(crate) struct PayRequest {
    pub(crate) request_id: String,
    pub(crate) amount: Amount,
    pub(crate) seller: (Option<String>, Option<String>),
    pub(crate) means: Means,
    pub(crate) notify_url: Option<String>,
    pub(crate) expires: Millis,
    pub(crate) goods: Goods,
}

/// What is sold and where, as report files repeat it; empty where pay does not say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Goods {
    pub(crate) merchant: String,
    pub(crate) store: String,
    pub(crate) order: String,
    pub(crate) text: String,
    pub(crate) method: String,
    pub(crate) product: String,
}

impl Goods {
    fn read(fields: &Fields) -> Self {
        let text = |path| fields.text(path).unwrap_or_default();
        Self {
            merchant: text("order.merchant.referenceMerchantId"),
            store: text("order.merchant.store.referenceStoreId"),
            order: text("order.referenceOrderId"),
            text: text("order.orderDescription"),
            method: text("paymentMethod.paymentMethodType"),
            product: text("productCode"),
        }
    }
}

/// The texts that a scanned code needs where switch A20 demands them.
const STORE_TEXTS: [&str; 8] = [
    "order.merchant.referenceMerchantId",
    "order.merchant.merchantName",
    "order.merchant.merchantMCC",
    "order.merchant.store.referenceStoreId",
    "order.merchant.store.storeName",
    "order.merchant.store.storeMCC",
    "order.env.storeTerminalId",
    "order.env.storeTerminalRequestTime",
];

impl PayRequest {
    /// Reads a body. The error says what was expected.
    pub(crate) fn read(
        fields: &Fields,
        switches: &Switches,
        defects: &Defects,
        now: Millis,
    ) -> Result<Self, String> {
        let request_id = required(fields, "paymentRequestId", 64)?;
        let product = required(fields, "productCode", 64)?;
        let amount = amount(fields, "paymentAmount")?;
        required(fields, "order.orderDescription", 256)?;
        self::amount(fields, "order.orderAmount")?;
        let reference = optional(fields, "order.referenceOrderId", 64)?;
        if switches.reference_order_id_required && reference.is_none() {
            return Err("order.referenceOrderId is required".into());
        }
        optional(fields, "order.extendInfo", 2048)?;
        required(fields, "paymentMethod.paymentMethodType", 64)?;
        let means = means(fields, &product)?;
        if switches.store_required && matches!(means, Means::PaymentCode(_)) {
            let missing = STORE_TEXTS.into_iter().find(|path| fields.text(path).is_none());
            if let Some(path) = missing
                && !defects.strikes(Defect::StoreOptional)
            {
                return Err(format!("{path} is required"));
            }
        }
        optional(fields, "paymentRedirectUrl", 2048)?;
        let notify_url = optional(fields, "paymentNotifyUrl", 2048)?;
        match &notify_url {
            Some(url) if Address::parse(url).is_none() => {
                return Err("paymentNotifyUrl: a URL is expected".into());
            }
            None if switches.notify_url_required => {
                return Err("paymentNotifyUrl is required".into());
            }
            Some(_) | None => {}
        }
        let expires = expires(fields, &means, switches, now)?;
        let seller = (
            fields.text("order.merchant.referenceMerchantId"),
            fields.text("order.merchant.store.referenceStoreId"),
        );
        let goods = Goods::read(fields);
        Ok(Self { request_id, amount, seller, means, notify_url, expires, goods })
    }
}

pub(crate) fn optional(
    fields: &Fields,
    path: &str,
    longest: usize,
) -> Result<Option<String>, String> {
    match fields.text(path) {
        Some(text) if text.chars().count() > longest => {
            Err(format!("{path}: at most {longest} characters are expected"))
        }
        text => Ok(text),
    }
}

pub(crate) fn required(fields: &Fields, path: &str, longest: usize) -> Result<String, String> {
    optional(fields, path, longest)?.ok_or_else(|| format!("{path} is required"))
}

pub(crate) fn amount(fields: &Fields, path: &str) -> Result<Amount, String> {
    let currency = required(fields, &format!("{path}.currency"), 3)?;
    let value = required(fields, &format!("{path}.value"), 16)?;
    Amount::from_wire(&currency, &value)
        .ok()
        .filter(|amount| amount.minor > 0)
        .ok_or_else(|| format!("{path}: a positive number of smallest units is expected"))
}

/// How the buyer is met. In a shop the scenario may be left out: a code that is there has been
/// scanned.
fn means(fields: &Fields, product: &str) -> Result<Means, String> {
    match product {
        "CASHIER_PAYMENT" => return Ok(Means::Cashier),
        "IN_STORE_PAYMENT" => {}
        _ => return Err("productCode: IN_STORE_PAYMENT or CASHIER_PAYMENT is expected".into()),
    }
    let code = optional(fields, "paymentMethod.paymentMethodId", 128)?;
    let scenario = fields.text("paymentFactor.inStorePaymentScenario");
    let is = |name: &str| scenario.as_deref().is_some_and(|text| text.eq_ignore_ascii_case(name));
    match code {
        _ if is("OrderCode") => Ok(Means::OrderCode),
        _ if is("EntryCode") => {
            required(fields, "order.env.userAgent", 2048).map(|_| Means::EntryCode)
        }
        Some(code) if scenario.is_none() || is("PaymentCode") => Ok(Means::PaymentCode(code)),
        None if is("PaymentCode") => Err("paymentMethod.paymentMethodId is required".into()),
        Some(_) | None => Err("paymentFactor.inStorePaymentScenario: \
            PaymentCode, OrderCode or EntryCode is expected"
            .into()),
    }
}

fn expires(
    fields: &Fields,
    means: &Means,
    switches: &Switches,
    now: Millis,
) -> Result<Millis, String> {
    let Some(text) = fields.text("paymentExpiryTime") else {
        let life = match means {
            Means::PaymentCode(_) => SCANNED_LIFE,
            Means::OrderCode | Means::EntryCode => SHOWN_LIFE,
            Means::Cashier => CASHIER_LIFE,
        };
        return Ok(now + switches.expiry.unwrap_or(life));
    };
    // Bare milliseconds are a moment elsewhere, but not in a body.
    parse_time(&text)
        .filter(|_| text.contains('T'))
        .ok_or_else(|| "paymentExpiryTime: an ISO 8601 time with offset is expected".into())
}
