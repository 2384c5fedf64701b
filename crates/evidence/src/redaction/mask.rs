//! What stands in place of a value: as long, of the same form, and drawn from a salted digest.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Salt;

/// How many digits of an all-digit value stay: what a payment code begins with says whose it is to
/// issue, and nothing of who holds it.
const PREFIX: usize = 2;
/// The shortest value of which they stay.
const LONG: usize = 10;

/// The value in other letters and digits: each digit by a digit, each letter by a letter of the same
/// case, each other character by one as long, and what is neither as it was. Equal values give equal
/// ones, and without the salt nobody can try which value it was.
pub(super) fn masked(salt: &Salt, value: &[u8]) -> Vec<u8> {
    let mut draw = Draw { salt, value, block: [0; 32], used: 32, blocks: 0 };
    formed(value, |byte| draw.like(byte))
}

/// The form alone of a value: all values that [`masked`] could give for it have the same.
pub(super) fn blank(value: &[u8]) -> Vec<u8> {
    formed(value, |byte| match byte {
        b'0'..=b'9' => b'0',
        b'a'..=b'z' => b'a',
        b'A'..=b'Z' => b'A',
        other => other,
    })
}

/// The form alone of a signature, of which [`masked_signature`] leaves no more.
pub(super) fn blank_signature(value: &[u8]) -> Vec<u8> {
    let blank = |byte: &u8| if byte.is_ascii_alphanumeric() { b'0' } else { *byte };
    value.iter().map(blank).collect()
}

/// The value with each of its ASCII characters replaced by one like it, and each other by a stranger.
fn formed(value: &[u8], mut like: impl FnMut(u8) -> u8) -> Vec<u8> {
    let digits = value.len() >= LONG && value.iter().all(u8::is_ascii_digit);
    let mut masked = Vec::with_capacity(value.len());
    if digits {
        masked.extend_from_slice(&value[..PREFIX]);
    }
    let rest = &value[masked.len()..];
    if let Ok(text) = std::str::from_utf8(rest) {
        for letter in text.chars() {
            match u8::try_from(letter).ok().filter(u8::is_ascii) {
                Some(byte) => masked.push(like(byte)),
                None => masked.extend_from_slice(stranger(letter).as_bytes()),
            }
        }
        return masked;
    }
    // Another charset, in which a character takes two bytes.
    let mut pieces = rest;
    while let Some((&byte, after)) = pieces.split_first() {
        if byte.is_ascii() || after.is_empty() {
            masked.push(if byte.is_ascii() { like(byte) } else { b'?' });
            pieces = after;
        } else {
            masked.extend_from_slice(&GBK_SOMEBODY);
            pieces = &after[1..];
        }
    }
    masked
}

/// A signature that is none any more, in the form that it had: hexadecimal digits, or base64 with what
/// is padding or, for DSA, the frame of two numbers in DER. That form is judged.
pub(super) fn masked_signature(salt: &Salt, value: &[u8]) -> Vec<u8> {
    let mut draw = Draw { salt, value, block: [0; 32], used: 32, blocks: 0 };
    let is_hex = |byte: &u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(byte);
    if value.iter().all(is_hex) {
        let digits = b"0123456789abcdef".iter().copied().cycle();
        let digit = |draw: u8| digits.clone().nth(usize::from(draw % 16)).unwrap_or(b'0');
        return value.iter().map(|_| digit(draw.next())).collect();
    }
    let kept = STANDARD.decode(value).map_or_else(|_| vec![], |bytes| frame_of(&bytes));
    let last = value.iter().rposition(|byte| !matches!(byte, b'=' | b'\r' | b'\n'));
    let masked = value.iter().enumerate().map(|(at, &byte)| {
        // Six bits of one or two bytes.
        let holds = |place: &usize| [at * 6 / 8, (at * 6 + 5) / 8].contains(place);
        if Some(at) == last || kept.iter().any(holds) { byte } else { draw.like(byte) }
    });
    masked.collect()
}

/// Which bytes of a signature say that it is two numbers in DER, the beginning of each included.
fn frame_of(der: &[u8]) -> Vec<usize> {
    const SEQUENCE: u8 = 0x30;
    let mut kept = vec![];
    if der.first() == Some(&SEQUENCE)
        && der.get(1).map(|it| usize::from(*it) + 2) == Some(der.len())
    {
        kept.extend([0, 1]);
        let mut at = 2;
        for _ in 0..2 {
            kept.extend(at..at + 4);
            at += der.get(at + 1).map_or(0, |length| usize::from(*length)) + 2;
        }
    }
    kept
}

/// Whether there is anything in it that is replaced.
pub(super) fn is_told(value: &[u8]) -> bool {
    value.iter().any(|byte| byte.is_ascii_alphanumeric() || !byte.is_ascii())
}

/// A character that stands for any other of its length in UTF-8. All but the last are in GBK too.
fn stranger(letter: char) -> &'static str {
    match letter.len_utf8() {
        2 => "\u{e9}",
        3 => "\u{67d0}",
        _ => "\u{1f600}",
    }
}

/// The character for somebody unnamed, in GBK.
const GBK_SOMEBODY: [u8; 2] = [0xc4, 0xb3];

/// Numbers that follow from salt and value.
struct Draw<'a> {
    salt: &'a Salt,
    value: &'a [u8],
    block: [u8; 32],
    used: usize,
    blocks: u32,
}

impl Draw<'_> {
    fn next(&mut self) -> u8 {
        if self.used == self.block.len() {
            let count = self.blocks.to_be_bytes();
            let text = [self.salt.0.as_slice(), &count, self.value].concat();
            self.block = signing::sha256(&text);
            self.blocks += 1;
            self.used = 0;
        }
        self.used += 1;
        self.block.get(self.used - 1).copied().unwrap_or_default()
    }

    /// A byte of the same kind.
    fn like(&mut self, byte: u8) -> u8 {
        match byte {
            b'0'..=b'9' => b'0' + self.next() % 10,
            b'a'..=b'z' => b'a' + self.next() % 26,
            b'A'..=b'Z' => b'A' + self.next() % 26,
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    use super::super::Salt;
    use super::{is_told, masked, masked_signature};

    const SALT: Salt = Salt([7; 32]);

    #[test]
    fn a_value_keeps_its_length_and_form_and_equal_ones_stay_equal() {
        let code = masked(&SALT, b"288812345678901234");
        assert_eq!(code.len(), 18);
        assert!(code.starts_with(b"28") && code.iter().all(u8::is_ascii_digit));
        assert_ne!(code, b"288812345678901234");
        assert_eq!(code, masked(&SALT, b"288812345678901234"));
        assert_ne!(code, masked(&SALT, b"288812345678901235"));
        assert_ne!(code, masked(&Salt([8; 32]), b"288812345678901234"));
        let login = String::from_utf8(masked(&SALT, b"bu***1@Wallet.test")).unwrap();
        let form: String = login
            .chars()
            .map(|letter| match letter {
                '0'..='9' => '0',
                'a'..='z' => 'a',
                'A'..='Z' => 'A',
                other => other,
            })
            .collect();
        assert_eq!(form, "aa***0@Aaaaaa.aaaa");
        let names = [("Zoë 李雷", 11), ("\u{1f468}", 4), ("", 0), ("***", 3)];
        for (name, length) in names {
            let masked = String::from_utf8(masked(&SALT, name.as_bytes())).unwrap();
            assert_eq!(masked.len(), length, "{name}");
            assert_eq!(masked.chars().count(), name.chars().count(), "{name}");
        }
        // 李雷 in GBK, and a byte that begins nothing.
        assert_eq!(masked(&SALT, b"\xc0\xee\xc0\xd7"), b"\xc4\xb3\xc4\xb3");
        assert_eq!(masked(&SALT, b"\xc0\xee\xc0"), b"\xc4\xb3?");
        assert!(is_told("李".as_bytes()) && is_told(b"a") && !is_told(b"***") && !is_told(b""));
    }

    #[test]
    fn a_signature_keeps_the_form_that_is_judged() {
        let masked =
            |text: &str| String::from_utf8(masked_signature(&SALT, text.as_bytes())).unwrap();
        // SEQUENCE { INTEGER 00 ff and eight more, INTEGER 03 04 and eight more }
        let der = "MBgCCgD/AAECAwQFBgcCCgMEAAECAwQFBgc=";
        let numbers = STANDARD.decode(masked(der)).unwrap();
        assert_eq!(
            (&numbers[..6], &numbers[14..18]),
            (&b"\x30\x18\x02\x0a\x00\xff"[..], &b"\x02\x0a\x03\x04"[..])
        );
        assert_ne!(masked(der), der);
        let rsa = STANDARD.encode([0x5a; 256]);
        assert_ne!(masked(&rsa), rsa);
        assert_eq!(STANDARD.decode(masked(&rsa)).unwrap().len(), 256);
        let md5 = "0123456789abcdef0123456789abcdef";
        let hex = masked(md5);
        assert!(
            hex != md5 && hex.len() == 32 && hex.bytes().all(|it| md5.as_bytes().contains(&it))
        );
        for odd in ["", "=", "MBgCCgD", "MA==", "\r\n"] {
            assert_eq!(masked(odd).len(), odd.len());
        }
    }

    #[test]
    fn a_long_value_is_drawn_to_its_end() {
        let text = [b'0'; 400];
        let masked = masked(&SALT, &text);
        assert_eq!(masked.len(), text.len());
        let halves = (&masked[2..100], &masked[102..200]);
        assert_ne!(halves.0, halves.1);
    }
}
