//! Our words for what a report shows, in both languages at once.

use std::fmt;

use evidence::words::{self as w, Language, Phrase, Place, Sentence};
use evidence::{OrderState, Party, ReconciliationState, RefundState, RegistrationState};
use protocol::Generation;
use protocol::ams::Verified;

use crate::report::Section;
use crate::report::text::{InText, one_line, shown_text};
use crate::verdict::{CheckState, Family, Outcome, Verdict};

/// What ids of cases begin with.
const CASES: [&str; 2] = ["AMS-", "LEG-"];

/// A text in both languages. The page shows one of them; the reader switches.
#[derive(Debug, Clone)]
pub(in crate::report) struct Both {
    pub en: String,
    pub zh: String,
}

/// The same inside a drawing.
pub(in crate::report) struct Drawn<'a>(&'a Both);

/// The same with ids of cases in it, which stay on one line each.
pub(in crate::report) struct Naming<'a>(&'a Both);

/// A text with the ids of cases in it marked as such.
struct WithIds<'a>(&'a str);

impl fmt::Display for Both {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        in_both(self, "span", InText, f)
    }
}

impl fmt::Display for Naming<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        in_both(self.0, "span", WithIds, f)
    }
}

impl fmt::Display for WithIds<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = |letter: char| letter.is_ascii_alphanumeric() || "-/#".contains(letter);
        let mut rest = self.0;
        while !rest.is_empty() {
            let end = rest.find(|letter| !part(letter)).unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            if CASES.iter().any(|begin| word.starts_with(begin)) {
                write!(f, "<span class=\"id\">{word}</span>")?;
            } else {
                f.write_str(word)?;
            }
            let between = after.find(part).unwrap_or(after.len());
            let (between, next) = after.split_at(between);
            write!(f, "{}", InText(between))?;
            rest = next;
        }
        Ok(())
    }
}

impl fmt::Display for Drawn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        in_both(self.0, "tspan", InText, f)
    }
}

/// One element for each language; none where there is nothing to choose.
fn in_both<'a, T: fmt::Display>(
    both: &'a Both,
    element: &str,
    shown: impl Fn(&'a str) -> T,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    let (en, zh) = (shown(&both.en), shown(&both.zh));
    if both.en == both.zh {
        return write!(f, "{en}");
    }
    write!(f, "<{element} lang=\"en\">{en}</{element}><{element} lang=\"zh\">{zh}</{element}>")
}

// All write what they hold escaped, so that the page must not escape it again.
impl askama::filters::HtmlSafe for Both {}
impl askama::filters::HtmlSafe for Drawn<'_> {}
impl askama::filters::HtmlSafe for Naming<'_> {}

impl Both {
    /// Two texts.
    pub(in crate::report) fn new(en: &str, zh: &str) -> Self {
        let zh = if zh.is_empty() { en } else { zh };
        Self { en: shown_text(en), zh: shown_text(zh) }
    }

    /// What a text is in each language.
    pub(in crate::report) fn in_each(text: impl Fn(Language) -> String) -> Self {
        Self::new(&text(Language::En), &text(Language::Zh))
    }

    /// A text that is nobody's language, or stays as it is.
    pub(in crate::report) fn same(text: &str) -> Self {
        Self::new(text, text)
    }

    /// A sentence without places.
    pub(in crate::report) fn sentence(sentence: &Sentence) -> Self {
        Self::new(sentence.en, sentence.zh)
    }

    /// A phrase.
    pub(in crate::report) fn phrase(phrase: &Phrase) -> Self {
        Self::new(&phrase.text(Language::En), &phrase.text(Language::Zh))
    }

    /// A sentence of ours, or somebody's words on one line.
    pub(in crate::report) fn place(place: &Place) -> Self {
        let said = |language| one_line(&place.said(language));
        Self::new(&said(Language::En), &said(Language::Zh))
    }

    /// The text in a language.
    pub(in crate::report) fn into_text(self, language: Language) -> String {
        match language {
            Language::En => self.en,
            Language::Zh => self.zh,
        }
    }

    /// A sentence whose places hold texts in both languages.
    pub(in crate::report) fn filled(sentence: &Sentence, places: &[Self]) -> Self {
        let en = sentence.with(places.iter().map(|place| &place.en)).text(Language::En);
        let zh = sentence.with(places.iter().map(|place| &place.zh)).text(Language::Zh);
        Self { en, zh }
    }

    /// For use inside a drawing.
    pub(in crate::report) fn drawn(&self) -> Drawn<'_> {
        Drawn(self)
    }

    /// For a sentence that names cases.
    pub(in crate::report) fn naming_cases(&self) -> Naming<'_> {
        Naming(self)
    }

    /// Cut to what fits into a drawing.
    pub(in crate::report) fn cut(self, characters: usize) -> Self {
        Self { en: shorten(&self.en, characters), zh: shorten(&self.zh, characters) }
    }
}

/// Cuts a text that is too long for its place.
pub(in crate::report) fn shorten(text: &str, characters: usize) -> String {
    if text.chars().count() <= characters {
        return text.to_owned();
    }
    text.chars().take(characters.saturating_sub(1)).chain(['…']).collect()
}

/// A word with a mark and a colour. The word alone says everything.
#[derive(Debug, Clone)]
pub(in crate::report) struct Chip {
    pub tone: &'static str,
    pub mark: &'static str,
    pub label: Both,
}

impl Chip {
    fn new(tone: &'static str, label: &Sentence) -> Self {
        let mark = match tone {
            "good" => "✓",
            "bad" | "broken" => "✗",
            "warn" => "!",
            _ => "–",
        };
        Self { tone, mark, label: Both::sentence(label) }
    }
}

/// The colour of an outcome.
pub(in crate::report) fn outcome_tone(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Passed => "good",
        Outcome::Unstable => "warn",
        Outcome::Failed => "bad",
        Outcome::Error | Outcome::Aborted => "broken",
        Outcome::NeedsReview | Outcome::Skipped | Outcome::Disabled | Outcome::Planned => "open",
        Outcome::NotApplicable | Outcome::Waived => "calm",
    }
}

/// The chip of an outcome.
pub(in crate::report) fn outcome_chip(outcome: Outcome) -> Chip {
    let label = match outcome {
        Outcome::Passed => &w::OUTCOME_PASSED,
        Outcome::Unstable => &w::OUTCOME_UNSTABLE,
        Outcome::Failed => &w::OUTCOME_FAILED,
        Outcome::Error => &w::OUTCOME_ERROR,
        Outcome::Aborted => &w::OUTCOME_ABORTED,
        Outcome::NeedsReview => &w::OUTCOME_NEEDS_REVIEW,
        Outcome::NotApplicable => &w::OUTCOME_NOT_APPLICABLE,
        Outcome::Skipped => &w::OUTCOME_SKIPPED,
        Outcome::Disabled => &w::OUTCOME_DISABLED,
        Outcome::Planned => &w::OUTCOME_PLANNED,
        Outcome::Waived => &w::OUTCOME_WAIVED,
    };
    Chip::new(outcome_tone(outcome), label)
}

/// The chip of a check.
pub(in crate::report) fn check_chip(state: CheckState) -> Chip {
    match state {
        CheckState::Held => Chip::new("good", &w::STATE_HELD),
        CheckState::Failed => Chip::new("bad", &w::STATE_FAILED),
        CheckState::NotJudged => Chip::new("open", &w::STATE_NOT_JUDGED),
    }
}

/// The chip of a signature.
pub(in crate::report) fn signature_chip(verified: Option<Verified>) -> Chip {
    match verified {
        Some(Verified::Valid) => Chip::new("good", &w::SIGNED_VALID),
        Some(Verified::Wrong) => Chip::new("bad", &w::SIGNED_WRONG),
        Some(Verified::Unsigned) => Chip::new("warn", &w::SIGNED_NOT),
        None => Chip::new("calm", &w::SIGNED_UNKNOWN),
    }
}

/// Every chip that a signature can have.
pub(in crate::report) fn signature_legend() -> Vec<Chip> {
    let states = [Some(Verified::Valid), Some(Verified::Wrong), Some(Verified::Unsigned), None];
    states.map(signature_chip).into()
}

/// A party's name.
pub(in crate::report) fn party_name(party: Party) -> Both {
    Both::sentence(match party {
        Party::Merchant => &w::PARTY_MERCHANT,
        Party::Gateway => &w::PARTY_GATEWAY,
        Party::Runner => &w::PARTY_RUNNER,
        Party::Environment => &w::PARTY_ENVIRONMENT,
    })
}

/// A family's name.
pub(in crate::report) fn family_name(family: Family) -> Both {
    Both::sentence(match family {
        Family::Content => &w::FAMILY_CONTENT,
        Family::State => &w::FAMILY_STATE,
        Family::Sequence => &w::FAMILY_SEQUENCE,
    })
}

/// A suite's name; one that we do not know is shown as it is.
pub(in crate::report) fn section_name(section: &Section<'_>) -> Both {
    let suite = match section.suite {
        "payment" => Both::sentence(&w::SUITE_PAYMENT),
        "refund-cancel" => Both::sentence(&w::SUITE_REFUND_CANCEL),
        "reconciliation" => Both::sentence(&w::SUITE_RECONCILIATION),
        "merchants" => Both::sentence(&w::SUITE_MERCHANTS),
        other => Both::same(other),
    };
    match section.generation {
        Generation::Ams => suite,
        Generation::Legacy => Both::filled(&w::SECTION_LEGACY, &[suite]),
    }
}

/// A registration state's name.
pub(in crate::report) fn registration_name(state: RegistrationState) -> Both {
    Both::sentence(match state {
        RegistrationState::Pending => &w::REGISTRATION_PENDING,
        RegistrationState::Approved => &w::REGISTRATION_APPROVED,
        RegistrationState::Rejected => &w::REGISTRATION_REJECTED,
        RegistrationState::Refused => &w::REGISTRATION_REFUSED,
        RegistrationState::Unregistered => &w::REGISTRATION_UNREGISTERED,
    })
}

/// The name of what came of a reconciliation.
pub(in crate::report) fn reconciliation_name(state: ReconciliationState) -> Both {
    Both::sentence(match state {
        ReconciliationState::Waiting => &w::RECONCILIATION_WAITING,
        ReconciliationState::Clean => &w::RECONCILIATION_CLEAN,
        ReconciliationState::Differences => &w::RECONCILIATION_DIFFERENCES,
        ReconciliationState::Incomplete => &w::RECONCILIATION_INCOMPLETE,
        ReconciliationState::Unfetched => &w::RECONCILIATION_UNFETCHED,
    })
}

/// A refund state's name.
pub(in crate::report) fn refund_name(state: RefundState) -> Both {
    Both::sentence(match state {
        RefundState::Pending => &w::REFUND_PENDING,
        RefundState::Refunded => &w::REFUND_REFUNDED,
        RefundState::Refused => &w::REFUND_REFUSED,
        RefundState::ForStaff => &w::REFUND_FOR_STAFF,
    })
}

/// An order state's name.
pub(in crate::report) fn order_name(state: OrderState) -> Both {
    Both::sentence(match state {
        OrderState::Waiting => &w::SHOWN_WAITING,
        OrderState::Paid => &w::SHOWN_PAID,
        OrderState::Failed => &w::SHOWN_FAILED,
        OrderState::Cancelled => &w::SHOWN_CANCELLED,
        OrderState::ForStaff => &w::SHOWN_FOR_STAFF,
    })
}

/// How a verdict is shown, and its word.
pub(super) fn verdict_of(verdict: Verdict) -> (&'static str, &'static Sentence) {
    match verdict {
        Verdict::Acceptable => ("good", &w::VERDICT_ACCEPTABLE),
        Verdict::Rejected => ("bad", &w::VERDICT_REJECTED),
        Verdict::Incomplete => ("warn", &w::VERDICT_INCOMPLETE),
    }
}

#[cfg(test)]
mod tests {
    use super::Both;

    #[test]
    fn ids_of_cases_are_marked_and_all_else_is_text() {
        let id = |id: &str| format!("<span class=\"id\">{id}</span>");
        for (text, shown) in [
            ("", String::new()),
            ("AMS-PAY-001", id("AMS-PAY-001")),
            ("<b>: LEG-PAY-033/website#2,", format!("&lt;b&gt;: {},", id("LEG-PAY-033/website#2"))),
            (
                "缺少AMS-PAY-001、LEG-REC-001。",
                format!("缺少{}、{}。", id("AMS-PAY-001"), id("LEG-REC-001")),
            ),
            ("XAMS-1 ams-1 & é-AMS", "XAMS-1 ams-1 &amp; é-AMS".into()),
        ] {
            assert_eq!(Both::same(text).naming_cases().to_string(), shown);
        }
        let both = Both::new("AMS-1", "缺 AMS-1").naming_cases().to_string();
        assert!(
            both.ends_with("<span lang=\"zh\">缺 <span class=\"id\">AMS-1</span></span>"),
            "{both}"
        );
    }
}
