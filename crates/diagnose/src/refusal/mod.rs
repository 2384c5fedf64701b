//! What is wrong with an exchange besides its signatures: a field, an id, an environment, a clock,
//! an acknowledgement; and what the documents say is to be done about a result.

mod codes;
mod fields;
mod form;
mod reused;
mod rules;

use evidence::words::{
    ACKED_BODY, ACKED_BODY_DO, ACKED_STATUS, ACKED_STRAY, ACKED_STRAY_DO, ENVIRONMENT_DO,
    ENVIRONMENT_PRODUCTION_CLIENT, ENVIRONMENT_SANDBOX_CLIENT, Phrase, REFUSAL_SAYS,
    REFUSAL_SAYS_BARE, Sentence, TIME_HOURS, TIME_SECONDS, TIME_UNREADABLE, TIME_ZONE_DO,
};
use evidence::{Blob, Party, head_field, status_of, target_of};
use protocol::ams::{self, Outcome, Status};
use protocol::legacy::{self, Answer, Told};
use protocol::{Fields, Generation, parse_time};

use crate::subject::{Kind, Subject};
use crate::visible::visible;

/// Milliseconds of an hour.
const HOUR: i64 = 3_600_000;
/// Hours that the zones of the world are apart at most.
const FARTHEST: i64 = 26;
/// How far from whole hours a shift may be that is one of zones, in milliseconds.
const NEAR: i64 = 120_000;
/// Stray bytes that are shown at most.
const MOST_STRAY: usize = 16;

/// Something that is wrong besides a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// Its word: `code`, `field`, `reused-id`, `environment`, `clock` or `acknowledgement`.
    pub about: &'static str,
    /// The field it is about.
    pub field: Option<String>,
    /// What is wrong.
    pub says: Phrase,
    /// The change to make.
    pub fix: Phrase,
    /// Whose fault it is.
    pub fault: Party,
}

impl Remark {
    fn of_merchant(about: &'static str, says: Phrase, fix: &Sentence) -> Self {
        Self { about, field: None, says, fix: fix.plain(), fault: Party::Merchant }
    }
}

/// What there is to say about a message. `earlier` are the calls that came before it, `at` is when
/// it came, in milliseconds since the epoch, where that is known.
pub fn remarks(subject: &Subject, earlier: &[&Blob], at: Option<i64>) -> Vec<Remark> {
    match subject.kind {
        Kind::Call => {
            let mut remarks = Vec::new();
            if subject.generation == Generation::Ams {
                remarks.extend(environment(&subject.message));
                remarks.extend(clock(&subject.message, at));
            }
            remarks
        }
        Kind::Answer => answer(subject, earlier),
        Kind::Notice => Vec::new(),
        Kind::Acknowledgement => acknowledgement(subject).into_iter().collect(),
    }
}

/// The code of an answer that is no success, and what the gateway says beside it.
fn refused(subject: &Subject) -> Option<(String, String)> {
    let body = &subject.message.body;
    match subject.generation {
        Generation::Ams => {
            let outcome = Outcome::read(&Fields::read(body)?)?;
            (outcome.status != Status::S).then_some((outcome.code, outcome.message))
        }
        Generation::Legacy => {
            let answer = Answer::read(body).ok()?;
            if let Told::Rejected { error } = answer.told {
                return Some((error, String::new()));
            }
            let get = |name: &str| answer.get(name).filter(|it| !it.is_empty()).map(str::to_owned);
            let failed = get("result_code").is_some_and(|code| code != "SUCCESS");
            let code = get("error").or_else(|| get("detail_error_code")).filter(|_| failed)?;
            Some((code, get("detail_error_des").unwrap_or_default()))
        }
    }
}

fn answer(subject: &Subject, earlier: &[&Blob]) -> Vec<Remark> {
    let Some((code, words)) = refused(subject) else { return Vec::new() };
    let advice = codes::advice(subject.generation, &code);
    let says = if words.is_empty() {
        REFUSAL_SAYS_BARE.with([&code])
    } else {
        REFUSAL_SAYS.with([&code, &words])
    };
    let mut remarks = vec![Remark {
        about: "code",
        field: None,
        says,
        fix: advice.does.plain(),
        fault: advice.fault,
    }];
    if let Some(call) = &subject.call {
        if advice.parameters {
            remarks.extend(fields::broken(subject.generation, call, &words));
        }
        if advice.reused {
            remarks.extend(reused::compared(subject.generation, call, earlier));
        }
    }
    remarks
}

/// A client id of one environment at the path of the other.
fn environment(call: &Blob) -> Option<Remark> {
    let client = head_field(&call.head, "client-id")?;
    let target = target_of(&call.head)?;
    let sandbox = client.starts_with("SANDBOX_") || client.starts_with("TEST_");
    let says = if target.starts_with("/ams/api/") && sandbox {
        ENVIRONMENT_SANDBOX_CLIENT.with([client, target])
    } else if target.starts_with("/ams/sandbox/") && !sandbox {
        ENVIRONMENT_PRODUCTION_CLIENT.with([client, target])
    } else {
        return None;
    };
    Some(Remark::of_merchant("environment", says, &ENVIRONMENT_DO))
}

/// A time that nobody can read, or that is whole hours off.
fn clock(call: &Blob, at: Option<i64>) -> Option<Remark> {
    let time = head_field(&call.head, "request-time")?;
    let remark = |says| Some(Remark::of_merchant("clock", says, &TIME_ZONE_DO));
    let Some(moment) = parse_time(&time) else {
        let seconds = time.len() == 10 && time.bytes().all(|byte| byte.is_ascii_digit());
        return remark(if seconds {
            TIME_SECONDS.with([time])
        } else {
            TIME_UNREADABLE.with([time])
        });
    };
    let ahead = moment - at?;
    let hours = (ahead + ahead.signum() * HOUR / 2) / HOUR;
    let whole = hours != 0 && hours.abs() <= FARTHEST && (ahead - hours * HOUR).abs() < NEAR;
    if whole { remark(TIME_HOURS.with([time, hours.to_string()])) } else { None }
}

fn acknowledgement(subject: &Subject) -> Option<Remark> {
    let Blob { head, body } = &subject.message;
    let status = status_of(head).unwrap_or_default();
    let good = match subject.generation {
        Generation::Ams => ams::judge_ack(status, body).is_ok(),
        Generation::Legacy => legacy::judge_ack(status, body).is_ok(),
    };
    if good {
        return None;
    }
    let about = "acknowledgement";
    if status != 200 {
        return Some(Remark::of_merchant(about, ACKED_STATUS.with([status]), &ACKED_BODY_DO));
    }
    let wanted: &[u8] = if subject.generation == Generation::Ams { b"{" } else { b"success" };
    let found = body.windows(wanted.len()).position(|part| part.eq_ignore_ascii_case(wanted));
    let around: Vec<u8> = match (found, subject.generation) {
        (Some(at), Generation::Ams) => body.get(..at).unwrap_or_default().to_vec(),
        (Some(at), Generation::Legacy) => {
            let (before, after) = body.split_at(at);
            [before, after.get(wanted.len()..).unwrap_or_default()].concat()
        }
        (None, _) => Vec::new(),
    };
    if around.is_empty() {
        let shown: Vec<u8> = body.iter().copied().take(60).collect();
        return Some(Remark::of_merchant(
            about,
            ACKED_BODY.with([visible(&shown)]),
            &ACKED_BODY_DO,
        ));
    }
    let shown: Vec<u8> = around.iter().copied().take(MOST_STRAY).collect();
    let says = ACKED_STRAY.with([around.len().to_string(), signing::hex(&shown), visible(&shown)]);
    Some(Remark::of_merchant(about, says, &ACKED_STRAY_DO))
}

#[cfg(test)]
mod tests;
