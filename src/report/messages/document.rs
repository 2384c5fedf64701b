//! A feature as the tree that cucumber's readers draw, and its runs as pickles. The id of a node is
//! its file and line: the same for the same suite.

use cucumber::gherkin::{Background, Examples, Rule, Scenario, Step, StepType, Table};
use serde_json::{Value, json};

use crate::report::outline::{Outline, Row, Scene, table_of};

impl Outline<'_> {
    /// The id of what begins in a line.
    fn node(&self, line: usize) -> String {
        format!("{}:{line}", self.path)
    }

    /// The file as it is.
    pub(super) fn source(&self) -> Value {
        json!({ "uri": self.path, "data": self.text, "mediaType": "text/x.cucumber.gherkin+plain" })
    }

    /// Its tree.
    pub(super) fn document(&self) -> Value {
        let feature = &self.feature;
        let line = feature.position.line;
        let background = feature.background.iter().map(|it| self.background(it));
        let scenarios = feature.scenarios.iter().map(|it| self.scenario(it));
        let rules = feature.rules.iter().map(|rule| self.rule(rule));
        let children: Vec<Value> = background.chain(scenarios).chain(rules).collect();
        let comments = self.comments();
        let comments: Vec<Value> =
            comments.map(|(line, text)| json!({ "location": at(line), "text": text })).collect();
        json!({
            "uri": self.path,
            "feature": {
                "location": at(line),
                "tags": self.tags(line, &feature.tags),
                "language": "en",
                "keyword": feature.keyword.trim(),
                "name": feature.name,
                "description": feature.description.as_deref().unwrap_or_default(),
                "children": children,
            },
            "comments": comments,
        })
    }

    fn tags(&self, line: usize, tags: &[String]) -> Vec<Value> {
        let tag = |name: &String| {
            let line = self.tag_line(line, name);
            json!({ "location": at(line), "name": format!("@{name}"), "id": self.tag(line, name) })
        };
        tags.iter().map(tag).collect()
    }

    fn tag(&self, line: usize, name: &str) -> String {
        format!("{}:@{name}", self.node(line))
    }

    fn rule(&self, rule: &Rule) -> Value {
        let line = rule.position.line;
        let background = rule.background.iter().map(|it| self.background(it));
        let scenarios = rule.scenarios.iter().map(|it| self.scenario(it));
        json!({ "rule": {
            "location": at(line),
            "tags": self.tags(line, &rule.tags),
            "keyword": rule.keyword.trim(),
            "name": rule.name,
            "description": rule.description.as_deref().unwrap_or_default(),
            "children": background.chain(scenarios).collect::<Vec<_>>(),
            "id": self.node(line),
        } })
    }

    fn background(&self, background: &Background) -> Value {
        let line = background.position.line;
        json!({ "background": {
            "location": at(line),
            "keyword": background.keyword.trim(),
            "name": background.name,
            "description": background.description.as_deref().unwrap_or_default(),
            "steps": background.steps.iter().map(|it| self.step(it)).collect::<Vec<_>>(),
            "id": self.node(line),
        } })
    }

    fn scenario(&self, scenario: &Scenario) -> Value {
        let line = scenario.position.line;
        json!({ "scenario": {
            "location": at(line),
            "tags": self.tags(line, &scenario.tags),
            "keyword": scenario.keyword.trim(),
            "name": scenario.name,
            "description": scenario.description.as_deref().unwrap_or_default(),
            "steps": scenario.steps.iter().map(|it| self.step(it)).collect::<Vec<_>>(),
            "examples": scenario.examples.iter().map(|it| self.examples(it)).collect::<Vec<_>>(),
            "id": self.node(line),
        } })
    }

    fn step(&self, step: &Step) -> Value {
        let (line, keyword) = (step.position.line, step.keyword.trim());
        let kind = match (keyword, step.ty) {
            ("And" | "But", _) => "Conjunction",
            (_, StepType::Given) => "Context",
            (_, StepType::When) => "Action",
            (_, StepType::Then) => "Outcome",
        };
        let mut told = json!({
            "location": at(line),
            "keyword": format!("{keyword} "),
            "keywordType": kind,
            "text": step.value,
            "id": self.node(line),
        });
        if let Some(table) = &step.table {
            let rows = table.rows.iter().zip(self.row_lines(line));
            let rows: Vec<Value> = rows.map(|(cells, line)| self.row(cells, line)).collect();
            told["dataTable"] = json!({ "location": at(line + 1), "rows": rows });
        }
        told
    }

    fn examples(&self, examples: &Examples) -> Value {
        let line = examples.position.line;
        let mut lines = self.row_lines(line);
        let (names, rows) = table_of(examples).unwrap_or_default();
        let header = lines.next().map(|line| self.row(names, line));
        let rows: Vec<Value> =
            rows.iter().zip(lines).map(|(cells, line)| self.row(cells, line)).collect();
        let mut told = json!({
            "location": at(line),
            "tags": self.tags(line, &examples.tags),
            "keyword": examples.keyword.trim(),
            "name": examples.name.as_deref().unwrap_or_default(),
            "description": examples.description.as_deref().unwrap_or_default(),
            "tableBody": rows,
            "id": self.node(line),
        });
        if let Some(header) = header {
            told["tableHeader"] = header;
        }
        told
    }

    fn row(&self, cells: &[String], line: usize) -> Value {
        let cell = |text: &String| json!({ "location": at(line), "value": text });
        let cells: Vec<Value> = cells.iter().map(cell).collect();
        json!({ "location": at(line), "cells": cells, "id": self.node(line) })
    }
}

impl Scene<'_> {
    /// The scenario as it is played in a run, whose steps are named after it.
    pub(super) fn pickle(&self, run: &str, row: Option<&Row<'_>>) -> Value {
        let line = self.scenario.position.line;
        let fill = |text: &str| row.map_or_else(|| text.to_owned(), |row| row.fill(text));
        let nodes = |line: usize| {
            let lines = [Some(line), row.map(|row| row.line)];
            lines.into_iter().flatten().map(|it| self.outline.node(it)).collect::<Vec<_>>()
        };
        let step = |(number, step): (usize, &&Step)| {
            let kind = match step.ty {
                StepType::Given => "Context",
                StepType::When => "Action",
                StepType::Then => "Outcome",
            };
            let mut told = json!({
                "id": pickle_step(run, number),
                "text": fill(&step.value),
                "type": kind,
                "astNodeIds": nodes(step.position.line),
            });
            if let Some(table) = &step.table {
                told["argument"] = json!({ "dataTable": argument(table, &fill) });
            }
            told
        };
        let feature = &self.outline.feature;
        let tags = [(feature.position.line, &feature.tags), (line, &self.scenario.tags)];
        let tags = tags.into_iter().flat_map(|(line, tags)| {
            tags.iter().map(move |name| {
                let node = self.outline.tag(self.outline.tag_line(line, name), name);
                json!({ "name": format!("@{name}"), "astNodeId": node })
            })
        });
        json!({
            "id": run,
            "uri": self.outline.path,
            "location": at(row.map_or(line, |row| row.line)),
            "name": fill(&self.scenario.name),
            "language": "en",
            "steps": self.steps.iter().enumerate().map(step).collect::<Vec<_>>(),
            "tags": tags.collect::<Vec<_>>(),
            "astNodeIds": nodes(line),
        })
    }
}

/// The id of a step of a run, from 0.
pub(super) fn pickle_step(run: &str, number: usize) -> String {
    format!("{run} step {}", number + 1)
}

fn argument(table: &Table, fill: &impl Fn(&str) -> String) -> Value {
    let cell = |text: &String| json!({ "value": fill(text) });
    let row = |row: &Vec<String>| json!({ "cells": row.iter().map(cell).collect::<Vec<_>>() });
    json!({ "rows": table.rows.iter().map(row).collect::<Vec<_>>() })
}

fn at(line: usize) -> Value {
    json!({ "line": line })
}
