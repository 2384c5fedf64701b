//! How a call ended, as its answer says.

use evidence::{Blob, status_of};
use protocol::ams::{self, Status, Verified};
use protocol::legacy::{Answer, Told};
use protocol::{Fields, Generation};

use crate::exit::Exit;

/// How a call ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Outcome {
    /// What the gateway says: done, refused, or unknown.
    pub(super) status: Status,
    /// The code or the word that says so.
    pub(super) code: String,
    /// Whether that can be believed: the answer is signed, or of a kind that never is.
    pub(super) believed: bool,
}

impl Outcome {
    /// What a page says that a browser got.
    pub(super) fn success() -> Self {
        Self { status: Status::S, code: "SUCCESS".to_owned(), believed: true }
    }

    /// What an answer says.
    pub(super) fn of(generation: Generation, answer: &Blob, verified: Verified) -> Self {
        let signed = verified == Verified::Valid;
        let told = match generation {
            Generation::Ams => Fields::read(&answer.body)
                .and_then(|fields| ams::Outcome::read(&fields))
                .map(|outcome| (outcome.status, outcome.code)),
            Generation::Legacy => match Answer::read(&answer.body) {
                Ok(read) => Some(legacy(&read)),
                // A page, a file or a word for people is never signed.
                Err(_) if !answer.body.trim_ascii_start().starts_with(b"<?xml") => {
                    return plain(answer, verified);
                }
                Err(_) => None,
            },
        };
        if let Some((status, code)) = told {
            return Self { status, code, believed: signed || status != Status::S };
        }
        let http = status_of(&answer.head).unwrap_or_default();
        Self { status: Status::U, code: format!("HTTP {http}"), believed: false }
    }

    /// 0 where the gateway did it, 1 where it refuses or cannot be believed, 2 where nobody knows.
    pub(super) fn exit(&self) -> Exit {
        match self.status {
            Status::S if self.believed => Exit::Acceptable,
            Status::S | Status::F => Exit::Rejected,
            Status::U => Exit::Incomplete,
        }
    }
}

fn legacy(answer: &Answer) -> (Status, String) {
    if let Told::Rejected { error } = &answer.told {
        return (Status::F, error.clone());
    }
    let word = answer.get("result_code").or_else(|| answer.get("response_code"));
    let code = answer.get("error").or_else(|| answer.get("detail_error_code"));
    let shown = |word: &str| code.filter(|it| !it.is_empty()).unwrap_or(word).to_owned();
    match word {
        // A call that is only taken, as forex_refund is.
        None | Some("") => (Status::S, "T".to_owned()),
        Some("SUCCESS") => (Status::S, "SUCCESS".to_owned()),
        Some(word @ ("UNKNOW" | "UNKNOWN")) => (Status::U, shown(word)),
        Some(word) => (Status::F, shown(word)),
    }
}

fn plain(answer: &Blob, verified: Verified) -> Outcome {
    let http = status_of(&answer.head).unwrap_or_default();
    let status = if http == 200 && verified == Verified::Unsigned { Status::S } else { Status::F };
    Outcome { status, code: format!("HTTP {http}"), believed: true }
}

#[cfg(test)]
mod tests {
    use evidence::Blob;
    use protocol::Generation;
    use protocol::ams::Verified;

    use super::Outcome;

    fn ends(generation: Generation, body: &str, verified: Verified) -> (String, u8) {
        let head = b"HTTP/1.1 200 OK\r\n\r\n".to_vec();
        let answer = Blob { head, body: body.as_bytes().to_vec() };
        let outcome = Outcome::of(generation, &answer, verified);
        (outcome.code.clone(), outcome.exit().code())
    }

    #[test]
    fn success_counts_where_it_is_signed_and_a_refusal_always() {
        let ams = |status: &str, code: &str| {
            format!(r#"{{"result":{{"resultStatus":"{status}","resultCode":"{code}"}}}}"#)
        };
        for (body, verified, code, exit) in [
            (ams("S", "SUCCESS"), Verified::Valid, "SUCCESS", 0),
            (ams("S", "SUCCESS"), Verified::Unsigned, "SUCCESS", 1),
            (ams("S", "SUCCESS"), Verified::Wrong, "SUCCESS", 1),
            (ams("F", "RISK_REJECT"), Verified::Unsigned, "RISK_REJECT", 1),
            (ams("U", "PAYMENT_IN_PROCESS"), Verified::Valid, "PAYMENT_IN_PROCESS", 2),
            ("<html>".to_owned(), Verified::Unsigned, "HTTP 200", 2),
        ] {
            assert_eq!(ends(Generation::Ams, &body, verified), (code.to_owned(), exit), "{body}");
        }
        let xml = |inner: &str| {
            format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?><alipay>{inner}</alipay>")
        };
        let response = |word: &str, error: &str| {
            let error =
                if error.is_empty() { String::new() } else { format!("<error>{error}</error>") };
            xml(&format!(
                "<is_success>T</is_success><response><alipay><result_code>{word}</result_code>{error}\
                 </alipay></response><sign>x</sign><sign_type>RSA2</sign_type>"
            ))
        };
        for (body, verified, code, exit) in [
            (response("SUCCESS", ""), Verified::Valid, "SUCCESS", 0),
            (response("SUCCESS", ""), Verified::Wrong, "SUCCESS", 1),
            (response("FAILED", "BUYER_NOT_EXIST"), Verified::Valid, "BUYER_NOT_EXIST", 1),
            (response("UNKNOW", ""), Verified::Valid, "UNKNOW", 2),
            (
                xml("<is_success>F</is_success><error>ILLEGAL_SIGN</error>"),
                Verified::Unsigned,
                "ILLEGAL_SIGN",
                1,
            ),
            ("true".to_owned(), Verified::Unsigned, "HTTP 200", 0),
        ] {
            assert_eq!(
                ends(Generation::Legacy, &body, verified),
                (code.to_owned(), exit),
                "{body}"
            );
        }
    }
}
