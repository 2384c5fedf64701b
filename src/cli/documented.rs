//! The commands in `docs/ci/`: each has to be one of ours.

use std::fs;
use std::path::Path;

use clap::CommandFactory as _;
use serde::Deserialize as _;
use serde_yaml::Value;

use super::Cli;

fn read(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/ci");
    fs::read_to_string(folder.join(name)).unwrap()
}

/// The arguments of every `assay` that a shell would start, its variables filled with something.
fn commands(text: &str) -> Vec<Vec<String>> {
    let text = text.replace("\\\n", " ");
    let mut commands = vec![];
    for line in text.lines().filter(|line| !line.trim_start().starts_with(['#', '/', '*'])) {
        let starts = line.match_indices("assay ").filter(|(at, _)| {
            let before = line[..*at].trim_end();
            // At the beginning of a line, of an item, of a value, or of a text for a shell.
            before.is_empty() || before.ends_with(['-', ':', '\'', '&', '|'])
        });
        commands.extend(starts.map(|(at, _)| arguments(&line[at..])));
    }
    commands
}

/// The words of a command up to whatever ends it, as a shell would take them apart.
fn arguments(line: &str) -> Vec<String> {
    let mut words = vec![];
    let (mut word, mut quoted) = (String::new(), false);
    let line =
        line.replace("$((JOB_COMPLETION_INDEX + 1))", "1").replace("${{ matrix.shard }}", "1");
    let line = ["$CI_NODE_INDEX", "$CI_NODE_TOTAL", "$SHARD", "$JOB_COMPLETION_INDEX"]
        .iter()
        .fold(line, |line, name| line.replace(name, "1"));
    for character in line.chars() {
        match character {
            '"' => quoted = !quoted,
            '\'' | '|' | '>' | ';' | '&' | ')' if !quoted => break,
            ' ' if !quoted => words.push(std::mem::take(&mut word)),
            other => word.push(other),
        }
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    assert!(words.iter().all(|word| !word.contains('$')), "an unknown variable: {words:?}");
    words
}

#[test]
fn every_command_of_the_examples_for_ci_is_one_of_ours() {
    for (name, least) in [
        ("github-actions.yml", 3),
        ("gitlab-ci.yml", 2),
        ("Jenkinsfile", 2),
        ("kubernetes.yaml", 2),
        ("README.md", 2),
    ] {
        let commands = commands(&read(name));
        assert!(commands.len() >= least, "{name}: {commands:?}");
        for command in &commands {
            let parsed = Cli::command().try_get_matches_from(command);
            assert!(parsed.is_ok(), "{name}: {command:?}: {}", parsed.unwrap_err());
        }
        if name != "README.md" {
            let of = |what: &str| commands.iter().filter(|command| command[1] == what).count();
            assert_eq!((of("run"), of("merge")), (1, 1), "{name}");
        }
    }
    assert_eq!(arguments("assay run --out \"a b\" || exit 1"), ["assay", "run", "--out", "a b"]);
    let wrong = Cli::command().try_get_matches_from(["assay", "run", "--shards", "1/4"]);
    assert!(wrong.is_err(), "what is no command of ours is refused");
}

/// Every document of a file.
fn documents(name: &str) -> Vec<Value> {
    let text = read(name);
    let documents = serde_yaml::Deserializer::from_str(&text);
    documents.map(|document| Value::deserialize(document).unwrap()).collect()
}

#[test]
fn the_examples_for_ci_have_the_shape_that_their_systems_want() {
    let github = &documents("github-actions.yml")[0];
    for job in ["play", "join"] {
        let steps = github["jobs"][job]["steps"].as_sequence().unwrap();
        assert!(steps.iter().all(|step| step.get("run").is_some() != step.get("uses").is_some()));
        assert!(github["jobs"][job]["runs-on"].is_string());
    }
    assert_eq!(github["jobs"]["join"]["needs"], Value::from("play"));
    let shares = github["jobs"]["play"]["strategy"]["matrix"]["shard"].as_sequence().unwrap();
    let gitlab = &documents("gitlab-ci.yml")[0];
    for job in ["play", "join"] {
        assert!(gitlab[job]["script"].as_sequence().is_some_and(|it| it[0].is_string()), "{job}");
        let stages = gitlab["stages"].as_sequence().unwrap();
        assert!(stages.contains(&gitlab[job]["stage"]), "{job}");
    }
    assert_eq!(gitlab["play"]["parallel"], Value::from(shares.len()));
    let kubernetes = documents("kubernetes.yaml");
    let kinds: Vec<_> = kubernetes.iter().map(|it| it["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["PersistentVolumeClaim", "Job", "Job"]);
    let job = &kubernetes[1]["spec"];
    assert_eq!(job["completionMode"], Value::from("Indexed"));
    assert_eq!(job["completions"], Value::from(shares.len()));
    let jenkins = read("Jenkinsfile");
    let count = |what: char| jenkins.matches(what).count();
    assert_eq!((count('{'), count('(')), (count('}'), count(')')));
    assert!(jenkins.contains("pipeline {") && jenkins.contains("junit testResults"));
}
