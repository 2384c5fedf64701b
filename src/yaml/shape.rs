//! What the YAML crate could not read, as sentences of the table. The crate tells it in English
//! only, in a few fixed forms; what has another form stays quoted.

use evidence::words::{self as say, Phrase, misshapen};

/// A text of the crate, without its place.
pub(super) fn said(text: &str) -> Phrase {
    let is_path = |path: &str| !path.contains(|c: char| c.is_whitespace() || c == '`');
    match text.split_once(": ").filter(|(path, _)| is_path(path)) {
        Some((path, what)) => say::YAML_AT.holding([path.into(), misshapen(what).into()]),
        None => misshapen(text),
    }
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
