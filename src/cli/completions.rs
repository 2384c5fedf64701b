//! `assay completions`: what a shell completes, as a script for it.

use std::collections::BTreeSet;

use clap::builder::PossibleValuesParser;
use clap::{Args, Command, CommandFactory as _, ValueEnum};
use evidence::words::Language;
use protocol::sample::{Call, fields};

use super::output::Terminal;
use super::{Cli, help};
use crate::exit::{CommandError, Exit};
use crate::suite::{SUITES, Suite};

/// Write the completions for a shell.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  assay completions bash > ~/.local/share/bash-completion/completions/assay
  assay completions zsh > ~/.zfunc/_assay
  assay completions fish > ~/.config/fish/completions/assay.fish
  assay completions powershell >> $PROFILE")]
pub(super) struct Completions {
    /// The shell.
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

/// A shell, as the command line names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Shell {
    /// GNU Bash.
    Bash,
    /// Z shell.
    Zsh,
    /// fish.
    Fish,
    /// `PowerShell`.
    Powershell,
    /// Elvish.
    Elvish,
}

impl Completions {
    pub(super) fn perform(&self, terminal: &mut Terminal) -> Result<Exit, CommandError> {
        let suite = Suite::embedded().map_err(CommandError::Suite)?;
        terminal.raw(&script(self.shell, &suite, terminal.language()));
        Ok(Exit::Acceptable)
    }
}

/// The script. The cases of this release stand in it: a shell that had to ask would wait.
fn script(shell: Shell, suite: &Suite, language: Language) -> String {
    let shell = match shell {
        Shell::Bash => clap_complete::Shell::Bash,
        Shell::Zsh => clap_complete::Shell::Zsh,
        Shell::Fish => clap_complete::Shell::Fish,
        Shell::Powershell => clap_complete::Shell::PowerShell,
        Shell::Elvish => clap_complete::Shell::Elvish,
    };
    let command = match language {
        Language::En => Cli::command(),
        Language::Zh => help::in_chinese(Cli::command()),
    };
    let mut command = with_names(command, suite);
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, "assay", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

/// The command line, with suites, cases and fields where they are named.
fn with_names(command: Command, suite: &Suite) -> Command {
    let cases: Vec<String> = suite.catalogue().cases.iter().map(|case| case.id.clone()).collect();
    let named = SUITES.iter().map(|suite| (*suite).to_owned()).chain(cases.iter().cloned());
    let (named, cases) =
        (PossibleValuesParser::new(named.collect::<Vec<_>>()), PossibleValuesParser::new(cases));
    command
        .mut_subcommand("run", |run| run.mut_arg("wanted", |arg| arg.value_parser(named)))
        .mut_subcommand("diagnose", |it| it.mut_arg("case", |arg| arg.value_parser(cases)))
        .mut_subcommand("send", |send| {
            send.mut_arg("set", |arg| arg.value_parser(named_fields("=")))
                .mut_arg("unset", |arg| arg.value_parser(named_fields("")))
        })
}

/// The fields of all calls, with what stands behind each: a shell does not know which call is meant.
fn named_fields(behind: &str) -> PossibleValuesParser {
    let all: BTreeSet<&str> = Call::all().flat_map(fields).collect();
    // A place in a list is a number.
    let named = all.into_iter().filter(|path| !path.contains('#'));
    PossibleValuesParser::new(named.map(|path| format!("{path}{behind}")).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use clap::ValueEnum as _;
    use evidence::words::Language;

    use super::{Shell, script};
    use crate::suite::Suite;

    #[test]
    fn every_shell_is_told_every_command_and_what_it_can_be_told() {
        let suite = Suite::embedded().unwrap();
        for language in [Language::En, Language::Zh] {
            for shell in Shell::value_variants() {
                let script = script(*shell, &suite, language);
                // Not every shell is told the values of what stands without a flag, or any values.
                let cases: &[&str] = match shell {
                    Shell::Bash | Shell::Zsh => &["LEG-PAY-001", "mandatory"],
                    Shell::Fish => &["mandatory", "barcode"],
                    Shell::Powershell | Shell::Elvish => &[],
                };
                for word in ["diagnose", "convert", "gateway-public-key"].iter().chain(cases) {
                    assert!(script.contains(word), "{shell:?} {word}");
                }
            }
        }
    }

    /// What bash offers for the last of some words.
    fn offered(script: &str, words: &[&str]) -> String {
        let last = words.len() - 1;
        let ask = format!(
            "{script}\nCOMP_WORDS=({}); COMP_CWORD={last}; _assay assay '{}' '{}'; echo \"${{COMPREPLY[*]}}\"",
            words.join(" "),
            words[last],
            words[last - 1],
        );
        let ran = Command::new("bash").args(["--norc", "-c", &ask]).output().unwrap();
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        String::from_utf8(ran.stdout).unwrap().trim().to_owned()
    }

    #[test]
    fn bash_completes_commands_flags_values_and_cases() {
        if Command::new("bash").arg("--version").output().is_err() {
            assert!(std::env::var_os("CI").is_none(), "CI needs bash");
            return;
        }
        let script = script(Shell::Bash, &Suite::embedded().unwrap(), Language::En);
        for (words, expected) in [
            (&["assay", "compl"][..], "completions"),
            (&["assay", "keys", "conv"], "convert"),
            (&["assay", "run", "AMS-PAY-001"], "AMS-PAY-001"),
            (&["assay", "run", "refund"], "refund-cancel"),
            (&["assay", "list", "--level", "opt"], "optional"),
            (&["assay", "run", "--see"], "--seed"),
            (&["assay", "completions", "po"], "powershell"),
            (&["assay", "send", "inquiryRef"], "inquiryRefund"),
            (&["assay", "send", "pay", "--set", "order.orderDesc"], "order.orderDescription="),
            (&["assay", "send", "refund", "--unset", "refundReas"], "refundReason"),
        ] {
            assert_eq!(offered(&script, words), expected, "{words:?}");
        }
    }
}
