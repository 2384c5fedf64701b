//! A call as other tools take it: a curl command, a Postman collection, a raw request.
//!
//! What comes out is plain text whatever stands in the call, so that a terminal can show it.

use std::fmt::Write as _;

use evidence::{Blob, head_field, target_of};
use serde_json::{Value, json};

use crate::visible::is_unseen;

/// Headers that whoever sends the call makes.
const OF_THE_SENDER: [&str; 4] = ["host", "content-length", "user-agent", "connection"];

/// A call whose bytes cannot stand in the format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoText;

/// The headers that are part of the message.
fn headers(call: &Blob) -> Vec<(String, String)> {
    let head = String::from_utf8_lossy(&call.head).into_owned();
    let lines = head.split("\r\n").skip(1).filter_map(|line| line.split_once(':'));
    lines
        .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
        .filter(|(name, _)| !OF_THE_SENDER.contains(&name.to_ascii_lowercase().as_str()))
        .collect()
}

/// The address of a call at `base`, which is scheme and authority.
fn url(call: &Blob, base: &str) -> String {
    let target = target_of(&call.head).unwrap_or_default();
    format!("{}{target}", base.trim_end_matches('/'))
}

fn method(call: &Blob) -> String {
    let head = String::from_utf8_lossy(&call.head);
    head.split(' ').next().unwrap_or_default().to_owned()
}

/// A command for a shell that knows `$'…'`, such as bash and zsh.
pub fn curl(call: &Blob, base: &str) -> String {
    let (method, url) = (method(call), quoted(url(call, base).as_bytes()));
    let mut command = format!("curl -sS -X {method} {url}");
    for (name, value) in headers(call) {
        let header = quoted(format!("{name}: {value}").as_bytes());
        command = format!("{command} \\\n  -H {header}");
    }
    if call.body.is_empty() {
        return command + "\n";
    }
    format!("{command} \\\n  --data-binary {}\n", quoted(&call.body))
}

/// A word of a shell: in quotation marks, with escapes only where something cannot be seen.
fn quoted(bytes: &[u8]) -> String {
    let seen = |character: char| !character.is_control() && !is_unseen(character);
    match std::str::from_utf8(bytes) {
        Ok(text) if text.chars().all(seen) => format!("'{}'", text.replace('\'', r"'\''")),
        Ok(_) | Err(_) => escaped(bytes),
    }
}

fn escaped(bytes: &[u8]) -> String {
    // Writing to a String cannot fail.
    let mut word = "$'".to_owned();
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            match character {
                '\n' => word.push_str("\\n"),
                '\r' => word.push_str("\\r"),
                '\t' => word.push_str("\\t"),
                '\'' | '\\' => word.extend(['\\', character]),
                hidden if hidden.is_control() || is_unseen(hidden) => {
                    // None of them is beyond the four digits of one escape.
                    let _ = write!(word, "\\u{:04x}", u32::from(hidden));
                }
                seen => word.push(seen),
            }
        }
        for byte in chunk.invalid() {
            // Three digits, so that no digit that follows is taken for one of them.
            let _ = write!(word, "\\{byte:03o}");
        }
    }
    word + "'"
}

/// The text of a body that does no harm to a terminal.
fn text(call: &Blob) -> Result<&str, NoText> {
    let harmless = |character: char| match character {
        '\n' | '\r' | '\t' => true,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            false
        }
        other => !other.is_control(),
    };
    let text = std::str::from_utf8(&call.body).map_err(|_bytes| NoText)?;
    if text.chars().all(harmless) { Ok(text) } else { Err(NoText) }
}

/// A collection of Postman's, version 2.1, with this one request in it.
///
/// # Errors
/// When the body is no text, which the format cannot hold.
pub fn postman(call: &Blob, base: &str, name: &str) -> Result<Value, NoText> {
    let body = std::str::from_utf8(&call.body).map_err(|_bytes| NoText)?;
    let headers: Vec<Value> =
        headers(call).iter().map(|(name, value)| json!({ "key": name, "value": value })).collect();
    Ok(json!({
        "info": {
            "name": format!("assay {name}"),
            "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json",
        },
        "item": [{
            "name": name,
            "request": {
                "method": method(call),
                "header": headers,
                "url": { "raw": url(call, base) },
                "body": { "mode": "raw", "raw": body },
            },
        }],
    }))
}

/// A raw request to the host of `base`.
///
/// # Errors
/// When the body holds what is no text or moves a cursor.
pub fn http(call: &Blob, base: &str) -> Result<String, NoText> {
    let body = text(call)?;
    let target = target_of(&call.head).unwrap_or_default();
    let authority = base.split_once("://").map_or(base, |(_, rest)| rest).trim_end_matches('/');
    let mut text = format!("{} {target} HTTP/1.1\r\nhost: {authority}\r\n", method(call));
    for (name, value) in headers(call) {
        text = format!("{text}{name}: {value}\r\n");
    }
    let length = head_field(&call.head, "content-length");
    let length = length.unwrap_or_else(|| call.body.len().to_string());
    Ok(format!("{text}content-length: {length}\r\n\r\n{body}"))
}

#[cfg(test)]
mod tests {
    use evidence::Blob;

    use super::{NoText, curl, http, postman};
    use crate::pasted::read;

    fn call(body: &[u8]) -> Blob {
        let head = format!(
            "POST /ams/api/v1/payments/pay?x='1' HTTP/1.1\r\nhost: gateway.assay.test\r\n\
             client-id: C\r\nrequest-time: 1\r\nsignature: algorithm=RSA256,signature=a%2Bb\r\n\
             user-agent: x\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        Blob { head: head.into_bytes(), body: body.to_vec() }
    }

    #[test]
    fn what_is_written_reads_back_with_the_same_body() {
        for body in ["{\"a\":\"it's 测试 \\n $x `y`\"}", "{}\r\n", "", "\u{feff}{\"a\":\"\t1\"}"]
        {
            let call = call(body.as_bytes());
            let written =
                [curl(&call, "https://g.example/"), http(&call, "https://g.example").unwrap()];
            for text in written {
                let found = read(text.as_bytes()).unwrap();
                let read = found.first().and_then(|one| one.call.clone()).unwrap();
                assert_eq!(String::from_utf8_lossy(&read.body), body, "{text}");
                let head = String::from_utf8(read.head).unwrap().to_lowercase();
                assert!(head.contains("signature: algorithm=rsa256,signature=a%2bb"), "{text}");
                assert!(head.contains("host: g.example") && !head.contains("assay.test"), "{text}");
                assert!(head.starts_with("post /ams/api/v1/payments/pay?x='1' "), "{head}");
            }
            let collection = postman(&call, "https://g.example", "pay").unwrap();
            let request = &collection["item"][0]["request"];
            assert_eq!(request["body"]["raw"], body);
            assert_eq!(request["header"].as_array().unwrap().len(), 3);
            assert_eq!(request["url"]["raw"], "https://g.example/ams/api/v1/payments/pay?x='1'");
        }
    }

    #[test]
    fn nothing_that_moves_a_cursor_is_written() {
        let call = call("\u{1b}[2J\u{202e}1\0".as_bytes());
        let text = curl(&call, "http://g");
        assert!(text.contains(r"$'\u001b[2J\u202e1\u0000'"), "{text}");
        let bytes = super::quoted(b"\xff'7");
        assert_eq!(bytes, r"$'\377\'7'");
        assert_eq!(http(&call, "http://g"), Err(NoText));
        assert!(postman(&self::call(b"\xff"), "http://g", "x").is_err());
    }
}
