//! Every example that is published means something: in the help of each command, in both languages,
//! and in the page that maps the gateway's tools to commands.

use clap::error::ErrorKind;
use clap::{Command, CommandFactory as _};

use super::Cli;
use super::help::in_chinese;

/// The words of the commands of ours in a text for a shell.
fn commands(text: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let pieces: Vec<&str> = text.split("\\\n").map(str::trim_start).collect();
    for line in pieces.join("").lines() {
        // A description stands at a distance behind the command.
        let line = line.trim().trim_start_matches("$ ");
        let line = line.split_once("  ").map_or(line, |(command, _)| command);
        let mut words: Vec<String> = Vec::new();
        for word in split(line).into_iter().chain(["|".to_owned()]) {
            if !["|", "&&", ";", ">", ">>"].contains(&word.as_str()) {
                words.push(word);
                continue;
            }
            if words.first().is_some_and(|first| first == "assay") {
                found.push(std::mem::take(&mut words));
            }
            // What follows a > is a file.
            words = if word.starts_with('>') { vec![word] } else { Vec::new() };
        }
    }
    found
}

/// The words of a line, as a shell splits them.
fn split(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for character in line.chars() {
        match (quote, character) {
            (Some(open), close) if open == close => quote = None,
            (None, '\'' | '"') => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            (None, blank) if blank.is_whitespace() => words.extend(word.take()),
            (_, other) => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    words
}

/// Why a command line means nothing; help and version are answers.
fn refusal(command: &Command, words: &[String]) -> Option<String> {
    let error = command.clone().try_get_matches_from(words).err()?;
    let answers = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    (!answers).then(|| error.to_string())
}

#[test]
fn every_command_has_examples_of_its_own_that_mean_something() {
    let mut seen = 0;
    for root in [Cli::command(), in_chinese(Cli::command())] {
        let mut built = root.clone();
        built.build();
        let mut open: Vec<(Command, Vec<String>)> = vec![(built, vec!["assay".to_owned()])];
        while let Some((command, path)) = open.pop() {
            if command.get_name() == "help" {
                continue;
            }
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            let commands = commands(&help);
            let own = commands.iter().any(|words| words.starts_with(&path));
            assert!(own, "{path:?} has no example of its own: {help}");
            for words in commands {
                assert_eq!(refusal(&root, &words), None, "{words:?}");
                seen += 1;
            }
            for inner in command.get_subcommands() {
                let path = [&path[..], &[inner.get_name().to_owned()]].concat();
                open.push((inner.clone(), path));
            }
        }
    }
    assert!(seen > 60, "{seen}");
}

#[test]
fn a_misspelt_example_would_be_found() {
    let misspelt =
        commands("  assay run --jbos 3 > log   and a description\n  cat k | assay keys open");
    assert_eq!(misspelt, [vec!["assay", "run", "--jbos", "3"], vec!["assay", "keys", "open"]]);
    for words in misspelt {
        assert!(refusal(&Cli::command(), &words).is_some(), "{words:?}");
    }
    let quoted = commands("assay list --tag '@payment and not @optional'");
    assert_eq!(quoted, [vec!["assay", "list", "--tag", "@payment and not @optional"]]);
}

/// The page for those who know the gateway's own tools.
const TOOLS: &str = include_str!("../../docs/tools.md");

#[test]
fn the_page_about_the_gateways_tools_names_commands_that_there_are() {
    let spans = TOOLS.split('`').skip(1).step_by(2);
    let mut seen = 0;
    for span in spans.filter(|span| span.starts_with("assay ")) {
        for words in commands(span) {
            // The bare name of a command stands for it.
            let named =
                |command: &Command| Some(command.get_name()) == words.get(1).map(|it| &**it);
            let bare = words.len() == 2 && Cli::command().get_subcommands().any(named);
            assert!(bare || refusal(&Cli::command(), &words).is_none(), "{span}");
            seen += 1;
        }
    }
    assert!(seen > 15, "{seen}");
    // Every command but those that have no counterpart stands there.
    for command in Cli::command().get_subcommands() {
        let name = format!("`assay {}", command.get_name());
        assert!(TOOLS.contains(&name), "{name} is missing in docs/tools.md");
    }
}
