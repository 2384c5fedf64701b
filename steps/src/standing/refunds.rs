//! The part of S3 to S6 that is about refunds.

use std::collections::BTreeMap;

use evidence::words::{self as say, Place};
use evidence::{OrderState, OrderView, RefundState};
use protocol::Amount;
use protocol::ams::{Api, RefundStatus, Status};

use crate::seen::Exchange;
use crate::{Finding, Seen};

/// S3: answers and notices repeat the refund's id, payment and amount as called.
pub(super) fn answers_repeat(seen: &Seen) -> Finding {
    let mut finding = Finding::new();
    let amounts = amounts_called(seen);
    for call in seen.at_gateway().filter(|call| is_about_refund(call)) {
        let Some(answer) = &call.answer_sent else { continue };
        let name = call.name();
        // What the gateway got counts, also where the witness changed it on the way.
        let got = call.received.as_ref().and_then(|request| request.fields.as_ref());
        let asked = |path: &str| got.and_then(|fields| fields.text(path));
        for path in ["refundRequestId", "refundId", "paymentId"] {
            super::repeated::want_same(
                &mut finding,
                answer,
                name,
                path,
                asked(path),
                answer.text(path),
            );
        }
        let wanted = asked("refundRequestId").and_then(|id| amounts.get(&id).cloned());
        let told = amount(|path| answer.text(path));
        super::repeated::want_same(&mut finding, answer, name, "refundAmount", wanted, told);
    }
    for notice in seen.notices() {
        let Some(id) = notice.refund_id() else { continue };
        let told = amount(|path| notice.asked(path));
        if let Some((wanted, told)) = amounts.get(&id).cloned().zip(told)
            && wanted != told
        {
            finding.shown_by(notice.lines());
            finding.fail_for_good(
                say::VALUE_REPEATED.with(["notice", "refundAmount", &wanted]),
                say::VALUE_OTHER.with(["notice", "refundAmount", &told]),
            );
        }
    }
    finding
}

fn is_about_refund(call: &Exchange) -> bool {
    matches!(call.api, Some(Api::Refund | Api::InquiryRefund))
}

fn amount(text: impl Fn(&str) -> Option<String>) -> Option<String> {
    let (value, currency) = (text("refundAmount.value")?, text("refundAmount.currency")?);
    Some(format!("{currency} {value}"))
}

/// The amount of each refund as the first call that reached the gateway named it.
fn amounts_called(seen: &Seen) -> BTreeMap<String, String> {
    let mut amounts = BTreeMap::new();
    for refund in seen.at_gateway().filter(|call| call.api == Some(Api::Refund)) {
        let got = refund.received.as_ref().and_then(|request| request.fields.as_ref());
        let text = |path: &str| got.and_then(|fields| fields.text(path));
        if let Some((id, told)) = text("refundRequestId").zip(amount(text)) {
            amounts.entry(id).or_insert(told);
        }
    }
    amounts
}

/// S4: one refund id for each refund request id.
pub(super) fn one_id(seen: &Seen) -> Finding {
    let mut finding = Finding::new();
    let answered = seen.at_gateway().filter_map(|call| {
        let answer = call.answer_sent.as_ref()?;
        Some((answer.line, call.refund_id()?, answer.text("refundId")?))
    });
    let noticed = seen
        .notices()
        .filter_map(|notice| Some((notice.line(), notice.refund_id()?, notice.asked("refundId")?)));
    let mut known: BTreeMap<String, String> = BTreeMap::new();
    for (line, id, told) in answered.chain(noticed) {
        let first = known.entry(id).or_insert_with(|| told.clone());
        if *first != told {
            finding.shown_by([line]);
            finding.fail_for_good(
                say::FIELD_IS.with(["refundId", first]),
                say::FIELD_IS.with(["refundId", &told]),
            );
        }
    }
    finding
}

/// S5: at the end the merchant shows as refunded what the gateway gave back for its calls, as
/// pending what the gateway works on, and everything else as refused; a person has only what no
/// believable answer ever settled.
pub(super) fn books_agree(seen: &Seen, order: &str, view: &OrderView) -> Finding {
    let mut finding = Finding::new();
    let ids = seen.refund_ids_of(order);
    if !ids.iter().all(|id| seen.closing_knows_refund(id)) {
        finding.cannot_judge(say::REFUND_INQUIRY_SILENT.plain());
        return finding;
    }
    let staff = view.refunds.iter().filter(|it| it.state == RefundState::ForStaff).count();
    let settled =
        |id: &&String| seen.refund_end_known(id, u32::MAX).is_some() && !seen.repeat_refused(id);
    // What a person has may be done or not; the books need not say it.
    let judged = |id: &&String| staff == 0 || settled(id);
    let at_gateway = |wanted: RefundStatus| {
        let in_it = ids.iter().filter(judged);
        let in_it = in_it.filter(|id| seen.closing_refund_status(id) == Some(wanted));
        in_it.filter_map(|id| asked_for(seen, id)).collect::<Vec<_>>()
    };
    let in_books = |wanted: RefundState| {
        let in_it = view.refunds.iter().filter(|refund| refund.state == wanted);
        in_it.map(|refund| refund.amount).collect::<Vec<_>>()
    };
    let done = at_gateway(RefundStatus::Success);
    let unsettled = ids.iter().filter(|id| !settled(id)).count();
    let pending = in_books(RefundState::Pending).len();
    let open = at_gateway(RefundStatus::Processing).len();
    let same = sorted(in_books(RefundState::Refunded)) == sorted(done.clone());
    let sum = view.refunded.map_or(0, |refunded| refunded.minor);
    let summed: i64 = in_books(RefundState::Refunded).iter().map(|amount| amount.minor).sum();
    // What a cancel gave back is no refund, and may be booked all the same.
    let credits = seen.ids_of(order).iter().flat_map(|id| seen.credits(id)).collect::<Vec<_>>();
    let given: i64 = credits.iter().map(|amount| amount.minor).sum();
    let returned = view.till == OrderState::Cancelled && sum == given;
    finding.want(
        same && (sum == summed || returned) && pending <= open && staff <= unsettled,
        say::REFUNDS_AGREE.with([order, &list(&done)]),
        say::REFUNDS_ARE.holding([order.into(), described(view)]),
    );
    finding
}

fn asked_for(seen: &Seen, id: &str) -> Option<Amount> {
    seen.calls_about_refund(id).into_iter().find_map(Exchange::refund_amount)
}

fn sorted(mut amounts: Vec<Amount>) -> Vec<Amount> {
    amounts.sort_by_key(|amount| amount.minor);
    amounts
}

fn list(amounts: &[Amount]) -> String {
    if amounts.is_empty() {
        return "—".into();
    }
    amounts.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn described(view: &OrderView) -> Place {
    let each = view.refunds.iter().map(|refund| {
        say::REFUND_SHOWN.with([&refund.amount.to_string(), refund.state.name()]).into()
    });
    let sum = view.refunded.map_or_else(|| "—".to_owned(), |sum| sum.to_string());
    Place::Listed(each.chain([sum.into()]).collect())
}

/// S6: while the result of a refund is unknown, the merchant only asks about it or repeats it
/// unchanged. A slip of its own is another refund.
pub(super) fn unknown_is_respected(seen: &Seen, order: &str) -> Finding {
    let mut finding = Finding::new();
    let refunds = seen.refunds_of(order);
    for (index, refund) in refunds.iter().enumerate() {
        let Some(id) = refund.refund_id() else { continue };
        let unknown = |id: &str| seen.refund_end_known(id, refund.line()).is_none();
        let before = &refunds[..index];
        let known_as = before.iter().rfind(|it| it.refund_id().as_deref() == Some(&id));
        let what = if let Some(first) = known_as {
            changed_field(first, refund).filter(|_| unknown(&id))
        } else {
            let open = before.iter().filter_map(|it| it.refund_id()).any(|id| unknown(&id));
            let wishes = wishes_before(seen, order, refund.line());
            let used = seen.refund_ids_of(order);
            let number = used.iter().position(|used| *used == id).map_or(0, |place| place + 1);
            (open && number > wishes).then(|| "refundRequestId".to_owned())
        };
        if let Some(field) = what {
            finding.shown_by(refund.lines());
            let changed = say::REFUND_CHANGED.with([field]);
            finding.fail_for_good(say::REFUND_UNKNOWN_ONLY.plain(), changed);
        }
    }
    finding
}

/// How many refunds of an order somebody wished for before a line. A cancel that comes too late
/// is such a wish as well.
pub(crate) fn wishes_before(seen: &Seen, order: &str, line: u32) -> usize {
    let ids = seen.ids_of(order);
    let mut slips: Vec<_> = vec![];
    for act in seen.presses(order).filter(|act| act.line < line) {
        if !slips.contains(&act.text("slip")) {
            slips.push(act.text("slip"));
        }
    }
    let too_late = seen.calls_of(Api::Cancel).into_iter().any(|cancel| {
        let ours = cancel.request_id().is_some_and(|id| ids.contains(&id));
        let answer = cancel.believable().filter(|answer| ours && answer.line < line);
        answer.and_then(|answer| answer.outcome.as_ref()).is_some_and(|told| {
            let codes = ["CANCEL_WINDOW_EXCEED", "TRADE_CANCEL_TIME_OUT"];
            told.status == Status::F && codes.contains(&told.code.as_str())
        })
    });
    slips.len() + usize::from(too_late)
}

/// The first field in which a repeated refund differs from the first; none when it is the same.
pub(crate) fn changed_field(first: &Exchange, again: &Exchange) -> Option<String> {
    let fields = ["refundRequestId", "paymentId", "refundAmount.value", "refundAmount.currency"];
    let changed = fields.into_iter().find(|path| first.asked(path) != again.asked(path));
    changed.map(str::to_owned).or_else(|| first.changed_parameter(again))
}
