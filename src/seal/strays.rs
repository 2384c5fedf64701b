//! What came to the witness and fitted no scenario: a file of its own, since it is part of no case
//! and judged by nobody.

use evidence::{Entry, Event};

/// The lines of the file.
pub fn write_strays(strays: &[Entry]) -> Vec<u8> {
    let mut lines = vec![];
    for entry in strays {
        lines.extend(serde_json::to_vec(entry).unwrap_or_default());
        lines.push(b'\n');
    }
    lines
}

/// Puts what came later after what came before a run was interrupted.
pub fn join_strays(mut before: Vec<Entry>, later: Vec<Entry>) -> Vec<Entry> {
    let exchange = |entry: &Entry| {
        let Event::Message(message) = &entry.event else { return 0 };
        message.exchange
    };
    let (lines, last) = (before.len(), before.iter().map(exchange).max().unwrap_or_default());
    for (line, mut entry) in (lines..).zip(later) {
        entry.line = u32::try_from(line).unwrap_or(u32::MAX);
        if let Event::Message(message) = &mut entry.event {
            message.exchange = message.exchange.saturating_add(last);
        }
        before.push(entry);
    }
    before
}

/// Reads such a file, written the one way in which it is written. `None` for any other text, and for
/// a file without a line.
pub fn read_strays(bytes: &[u8]) -> Option<Vec<Entry>> {
    let lines = bytes.split_inclusive(|byte| *byte == b'\n');
    let strays: Vec<Entry> = lines.map(serde_json::from_slice).collect::<Result<_, _>>().ok()?;
    let same = write_strays(&strays) == bytes;
    (same && !strays.is_empty()).then_some(strays)
}

#[cfg(test)]
mod tests {
    use evidence::{Blob, Entry, Event, Leg, Message, Way};

    use super::{join_strays, read_strays, write_strays};

    fn stray() -> Entry {
        let bytes =
            Some(Blob { head: b"GET /favicon.ico HTTP/1.1\r\n\r\n".to_vec(), body: vec![] });
        let (way, leg) = (Way::Call, Leg::CallSent);
        let message = Message {
            exchange: 1,
            way,
            leg,
            own: false,
            bytes,
            verified: None,
            fault: None,
            redacted: None,
        };
        Entry { line: 0, at: 7, event: Event::Message(message.into()) }
    }

    #[test]
    fn what_is_written_is_read_and_nothing_else_is() {
        let strays = join_strays(vec![stray()], vec![Entry { at: 8, ..stray() }]);
        let Event::Message(second) = &strays[1].event else { panic!("no message") };
        assert_eq!((strays[1].line, second.exchange), (1, 2), "two exchanges, not one");
        let bytes = write_strays(&strays);
        assert_eq!(read_strays(&bytes), Some(strays));
        let spaced = [b" ".as_slice(), &bytes].concat();
        let cut = &bytes[..bytes.len() - 1];
        for other in [&[][..], cut, &spaced, b"[]\n"] {
            assert_eq!(read_strays(other), None, "{}", String::from_utf8_lossy(other));
        }
    }
}
