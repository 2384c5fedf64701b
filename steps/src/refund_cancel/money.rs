//! Checks of what went back to the wallet, and of what inquiries say about it.

use cucumber::then;
use evidence::words as say;
use protocol::Amount;
use protocol::ams::{PaymentStatus, RefundStatus};

use super::answers::want_cancelled;
use crate::parameters::Price;
use crate::wants::{
    ids, list, price, want_closing, want_closing_refunds, want_credits, want_debits,
    want_given_back, want_listed, wishes,
};
use crate::{Finding, Seen, Stage};

/// Wants these amounts to have gone back as refunds of a payment that stays paid.
fn want_back(finding: &mut Finding, seen: &Seen, amounts: &[Amount]) {
    want_credits(finding, seen, amounts);
    want_closing_refunds(finding, seen, RefundStatus::Success);
    for id in ids(seen) {
        want_closing(finding, seen, &id, PaymentStatus::Success);
    }
    want_listed(finding, seen, amounts);
}

#[then(expr = "the wallet gets {price} back, once, and both inquiries say so")]
async fn gets_back(stage: &mut Stage, price: Price) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_back(&mut finding, seen, &[price.0]);
            finding
        })
        .await;
}

#[then(expr = "the wallet gets all of it back, and the inquiry lists each refund")]
async fn gets_all_back(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_back(&mut finding, seen, &wishes(seen));
            finding
        })
        .await;
}

#[then(expr = "what is left is accepted, and in all the price goes back")]
async fn all_in_all(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            if seen.wallet.is_none() {
                finding.cannot_judge(say::CANNOT_JUDGE_WALLET.plain());
            }
            let credits: Vec<_> = ids(seen).iter().flat_map(|id| seen.credits(id)).collect();
            let sum: i64 = credits.iter().map(|amount| amount.minor).sum();
            let whole = price(seen).first().map_or(0, |price| price.minor);
            finding.want(
                sum == whole,
                say::GIVEN_BACK.with([list(&price(seen))]),
                say::GIVEN_BACK.with([list(&credits)]),
            );
            finding
        })
        .await;
}

#[then(expr = "{price} is given back, once")]
async fn given_back_once(stage: &mut Stage, price: Price) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_credits(&mut finding, seen, &[price.0]);
            finding
        })
        .await;
}

#[then(expr = "no money moves for it, and no refund is listed")]
async fn nothing_moves(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            // What a cancel gave back is no refund.
            want_given_back(&mut finding, seen);
            // A payment that nobody knows has no order whose money could be looked at.
            if seen.order().is_none() {
                want_nothing_moved(&mut finding, seen);
            }
            want_listed(&mut finding, seen, &[]);
            finding
        })
        .await;
}

/// Wants no wallet to have been debited or given anything.
fn want_nothing_moved(finding: &mut Finding, seen: &Seen) {
    let Some(wallet) = &seen.wallet else {
        return finding.cannot_judge(say::CANNOT_JUDGE_WALLET.plain());
    };
    let amounts = |moved: &[evidence::Movement]| -> Vec<Amount> {
        moved.iter().map(|movement| movement.amount).collect()
    };
    let (debits, credits) = (amounts(&wallet.debits), amounts(&wallet.credits));
    finding.want(
        credits.is_empty(),
        say::GIVEN_BACK.with(["—"]),
        say::GIVEN_BACK.with([list(&credits)]),
    );
    finding.want(debits.is_empty(), say::DEBITED.with(["—"]), say::DEBITED.with([list(&debits)]));
}

#[then(expr = "the whole amount goes back to the wallet, once, and no refund is listed")]
async fn cancel_gives_back(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_debits(&mut finding, seen, &price(seen));
            want_credits(&mut finding, seen, &price(seen));
            want_listed(&mut finding, seen, &[]);
            finding
        })
        .await;
}

#[then(expr = "the whole amount goes back to the wallet, once")]
async fn goes_back_once(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_credits(&mut finding, seen, &price(seen));
            finding
        })
        .await;
}

#[then(
    expr = "the payment is cancelled and the whole amount goes back, once, however many cancels came"
)]
async fn cancelled_once(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_cancelled(&mut finding, seen);
            want_credits(&mut finding, seen, &price(seen));
            finding
        })
        .await;
}

#[then(expr = "there is one outcome: the payment is cancelled, and a debit went back, once")]
async fn one_outcome(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_cancelled(&mut finding, seen);
            want_given_back(&mut finding, seen);
            finding
        })
        .await;
}
