//! `assay sandbox`: the embedded gateway as a server of its own.

mod contract;

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use evidence::words::{
    BUG_SERVER, MISUSE_LISTEN, MISUSE_SWITCH, SANDBOX_CONTROL, SANDBOX_KEY, SANDBOX_OPEN,
    SANDBOX_OPEN_DO, SANDBOX_RULES, SANDBOX_STOP, SANDBOX_TAKEN, SANDBOX_TAKEN_DO,
};
use sandbox::{NoticeRoute, Shared, SwitchError, Switches, Tenant, Terms};
use signing::PublicKey;
use tokio::net::TcpListener;

use contract::Parties;

use super::misuse::Misuse;
use super::output::Terminal;
use crate::exit::{CommandError, Exit};
use crate::mock::Rule;
use crate::said;

/// Serve the embedded gateway, with its control API under /_sandbox/.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  assay sandbox --client-id SANDBOX_5Y00000000000001 \\\n    \
                        --merchant-public-key keys/merchant.pub --gateway-key keys/gateway.pem\n  \
                        curl -s http://127.0.0.1:8090/_sandbox/log\n\n\
                        Every notice is told once, and only a signed ack ends it:\n  \
                        assay sandbox --switch A6=require-signed-ack --switch A7=once\n\n\
                        The messages of the older generation, with an MD5 key:\n  \
                        assay sandbox --generation legacy --partner 2088000000000001 \\\n    \
                        --md5-key keys/md5.txt")]
pub(super) struct Sandbox {
    /// Where to listen.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8090", value_parser = address)]
    listen: SocketAddr,
    #[command(flatten)]
    parties: Parties,
    /// What the control API asks for, in the header x-control-token.
    #[arg(long, env = "ASSAY_CONTROL_TOKEN", value_name = "TEXT", hide_env_values = true)]
    control_token: Option<String>,
    /// Where the report files of each day are written when it is over.
    #[arg(long, value_name = "DIR")]
    reports: Option<PathBuf>,
    /// Decide otherwise where the gateway's documents leave a choice; repeatable.
    #[arg(long = "switch", value_name = "ID=CHOICE", value_parser = position)]
    switches: Vec<(String, String)>,
    /// Answer as the rules of this file say; `assay mock` changes them while it runs.
    #[arg(long, value_name = "FILE")]
    mock: Option<PathBuf>,
}

/// Reads `--listen`.
fn address(text: &str) -> Result<SocketAddr, Misuse> {
    text.parse().map_err(|_not| Misuse(MISUSE_LISTEN.plain()))
}

/// One switch and its position, as the command line gives them. The gateway says what it knows.
fn position(text: &str) -> Result<(String, String), Misuse> {
    let (id, choice) = text.split_once('=').ok_or_else(|| Misuse(MISUSE_SWITCH.plain()))?;
    Switches::default().set(id, choice).map_err(|error| Misuse(said::switch(&error)))?;
    Ok((id.to_owned(), choice.to_owned()))
}

impl Sandbox {
    pub(super) fn perform(&self, terminal: &mut Terminal) -> Result<Exit, CommandError> {
        if !self.listen.ip().is_loopback() && self.control_token.is_none() {
            let (says, advice) = (SANDBOX_OPEN.plain(), SANDBOX_OPEN_DO.plain());
            return Err(CommandError::Usage { says, advice });
        }
        let rules = self.mock.as_deref().map(super::mock::read).transpose()?.unwrap_or_default();
        let (contract, public) = self.parties.contract()?;
        let mut switches = Switches::default();
        for (id, choice) in &self.switches {
            let wrong = |error: SwitchError| CommandError::Bug(said::switch(&error).into());
            switches.set(id, choice).map_err(wrong)?;
        }
        let terms = Terms {
            contract,
            notices: NoticeRoute::Direct,
            console_notify_url: None,
            latency: 0,
            control_token: self.control_token.clone(),
            reports: self.reports.clone(),
            switches,
        };
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        let runtime = runtime.map_err(|why| CommandError::Bug(why.to_string().into()))?;
        runtime.block_on(self.serve(terminal, terms, public.as_ref(), &rules))
    }

    async fn serve(
        &self,
        terminal: &mut Terminal,
        terms: Terms,
        key: Option<&PublicKey>,
        rules: &[Rule],
    ) -> Result<Exit, CommandError> {
        let taken = |why: std::io::Error| CommandError::Gateway {
            says: SANDBOX_TAKEN.with([self.listen.to_string(), why.to_string()]),
            advice: SANDBOX_TAKEN_DO.plain(),
        };
        let listener = TcpListener::bind(self.listen).await.map_err(taken)?;
        let tenant = Tenant::new(terms, clock::Clock::real(), 1).answering_words();
        for rule in rules {
            // The reader of the file has held it to the same rules.
            let refused = |why: String| CommandError::Bug(why.into());
            tenant.add_rule(&rule.body).map_err(refused)?;
        }
        let mut server = Shared::new(tenant).listen(listener).map_err(taken)?;
        let address = server.address().to_string();
        terminal.say(&self.parties.listens(&address));
        terminal.say(&SANDBOX_CONTROL.with([&address]));
        if !rules.is_empty() {
            terminal.say(&SANDBOX_RULES.with([rules.len()]));
        }
        if let Some(key) = key {
            terminal.say(&SANDBOX_KEY.with([key.to_spki_base64()]));
        }
        terminal.say(&SANDBOX_STOP.plain());
        tokio::select! {
            () = server.finished() => Err(CommandError::Bug(BUG_SERVER.plain().into())),
            // Without a way to hear Ctrl-C the process is simply ended by the system.
            _ = tokio::signal::ctrl_c() => Ok(Exit::Acceptable),
        }
    }
}
