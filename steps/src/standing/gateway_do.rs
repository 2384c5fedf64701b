//! The part of S1 and S2 that is about forms and XML: what can be read at all, and what the older
//! generation does not sign.

use evidence::words as say;
use evidence::{Way, form_of};
use protocol::Generation;
use protocol::legacy::{self, AnswerFault, Charset, Service};

use crate::seen::{Answer, Exchange, Request};
use crate::{Finding, Seen};

/// Wants a call or a notice to be a form that can be read.
pub(super) fn want_form(
    finding: &mut Finding,
    seen: &Seen,
    sent: &Request,
    way: Way,
    who: &'static str,
) {
    if seen.generation == Generation::Ams || sent.form.is_some() {
        return;
    }
    if let Err(fault) = form_of(way, &sent.blob, Charset::Utf8) {
        finding.shown_by([sent.line]);
        finding.fail_for_good(say::FORM_WHOLE.with([who]), say::MESSAGE_UNREADABLE.with([fault]));
    }
}

/// Wants the answer of a service that answers in XML to be such that can be read. A response that
/// lacks its signature is whole otherwise.
pub(super) fn want_xml(finding: &mut Finding, seen: &Seen, call: &Exchange, answer: &Answer) {
    if seen.generation == Generation::Ams || answer.xml.is_some() || answers_otherwise(call, answer)
    {
        return;
    }
    match legacy::Answer::read(&answer.blob.body) {
        Ok(_) | Err(AnswerFault::Unsigned { .. }) => {}
        Err(fault) => {
            finding.shown_by([answer.line]);
            finding.fail_for_good(say::XML_WHOLE.plain(), say::MESSAGE_UNREADABLE.with([fault]));
        }
    }
}

/// Whether a service answers in something else than XML: with a file, a word about a notice, or the
/// page that a browser was sent to.
fn answers_otherwise(call: &Exchange, answer: &Answer) -> bool {
    let in_xml = answer.blob.body.trim_ascii_start().starts_with(b"<");
    match call.service() {
        Some(Service::CompareFile | Service::LiquidationFile | Service::NotifyVerify) => !in_xml,
        Some(Service::CreateForexTrade | Service::CreateForexTradeWap) => true,
        Some(_) | None => false,
    }
}

/// Whether there is no signature here: in a refusal, a bare success, or what is no XML.
pub(super) fn signs_nothing(call: &Exchange, answer: &Answer) -> bool {
    answer.may_be_unsigned() || (answer.xml.is_none() && answers_otherwise(call, answer))
}
