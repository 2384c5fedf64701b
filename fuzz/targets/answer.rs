//! An answer of a gateway: its status line and its result.

#![no_main]

use libfuzzer_sys::fuzz_target;
use protocol::Fields;
use protocol::ams::{Outcome, PaymentStatus, known_code};
use evidence::status_of;

fuzz_target!(|bytes: &[u8]| {
    let _ = status_of(bytes);
    let Some(fields) = Fields::read(bytes) else { return };
    if let Some(outcome) = Outcome::read(&fields) {
        let _ = (known_code(&outcome.code), outcome.to_json());
    }
    let _ = fields.text("paymentStatus").as_deref().map(PaymentStatus::parse);
});
