//! What is wanted of the wallet: what was taken for the order, and what went back.

use evidence::words as say;
use protocol::Amount;

use crate::{Finding, Seen};

/// The order's payment request ids.
pub(crate) fn ids(seen: &Seen) -> Vec<String> {
    seen.order().map(|order| seen.ids_of(order)).unwrap_or_default()
}

/// Every debit of the order's payments.
fn debits(seen: &Seen) -> Vec<Amount> {
    ids(seen).iter().flat_map(|id| seen.debits(id)).collect()
}

fn list(amounts: &[Amount]) -> String {
    if amounts.is_empty() {
        return "—".into();
    }
    amounts.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn wallet_known(finding: &mut Finding, seen: &Seen) -> bool {
    if seen.wallet.is_none() {
        finding.cannot_judge(say::CANNOT_JUDGE_WALLET.plain());
    }
    seen.wallet.is_some()
}

/// Wants exactly these debits for the order.
pub(crate) fn want_debits(finding: &mut Finding, seen: &Seen, wanted: &[Amount]) {
    if wallet_known(finding, seen) {
        let debits = debits(seen);
        let seen = say::DEBITED.with([list(&debits)]);
        finding.want(debits == wanted, say::DEBITED.with([list(wanted)]), seen);
    }
}

/// The order's price, as the one debit it should lead to; nothing if it has none.
pub(crate) fn price(seen: &Seen) -> Vec<Amount> {
    seen.order().and_then(|order| seen.price_of(order)).into_iter().collect()
}

/// Wants the order to be debited once, or not at all.
pub(crate) fn want_debits_at_most_one(finding: &mut Finding, seen: &Seen) {
    if wallet_known(finding, seen) {
        let count = debits(seen).len();
        finding.want(count <= 1, say::DEBITED_AT_MOST.with([1]), say::DEBITED_TIMES.with([count]));
    }
}

/// Wants all that was debited for the order to have gone back, once.
pub(crate) fn want_given_back(finding: &mut Finding, seen: &Seen) {
    if wallet_known(finding, seen) {
        let debits = debits(seen);
        let credits: Vec<Amount> = ids(seen).iter().flat_map(|id| seen.credits(id)).collect();
        let told = say::GIVEN_BACK.with([list(&credits)]);
        finding.want(credits == debits, say::GIVEN_BACK.with([list(&debits)]), told);
    }
}
