//! The suite: the catalogue and the features that belong to it, linted, and what a profile selects
//! of them.

mod catalogue;
mod declared;
mod embedded;
mod lint;
#[cfg(test)]
mod lock;
mod pilot;
mod plan;
mod proof;
mod select;
mod shard;
#[cfg(test)]
mod small;
mod waits;

use std::collections::BTreeMap;
use std::sync::Arc;

use cucumber::feature::Ext as _;
use cucumber::gherkin::{Feature, GherkinEnv, Scenario, Step};
use evidence::CaseKey;

pub use catalogue::{
    Case, Catalogue, Check, Kill, Level, PRODUCTS, Rule, STANDING, SUITES, Stage, Standing,
    StandingWords, Words,
};
pub use declared::{Condition, Declared};
pub use lint::{Meaning, Meanings};
pub use plan::{NotApplicable, Plan, Planned};
pub use select::{Selection, SelectionError, TagFilter};
pub use shard::{MOST_SHARDS, NoShard, Shard};
pub use waits::{longest_first, minutes_together};

use crate::finding::Finding;

/// Catalogue and features, proved to belong together.
#[derive(Debug, Clone)]
pub struct Suite {
    catalogue: Arc<Catalogue>,
    catalogue_text: String,
    files: Vec<FeatureFile>,
    scenarios: BTreeMap<String, Vec<Arc<Play>>>,
}

/// A feature file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeatureFile {
    /// Its path, below the root of the project.
    pub path: String,
    /// Its text.
    pub text: String,
    /// The SHA-256 of its bytes, in hexadecimal digits.
    pub sha256: String,
}

/// One row of a scenario, or a plain scenario, ready to be played.
#[derive(Debug)]
pub(crate) struct Play {
    /// A feature with this scenario alone, and the backgrounds that belong to it.
    pub(crate) feature: Feature,
    /// The scenario, its examples filled in.
    pub(crate) scenario: Scenario,
    /// The steps of the backgrounds, then the scenario's.
    pub(crate) steps: Vec<Step>,
    /// The path of the file.
    pub(crate) path: String,
}

impl Suite {
    /// The suite of this binary. Findings are bugs of ours.
    pub fn embedded() -> Result<Self, Vec<Finding>> {
        let vocabulary = steps::Vocabulary::default();
        let meanings = |step: &Step| Meaning::of(vocabulary.knows(step));
        let catalogue = (embedded::CATALOGUE_PATH, embedded::CATALOGUE);
        Self::read(catalogue, embedded::FEATURES, &meanings)
    }

    /// A suite from texts, each with the path that findings name; `meanings` tells what a step
    /// means.
    pub fn read(
        catalogue: (&str, &str),
        features: &[(&str, &str)],
        meanings: &Meanings<'_>,
    ) -> Result<Self, Vec<Finding>> {
        let catalogue_text = catalogue.1.to_owned();
        let catalogue = Catalogue::read(catalogue.0, catalogue.1)?;
        let mut findings = Vec::new();
        let mut files = Vec::new();
        let mut parsed = Vec::new();
        for (path, text) in features {
            let sha256 = signing::sha256_hex(text.as_bytes());
            files.push(FeatureFile { path: (*path).into(), text: (*text).into(), sha256 });
            let refused = lint::text(path, text);
            if !refused.is_empty() {
                findings.extend(refused);
                continue;
            }
            match Feature::parse(text, GherkinEnv::default()) {
                Err(error) => findings.push(lint::unreadable(path, text, &error.to_string())),
                Ok(mut feature) => {
                    feature.path = Some((*path).into());
                    findings.extend(lint::tree(path, text, &feature));
                    parsed.push(feature);
                }
            }
        }
        let mut scenarios: BTreeMap<String, Vec<Arc<Play>>> = BTreeMap::new();
        if findings.is_empty() {
            let plays: Vec<(Feature, Vec<Play>)> =
                parsed.into_iter().map(|feature| (feature.clone(), plays(&feature))).collect();
            findings.extend(lint::cases(&catalogue, &plays, meanings));
            for play in plays.into_iter().flat_map(|(_, plays)| plays) {
                if let Some(id) = play.scenario.tags.iter().find(|tag| catalogue::is_case_id(tag)) {
                    scenarios.entry(id.clone()).or_default().push(Arc::new(play));
                }
            }
        }
        if !findings.is_empty() {
            return Err(findings);
        }
        Ok(Self { catalogue: Arc::new(catalogue), catalogue_text, files, scenarios })
    }

    /// The catalogue.
    pub fn catalogue(&self) -> &Arc<Catalogue> {
        &self.catalogue
    }

    /// The catalogue's text, as its digest is taken.
    pub fn catalogue_text(&self) -> &str {
        &self.catalogue_text
    }

    /// The version of catalogue and features together.
    pub fn version(&self) -> &str {
        &self.catalogue.suite_version
    }

    /// The feature files, in the order of their paths.
    pub fn files(&self) -> &[FeatureFile] {
        &self.files
    }

    /// The case, product and row that a key means, with the steps that judge it; `None` when the
    /// suite has no such run. This is what replay needs.
    pub fn planned(&self, key: &CaseKey) -> Option<Planned> {
        let case = self.catalogue.case(&key.case)?;
        let product = match (&key.product, case.products.as_slice()) {
            (None, [only]) => only,
            (Some(product), [_, _, ..]) => case.products.iter().find(|known| *known == product)?,
            (None | Some(_), _) => return None,
        };
        let planned = self.play(case, product, key.row.unwrap_or(1))?;
        (planned.key == *key).then_some(planned)
    }

    /// A run of a case for a product and a row (from 1).
    pub(crate) fn play(&self, case: &Arc<Case>, product: &str, row: u32) -> Option<Planned> {
        if !case.knows_row(product, row) {
            return None;
        }
        let index = usize::try_from(row.checked_sub(1)?).ok()?;
        let play = self.scenarios.get(&case.id)?.get(index)?;
        Some(Planned::new(case, product, row, play))
    }
}

/// Every scenario of a feature with its examples filled in, in the order of the file and of the
/// rows.
fn plays(feature: &Feature) -> Vec<Play> {
    let mut bare = feature.clone();
    bare.scenarios = Vec::new();
    bare.rules = Vec::new();
    let mut plays = Vec::new();
    for scenario in &feature.scenarios {
        let alone = Feature { scenarios: vec![scenario.clone()], ..bare.clone() };
        plays.extend(rows(alone));
    }
    for rule in &feature.rules {
        for scenario in &rule.scenarios {
            let mut rule = rule.clone();
            rule.scenarios = vec![scenario.clone()];
            plays.extend(rows(Feature { rules: vec![rule], ..bare.clone() }));
        }
    }
    plays
}

/// The rows of a feature that has one scenario.
fn rows(feature: Feature) -> Vec<Play> {
    // The lint on the tree has already proved every placeholder, so nothing is lost here.
    let Ok(expanded) = feature.expand_examples() else { return Vec::new() };
    let path = expanded.path.as_ref().map_or(String::new(), |path| path.display().to_string());
    let rule = expanded.rules.first().cloned();
    let scenarios = rule.as_ref().map_or(&expanded.scenarios, |rule| &rule.scenarios);
    let backgrounds: Vec<Step> =
        [&expanded.background, &rule.as_ref().and_then(|rule| rule.background.clone())]
            .into_iter()
            .flatten()
            .flat_map(|background| background.steps.clone())
            .collect();
    let play = |scenario: &Scenario| Play {
        feature: with_only(&expanded, scenario),
        scenario: scenario.clone(),
        steps: backgrounds.iter().chain(&scenario.steps).cloned().collect(),
        path: path.clone(),
    };
    scenarios.iter().map(play).collect()
}

/// The feature, or its one rule, with one scenario.
fn with_only(feature: &Feature, scenario: &Scenario) -> Feature {
    let mut feature = feature.clone();
    match feature.rules.first_mut() {
        Some(rule) => rule.scenarios = vec![scenario.clone()],
        None => feature.scenarios = vec![scenario.clone()],
    }
    feature
}
