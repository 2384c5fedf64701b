//! A secret that messages may hold and the record must not.

use std::fmt;
use std::sync::Arc;

use memchr::memmem;

use crate::{Blob, Event, Message};

/// What stands in a recorded message where the key stood that both sides share.
pub const HIDDEN: &str = "[md5_key]";

/// The secret.
#[derive(Clone)]
pub(crate) struct Hidden(Arc<[u8]>);

impl Hidden {
    pub(crate) fn new(secret: &[u8]) -> Self {
        Self(secret.into())
    }

    /// The event without it.
    pub(crate) fn out_of(&self, mut event: Event) -> Event {
        if let Event::Message(message) = &mut event
            && let Some(Blob { head, body }) = &mut message.bytes
        {
            for part in [head, body] {
                self.replace(part);
            }
        }
        event
    }

    fn replace(&self, bytes: &mut Vec<u8>) {
        let finder = memmem::Finder::new(&self.0);
        // Nobody shares an empty key.
        while let Some(at) = finder.find(bytes).filter(|_| !self.0.is_empty()) {
            bytes.splice(at..at + self.0.len(), HIDDEN.bytes());
        }
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hidden").finish_non_exhaustive()
    }
}

impl Blob {
    /// Whether something was taken out of it when it was recorded, so that its signature cannot be
    /// checked again.
    pub fn is_redacted(&self) -> bool {
        [&self.head, &self.body]
            .into_iter()
            .any(|part| memmem::find(part, HIDDEN.as_bytes()).is_some())
    }
}

impl Message {
    /// Its bytes as they passed: nothing where it has none of its own, and where something in them was
    /// taken out or replaced, of which nobody can say why it was refused.
    pub fn as_passed(&self) -> Option<&Blob> {
        self.bytes.as_ref().filter(|bytes| self.redacted.is_none() && !bytes.is_redacted())
    }
}

#[cfg(test)]
mod tests {
    use super::HIDDEN;
    use crate::{Blob, Event, Leg, Message, Recorder, Redacted, Way};

    #[test]
    fn a_hidden_secret_stands_in_no_message() {
        let secret = "q8v2m5x0c7b4n1z9l6k3j0h8g5f2d9s6";
        let told = |text: &str| Blob {
            head: format!("GET /gateway.do?key={text} HTTP/1.1\r\n\r\n").into_bytes(),
            body: format!("a={text}&b={text}").into_bytes(),
        };
        let recorder = Recorder::detached("LEG-PAY-041".parse().unwrap(), 1);
        let hiding = recorder.clone().hiding(secret.as_bytes());
        for text in [secret, "nothing"] {
            let message = Message {
                exchange: 1,
                way: Way::Call,
                leg: Leg::CallSent,
                own: false,
                bytes: Some(told(text)),
                verified: None,
                fault: None,
                redacted: None,
            };
            hiding.append(0, Event::Message(Box::new(message)));
        }
        assert!(!format!("{hiding:?}").contains(secret));
        let entries = recorder.take().entries;
        let messages: Vec<&Message> =
            entries.iter().filter_map(|entry| entry.event.message()).collect();
        let blobs: Vec<_> = messages.iter().map(|message| message.bytes.clone().unwrap()).collect();
        assert_eq!(blobs, [told(HIDDEN), told("nothing")]);
        let mark = Redacted { digest: None, fields: ["buyerName".to_owned()].into() };
        let replaced = Message { redacted: Some(mark), ..messages[1].clone() };
        let passed = [messages[0], messages[1], &replaced].map(|it| it.as_passed().is_some());
        assert_eq!(passed, [false, true, false]);
        assert_eq!([true, false], [blobs[0].is_redacted(), blobs[1].is_redacted()]);
    }
}
