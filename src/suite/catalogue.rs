//! The catalogue: every case, what it checks, the rule each check rests on.

use std::collections::BTreeMap;
use std::sync::Arc;

use evidence::Party;
use evidence::words::{Language, NOT_FOR_PRODUCTS, Phrase};
use protocol::Generation;
use serde::{Deserialize, Deserializer};

use crate::finding::Finding;
use crate::suite::{Condition, Declared, proof};
use crate::verdict::Family;
use crate::yaml;

/// The four mandatory suites.
pub const SUITES: [&str; 4] = ["payment", "refund-cancel", "reconciliation", "merchants"];

/// The products of both generations.
pub const PRODUCTS: [&str; 7] = [
    "user-presented",
    "order-code",
    "entry-code",
    "cashier",
    "barcode",
    "transaction-qr",
    "website",
];

/// The standing checks, in the order in which they are judged.
pub const STANDING: [&str; 6] = ["S1", "S2", "S3", "S4", "S5", "S6"];

/// The largest catalogue that is read.
const LARGEST: u64 = 1 << 20;

/// `features/catalogue.yaml`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalogue {
    /// The version of catalogue and features together.
    pub suite_version: String,
    /// The rules that checks rest on, by name.
    pub rules: BTreeMap<String, Rule>,
    /// What holds in every case without being written.
    pub standing: Vec<Standing>,
    /// Every case, in the order of reports.
    #[serde(deserialize_with = "shared")]
    pub cases: Vec<Arc<Case>>,
}

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// In English.
    pub en: String,
    /// In Chinese.
    pub zh: String,
}

/// A published rule.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// What it is called.
    pub title: Words,
    /// Where it is published.
    pub address: String,
}

/// A check that holds in every case.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Standing {
    /// `S1` to `S6`.
    pub name: String,
    /// Whose fault a failure is.
    pub party: Party,
    /// What kind of statement it is.
    pub family: Family,
    /// The rule it rests on.
    pub rule: String,
    /// What it says.
    pub text: Words,
    /// What it says and rests on in the older generation.
    pub legacy: Option<StandingWords>,
}

/// What a standing check says and rests on.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StandingWords {
    /// The rule that it rests on.
    pub rule: String,
    /// What has to hold.
    pub text: Words,
}

impl Standing {
    /// The rule and the text for a generation.
    pub fn words(&self, generation: Generation) -> (&str, &Words) {
        match (&self.legacy, generation) {
            (Some(legacy), Generation::Legacy) => (&legacy.rule, &legacy.text),
            (None, _) | (_, Generation::Ams) => (&self.rule, &self.text),
        }
    }
}

/// A case: one scenario of the features.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// `AMS-PAY-001`.
    pub id: String,
    /// One of [`SUITES`].
    pub suite: String,
    /// Whether it counts.
    pub level: Level,
    /// The products it runs for, each of [`PRODUCTS`].
    pub products: Vec<String>,
    /// Its names in other lists: `Case-005`, `SPOT-005`.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Which gateways it runs on.
    #[serde(default)]
    pub stage: Stage,
    /// The rows that run on the embedded sandbox alone, although the case runs anywhere.
    #[serde(default)]
    pub embedded_rows: Vec<u32>,
    /// The rows that not every product of the case knows, with those that do.
    #[serde(default)]
    pub row_products: BTreeMap<u32, Vec<String>>,
    /// How many examples it has; 1 for a plain scenario.
    #[serde(default = "one")]
    pub rows: u32,
    /// Whether it needs a tester who attaches pictures.
    #[serde(default)]
    pub tester: bool,
    /// Whether it may be played where it moves real money: a sale as every day has them, and perhaps
    /// a refund or a cancel of it.
    #[serde(default)]
    pub pilot: bool,
    /// What it asks for besides its products; without it, it does not apply.
    #[serde(default)]
    pub condition: Option<Condition>,
    /// The products that it applies to whether its condition holds or not.
    #[serde(default)]
    pub always_for: Vec<String>,
    /// What some of its products ask for besides.
    #[serde(default)]
    pub product_conditions: BTreeMap<String, Condition>,
    /// What it is about.
    pub title: Words,
    /// Its numbered checks, one for each Then step.
    pub checks: Vec<Check>,
    /// The mutants it must kill.
    #[serde(default)]
    pub mutants: Vec<Kill>,
}

/// Whether a case counts for the verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// It counts for every profile that declares one of its products.
    Mandatory,
    /// It counts when its condition holds.
    Conditional,
    /// It never decides a verdict.
    Optional,
}

/// Which gateways a case runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Any of them.
    #[default]
    Any,
    /// Only one that answers the control API.
    EmbeddedOnly,
}

/// What one Then step checks.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// Whose fault a failure is.
    pub party: Party,
    /// What kind of statement it is.
    pub family: Family,
    /// The rule it rests on.
    pub rule: String,
    /// Whether it wants something that no published page confirms: away from the embedded sandbox
    /// that part of it, which the sentence's code names, fails nothing.
    #[serde(default)]
    pub guess: bool,
}

/// A mutant, and the check that must catch it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kill {
    /// The mutant's name.
    pub id: String,
    /// `S1` to `S6`, or the number of a Then step.
    pub check: String,
}

impl Words {
    /// The text in a language.
    pub fn text(&self, language: Language) -> &str {
        match language {
            Language::En => &self.en,
            Language::Zh => &self.zh,
        }
    }
}

impl Level {
    /// The word in the catalogue and in tags.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mandatory => "mandatory",
            Self::Conditional => "conditional",
            Self::Optional => "optional",
        }
    }

    /// Every level.
    pub const ALL: [Self; 3] = [Self::Mandatory, Self::Conditional, Self::Optional];
}

impl Case {
    /// The generation that it is of, by its id.
    pub fn generation(&self) -> Generation {
        Generation::of_case(&self.id)
    }

    /// Those of the declared products that the case runs for, in the case's order; none where its
    /// condition does not hold and it asks that of all.
    pub fn products_among(&self, declared: &Declared) -> Vec<String> {
        let holds = self.missing(declared).is_none();
        let ours = self.products.iter().filter(|product| declared.has(product));
        let ours = ours.filter(|product| holds || self.always_for.contains(*product));
        ours.filter(|product| self.missing_for(product, declared).is_none()).cloned().collect()
    }

    /// Its products, each with the condition that this product alone asks for in brackets.
    pub fn products_named(&self) -> String {
        let named =
            self.products.iter().map(|product| match self.product_conditions.get(product) {
                Some(condition) => format!("{product} (if {})", condition.name()),
                None => product.clone(),
            });
        named.collect::<Vec<_>>().join(", ")
    }

    /// The condition that a product asks for besides, and that does not hold.
    fn missing_for(&self, product: &str, declared: &Declared) -> Option<Condition> {
        let condition = self.product_conditions.get(product).copied();
        condition.filter(|condition| !declared.conditions.contains(condition))
    }

    /// The condition that it asks for and that does not hold.
    fn missing(&self, declared: &Declared) -> Option<Condition> {
        self.condition.filter(|condition| !declared.conditions.contains(condition))
    }

    /// Why the case does not apply to what a profile declares, if it does not.
    pub fn not_applicable(&self, declared: &Declared) -> Option<Phrase> {
        if !self.products_among(declared).is_empty() {
            return None;
        }
        let mut ours = self.products.iter().filter(|product| declared.has(product));
        let missing = self.missing(declared);
        let missing = missing.or_else(|| ours.find_map(|it| self.missing_for(it, declared)));
        let missing = missing.map(|condition| condition.says().plain());
        Some(missing.unwrap_or_else(|| NOT_FOR_PRODUCTS.with([self.products.join(", ")])))
    }

    /// Whether a product knows a row (from 1) of the case's examples.
    pub fn knows_row(&self, product: &str, row: u32) -> bool {
        let those = self.row_products.get(&row);
        those.is_none_or(|those| those.iter().any(|known| known == product))
    }

    /// Whether the case counts for the verdict of a profile that declares this.
    pub fn is_mandatory_for(&self, declared: &Declared) -> bool {
        self.level != Level::Optional && self.not_applicable(declared).is_none()
    }

    /// Whether a row (from 1; `None` for a plain scenario) runs on the embedded sandbox alone.
    pub fn is_embedded_only(&self, row: Option<u32>) -> bool {
        self.stage == Stage::EmbeddedOnly
            || row.is_some_and(|row| self.embedded_rows.contains(&row))
    }
}

impl Catalogue {
    /// Reads a catalogue and proves that it is whole in itself; `file` names it in findings.
    pub fn read(file: &str, text: &str) -> Result<Self, Vec<Finding>> {
        let catalogue: Self =
            yaml::read(file, text.as_bytes(), LARGEST).map_err(|finding| vec![*finding])?;
        let findings = proof::of(file, text, &catalogue);
        if findings.is_empty() { Ok(catalogue) } else { Err(findings) }
    }

    /// The case with an id.
    pub fn case(&self, id: &str) -> Option<&Arc<Case>> {
        self.cases.iter().find(|case| case.id == id)
    }
}

/// Whether a text has the form of a case id: `AMS-PAY-001`.
pub(super) fn is_case_id(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let letters = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_uppercase());
    match parts.as_slice() {
        [generation, topic, number] => {
            letters(generation)
                && letters(topic)
                && number.len() == 3
                && number.bytes().all(|b| b.is_ascii_digit())
        }
        _ => false,
    }
}

fn one() -> u32 {
    1
}

fn shared<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Arc<Case>>, D::Error> {
    Ok(Vec::<Case>::deserialize(deserializer)?.into_iter().map(Arc::new).collect())
}
