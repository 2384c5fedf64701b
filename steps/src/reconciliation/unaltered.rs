//! Checks that what was not altered agrees, and of what the bank is to receive.

use cucumber::then;
use evidence::words as say;
use evidence::{Difference, ReconciliationState, ReconciliationView};
use protocol::Amount;
use protocol::ams::reconciliation::FileKind;

use super::found::{in_words, last, listed, told};
use super::money::items;
use super::others::Told;
use crate::{Finding, Seen, Stage};

/// Wants no difference about what was not altered.
fn want_nothing_else(finding: &mut Finding, seen: &Seen, view: &ReconciliationView) {
    let altered = seen.altered(view.kind);
    let planted: Vec<&str> = altered.wanted.iter().map(|wanted| wanted.id.as_str()).collect();
    let told_of = Told::of(finding, &seen.owned(), view, &planted);
    if finding.not_judged.is_some() {
        return;
    }
    let ours = |difference: &&Difference| {
        !altered.wanted.iter().any(|wanted| difference.id.as_ref() == Some(&wanted.id))
    };
    let judged = told_of.differences.iter().copied();
    let others: Vec<_> = judged.filter(ours).map(in_words).collect();
    let ids: Vec<_> = altered.wanted.iter().map(|wanted| wanted.id.clone()).collect();
    finding.want(
        others.is_empty(),
        say::RECONCILED_WITHOUT.holding([listed(&ids)]),
        say::DIFFERENCES_ARE.holding([listed(&others)]),
    );
    let verdict =
        matches!(view.state, ReconciliationState::Clean | ReconciliationState::Differences);
    finding.want(verdict, say::RECONCILED_WITHOUT.holding([listed(&ids)]), told(view));
}

#[then(expr = "the merchant finds no difference in what was not altered")]
async fn nothing_else(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            if let Some((_, reading)) = last(seen, &mut finding) {
                want_nothing_else(&mut finding, seen, &reading.view);
            }
            finding
        })
        .await;
}

#[then(
    expr = "the merchant finds no difference in what was not altered, and names what the bank is to receive"
)]
async fn nothing_else_and_payout(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            if let Some((_, reading)) = last(seen, &mut finding) {
                want_nothing_else(&mut finding, seen, &reading.view);
                want_payout(&mut finding, seen, &reading.view);
            }
            finding
        })
        .await;
}

/// Wants the sum of the items' nets, batch by batch.
fn want_payout(finding: &mut Finding, seen: &Seen, view: &ReconciliationView) {
    let mut wanted = vec![];
    for report in seen.reports_of(FileKind::SettlementItems) {
        let Some(batch) = report.name.batch() else { continue };
        let mut net = 0;
        items(&report, |item| net += item.net.minor);
        wanted.push(format!("{} {}", batch.id, Amount::new(batch.currency, net)));
    }
    let told: Vec<_> =
        view.payouts.iter().map(|payout| format!("{} {}", payout.batch, payout.amount)).collect();
    finding.want(
        told == wanted,
        say::PAYOUT_IS.holding([listed(&wanted)]),
        say::PAYOUT_IS.holding([listed(&told)]),
    );
}
