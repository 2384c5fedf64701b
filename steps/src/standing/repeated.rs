//! S3: what was called comes back in answers and notices.

use std::collections::BTreeMap;

use evidence::words as say;
use protocol::ams::Api;

use crate::seen::Answer;
use crate::{Finding, Seen};

/// S3: answers and notices repeat ids, amounts and currencies as called.
pub(super) fn answers_repeat(seen: &Seen) -> Finding {
    let mut finding = Finding::new();
    let amounts = amounts_called(seen);
    for call in seen.at_gateway() {
        let Some(answer) = &call.answer_sent else { continue };
        let name = call.name();
        // What the gateway got counts, also where the witness changed it on the way.
        let got = call.received.as_ref().and_then(|request| request.fields.as_ref());
        let asked = |path: &str| got.and_then(|fields| fields.text(path));
        let told_id = answer.text("paymentRequestId");
        want_same(
            &mut finding,
            answer,
            name,
            "paymentRequestId",
            asked("paymentRequestId"),
            told_id,
        );
        let paid = match call.api {
            Some(Api::Pay) => asked("paymentAmount.value").zip(asked("paymentAmount.currency")),
            Some(Api::InquiryPayment | Api::Cancel) | None => {
                asked("paymentRequestId").and_then(|id| amounts.get(&id).cloned())
            }
            Some(
                Api::Refund
                | Api::InquiryRefund
                | Api::Registration
                | Api::InquiryRegistrationStatus
                | Api::InquiryRegistrationInfo,
            ) => None,
        };
        want_amount(&mut finding, answer, name, paid.as_ref());
    }
    for notice in seen.told() {
        let Some(sent) = &notice.sent else { continue };
        let paid = notice.request_id().and_then(|id| amounts.get(&id).cloned());
        let told = notice.asked("paymentAmount.value").zip(notice.asked("paymentAmount.currency"));
        if let Some((paid, told)) = paid.zip(told) {
            finding.want_for_good(
                paid == told,
                say::VALUE_REPEATED.with(["notice", "paymentAmount", &join(&paid)]),
                say::VALUE_OTHER.with(["notice", "paymentAmount", &join(&told)]),
            );
            if paid != told {
                finding.shown_by([sent.line]);
            }
        }
    }
    finding.and(super::refunds::answers_repeat(seen))
}

fn join((value, currency): &(String, String)) -> String {
    format!("{currency} {value}")
}

pub(super) fn want_same(
    finding: &mut Finding,
    answer: &Answer,
    name: &str,
    path: &str,
    asked: Option<String>,
    told: Option<String>,
) {
    if let Some((asked, told)) = asked.zip(told)
        && asked != told
    {
        finding.shown_by([answer.line]);
        finding.fail_for_good(
            say::VALUE_REPEATED.with([name, path, &asked]),
            say::VALUE_OTHER.with([name, path, &told]),
        );
    }
}

fn want_amount(
    finding: &mut Finding,
    answer: &Answer,
    name: &str,
    asked: Option<&(String, String)>,
) {
    let told = answer.text("paymentAmount.value").zip(answer.text("paymentAmount.currency"));
    let (asked, told) = (asked.map(join), told.as_ref().map(join));
    want_same(finding, answer, name, "paymentAmount", asked, told);
}

/// The amount of each payment as the first accepted pay that reached the gateway named it.
fn amounts_called(seen: &Seen) -> BTreeMap<String, (String, String)> {
    let mut amounts = BTreeMap::new();
    for pay in seen.at_gateway().filter(|call| call.api == Some(Api::Pay)) {
        let got = pay.received.as_ref().and_then(|request| request.fields.as_ref());
        let text = |path: &str| got.and_then(|fields| fields.text(path));
        let amount = text("paymentAmount.value").zip(text("paymentAmount.currency"));
        if let Some((id, amount)) = text("paymentRequestId").zip(amount) {
            amounts.entry(id).or_insert(amount);
        }
    }
    amounts
}
