//! A reviewer at the terminal: one thing at a time, with its evidence.

use std::io::{BufRead, Read as _};

use evidence::words::{
    REVIEW_ANSWER, REVIEW_ASK_DECISION, REVIEW_ASK_WAIVER, REVIEW_EXPIRES, REVIEW_NOTE, REVIEW_WHY,
    Sentence,
};

use super::show::{self, Screen};
use super::waiting::Waiting;
use crate::cli::output::{Aside, Span, Terminal, Tone};
use crate::seal::{Decided, Decision, LONGEST_NOTE, ends_in_time};
use crate::verdict::{Results, waivable};

/// The longest line that is read.
const LONGEST_LINE: u64 = 16 << 10;

/// Who answers, and where it is asked.
pub(super) struct Desk<R> {
    screen: Aside,
    lines: R,
}

/// A case that somebody wants to do without.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Waived {
    pub(super) case: String,
    pub(super) expires: String,
    pub(super) reason: String,
}

impl<R: BufRead> Desk<R> {
    pub(super) fn new(terminal: &Terminal, lines: R) -> Self {
        Self { screen: Aside::of(terminal), lines }
    }

    /// A line without blanks at its ends; `None` where nobody types any more.
    fn line(&mut self, question: &Sentence) -> Option<String> {
        self.screen.ask(&self.screen.text(&question.plain()));
        let mut bytes = vec![];
        let mut line = self.lines.by_ref().take(LONGEST_LINE);
        let read = line.read_until(b'\n', &mut bytes).ok()?;
        (read > 0).then(|| String::from_utf8_lossy(&bytes).trim().to_owned())
    }

    fn wrong(&self, why: &evidence::words::Phrase) {
        self.screen.line([Span::new(Tone::Bad, self.screen.text(why))]);
    }

    /// A text that fits into a review.
    fn fits(&self, about: &str, note: &str) -> bool {
        let fits = note.chars().count() <= LONGEST_NOTE && !note.chars().any(char::is_control);
        if !fits {
            self.wrong(&REVIEW_NOTE.with([about, "1", &LONGEST_NOTE.to_string()]));
        }
        fits
    }

    /// Asks about each run that waits; `None` where the questions were left.
    pub(super) fn decide(
        &mut self,
        terminal: &mut Terminal,
        screen: &Screen<'_>,
        waiting: &Waiting<'_>,
    ) -> Option<Vec<Decision>> {
        let mut decisions = vec![];
        for (case, run) in &waiting.runs {
            screen.run(terminal, case, run);
            let about = run.key.to_string();
            loop {
                let line = self.line(&REVIEW_ASK_DECISION)?;
                if line.is_empty() {
                    break;
                }
                let (word, note) = line.split_once(' ').unwrap_or((&line, ""));
                let note = note.trim();
                let decision = match word {
                    "passed" => Decided::Passed,
                    "failed" if note.is_empty() => {
                        self.wrong(&REVIEW_WHY.plain());
                        continue;
                    }
                    "failed" => Decided::Failed,
                    _ => {
                        self.wrong(&REVIEW_ANSWER.plain());
                        continue;
                    }
                };
                if self.fits(&about, note) {
                    let (run, note) = (run.key.clone(), note.to_owned());
                    decisions.push(Decision { run, decision, note });
                    break;
                }
            }
        }
        Some(decisions)
    }

    /// Asks about each case that could be done without; `None` where the questions were left.
    pub(super) fn waive(
        &mut self,
        terminal: &mut Terminal,
        left: &Results,
        given: &str,
    ) -> Option<Vec<Waived>> {
        let mut waived = vec![];
        for case in left.cases.iter().filter(|case| waivable(case).is_ok()) {
            show::case(terminal, case);
            loop {
                let line = self.line(&REVIEW_ASK_WAIVER)?;
                if line.is_empty() {
                    break;
                }
                let mut words = line.splitn(3, ' ');
                let [word, expires, reason] =
                    [(); 3].map(|()| words.next().unwrap_or_default().trim());
                if word != "waive" {
                    self.wrong(&REVIEW_ANSWER.plain());
                } else if !ends_in_time(expires, given) {
                    self.wrong(&REVIEW_EXPIRES.with([&case.id, expires]));
                } else if reason.is_empty() {
                    self.wrong(&REVIEW_WHY.plain());
                } else if self.fits(&case.id, reason) {
                    let [expires, reason] = [expires, reason].map(str::to_owned);
                    waived.push(Waived { case: case.id.clone(), expires, reason });
                    break;
                }
            }
        }
        Some(waived)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::io::Cursor;
    use std::sync::Arc;

    use evidence::words::Language;

    use super::*;
    use crate::cli::verify::Whole;
    use crate::suite::{Declared, Suite};
    use crate::verdict::{AttemptResult, Judge, Outcome, Scope};

    /// Two runs that wait, and one that the gateway broke off.
    fn judged() -> Whole {
        let judge = Judge::new(Arc::new(Suite::embedded().unwrap()));
        let declared = Declared { products: vec!["user-presented".into()], ..Declared::default() };
        let runs = [
            ("AMS-PAY-001", Outcome::NeedsReview),
            ("AMS-PAY-003", Outcome::NeedsReview),
            ("AMS-PAY-004", Outcome::Aborted),
        ];
        let attempts = runs
            .map(|(run, outcome)| (run.parse().unwrap(), vec![AttemptResult::made_up(1, outcome)]));
        let scope = Scope { declared, ..Scope::default() };
        Whole { results: judge.roll_up(&scope, BTreeMap::from(attempts)), parts: vec![] }
    }

    fn desk(typed: &str) -> (Terminal, Desk<Cursor<Vec<u8>>>) {
        let (screen, lines) = (Aside::unseen(Language::Zh), Cursor::new(typed.as_bytes().to_vec()));
        (Terminal::unseen(Language::Zh), Desk { screen, lines })
    }

    fn decided(typed: &str) -> Option<Vec<(String, Decided, String)>> {
        let judged = judged();
        let (mut terminal, mut desk) = desk(typed);
        let waiting = Waiting::of(&judged.results);
        let screen = Screen { judged: &judged };
        let decisions = desk.decide(&mut terminal, &screen, &waiting)?;
        Some(decisions.into_iter().map(|it| (it.run.to_string(), it.decision, it.note)).collect())
    }

    #[test]
    fn each_run_is_decided_or_left_open_and_leaving_decides_nothing() {
        let of = |run: &str, decision, note: &str| (run.to_owned(), decision, note.to_owned());
        let one = |decision, note| vec![of("AMS-PAY-001", decision, note)];
        for (typed, told) in [
            ("passed\n\n", Some(one(Decided::Passed, ""))),
            ("passed  as it should \n\n", Some(one(Decided::Passed, "as it should"))),
            ("yes\nfailed\nfailed no receipt\n\n", Some(one(Decided::Failed, "no receipt"))),
            ("\npassed\n", Some(vec![of("AMS-PAY-003", Decided::Passed, "")])),
            ("\n\n", Some(vec![])),
            ("passed a\u{7}b\n\n\n", Some(vec![])),
            ("passed\n", None),
            ("", None),
        ] {
            assert_eq!(decided(typed), told, "{typed:?}");
        }
        let long = format!("passed {}\n", "x".repeat(LONGEST_NOTE + 1));
        assert_eq!(decided(&format!("{long}\n\n")), Some(vec![]));
    }

    #[test]
    fn a_case_is_waived_with_a_day_and_a_reason() {
        let waived = |typed: &str| {
            let judged = judged();
            let (mut terminal, mut desk) = desk(typed);
            desk.waive(&mut terminal, &judged.results, "2026-11-26T18:00:00Z")
        };
        // The two that nobody decided may be waived as well, before the third.
        let third = |expires: &str, reason: &str| {
            let [expires, reason] = [expires, reason].map(str::to_owned);
            Some(vec![Waived { case: "AMS-PAY-004".into(), expires, reason }])
        };
        let good = third("2027-02-01", "the line was down");
        assert_eq!(waived("\n\nwaive 2027-02-01 the line was down\n"), good);
        let at_last = "\n\nwaive\nwaive 2027-02-01\nwaive 2026-11-25 why\nwaived 2027-02-01 why\n\
                       waive 2027-02-01 the line was down\n";
        assert_eq!(waived(at_last), good);
        assert_eq!(waived("\n\n\n"), Some(vec![]));
        assert_eq!(waived("\n\nwaive 2027-02-01\n"), None);
    }
}
