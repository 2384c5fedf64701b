//! Which field of a call breaks which rule: required, too long, ill-formed.

use evidence::words::{
    FIELD_AMOUNT, FIELD_BUYER_CODE, FIELD_CURRENCY, FIELD_DIGITS, FIELD_JSON, FIELD_LONG,
    FIELD_MAJOR, FIELD_MISSING, FIELD_NAMED, FIELD_NAMED_DO, FIELD_NONE, FIELD_NONE_DO,
    FIELD_NOT_JSON, FIELD_NOT_JSON_DO, FIELD_ONE_OF, FIELD_ONE_OF_WORDS, FIELD_RULE_DO, FIELD_TIME,
    FIELD_URL, Phrase,
};
use evidence::{Blob, Party, Way, api_of, form_of, service_of};
use protocol::ams::{Api, is_payment_code};
use protocol::legacy::{Charset, Service};
use protocol::{Fields, Generation, parse_time};

use super::Remark;

/// What a field has to be.
#[derive(Clone, Copy)]
enum Form {
    /// At most so many characters.
    Text(usize),
    /// Three capitals.
    Currency,
    /// A positive whole number of smallest units.
    Minor,
    /// A positive number with at most two decimals.
    Major,
    /// So many digits.
    Digits(usize),
    /// One of these.
    Words(&'static [&'static str]),
    /// An address.
    Url,
    /// ISO 8601 with its zone.
    Time,
    /// A text of JSON.
    Json,
    /// What a buyer shows at the till.
    BuyerCode,
}

/// A field, whether it has to be there, and what it has to be.
type Rule = (&'static str, bool, Form);

const PAY: &[Rule] = &[
    ("paymentRequestId", true, Form::Text(64)),
    (
        "productCode",
        true,
        Form::Words(&["IN_STORE_PAYMENT", "CASHIER_PAYMENT", "AGREEMENT_PAYMENT"]),
    ),
    ("paymentAmount.currency", true, Form::Currency),
    ("paymentAmount.value", true, Form::Minor),
    ("order.orderDescription", true, Form::Text(256)),
    ("order.orderAmount.currency", true, Form::Currency),
    ("order.orderAmount.value", true, Form::Minor),
    ("order.referenceOrderId", false, Form::Text(64)),
    ("order.extendInfo", false, Form::Json),
    ("order.merchant.merchantMCC", false, Form::Digits(4)),
    ("order.merchant.store.storeMCC", false, Form::Digits(4)),
    ("order.env.storeTerminalRequestTime", false, Form::Time),
    ("paymentMethod.paymentMethodType", true, Form::Text(64)),
    ("paymentMethod.paymentMethodId", false, Form::Text(128)),
    (
        "paymentFactor.inStorePaymentScenario",
        false,
        Form::Words(&["PaymentCode", "OrderCode", "EntryCode"]),
    ),
    ("paymentNotifyUrl", false, Form::Url),
    ("paymentRedirectUrl", false, Form::Url),
    ("paymentExpiryTime", false, Form::Time),
];
const REFUND: &[Rule] = &[
    ("refundRequestId", true, Form::Text(64)),
    ("paymentId", true, Form::Text(64)),
    ("refundAmount.currency", true, Form::Currency),
    ("refundAmount.value", true, Form::Minor),
    ("refundReason", false, Form::Text(256)),
    ("refundNotifyUrl", false, Form::Url),
];
const PAYMENT_IDS: &[Rule] =
    &[("paymentRequestId", false, Form::Text(64)), ("paymentId", false, Form::Text(64))];
const REFUND_IDS: &[Rule] =
    &[("refundRequestId", false, Form::Text(64)), ("refundId", false, Form::Text(64))];

/// What every call of the older generation has.
const COMMON: &[Rule] = &[
    ("service", true, Form::Text(64)),
    ("partner", true, Form::Digits(16)),
    ("_input_charset", false, Form::Words(&["UTF-8", "utf-8", "GBK", "gbk", "GB2312", "gb2312"])),
    ("sign_type", true, Form::Words(&["MD5", "RSA", "RSA2", "DSA"])),
    ("notify_url", false, Form::Url),
];
const SPOT_PAY: &[Rule] = &[
    ("alipay_seller_id", true, Form::Digits(16)),
    ("trans_name", true, Form::Text(256)),
    ("partner_trans_id", true, Form::Text(64)),
    ("currency", true, Form::Currency),
    ("trans_amount", true, Form::Major),
    ("buyer_identity_code", true, Form::BuyerCode),
    ("identity_code_type", true, Form::Text(16)),
    ("trans_create_time", true, Form::Digits(14)),
    ("biz_product", true, Form::Words(&["OVERSEAS_MBARCODE_PAY"])),
    ("extend_info", false, Form::Json),
];
const TRANSACTION_IDS: &[Rule] =
    &[("partner_trans_id", false, Form::Text(64)), ("alipay_trans_id", false, Form::Text(64))];
const TRADE_IDS: &[Rule] =
    &[("out_trade_no", false, Form::Text(64)), ("trade_no", false, Form::Text(64))];

/// Every rule that the call breaks; that none is broken is told too, with the field that the
/// gateway's own words name.
pub(super) fn broken(generation: Generation, call: &Blob, words: &str) -> Vec<Remark> {
    let mut remarks = match generation {
        Generation::Ams => of_ams(call),
        Generation::Legacy => of_legacy(call),
    };
    let named: Vec<&str> = rules(generation, call)
        .iter()
        .flat_map(|rules| rules.iter())
        .map(|(path, ..)| *path)
        .filter(|path| words.contains(path))
        .collect();
    for path in named {
        if !remarks.iter().any(|remark| remark.field.as_deref() == Some(path)) {
            let (says, fix) = (FIELD_NAMED.with([path]), FIELD_NAMED_DO.plain());
            remarks.push(remark(Some(path), says, fix));
        }
    }
    if remarks.is_empty() {
        remarks.push(remark(None, FIELD_NONE.plain(), FIELD_NONE_DO.plain()));
    }
    remarks
}

fn remark(field: Option<&str>, says: Phrase, fix: Phrase) -> Remark {
    let field = field.map(str::to_owned);
    Remark { about: "field", field, says, fix, fault: Party::Merchant }
}

/// The rules for a call.
fn rules(generation: Generation, call: &Blob) -> Vec<&'static [Rule]> {
    match generation {
        Generation::Ams => match api_of(call) {
            Some(Api::Pay) => vec![PAY],
            Some(Api::Refund) => vec![REFUND],
            Some(Api::InquiryPayment | Api::Cancel) => vec![PAYMENT_IDS],
            Some(Api::InquiryRefund) => vec![REFUND_IDS],
            Some(
                Api::Registration | Api::InquiryRegistrationStatus | Api::InquiryRegistrationInfo,
            )
            | None => vec![],
        },
        Generation::Legacy => match service_of(call) {
            Some(Service::SpotPay) => vec![COMMON, SPOT_PAY],
            Some(Service::OverseasQuery) => vec![COMMON, TRANSACTION_IDS],
            Some(Service::Cancel) => vec![COMMON, TRADE_IDS],
            Some(_) | None => vec![COMMON],
        },
    }
}

fn of_ams(call: &Blob) -> Vec<Remark> {
    let Some(fields) = Fields::read(&call.body) else {
        return vec![remark(None, FIELD_NOT_JSON.plain(), FIELD_NOT_JSON_DO.plain())];
    };
    judged(&rules(Generation::Ams, call), &|path| fields.text(path))
}

fn of_legacy(call: &Blob) -> Vec<Remark> {
    let Ok(form) = form_of(Way::Call, call, Charset::Utf8) else { return Vec::new() };
    let value = |name: &str| form.get(name).filter(|value| !value.is_empty()).map(str::to_owned);
    judged(&rules(Generation::Legacy, call), &value)
}

fn judged(rules: &[&[Rule]], value: &dyn Fn(&str) -> Option<String>) -> Vec<Remark> {
    let mut remarks = Vec::new();
    for (path, required, form) in rules.iter().flat_map(|rules| rules.iter()) {
        let says = match value(path) {
            Some(text) => form.breaks(path, &text),
            None if *required => Some(FIELD_MISSING.with([path])),
            None => None,
        };
        remarks.extend(says.map(|says| remark(Some(path), says, FIELD_RULE_DO.plain())));
    }
    // Of two ids one is enough, and none is too few.
    let ids = rules.iter().find(|rules| rules.len() == 2 && rules.iter().all(|rule| !rule.1));
    if let Some([(one, ..), (other, ..)]) = ids
        && value(one).is_none()
        && value(other).is_none()
    {
        let says = FIELD_ONE_OF.with([one, other]);
        remarks.push(remark(Some(one), says, FIELD_RULE_DO.plain()));
    }
    remarks
}

impl Form {
    /// What is wrong with a value.
    fn breaks(self, path: &str, text: &str) -> Option<Phrase> {
        let digits =
            |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let shown: String = text.chars().take(60).collect();
        let places = [path, &shown];
        match self {
            Self::Text(longest) => {
                let length = text.chars().count();
                let places = [path.to_owned(), length.to_string(), longest.to_string()];
                (length > longest).then(|| FIELD_LONG.with(places))
            }
            Self::Currency => {
                let good = text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase());
                (!good).then(|| FIELD_CURRENCY.with(places))
            }
            Self::Minor => {
                let good =
                    digits(text) && text.len() <= 16 && text.bytes().any(|byte| byte != b'0');
                (!good).then(|| FIELD_AMOUNT.with(places))
            }
            Self::Major => {
                let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
                let some = text.bytes().any(|byte| matches!(byte, b'1'..=b'9'));
                let good = digits(whole) && digits(part) && part.len() <= 2 && some;
                (!good).then(|| FIELD_MAJOR.with(places))
            }
            Self::Digits(count) => {
                let places = [path.to_owned(), shown.clone(), count.to_string()];
                (!digits(text) || text.len() != count).then(|| FIELD_DIGITS.with(places))
            }
            Self::Words(words) => {
                let places = [path.to_owned(), shown.clone(), words.join(", ")];
                (!words.contains(&text)).then(|| FIELD_ONE_OF_WORDS.with(places))
            }
            Self::Url => {
                let good = ["http://", "https://"].iter().any(|scheme| text.starts_with(scheme));
                (!good || text.chars().count() > 2048).then(|| FIELD_URL.with(places))
            }
            Self::Time => {
                let good = text.contains('T') && parse_time(text).is_some();
                (!good).then(|| FIELD_TIME.with(places))
            }
            Self::Json => {
                let good = serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
                (!good).then(|| FIELD_JSON.with(places))
            }
            Self::BuyerCode => (!is_payment_code(text)).then(|| FIELD_BUYER_CODE.with([path])),
        }
    }
}
