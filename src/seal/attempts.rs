//! What the attempts of a record tell about themselves, held against the first line, the profile
//! and the suite. Nobody signs it, so it has to follow from what is known otherwise.

use std::collections::BTreeSet;

use evidence::words::{self as say, Phrase, Place, Sentence};
use evidence::{CaseRecord, Entry, Event, Pause, Record, Until};
use protocol::Generation;
use serde_json::Value;
use steps::Seen;

use super::replay::{ReplayFault, fault};
use crate::mock;
use crate::suite::{Planned, Suite};

/// What holds for every attempt of a record.
#[expect(clippy::struct_excessive_bools, reason = "what a first line tells, each by itself")]
struct Ground<'a> {
    /// Whether the gateway was the embedded one.
    embedded: bool,
    /// Whether it answers the control API, as every sandbox of assay's does.
    simulated: bool,
    /// How the merchant was driven.
    driver: &'a str,
    /// Whether scenarios played one after the other.
    one_at_a_time: bool,
    /// Whether the gateway's own report files came in.
    report_source: bool,
    client_id: Option<&'a str>,
    partner: Option<&'a str>,
    /// `sign_type` and `charset` of the older generation.
    terms: [Option<&'a str>; 2],
    seed: u64,
    /// What the gateway was told to answer by the run's profile.
    rules: &'a [Value],
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
    let rules = record.header.get("rules").map(|rules| rules.as_array().map(Vec::as_slice));
    let rules = rules.unwrap_or(Some(&[]));
    let own = |rule: &Value| mock::told(rule).is_some();
    let rules = rules.filter(|rules| rules.is_empty() || (simulated && rules.iter().all(own)));
    let rules = rules.ok_or_else(|| refuse(say::ATTEMPT_NO_RULES.plain()))?;
    let seed = record.header.get("seed").and_then(Value::as_str).and_then(|text| text.parse().ok());
    let seed = seed.ok_or_else(|| refuse(say::ATTEMPT_NO_SEED.plain()))?;
    let nonce = record.header.get("challenge").and_then(Value::as_str).unwrap_or_default();
    let seed = steps::woven(seed, nonce);
    let text = |pointer: &str| profile.pointer(pointer).and_then(Value::as_str);
    let terms = [text("/conditions/sign_type"), text("/conditions/charset")];
    let driver = record.header.get("driver").and_then(Value::as_str).unwrap_or_default();
    let one_at_a_time = record.header.get("one_at_a_time") == Some(&Value::Bool(true));
    let report_source = record.header.get("report_source") == Some(&Value::Bool(true));
    let ground = Ground {
        embedded,
        simulated,
        driver,
        one_at_a_time,
        report_source,
        client_id,
        partner,
        terms,
        seed,
        rules,
    };
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
        if let Some(line) = self.other_rules(case, planned) {
            return Some((line, &say::ATTEMPT_RULES));
        }
        // Somebody else's gateway does nothing to order, and shows nobody a wallet.
        let first = case.entries.first().map_or(0, |entry| entry.line);
        let unfiled = planned.waits_for_a_day() && !self.report_source;
        let forgets = planned.waits_for_a_review() && self.driver == steps::REFERENCE;
        if !self.simulated && (!planned.runs_anywhere() || unfiled || forgets) {
            return Some((first, &say::ATTEMPT_EMBEDDED_ONLY));
        }
        if let Some(line) = self.paused_in_vain(case, planned) {
            return Some((line, &say::ATTEMPT_PAUSED));
        }
        let wallet = case.entries.iter().find(|entry| matches!(entry.event, Event::Wallet(_)));
        if let Some(entry) = wallet.filter(|_| !self.simulated) {
            return Some((entry.line, &say::ATTEMPT_WALLET));
        }
        let seen = Seen::new(case);
        let mark = steps::mark(self.seed, &case.key, case.attempt);
        let ours = |order: &str| order.starts_with(&mark);
        if let Some(sale) = seen.sales().find(|sale| !sale.text("order").is_some_and(ours)) {
            return Some((sale.line, &say::ATTEMPT_ORDER));
        }
        let sentences: Vec<&str> = planned.acting_steps().map(|step| step.value.as_str()).collect();
        if let Some(line) = seen.claimed_for_the_runner(&sentences) {
            return Some((line, &say::ATTEMPT_OWN));
        }
        // Simulated time is exact; a merchant of its own time brings real time along.
        let simulated = self.embedded && self.driver == steps::REFERENCE;
        let misdated = seen.misdated().filter(|_| simulated)?;
        Some((misdated, &say::ATTEMPT_DATED))
    }

    /// The first pause that none of the suite's sentences makes: an attempt waits at a gateway whose
    /// clock nobody moves, before a step that waits for what the pause tells of, and for one thing
    /// before each step; and for reviews of those alone whom it had registered.
    fn paused_in_vain(&self, case: &CaseRecord, planned: &Planned) -> Option<u32> {
        let acting: Vec<_> = planned.acting_steps().collect();
        let registered: BTreeSet<&str> = case.entries.iter().filter_map(registers).collect();
        let fits = |pause: &Pause| {
            let step = usize::try_from(pause.acts).ok().and_then(|acts| acting.get(acts));
            step.is_some_and(|step| match &pause.until {
                Until::Files { .. } => steps::waits_for_a_day(&step.value),
                Until::Reviews { approved, rejected } => {
                    let ours = |id: &String| registered.contains(id.as_str());
                    steps::waits_for_a_review(&step.value)
                        && approved.iter().chain(rejected).all(ours)
                }
            })
        };
        let mut before: Option<Pause> = None;
        for entry in &case.entries {
            let Some(told) = Pause::told(&entry.event) else { continue };
            let goes_on = |pause: &Pause| {
                let later = before.as_ref().is_none_or(|known| known.acts < pause.acts);
                later || before.as_ref() == Some(pause)
            };
            let told = told.filter(|pause| !self.simulated && goes_on(pause) && fits(pause));
            let Some(pause) = told else { return Some(entry.line) };
            before = Some(pause);
        }
        None
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
                    && (facts.get("without_control") != Some(&Value::Bool(true))) == self.simulated
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

impl Ground<'_> {
    /// The rules of the run are told once, right behind the contract: those of the first line that are
    /// for the attempt's generation. Where there are none, none are told.
    fn other_rules(&self, case: &CaseRecord, planned: &Planned) -> Option<u32> {
        let generation = planned.case.generation();
        let met = |rule: &&Value| mock::told(rule).is_some_and(|it| it.generation() == generation);
        let due: Vec<&Value> = self.rules.iter().filter(met).collect();
        let mut behind_contract = false;
        for entry in &case.entries {
            let told = entry.event.arranged(steps::RULES);
            let fits = told.is_some_and(|facts| {
                let rules = facts.get("rules").and_then(Value::as_array);
                facts.len() == 1 && rules.is_some_and(|rules| rules.iter().eq(due.iter().copied()))
            });
            let wanted = behind_contract && !due.is_empty();
            if told.is_some() != wanted || (wanted && !fits) {
                return Some(entry.line);
            }
            behind_contract = entry.event.arranged("contract").is_some();
        }
        let last = case.entries.last().map_or(0, |entry| entry.line);
        (behind_contract && !due.is_empty()).then_some(last)
    }
}

/// Whom a line tells that the merchant was asked to register.
fn registers(entry: &Entry) -> Option<&str> {
    let Event::Did { what, facts } = &entry.event else { return None };
    let merchant = facts.get("merchant").filter(|_| what == "registers");
    merchant.and_then(Value::as_str)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use evidence::{Event, Pause, Record, RecordFile, Until, WalletStatement};
    use protocol::Day;
    use protocol::ams::reconciliation::FileKind;
    use serde_json::{Value, json};

    use super::check_attempts;
    use crate::suite::Suite;

    const CLIENT: &str = "SANDBOX_5Y00000000000001";

    /// The record of one attempt on a gateway elsewhere, and what follows it.
    fn record(simulated: bool, key: &str, contract: &Value, then: Vec<Event>) -> Record {
        record_of(simulated, false, key, contract, then)
    }

    /// The same, of a run into which the gateway's own files came or did not.
    fn record_of(
        simulated: bool,
        report_source: bool,
        key: &str,
        contract: &Value,
        then: Vec<Event>,
    ) -> Record {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("record.ndjson");
        let header = json!({
            "format": evidence::FORMAT, "gateway": "https://gateway.example", "simulated": simulated,
            "driver": contract.get("driver").unwrap_or(&json!("reference")),
            "seed": "1", "report_source": report_source,
        });
        let file = Arc::new(RecordFile::create(&path, &header).unwrap());
        let recorder = file.recorder(key.parse().unwrap(), 1);
        let facts = contract.as_object().unwrap().clone();
        recorder.append(0, Event::Arranged { what: "contract".into(), facts });
        for event in then {
            recorder.append(0, event);
        }
        recorder.append(0, Event::Closed);
        let case = key.split(['/', '#']).next().unwrap().to_owned();
        file.seal(&[case]).unwrap();
        Record::read(&std::fs::read(&path).unwrap()).unwrap()
    }

    #[test]
    fn an_attempt_on_a_gateway_without_control_has_nothing_that_only_control_gives() {
        let suite = Suite::embedded().unwrap();
        let profile = json!({ "gateway": { "client_id": CLIENT } });
        let foreign = json!({
            "product": "user-presented", "client_id": CLIENT, "embedded": false,
            "without_control": true,
        });
        let mut driven = foreign.clone();
        driven.as_object_mut().unwrap().remove("without_control");
        let wallet = || vec![Event::Wallet(WalletStatement::default())];
        let only = "AMS-PAY-022/user-presented#1";
        for (simulated, key, contract, then, why) in [
            (false, "AMS-PAY-001", &foreign, vec![], None),
            (true, "AMS-PAY-001", &driven, wallet(), None),
            (false, "AMS-PAY-001", &driven, vec![], Some("ATTEMPT_CONTRACT")),
            (true, "AMS-PAY-001", &foreign, vec![], Some("ATTEMPT_CONTRACT")),
            (false, "AMS-PAY-001", &foreign, wallet(), Some("ATTEMPT_WALLET")),
            (false, only, &foreign, vec![], Some("ATTEMPT_EMBEDDED_ONLY")),
            (true, only, &driven, vec![], None),
            (false, "AMS-REC-001/user-presented", &foreign, vec![], Some("ATTEMPT_EMBEDDED_ONLY")),
            (false, "AMS-MER-002/user-presented", &foreign, vec![], Some("ATTEMPT_EMBEDDED_ONLY")),
            // The reference merchant's books do not outlast a review.
            (false, "AMS-MER-001/user-presented", &foreign, vec![], Some("ATTEMPT_EMBEDDED_ONLY")),
            (false, "AMS-MER-014/user-presented#2", &foreign, vec![], None),
        ] {
            let record = record(simulated, key, contract, then);
            let told = check_attempts(&record, &suite, &profile);
            let told = told.err().map(|fault| format!("{:?}", fault.why));
            let fits = match (&told, why) {
                (None, None) => true,
                (Some(told), Some(why)) => told.contains(why),
                (None, Some(_)) | (Some(_), None) => false,
            };
            assert!(fits, "{simulated} {key} {contract}: {told:?}");
        }
    }
    #[test]
    fn an_attempt_waits_for_one_day_before_its_step_at_a_gateway_that_nobody_moves() {
        let suite = Suite::embedded().unwrap();
        let profile = json!({ "gateway": { "client_id": CLIENT } });
        let foreign = json!({
            "product": "user-presented", "client_id": CLIENT, "embedded": false,
            "without_control": true,
        });
        let mut driven = foreign.clone();
        driven.as_object_mut().unwrap().remove("without_control");
        let files = FileKind::TransactionItems;
        let day = |day: &str| Day::parse(day).unwrap();
        let until = |text: &str| Until::Files { day: day(text), files };
        let pause = |acts, text: &str| Pause { acts, until: until(text) }.event();
        let mut odd = pause(8, "20260105");
        if let Event::Did { facts, .. } = &mut odd {
            facts.insert("more".into(), json!(1));
        }
        // Seven orders and refunds, and the day before them.
        let days = "AMS-REC-001/user-presented";
        let once = || vec![pause(8, "20260105")];
        let twice = |second: &str| vec![pause(8, "20260105"), pause(8, second)];
        for (simulated, came, key, then, why) in [
            (false, true, days, once(), None),
            (false, true, days, twice("20260105"), None),
            (false, true, days, twice("20260106"), Some("ATTEMPT_PAUSED")),
            (false, true, days, vec![pause(7, "20260105")], Some("ATTEMPT_PAUSED")),
            (false, true, days, vec![pause(9, "20260105")], Some("ATTEMPT_PAUSED")),
            (false, true, days, vec![odd], Some("ATTEMPT_PAUSED")),
            (false, false, days, once(), Some("ATTEMPT_EMBEDDED_ONLY")),
            (true, true, days, once(), Some("ATTEMPT_PAUSED")),
            (false, true, "AMS-PAY-001", vec![pause(0, "20260105")], Some("ATTEMPT_PAUSED")),
        ] {
            let contract = if simulated { &driven } else { &foreign };
            let record = record_of(simulated, came, key, contract, then.clone());
            let told = check_attempts(&record, &suite, &profile);
            let told = told.err().map(|fault| format!("{:?}", fault.why));
            let fits = why
                .map_or(told.is_none(), |why| told.as_ref().is_some_and(|told| told.contains(why)));
            assert!(fits, "{simulated} {key} {then:?}: {told:?}");
        }
    }

    #[test]
    fn an_attempt_waits_for_reviews_of_whom_it_registered_before_its_step() {
        let suite = Suite::embedded().unwrap();
        let profile = json!({ "gateway": { "client_id": CLIENT } });
        let contract = json!({
            "product": "user-presented", "client_id": CLIENT, "embedded": false,
            "without_control": true, "driver": "http",
        });
        let registers = |id: &str| {
            let facts = json!({ "merchant": id, "wish": {} }).as_object().unwrap().clone();
            Event::Did { what: "registers".into(), facts }
        };
        let until = |ids: &[&str]| Until::Reviews {
            approved: ids.iter().map(|id| (*id).to_owned()).collect(),
            rejected: vec![],
        };
        let pause = |acts, ids: &[&str]| Pause { acts, until: until(ids) }.event();
        let files = Until::Files {
            day: Day::parse("20260105").unwrap(),
            files: FileKind::TransactionItems,
        };
        let day = |acts| Pause { acts, until: files.clone() }.event();
        let reviewed = "AMS-MER-001/user-presented";
        let both = "AMS-MER-021/user-presented";
        for (key, then, why) in [
            (reviewed, vec![registers("m1"), pause(2, &["m1"])], None),
            (reviewed, vec![registers("m1"), pause(2, &["m1"]), pause(2, &["m1"])], None),
            (reviewed, vec![pause(2, &["m1"])], Some("ATTEMPT_PAUSED")),
            (reviewed, vec![registers("m1"), pause(1, &["m1"])], Some("ATTEMPT_PAUSED")),
            (reviewed, vec![registers("m1"), pause(2, &["m1", "m2"])], Some("ATTEMPT_PAUSED")),
            (reviewed, vec![registers("m1"), day(2)], Some("ATTEMPT_PAUSED")),
            (both, vec![registers("m1"), pause(0, &["m1"]), day(2)], None),
            (both, vec![registers("m1"), day(2), pause(0, &["m1"])], Some("ATTEMPT_PAUSED")),
            (both, vec![registers("m1"), pause(2, &["m1"])], Some("ATTEMPT_PAUSED")),
            ("AMS-PAY-001", vec![registers("m1"), pause(0, &["m1"])], Some("ATTEMPT_PAUSED")),
        ] {
            let record = record_of(false, true, key, &contract, then.clone());
            let told = check_attempts(&record, &suite, &profile);
            let told = told.err().map(|fault| format!("{:?}", fault.why));
            let fits = why
                .map_or(told.is_none(), |why| told.as_ref().is_some_and(|told| told.contains(why)));
            assert!(fits, "{key} {then:?}: {told:?}");
        }
    }
}
