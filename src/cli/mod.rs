//! The command line: one file for each command, and the only room that writes to the terminal.

mod ca;
mod certify;
mod challenge_file;
mod check;
mod completions;
mod diagnose;
#[cfg(test)]
mod documented;
#[cfg(test)]
mod examples;
mod help;
mod init;
mod key_file;
mod keys;
mod list;
mod merge;
mod misuse;
mod mock;
mod notify;
pub mod output;
mod report;
mod review;
mod reviewer;
mod run;
mod sandbox;
mod schema;
mod send;
mod verify;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand, ValueEnum};
use evidence::words::{
    BUG_DO, FILE_DO, INTERRUPTED, KEY_UNUSABLE, KEYS_PUBLIC_DO, KEYS_UNFIT_DO, LABEL_ERROR,
    LABEL_TRY, LABEL_WARNING, Language, Phrase, Place, RUN_BUG, RUN_OUT_TAKEN, RUN_OUT_TAKEN_DO,
    WRITE_DO, WRITE_FAILED,
};

use crate::exit::{CommandError, Exit};
use crate::finding::Finding;
use crate::said;
use output::{Span, Terminal, Tone, one_line};
use signing::{Half, KeyError};

/// Acceptance tests for integrations with Alipay's global payment gateway.
#[derive(Debug, Parser)]
#[command(name = "assay", version, max_term_width = 100, after_help = EXAMPLE)]
struct Cli {
    /// The language of what is said: en or zh.
    #[arg(long, global = true, env = "ASSAY_LANG", value_name = "LANG", hide_env_values = true)]
    lang: Option<Spoken>,
    #[command(subcommand)]
    command: Command,
}

const EXAMPLE: &str = "\
Examples:
  assay init                        write a profile and keys
  assay check --profile assay.yaml  prove them
  assay list                        see every case

Exit codes:
  0 acceptable, 1 rejected, 2 incomplete, 64 usage, 65 bundle or seal broken, 66 profile or key
  unusable, 69 gateway unavailable, 70 bug of assay, 74 cannot write, 130 interrupted";

/// A language, as the command line names it.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Spoken {
    /// English.
    En,
    /// Chinese.
    Zh,
}

#[derive(Debug, Subcommand)]
enum Command {
    Init(init::Init),
    Check(check::Check),
    List(list::List),
    Run(run::Run),
    Verify(verify::Verify),
    Review(Box<review::Reviewing>),
    Certify(certify::Certify),
    Merge(merge::Merge),
    Report(report::Report),
    Sandbox(sandbox::Sandbox),
    Diagnose(Box<diagnose::Diagnose>),
    Send(Box<send::Send>),
    Notify(Box<notify::Notify>),
    #[command(subcommand)]
    Mock(mock::Mock),
    #[command(subcommand)]
    Keys(keys::Keys),
    Completions(completions::Completions),
    Schema(schema::Schema),
}

impl Command {
    fn perform(&self, terminal: &mut Terminal) -> Result<Exit, CommandError> {
        match self {
            Self::Init(command) => command.perform(terminal),
            Self::Check(command) => Ok(command.perform(terminal)),
            Self::List(command) => command.perform(terminal),
            Self::Run(command) => command.perform(terminal),
            Self::Verify(command) => command.perform(terminal),
            Self::Review(command) => command.perform(terminal),
            Self::Certify(command) => command.perform(terminal),
            Self::Merge(command) => command.perform(terminal),
            Self::Report(command) => command.perform(terminal),
            Self::Sandbox(command) => command.perform(terminal),
            Self::Diagnose(command) => command.perform(terminal),
            Self::Send(command) => command.perform(terminal),
            Self::Notify(command) => command.perform(terminal),
            Self::Mock(command) => command.perform(terminal),
            Self::Keys(command) => command.perform(terminal),
            Self::Completions(command) => command.perform(terminal),
            Self::Schema(command) => command.perform(terminal),
        }
    }
}

/// The whole program: arguments in, exit code out.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let asked = help::language(&arguments);
    let mut command = match asked {
        Language::En => Cli::command(),
        Language::Zh => help::in_chinese(Cli::command()),
    };
    let parsed = command
        .try_get_matches_from_mut(arguments)
        .and_then(|matches| Cli::from_arg_matches(&matches))
        .map_err(|error| error.format(&mut command));
    let language = match parsed.as_ref().ok().and_then(|cli| cli.lang) {
        Some(Spoken::Zh) => Language::Zh,
        Some(Spoken::En) => Language::En,
        None => asked,
    };
    let mut terminal = Terminal::standard(language);
    let exit = match parsed {
        Err(message) => explain(&mut terminal, &message),
        Ok(cli) => cli.command.perform(&mut terminal).unwrap_or_else(|error| {
            report(&mut terminal, &error);
            Exit::from(&error)
        }),
    };
    let lost = terminal.finish().is_some();
    // What nobody could read is no success; a worse ending keeps its own code.
    if lost && exit == Exit::Acceptable { Exit::CannotWrite.into() } else { exit.into() }
}

/// Shows what clap has to say: help and version are answers, the rest is a misuse.
fn explain(terminal: &mut Terminal, message: &clap::Error) -> Exit {
    let answers = matches!(message.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    let helps = message.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand;
    let language = terminal.language();
    if language == Language::Zh && !answers && !helps {
        misuse::show(terminal, message);
        return Exit::Usage;
    }
    let text = message.render();
    let coloured = terminal.is_coloured(!answers);
    let text = if coloured { text.ansi().to_string() } else { text.to_string() };
    let text = help::finished(&text, language);
    if answers {
        terminal.raw(&text);
        Exit::Acceptable
    } else {
        terminal.raw_note(&text);
        Exit::Usage
    }
}

/// Shows why a command came to no end of its own.
fn report(terminal: &mut Terminal, error: &CommandError) {
    match error {
        CommandError::Usage { says, advice }
        | CommandError::Bundle { says, advice }
        | CommandError::Unusable { says, advice }
        | CommandError::Gateway { says, advice } => failure(terminal, says, advice),
        CommandError::Selection(error) => failure(terminal, &error.says(), &error.advice()),
        CommandError::Profile(error) => findings(terminal, &error.0),
        CommandError::Suite(found) => findings(terminal, found),
        CommandError::Entry(found) => show(terminal, found, Tone::Bad),
        CommandError::Key { place, error } => {
            let says = KEY_UNUSABLE.holding([Place::value(place), said::key_error(error).into()]);
            let private_given = matches!(error, KeyError::OtherHalf { expected: Half::Public, .. });
            let advice = if private_given { &KEYS_PUBLIC_DO } else { &KEYS_UNFIT_DO };
            failure(terminal, &says, &advice.plain());
        }
        CommandError::Read { path, source } => {
            let says = KEY_UNUSABLE.with([path.display().to_string(), source.to_string()]);
            failure(terminal, &says, &FILE_DO.plain());
        }
        CommandError::Write { path, source } => {
            let says = WRITE_FAILED.with([path.display().to_string(), source.to_string()]);
            failure(terminal, &says, &WRITE_DO.plain());
        }
        CommandError::Taken { path } => {
            failure(terminal, &RUN_OUT_TAKEN.with([path.display()]), &RUN_OUT_TAKEN_DO.plain());
        }
        CommandError::Bug(what) => {
            failure(terminal, &RUN_BUG.holding([what.clone()]), &BUG_DO.plain());
        }
        CommandError::Interrupted { kept } => {
            let says = terminal.text(&INTERRUPTED.with([kept.display()]));
            terminal.note([says]);
        }
    }
}

/// Shows findings as errors.
fn findings(terminal: &mut Terminal, findings: &[Finding]) {
    for finding in findings {
        show(terminal, finding, Tone::Bad);
    }
}

/// Shows a finding on standard error: place, what is wrong, what to do.
fn show(terminal: &mut Terminal, finding: &Finding, tone: Tone) {
    let label = if tone == Tone::Warning { &LABEL_WARNING } else { &LABEL_ERROR };
    let label = label.text(terminal.language());
    let place = one_line(&finding.place.to_string());
    let colon = if place.is_empty() { "" } else { ": " };
    let says = terminal.text(&finding.says);
    terminal.note([
        Span::new(tone, format!("{label}: ")),
        Span::new(Tone::Strong, format!("{place}{colon}")),
        Span::from(says),
    ]);
    advise(terminal, &finding.advice);
}

fn failure(terminal: &mut Terminal, says: &Phrase, advice: &Phrase) {
    let label = LABEL_ERROR.text(terminal.language());
    let says = terminal.text(says);
    terminal.note([Span::new(Tone::Bad, format!("{label}: ")), Span::from(says)]);
    advise(terminal, advice);
}

fn advise(terminal: &mut Terminal, advice: &Phrase) {
    let label = LABEL_TRY.text(terminal.language());
    let advice = terminal.text(advice);
    terminal.note([Span::new(Tone::Advice, format!("  {label}: ")), Span::from(advice)]);
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::Cli;

    #[test]
    fn the_command_line_is_well_formed_and_every_command_has_an_example() {
        let mut command = Cli::command();
        command.clone().debug_assert();
        command.build();
        let mut open: Vec<clap::Command> = vec![command];
        while let Some(command) = open.pop() {
            if command.get_name() == "help" {
                continue;
            }
            let example = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(example.contains("Example"), "{}", command.get_name());
            open.extend(command.get_subcommands().cloned());
        }
    }
}
