//! What a run has to bring along where it moves real money, before the first call.

use std::collections::BTreeMap;

use evidence::words::{
    PILOT_ABOVE, PILOT_ABOVE_DO, PILOT_CURRENCY, PILOT_CURRENCY_DO, PILOT_FLAG, PILOT_FLAG_DO,
    PILOT_NO_CAP, PILOT_NO_CAP_DO, PILOT_NONE, PILOT_UNSAFE, PILOT_UNSAFE_DO, Phrase, Sentence,
};
use protocol::{Amount, Currency};
use steps::{Purse, trial_price};

use crate::exit::CommandError;
use crate::profile::{Driver, GatewayUrl, Profile};
use crate::suite::{Plan, Planned};

/// What was asked for on the command line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'a> {
    /// Whether the gateway is the embedded one, whatever the profile says.
    pub(super) embedded: bool,
    /// Whether whoever runs it says that they know what it does.
    pub(super) knows: bool,
    /// The selection.
    pub(super) wanted: &'a [String],
}

/// Refuses a run that would move money nobody spoke of, and answers what it may sell for; `None` where
/// no real money moves. Without a selection the plan keeps what is safe for a pilot.
pub(super) fn guard(
    profile: &Profile,
    plan: &mut Plan,
    asked: Asked<'_>,
) -> Result<Option<Purse>, CommandError> {
    let gateway = &profile.gateway;
    let url = match &gateway.url {
        GatewayUrl::Remote(url) if gateway.moves_money() && !asked.embedded => url,
        GatewayUrl::Remote(_) | GatewayUrl::Embedded => return Ok(None),
    };
    if !asked.knows {
        return Err(usage(PILOT_FLAG.with([url]), &PILOT_FLAG_DO));
    }
    let Some(cap) = gateway.cap else {
        return Err(unusable(PILOT_NO_CAP.with([url]), &PILOT_NO_CAP_DO));
    };
    let mut dangerous = plan.planned.iter().filter(|run| !run.is_safe_for_a_pilot());
    if let Some(first) = dangerous.next().filter(|_| !asked.wanted.is_empty()) {
        return Err(usage(PILOT_UNSAFE.with([&first.key]), &PILOT_UNSAFE_DO));
    }
    keep_safe(plan);
    if plan.planned.is_empty() {
        return Err(usage(PILOT_NONE.plain(), &PILOT_UNSAFE_DO));
    }
    for (currency, minor) in totals(profile, plan) {
        if currency != cap.currency {
            let places = [currency.code(), cap.currency.code()];
            return Err(unusable(PILOT_CURRENCY.with(places), &PILOT_CURRENCY_DO));
        }
        if minor > cap.minor {
            let total = Amount { currency, minor };
            let places = [total.to_string(), cap.to_string()];
            return Err(unusable(PILOT_ABOVE.with(places), &PILOT_ABOVE_DO));
        }
    }
    Ok(Some(Purse::new(cap)))
}

/// Leaves what is not safe for a pilot out of a plan.
pub(super) fn keep_safe(plan: &mut Plan) {
    plan.planned.retain(Planned::is_safe_for_a_pilot);
}

/// What is sold in a plan, the trial sale included, by currency.
fn totals(profile: &Profile, plan: &Plan) -> BTreeMap<Currency, i64> {
    let tried = profile.merchant.driver != Driver::Reference;
    let trial = trial_price().filter(|_| tried);
    let sales = plan.planned.iter().flat_map(Planned::sales).chain(trial);
    let mut totals = BTreeMap::new();
    for sale in sales {
        let total: &mut i64 = totals.entry(sale.currency).or_default();
        *total = total.saturating_add(sale.minor);
    }
    totals
}

fn usage(says: Phrase, advice: &Sentence) -> CommandError {
    CommandError::Usage { says, advice: advice.plain() }
}

fn unusable(says: Phrase, advice: &Sentence) -> CommandError {
    CommandError::Unusable { says, advice: advice.plain() }
}
