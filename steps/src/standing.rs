//! The standing checks: they hold in every case without being written.
//!
//! S1 to S3, about single messages, are judged before the numbered checks; S4 to S6, about the
//! end, after them. What a case itself plants is exempt.

mod gateway_do;
mod refunds;
mod repeated;

pub(crate) use refunds::{changed_field as refund_changed, wishes_before};

use std::collections::BTreeMap;

use evidence::words::{self as say, Phrase, Place};
use evidence::{OrderState, Way};
use protocol::ams::{Api, PaymentStatus, Status, Verified};
use protocol::legacy::Service;
use protocol::{Amount, Generation};

use crate::legacy::only_disowned;
use crate::payment::changed_field;
use crate::seen::{Answer, Exchange, Reading};
use crate::{Finding, Seen};

/// A standing check by its name.
#[derive(Debug, Clone, Copy)]
pub struct Standing {
    /// `S1` to `S6`.
    pub name: &'static str,
    /// What it judges by.
    pub check: fn(&Seen) -> Finding,
}

/// Judged before the numbered checks.
pub const BEFORE: [Standing; 3] = [
    Standing { name: "S1", check: calls_verify },
    Standing { name: "S2", check: answers_verify },
    Standing { name: "S3", check: repeated::answers_repeat },
];

/// Judged after the numbered checks.
pub const AFTER: [Standing; 3] = [
    Standing { name: "S4", check: charged_once },
    Standing { name: "S5", check: books_agree },
    Standing { name: "S6", check: unknown_is_respected },
];

fn want_valid(
    finding: &mut Finding,
    verified: Option<Verified>,
    line: u32,
    what: impl Into<Place>,
    who: &str,
) {
    if verified != Some(Verified::Valid) {
        finding.shown_by([line]);
        let was = match verified {
            Some(Verified::Valid) => "valid",
            Some(Verified::Wrong) => "wrong",
            Some(Verified::Unsigned) => "missing",
            None => "unchecked",
        };
        let what = what.into();
        let wanted = say::SIGNATURE_VALID.holding([what.clone(), who.into()]);
        let told = say::SIGNATURE_IS.holding([what, was.into()]);
        finding.fail_for_good(wanted, told);
    }
}

/// Wants every message that came this way to be one: what is none has no signature either.
fn want_readable(finding: &mut Finding, seen: &Seen, way: &str, who: &str) {
    let unreadable = seen.acts_of("unreadable").into_iter();
    for act in unreadable.filter(|act| act.text("way") == Some(way)) {
        finding.shown_by([act.line]);
        let told = say::MESSAGE_UNREADABLE.holding([act.says()]);
        finding.fail_for_good(say::MESSAGE_WHOLE.with([who]), told);
    }
}

/// S1: every call verifies under the merchant's key; a signed acknowledgement does too.
fn calls_verify(seen: &Seen) -> Finding {
    let mut finding = Finding::new();
    want_readable(&mut finding, seen, "call", "merchant");
    for call in seen.calls() {
        let Some(sent) = &call.sent else { continue };
        let name = call.name();
        // "GEM sends no sign with it": whoever asks about a notice need not sign.
        let asks = call.service() == Some(Service::NotifyVerify);
        if asks && sent.verified == Some(Verified::Unsigned) {
            continue;
        }
        gateway_do::want_form(&mut finding, seen, sent, Way::Call, "merchant");
        want_valid(&mut finding, sent.verified, sent.line, name, "merchant");
    }
    let notices = seen.exchanges.iter().filter(|exchange| exchange.way == Way::Notice);
    for ack in notices.filter_map(|notice| notice.answer_sent.as_ref()) {
        if ack.verified != Some(Verified::Unsigned) {
            want_valid(&mut finding, ack.verified, ack.line, "acknowledgement", "merchant");
        }
    }
    finding
}

/// S2: every answer and notice verifies under the gateway's key; only the refusal of a bad
/// signature may be unsigned.
fn answers_verify(seen: &Seen) -> Finding {
    let mut finding = Finding::new();
    if !seen.at_gateway().any(|call| call.answer_sent.is_some()) {
        finding.cannot_judge(say::CANNOT_JUDGE.plain());
    }
    for call in seen.at_gateway() {
        let name = call.name();
        let Some(answer) = &call.answer_sent else {
            finding.shown_by(call.lines());
            finding
                .fail(say::SIGNATURE_VALID.with([name, "gateway"]), say::ANSWER_NONE.with([name]));
            continue;
        };
        let call_is_good =
            call.received.as_ref().is_some_and(|got| got.verified == Some(Verified::Valid));
        let refuses_signature = answer.outcome.as_ref().is_some_and(|told| {
            told.status == Status::F
                && matches!(told.code.as_str(), "INVALID_SIGNATURE" | "SIGNATURE_INVALID")
        });
        let unsigned = answer.verified == Some(Verified::Unsigned);
        gateway_do::want_xml(&mut finding, seen, call, answer);
        if unsigned && gateway_do::signs_nothing(call, answer) {
            continue;
        }
        if call_is_good || !refuses_signature || !unsigned {
            let what = say::SENT_ANSWER.with([name]);
            want_valid(&mut finding, answer.verified, answer.line, what, "gateway");
        }
    }
    want_readable(&mut finding, seen, "notice", "gateway");
    for told in seen.told() {
        let what = if told.is_return() { "return" } else { "notice" };
        if let Some(sent) = &told.sent {
            if !told.is_return() {
                gateway_do::want_form(&mut finding, seen, sent, Way::Notice, "gateway");
            }
            want_valid(&mut finding, sent.verified, sent.line, what, "gateway");
        }
    }
    finding
}

/// S4: one payment id and at most one debit for each payment request id; what is given back never
/// exceeds the payment.
fn charged_once(seen: &Seen) -> Finding {
    let mut finding = Finding::new();
    let mut ids: BTreeMap<String, String> = BTreeMap::new();
    for call in seen.at_gateway() {
        let Some(answer) = &call.answer_sent else { continue };
        let asked = call.request_id();
        let Some((id, payment)) = asked.zip(answer.text("paymentId")) else { continue };
        let known = ids.entry(id).or_insert_with(|| payment.clone());
        if *known != payment {
            finding.shown_by([answer.line]);
            finding.fail_for_good(
                say::FIELD_IS.with(["paymentId", known]),
                say::FIELD_IS.with(["paymentId", &payment]),
            );
        }
    }
    for notice in seen.told() {
        let told = notice.request_id().zip(notice.asked("paymentId"));
        let Some((id, payment)) = told else { continue };
        let known = ids.entry(id).or_insert_with(|| payment.clone());
        if *known != payment {
            finding.shown_by(notice.lines());
            finding.fail_for_good(
                say::FIELD_IS.with(["paymentId", known]),
                say::FIELD_IS.with(["paymentId", &payment]),
            );
        }
    }
    if seen.wallet.is_none() {
        finding.cannot_judge(say::CANNOT_JUDGE_WALLET.plain());
    }
    for id in seen.ids_at_gateway() {
        let (debits, credits) = (seen.debits(&id), seen.credits(&id));
        finding.want(
            debits.len() <= 1,
            say::DEBITED_AT_MOST.with([1]),
            say::DEBITED_TIMES.with([debits.len()]),
        );
        let sum = |amounts: &[Amount]| {
            amounts.iter().map(|amount| i128::from(amount.minor)).sum::<i128>()
        };
        let most = debits.first().map_or_else(|| "0".to_owned(), ToString::to_string);
        let back: Vec<String> = credits.iter().map(ToString::to_string).collect();
        finding.want(
            sum(&credits) <= sum(&debits),
            say::GIVEN_BACK_AT_MOST.with([most]),
            say::GIVEN_BACK.with([back.join(", ")]),
        );
    }
    finding.and(refunds::one_id(seen))
}

/// S5: at the end every order of the merchant agrees with the closing look.
fn books_agree(seen: &Seen) -> Finding {
    let mut finding = Finding::new();
    for order in seen.orders() {
        let Some(end) = seen.end_of(order) else {
            // What the till refused and never sent is in no books, and rightly so.
            if seen.refused(order) && seen.pays_for(order).is_empty() {
                continue;
            }
            let unread = say::ORDER_UNREAD.with([order]);
            finding.fail(say::AGREES_WITH_CLOSING.with([order, "…"]), unread);
            continue;
        };
        finding.shown_by([end.line]);
        let ids = seen.ids_of(order);
        if !ids.iter().all(|id| seen.closing_knows(id)) {
            // What the gateway does not tell says nothing about the merchant.
            finding.cannot_judge(say::INQUIRY_SILENT.plain());
            continue;
        }
        let statuses: Vec<Option<PaymentStatus>> =
            ids.iter().map(|id| seen.closing_status(id)).collect();
        let (wanted, agrees) = agreement(seen, end, &statuses);
        finding.want(agrees, say::AGREES_WITH_CLOSING.with([order, wanted]), described(end));
        finding = finding.and(refunds::books_agree(seen, order, &end.view));
    }
    finding
}

fn described(end: &Reading) -> Phrase {
    let view = &end.view;
    let paid = view.paid.map_or_else(|| "—".to_owned(), |paid| paid.to_string());
    let states = format!("{} / {}", view.till.name(), view.back_office.name());
    say::ORDER_ENDS.with([&view.order, &states, &paid, &view.bookings.len().to_string()])
}

/// What the closing look wants of an order, and whether it is so.
fn agreement(
    seen: &Seen,
    end: &Reading,
    statuses: &[Option<PaymentStatus>],
) -> (&'static str, bool) {
    let view = &end.view;
    let is = |state: OrderState| view.till == state && view.back_office == state;
    let paid = statuses.iter().filter(|status| **status == Some(PaymentStatus::Success)).count();
    // So may an order be left to a person whose cancel nobody ever answered.
    let unsettled = (seen.cancel_is_unsettled(&view.order)
        || seen.was_left_to_a_person(&view.order))
        && is(OrderState::ForStaff);
    if paid > 0 {
        let once = view.bookings.len() == 1 && view.paid == seen.price_of(&view.order);
        // Whoever heard of the payment from notices alone that the gateway disowned books nothing.
        let unbooked = view.bookings.is_empty()
            && (is(OrderState::Waiting) || is(OrderState::ForStaff))
            && only_disowned(seen);
        return ("paid", (is(OrderState::Paid) && once && paid == 1) || unsettled || unbooked);
    }
    // A case that plants a notice over a wrong amount may leave the order to a person.
    let staff = unsettled || !seen.planted_notices().is_empty() && is(OrderState::ForStaff);
    if statuses
        .iter()
        .any(|status| matches!(status, Some(PaymentStatus::Processing | PaymentStatus::Pending)))
    {
        return ("waiting", is(OrderState::Waiting) || staff);
    }
    // Whoever never heard what came of a cancel cannot have booked it.
    let nothing_kept = unsettled || view.bookings.is_empty() || view.paid == view.refunded;
    // The older generation may close a trade whose whole amount was refunded.
    let refunded = seen.generation == Generation::Legacy
        && is(OrderState::Paid)
        && !seen.refunds_of(&view.order).is_empty()
        && !view.bookings.is_empty();
    let over = is(OrderState::Cancelled) || is(OrderState::Failed) || staff || refunded;
    ("cancelled / failed", over && nothing_kept)
}

/// S6: while a result is unknown, the merchant only asks, repeats the call unchanged, or cancels
/// that payment.
fn unknown_is_respected(seen: &Seen) -> Finding {
    let mut finding = Finding::new();
    let sold = seen.orders();
    let pays = seen.calls_of(Api::Pay);
    let foreign = pays.into_iter().find(|pay| !sold.iter().any(|order| pay.is_for(order)));
    if let Some(pay) = foreign {
        let named = pay.asked("order.referenceOrderId").or_else(|| pay.request_id());
        finding.shown_by(pay.lines());
        let told = say::PAY_FOR_UNSOLD.with([named.unwrap_or_default()]);
        finding.fail_for_good(say::PAY_FOR_SOLD.plain(), told);
    }
    for order in seen.orders() {
        let pays = seen.pays_for(order);
        for (index, pay) in pays.iter().enumerate().skip(1) {
            let Some(before) = index.checked_sub(1).and_then(|index| pays.get(index)) else {
                continue;
            };
            let Some(field) = changed_field(before, pay) else { continue };
            let id = before.request_id().unwrap_or_default();
            if known_by(seen, &id, pay.line()) || showed_no_code(before, pay.line()) {
                continue;
            }
            finding.shown_by([before.line(), pay.line()]);
            let what = say::PAY_CHANGED.with([field]);
            let but = say::UNKNOWN_BUT.holding([what.into(), id.into()]);
            finding.fail_for_good(say::UNKNOWN_ONLY.plain(), but);
        }
        finding = finding.and(refunds::unknown_is_respected(seen, order));
    }
    finding
}

/// Whether a code was asked for, and none had come before a line. "No code returned: repeat with a
/// different number"; nobody can pay what was never shown.
fn showed_no_code(call: &Exchange, line: u32) -> bool {
    let answer = call.believable().filter(|answer| answer.line < line);
    call.service() == Some(Service::Precreate)
        && answer.is_none_or(|answer| answer.field("qr_code").is_none())
}

/// Whether the merchant had a believable final result about a payment before a line.
fn known_by(seen: &Seen, id: &str, line: u32) -> bool {
    let answered = seen.calls_about(id).into_iter().any(|call| {
        let Some(answer) = call.believable().filter(|answer| answer.line < line) else {
            return false;
        };
        is_final(seen, call, answer)
    });
    let told = seen.notices().any(|notice| {
        let genuine = notice.sent.as_ref().is_some_and(|s| s.verified == Some(Verified::Valid));
        genuine
            && notice.asked("notifyType").as_deref() == Some("PAYMENT_RESULT")
            && matches!(notice.asked("result.resultStatus").as_deref(), Some("S" | "F"))
            && notice.request_id().as_deref() == Some(id)
            && notice.received.as_ref().is_some_and(|request| request.line < line)
    });
    answered || told
}

fn is_final(seen: &Seen, call: &Exchange, answer: &Answer) -> bool {
    let status = answer.outcome.as_ref().map(|outcome| outcome.status);
    match call.api {
        Some(Api::Pay) => {
            status == Some(Status::F) || (status == Some(Status::S) && seen.product.pays_at_once())
        }
        Some(Api::Cancel) => status == Some(Status::S) || answer.knows_no_order(),
        Some(Api::InquiryPayment) => matches!(
            answer.payment_status(),
            Some(PaymentStatus::Success | PaymentStatus::Fail | PaymentStatus::Cancelled)
        ),
        Some(
            Api::Refund
            | Api::InquiryRefund
            | Api::Registration
            | Api::InquiryRegistrationStatus
            | Api::InquiryRegistrationInfo,
        )
        | None => false,
    }
}
