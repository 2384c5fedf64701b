//! Where the messages come from.

use std::io::Read as _;
use std::path::Path;

use diagnose::pasted::{self, LARGEST_PASTED, Pasted, PastedFault};
use evidence::words::{
    DIAGNOSE_BODY_ELSEWHERE, DIAGNOSE_CUT_OFF, DIAGNOSE_FILE, DIAGNOSE_FILE_DO, DIAGNOSE_HEAD_DO,
    DIAGNOSE_LARGE, DIAGNOSE_LARGE_DO, DIAGNOSE_NO_ADDRESS, DIAGNOSE_NO_CASE, DIAGNOSE_NO_CASE_DO,
    DIAGNOSE_NO_HAR, DIAGNOSE_NO_HEAD, DIAGNOSE_NO_ID, DIAGNOSE_NO_ID_DO, DIAGNOSE_NO_MESSAGE,
    DIAGNOSE_NO_MESSAGE_DO, DIAGNOSE_OPEN_QUOTE, DIAGNOSE_SEVERAL, DIAGNOSE_SEVERAL_DO,
    DIAGNOSE_TRAILING, DIAGNOSE_WHOLE_DO, Phrase, Place,
};
use evidence::{Blob, CaseRecord, Event, Leg, Record};
use memchr::memmem;

use super::Diagnose;
use super::exchange::{Exchange, by_hand};
use super::found::Found;
use crate::bounded;
use crate::cli::verify::LARGEST_BUNDLE;
use crate::exit::CommandError;
use crate::seal::read_zip;

/// The record in a bundle, and in each part of a merged one.
const RECORD: &str = "record.ndjson";
/// The bundle in the folder of a run.
const BUNDLE: &str = "acceptance.zip";

/// What was found.
pub(super) struct Input {
    pub(super) found: Vec<Found>,
    /// Whether it stands in a record, where what holds is passed over.
    pub(super) recorded: bool,
}

/// Finds the messages that the command line means.
pub(super) fn gather(command: &Diagnose) -> Result<Input, CommandError> {
    if let (Some(head), Some(body)) = (&command.head, &command.body) {
        let exchange = by_hand(command, &whole(head)?, whole(body)?)?;
        return Ok(Input { found: exchange.messages(command, &[], true)?, recorded: false });
    }
    let input = command.input.as_deref().unwrap_or("-");
    let (exchanges, recorded) = exchanges(command, input)?;
    if let (Some(case), true) = (&command.case, exchanges.is_empty()) {
        let says = DIAGNOSE_NO_CASE.with([input, case]);
        return Err(CommandError::Usage { says, advice: DIAGNOSE_NO_CASE_DO.plain() });
    }
    let several = exchanges.len();
    let holds = |exchange: &Exchange, id: &str| {
        let blobs = [&exchange.call, &exchange.answer];
        blobs.into_iter().flatten().any(|blob| {
            [&blob.head, &blob.body].iter().any(|part| memmem::find(part, id.as_bytes()).is_some())
        })
    };
    let mut wanted: Vec<usize> = (0..several)
        .filter(|at| {
            command
                .request_id
                .as_ref()
                .is_none_or(|id| exchanges.get(*at).is_some_and(|it| holds(it, id)))
        })
        .collect();
    if let Some(number) = command.exchange {
        let at = usize::try_from(number).unwrap_or(usize::MAX).saturating_sub(1);
        wanted = wanted.into_iter().skip(at).take(1).collect();
    }
    if wanted.is_empty() {
        let says = DIAGNOSE_NO_ID.with([input.to_owned(), several.to_string()]);
        return Err(CommandError::Usage { says, advice: DIAGNOSE_NO_ID_DO.plain() });
    }
    if wanted.len() > 1 && !recorded {
        let says = DIAGNOSE_SEVERAL.with([input.to_owned(), wanted.len().to_string()]);
        return Err(CommandError::Usage { says, advice: DIAGNOSE_SEVERAL_DO.plain() });
    }
    // In a whole run much is refused on purpose; who names a case or an id wants to know.
    let remarked = !recorded || command.case.is_some() || command.request_id.is_some();
    let mut found = Vec::new();
    for at in wanted {
        let Some((exchange, before)) = exchanges.get(..=at).and_then(<[Exchange]>::split_last)
        else {
            continue;
        };
        let same = before.iter().filter(|it| it.attempt() == exchange.attempt());
        let earlier: Vec<&Blob> = same.filter_map(|it| it.call.as_ref()).collect();
        found.extend(exchange.messages(command, &earlier, remarked)?);
    }
    Ok(Input { found, recorded })
}

/// Every exchange of the input, and whether it is a record.
fn exchanges(command: &Diagnose, input: &str) -> Result<(Vec<Exchange>, bool), CommandError> {
    if input.starts_with("http://") || input.starts_with("https://") {
        return Ok((pasted(input, input.as_bytes())?, false));
    }
    let bytes = bytes_of(input)?;
    if !bytes.starts_with(b"PK\x03\x04") && !bytes.starts_with(b"{\"record\":") {
        return Ok((pasted(input, &bytes)?, false));
    }
    let broken = |why: Phrase| unreadable(input, why);
    let mut all = Vec::new();
    let mut take = |bytes: &[u8]| {
        let record = Record::read_partial(bytes).map_err(|why| broken(why.says()))?;
        for case in &record.cases {
            let whole = case.key.to_string();
            let wanted = |name: &String| *name == case.key.case || *name == whole;
            if command.case.as_ref().is_none_or(wanted) {
                recorded(case, &mut all);
            }
        }
        Ok::<(), CommandError>(())
    };
    if bytes.starts_with(b"PK") {
        for file in read_zip(&bytes).map_err(|why| broken(why.says()))? {
            if file.name.rsplit('/').next() == Some(RECORD) {
                take(&file.bytes)?;
            }
        }
    } else {
        take(&bytes)?;
    }
    Ok((all, true))
}

/// The bytes of a file, of the bundle in a folder, or of standard input, up to a limit.
fn bytes_of(input: &str) -> Result<Vec<u8>, CommandError> {
    if input == "-" {
        let mut bytes = Vec::new();
        let read = std::io::stdin().lock().take(LARGEST_PASTED + 1).read_to_end(&mut bytes);
        read.map_err(|why| file_error(input, &why))?;
        return bounded_by(LARGEST_PASTED, input, bytes);
    }
    let mut path = Path::new(input).to_path_buf();
    if path.is_dir() {
        let bundle = path.join(BUNDLE);
        path = if bundle.exists() { bundle } else { path.join(RECORD) };
    }
    let start = bounded::read(&path, 15).map_err(|why| file_error(input, &why))?;
    let ours = start.starts_with(b"PK\x03\x04") || start.starts_with(b"{\"record\":");
    let limit = if ours { LARGEST_BUNDLE } else { LARGEST_PASTED };
    let bytes = bounded::read(&path, limit).map_err(|why| file_error(input, &why))?;
    bounded_by(limit, input, bytes)
}

fn bounded_by(limit: u64, input: &str, bytes: Vec<u8>) -> Result<Vec<u8>, CommandError> {
    if bytes.len() as u64 <= limit {
        return Ok(bytes);
    }
    let says = DIAGNOSE_LARGE.with([input.to_owned(), (limit >> 20).to_string()]);
    Err(CommandError::Bundle { says, advice: DIAGNOSE_LARGE_DO.plain() })
}

fn whole(path: &Path) -> Result<Vec<u8>, CommandError> {
    let name = path.display().to_string();
    let bytes = bounded::read(path, LARGEST_PASTED).map_err(|why| file_error(&name, &why))?;
    bounded_by(LARGEST_PASTED, &name, bytes)
}

fn file_error(input: &str, why: &std::io::Error) -> CommandError {
    let says = DIAGNOSE_FILE.with([input.to_owned(), why.to_string()]);
    CommandError::Bundle { says, advice: DIAGNOSE_FILE_DO.plain() }
}

fn unreadable(input: &str, why: Phrase) -> CommandError {
    let says = DIAGNOSE_FILE.holding([Place::value(input), why.into()]);
    CommandError::Bundle { says, advice: DIAGNOSE_NO_MESSAGE_DO.plain() }
}

/// The exchanges of an attempt, as their senders sent them.
fn recorded(case: &CaseRecord, all: &mut Vec<Exchange>) {
    let first = all.len();
    for entry in &case.entries {
        let Event::Message(message) = &entry.event else { continue };
        let Some(blob) = message.as_passed() else { continue };
        let place = format!("{} {}", case.key, message.exchange);
        match message.leg {
            Leg::CallSent => all.push(Exchange {
                place,
                way: Some(message.way),
                call: Some(blob.clone()),
                answer: None,
                witnessed: true,
                at: Some(entry.at),
            }),
            Leg::AnswerSent => {
                let of_attempt = all.get_mut(first..).unwrap_or_default();
                let same = |own: &&mut Exchange| own.place == place;
                if let Some(exchange) = of_attempt.iter_mut().rev().find(same) {
                    exchange.answer = Some(blob.clone());
                }
            }
            // What the witness made of it is no sender's doing.
            Leg::CallReceived | Leg::AnswerReceived => {}
        }
    }
}

fn pasted(input: &str, bytes: &[u8]) -> Result<Vec<Exchange>, CommandError> {
    let all = pasted::read(bytes).map_err(|fault| {
        let (says, advice) = said(&fault);
        let says = DIAGNOSE_FILE.holding([Place::value(shortened(input)), says.into()]);
        CommandError::Bundle { says, advice }
    })?;
    let exchange = |Pasted { call, answer, witnessed }| Exchange {
        place: String::new(),
        way: None,
        call,
        answer,
        witnessed,
        at: None,
    };
    Ok(all.into_iter().map(exchange).collect())
}

/// An address may be longer than a line.
fn shortened(input: &str) -> String {
    let mut short: String = input.chars().take(60).collect();
    if short.len() < input.len() {
        short.push('…');
    }
    short
}

fn said(fault: &PastedFault) -> (Phrase, Phrase) {
    let whole = DIAGNOSE_WHOLE_DO.plain();
    match fault {
        PastedFault::NoMessage => (DIAGNOSE_NO_MESSAGE.plain(), DIAGNOSE_NO_MESSAGE_DO.plain()),
        PastedFault::NoHead => (DIAGNOSE_NO_HEAD.plain(), DIAGNOSE_HEAD_DO.plain()),
        PastedFault::CutOff { found, announced } => {
            (DIAGNOSE_CUT_OFF.with([found, announced]), whole)
        }
        PastedFault::Trailing { extra } => (DIAGNOSE_TRAILING.with([extra]), whole),
        PastedFault::NoHar(why) => (DIAGNOSE_NO_HAR.with([why]), DIAGNOSE_NO_MESSAGE_DO.plain()),
        PastedFault::BodyElsewhere(name) => (DIAGNOSE_BODY_ELSEWHERE.with([name]), whole),
        PastedFault::OpenQuote => (DIAGNOSE_OPEN_QUOTE.plain(), whole),
        PastedFault::NoAddress => (DIAGNOSE_NO_ADDRESS.plain(), whole),
    }
}
