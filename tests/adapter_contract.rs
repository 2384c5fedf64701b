//! The published contract of the merchant's adapter, `docs/merchant-adapter.openapi.yaml`, says what
//! the drivers and the served adapter do: the same calls, the same words, and no value that one takes
//! and the other does not.

#![expect(clippy::unwrap_used, reason = "a test has nobody to hand an error to")]

#[path = "adapter_contract/mod.rs"]
mod contract;

use std::collections::{BTreeMap, BTreeSet};

use evidence::{
    DifferenceKind, FileNoteKind, OrderState, ReconciliationState, RefundState, RegistrationState,
};
use merchant::adapter::Operation;
use protocol::ams::reconciliation::FileKind;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use contract::document::Document;
use contract::{Cage, Puppet};

#[test]
fn the_calls_of_the_file_are_those_of_the_contract() {
    let document = Document::read();
    let listed: Vec<_> = document
        .calls()
        .iter()
        .map(|call| (call.method.to_uppercase(), call.path.to_owned(), call.name().to_owned()))
        .collect();
    let mut wanted = Operation::ALL
        .map(|call| (call.method().to_owned(), call.path().to_owned(), call.name().to_owned()))
        .to_vec();
    assert_eq!(sorted(listed), {
        wanted.sort();
        wanted
    });
    for call in document.calls() {
        let answers: Vec<_> = call.operation["responses"].as_object().unwrap().keys().collect();
        let wanted = if call.is_post() { ["202", "4XX", "501"] } else { ["200", "404", "501"] };
        assert_eq!(answers, wanted, "{}", call.path);
    }
}

fn sorted<T: Ord>(mut all: Vec<T>) -> Vec<T> {
    all.sort();
    all
}

#[tokio::test]
async fn every_example_passes_through_the_code_and_comes_out_as_it_went_in() {
    let (document, cage, puppet) = (Document::read(), Cage::open().await, Puppet::open().await);
    let mut places = BTreeSet::new();
    for call in document.calls() {
        for example in document.examples(call.body()) {
            let (value, about) = (example.value, format!("{} {}", call.path, example.name));
            assert!(document.fits(example.schema, value), "{about} does not fit its schema");
            document.places(example.schema, value, &mut places);
            if call.is_post() {
                assert_eq!(cage.ask(call.path, Some(value)).await, (202, vec![]), "{about}");
                assert_eq!(*cage.parrot.asked.lock(), *value, "{about}");
            } else {
                let read = puppet.reads(call.name(), value, value).await;
                assert_eq!(read.as_ref(), Some(value), "{about}");
                *cage.parrot.view.lock() = value.clone();
                let target = target(call.path, value);
                let (status, body) = cage.ask(&target, None).await;
                assert_eq!(status, 200, "{target}");
                assert_eq!(serde_json::from_slice::<Value>(&body).unwrap(), *value, "{about}");
            }
        }
    }
    for name in ["Refused", "NoSuchOperation"] {
        let body = document.at(&format!("#/components/responses/{name}"));
        for example in document.examples(body) {
            assert!(document.fits(example.schema, example.value));
            document.places(example.schema, example.value, &mut places);
        }
    }
    assert_eq!(places, document.all_places(), "some example has each member");
}

/// The path of a look at what a view is about.
fn target(path: &str, view: &Value) -> String {
    let text = |name: &str| view[name].as_str().unwrap_or_default();
    let id = if path.starts_with("/orders") { text("order") } else { text("id") };
    let path = path.replace("{id}", id).replace("{day}", text("day"));
    if path.starts_with("/reconciliations") {
        format!("{path}?kind={}", text("kind"))
    } else {
        path
    }
}

/// Every example, with one thing changed at a time, is taken or refused by the code as the schema has
/// it: what is required, what may be null, which words and types there are.
#[tokio::test]
async fn what_the_file_allows_is_what_the_code_takes() {
    let (document, cage, puppet) = (Document::read(), Cage::open().await, Puppet::open().await);
    let (mut differ, mut tried) = (vec![], BTreeMap::<bool, usize>::new());
    for call in document.calls() {
        for example in document.examples(call.body()) {
            for (what, altered) in document.altered(example.schema, example.value) {
                if says_more_than_a_schema_can(example.value, &what) {
                    continue;
                }
                let fits = document.fits(example.schema, &altered);
                let taken = if call.is_post() {
                    cage.ask(call.path, Some(&altered)).await.0 == 202
                } else {
                    puppet.reads(call.name(), example.value, &altered).await.is_some()
                };
                *tried.entry(fits).or_default() += 1;
                if fits != taken {
                    let says = if fits {
                        "allows and the code refuses"
                    } else {
                        "refuses and the code takes"
                    };
                    differ.push(format!(
                        "{} {}, which the file {says}: {what}",
                        call.path, example.name
                    ));
                }
            }
        }
    }
    assert!(differ.is_empty(), "{differ:#?}");
    assert!(tried.values().all(|count| *count > 100) && tried.len() == 2, "{tried:?}");
}

/// That an answer is about what was asked, that trouble has its state alone, and that the runner asks
/// for no amount below the smallest unit, is in the words of the contract.
fn says_more_than_a_schema_can(example: &Value, what: &str) -> bool {
    let has = |name: &str| example.get(name).is_some();
    let about = match (has("till"), has("wallets"), has("files")) {
        (true, _, _) => what.starts_with("order = "),
        (_, true, _) => what.starts_with("id = "),
        (_, _, true) => what.starts_with("kind = "),
        _ => false,
    };
    let with_trouble = has("trouble") && what.starts_with("state = ");
    let in_a_request = (has("text") || has("slip")) && what.starts_with("amount.minor = ");
    about || with_trouble || in_a_request
}

/// The words that serde lists when it finds another one.
fn words<T: DeserializeOwned>() -> Vec<String> {
    let Err(error) = serde_json::from_value::<T>(json!("?")) else { return vec![] };
    let text = error.to_string();
    let listed = text.split_once("expected ").unwrap().1;
    listed.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn every_list_of_words_is_that_of_the_code() {
    let document = Document::read();
    let wanted = BTreeMap::from([
        ("DifferenceKind", words::<DifferenceKind>()),
        ("FileKind", words::<FileKind>()),
        ("FileNoteKind", words::<FileNoteKind>()),
        ("OrderState", words::<OrderState>()),
        ("ReconciliationState", words::<ReconciliationState>()),
        ("RefundState", words::<RefundState>()),
        ("RegistrationState", words::<RegistrationState>()),
    ]);
    let schemas = document.0["components"]["schemas"].as_object().unwrap();
    let listed: BTreeMap<_, Vec<String>> = schemas
        .iter()
        .filter_map(|(name, schema)| {
            let words = schema["enum"].as_array()?.iter();
            Some((name.as_str(), words.map(|word| word.as_str().unwrap().to_owned()).collect()))
        })
        .collect();
    assert_eq!(listed, wanted);
}
