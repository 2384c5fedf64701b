//! What serde could not read, as sentences of the table.

use super::{
    Phrase, Place, Sentence, YAML_BOOLEAN, YAML_EITHER, YAML_FIELD, YAML_FLOAT, YAML_INTEGER,
    YAML_MAP, YAML_MISSING, YAML_ONE_OF, YAML_SEQUENCE, YAML_SHAPE, YAML_STRING, YAML_TYPE,
    YAML_UNIT, YAML_VALUE, YAML_VARIANT, YAML_WANTS_BOOLEAN, YAML_WANTS_CONDITIONS,
    YAML_WANTS_GATEWAY, YAML_WANTS_KEY, YAML_WANTS_MERCHANT, YAML_WANTS_PROFILE,
    YAML_WANTS_RECONCILIATION, YAML_WANTS_REPORT, YAML_WANTS_SEQUENCE, YAML_WANTS_SFTP,
    YAML_WANTS_STRING,
};

/// What stands between what was found and what belongs there.
const EXPECTED: &str = ", expected ";

/// What serde says about a value that is well formed and has another shape than was expected, without
/// the place. It tells it in English only, in a few fixed forms; what has another form stays quoted.
pub fn misshapen(what: &str) -> Phrase {
    known(what).unwrap_or_else(|| YAML_SHAPE.with([what]))
}

fn known(what: &str) -> Option<Phrase> {
    if let Some(field) = what.strip_prefix("missing field ") {
        return Some(YAML_MISSING.with([field]));
    }
    let names = [("unknown field ", &YAML_FIELD), ("unknown variant ", &YAML_VARIANT)];
    for (start, sentence) in names {
        if let Some((found, wanted)) = what.strip_prefix(start).and_then(parts) {
            return Some(sentence.holding([found.into(), choice(wanted)]));
        }
    }
    let values = [("invalid type: ", &YAML_TYPE), ("invalid value: ", &YAML_VALUE)];
    for (start, sentence) in values {
        if let Some((value, wanted)) = what.strip_prefix(start).and_then(parts) {
            return Some(sentence.holding([found(value), expected(wanted)]));
        }
    }
    None
}

/// What was found and what belongs there. What was found may hold the same words.
fn parts(text: &str) -> Option<(&str, &str)> {
    text.rsplit_once(EXPECTED)
}

/// Names of which one belongs there.
fn choice(names: &str) -> Place {
    if let Some(names) = names.strip_prefix("one of ") {
        return YAML_ONE_OF.with([names]).into();
    }
    match names.split_once(" or ") {
        Some((one, other)) => YAML_EITHER.with([one, other]).into(),
        None => names.into(),
    }
}

/// A value that was found, with the word for its type.
fn found(value: &str) -> Place {
    let whole = [&YAML_SEQUENCE, &YAML_MAP, &YAML_UNIT];
    if let Some(sentence) = whole.into_iter().find(|sentence| sentence.en == value) {
        return sentence.plain().into();
    }
    let kinds = [
        ("string ", &YAML_STRING),
        ("integer ", &YAML_INTEGER),
        ("floating point ", &YAML_FLOAT),
        ("boolean ", &YAML_BOOLEAN),
    ];
    let known = kinds.iter().find_map(|(word, sentence)| {
        let value = value.strip_prefix(word)?;
        Some(sentence.with([value]))
    });
    known.map_or_else(|| value.into(), Place::from)
}

/// What belongs there.
fn expected(wanted: &str) -> Place {
    let known: [&Sentence; 11] = [
        &YAML_WANTS_STRING,
        &YAML_WANTS_SEQUENCE,
        &YAML_WANTS_BOOLEAN,
        &YAML_WANTS_PROFILE,
        &YAML_WANTS_CONDITIONS,
        &YAML_WANTS_MERCHANT,
        &YAML_WANTS_GATEWAY,
        &YAML_WANTS_RECONCILIATION,
        &YAML_WANTS_SFTP,
        &YAML_WANTS_REPORT,
        &YAML_WANTS_KEY,
    ];
    let known = known.into_iter().find(|sentence| sentence.en == wanted);
    known.map_or_else(|| wanted.into(), |sentence| sentence.plain().into())
}
