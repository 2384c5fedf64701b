//! How the gateway serves the services of `gateway.do`.

use protocol::legacy::Service;

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

/// Finds a service by its name, or says why it is not served.
pub(crate) fn signed_for(name: &str) -> Result<Service, &'static str> {
    let other = OTHERS.contains(&name);
    let refusal = if other { "ILLEGAL_PARTNER_EXTERFACE" } else { "ILLEGAL_SERVICE" };
    Service::parse(name).ok_or(refusal)
}

/// The value of `result_code`. Two families of services spell it differently (switch L1).
pub(crate) fn word(service: Service, ending: Ending, plain: bool) -> &'static str {
    let spot = match service {
        Service::SpotPay | Service::SpotRefund => !plain,
        Service::OverseasQuery
        | Service::Cancel
        | Service::Precreate
        | Service::RefundQuery
        | Service::CreateForexTrade
        | Service::CreateForexTradeWap
        | Service::SingleTradeQuery
        | Service::ForexRefund
        | Service::OnlineMaintain
        | Service::OfflineMaintain
        | Service::QueryStatus
        | Service::CompareFile
        | Service::LiquidationFile
        | Service::NotifyVerify => false,
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
pub(crate) fn is_browsed(service: Service) -> bool {
    matches!(service, Service::CreateForexTrade | Service::CreateForexTradeWap)
}

/// The names under which an answer carries the code of a refusal.
pub(crate) fn error_names(service: Service) -> &'static [&'static str] {
    match service {
        Service::SpotPay
        | Service::SpotRefund
        | Service::OnlineMaintain
        | Service::OfflineMaintain
        | Service::QueryStatus => &["error"],
        Service::OverseasQuery => &["error", "detail_error_code"],
        Service::Cancel | Service::Precreate => &["detail_error_code"],
        Service::RefundQuery
        | Service::CreateForexTrade
        | Service::CreateForexTradeWap
        | Service::SingleTradeQuery
        | Service::ForexRefund
        | Service::CompareFile
        | Service::LiquidationFile
        | Service::NotifyVerify => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_is_found_by_its_name() {
        assert_eq!(signed_for("alipay.acquire.cancel"), Ok(Service::Cancel));
        assert_eq!(signed_for("alipay.acquire.Cancel"), Err("ILLEGAL_SERVICE"));
        assert_eq!(signed_for(""), Err("ILLEGAL_SERVICE"));
        for other in OTHERS {
            assert_eq!(signed_for(other), Err("ILLEGAL_PARTNER_EXTERFACE"), "{other}");
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
            assert_eq!(endings.map(|ending| word(service, ending, plain)), words);
        }
    }
}
