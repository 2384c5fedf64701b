//! What the YAML crate could not read, as sentences of the table. The crate tells it in English
//! only, in a few fixed forms; what has another form stays quoted.

use evidence::words::{self as say, Phrase, Place, Sentence};

/// What stands between what was found and what belongs there.
const EXPECTED: &str = ", expected ";

/// A text of the crate, without its place.
pub(super) fn said(text: &str) -> Phrase {
    let is_path = |path: &str| !path.contains(|c: char| c.is_whitespace() || c == '`');
    match text.split_once(": ").filter(|(path, _)| is_path(path)) {
        Some((path, what)) => say::YAML_AT.holding([path.into(), shape(what).into()]),
        None => shape(text),
    }
}

fn shape(what: &str) -> Phrase {
    known(what).unwrap_or_else(|| say::YAML_SHAPE.with([what]))
}

fn known(what: &str) -> Option<Phrase> {
    if let Some(field) = what.strip_prefix("missing field ") {
        return Some(say::YAML_MISSING.with([field]));
    }
    let names = [("unknown field ", &say::YAML_FIELD), ("unknown variant ", &say::YAML_VARIANT)];
    for (start, sentence) in names {
        if let Some((found, wanted)) = what.strip_prefix(start).and_then(parts) {
            return Some(sentence.holding([found.into(), choice(wanted)]));
        }
    }
    let values = [("invalid type: ", &say::YAML_TYPE), ("invalid value: ", &say::YAML_VALUE)];
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
        return say::YAML_ONE_OF.with([names]).into();
    }
    match names.split_once(" or ") {
        Some((one, other)) => say::YAML_EITHER.with([one, other]).into(),
        None => names.into(),
    }
}

/// A value that was found, with the word for its type.
fn found(value: &str) -> Place {
    let whole = [&say::YAML_SEQUENCE, &say::YAML_MAP, &say::YAML_UNIT];
    if let Some(sentence) = whole.into_iter().find(|sentence| sentence.en == value) {
        return sentence.plain().into();
    }
    let kinds = [
        ("string ", &say::YAML_STRING),
        ("integer ", &say::YAML_INTEGER),
        ("floating point ", &say::YAML_FLOAT),
        ("boolean ", &say::YAML_BOOLEAN),
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
        &say::YAML_WANTS_STRING,
        &say::YAML_WANTS_SEQUENCE,
        &say::YAML_WANTS_BOOLEAN,
        &say::YAML_WANTS_PROFILE,
        &say::YAML_WANTS_CONDITIONS,
        &say::YAML_WANTS_MERCHANT,
        &say::YAML_WANTS_GATEWAY,
        &say::YAML_WANTS_RECONCILIATION,
        &say::YAML_WANTS_SFTP,
        &say::YAML_WANTS_REPORT,
        &say::YAML_WANTS_KEY,
    ];
    let known = known.into_iter().find(|sentence| sentence.en == wanted);
    known.map_or_else(|| wanted.into(), |sentence| sentence.plain().into())
}

#[cfg(test)]
mod tests {
    use evidence::words::Language;

    use super::said;

    #[test]
    fn what_the_crate_says_is_said_in_chinese_and_stays_in_english() {
        for (text, chinese) in [
            (
                "unknown field `nane`, expected `name` or `inner`",
                "未知的字段 `nane`，应为 `name` 或 `inner`",
            ),
            (
                "gateway: unknown field `uri`, expected one of `url`, `key`",
                "gateway：未知的字段 `uri`，应为 `url`, `key` 之一",
            ),
            (
                "inner: unknown field `sum`, expected `count`",
                "inner：未知的字段 `sum`，应为 `count`",
            ),
            ("missing field `name`", "缺少字段 `name`"),
            ("gateway.key: missing field `x`", "gateway.key：缺少字段 `x`"),
            (
                "inner.count: invalid type: string \"x\", expected u32",
                "inner.count：类型错误：字符串 \"x\"，应为 u32",
            ),
            (
                "name: invalid type: sequence, expected a string",
                "name：类型错误：列表，应为 字符串",
            ),
            ("invalid type: map, expected a sequence", "类型错误：映射，应为 列表"),
            ("invalid type: unit value, expected a boolean", "类型错误：空值，应为 布尔值"),
            ("invalid value: integer `-1`, expected u16", "值错误：整数 `-1`，应为 u16"),
            (
                "gateway: invalid type: string \"a, expected b\", expected settings such as `url: embedded`",
                "gateway：类型错误：字符串 \"a, expected b\"，应为 `url: embedded` 之类的设置",
            ),
            (
                "mapping values are not allowed in this context",
                "mapping values are not allowed in this context",
            ),
        ] {
            assert_eq!(said(text).text(Language::En), text);
            assert_eq!(said(text).text(Language::Zh), chinese);
        }
    }
}
