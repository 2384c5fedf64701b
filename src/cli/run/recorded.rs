//! The record of a run that is over, for what is said of its failures on the terminal.

use diagnose::Known;
use evidence::words::Phrase;
use evidence::{Attempts as _, CaseRecord, SealedRecord};

use super::folder::Folder;
use crate::report::explained;
use crate::verdict::{AttemptResult, CaseResult, CheckResult, Results};

/// The record, read up to the case that is told of.
pub(super) struct Recorded<'a> {
    known: &'a Known,
    /// None when it cannot be read: then there is no more to say.
    record: Option<SealedRecord>,
    /// How many cases of the verdict were read.
    read: usize,
}

impl<'a> Recorded<'a> {
    /// The record in a folder, with the public keys of the run.
    pub(super) fn of(folder: &Folder, known: &'a Known) -> Self {
        let record = SealedRecord::open(&folder.record_path()).ok().map(|(record, _)| record);
        Self { known, record, read: 0 }
    }

    /// Why the message was refused that a failed check shows. Cases are asked for in their order.
    pub(super) fn explained(
        &mut self,
        results: &Results,
        case: &CaseResult,
        key: &str,
        attempt: &AttemptResult,
        check: &CheckResult,
    ) -> Vec<Phrase> {
        let Some(record) = &mut self.record else { return Vec::new() };
        while let Some(next) = results.cases.get(self.read) {
            self.read += 1;
            let Ok(attempts) = record.of_case(&next.id) else { return Vec::new() };
            if next.id == case.id {
                let told = |own: &&CaseRecord| {
                    own.key.to_string() == key && own.attempt == attempt.attempt
                };
                let seen = attempts.iter().find(told);
                return seen.map(|seen| explained(check, seen, self.known)).unwrap_or_default();
            }
        }
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use diagnose::{Key, KnownKey, Side};
    use evidence::{Blob, CaseKey, Event, Leg, Message, Party, RecordFile, Way};
    use protocol::ams::Verified;

    use super::*;
    use crate::seal::bundle::ShownKeys;
    use crate::verdict::{CheckState, Family, Outcome};

    /// A call whose signature is three bytes long, in a record of one attempt.
    fn written(path: &std::path::Path) {
        let file = RecordFile::create(
            path,
            &serde_json::json!({ "format": evidence::FORMAT, "run": "r" }),
        );
        let file = Arc::new(file.unwrap());
        let recorder = file.recorder("AMS-PAY-002".parse().unwrap(), 1);
        let head = "POST /ams/sandbox/api/v1/payments/pay HTTP/1.1\r\nClient-Id: SANDBOX_1\r\n\
                    Request-Time: 1767578400123\r\nSignature: algorithm=RSA256,signature=Zm9v\r\n\r\n";
        let message = Message {
            exchange: 1,
            way: Way::Call,
            leg: Leg::CallSent,
            own: false,
            bytes: Some(Blob { head: head.into(), body: b"{}".to_vec() }),
            verified: Some(Verified::Wrong),
            fault: None,
            redacted: None,
        };
        recorder.append(1, Event::Message(Box::new(message)));
        recorder.append(1, Event::Closed);
        file.seal(&["AMS-PAY-001".into(), "AMS-PAY-002".into()]).unwrap();
    }

    fn failed(key: &CaseKey) -> (CaseResult, AttemptResult, CheckResult) {
        let check = CheckResult {
            name: "S1".into(),
            party: Party::Merchant,
            family: Family::Content,
            rule: "signature".into(),
            state: CheckState::Failed,
            sentence: String::new(),
            sentence_zh: String::new(),
            expected: None,
            seen: None,
            lines: vec![0],
            notes: vec![],
        };
        let attempt = AttemptResult {
            blamed: Some(Party::Merchant),
            checks: vec![check.clone()],
            ..AttemptResult::made_up(1, Outcome::Failed)
        };
        let case = CaseResult {
            id: key.case.clone(),
            suite: "payment".into(),
            title: String::new(),
            title_zh: String::new(),
            mandatory: true,
            outcome: Outcome::Failed,
            reason: None,
            runs: vec![],
        };
        (case, attempt, check)
    }

    #[test]
    fn the_terminal_tells_why_from_the_record_on_disk() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("record.ndjson");
        written(&path);
        let keys = crate::profile::Profile::built_in().unwrap().gateway.keys;
        let known = ShownKeys::of(&keys).known();
        assert!(matches!(
            &known.keys[..],
            [KnownKey { side: Side::Merchant, key: Key::Rsa(_), .. }, _]
        ));
        let key: CaseKey = "AMS-PAY-002".parse().unwrap();
        let (case, attempt, check) = failed(&key);
        let mut results = crate::report::sample::sample().results;
        results.cases = vec![CaseResult { id: "AMS-PAY-001".into(), ..case.clone() }, case.clone()];
        let (record, _) = SealedRecord::open(&path).unwrap();
        let mut recorded = Recorded { known: &known, record: Some(record), read: 0 };
        let told = recorded.explained(&results, &case, "AMS-PAY-002", &attempt, &check);
        let told: Vec<String> = told.iter().map(ToString::to_string).collect();
        assert!(told[0].contains("the signature has 3 bytes, one by this key has 256"), "{told:?}");
        // A check that holds has nothing to explain.
        let held = CheckResult { state: CheckState::Held, ..check };
        let (record, _) = SealedRecord::open(&path).unwrap();
        let mut recorded = Recorded { known: &known, record: Some(record), read: 0 };
        assert!(recorded.explained(&results, &case, "AMS-PAY-002", &attempt, &held).is_empty());
    }
}
