//! What is wanted of the closing look.

use evidence::words as say;
use protocol::ams::PaymentStatus;

use crate::seen::Exchange;
use crate::{Finding, Seen};

/// Wants the closing inquiry about a payment to say a status.
pub(crate) fn want_closing(finding: &mut Finding, seen: &Seen, id: &str, wanted: PaymentStatus) {
    let status = seen.closing_status(id);
    finding.shown_by(seen.closing(id).map(Exchange::lines).unwrap_or_default());
    let was = status.map_or_else(
        || say::INQUIRY_SILENT.plain(),
        |status| say::INQUIRY_SAYS.with([status.name()]),
    );
    finding.want(status == Some(wanted), say::INQUIRY_SAYS.with([wanted.name()]), was);
}
