//! A bundle: the zip, the envelope under a key, the statement in it.

#![no_main]

use std::sync::LazyLock;

use assay::seal::{open_bundle, open_envelope, read_statement, read_zip, write_zip};
use libfuzzer_sys::fuzz_target;
use signing::PublicKey;

static KEY: LazyLock<PublicKey> = LazyLock::new(|| {
    let text = include_bytes!("../../tests/vectors/keys/rsa2048.spki.pem");
    PublicKey::read(text).expect("a fixed key")
});

fuzz_target!(|bytes: &[u8]| {
    if let Ok(files) = read_zip(bytes) {
        // A strict reader takes nothing that could not be written and read again.
        let again = write_zip(&files).expect("what was read can be written");
        assert_eq!(read_zip(&again).as_ref(), Ok(&files));
    }
    let _ = open_envelope(bytes, &KEY);
    let _ = read_statement(bytes);
    // Nobody here holds the private half, so nothing may ever pass.
    assert!(open_bundle(bytes, &KEY).is_err());
});
