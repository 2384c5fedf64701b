//! The charsets of a call, by the name in `_input_charset`.

use std::borrow::Cow;

use encoding_rs::{EncoderResult, GBK};

/// A value of `_input_charset`: "`UTF-8`, `GBK`, `GB2312`".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Charset {
    /// UTF-8, also where nothing is said.
    Utf8,
    /// GBK.
    Gbk,
    /// GB2312: of GBK the 7445 characters of the older standard, in the same bytes.
    Gb2312,
}

/// A name that is none of the three.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name:?} is none of the charsets UTF-8, GBK and GB2312")]
pub struct UnknownCharset {
    /// The name.
    pub name: String,
}

/// A character that a charset does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{} has no character U+{:04X}", .charset.name(), u32::from(*.character))]
pub struct Unmappable {
    /// The charset.
    pub charset: Charset,
    /// The first character that it lacks.
    pub character: char,
}

/// Bytes that are no text in a charset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("byte {at} begins no character of {}", .charset.name())]
pub struct Undecodable {
    /// The charset.
    pub charset: Charset,
    /// The first byte that belongs to no character, counted from 0.
    pub at: usize,
}

impl Charset {
    /// Finds a charset by its name. Older clients write it in lower case, so names are compared
    /// case-insensitively.
    pub fn parse(name: &str) -> Result<Self, UnknownCharset> {
        [Self::Utf8, Self::Gbk, Self::Gb2312]
            .into_iter()
            .find(|charset| charset.name().eq_ignore_ascii_case(name))
            .ok_or_else(|| UnknownCharset { name: name.to_owned() })
    }

    /// The documented name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Gbk => "GBK",
            Self::Gb2312 => "GB2312",
        }
    }

    /// The bytes of a text. A character that cannot be written is an error: whatever stood in its
    /// place would be signed and mean something else.
    pub fn encode(self, text: &str) -> Result<Cow<'_, [u8]>, Unmappable> {
        if self == Self::Utf8 || text.is_ascii() {
            return Ok(Cow::Borrowed(text.as_bytes()));
        }
        let mut bytes = Vec::with_capacity(text.len());
        for character in text.chars() {
            let (pair, length) =
                self.pair(character).ok_or(Unmappable { charset: self, character })?;
            bytes.extend(pair.into_iter().take(length));
        }
        Ok(Cow::Owned(bytes))
    }

    /// One character in GBK or GB2312: its bytes, and how many they are.
    fn pair(self, character: char) -> Option<([u8; 2], usize)> {
        let (mut text, mut pair) = ([0; 4], [0; 4]);
        let text = character.encode_utf8(&mut text);
        let mut encoder = GBK.new_encoder();
        let (result, _, length) =
            encoder.encode_from_utf8_without_replacement(text, &mut pair, true);
        let bytes = [pair[0], pair[1]];
        let known = character.is_ascii() || self == Self::Gbk || is_gb2312(bytes);
        (result == EncoderResult::InputEmpty && known).then_some((bytes, length))
    }

    /// The text of bytes. What was read is written as the same bytes again, so that a signature
    /// over them can be checked; where the tables have a second way to write a character, that one
    /// is refused.
    pub fn decode(self, bytes: &[u8]) -> Result<Cow<'_, str>, Undecodable> {
        if self == Self::Utf8 || bytes.is_ascii() {
            return std::str::from_utf8(bytes)
                .map(Cow::Borrowed)
                .map_err(|error| Undecodable { charset: self, at: error.valid_up_to() });
        }
        let mut text = String::with_capacity(bytes.len() * 2);
        let mut at = 0;
        while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
            let (character, length) = self.first(rest).ok_or(Undecodable { charset: self, at })?;
            text.push(character);
            at += length;
        }
        Ok(Cow::Owned(text))
    }

    /// The first character of bytes in GBK or GB2312, and how many bytes it takes.
    fn first(self, bytes: &[u8]) -> Option<(char, usize)> {
        let length = match bytes.first()? {
            0..=0x80 => 1,
            _ => 2,
        };
        let bytes = bytes.get(..length)?;
        let text = GBK.decode_without_bom_handling_and_without_replacement(bytes)?;
        let mut characters = text.chars();
        let character = characters.next().filter(|_| characters.next().is_none())?;
        let (pair, again) = self.pair(character)?;
        (pair.get(..again)? == bytes).then_some((character, length))
    }
}

/// Whether a pair of bytes is one of GB2312: 682 signs and 6763 ideographs. GBK has filled the
/// gaps between them.
fn is_gb2312([row, cell]: [u8; 2]) -> bool {
    match row {
        0xA1 | 0xA3 | 0xB0..=0xD6 | 0xD8..=0xF7 => matches!(cell, 0xA1..=0xFE),
        0xA2 => matches!(cell, 0xB1..=0xE2 | 0xE5..=0xEE | 0xF1..=0xFC),
        0xA4 => matches!(cell, 0xA1..=0xF3),
        0xA5 => matches!(cell, 0xA1..=0xF6),
        0xA6 => matches!(cell, 0xA1..=0xB8 | 0xC1..=0xD8),
        0xA7 => matches!(cell, 0xA1..=0xC1 | 0xD1..=0xF1),
        0xA8 => matches!(cell, 0xA1..=0xBA | 0xC5..=0xE9),
        0xA9 => matches!(cell, 0xA4..=0xEF),
        0xD7 => matches!(cell, 0xA1..=0xF9),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Charset::{Gb2312, Gbk, Utf8};
    use super::*;

    #[test]
    fn names_are_found_in_either_case() {
        for (name, charset) in
            [("UTF-8", Utf8), ("utf-8", Utf8), ("gbk", Gbk), ("GBK", Gbk), ("gb2312", Gb2312)]
        {
            assert_eq!(Charset::parse(name), Ok(charset));
        }
        for name in ["", "utf8", "GB18030", "latin1", "UTF-8 "] {
            let error = UnknownCharset { name: name.to_owned() };
            assert_eq!(Charset::parse(name), Err(error));
        }
    }

    #[test]
    fn known_texts_have_known_bytes() {
        // `printf '\346\224\257\344\273\230\345\256\235' | iconv -t GBK | xxd -p` gives d6a7b8b6b1a6.
        let alipay = b"\xD6\xA7\xB8\xB6\xB1\xA6";
        for charset in [Gbk, Gb2312] {
            assert_eq!(charset.encode("支付宝").unwrap(), &alipay[..]);
            assert_eq!(charset.decode(alipay).unwrap(), "支付宝");
            assert_eq!(charset.encode("a支").unwrap(), &b"a\xD6\xA7"[..]);
        }
        // A character of GBK that GB2312 lacks: the traditional form.
        assert_eq!(Gbk.encode("寶").unwrap(), &b"\x8C\x9A"[..]);
        let error = Unmappable { charset: Gb2312, character: '寶' };
        assert_eq!(Gb2312.encode("支寶"), Err(error));
        assert_eq!(Gb2312.decode(b"\xD6\xA7\x8C\x9A"), Err(Undecodable { charset: Gb2312, at: 2 }));
        assert_eq!(error.to_string(), "GB2312 has no character U+5BF6");
    }

    #[test]
    fn what_cannot_be_mapped_is_an_error() {
        for (text, character) in
            [("Café 咖啡 😀", '😀'), ("\u{11F}", '\u{11F}'), ("é\u{301}", '\u{301}')]
        {
            assert_eq!(Gbk.encode(text), Err(Unmappable { charset: Gbk, character }), "{text}");
        }
        assert!(Utf8.encode("😀").is_ok());
        let cases: [(Charset, &[u8], usize); 7] = [
            (Utf8, b"ab\xFF", 2),
            (Utf8, b"\xD6\xA7\xB8\xB6", 2),
            (Gbk, b"a\xD6", 1),
            (Gbk, b"a\xFF\xFF", 1),
            // Four bytes, as GB18030 writes what GBK lacks.
            (Gbk, b"\xD6\xA7\x94\x39\xFC\x36", 2),
            // The second way to write the euro sign.
            (Gbk, b"\xA2\xE3", 0),
            (Gb2312, b"\x80", 0),
        ];
        for (charset, bytes, at) in cases {
            assert_eq!(charset.decode(bytes), Err(Undecodable { charset, at }), "{bytes:02x?}");
        }
    }

    #[test]
    fn gb2312_has_7445_characters() {
        let pairs = (0x80..=0xFF_u8).flat_map(|row| (0..=0xFF_u8).map(move |cell| [row, cell]));
        let of = |charset: Charset| {
            let one = |pair: &[u8; 2]| charset.decode(pair).is_ok_and(|t| t.chars().count() == 1);
            pairs.clone().filter(one).count()
        };
        assert_eq!(of(Gb2312), 7445);
        assert!(of(Gbk) > 21_000);
    }

    proptest! {
        #[test]
        fn what_can_be_written_reads_back(text in "[ -~一-龥é€°]{0,40}", at in 0..3_usize) {
            let charset = [Utf8, Gbk, Gb2312][at];
            if let Ok(bytes) = charset.encode(&text) {
                prop_assert_eq!(charset.decode(&bytes).unwrap().into_owned(), text.clone());
            }
        }

        #[test]
        fn what_can_be_read_is_written_as_the_same_bytes(
            bytes in proptest::collection::vec(any::<u8>(), 0..40), at in 0..3_usize,
        ) {
            let charset = [Utf8, Gbk, Gb2312][at];
            match charset.decode(&bytes) {
                Ok(text) => prop_assert_eq!(charset.encode(&text).unwrap().into_owned(), bytes.clone()),
                Err(fault) => prop_assert!(fault.at < bytes.len()),
            }
        }
    }
}
