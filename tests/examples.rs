//! The example shops pass their mandatory cases, and each of their mistakes fails the case that is
//! there for it, with the merchant at fault.

#![expect(clippy::unwrap_used, reason = "a test has nobody to hand an error to")]

mod ports;
mod shops;

use shops::{Kind, runs, said};

/// How many shops with a mistake are open at once: they mostly wait.
const AT_ONCE: usize = 6;

/// Plays all that is mandatory, or a part of it, which is never acceptable by itself.
fn passes(kind: Kind, products: &str, part: &[&str]) {
    if !kind.is_there() {
        return;
    }
    let shop = kind.open(products, None);
    let gate = if part.is_empty() { &[][..] } else { &["--gate", "selection"] };
    let (run, results) = shop.play(&[part, gate].concat());
    assert_eq!(run.status.code(), Some(0), "{}\n{}", said(&run), shop.log());
    assert_eq!(results["grade"], "rehearsal", "its gateway is the embedded one");
    let verify = shop.verify();
    let whole = if part.is_empty() { 0 } else { 2 };
    assert_eq!(verify.status.code(), Some(whole), "{}", said(&verify));
}

#[test]
fn the_shop_in_python_passes_its_mandatory_cases() {
    passes(Kind::Python, "user-presented, order-code", &[]);
}

/// All that is mandatory but LEG-REC-021 and LEG-REC-032, which wait for the merchant's own time
/// longer than everything else together.
const OF_NODE: [&str; 11] = [
    "payment",
    "refund-cancel",
    "merchants",
    "LEG-REC-001",
    "LEG-REC-002",
    "LEG-REC-003",
    "LEG-REC-011",
    "LEG-REC-012",
    "LEG-REC-013",
    "LEG-REC-022",
    "LEG-REC-031",
];

#[test]
fn the_shop_in_node_passes_its_mandatory_cases() {
    passes(Kind::Node, "barcode, transaction-qr", &OF_NODE);
}

/// A mistake, a product that shows it, and the case that is there for it.
type Mistake = (&'static str, &'static str, &'static str);

fn fails(kind: Kind, mistakes: &[Mistake]) {
    if !kind.is_there() {
        return;
    }
    let waiting = std::sync::Mutex::new(mistakes.iter());
    let wrong = std::sync::Mutex::new(vec![]);
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
                        let told = format!("{defect} {case}: {runs:?}\n{}", said(&run));
                        wrong.lock().unwrap().push(told);
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_mistake_of_the_shop_in_python_fails_the_case_for_it() {
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

#[test]
fn each_mistake_of_the_shop_in_node_fails_the_case_for_it() {
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
