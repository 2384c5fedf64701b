//! What the attempts of a record tell about themselves, held against the first line, the profile
//! and the suite. Nobody signs it, so it has to follow from what is known otherwise.

use cucumber::gherkin::StepType;
use evidence::words::{self as say, Phrase, Place, Sentence};
use evidence::{CaseRecord, Record};
use protocol::Generation;
use serde_json::Value;
use steps::Seen;

use super::replay::{ReplayFault, fault};
use crate::suite::{Planned, Suite};

/// What holds for every attempt of a record.
struct Ground<'a> {
    /// Whether the gateway was the embedded one.
    embedded: bool,
    /// How the merchant was driven.
    driver: &'a str,
    /// Whether scenarios played one after the other.
    one_at_a_time: bool,
    client_id: Option<&'a str>,
    partner: Option<&'a str>,
    /// `sign_type` and `charset` of the older generation.
    terms: [Option<&'a str>; 2],
    seed: u64,
}

/// Refuses attempts that are none of the suite's, that tell of another contract than the bundle
/// does, that sold the orders of other attempts, that claim messages for the runner, or whose times are not the signed ones.
pub(super) fn check_attempts(
    record: &Record,
    suite: &Suite,
    profile: &Value,
) -> Result<(), ReplayFault> {
    let embedded = record.header.get("gateway").and_then(Value::as_str) == Some("embedded");
    let simulated = record.header.get("simulated") == Some(&Value::Bool(true));
    let refuse = |why: Phrase| fault(&say::PART_RECORD, why, say::EXPECT_ATTEMPT.plain());
    if embedded && !simulated {
        return Err(refuse(say::ATTEMPT_SIMULATED.plain()));
    }
    let client_id = profile.pointer("/gateway/client_id").and_then(Value::as_str);
    let partner = profile.pointer("/gateway/partner").and_then(Value::as_str);
    let seed = record.header.get("seed").and_then(Value::as_str).and_then(|text| text.parse().ok());
    let seed = seed.ok_or_else(|| refuse(say::ATTEMPT_NO_SEED.plain()))?;
    let text = |pointer: &str| profile.pointer(pointer).and_then(Value::as_str);
    let terms = [text("/conditions/sign_type"), text("/conditions/charset")];
    let driver = record.header.get("driver").and_then(Value::as_str).unwrap_or_default();
    let one_at_a_time = record.header.get("one_at_a_time") == Some(&Value::Bool(true));
    let ground = Ground { embedded, driver, one_at_a_time, client_id, partner, terms, seed };
    for case in &record.cases {
        let planned = suite.planned(&case.key);
        let planned = planned.ok_or_else(|| refuse(say::ATTEMPT_NO_RUN.with([&case.key])))?;
        if let Some((line, why)) = ground.wrong(case, &planned) {
            let place = [Place::value(&case.key), Place::value(line), why.plain().into()];
            return Err(refuse(say::ATTEMPT_LINE.holding(place)));
        }
    }
    Ok(())
}

impl Ground<'_> {
    /// The first line of an attempt that cannot be, and why.
    fn wrong(&self, case: &CaseRecord, planned: &Planned) -> Option<(u32, &'static Sentence)> {
        if let Some(line) = self.other_contract(case, planned) {
            return Some((line, &say::ATTEMPT_CONTRACT));
        }
        let seen = Seen::new(case);
        let mark = steps::mark(self.seed, &case.key, case.attempt);
        let ours = |order: &str| order.starts_with(&mark);
        if let Some(sale) = seen.sales().find(|sale| !sale.text("order").is_some_and(ours)) {
            return Some((sale.line, &say::ATTEMPT_ORDER));
        }
        let acting = planned.steps().iter().filter(|step| step.ty != StepType::Then);
        let sentences: Vec<&str> = acting.map(|step| step.value.as_str()).collect();
        if let Some(line) = seen.claimed_for_the_runner(&sentences) {
            return Some((line, &say::ATTEMPT_OWN));
        }
        // Simulated time is exact; a merchant of its own time brings real time along.
        let simulated = self.embedded && self.driver == steps::REFERENCE;
        let misdated = seen.misdated().filter(|_| simulated)?;
        Some((misdated, &say::ATTEMPT_DATED))
    }

    /// An attempt begins with its contract, which is told once. One for which no stage could be set
    /// has none and no messages.
    fn other_contract(&self, case: &CaseRecord, planned: &Planned) -> Option<u32> {
        let mut contract = None;
        let (identity, own_terms) = match planned.case.generation() {
            Generation::Ams => (self.client_id, [None, None]),
            Generation::Legacy => (self.partner, self.terms),
        };
        for entry in &case.entries {
            if let Some(facts) = entry.event.arranged("contract") {
                let text = |name: &str| facts.get(name).and_then(Value::as_str);
                let terms = [text("sign_type"), text("charset")];
                let fits = text("product") == Some(&planned.product)
                    && text("client_id") == identity
                    && (terms == own_terms)
                    && text("driver").unwrap_or(steps::REFERENCE) == self.driver
                    && (facts.get("one_at_a_time") == Some(&Value::Bool(true)))
                        == self.one_at_a_time
                    && facts.get("embedded") == Some(&Value::Bool(self.embedded));
                if !fits || contract.replace(facts).is_some() {
                    return Some(entry.line);
                }
            } else if entry.event.message().is_some() && contract.is_none() {
                return Some(entry.line);
            }
        }
        None
    }
}
