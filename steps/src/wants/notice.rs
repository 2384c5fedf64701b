//! What is wanted of the merchant's answer to a notice.

use evidence::words::{self as say, Phrase};
use protocol::ams::{AckFault, judge_ack};
use protocol::legacy;

use crate::seen::{Answer, Exchange};
use crate::{Finding, Seen};

/// The notices that the witness planted, or a finding that there are none.
pub(crate) fn planted<'a>(seen: &'a Seen, finding: &mut Finding) -> Vec<&'a Exchange> {
    let planted = seen.planted_notices();
    if planted.is_empty() {
        finding.fail(say::NOTICE_SEEN.with([1]), say::NOTICE_NONE.plain());
    }
    planted
}

/// Wants the merchant's answer to a notice to be the fixed acknowledgement.
pub(crate) fn want_ack(finding: &mut Finding, notice: &Exchange) {
    let Some(ack) = &notice.answer_sent else {
        finding.shown_by(notice.lines());
        return finding.fail(say::ACK_FIXED.plain(), say::ACK_NONE.plain());
    };
    finding.shown_by([ack.line]);
    if notice.is_legacy() {
        return want_word(finding, ack);
    }
    let judged = judge_ack(ack.status.unwrap_or(0), &ack.blob.body);
    if let Err(fault) = judged {
        return finding.fail_for_good(
            say::ACK_FIXED.plain(),
            say::ACK_WAS.holding([ack_fault(fault).into()]),
        );
    }
    let message = ack.text("result.resultMessage").unwrap_or_default();
    if message != "success" {
        finding.note(say::NOTE_MESSAGE.with([message]));
    }
}

/// Wants the answer to a notice of the older generation to be the word.
fn want_word(finding: &mut Finding, ack: &Answer) {
    let fault = match legacy::judge_ack(ack.status.unwrap_or(0), &ack.blob.body) {
        Ok(()) => return,
        Err(legacy::AckFault::HttpStatus(status)) => say::ACK_STATUS.with([status]),
        Err(legacy::AckFault::Body) => say::ACK_NOT_WORD.plain(),
    };
    finding.fail_for_good(say::ACK_WORD.plain(), fault);
}

/// Why an answer is not the fixed acknowledgement, as a sentence of the table.
fn ack_fault(fault: AckFault) -> Phrase {
    match fault {
        AckFault::HttpStatus(status) => say::ACK_STATUS.with([status]),
        AckFault::LeadingBytes => say::ACK_LEADING.plain(),
        AckFault::NotJson => say::ACK_NOT_JSON.plain(),
        AckFault::Result => say::ACK_RESULT.plain(),
    }
}

#[cfg(test)]
mod tests {
    use evidence::words::Language;
    use protocol::ams::AckFault;

    use super::ack_fault;

    #[test]
    fn what_is_wrong_with_an_ack_is_said_as_the_protocol_says_it() {
        let faults = [
            AckFault::HttpStatus(202),
            AckFault::LeadingBytes,
            AckFault::NotJson,
            AckFault::Result,
        ];
        for fault in faults {
            assert_eq!(ack_fault(fault).text(Language::En), fault.to_string());
        }
    }
}
