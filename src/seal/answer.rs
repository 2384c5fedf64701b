//! How a run answers a reviewer's challenge: with an order of its own that opens it and one that
//! closes it, whose numbers carry the nonce, so that it stands in what the gateway signed.
//!
//! Who runs is not believed: numbers, signatures and times are taken from the messages, and
//! whatever else is in the run has to lie between them.

use evidence::words::{self as say, Phrase, Place};
use evidence::{CaseRecord, Entry, Event, Leg, Record, Way, head_field};
use protocol::ams::Verified;
use protocol::parse_time;
use serde_json::Value;

use super::bundle::{ShownKeys, names};
use super::challenge::{Challenge, is_nonce, utc};
use super::facts::StatementFacts;
use super::own_order::{Asked, MESSAGES, OwnOrderTimes, Role, as_attempt, own_order};
use super::recheck::recheck;
use super::replay::{Own, ReplayFault, fault};
use super::strays::{join_strays, read_strays};
use crate::profile::ToldProfile;

/// How far a clock may go back within a run, in milliseconds.
const DRIFT: i64 = 2_000;
/// With which line and which exchange the closing order begins.
const CLOSING: (u32, u32) = (6, 3);

/// By what it is known when a run was opened and closed, and what lies between.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnsweredBy {
    /// By times that the gateway signed.
    Signed,
    /// By the operator's clock: the gateway's answers tell no time.
    Recorded,
    /// Scenarios have clocks of their own. Their orders are drawn from the nonce.
    Simulated,
}

/// How a run answers a challenge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The nonce.
    pub nonce: String,
    /// When it was opened, and when it was closed.
    pub times: [String; 2],
    /// By what that is known.
    pub by: AnsweredBy,
    /// From when to when the verifier's own challenge could be answered; `None` where it was not
    /// compared.
    pub yours: Option<[String; 2]>,
}

/// The two orders in one file.
pub fn both(opening: Vec<Entry>, closing: Vec<Entry>) -> Vec<Entry> {
    join_strays(opening, closing)
}

/// What a bundle has to be held against.
pub(super) struct Held<'a> {
    /// The messages of its own orders; `None` where the file is missing.
    pub(super) orders: Option<&'a [u8]>,
    pub(super) record: &'a Record,
    pub(super) keys: &'a ShownKeys,
    pub(super) told: &'a ToldProfile,
    pub(super) facts: &'a StatementFacts,
}

/// The messages of the own orders in a bundle. None, where it answers no challenge.
pub(super) fn orders_of(bytes: Option<&[u8]>) -> Result<Vec<Entry>, ReplayFault> {
    let no_form = || refused(say::ANSWERS_FORM.with([names::CHALLENGE]));
    bytes.map_or(Ok(vec![]), |bytes| read_strays(bytes).ok_or_else(no_form))
}

/// Wants a run that names a challenge to answer it, and a verifier's own challenge to be answered.
pub(super) fn check(held: &Held<'_>, own: &Own) -> Result<Option<Answered>, ReplayFault> {
    let facts = held.facts;
    let nonce = facts.run.challenge.as_str();
    let times = match (nonce, held.orders) {
        ("", None) => None,
        ("", Some(_)) => return Err(refused(say::ANSWERS_UNNAMED.with([names::CHALLENGE]))),
        (nonce, _) if !is_nonce(nonce) => {
            return Err(refused(say::ANSWERS_NONCE.holding([Place::quoted(nonce)])));
        }
        (nonce, None) => {
            return Err(refused(say::ANSWERS_MISSING.with([nonce, names::CHALLENGE])));
        }
        (_, Some(_)) => Some(checked(held, own)?),
    };
    let Some(times) = times else {
        return match &own.challenge {
            None => Ok(None),
            Some(yours) => Err(not_yours(say::ANSWERS_NONE.with([&yours.nonce]))),
        };
    };
    if let Some(yours) = &own.challenge {
        compare(yours, facts, times).map_err(not_yours)?;
    }
    let simulated = held.record.header.get("simulated") != Some(&Value::Bool(false));
    let by = match times[0].signed {
        _ if simulated => AnsweredBy::Simulated,
        Some(_) => AnsweredBy::Signed,
        None => AnsweredBy::Recorded,
    };
    Ok(Some(Answered {
        nonce: nonce.to_owned(),
        times: [utc(times[0].best()[0]), utc(times[1].best()[1])],
        by,
        yours: own.challenge.as_ref().map(|yours| [yours.issued.clone(), yours.expires.clone()]),
    }))
}

/// The own orders of a bundle, and that everything in it lies between them.
fn checked(held: &Held<'_>, own: &Own) -> Result<[OwnOrderTimes; 2], ReplayFault> {
    let entries = orders_of(held.orders)?;
    let asked = Asked::of(held.facts);
    let (opening, closing) = entries.split_at(entries.len().min(MESSAGES));
    let begin = |part: &[Entry]| part.first().map(|entry| (entry.line, exchange_of(entry)));
    if (begin(opening), begin(closing)) != (Some((0, 1)), Some(CLOSING)) {
        return Err(refused(say::ANSWERS_FORM.with([names::CHALLENGE])));
    }
    // Their signatures are checked as those of the record are.
    let cases = [opening, closing].map(as_attempt).into();
    let header = held.record.header.clone();
    let apart = Record { header, cases, head: String::new() };
    recheck(&apart, held.keys, own, held.told).map_err(|why| ReplayFault {
        part: &say::PART_CHALLENGE,
        why: say::ANSWERS_SIGNATURE.holding([names::CHALLENGE.into(), why.why.into()]),
        ..why
    })?;
    let opening = own_order(opening, Role::Opening, &asked).map_err(refused)?;
    let closing = own_order(closing, Role::Closing, &asked).map_err(refused)?;
    let times = [opening, closing];
    if let Some(why) = out_of_order(times) {
        return Err(refused(why));
    }
    // Where scenarios have clocks of their own there is no before and after.
    let real = held.record.header.get("simulated") == Some(&Value::Bool(false));
    let outside = held.record.cases.iter().find_map(|case| outside(case, times));
    match outside.filter(|_| real) {
        Some(why) => Err(refused(why)),
        None => Ok(times),
    }
}

fn exchange_of(entry: &Entry) -> u32 {
    entry.event.message().map_or(0, |message| message.exchange)
}

/// Why the order that closes does not follow the one that opens, by either clock.
fn out_of_order([opening, closing]: [OwnOrderTimes; 2]) -> Option<Phrase> {
    let clocks = [Some((opening.recorded, closing.recorded)), opening.signed.zip(closing.signed)];
    let wrong = clocks.into_iter().flatten().find(|(opened, closed)| opened[1] > closed[0]);
    wrong.map(|(opened, closed)| say::ANSWERS_ORDER.with([utc(closed[0]), utc(opened[1])]))
}

/// The first line of an attempt that does not lie between the two orders, and why.
fn outside(case: &CaseRecord, [opening, closing]: [OwnOrderTimes; 2]) -> Option<Phrase> {
    let recorded = [opening.recorded[1], closing.recorded[0]];
    let signed = opening.signed.zip(closing.signed).map(|(opened, closed)| [opened[1], closed[0]]);
    case.entries.iter().find_map(|entry| {
        let told = |at, [from, until]: [i64; 2], before: &say::Sentence, after: &say::Sentence| {
            let (says, limit) = match at {
                at if at < from - DRIFT => (before, from),
                at if at > until + DRIFT => (after, until),
                _ => return None,
            };
            let key = case.key.to_string();
            Some(says.with([key, entry.line.to_string(), utc(at), utc(limit)]))
        };
        let by_witness = told(entry.at, recorded, &say::ANSWERS_BEFORE, &say::ANSWERS_AFTER);
        by_witness.or_else(|| {
            let (at, limits) = signed_time(entry).zip(signed)?;
            told(at, limits, &say::ANSWERS_SIGNED_BEFORE, &say::ANSWERS_SIGNED_AFTER)
        })
    })
}

/// When the gateway signed a message, where its signature covers a time.
fn signed_time(entry: &Entry) -> Option<i64> {
    let Event::Message(message) = &entry.event else { return None };
    let name = match (message.way, message.leg) {
        (Way::Call, Leg::AnswerSent) => "response-time",
        (Way::Notice, Leg::CallSent) => "request-time",
        (Way::Call | Way::Notice, _) => return None,
    };
    let valid = message.verified == Some(Verified::Valid);
    let head = &message.bytes.as_ref().filter(|_| valid)?.head;
    head_field(head, name).and_then(|time| parse_time(&time))
}

/// Wants the challenge that was answered to be the verifier's own, in time.
fn compare(
    yours: &Challenge,
    facts: &StatementFacts,
    [opening, closing]: [OwnOrderTimes; 2],
) -> Result<(), Phrase> {
    let Asked { nonce, merchant, .. } = Asked::of(facts);
    if yours.nonce != nonce {
        return Err(say::ANSWERS_OTHER.with([nonce, &yours.nonce]));
    }
    yours.is_for(&facts.suite.version, merchant)?;
    in_time(yours, opening)?;
    yours
        .is_open(closing.best()[1])
        .map_err(|_over| say::ANSWERS_LATE.with([&utc(closing.best()[1]), &yours.expires]))
}

/// Wants what opened a run not to be older than its challenge, which is dated in whole seconds.
pub fn in_time(challenge: &Challenge, opening: OwnOrderTimes) -> Result<(), Phrase> {
    let opened = opening.best()[0];
    let early = parse_time(&challenge.issued).is_none_or(|issued| opened < issued);
    let told = || say::ANSWERS_EARLY.with([&utc(opened), &challenge.issued]);
    if early { Err(told()) } else { Ok(()) }
}

fn refused(why: Phrase) -> ReplayFault {
    fault(&say::PART_CHALLENGE, why, say::EXPECT_CHALLENGE.plain())
}

fn not_yours(why: Phrase) -> ReplayFault {
    fault(&say::PART_CHALLENGE, why, say::EXPECT_YOUR_CHALLENGE.plain())
}
