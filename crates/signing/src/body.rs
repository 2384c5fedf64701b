//! Base64 as people lay it out: the lines of a key as one.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use rsa::pkcs8::der::zeroize::Zeroizing;

use crate::shape::{Damage, Remark};

/// Takes base64 with or without padding; the DER inside knows its own length.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// The lines of a body, each with its number in the text.
pub(crate) struct Body<'a> {
    lines: Vec<(usize, &'a str)>,
}

impl<'a> Body<'a> {
    /// Takes numbered lines.
    pub(crate) fn new(lines: Vec<(usize, &'a str)>) -> Self {
        Self { lines }
    }

    /// How many lines hold something, and how long the longest is.
    pub(crate) fn layout(&self) -> Layout {
        let widths =
            self.lines.iter().map(|(_, line)| line.trim().chars().count()).filter(|w| *w > 0);
        Layout { lines: widths.clone().count(), widest: widths.max().unwrap_or(0) }
    }

    /// Decodes the lines as one.
    pub(crate) fn decode(&self, remarks: &mut Vec<Remark>) -> Result<Zeroizing<Vec<u8>>, Damage> {
        let packed = self.pack(remarks)?;
        let body = packed.trim_end_matches('=');
        if body.contains('=') {
            let line = self.lines.iter().find(|(_, text)| text.contains('='));
            let line = line.map_or(0, |(line, _)| *line);
            return Err(Damage::Character { found: '=', line });
        }
        if body.len() % 4 == 1 {
            return Err(Damage::Length);
        }
        if !packed.len().is_multiple_of(4) {
            remarks.push(Remark::Unpadded);
        }
        LENIENT.decode(body).map(Zeroizing::new).or(Err(Damage::Length))
    }

    /// The characters of all lines in the standard alphabet, without blanks.
    fn pack(&self, remarks: &mut Vec<Remark>) -> Result<Zeroizing<String>, Damage> {
        // Room for all of it, so that no half-grown copy of a secret is left behind.
        let room = self.lines.iter().map(|(_, line)| line.len()).sum();
        let mut packed = Zeroizing::new(String::with_capacity(room));
        let (mut blanks, mut url) = (false, false);
        for (line, text) in &self.lines {
            for character in text.chars() {
                match character {
                    'A'..='Z' | 'a'..='z' | '0'..='9' | '+' | '/' | '=' => packed.push(character),
                    '-' | '_' => {
                        packed.push(if character == '-' { '+' } else { '/' });
                        url = true;
                    }
                    // Blanks that are not seen: zero width space, byte order mark.
                    '\u{200B}' | '\u{FEFF}' => blanks = true,
                    blank if blank.is_whitespace() => blanks = true,
                    found => return Err(Damage::Character { found, line: *line }),
                }
            }
        }
        remarks.extend(blanks.then_some(Remark::Blanks));
        remarks.extend(url.then_some(Remark::UrlAlphabet));
        Ok(packed)
    }
}

/// How a body is broken into lines.
pub(crate) struct Layout {
    /// Lines that hold something.
    pub(crate) lines: usize,
    /// Characters of the longest.
    pub(crate) widest: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(text: &str) -> (Result<Vec<u8>, Damage>, Vec<Remark>) {
        let lines = text.lines().enumerate().map(|(at, line)| (at + 1, line)).collect();
        let mut remarks = Vec::new();
        let bytes = Body::new(lines).decode(&mut remarks).map(|bytes| bytes.to_vec());
        (bytes, remarks)
    }

    #[test]
    fn any_layout_of_the_same_base64_decodes_alike() {
        let cases: [(&str, &[Remark]); 9] = [
            ("+/8BAg==", &[]),
            ("+/8B\nAg==", &[]),
            ("+/8B\n\n\nAg==\n", &[]),
            ("+/8B Ag==", &[Remark::Blanks]),
            ("\t+/8B\u{A0}\nAg==\u{200B}", &[Remark::Blanks]),
            ("+/8BAg", &[Remark::Unpadded]),
            ("+/8BAg=", &[Remark::Unpadded]),
            ("-_8BAg==", &[Remark::UrlAlphabet]),
            ("-_8B Ag", &[Remark::Blanks, Remark::UrlAlphabet, Remark::Unpadded]),
        ];
        for (text, remarks) in cases {
            let (bytes, found) = decode(text);
            assert_eq!(bytes, Ok(vec![0xFB, 0xFF, 0x01, 0x02]), "{text:?}");
            assert_eq!(found, remarks, "{text:?}");
        }
    }

    #[test]
    fn what_is_not_base64_is_named_with_its_line() {
        let cases = [
            ("AAAA\nAA*A", Damage::Character { found: '*', line: 2 }),
            ("AAAA\nAA\u{2026}", Damage::Character { found: '\u{2026}', line: 2 }),
            ("AA==\nAAAA", Damage::Character { found: '=', line: 1 }),
            ("AAAA\n\nA=AA", Damage::Character { found: '=', line: 3 }),
            ("AAAAA", Damage::Length),
        ];
        for (text, damage) in cases {
            assert_eq!(decode(text).0, Err(damage), "{text:?}");
        }
    }

    #[test]
    fn the_layout_counts_lines_that_hold_something() {
        for (text, lines, widest) in [("", 0, 0), ("\n \n", 0, 0), (" abc \n\nde", 2, 3)] {
            let body = Body::new(text.lines().map(|line| (1, line)).collect());
            let layout = body.layout();
            assert_eq!((layout.lines, layout.widest), (lines, widest), "{text:?}");
        }
    }
}
