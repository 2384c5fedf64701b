//! Messages as people have them at hand: a HAR of a browser, a curl command, a raw request, an
//! address; and calls [`written`] so that other tools take them.

mod curl;
mod har;
mod raw;
pub mod written;

use std::fmt::Write as _;

use evidence::{Blob, target_of};

use crate::subject::Subject;

/// Bytes of the largest text that is read; a HAR of one payment has far fewer.
pub const LARGEST_PASTED: u64 = 64 << 20;

/// A call or a notice, and what was answered to it; one of them may be missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pasted {
    /// The call or the notice.
    pub call: Option<Blob>,
    /// The answer.
    pub answer: Option<Blob>,
    /// Whether the bytes are those of the wire, as a raw message's are.
    pub witnessed: bool,
}

/// Why a text holds no message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PastedFault {
    /// Nothing in it is a message of the gateway.
    NoMessage,
    /// The head of a message is no HTTP/1.1.
    NoHead,
    /// The body has fewer bytes than its head announces.
    CutOff {
        /// How many there are.
        found: usize,
        /// How many were announced.
        announced: usize,
    },
    /// Bytes follow the end of the body that are no further message.
    Trailing {
        /// How many.
        extra: usize,
    },
    /// A HAR that is no JSON, or lacks what a HAR has.
    NoHar(String),
    /// A curl command that takes its body from a file.
    BodyElsewhere(String),
    /// A quotation mark of a curl command that is not closed.
    OpenQuote,
    /// A curl command without an address.
    NoAddress,
}

/// Reads every message of the gateway in a text, whatever kind of text it is.
///
/// # Errors
/// When it is none of the kinds, or broken.
pub fn read(bytes: &[u8]) -> Result<Vec<Pasted>, PastedFault> {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let start = text.trim_ascii_start();
    if start.starts_with(b"{") {
        return har::read(start);
    }
    if start.starts_with(b"curl ")
        || start.starts_with(b"curl.exe ")
        || start.starts_with(b"$ curl ")
    {
        return curl::read(&String::from_utf8_lossy(start));
    }
    if start.starts_with(b"http://") || start.starts_with(b"https://") {
        return address(&String::from_utf8_lossy(start.trim_ascii_end())).map(|it| vec![it]);
    }
    raw::read(start)
}

/// A call by GET, as its address.
fn address(url: &str) -> Result<Pasted, PastedFault> {
    if url.contains(char::is_whitespace) || !url.contains('?') {
        return Err(PastedFault::NoMessage);
    }
    let call = composed("GET", url, &[], Vec::new())?;
    Ok(Pasted { call: Some(call), answer: None, witnessed: false })
}

/// A message from its parts; a line break in a head would make another head of it.
fn composed(
    method: &str,
    url: &str,
    fields: &[(String, String)],
    body: Vec<u8>,
) -> Result<Blob, PastedFault> {
    let (_, rest) = url.split_once("://").ok_or(PastedFault::NoAddress)?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, path) = rest.split_at(end);
    let path = path.split('#').next().unwrap_or_default();
    let foreign = |text: &str| text.contains(['\r', '\n']);
    let broken = method.contains(char::is_whitespace)
        || rest.contains(char::is_whitespace)
        || fields.iter().any(|(name, value)| foreign(name) || foreign(value));
    if broken {
        return Err(PastedFault::NoHead);
    }
    let slash = if path.starts_with('/') { "" } else { "/" };
    let mut head = format!("{method} {slash}{path} HTTP/1.1\r\n");
    let named = fields.iter().any(|(name, _)| name.eq_ignore_ascii_case("host"));
    if !named {
        // Writing to a String cannot fail.
        let _ = write!(head, "Host: {host}\r\n");
    }
    // What HTTP/2 has in place of the start line begins with a colon.
    for (name, value) in fields.iter().filter(|(name, _)| !name.starts_with(':')) {
        let _ = write!(head, "{name}: {value}\r\n");
    }
    head += "\r\n";
    Ok(Blob { head: head.into_bytes(), body })
}

/// Whether a call looks like one of the gateway's: by its address or by what it is signed with.
fn is_ours(call: &Blob) -> bool {
    let target = target_of(&call.head).unwrap_or_default();
    let signed = evidence::head_field(&call.head, "signature").is_some();
    signed
        || target.contains("/ams/")
        || Subject::generation_of(call) == protocol::Generation::Legacy
}

#[cfg(test)]
mod tests;
