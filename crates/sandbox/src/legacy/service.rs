//! The services of `gateway.do`.

use serde::Deserialize;
use serde::de::value::{Error, StrDeserializer};

/// A service that is served here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(crate) enum Service {
    #[serde(rename = "alipay.acquire.overseas.spot.pay")]
    SpotPay,
    #[serde(rename = "alipay.acquire.overseas.query")]
    Query,
    #[serde(rename = "alipay.acquire.cancel")]
    Cancel,
    #[serde(rename = "alipay.acquire.overseas.spot.refund")]
    SpotRefund,
    #[serde(rename = "alipay.acquire.refund.query")]
    RefundQuery,
    #[serde(rename = "alipay.acquire.precreate")]
    Precreate,
    #[serde(rename = "create_forex_trade")]
    ForexWeb,
    #[serde(rename = "create_forex_trade_wap")]
    ForexWap,
    #[serde(rename = "single_trade_query")]
    SingleTradeQuery,
    #[serde(rename = "forex_refund")]
    ForexRefund,
    #[serde(rename = "alipay.overseas.secmerchant.online.maintain")]
    OnlineMaintain,
    #[serde(rename = "alipay.overseas.secmerchant.offline.maintain")]
    OfflineMaintain,
    #[serde(rename = "alipay.overseas.secmerchant.maintain.queryStatus")]
    QueryStatus,
    #[serde(rename = "forex_compare_file")]
    CompareFile,
    #[serde(rename = "forex_liquidation_file")]
    LiquidationFile,
    #[serde(rename = "notify_verify")]
    NotifyVerify,
}

/// Services that the gateway has too, of products that no partner of this one has signed.
const OTHERS: [&str; 24] = [
    "alipay.acquire.create",
    "alipay.acquire.createandpay",
    "alipay.acquire.customs",
    "alipay.acquire.overseas.spot.cancel",
    "alipay.acquire.overseas.spot.reverse",
    "alipay.acquire.query",
    "alipay.acquire.refund",
    "alipay.commerce.qrcode.create",
    "alipay.commerce.qrcode.modify",
    "alipay.commerce.qrcode.modifyStatus",
    "alipay.dut.customer.agreement.page.sign",
    "alipay.dut.customer.agreement.query",
    "alipay.dut.customer.agreement.unsign",
    "alipay.oversea.taxrefund.single.account.query",
    "alipay.oversea.taxrefund.single.taxdata.send",
    "alipay.overseas.acquire.customs.query",
    "alipay.overseas.forex.order.pay",
    "create_direct_pay_by_user",
    "forex_rate_file",
    "forex_refund_file",
    "mobile.securitypay.pay",
    "refund_fastpay_by_platform_pwd",
    "send_goods_confirm_by_platform",
    "trade_create_by_buyer",
];

/// In which word an answer says how the call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    Success,
    Failed,
    Unknown,
}

impl Service {
    /// Finds a service by its name.
    pub(crate) fn of(name: &str) -> Option<Self> {
        Self::deserialize(StrDeserializer::<Error>::new(name)).ok()
    }

    /// Its name in the documents.
    pub(crate) fn name(self) -> &'static str {
        use protocol::legacy::Service as Documented;
        let mut known = Documented::ALL.into_iter().map(Documented::name);
        known.find(|name| Self::of(name) == Some(self)).unwrap_or_default()
    }

    /// The same, or why it is not served.
    pub(crate) fn signed_for(name: &str) -> Result<Self, &'static str> {
        let other = OTHERS.contains(&name);
        let refusal = if other { "ILLEGAL_PARTNER_EXTERFACE" } else { "ILLEGAL_SERVICE" };
        Self::of(name).ok_or(refusal)
    }

    /// The value of `result_code`. Two families of services spell it differently (switch L1).
    pub(crate) fn word(self, ending: Ending, plain: bool) -> &'static str {
        let spot = match self {
            Self::SpotPay | Self::SpotRefund => !plain,
            Self::Query
            | Self::Cancel
            | Self::Precreate
            | Self::RefundQuery
            | Self::ForexWeb
            | Self::ForexWap
            | Self::SingleTradeQuery
            | Self::ForexRefund
            | Self::OnlineMaintain
            | Self::OfflineMaintain
            | Self::QueryStatus
            | Self::CompareFile
            | Self::LiquidationFile
            | Self::NotifyVerify => false,
        };
        match ending {
            Ending::Success => "SUCCESS",
            Ending::Failed if spot => "FAILED",
            Ending::Unknown if spot => "UNKNOW",
            Ending::Failed => "FAIL",
            Ending::Unknown => "UNKNOWN",
        }
    }

    /// Whether a browser is sent there, which reads pages and no XML.
    pub(crate) fn is_browsed(self) -> bool {
        matches!(self, Self::ForexWeb | Self::ForexWap)
    }

    /// The names under which an answer carries the code of a refusal.
    pub(crate) fn error_names(self) -> &'static [&'static str] {
        match self {
            Self::SpotPay
            | Self::SpotRefund
            | Self::OnlineMaintain
            | Self::OfflineMaintain
            | Self::QueryStatus => &["error"],
            Self::Query => &["error", "detail_error_code"],
            Self::Cancel | Self::Precreate => &["detail_error_code"],
            Self::RefundQuery
            | Self::ForexWeb
            | Self::ForexWap
            | Self::SingleTradeQuery
            | Self::ForexRefund
            | Self::CompareFile
            | Self::LiquidationFile
            | Self::NotifyVerify => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_is_found_by_its_name() {
        assert_eq!(Service::signed_for("alipay.acquire.cancel"), Ok(Service::Cancel));
        assert_eq!(Service::signed_for("alipay.acquire.Cancel"), Err("ILLEGAL_SERVICE"));
        assert_eq!(Service::signed_for(""), Err("ILLEGAL_SERVICE"));
        for other in OTHERS {
            assert_eq!(Service::signed_for(other), Err("ILLEGAL_PARTNER_EXTERFACE"), "{other}");
        }
    }

    #[test]
    fn the_spot_services_spell_as_their_pages_do() {
        for (service, plain, words) in [
            (Service::SpotPay, false, ["SUCCESS", "FAILED", "UNKNOW"]),
            (Service::SpotPay, true, ["SUCCESS", "FAIL", "UNKNOWN"]),
            (Service::Cancel, false, ["SUCCESS", "FAIL", "UNKNOWN"]),
        ] {
            let endings = [Ending::Success, Ending::Failed, Ending::Unknown];
            assert_eq!(endings.map(|ending| service.word(ending, plain)), words);
        }
    }
}
