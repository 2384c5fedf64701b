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
