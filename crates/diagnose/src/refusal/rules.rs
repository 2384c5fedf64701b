//! What the documents ask of the fields of each call. Only rules on which they agree stand here:
//! a field that keeps them may still be refused, but one that breaks them is.

use evidence::{Blob, api_of, service_of};
use protocol::Generation;
use protocol::ams::Api;
use protocol::legacy::Service;

use super::form::Form;

/// Whether a field has to be there.
#[derive(Clone, Copy)]
pub(super) enum Need {
    /// Always.
    Must,
    /// Never.
    May,
    /// Where another field has this value. A `*` in its path is any entry of a list.
    Where(&'static str, &'static str),
}

/// A field, whether it has to be there, and what it has to be. A `*` in its path is each entry of a
/// list.
pub(super) type Rule = (&'static str, Need, Form);

/// What two fields have to be to each other.
#[derive(Clone, Copy)]
pub(super) enum Between {
    /// One of them has to be there.
    OneAtLeast(&'static str, &'static str),
    /// One of them has to be there, and not both.
    EitherOr(&'static str, &'static str),
    /// They may not be the same.
    Differ(&'static str, &'static str),
    /// The first is an amount, the second its currency, and some of these have no decimals.
    Decimals(&'static str, &'static str),
}

/// The rules for a call.
#[derive(Clone, Copy)]
pub(super) struct Rules {
    /// What its own fields have to be.
    pub(super) fields: &'static [Rule],
    /// What they have to be to each other.
    pub(super) between: &'static [Between],
}

use Between::{Decimals, Differ, EitherOr, OneAtLeast};
use Need::{May, Must, Where};

const IN_STORE: Need = Where("productCodes.*", "IN_STORE_PAYMENT");

const PAY: &[Rule] = &[
    ("paymentRequestId", Must, Form::Text(64)),
    (
        "productCode",
        Must,
        Form::Words(&["IN_STORE_PAYMENT", "CASHIER_PAYMENT", "AGREEMENT_PAYMENT"]),
    ),
    ("paymentAmount.currency", Must, Form::Currency),
    ("paymentAmount.value", Must, Form::Minor),
    ("order.orderDescription", Must, Form::Text(256)),
    ("order.orderAmount.currency", Must, Form::Currency),
    ("order.orderAmount.value", Must, Form::Minor),
    ("order.referenceOrderId", May, Form::Text(64)),
    ("order.extendInfo", May, Form::Json),
    ("order.merchant.merchantMCC", May, Form::Digits(4)),
    ("order.merchant.store.storeMCC", May, Form::Digits(4)),
    ("order.env.storeTerminalRequestTime", May, Form::Time),
    ("paymentMethod.paymentMethodType", Must, Form::Text(64)),
    ("paymentMethod.paymentMethodId", May, Form::Text(128)),
    (
        "paymentFactor.inStorePaymentScenario",
        May,
        Form::Words(&["PaymentCode", "OrderCode", "EntryCode"]),
    ),
    ("paymentNotifyUrl", May, Form::Url),
    ("paymentRedirectUrl", May, Form::Url),
    ("paymentExpiryTime", May, Form::Time),
];
const REFUND: &[Rule] = &[
    ("refundRequestId", Must, Form::Text(64)),
    ("paymentId", Must, Form::Text(64)),
    ("refundAmount.currency", Must, Form::Currency),
    ("refundAmount.value", Must, Form::Minor),
    ("refundReason", May, Form::Text(256)),
    ("refundNotifyUrl", May, Form::Url),
];
const PAYMENT_IDS: &[Rule] =
    &[("paymentRequestId", May, Form::Text(64)), ("paymentId", May, Form::Text(64))];
const REFUND_IDS: &[Rule] =
    &[("refundRequestId", May, Form::Text(64)), ("refundId", May, Form::Text(64))];
const REGISTRATION: &[Rule] = &[
    ("registrationRequestId", Must, Form::Text(64)),
    ("registrationNotifyURL", May, Form::Url),
    ("passThroughInfo", May, Form::Text(2048)),
    (
        "productCodes.0",
        Must,
        Form::Words(&["IN_STORE_PAYMENT", "CASHIER_PAYMENT", "AGREEMENT_PAYMENT"]),
    ),
    ("merchantInfo.referenceMerchantId", Must, Form::Text(64)),
    ("merchantInfo.merchantMCC", May, Form::Digits(4)),
    ("merchantInfo.websites.*.url", Must, Form::Url),
    ("merchantInfo.websites.*.type", May, Form::Words(&["COMPANY_INTRODUCE", "TRADING"])),
    ("merchantInfo.registrationDetail.attachments.*.attachmentName", May, Form::Text(256)),
    ("storeInfo.referenceStoreId", IN_STORE, Form::Text(32)),
    ("storeInfo.storeMCC", May, Form::Digits(4)),
];
const REGISTERED: &[Rule] =
    &[("referenceMerchantId", Must, Form::Text(64)), ("referenceStoreId", May, Form::Text(32))];
const REGISTRATION_STATUS: &[Rule] = &[
    ("referenceMerchantId", May, Form::Text(64)),
    ("referenceStoreId", May, Form::Text(32)),
    ("registrationRequestId", May, Form::Text(64)),
];

/// What every call of the older generation has.
const COMMON: &[Rule] = &[
    ("service", Must, Form::Text(64)),
    ("partner", Must, Form::Digits(16)),
    ("_input_charset", May, Form::Words(&["UTF-8", "utf-8", "GBK", "gbk", "GB2312", "gb2312"])),
    ("sign_type", Must, Form::Words(&["MD5", "RSA", "RSA2", "DSA"])),
    ("notify_url", May, Form::Url),
];
/// What the one call has that is not signed.
const NOTIFY_VERIFY: &[Rule] = &[
    ("service", Must, Form::Text(64)),
    ("partner", Must, Form::Digits(16)),
    ("notify_id", Must, Form::Text(256)),
];
const SPOT_PAY: &[Rule] = &[
    ("alipay_seller_id", Must, Form::Digits(16)),
    ("trans_name", Must, Form::Text(256)),
    ("partner_trans_id", Must, Form::Text(64)),
    ("currency", Must, Form::Currency),
    ("trans_amount", Must, Form::Major),
    ("buyer_identity_code", Must, Form::BuyerCode),
    ("identity_code_type", Must, Form::Text(16)),
    ("trans_create_time", Must, Form::Digits(14)),
    ("biz_product", Must, Form::Words(&["OVERSEAS_MBARCODE_PAY"])),
    ("extend_info", May, Form::Json),
];
const TRANSACTION_IDS: &[Rule] =
    &[("partner_trans_id", May, Form::Text(64)), ("alipay_trans_id", May, Form::Text(64))];
const TRADE_IDS: &[Rule] =
    &[("out_trade_no", May, Form::Text(64)), ("trade_no", May, Form::Text(64))];
const SPOT_REFUND: &[Rule] = &[
    ("partner_trans_id", Must, Form::Text(64)),
    ("partner_refund_id", Must, Form::Text(64)),
    ("refund_amount", Must, Form::Major),
    ("currency", Must, Form::Currency),
    ("is_sync", May, Form::Words(&["Y", "N"])),
    ("refund_reason", May, Form::Text(128)),
];
const REFUND_QUERY: &[Rule] =
    &[("out_trade_no", Must, Form::Text(64)), ("out_return_no", Must, Form::Text(128))];
const PRECREATE: &[Rule] = &[
    ("timestamp", Must, Form::Moment),
    ("out_trade_no", Must, Form::Text(64)),
    ("subject", Must, Form::Text(256)),
    ("product_code", Must, Form::Words(&["OVERSEAS_MBARCODE_PAY"])),
    ("total_fee", Must, Form::Major),
    ("currency", Must, Form::Currency),
    ("trans_currency", Must, Form::Currency),
    ("goods_detail", May, Form::Json),
    ("extend_params", May, Form::Json),
    ("it_b_pay", May, Form::Lifetime),
    ("qr_code_it_b_pay", May, Form::Lifetime),
];
const FOREX_TRADE: &[Rule] = &[
    ("subject", Must, Form::Text(256)),
    ("body", May, Form::Text(400)),
    ("out_trade_no", Must, Form::Text(64)),
    ("currency", Must, Form::Currency),
    ("total_fee", May, Form::Major),
    ("rmb_fee", May, Form::Major),
    ("product_code", Must, Form::Words(&["NEW_OVERSEAS_SELLER", "NEW_WAP_OVERSEAS_SELLER"])),
    ("return_url", May, Form::Url),
    ("trade_information", May, Form::Json),
    ("split_fund_info", May, Form::Json),
];
const FOREX_REFUND: &[Rule] = &[
    ("out_return_no", Must, Form::Text(64)),
    ("out_trade_no", Must, Form::Text(64)),
    ("currency", Must, Form::Currency),
    ("return_amount", May, Form::Major),
    ("return_rmb_amount", May, Form::Major),
    ("gmt_return", Must, Form::Moment),
    ("product_code", Must, Form::Text(32)),
    ("is_sync", May, Form::Words(&["Y", "N"])),
    ("split_fund_info", May, Form::Json),
];
const ONLINE: &[Rule] = &[
    ("timestamp", Must, Form::Moment),
    ("secondary_merchant_name", Must, Form::Text(64)),
    ("secondary_merchant_id", Must, Form::Text(64)),
    ("secondary_merchant_industry", Must, Form::Digits(4)),
    ("register_country", Must, Form::Country),
    ("register_address", Must, Form::Text(256)),
    ("site_infos", Must, Form::List(5)),
    ("secondary_merchant_type", Must, Form::Words(&["INDIVIDUAL", "ENTERPRISE"])),
];
const OFFLINE: &[Rule] = &[
    ("timestamp", Must, Form::Moment),
    ("secondary_merchant_name", Must, Form::Text(128)),
    ("secondary_merchant_id", Must, Form::Text(64)),
    ("store_id", Must, Form::Text(64)),
    ("store_name", Must, Form::Text(256)),
    ("store_country", Must, Form::Country),
    ("store_address", Must, Form::Text(256)),
    ("store_industry", Must, Form::Digits(4)),
    ("extend_params", Where("store_industry", "4121"), Form::List(10)),
];
const REVIEW: &[Rule] = &[
    ("secondary_merchant_id", Must, Form::Text(64)),
    ("payment_method", Must, Form::Words(&["ONLINE_PAYMENT", "INSTORE_PAYMENT"])),
    ("store_id", Where("payment_method", "INSTORE_PAYMENT"), Form::Text(64)),
];
const DAYS: &[Rule] = &[("start_date", Must, Form::Digits(8)), ("end_date", Must, Form::Digits(8))];

/// The rules for a call; none for one that is not known.
pub(super) fn rules(generation: Generation, call: &Blob) -> Vec<Rules> {
    let (common, own) = match generation {
        Generation::Ams => (None, api_of(call).map(of_api)),
        Generation::Legacy => {
            let service = service_of(call);
            let signed = service != Some(Service::NotifyVerify);
            let common = signed.then_some(Rules { fields: COMMON, between: &[] });
            (common, service.map(of_service))
        }
    };
    common.into_iter().chain(own).collect()
}

fn of_api(api: Api) -> Rules {
    let (fields, between): (_, &[Between]) = match api {
        Api::Pay => (PAY, &[]),
        Api::Refund => (REFUND, &[]),
        Api::InquiryPayment | Api::Cancel => {
            (PAYMENT_IDS, &[OneAtLeast("paymentRequestId", "paymentId")])
        }
        Api::InquiryRefund => (REFUND_IDS, &[OneAtLeast("refundRequestId", "refundId")]),
        Api::Registration => (REGISTRATION, &[]),
        Api::InquiryRegistrationInfo => (REGISTERED, &[]),
        Api::InquiryRegistrationStatus => {
            (REGISTRATION_STATUS, &[OneAtLeast("referenceMerchantId", "referenceStoreId")])
        }
    };
    Rules { fields, between }
}

fn of_service(service: Service) -> Rules {
    let (fields, between): (_, &[Between]) = match service {
        Service::SpotPay => (SPOT_PAY, &[Decimals("trans_amount", "currency")]),
        Service::OverseasQuery => {
            (TRANSACTION_IDS, &[OneAtLeast("partner_trans_id", "alipay_trans_id")])
        }
        Service::SpotRefund => (
            SPOT_REFUND,
            &[
                Decimals("refund_amount", "currency"),
                Differ("partner_refund_id", "partner_trans_id"),
            ],
        ),
        Service::RefundQuery => (REFUND_QUERY, &[]),
        Service::Cancel | Service::SingleTradeQuery => {
            (TRADE_IDS, &[OneAtLeast("out_trade_no", "trade_no")])
        }
        Service::Precreate => (PRECREATE, &[Decimals("total_fee", "trans_currency")]),
        Service::CreateForexTrade | Service::CreateForexTradeWap => {
            (FOREX_TRADE, &[EitherOr("total_fee", "rmb_fee"), Decimals("total_fee", "currency")])
        }
        Service::ForexRefund => (
            FOREX_REFUND,
            &[
                OneAtLeast("return_amount", "return_rmb_amount"),
                Decimals("return_amount", "currency"),
            ],
        ),
        Service::OnlineMaintain => (ONLINE, &[]),
        Service::OfflineMaintain => (OFFLINE, &[]),
        Service::QueryStatus => (REVIEW, &[]),
        Service::CompareFile | Service::LiquidationFile => (DAYS, &[]),
        Service::NotifyVerify => (NOTIFY_VERIFY, &[]),
    };
    Rules { fields, between }
}
