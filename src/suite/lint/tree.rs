//! Rules about a file as the engine reads it, before examples are filled in.

use std::collections::BTreeSet;

use cucumber::gherkin::{Background, Examples, Feature, LineCol, Scenario, Step, StepType};
use evidence::words::{
    LINT_COLUMN_TWICE, LINT_COLUMN_UNUSED, LINT_COMMENT, LINT_COMMENT_DO, LINT_DOCUMENT_PLACE,
    LINT_DOCUMENT_PLACE_DO, LINT_EXAMPLES_TAGS, LINT_EXAMPLES_TAGS_DO, LINT_FIRST_STEP,
    LINT_FIRST_STEP_DO, LINT_MANY, LINT_MEDIA_TYPE, LINT_MEDIA_TYPE_DO, LINT_NO_EXAMPLES,
    LINT_NO_EXAMPLES_DO, LINT_NO_ROWS, LINT_NO_THEN, LINT_NO_THEN_DO, LINT_ORDER, LINT_ORDER_DO,
    LINT_OUTLINE_DO, LINT_PLACE_UNKNOWN, LINT_PROSE, LINT_PROSE_DO, LINT_SPLIT_DO, LINT_STAR,
    LINT_STAR_DO, LINT_THEN_IN_BACKGROUND, LINT_THEN_IN_BACKGROUND_DO, Phrase, Sentence,
};

use super::{finding, is_star};
use crate::finding::Finding;

/// The most scenarios a file may have; the engine's time grows with their square.
const MOST: usize = 500;

/// L1, L4, L6, L7 and L8 on the tree.
pub(in crate::suite) fn tree(path: &str, text: &str, feature: &Feature) -> Vec<Finding> {
    let mut tree = Tree { path, lines: text.lines().collect(), findings: Vec::new() };
    tree.feature(feature);
    tree.findings
}

/// Collects what is wrong with one file.
struct Tree<'a> {
    path: &'a str,
    lines: Vec<&'a str>,
    findings: Vec<Finding>,
}

impl Tree<'_> {
    fn add(&mut self, code: &'static str, line: usize, says: Phrase, advice: &'static Sentence) {
        self.findings.push(finding(code, self.path, line, says, advice));
    }

    fn feature(&mut self, feature: &Feature) {
        let marked = |line: &str| line.trim().is_empty() || line.trim_start().starts_with("> ");
        let prose = feature.description.as_deref().unwrap_or_default();
        if let Some(line) = prose.lines().find(|line| !marked(line)) {
            self.prose(feature.position, Some(line));
        }
        let mut scenarios: Vec<&Scenario> = feature.scenarios.iter().collect();
        if let Some(background) = &feature.background {
            self.background(background);
        }
        for rule in &feature.rules {
            self.no_prose(rule.position, rule.description.as_deref());
            if let Some(background) = &rule.background {
                self.background(background);
            }
            scenarios.extend(&rule.scenarios);
        }
        if scenarios.len() > MOST {
            let numbers = [scenarios.len().to_string(), MOST.to_string()];
            self.add("L8", feature.position.line, LINT_MANY.with(numbers), &LINT_SPLIT_DO);
        }
        for scenario in scenarios {
            self.scenario(scenario);
        }
    }

    fn no_prose(&mut self, owner: LineCol, prose: Option<&str>) {
        if let Some(prose) = prose {
            self.prose(owner, prose.lines().find(|line| !line.trim().is_empty()));
        }
    }

    /// L1, at the line of the prose itself, which the engine does not keep.
    fn prose(&mut self, owner: LineCol, prose: Option<&str>) {
        let prose = prose.unwrap_or_default().trim();
        let below = self.lines.iter().enumerate().skip(owner.line);
        let line = below.map(|(at, line)| (at + 1, line)).find(|(_, line)| line.trim() == prose);
        let line = line.map_or(owner.line, |(line, _)| line);
        self.add("L1", line, LINT_PROSE.with([prose]), &LINT_PROSE_DO);
    }

    fn background(&mut self, background: &Background) {
        self.no_prose(background.position, background.description.as_deref());
        self.first(background.steps.first());
        for step in &background.steps {
            self.step(step);
            if step.ty == StepType::Then {
                let at = step.position.line;
                self.add("L4", at, LINT_THEN_IN_BACKGROUND.plain(), &LINT_THEN_IN_BACKGROUND_DO);
            }
        }
    }

    fn scenario(&mut self, scenario: &Scenario) {
        let line = scenario.position.line;
        self.no_prose(scenario.position, scenario.description.as_deref());
        self.first(scenario.steps.first());
        let mut judged = false;
        for step in &scenario.steps {
            self.step(step);
            match step.ty {
                StepType::Then => judged = true,
                StepType::Given | StepType::When if judged => {
                    self.add("L4", step.position.line, LINT_ORDER.plain(), &LINT_ORDER_DO);
                }
                StepType::Given | StepType::When => {}
            }
        }
        if !judged {
            self.add("L4", line, LINT_NO_THEN.plain(), &LINT_NO_THEN_DO);
        }
        let outline = scenario.keyword.contains("Outline") || scenario.keyword.contains("Template");
        if outline || !scenario.examples.is_empty() {
            self.outline(scenario);
        }
    }

    fn first(&mut self, step: Option<&Step>) {
        if let Some(step) = step
            && matches!(step.keyword.trim(), "And" | "But")
        {
            self.add("L4", step.position.line, LINT_FIRST_STEP.plain(), &LINT_FIRST_STEP_DO);
        }
    }

    fn step(&mut self, step: &Step) {
        let line = step.position.line;
        if is_star(&step.keyword) {
            self.add("L4", line, LINT_STAR.plain(), &LINT_STAR_DO);
        }
        if step.value.contains('#') {
            self.add("L8", line, LINT_COMMENT.with([&step.value]), &LINT_COMMENT_DO);
        }
        let opening = step.docstring.as_deref().and_then(|document| document.lines().next());
        if let Some(media_type) = opening.map(str::trim).filter(|opening| !opening.is_empty()) {
            self.add("L7", line + 1, LINT_MEDIA_TYPE.with([media_type]), &LINT_MEDIA_TYPE_DO);
        }
    }

    fn outline(&mut self, scenario: &Scenario) {
        let line = scenario.position.line;
        if scenario.examples.is_empty() {
            self.add("L6", line, LINT_NO_EXAMPLES.plain(), &LINT_NO_EXAMPLES_DO);
        }
        for step in &scenario.steps {
            if step.docstring.as_deref().is_some_and(|document| document.contains('<')) {
                let at = step.position.line;
                self.add("L7", at, LINT_DOCUMENT_PLACE.plain(), &LINT_DOCUMENT_PLACE_DO);
            }
        }
        let used = places(scenario);
        for examples in &scenario.examples {
            self.examples(examples, &used);
        }
    }

    fn examples(&mut self, examples: &Examples, used: &[(usize, String)]) {
        let line = examples.position.line;
        self.no_prose(examples.position, examples.description.as_deref());
        if !examples.tags.is_empty() {
            self.add("L6", line, LINT_EXAMPLES_TAGS.plain(), &LINT_EXAMPLES_TAGS_DO);
        }
        let rows = examples.table.as_ref().map(|table| table.rows.as_slice()).unwrap_or_default();
        let Some((columns, [_, ..])) = rows.split_first() else {
            self.add("L6", line, LINT_NO_ROWS.plain(), &LINT_NO_EXAMPLES_DO);
            return;
        };
        let head = examples.table.as_ref().map_or(line, |table| table.position.line);
        let mut known = BTreeSet::new();
        for column in columns {
            if !known.insert(column.as_str()) {
                self.add("L6", head, LINT_COLUMN_TWICE.with([column]), &LINT_OUTLINE_DO);
            }
            if !used.iter().any(|(_, place)| place == column) {
                self.add("L6", head, LINT_COLUMN_UNUSED.with([column]), &LINT_OUTLINE_DO);
            }
        }
        for (at, place) in used.iter().filter(|(_, place)| !known.contains(place.as_str())) {
            self.add("L6", *at, LINT_PLACE_UNKNOWN.with([place]), &LINT_OUTLINE_DO);
        }
    }
}

/// Every place `<name>` of an outline with the line of its step, by the engine's own rule of what
/// one is.
fn places(scenario: &Scenario) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut look = |line: usize, text: &str| {
        let mut rest = text;
        while let Some((_, after)) = rest.split_once('<') {
            let name = after.split_once('>').map(|(name, _)| name).filter(|name| {
                !name.is_empty() && name.trim() == *name && !name.contains(['\t', '\n', '\r'])
            });
            rest = after;
            if let Some(name) = name {
                found.push((line, name.to_owned()));
                rest = after.get(name.len()..).unwrap_or_default();
            }
        }
    };
    look(scenario.position.line, &scenario.name);
    for step in &scenario.steps {
        let line = step.position.line;
        look(line, &step.value);
        look(line, step.docstring.as_deref().unwrap_or_default());
        for cell in step.table.iter().flat_map(|table| &table.rows).flatten() {
            look(line, cell);
        }
    }
    found
}
