//! Checks of what the wallet is charged where it holds another currency.

use cucumber::then;
use evidence::words as say;
use protocol::{Amount, Rate};

use crate::parameters::Price;
use crate::seen::Answer;
use crate::wants::first_pay;
use crate::{Finding, Seen, Stage};

#[then(
    expr = "the answer to pay says that {price} are charged for {price}, by a quote that comes to just that"
)]
async fn quoted(stage: &mut Stage, actual: Price, price: Price) {
    stage.judge(|seen| quote_fits(seen, actual.0, price.0)).await;
}

fn quote_fits(seen: &Seen, actual: Amount, price: Amount) -> Finding {
    let mut finding = Finding::new();
    let Some(pay) = first_pay(seen, &mut finding) else { return finding };
    let Some(answer) = &pay.answer_sent else {
        finding.fail(say::ANSWER_IS.with(["pay", "S"]), say::ANSWER_NONE.with(["pay"]));
        return finding;
    };
    let actual = if seen.is_without_control() {
        // The rate there is the gateway's own.
        finding.note(say::NOTE_OWN_RATE.plain());
        own_amount(answer, actual)
    } else {
        actual
    };
    for (name, wanted) in [("paymentAmount", price), ("actualPaymentAmount", actual)] {
        let (value, currency) = (wanted.minor.to_string(), wanted.currency.code().to_owned());
        for (part, wanted) in [("value", value), ("currency", currency)] {
            let path = format!("{name}.{part}");
            let told = answer.text(&path).unwrap_or_default();
            finding.want(
                told == wanted,
                say::FIELD_IS.with([&path, &wanted]),
                say::FIELD_IS.with([&path, &told]),
            );
        }
    }
    want_quote(&mut finding, answer, actual, price);
    finding
}

/// What the gateway says that the wallet is charged, in the currency that it holds.
fn own_amount(answer: &Answer, expected: Amount) -> Amount {
    let told = answer.text("actualPaymentAmount.value").and_then(|told| told.parse().ok());
    told.filter(|minor| *minor > 0).map_or(expected, |minor| Amount { minor, ..expected })
}

fn want_quote(finding: &mut Finding, answer: &Answer, actual: Amount, price: Amount) {
    let letters = format!("{}/{}", price.currency, actual.currency);
    let path = "paymentQuote.quoteCurrencyPair";
    let told = answer.text(path).unwrap_or_default();
    // Old samples print the currencies by their numbers.
    let numbers = told.len() == 7 && told.bytes().filter(u8::is_ascii_digit).count() == 6;
    finding.want(
        told == letters || numbers,
        say::FIELD_IS.with([path, &letters]),
        say::FIELD_IS.with([path, &told]),
    );
    let path = "paymentQuote.quotePrice";
    let told = answer.text(path).unwrap_or_default();
    let comes_to = Rate::parse(&letters, &told).ok().and_then(|rate| rate.convert(price));
    finding.want(
        comes_to == Some(actual),
        say::QUOTE_COMES_TO.with([told.clone(), actual.to_string()]),
        say::QUOTE_COMES_TO
            .with([told, comes_to.map_or_else(|| "—".into(), |amount| amount.to_string())]),
    );
}
