//! `assay list`: every case there is, and what a profile makes mandatory.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use clap::builder::PossibleValuesParser;
use evidence::words::{
    LIST_FOOT, LIST_ID, LIST_LEVEL, LIST_NONE, LIST_PILOT, LIST_PRODUCTS, LIST_SUITE, LIST_TITLE,
};
use serde::Serialize;

use super::output::{Span, Terminal, Tone};
use crate::exit::{CommandError, Exit};
use crate::profile::Profile;
use crate::suite::{Case, Condition, Declared, Level, PRODUCTS, SUITES, Suite, TagFilter};

/// The mark of a case that the profile makes mandatory.
const MARK: &str = "●";

/// List suites and cases.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  assay list --suite payment --level mandatory\n  \
                        assay list --json --profile assay.yaml")]
pub(super) struct List {
    /// Write a JSON array instead of a table.
    #[arg(long)]
    json: bool,
    /// Mark what this profile makes mandatory; without one, what a run without one plays.
    #[arg(long, env = "ASSAY_PROFILE", value_name = "FILE", hide_env_values = true)]
    profile: Option<PathBuf>,
    /// Only this suite.
    #[arg(long, value_parser = PossibleValuesParser::new(SUITES))]
    suite: Option<String>,
    /// Only this level.
    #[arg(long, value_parser = PossibleValuesParser::new(Level::ALL.map(Level::name)))]
    level: Option<String>,
    /// Only cases for this product.
    #[arg(long, value_parser = PossibleValuesParser::new(PRODUCTS))]
    product: Option<String>,
    /// Only what this expression over tags fits: '@payment and not @optional'.
    #[arg(long, value_name = "EXPR", visible_alias = "tags")]
    tag: Option<String>,
}

/// A case in JSON.
#[derive(Debug, Serialize)]
struct Listed<'a> {
    id: &'a str,
    suite: &'a str,
    level: &'a str,
    products: &'a [String],
    /// What one of them asks for besides what the case does.
    product_conditions: &'a BTreeMap<String, Condition>,
    title: &'a str,
    aliases: &'a [String],
    mandatory: bool,
    /// Whether it may be played where it moves real money.
    pilot: bool,
}

impl List {
    pub(super) fn perform(&self, terminal: &mut Terminal) -> Result<Exit, CommandError> {
        let profile = self.profile.as_deref().map_or_else(Profile::built_in, Profile::load)?;
        let declared = profile.declared();
        let suite = Suite::embedded().map_err(CommandError::Suite)?;
        let generations = declared.generations();
        let tags = self.tag.as_deref().map(|tags| TagFilter::read(&suite, tags)).transpose()?;
        let cases: Vec<&Arc<Case>> = suite
            .catalogue()
            .cases
            .iter()
            .filter(|case| generations.contains(&case.generation()) && self.shows(case))
            .filter(|case| tags.as_ref().is_none_or(|tags| tags.fits(case)))
            .collect();
        if self.json {
            let language = terminal.language();
            let listed: Vec<Listed<'_>> = cases
                .iter()
                .map(|case| Listed {
                    id: &case.id,
                    suite: &case.suite,
                    level: case.level.name(),
                    products: &case.products,
                    product_conditions: &case.product_conditions,
                    title: case.title.text(language),
                    aliases: &case.aliases,
                    mandatory: case.is_mandatory_for(&declared),
                    pilot: case.pilot,
                })
                .collect();
            let json = serde_json::to_string_pretty(&listed)
                .map_err(|error| CommandError::Bug(error.to_string().into()))?;
            terminal.raw(&format!("{json}\n"));
        } else {
            table(terminal, &cases, &declared);
        }
        Ok(Exit::Acceptable)
    }

    fn shows(&self, case: &Case) -> bool {
        self.suite.as_ref().is_none_or(|suite| case.suite == *suite)
            && self.level.as_ref().is_none_or(|level| case.level.name() == level)
            && self.product.as_ref().is_none_or(|product| case.products.contains(product))
    }
}

/// The level, and whether the case may be played where it moves real money.
fn level(case: &Case) -> String {
    let pilot = if case.pilot { " ◆" } else { "" };
    format!("{}{pilot}", case.level.name())
}

fn table(terminal: &mut Terminal, cases: &[&Arc<Case>], declared: &Declared) {
    if cases.is_empty() {
        terminal.say(&LIST_NONE.plain());
        return;
    }
    let language = terminal.language();
    let heads = [&LIST_ID, &LIST_SUITE, &LIST_LEVEL, &LIST_PRODUCTS, &LIST_TITLE];
    let heads = heads.iter().map(|head| Span::new(Tone::Strong, head.text(language)));
    let mut rows = vec![std::iter::once(Span::from(" ")).chain(heads).collect::<Vec<_>>()];
    for case in cases {
        let mark = if case.is_mandatory_for(declared) { MARK } else { " " };
        rows.push(vec![
            Span::new(Tone::Good, mark),
            Span::from(case.id.as_str()),
            Span::from(case.suite.as_str()),
            Span::from(level(case)),
            Span::from(case.products_named()),
            Span::from(case.title.text(language)),
        ]);
    }
    terminal.table(&rows);
    let mandatory = cases.iter().filter(|case| case.is_mandatory_for(declared)).count();
    let foot = LIST_FOOT.with([
        cases.len().to_string(),
        mandatory.to_string(),
        declared.products.join(", "),
        MARK.to_owned(),
    ]);
    let foot = terminal.text(&foot);
    terminal.line([String::new()]);
    terminal.line([Span::new(Tone::Faint, foot)]);
    let pilots = cases.iter().filter(|case| case.pilot).count();
    if pilots > 0 {
        let foot = terminal.text(&LIST_PILOT.with([pilots]));
        terminal.line([Span::new(Tone::Faint, foot)]);
    }
}
