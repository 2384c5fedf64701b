//! An HTTP message as the witness reads it from either side, and as it passes it on.

#![no_main]

use evidence::Blob;
use futures::FutureExt as _;
use libfuzzer_sys::fuzz_target;
use tokio::io::{join, sink};
use evidence::{status_of, target_of};
use witness::{Raw, ReadFault, Wire};

/// Bytes in memory never make anybody wait.
fn at_once<T>(ready: impl Future<Output = T>) -> T {
    ready.now_or_never().expect("nothing here waits")
}

/// The first message, and whether anything comes after it.
fn read(bytes: &[u8], call: bool) -> Result<Option<(Raw, bool)>, ReadFault> {
    let mut wire = Wire::new(join(bytes, sink()));
    if call {
        let Some(raw) = at_once(wire.read_request())? else { return Ok(None) };
        let alone = matches!(at_once(wire.read_request()), Ok(None));
        return Ok(Some((raw, alone)));
    }
    let raw = at_once(wire.read_response())?;
    let alone = matches!(at_once(wire.read_response()), Err(ReadFault::CutOff));
    Ok(Some((raw, alone)))
}

fn written(blob: &Blob) -> Vec<u8> {
    let mut bytes = vec![];
    at_once(Wire::new(join(&[][..], &mut bytes)).write(blob)).expect("memory takes everything");
    bytes
}

fuzz_target!(|bytes: &[u8]| {
    for call in [true, false] {
        let Ok(Some((raw, _))) = read(bytes, call) else { continue };
        let head = &raw.blob.head;
        // Before an answer there may be others that are not it.
        let place = bytes.windows(head.len()).position(|window| window == head);
        assert!(place.is_some_and(|place| place == 0 || !call), "the head stays as it was sent");
        assert!(if call { target_of(head).is_some() } else { status_of(head).is_some() });
        // The next reader finds the same message, and nothing after it.
        let again = read(&written(&raw.blob), call).expect("what was read can be read again");
        let (again, alone) = again.expect("a message");
        assert_eq!((again.blob, alone), (raw.blob, true));
    }
});
