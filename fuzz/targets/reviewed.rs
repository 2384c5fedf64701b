//! What a reviewer hands out: a challenge; a review and a certificate, with whatever stands under a good
//! signature.

#![no_main]

use std::sync::LazyLock;

use assay::seal::{Certified, Challenge, Review, seal_statement};
use libfuzzer_sys::fuzz_target;
use signing::PrivateKey;

static KEY: LazyLock<PrivateKey> = LazyLock::new(|| {
    let text = include_bytes!("../../tests/vectors/keys/rsa2048.pkcs8.pem");
    PrivateKey::read(text).expect("a fixed key")
});

fuzz_target!(|bytes: &[u8]| {
    if let Ok(challenge) = Challenge::read(bytes) {
        assert_eq!(Challenge::read(challenge.text().as_bytes()), Ok(challenge));
    }
    let key = KEY.public();
    let envelope = seal_statement(bytes, &KEY).expect("a fixed key signs");
    if let Ok(review) = Review::open(&envelope, &key) {
        // There is one way to write it, so what was opened is what was signed.
        assert_eq!(review.seal(&KEY).expect("a fixed key signs"), envelope);
    }
    let _ = Certified::open(&envelope, &key);
    // Nobody signed these bytes themselves.
    assert!(Review::open(bytes, &key).is_err());
    assert!(Certified::open(bytes, &key).is_err());
});
