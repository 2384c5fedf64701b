//! What a call has to bring along where it moves real money, before it is made.

use evidence::words::{
    PILOT_CURRENCY_DO, PILOT_NO_CAP, PILOT_NO_CAP_DO, SEND_ABOVE, SEND_ABOVE_DO, SEND_CURRENCY,
    SEND_NO_AMOUNT, SEND_NO_AMOUNT_DO, SEND_PRODUCTION, SEND_PRODUCTION_DO,
};
use protocol::ams::Api;
use protocol::legacy::Service;
use protocol::sample::Call;
use protocol::{Amount, Fields};
use steps::Carried;

use crate::exit::CommandError;
use crate::profile::{GatewayUrl, Profile};

/// Whether calls of a profile move real money.
fn moves_money(profile: &Profile, simulated: bool) -> Option<&str> {
    match &profile.gateway.url {
        GatewayUrl::Remote(url) if profile.gateway.moves_money() && !simulated => Some(url),
        GatewayUrl::Remote(_) | GatewayUrl::Embedded => None,
    }
}

/// Refuses a call to production by who does not say that they know what it does.
pub(super) fn asked(profile: &Profile, simulated: bool, knows: bool) -> Result<(), CommandError> {
    match moves_money(profile, simulated).filter(|_| !knows) {
        Some(url) => Err(CommandError::Usage {
            says: SEND_PRODUCTION.with([url]),
            advice: SEND_PRODUCTION_DO.plain(),
        }),
        None => Ok(()),
    }
}

/// Refuses a call to production that pays or gives back more than the profile's cap, or in which
/// nobody can see how much.
pub(super) fn amount(
    profile: &Profile,
    call: Call,
    carried: &Carried,
    simulated: bool,
) -> Result<(), CommandError> {
    let Some(url) = moves_money(profile, simulated).filter(|_| is_about_money(call)) else {
        return Ok(());
    };
    let Some(cap) = profile.gateway.cap else {
        let (says, advice) = (PILOT_NO_CAP.with([url]), PILOT_NO_CAP_DO.plain());
        return Err(CommandError::Unusable { says, advice });
    };
    let Some(amount) = amount_of(call, carried) else {
        let (says, advice) = (SEND_NO_AMOUNT.plain(), SEND_NO_AMOUNT_DO.plain());
        return Err(CommandError::Usage { says, advice });
    };
    if amount.currency != cap.currency {
        let says = SEND_CURRENCY.with([amount.currency.code(), cap.currency.code()]);
        return Err(CommandError::Unusable { says, advice: PILOT_CURRENCY_DO.plain() });
    }
    if amount.minor > cap.minor {
        let says = SEND_ABOVE.with([amount.to_string(), cap.to_string()]);
        return Err(CommandError::Usage { says, advice: SEND_ABOVE_DO.plain() });
    }
    Ok(())
}

fn is_about_money(call: Call) -> bool {
    match call {
        Call::Ams(api) => matches!(api, Api::Pay | Api::Refund),
        Call::Legacy(service) => matches!(service.api(), Some(Api::Pay | Api::Refund)),
    }
}

fn amount_of(call: Call, carried: &Carried) -> Option<Amount> {
    match (call, carried) {
        (Call::Ams(api), Carried::Bytes(body)) => {
            let fields = Fields::read(body)?;
            let member = if api == Api::Refund { "refundAmount" } else { "paymentAmount" };
            let text = |part: &str| fields.text(&format!("{member}.{part}"));
            Amount::from_wire(&text("currency")?, &text("value")?).ok()
        }
        (Call::Legacy(service), Carried::Parameters(parameters)) => {
            let told = |name: &str| {
                let found = parameters.iter().find(|(own, _)| own == name);
                found.map(|(_, text)| text.as_str())
            };
            let (member, currency) = match service {
                Service::SpotPay => ("trans_amount", "currency"),
                Service::Precreate => ("total_fee", "trans_currency"),
                Service::SpotRefund => ("refund_amount", "currency"),
                Service::ForexRefund => ("return_amount", "currency"),
                Service::CreateForexTrade | Service::CreateForexTradeWap => {
                    ("total_fee", "currency")
                }
                Service::OverseasQuery
                | Service::RefundQuery
                | Service::Cancel
                | Service::SingleTradeQuery
                | Service::OnlineMaintain
                | Service::OfflineMaintain
                | Service::QueryStatus
                | Service::CompareFile
                | Service::LiquidationFile
                | Service::NotifyVerify => return None,
            };
            // A sum in the buyer's money stands beside one in the order's currency.
            if told("rmb_fee").or_else(|| told("return_rmb_amount")).is_some() {
                return None;
            }
            Amount::from_price(&format!("{} {}", told(currency)?, told(member)?)).ok()
        }
        (Call::Ams(_), Carried::Parameters(_)) | (Call::Legacy(_), Carried::Bytes(_)) => None,
    }
}
