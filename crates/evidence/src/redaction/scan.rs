//! One pass over a message: where the fields stand that are looked for, in JSON, in a form, in XML or
//! in a head. Reading is lexical, so that a message that is no message is read as far as it goes.

use super::fields::{Kind, Wanted, is_nameless};
use super::written::Written;

/// How deep JSON is looked for in the strings of JSON and of forms.
const DEPTH: usize = 4;

/// Takes a value that was found, and answers what stands in its place.
pub(super) trait Found {
    /// What stands in place of `value`, which is as long; `None` leaves it.
    fn replace(&mut self, name: &str, kind: Kind, value: &[u8]) -> Option<Vec<u8>>;
}

/// A pass over a message.
pub(super) struct Scan<'a> {
    pub(super) wanted: Wanted,
    pub(super) found: &'a mut dyn Found,
}

/// An object or an array that is open.
struct Frame {
    /// The name it stands under, which is also that of an array's elements.
    name: String,
    is_object: bool,
    /// Whether it is within a buyer's object.
    within: bool,
}

impl Scan<'_> {
    /// A head: the query of its first line, and its header lines.
    pub(super) fn head(&mut self, head: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(head.len());
        for (index, line) in head.split_inclusive(|byte| *byte == b'\n').enumerate() {
            if index == 0 {
                self.target(line, &mut out);
            } else {
                self.header(line, &mut out);
            }
        }
        out
    }

    fn target(&mut self, line: &[u8], out: &mut Vec<u8>) {
        let Some(start) = line.iter().position(|byte| *byte == b'?') else {
            return out.extend_from_slice(line);
        };
        let (path, rest) = line.split_at(start + 1);
        let end = rest.iter().position(|byte| b" #\r\n".contains(byte)).unwrap_or(rest.len());
        let (query, version) = rest.split_at(end);
        out.extend_from_slice(path);
        out.extend(self.form(query, DEPTH));
        out.extend_from_slice(version);
    }

    fn header(&mut self, line: &[u8], out: &mut Vec<u8>) {
        let Some(colon) = line.iter().position(|byte| *byte == b':') else {
            return out.extend_from_slice(line);
        };
        let (name, value) = line.split_at(colon + 1);
        let name = String::from_utf8_lossy(&name[..colon]).trim().to_ascii_lowercase();
        out.extend_from_slice(&line[..=colon]);
        match (self.wanted.header(&name), name.as_str()) {
            // `algorithm=RSA256,keyVersion=1,signature=...`: the last part alone is one.
            (Some(Kind::Signature), _) => {
                let start = value.windows(10).rposition(|it| it == b"signature=");
                let (known, sign) = value.split_at(start.map_or(0, |start| start + 10));
                let (sign, end) = sign.split_at(sign.trim_ascii_end().len());
                out.extend_from_slice(known);
                self.value(&name, Kind::Signature, &Written::form(sign), out);
                out.extend_from_slice(end);
            }
            (Some(kind), _) => self.value(&name, kind, &Written::xml(value), out),
            // Where a browser is sent, or comes from.
            (None, "location" | "referer") => self.target(value, out),
            (None, _) => out.extend_from_slice(value),
        }
    }

    /// A body, by what it begins with.
    pub(super) fn body(&mut self, body: &[u8]) -> Vec<u8> {
        match body.trim_ascii_start().first() {
            Some(b'{' | b'[') => self.json(body, DEPTH),
            Some(b'<') => self.xml(body),
            Some(_) => self.form(body, DEPTH),
            None => body.to_vec(),
        }
    }

    fn value(&mut self, name: &str, kind: Kind, written: &Written<'_>, out: &mut Vec<u8>) {
        let replaced = self.found.replace(name, kind, &written.plain);
        out.extend(written.with(replaced.as_deref().unwrap_or(&written.plain)));
    }

    /// A value that is not looked for itself, but may be JSON.
    fn inside(&mut self, written: &Written<'_>, depth: usize, out: &mut Vec<u8>) {
        let is_json = matches!(written.plain.trim_ascii_start().first(), Some(b'{' | b'['));
        let depth = depth.checked_sub(1).filter(|_| is_json);
        let within = depth.map(|depth| self.json(&written.plain, depth));
        out.extend(written.with(within.as_deref().unwrap_or(&written.plain)));
    }

    pub(super) fn form(&mut self, form: &[u8], depth: usize) -> Vec<u8> {
        let mut out = Vec::with_capacity(form.len());
        for (index, piece) in form.split(|byte| *byte == b'&').enumerate() {
            if index > 0 {
                out.push(b'&');
            }
            let Some(end) = piece.iter().position(|byte| *byte == b'=') else {
                out.extend_from_slice(piece);
                continue;
            };
            let (name, value) = (&piece[..end], &piece[end + 1..]);
            out.extend_from_slice(&piece[..=end]);
            let name = String::from_utf8_lossy(&Written::form(name).plain).trim().to_owned();
            let written = Written::form(value);
            match self.wanted.field(&name) {
                Some(kind) => self.value(&name, kind, &written, &mut out),
                None => self.inside(&written, depth, &mut out),
            }
        }
        out
    }

    fn xml(&mut self, text: &[u8]) -> Vec<u8> {
        const CDATA: &[u8] = b"<![CDATA[";
        let mut out = Vec::with_capacity(text.len());
        let mut rest = text;
        let mut name = String::new();
        while !rest.is_empty() {
            if let Some(after) = rest.strip_prefix(CDATA) {
                let end = after.windows(3).position(|it| it == b"]]>").unwrap_or(after.len());
                out.extend_from_slice(CDATA);
                self.element(&name, &after[..end], &mut out);
                rest = &after[end..];
            }
            let tag = rest.iter().position(|byte| *byte == b'>').map_or(rest.len(), |end| end + 1);
            let (tag, after) = rest.split_at(tag);
            out.extend_from_slice(tag);
            name = tag_name(tag);
            let end = after.iter().position(|byte| *byte == b'<').unwrap_or(after.len());
            self.element(&name, &after[..end], &mut out);
            rest = &after[end..];
        }
        out
    }

    fn element(&mut self, name: &str, text: &[u8], out: &mut Vec<u8>) {
        // What an answer repeats of its call is no signature of its own.
        let repeated = name.strip_prefix(REPEATED);
        let own = repeated.is_none() || self.wanted == Wanted::Buyers;
        let name = repeated.unwrap_or(name);
        match self.wanted.field(name).filter(|_| own) {
            Some(kind) => self.value(name, kind, &Written::xml(text), out),
            None => out.extend_from_slice(text),
        }
    }

    pub(super) fn json(&mut self, text: &[u8], depth: usize) -> Vec<u8> {
        let mut out = Vec::with_capacity(text.len());
        let mut open: Vec<Frame> = vec![];
        let mut key = String::new();
        let mut rest = text;
        while let Some(&first) = rest.first() {
            match first {
                b'"' => {
                    let (string, after) = split_string(rest);
                    let next = after.trim_ascii_start().first();
                    let is_key = next == Some(&b':') && open.last().is_some_and(|it| it.is_object);
                    if is_key {
                        key = String::from_utf8_lossy(&Written::json(string).plain).into_owned();
                        out.extend_from_slice(&rest[..rest.len() - after.len()]);
                    } else {
                        out.push(b'"');
                        let written = Written::json(string);
                        match self.member(&open, &key) {
                            Some(kind) => self.value(&key, kind, &written, &mut out),
                            None => self.inside(&written, depth, &mut out),
                        }
                        let closed = rest.len() - after.len() > string.len() + 1;
                        out.extend(closed.then_some(b'"'));
                    }
                    rest = after;
                    continue;
                }
                b'{' | b'[' => {
                    let within = open.last().is_some_and(|it| it.within);
                    let within = within || self.wanted.object(&key);
                    open.push(Frame { name: key.clone(), is_object: first == b'{', within });
                }
                b'}' | b']' => {
                    open.pop();
                    key = open.last().map(|it| it.name.clone()).unwrap_or_default();
                }
                b'0'..=b'9' => {
                    let end = rest.iter().position(|it| !it.is_ascii_digit());
                    let (number, after) = rest.split_at(end.unwrap_or(rest.len()));
                    match self.member(&open, &key) {
                        Some(kind) => self.number(&key, kind, number, &mut out),
                        None => out.extend_from_slice(number),
                    }
                    rest = after;
                    continue;
                }
                _ => {}
            }
            out.push(first);
            rest = &rest[1..];
        }
        out
    }

    /// What the member of the innermost object is.
    fn member(&self, open: &[Frame], key: &str) -> Option<Kind> {
        let within = open.last().is_some_and(|it| it.within) && !is_nameless(key);
        let of_object = (within && self.wanted == Wanted::Buyers).then_some(Kind::Buyer);
        self.wanted.field(key).or(of_object)
    }

    /// A number begins with another digit than 0, unless it did so before.
    fn number(&mut self, name: &str, kind: Kind, number: &[u8], out: &mut Vec<u8>) {
        let mut replaced = self.found.replace(name, kind, number).unwrap_or_else(|| number.into());
        if let (Some(first), false) = (replaced.first_mut(), number.starts_with(b"0")) {
            *first = if *first == b'0' { b'1' } else { *first };
        }
        out.extend(replaced);
    }
}

/// What stands within the quotation marks that a text begins with, and what comes after them.
fn split_string(text: &[u8]) -> (&[u8], &[u8]) {
    let within = text.get(1..).unwrap_or_default();
    let mut escaped = false;
    for (at, byte) in within.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return (&within[..at], &within[at + 1..]),
            _ => {}
        }
    }
    (within, &[])
}

/// What stands before the name of a parameter that an answer repeats.
const REPEATED: &str = "param ";

/// The name of an opening tag; of `<param name="x">` it is `param x`.
fn tag_name(tag: &[u8]) -> String {
    let text = String::from_utf8_lossy(tag);
    let inner = text.trim_start_matches('<').trim_end_matches('>');
    let named = inner.split_once("name=").map(|(_, name)| name.trim_matches(['"', '\'', ' ']));
    let bare = inner.split([' ', '\t', '\r', '\n', '/']).next().unwrap_or_default();
    let bare = bare.rsplit(':').next().unwrap_or_default();
    match named.filter(|_| bare == "param") {
        Some(name) => format!("{REPEATED}{name}"),
        None => bare.to_owned(),
    }
}
