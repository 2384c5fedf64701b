//! A small suite for tests.

use cucumber::gherkin::Step;

use crate::suite::{Meaning, Suite};

/// Its catalogue.
pub(crate) const CATALOGUE: &str = r#"suite_version: "1"
rules:
  pay: { title: { en: "Pay", zh: "支付" }, address: "https://docs.example/pay" }
standing:
  - { name: S1, party: merchant, family: content, rule: pay, text: { en: "a", zh: "a" } }
  - { name: S2, party: gateway, family: content, rule: pay, text: { en: "a", zh: "a" } }
  - { name: S3, party: gateway, family: content, rule: pay, text: { en: "a", zh: "a" } }
  - { name: S4, party: gateway, family: state, rule: pay, text: { en: "a", zh: "a" } }
  - { name: S5, party: merchant, family: state, rule: pay, text: { en: "a", zh: "a" } }
  - { name: S6, party: merchant, family: sequence, rule: pay, text: { en: "a", zh: "a" } }
cases:
  - id: AMS-PAY-001
    suite: payment
    level: mandatory
    products: [user-presented]
    aliases: [Case-001]
    title: { en: "One", zh: "一" }
    checks:
      - { party: merchant, family: content, rule: pay }
      - { party: merchant, family: state, rule: pay, guess: true }
    mutants: [{ id: G-one, check: S3 }, { id: M-two, check: "2" }]
  - id: AMS-PAY-002
    suite: payment
    level: mandatory
    products: [user-presented, order-code]
    aliases: [SPOT-002]
    stage: any
    embedded_rows: [2]
    rows: 2
    title: { en: "Two", zh: "二" }
    checks:
      - { party: gateway, family: sequence, rule: pay }
  - id: AMS-REF-001
    suite: refund-cancel
    level: optional
    products: [order-code]
    stage: embedded-only
    title: { en: "Three", zh: "三" }
    checks:
      - { party: merchant, family: content, rule: pay }
"#;

/// Its one feature.
pub(crate) const FEATURE: &str = "@payment
Feature: Small
  > What the small suite is for.
  > It has two lines.

  Background:
    Given a shop

  @AMS-PAY-001 @mandatory @user-presented
  Scenario: One
    When the buyer pays 1
    Then the order is paid
    And the wallet agrees

  @AMS-PAY-002 @mandatory
  Scenario Outline: Two, with <amount>
    Given a shop
    When the buyer pays <amount>
    Then the order is <state>

    Examples:
      | amount | state |
      | 1      | paid  |
      | 2      | late  |
";

/// Its feature of another suite.
pub(crate) const OTHER: &str = "Feature: Other
  Rule: Refunds
    Background:
      Given a shop

    @AMS-REF-001 @refund-cancel
    Scenario: Three
      When the buyer pays 1
      Then the order is paid
";

/// Its vocabulary.
pub(crate) fn meanings(step: &Step) -> Meaning {
    let known = ["a shop", "the buyer pays ", "the order is ", "the wallet agrees"];
    match known.iter().filter(|known| step.value.starts_with(**known)).count() {
        0 => Meaning::None,
        _ if step.value.ends_with("twice") => {
            Meaning::Several(vec!["a.rs:1".into(), "b.rs:2".into()])
        }
        _ => Meaning::One,
    }
}

/// The suite.
pub(crate) fn suite() -> Suite {
    let features = [("features/small.feature", FEATURE), ("features/other.feature", OTHER)];
    Suite::read(("features/catalogue.yaml", CATALOGUE), &features, &meanings).unwrap()
}
