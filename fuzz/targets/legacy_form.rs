//! A form of the legacy generation, query and body split at the first line feed.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use protocol::legacy::{Charset, Empties, Form, Notification, Verifier, judge_ack};
use signing::SharedKey;

static VERIFIER: LazyLock<Verifier> = LazyLock::new(|| {
    Verifier::Md5(SharedKey::read(b"10000000000000000000000000000000").expect("a fixed key"))
});

fuzz_target!(|bytes: &[u8]| {
    let end = bytes.iter().position(|byte| *byte == b'\n');
    let (query, body) = bytes.split_at(end.unwrap_or(bytes.len()));
    let body = body.get(1..).unwrap_or_default();
    let _ = (Notification::read(body, Charset::Gbk), judge_ack(200, body));
    for fallback in [Charset::Utf8, Charset::Gbk, Charset::Gb2312] {
        match Form::read(query, body, fallback) {
            Ok(form) => {
                let _ = (form.text_to_sign(Empties::Kept), form.verify(&VERIFIER));
                // What was read is written, and reads back as the same form.
                let written = form.write().expect("what was decoded can be encoded");
                assert_eq!(Form::read(&written, b"", form.charset()), Ok(form));
            }
            Err(fault) => drop(fault.to_string()),
        }
    }
});
