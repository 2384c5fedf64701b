//! Calls outside every run and record: one is made, its answer is looked at, and that is all.

use clock::Clock;
use evidence::words::{OWN_NO_SERVICE, Place};
use evidence::{Blob, Recorder, Way};
use protocol::Generation;
use protocol::ams::Verified;
use protocol::legacy::Form;
use protocol::sample::Call;
use serde_json::{Value, json};
use wire::loopback;
use witness::{Claim, Door, Front, ReadFault, Setup, Witness};

use crate::Backstage;
use crate::contract::Contract;
use crate::control::{Control, ControlError};
use crate::gateway::{Gateway, StageError};
use crate::greeting::nobodys_case;
use crate::open::side;

/// Who calls a gateway outside every run, as the merchant of the profile: through a witness, whose
/// client is the one of the runs.
#[derive(Debug)]
pub struct Caller {
    contract: Contract,
    clock: Clock,
    witness: Witness,
    control: Control,
    /// An embedded gateway listens as long as its servers are there.
    servers: Vec<wire::Server>,
}

/// What a call carries, before it is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Carried {
    /// A body, byte for byte.
    Bytes(Vec<u8>),
    /// Parameters of the older generation, beside those that every form has.
    Parameters(Vec<(String, String)>),
}

impl Contract {
    /// A call as the merchant of this account makes it, signed.
    ///
    /// # Errors
    /// When it is one of the other generation, or cannot be written or signed.
    pub fn own(&self, call: Call, carried: &Carried, now: i64) -> Result<Blob, Place> {
        match (self, call, carried) {
            (Self::Ams(account), Call::Ams(api), Carried::Bytes(body)) => {
                account.signed(api, now, body.clone())
            }
            (Self::Legacy(account), Call::Legacy(service), Carried::Parameters(parameters)) => {
                let mut form = Form::new(account.charset);
                form.set("service", service.name());
                form.set("partner", account.partner.as_str());
                form.set("_input_charset", account.charset.name());
                for (name, value) in parameters {
                    form.set(name, value.as_str());
                }
                account.post(form)
            }
            (Self::Ams(_) | Self::Legacy(_), call, _) => {
                Err(OWN_NO_SERVICE.with([call.name()]).into())
            }
        }
    }
}

impl Backstage {
    /// Who calls the gateway in a generation. The embedded one is opened for that, with books of its
    /// own; one elsewhere that answers the control API is called in its operator's own tenant, where
    /// its rules and its log are.
    ///
    /// # Errors
    /// When the system has no ports left, or there is no account of the generation.
    pub async fn caller(&self, generation: Generation) -> Result<Caller, StageError> {
        let contract = self.contracts.iter().find(|it| it.generation() == generation);
        let none = || StageError::System(std::io::Error::other(generation.name()));
        let contract = contract.ok_or_else(none)?.clone();
        let clock = Clock::real();
        let doors = (Door::Plain(loopback().await?), Door::Plain(loopback().await?));
        let front = Front::open(doors.0, doors.1, clock.clone(), None)?;
        let (key, notices) = (nobodys_case(generation)?, front.notices_within());
        let mut servers = vec![];
        let (gateway, control) = match &self.gateway {
            Gateway::Embedded { .. } => {
                let drawn = (&clock, self.seed);
                let through = self.through(&contract, &key, drawn, notices, &mut servers).await?;
                (through.gateway, through.control)
            }
            Gateway::Elsewhere(there) => {
                let host = Some(there.host.clone());
                (side(there.address, host, contract.gateway_side()), there.control())
            }
            Gateway::Foreign(there) => {
                (there.side(&contract), Control::none(there.address, there.host.clone()))
            }
        };
        let setup = Setup {
            gateway,
            merchant: side(notices, None, contract.merchant_side()),
            recorder: contract.keep_out(Recorder::detached(key, 0)),
            clock: clock.clone(),
        };
        let witness = front.admit(setup, Claim::Everything);
        Ok(Caller { contract, clock, witness, control, servers })
    }
}

impl Caller {
    /// The account that calls.
    pub fn contract(&self) -> &Contract {
        &self.contract
    }

    /// What time it is here.
    pub fn now(&self) -> i64 {
        self.clock.now()
    }

    /// Whether the gateway came into being with this, and so knows of nothing that was not called
    /// through it.
    pub fn is_fresh(&self) -> bool {
        !self.servers.is_empty()
    }

    /// Makes a call, and answers what came back.
    ///
    /// # Errors
    /// When no whole answer came.
    pub async fn send(&self, call: Blob) -> Result<Blob, ReadFault> {
        self.witness.own_call(self.witness.number(), call).await
    }

    /// The state of an answer's signature under the key of the profile.
    pub fn verified(&self, call: &Blob, answer: &Blob) -> Verified {
        self.contract.gateway_side().answer(Way::Call, call, answer)
    }

    /// A payment code of a buyer who has enough and pays at once; none where buyers are people.
    ///
    /// # Errors
    /// When the control API does not do it.
    pub async fn buyers_code(&self, currency: &str) -> Result<Option<String>, ControlError> {
        if !self.control.is_there() {
            return Ok(None);
        }
        let wallet = self.wallet(currency).await?;
        let issued = self.control.post(&format!("wallets/{wallet}/codes"), &json!({})).await?;
        Control::text(&issued, "code").map(Some)
    }

    /// A buyer opens the address of a call in a browser, logs in and pays; nothing where buyers are
    /// people.
    ///
    /// # Errors
    /// When the control API does not do it.
    pub async fn buyer_pays_at(&self, url: &str, currency: &str) -> Result<(), ControlError> {
        if !self.control.is_there() {
            return Ok(());
        }
        let wallet = self.wallet(currency).await?;
        let body = json!({ "url": url });
        self.control.post(&format!("wallets/{wallet}/open"), &body).await.map(drop)
    }

    async fn wallet(&self, currency: &str) -> Result<String, ControlError> {
        let opened: Value = self.control.post("wallets", &json!({ "currency": currency })).await?;
        Control::text(&opened, "wallet")
    }
}
