//! Reading JSON, as it was spelt.

use super::{Json, Text};

/// Objects within objects that are followed.
const DEEPEST: usize = 64;

/// Where reading stands.
pub(super) struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    /// At the beginning of a text.
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// The one value that the text is.
    pub(super) fn whole(mut self) -> Option<Json> {
        let value = self.value(0)?;
        self.blanks();
        (self.at == self.text.len()).then_some(value)
    }

    fn rest(&self) -> &[u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    fn blanks(&mut self) {
        let blank = |byte: &&u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
        self.at += self.rest().iter().take_while(blank).count();
    }

    fn takes(&mut self, byte: u8) -> bool {
        self.blanks();
        let there = self.rest().first() == Some(&byte);
        self.at += usize::from(there);
        there
    }

    fn value(&mut self, depth: usize) -> Option<Json> {
        if depth > DEEPEST {
            return None;
        }
        self.blanks();
        match self.rest().first()? {
            b'{' => self.object(depth),
            b'[' => self.list(depth),
            b'"' => self.string().map(Json::Text),
            _ => self.scalar(),
        }
    }

    fn object(&mut self, depth: usize) -> Option<Json> {
        self.at += 1;
        let mut members = Vec::new();
        if self.takes(b'}') {
            return Some(Json::Object(members));
        }
        loop {
            self.blanks();
            let name = self.string()?;
            if !self.takes(b':') {
                return None;
            }
            members.push((name, self.value(depth + 1)?));
            if self.takes(b'}') {
                return Some(Json::Object(members));
            }
            if !self.takes(b',') {
                return None;
            }
        }
    }

    fn list(&mut self, depth: usize) -> Option<Json> {
        self.at += 1;
        let mut items = Vec::new();
        if self.takes(b']') {
            return Some(Json::List(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            if self.takes(b']') {
                return Some(Json::List(items));
            }
            if !self.takes(b',') {
                return None;
            }
        }
    }

    fn string(&mut self) -> Option<Text> {
        let rest = self.rest();
        let (mut end, mut escaped) = (1, false);
        if rest.first() != Some(&b'"') {
            return None;
        }
        loop {
            match rest.get(end)? {
                b'"' if !escaped => break,
                byte => escaped = !escaped && *byte == b'\\',
            }
            end += 1;
        }
        let raw = self.text.get(self.at..=self.at + end)?.to_owned();
        self.at += end + 1;
        let said = serde_json::from_str(&raw).ok()?;
        Some(Text { raw, said })
    }

    fn scalar(&mut self) -> Option<Json> {
        let part = |byte: &&u8| !matches!(byte, b',' | b'}' | b']' | b' ' | b'\t' | b'\n' | b'\r');
        let length = self.rest().iter().take_while(part).count();
        let raw = self.text.get(self.at..self.at + length)?.to_owned();
        self.at += length;
        let read: serde_json::Value = serde_json::from_str(&raw).ok()?;
        (!read.is_string()).then_some(Json::Scalar(raw))
    }
}
