//! Calls of the runner's own: asked for in the words of the newer generation, written as forms.

use evidence::words::{self as say, Place};
use protocol::ams::Api;
use protocol::legacy::{Form, Service};
use protocol::{Amount, iso8601};
use serde_json::{Value, json};

use crate::contract::LegacyContract;
use crate::product::{Means, Product};

/// A time as `trans_create_time` has it, in GMT+8.
fn fourteen_digits(now: i64) -> String {
    let text = iso8601(now);
    text.chars().filter(char::is_ascii_digit).take(14).collect()
}

/// A time as `timestamp` has it, in GMT+8.
pub(crate) fn date_text(now: i64) -> String {
    let text = iso8601(now);
    text.chars().take(19).map(|character| if character == 'T' { ' ' } else { character }).collect()
}

/// The service that asks for the same as a call of the newer generation.
pub(crate) fn service_for(product: Product, api: Api) -> Option<Service> {
    let in_store = product.means() != Means::WalletPage;
    match api {
        Api::Pay => match product.means() {
            Means::ScannedCode => Some(Service::SpotPay),
            Means::ShownCode => Some(Service::Precreate),
            Means::WalletPage => Some(Service::CreateForexTrade),
            Means::EntryPage => None,
        },
        Api::InquiryPayment if in_store => Some(Service::OverseasQuery),
        Api::InquiryPayment => Some(Service::SingleTradeQuery),
        Api::Cancel => Some(Service::Cancel),
        Api::Refund if in_store => Some(Service::SpotRefund),
        Api::Refund => Some(Service::ForexRefund),
        Api::InquiryRefund => Some(Service::RefundQuery),
        Api::Registration if in_store => Some(Service::OfflineMaintain),
        Api::Registration => Some(Service::OnlineMaintain),
        Api::InquiryRegistrationStatus => Some(Service::QueryStatus),
        Api::InquiryRegistrationInfo => None,
    }
}

/// The call of `api` for a product, unsigned.
///
/// # Errors
/// What is missing, in words.
pub(crate) fn form_of_own_call(
    contract: &LegacyContract,
    product: Product,
    api: Api,
    now: i64,
    body: &Value,
) -> Result<Form, Place> {
    let asked = Asked { body, product, now };
    let (service, parameters) = asked.parameters(api)?;
    let mut form = Form::new(contract.charset);
    form.set("service", service.name());
    form.set("partner", contract.partner.as_str());
    form.set("_input_charset", contract.charset.name());
    if service == Service::SpotPay {
        form.set("alipay_seller_id", contract.partner.as_str());
    }
    for (name, value) in parameters {
        form.set(name, value);
    }
    Ok(form)
}

/// What is asked for.
struct Asked<'a> {
    body: &'a Value,
    product: Product,
    now: i64,
}

type Parameters = Vec<(&'static str, String)>;

impl Asked<'_> {
    fn text(&self, pointer: &str) -> Result<String, Place> {
        let found = self.body.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        found.ok_or_else(|| say::OWN_LACKS.with([pointer]).into())
    }

    fn amount(&self, member: &str) -> Result<Amount, Place> {
        let currency = self.text(&format!("{member}/currency"))?;
        let value = self.text(&format!("{member}/value"))?;
        Amount::from_wire(&currency, &value).map_err(Place::value)
    }

    fn parameters(&self, api: Api) -> Result<(Service, Parameters), Place> {
        match api {
            Api::Pay => self.pay(),
            Api::InquiryPayment => {
                let number = self.text("/paymentRequestId")?;
                if self.product.means() == Means::WalletPage {
                    return Ok((Service::SingleTradeQuery, vec![("out_trade_no", number)]));
                }
                Ok((Service::OverseasQuery, vec![("partner_trans_id", number)]))
            }
            Api::Cancel => {
                let number = self.text("/paymentRequestId")?;
                let stamp = date_text(self.now);
                Ok((Service::Cancel, vec![("timestamp", stamp), ("out_trade_no", number)]))
            }
            Api::Refund => self.refund(),
            Api::InquiryRefund => {
                let number = self.text("/paymentRequestId")?;
                let refund = self.text("/refundRequestId")?;
                Ok((
                    Service::RefundQuery,
                    vec![("out_trade_no", number), ("out_return_no", refund)],
                ))
            }
            Api::Registration => Ok(self.registration()),
            Api::InquiryRegistrationStatus => self.registration_status(),
            Api::InquiryRegistrationInfo => Err(say::OWN_NO_SERVICE.with([api.name()]).into()),
        }
    }

    fn pay(&self) -> Result<(Service, Parameters), Place> {
        match self.product.means() {
            Means::ScannedCode => self.spot_pay(),
            Means::ShownCode => self.precreate(),
            Means::WalletPage => self.forex_trade(),
            Means::EntryPage => Err(say::OWN_NO_SERVICE.with([Api::Pay.name()]).into()),
        }
    }

    /// Who sells where, as JSON.
    fn seller(&self) -> Result<String, Place> {
        let seller = json!({
            "secondary_merchant_id": self.text("/order/merchant/referenceMerchantId")?,
            "secondary_merchant_name": self.text("/order/merchant/merchantName")?,
            "secondary_merchant_industry": self.text("/order/merchant/merchantMCC")?,
            "store_id": self.text("/order/merchant/store/referenceStoreId")?,
            "store_name": self.text("/order/merchant/store/storeName")?,
        });
        Ok(seller.to_string())
    }

    fn spot_pay(&self) -> Result<(Service, Parameters), Place> {
        let amount = self.amount("/paymentAmount")?;
        Ok((
            Service::SpotPay,
            vec![
                ("trans_name", self.text("/order/orderDescription")?),
                ("partner_trans_id", self.text("/paymentRequestId")?),
                ("currency", amount.currency.code().to_owned()),
                ("trans_amount", amount.to_major()),
                ("buyer_identity_code", self.text("/paymentMethod/paymentMethodId")?),
                ("identity_code_type", "barcode".to_owned()),
                ("trans_create_time", fourteen_digits(self.now)),
                ("biz_product", "OVERSEAS_MBARCODE_PAY".to_owned()),
                ("extend_info", self.seller()?),
            ],
        ))
    }

    fn precreate(&self) -> Result<(Service, Parameters), Place> {
        let amount = self.amount("/paymentAmount")?;
        Ok((
            Service::Precreate,
            vec![
                ("notify_url", self.text("/paymentNotifyUrl")?),
                ("timestamp", date_text(self.now)),
                ("out_trade_no", self.text("/paymentRequestId")?),
                ("subject", self.text("/order/orderDescription")?),
                ("product_code", "OVERSEAS_MBARCODE_PAY".to_owned()),
                ("total_fee", amount.to_major()),
                ("currency", amount.currency.code().to_owned()),
                ("trans_currency", amount.currency.code().to_owned()),
                ("extend_params", self.seller()?),
            ],
        ))
    }

    /// What a browser would be sent to the cashier with, over the runner's own line.
    fn forex_trade(&self) -> Result<(Service, Parameters), Place> {
        let amount = self.amount("/paymentAmount")?;
        Ok((
            Service::CreateForexTrade,
            vec![
                ("notify_url", self.text("/paymentNotifyUrl")?),
                ("subject", self.text("/order/orderDescription")?),
                ("out_trade_no", self.text("/paymentRequestId")?),
                ("currency", amount.currency.code().to_owned()),
                ("total_fee", amount.to_major()),
                ("secondary_merchant_id", self.text("/order/merchant/referenceMerchantId")?),
                ("secondary_merchant_name", self.text("/order/merchant/merchantName")?),
                ("secondary_merchant_industry", self.text("/order/merchant/merchantMCC")?),
                ("product_code", "NEW_OVERSEAS_SELLER".to_owned()),
            ],
        ))
    }

    /// A registration of a store or a website; its parameters stand by their names in `parameters`.
    fn registration(&self) -> (Service, Parameters) {
        const NAMES: [&str; 13] = [
            "secondary_merchant_id",
            "secondary_merchant_name",
            "register_country",
            "register_address",
            "store_id",
            "store_name",
            "store_country",
            "store_address",
            "store_industry",
            "extend_params",
            "secondary_merchant_industry",
            "secondary_merchant_type",
            "site_infos",
        ];
        let text = |name: &str| self.body["parameters"][name].as_str().map(str::to_owned);
        let mut parameters = vec![("timestamp", date_text(self.now))];
        parameters.extend(NAMES.into_iter().filter_map(|name| Some((name, text(name)?))));
        let online = self.product.means() == Means::WalletPage;
        let service = if online { Service::OnlineMaintain } else { Service::OfflineMaintain };
        (service, parameters)
    }

    fn registration_status(&self) -> Result<(Service, Parameters), Place> {
        let mut parameters = vec![
            ("timestamp", date_text(self.now)),
            ("secondary_merchant_id", self.text("/referenceMerchantId")?),
        ];
        match self.text("/referenceStoreId") {
            Ok(store) => {
                parameters.push(("payment_method", "INSTORE_PAYMENT".to_owned()));
                parameters.push(("store_id", store));
            }
            Err(_) => parameters.push(("payment_method", "ONLINE_PAYMENT".to_owned())),
        }
        Ok((Service::QueryStatus, parameters))
    }

    fn refund(&self) -> Result<(Service, Parameters), Place> {
        let amount = self.amount("/refundAmount")?;
        if self.product.means() == Means::WalletPage {
            return Ok((
                Service::ForexRefund,
                vec![
                    ("out_return_no", self.text("/refundRequestId")?),
                    ("out_trade_no", self.text("/paymentRequestId")?),
                    ("return_amount", amount.to_major()),
                    ("currency", amount.currency.code().to_owned()),
                    ("gmt_return", date_text(self.now)),
                    ("product_code", "NEW_OVERSEAS_SELLER".to_owned()),
                ],
            ));
        }
        Ok((
            Service::SpotRefund,
            vec![
                ("partner_trans_id", self.text("/paymentRequestId")?),
                ("partner_refund_id", self.text("/refundRequestId")?),
                ("refund_amount", amount.to_major()),
                ("currency", amount.currency.code().to_owned()),
                ("is_sync", "Y".to_owned()),
            ],
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::{date_text, fourteen_digits};

    #[test]
    fn times_are_beijing_s() {
        // 5 January 2026, 10:00 GMT+8.
        assert_eq!(fourteen_digits(1_767_578_400_000), "20260105100000");
        assert_eq!(date_text(1_767_578_400_000), "2026-01-05 10:00:00");
    }
}
