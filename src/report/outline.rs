//! The features as Gherkin has them: which line says what. For the formats that point at lines.

use cucumber::gherkin::{
    Background, Examples, Feature, GherkinEnv, Rule, Scenario, Step, StepType,
};

/// A feature file, read.
pub(super) struct Outline<'a> {
    /// Its path.
    pub path: &'a str,
    /// Its text.
    pub text: &'a str,
    /// What stands in it.
    pub feature: Feature,
    lines: Vec<&'a str>,
}

/// The scenario of a case.
pub(super) struct Scene<'a> {
    /// The file that it stands in.
    pub outline: &'a Outline<'a>,
    /// As it stands there, its examples not filled in.
    pub scenario: &'a Scenario,
    /// The steps of its backgrounds, and its own.
    pub steps: Vec<&'a Step>,
}

/// A row of a scenario's examples.
pub(super) struct Row<'a> {
    /// Its line in the file.
    pub line: usize,
    names: &'a [String],
    cells: &'a [String],
}

impl<'a> Outline<'a> {
    /// All features that can be read; those of a suite can.
    pub(super) fn all(features: &'a [(String, String)]) -> Vec<Self> {
        let read = |(path, text): &'a (String, String)| {
            let feature = Feature::parse(text, GherkinEnv::default()).ok()?;
            Some(Self { path, text, feature, lines: text.lines().collect() })
        };
        features.iter().filter_map(read).collect()
    }

    /// The scenario with the tag of a case.
    pub(super) fn scene(&'a self, case: &str) -> Option<Scene<'a>> {
        let feature = &self.feature;
        let of_rules = feature.rules.iter().flat_map(|rule| {
            let scenarios = rule.scenarios.iter();
            scenarios.map(move |scenario| (Some(rule), scenario)).collect::<Vec<_>>()
        });
        let mut all = feature.scenarios.iter().map(|scenario| (None, scenario)).chain(of_rules);
        let (rule, scenario) = all.find(|(_, it)| it.tags.iter().any(|tag| tag == case))?;
        let backgrounds = [feature.background.as_ref(), rule.and_then(of_rule)];
        let steps = backgrounds.into_iter().flatten().flat_map(|background| &background.steps);
        Some(Scene { outline: self, scenario, steps: steps.chain(&scenario.steps).collect() })
    }

    /// The line of a tag, which stands above what begins in `line`.
    pub(super) fn tag_line(&self, line: usize, tag: &str) -> usize {
        let above = self.lines.get(..line.saturating_sub(1)).unwrap_or_default();
        let has = |text: &str| text.split_whitespace().any(|it| it.strip_prefix('@') == Some(tag));
        let tags = above.iter().enumerate().rev();
        let found = tags.take_while(|(_, text)| text.trim_start().starts_with(['@', '#']));
        found.into_iter().find(|(_, text)| has(text)).map_or(line, |(at, _)| at + 1)
    }

    /// The lines of the rows of a table that begins below a line.
    pub(super) fn row_lines(&self, below: usize) -> impl Iterator<Item = usize> + '_ {
        let lines = self.lines.iter().enumerate().skip(below);
        lines.filter(|(_, text)| text.trim_start().starts_with('|')).map(|(at, _)| at + 1)
    }

    /// The comments, each with its line.
    pub(super) fn comments(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.lines.iter().enumerate();
        lines.filter(|(_, text)| text.trim_start().starts_with('#')).map(|(at, it)| (at + 1, *it))
    }
}

fn of_rule(rule: &Rule) -> Option<&Background> {
    rule.background.as_ref()
}

impl<'a> Scene<'a> {
    /// The scenario of a case among features.
    pub(super) fn of(outlines: &'a [Outline<'a>], case: &str) -> Option<Self> {
        outlines.iter().find_map(|outline| outline.scene(case))
    }

    /// A row of its examples, from 1, through all tables.
    pub(super) fn row(&self, number: u32) -> Option<Row<'a>> {
        let mut left = usize::try_from(number.checked_sub(1)?).ok()?;
        for examples in &self.scenario.examples {
            let Some((names, rows)) = table_of(examples) else { continue };
            if let Some(cells) = rows.get(left) {
                let line = self.outline.row_lines(examples.position.line).nth(left + 1)?;
                return Some(Row { line, names, cells });
            }
            left -= rows.len();
        }
        None
    }

    /// The line that a check stands in: that of its Then step, or of the scenario for one that
    /// stands in none.
    pub(super) fn line_of(&self, check: Option<&str>) -> usize {
        let number = check.and_then(|name| name.parse::<usize>().ok());
        let mut judging = self.steps.iter().filter(|step| step.ty == StepType::Then);
        let step = number.and_then(|number| judging.nth(number.checked_sub(1)?));
        step.map_or(self.scenario.position.line, |step| step.position.line)
    }
}

/// The names of a table of examples, and its rows.
pub(super) fn table_of(examples: &Examples) -> Option<(&[String], &[Vec<String>])> {
    let (names, rows) = examples.table.as_ref()?.rows.split_first()?;
    Some((names, rows))
}

impl Row<'_> {
    /// A text with the cells in place of their names.
    pub(super) fn fill(&self, text: &str) -> String {
        let pairs = self.names.iter().zip(self.cells);
        pairs.fold(text.to_owned(), |text, (name, cell)| text.replace(&format!("<{name}>"), cell))
    }
}

#[cfg(test)]
mod tests {
    use super::{Outline, Scene};
    use crate::suite::Suite;
    use evidence::CaseKey;

    /// Every run of the suite is found in its file, says what is played, and points at lines that say it.
    #[test]
    fn every_run_of_the_suite_is_found_again() {
        let suite = Suite::embedded().unwrap();
        let files = suite.files().iter().map(|file| (file.path.clone(), file.text.clone()));
        let files: Vec<(String, String)> = files.collect();
        let outlines = Outline::all(&files);
        assert_eq!(outlines.len(), files.len());
        let mut rows = 0;
        for case in &suite.catalogue().cases {
            let scene = Scene::of(&outlines, &case.id).unwrap();
            let lines: Vec<&str> = scene.outline.text.lines().collect();
            assert!(lines[scene.line_of(None) - 1].contains("Scenario"), "{}", case.id);
            for number in 1..=case.rows {
                let product = case.products.iter().find(|it| case.knows_row(it, number)).unwrap();
                let key = CaseKey {
                    case: case.id.clone(),
                    product: (case.products.len() > 1).then(|| product.clone()),
                    row: (case.rows > 1).then_some(number),
                };
                let planned = suite.planned(&key).unwrap();
                let row = scene.row(number);
                let told = scene.steps.iter().map(|step| {
                    row.as_ref().map_or_else(|| step.value.clone(), |row| row.fill(&step.value))
                });
                let played = planned.steps().iter().map(|step| step.value.clone());
                assert!(told.eq(played), "{key}");
                if let Some(row) = row {
                    let cell = &row.cells[0];
                    assert!(lines[row.line - 1].trim_start().starts_with('|'), "{key}");
                    assert!(lines[row.line - 1].contains(cell.as_str()), "{key}: {cell}");
                    rows += 1;
                }
            }
            for (number, step) in (1..).zip(planned_then(&scene)) {
                let line = scene.line_of(Some(&i32::to_string(&number)));
                assert!(lines[line - 1].contains(step), "{}: {step}", case.id);
            }
        }
        assert!(rows > 200, "{rows}");
    }

    fn planned_then<'a>(scene: &Scene<'a>) -> Vec<&'a str> {
        let then = cucumber::gherkin::StepType::Then;
        let steps = scene.steps.iter().filter(|step| step.ty == then);
        steps.map(|step| step.value.as_str()).collect()
    }
}
