//! `assay notify`: a notification to the merchant's own address, and how it is handled.

mod handled;
mod written;

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use evidence::OrderView;
use evidence::words::{
    GATEWAY_SLOW, NOTIFY_AMOUNT, NOTIFY_AMOUNT_DO, NOTIFY_KEY, NOTIFY_KEY_DO, NOTIFY_NO_NEWS,
    NOTIFY_NO_NEWS_DO, NOTIFY_NO_TLS, NOTIFY_NO_TLS_DO, NOTIFY_NO_WATCH, NOTIFY_NO_WATCH_DO,
    NOTIFY_SHARED, NOTIFY_SHARED_DO, NOTIFY_SILENT, NOTIFY_SILENT_DO, NOTIFY_UNSIGNED, NOTIFY_URL,
    NOTIFY_URL_DO, NOTIFY_WATCH, NOTIFY_WATCH_DO, Phrase, Place, SEND_NO_ACCOUNT_DO,
};
use merchant::{Driver as _, Http};
use protocol::sample::News;
use protocol::{Amount, Generation};
use signing::{DsaPrivateKey, PrivateKey};
use steps::{Contract, EmbeddedKeys, NoticeKey, Receiver, StageError, Teller};
use witness::{ReadFault, TlsClient};

use super::key_file::{dsa, rsa};
use super::output::Terminal;
use super::run::address::{is_secure, resolve};
use super::run::gateway::{ASKED_FOR, embedded_keys, within};
use crate::bounded;
use crate::exit::{CommandError, Exit};
use crate::profile::{CheckKey, Driver, Profile};
use handled::{Handling, Told};
use written::Notices;

/// What is told by default, and in what currency.
const PRICE: &str = "USD 1.00";
/// Bytes of the largest certificate that is read.
const LARGEST: u64 = 64 * 1024;

/// Send a signed notification to the merchant, or a wrong one, and judge the handling.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  assay notify payment --to http://127.0.0.1:8000/alipay/notify --about PAY-1
  assay notify payment --profile assay.yaml --how forged
  assay notify payment --profile assay.yaml --how duplicate --about PAY-1 --watch ORDER-1
  assay notify refund --generation legacy --to http://127.0.0.1:8000/notify --amount \"USD 2.50\"

Exit codes:
  0 handled as it has to be, 1 not so, 69 nobody takes notifications there")]
pub(super) struct Notify {
    /// What it tells.
    #[arg(value_name = "NEWS")]
    news: NewsName,
    /// Where the merchant takes notifications; by default `merchant.notify_url` of the profile.
    #[arg(long, value_name = "URL")]
    to: Option<String>,
    /// What is wrong with it, if anything.
    #[arg(long, value_name = "HOW", default_value = "genuine")]
    how: How,
    /// The merchant's number of the payment, the refund or the secondary merchant.
    #[arg(long, value_name = "ID")]
    about: Option<String>,
    /// The amount that it tells; by default USD 1.00.
    #[arg(long, value_name = "AMOUNT")]
    amount: Option<String>,
    /// The order at the merchant's adapter whose state has to follow, or to stay.
    #[arg(long, value_name = "ORDER")]
    watch: Option<String>,
    /// Ask for a signed acknowledgement.
    #[arg(long)]
    signed_ack: bool,
    /// Whose gateway speaks; without one, the embedded sandbox to the reference merchant.
    #[arg(long, env = "ASSAY_PROFILE", value_name = "FILE", hide_env_values = true)]
    profile: Option<PathBuf>,
    /// The messages, where there is no profile: ams or legacy.
    #[arg(long, value_name = "NAME", value_parser = ["ams", "legacy"], hide_possible_values = true)]
    generation: Option<String>,
    /// The private key to sign with, RSA or DSA as the account signs; by default the embedded sandbox's.
    #[arg(long, value_name = "FILE")]
    gateway_key: Option<PathBuf>,
    /// The certificate of the authority that vouches for the merchant's https; by default the public ones.
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
    /// Write JSON instead of text.
    #[arg(long)]
    json: bool,
}

/// What a notification tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum NewsName {
    /// A payment is paid.
    Payment,
    /// Money went back.
    Refund,
    /// The review of a secondary merchant is over.
    Registration,
}

/// What is wrong with a notification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum How {
    /// Nothing.
    Genuine,
    /// A stranger's key signed it.
    Forged,
    /// It has no signature.
    Unsigned,
    /// It comes twice.
    Duplicate,
    /// An older one comes after it, which says that the result is open.
    Reordered,
    /// It is a day old.
    Late,
    /// It tells another amount, under a genuine signature.
    Amount,
    /// It is about something that nobody has.
    Order,
    /// It is written in another charset.
    Charset,
}

impl NewsName {
    fn news(self) -> News {
        match self {
            Self::Payment => News::Payment,
            Self::Refund => News::Refund,
            Self::Registration => News::Registration,
        }
    }
}

impl Notify {
    pub(super) fn perform(&self, terminal: &mut Terminal) -> Result<Exit, CommandError> {
        let profile = self.profile.as_deref().map_or_else(Profile::built_in, Profile::load)?;
        let contract = self.account(&profile)?;
        let key = self.key(&profile, &contract)?;
        let receiver = self.receiver(&profile)?;
        let adapter = self.adapter(&profile)?;
        let price = self.amount.as_deref().unwrap_or(PRICE);
        let amount = Amount::from_price(price)
            .map_err(|_form| usage(NOTIFY_AMOUNT.with([price]), NOTIFY_AMOUNT_DO.plain()))?;
        let mark = signing::hex(&signing::random_bytes::<6>()).to_uppercase();
        let notices = Notices {
            key: &key,
            receiver: &receiver,
            news: self.news.news(),
            account: contract.identity(),
            about: self.about.as_deref(),
            amount,
            mark: &mark,
        };
        let messages = notices.written(self.how).map_err(|why| match why {
            written::Fault::NoNews => usage(NOTIFY_NO_NEWS.plain(), NOTIFY_NO_NEWS_DO.plain()),
            written::Fault::Unsigned(why) => {
                usage(NOTIFY_UNSIGNED.holding([why]), SEND_NO_ACCOUNT_DO.plain())
            }
        })?;
        let url = self.url(&profile)?;
        let telling = self.tell(&receiver, (&url, &contract), messages, adapter.as_ref());
        let told = within(ASKED_FOR * 2, telling)?;
        let slow = || silent(&url, GATEWAY_SLOW.with([ASKED_FOR.as_secs() * 2]).into());
        let told = told.ok_or_else(slow)??;
        let handling = Handling {
            generation: contract.generation(),
            how: self.how,
            signed_ack: self.signed_ack,
            pays: self.news == NewsName::Payment,
        };
        Ok(handled::show(terminal, &told, handling, self.json))
    }

    fn url(&self, profile: &Profile) -> Result<String, CommandError> {
        let url = self.to.clone().or_else(|| profile.merchant.notify_url.clone());
        url.ok_or_else(|| usage(NOTIFY_URL.with([""]), NOTIFY_URL_DO.plain()))
    }

    /// The account of the profile in the generation that is asked for.
    fn account(&self, profile: &Profile) -> Result<Contract, CommandError> {
        let asked = self.generation.as_deref().and_then(Generation::named);
        let mut contracts = profile.gateway.contracts(profile.conditions);
        if let Some(generation) = asked {
            contracts.retain(|own| own.generation() == generation);
        }
        let none = || usage(NOTIFY_NO_NEWS.plain(), SEND_NO_ACCOUNT_DO.plain());
        contracts.into_iter().next().ok_or_else(none)
    }

    /// As whom it is signed. The profile has no more of its gateway than the public half, so that
    /// another than the embedded one has to be named.
    fn key(&self, profile: &Profile, contract: &Contract) -> Result<NoticeKey, CommandError> {
        let mut keys: EmbeddedKeys = embedded_keys()?;
        match (&self.gateway_key, profile.gateway.keys.gateway()) {
            (Some(file), CheckKey::Rsa(_)) => keys.rsa = rsa(file, PrivateKey::read)?,
            (Some(file), CheckKey::Dsa(_)) => keys.dsa = dsa(file, DsaPrivateKey::read)?,
            (Some(_), CheckKey::Shared(_)) => {
                let (says, advice) = (NOTIFY_SHARED.plain(), NOTIFY_SHARED_DO.plain());
                return Err(CommandError::Usage { says, advice });
            }
            (None, CheckKey::Rsa(known)) if known != keys.rsa.public() => return Err(no_key()),
            (None, CheckKey::Dsa(known))
                if known.fingerprint() != keys.dsa.public().fingerprint() =>
            {
                return Err(no_key());
            }
            (None, CheckKey::Rsa(_) | CheckKey::Dsa(_) | CheckKey::Shared(_)) => {}
        }
        contract.notices(&keys).ok_or_else(no_key)
    }

    fn receiver(&self, profile: &Profile) -> Result<Receiver, CommandError> {
        let url = self.url(profile)?;
        let form = || usage(NOTIFY_URL.with([&url]), NOTIFY_URL_DO.plain());
        let (scheme, rest) = url.split_once("://").ok_or_else(form)?;
        let plain = |byte: u8| byte.is_ascii_graphic() && !b"\"<>\\^`{|}#".contains(&byte);
        if !url.bytes().all(plain) {
            return Err(form());
        }
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, target) = rest.split_at(end);
        let base = format!("{scheme}://{authority}");
        let (address, host) = resolve(&base).map_err(|why| {
            let CommandError::Gateway { says, .. } = why else { return form() };
            CommandError::Gateway { says, advice: NOTIFY_SILENT_DO.plain() }
        })?;
        let target = if target.starts_with('/') { target.to_owned() } else { format!("/{target}") };
        let tls = if is_secure(&base) { Some(self.tls()?) } else { None };
        Ok(Receiver { address, host, target, tls })
    }

    fn tls(&self) -> Result<TlsClient, CommandError> {
        let Some(file) = &self.ca else {
            return TlsClient::public().map_err(|why| CommandError::Bug(why.says().into()));
        };
        let unread = |source| CommandError::Read { path: file.clone(), source };
        let pem = bounded::read(file, LARGEST).map_err(unread)?;
        TlsClient::from_pem(&pem).map_err(|why| {
            let says = NOTIFY_NO_TLS.holding([Place::value(file.display()), why.says().into()]);
            CommandError::Unusable { says, advice: NOTIFY_NO_TLS_DO.plain() }
        })
    }

    /// The adapter that tells the state of the order to watch.
    fn adapter(&self, profile: &Profile) -> Result<Option<Http>, CommandError> {
        if self.watch.is_none() {
            return Ok(None);
        }
        let none = || usage(NOTIFY_NO_WATCH.plain(), NOTIFY_NO_WATCH_DO.plain());
        let Driver::Http { url } = &profile.merchant.driver else { return Err(none()) };
        let adapter = Http::new(url);
        adapter
            .map(Some)
            .map_err(|why| CommandError::Unusable { says: why.says(), advice: why.advice() })
    }

    async fn state(&self, adapter: Option<&Http>) -> Result<Option<OrderView>, CommandError> {
        let (Some(adapter), Some(order)) = (adapter, &self.watch) else { return Ok(None) };
        let failed = |why: Phrase| CommandError::Gateway {
            says: NOTIFY_WATCH.holding([Place::value(order), why.into()]),
            advice: NOTIFY_WATCH_DO.plain(),
        };
        adapter.order(order).await.map_err(|why| failed(why.says()))
    }

    async fn tell(
        &self,
        receiver: &Receiver,
        (url, contract): (&str, &Contract),
        messages: Vec<evidence::Blob>,
        adapter: Option<&Http>,
    ) -> Result<Told, CommandError> {
        let teller = Teller::of(receiver, contract).await.map_err(|why| match why {
            StageError::System(why) => CommandError::Bug(Place::value(why)),
            StageError::Gateway(why) => CommandError::Bug(why.says().into()),
        })?;
        let before = self.state(adapter).await?;
        let mut answers = vec![];
        for notice in messages {
            let told = teller.tell(notice.clone()).await;
            let (said, took) = told.map_err(|why| unanswered(url, &why))?;
            let verified = teller.verified(&notice, &said);
            answers.push(handled::Answer { notice, said, took, verified });
        }
        let after = self.state(adapter).await?;
        Ok(Told { answers, watched: self.watch.is_some(), before, after })
    }
}

fn unanswered(url: &str, why: &ReadFault) -> CommandError {
    if why.is_handshake() {
        let says = NOTIFY_NO_TLS.holding([Place::value(url), why.says().into()]);
        return CommandError::Gateway { says, advice: NOTIFY_NO_TLS_DO.plain() };
    }
    silent(url, why.says().into())
}

fn silent(url: &str, why: Place) -> CommandError {
    CommandError::Gateway {
        says: NOTIFY_SILENT.holding([Place::value(url), why]),
        advice: NOTIFY_SILENT_DO.plain(),
    }
}

fn no_key() -> CommandError {
    CommandError::Usage { says: NOTIFY_KEY.plain(), advice: NOTIFY_KEY_DO.plain() }
}

fn usage(says: Phrase, advice: Phrase) -> CommandError {
    CommandError::Usage { says, advice }
}
