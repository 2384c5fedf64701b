//! The gateway's own log, against which messages are checked in which a buyer's data was replaced.
//!
//! A record of real buyers holds those messages without what is theirs, so their signatures no longer
//! fit. Whoever operates the gateway has them as they were sent, in lines of JSON:
//! `{"signature": "algorithm=RSA256,…", "body": "{…}"}`, the signature as the header has it, and none
//! for `gateway.do`, whose messages hold their own. A message of the record is proved by one of the log
//! that differs in nothing but what was replaced, and that the gateway's key signed.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use evidence::Blob;
use evidence::words::{self as say, Phrase};
use serde::Deserialize;

/// The name of the header that carries a signature.
const SIGNATURE: &[u8] = b"signature";

/// What a gateway's log has of its messages. An empty one proves nothing.
#[derive(Debug, Default)]
pub struct GatewayLog {
    /// By the digest of a body's form.
    by_form: HashMap<String, Vec<Logged>>,
}

/// A message as the gateway sent it.
#[derive(Debug)]
struct Logged {
    signature: Option<String>,
    body: Vec<u8>,
}

/// A line of the log.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    #[serde(default)]
    signature: Option<String>,
    #[serde(default)]
    body: Option<String>,
    /// The body where it is no text in UTF-8.
    #[serde(default)]
    body_base64: Option<String>,
}

/// Why a log cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub why: Phrase,
}

impl GatewayLog {
    /// Reads lines of JSON; empty ones count for nothing.
    ///
    /// # Errors
    /// At the first line that is no message.
    pub fn read(text: &[u8]) -> Result<Self, LogError> {
        let mut log = Self::default();
        for (index, line) in text.split(|byte| *byte == b'\n').enumerate() {
            if line.trim_ascii().is_empty() {
                continue;
            }
            let wrong = |why| LogError { line: index + 1, why };
            let line: Line = serde_json::from_slice(line)
                .map_err(|error| wrong(say::SAID_ELSEWHERE.with([error])))?;
            let body = match (line.body, line.body_base64) {
                (Some(body), None) => body.into_bytes(),
                (None, Some(coded)) => {
                    let body = STANDARD.decode(coded);
                    body.map_err(|error| wrong(say::SAID_ELSEWHERE.with([error])))?
                }
                (Some(_), Some(_)) | (None, None) => return Err(wrong(say::LOG_BODY.plain())),
            };
            let logged = Logged { signature: line.signature, body };
            log.by_form.entry(form(&logged.body)).or_default().push(logged);
        }
        Ok(log)
    }

    /// Whether it has no message.
    pub fn is_empty(&self) -> bool {
        self.by_form.is_empty()
    }

    /// What a message of the record may have been as it came.
    pub(super) fn originals(&self, recorded: &Blob) -> impl Iterator<Item = Blob> {
        let logged = if self.is_empty() { None } else { self.by_form.get(&form(&recorded.body)) };
        logged.into_iter().flatten().map(|logged| Blob {
            head: match &logged.signature {
                Some(signature) => signed(&recorded.head, signature),
                None => recorded.head.clone(),
            },
            body: logged.body.clone(),
        })
    }
}

/// The digest of what stays of a body when buyers' data is replaced.
fn form(body: &[u8]) -> String {
    let blank = Blob { head: vec![], body: body.to_vec() }.blank();
    signing::sha256_hex(&blank.body)
}

/// The head with another signature in its header.
fn signed(head: &[u8], signature: &str) -> Vec<u8> {
    let mut signed = Vec::with_capacity(head.len());
    for line in head.split_inclusive(|byte| *byte == b'\n') {
        let name = line.split(|byte| *byte == b':').next().unwrap_or_default();
        if name.trim_ascii().eq_ignore_ascii_case(SIGNATURE) && name.len() < line.len() {
            signed.extend_from_slice(name);
            signed.extend_from_slice(b": ");
            // A line break in it would begin a header of its own.
            signed.extend(signature.bytes().filter(|byte| !byte.is_ascii_control()));
            signed.extend_from_slice(b"\r\n");
        } else {
            signed.extend_from_slice(line);
        }
    }
    signed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blob(head: &str, body: &str) -> Blob {
        Blob { head: head.into(), body: body.into() }
    }

    #[test]
    fn a_message_is_found_by_all_that_was_not_replaced() {
        let log = br#"{"signature":"algorithm=RSA256,signature=QUJD","body":"{\"buyerId\":\"2088123\",\"value\":\"5\"}"}

            {"body_base64":"PGE+PGI+eDwvYj48L2E+"}"#;
        let log = GatewayLog::read(log).unwrap();
        let head = "HTTP/1.1 200 OK\r\nSignature: algorithm=RSA256,signature=WFla\r\nx: 1\r\n\r\n";
        let found: Vec<_> =
            log.originals(&blob(head, r#"{"buyerId":"7311904","value":"5"}"#)).collect();
        let head = "HTTP/1.1 200 OK\r\nSignature: algorithm=RSA256,signature=QUJD\r\nx: 1\r\n\r\n";
        assert_eq!(found, [blob(head, r#"{"buyerId":"2088123","value":"5"}"#)]);
        for other in [r#"{"buyerId":"7311904","value":"6"}"#, r#"{"buyerId":"731190","value":"5"}"#]
        {
            assert_eq!(log.originals(&blob(head, other)).count(), 0, "{other}");
        }
        assert_eq!(log.originals(&blob("", "<a><b>x</b></a>")).count(), 1);
        assert_eq!(GatewayLog::default().originals(&blob("", "")).count(), 0);
    }

    #[test]
    fn what_is_no_message_is_told_with_its_line() {
        for (text, line) in [
            (&b"{\"body\":\"a\"}\n{"[..], 2),
            (b"\n\n{}", 3),
            (b"{\"body\":\"a\",\"body_base64\":\"YQ==\"}", 1),
            (b"{\"body\":\"a\",\"more\":1}", 1),
            (b"{\"body_base64\":\"?\"}", 1),
            (b"\xff", 1),
        ] {
            assert_eq!(GatewayLog::read(text).map(|_| ()).unwrap_err().line, line);
        }
    }
}
