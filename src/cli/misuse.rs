//! Why a command line means nothing, in Chinese. In English clap says it.

use std::error::Error as _;
use std::fmt;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use evidence::words::{
    HELP_USAGE, HELP_VALUES, LABEL_ERROR, MISUSE_COMMAND, MISUSE_CONFLICT, MISUSE_MORE,
    MISUSE_NEAR, MISUSE_NO_VALUE, MISUSE_OTHER, MISUSE_REQUIRED, MISUSE_TWICE, MISUSE_UNKNOWN,
    MISUSE_VALUE, MISUSE_VALUE_WHY, Phrase, Place,
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
    let told = error.get(kind)?;
    if let ContextValue::String(text) = told {
        return Some(text.clone());
    }
    let ContextValue::Strings(texts) = told else { return None };
    (!texts.is_empty()).then(|| texts.join(", "))
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
    if let Some(near) = near.into_iter().find_map(|kind| told(error, kind)) {
        super::advise(terminal, &MISUSE_NEAR.with([near]));
    } else if let Some(values) = told(error, ContextKind::ValidValue) {
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
    use clap::CommandFactory as _;
    use evidence::words::Language;

    use super::says;
    use crate::cli::Cli;
    use crate::cli::help::in_chinese;

    #[test]
    fn what_is_wrong_is_said_in_chinese() {
        for (arguments, wanted) in [
            (&["list", "--jsno"][..], "不识别的参数“--jsno”"),
            (&["rnu"], "不识别的命令“rnu”"),
            (&["list", "--level", "high"], "“--level <LEVEL>”的值“high”无效"),
            (&["keys", "new", "--bits", "1", "--out", "x"], "“--bits <BITS>”的值“1”无效：应为"),
            (&["run", "--out"], "“--out <DIR>”需要一个值，但没有给出"),
            (&["verify", "a.zip"], "缺少必需的参数：--trust <KEY>"),
            (&["run", "x", "--resume", "y"], "不能与"),
            (&["run", "--quiet", "--quiet"], "参数“--quiet”不能重复使用"),
        ] {
            let arguments = [&["assay"], arguments].concat();
            let error = in_chinese(Cli::command()).try_get_matches_from(&arguments).unwrap_err();
            let said = says(&error).unwrap_or_else(|| panic!("{error}")).text(Language::Zh);
            assert!(said.contains(wanted), "{said}");
        }
    }
}
