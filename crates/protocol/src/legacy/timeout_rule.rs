//! `timeout_rule`: how long a website's order may wait for its buyer.

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

/// How long an order waits that names no rule: "default 12h", in milliseconds.
pub const DEFAULT_TIMEOUT: i64 = 12 * HOUR;

/// The documented values, "others need configuration".
const RULES: [(&str, i64); 14] = [
    ("5m", 5 * MINUTE),
    ("10m", 10 * MINUTE),
    ("15m", 15 * MINUTE),
    ("30m", 30 * MINUTE),
    ("1h", HOUR),
    ("2h", 2 * HOUR),
    ("3h", 3 * HOUR),
    ("5h", 5 * HOUR),
    ("10h", 10 * HOUR),
    ("12h", 12 * HOUR),
    ("1d", 24 * HOUR),
    ("3d", 72 * HOUR),
    ("7d", 168 * HOUR),
    ("15d", 360 * HOUR),
];

/// The span of a rule in milliseconds; none where no page has the rule.
pub fn timeout_rule(name: &str) -> Option<i64> {
    RULES.into_iter().find(|(known, _)| *known == name).map(|(_, span)| span)
}

#[cfg(test)]
mod tests {
    use super::timeout_rule;

    #[test]
    fn only_documented_rules_have_a_span() {
        assert_eq!(timeout_rule("5m"), Some(300_000));
        assert_eq!(timeout_rule("15d"), Some(15 * 86_400_000));
        for other in ["", "4m", "5M", "90m", "1c"] {
            assert_eq!(timeout_rule(other), None, "{other}");
        }
    }
}
