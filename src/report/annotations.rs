//! What went wrong as commands of GitHub Actions, which shows them beside the line of the feature.
//!
//! GitHub keeps ten errors and ten warnings of a step and drops the others in silence, so the tenth
//! tells how many more there are. Where no error is written a whole run is acceptable.

use std::fmt::Write as _;

use evidence::words::{self as w, Language, Phrase, Place};
use evidence::{Party, words::Sentence};

use super::Page;
use super::outline::{Outline, Scene};
use super::text::shown_text;
use super::view::shorten;
use crate::verdict::{CaseResult, Outcome, Verdict};

/// How many of a kind are told one by one.
const MOST: usize = 9;
/// How much of a message GitHub shows.
const LONGEST: usize = 2_000;

/// The commands, a line each.
pub fn annotations(page: &Page<'_>, language: Language) -> String {
    let outlines = Outline::all(page.features);
    let results = page.results;
    let bad = |case: &&CaseResult| {
        matches!(case.outcome, Outcome::Failed | Outcome::Error | Outcome::Aborted)
    };
    let (mandatory, others): (Vec<_>, Vec<_>) =
        results.cases.iter().filter(bad).partition(|case| case.mandatory);
    let open = results.cases.iter().filter(|case| case.mandatory && !case.outcome.is_acceptable());
    let open = open.count() - mandatory.len();
    let mut out = String::new();
    for (kind, cases) in [("error", &mandatory), ("warning", &others)] {
        for case in cases.iter().take(MOST) {
            out.push_str(&of_case(kind, case, &outlines, language));
        }
        let left = cases.len().saturating_sub(MOST);
        let errors = kind == "error";
        let mut rest = vec![];
        rest.extend((left > 0).then(|| w::ANNOTATION_MORE.with([left])));
        // Who asked for a part knows that the others did not run.
        let whole = errors && !page.head.partial;
        rest.extend((whole && open > 0).then(|| w::ANNOTATION_OPEN.with([open])));
        // Whatever else keeps a run from being accepted is no case.
        if whole && cases.is_empty() && open == 0 && results.verdict != Verdict::Acceptable {
            rest.extend(results.reasons.iter().cloned());
            rest.extend(results.reasons.is_empty().then(|| w::MEANS_INCOMPLETE.plain()));
        }
        if !rest.is_empty() {
            let text: Vec<String> = rest.iter().map(|phrase| phrase.text(language)).collect();
            let message = data(&text.join("; "));
            // Writing to a String cannot fail.
            let _ = writeln!(out, "::{kind} title=assay::{message}");
        }
    }
    out
}

fn of_case(kind: &str, case: &CaseResult, outlines: &[Outline<'_>], language: Language) -> String {
    let attempt = case.decisive().map(|(_, attempt)| attempt);
    let found = attempt.and_then(|attempt| attempt.first_failed());
    let scene = Scene::of(outlines, &case.id);
    let line = scene.as_ref().map(|scene| {
        let line = scene.line_of(found.map(|check| check.name.as_str()));
        format!("file={},line={line},", property(scene.outline.path))
    });
    let title = match language {
        Language::En => &case.title,
        Language::Zh => &case.title_zh,
    };
    let title = property(&format!("{} {title}", case.id));
    let message = data(&says(case, language));
    format!("::{kind} {}title={title}::{message}\n", line.unwrap_or_default())
}

/// What became of a case: its first failed check, or what broke it.
fn says(case: &CaseResult, language: Language) -> String {
    let attempt = case.decisive().map(|(_, attempt)| attempt);
    let blamed = attempt.and_then(|attempt| attempt.blamed).unwrap_or(Party::Runner);
    let party = Sentence::of_word("PARTY", blamed.name());
    let party = party.map_or_else(|| Place::value(blamed.name()), |word| word.plain().into());
    let place = |phrase: &Option<Phrase>| match phrase {
        Some(phrase) => Place::Said(phrase.clone()),
        None => Place::value("?"),
    };
    let found = attempt.and_then(|attempt| attempt.first_failed());
    let phrase = match (found, attempt.and_then(|attempt| attempt.broken.clone())) {
        (Some(check), _) => {
            let zh = language == Language::Zh && !check.sentence_zh.is_empty();
            let sentence = if zh { &check.sentence_zh } else { &check.sentence };
            w::ANNOTATION_FAILED.holding([
                Place::value(&check.name),
                Place::value(sentence),
                place(&check.expected),
                place(&check.seen),
                party,
            ])
        }
        (None, Some(why)) => w::BROKEN_BY.holding([party, why]),
        (None, None) => case.reason.clone().unwrap_or_else(|| w::NOTHING.plain()),
    };
    phrase.text(language)
}

/// A text as the data of a command.
fn data(text: &str) -> String {
    // A mark of the log itself, which its reader looks for anywhere in a line.
    let text = shorten(&shown_text(text), LONGEST).replace("##[", "# #[");
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A text as a property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use evidence::words::Language;

    use super::annotations;
    use crate::report::sample::{attempt, case, sample, spoil};
    use crate::report::tests::HOSTILE;
    use crate::verdict::{Outcome, Verdict};

    #[test]
    fn failures_point_at_the_line_of_their_check() {
        let told = annotations(&sample().page(), Language::En);
        insta::assert_snapshot!(told);
        let chinese = annotations(&sample().page(), Language::Zh);
        assert!(chinese.contains("责任方：商户"), "{chinese}");
    }

    #[test]
    fn no_error_means_acceptable() {
        let mut sample = sample();
        sample.results.cases.truncate(1);
        sample.results.verdict = Verdict::Acceptable;
        assert_eq!(annotations(&sample.page(), Language::En), "");
        sample.results.verdict = Verdict::Incomplete;
        assert!(annotations(&sample.page(), Language::En).starts_with("::error title=assay::"));
        sample.results.reasons.clear();
        assert!(annotations(&sample.page(), Language::En).starts_with("::error title=assay::"));
        // A share is never acceptable, and nobody has to be told.
        sample.head.partial = true;
        assert_eq!(annotations(&sample.page(), Language::En), "");
    }

    #[test]
    fn no_more_than_ten_of_a_kind_are_told_and_the_others_counted() {
        let mut sample = sample();
        for number in 0..40 {
            let attempts = vec![attempt(1, Outcome::Failed)];
            let mut failed = case("AMS-PAY-004", "payment", Outcome::Failed, attempts);
            failed.mandatory = number < 20;
            sample.results.cases.push(failed);
        }
        let told = annotations(&sample.page(), Language::En);
        for kind in ["::error ", "::warning "] {
            assert_eq!(told.lines().filter(|line| line.starts_with(kind)).count(), 10, "{told}");
        }
        // Of the sample two failed or broke off, and one did not run.
        assert!(told.contains("broke off: 13;"), "{told}");
        assert!(told.contains("broke off: 11;"), "{told}");
    }

    #[test]
    fn foreign_text_is_no_command() {
        let more =
            ["\n::stop-commands::x", "x\r::add-mask::y", "##[group]z", "a%0A::b::c", ",line=9"];
        for text in HOSTILE.iter().chain(&more) {
            let mut spoilt = sample();
            spoil(&mut spoilt, text);
            let told = annotations(&spoilt.page(), Language::En);
            let clean = annotations(&sample().page(), Language::En);
            assert_eq!(told.lines().count(), clean.lines().count(), "{text}");
            for line in told.lines() {
                assert!(line.starts_with("::error ") || line.starts_with("::warning "), "{line}");
                assert!(!line.contains("##[") && !line.contains(char::is_control), "{line}");
                let properties = line.split("::").nth(1).unwrap();
                let properties = properties.split_once(' ').unwrap().1;
                let names: Vec<&str> =
                    properties.split(',').map(|it| it.split_once('=').unwrap().0).collect();
                assert!(matches!(names[..], ["file", "line", "title"] | ["title"]), "{line}");
            }
        }
    }
}
