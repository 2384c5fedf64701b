//! The gateway's own log, against which messages are checked in which a buyer's data was replaced.
//!
//! A record of real buyers holds those messages without what is theirs, so their signatures no longer
//! fit. Whoever operates the gateway has them as they were sent, in lines of JSON:
//! `{"signature": "algorithm=RSA256,…", "body": "{…}"}`, the signature as the header has it, and none
//! for `gateway.do`, whose messages hold their own. What a buyer's browser carries back has its
//! parameters in the address that it opens: `{"query": "is_success=T&…&sign=…"}`. A message of the record
//! is proved by one of the log that differs in nothing but what was replaced, and that the gateway's key
//! signed.

use std::collections::HashMap;
use std::ops::Range;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use evidence::words::{self as say, Phrase};
use evidence::{Blob, Way, is_return};
use serde::Deserialize;

/// The name of the header that carries a signature.
const SIGNATURE: &[u8] = b"signature";

/// What a gateway's log has of its messages. An empty one proves nothing.
#[derive(Debug, Default)]
pub struct GatewayLog {
    /// By the digest of a text's form.
    by_form: HashMap<String, Vec<Logged>>,
}

/// A message as the gateway sent it.
#[derive(Debug)]
struct Logged {
    signature: Option<String>,
    /// Its body, or the query of what a browser carried back.
    text: Vec<u8>,
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
    /// What stands behind the question mark of the address that a buyer's browser opened.
    #[serde(default)]
    query: Option<String>,
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
            let text = match (line.body, line.body_base64, line.query) {
                (Some(text), None, None) | (None, None, Some(text)) => text.into_bytes(),
                (None, Some(coded), None) => {
                    let body = STANDARD.decode(coded);
                    body.map_err(|error| wrong(say::SAID_ELSEWHERE.with([error])))?
                }
                _ => return Err(wrong(say::LOG_BODY.plain())),
            };
            let logged = Logged { signature: line.signature, text };
            log.by_form.entry(form(&logged.text)).or_default().push(logged);
        }
        Ok(log)
    }

    /// Whether it has no message.
    pub fn is_empty(&self) -> bool {
        self.by_form.is_empty()
    }

    /// What a message of the record may have been as it came.
    pub(super) fn originals(&self, way: Way, recorded: &Blob) -> impl Iterator<Item = Blob> {
        let query = is_return(way, recorded).then(|| query(&recorded.head));
        let text = query.clone().map_or(recorded.body.as_slice(), |place| &recorded.head[place]);
        let logged = if self.is_empty() { None } else { self.by_form.get(&form(text)) };
        logged.into_iter().flatten().map(move |logged| {
            let mut came = recorded.clone();
            match &query {
                Some(place) => drop(came.head.splice(place.clone(), logged.text.iter().copied())),
                None => came.body.clone_from(&logged.text),
            }
            if let Some(signature) = &logged.signature {
                came.head = signed(&came.head, signature);
            }
            came
        })
    }
}

/// Where the query stands in a head; nothing at its end where there is none.
fn query(head: &[u8]) -> Range<usize> {
    let line = head.iter().position(|byte| *byte == b'\n').unwrap_or(head.len());
    let start = head[..line].iter().position(|byte| *byte == b'?').map_or(line, |at| at + 1);
    let rest = &head[start..line];
    let length = rest.iter().position(|byte| b" #\r".contains(byte)).unwrap_or(rest.len());
    start..start + length
}

/// The digest of what stays of a body or of a query when buyers' data is replaced.
fn form(text: &[u8]) -> String {
    let blank = Blob { head: vec![], body: text.to_vec() }.blank();
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

    /// What the log has for a message of the gateway.
    fn found(log: &GatewayLog, way: Way, recorded: &Blob) -> Vec<Blob> {
        log.originals(way, recorded).collect()
    }

    #[test]
    fn a_message_is_found_by_all_that_was_not_replaced() {
        let log = br#"{"signature":"algorithm=RSA256,signature=QUJD","body":"{\"buyerId\":\"2088123\",\"value\":\"5\"}"}

            {"body_base64":"PGE+PGI+eDwvYj48L2E+"}"#;
        let log = GatewayLog::read(log).unwrap();
        let head = "HTTP/1.1 200 OK\r\nSignature: algorithm=RSA256,signature=WFla\r\nx: 1\r\n\r\n";
        let recorded = blob(head, r#"{"buyerId":"7311904","value":"5"}"#);
        let head = "HTTP/1.1 200 OK\r\nSignature: algorithm=RSA256,signature=QUJD\r\nx: 1\r\n\r\n";
        let came = blob(head, r#"{"buyerId":"2088123","value":"5"}"#);
        assert_eq!(found(&log, Way::Call, &recorded), [came]);
        for other in [r#"{"buyerId":"7311904","value":"6"}"#, r#"{"buyerId":"731190","value":"5"}"#]
        {
            assert_eq!(found(&log, Way::Call, &blob("", other)), [], "{other}");
        }
        assert_eq!(found(&log, Way::Call, &blob("", "<a><b>x</b></a>")).len(), 1);
        assert_eq!(found(&GatewayLog::default(), Way::Call, &blob("", "")), []);
    }

    #[test]
    fn what_a_browser_carries_back_is_found_by_its_query() {
        let log = br#"{"query":"trade_no=7&buyer_email=li%40shop.example&sign=QUJDRA%3D%3D"}"#;
        let log = GatewayLog::read(log).unwrap();
        let get = |target: &str| {
            blob(
                &format!("GET {target} HTTP/1.1\r\nhost: shop.example?x=1\r\ncookie: Qz\r\n\r\n"),
                "",
            )
        };
        let came = "trade_no=7&buyer_email=li%40shop.example&sign=QUJDRA%3D%3D";
        let masked = "trade_no=7&buyer_email=qx%40pzrw.oyucvnm&sign=WlpaWg%3D%3D";
        for target in ["/back", "http://shop.example/back", "/back#top"] {
            let (path, end) = target.split_once('#').unwrap_or((target, ""));
            let end = if end.is_empty() { String::new() } else { format!("#{end}") };
            let with = |query: &str| get(&format!("{path}?{query}{end}"));
            // The cookie, which no signature covers, stays as the record has it.
            assert_eq!(found(&log, Way::Notice, &with(masked)), [with(came)], "{target}");
            for other in [
                masked.replace("trade_no=7", "trade_no=8"),
                masked.replace("qx%40", "q%40"),
                format!("{masked}&more=1"),
                String::new(),
            ] {
                assert_eq!(found(&log, Way::Notice, &with(&other)), [], "{other}");
            }
        }
        // What is posted has its parameters in the body, whatever its address says.
        let post = blob(&format!("POST /notify?{masked} HTTP/1.1\r\n\r\n"), "");
        assert_eq!(found(&log, Way::Notice, &post), []);
        for odd in ["", "GET", "GET \r\n", "GET /back HTTP/1.1\r\n\r\n", "GET ?"] {
            assert_eq!(found(&log, Way::Notice, &blob(odd, "")), [], "{odd}");
        }
    }

    #[test]
    fn what_is_no_message_is_told_with_its_line() {
        for (text, line) in [
            (&b"{\"body\":\"a\"}\n{"[..], 2),
            (b"\n\n{}", 3),
            (b"{\"body\":\"a\",\"body_base64\":\"YQ==\"}", 1),
            (b"{\"body\":\"a\",\"query\":\"a=1\"}", 1),
            (b"{\"body\":\"a\",\"more\":1}", 1),
            (b"{\"body_base64\":\"?\"}", 1),
            (b"\xff", 1),
        ] {
            assert_eq!(GatewayLog::read(text).map(|_| ()).unwrap_err().line, line);
        }
    }
}
