//! `assay send`: one call to the gateway, signed with the profile's key, and its answer explained.

mod body;
mod guard;
mod line;
mod outcome;
mod shown;

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, ValueEnum};
use diagnose::Known;
use diagnose::pasted::written;
use evidence::Blob;
use evidence::words::{GATEWAY_SLOW, Place, SEND_NO_TEXT, SEND_NO_TEXT_DO};
use protocol::ams::{Api, Verified};
use protocol::legacy::Service;
use protocol::sample::{Call, Meeting, Sample};
use steps::{Backstage, Contract, StageError, Tested};

use super::diagnose::keys;
use super::output::{Terminal, json_safe};
use super::run::gateway::{self, ASKED_FOR, Reached, within};
use crate::exit::{CommandError, Exit};
use crate::profile::{GatewayUrl, Named, Profile};
use body::Wish;
use line::{Line, account, control, signed, silent};
use outcome::Outcome;

/// Where results would be told: nobody listens there.
const NOTIFY_URL: &str = "http://shop.example/alipay/notify";
/// A buyer's code where none is known: it has the form of one.
const NOBODYS_CODE: &str = "281234567890123456";
/// A payment where none is known.
const NOBODYS_PAYMENT: &str = "0";
/// Where `assay sandbox` listens by default.
const SANDBOX: &str = "http://127.0.0.1:8090";
/// What samples cost in, so that the buyer has some.
const CURRENCY: &str = "USD";

/// Sign one call, send it to the gateway, and explain the answer.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  assay send pay
  assay send pay --set order.orderDescription=Tea --explain-signing
  assay send refund --set paymentId=20260105... --profile assay.yaml
  assay send alipay.acquire.overseas.spot.pay --set trans_amount=2.50
  assay send pay --as curl --profile assay.yaml

Exit codes:
  0 the answer is signed and says success, 1 it refuses or does not verify, 2 the result is open")]
pub(super) struct Send {
    /// The call by its name in the documents, such as pay, inquiryPayment or `create_forex_trade`.
    #[arg(value_name = "CALL", value_parser = names())]
    call: String,
    /// Give a field another value: order.goods.0.goodsName=Tea, or := with JSON behind it; repeatable.
    #[arg(long, value_name = "FIELD=VALUE")]
    set: Vec<String>,
    /// Leave a field out; repeatable.
    #[arg(long, value_name = "FIELD")]
    unset: Vec<String>,
    /// Send what stands in this file, byte for byte where nothing is set; - for standard input.
    #[arg(long, value_name = "FILE")]
    body: Option<PathBuf>,
    /// How a pay meets its buyer: user-presented, order-code, entry-code or cashier.
    #[arg(long, value_name = "PRODUCT", hide_possible_values = true, value_parser = products())]
    product: Option<String>,
    /// Whose account it is; without one, the reference merchant's on the embedded sandbox.
    #[arg(long, env = "ASSAY_PROFILE", value_name = "FILE", hide_env_values = true)]
    profile: Option<PathBuf>,
    /// Where the gateway is: embedded, or http or https with host and port. Beats the profile.
    #[arg(long, env = "ASSAY_GATEWAY", value_name = "URL", hide_env_values = true)]
    gateway: Option<String>,
    /// What the gateway's control API asks for.
    #[arg(long, env = "ASSAY_CONTROL_TOKEN", value_name = "TEXT", hide_env_values = true)]
    control_token: Option<String>,
    /// Show how the call was signed: the text to sign, its digest, the signature.
    #[arg(long)]
    explain_signing: bool,
    /// Write the signed call instead of sending it, as another tool takes it.
    #[arg(long = "as", value_name = "TOOL", conflicts_with = "json")]
    written: Option<Tool>,
    /// Write JSON instead of text.
    #[arg(long)]
    json: bool,
    /// Say that you know what a call to production does: the buyer's money is real.
    #[arg(long)]
    i_know_this_moves_money: bool,
}

/// Who takes a call that is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Tool {
    /// A shell with curl.
    Curl,
    /// Postman.
    Postman,
    /// Whatever reads a raw request.
    Http,
}

fn names() -> PossibleValuesParser {
    PossibleValuesParser::new(Call::all().map(Call::name))
}

fn products() -> PossibleValuesParser {
    PossibleValuesParser::new(Meeting::ALL.map(Meeting::name))
}

impl Send {
    pub(super) fn perform(&self, terminal: &mut Terminal) -> Result<Exit, CommandError> {
        // The parser knows the names.
        let bug = || CommandError::Bug(Place::value(&self.call));
        let call = Call::parse(&self.call).ok_or_else(bug)?;
        let wish = Wish::read(call, self.body.as_deref(), &self.set, &self.unset)?;
        let profile = self.read_profile()?;
        let (embedded, aware) = (self.is_embedded(&profile), self.i_know_this_moves_money);
        guard::asked(&profile, embedded, aware)?;
        if let Some(tool) = self.written {
            return self.write(terminal, (tool, call), &wish, &profile);
        }
        let reached =
            gateway::reach(&profile, self.gateway.as_deref(), self.control_token.clone())?;
        let profile = profile.at(reached.as_named(), reached.keys.clone());
        account(&reached.contracts(&profile), call)?;
        let backstage = reached.backstage(&profile, Tested::Reference, fresh());
        let backstage = Backstage { without_notices: true, ..backstage };
        let sending = self.send(&backstage, &reached, (&profile, call, &wish));
        let sent = within(ASKED_FOR, sending)?;
        let slow = || silent(&reached.url, GATEWAY_SLOW.with([ASKED_FOR.as_secs()]).into());
        let sent = sent.ok_or_else(slow)??;
        let known = self.known(&profile, &reached)?;
        let says = shown::Says { signing: self.explain_signing, json: self.json };
        Ok(shown::show(terminal, &sent, &known, says))
    }

    /// The keys that messages are diagnosed with, by the names under which people know them.
    fn known(&self, profile: &Profile, reached: &Reached) -> Result<Known, CommandError> {
        let file = self.profile.as_ref().map(|path| path.display().to_string());
        let of_profile = |name: &str, ours: &str| {
            file.as_ref().map_or_else(|| ours.to_owned(), |file| format!("{file} {name}"))
        };
        let merchant = of_profile("merchant_key", keys::MERCHANT);
        let gateway = if reached.is_embedded() {
            keys::GATEWAY.to_owned()
        } else {
            of_profile("gateway_public_key", keys::GATEWAY)
        };
        keys::of_accounts(profile, merchant, gateway)
    }

    fn is_embedded(&self, profile: &Profile) -> bool {
        match (self.gateway.as_deref(), &profile.gateway.url) {
            (Some(url), _) => url == "embedded",
            (None, url) => *url == GatewayUrl::Embedded,
        }
    }

    fn read_profile(&self) -> Result<Profile, CommandError> {
        let elsewhere = self.gateway.as_deref().filter(|url| *url != "embedded");
        elsewhere.map_or(Ok(()), gateway::form)?;
        if self.profile.is_none() && elsewhere.is_some() && self.written.is_none() {
            return Err(CommandError::Profile(gateway::without_profile()));
        }
        let named = Named { gateway: elsewhere, merchant: None };
        let read = self.profile.as_deref();
        Ok(read.map_or_else(Profile::built_in, |path| Profile::load_for(path, named))?)
    }

    /// How a pay meets its buyer: as asked for, as the profile sells, or over the till's scanner.
    fn meeting(&self, profile: &Profile) -> Meeting {
        let asked = self.product.as_deref().and_then(Meeting::parse);
        let sold = || profile.products.iter().find_map(|name| Meeting::parse(name));
        asked.or_else(sold).unwrap_or_default()
    }

    /// The call, signed and written for another tool. Nobody is called.
    fn write(
        &self,
        terminal: &mut Terminal,
        (tool, call): (Tool, Call),
        wish: &Wish,
        profile: &Profile,
    ) -> Result<Exit, CommandError> {
        let url = match (self.gateway.as_deref(), &profile.gateway.url) {
            (Some("embedded"), _) | (None, GatewayUrl::Embedded) => SANDBOX,
            (Some(url), _) => url,
            (None, GatewayUrl::Remote(url)) => url,
        };
        let contracts = profile.gateway.contracts(profile.conditions);
        let contract = account(&contracts, call)?;
        let mark = mark();
        let now = clock::Clock::real().now();
        let sample = self.sample(profile, contract, &mark, now);
        let carried = wish.carried(&sample)?;
        guard::amount(profile, call, &carried, self.is_embedded(profile))?;
        let signed = signed(contract, call, &carried, now)?;
        let no_text = |_bytes| CommandError::Usage {
            says: SEND_NO_TEXT.plain(),
            advice: SEND_NO_TEXT_DO.plain(),
        };
        let text = match tool {
            Tool::Curl => written::curl(&signed, url),
            Tool::Http => written::http(&signed, url).map_err(no_text)?,
            Tool::Postman => {
                let collection = written::postman(&signed, url, call.name()).map_err(no_text)?;
                let text = serde_json::to_string_pretty(&collection).unwrap_or_default();
                json_safe(&text) + "\n"
            }
        };
        terminal.raw(&text);
        if self.explain_signing {
            for line in shown::signing(terminal, call.generation(), &signed) {
                terminal.note(line);
            }
        }
        Ok(Exit::Acceptable)
    }

    /// What a sample of this account varies in, with a buyer's code as far as one is known.
    fn sample<'a>(
        &self,
        profile: &'a Profile,
        contract: &'a Contract,
        mark: &'a str,
        now: i64,
    ) -> Sample<'a> {
        let code = profile.gateway.payment_codes.first().map_or(NOBODYS_CODE, String::as_str);
        let notify_url = profile.merchant.notify_url.as_deref().unwrap_or(NOTIFY_URL);
        Sample {
            now,
            mark,
            account: contract.identity(),
            notify_url,
            code,
            meeting: self.meeting(profile),
            payment_id: NOBODYS_PAYMENT,
        }
    }

    /// Makes the call, after those that it rests on where the gateway knows of nothing yet.
    async fn send(
        &self,
        backstage: &Backstage,
        reached: &Reached,
        (profile, call, wish): (&Profile, Call, &Wish),
    ) -> Result<Sent, CommandError> {
        let caller = backstage.caller(call.generation()).await.map_err(|why| match why {
            StageError::Gateway(why) => control(reached, &why),
            StageError::System(why) => CommandError::Bug(Place::value(why)),
        })?;
        let mark = mark();
        let issued = if caller.is_fresh() || is_scanned(call) {
            caller.buyers_code(CURRENCY).await.map_err(|why| control(reached, &why))?
        } else {
            None
        };
        let mut sample = self.sample(profile, caller.contract(), &mark, caller.now());
        if let Some(code) = &issued {
            sample.code = code;
        }
        let mut line = Line { caller: &caller, reached, sample, payment: None, before: vec![] };
        if caller.is_fresh() {
            line.lay_ground(call).await?;
        }
        let payment = line.payment.take();
        let mut sample = line.sample.clone();
        if let Some(id) = &payment {
            sample.payment_id = id;
        }
        let carried = wish.carried(&sample)?;
        guard::amount(profile, call, &carried, reached.simulated)?;
        let before = std::mem::take(&mut line.before);
        let (request, answer) = line.make(call, &carried).await?;
        let verified = caller.verified(&request, &answer);
        Ok(Sent { call, request, answer, verified, before })
    }
}

/// A call, and what became of it.
struct Sent {
    call: Call,
    request: Blob,
    answer: Blob,
    verified: Verified,
    /// What was called before, and what the gateway said to it.
    before: Vec<(Call, Outcome)>,
}

/// Whether a sample of the call names a buyer's code.
fn is_scanned(call: Call) -> bool {
    matches!(call, Call::Ams(Api::Pay) | Call::Legacy(Service::SpotPay))
}

/// What the ids of a call end with: nobody has used it.
fn mark() -> String {
    signing::hex(&signing::random_bytes::<6>()).to_uppercase()
}

/// From what an embedded gateway draws its ids.
fn fresh() -> u64 {
    u64::from(u32::from_be_bytes(signing::random_bytes::<4>()))
}
