//! An exchange, and the messages of it that are diagnosed.

use diagnose::{Kind, Subject, remarks};
use evidence::words::{DIAGNOSE_KIND_DO, DIAGNOSE_NO_TARGET};
use evidence::{Blob, Way, target_of};
use protocol::Generation;

use super::found::Found;
use super::{Diagnose, KindName};
use crate::exit::CommandError;

/// An exchange: a call or a notice, and its answer.
pub(super) struct Exchange {
    pub(super) place: String,
    pub(super) way: Option<Way>,
    pub(super) call: Option<Blob>,
    pub(super) answer: Option<Blob>,
    pub(super) witnessed: bool,
    /// When the call came, in milliseconds since the epoch.
    pub(super) at: Option<i64>,
}

/// Head and body by hand: the body counts byte for byte, whatever the head announces.
pub(super) fn by_hand(
    command: &Diagnose,
    head: &[u8],
    body: Vec<u8>,
) -> Result<Exchange, CommandError> {
    let text = String::from_utf8_lossy(head);
    let mut lines: Vec<&str> =
        text.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect();
    let begins = |line: &&str| line.starts_with("HTTP/") || line.ends_with(" HTTP/1.1");
    let answers = command.kind.map(KindName::kind);
    let answers = matches!(answers, Some(Kind::Answer | Kind::Acknowledgement));
    let start = match (lines.first().copied().filter(begins), &command.target) {
        (Some(line), _) => {
            lines.remove(0);
            line.to_owned()
        }
        (None, _) if answers => "HTTP/1.1 200 OK".to_owned(),
        (None, Some(target)) => format!("POST {target} HTTP/1.1"),
        (None, None) => return Err(no_target()),
    };
    let head = format!("{start}\r\n{}\r\n\r\n", lines.join("\r\n")).into_bytes();
    let blob = Blob { head, body };
    let (call, answer) =
        if start.starts_with("HTTP/") { (None, Some(blob)) } else { (Some(blob), None) };
    let place = String::new();
    Ok(Exchange { place, way: None, call, answer, witnessed: false, at: None })
}

fn no_target() -> CommandError {
    CommandError::Usage { says: DIAGNOSE_NO_TARGET.plain(), advice: DIAGNOSE_KIND_DO.plain() }
}

impl Exchange {
    /// The run and the attempt of which it is one; the same for all of a file.
    pub(super) fn attempt(&self) -> &str {
        self.place.rsplit_once(' ').map_or("", |(attempt, _)| attempt)
    }

    /// The messages of it that are diagnosed. `earlier` are the calls that came before it.
    pub(super) fn messages(
        &self,
        command: &Diagnose,
        earlier: &[&Blob],
        remarked: bool,
    ) -> Result<Vec<Found>, CommandError> {
        let told = command.kind.map(KindName::kind);
        let call = match (self.call.clone(), &command.target) {
            (Some(call), _) => Some(call),
            (None, Some(target)) => {
                let head = format!("POST {target} HTTP/1.1\r\n\r\n").into_bytes();
                Some(Blob { head, body: Vec::new() })
            }
            (None, None) => None,
        };
        let alone = call.as_ref().is_none_or(|call| call.body.is_empty()) && self.answer.is_some();
        let generation = match (&call, &self.answer) {
            (Some(call), _) if !alone => Subject::generation_of(call),
            (_, Some(answer)) if answer.body.trim_ascii_start().starts_with(b"<") => {
                Generation::Legacy
            }
            (Some(call), _) => Subject::generation_of(call),
            (None, _) => Generation::Ams,
        };
        let notice = match (self.way, told) {
            (Some(way), _) => way == Way::Notice,
            (None, Some(kind)) => kind.way() == Way::Notice,
            (None, None) => call.as_ref().is_some_and(is_notice),
        };
        let (asks, answers) =
            if notice { (Kind::Notice, Kind::Acknowledgement) } else { (Kind::Call, Kind::Answer) };
        if told.is_none() && call.is_none() && generation == Generation::Ams {
            return Err(no_target());
        }
        let mut found = Vec::new();
        let mut take = |kind: Kind, message: Blob, call: Option<Blob>| {
            if told.is_none_or(|told| told == kind) {
                let witnessed = self.witnessed;
                let subject = Subject { generation, kind, message, call, witnessed };
                let remarks = if remarked { remarks(&subject, earlier, self.at) } else { vec![] };
                found.push(Found { place: self.place.clone(), subject, remarks });
            }
        };
        if let Some(call) = call.clone().filter(|_| !alone || self.way.is_some()) {
            take(asks, call, None);
        }
        if let Some(answer) = self.answer.clone() {
            take(answers, answer, call);
        }
        Ok(found)
    }
}

/// What goes to no address of the gateway comes from it.
fn is_notice(call: &Blob) -> bool {
    let target = target_of(&call.head).unwrap_or_default();
    !target.contains("/ams/") && !evidence::is_legacy(call)
}
