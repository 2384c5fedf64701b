//! Attempts that break off: whatever the place and the case, a healthy merchant is not blamed. A
//! check that marks a failure as standing for good, though something later would have mended it, is
//! found here.

#![expect(clippy::unwrap_used, reason = "a test has nobody to hand an error to")]

mod stand;

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use assay::suite::Suite;
use assay::verdict::{Judge, Outcome};
use evidence::{CaseRecord, Entry, Event, Party};

/// At every which place a record breaks off.
const STEP: usize = 4;

/// The record up to a place, and then a gateway that falls silent.
fn broken_at(record: &CaseRecord, place: usize) -> CaseRecord {
    let mut broken = record.clone();
    broken.entries.truncate(place);
    let at = broken.entries.last().unwrap().at;
    let silent = Event::Broken { by: Party::Gateway, why: "it fell silent".into() };
    for event in [silent, Event::Closed] {
        let line = u32::try_from(broken.entries.len()).unwrap();
        broken.entries.push(Entry { line, at, event });
    }
    broken
}

/// Who is blamed where a record breaks off, other than the gateway that broke it off.
fn blamed(judge: &Judge, suite: &Suite, record: &CaseRecord, first: usize) -> Vec<String> {
    let planned = suite.planned(&record.key).unwrap();
    let mut blamed = vec![];
    for place in (first..record.entries.len()).step_by(STEP) {
        let result = judge.attempt(&planned, &broken_at(record, place));
        if (result.outcome, result.blamed) != (Outcome::Aborted, Some(Party::Gateway)) {
            let check = result.first_failed();
            let says = check.map(|check| format!("{} {:?}", check.name, check.sentence));
            blamed.push(format!("{} at line {place}: {says:?}", record.key));
        }
    }
    blamed
}

#[test]
fn a_healthy_merchant_is_not_blamed_wherever_the_gateway_breaks() {
    let suite = stand::suite();
    let came = stand::play(&suite, stand::everything(&suite), stand::backstage(), 32);
    let judge = Judge::new(suite.clone());
    // One row of each case for each product.
    let mut known = BTreeSet::new();
    let mut records = came.record.cases.iter().collect::<Vec<_>>();
    records.retain(|record| known.insert((record.key.case.clone(), record.key.product.clone())));
    let (next, found) = (AtomicUsize::new(0), Mutex::new(vec![]));
    let work = || {
        while let Some((index, record)) = {
            let index = next.fetch_add(1, Ordering::SeqCst);
            records.get(index).map(|record| (index, record))
        } {
            let blamed = blamed(&judge, &suite, record, 1 + index % STEP);
            found.lock().unwrap().extend(blamed);
        }
    };
    thread::scope(|scope| {
        scope.spawn(work);
        work();
    });
    let found = found.into_inner().unwrap();
    assert!(records.len() >= suite.catalogue().cases.len() / 2, "{} records", records.len());
    assert!(found.is_empty(), "{}: {found:#?}", found.len());
}
