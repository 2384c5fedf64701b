//! One bad feature for each trap, refused with its rule and its line.

use crate::suite::{Suite, small};

/// What is wrong with the small suite once `from` is replaced by `to` in its first feature.
fn findings(from: &str, to: &str) -> Vec<String> {
    assert!(small::FEATURE.contains(from), "{from}");
    of(&small::FEATURE.replacen(from, to, 1))
}

/// What is wrong with a first feature, without what the missing cases add.
fn of(feature: &str) -> Vec<String> {
    let features = [("small.feature", feature), ("other.feature", small::OTHER)];
    let suite = Suite::read(("catalogue.yaml", small::CATALOGUE), &features, &small::meanings);
    let Err(findings) = suite else { return Vec::new() };
    findings.iter().map(|found| format!("{} {found}", found.code)).collect()
}

/// Each change makes a finding that begins so.
fn prove(table: &[(&str, &str, &str)]) {
    for (from, to, expected) in table {
        let found = findings(from, to);
        assert!(found.iter().any(|line| line.starts_with(expected)), "{to}: {found:#?}");
    }
}

#[test]
fn the_small_suite_is_clean() {
    assert_eq!(of(small::FEATURE), Vec::<String>::new());
}

#[test]
fn every_trap_is_refused_at_its_line() {
    let table = [
        // The text is no Gherkin.
        ("    When the buyer pays 1", "    Whn the buyer pays 1", "L1 small.feature:11"),
        ("    Then the order is paid", "    Thn the order is paid", "L0 small.feature:1"),
        ("      | 1      | paid  |", "      | 1      |", "L0 small.feature:"),
        // A misspelt keyword is prose.
        ("  Background:", "  Backgroud:", "L1 small.feature:6"),
        ("  Background:\n", "  Backgroud:\n", "L1 small.feature:6: 'Backgroud:'"),
        ("    Given a shop\n\n", "    given a shop\n\n", "L1 small.feature:7"),
        ("  > It has", "  It has", "L1 small.feature:4"),
        ("    Examples:\n", "    Examples:\n    as follows\n", "L1 small.feature:22"),
        ("Scenario: One\n", "Scenario: One\n    A note.\n", "L1 small.feature:11"),
        // Scenarios are those of the catalogue.
        ("@AMS-PAY-001 ", "", "L2 small.feature:10: the scenario has 0"),
        ("@AMS-PAY-001 ", "@AMS-PAY-001 @AMS-PAY-002 ", "L2 small.feature:10: the scenario has 2"),
        ("@AMS-PAY-001 ", "@AMS-PAY-009 ", "L2 small.feature:10: AMS-PAY-009 does not stand"),
        ("@AMS-PAY-001 ", "@AMS-PAY-009 ", "L2 features/catalogue.yaml: AMS-PAY-001 has no"),
        ("@AMS-PAY-002 ", "@AMS-PAY-001 ", "L2 small.feature:16: AMS-PAY-001 has a scenario"),
        ("      | 2      | late  |\n", "", "L2 small.feature:16: the scenario has 1 rows"),
        ("    And the wallet agrees\n", "", "L2 small.feature:10: the scenario has 1 Then"),
        // Every sentence has one meaning.
        ("the wallet agrees", "the wallet nods", "L3 small.feature:13: no sentence"),
        ("the wallet agrees", "the wallet agrees twice", "L3 small.feature:13: 'the wallet"),
        ("    Given a shop\n\n", "    Given a stall\n\n", "L3 small.feature:7: no sentence"),
        ("| late  |", "| twice |", "L3 small.feature:19: 'the order is twice' has more"),
        // A scenario judges, and judges last.
        ("    Then the order is paid\n    And the wallet agrees\n", "", "L4 small.feature:10"),
        ("    When the buyer pays 1", "    And the buyer pays 1", "L4 small.feature:11: the first"),
        (
            "    When the buyer pays 1",
            "    * the buyer pays 1",
            "L4 small.feature:11: a step with *",
        ),
        (
            "    And the wallet",
            "    When the buyer pays 2\n    Then the wallet",
            "L4 small.feature:13",
        ),
        (
            "    Given a shop\n\n",
            "    Given a shop\n    Then the wallet agrees\n\n",
            "L4 small.feature:8",
        ),
    ];
    prove(&table);
}

#[test]
fn tags_outlines_documents_and_files_are_refused_at_their_line() {
    let table = [
        // Tags.
        ("@mandatory @user", "@serial @user", "L5 small.feature:10: @serial would"),
        ("@mandatory @user", "@retry-safe @user", "L5 small.feature:10: @retry-safe would"),
        ("@mandatory @user", "@allow.skipped @user", "L5 small.feature:10: @allow.skipped would"),
        ("@mandatory @user", "@urgent @user", "L5 small.feature:10: @urgent is no tag"),
        ("@mandatory @user", "@optional @user", "L5 small.feature:10: @optional contradicts"),
        ("@user-presented", "@cashier", "L5 small.feature:10: @cashier contradicts"),
        ("@payment\n", "@urgent\n", "L5 small.feature:2: @urgent is no tag"),
        // Outlines.
        (
            "    Examples:\n",
            "    @mandatory\n    Examples:\n",
            "L6 small.feature:22: the examples have tags",
        ),
        ("| amount | state |", "| amount | amount |", "L6 small.feature:22: the column 'amount'"),
        ("| amount | state |", "| amount | status |", "L6 small.feature:22: no step uses"),
        ("| amount | state |", "| amount | status |", "L6 small.feature:19: no column fills"),
        // Documents in steps.
        (
            "    And the wallet agrees",
            "    And the wallet agrees\n    \"\"\"json\n    x\n    \"\"\"",
            "L7 small.feature:14: the document has the media type 'json'",
        ),
        ("is <state>", "is <state>\n    \"\"\"\n    <a/>\n    \"\"\"", "L7 small.feature:19"),
        // Files.
        ("@payment", "\u{FEFF}@payment", "L8 small.feature:1"),
        ("the wallet agrees", "the wallet agrees # so", "L8 small.feature:13"),
    ];
    prove(&table);
}

#[test]
fn outlines_without_rows_are_refused() {
    let rows = "      | 1      | paid  |\n      | 2      | late  |\n";
    let head = "      | amount | state |\n";
    let expected = "L6 small.feature:21: the examples have no row";
    for to in
        [small::FEATURE.replace(rows, ""), small::FEATURE.replace(&(head.to_owned() + rows), "")]
    {
        let found = of(&to);
        assert!(found.iter().any(|line| line.starts_with(expected)), "{found:#?}");
    }
    let (without, _) = small::FEATURE.split_once("    Examples:").unwrap();
    let found = of(without);
    let expected = "L6 small.feature:16: the outline has no examples";
    assert!(found.iter().any(|line| line.starts_with(expected)), "{found:#?}");
}

#[test]
fn files_have_a_size() {
    let found = of(&format!("{}\n{}", small::FEATURE, "# x\n".repeat(1 << 18)));
    assert!(found.iter().any(|line| line.starts_with("L8 small.feature:1")), "{found:#?}");
    let scenario = "  @AMS-PAY-001\n  Scenario: One\n    Then the order is paid\n";
    let found = of(&format!("Feature: Many\n{}", scenario.repeat(501)));
    let expected = "L8 small.feature:1: the file has 501 scenarios";
    assert!(found.iter().any(|line| line.starts_with(expected)), "{found:#?}");
}

#[test]
fn another_language_has_no_scenarios() {
    let found = of(&format!("# language: zh-CN\n功能: x\n{}", &small::FEATURE[24..]));
    assert!(!found.is_empty());
}
