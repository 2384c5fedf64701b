//! What a merchant answers to a notice.

#![no_main]

use libfuzzer_sys::fuzz_target;
use protocol::Fields;
use protocol::ams::judge_ack;

fuzz_target!(|bytes: &[u8]| {
    if judge_ack(200, bytes).is_ok() {
        assert!(Fields::read(bytes).is_some());
    }
    assert!(judge_ack(500, bytes).is_err());
});
