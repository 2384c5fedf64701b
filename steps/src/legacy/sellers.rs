//! Checks that a payment names who sold, as it was registered.

use cucumber::then;
use evidence::words as say;
use merchant::{Register, RegisterStore};
use serde_json::Value;

use crate::merchants::told::wishes;
use crate::seen::{Act, Exchange};
use crate::wants::four_digits;
use crate::{Finding, Seen, Stage};

/// The JSON in a payment that names the seller, by its name there.
fn names_in(pay: &Exchange) -> (&'static str, Option<Value>) {
    let mut known = ["extend_info", "extend_params"].into_iter();
    let told = known.find_map(|name| Some((name, pay.parameter(name)?)));
    match told {
        Some((name, text)) => (name, serde_json::from_str(text).ok()),
        None => ("extend_info", None),
    }
}

/// Judges every payment of every sale by who was registered for the store of its till.
fn each_payment(
    seen: &Seen,
    judge: impl Fn(&mut Finding, &Exchange, &Register, &RegisterStore),
) -> Finding {
    let mut finding = Finding::new();
    for sale in seen.sales() {
        let Some((wish, store)) = registered(seen, sale) else {
            finding.cannot_judge(say::CANNOT_JUDGE.plain());
            continue;
        };
        let pays = seen.pays_for(sale.text("order").unwrap_or_default());
        if pays.is_empty() {
            finding.fail(say::CALL_SEEN.with(["pay"]), say::CALL_NOT_SEEN.with(["pay"]));
        }
        for pay in pays {
            finding.shown_by(pay.lines());
            judge(&mut finding, pay, &wish, &store);
        }
    }
    finding
}

/// Who was registered for the store of a sale's till.
fn registered(seen: &Seen, sale: &Act) -> Option<(Register, RegisterStore)> {
    let at = sale.text("store")?;
    wishes(seen).into_iter().find_map(|wish| {
        let store = wish.stores.iter().find(|store| store.id == at)?.clone();
        Some((wish, store))
    })
}

/// Wants a member of the JSON to be this; one that may be left out only where it is there.
fn want_member(finding: &mut Finding, pay: &Exchange, name: &str, wanted: &str, needed: bool) {
    let (parameter, names) = names_in(pay);
    let told = names.as_ref().and_then(|names| names.get(name)).and_then(Value::as_str);
    let path = format!("{parameter}.{name}");
    let seen = told
        .map_or_else(|| say::FIELD_ABSENT.with([&path]), |told| say::FIELD_IS.with([&path, told]));
    let holds = told.map_or(!needed, |told| told == wanted);
    finding.want_for_good(holds, say::FIELD_IS.with([path.as_str(), wanted]), seen);
}

#[then(expr = "each payment names the store that sold and its secondary merchant, as registered")]
async fn names_its_store(stage: &mut Stage) {
    stage
        .judge(|seen| {
            each_payment(seen, |finding, pay, wish, store| {
                want_member(finding, pay, "store_id", &store.id, true);
                want_member(finding, pay, "secondary_merchant_id", &wish.id, true);
            })
        })
        .await;
}

#[then(
    expr = "name and industry of the secondary merchant are the registered ones, where they are sent"
)]
async fn names_its_industry(stage: &mut Stage) {
    stage
        .judge(|seen| {
            each_payment(seen, |finding, pay, wish, _store| {
                want_member(finding, pay, "secondary_merchant_name", &wish.name, false);
                want_member(finding, pay, "secondary_merchant_industry", &wish.mcc, false);
                let path = "secondary_merchant_industry";
                let (_, names) = names_in(pay);
                let told = names.as_ref().and_then(|names| names.get(path)?.as_str());
                if let Some(told) = told {
                    finding.want_for_good(
                        four_digits(told),
                        say::FIELD_MATCHES.with([path, "four-digits"]),
                        say::FIELD_IS.with([path, told]),
                    );
                }
            })
        })
        .await;
}
