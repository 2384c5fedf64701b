//! What the user asked for: suites, cases, aliases, keys, tags.

use std::collections::BTreeSet;

use cucumber::gherkin::tagexpr::TagOperation;
use evidence::CaseKey;
use evidence::words::{
    NO_SUCH_CASE, NO_SUCH_CASE_DO, NO_SUCH_CASE_NEAR, NO_SUCH_TAGS, NO_SUCH_TAGS_DO, Phrase,
};

use super::pilot::PILOT;
use crate::suite::{Case, Declared, Level, PRODUCTS, Planned, SUITES, Shard, Suite};

/// How many near names are offered for one that is unknown.
const OFFERED: usize = 3;

/// What a run is asked to do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selection {
    /// What the profile declares.
    pub declared: Declared,
    /// Suites, case ids, aliases and case keys; empty for everything that is mandatory, or, with
    /// `tags`, for everything.
    pub wanted: Vec<String>,
    /// An expression over tags that narrows the rest: `@payment and not @optional`.
    pub tags: Option<String>,
    /// The share of all that which is played here.
    pub shard: Option<Shard>,
}

/// Why a selection means nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SelectionError {
    /// No suite, case, alias or run is called so.
    #[error("no suite or case is called '{name}'")]
    Unknown {
        /// What was asked for.
        name: String,
        /// The nearest names there are.
        near: Vec<String>,
    },
    /// The expression over tags cannot be read, or names a tag that no case has.
    #[error("'{expression}' is no expression over the tags of the features")]
    Tags {
        /// The expression.
        expression: String,
    },
}

impl SelectionError {
    /// What is wrong.
    pub fn says(&self) -> Phrase {
        match self {
            Self::Unknown { name, .. } => NO_SUCH_CASE.with([name]),
            Self::Tags { expression } => NO_SUCH_TAGS.with([expression]),
        }
    }

    /// What to do.
    pub fn advice(&self) -> Phrase {
        match self {
            Self::Unknown { near, .. } if near.is_empty() => NO_SUCH_CASE_DO.plain(),
            Self::Unknown { near, .. } => NO_SUCH_CASE_NEAR.with([near.join(", ")]),
            Self::Tags { .. } => NO_SUCH_TAGS_DO.plain(),
        }
    }
}

impl Selection {
    /// Everything that is mandatory for what a profile declares.
    pub fn mandatory(declared: Declared) -> Self {
        Self { declared, ..Self::default() }
    }

    /// Finds every name in the suite.
    pub(super) fn resolve(&self, suite: &Suite) -> Result<Chosen, SelectionError> {
        let mut wants = Vec::new();
        for name in &self.wanted {
            let found = find(suite, name);
            if found.is_empty() {
                return Err(SelectionError::Unknown {
                    name: name.clone(),
                    near: near(suite, name),
                });
            }
            wants.extend(found);
        }
        let tags = self.tags.as_deref().map(|tags| TagFilter::read(suite, tags)).transpose()?;
        Ok(Chosen { wants, tags, shard: self.shard })
    }
}

/// An expression over tags that narrows a list of cases.
#[derive(Debug, Clone)]
pub struct TagFilter(TagOperation);

impl TagFilter {
    /// Reads an expression, each tag of which some case could have.
    pub fn read(suite: &Suite, expression: &str) -> Result<Self, SelectionError> {
        read_tags(suite, expression).map(Self)
    }

    /// Whether the case fits for one of its products.
    pub fn fits(&self, case: &Case) -> bool {
        case.products.iter().any(|product| self.fits_for(case, product))
    }

    /// Whether the case fits for a product.
    fn fits_for(&self, case: &Case, product: &str) -> bool {
        let pilot = if case.pilot { PILOT } else { "" };
        holds(&self.0, &[case.id.as_str(), &case.suite, case.level.name(), product, pilot])
    }
}

/// A selection whose names are known.
pub(super) struct Chosen {
    wants: Vec<Want>,
    tags: Option<TagFilter>,
    shard: Option<Shard>,
}

/// A case, or some of its runs.
struct Want {
    case: String,
    product: Option<String>,
    row: Option<u32>,
}

impl Chosen {
    /// Whether the case is asked for, whatever the products.
    pub(super) fn wants_case(&self, case: &Case) -> bool {
        let named = match (self.wants.as_slice(), &self.tags) {
            ([], None) => case.level != Level::Optional,
            ([], Some(_)) => true,
            (wants, _) => wants.iter().any(|want| want.case == case.id),
        };
        named
            && self.tags.as_ref().is_none_or(|tags| tags.fits(case))
            && self.shard.is_none_or(|shard| shard.holds(&case.id))
    }

    /// Whether the run is asked for, given that its case is.
    pub(super) fn wants_run(&self, run: &Planned) -> bool {
        let named = self.wants.is_empty()
            || self.wants.iter().any(|want| {
                want.case == run.case.id
                    && want.product.as_ref().is_none_or(|product| *product == run.product)
                    && (want.row.is_none() || want.row == run.row)
            });
        named && self.tags.as_ref().is_none_or(|tags| tags.fits_for(&run.case, &run.product))
    }
}

/// Everything that a name means.
fn find(suite: &Suite, name: &str) -> Vec<Want> {
    let cases = &suite.catalogue().cases;
    let whole = |case: &Case| Want { case: case.id.clone(), product: None, row: None };
    if SUITES.contains(&name) {
        return cases.iter().filter(|case| case.suite == name).map(|case| whole(case)).collect();
    }
    let called = |alias: &String| alias.eq_ignore_ascii_case(name);
    let aliased: Vec<Want> = cases
        .iter()
        .filter(|case| case.aliases.iter().any(called))
        .map(|case| whole(case))
        .collect();
    if !aliased.is_empty() {
        return aliased;
    }
    let Ok(CaseKey { case: id, product, row }) = name.parse() else { return Vec::new() };
    let Some(case) = cases.iter().find(|case| case.id.eq_ignore_ascii_case(&id)) else {
        return Vec::new();
    };
    let product_known = product.as_ref().is_none_or(|product| case.products.contains(product));
    let row_known = row.is_none_or(|row| case.rows > 1 && (1..=case.rows).contains(&row));
    if !product_known || !row_known {
        return Vec::new();
    }
    vec![Want { case: case.id.clone(), product, row }]
}

/// The names nearest to one that is unknown; of a run that its case does not have, the case's.
fn near(suite: &Suite, name: &str) -> Vec<String> {
    let case = name.split(['/', '#']).next().unwrap_or(name);
    let asked = case.to_ascii_lowercase();
    let cases = &suite.catalogue().cases;
    if let Some(known) = cases.iter().find(|known| known.id.eq_ignore_ascii_case(case)) {
        return vec![known.id.clone()];
    }
    let known: BTreeSet<&str> = cases
        .iter()
        .flat_map(|case| std::iter::once(&case.id).chain(&case.aliases))
        .chain(cases.iter().map(|case| &case.suite))
        .map(String::as_str)
        .collect();
    let mut ranked: Vec<(usize, &str)> = known
        .into_iter()
        .map(|known| (strsim::damerau_levenshtein(&asked, &known.to_ascii_lowercase()), known))
        .filter(|(distance, known)| *distance <= 3 && *distance * 2 < known.len())
        .collect();
    ranked.sort_unstable();
    ranked.into_iter().take(OFFERED).map(|(_, known)| known.to_owned()).collect()
}

/// Reads an expression, each tag of which some case could have.
fn read_tags(suite: &Suite, expression: &str) -> Result<TagOperation, SelectionError> {
    let unreadable = || SelectionError::Tags { expression: expression.to_owned() };
    let tags: TagOperation = expression.trim().parse().map_err(|_place| unreadable())?;
    let known = |tag: &str| {
        SUITES.contains(&tag)
            || PRODUCTS.contains(&tag)
            || tag == PILOT
            || Level::ALL.iter().any(|level| level.name() == tag)
            || suite.catalogue().case(tag).is_some()
    };
    if all(&tags, &known) { Ok(tags) } else { Err(unreadable()) }
}

/// Whether every tag of an expression is known.
fn all(tags: &TagOperation, known: &dyn Fn(&str) -> bool) -> bool {
    match tags {
        TagOperation::And(left, right) | TagOperation::Or(left, right) => {
            all(left, known) && all(right, known)
        }
        TagOperation::Not(inner) => all(inner, known),
        TagOperation::Tag(tag) => known(tag),
    }
}

/// Whether an expression holds for something with these tags.
fn holds(tags: &TagOperation, has: &[&str]) -> bool {
    match tags {
        TagOperation::And(left, right) => holds(left, has) && holds(right, has),
        TagOperation::Or(left, right) => holds(left, has) || holds(right, has),
        TagOperation::Not(inner) => !holds(inner, has),
        TagOperation::Tag(tag) => has.contains(&tag.as_str()),
    }
}

#[cfg(test)]
mod tests {
    use super::{Selection, SelectionError};
    use crate::suite::{Plan, small};

    fn plan(
        products: &[&str],
        wanted: &[&str],
        tags: Option<&str>,
    ) -> Result<Plan, SelectionError> {
        let owned = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<String>>();
        let selection = Selection {
            declared: super::Declared::everything(&owned(products)),
            wanted: owned(wanted),
            shard: None,
            tags: tags.map(ToString::to_string),
        };
        Plan::new(&small::suite(), &selection)
    }

    fn keys(plan: &Plan) -> Vec<String> {
        plan.planned.iter().map(|planned| planned.key.to_string()).collect()
    }

    const BOTH: &[&str] = &["user-presented", "order-code"];

    /// Products, wanted names and tags, and the runs they mean.
    type Asked<'a> = (&'a [&'a str], &'a [&'a str], Option<&'a str>, &'a [&'a str]);

    #[test]
    fn selections_mean_runs() {
        let all = [
            "AMS-PAY-001",
            "AMS-PAY-002/user-presented#1",
            "AMS-PAY-002/user-presented#2",
            "AMS-PAY-002/order-code#1",
            "AMS-PAY-002/order-code#2",
        ];
        let table: [Asked<'_>; 11] = [
            (BOTH, &[], None, &all),
            (&["order-code"], &[], None, &all[3..]),
            (BOTH, &["AMS-PAY-001"], None, &all[..1]),
            (BOTH, &["ams-pay-001"], None, &all[..1]),
            (BOTH, &["Case-001"], None, &all[..1]),
            (BOTH, &["spot-002"], None, &all[1..]),
            (BOTH, &["AMS-PAY-002/order-code"], None, &all[3..]),
            (BOTH, &["AMS-PAY-002#2"], None, &["AMS-PAY-002/user-presented#2", all[4]]),
            (BOTH, &["AMS-PAY-002/order-code#1", "Case-001"], None, &[all[0], all[3]]),
            (BOTH, &[], Some("@optional"), &["AMS-REF-001"]),
            (BOTH, &["payment"], Some("not @user-presented"), &all[3..]),
        ];
        for (products, wanted, tags, expected) in table {
            let plan = plan(products, wanted, tags).unwrap();
            assert_eq!(keys(&plan), expected, "{products:?} {wanted:?} {tags:?}");
        }
    }

    #[test]
    fn what_the_products_exclude_says_why() {
        let plan = plan(&["order-code"], &[], None).unwrap();
        let [left_out] = plan.not_applicable.as_slice() else { panic!("{plan:?}") };
        assert_eq!(left_out.case.id, "AMS-PAY-001");
        assert!(left_out.reason.to_string().contains("user-presented"));
    }

    #[test]
    fn unknown_names_offer_near_ones() {
        let table: [(&str, &[&str]); 6] = [
            ("AMS-PAY-003", &["AMS-PAY-001", "AMS-PAY-002"]),
            ("paymnet", &["payment"]),
            ("Case-02", &["Case-001"]),
            ("AMS-PAY-002#3", &[]),
            ("AMS-PAY-001/order-code", &[]),
            ("something else", &[]),
        ];
        for (name, near) in table {
            let Err(SelectionError::Unknown { near: offered, .. }) = plan(BOTH, &[name], None)
            else {
                panic!("{name}")
            };
            for near in near {
                assert!(offered.contains(&(*near).to_owned()), "{name}: {offered:?}");
            }
        }
    }

    #[test]
    fn unknown_tags_are_no_selection() {
        for tags in ["@paymnet", "@payment and", "payment", ""] {
            let refused = plan(BOTH, &[], Some(tags));
            assert!(matches!(refused, Err(SelectionError::Tags { .. })), "{tags}");
        }
    }
}
