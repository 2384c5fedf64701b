//! What is wanted of the merchant's answer to a notice.

use evidence::words as say;
use protocol::ams::judge_ack;

use crate::Finding;
use crate::seen::Exchange;

/// Wants the merchant's answer to a notice to be the fixed acknowledgement.
pub(crate) fn want_ack(finding: &mut Finding, notice: &Exchange) {
    let Some(ack) = &notice.answer_sent else {
        finding.shown_by(notice.lines());
        return finding.fail(say::ACK_FIXED.plain(), say::ACK_NONE.plain());
    };
    finding.shown_by([ack.line]);
    let judged = judge_ack(ack.status.unwrap_or(0), &ack.blob.body);
    if let Err(fault) = judged {
        return finding.fail_for_good(say::ACK_FIXED.plain(), say::ACK_WAS.with([fault]));
    }
    let message = ack.text("result.resultMessage").unwrap_or_default();
    if message != "success" {
        finding.note(say::NOTE_MESSAGE.with([message]));
    }
}
