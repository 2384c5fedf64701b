//! Checks of what the merchant's refunds ask for, and under which id.

use cucumber::then;
use evidence::words as say;
use protocol::ams::is_refund_request_id;

use crate::parameters::Price;
use crate::seen::Exchange;
use crate::standing::wishes_before;
use crate::wants::{refunds, want_ack, want_field, want_form, wishes};
use crate::{Finding, Seen, Stage};

/// Wants a refund to have a plain id and to name the gateway's id of the payment and an amount.
fn want_body(finding: &mut Finding, seen: &Seen, refund: &Exchange, price: protocol::Amount) {
    let (path, form) = ("refundRequestId", "up-to-64");
    want_form(finding, refund, path, form, |id| (1..=64).contains(&id.chars().count()));
    // Which characters are special ones no page says.
    let id = refund.refund_id().unwrap_or_default();
    finding.guess(
        id.is_empty() || is_refund_request_id(&id),
        say::FIELD_MATCHES.with([path, "plain"]),
        say::FIELD_IS.with([path, &id]),
    );
    let payment = seen.order().and_then(|order| seen.payment_id_of(order)).unwrap_or_default();
    want_field(finding, refund, "paymentId", &[&payment]);
    want_field(finding, refund, "refundAmount.value", &[&price.minor.to_string()]);
    want_field(finding, refund, "refundAmount.currency", &[price.currency.code()]);
}

/// The refund request ids of the order, each once, in the order of their first use.
pub(crate) fn used(refunds: &[&Exchange]) -> Vec<String> {
    let mut ids = vec![];
    for id in refunds.iter().filter_map(|refund| refund.refund_id()) {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    ids
}

#[then(expr = "the refund has an id of its own, names the payment, and asks for {price}")]
async fn asks_for(stage: &mut Stage, price: Price) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            for refund in refunds(seen, &mut finding) {
                want_body(&mut finding, seen, refund, price.0);
            }
            finding
        })
        .await;
}

#[then(expr = "each refund has its own id and amount, and all name the same payment")]
async fn each_its_own(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let refunds = refunds(seen, &mut finding);
            let (ids, wishes) = (used(&refunds), wishes(seen));
            want_count(&mut finding, &ids, wishes.len());
            for (id, wish) in ids.iter().zip(wishes) {
                for refund in refunds.iter().filter(|it| it.refund_id().as_ref() == Some(id)) {
                    want_body(&mut finding, seen, refund, wish);
                }
            }
            finding
        })
        .await;
}

/// Wants so many refund request ids. One too many stays one too many.
pub(crate) fn want_count(finding: &mut Finding, ids: &[String], wanted: usize) {
    let expected = say::REFUND_IDS.with([wanted.to_string(), "…".into()]);
    let told = say::REFUND_IDS.with([ids.len().to_string(), ids.join(", ")]);
    finding.want_for_good(ids.len() <= wanted, expected.clone(), told.clone());
    finding.want(ids.len() == wanted, expected, told);
}

#[then(expr = "one wish is one refund: one id, whatever is pressed")]
async fn one_wish_one_id(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let ids = used(&refunds(seen, &mut finding));
            want_count(&mut finding, &ids, 1);
            finding
        })
        .await;
}

#[then(expr = "the reason arrives as the clerk wrote it, character by character")]
async fn reason_arrives(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let order = seen.order().unwrap_or_default();
            let press = seen.presses(order).last();
            let wanted = press.and_then(|act| act.text("reason")).unwrap_or_default();
            for refund in refunds(seen, &mut finding) {
                want_field(&mut finding, refund, "refundReason", &[wanted]);
            }
            finding
        })
        .await;
}

#[then(expr = "the notice of the refund, where one is asked for, gets the fixed acknowledgement")]
async fn notice_acked(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let refunds = refunds(seen, &mut finding);
            let asked = refunds.iter().any(|it| it.asked("refundNotifyUrl").is_some());
            let notices: Vec<_> = seen.notices().filter(|it| it.refund_id().is_some()).collect();
            if asked && notices.is_empty() {
                // Whom nobody tells anything cannot acknowledge it.
                finding.cannot_judge(say::NOTICE_NONE.plain());
            }
            for notice in notices {
                want_ack(&mut finding, notice);
            }
            finding
        })
        .await;
}

#[then(expr = "it counts as no answer: no refund under a new id follows")]
async fn no_new_id(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let order = seen.order().unwrap_or_default();
            let ids = seen.refund_ids_of(order);
            let wishes = wishes_before(seen, order, u32::MAX);
            finding.shown_by(seen.refunds_of(order).iter().map(|refund| refund.line()));
            finding.want_for_good(
                ids.len() <= wishes,
                say::REFUND_IDS_AT_MOST.with([wishes]),
                say::REFUND_IDS.with([ids.len().to_string(), ids.join(", ")]),
            );
            finding
        })
        .await;
}
