//! A value as it is written in JSON, in a form or in XML: its bytes, and what they stand for. A value
//! that is replaced is written as the one before, escape for escape, so that the message keeps its
//! length.

/// The value, piece for piece.
#[derive(Debug, Default)]
pub(super) struct Written<'a> {
    /// What it stands for.
    pub(super) plain: Vec<u8>,
    pieces: Vec<Piece<'a>>,
}

#[derive(Debug)]
struct Piece<'a> {
    raw: &'a [u8],
    /// How many bytes of the value it stands for.
    length: usize,
}

impl<'a> Written<'a> {
    fn add(&mut self, raw: &'a [u8], plain: &[u8]) {
        self.plain.extend_from_slice(plain);
        self.pieces.push(Piece { raw, length: plain.len() });
    }

    /// What stands between the quotation marks of a string in JSON.
    pub(super) fn json(text: &'a [u8]) -> Self {
        let mut written = Self::default();
        let mut rest = text;
        while !rest.is_empty() {
            let (length, plain) = json_piece(rest);
            let (raw, after) = rest.split_at(length.min(rest.len()));
            written.add(raw, &plain);
            rest = after;
        }
        written
    }

    /// A name or a value of a form or of a query.
    pub(super) fn form(text: &'a [u8]) -> Self {
        let mut written = Self::default();
        let mut rest = text;
        while let Some(&first) = rest.first() {
            let escaped = rest.get(1..3).and_then(hex).filter(|_| first == b'%');
            let length = if escaped.is_some() { 3 } else { 1 };
            let (raw, after) = rest.split_at(length);
            let plain = if first == b'+' { b' ' } else { first };
            written.add(raw, &[escaped.unwrap_or(plain)]);
            rest = after;
        }
        written
    }

    /// What stands between two tags of XML.
    pub(super) fn xml(text: &'a [u8]) -> Self {
        let mut written = Self::default();
        let mut rest = text;
        while let Some(&first) = rest.first() {
            let entity = rest.iter().take(12).position(|byte| *byte == b';');
            let length = entity.filter(|_| first == b'&').map_or(1, |end| end + 1);
            let (raw, after) = rest.split_at(length);
            written.add(raw, &[first]);
            rest = after;
        }
        written
    }

    /// Another value of the same length, as it would be written in this one's place.
    pub(super) fn with(&self, plain: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        let (mut before, mut after) = (self.plain.as_slice(), plain);
        for piece in &self.pieces {
            let (was, rest) = before.split_at(piece.length.min(before.len()));
            let (is, left) = after.split_at(piece.length.min(after.len()));
            (before, after) = (rest, left);
            if was == is || piece.raw.len() == piece.length {
                out.extend_from_slice(if was == is { piece.raw } else { is });
            } else if piece.raw.starts_with(b"%") {
                out.extend(is.iter().flat_map(|byte| format!("%{byte:02X}").into_bytes()));
            } else {
                let text = String::from_utf8_lossy(is);
                let units = text.encode_utf16();
                out.extend(units.flat_map(|unit| format!("\\u{unit:04x}").into_bytes()));
            }
        }
        out
    }
}

fn hex(digits: &[u8]) -> Option<u8> {
    let text = std::str::from_utf8(digits).ok()?;
    text.bytes().all(|byte| byte.is_ascii_hexdigit()).then_some(())?;
    u8::from_str_radix(text, 16).ok()
}

/// How long the first piece of a string in JSON is, and what it stands for.
fn json_piece(text: &[u8]) -> (usize, Vec<u8>) {
    let unit = |at: usize| {
        let digits = text.get(at..).filter(|rest| rest.starts_with(b"\\u"))?.get(2..6)?;
        Some(u16::from(hex(&digits[..2])?) << 8 | u16::from(hex(&digits[2..])?))
    };
    match text {
        [b'\\', b'u', ..] => {
            let pair = [unit(0), unit(6)];
            let read = |units: &[u16]| String::from_utf16(units).ok().map(String::into_bytes);
            match pair {
                [Some(high), Some(low)] if (0xd800..0xdc00).contains(&high) => {
                    let plain = read(&[high, low]);
                    plain.map_or_else(|| (6, b"?".to_vec()), |plain| (12, plain))
                }
                [Some(one), _] => (6, read(&[one]).unwrap_or_else(|| b"?".to_vec())),
                [None, _] => (1, b"\\".to_vec()),
            }
        }
        [b'\\', escaped @ (b'"' | b'\\' | b'/'), ..] => (2, vec![*escaped]),
        [b'\\', b'n' | b't' | b'r' | b'b' | b'f', ..] => (2, b" ".to_vec()),
        [first, ..] => (1, vec![*first]),
        [] => (1, vec![]),
    }
}

#[cfg(test)]
mod tests {
    use super::Written;

    #[test]
    fn what_is_written_is_read_and_written_again_as_long_as_before() {
        let json = Written::json(br#"a\u0041\n\"\u674e\ud83d\ude00\/"#);
        assert_eq!(json.plain, "aA \"李😀/".as_bytes());
        assert_eq!(json.with(&json.plain), br#"a\u0041\n\"\u674e\ud83d\ude00\/"#);
        assert_eq!(json.with("bB \"某😁/".as_bytes()), br#"b\u0042\n\"\u67d0\ud83d\ude01\/"#);
        for broken in [&br"\u12"[..], br"\ud83d", br"\ud83dx", br"\", br"\a", b""] {
            let json = Written::json(broken);
            assert_eq!(json.with(&json.plain), broken);
        }
        let form = Written::form(b"a%41+%2B%zz%e9");
        assert_eq!(form.plain, b"aA +%zz\xe9");
        assert_eq!(form.with(&form.plain), b"a%41+%2B%zz%e9");
        assert_eq!(form.with(b"bB +%zz\xea"), b"b%42+%2B%zz%EA");
        let xml = Written::xml(b"a&amp;b&c");
        assert_eq!(xml.plain, b"a&b&c");
        assert_eq!(xml.with(b"d&e&f"), b"d&amp;e&f");
    }
}
