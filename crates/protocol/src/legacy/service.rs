//! The services of `gateway.do`, by the value of `service`.

use crate::ams::Api;

/// What a call asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Service {
    /// The till scans the buyer's code.
    SpotPay,
    /// Asks for the state of an in-store trade.
    OverseasQuery,
    /// Gives money of an in-store trade back.
    SpotRefund,
    /// Asks for the state of such a refund.
    RefundQuery,
    /// Undoes an in-store trade as a whole.
    Cancel,
    /// Asks for a code that the buyer scans.
    Precreate,
    /// Sends a browser to the cashier.
    CreateForexTrade,
    /// Sends a phone's browser to the cashier.
    CreateForexTradeWap,
    /// Asks for the state of a website's trade.
    SingleTradeQuery,
    /// Gives money of a website's trade back.
    ForexRefund,
    /// Registers a secondary merchant that sells on a website.
    OnlineMaintain,
    /// Registers a secondary merchant that sells in a store.
    OfflineMaintain,
    /// Asks how far such a registration is.
    QueryStatus,
    /// Fetches the transactions of some days.
    CompareFile,
    /// Fetches the settlements of some days.
    LiquidationFile,
    /// Asks whether a notice is the gateway's.
    NotifyVerify,
}

impl Service {
    /// All of them.
    pub const ALL: [Self; 16] = [
        Self::SpotPay,
        Self::OverseasQuery,
        Self::SpotRefund,
        Self::RefundQuery,
        Self::Cancel,
        Self::Precreate,
        Self::CreateForexTrade,
        Self::CreateForexTradeWap,
        Self::SingleTradeQuery,
        Self::ForexRefund,
        Self::OnlineMaintain,
        Self::OfflineMaintain,
        Self::QueryStatus,
        Self::CompareFile,
        Self::LiquidationFile,
        Self::NotifyVerify,
    ];

    /// The value of `service`.
    pub fn name(self) -> &'static str {
        match self {
            Self::SpotPay => "alipay.acquire.overseas.spot.pay",
            Self::OverseasQuery => "alipay.acquire.overseas.query",
            Self::SpotRefund => "alipay.acquire.overseas.spot.refund",
            Self::RefundQuery => "alipay.acquire.refund.query",
            Self::Cancel => "alipay.acquire.cancel",
            Self::Precreate => "alipay.acquire.precreate",
            Self::CreateForexTrade => "create_forex_trade",
            Self::CreateForexTradeWap => "create_forex_trade_wap",
            Self::SingleTradeQuery => "single_trade_query",
            Self::ForexRefund => "forex_refund",
            Self::OnlineMaintain => "alipay.overseas.secmerchant.online.maintain",
            Self::OfflineMaintain => "alipay.overseas.secmerchant.offline.maintain",
            Self::QueryStatus => "alipay.overseas.secmerchant.maintain.queryStatus",
            Self::CompareFile => "forex_compare_file",
            Self::LiquidationFile => "forex_liquidation_file",
            Self::NotifyVerify => "notify_verify",
        }
    }

    /// Finds a service by its name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|service| service.name() == name)
    }

    /// The call of the newer generation that asks for the same.
    pub fn api(self) -> Option<Api> {
        match self {
            Self::SpotPay
            | Self::Precreate
            | Self::CreateForexTrade
            | Self::CreateForexTradeWap => Some(Api::Pay),
            Self::OverseasQuery | Self::SingleTradeQuery => Some(Api::InquiryPayment),
            Self::Cancel => Some(Api::Cancel),
            Self::SpotRefund | Self::ForexRefund => Some(Api::Refund),
            Self::RefundQuery => Some(Api::InquiryRefund),
            Self::OnlineMaintain | Self::OfflineMaintain => Some(Api::Registration),
            Self::QueryStatus => Some(Api::InquiryRegistrationStatus),
            Self::CompareFile | Self::LiquidationFile | Self::NotifyVerify => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Service;

    #[test]
    fn every_service_is_found_by_its_name_alone() {
        for service in Service::ALL {
            assert_eq!(Service::parse(service.name()), Some(service));
        }
        assert_eq!(Service::parse("alipay.acquire.overseas.spot.PAY"), None);
        assert_eq!(Service::parse(""), None);
    }
}
