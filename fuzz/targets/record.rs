//! The record of a run, whole and cut off.

#![no_main]

use evidence::Record;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let partial = Record::read_partial(bytes);
    if let Ok(whole) = Record::read(bytes) {
        assert!(partial.is_ok_and(|partial| partial.cases == whole.cases));
    }
});
