//! Record mutants: for every case that needs no tester and every check of it there is an edit of the
//! healthy record that makes exactly this check the first to fail. A check for which there is none would be
//! a check that cannot fail.

#![expect(clippy::unwrap_used, reason = "a test has nobody to hand an error to")]

mod edits;
mod stand;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use assay::suite::{Case, Catalogue, Suite};
use assay::verdict::{AttemptResult, CheckState, Judge, Outcome};
use edits::Edit;
use evidence::words::{Language, Sentence};
use evidence::{CaseRecord, Event, words as say};

/// What made a check the first to fail.
#[derive(Debug, Clone)]
struct Hit {
    run: String,
    says: String,
}

/// What the edits of a case's records came to.
#[derive(Debug, Default)]
struct Search {
    hits: BTreeMap<String, Hit>,
    judged: usize,
    faults: Vec<String>,
    /// What Chinese readers would get in English.
    english: BTreeSet<String>,
}

/// The check that an attempt fails first, all before it held, with the party of that check blamed.
fn first_to_fail(result: &AttemptResult) -> Option<&str> {
    let first = result.checks.iter().find(|check| check.state != CheckState::Held)?;
    let fails = first.state == CheckState::Failed && result.outcome == Outcome::Failed;
    (fails && result.blamed == Some(first.party)).then_some(first.name.as_str())
}

/// What stands in messages and files, and is quoted.
const QUOTED: [&str; 16] = [
    // What is no XML is told as whoever reads XML tells it.
    "text outside of the root",
    "One coffee",
    "the licence has expired",
    "the address is unknown",
    ".csv",
    ".txt",
    // What services say in the place of a file.
    "Date format incorrect",
    "Finish date ahead of begin date",
    "Finish date not ahead of today",
    "Illegal Date period",
    "Internet connected exception ,please try later",
    "Over 10 days to Date period",
    "Over limit balance amount record",
    "System exception",
    "Teahouse at the Harbour",
    "Harbour Teahouse",
];

/// Whether two words of English stand side by side, which no name of the gateway's has.
fn is_english(text: &str) -> bool {
    let text = QUOTED.iter().fold(text.to_owned(), |text, quoted| text.replace(quoted, ""));
    let runs = text.split(|c: char| !c.is_ascii_lowercase() && c != ' ');
    let words = |run: &str| run.split(' ').filter(|word| word.len() > 1).count();
    runs.map(words).any(|count| count > 1)
}

/// Tries round after round of edits on the records of a case, until every check of it has failed
/// through the doing of the party that it blames.
fn search(judge: &Judge, suite: &Suite, case: &Case, records: &[&CaseRecord]) -> Search {
    let mut search = Search::default();
    let mut open: BTreeSet<String> = (1..=case.checks.len()).map(|n| n.to_string()).collect();
    for round in 0..edits::ROUNDS {
        for record in records {
            if open.is_empty() {
                return search;
            }
            let planned = suite.planned(&record.key).unwrap();
            for edit in edits::round(record, round) {
                if open.is_empty() {
                    return search;
                }
                let result = judge.attempt(&planned, &edit.of(record));
                search.look(record, edit, &result, &mut open);
            }
        }
    }
    search
}

impl Search {
    fn look(
        &mut self,
        record: &CaseRecord,
        edit: Edit,
        result: &AttemptResult,
        open: &mut BTreeSet<String>,
    ) {
        self.judged += 1;
        let broken = Some(say::CANNOT_JUDGE.plain());
        if result.checks.iter().any(|check| check.seen == broken) {
            self.faults.push(format!("{}: a check breaks when {}", record.key, edit.says));
        }
        for check in &result.checks {
            let told = check.expected.iter().chain(&check.seen).chain(&check.notes);
            self.english.extend(told.map(|it| it.text(Language::Zh)).filter(|it| is_english(it)));
        }
        let first = first_to_fail(result).filter(|_| result.blamed == Some(edit.by));
        if let Some(name) = first {
            open.remove(name);
            let hit = Hit { run: record.key.to_string(), says: edit.says };
            self.hits.entry(name.to_owned()).or_insert(hit);
        }
    }
}

/// Searches every case that is played, on both cores: in all of its records, or in those of the
/// products that take part only under a condition.
fn search_all(
    judge: &Judge,
    suite: &Suite,
    records: &[CaseRecord],
    fits: impl Fn(&Case, &CaseRecord) -> bool + Sync,
) -> Vec<(Arc<Case>, Search)> {
    let cases: Vec<_> = played(suite.catalogue()).cloned().collect();
    let (next, found) = (AtomicUsize::new(0), Mutex::new(vec![]));
    let work = || {
        while let Some((index, case)) = {
            let index = next.fetch_add(1, Ordering::SeqCst);
            cases.get(index).map(|case| (index, case))
        } {
            let ours = records.iter().filter(|r| r.key.case == case.id && fits(case, r));
            let records: Vec<_> = ours.collect();
            if records.is_empty() {
                continue;
            }
            let search = search(judge, suite, case, &records);
            found.lock().unwrap().push((index, case.clone(), search));
        }
    };
    thread::scope(|scope| {
        scope.spawn(work);
        work();
    });
    let mut found = found.into_inner().unwrap();
    found.sort_by_key(|(index, ..)| *index);
    found.into_iter().map(|(_, case, search)| (case, search)).collect()
}

fn played(catalogue: &Catalogue) -> impl Iterator<Item = &Arc<Case>> {
    catalogue.cases.iter().filter(|case| !case.tester)
}

/// What is wrong with the healthy records: nothing.
fn not_held(judge: &Judge, suite: &Suite, records: &[CaseRecord]) -> Vec<String> {
    let mut bad = vec![];
    for record in records {
        let result = judge.attempt(&suite.planned(&record.key).unwrap(), record);
        for check in result.checks.iter().filter(|check| check.state != CheckState::Held) {
            bad.push(format!("{} {}: {:?}", record.key, check.name, check.state));
        }
    }
    bad
}

/// The events and faults that no report could name in Chinese.
fn unnamed(records: &[CaseRecord]) -> BTreeSet<&str> {
    let events = records.iter().flat_map(|record| &record.entries).map(|entry| &entry.event);
    let words = events.filter_map(|event| match event {
        Event::Arranged { what, .. } | Event::Did { what, .. } => Some(("EVENT", what.as_str())),
        Event::Message(message) => Some(("FAULT", message.fault.as_deref()?)),
        Event::Order(_)
        | Event::Merchant(_)
        | Event::Reconciliation { .. }
        | Event::Wallet(_)
        | Event::Broken { .. }
        | Event::Closed => None,
    });
    words.filter(|(kind, word)| Sentence::of_word(kind, word).is_none()).map(|it| it.1).collect()
}

/// The numbered checks that no edit makes fail first.
fn missing_numbered(found: &[(Arc<Case>, Search)]) -> Vec<String> {
    let mut missing = vec![];
    for (case, search) in found {
        let names = (1..=case.checks.len()).map(|number| number.to_string());
        let open = names.filter(|name| !search.hits.contains_key(name));
        missing.extend(open.map(|name| format!("{} check {name}", case.id)));
    }
    missing
}

/// The checks that no edit makes fail first.
fn missing(suite: &Suite, found: &[(Arc<Case>, Search)]) -> Vec<String> {
    let mut missing = missing_numbered(found);
    for standing in &suite.catalogue().standing {
        if !found.iter().any(|(_, search)| search.hits.contains_key(&standing.name)) {
            missing.push(format!("standing check {}", standing.name));
        }
    }
    missing
}

fn page(suite: &Suite, found: &[(Arc<Case>, Search)]) -> String {
    let numbered = found.iter().map(|(case, _)| case.checks.len()).sum::<usize>();
    let standing = &suite.catalogue().standing;
    let mut page = String::from(
        "# Record mutants\n\nGenerated by `tests/record_mutants.rs`; `ASSAY_UPDATE_DOCS=1` writes \
         it anew.\n\nFor each check, an edit of the record of a healthy run that makes this check \
         the first to fail,\nthrough something that the party does which the check blames. A check \
         without one could not fail,\nand the test fails instead.\n\n",
    );
    let cases = found.len();
    let _ = writeln!(
        page,
        "- {cases} mandatory and conditional cases, {numbered} of {numbered} numbered checks"
    );
    let _ = writeln!(page, "- {0} of {0} standing checks\n", standing.len());
    page.push_str("## Standing checks\n\n| check | record of | edit |\n|---|---|---|\n");
    for standing in standing {
        let hit = found.iter().find_map(|(_, search)| search.hits.get(&standing.name));
        let Some(Hit { run, says }) = hit else { continue };
        let _ = writeln!(page, "| {} | {run} | {says} |", standing.name);
    }
    page.push_str(
        "\n## Numbered checks\n\n| case | check | record of | edit |\n|---|---|---|---|\n",
    );
    for (case, search) in found {
        for number in 1..=case.checks.len() {
            let Some(Hit { run, says }) = search.hits.get(&number.to_string()) else { continue };
            let _ = writeln!(page, "| {} | {number} | {run} | {says} |", case.id);
        }
    }
    page
}

#[test]
fn every_check_can_be_the_first_to_fail() {
    let suite = stand::suite();
    let came = stand::play(&suite, stand::everything(&suite), stand::backstage(), 32);
    let judge = Judge::new(suite.clone());
    let records = &came.record.cases;
    assert_eq!(not_held(&judge, &suite, records), Vec::<String>::new());

    assert_eq!(unnamed(records), BTreeSet::new());

    // What a product that takes part under a condition adds is proved by itself.
    let apart = search_all(&judge, &suite, records, |case, record| {
        record
            .key
            .product
            .as_ref()
            .is_some_and(|product| case.product_conditions.contains_key(product))
    });
    assert!(!apart.is_empty());
    let unproved = missing_numbered(&apart);
    assert!(unproved.is_empty(), "under a condition no edit makes these fail first: {unproved:#?}");

    let found = search_all(&judge, &suite, records, |_, _| true);
    let faults: Vec<_> = found.iter().flat_map(|(_, search)| &search.faults).collect();
    assert!(faults.is_empty(), "{faults:#?}");
    let english: BTreeSet<_> = found.iter().flat_map(|(_, search)| &search.english).collect();
    assert!(english.is_empty(), "{} are said in English: {english:#?}", english.len());
    let judged = found.iter().map(|(_, search)| search.judged).sum::<usize>();
    let missing = missing(&suite, &found);
    assert!(missing.is_empty(), "no edit of {judged} makes these fail first: {missing:#?}");
    stand::keep_page("record-mutants.md", &page(&suite, &found));
}
