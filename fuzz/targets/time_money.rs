//! Moments and amounts as texts.

#![no_main]

use libfuzzer_sys::fuzz_target;
use protocol::{Amount, iso8601, parse_time};

fuzz_target!(|text: &str| {
    if let Some(moment) = parse_time(text) {
        // Milliseconds are not written, so whole seconds have to come back. Years beyond 9999 and
        // before the common era have no written form of four digits.
        let written = iso8601(moment);
        if written.len() == 25 {
            assert_eq!(parse_time(&written), Some(moment.div_euclid(1000) * 1000), "{text}");
        }
    }
    if let Ok(amount) = Amount::from_price(text) {
        assert_eq!(Amount::from_price(&amount.to_string()), Ok(amount));
    }
    let (currency, value) = text.split_once(' ').unwrap_or(("USD", text));
    if let Ok(amount) = Amount::from_wire(currency, value) {
        assert!(amount.minor >= 0);
        assert_eq!(Amount::from_price(&amount.to_string()), Ok(amount));
    }
});
