//! Results that are ordered in advance: the next matching calls get them.

use protocol::ams::{Api, Outcome};

/// An order for results.
#[derive(Debug, Clone)]
pub(crate) struct Rule {
    pub(crate) api: Api,
    pub(crate) outcome: Outcome,
    /// Whether the call is worked on as usual before it is answered so.
    pub(crate) process: bool,
    /// How many calls it still answers; `None` means all of them.
    pub(crate) times: Option<u32>,
    /// How many matching calls pass before it begins.
    pub(crate) after: u32,
}

#[derive(Debug, Default)]
pub(crate) struct Rules(Vec<Rule>);

impl Rules {
    pub(crate) fn add(&mut self, rule: Rule) {
        self.0.push(rule);
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// The rule for the call that has just come, if one applies: the oldest that has begun. Every
    /// call counts for all rules that have not begun yet, whoever answers it.
    pub(crate) fn take(&mut self, api: Api) -> Option<Rule> {
        let mut taken = None;
        for rule in self.0.iter_mut().filter(|rule| rule.api == api) {
            if rule.after > 0 {
                rule.after -= 1;
            } else if taken.is_none() && rule.times != Some(0) {
                rule.times = rule.times.map(|times| times - 1);
                taken = Some(rule.clone());
            }
        }
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(code: &str, times: Option<u32>, after: u32) -> Rule {
        let outcome = Outcome::of_code(code);
        Rule { api: Api::Pay, outcome, process: false, times, after }
    }

    #[test]
    fn rules_answer_in_turn() {
        let mut rules = Rules::default();
        rules.add(rule("RISK_REJECT", Some(1), 1));
        rules.add(rule("UNKNOWN_EXCEPTION", Some(1), 0));
        rules.add(rule("PROCESS_FAIL", None, 3));
        let codes: Vec<_> =
            (0..5).map(|_| rules.take(Api::Pay).map(|rule| rule.outcome.code)).collect();
        let expected = [
            Some("UNKNOWN_EXCEPTION"),
            Some("RISK_REJECT"),
            None,
            Some("PROCESS_FAIL"),
            Some("PROCESS_FAIL"),
        ];
        assert_eq!(codes, expected.map(|code| code.map(str::to_owned)));
        assert!(rules.take(Api::Cancel).is_none());
        rules.clear();
        assert!(rules.take(Api::Pay).is_none());
    }
}
