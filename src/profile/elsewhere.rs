//! What a gateway asks for that others use as well: its control token, and an address by which it
//! reaches the witness.

use std::fmt;

use evidence::words::{
    PAYMENT_CODE_DO, PAYMENT_CODE_FORM, PUBLIC_URL_DO, PUBLIC_URL_FORM, Phrase, Sentence, TOKEN_DO,
    TOKEN_FORM,
};

use merchant::Form;

use super::keys::{Readable, veiled};
use super::read::{Reader, host};

/// Characters of the shortest token: a shorter one could stand in a bundle by chance, so that nobody
/// could say whether it was told.
const SHORTEST: usize = 12;
/// Characters of the longest.
const LONGEST: usize = 256;

/// What a control API asks for. `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct ControlToken(String);

impl ControlToken {
    /// Reads a token: 12 to 256 printable characters without blanks, and perhaps a line break
    /// behind them.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim_end_matches(['\r', '\n']);
        let fits = text.bytes().all(|byte| byte.is_ascii_graphic());
        (fits && (SHORTEST..=LONGEST).contains(&text.len())).then(|| Self(text.to_owned()))
    }

    /// The token itself.
    pub fn secret(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ControlToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ControlToken")
    }
}

impl Readable for ControlToken {
    const SECRET: bool = true;
    const ADVICE: &'static Sentence = &TOKEN_DO;

    fn of(text: &[u8]) -> Result<Self, Phrase> {
        let form = || TOKEN_FORM.with([SHORTEST, LONGEST]);
        std::str::from_utf8(text).ok().and_then(Self::read).ok_or_else(form)
    }
}

impl Reader<'_> {
    /// The codes that a wallet has shown beforehand.
    pub(super) fn payment_codes(&mut self, codes: &[String]) -> Vec<String> {
        let form = Form::PaymentCode { prefix: String::new(), digits: None };
        for code in codes.iter().filter(|code| form.read(code).is_err()) {
            let says = PAYMENT_CODE_FORM.with([veiled(code)]);
            self.add("P7", &["gateway", "payment_codes"], says, &PAYMENT_CODE_DO);
        }
        codes.to_vec()
    }

    /// The address by which gateways reach the witness: scheme, host and perhaps a port.
    pub(super) fn public_url(&mut self, url: &str) -> Option<String> {
        let bare = url.strip_suffix('/').unwrap_or(url);
        if host(bare).is_some() && bare.matches('/').count() == 2 && !bare.contains(['?', '#']) {
            return Some(bare.to_owned());
        }
        let says = PUBLIC_URL_FORM.with([veiled(url)]);
        self.add("P7", &["witness", "public_url"], says, &PUBLIC_URL_DO);
        None
    }
}

#[cfg(test)]
mod tests {
    use super::ControlToken;

    #[test]
    fn a_token_is_long_enough_never_to_be_met_by_chance() {
        for text in ["0123456789ab", "0123456789ab\n", "0123456789ab\r\n"] {
            assert_eq!(ControlToken::read(text).unwrap().secret(), "0123456789ab");
        }
        for text in ["", "0123456789a", "0123456789 ab", "0123456789ä", &"x".repeat(257)] {
            assert_eq!(ControlToken::read(text), None, "{text}");
        }
        assert_eq!(format!("{:?}", ControlToken::read("0123456789ab").unwrap()), "ControlToken");
    }
}
