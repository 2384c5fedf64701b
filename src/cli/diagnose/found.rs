//! A message that was found, and what came of it.

use diagnose::{Diagnosis, Kind, Remark, State, Subject, Unreadable};
use evidence::{Party, status_of, target_of};
use protocol::ams::{Outcome, Status};
use protocol::legacy::{Answer, Told};
use protocol::{Fields, Generation};

/// A message, and where it was found.
#[derive(Debug, Clone)]
pub(in crate::cli) struct Found {
    /// Where: the run of a case and the exchange in it; empty in a file that holds one exchange.
    pub(in crate::cli) place: String,
    /// The message.
    pub(in crate::cli) subject: Subject,
    /// What is wrong with it besides its signature, or to be done about it.
    pub(in crate::cli) remarks: Vec<Remark>,
}

impl Found {
    /// What the message is, in the words of HTTP.
    pub(in crate::cli) fn line(&self) -> String {
        let blob = self.subject.call.as_ref().unwrap_or(&self.subject.message);
        let target = target_of(&blob.head).unwrap_or_default();
        let path = target.split('?').next().unwrap_or_default();
        let method = String::from_utf8_lossy(&blob.head);
        let method = method.split(' ').next().unwrap_or_default();
        match status_of(&self.subject.message.head).filter(|_| self.subject.call.is_some()) {
            Some(status) => format!("{method} {path} → {status}"),
            None => format!("{method} {path}"),
        }
    }

    /// Whether the message need not be signed: what the gateway says to a call that it could not
    /// check, and what a merchant says to a notice.
    fn may_be_unsigned(&self) -> bool {
        let body = &self.subject.message.body;
        match (self.subject.kind, self.subject.generation) {
            (Kind::Acknowledgement, _) => true,
            (Kind::Answer, Generation::Ams) => {
                let outcome = Fields::read(body).and_then(|fields| Outcome::read(&fields));
                outcome.is_some_and(|outcome| outcome.status != Status::S)
            }
            (Kind::Answer, Generation::Legacy) => match Answer::read(body) {
                Ok(answer) => answer.told != Told::Accepted || answer.response.is_none(),
                // A page, a file or a word for people.
                Err(_) => !body.trim_ascii_start().starts_with(b"<?xml"),
            },
            (Kind::Call | Kind::Notice, _) => false,
        }
    }
}

/// A message with its diagnosis.
#[derive(Debug)]
pub(in crate::cli) struct Judged {
    pub(in crate::cli) found: Found,
    pub(in crate::cli) diagnosis: Result<Diagnosis, Unreadable>,
}

impl Judged {
    /// Whether there is something to say about it.
    pub(in crate::cli) fn is_shown(&self) -> bool {
        self.has_bad_signature() || !self.found.remarks.is_empty()
    }

    /// Whether something is wrong that somebody has to mend: what a buyer's wallet refuses is not.
    pub(in crate::cli) fn is_wrong(&self) -> bool {
        let to_mend = |remark: &Remark| matches!(remark.fault, Party::Merchant | Party::Gateway);
        self.has_bad_signature() || self.found.remarks.iter().any(to_mend)
    }

    /// Whether there is nothing else to say about the next one: what is asked every three seconds is
    /// answered alike.
    pub(super) fn is_like(&self, next: &Self) -> bool {
        let all_but_place = |one: &Self| (one.found.subject.kind, one.found.line());
        let sound = !self.has_bad_signature() && !next.has_bad_signature();
        let same = all_but_place(self) == all_but_place(next);
        sound && same && self.found.remarks == next.found.remarks
    }

    /// Whether its signature is not as it should be.
    pub(in crate::cli) fn has_bad_signature(&self) -> bool {
        match &self.diagnosis {
            Ok(diagnosis) => match diagnosis.state {
                State::Holds => false,
                State::Unsigned => !self.found.may_be_unsigned(),
                State::Explained | State::Unexplained | State::NoKey => true,
            },
            Err(Unreadable::NoResponse) => !self.found.may_be_unsigned(),
            Err(Unreadable::NoCall | Unreadable::OtherLayout) => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use diagnose::{Diagnosis, Kind, Remark, State, Subject};
    use evidence::words::MOCK_NONE;
    use evidence::{Blob, Party};
    use protocol::Generation;

    use super::{Found, Judged};

    /// A call to a path that is judged so, with a remark about a field where one is named.
    fn judged(place: &str, path: &str, state: State, about: Option<&str>) -> Judged {
        let head = format!("POST {path} HTTP/1.1\r\nclient-id: x\r\n\r\n").into_bytes();
        let subject = Subject {
            generation: Generation::Ams,
            kind: Kind::Call,
            message: Blob { head, body: place.as_bytes().to_vec() },
            call: None,
            witnessed: true,
        };
        let remark = |field: &str| Remark {
            about: "field",
            field: Some(field.to_owned()),
            says: MOCK_NONE.plain(),
            fix: MOCK_NONE.plain(),
            fault: Party::Merchant,
        };
        let remarks = about.map(remark).into_iter().collect();
        let diagnosis = Diagnosis {
            state,
            explanations: vec![],
            key: None,
            algorithm: None,
            text: vec![],
            tried: 0,
            whole: true,
        };
        Judged {
            found: Found { place: place.to_owned(), subject, remarks },
            diagnosis: Ok(diagnosis),
        }
    }

    #[test]
    fn messages_are_told_as_one_where_place_and_bytes_alone_differ_and_no_signature_is_bad() {
        let one = |place| judged(place, "/pay", State::Holds, Some("paymentAmount"));
        assert!(one("1").is_like(&one("2")));
        for (other, why) in [
            (judged("2", "/cancel", State::Holds, Some("paymentAmount")), "another call"),
            (judged("2", "/pay", State::Holds, Some("order")), "another remark"),
            (judged("2", "/pay", State::Holds, None), "no remark"),
            (judged("2", "/pay", State::Unexplained, Some("paymentAmount")), "a bad signature"),
        ] {
            assert!(!one("1").is_like(&other) && !other.is_like(&one("1")), "{why}");
        }
        // Of bad signatures each is told: the same mistake is made on different texts.
        let bad = |place| judged(place, "/pay", State::Explained, Some("paymentAmount"));
        assert!(!bad("1").is_like(&bad("2")));
        let mut notice = one("2");
        notice.found.subject.kind = Kind::Notice;
        assert!(!one("1").is_like(&notice));
    }
}
