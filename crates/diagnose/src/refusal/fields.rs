//! Which field of a call breaks which rule: required, too long, ill-formed, or at odds with another.

use evidence::words::{
    FIELD_BOTH, FIELD_MISSING, FIELD_NAMED, FIELD_NAMED_DO, FIELD_NONE, FIELD_NONE_DO,
    FIELD_NOT_JSON, FIELD_NOT_JSON_DO, FIELD_ONE_OF, FIELD_RULE_DO, FIELD_SAME, FIELD_WHERE,
    FIELD_WHOLE, Phrase,
};
use evidence::{Blob, Party, Way, form_of};
use protocol::legacy::Charset;
use protocol::{Currency, Fields, Generation};
use serde_json::Value;

use super::Remark;
use super::rules::{Between, Need, Rules, rules};

/// Entries of a list that are looked at; more than any call of ours has.
const MOST_ENTRIES: usize = 50;

/// Every rule that the call breaks; that none is broken is told too, with the field that the
/// gateway's own words name.
pub(super) fn broken(generation: Generation, call: &Blob, words: &str) -> Vec<Remark> {
    let rules = rules(generation, call);
    let mut remarks = match generation {
        Generation::Ams => of_ams(&rules, call),
        Generation::Legacy => of_legacy(&rules, call),
    };
    let paths = rules.iter().flat_map(|rules| rules.fields.iter()).map(|(path, ..)| *path);
    for path in paths.filter(|path| words.contains(path)) {
        if !remarks.iter().any(|remark| remark.field.as_deref() == Some(path)) {
            let (says, fix) = (FIELD_NAMED.with([path]), FIELD_NAMED_DO.plain());
            remarks.push(remark(Some(path), says, fix));
        }
    }
    if remarks.is_empty() {
        remarks.push(remark(None, FIELD_NONE.plain(), FIELD_NONE_DO.plain()));
    }
    remarks
}

fn remark(field: Option<&str>, says: Phrase, fix: Phrase) -> Remark {
    let field = field.map(str::to_owned);
    Remark { about: "field", field, says, fix, fault: Party::Merchant }
}

fn of_ams(rules: &[Rules], call: &Blob) -> Vec<Remark> {
    let Some(fields) = Fields::read(&call.body) else {
        return vec![remark(None, FIELD_NOT_JSON.plain(), FIELD_NOT_JSON_DO.plain())];
    };
    let entries = |list: &str| {
        fields.at(list).and_then(Value::as_array).map_or(0, |list| list.len().min(MOST_ENTRIES))
    };
    judged(rules, &Read { value: &|path| fields.text(path), entries: &entries })
}

fn of_legacy(rules: &[Rules], call: &Blob) -> Vec<Remark> {
    // Names of fields are the same in both; a value in another charset is as long.
    let form = form_of(Way::Call, call, Charset::Utf8);
    let Ok(form) = form.or_else(|_| form_of(Way::Call, call, Charset::Gbk)) else {
        return Vec::new();
    };
    let value = |name: &str| form.get(name).filter(|value| !value.is_empty()).map(str::to_owned);
    judged(rules, &Read { value: &value, entries: &|_| 0 })
}

/// The fields of a call.
struct Read<'a> {
    /// The value at a path, where there is one that is not empty.
    value: &'a dyn Fn(&str) -> Option<String>,
    /// How many entries the list at a path has.
    entries: &'a dyn Fn(&str) -> usize,
}

impl Read<'_> {
    /// The paths that a path with a `*` stands for.
    fn paths(&self, path: &str) -> Vec<String> {
        match path.split_once(".*") {
            None => vec![path.to_owned()],
            Some((list, rest)) => {
                (0..(self.entries)(list)).map(|at| format!("{list}.{at}{rest}")).collect()
            }
        }
    }

    fn has(&self, path: &str, wanted: &str) -> bool {
        self.paths(path).iter().any(|path| (self.value)(path).as_deref() == Some(wanted))
    }
}

fn judged(rules: &[Rules], read: &Read<'_>) -> Vec<Remark> {
    let mut remarks = Vec::new();
    let mut take = |path: &str, says: Option<Phrase>| {
        remarks.extend(says.map(|says| remark(Some(path), says, FIELD_RULE_DO.plain())));
    };
    for (path, need, form) in rules.iter().flat_map(|rules| rules.fields.iter()) {
        for path in read.paths(path) {
            let says = match ((read.value)(&path), need) {
                (Some(text), _) => form.breaks(&path, &text),
                (None, Need::Must) => Some(FIELD_MISSING.with([&path])),
                (None, Need::Where(other, value)) if read.has(other, value) => {
                    let other = other.trim_end_matches(".*");
                    Some(FIELD_WHERE.with([&path, other, *value]))
                }
                (None, Need::Where(..) | Need::May) => None,
            };
            take(&path, says);
        }
    }
    for between in rules.iter().flat_map(|rules| rules.between.iter()) {
        let (path, says) = at_odds(*between, read);
        take(path, says);
    }
    remarks
}

/// What is wrong between two fields, and at which it is told.
fn at_odds(between: Between, read: &Read<'_>) -> (&'static str, Option<Phrase>) {
    let value = read.value;
    match between {
        Between::OneAtLeast(one, other) => {
            let none = value(one).is_none() && value(other).is_none();
            (one, none.then(|| FIELD_ONE_OF.with([one, other])))
        }
        Between::EitherOr(one, other) => match (value(one), value(other)) {
            (None, None) => (one, Some(FIELD_ONE_OF.with([one, other]))),
            (Some(_), Some(_)) => (one, Some(FIELD_BOTH.with([one, other]))),
            (Some(_), None) | (None, Some(_)) => (one, None),
        },
        Between::Differ(one, other) => {
            let same = value(one).is_some() && value(one) == value(other);
            (one, same.then(|| FIELD_SAME.with([one, other])))
        }
        Between::Decimals(amount, currency) => {
            let (told, currency) = (value(amount), value(currency));
            let whole = currency.as_deref().and_then(|it| Currency::parse(it).ok());
            let whole = whole.is_some_and(|currency| currency.exponent() == 0);
            let broken = told.filter(|told| whole && told.contains('.'));
            let currency = currency.unwrap_or_default();
            (amount, broken.map(|told| FIELD_WHOLE.with([amount, &told, &currency])))
        }
    }
}
