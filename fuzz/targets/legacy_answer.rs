//! An answer of the legacy generation: XML in one of three charsets.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use protocol::legacy::{Answer, Verifier};
use signing::SharedKey;

static VERIFIER: LazyLock<Verifier> = LazyLock::new(|| {
    Verifier::Md5(SharedKey::read(b"10000000000000000000000000000000").expect("a fixed key"))
});

fuzz_target!(|bytes: &[u8]| match Answer::read(bytes) {
    Ok(mut answer) => {
        let _ = answer.verify(&VERIFIER, answer.charset);
        // What was read is written, and reads back as the same answer: without the fields that had
        // no value, which the writer leaves out.
        if let Some(response) = &mut answer.response {
            response.fields.retain(|(_, value)| !value.is_empty());
        }
        match answer.write() {
            Ok(written) => assert_eq!(Answer::read(&written), Ok(answer)),
            // A reference to a character may name one that the charset does not have.
            Err(fault) => drop(fault.to_string()),
        }
    }
    Err(fault) => drop(fault.to_string()),
});
