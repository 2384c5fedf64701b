//! A call as a merchant sends it: head, signature header and body, split at the first empty line.

#![no_main]

use std::sync::LazyLock;

use evidence::Blob;
use libfuzzer_sys::fuzz_target;
use protocol::Fields;
use protocol::ams::{Api, Signature, emit_signature, verify};
use signing::PublicKey;
use evidence::{head_field, target_of};
use witness::with_body;

static KEY: LazyLock<PublicKey> = LazyLock::new(|| {
    let text = include_bytes!("../../tests/vectors/keys/rsa2048.spki.pem");
    PublicKey::read(text).expect("a fixed key")
});

fuzz_target!(|bytes: &[u8]| {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
    let (head, body) = bytes.split_at(end.map_or(bytes.len(), |end| end + 4));
    let field = |name| head_field(head, name);
    let signature = field("signature");
    if let Some(Ok(read)) = signature.as_deref().map(Signature::parse) {
        // What was read once reads the same when it is written our way.
        let again = Signature::parse(&emit_signature(&read.bytes));
        assert!(read.bytes.is_empty() || again.is_ok_and(|again| again.bytes == read.bytes));
    }
    let target = target_of(head).unwrap_or_default();
    let _ = Api::of(&target);
    let (client, time) = (field("client-id"), field("request-time"));
    let _ = verify(&KEY, &target, client.as_deref(), time.as_deref(), body, signature.as_deref());
    if let Some(fields) = Fields::read(body) {
        for path in ["paymentRequestId", "order.orderAmount.value", "a.0.b"] {
            let _ = (fields.text(path), fields.is_text(path));
        }
    }
    let blob = Blob { head: head.to_vec(), body: vec![] };
    assert_eq!(with_body(&blob, body.to_vec()).body, body);
});
