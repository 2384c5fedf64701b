//! What the attempts of a record tell about themselves, held against the first line, the profile
//! and the suite. Nobody signs it, so it has to follow from what is known otherwise.

use cucumber::gherkin::StepType;
use evidence::words as say;
use evidence::{CaseRecord, Record};
use serde_json::Value;
use steps::Seen;

use super::replay::{ReplayFault, fault};
use crate::suite::{Planned, Suite};

/// What holds for every attempt of a record.
struct Ground<'a> {
    /// Whether the gateway was the embedded one, on simulated time.
    embedded: bool,
    client_id: Option<&'a str>,
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
    let refuse = |why: String| fault(&say::PART_RECORD, why, say::EXPECT_ATTEMPT.plain());
    if embedded && !simulated {
        return Err(refuse("the embedded gateway is told as a real one".into()));
    }
    let client_id = profile.pointer("/gateway/client_id").and_then(Value::as_str);
    let seed = record.header.get("seed").and_then(Value::as_str).and_then(|text| text.parse().ok());
    let seed = seed.ok_or_else(|| refuse("the first line has no seed".into()))?;
    let ground = Ground { embedded, client_id, seed };
    for case in &record.cases {
        let planned = suite.planned(&case.key);
        let planned = planned.ok_or_else(|| refuse(format!("{} is no run", case.key)))?;
        if let Some((line, why)) = ground.wrong(case, &planned) {
            return Err(refuse(format!("{} line {line}: {why}", case.key)));
        }
    }
    Ok(())
}

impl Ground<'_> {
    /// The first line of an attempt that cannot be, and why.
    fn wrong(&self, case: &CaseRecord, planned: &Planned) -> Option<(u32, &'static str)> {
        if let Some(line) = self.other_contract(case, planned) {
            return Some((line, "the contract is not the one that the bundle tells"));
        }
        let seen = Seen::new(case);
        let mark = steps::mark(self.seed, &case.key, case.attempt);
        let ours = |order: &str| order.starts_with(&mark);
        if let Some(sale) = seen.sales().find(|sale| !sale.text("order").is_some_and(ours)) {
            return Some((sale.line, "the order was sold in another attempt"));
        }
        let acting = planned.steps.iter().filter(|step| step.ty != StepType::Then);
        let sentences: Vec<&str> = acting.map(|step| step.value.as_str()).collect();
        if let Some(line) = seen.claimed_for_the_runner(&sentences) {
            return Some((line, "a message is told as the runner's own and is not"));
        }
        let misdated = seen.misdated().filter(|_| self.embedded)?;
        Some((misdated, "the signed time is not the recorded one"))
    }

    /// An attempt begins with its contract, which is told once. One for which no stage could be set
    /// has none and no messages.
    fn other_contract(&self, case: &CaseRecord, planned: &Planned) -> Option<u32> {
        let mut contract = None;
        for entry in &case.entries {
            if let Some(facts) = entry.event.arranged("contract") {
                let text = |name: &str| facts.get(name).and_then(Value::as_str);
                let fits = text("product") == Some(&planned.product)
                    && text("client_id") == self.client_id
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
