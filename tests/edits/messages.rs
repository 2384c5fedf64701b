//! Edits of what a message says.

use evidence::{Blob, Entry, Event, Leg, Message, Party, Way};
use protocol::ams::{ACK, Verified};
use serde_json::Value;

use super::{Edit, Ground, Talk, legacy};

/// Changes the message at a place.
fn message(place: usize, how: impl Fn(&mut Message) + 'static) -> impl Fn(&mut Vec<Entry>) {
    move |entries| {
        if let Event::Message(message) = &mut entries[place].event {
            how(message);
        }
    }
}

/// A message as its sender sent it.
struct Told<'a> {
    place: usize,
    message: &'a Message,
    by: Party,
    name: String,
}

/// What merchant and gateway said in exchanges. What the runner and its witness said is left out.
fn told<'a>(ground: &'a Ground, talks: &[&Talk]) -> Vec<Told<'a>> {
    let mut list = vec![];
    for talk in talks {
        for &place in &talk.places {
            let Event::Message(message) = &ground.record.entries[place].event else { continue };
            let (by, name) = match message.leg {
                Leg::CallSent => (talk.caller, talk.name.clone()),
                Leg::AnswerSent => (Some(talk.answerer), format!("the answer to {}", talk.name)),
                Leg::CallReceived | Leg::AnswerReceived => continue,
            };
            list.extend(by.map(|by| Told { place, message, by, name }));
        }
    }
    list
}

/// Every edit of what was said in exchanges.
pub(super) fn all(ground: &Ground, talks: &[&Talk]) -> Vec<Edit> {
    let mut edits = bodies(ground, talks);
    edits.extend(heads(ground, talks));
    edits.extend(signatures(ground, talks));
    edits
}

/// Signatures that are wrong or missing.
fn signatures(ground: &Ground, talks: &[&Talk]) -> Vec<Edit> {
    let states = [(Verified::Wrong, "wrongly signed"), (Verified::Unsigned, "unsigned")];
    let mut edits = vec![];
    for Told { place, message: known, by, name } in told(ground, talks) {
        for (state, word) in states {
            if known.verified != Some(state) {
                let how = move |message: &mut Message| message.verified = Some(state);
                edits.push(Edit::new(by, format!("{name} is {word}"), message(place, how)));
            }
        }
    }
    edits
}

/// Bodies with another value, or without it.
fn bodies(ground: &Ground, talks: &[&Talk]) -> Vec<Edit> {
    let mut edits = vec![];
    for Told { place, message: known, by, name } in told(ground, talks) {
        let Some(bytes) = &known.bytes else { continue };
        if known.way == Way::Notice && known.leg == Leg::AnswerSent {
            let says = format!("{name} is the fixed acknowledgement");
            edits.push(Edit::new(by, says, message(place, acknowledge)));
        }
        for other in legacy::others(known, bytes) {
            let says = format!("{name} {}", other.says);
            let with =
                move |bytes: Blob| move |message: &mut Message| message.bytes = Some(bytes.clone());
            edits.push(Edit::new(by, says.clone(), message(place, with(other.bytes.clone()))));
            if known.verified == Some(Verified::Unsigned) {
                let how = move |message: &mut Message| {
                    message.bytes = Some(other.bytes.clone());
                    message.verified = Some(Verified::Valid);
                };
                edits.push(Edit::new(by, format!("{says}, signed"), message(place, how)));
            }
        }
        let Ok(body) = serde_json::from_slice::<Value>(&bytes.body) else {
            let how = |message: &mut Message| {
                message.bytes.iter_mut().for_each(|bytes| bytes.body = b"success".to_vec());
            };
            let says = format!("{name} has another body");
            edits.push(Edit::new(by, says, message(place, how)));
            continue;
        };
        for pointer in leaves(&body, String::new()) {
            let path = pointer.trim_start_matches('/').replace('/', ".");
            let value = body.pointer(&pointer).cloned().unwrap_or_default();
            for other in others(&path, &value) {
                let mut changed = body.clone();
                changed.pointer_mut(&pointer).into_iter().for_each(|it| *it = other.clone());
                let says = format!("{name} says {path} {}", shown(&other));
                edits.extend(rewritten(place, known, by, &says, &changed));
            }
            let mut without = body.clone();
            if remove(&mut without, &pointer) {
                let says = format!("{name} lacks {path}");
                edits.extend(rewritten(place, known, by, &says, &without));
            }
        }
        let how = |message: &mut Message| {
            message.bytes.iter_mut().for_each(|bytes| bytes.body.clear());
        };
        edits.push(Edit::new(by, format!("{name} has an empty body"), message(place, how)));
    }
    edits
}

fn acknowledge(message: &mut Message) {
    if let Some(bytes) = &mut message.bytes {
        bytes.head = b"HTTP/1.1 200 OK\r\n\r\n".to_vec();
        bytes.body = ACK.into();
    }
}

/// The edit, and where the message bears no valid signature, the same with one: an answer that
/// says something else would have been signed.
fn rewritten(place: usize, known: &Message, by: Party, says: &str, body: &Value) -> Vec<Edit> {
    let body = serde_json::to_vec(body).unwrap();
    let with = move |body: Vec<u8>| {
        move |message: &mut Message| {
            message.bytes.iter_mut().for_each(|bytes| bytes.body.clone_from(&body));
        }
    };
    let mut edits = vec![Edit::new(by, says.to_owned(), message(place, with(body.clone())))];
    if known.verified == Some(Verified::Unsigned) {
        let how = move |message: &mut Message| {
            with(body.clone())(message);
            message.verified = Some(Verified::Valid);
        };
        edits.push(Edit::new(by, format!("{says}, signed"), message(place, how)));
    }
    edits
}

/// Every scalar of a body, as a JSON pointer.
fn leaves(value: &Value, at: String) -> Vec<String> {
    match value {
        Value::Object(fields) => {
            let inner =
                fields.iter().flat_map(|(name, value)| leaves(value, format!("{at}/{name}")));
            inner.collect()
        }
        Value::Array(items) => {
            let items = items.iter().enumerate();
            items.flat_map(|(index, value)| leaves(value, format!("{at}/{index}"))).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => vec![at],
    }
}

fn remove(body: &mut Value, pointer: &str) -> bool {
    let Some((parent, name)) = pointer.rsplit_once('/') else { return false };
    let parent = body.pointer_mut(parent).and_then(Value::as_object_mut);
    parent.is_some_and(|fields| fields.remove(name).is_some())
}

/// Values that could stand there instead.
fn others(path: &str, value: &Value) -> Vec<Value> {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let words: &[&str] = match path.rsplit('.').next() {
        Some("resultStatus") => &["S", "F", "U"],
        Some("resultCode") => &["SUCCESS", "PROCESS_FAIL", "ORDER_NOT_EXIST"],
        Some("paymentStatus") => &["SUCCESS", "FAIL", "PROCESSING", "CANCELLED"],
        _ => {
            let digits = text.bytes().all(|byte| byte.is_ascii_digit());
            return vec![Value::String(format!("{text}{}", if digits { "0" } else { "x" }))];
        }
    };
    words.iter().filter(|word| **word != text).map(|word| Value::from(*word)).collect()
}

/// A value for the page: what was drawn or is long is not shown.
fn shown(value: &Value) -> String {
    match value.as_str() {
        Some(text)
            if text.len() <= 32 && text.bytes().all(|b| b.is_ascii_uppercase() || b == b'_') =>
        {
            text.to_owned()
        }
        _ => "otherwise".to_owned(),
    }
}

/// Heads with another start line, or with a header changed or left out.
fn heads(ground: &Ground, talks: &[&Talk]) -> Vec<Edit> {
    let mut edits = vec![];
    for Told { place, message: known, by, name } in told(ground, talks) {
        let Some(bytes) = &known.bytes else { continue };
        let head = String::from_utf8_lossy(&bytes.head).into_owned();
        let Some((start, rest)) = head.split_once("\r\n") else { continue };
        for (what, other) in start_lines(start) {
            let head = format!("{other}\r\n{rest}");
            edits.push(reheaded(place, by, format!("{name} has {what}"), head));
        }
        for header in ["client-id", "request-time", "response-time", "signature"] {
            let line = rest.split("\r\n").find(|line| {
                line.split_once(':').is_some_and(|(known, _)| known.eq_ignore_ascii_case(header))
            });
            let Some(line) = line else { continue };
            let without = head.replacen(&format!("{line}\r\n"), "", 1);
            edits.push(reheaded(place, by, format!("{name} lacks its header {header}"), without));
            let other = head.replacen(line, &format!("{header}: x"), 1);
            edits.push(reheaded(place, by, format!("{name} has another header {header}"), other));
        }
    }
    edits
}

fn reheaded(place: usize, by: Party, says: String, head: String) -> Edit {
    let how = move |message: &mut Message| {
        message.bytes.iter_mut().for_each(|bytes| bytes.head = head.clone().into_bytes());
    };
    Edit::new(by, says, message(place, how))
}

/// Other first lines of a call or of an answer.
fn start_lines(start: &str) -> Vec<(&'static str, String)> {
    if start.starts_with("HTTP/") {
        return vec![("status 500", "HTTP/1.1 500 Internal Server Error".to_owned())];
    }
    let mut parts = start.splitn(3, ' ');
    let (method, path) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    vec![
        ("another method", format!("PUT {path} HTTP/1.1")),
        ("another path", format!("{method} {path}x HTTP/1.1")),
        ("the live path", format!("{method} {} HTTP/1.1", path.replace("/sandbox/", "/"))),
    ]
}
