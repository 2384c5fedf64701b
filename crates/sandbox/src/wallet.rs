//! The buyers: their money, their payment codes, and how they meet a payment.

use clock::Millis;
use protocol::Currency;
use protocol::ams::is_payment_code;
use serde::Deserialize;

use crate::defect::Defect;
use crate::ledger::Ledger;

/// How long a payment code may be used after it was issued.
const CODE_LIFE: Millis = 60_000;
/// The longest life of a code that can be asked for.
const LONGEST_LIFE: Millis = 24 * 3_600_000;

#[derive(Debug)]
pub(crate) struct Wallet {
    pub(crate) currency: Currency,
    /// Minor units; only a defect makes it negative.
    pub(crate) balance: i64,
    pub(crate) mood: Mood,
}

/// How the owner of a wallet meets a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
pub(crate) enum Mood {
    /// Pays at once, no password.
    Pays {},
    /// Is asked for the password and decides some time later.
    Asks {
        decides: Decision,
        #[serde(default)]
        after: Millis,
    },
}

/// What the buyer does at the prompt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Decision {
    Approve,
    Decline,
    Ignore,
}

/// A payment code that a wallet showed.
#[derive(Debug)]
pub(crate) struct IssuedCode {
    wallet: usize,
    expires: Millis,
    /// Given out word for word, in the form of another wallet: no rule of form applies.
    verbatim: bool,
    used: bool,
}

/// What a new payment code is to look like.
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct CodeForm {
    prefix: String,
    digits: usize,
    value: Option<String>,
    /// For how many milliseconds it can be used, where that is not a minute.
    life: Option<Millis>,
}

impl Default for CodeForm {
    fn default() -> Self {
        Self { prefix: "28".into(), digits: 18, value: None, life: None }
    }
}

impl Ledger {
    /// Issues a payment code, and says until when it may be used.
    pub(crate) fn issue(
        &mut self,
        wallet: usize,
        form: CodeForm,
        now: Millis,
    ) -> Result<(String, Millis), &'static str> {
        let verbatim = form.value.is_some();
        let code = match form.value {
            Some(value) if (1..=128).contains(&value.chars().count()) => value,
            Some(_) => return Err("expected a value of 1 to 128 characters"),
            None => self.fresh_code(&form.prefix, form.digits)?,
        };
        if self.codes.contains_key(&code) {
            return Err("expected a code that has not been issued yet");
        }
        let life = form.life.unwrap_or(CODE_LIFE);
        if !(1..=LONGEST_LIFE).contains(&life) {
            return Err("expected a life of 1 ms to one day");
        }
        let expires = now + life;
        self.codes.insert(code.clone(), IssuedCode { wallet, expires, verbatim, used: false });
        Ok((code, expires))
    }

    fn fresh_code(&mut self, prefix: &str, digits: usize) -> Result<String, &'static str> {
        if !prefix.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err("expected a prefix of digits");
        }
        // Eight free digits are enough that a code not issued yet is always found.
        if digits > 64 || digits < prefix.len() + 8 {
            return Err("expected at most 64 digits, and at least 8 after the prefix");
        }
        loop {
            let code = format!("{prefix}{}", self.draw.digits(digits - prefix.len()));
            if !self.codes.contains_key(&code) {
                return Ok(code);
            }
        }
    }

    /// Whose code it is.
    pub(crate) fn owner_of(&self, code: &str) -> Option<usize> {
        self.codes.get(code).map(|issued| issued.wallet)
    }

    /// Uses a scanned code up: the wallet it belongs to, or the code of the refusal. `again` says
    /// that the same order has been here before and a defect makes us forget it.
    pub(crate) fn use_code(
        &mut self,
        code: &str,
        again: bool,
        now: Millis,
    ) -> Result<usize, &'static str> {
        let Some(issued) = self.codes.get_mut(code) else { return Err("INVALID_PAYMENT_CODE") };
        if !issued.verbatim && !is_payment_code(code) {
            return Err("INVALID_PAYMENT_CODE");
        }
        let old_form = code.starts_with("28") && (16..=18).contains(&code.len());
        if !old_form && self.defects.strikes(Defect::CodeOldRule) {
            return Err("INVALID_PAYMENT_CODE");
        }
        if issued.used {
            if !again && !self.defects.strikes(Defect::CodeReusable) {
                return Err("INVALID_PAYMENT_CODE");
            }
        } else if now >= issued.expires {
            return Err("EXPIRED_CODE");
        }
        issued.used = true;
        Ok(issued.wallet)
    }
}
