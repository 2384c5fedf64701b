//! `assay diagnose`: why a message was refused.

mod exchange;
pub(super) mod found;
mod gather;
pub(super) mod json;
pub(super) mod keys;
pub(super) mod show;

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use diagnose::{Kind, State, diagnose};

use super::output::Terminal;
use crate::exit::{CommandError, Exit};
use found::{Found, Judged};

/// Explain why a message was refused: its signature, its fields, its ids, or what was answered.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  assay diagnose acceptance.zip AMS-PAY-001 --profile assay.yaml
  assay diagnose request.http --merchant-public-key merchant.pub
  assay diagnose session.har --request-id P-1 --profile assay.yaml
  pbpaste | assay diagnose - --gateway-public-key alipay.pub
  assay diagnose --head notice.head --body notice.json --kind notice --gateway-public-key alipay.pub")]
pub(super) struct Diagnose {
    /// A bundle, the folder of a run, a record, a HAR, a file with a raw request or a curl command, an address, or - for standard input.
    #[arg(value_name = "INPUT", required_unless_present = "body")]
    input: Option<String>,
    /// In a record: only this case, or this run of it.
    #[arg(value_name = "CASE")]
    case: Option<String>,
    /// Only exchanges that hold this id.
    #[arg(long, value_name = "ID")]
    request_id: Option<String>,
    /// Only the exchange with this number, where there are several.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    exchange: Option<u32>,
    /// By hand: a file with the head of the message.
    #[arg(long, value_name = "FILE", requires = "body", conflicts_with = "input")]
    head: Option<PathBuf>,
    /// By hand: a file with the body of the message, byte for byte.
    #[arg(long, value_name = "FILE", requires = "head")]
    body: Option<PathBuf>,
    /// The path that was called, where the message does not tell it.
    #[arg(long, value_name = "PATH")]
    target: Option<String>,
    /// Which message of an exchange it is; by default what its address and its form say.
    #[arg(long, value_name = "KIND")]
    kind: Option<KindName>,
    /// The profile whose keys and client id are used.
    #[arg(long, env = "ASSAY_PROFILE", value_name = "FILE", hide_env_values = true)]
    profile: Option<PathBuf>,
    /// The public key that the merchant's calls are checked with; further ones are tried as well.
    #[arg(long, value_name = "FILE")]
    merchant_public_key: Vec<PathBuf>,
    /// The public key that the gateway's messages are checked with; further ones are tried as well.
    #[arg(long, value_name = "FILE")]
    gateway_public_key: Vec<PathBuf>,
    /// The key that merchant and gateway share for MD5; further ones are tried as well.
    #[arg(long, value_name = "FILE")]
    md5_key: Vec<PathBuf>,
    /// Write JSON instead of text.
    #[arg(long)]
    json: bool,
}

/// A message of an exchange, as the command line names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum KindName {
    /// The merchant's call.
    Call,
    /// The gateway's answer to it.
    Answer,
    /// The gateway's notice.
    Notice,
    /// The merchant's answer to a notice.
    Acknowledgement,
}

impl KindName {
    fn kind(self) -> Kind {
        match self {
            Self::Call => Kind::Call,
            Self::Answer => Kind::Answer,
            Self::Notice => Kind::Notice,
            Self::Acknowledgement => Kind::Acknowledgement,
        }
    }
}

impl Diagnose {
    pub(super) fn perform(&self, terminal: &mut Terminal) -> Result<Exit, CommandError> {
        let input = gather::gather(self)?;
        let known = keys::known(self, input.recorded)?;
        let mut judged = Vec::new();
        for found in input.found {
            judged.push(judge(found, &known));
        }
        if self.json {
            terminal.raw(&json::written(&judged));
        } else {
            show::show(terminal, &judged, input.recorded);
        }
        Ok(exit(&judged))
    }
}

fn judge(found: Found, known: &diagnose::Known) -> Judged {
    let diagnosis = diagnose(&found.subject, known);
    Judged { found, diagnosis }
}

/// 0 when nothing is wrong, 1 when what is wrong was explained, 2 when something was not.
fn exit(judged: &[Judged]) -> Exit {
    let mut worst = Exit::Acceptable;
    for one in judged.iter().filter(|one| one.is_wrong()) {
        let explained = !one.has_bad_signature()
            || one.diagnosis.as_ref().is_ok_and(|diagnosis| {
                diagnosis.state == State::Unsigned
                    || (diagnosis.state == State::Explained
                        && diagnosis.explanations.first().is_some_and(|first| first.complete))
            });
        let exit = if explained { Exit::Rejected } else { Exit::Incomplete };
        worst = if worst.code() >= exit.code() { worst } else { exit };
    }
    worst
}
