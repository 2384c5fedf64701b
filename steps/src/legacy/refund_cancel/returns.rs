//! Checks of how the merchant goes on about a refund, and of what its books show of it.

use cucumber::then;
use evidence::RefundState;
use evidence::words as say;
use protocol::ams::Status;

use super::parameters::RefundEnd;
use crate::seen::Exchange;
use crate::standing::refund_changed;
use crate::wants::{refunds, want_refunded, want_refunds_proved, want_slip, wishes};
use crate::{Finding, Seen, Stage};

/// How often a refund is tried at least before a person gets it. Two tries prove nothing: both may
/// have met the same trouble.
pub(super) const TRIES: usize = 3;

#[then(expr = "a refused refund is shown as refused, and the refunded total is the gateway's")]
async fn refused_is_shown(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let order = seen.order().unwrap_or_default();
            let accepted = seen
                .refunds_of(order)
                .into_iter()
                .filter(|refund| refund.told().is_some_and(|(status, _)| status == Status::S));
            let done: Vec<_> = accepted.filter_map(Exchange::refund_amount).collect();
            want_refunded(&mut finding, seen, &done);
            // A till may refuse such a slip without writing it down.
            let refused_at_once = !seen.acts_of("merchant-refused").is_empty();
            if done.len() < seen.slips_of(order).len() && !refused_at_once {
                want_slip(&mut finding, seen, RefundState::Refused);
            }
            finding
        })
        .await;
}

#[then(
    expr = "the same refund comes again, every parameter unchanged, or is asked about, until its end is known"
)]
async fn repeated_until_known(stage: &mut Stage) {
    stage.judge(until_known).await;
}

fn until_known(seen: &Seen) -> Finding {
    let mut finding = Finding::new();
    let refunds = refunds(seen, &mut finding);
    let Some(first) = refunds.first() else { return finding };
    for again in &refunds {
        if let Some(field) = refund_changed(first, again) {
            let changed = say::REFUND_CHANGED.with([field]);
            finding.fail_for_good(say::REFUND_UNCHANGED.plain(), changed);
        }
    }
    let number = first.refund_id().unwrap_or_default();
    let tried = seen.calls_about_refund(&number).len();
    finding.want(
        tried >= TRIES || seen.refund_end_known(&number, u32::MAX).is_some(),
        say::REFUND_FINAL.with([&number]),
        say::REFUND_NOT_FINAL.with([&number]),
    );
    finding
}

#[then(expr = "the refund is pending until its end is known, and ends {refund-end}")]
async fn pending_until_known(stage: &mut Stage, end: RefundEnd) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_refunds_proved(&mut finding, seen);
            want_never_refused(&mut finding, seen);
            match end {
                RefundEnd::Refunded => want_refunded(&mut finding, seen, &wishes(seen)),
                RefundEnd::Person => {
                    want_slip(&mut finding, seen, RefundState::ForStaff);
                    want_refunded(&mut finding, seen, &[]);
                }
            }
            finding
        })
        .await;
}

/// Wants no slip ever to have been shown as refused.
pub(super) fn want_never_refused(finding: &mut Finding, seen: &Seen) {
    for reading in seen.readings_of(seen.order().unwrap_or_default()) {
        let refused = |it: &&evidence::RefundView| it.state == RefundState::Refused;
        if let Some(refund) = reading.view.refunds.iter().find(refused) {
            finding.shown_by([reading.line]);
            let told = [refund.slip.as_str(), RefundState::Refused.name()];
            finding.fail_for_good(say::SLIP_PROVED.with(told), say::SLIP_UNPROVED.with(told));
        }
    }
}
