//! Messages as people have them at hand: a HAR, a curl command, an address, a raw request. What is
//! read of them is diagnosed, as a call and as a notice.

#![no_main]

use std::sync::LazyLock;

use diagnose::pasted::read;
use diagnose::{Key, Kind, Known, KnownKey, Side, Subject, diagnose};
use libfuzzer_sys::fuzz_target;
use signing::PublicKey;

static KNOWN: LazyLock<Known> = LazyLock::new(|| {
    let text = include_bytes!("../../tests/vectors/keys/rsa2048.spki.pem");
    let key = Key::Rsa(PublicKey::read(text).expect("a fixed key"));
    let name = "merchant.pub".to_owned();
    Known { keys: vec![KnownKey { name, side: Side::Merchant, key }], ..Known::default() }
});

fuzz_target!(|bytes: &[u8]| {
    let Ok(all) = read(bytes) else { return };
    for one in all {
        for (kind, message, call) in [
            (Kind::Call, one.call.clone(), None),
            (Kind::Notice, one.call.clone(), None),
            (Kind::Answer, one.answer.clone(), one.call.clone()),
        ] {
            let Some(message) = message else { continue };
            assert!(message.head.ends_with(b"\r\n\r\n"), "a head is whole");
            let generation = Subject::generation_of(call.as_ref().unwrap_or(&message));
            let witnessed = one.witnessed;
            let subject = Subject { generation, kind, message, call, witnessed };
            if let Ok(found) = diagnose(&subject, &KNOWN) {
                // Whatever is explained has a mistake in it.
                assert!(found.explanations.iter().all(|it| !it.steps.is_empty()));
            }
        }
    }
});
