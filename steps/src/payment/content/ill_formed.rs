//! Checks of how the gateway meets what is missing or ill-formed, and of pictures, which only a
//! reviewer can look at.

use cucumber::then;
use evidence::ATTACHED;
use evidence::words as say;
use protocol::ams::{Api, Status};

use crate::seen::Exchange;
use crate::wants::{want_debits, want_result};
use crate::{Finding, Seen, Stage};

/// The own pay, or a finding that there is none.
fn own_pay<'a>(seen: &'a Seen, finding: &mut Finding) -> Option<&'a Exchange> {
    let pay = seen.own_calls().find(|call| call.api == Some(Api::Pay));
    if pay.is_none() {
        finding.cannot_judge(say::CALL_NOT_SEEN.with(["pay"]));
    }
    pay
}

/// Whether no page says that a pay without what was left out is refused: the wallet's name is asked
/// for where entry codes are described, and nothing is told of a pay that lacks it.
fn rests_on_guess(seen: &Seen) -> bool {
    seen.acts_of("own-pay").iter().any(|act| act.text("why") == Some("NoWallet"))
}

#[then(expr = "the own call is refused with {word}")]
async fn refused(stage: &mut Stage, code: String) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(pay) = own_pay(seen, &mut finding) else { return finding };
            want_result(&mut finding, pay, "pay", Status::F, &[&code]);
            if rests_on_guess(seen) { finding.as_guess() } else { finding }
        })
        .await;
}

#[then(expr = "there is no order by that id")]
async fn no_order(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(pay) = own_pay(seen, &mut finding) else { return finding };
            let id = pay.request_id().unwrap_or_default();
            match seen.closing(&id) {
                // An id that is too long is ill-formed in an inquiry as well.
                Some(closing) => {
                    let codes = ["ORDER_NOT_EXIST", "PARAM_ILLEGAL"];
                    let codes = if id.chars().count() > 64 { &codes[..] } else { &codes[..1] };
                    want_result(&mut finding, closing, "inquiryPayment", Status::F, codes);
                }
                None => finding.cannot_judge(say::CALL_NOT_SEEN.with(["inquiryPayment"])),
            }
            want_debits(&mut finding, seen, &[]);
            if rests_on_guess(seen) { finding.as_guess() } else { finding }
        })
        .await;
}

#[then(expr = "the checkout page shows the wallet's mark")]
async fn pictures_the_checkout(stage: &mut Stage) {
    stage.judge(|seen| picture(seen, 1)).await;
}

#[then(expr = "the success page shows the amount of the order")]
async fn pictures_the_success_page(stage: &mut Stage) {
    stage.judge(|seen| picture(seen, 2)).await;
}

#[then(expr = "the order page shows the order shipped or delivered")]
async fn pictures_the_order_page(stage: &mut Stage) {
    stage.judge(|seen| picture(seen, 3)).await;
}

/// What is on a picture, a reviewer decides, for whom it waits as soon as it is there. Who attached
/// so many can have attached this one.
fn picture(seen: &Seen, number: usize) -> Finding {
    let mut finding = Finding::new();
    let attached = seen.acts_of(ATTACHED);
    finding.shown_by(attached.iter().map(|act| act.line));
    let says = say::CANNOT_JUDGE_PICTURE.plain();
    if attached.len() < number {
        finding.cannot_judge(says);
    } else {
        finding.note(says);
    }
    finding
}
