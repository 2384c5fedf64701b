//! Checking the signatures of a record again, under keys of the verifier's own.

use std::collections::BTreeMap;

use evidence::words::{self as say, Phrase};
use evidence::{Blob, CaseRecord, Entry, Event, Leg, Message, Record, SideKey, Way};
use protocol::Generation;
use protocol::ams::Verified;
use serde_json::Value;
use signing::{DsaPublicKey, PublicKey};

use super::bundle::{ShownKey, ShownKeys};
use super::log::GatewayLog;
use super::replay::{Checked, Own, ReplayFault, fault};
use crate::profile::{CheckKey, Conditions, KeyKind, ToldProfile};
use crate::said;

/// Checks every signature again and wants the state that the record tells. The merchant's key is
/// the one that the bundle shows; the gateway's is one of the verifier's `own`.
pub(super) fn recheck(
    record: &Record,
    keys: &ShownKeys,
    own: &Own,
    told: &ToldProfile,
) -> Result<Checked, ReplayFault> {
    let Own { keys: own, log, .. } = own;
    let conditions = told.conditions;
    let kind = KeyKind::of(Generation::named(&told.generation), conditions.sign_type);
    let merchant = match kind {
        KeyKind::Rsa | KeyKind::Dsa => Some(shown(keys.merchant.as_ref(), kind, Side::Merchant)?),
        KeyKind::Shared => shared(own),
    };
    let gateway = gateway_key(record, keys, own, kind)?;
    check_marks(record)?;
    let sides = Sides::of(record, [merchant.as_ref(), gateway.as_ref()], conditions)?;
    let mut counts = Counts::default();
    for case in &record.cases {
        sides.check(case, log, &mut counts)?;
    }
    let (count, redacted) = (counts.of_gateway, counts.redacted);
    let key = ShownKey::fingerprint_of(keys.gateway.as_ref()).to_owned();
    Ok(match (kind, gateway, counts.as_recorded) {
        (KeyKind::Shared, Some(_), 0) if redacted == 0 => Checked::UnderShared { count },
        (KeyKind::Shared, _, count) => Checked::AsRecorded { count: count + redacted },
        (KeyKind::Rsa | KeyKind::Dsa, Some(_), _) if redacted == 0 => Checked::Under { count, key },
        (KeyKind::Rsa | KeyKind::Dsa, Some(_), _) => Checked::Partly { count, key, redacted },
        (KeyKind::Rsa | KeyKind::Dsa, None, _) => Checked::Unknown { key },
    })
}

/// The key of the verifier's own that both sides share.
fn shared(own: &[CheckKey]) -> Option<CheckKey> {
    own.iter().find(|key| key.fingerprint().is_none()).cloned()
}

/// The key under which the gateway's messages are checked again: the embedded sandbox's where the
/// bundle shows that, else the one of the verifier's own keys that has the told fingerprint, or that
/// both sides share. A sandbox that somebody started has a key of its own, so a run may be
/// simulated without the embedded one.
fn gateway_key(
    record: &Record,
    keys: &ShownKeys,
    own: &[CheckKey],
    kind: KeyKind,
) -> Result<Option<CheckKey>, ReplayFault> {
    let refuse = |why: Phrase| fault(&say::PART_GATEWAY, why, say::EXPECT_SIGNATURES.plain());
    let simulated = record.header.get("simulated") == Some(&Value::Bool(true));
    let embedded = match kind {
        KeyKind::Rsa => {
            let key = sandbox::embedded_key().map_err(|why| refuse(said::key_error(&why)))?;
            CheckKey::Rsa(key.public())
        }
        KeyKind::Dsa => {
            let key = sandbox::embedded_dsa_key();
            let key = key.map_err(|why| refuse(said::dsa_key_error(&why)))?;
            CheckKey::Dsa(key.public())
        }
        KeyKind::Shared => {
            // No key tells who answered, so it may as well have been our own sandbox.
            let hidden = keys.gateway.is_none() && keys.merchant.is_none();
            if !simulated || !hidden {
                return Err(refuse(say::REPLAY_OWN_GATEWAY.plain()));
            }
            return Ok(shared(own));
        }
    };
    let told = shown(keys.gateway.as_ref(), kind, Side::Gateway)?.fingerprint();
    let everybodys = told == embedded.fingerprint();
    let within = record.header.get("gateway").and_then(Value::as_str) == Some("embedded");
    // Under the key that everybody has nothing but assay's own sandbox answers, and the embedded one
    // has no other.
    if (everybodys && !simulated) || (within && !everybodys) {
        return Err(refuse(say::REPLAY_OWN_GATEWAY.plain()));
    }
    if everybodys {
        return Ok(Some(embedded));
    }
    Ok(own.iter().find(|key| key.fingerprint() == told).cloned())
}

/// Whose key or message it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Merchant,
    Gateway,
}

impl Side {
    fn of(message: &Message) -> Self {
        match (message.way, message.leg) {
            (Way::Call, Leg::AnswerSent | Leg::AnswerReceived)
            | (Way::Notice, Leg::CallSent | Leg::CallReceived) => Self::Gateway,
            (Way::Call, Leg::CallSent | Leg::CallReceived)
            | (Way::Notice, Leg::AnswerSent | Leg::AnswerReceived) => Self::Merchant,
        }
    }

    fn part(self) -> &'static say::Sentence {
        match self {
            Self::Merchant => &say::PART_MERCHANT,
            Self::Gateway => &say::PART_GATEWAY,
        }
    }
}

/// A key that the bundle shows, with the fingerprint that it tells for it.
fn shown(told: Option<&ShownKey>, kind: KeyKind, side: Side) -> Result<CheckKey, ReplayFault> {
    let refuse = |why: Phrase| fault(side.part(), why, say::EXPECT_SIGNATURES.plain());
    let told = told.ok_or_else(|| refuse(say::REPLAY_KEY_HIDDEN.plain()))?;
    let text = told.spki.as_bytes();
    let key = if kind == KeyKind::Dsa {
        let key = DsaPublicKey::read(text).map_err(|why| refuse(said::dsa_key_error(&why)))?;
        CheckKey::Dsa(key)
    } else {
        let key = PublicKey::read(text).map_err(|why| refuse(said::key_error(&why)))?;
        CheckKey::Rsa(key)
    };
    if key.fingerprint().as_ref() == Some(&told.fingerprint) {
        Ok(key)
    } else {
        Err(refuse(say::REPLAY_FINGERPRINT.plain()))
    }
}

/// Refuses marks of replaced data where none is replaced, since no signature is checked behind them:
/// in a run whose buyers were fiction, and on a message that has nothing of a buyer's. Where they are
/// real, what is not marked must have nothing of theirs.
fn check_marks(record: &Record) -> Result<(), ReplayFault> {
    let simulated = record.header.get("simulated") != Some(&Value::Bool(false));
    for case in &record.cases {
        for entry in &case.entries {
            let Some(message) = entry.event.message() else { continue };
            let Some(bytes) = &message.bytes else {
                if message.redacted.is_some() {
                    return Err(marked_wrongly(case, entry, &say::REPLAY_MARK_EMPTY));
                }
                continue;
            };
            match &message.redacted {
                Some(_) if simulated => {
                    return Err(marked_wrongly(case, entry, &say::REPLAY_MARK_SIMULATED));
                }
                Some(mark) if !mark.is_of(bytes) => {
                    return Err(marked_wrongly(case, entry, &say::REPLAY_MARK_EMPTY));
                }
                None if !simulated && bytes.has_buyers_data() => {
                    return Err(marked_wrongly(case, entry, &say::REPLAY_MARK_MISSING));
                }
                Some(_) | None => {}
            }
        }
    }
    Ok(())
}

fn marked_wrongly(case: &CaseRecord, entry: &Entry, why: &say::Sentence) -> ReplayFault {
    let why = why.with([case.key.to_string(), entry.line.to_string()]);
    fault(&say::PART_RECORD, why, say::EXPECT_MARKS.plain())
}

/// How many messages were checked.
#[derive(Debug, Default)]
struct Counts {
    /// Messages of the gateway.
    of_gateway: usize,
    /// Messages of either side that no key was there for.
    as_recorded: usize,
    /// Messages of the gateway in which a buyer's data was replaced, and which its log does not prove.
    redacted: usize,
}

/// The keys of both sides with the rules of each generation that has a case in the record.
struct Sides {
    by_generation: BTreeMap<&'static str, [Option<SideKey>; 2]>,
}

impl Sides {
    fn of(
        record: &Record,
        [merchant, gateway]: [Option<&CheckKey>; 2],
        conditions: Conditions,
    ) -> Result<Self, ReplayFault> {
        let mut by_generation = BTreeMap::new();
        for generation in Generation::ALL {
            let of_generation = |case: &CaseRecord| Generation::of_case(&case.key.case);
            if !record.cases.iter().any(|case| of_generation(case) == generation) {
                continue;
            }
            // A key that the generation has no use for checks nothing, so nothing is proved by it.
            let with_rules = |key: &CheckKey, side: Side| {
                key.side(generation, conditions).ok_or_else(|| {
                    let why = say::REPLAY_KEY_KIND.with([generation.name()]);
                    fault(side.part(), why, say::EXPECT_SIGNATURES.plain())
                })
            };
            let merchant = merchant.map(|key| with_rules(key, Side::Merchant)).transpose()?;
            let gateway = gateway.map(|key| with_rules(key, Side::Gateway)).transpose()?;
            by_generation.insert(generation.name(), [merchant, gateway]);
        }
        Ok(Self { by_generation })
    }

    fn check(
        &self,
        case: &CaseRecord,
        log: &GatewayLog,
        counts: &mut Counts,
    ) -> Result<(), ReplayFault> {
        let generation = Generation::of_case(&case.key.case).name();
        let Some([merchant, gateway]) = self.by_generation.get(generation) else { return Ok(()) };
        let mut open = vec![];
        for entry in &case.entries {
            let Event::Message(message) = &entry.event else { continue };
            let Carried { bytes, call, redacted } = carried(&mut open, message);
            let side = Side::of(message);
            let key = match side {
                Side::Merchant => merchant,
                Side::Gateway => gateway,
            };
            let of_gateway = side == Side::Gateway && message.bytes.is_some();
            // What was replaced is no longer what was signed, but the gateway's log may have that. The
            // merchant's own key is the bundle's maker's, so a message of theirs is worth as much
            // either way.
            if redacted {
                let of_gateway = of_gateway && !is_spoilt(message);
                let genuine = |came: &Blob| {
                    let state = key.as_ref().map(|key| state(key, message, &call, came));
                    state == Some(Verified::Valid) && message.verified == state
                };
                let mut originals = log.originals(message.way, &bytes);
                let proved = of_gateway && originals.any(|came| genuine(&came));
                counts.redacted += usize::from(of_gateway && !proved);
                counts.of_gateway += usize::from(proved);
                continue;
            }
            counts.of_gateway += usize::from(of_gateway);
            // Nor can be checked what had the shared key in it, which the record must not hold.
            let Some(key) = key.as_ref().filter(|key| !(key.is_shared() && bytes.is_redacted()))
            else {
                counts.as_recorded += usize::from(message.bytes.is_some());
                continue;
            };
            if message.verified != Some(state(key, message, &call, &bytes)) {
                let why = say::REPLAY_STATE.with([case.key.to_string(), entry.line.to_string()]);
                return Err(fault(side.part(), why, say::EXPECT_SIGNATURES.plain()));
            }
        }
        Ok(())
    }
}

/// Whether it is what the witness made of a message on its way, and holds no longer. The gateway never
/// sent it, so its log has none of it; it proves nothing in the gateway's name, and what the gateway
/// did send is a message of its own.
fn is_spoilt(message: &Message) -> bool {
    let arrives = matches!(message.leg, Leg::CallReceived | Leg::AnswerReceived);
    arrives && message.fault.is_some() && message.verified != Some(Verified::Valid)
}

/// What is known of a message, or of an exchange so far.
#[derive(Clone)]
struct Carried {
    /// Its bytes, which a leg that changed nothing takes from the one before.
    bytes: Blob,
    /// The call as it went on last, which an answer's signature may cover something of.
    call: Blob,
    /// Whether something in the bytes was replaced.
    redacted: bool,
}

/// A message with what it takes from those before in its exchange, which are kept in `open`.
fn carried(open: &mut Vec<(u32, Carried)>, message: &Message) -> Carried {
    let place = open.iter().position(|(number, _)| *number == message.exchange);
    let before = place.map(|place| open.remove(place).1);
    let (bytes, redacted) = match (&message.bytes, &before) {
        (Some(bytes), _) => (bytes.clone(), message.redacted.is_some()),
        (None, Some(before)) => (before.bytes.clone(), before.redacted),
        (None, None) => (Blob::default(), false),
    };
    let call = match message.leg {
        Leg::CallSent | Leg::CallReceived => bytes.clone(),
        Leg::AnswerSent | Leg::AnswerReceived => before.map(|it| it.call).unwrap_or_default(),
    };
    let carried = Carried { bytes, call, redacted };
    open.push((message.exchange, carried.clone()));
    carried
}

fn state(key: &SideKey, message: &Message, call: &Blob, bytes: &Blob) -> Verified {
    match message.leg {
        Leg::CallSent | Leg::CallReceived => key.call(message.way, bytes),
        Leg::AnswerSent | Leg::AnswerReceived => key.answer(message.way, call, bytes),
    }
}
