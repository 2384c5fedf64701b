//! Checks of payments in the names of secondary merchants.

use cucumber::then;
use evidence::words as say;
use protocol::Amount;
use protocol::ams::Api;

use super::told::{own, subject, wishes};
use crate::seen::Act;
use crate::wants::{want_field, want_refusal};
use crate::{Finding, Seen, Stage};

#[then(expr = "a pay that goes out names this merchant and no other")]
async fn names_this_merchant(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let id = subject(seen).unwrap_or_default();
            for pay in seen.calls_of(Api::Pay) {
                finding.shown_by(pay.lines());
                want_field(&mut finding, pay, "order.merchant.referenceMerchantId", &[&id]);
            }
            finding
        })
        .await;
}

#[then(expr = "the gateway refuses the pay in its name")]
async fn pay_refused(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(pay) = own(seen, Api::Pay).pop() else {
                finding.cannot_judge(say::CALL_NOT_SEEN.with(["pay"]));
                return finding;
            };
            want_refusal(&mut finding, pay, "pay", &["INVALID_MERCHANT_STATUS"]);
            finding
        })
        .await;
}

#[then(expr = "nothing is debited in its name")]
async fn nothing_debited(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(wallet) = &seen.wallet else {
                finding.cannot_judge(say::CANNOT_JUDGE_WALLET.plain());
                return finding;
            };
            let debits: Vec<Amount> = wallet.debits.iter().map(|debit| debit.amount).collect();
            let list = debits.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            finding.want(debits.is_empty(), say::DEBITED.with(["—"]), say::DEBITED.with([list]));
            finding
        })
        .await;
}

#[then(expr = "each pay carries the ids that were registered for the store of its till")]
async fn pays_carry_ids(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            for sale in seen.sales() {
                want_registered_ids(&mut finding, seen, sale);
            }
            finding
        })
        .await;
}

fn want_registered_ids(finding: &mut Finding, seen: &Seen, sale: &Act) {
    let (order, at) = (sale.text("order").unwrap_or_default(), sale.text("store"));
    let pays = seen.pays_for(order);
    if pays.is_empty() {
        finding.fail(say::CALL_SEEN.with(["pay"]), say::CALL_NOT_SEEN.with(["pay"]));
    }
    let known = wishes(seen).into_iter().find_map(|wish| {
        let store = wish.stores.iter().find(|store| Some(store.id.as_str()) == at)?.clone();
        Some((wish, store))
    });
    let Some((wish, store)) = known else {
        return finding.cannot_judge(say::CANNOT_JUDGE.plain());
    };
    for pay in pays {
        finding.shown_by(pay.lines());
        for (path, wanted) in [
            ("order.merchant.referenceMerchantId", &wish.id),
            ("order.merchant.merchantMCC", &wish.mcc),
            ("order.merchant.store.referenceStoreId", &store.id),
            ("order.merchant.store.storeMCC", &store.mcc),
        ] {
            want_field(finding, pay, path, &[wanted]);
        }
    }
}
