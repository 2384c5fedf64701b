//! The last exchanges, for a person who wonders what the gateway saw.

use std::collections::VecDeque;

use clock::Millis;
use parking_lot::Mutex;
use serde::Serialize;
use wire::Answer;

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

    /// Notes a notice, with what came of it: how its answer was judged, and the answer, or why there
    /// was none. Answers whether it was acknowledged.
    pub(crate) fn notice(
        &self,
        time: Millis,
        target: String,
        body: &[u8],
        came: Result<(Result<(), String>, Answer), String>,
    ) -> bool {
        let (judged, status, answer) = match came {
            Ok((judged, answer)) => (judged, Some(answer.status), as_text(&answer.body)),
            Err(why) => (Err(why), None, String::new()),
        };
        let acked = judged.is_ok();
        let code = judged.err().unwrap_or_else(|| "acknowledged".to_owned());
        let request = as_text(body);
        self.note(Line { time, way: "notice", target, status, code, request, answer });
        acked
    }

    pub(crate) fn lines(&self) -> Vec<Line> {
        self.0.lock().iter().cloned().collect()
    }
}

/// A body as text, cut where nobody would read on.
pub(crate) fn as_text(body: &[u8]) -> String {
    String::from_utf8_lossy(body).chars().take(LONGEST).collect()
}
