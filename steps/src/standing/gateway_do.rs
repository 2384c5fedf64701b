//! The part of S1 and S2 that is about forms and XML: what can be read at all, and what the older
//! generation does not sign.

use evidence::words::{self as say, Phrase, Place};
use evidence::{Way, form_of};
use protocol::Generation;
use protocol::legacy::{
    self, AnswerFault, Charset, FormFault, Part, Place as Byte, Service, UnknownCharset,
};

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
        let told = say::MESSAGE_UNREADABLE.holding([no_form(&fault).into()]);
        finding.fail_for_good(say::FORM_WHOLE.with([who]), told);
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
            let told = say::MESSAGE_UNREADABLE.holding([no_xml(&fault).into()]);
            finding.fail_for_good(say::XML_WHOLE.plain(), told);
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

fn byte(place: Byte) -> Place {
    match place.part {
        Part::Query => say::BYTE_OF_QUERY.with([place.at]).into(),
        Part::Body => say::BYTE_OF_BODY.with([place.at]).into(),
    }
}

fn no_charset(unknown: &UnknownCharset) -> Place {
    say::NO_CHARSET.holding([Place::quoted(&unknown.name)]).into()
}

/// Why bytes are no form, in both languages.
fn no_form(fault: &FormFault) -> Phrase {
    match fault {
        FormFault::Escape { place } => say::NO_FORM_ESCAPE.holding([byte(*place)]),
        FormFault::Text { charset, place } => {
            say::NO_FORM_TEXT.holding([byte(*place), Place::value(charset.name())])
        }
        FormFault::Charset { unknown, place } => {
            say::NO_FORM_CHARSET.holding([byte(*place), no_charset(unknown)])
        }
        FormFault::Repeated { name, place } => {
            say::NO_FORM_REPEATED.holding([Place::quoted(name), byte(*place)])
        }
        FormFault::Nameless { place } => say::NO_FORM_NAMELESS.holding([byte(*place)]),
    }
}

/// Why bytes are no answer, in both languages.
fn no_xml(fault: &AnswerFault) -> Phrase {
    let about = |sentence: &say::Sentence, name: &str| sentence.holding([Place::quoted(name)]);
    match fault {
        AnswerFault::Charset(unknown) => say::NO_XML_CHARSET.holding([no_charset(unknown)]),
        AnswerFault::Text(wrong) => {
            say::NO_XML_TEXT.with([wrong.at.to_string(), wrong.charset.name().to_owned()])
        }
        AnswerFault::HtmlPage => say::NO_XML_PAGE.plain(),
        AnswerFault::Empty => say::NO_XML_EMPTY.plain(),
        AnswerFault::Dtd => say::NO_XML_DTD.plain(),
        AnswerFault::Entity { name } => about(&say::NO_XML_ENTITY, name),
        AnswerFault::TwoRoots => say::NO_XML_TWO_ROOTS.plain(),
        AnswerFault::TooDeep => say::NO_XML_DEEP.plain(),
        AnswerFault::Malformed { reason, at } => {
            say::NO_XML_MALFORMED.with([reason.clone(), at.to_string()])
        }
        AnswerFault::Root { found } => about(&say::NO_XML_ROOT, found),
        AnswerFault::Repeated { name } => about(&say::NO_XML_REPEATED, name),
        AnswerFault::Nested { name } => about(&say::NO_XML_NESTED, name),
        AnswerFault::IsSuccess { found } => about(&say::NO_XML_IS_SUCCESS, found),
        AnswerFault::NoError => say::NO_XML_NO_ERROR.plain(),
        AnswerFault::Echo => say::NO_XML_ECHO.plain(),
        AnswerFault::ResponseShape { found } => say::NO_XML_RESPONSE.with([found]),
        AnswerFault::Unsigned { name } => say::NO_XML_UNSIGNED.with([name]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_says_the_same_as_a_phrase() {
        let forms: [&[u8]; 5] = [b"a=%zz", b"a=%ff", b"_input_charset=KOI8", b"a=1&a=2", b"=1"];
        for form in forms {
            let fault = legacy::Form::read(b"", form, Charset::Utf8).unwrap_err();
            assert_eq!(no_form(&fault).to_string(), fault.to_string());
        }
        for answer in [
            &b"<?xml version=\"1.0\" encoding=\"KOI8\"?><alipay/>"[..],
            b"<?xml version=\"1.0\" encoding=\"GBK\"?><alipay>\xff\xff</alipay>",
            b"<html/>",
            b"",
            b"<!DOCTYPE a><alipay/>",
            b"<alipay>&nbsp;</alipay>",
            b"<alipay/><alipay/>",
            b"<a><a><a><a><a><a><a><a><a/></a></a></a></a></a></a></a></a>",
            b"<alipay></b>",
            b"<other/>",
            b"<alipay><a/><a/></alipay>",
            b"<alipay><is_success><b/></is_success></alipay>",
            b"<alipay><is_success>x</is_success></alipay>",
            b"<alipay><is_success>F</is_success></alipay>",
            b"<alipay><is_success>T</is_success><request><x/></request></alipay>",
            b"<alipay><is_success>T</is_success><response><a/><b/></response></alipay>",
            b"<alipay><is_success>T</is_success><response><a/></response></alipay>",
        ] {
            let fault = legacy::Answer::read(answer).unwrap_err();
            assert_eq!(no_xml(&fault).to_string(), fault.to_string());
        }
    }
}
