//! Every sentence of ours, in English and Chinese, in one table.
//!
//! A [`Phrase`] names a sentence and carries what fills its places `{0}`, `{1}`; it is what checks
//! and verdicts hold, so that one record reads in both languages. A place `{0:OUTCOME}` is filled
//! by a word of ours, such as `passed`, which is said as the sentence `OUTCOME_PASSED`. Gherkin and
//! message bodies are not ours and stay as they are.

mod adapter;
mod bundle;
mod buyer;
mod certificate;
mod challenge;
mod delivery;
mod diagnose;
mod events;
mod formats;
mod found;
mod help;
mod key_tool;
mod keys;
mod legacy;
mod merchants;
mod misshapen;
mod mistakes;
mod mock;
mod notify;
mod pause;
mod payment;
mod person;
mod reconciliation;
mod refund;
mod refusals;
mod report;
mod review;
mod run;
mod send;
mod terminal;
mod tls;
mod unreadable;

use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

pub use adapter::*;
pub use bundle::*;
pub use buyer::*;
pub use certificate::*;
pub use challenge::*;
pub use delivery::*;
pub use diagnose::*;
pub use events::*;
pub use formats::*;
pub use found::*;
pub use help::*;
pub use key_tool::*;
pub use keys::*;
pub use legacy::*;
pub use merchants::*;
pub use misshapen::misshapen;
pub use mistakes::*;
pub use mock::*;
pub use notify::*;
pub use pause::*;
pub use payment::*;
pub use person::*;
pub use reconciliation::*;
pub use refund::*;
pub use refusals::*;
pub use report::*;
pub use review::*;
pub use run::*;
pub use send::*;
pub use terminal::*;
pub use tls::*;
pub use unreadable::*;

/// A language that people read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Chinese.
    Zh,
}

/// A sentence with places for what varies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sentence {
    /// Its name in the table.
    pub key: &'static str,
    /// In English.
    pub en: &'static str,
    /// In Chinese.
    pub zh: &'static str,
}

impl Sentence {
    /// The sentence in a language, its places unfilled.
    pub fn text(&self, language: Language) -> &'static str {
        match language {
            Language::En => self.en,
            Language::Zh => self.zh,
        }
    }

    /// The sentence as a phrase without places.
    pub fn plain(&self) -> Phrase {
        self.with(Vec::<String>::new())
    }

    /// The sentence with its places filled.
    pub fn with<I, T>(&self, places: I) -> Phrase
    where
        I: IntoIterator<Item = T>,
        T: ToString,
    {
        let places = places.into_iter().map(|place| Place::Value(place.to_string())).collect();
        Phrase { says: self.key.to_owned(), of: places }
    }

    /// The sentence with its places filled, some of them by other sentences.
    pub fn holding(&self, places: impl IntoIterator<Item = Place>) -> Phrase {
        Phrase { says: self.key.to_owned(), of: places.into_iter().collect() }
    }

    /// The sentence of a word of ours: of `needs-review` among `OUTCOME` that of
    /// `OUTCOME_NEEDS_REVIEW`.
    pub fn of_word(kind: &str, word: &str) -> Option<&'static Self> {
        sentence(&format!("{kind}_{}", word.to_ascii_uppercase().replace('-', "_")))
    }
}

/// Between words of which one holds.
const OR: &str = " / ";

/// What fills a place.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Place {
    /// A value, which is shown as it is.
    Value(String),
    /// A sentence, which is said in the language of the one that holds it.
    Said(Phrase),
    /// Several, one after the other.
    Listed(Vec<Place>),
}

impl Place {
    /// A value, shown as it is.
    #[expect(clippy::needless_pass_by_value, reason = "as `Sentence::with` takes them")]
    pub fn value(value: impl ToString) -> Self {
        Self::Value(value.to_string())
    }

    /// A name as programmers write text: in quotation marks, with escapes.
    pub fn quoted(name: &str) -> Self {
        Self::Value(format!("{name:?}"))
    }

    fn text(&self, language: Language, kind: Option<&str>) -> String {
        match (self, kind) {
            (Self::Said(phrase), _) => phrase.text(language),
            (Self::Listed(places), kind) => {
                let texts = places.iter().map(|place| place.text(language, kind));
                texts.collect::<Vec<_>>().join(", ")
            }
            (Self::Value(value), None) => value.clone(),
            (Self::Value(value), Some(kind)) => {
                let said =
                    |word| Sentence::of_word(kind, word).map_or(word, |it| it.text(language));
                value.split(OR).map(said).collect::<Vec<_>>().join(OR)
            }
        }
    }
}

impl Place {
    /// What it says in a language.
    pub fn said(&self, language: Language) -> String {
        self.text(language, None)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.said(Language::En))
    }
}

impl From<String> for Place {
    fn from(value: String) -> Self {
        Self::Value(value)
    }
}

impl From<&str> for Place {
    fn from(value: &str) -> Self {
        Self::Value(value.to_owned())
    }
}

impl From<Phrase> for Place {
    fn from(phrase: Phrase) -> Self {
        Self::Said(phrase)
    }
}

/// A sentence of the table with what fills its places.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phrase {
    /// The sentence's name.
    pub says: String,
    /// What fills `{0}`, `{1}`, …
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub of: Vec<Place>,
}

impl Phrase {
    /// The phrase in a language. A name that the table lacks, as in a bundle of another version,
    /// is shown with its places.
    pub fn text(&self, language: Language) -> String {
        let Some(sentence) = sentence(&self.says) else {
            let places: Vec<String> =
                self.of.iter().map(|place| place.text(language, None)).collect();
            return format!("{} {}", self.says, places.join(" ")).trim_end().to_owned();
        };
        let mut out = String::new();
        let mut rest = sentence.text(language);
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let Some((place, tail)) = after.split_once('}') else { break };
            let (place, kind) =
                place.split_once(':').map_or((place, None), |(place, kind)| (place, Some(kind)));
            let filled = place.parse::<usize>().ok().and_then(|index| self.of.get(index));
            out += &filled.map(|filled| filled.text(language, kind)).unwrap_or_default();
            rest = tail;
        }
        out + rest
    }
}

impl fmt::Display for Phrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Language::En))
    }
}

/// Looks a sentence up by name.
pub fn sentence(key: &str) -> Option<&'static Sentence> {
    // A page says a hundred thousand of them, and the table has well over a thousand.
    static NAMED: LazyLock<HashMap<&str, &'static Sentence>> =
        LazyLock::new(|| table().map(|sentence| (sentence.key, sentence)).collect());
    NAMED.get(key).copied()
}

/// The whole table.
pub fn table() -> impl Iterator<Item = &'static Sentence> {
    let tables = [
        adapter::ALL,
        bundle::ALL,
        buyer::ALL,
        certificate::ALL,
        challenge::ALL,
        delivery::ALL,
        diagnose::ALL,
        unreadable::ALL,
        events::ALL,
        formats::ALL,
        found::ALL,
        help::ALL,
        key_tool::ALL,
        keys::ALL,
        legacy::ALL,
        merchants::ALL,
        mistakes::ALL,
        mock::ALL,
        notify::ALL,
        pause::ALL,
        payment::ALL,
        person::ALL,
        reconciliation::ALL,
        refund::ALL,
        refusals::ALL,
        report::ALL,
        review::ALL,
        run::ALL,
        send::ALL,
        terminal::ALL,
        tls::ALL,
    ];
    tables.into_iter().flatten().copied()
}

/// Declares sentences: `NAME: "English {0}", "中文 {0}";`.
macro_rules! sentences {
    ($($name:ident: $en:literal, $zh:literal;)*) => {
        $(
            #[doc = concat!("`` ", $en, " ``")]
            pub static $name: super::Sentence =
                super::Sentence { key: stringify!($name), en: $en, zh: $zh };
        )*
        pub(super) static ALL: &[&super::Sentence] = &[$(&$name),*];
    };
}
use sentences;

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Language, Place, Sentence, table};

    #[test]
    fn words_of_ours_are_said_in_the_language_each_by_itself() {
        let order = crate::words::ORDER_IS.with(["7", "failed / for-staff / —"]);
        assert_eq!(order.text(Language::En), "order 7 is failed / for staff / —");
        assert_eq!(order.text(Language::Zh), "订单 7 的状态为 失败 / 待人工处理 / —");
    }

    fn places(text: &str) -> BTreeSet<String> {
        text.split('{')
            .skip(1)
            .filter_map(|rest| rest.split_once('}'))
            .map(|p| p.0.into())
            .collect()
    }

    #[test]
    fn every_sentence_stands_once_and_has_the_same_places_in_both_languages() {
        let mut names = BTreeSet::new();
        for Sentence { key, en, zh } in table() {
            assert!(names.insert(key), "{key} stands twice");
            assert_eq!(places(en), places(zh), "{key}");
            assert!(!en.is_empty() && !zh.is_empty(), "{key}");
        }
    }

    #[test]
    fn places_are_filled() {
        static ONE: Sentence = Sentence { key: "AND_OTHERS", en: "", zh: "" };
        let phrase = super::AND_OTHERS.with(["a", "3"]);
        assert_eq!(ONE.key, phrase.says);
        assert_eq!(phrase.text(Language::En), "a and 3 more");
    }

    #[test]
    fn words_and_sentences_in_a_place_are_said_in_its_language() {
        let told = super::CASE_IS.with(["AMS-PAY-002", "not-applicable"]);
        assert_eq!(told.text(Language::En), "AMS-PAY-002 is not applicable");
        assert_eq!(told.text(Language::Zh), "AMS-PAY-002 的结果为 不适用");
        let foreign = super::CASE_IS.with(["AMS-PAY-002", "of another version"]);
        assert_eq!(foreign.text(Language::Zh), "AMS-PAY-002 的结果为 of another version");
        let held = super::AND_OTHERS.holding([super::NOTHING.plain().into(), Place::value(3)]);
        assert_eq!(held.text(Language::Zh), "无 及另外 3 项");
        let one = super::REFUND_SHOWN.with(["USD 1", "refunded"]).into();
        let all =
            super::REFUNDS_ARE.holding(["7".into(), Place::Listed(vec![one, "USD 1".into()])]);
        assert_eq!(all.text(Language::Zh), "订单 7 的退款：USD 1 已退款, USD 1");
        let read: super::Phrase =
            serde_json::from_str(&serde_json::to_string(&all).unwrap()).unwrap();
        assert_eq!(read, all);
        // A bundle holds words as they are: it is the reader who says them.
        let json = serde_json::to_string(&told).unwrap();
        assert_eq!(json, r#"{"says":"CASE_IS","of":["AMS-PAY-002","not-applicable"]}"#);
    }
}
