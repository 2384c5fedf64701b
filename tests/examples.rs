//! The example shops pass their mandatory cases, and each of their mistakes fails the case that is
//! there for it, with the merchant at fault. Beside them plays what waits as long and needs no more of
//! the machine.

#![expect(clippy::unwrap_used, reason = "a test has nobody to hand an error to")]

mod outside_stand;
mod ports;
mod real_days;
#[path = "foreign/relay.rs"]
mod relay;
mod shops;
mod submission;

use std::process::Output;
use std::sync::Mutex;

use shops::{Kind, Shop, runs, said};

/// How many shops with a mistake are open at once: they mostly wait.
const AT_ONCE: usize = 4;

/// The end of a run and of its shop, without the many lines of what went well.
fn told(run: &Output, shop: &Shop) -> String {
    let said = said(run);
    let lines = said.lines().filter(|line| !line.starts_with("passed "));
    [&lines.collect::<Vec<_>>().join("\n"), "\n", &shop.log()].concat()
}

/// Plays the mandatory cases, so many scenarios at once. Each waits on the clock of the world, so a busy
/// machine must not make messages late.
fn passes(kind: Kind, products: &str, jobs: &str) {
    if !kind.is_there() {
        return;
    }
    let shop = kind.open(products, None);
    let (run, results) = shop.play(&["--jobs", jobs]);
    assert_eq!(run.status.code(), Some(0), "{}", told(&run, &shop));
    assert_eq!(results["grade"], "rehearsal", "its gateway is the embedded one");
    let verify = shop.verify();
    assert_eq!(verify.status.code(), Some(0), "{}", said(&verify));
}

/// Two things at once: both shops mostly wait.
fn both(one: impl FnOnce() + Send, other: impl FnOnce() + Send) {
    std::thread::scope(|scope| {
        let one = scope.spawn(one);
        other();
        one.join().unwrap();
    });
}

#[test]
fn the_shops_pass_their_mandatory_cases() {
    both(
        || passes(Kind::Node, "barcode, transaction-qr", "32"),
        || passes(Kind::Python, "user-presented, order-code", "48"),
    );
}

/// A mistake, a product that shows it, and the case that is there for it.
type Mistake = (&'static str, &'static str, &'static str);

fn fails(kind: Kind, mistakes: &[Mistake]) {
    if !kind.is_there() {
        return;
    }
    let waiting = Mutex::new(mistakes.iter());
    let wrong = Mutex::new(vec![]);
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let next = waiting.lock().unwrap().next();
                    let Some((defect, product, case)) = next else { return };
                    let shop = kind.open(product, Some(defect));
                    let (run, results) = shop.play(&[case]);
                    let runs = runs(&results, case);
                    let blamed = ("failed".to_owned(), "merchant".to_owned());
                    if run.status.code() != Some(1) || !runs.contains(&blamed) {
                        let told = told(&run, &shop);
                        wrong.lock().unwrap().push(format!("{defect} {case}: {runs:?}\n{told}"));
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_mistake_of_a_shop_fails_the_case_for_it() {
    both(mistakes_of_python, mistakes_of_node);
}

fn mistakes_of_python() {
    fails(
        Kind::Python,
        &[
            ("accepts-forged-notification", "user-presented", "AMS-PAY-091"),
            ("accepts-unsigned-notification", "user-presented", "AMS-PAY-092"),
            ("skips-answer-verification", "user-presented", "AMS-PAY-071"),
            ("ignores-notified-amount", "user-presented", "AMS-PAY-093"),
            ("books-duplicate-twice", "user-presented", "AMS-PAY-094"),
            ("paid-for-unknown", "user-presented", "AMS-PAY-005"),
            ("failed-for-unknown", "user-presented", "AMS-PAY-005"),
            ("new-id-after-timeout", "user-presented", "AMS-PAY-006"),
            ("never-cancels", "user-presented", "AMS-PAY-004"),
            ("polls-every-100ms", "user-presented", "AMS-PAY-003"),
            ("order-code-S-is-paid", "order-code", "AMS-PAY-040"),
            ("forgets-store-id", "user-presented", "AMS-PAY-001"),
            ("reserialises-signed-json", "user-presented", "AMS-PAY-070"),
            ("refund-id-per-try", "user-presented", "AMS-RFC-006"),
            ("refund-unknown-is-done", "user-presented", "AMS-RFC-006"),
            ("registered-is-approved", "user-presented", "AMS-MER-001"),
            ("ignores-end-mark", "user-presented", "AMS-REC-006"),
        ],
    );
}

fn mistakes_of_node() {
    fails(
        Kind::Node,
        &[
            ("signs-unsorted", "barcode", "LEG-PAY-001"),
            ("signs-encoded", "barcode", "LEG-PAY-031"),
            ("float-amount", "barcode", "LEG-PAY-031"),
            ("forgets-store", "barcode", "LEG-PAY-001"),
            ("cuts-code", "barcode", "LEG-PAY-002"),
            ("unknown-is-paid", "barcode", "LEG-PAY-003"),
            ("polls-hard", "barcode", "LEG-PAY-003"),
            ("never-cancels", "barcode", "LEG-PAY-004"),
            ("system-error-is-failed", "barcode", "LEG-PAY-005"),
            ("new-number-after-timeout", "barcode", "LEG-PAY-006"),
            ("believes-any-answer", "barcode", "LEG-PAY-052"),
            ("code-is-paid", "transaction-qr", "LEG-PAY-071"),
            ("acknowledges-in-json", "transaction-qr", "LEG-PAY-091"),
            ("believes-any-notice", "transaction-qr", "LEG-PAY-092"),
            ("ignores-notified-amount", "transaction-qr", "LEG-PAY-094"),
            ("books-copies", "transaction-qr", "LEG-PAY-095"),
            ("refund-number-per-try", "barcode", "LEG-RFC-005"),
            ("accepted-is-approved", "barcode", "LEG-MER-001"),
        ],
    );
}
