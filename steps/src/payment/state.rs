//! Checks of what is true at the end, and of what was never true.

use cucumber::then;
use evidence::OrderState;
use evidence::words as say;
use protocol::Amount;
use protocol::ams::{Api, PaymentStatus, Status};

use super::content::{cancelled_at_gateway, first_pay, want_closing};
use super::parameters::{Ending, Price, Taking};
use crate::seen::{Exchange, Reading};
use crate::{Finding, Product, Seen, Stage};

/// The last reading of the order, or a finding that it cannot be read.
fn end<'a>(seen: &'a Seen, finding: &mut Finding) -> Option<&'a Reading> {
    let order = seen.order().unwrap_or_default();
    let end = seen.end_of(order);
    if let Some(reading) = end {
        finding.shown_by([reading.line]);
    } else {
        let why = seen.acts_of("merchant-refused");
        let why = why.first().and_then(|act| act.text("why"));
        let told = why
            .map_or_else(|| say::ORDER_UNREAD.with([order]), |why| say::ORDER_REFUSED.with([why]));
        finding.fail(say::ORDER_IS.with([order, "…"]), told);
    }
    end
}

/// Wants till and back office to show one of these states at the end.
fn want_end(finding: &mut Finding, seen: &Seen, wanted: &[OrderState]) {
    let Some(reading) = end(seen, finding) else { return };
    let (till, office) = (reading.view.till, reading.view.back_office);
    let order = reading.view.order.as_str();
    let names: Vec<_> = wanted.iter().map(|state| state.name()).collect();
    let was = if till == office {
        till.name().to_owned()
    } else {
        format!("{} / {}", till.name(), office.name())
    };
    finding.want(
        wanted.contains(&till) && till == office,
        say::ORDER_IS.with([order, &names.join(" / ")]),
        say::ORDER_IS.with([order, &was]),
    );
}

/// Wants the order to be booked once, for its price.
fn want_booked_once(finding: &mut Finding, seen: &Seen, price: Option<Amount>) {
    let Some(reading) = end(seen, finding) else { return };
    let view = &reading.view;
    let price = price.or_else(|| seen.price_of(&view.order));
    let sum = view.paid.map_or_else(|| "—".to_owned(), |paid| paid.to_string());
    let wanted = price.map_or_else(|| "—".to_owned(), |price| price.to_string());
    let booked = view.bookings.len() == 1
        && view.paid == price
        && view.bookings.first().map(|booking| booking.amount) == price;
    finding.want(
        booked,
        say::ORDER_BOOKED.with([view.order.as_str(), "1", &wanted]),
        say::ORDER_BOOKED.with([view.order.as_str(), &view.bookings.len().to_string(), &sum]),
    );
}

fn want_paid(finding: &mut Finding, seen: &Seen) {
    want_end(finding, seen, &[OrderState::Paid]);
    want_booked_once(finding, seen, None);
}

/// Wants the order never to have been shown or booked as paid.
fn want_never_paid(finding: &mut Finding, seen: &Seen, from: u32, to: u32) {
    let order = seen.order().unwrap_or_default();
    let paid = seen.readings_of(order).into_iter().find(|reading| {
        let view = &reading.view;
        let shown = view.till == OrderState::Paid || view.back_office == OrderState::Paid;
        (from..to).contains(&reading.line) && (shown || !view.bookings.is_empty())
    });
    if let Some(paid) = paid {
        finding.shown_by([paid.line]);
        finding.fail(say::ORDER_NEVER.with([order, "paid"]), say::ORDER_IS.with([order, "paid"]));
    }
}

/// Wants the till to have offered no code from a line on.
fn want_nothing_offered(finding: &mut Finding, seen: &Seen, from: u32) {
    let order = seen.order().unwrap_or_default();
    let offered = seen.readings_of(order).into_iter().find_map(|reading| {
        let shown = reading.view.shown.as_ref()?;
        let what = shown.code.clone().or_else(|| shown.link.clone())?;
        (reading.line >= from).then_some((reading.line, what))
    });
    if let Some((line, what)) = offered {
        finding.shown_by([line]);
        finding
            .fail(say::ORDER_OFFERS_NOTHING.with([order]), say::ORDER_OFFERS.with([order, &what]));
    }
}

/// Wants nothing to be offered when all is over.
fn want_offer_ended(finding: &mut Finding, seen: &Seen) {
    if let Some(reading) = end(seen, finding) {
        want_nothing_offered(finding, seen, reading.line);
    }
}

fn ids(seen: &Seen) -> Vec<String> {
    seen.order().map(|order| seen.ids_of(order)).unwrap_or_default()
}

/// Every debit of the order's payments.
fn debits(seen: &Seen) -> Vec<Amount> {
    ids(seen).iter().flat_map(|id| seen.debits(id)).collect()
}

fn list(amounts: &[Amount]) -> String {
    if amounts.is_empty() {
        return "—".into();
    }
    amounts.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn wallet_known(finding: &mut Finding, seen: &Seen) -> bool {
    if seen.wallet.is_none() {
        finding.cannot_judge(say::CANNOT_JUDGE_WALLET.plain());
    }
    seen.wallet.is_some()
}

/// Wants exactly these debits for the order.
fn want_debits(finding: &mut Finding, seen: &Seen, wanted: &[Amount]) {
    if wallet_known(finding, seen) {
        let debits = debits(seen);
        let seen = say::DEBITED.with([list(&debits)]);
        finding.want(debits == wanted, say::DEBITED.with([list(wanted)]), seen);
    }
}

fn price(seen: &Seen) -> Vec<Amount> {
    seen.order().and_then(|order| seen.price_of(order)).into_iter().collect()
}

fn want_debits_at_most_one(finding: &mut Finding, seen: &Seen) {
    if wallet_known(finding, seen) {
        let count = debits(seen).len();
        finding.want(count <= 1, say::DEBITED_AT_MOST.with([1]), say::DEBITED_TIMES.with([count]));
    }
}

/// Wants all that was debited for the order to have gone back, once.
fn want_given_back(finding: &mut Finding, seen: &Seen) {
    if wallet_known(finding, seen) {
        let debits = debits(seen);
        let credits: Vec<Amount> = ids(seen).iter().flat_map(|id| seen.credits(id)).collect();
        let told = say::GIVEN_BACK.with([list(&credits)]);
        finding.want(credits == debits, say::GIVEN_BACK.with([list(&debits)]), told);
    }
}

fn want_closing_of_order(finding: &mut Finding, seen: &Seen, wanted: PaymentStatus) {
    if let Some(id) = ids(seen).last() {
        want_closing(finding, seen, id, wanted);
    }
}

#[then(expr = "the wallet is debited once by {price} and the inquiry says SUCCESS")]
async fn debited_by(stage: &mut Stage, price: Price) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_debits(&mut finding, seen, &[price.0]);
            want_closing_of_order(&mut finding, seen, PaymentStatus::Success);
            finding
        })
        .await;
}

#[then(expr = "the order is paid, once, for {price}")]
#[then(expr = "the order is still paid, once, for {price}")]
async fn paid_for(stage: &mut Stage, price: Price) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_end(&mut finding, seen, &[OrderState::Paid]);
            want_booked_once(&mut finding, seen, Some(price.0));
            finding
        })
        .await;
}

#[then(expr = "the order is paid")]
#[then(expr = "the order is paid, once")]
#[then(expr = "the order is paid, once, in till and back office")]
#[then(expr = "the order is paid once, after both")]
#[then(expr = "the good notice still works: the order is paid")]
#[then(expr = "the paid amount equals the price on the till")]
async fn paid(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_paid(&mut finding, seen);
            finding
        })
        .await;
}

#[then(expr = "the order is booked once")]
async fn booked_once(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_booked_once(&mut finding, seen, None);
            finding
        })
        .await;
}

#[then(expr = "the gateway {taking} the code")]
async fn takes_code(stage: &mut Stage, taking: Taking) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(pay) = first_pay(seen, &mut finding) else { return finding };
            let status = match taking {
                Taking::Takes => Status::S,
                Taking::Refuses => Status::F,
            };
            super::content::want_result(&mut finding, pay, "pay", status, &[]);
            let wanted = if taking == Taking::Takes { price(seen) } else { vec![] };
            want_debits(&mut finding, seen, &wanted);
            finding
        })
        .await;
}

#[then(expr = "the order waits until an inquiry or a notice says SUCCESS, and is paid then")]
#[then(expr = "the order waits after the code was made and is paid only after SUCCESS")]
async fn paid_only_after_success(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let order = seen.order().unwrap_or_default();
            let proof = proof_of(seen, order, OrderState::Paid);
            want_never_paid(&mut finding, seen, 0, proof.unwrap_or(u32::MAX));
            if proof.is_none() {
                finding.fail(say::INQUIRY_SAYS.with(["SUCCESS"]), say::INQUIRY_SILENT.plain());
            }
            want_paid(&mut finding, seen);
            finding
        })
        .await;
}

/// The line of the first message that reached the merchant, verified, and proves a state of an
/// order; none if nothing did.
fn proof_of(seen: &Seen, order: &str, state: OrderState) -> Option<u32> {
    let ids = seen.ids_of(order);
    let ours = |call: &&Exchange| call.request_id().is_some_and(|id| ids.contains(&id));
    let answers = seen.calls().filter(ours).filter_map(|call| {
        let answer = call.believable()?;
        proves(call.api?, answer, seen.product, state).then_some(answer.line)
    });
    let notices = seen.notices().filter(ours).filter_map(|notice| {
        let genuine = notice.sent.as_ref()?.verified == Some(protocol::ams::Verified::Valid);
        let success = notice.asked("result.resultStatus").as_deref() == Some("S");
        let holds = genuine && success && state == OrderState::Paid;
        notice.received.as_ref().filter(|_| holds).map(|request| request.line)
    });
    answers.chain(notices).min()
}

fn proves(api: Api, answer: &crate::seen::Answer, product: Product, state: OrderState) -> bool {
    let Some(outcome) = &answer.outcome else { return false };
    let refused = outcome.status == Status::F;
    let status = answer.payment_status();
    let missing = refused && outcome.code == "ORDER_NOT_EXIST";
    match (api, state) {
        (Api::Pay, OrderState::Paid) => {
            product == Product::UserPresented && outcome.status == Status::S
        }
        (Api::Pay, OrderState::Failed) => refused,
        (Api::InquiryPayment, OrderState::Paid) => status == Some(PaymentStatus::Success),
        (Api::InquiryPayment, OrderState::Failed) => status == Some(PaymentStatus::Fail) || missing,
        (Api::InquiryPayment, OrderState::Cancelled) => status == Some(PaymentStatus::Cancelled),
        (Api::Cancel, OrderState::Cancelled) => outcome.status == Status::S || missing,
        (Api::Cancel, OrderState::Failed) => missing,
        (Api::Pay, OrderState::Cancelled) | (Api::Cancel, OrderState::Paid) => false,
        (_, OrderState::Waiting | OrderState::ForStaff) => true,
    }
}

#[then(
    expr = "the inquiries say PROCESSING before the approval and SUCCESS after it, with one debit"
)]
async fn inquiries_follow(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let debited = seen.wallet.as_ref().and_then(|s| s.debits.first()).map(|debit| debit.at);
            for inquiry in seen.exchanges.iter().filter(|e| e.api == Some(Api::InquiryPayment)) {
                let Some(answer) = &inquiry.answer_sent else { continue };
                let Some(came) = inquiry.received.as_ref().map(|request| request.at) else {
                    continue;
                };
                let wanted = match debited {
                    Some(debited) if debited <= came => PaymentStatus::Success,
                    Some(_) | None => PaymentStatus::Processing,
                };
                finding.shown_by([answer.line]);
                let told = answer.payment_status();
                let was = told.map_or_else(
                    || say::INQUIRY_SILENT.plain(),
                    |told| say::INQUIRY_SAYS.with([told.name()]),
                );
                finding.want(told == Some(wanted), say::INQUIRY_SAYS.with([wanted.name()]), was);
            }
            want_debits(&mut finding, seen, &price(seen));
            finding
        })
        .await;
}

/// Wants the buyer's late approval to have been tried and refused.
fn want_late_approval_refused(finding: &mut Finding, seen: &Seen) {
    match seen.acts_of("buyer-confirms").last() {
        Some(act) => {
            finding.shown_by([act.line]);
            let refused = !act.is("accepted");
            finding.want(refused, say::BUYER_REFUSED.plain(), say::BUYER_ACCEPTED.plain());
        }
        None => finding.fail(say::BUYER_REFUSED.plain(), say::BUYER_NOT_ASKED.plain()),
    }
}

#[then(expr = "the late approval is refused and nothing is debited")]
async fn late_approval_refused(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_late_approval_refused(&mut finding, seen);
            want_debits(&mut finding, seen, &[]);
            finding
        })
        .await;
}

#[then(
    expr = "the cancel succeeds, the inquiry says CANCELLED, the late confirmation is refused and nothing is debited"
)]
async fn cancelled_and_closed(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = cancelled_at_gateway(seen);
            want_late_approval_refused(&mut finding, seen);
            want_debits(&mut finding, seen, &[]);
            finding
        })
        .await;
}

#[then(expr = "the order was never paid, ends cancelled, and the till shows a failure")]
async fn never_paid_cancelled(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_never_paid(&mut finding, seen, 0, u32::MAX);
            want_end(&mut finding, seen, &[OrderState::Cancelled]);
            finding
        })
        .await;
}

#[then(expr = "the order ends cancelled, was never paid, and its code is no longer offered")]
async fn cancelled_and_withdrawn(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_never_paid(&mut finding, seen, 0, u32::MAX);
            want_end(&mut finding, seen, &[OrderState::Cancelled]);
            want_offer_ended(&mut finding, seen);
            finding
        })
        .await;
}

#[then(expr = "the order ends {ending}")]
async fn ends(stage: &mut Stage, ending: Ending) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_ending(&mut finding, seen, ending);
            finding
        })
        .await;
}

fn want_ending(finding: &mut Finding, seen: &Seen, ending: Ending) {
    match ending {
        Ending::Paid => want_paid(finding, seen),
        Ending::Failed => {
            want_end(finding, seen, &[OrderState::Failed]);
            want_never_paid(finding, seen, 0, u32::MAX);
        }
        Ending::Over => {
            want_end(finding, seen, &[OrderState::Failed, OrderState::Cancelled]);
            want_never_paid(finding, seen, 0, u32::MAX);
        }
        Ending::GivenUp => want_given_up(finding, seen),
    }
}

/// Cancelled or failed after 10 to 20 inquiries and a cancel, or paid by the identical pay.
fn want_given_up(finding: &mut Finding, seen: &Seen) {
    let pays = seen.order().map_or(0, |order| seen.pays_for(order).len());
    if pays > 1 && seen.end_of(seen.order().unwrap_or_default()).is_some_and(is_paid) {
        return want_paid(finding, seen);
    }
    let polls = seen.calls_of(Api::InquiryPayment).len();
    finding.want(
        (10..=20).contains(&polls),
        say::CALLS_BETWEEN.with(["inquiryPayment", "10", "20"]),
        say::CALLS_COUNT.with(["inquiryPayment", &polls.to_string()]),
    );
    let cancelled = !seen.calls_of(Api::Cancel).is_empty();
    let missing = say::CALL_NOT_SEEN.with(["cancel"]);
    finding.want(cancelled, say::CALL_SEEN.with(["cancel"]), missing);
    want_ending(finding, seen, Ending::Over);
}

fn is_paid(reading: &Reading) -> bool {
    reading.view.till == OrderState::Paid
}

#[then(expr = "the wallet is debited at most once")]
async fn debited_at_most_once(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_debits_at_most_one(&mut finding, seen);
            finding
        })
        .await;
}

#[then(expr = "the wallet is debited once")]
async fn debited_once(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_debits(&mut finding, seen, &price(seen));
            finding
        })
        .await;
}

#[then(expr = "nothing is debited")]
async fn nothing_debited(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_debits(&mut finding, seen, &[]);
            finding
        })
        .await;
}

#[then(expr = "nothing is debited and the inquiry never says SUCCESS")]
async fn nothing_debited_no_success(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_debits(&mut finding, seen, &[]);
            for inquiry in seen.exchanges.iter().filter(|e| e.api == Some(Api::InquiryPayment)) {
                let Some(answer) = &inquiry.answer_sent else { continue };
                finding.shown_by([answer.line]);
                finding.want(
                    answer.payment_status() != Some(PaymentStatus::Success),
                    say::INQUIRY_SAYS.with(["FAIL / ORDER_NOT_EXIST"]),
                    say::INQUIRY_SAYS.with(["SUCCESS"]),
                );
            }
            finding
        })
        .await;
}

#[then(expr = "the order is never paid and ends failed or cancelled")]
async fn never_paid_over(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_ending(&mut finding, seen, Ending::Over);
            finding
        })
        .await;
}

#[then(
    expr = "the wallet is debited once and the inquiry repeats the payment id and amount of the lost answer"
)]
async fn repeats_lost_answer(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_debits(&mut finding, seen, &price(seen));
            want_closing_of_order(&mut finding, seen, PaymentStatus::Success);
            let Some(pay) = first_pay(seen, &mut finding) else { return finding };
            let lost = pay.answer_sent.as_ref();
            let closing = ids(seen).last().and_then(|id| seen.closing(id)?.answer_sent.clone());
            for path in ["paymentId", "paymentAmount.value", "paymentAmount.currency"] {
                let wanted = lost.and_then(|answer| answer.text(path)).unwrap_or_default();
                let told = closing.as_ref().and_then(|a| a.text(path)).unwrap_or_default();
                finding.want(
                    wanted == told && !told.is_empty(),
                    say::FIELD_IS.with([path, &wanted]),
                    say::FIELD_IS.with([path, &told]),
                );
            }
            finding
        })
        .await;
}

#[then(
    expr = "the cancel succeeds, the whole debit goes back once, and the inquiry says CANCELLED"
)]
async fn cancel_gives_back(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = cancelled_at_gateway(seen);
            want_debits(&mut finding, seen, &price(seen));
            want_given_back(&mut finding, seen);
            finding
        })
        .await;
}

#[then(expr = "the order ends cancelled, neither paid nor merely failed")]
async fn ends_cancelled(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_end(&mut finding, seen, &[OrderState::Cancelled]);
            finding
        })
        .await;
}

#[then(expr = "the order is failed after the first try and paid after the second")]
async fn failed_then_paid(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let order = seen.order().unwrap_or_default();
            let again = seen.sales().filter(|sale| sale.text("order") == Some(order)).last();
            let between = again.and_then(|again| seen.reading_at(order, again.line));
            let was = between.map_or("—", |reading| reading.view.till.name());
            finding.want(
                was == OrderState::Failed.name(),
                say::ORDER_IS.with([order, OrderState::Failed.name()]),
                say::ORDER_IS.with([order, was]),
            );
            want_paid(&mut finding, seen);
            finding
        })
        .await;
}

#[then(expr = "the wallet is debited exactly once, by the second try")]
#[then(expr = "the order is paid by the new try only")]
async fn debited_by_last_try(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_debits(&mut finding, seen, &price(seen));
            let last = ids(seen).pop().unwrap_or_default();
            want_closing(&mut finding, seen, &last, PaymentStatus::Success);
            let by_last = seen.debits(&last).len();
            finding.want(
                by_last == 1,
                say::DEBITED_TIMES.with([1]),
                say::DEBITED_TIMES.with([by_last]),
            );
            want_paid(&mut finding, seen);
            finding
        })
        .await;
}

#[then(expr = "the order ends failed and no code is offered")]
async fn failed_and_nothing_offered(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_ending(&mut finding, seen, Ending::Failed);
            want_nothing_offered(&mut finding, seen, 0);
            finding
        })
        .await;
}

#[then(expr = "the wallet is debited once, and not before the buyer confirms")]
async fn debited_after_confirmation(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_debits(&mut finding, seen, &price(seen));
            let scanned = seen.acts_of("buyer-scans").first().map(|act| act.at);
            let early = seen.wallet.iter().flat_map(|statement| &statement.debits);
            let early =
                early.filter(|debit| scanned.is_none_or(|scanned| debit.at <= scanned)).count();
            finding.want(
                early == 0,
                say::DEBITED_NOT_BEFORE.plain(),
                say::DEBITED_TIMES.with([early]),
            );
            finding
        })
        .await;
}

/// Wants one payment id and one code in all answers to pay.
fn want_one_payment(finding: &mut Finding, seen: &Seen, paths: &[&str]) {
    let pays = seen.at_gateway().filter(|call| call.api == Some(Api::Pay));
    let answers: Vec<_> = pays.filter_map(|pay| pay.answer_sent.as_ref()).collect();
    for &path in paths {
        let mut told: Vec<(u32, String)> = vec![];
        for answer in &answers {
            if let Some(value) = answer.text(path) {
                told.push((answer.line, value));
            }
        }
        let Some((line, first)) = told.first() else { continue };
        finding.shown_by([*line]);
        if let Some((line, other)) = told.iter().find(|(_, value)| value != first) {
            finding.shown_by([*line]);
            finding.fail(
                say::FIELD_IS.with([path, first.as_str()]),
                say::FIELD_IS.with([path, other.as_str()]),
            );
        }
    }
}

#[then(expr = "there is one order, and every repeat gets the same code")]
async fn one_order_one_code(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let code = "orderCodeForm.codeDetails.0.codeValue";
            want_one_payment(&mut finding, seen, &["paymentId", code]);
            want_debits_at_most_one(&mut finding, seen);
            finding
        })
        .await;
}

#[then(expr = "the order waits with that code")]
async fn waits_with_code(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let order = seen.order().unwrap_or_default();
            let shown = seen.readings_of(order).into_iter().find(|reading| {
                let shown = reading.view.shown.as_ref().is_some_and(|shown| shown.code.is_some());
                reading.view.till == OrderState::Waiting && shown
            });
            match shown {
                Some(reading) => finding.shown_by([reading.line]),
                None => finding.fail(
                    say::ORDER_IS.with([order, OrderState::Waiting.name()]),
                    say::ORDER_OFFERS_NOTHING.with([order]),
                ),
            }
            finding
        })
        .await;
}

#[then(expr = "the order ends failed or cancelled, and nothing was offered")]
async fn over_and_nothing_offered(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_ending(&mut finding, seen, Ending::Over);
            want_nothing_offered(&mut finding, seen, 0);
            finding
        })
        .await;
}

#[then(
    expr = "the genuine answer and notice are believed: the order is paid and no cancel is sent"
)]
async fn genuine_is_believed(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_paid(&mut finding, seen);
            let cancels = seen.calls_of(Api::Cancel).len();
            finding.want(
                cancels == 0,
                say::CALL_NOT_SEEN.with(["cancel"]),
                say::CALLS_COUNT.with(["cancel", &cancels.to_string()]),
            );
            finding
        })
        .await;
}

#[then(expr = "the order is never paid and nothing is offered on the strength of it")]
async fn not_believed(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            end(seen, &mut finding);
            want_never_paid(&mut finding, seen, 0, u32::MAX);
            // Where only inquiries were altered, the code that pay gave is genuine.
            let altered = seen.calls_of(Api::Pay).iter().any(|pay| !pay.faults.is_empty());
            if altered {
                want_nothing_offered(&mut finding, seen, 0);
            }
            finding
        })
        .await;
}

#[then(expr = "there is no order and nothing is debited")]
async fn no_order(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            for id in ids(seen) {
                let closing = seen.closing(&id);
                finding.shown_by(closing.map(Exchange::lines).unwrap_or_default());
                if let Some(closing) = closing {
                    let codes = ["ORDER_NOT_EXIST"];
                    let name = "inquiryPayment";
                    super::content::want_result(&mut finding, closing, name, Status::F, &codes);
                }
            }
            want_debits(&mut finding, seen, &[]);
            finding
        })
        .await;
}

#[then(expr = "the order is never paid and no longer waits once the poll plan is over")]
async fn never_paid_not_waiting(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_never_paid(&mut finding, seen, 0, u32::MAX);
            let over = [OrderState::Failed, OrderState::Cancelled, OrderState::ForStaff];
            want_end(&mut finding, seen, &over);
            finding
        })
        .await;
}

#[then(expr = "the order is never failed while the buyer is debited, and ends paid")]
async fn never_failed(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let order = seen.order().unwrap_or_default();
            let over = [OrderState::Failed, OrderState::Cancelled];
            let readings = seen.readings_of(order);
            if let Some(failed) = readings.into_iter().find(|r| over.contains(&r.view.till)) {
                finding.shown_by([failed.line]);
                finding.fail(
                    say::ORDER_NEVER.with([order, "failed"]),
                    say::ORDER_IS.with([order, failed.view.till.name()]),
                );
            }
            want_paid(&mut finding, seen);
            finding
        })
        .await;
}

#[then(expr = "there is one order, and one debit at most")]
async fn one_order_one_debit(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_debits_at_most_one(&mut finding, seen);
            want_one_payment(&mut finding, seen, &["paymentId"]);
            finding
        })
        .await;
}

#[then(expr = "the inquiry gives the first amount, SUCCESS, and one debit")]
async fn first_amount_stands(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_debits(&mut finding, seen, &price(seen));
            want_same_amounts(&mut finding, seen);
            finding
        })
        .await;
}

/// Wants the closing inquiry to say SUCCESS over the order's price.
fn want_same_amounts(finding: &mut Finding, seen: &Seen) {
    want_closing_of_order(finding, seen, PaymentStatus::Success);
    let closing = ids(seen).last().and_then(|id| seen.closing(id)?.answer_sent.clone());
    for amount in price(seen) {
        let (value, currency) = (amount.minor.to_string(), amount.currency.to_string());
        for (path, wanted) in [("paymentAmount.value", value), ("paymentAmount.currency", currency)]
        {
            let told = closing.as_ref().and_then(|a| a.text(path)).unwrap_or_default();
            finding.want(
                told == wanted,
                say::FIELD_IS.with([path, &wanted]),
                say::FIELD_IS.with([path, &told]),
            );
        }
    }
}

#[then(expr = "the order still waits")]
async fn still_waits(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_waiting_after(&mut finding, seen, &[OrderState::Waiting]);
            finding
        })
        .await;
}

#[then(expr = "the notice does not make the order paid")]
async fn not_paid_by_it(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let states = [OrderState::Waiting, OrderState::ForStaff];
            want_waiting_after(&mut finding, seen, &states);
            finding
        })
        .await;
}

/// Wants the order to be in one of these states right after each planted notice was answered, and
/// never paid after it.
fn want_waiting_after(finding: &mut Finding, seen: &Seen, states: &[OrderState]) {
    let order = seen.order().unwrap_or_default();
    let planted = seen.planted_notices();
    if planted.is_empty() {
        return finding.fail(say::NOTICE_SEEN.with([1]), say::NOTICE_NONE.plain());
    }
    for notice in planted {
        finding.shown_by(notice.lines());
        let answered = notice.answer_sent.as_ref().map_or(notice.line(), |answer| answer.line);
        // The next message to the merchant may change the order for a good reason.
        let next = seen.calls().chain(seen.notices()).map(Exchange::line);
        let next = next.filter(|line| *line > answered).min().unwrap_or(u32::MAX);
        let reading = seen.reading_at(order, next);
        let was = reading.map_or("—", |reading| reading.view.till.name());
        let names: Vec<_> = states.iter().map(|state| state.name()).collect();
        finding.want(
            reading.is_some_and(|reading| states.contains(&reading.view.till)),
            say::ORDER_IS.with([order, &names.join(" / ")]),
            say::ORDER_IS.with([order, was]),
        );
        want_never_paid(finding, seen, 0, next);
    }
}

#[then(expr = "the inquiry says PROCESSING and nothing is debited")]
async fn still_processing(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let asked = seen.acts_of("inquiry-after-notice").first().map_or(0, |act| act.line);
            let inquiry = seen
                .own_calls()
                .find(|call| call.line() > asked && call.api == Some(Api::InquiryPayment));
            let told = inquiry.and_then(|call| call.answer_sent.as_ref()?.payment_status());
            finding.shown_by(inquiry.map(Exchange::lines).unwrap_or_default());
            let was = told.map_or_else(
                || say::INQUIRY_SILENT.plain(),
                |told| say::INQUIRY_SAYS.with([told.name()]),
            );
            let holds = told == Some(PaymentStatus::Processing);
            finding.want(holds, say::INQUIRY_SAYS.with(["PROCESSING"]), was);
            want_debits(&mut finding, seen, &[]);
            finding
        })
        .await;
}

#[then(expr = "the inquiry says SUCCESS, with one debit")]
#[then(expr = "debit and inquiry have the same value and currency")]
async fn success_with_one_debit(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_debits(&mut finding, seen, &price(seen));
            want_same_amounts(&mut finding, seen);
            finding
        })
        .await;
}

#[then(expr = "the order is still cancelled and nothing is delivered")]
async fn still_cancelled(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let let_through = seen.acts_of("notices-let-through").first().map_or(0, |act| act.line);
            if !seen.notices().any(|n| n.received.as_ref().is_some_and(|r| r.line > let_through)) {
                finding.fail(say::NOTICE_SEEN.with([1]), say::NOTICE_NONE.plain());
            }
            want_never_paid(&mut finding, seen, let_through, u32::MAX);
            want_end(&mut finding, seen, &[OrderState::Cancelled]);
            finding
        })
        .await;
}

#[then(expr = "no order is paid by it and none is created")]
async fn nothing_created(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_waiting_after(&mut finding, seen, &[OrderState::Waiting]);
            for act in seen.acts_of("looked-for") {
                finding.shown_by([act.line]);
                let order = act.text("order").unwrap_or_default();
                let (wanted, found) =
                    (say::ORDER_NOT_FOUND.with([order]), say::ORDER_FOUND.with([order]));
                finding.want(!act.is("found"), wanted, found);
            }
            finding
        })
        .await;
}

#[then(expr = "each change of an order follows the verified exchange that proves it")]
async fn changes_are_proved(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            for order in seen.orders() {
                let readings = seen.readings_of(order);
                let first = readings.first().map_or("—", |reading| reading.view.till.name());
                finding.want(
                    first == OrderState::Waiting.name(),
                    say::ORDER_IS.with([order, OrderState::Waiting.name()]),
                    say::ORDER_IS.with([order, first]),
                );
                for reading in readings.iter().filter(|reading| reading.view.till.is_final()) {
                    let became = reading.view.till;
                    finding.shown_by([reading.line]);
                    let proved =
                        proof_of(seen, order, became).is_some_and(|line| line < reading.line);
                    finding.want(
                        proved,
                        say::ORDER_CHANGES_PROVED.with([order, became.name()]),
                        say::ORDER_CHANGED_UNPROVED.with([order, became.name()]),
                    );
                }
            }
            want_three_ends(&mut finding, seen);
            finding
        })
        .await;
}

/// The three orders of the case end paid, failed and cancelled or failed.
fn want_three_ends(finding: &mut Finding, seen: &Seen) {
    let wanted: [&[OrderState]; 3] =
        [&[OrderState::Paid], &[OrderState::Failed], &[OrderState::Cancelled, OrderState::Failed]];
    for (order, states) in seen.orders().into_iter().zip(wanted) {
        let was = seen.end_of(order).map(|reading| reading.view.till);
        let name = states.first().map_or("", |state| state.name());
        finding.want(
            was.is_some_and(|was| states.contains(&was)),
            say::ORDER_IS.with([order, name]),
            say::ORDER_IS.with([order, was.map_or("—", OrderState::name)]),
        );
    }
}

#[then(expr = "a final state does not change back")]
async fn final_stays_final(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            for order in seen.orders() {
                for pair in seen.readings_of(order).windows(2) {
                    let (before, after) = (pair[0].view.till, pair[1].view.till);
                    finding.shown_by([pair[1].line]);
                    finding.want(
                        !before.is_final() || before == after,
                        say::ORDER_IS.with([order, before.name()]),
                        say::ORDER_CHANGED.with([order, before.name(), after.name()]),
                    );
                }
            }
            finding
        })
        .await;
}

#[then(expr = "amount and currency are those of the order")]
async fn amounts_of_the_orders(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            for order in seen.orders() {
                let price = seen.price_of(order);
                for reading in seen.readings_of(order) {
                    let Some(paid) = reading.view.paid else { continue };
                    finding.shown_by([reading.line]);
                    let wanted = price.map_or_else(String::new, |price| price.to_string());
                    finding.want(
                        Some(paid) == price,
                        say::ORDER_BOOKED.with([order, "1", &wanted]),
                        say::ORDER_BOOKED.with([order, "1", &paid.to_string()]),
                    );
                }
            }
            finding
        })
        .await;
}
