//! Notices, and what a merchant answers to one.

use super::charset::Charset;
use super::form::{Form, FormFault};

/// The acknowledgement: "body `success`".
pub const ACK: &str = "success";

/// What every notice has.
const COMMON: [&str; 5] = ["notify_time", "notify_type", "notify_id", "sign_type", "sign"];

/// A notice: a posted form with the five common fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification(Form);

/// Why a body is no notice.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotificationFault {
    /// It is no form.
    #[error(transparent)]
    Form(#[from] FormFault),
    /// A common field is absent or empty.
    #[error("the notice has no {name}")]
    Missing {
        /// Its name.
        name: &'static str,
    },
}

impl Notification {
    /// Reads a body. No page says that a notice names its charset, so it is the one of the call
    /// that asked for it, unless `_input_charset` says otherwise.
    pub fn read(body: &[u8], charset: Charset) -> Result<Self, NotificationFault> {
        Self::new(Form::read(b"", body, charset)?)
    }

    /// Takes a signed form as a notice.
    pub fn new(form: Form) -> Result<Self, NotificationFault> {
        let absent = |name: &&str| form.get(name).is_none_or(str::is_empty);
        match COMMON.into_iter().find(absent) {
            Some(name) => Err(NotificationFault::Missing { name }),
            None => Ok(Self(form)),
        }
    }

    /// Its id, under which `notify_verify` knows it and a merchant handles it once.
    pub fn notify_id(&self) -> &str {
        self.0.get("notify_id").unwrap_or_default()
    }

    /// Its fields; [`Form::verify`] checks its signature.
    pub fn form(&self) -> &Form {
        &self.0
    }
}

/// Why an answer does not acknowledge a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AckFault {
    /// Another HTTP status than 200.
    #[error("the HTTP status is {0}, not 200")]
    HttpStatus(u16),
    /// Another body.
    #[error("the body is not the word success")]
    Body,
}

/// Judges an acknowledgement: HTTP 200, and the word `success` in either case with nothing but
/// white space around it. Libraries and help pages write it small, one page in capitals.
pub fn judge_ack(status: u16, body: &[u8]) -> Result<(), AckFault> {
    if status != 200 {
        return Err(AckFault::HttpStatus(status));
    }
    let good = body.trim_ascii().eq_ignore_ascii_case(ACK.as_bytes());
    if good { Ok(()) } else { Err(AckFault::Body) }
}

#[cfg(test)]
mod tests {
    use signing::SharedKey;

    use super::*;
    use crate::ams::Verified;
    use crate::legacy::{Signer, Verifier};

    fn notice() -> Form {
        let mut form = Form::new(Charset::Utf8);
        for (name, value) in [
            ("notify_time", "2026-11-26 10:00:00"),
            ("notify_type", "trade_status_sync"),
            ("notify_id", "70fec0c2730b27528665af4517c27b95"),
            ("subject", "Café 咖啡"),
            ("trade_status", "TRADE_FINISHED"),
        ] {
            form.set(name, value);
        }
        form
    }

    #[test]
    fn a_signed_form_is_a_notice_and_an_edited_one_is_found_out() {
        let key = SharedKey::read(b"10000000000000000000000000000000").unwrap();
        let mut form = notice();
        form.sign(&Signer::Md5(key.clone())).unwrap();
        let body = form.write().unwrap();
        let notice = Notification::read(&body, Charset::Utf8).unwrap();
        assert_eq!(notice.notify_id(), "70fec0c2730b27528665af4517c27b95");
        assert_eq!(notice.form().verify(&Verifier::Md5(key.clone())), Verified::Valid);
        let edited = String::from_utf8(body).unwrap().replace("TRADE_FINISHED", "TRADE_CLOSED");
        let notice = Notification::read(edited.as_bytes(), Charset::Utf8).unwrap();
        assert_eq!(notice.form().verify(&Verifier::Md5(key)), Verified::Wrong);
    }

    #[test]
    fn a_notice_has_the_common_fields() {
        let missing = |form| Notification::new(form).unwrap_err();
        assert_eq!(missing(notice()), NotificationFault::Missing { name: "sign_type" });
        let mut form = notice();
        form.set("notify_id", "");
        assert_eq!(missing(form), NotificationFault::Missing { name: "notify_id" });
        let broken = Notification::read(b"notify_id=%", Charset::Utf8);
        assert!(matches!(broken, Err(NotificationFault::Form(FormFault::Escape { .. }))));
    }

    #[test]
    fn only_the_word_acknowledges() {
        for (status, body, verdict) in [
            (200, ACK, Ok(())),
            (200, "SUCCESS", Ok(())),
            (200, " success\r\n", Ok(())),
            (201, ACK, Err(AckFault::HttpStatus(201))),
            (500, ACK, Err(AckFault::HttpStatus(500))),
            (200, "", Err(AckFault::Body)),
            (200, "fail", Err(AckFault::Body)),
            (200, "\u{feff}success", Err(AckFault::Body)),
            (200, "success!", Err(AckFault::Body)),
            (200, "<html>success</html>", Err(AckFault::Body)),
        ] {
            assert_eq!(judge_ack(status, body.as_bytes()), verdict, "{status} {body}");
        }
    }
}
