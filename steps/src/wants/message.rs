//! What is wanted of a single message: a field, a form, a result.

use evidence::words as say;
use protocol::ams::{Api, Status};
use protocol::parse_time;

use crate::seen::{Answer, Exchange};
use crate::{Finding, Seen};

/// The first pay request, or a finding that there is none.
pub(crate) fn first_pay<'a>(seen: &'a Seen, finding: &mut Finding) -> Option<&'a Exchange> {
    let pay = seen.order().and_then(|order| seen.pays_for(order).into_iter().next());
    let pay = pay.or_else(|| seen.calls_of(Api::Pay).into_iter().next());
    match pay {
        Some(pay) => finding.shown_by(pay.lines()),
        None => finding.fail(say::CALL_SEEN.with(["pay"]), say::CALL_NOT_SEEN.with(["pay"])),
    }
    pay
}

/// Wants a scalar of a call to be one of these values.
pub(crate) fn want_field(finding: &mut Finding, call: &Exchange, path: &str, wanted: &[&str]) {
    let value = call.asked(path);
    let fits = value.as_deref().is_some_and(|value| wanted.contains(&value));
    let seen = value
        .map_or_else(|| say::FIELD_ABSENT.with([path]), |value| say::FIELD_IS.with([path, &value]));
    let expected = match wanted {
        [one] => say::FIELD_IS.with([path, one]),
        more => say::FIELD_IS_ONE_OF.with([path, &more.join(", ")]),
    };
    finding.want_for_good(fits, expected, seen);
}

/// Wants a scalar of a call to have a form.
pub(crate) fn want_form(
    finding: &mut Finding,
    call: &Exchange,
    path: &str,
    form: &str,
    fits: impl Fn(&str) -> bool,
) {
    let value = call.asked(path);
    let seen = value
        .as_ref()
        .map_or_else(|| say::FIELD_ABSENT.with([path]), |value| say::FIELD_IS.with([path, value]));
    let holds = value.is_some_and(|value| fits(&value));
    finding.want_for_good(holds, say::FIELD_MATCHES.with([path, form]), seen);
}

/// Whether a text is four decimal digits.
pub(crate) fn four_digits(text: &str) -> bool {
    text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a text is a time as ISO 8601 writes it, with its offset.
pub(crate) fn has_offset(text: &str) -> bool {
    text.contains('T') && parse_time(text).is_some()
}

/// What the gateway answered to a call, or a finding that it did not.
fn told<'a>(finding: &mut Finding, call: &'a Exchange, name: &str) -> Option<&'a Answer> {
    let Some(answer) = &call.answer_sent else {
        finding.fail(say::ANSWER_IS.with([name, "S/F/U"]), say::ANSWER_NONE.with([name]));
        return None;
    };
    finding.shown_by([answer.line]);
    if answer.outcome.is_none() {
        finding.fail(say::ANSWER_IS.with([name, "S/F/U"]), say::ANSWER_NO_RESULT.with([name]));
        return None;
    }
    Some(answer)
}

/// Wants F as the gateway's answer to a call. That one of these codes comes with it is a guess.
pub(crate) fn want_refusal(finding: &mut Finding, call: &Exchange, name: &str, codes: &[&str]) {
    want_result(finding, call, name, Status::F, &[]);
    if let Some((Status::F, code)) = call.told() {
        finding.guess(
            codes.contains(&code.as_str()),
            say::ANSWER_IS.with([name, &format!("F {}", codes.join("/"))]),
            say::ANSWER_IS.with([name, &format!("F {code}")]),
        );
    }
}

/// Wants the gateway's answer to a call to have a status and one of these codes; no code means any.
pub(crate) fn want_result(
    finding: &mut Finding,
    call: &Exchange,
    name: &str,
    status: Status,
    codes: &[&str],
) {
    let Some(outcome) = told(finding, call, name).and_then(|answer| answer.outcome.as_ref()) else {
        return;
    };
    let fits =
        outcome.status == status && (codes.is_empty() || codes.contains(&outcome.code.as_str()));
    let wanted = format!("{} {}", status.letter(), codes.join("/"));
    let was = format!("{} {}", outcome.status.letter(), outcome.code);
    finding.want(
        fits,
        say::ANSWER_IS.with([name, wanted.trim()]),
        say::ANSWER_IS.with([name, was.trim()]),
    );
}
