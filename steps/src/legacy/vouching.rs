//! `notify_verify`: under a key that both sides share, a notice is the gateway's when it says so.

use cucumber::{given, then, when};
use evidence::OrderState;
use evidence::words as say;
use protocol::ams::{Api, PaymentStatus, Status, Verified};
use protocol::legacy::{Form, Service};
use witness::{Effect, Match};

use crate::contract::Contract;
use crate::errand::Errand;
use crate::parameters::words;
use crate::payment::bodies;
use crate::seen::Exchange;
use crate::wants::ids;
use crate::{Finding, Seen, Stage};

/// What stands in the calls that ask.
const ASKING: &str = "notify_verify";
/// The id of no notice.
const NOBODY: &str = "00000000000000000000000000000000";

words! {
    /// What the merchant hears when it asks.
    Vouching "vouching" "what the gateway says|false each time|nothing the first two times" {
        Genuine = "what the gateway says",
        Disowned = "false each time",
        Lost = "nothing the first two times",
    }
}

#[given(expr = "notify_verify brings the merchant {vouching}")]
fn vouching_brings(stage: &mut Stage, vouching: Vouching) {
    let Some(live) = stage.live() else { return };
    let asked = Match::calls().telling(ASKING);
    match vouching {
        Vouching::Genuine => {}
        Vouching::Disowned => {
            live.plant("disowned", asked, Effect::ReplaceAnswer(bodies(b"false")));
        }
        Vouching::Lost => live.plant("vouching-lost", asked.up_to(2), Effect::LoseAnswer),
    }
}

#[when(expr = "an own call asks about a notification that nobody sent")]
async fn own_question(stage: &mut Stage) {
    let Some(live) = stage.live() else { return };
    let Contract::Legacy(contract) = live.contract.clone() else { return };
    let mut form = Form::new(contract.charset);
    form.set("service", Service::NotifyVerify.name());
    form.set("partner", contract.partner.as_str());
    form.set("notify_id", NOBODY);
    drop(live.own_form(Errand::AskNotice, form).await);
}

/// The calls that ask about notices.
fn questions(seen: &Seen) -> impl Iterator<Item = &Exchange> {
    seen.at_gateway().filter(|call| call.service() == Some(Service::NotifyVerify))
}

/// What the merchant hears about a notice, with the lines of the record.
fn heard<'a>(seen: &'a Seen, id: &'a str) -> impl Iterator<Item = (u32, &'a [u8])> {
    questions(seen)
        .filter(move |call| !call.own && call.parameter("notify_id") == Some(id))
        .filter_map(|call| {
            let answer = call.answer_received.as_ref().filter(|it| it.status == Some(200))?;
            Some((answer.line, answer.blob.body.as_slice()))
        })
}

/// Whether a notice or a return tells that one of these payments was made.
fn tells_payment(told: &Exchange, ids: &[String]) -> bool {
    let ours = told.request_id().is_some_and(|id| ids.contains(&id));
    ours && matches!(told.parameter("trade_status"), Some("TRADE_SUCCESS" | "TRADE_FINISHED"))
}

/// The notices of the order, with their ids.
fn own_notices(seen: &Seen) -> Vec<(&Exchange, &str)> {
    let ids = ids(seen);
    let notices = seen.notices();
    let ours = notices.filter(|it| it.request_id().is_some_and(|id| ids.contains(&id)));
    ours.filter_map(|notice| Some((notice, notice.parameter("notify_id")?))).collect()
}

/// Those of them that tell of the payment.
fn payment_notices(seen: &Seen) -> Vec<(&Exchange, &str)> {
    let ids = ids(seen);
    own_notices(seen).into_iter().filter(|(notice, _)| tells_payment(notice, &ids)).collect()
}

/// The line before which a query, a return or the answer about a scanned code has told of the
/// payment, if one has.
fn told_otherwise(seen: &Seen) -> Option<u32> {
    let queries = seen.calls_of(Api::InquiryPayment).into_iter().filter_map(|call| {
        let answer = call.believable()?;
        (answer.payment_status() == Some(PaymentStatus::Success)).then_some(answer.line)
    });
    let scanned = seen.calls().filter(|call| call.service() == Some(Service::SpotPay));
    let sales = scanned.filter_map(|call| {
        let answer = call.believable()?;
        let paid = answer.outcome.as_ref().is_some_and(|told| told.status == Status::S);
        paid.then_some(answer.line)
    });
    let ids = ids(seen);
    let returns = seen.returns().filter(|back| tells_payment(back, &ids)).filter_map(|back| {
        let received = back.received.as_ref()?;
        (received.verified == Some(Verified::Valid)).then_some(received.line)
    });
    queries.chain(sales).chain(returns).min()
}

/// Whether the case let the merchant hear that its notices are nobody's, and nothing else told it of
/// the payment: then it rightly books nothing.
pub(crate) fn only_disowned(seen: &Seen) -> bool {
    questions(seen).any(|call| call.met("disowned")) && told_otherwise(seen).is_none()
}

/// The line on which the order is seen paid first.
fn booked_at(seen: &Seen) -> Option<u32> {
    let order = seen.order()?;
    seen.first_in(order, OrderState::Paid).map(|reading| reading.line)
}

#[then(expr = "the gateway is asked about each notification before its payment is booked")]
async fn asked_before_booking(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let notices = payment_notices(seen);
            let Some((first, id)) = notices.first() else {
                finding.fail(say::NOTICE_SEEN.with([1]), say::NOTICE_NONE.plain());
                return finding;
            };
            finding.shown_by(first.lines());
            let partner = seen.contract("client_id");
            let asked = seen.calls().find(|call| {
                call.service() == Some(Service::NotifyVerify)
                    && call.parameter("notify_id") == Some(id)
                    && call.parameter("partner") == partner
            });
            let expected = say::VOUCHED_FIRST.plain();
            let otherwise = told_otherwise(seen);
            let Some(asked) = asked else {
                // Who knows already that it is paid learns nothing from the notice.
                if otherwise.is_none_or(|told| told > first.line()) {
                    finding.fail(expected, say::VOUCHED_NEVER.plain());
                }
                return finding;
            };
            finding.shown_by(asked.lines());
            let early = booked_at(seen).is_some_and(|booked| {
                booked < asked.line() && otherwise.is_none_or(|told| booked < told)
            });
            finding.want_for_good(!early, expected, say::VOUCHED_LATE.plain());
            finding
        })
        .await;
}

#[then(expr = "the payment is booked only when the gateway vouches for it")]
async fn booked_when_vouched(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(booked) = booked_at(seen) else {
                // Where the gateway disowns the notice, nothing has to be booked on it.
                let disowned = questions(seen).any(|call| call.met("disowned"));
                finding.want(disowned, say::BOOKED_PROVED.plain(), say::BOOKED_NEVER.plain());
                return finding;
            };
            finding.shown_by([booked]);
            let notices = payment_notices(seen);
            let vouched = notices.iter().flat_map(|(_, id)| heard(seen, id));
            let vouched = vouched.filter(|(_, word)| *word == b"true").map(|(line, _)| line);
            let proved = vouched.chain(told_otherwise(seen)).min();
            finding.want_for_good(
                proved.is_some_and(|line| line < booked),
                say::BOOKED_PROVED.plain(),
                say::BOOKED_UNPROVED.plain(),
            );
            finding
        })
        .await;
}

#[then(expr = "a notification that the gateway disowns is not answered success")]
async fn disowned_not_taken(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            for (notice, id) in own_notices(seen) {
                let Some(answer) = notice.answer_sent.as_ref() else { continue };
                let before: Vec<_> =
                    heard(seen, id).filter(|(line, _)| *line < answer.line).collect();
                let disowned = before.iter().all(|(_, word)| *word == b"false");
                if before.is_empty() || !disowned {
                    continue;
                }
                finding.shown_by(notice.lines());
                finding.want_for_good(
                    !notice.is_ack(answer),
                    say::DISOWNED_REFUSED.plain(),
                    say::DISOWNED_TAKEN.plain(),
                );
            }
            finding
        })
        .await;
}

#[then(
    expr = "notify_verify is answered true or false and nothing else, and false for what nobody sent"
)]
async fn true_or_false(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            for call in questions(seen) {
                let Some(answer) = &call.answer_sent else { continue };
                finding.shown_by(call.lines());
                let own = call.parameter("notify_id") == Some(NOBODY);
                let wanted: &[&[u8]] = if own { &[b"false"] } else { &[b"true", b"false"] };
                let text = String::from_utf8_lossy(&answer.blob.body).into_owned();
                finding.want(
                    wanted.contains(&answer.blob.body.as_slice()),
                    say::FIELD_IS.with([ASKING, if own { "false" } else { "true / false" }]),
                    say::FIELD_IS.with([ASKING, text.as_str()]),
                );
            }
            let asked = questions(seen).any(|call| call.parameter("notify_id") == Some(NOBODY));
            if !asked {
                finding.cannot_judge(say::CANNOT_JUDGE.plain());
            }
            finding
        })
        .await;
}
