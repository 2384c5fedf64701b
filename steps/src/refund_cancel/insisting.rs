//! Checks of how the merchant goes on until it knows what became of a refund.

use cucumber::then;
use evidence::words as say;

use crate::standing::refund_changed;
use crate::wants::refunds;
use crate::{Finding, Seen, Stage};

#[then(expr = "it is one refund from beginning to end: one id, the same values")]
async fn one_refund(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let refunds = refunds(seen, &mut finding);
            let Some(first) = refunds.first() else { return finding };
            for again in &refunds {
                if let Some(field) = refund_changed(first, again) {
                    finding.shown_by(again.lines());
                    finding.fail_for_good(
                        say::REFUND_UNCHANGED.plain(),
                        say::REFUND_CHANGED.with([field]),
                    );
                }
            }
            finding
        })
        .await;
}

#[then(expr = "the merchant goes on, by repeating or by asking, until it knows the end")]
async fn goes_on(stage: &mut Stage) {
    stage.judge(until_the_end).await;
}

fn until_the_end(seen: &Seen) -> Finding {
    let mut finding = Finding::new();
    let refunds = refunds(seen, &mut finding);
    for id in refunds.iter().filter_map(|refund| refund.refund_id()) {
        let about = seen.calls_about_refund(&id);
        finding.shown_by(about.iter().map(|call| call.line()));
        finding.want(
            seen.refund_end_known(&id, u32::MAX).is_some(),
            say::REFUND_FINAL.with([&id]),
            say::REFUND_NOT_FINAL.with([&id]),
        );
    }
    finding
}

#[then(expr = "F ends it: no repeat, under the old id or a new one")]
async fn no_repeat(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let count = refunds(seen, &mut finding).len();
            finding.want_for_good(
                count <= 1,
                say::CALLS_AT_MOST.with(["refund", "1"]),
                say::CALLS_COUNT.with(["refund", &count.to_string()]),
            );
            finding
        })
        .await;
}
