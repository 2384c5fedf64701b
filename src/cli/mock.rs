//! `assay mock`: the answers that a running sandbox gives on demand.

use std::path::{Path, PathBuf};

use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand};
use evidence::words::{
    CONTROL_NONE, GATEWAY_SILENT, GATEWAY_SLOW, MOCK_ADDED, MOCK_NONE_LEFT, MOCK_NONE_LEFT_DO,
    MOCK_NOTHING, MOCK_REFUSED_DO, MOCK_REMOVED, MOCK_REMOVED_ALL, MOCK_RULE_COLUMNS,
    MOCK_WHEN_FORM, MOCK_WHEN_FORM_DO, MOCK_WHICH, MOCK_WHICH_DO, MOCK_WRONG, Phrase, Place,
};
use protocol::sample::Call;
use serde_json::Value;
use steps::{Control, ControlError, Elsewhere};

use super::output::{Span, Terminal, Tone, json_safe};
use super::run::address::{is_secure, resolve};
use super::run::gateway::{ASKED_FOR, within};
use crate::bounded;
use crate::exit::{CommandError, Exit};
use crate::finding::Finding;
use crate::mock::{self, Drop, LARGEST, RawRule, RawThen, Rule, Signature, Status};
use crate::profile::ProfileError;

/// Order answers of a running `assay sandbox`.
#[derive(Debug, Subcommand)]
#[command(after_help = "Examples:
  assay mock add pay --result RISK_REJECT --times 1
  assay mock add pay --when order.orderDescription=Tea --drop after --minutes 30
  assay mock list
  assay mock remove 2

Without any rule, a text such as mock:RISK_REJECT in order.orderDescription has that code:
  assay send pay --set order.orderDescription=mock:RISK_REJECT --profile assay.yaml")]
pub(super) enum Mock {
    /// Add a rule, or all rules of a file.
    Add(Box<Add>),
    /// List the rules that still answer something.
    List(List),
    /// Take a rule away, or all of them.
    Remove(Remove),
}

/// Which sandbox is meant.
#[derive(Debug, Args)]
struct At {
    /// Where the sandbox listens.
    #[arg(long = "at", value_name = "URL", default_value = "http://127.0.0.1:8090")]
    at: String,
    /// What its control API asks for.
    #[arg(long, env = "ASSAY_CONTROL_TOKEN", value_name = "TEXT", hide_env_values = true)]
    control_token: Option<String>,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  assay mock add refund --http 503 --process --times 2
  assay mock add --file rules.yaml

A rule of such a file:
  mock: [{ api: pay, when: { paymentAmount.value: \"666\" }, then: { result: RISK_REJECT } }]")]
pub(super) struct Add {
    /// The call that is answered, by its name in the documents.
    #[arg(value_name = "CALL", value_parser = names(), required_unless_present = "file")]
    call: Option<String>,
    /// Only calls with this value in this field; without it, every call.
    #[arg(long, value_name = "FIELD=VALUE")]
    when: Option<String>,
    /// Answer with this result code.
    #[arg(long, value_name = "CODE")]
    result: Option<String>,
    /// The status of the result, where it is not the documented one.
    #[arg(long, value_name = "S|F|U", value_parser = ["S", "F", "U"], hide_possible_values = true)]
    status: Option<String>,
    /// Work on the call first, money included, and then answer so.
    #[arg(long)]
    process: bool,
    /// Answer with this HTTP status and a page for people.
    #[arg(long, value_name = "STATUS")]
    http: Option<u16>,
    /// Lose the call before it is worked on, or its answer after that.
    #[arg(long, value_name = "WHEN")]
    drop: Option<Drop>,
    /// Cut the answer off in the middle.
    #[arg(long)]
    malformed: bool,
    /// Sign the answer wrongly, or not at all.
    #[arg(long, value_name = "HOW")]
    signature: Option<Signature>,
    /// How much longer than usual the answer takes, in milliseconds.
    #[arg(long, value_name = "MS", default_value_t = 0, hide_default_value = true)]
    delay: u32,
    /// How many calls it answers; without it, all of them.
    #[arg(long, value_name = "N")]
    times: Option<u32>,
    /// For how many minutes it answers: 30, 60, 90 or 120; without it, for ever.
    #[arg(long, value_name = "N")]
    minutes: Option<u32>,
    /// A file with rules, instead of one on the command line.
    #[arg(long, value_name = "FILE", conflicts_with = "call")]
    file: Option<PathBuf>,
    #[command(flatten)]
    at: At,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  assay mock list --at http://10.0.0.9:8090 --control-token ...")]
pub(super) struct List {
    /// Write JSON instead of a table.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    at: At,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  assay mock remove 2\n  assay mock remove --all")]
pub(super) struct Remove {
    /// The number of the rule, as `assay mock list` shows it.
    #[arg(value_name = "RULE", required_unless_present = "all")]
    rule: Option<u32>,
    /// All rules.
    #[arg(long, conflicts_with = "rule")]
    all: bool,
    #[command(flatten)]
    at: At,
}

fn names() -> PossibleValuesParser {
    PossibleValuesParser::new(Call::all().map(Call::name))
}

impl Mock {
    pub(super) fn perform(&self, terminal: &mut Terminal) -> Result<Exit, CommandError> {
        match self {
            Self::Add(command) => command.perform(terminal),
            Self::List(command) => command.perform(terminal),
            Self::Remove(command) => command.perform(terminal),
        }
    }
}

impl Add {
    fn perform(&self, terminal: &mut Terminal) -> Result<Exit, CommandError> {
        let rules = match &self.file {
            Some(file) => read(file)?,
            None => vec![self.rule()?],
        };
        let control = self.at.control()?;
        for rule in rules {
            let answer = self.at.ask(control.post("rules", &rule.body))?;
            let number = answer.get("rule").cloned().unwrap_or_default();
            terminal.say(&MOCK_ADDED.with([number.to_string(), mock::words(&rule.body)]));
        }
        Ok(Exit::Acceptable)
    }

    fn rule(&self) -> Result<Rule, CommandError> {
        let when = match &self.when {
            None => None,
            Some(text) => {
                let (field, value) = text
                    .split_once('=')
                    .ok_or_else(|| usage(MOCK_WHEN_FORM.with([text]), MOCK_WHEN_FORM_DO.plain()))?;
                Some([(field.to_owned(), value.to_owned())].into())
            }
        };
        let status = self.status.as_deref().map(|letter| match letter {
            "S" => Status::S,
            "U" => Status::U,
            _ => Status::F,
        });
        let then = RawThen {
            result: self.result.clone(),
            status,
            process: self.process,
            http: self.http,
            drop: self.drop,
            malformed: self.malformed,
            signature: self.signature,
        };
        let raw = RawRule {
            api: self.call.clone().unwrap_or_default(),
            when,
            then,
            delay: self.delay,
            times: self.times,
            minutes: self.minutes,
        };
        Rule::of(&raw).map_err(|(says, advice)| usage(says, advice))
    }
}

/// The rules of a file.
pub(super) fn read(file: &Path) -> Result<Vec<Rule>, CommandError> {
    let unread = |source| CommandError::Read { path: file.to_owned(), source };
    let bytes = bounded::read(file, LARGEST).map_err(unread)?;
    let wrong = |found: Vec<Finding>| CommandError::Profile(ProfileError(found));
    mock::read(&file.display().to_string(), &bytes).map_err(wrong)
}

impl List {
    fn perform(&self, terminal: &mut Terminal) -> Result<Exit, CommandError> {
        let control = self.at.control()?;
        let rules = self.at.ask(control.get("rules"))?;
        if self.json {
            let text = serde_json::to_string_pretty(&rules).unwrap_or_default();
            terminal.raw(&(json_safe(&text) + "\n"));
            return Ok(Exit::Acceptable);
        }
        let rules = rules.as_array().cloned().unwrap_or_default();
        if rules.is_empty() {
            terminal.say(&MOCK_NOTHING.plain());
            return Ok(Exit::Acceptable);
        }
        let language = terminal.language();
        let heads = MOCK_RULE_COLUMNS.text(language).split('|');
        let mut rows = vec![heads.map(|head| Span::new(Tone::Strong, head)).collect::<Vec<_>>()];
        for rule in &rules {
            let text = |name: &str| match rule.get(name) {
                Some(Value::String(text)) => text.clone(),
                Some(other) => other.to_string(),
                None => String::new(),
            };
            rows.push(vec![
                Span::from(text("rule")),
                Span::from(text("api")),
                Span::from(mock::words(rule)),
            ]);
        }
        terminal.table(&rows);
        Ok(Exit::Acceptable)
    }
}

impl Remove {
    fn perform(&self, terminal: &mut Terminal) -> Result<Exit, CommandError> {
        let control = self.at.control()?;
        let Some(rule) = self.rule else {
            self.at.ask(async { control.clear_rules().await.map(|()| Value::Null) })?;
            terminal.say(&MOCK_REMOVED_ALL.plain());
            return Ok(Exit::Acceptable);
        };
        let gone = within(ASKED_FOR, control.remove_rule(rule))?;
        match gone {
            Some(Ok(())) => {
                terminal.say(&MOCK_REMOVED.with([rule]));
                Ok(Exit::Acceptable)
            }
            Some(Err(ControlError::Refused { status: 404, .. })) => {
                Err(usage(MOCK_NONE_LEFT.with([rule]), MOCK_NONE_LEFT_DO.plain()))
            }
            Some(Err(why)) => Err(self.at.failed(&why)),
            None => Err(self.at.slow()),
        }
    }
}

impl At {
    /// Its control API.
    fn control(&self) -> Result<Control, CommandError> {
        if is_secure(&self.at) {
            return Err(usage(CONTROL_NONE.plain(), MOCK_WHICH_DO.plain()));
        }
        let (address, host) = resolve(&self.at)?;
        let control_token = self.control_token.clone();
        Ok(Elsewhere { address, host, control_token, door: None }.control())
    }

    fn ask(
        &self,
        question: impl Future<Output = Result<Value, ControlError>>,
    ) -> Result<Value, CommandError> {
        let answer = within(ASKED_FOR, question)?;
        answer.ok_or_else(|| self.slow())?.map_err(|why| self.failed(&why))
    }

    fn slow(&self) -> CommandError {
        self.unheard(GATEWAY_SLOW.with([ASKED_FOR.as_secs()]))
    }

    fn unheard(&self, why: Phrase) -> CommandError {
        CommandError::Gateway {
            says: GATEWAY_SILENT.holding([Place::value(&self.at), why.into()]),
            advice: MOCK_WHICH_DO.plain(),
        }
    }

    fn failed(&self, why: &ControlError) -> CommandError {
        match why {
            ControlError::Call(why) => self.unheard(steps::unanswered(why)),
            ControlError::Refused { status: 400, .. } => {
                let says = MOCK_WRONG.holding([Place::value(&self.at), why.says().into()]);
                CommandError::Usage { says, advice: MOCK_REFUSED_DO.plain() }
            }
            ControlError::None | ControlError::Refused { .. } | ControlError::Unreadable(_) => {
                let says = MOCK_WHICH.holding([Place::value(&self.at), why.says().into()]);
                CommandError::Gateway { says, advice: MOCK_WHICH_DO.plain() }
            }
        }
    }
}

fn usage(says: Phrase, advice: Phrase) -> CommandError {
    CommandError::Usage { says, advice }
}
