//! A merchant that is not assay's: a process of its own time behind an adapter, in front of which
//! the witness stands. The reference merchant plays it here, over nothing but the published
//! contract.

#![expect(clippy::unwrap_used, reason = "a test has nobody to hand an error to")]

mod outside_stand;

use outside_stand::{Stand, said};

#[test]
fn a_merchant_outside_passes_what_the_reference_merchant_passes() {
    let stand = Stand::open(None);
    let run = stand.run(&["AMS-PAY-001", "AMS-PAY-004", "AMS-RFC-001"]);
    let told = said(&run);
    for case in ["AMS-PAY-001", "AMS-PAY-004", "AMS-RFC-001"] {
        assert!(told.contains(&format!("{case}  passed")), "{told}");
    }
    let verify = stand.verify();
    assert_eq!(verify.status.code(), Some(2), "{}", said(&verify));
}

/// Takes as long as the longest wait of a merchant, so it is played by hand.
#[test]
#[ignore = "waits for a quarter of an hour and more"]
fn a_merchant_outside_passes_everything() {
    let stand = Stand::open(None);
    let run = stand.run(&[]);
    assert_eq!(run.status.code(), Some(0), "{}", said(&run));
    let verify = stand.verify();
    assert_eq!(verify.status.code(), Some(0), "{}", said(&verify));
}
