//! What clients sign in place of the documented text.

use diagnose::Cause::{self, Charset, Order, Parameters, TextChanged, UrlEncoding};
use protocol::legacy::Charset as Bytes;

use super::{Pairs, Sent};

pub(super) fn joined(pairs: &Pairs) -> String {
    let pieces: Vec<_> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
    pieces.join("&")
}

pub(super) fn percent(text: &str, blank: &str) -> String {
    let one = |byte: u8| match byte {
        b' ' => blank.to_owned(),
        plain if plain.is_ascii_alphanumeric() || b"-_.".contains(&plain) => {
            char::from(plain).to_string()
        }
        other => format!("%{other:02X}"),
    };
    text.bytes().map(one).collect()
}

pub(super) fn html(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('"', "&quot;").replace('\'', "&#039;");
    text.replace('<', "&lt;").replace('>', "&gt;")
}

/// A client that builds another text.
pub(super) type Client = fn(&Sent) -> Vec<u8>;

/// What goes wrong with every message.
pub(super) const EVERYWHERE: &[(&str, &[Cause], Client)] = &[
    ("not sorted", &[Order], |s| {
        let mut sent = s.clone();
        sent.pairs.retain(|(_, value)| !value.is_empty());
        joined(&sent.pairs).into_bytes()
    }),
    ("sorted backwards", &[Order], |s| {
        let mut pairs = s.sorted();
        pairs.reverse();
        joined(&pairs).into_bytes()
    }),
    ("underscores ignored when sorting", &[Order], |s| {
        let mut pairs = s.sorted();
        pairs.sort_by_key(|(name, _)| name.replace('_', ""));
        joined(&pairs).into_bytes()
    }),
    ("values percent-encoded", &[UrlEncoding], |s| s.values(|v| percent(v, "%20")).into_bytes()),
    ("values form-encoded", &[UrlEncoding], |s| s.values(|v| percent(v, "+")).into_bytes()),
    ("plus signs as blanks", &[UrlEncoding], |s| s.values(|v| v.replace('+', " ")).into_bytes()),
    ("HTML entities", &[TextChanged], |s| s.values(html).into_bytes()),
    ("backslashes added", &[TextChanged], |s| {
        s.values(|v| v.replace('\\', "\\\\").replace('"', "\\\"").replace('\'', "\\'")).into_bytes()
    }),
    ("GBK", &[Charset], |s| Bytes::Gbk.encode(&joined(&s.sorted())).unwrap().into_owned()),
    ("question marks", &[Charset], |s| {
        s.values(|v| v.chars().map(|c| if c.is_ascii() { c } else { '?' }).collect()).into_bytes()
    }),
    ("UTF-8 encoded twice", &[Charset], |s| {
        s.values(|v| v.bytes().map(char::from).collect()).into_bytes()
    }),
    ("quotation marks around values", &[Parameters], |s| {
        s.values(|v| format!("\"{v}\"")).into_bytes()
    }),
    ("nothing between parameters", &[Parameters], |s| {
        let pieces = s.sorted().into_iter().map(|(name, value)| format!("{name}={value}"));
        pieces.collect::<String>().into_bytes()
    }),
    ("ampersand at the end", &[Parameters], |s| format!("{}&", joined(&s.sorted())).into_bytes()),
    ("one parameter dropped", &[Parameters], |s| {
        let mut pairs = s.sorted();
        pairs.retain(|(name, _)| name != "notify_url" && name != "buyer_email");
        joined(&pairs).into_bytes()
    }),
    ("two parameters dropped", &[Parameters], |s| {
        let mut pairs = s.sorted();
        let dropped = ["notify_url", "trans_amount", "buyer_email", "total_fee"];
        pairs.retain(|(name, _)| !dropped.contains(&name.as_str()));
        joined(&pairs).into_bytes()
    }),
    ("not sorted and values percent-encoded", &[Order, UrlEncoding], |s| {
        let pairs = s.pairs.iter().filter(|(_, value)| !value.is_empty());
        let pairs = pairs.map(|(name, value)| (name.clone(), percent(value, "%20")));
        joined(&pairs.collect()).into_bytes()
    }),
    ("one parameter dropped and HTML entities", &[Parameters, TextChanged], |s| {
        let mut pairs = s.sorted();
        pairs.retain(|(name, _)| name != "partner" && name != "trade_status");
        joined(&pairs.into_iter().map(|(name, value)| (name, html(&value))).collect()).into_bytes()
    }),
    ("GBK and an ampersand at the end", &[Charset, Parameters], |s| {
        let text = format!("{}&", joined(&s.sorted()));
        Bytes::Gbk.encode(&text).unwrap().into_owned()
    }),
    ("quotation marks around values and not sorted", &[Parameters, Order], |s| {
        let pairs = s.pairs.iter().filter(|(_, value)| !value.is_empty());
        let pairs = pairs.map(|(name, value)| (name.clone(), format!("\"{value}\"")));
        joined(&pairs.collect()).into_bytes()
    }),
];

/// What goes wrong with calls.
pub(super) const CALLS: &[(&str, &[Cause], Client)] = &[
    ("blanks trimmed", &[TextChanged], |s| s.values(|v| v.trim().to_owned()).into_bytes()),
    ("backslashes stripped", &[TextChanged], |s| s.values(|v| v.replace('\\', "")).into_bytes()),
    ("charset not signed", &[Charset], |s| {
        let mut pairs = s.sorted();
        pairs.retain(|(name, _)| name != "_input_charset");
        joined(&pairs).into_bytes()
    }),
    ("charset not signed and blanks trimmed", &[Charset, TextChanged], |s| {
        let mut pairs = s.sorted();
        pairs.retain(|(name, _)| name != "_input_charset");
        joined(&pairs.into_iter().map(|(name, value)| (name, value.trim().into())).collect())
            .into_bytes()
    }),
    ("empty values signed and values percent-encoded", &[Parameters, UrlEncoding], |s| {
        let mut pairs = s.pairs.clone();
        pairs.sort();
        joined(&pairs.into_iter().map(|(name, value)| (name, percent(&value, "%20"))).collect())
            .into_bytes()
    }),
];

/// What the engine is not meant to know.
pub(super) const UNKNOWN: &[(&str, Client)] = &[
    ("another amount", |s| s.values(|v| v.replace("100", "101")).into_bytes()),
    ("names in capitals", |s| joined(&s.sorted()).to_uppercase().into_bytes()),
    ("only the values", |s| {
        s.sorted().into_iter().map(|(_, value)| value).collect::<String>().into_bytes()
    }),
    ("three mistakes at once", |s| {
        let mut pairs = s.pairs.clone();
        pairs.reverse();
        format!("?{}&", joined(&pairs.into_iter().map(|(n, v)| (n, percent(&v, "%20"))).collect()))
            .into_bytes()
    }),
];
