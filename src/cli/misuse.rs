//! Why a command line means nothing, in Chinese. In English clap says it.

use std::error::Error as _;
use std::fmt;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use evidence::words::{
    HELP_USAGE, HELP_VALUES, LABEL_ERROR, MISUSE_COMMAND, MISUSE_CONFLICT, MISUSE_MORE,
    MISUSE_NEAR, MISUSE_NO_COMMAND, MISUSE_NO_MORE, MISUSE_NO_VALUE, MISUSE_OTHER, MISUSE_REQUIRED,
    MISUSE_TWICE, MISUSE_UNKNOWN, MISUSE_UTF8, MISUSE_VALUE, MISUSE_VALUE_WHY, Phrase, Place,
};

use super::help::finished;
use super::output::{Span, Terminal, Tone};

/// What a reader of values of ours says.
#[derive(Debug)]
pub(super) struct Misuse(pub(super) Phrase);

impl fmt::Display for Misuse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Misuse {}

/// A text that clap keeps about an error.
fn told(error: &clap::Error, kind: ContextKind) -> Option<String> {
    told_by(error, kind, ", ")
}

/// The same, with something else between several.
fn told_by(error: &clap::Error, kind: ContextKind, between: &str) -> Option<String> {
    let told = error.get(kind)?;
    if let ContextValue::String(text) = told {
        return Some(text.clone());
    }
    let ContextValue::Strings(texts) = told else { return None };
    (!texts.is_empty()).then(|| texts.join(between))
}

/// What is wrong, where clap tells it as parts.
#[expect(clippy::wildcard_enum_match_arm, reason = "clap may know more kinds some day")]
fn says(error: &clap::Error) -> Option<Phrase> {
    let argument = told(error, ContextKind::InvalidArg);
    let value = told(error, ContextKind::InvalidValue);
    Some(match error.kind() {
        ErrorKind::UnknownArgument => MISUSE_UNKNOWN.with([argument?]),
        ErrorKind::InvalidSubcommand => {
            MISUSE_COMMAND.with([told(error, ContextKind::InvalidSubcommand)?])
        }
        ErrorKind::InvalidValue if value.as_deref() == Some("") => {
            MISUSE_NO_VALUE.with([argument?])
        }
        ErrorKind::InvalidValue => MISUSE_VALUE.with([value?, argument?]),
        ErrorKind::ValueValidation => {
            let why = error.source().map(|why| match why.downcast_ref::<Misuse>() {
                Some(Misuse(why)) => Place::from(why.clone()),
                None => Place::value(why),
            });
            MISUSE_VALUE_WHY.holding([Place::Value(value?), Place::Value(argument?), why?])
        }
        ErrorKind::MissingRequiredArgument => MISUSE_REQUIRED.with([argument?]),
        ErrorKind::ArgumentConflict => match told(error, ContextKind::PriorArg)? {
            prior if Some(&prior) == argument.as_ref() => MISUSE_TWICE.with([prior]),
            prior => MISUSE_CONFLICT.with([argument?, prior]),
        },
        ErrorKind::TooManyValues => MISUSE_NO_MORE.with([value?, argument?]),
        ErrorKind::MissingSubcommand => MISUSE_NO_COMMAND.plain(),
        ErrorKind::InvalidUtf8 => MISUSE_UTF8.plain(),
        _ => return None,
    })
}

/// Says it on standard error.
pub(super) fn show(terminal: &mut Terminal, error: &clap::Error) {
    let language = terminal.language();
    let label = Span::new(Tone::Bad, format!("{}: ", LABEL_ERROR.text(language)));
    let Some(says) = says(error) else {
        terminal.note([label, Span::from(MISUSE_OTHER.text(language))]);
        return terminal.raw_note(&finished(&error.render().to_string(), language));
    };
    let text = terminal.text(&says);
    terminal.note([label, Span::from(text)]);
    let near =
        [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue];
    // Each stands in quotation marks of its own; this is said in Chinese alone.
    if let Some(near) = near.into_iter().find_map(|kind| told_by(error, kind, "”“")) {
        super::advise(terminal, &MISUSE_NEAR.with([near]));
    } else if let Some(values) = [ContextKind::ValidValue, ContextKind::ValidSubcommand]
        .into_iter()
        .find_map(|kind| told(error, kind))
    {
        super::advise(terminal, &HELP_VALUES.with([values]));
    }
    if let Some(ContextValue::StyledStr(usage)) = error.get(ContextKind::Usage) {
        let usage = finished(&usage.to_string(), language);
        let usage = usage.trim_start_matches(HELP_USAGE.en).trim_start();
        terminal.note([format!("{}{usage}", HELP_USAGE.text(language))]);
    }
    terminal.note([MISUSE_MORE.text(language)]);
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use clap::error::ErrorKind;
    use clap::{Command, CommandFactory as _};
    use evidence::words::Language;

    use super::says;
    use crate::cli::Cli;
    use crate::cli::help::in_chinese;

    /// Every kind of misuse that a command line of ours can be, by hand.
    const MISUSES: &[(&[&str], ErrorKind, &str)] = &[
        (&["list", "--jsno"], ErrorKind::UnknownArgument, "不识别的参数“--jsno”"),
        (&["check", "extra"], ErrorKind::UnknownArgument, "不识别的参数“extra”"),
        (&["list", "-x"], ErrorKind::UnknownArgument, "不识别的参数“-x”"),
        (&["--", "list"], ErrorKind::UnknownArgument, "不识别的参数“list”"),
        (&["rnu"], ErrorKind::InvalidSubcommand, "不识别的命令“rnu”"),
        (&["keys", "mend"], ErrorKind::InvalidSubcommand, "不识别的命令“mend”"),
        (&["help", "rnu"], ErrorKind::InvalidSubcommand, "不识别的命令“rnu”"),
        (&["--lang", "zh"], ErrorKind::MissingSubcommand, "缺少命令"),
        (&["keys", "--lang", "zh"], ErrorKind::MissingSubcommand, "缺少命令"),
        (&["list", "--level", "high"], ErrorKind::InvalidValue, "“--level <LEVEL>”的值“high”无效"),
        (&["list", "--suite", "x"], ErrorKind::InvalidValue, "“--suite <SUITE>”的值“x”无效"),
        (&["run", "--gate", "x"], ErrorKind::InvalidValue, "“--gate <WHAT>”的值“x”无效"),
        (&["list", "--lang", "fr"], ErrorKind::InvalidValue, "“--lang <LANG>”的值“fr”无效"),
        (&["run", "--out"], ErrorKind::InvalidValue, "“--out <DIR>”需要一个值，但没有给出"),
        (&["run", "--out="], ErrorKind::InvalidValue, "“--out <DIR>”需要一个值，但没有给出"),
        (&["list", "--level"], ErrorKind::InvalidValue, "“--level <LEVEL>”需要一个值"),
        (&["run", "--quiet=yes"], ErrorKind::TooManyValues, "“--quiet”不接受值“yes”"),
        (&["verify", "a"], ErrorKind::MissingRequiredArgument, "缺少必需的参数：--trust <KEY>"),
        (
            &["verify", "--trust", "k"],
            ErrorKind::MissingRequiredArgument,
            "缺少必需的参数：<BUNDLE>",
        ),
        (&["run", "x", "--resume", "y"], ErrorKind::ArgumentConflict, "不能与"),
        (
            &["run", "--resume", "y", "--out", "o", "--seed", "1"],
            ErrorKind::ArgumentConflict,
            "参数“--resume <RUN>”不能与“--out <DIR>, --seed <N>”同时使用",
        ),
        (&["run", "--quiet", "--quiet"], ErrorKind::ArgumentConflict, "参数“--quiet”不能重复使用"),
        (&["run", "--jobs", "0"], ErrorKind::ValueValidation, "“0”无效：应为 1 至 1024 的整数"),
        (&["run", "--jobs", "1025"], ErrorKind::ValueValidation, "应为 1 至 1024 的整数"),
        (&["run", "--jobs", "many"], ErrorKind::ValueValidation, "应为 1 至 1024 的整数"),
        (
            &["run", "--seed", "x"],
            ErrorKind::ValueValidation,
            "“x”无效：应为 0 至 18446744073709551615",
        ),
        (&["run", "--shard", "5/4"], ErrorKind::ValueValidation, "“5/4”无效：应为份号与总份数"),
        (&["keys", "new", "--bits", "1"], ErrorKind::ValueValidation, "应为 2048、3072 或 4096"),
        (&["sandbox", "--listen", "x"], ErrorKind::ValueValidation, "“x”无效：应为带端口的地址"),
        (&["sandbox", "--switch", "A7"], ErrorKind::ValueValidation, "“A7”无效：应为开关及其位置"),
        (&["sandbox", "--switch", "Z9=x"], ErrorKind::ValueValidation, "不是内置网关的开关"),
        (&["sandbox", "--switch", "A7=x"], ErrorKind::ValueValidation, "开关 A7 没有“x”"),
    ];

    fn said(arguments: impl IntoIterator<Item = OsString>) -> (ErrorKind, String) {
        let arguments = std::iter::once("assay".into()).chain(arguments);
        let error = in_chinese(Cli::command()).try_get_matches_from(arguments).unwrap_err();
        let said = says(&error).unwrap_or_else(|| panic!("{:?}: {error}", error.kind()));
        (error.kind(), said.text(Language::Zh))
    }

    /// Whether a text has two words of English in a row, which no name of ours has.
    fn is_english(text: &str) -> bool {
        let runs = text.split(|c: char| !c.is_ascii_alphabetic() && c != ' ');
        runs.map(|run| run.split_whitespace().count()).any(|run| run > 1)
    }

    #[test]
    fn what_is_wrong_is_said_in_chinese() {
        for (arguments, kind, wanted) in MISUSES {
            let (found, said) = said(arguments.iter().map(Into::into));
            assert_eq!(found, *kind, "{arguments:?}");
            assert!(said.contains(wanted), "{arguments:?}: {said}");
            assert!(!is_english(&said), "{arguments:?}: {said}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_text_is_said_in_chinese() {
        use std::os::unix::ffi::OsStringExt as _;
        for flag in ["--gateway", "--jobs", "--seed", "--control-token"] {
            let none = OsString::from_vec(vec![0xff]);
            let (kind, said) = said(["run".into(), flag.into(), none]);
            assert_eq!(kind, ErrorKind::InvalidUtf8, "{flag}");
            assert_eq!(said, "一个或多个参数不是有效的 UTF-8");
        }
    }

    #[test]
    fn no_argument_can_be_misused_in_a_way_that_is_not_said() {
        let mut command = in_chinese(Cli::command());
        command.build();
        let mut open: Vec<Command> = vec![command];
        while let Some(command) = open.pop() {
            for argument in command.get_arguments() {
                // Otherwise there are NoEquals, TooFewValues and WrongNumberOfValues to be said.
                let values = argument.get_num_args().unwrap();
                let (least, most) = (values.min_values(), values.max_values());
                assert!(!argument.is_require_equals_set(), "{argument}");
                assert!(least <= 1 && (most <= 1 || most == usize::MAX), "{argument}: {values}");
            }
            open.extend(command.get_subcommands().cloned());
        }
    }
}
