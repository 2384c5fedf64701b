//! Samples of the older generation.

use serde_json::json;

use super::Sample;
use crate::legacy::Service;
use crate::{DAY, iso8601};

/// What is sold.
pub(super) const GOODS: &str = "Coffee 咖啡";
const MERCHANT: &str = "MSAMPLE";
const STORE: &str = "SSAMPLE";
const NAME: &str = "Sample Coffee";
const STORE_NAME: &str = "Sample Coffee Main Street";
const INDUSTRY: &str = "5812";
const PRICE: &str = "1.00";
const CURRENCY: &str = "USD";
const PRODUCT: &str = "OVERSEAS_MBARCODE_PAY";
const ADDRESS: &str = "1 Main Street";

/// The parameters of a service beside those that every form has.
pub(super) fn parameters(service: Service, sample: &Sample<'_>) -> Vec<(&'static str, String)> {
    let (payment, refund) = (format!("PAY{}", sample.mark), format!("REFUND{}", sample.mark));
    let stamp = ("timestamp", date_text(sample.now));
    match service {
        Service::SpotPay => spot_pay(sample, payment),
        Service::OverseasQuery => vec![("partner_trans_id", payment)],
        Service::SpotRefund => vec![
            ("partner_trans_id", payment),
            ("partner_refund_id", refund),
            ("refund_amount", PRICE.to_owned()),
            ("currency", CURRENCY.to_owned()),
            ("refund_reason", "returned".to_owned()),
            ("is_sync", "Y".to_owned()),
        ],
        Service::RefundQuery => vec![("out_trade_no", payment), ("out_return_no", refund)],
        Service::Cancel => vec![stamp, ("out_trade_no", payment)],
        Service::Precreate => precreate(sample, payment, stamp),
        Service::CreateForexTrade => forex_trade(sample, payment, "NEW_OVERSEAS_SELLER"),
        Service::CreateForexTradeWap => forex_trade(sample, payment, "NEW_WAP_OVERSEAS_SELLER"),
        Service::SingleTradeQuery => vec![("out_trade_no", payment)],
        Service::ForexRefund => vec![
            ("out_return_no", refund),
            ("out_trade_no", payment),
            ("return_amount", PRICE.to_owned()),
            ("currency", CURRENCY.to_owned()),
            ("gmt_return", date_text(sample.now)),
            ("reason", "returned".to_owned()),
            ("product_code", "NEW_OVERSEAS_SELLER".to_owned()),
            ("is_sync", "Y".to_owned()),
        ],
        Service::OnlineMaintain => online(stamp),
        Service::OfflineMaintain => in_store(stamp),
        Service::QueryStatus => vec![
            stamp,
            ("secondary_merchant_id", MERCHANT.to_owned()),
            ("payment_method", "INSTORE_PAYMENT".to_owned()),
            ("store_id", STORE.to_owned()),
        ],
        Service::CompareFile | Service::LiquidationFile => {
            let yesterday = digits(sample.now - DAY).chars().take(8).collect::<String>();
            vec![("start_date", yesterday.clone()), ("end_date", yesterday)]
        }
        Service::NotifyVerify => vec![("notify_id", format!("notice{}", sample.mark))],
    }
}

/// A moment in GMT+8, as `yyyy-MM-dd HH:mm:ss`.
pub(super) fn date_text(now: i64) -> String {
    iso8601(now).chars().take(19).map(|it| if it == 'T' { ' ' } else { it }).collect()
}

/// A moment in GMT+8, in 14 digits.
fn digits(now: i64) -> String {
    iso8601(now).chars().filter(char::is_ascii_digit).take(14).collect()
}

/// Who sells where, as JSON.
fn seller() -> String {
    json!({
        "secondary_merchant_id": MERCHANT,
        "secondary_merchant_name": NAME,
        "secondary_merchant_industry": INDUSTRY,
        "store_id": STORE,
        "store_name": STORE_NAME,
    })
    .to_string()
}

fn spot_pay(sample: &Sample<'_>, payment: String) -> Vec<(&'static str, String)> {
    vec![
        ("notify_url", sample.notify_url.to_owned()),
        ("alipay_seller_id", sample.account.to_owned()),
        ("trans_name", GOODS.to_owned()),
        ("partner_trans_id", payment),
        ("currency", CURRENCY.to_owned()),
        ("trans_amount", PRICE.to_owned()),
        ("buyer_identity_code", sample.code.to_owned()),
        ("identity_code_type", "barcode".to_owned()),
        ("trans_create_time", digits(sample.now)),
        ("biz_product", PRODUCT.to_owned()),
        ("extend_info", seller()),
    ]
}

fn precreate(
    sample: &Sample<'_>,
    payment: String,
    stamp: (&'static str, String),
) -> Vec<(&'static str, String)> {
    vec![
        ("notify_url", sample.notify_url.to_owned()),
        stamp,
        ("out_trade_no", payment),
        ("subject", GOODS.to_owned()),
        ("product_code", PRODUCT.to_owned()),
        ("total_fee", PRICE.to_owned()),
        ("currency", CURRENCY.to_owned()),
        ("trans_currency", CURRENCY.to_owned()),
        ("extend_params", seller()),
    ]
}

fn forex_trade(
    sample: &Sample<'_>,
    payment: String,
    product: &'static str,
) -> Vec<(&'static str, String)> {
    vec![
        ("notify_url", sample.notify_url.to_owned()),
        ("return_url", "https://shop.example/thanks".to_owned()),
        ("subject", GOODS.to_owned()),
        ("out_trade_no", payment),
        ("currency", CURRENCY.to_owned()),
        ("total_fee", PRICE.to_owned()),
        ("secondary_merchant_id", MERCHANT.to_owned()),
        ("secondary_merchant_name", NAME.to_owned()),
        ("secondary_merchant_industry", INDUSTRY.to_owned()),
        ("refer_url", "https://shop.example".to_owned()),
        ("product_code", product.to_owned()),
        ("trade_information", json!({ "business_type": "5" }).to_string()),
    ]
}

/// What both ways to register a merchant tell of it.
fn company(stamp: (&'static str, String)) -> Vec<(&'static str, String)> {
    vec![
        stamp,
        ("secondary_merchant_id", MERCHANT.to_owned()),
        ("secondary_merchant_name", NAME.to_owned()),
        ("secondary_merchant_type", "ENTERPRISE".to_owned()),
        ("register_country", "SG".to_owned()),
        ("register_address", ADDRESS.to_owned()),
        ("contact_email", "owner@shop.example".to_owned()),
    ]
}

fn online(stamp: (&'static str, String)) -> Vec<(&'static str, String)> {
    let site = json!([{
        "site_type": "WEB", "site_url": "https://shop.example", "site_name": NAME,
    }]);
    let mut parameters = company(stamp);
    parameters.push(("secondary_merchant_industry", INDUSTRY.to_owned()));
    parameters.push(("site_infos", site.to_string()));
    parameters
}

fn in_store(stamp: (&'static str, String)) -> Vec<(&'static str, String)> {
    let mut parameters = company(stamp);
    parameters.extend([
        ("store_id", STORE.to_owned()),
        ("store_name", STORE_NAME.to_owned()),
        ("store_country", "SG".to_owned()),
        ("store_address", ADDRESS.to_owned()),
        ("store_industry", INDUSTRY.to_owned()),
    ]);
    parameters
}
