//! Checks of which id a further pay carries, and of how the gateway answers it.

use cucumber::then;
use evidence::words as say;
use protocol::ams::{Api, Status};

use crate::payment::parameters::Refusal;
use crate::seen::{Answer, Exchange};
use crate::wants::{first_pay, want_field, want_refusal, want_result};
use crate::{Finding, Seen, Stage};

#[then(expr = "the first try is refused with {refusal} and nothing is debited for it")]
async fn first_try_refused(stage: &mut Stage, refusal: Refusal) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(pay) = first_pay(seen, &mut finding) else { return finding };
            match refusal.codes().as_slice() {
                [one] => want_result(&mut finding, pay, "pay", Status::F, &[one]),
                either => want_refusal(&mut finding, pay, "pay", either),
            }
            want_no_debit(&mut finding, seen, &pay.request_id().unwrap_or_default());
            finding
        })
        .await;
}

fn want_no_debit(finding: &mut Finding, seen: &Seen, id: &str) {
    if seen.wallet.is_none() {
        return finding.cannot_judge(say::CANNOT_JUDGE_WALLET.plain());
    }
    let debits = seen.debits(id).len();
    finding.want(debits == 0, say::DEBITED_TIMES.with([0]), say::DEBITED_TIMES.with([debits]));
}

#[then(expr = "the second try has the fresh code and a new payment request id")]
async fn second_try_is_fresh(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = new_id_for_the_new_try(seen);
            let fresh = seen.sales().last().and_then(|sale| sale.text("code")).unwrap_or_default();
            if let Some(pay) = seen.order().and_then(|order| seen.pays_for(order).pop()) {
                want_field(&mut finding, pay, "paymentMethod.paymentMethodId", &[fresh]);
            }
            finding
        })
        .await;
}

#[then(expr = "the merchant's new try has a new payment request id")]
async fn new_try_has_new_id(stage: &mut Stage) {
    stage.judge(new_id_for_the_new_try).await;
}

fn new_id_for_the_new_try(seen: &Seen) -> Finding {
    let mut finding = Finding::new();
    let order = seen.order().unwrap_or_default();
    let again = seen.sales().filter(|sale| sale.text("order") == Some(order)).last();
    let again = again.map_or(0, |sale| sale.line);
    let pays = seen.pays_for(order);
    let (before, after): (Vec<&Exchange>, Vec<&Exchange>) =
        pays.into_iter().partition(|pay| pay.line() < again);
    finding.shown_by(after.iter().flat_map(|pay| pay.lines()));
    let Some(new) = after.first() else {
        finding.fail(say::CALL_SEEN.with(["pay"]), say::CALL_NOT_SEEN.with(["pay"]));
        return finding;
    };
    let id = new.request_id().unwrap_or_default();
    let used = before.iter().any(|pay| pay.request_id().as_deref() == Some(&id));
    finding.want(!used, say::ID_NEW.plain(), say::ID_USED.with([id]));
    finding
}

#[then(expr = "the old id is refused with {refusal} and nothing is debited for it")]
async fn old_id_refused(stage: &mut Stage, refusal: Refusal) {
    stage
        .judge(|seen| {
            let mut finding = own_pay_refused(seen, &refusal.codes());
            let id = own_pay(seen).and_then(Exchange::request_id).unwrap_or_default();
            want_no_debit(&mut finding, seen, &id);
            finding
        })
        .await;
}

#[then(expr = "the repeat is refused with {refusal}")]
async fn repeat_refused(stage: &mut Stage, refusal: Refusal) {
    stage.judge(|seen| own_pay_refused(seen, &refusal.codes())).await;
}

fn own_pay(seen: &Seen) -> Option<&Exchange> {
    seen.own_calls().find(|call| call.api == Some(Api::Pay))
}

fn own_pay_refused(seen: &Seen, codes: &[&str]) -> Finding {
    let mut finding = Finding::new();
    match own_pay(seen) {
        Some(pay) => want_result(&mut finding, pay, "pay", Status::F, codes),
        None => finding.fail(say::CALL_SEEN.with(["pay"]), say::CALL_NOT_SEEN.with(["pay"])),
    }
    finding
}

#[then(expr = "the order has one payment request id from beginning to end")]
#[then(expr = "it counts as no answer: no new payment request id comes because of it")]
async fn one_id(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            first_pay(seen, &mut finding);
            want_one_id(&mut finding, seen);
            finding
        })
        .await;
}

/// Wants one payment request id for the order.
pub(in crate::payment) fn want_one_id(finding: &mut Finding, seen: &Seen) {
    let ids = seen.order().map(|order| seen.ids_of(order)).unwrap_or_default();
    let expected = say::IDS_COUNT.with(["1", ids.first().map_or("…", String::as_str)]);
    let told = say::IDS_COUNT.with([&ids.len().to_string(), &ids.join(", ")]);
    finding.want_for_good(ids.len() <= 1, expected.clone(), told.clone());
    finding.want(ids.len() == 1, expected, told);
}

#[then(expr = "every repeat gets the same result, payment id and amount")]
async fn repeats_agree(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(first) = first_pay(seen, &mut finding) else { return finding };
            let id = first.request_id();
            let pays = seen.exchanges.iter().filter(|call| call.api == Some(Api::Pay));
            let answers: Vec<&Answer> = pays
                .filter(|pay| pay.request_id() == id)
                .filter_map(|pay| pay.answer_sent.as_ref())
                .collect();
            if answers.len() < 2 {
                let told = answers.len().to_string();
                let least = say::CALLS_COUNT.with(["pay", "2"]);
                finding.fail(least, say::CALLS_COUNT.with(["pay", &told]));
            }
            let Some(one) = answers.first() else { return finding };
            for other in &answers {
                finding.shown_by([other.line]);
                // What was in process may be paid by now; a final result stays what it is.
                let status = "result.resultStatus";
                let still =
                    if one.text(status).as_deref() == Some("U") { None } else { Some(status) };
                let amount = ["paymentAmount.value", "paymentAmount.currency"];
                for path in still.into_iter().chain(["paymentId"]).chain(amount) {
                    let (wanted, told) = (one.text(path), other.text(path));
                    let (wanted, told) = (wanted.unwrap_or_default(), told.unwrap_or_default());
                    finding.want(
                        wanted == told && !wanted.is_empty(),
                        say::FIELD_IS.with([path, &wanted]),
                        say::FIELD_IS.with([path, &told]),
                    );
                }
            }
            finding
        })
        .await;
}
