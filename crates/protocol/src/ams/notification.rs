//! What a merchant answers to a notice.

use crate::Fields;
use crate::ams::{Outcome, Status};

/// The fixed acknowledgement.
pub const ACK: &str =
    r#"{"result":{"resultCode":"SUCCESS","resultStatus":"S","resultMessage":"success"}}"#;

/// Why an answer does not acknowledge a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AckFault {
    /// Another HTTP status than 200.
    #[error("the HTTP status is {0}, not 200")]
    HttpStatus(u16),
    /// Bytes before the opening brace.
    #[error("there are bytes before the brace")]
    LeadingBytes,
    /// Not a JSON object.
    #[error("the body is no JSON object")]
    NotJson,
    /// Other values than S and SUCCESS.
    #[error("the result is not S SUCCESS")]
    Result,
}

/// Judges an acknowledgement: HTTP 200, JSON from the first byte, `resultStatus` `S` and
/// `resultCode` `SUCCESS`. The message is free text.
pub fn judge_ack(status: u16, body: &[u8]) -> Result<(), AckFault> {
    if status != 200 {
        return Err(AckFault::HttpStatus(status));
    }
    if body.first() != Some(&b'{') {
        let later = body.iter().position(|byte| *byte == b'{');
        let object = later.is_some_and(|start| Fields::read(&body[start..]).is_some());
        return Err(if object { AckFault::LeadingBytes } else { AckFault::NotJson });
    }
    let fields = Fields::read(body).ok_or(AckFault::NotJson)?;
    match Outcome::read(&fields) {
        Some(result) if result.status == Status::S && result.code == "SUCCESS" => Ok(()),
        Some(_) | None => Err(AckFault::Result),
    }
}

#[cfg(test)]
mod tests {
    use super::{ACK, AckFault, judge_ack};

    #[test]
    fn only_the_fixed_values_acknowledge() {
        let with_bom = format!("\u{feff}{ACK}");
        for (status, body, verdict) in [
            (200, ACK, Ok(())),
            (200, r#"{"result":{"resultStatus":"S","resultCode":"SUCCESS"}}"#, Ok(())),
            (500, ACK, Err(AckFault::HttpStatus(500))),
            (200, &with_bom, Err(AckFault::LeadingBytes)),
            (200, "success", Err(AckFault::NotJson)),
            (200, "", Err(AckFault::NotJson)),
            (
                200,
                r#"{"result":{"resultStatus":"U","resultCode":"SUCCESS"}}"#,
                Err(AckFault::Result),
            ),
            (200, r#"{"result":{"resultStatus":"S","resultCode":"OK"}}"#, Err(AckFault::Result)),
        ] {
            assert_eq!(judge_ack(status, body.as_bytes()), verdict, "{body}");
        }
    }
}
