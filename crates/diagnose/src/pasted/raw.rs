//! Raw HTTP/1.1: a request, a response, or one after the other.

use evidence::{Blob, head_field};

use super::{Pasted, PastedFault};

/// Reads one or more messages that stand one after the other.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Pasted>, PastedFault> {
    let mut all: Vec<Pasted> = Vec::new();
    let mut rest = bytes;
    while !rest.trim_ascii().is_empty() {
        let (blob, after) = one(rest.trim_ascii_start())?;
        rest = after;
        if blob.head.starts_with(b"HTTP/") {
            match all.last_mut() {
                Some(last) if last.answer.is_none() => last.answer = Some(blob),
                Some(_) | None => {
                    all.push(Pasted { call: None, answer: Some(blob), witnessed: true });
                }
            }
        } else {
            all.push(Pasted { call: Some(blob), answer: None, witnessed: true });
        }
    }
    if all.is_empty() { Err(PastedFault::NoMessage) } else { Ok(all) }
}

/// The first message, and what follows it.
fn one(bytes: &[u8]) -> Result<(Blob, &[u8]), PastedFault> {
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default().trim_ascii_end();
    if !is_start(line) {
        return Err(PastedFault::NoMessage);
    }
    // Editors write LF; a head has CRLF.
    let ends = [(&b"\r\n\r\n"[..], 4), (b"\n\n", 2)];
    let find = |end: &[u8]| bytes.windows(end.len()).position(|part| part == end);
    let end = ends.iter().filter_map(|(end, length)| Some((find(end)?, *length))).min();
    let (head, body) = match end {
        Some((at, length)) => (bytes.get(..at), bytes.get(at + length..)),
        None => (Some(bytes), None),
    };
    let (head, body) = (head.unwrap_or_default(), body.unwrap_or_default());
    let head = normal(head.trim_ascii_end())?;
    let announced = head_field(&head, "content-length").map(|text| text.parse::<usize>());
    match announced {
        None => Ok((Blob { head, body: body.to_vec() }, &[])),
        Some(Err(_no_number)) => Err(PastedFault::NoHead),
        Some(Ok(announced)) => {
            let found = body.len();
            let (body, rest) =
                body.split_at_checked(announced).ok_or(PastedFault::CutOff { found, announced })?;
            let extra = rest.trim_ascii();
            let next = extra.split(|byte| *byte == b'\n').next().unwrap_or_default();
            if !extra.is_empty() && !is_start(next.trim_ascii_end()) {
                return Err(PastedFault::Trailing { extra: rest.len() });
            }
            Ok((Blob { head, body: body.to_vec() }, rest))
        }
    }
}

/// Whether a line begins a request or a response.
fn is_start(line: &[u8]) -> bool {
    let words: Vec<&[u8]> = line.split(|byte| *byte == b' ').collect();
    match words.as_slice() {
        [version, status, ..] if version.starts_with(b"HTTP/") => {
            status.len() == 3 && status.iter().all(u8::is_ascii_digit)
        }
        [method, target, version] => {
            matches!(*method, b"GET" | b"POST" | b"PUT")
                && !target.is_empty()
                && version.starts_with(b"HTTP/")
        }
        _ => false,
    }
}

/// The head with the line ends that it has on the wire.
fn normal(head: &[u8]) -> Result<Vec<u8>, PastedFault> {
    let mut out = Vec::with_capacity(head.len() + 64);
    for (at, line) in head.split(|byte| *byte == b'\n').enumerate() {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if at > 0 && !line.contains(&b':') {
            return Err(PastedFault::NoHead);
        }
        out.extend_from_slice(line);
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(b"\r\n");
    Ok(out)
}
