//! Checks that texts and amounts arrive as they were given, and that the call is taken.

use cucumber::then;
use evidence::words as say;
use protocol::legacy::{Answer, Told};

use super::pages::want_taken;
use super::{names_of, want_value};
use crate::seen::{Act, Exchange};
use crate::wants::first_pay;
use crate::{Finding, Stage};

#[then(expr = "the name of the thing arrives as given")]
async fn name_as_given(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(pay) = first_pay(seen, &mut finding) else { return finding };
            let name = names_of(seen.product).thing;
            let given = seen.sales().last().and_then(|sale| sale.text("text"));
            let given = given.unwrap_or_default();
            let told = pay.parameter(name).unwrap_or_default();
            // "Outer blanks may be cut, if cut before signing", which S1 is about.
            finding.want_for_good(
                told == given || told == given.trim(),
                say::FIELD_IS.with([name, given]),
                say::FIELD_IS.with([name, told]),
            );
            finding
        })
        .await;
}

#[then(expr = "the amount of the call is that of the sale")]
async fn amount_as_given(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(pay) = first_pay(seen, &mut finding) else { return finding };
            let name = names_of(seen.product).amount;
            // There is one sale, also where the call does not say so.
            match seen.sales().last().and_then(Act::amount) {
                Some(price) => want_value(&mut finding, pay, name, &price.to_major()),
                None => finding.cannot_judge(say::CANNOT_JUDGE.plain()),
            }
            finding
        })
        .await;
}

#[then(expr = "the gateway takes the call, and repeats every character of it")]
async fn taken_and_repeated(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(pay) = first_pay(seen, &mut finding) else { return finding };
            want_taken(&mut finding, pay);
            let xml = pay.answer_sent.as_ref().and_then(|answer| answer.xml.as_ref());
            if let Some(xml) = xml {
                want_echo(&mut finding, pay, xml);
            }
            finding
        })
        .await;
}

/// Wants an answer to repeat the call's parameters as they were, where it repeats them.
pub(super) fn want_echo(finding: &mut Finding, call: &Exchange, xml: &Answer) {
    let form = call.received.as_ref().and_then(|call| call.form.as_ref());
    let echo = (xml.told == Told::Accepted).then_some(&xml.request);
    for (name, said) in echo.into_iter().flatten() {
        // The text of an element counts without the blanks around it.
        let asked = form.and_then(|form| form.get(name)).unwrap_or_default().trim();
        finding.want_for_good(
            said.trim() == asked,
            say::FIELD_IS.with([name.as_str(), asked]),
            say::FIELD_IS.with([name, said]),
        );
    }
}
