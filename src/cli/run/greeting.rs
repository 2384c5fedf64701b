//! What a gateway elsewhere is asked first, and how its answers are told.

use evidence::words::{
    GATEWAY_NO_TLS, GATEWAY_NO_TLS_DO, GATEWAY_ODD, GATEWAY_ODD_DO, GATEWAY_OTHER_KEY,
    GATEWAY_OTHER_KEY_DO, GATEWAY_OTHER_MERCHANT_KEY, GATEWAY_OTHER_MERCHANT_KEY_DO,
    GATEWAY_SILENT, GATEWAY_SILENT_DO, GATEWAY_SLOW, GATEWAY_STRANGER, GATEWAY_STRANGER_DO, Phrase,
    Place as Filled, Sentence,
};
use steps::{Greeting, StageError, Tested};

use super::gateway::{ASKED_FOR, Reached, no_tenant, within};
use crate::exit::CommandError;
use crate::profile::Profile;

/// Asks a gateway elsewhere a first question, whether both sides know each other's keys.
pub(super) fn greet(reached: &Reached, profile: &Profile) -> Result<(), CommandError> {
    let product = profile.products.iter().find_map(|product| product.parse().ok());
    let Some(product) = product.filter(|_| !reached.is_embedded()) else { return Ok(()) };
    let backstage = reached.backstage(profile, Tested::Reference, 0);
    let url = reached.url.as_str();
    let greeting = within(ASKED_FOR, backstage.greet(product))?;
    let slow = || Ok(Greeting::Silent(GATEWAY_SLOW.with([ASKED_FOR.as_secs()]).into()));
    let unusable = |says: Phrase, advice: &Sentence| {
        Err(CommandError::Unusable { says, advice: advice.plain() })
    };
    let (says, advice) = match greeting.unwrap_or_else(slow) {
        Ok(Greeting::Understood) => return Ok(()),
        Ok(Greeting::Stranger(code)) => {
            let account = &profile.gateway;
            let who = account.client_id.as_ref().or(account.partner.as_ref());
            let who = who.cloned().unwrap_or_default();
            let says = GATEWAY_STRANGER.with([url, &who, &code]);
            return unusable(says, &GATEWAY_STRANGER_DO);
        }
        Ok(Greeting::OtherMerchantKey(code)) => {
            let says = GATEWAY_OTHER_MERCHANT_KEY.with([url, &code]);
            return unusable(says, &GATEWAY_OTHER_MERCHANT_KEY_DO);
        }
        Ok(Greeting::OtherGatewayKey) => {
            return unusable(GATEWAY_OTHER_KEY.with([url]), &GATEWAY_OTHER_KEY_DO);
        }
        Ok(Greeting::NoGateway(what)) => {
            let generation = product.generation().name();
            (GATEWAY_ODD.with([url, generation, &what]), &GATEWAY_ODD_DO)
        }
        Ok(Greeting::NoTls(why)) => {
            (GATEWAY_NO_TLS.holding([Filled::value(url), why]), &GATEWAY_NO_TLS_DO)
        }
        Ok(Greeting::Silent(why)) => {
            (GATEWAY_SILENT.holding([Filled::value(url), why]), &GATEWAY_SILENT_DO)
        }
        Err(StageError::Gateway(why)) => return Err(no_tenant(url, &why)),
        Err(StageError::System(why)) => return Err(CommandError::Bug(Filled::value(why))),
    };
    Err(CommandError::Gateway { says, advice: advice.plain() })
}
