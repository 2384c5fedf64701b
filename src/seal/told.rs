//! The profile of a bundle against everything else that it tells.

use evidence::words as say;

use super::bundle::{Contents, ShownKey};
use super::replay::{ReplayFault, fault};
use crate::profile::{ToldKey, ToldProfile};
use crate::suite::Declared;

/// The profile says of run, gateway, merchant and keys what statement, keys and trusted key say.
pub(super) fn same_profile(
    contents: &Contents<'_>,
    told: &ToldProfile,
    trusted: &str,
) -> Result<(), ReplayFault> {
    let facts = contents.facts;
    let ToldProfile { gateway, merchant, report, .. } = told;
    let declared = Declared { products: facts.merchant.products.clone(), ..Declared::default() };
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let key = |key: &Option<ToldKey>| {
        key.as_ref().map_or_else(String::new, |key| key.fingerprint.clone())
    };
    let sign_type = gateway.partner.as_ref().map(|_| told.conditions.sign_type.sign_type().name());
    for (name, told, known) in [
        ("client-id", &facts.merchant.client_id, text(&gateway.client_id)),
        ("partner", &facts.merchant.partner, text(&gateway.partner)),
        ("sign-type", &facts.gateway.sign_type, sign_type.unwrap_or_default().to_owned()),
        ("driver-of-profile", &facts.merchant.driver, merchant.driver.clone()),
        ("generation-of-profile", &facts.gateway.generation, told.generation.clone()),
        ("generation-of-products", &facts.gateway.generation, declared.generation()),
        ("gateway-of-profile", &facts.gateway.url, gateway.url.clone()),
        ("merchant-key", &facts.merchant.request_key_sha256, key(&gateway.merchant_key)),
        ("gateway-key", &facts.gateway.response_key_sha256, key(&gateway.gateway_public_key)),
        ("report-key-of-profile", &facts.signer.key_sha256, report.key.fingerprint.clone()),
        ("report-key", &facts.signer.key_sha256, trusted.to_owned()),
        ("integrator", &facts.signer.integrator, report.integrator.clone()),
        ("contact", &facts.signer.contact, report.contact.clone()),
        ("products-of-profile", &facts.merchant.products.join(","), told.products.join(",")),
        ("gateway-key", &facts.gateway.response_key_sha256, shown(contents.keys.gateway.as_ref())),
    ] {
        if *told != known {
            return Err(differs(name));
        }
    }
    if gateway.rules != facts.gateway.rules {
        return Err(differs("rules-of-profile"));
    }
    // One key for both, or one for each.
    if gateway.md5_key.is_some() != contents.keys.gateway.is_none() {
        return Err(differs("md5-key"));
    }
    let sftp = told.reconciliation.as_ref().is_some_and(|told| told.get("sftp").is_some());
    let held = told.conditions.held(&facts.merchant.products, sftp);
    if !held.iter().eq(&contents.results.conditions) {
        let why = say::REPLAY_CONDITIONS.plain();
        return Err(fault(&say::PART_VERDICT, why, say::EXPECT_REPLAY.plain()));
    }
    Ok(())
}

fn shown(key: Option<&ShownKey>) -> String {
    ShownKey::fingerprint_of(key).to_owned()
}

fn differs(name: &str) -> ReplayFault {
    fault(&say::PART_VERDICT, say::REPLAY_FACT.with([name]), say::EXPECT_REPLAY.plain())
}
