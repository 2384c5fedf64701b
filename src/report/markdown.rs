//! A run on one screen, in Markdown: what GitHub shows as the summary of a step.
//!
//! Everything that was seen is foreign text, and Markdown has no one way to quote it. So every
//! character that could mean something there goes out as a numeric reference, which readers show as
//! the character and never take for a mark.

use std::fmt::Write as _;

use evidence::Party;
use evidence::words::{self as w, Language, Phrase, Sentence};

use super::text::{one_line, shown_text};
use super::view::{Both, View, shorten};
use super::{Page, Section};
use crate::verdict::{CaseResult, Outcome};

/// GitHub takes no summary of more than a mebibyte, and drops the whole of a longer one.
const LONGEST: usize = 900_000;
/// How much of a text stands in a cell.
const CELL: usize = 300;

/// The run as Markdown, in a language.
pub fn markdown(page: &Page<'_>, language: Language) -> String {
    let view = View::of(page);
    let told = Told { language, text: String::new(), left: 0 };
    told.top(&view).suites(page).cases(page).end()
}

/// The text while it is written.
struct Told {
    language: Language,
    text: String,
    /// How many rows had no place any more.
    left: usize,
}

impl Told {
    fn say(&self, sentence: &Sentence) -> String {
        escaped(sentence.text(self.language))
    }

    fn both(&self, both: &Both) -> String {
        escaped(match self.language {
            Language::En => &both.en,
            Language::Zh => &both.zh,
        })
    }

    fn phrase(&self, phrase: &Phrase) -> String {
        cell(&phrase.text(self.language))
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// A row of a table, unless there is no place for it.
    fn row(&mut self, cells: &[String]) {
        let line = format!("| {} |", cells.join(" | "));
        if self.text.len() + line.len() > LONGEST {
            self.left += 1;
        } else {
            self.line(&line);
        }
    }

    fn heads(&mut self, heads: &[&Sentence]) {
        let cells: Vec<String> = heads.iter().map(|head| self.say(head)).collect();
        self.row(&cells);
        self.row(&vec!["---".to_owned(); heads.len()]);
    }

    fn top(mut self, view: &View) -> Self {
        let mark = match view.tone {
            "good" => "✅",
            "bad" => "❌",
            _ => "⚠️",
        };
        let mut words = vec![self.both(&view.verdict), self.both(&view.grade)];
        words.extend(view.marks.iter().map(|mark| self.both(&mark.word)));
        self.line(&format!("## {mark} {}\n", words.join(" · ")));
        let meaning = self.both(&view.meaning);
        self.line(&format!("{meaning}\n"));
        for reason in &view.reasons {
            let reason = self.both(reason);
            self.line(&format!("- {reason}"));
        }
        self.line("\n| | |\n| --- | --- |");
        for fact in &view.facts {
            let cells = [self.both(&fact.label), cell(&fact.value)];
            self.row(&cells);
        }
        self
    }

    fn suites(mut self, page: &Page<'_>) -> Self {
        let counts = &page.results.counts;
        let title = self.say(&w::SECTION_COVERAGE);
        let coverage = w::COVERAGE.with([counts.mandatory_passed, counts.mandatory]);
        let coverage = self.phrase(&coverage);
        self.line(&format!("\n### {title}\n\n**{coverage}**\n"));
        self.heads(&[
            &w::FILTER_SUITE,
            &w::LEVEL_MANDATORY,
            &w::OUTCOME_PASSED,
            &w::OUTCOME_FAILED,
            &w::COUNT_BROKEN,
            &w::COUNT_OPEN,
            &w::OUTCOME_NOT_APPLICABLE,
        ]);
        for section in &Section::all(page.results) {
            let of = |wanted: &dyn Fn(&CaseResult) -> bool| {
                let cases = page.results.cases.iter();
                cases.filter(|case| section.holds(case) && wanted(case)).count().to_string()
            };
            let kind =
                |kinds: &'static [Outcome]| of(&|case: &CaseResult| kinds.contains(&case.outcome));
            let cells = [
                self.both(&super::view::section_name(section)),
                of(&|case| case.mandatory),
                kind(&[Outcome::Passed, Outcome::Unstable]),
                kind(&[Outcome::Failed]),
                kind(&[Outcome::Error, Outcome::Aborted]),
                kind(&OPEN),
                kind(&[Outcome::NotApplicable, Outcome::Waived]),
            ];
            self.row(&cells);
        }
        self
    }

    fn cases(mut self, page: &Page<'_>) -> Self {
        let bad = [Outcome::Failed, Outcome::Error, Outcome::Aborted];
        let cases = || page.results.cases.iter();
        let broken: Vec<_> = cases().filter(|case| bad.contains(&case.outcome)).collect();
        if !broken.is_empty() {
            let title = self.say(&w::SECTION_ATTENTION);
            self.line(&format!("\n### {title}\n"));
            self.heads(&[
                &w::CASE,
                &w::OUTCOME,
                &w::FORMAT_AT_FAULT,
                &w::CHECK,
                &w::EXPECTED,
                &w::SEEN,
                &w::FORMAT_RULE,
            ]);
            for case in broken {
                self.broken(page, case);
            }
        }
        let open: Vec<_> =
            cases().filter(|case| case.mandatory && OPEN.contains(&case.outcome)).collect();
        if !open.is_empty() {
            let title = self.say(&w::SECTION_NOT_RUN);
            self.line(&format!("\n### {title}\n"));
            self.heads(&[&w::CASE, &w::OUTCOME, &w::EXPLAINED]);
            for case in open {
                let why = case.reason.as_ref().map(|why| self.phrase(why)).unwrap_or_default();
                let cells = [self.name(case), self.outcome(case), why];
                self.row(&cells);
            }
        }
        self
    }

    fn name(&self, case: &CaseResult) -> String {
        let title = match self.language {
            Language::En => &case.title,
            Language::Zh => &case.title_zh,
        };
        format!("**{}** {}", cell(&case.id), cell(title))
    }

    fn outcome(&self, case: &CaseResult) -> String {
        self.word("OUTCOME", case.outcome.name())
    }

    fn word(&self, kind: &str, word: &str) -> String {
        Sentence::of_word(kind, word).map_or_else(|| cell(word), |sentence| self.say(sentence))
    }

    fn broken(&mut self, page: &Page<'_>, case: &CaseResult) {
        let attempt = case.decisive().map(|(_, attempt)| attempt);
        let blamed = attempt.and_then(|attempt| attempt.blamed).map(Party::name);
        let blamed = blamed.map(|party| self.word("PARTY", party)).unwrap_or_default();
        let found = attempt.and_then(|attempt| attempt.first_failed());
        let told = |phrase: Option<&Phrase>| phrase.map(|it| self.phrase(it)).unwrap_or_default();
        let seen = match (found, attempt.and_then(|attempt| attempt.broken.as_ref())) {
            (None, Some(why)) => cell(&why.said(self.language)),
            (None, None) => told(case.reason.as_ref()),
            (Some(check), _) => told(check.seen.as_ref()),
        };
        let cells = [
            self.name(case),
            self.outcome(case),
            blamed,
            found
                .map(|check| cell(&format!("{} {}", check.name, check.sentence)))
                .unwrap_or_default(),
            told(found.and_then(|check| check.expected.as_ref())),
            seen,
            found.map(|check| self.rule(page, &check.rule)).unwrap_or_default(),
        ];
        self.row(&cells);
    }

    /// A rule with its address, where that is one that can be followed.
    fn rule(&self, page: &Page<'_>, key: &str) -> String {
        let Some(rule) = page.rules.get(key) else { return cell(key) };
        let zh = self.language == Language::Zh && !rule.title_zh.is_empty();
        let title = cell(if zh { &rule.title_zh } else { &rule.title });
        let followed = rule.address.starts_with("https://") || rule.address.starts_with("http://");
        let plain = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#@!$&'*+,;=%".contains(c);
        if followed && rule.address.chars().all(plain) {
            format!("[{title}](<{}>)", rule.address)
        } else {
            format!("{title} {}", cell(&rule.address))
        }
    }

    fn end(mut self) -> String {
        if self.left > 0 {
            let more = self.phrase(&w::FORMAT_MORE.with([self.left]));
            self.line(&format!("\n{more}"));
        }
        let seal = self.say(&w::NOT_A_CERTIFICATE);
        self.line(&format!("\n{seal}"));
        self.text
    }
}

/// Outcomes of cases that nobody has decided.
const OPEN: [Outcome; 4] =
    [Outcome::NeedsReview, Outcome::Skipped, Outcome::Disabled, Outcome::Planned];

/// A foreign text in a cell of a table.
fn cell(text: &str) -> String {
    escaped(&shorten(&one_line(text), CELL))
}

/// A text on one line in which nothing is a mark of Markdown or HTML.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in one_line(&shown_text(text)).chars() {
        // These make no mark in the middle of a line, where all texts stand, but for an address.
        let plain = match character {
            '.' => !out.to_ascii_lowercase().ends_with("www"),
            other => ",-'()".contains(other),
        };
        if character.is_ascii_punctuation() && !plain {
            // Writing to a String cannot fail.
            let _ = write!(out, "&#{};", u32::from(character));
        } else {
            out.push(character);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use evidence::words::Language;

    use super::{LONGEST, escaped, markdown};
    use crate::report::sample::{case, sample, spoil};
    use crate::report::tests::HOSTILE;
    use crate::verdict::Outcome;

    #[test]
    fn the_summary_of_a_small_run() {
        insta::assert_snapshot!(markdown(&sample().page(), Language::En));
        let chinese = markdown(&sample().page(), Language::Zh);
        for told in ["不通过", "必测覆盖", "结果未知，随后支付成功", "商户"] {
            assert!(chinese.contains(told), "{told}");
        }
    }

    /// Outside of references, nothing foreign is a mark.
    #[test]
    fn foreign_text_is_no_markdown() {
        let more = [
            "| a | b |\n| --- | --- |",
            "[x](javascript:alert(1))",
            "![x](https://evil.example/x.png)",
            "\n# heading\n\n- list\n```\n",
            "https://evil.example www.evil.example a@evil.example",
            "**bold** _x_ ~y~ `z` <details> &lt; @team #1 \\",
        ];
        for text in HOSTILE.iter().chain(&more) {
            let mut spoilt = sample();
            spoil(&mut spoilt, text);
            let told = markdown(&spoilt.page(), Language::En);
            let clean = markdown(&sample().page(), Language::En);
            assert_eq!(told.lines().count(), clean.lines().count(), "{text}");
            for (spoilt, clean) in told.lines().zip(clean.lines()) {
                let bars = |line: &str| line.matches('|').count();
                assert_eq!(bars(spoilt), bars(clean), "{text}: {spoilt}");
                // What stands in the row of another row's marks is text.
                let marks = |line: &str| -> String {
                    line.replace("](<https://docs.example/ams/inquiry#pace>)", "")
                        .chars()
                        .filter(|c| "<>[]`_~@!\\".contains(*c))
                        .collect()
                };
                assert!(marks(spoilt).len() <= 1, "{text}: {spoilt}");
                assert!(!spoilt.contains("://") && !spoilt.contains("www."), "{text}: {spoilt}");
            }
        }
        assert_eq!(escaped("a|b\nc <d>"), "a&#124;b c &#60;d&#62;");
    }

    #[test]
    fn a_summary_is_never_longer_than_github_takes() {
        let mut sample = sample();
        let long = "<".repeat(5_000);
        for number in 0..3_000 {
            let mut open =
                case(&format!("AMS-PAY-{number:04}"), "payment", Outcome::Skipped, vec![]);
            open.title.clone_from(&long);
            sample.results.cases.push(open);
        }
        let told = markdown(&sample.page(), Language::En);
        assert!(told.len() > LONGEST / 2 && told.len() < 1 << 20, "{}", told.len());
        assert!(told.contains("more"), "what has no place is counted");
    }
}
