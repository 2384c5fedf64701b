//! The last exchanges, for a person who wonders what the gateway saw.

use std::collections::VecDeque;

use clock::Millis;
use parking_lot::Mutex;
use serde::Serialize;

/// Exchanges that are kept.
const KEPT: usize = 100;
/// Characters of a body that are kept.
const LONGEST: usize = 16 * 1024;

/// One exchange.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Line {
    pub(crate) time: Millis,
    /// `call` from the merchant, or `notice` to it.
    pub(crate) way: &'static str,
    pub(crate) target: String,
    /// The HTTP status of the answer; absent when none came.
    pub(crate) status: Option<u16>,
    /// The result code of the answer, or what happened instead of one.
    pub(crate) code: String,
    pub(crate) request: String,
    pub(crate) answer: String,
}

#[derive(Debug, Default)]
pub(crate) struct Journal(Mutex<VecDeque<Line>>);

impl Journal {
    pub(crate) fn note(&self, line: Line) {
        let mut lines = self.0.lock();
        if lines.len() == KEPT {
            lines.pop_front();
        }
        lines.push_back(line);
    }

    pub(crate) fn lines(&self) -> Vec<Line> {
        self.0.lock().iter().cloned().collect()
    }
}

/// A body as text, cut where nobody would read on.
pub(crate) fn as_text(body: &[u8]) -> String {
    String::from_utf8_lossy(body).chars().take(LONGEST).collect()
}
