//! The Gherkin text of a case, cut out of its feature.

/// A scenario as it stands in its feature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Scenario {
    /// The feature's path.
    pub path: String,
    /// The line of its first tag, from 1.
    pub line: usize,
    /// Its lines, without the indent they share.
    pub text: String,
}

/// Finds the scenario with the tag `@id`.
pub(super) fn find(features: &[(String, String)], id: &str) -> Option<Scenario> {
    features.iter().find_map(|(path, text)| {
        let lines: Vec<&str> = text.lines().collect();
        let tag = lines.iter().position(|line| has_tag(line, id))?;
        let begins = |line: &&&str| is_tag(line) || line.trim_start().starts_with('#');
        let start = tag - lines[..tag].iter().rev().take_while(begins).count();
        let end = end_of(&lines, tag);
        Some(Scenario { path: path.clone(), line: start + 1, text: dedent(&lines[start..end]) })
    })
}

fn is_tag(line: &str) -> bool {
    line.trim_start().starts_with('@')
}

fn has_tag(line: &str, id: &str) -> bool {
    is_tag(line) && line.split_whitespace().any(|word| word.strip_prefix('@') == Some(id))
}

fn opens_examples(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("Examples:") || line.starts_with("Scenarios:")
}

/// The line after the scenario whose tag stands at `tag`.
fn end_of(lines: &[&str], tag: usize) -> usize {
    let mut headed = false;
    let mut quoted = false;
    for (index, line) in lines.iter().enumerate().skip(tag) {
        let text = line.trim_start();
        if text.starts_with("\"\"\"") || text.starts_with("```") {
            quoted = !quoted;
        }
        if quoted {
            continue;
        }
        let heads = ["Scenario:", "Scenario Outline:", "Example:", "Rule:"]
            .iter()
            .any(|word| text.starts_with(word));
        if heads && headed {
            return index;
        }
        headed |= heads;
        if headed && is_tag(text) {
            // Tags may also stand before the examples of the same scenario.
            let next = lines[index..].iter().find(|line| !is_tag(line) && !line.trim().is_empty());
            if !next.is_some_and(|line| opens_examples(line)) {
                return index;
            }
        }
    }
    lines.len()
}

fn dedent(lines: &[&str]) -> String {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let written = lines.iter().filter(|line| !line.trim().is_empty());
    let shared = written.map(|line| indent(line)).min().unwrap_or(0);
    let cut: Vec<&str> =
        lines.iter().map(|line| line.get(shared..).unwrap_or_default().trim_end()).collect();
    cut.join("\n").trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::find;

    const FEATURE: &str = "\
Feature: Payment

  # Why it matters.
  @AMS-PAY-001 @user-presented
  Scenario Outline: Paid
    Given a wallet
    And a text
      \"\"\"
      @AMS-PAY-009
      Scenario: not one
      \"\"\"
    Then it is paid <how>

    @any
    Examples:
      | how  |
      | once |

  @AMS-PAY-0011
  Scenario: Another
    Then nothing
";

    #[test]
    fn a_scenario_is_cut_out_whole() {
        let features = [("features/ams/payment/a.feature".to_owned(), FEATURE.to_owned())];
        let first = find(&features, "AMS-PAY-001").unwrap();
        assert_eq!(first.line, 3);
        assert!(first.text.starts_with("# Why it matters.\n@AMS-PAY-001"), "{}", first.text);
        assert!(first.text.ends_with("    | once |"), "{}", first.text);
        let last = find(&features, "AMS-PAY-0011").unwrap();
        assert_eq!((last.line, last.text.lines().count()), (19, 3));
        assert_eq!(find(&features, "AMS-PAY-002"), None);
    }
}
