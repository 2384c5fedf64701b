//! The messages of a gateway's own log, and those that fitted no scenario of a run.

#![no_main]

use assay::seal::{GatewayLog, read_strays, write_strays};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Err(wrong) = GatewayLog::read(bytes) {
        assert!(wrong.line <= bytes.split(|byte| *byte == b'\n').count());
    }
    if let Some(strays) = read_strays(bytes) {
        assert_eq!(write_strays(&strays), bytes);
    }
});
