//! Other merchants at the same witness: by the calls that fitted no scenario.

use std::collections::BTreeSet;

use evidence::{Blob, Entry, Event, Leg, Way, head_field};

use protocol::legacy::{Charset, Form};

/// How many are named: whoever calls under ever new names must not fill the terminal.
const NAMED: usize = 3;

/// Who else called, by client id or partner id, at most three of them.
pub(super) fn strangers(strays: &[Entry], tested: &str) -> Vec<String> {
    let calls = strays.iter().filter_map(|entry| {
        let Event::Message(message) = &entry.event else { return None };
        let sent = message.way == Way::Call && message.leg == Leg::CallSent;
        message.bytes.as_ref().filter(|_| sent)
    });
    let callers: BTreeSet<String> = calls.filter_map(caller).filter(|who| who != tested).collect();
    callers.into_iter().take(NAMED).collect()
}

/// Who says to have made a call.
fn caller(call: &Blob) -> Option<String> {
    head_field(&call.head, "client-id").or_else(|| {
        let line = call.head.split(|byte| *byte == b'\r').next().unwrap_or_default();
        let target = line.split(|byte| *byte == b' ').nth(1).unwrap_or_default();
        let query = target.splitn(2, |byte| *byte == b'?').nth(1).unwrap_or_default();
        let form = Form::read(query, &call.body, Charset::Utf8).ok()?;
        form.get("partner").map(str::to_owned)
    })
}

#[cfg(test)]
mod tests {
    use evidence::{Blob, Entry, Event, Leg, Message, Way};

    use super::strangers;

    fn stray(head: &str, body: &str) -> Entry {
        let bytes = Some(Blob { head: head.into(), body: body.into() });
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
    fn who_else_calls_is_named_once_and_the_tested_merchant_and_nobody_are_not() {
        let ams = |id: &str| stray(&format!("POST /pay HTTP/1.1\r\nClient-Id: {id}\r\n\r\n"), "{}");
        let form =
            |body: &str| stray("POST /gateway.do?_input_charset=utf-8 HTTP/1.1\r\n\r\n", body);
        let strays = [
            ams("OTHER"),
            ams("OURS"),
            ams("OTHER"),
            form("partner=2088&service=x"),
            stray("GET /gateway.do?partner=2099 HTTP/1.1\r\n\r\n", ""),
            form("%zz"),
            stray("GET /favicon.ico HTTP/1.1\r\n\r\n", ""),
        ];
        assert_eq!(strangers(&strays, "OURS"), ["2088", "2099", "OTHER"]);
        let many: Vec<Entry> = (0..9).map(|number| ams(&format!("C{number}"))).collect();
        assert_eq!(strangers(&many, "OURS").len(), 3);
    }
}
