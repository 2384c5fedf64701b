//! `--help` in Chinese: the same commands and arguments, with the sentences of the table.

use std::ffi::OsString;

use clap::builder::PossibleValue;
use clap::{Arg, Command};
use evidence::words::{
    HELP_A_COMMAND, HELP_ALIAS, HELP_ANY_OPTIONS, HELP_ARGUMENTS, HELP_COMMANDS, HELP_DEFAULT,
    HELP_OPTIONS, HELP_USAGE, HELP_VALUES, HELP_VARIABLE, Language, Phrase, Sentence, table,
};

/// The language that the arguments or the environment ask for, found before anything is parsed:
/// what is wrong with a command line is said in it as well.
pub(super) fn language(arguments: &[OsString]) -> Language {
    let mut told = std::env::var("ASSAY_LANG").ok();
    let mut texts = arguments.iter().map(|text| text.to_string_lossy());
    while let Some(text) = texts.next() {
        let named = match text.split_once('=') {
            Some(("--lang", language)) => Some(language.to_owned()),
            None if text == "--lang" => texts.next().map(Into::into),
            None if text == "--" => break,
            Some(_) | None => None,
        };
        // What is no language of ours is a misuse, which the environment's language tells.
        told = named.filter(|language| language == "zh" || language == "en").or(told);
    }
    if told.as_deref() == Some("zh") { Language::Zh } else { Language::En }
}

/// The whole command line with its help in Chinese.
pub(super) fn in_chinese(mut command: Command) -> Command {
    // What clap adds by itself is there from now on, and takes other words as the rest does.
    command.build();
    said(command, &[])
}

/// The name of the about sentence of a command. `help` repeats the tree of the other commands.
fn key(path: &[String]) -> String {
    if path.last().is_some_and(|name| name == "help") {
        return "HELP".to_owned();
    }
    let names: Vec<&str> = path.iter().map(String::as_str).filter(|name| *name != "help").collect();
    if names.is_empty() { "ASSAY".to_owned() } else { names.join("_") }
}

/// The sentence of a command.
fn about(path: &[String]) -> Option<&'static Sentence> {
    Sentence::of_word("HELP", &key(path))
}

/// The sentence of an argument: its own, or that of every argument of its name.
fn about_argument(path: &[String], id: &str) -> Option<&'static Sentence> {
    let own = Sentence::of_word("HELP", &format!("{}_{id}", key(path)));
    own.or_else(|| Sentence::of_word("HELP_ANY", id))
}

fn said(command: Command, path: &[String]) -> Command {
    let template =
        format!("{{about-with-newline}}\n{}{{usage}}\n\n{{all-args}}{{after-help}}", HELP_USAGE.zh);
    let mut command = command
        .help_template(template)
        .subcommand_help_heading(HELP_COMMANDS.zh)
        .subcommand_value_name(HELP_A_COMMAND.zh);
    if let Some(sentence) = about(path) {
        command = command.about(sentence.zh).long_about(sentence.zh);
    }
    if let Some(after) = command.get_after_help().map(ToString::to_string) {
        command = command.after_help(examples(&after));
    }
    command.mut_args(|argument| said_argument(argument, path)).mut_subcommands(|command| {
        let path = [path, &[command.get_name().to_owned()]].concat();
        said(command, &path)
    })
}

fn said_argument(argument: Arg, path: &[String]) -> Arg {
    let Some(sentence) = about_argument(path, argument.get_id().as_str()) else { return argument };
    let heading = if argument.is_positional() { &HELP_ARGUMENTS } else { &HELP_OPTIONS };
    let zh = |phrase: Phrase| phrase.text(Language::Zh);
    let mut parts = vec![sentence.zh.to_owned()];
    let takes = argument.get_action().takes_values();
    let variable = argument.get_env().map(|name| name.to_string_lossy().into_owned());
    parts.extend(variable.map(|name| zh(HELP_VARIABLE.with([name]))));
    let values = argument.get_default_values().iter().filter(|_| takes);
    let defaults: Vec<_> = values.map(|value| value.to_string_lossy()).collect();
    if !defaults.is_empty() {
        parts.push(zh(HELP_DEFAULT.with([defaults.join(" ")])));
    }
    let possible = argument.get_possible_values();
    let possible: Vec<_> = possible.iter().filter(|_| takes).map(PossibleValue::get_name).collect();
    if !possible.is_empty() {
        parts.push(zh(HELP_VALUES.with([possible.join(", ")])));
    }
    let text = parts.join(" ");
    // What clap would say about these in English stands in the text already.
    argument
        .help(text.clone())
        .long_help(text)
        .help_heading(heading.zh)
        .hide_env(true)
        .hide_default_value(true)
        .hide_possible_values(true)
}

/// Examples stay as they are, with what is said about them in Chinese.
fn examples(text: &str) -> String {
    let zh = |text: &str| {
        let sentence = table().find(|it| it.key.starts_with("HELP_E") && it.en == text);
        sentence.map(|sentence| sentence.zh)
    };
    let lines = text.lines().map(|line| {
        // Behind a command, at a distance, may stand what it does.
        let said = line.trim_start().rsplit("  ").next().unwrap_or_default();
        match zh(said.trim_start()) {
            Some(chinese) => line.replace(said.trim_start(), chinese),
            None => line.to_owned(),
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// A text of clap with the words that it does not let be chosen.
pub(super) fn finished(text: &str, language: Language) -> String {
    match language {
        Language::En => text.to_owned(),
        Language::Zh => text
            .replace(HELP_ANY_OPTIONS.en, HELP_ANY_OPTIONS.zh)
            .replace(HELP_ALIAS.en, HELP_ALIAS.zh),
    }
}

#[cfg(test)]
mod tests {
    use clap::{Command, CommandFactory as _};
    use evidence::words::Language;

    use super::{about, about_argument, in_chinese, language};
    use crate::cli::Cli;

    fn walk(command: &Command, path: &[String], see: &mut dyn FnMut(&Command, &[String])) {
        see(command, path);
        for inner in command.get_subcommands() {
            walk(inner, &[path, &[inner.get_name().to_owned()]].concat(), see);
        }
    }

    #[test]
    fn every_command_and_argument_has_a_sentence_which_is_what_it_says_in_english() {
        let mut command = Cli::command();
        command.build();
        walk(&command, &[], &mut |command, path| {
            let sentence = about(path).unwrap_or_else(|| panic!("{path:?}"));
            assert_eq!(command.get_about().unwrap().to_string(), sentence.en);
            for argument in command.get_arguments() {
                let id = argument.get_id().as_str();
                let sentence = about_argument(path, id).unwrap_or_else(|| panic!("{path:?} {id}"));
                let english = argument.get_help().unwrap().to_string();
                let english = english.split(" (see ").next().unwrap();
                assert_eq!(english, sentence.en, "{path:?} {id}");
            }
        });
    }

    /// Whether a line is one of English: four words after each other.
    fn is_english(line: &str) -> bool {
        let runs = line.split(|c: char| !c.is_ascii_alphabetic() && c != ' ');
        runs.map(|run| run.split_whitespace().count()).any(|run| run > 3)
    }

    #[test]
    fn no_help_has_a_sentence_of_english_left() {
        let mut lines = 0;
        walk(&in_chinese(Cli::command()), &[], &mut |command, path| {
            let mut command = command.clone();
            for help in [command.render_long_help(), command.render_help()] {
                let help = super::finished(&help.to_string(), Language::Zh);
                for line in help.lines().filter(|line| !line.trim_start().starts_with("assay ")) {
                    let usage = line.starts_with("用法：assay ");
                    assert!(usage || !is_english(line), "{path:?}: {line}");
                    for word in
                        ["Usage", "Options", "Commands", "Arguments", "Example", "[def", "[alias"]
                    {
                        assert!(!line.contains(word), "{path:?}: {line}");
                    }
                    lines += 1;
                }
            }
        });
        assert!(lines > 200, "{lines}");
        assert!(is_english("Print help for the run"));
    }

    #[test]
    fn a_command_line_means_the_same_in_chinese() {
        for arguments in [
            &["assay", "run", "AMS-PAY-001", "--jobs", "3", "--gate", "selection"][..],
            &["assay", "list", "--tags", "@payment", "--json"],
            &["assay", "list", "--tag", "@payment", "--lang", "zh"],
            &["assay", "keys", "inspect", "-"],
            &["assay", "verify", "a.zip", "b.zip", "--trust", "k"],
        ] {
            let plain = Cli::command().try_get_matches_from(arguments).unwrap();
            let chinese = in_chinese(Cli::command()).try_get_matches_from(arguments).unwrap();
            assert_eq!(format!("{plain:?}"), format!("{chinese:?}"));
        }
    }

    #[test]
    fn the_language_is_known_before_anything_is_parsed() {
        for (arguments, asked) in [
            (&["assay", "--lang", "zh", "run"][..], Language::Zh),
            (&["assay", "run", "--lang=zh", "--nonsense"], Language::Zh),
            (&["assay", "--lang", "zh", "--lang", "en"], Language::En),
            (&["assay", "--lang", "fr"], Language::En),
            (&["assay", "--lang"], Language::En),
            (&["assay", "run", "--", "--lang", "zh"], Language::En),
        ] {
            let arguments: Vec<_> = arguments.iter().map(Into::into).collect();
            assert_eq!(language(&arguments), asked, "{arguments:?}");
        }
    }
}
