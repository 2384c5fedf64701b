//! Notices outside every run and record: one is brought to a merchant, whose handling is looked at.

use std::net::SocketAddr;

use clock::Clock;
use evidence::words::{Place, SIGN_FAILED};
use evidence::{Blob, Recorder, SideKey, Way};
use protocol::ams::{Signed, Verified};
use protocol::legacy::{Charset, Form, Signer};
use protocol::{Generation, iso8601};
use signing::PrivateKey;
use wire::loopback;
use witness::{Claim, Door, Front, ReadFault, Setup, Side, TlsClient, Witness};

use crate::contract::{Contract, EmbeddedKeys, unmappable, unsigned};
use crate::gateway::StageError;
use crate::greeting::nobodys_case;
use crate::open::side;
use crate::payment::{stranger, stranger_dsa};

/// Under which name a notice would stand in a record.
const TOLD: &str = "told-by-hand";

/// As whom notices are signed.
#[derive(Debug, Clone)]
pub enum NoticeKey {
    /// As the gateway of a client.
    Ams {
        /// The client.
        client_id: String,
        /// The gateway's key.
        key: PrivateKey,
    },
    /// As the gateway of a partner.
    Legacy {
        /// The gateway's key, and the type of its signatures.
        signer: Signer,
        /// The charset of notices.
        charset: Charset,
    },
}

/// Where a merchant takes notices.
#[derive(Debug, Clone)]
pub struct Receiver {
    /// Where it listens.
    pub address: SocketAddr,
    /// Its authority, for `Host`.
    pub host: String,
    /// Path and query.
    pub target: String,
    /// With whom it is spoken to under TLS; `None` is plain HTTP.
    pub tls: Option<TlsClient>,
}

/// Who brings notices to a merchant.
#[derive(Debug)]
pub struct Teller {
    witness: Witness,
    clock: Clock,
    merchant: SideKey,
}

impl Contract {
    /// As whom the gateway of this account signs its notices, where it holds `keys`.
    pub fn notices(&self, keys: &EmbeddedKeys) -> Option<NoticeKey> {
        match (self, self.at_sandbox(keys)) {
            (Self::Ams(account), sandbox::Contract::Ams { gateway_key, .. }) => {
                Some(NoticeKey::Ams { client_id: account.client_id.clone(), key: gateway_key })
            }
            (Self::Legacy(account), sandbox::Contract::Legacy { gateway, .. }) => {
                let signer = gateway.into_iter().next()?;
                Some(NoticeKey::Legacy { signer, charset: account.charset })
            }
            (Self::Ams(_) | Self::Legacy(_), _) => None,
        }
    }
}

impl NoticeKey {
    /// A key of the same kind that is nobody's.
    ///
    /// # Errors
    /// When there is none.
    pub fn stranger(&self) -> Result<Self, Place> {
        let none = || Place::from(SIGN_FAILED.plain());
        let rsa = || stranger().map_err(|_unread| none());
        Ok(match self {
            Self::Ams { client_id, .. } => Self::Ams { client_id: client_id.clone(), key: rsa()? },
            Self::Legacy { signer, charset } => {
                let signer = match signer {
                    Signer::Rsa(_) => Signer::Rsa(rsa()?),
                    Signer::Rsa2(_) => Signer::Rsa2(rsa()?),
                    Signer::Dsa(_) => Signer::Dsa(stranger_dsa().map_err(|_unread| none())?),
                    Signer::Md5(_) => {
                        let key = signing::SharedKey::read(crate::contract::STRANGER.as_bytes());
                        Signer::Md5(key.map_err(|_unread| none())?)
                    }
                };
                Self::Legacy { signer, charset: *charset }
            }
        })
    }

    /// A notice of the newer generation; `signed` is false for one without a signature.
    ///
    /// # Errors
    /// When it cannot be signed, or this is a key of the other generation.
    pub fn json(
        &self,
        receiver: &Receiver,
        (time, charset): (i64, &str),
        body: Vec<u8>,
        signed: bool,
    ) -> Result<Blob, Place> {
        let Self::Ams { client_id, key } = self else { return Err(SIGN_FAILED.plain().into()) };
        let (target, host, time) = (&receiver.target, &receiver.host, iso8601(time));
        let text = Signed { target, client_id, time: &time, body: &body };
        let signature = if signed {
            let value = text.sign(key).map_err(unsigned)?;
            format!("signature: {value}\r\n")
        } else {
            String::new()
        };
        let head = format!(
            "POST {target} HTTP/1.1\r\nhost: {host}\r\nclient-id: {client_id}\r\n\
             request-time: {time}\r\n{signature}content-type: application/json; \
             charset={charset}\r\nuser-agent: assay\r\ncontent-length: {}\r\n\r\n",
            body.len(),
        );
        Ok(Blob { head: head.into_bytes(), body })
    }

    /// A notice of the older generation, in the charset of this key.
    ///
    /// # Errors
    /// When it cannot be written or signed, or this is a key of the other generation.
    pub fn form(
        &self,
        receiver: &Receiver,
        parameters: &[(String, String)],
        signed: bool,
    ) -> Result<Blob, Place> {
        let Self::Legacy { signer, charset } = self else {
            return Err(SIGN_FAILED.plain().into());
        };
        let mut form = Form::new(*charset);
        for (name, text) in parameters {
            form.set(name, text.as_str());
        }
        if signed {
            let text = form.text_to_sign(protocol::legacy::Empties::Dropped);
            let bytes = charset.encode(&text).map_err(unmappable)?.into_owned();
            let sign = signer.sign(&bytes).map_err(unsigned)?;
            form.set("sign_type", signer.sign_type().name());
            form.set("sign", sign);
        }
        let body = form.write().map_err(unmappable)?;
        let head = format!(
            "POST {} HTTP/1.1\r\nhost: {}\r\ncontent-type: application/x-www-form-urlencoded; \
             charset={}\r\nuser-agent: assay\r\ncontent-length: {}\r\n\r\n",
            receiver.target,
            receiver.host,
            charset.name(),
            body.len(),
        );
        Ok(Blob { head: head.into_bytes(), body })
    }

    /// The same with another charset, for forms.
    #[must_use]
    pub fn written_in(&self, charset: Charset) -> Self {
        match self {
            Self::Ams { .. } => self.clone(),
            Self::Legacy { signer, .. } => Self::Legacy { signer: signer.clone(), charset },
        }
    }
}

impl Teller {
    /// Who brings notices to a merchant, whose acknowledgements are checked under its own key.
    ///
    /// # Errors
    /// When the system has no ports left.
    pub async fn of(receiver: &Receiver, contract: &Contract) -> Result<Self, StageError> {
        let clock = Clock::real();
        let doors = (Door::Plain(loopback().await?), Door::Plain(loopback().await?));
        let front = Front::open(doors.0, doors.1, clock.clone(), None)?;
        let merchant = contract.merchant_side();
        let plain = side(receiver.address, Some(receiver.host.clone()), merchant.clone());
        let setup = Setup {
            gateway: side(front.calls_within(), None, contract.gateway_side()),
            merchant: Side { tls: receiver.tls.clone(), ..plain },
            recorder: contract.keep_out(Recorder::detached(nobodys_case(Generation::Ams)?, 0)),
            clock: clock.clone(),
        };
        let witness = front.admit(setup, Claim::Everything);
        Ok(Self { witness, clock, merchant })
    }

    /// Brings a notice, and answers what was said to it and how long that took, in milliseconds.
    ///
    /// # Errors
    /// When no whole answer came.
    pub async fn tell(&self, notice: Blob) -> Result<(Blob, i64), ReadFault> {
        let began = self.clock.now();
        let answer = self.witness.send(self.witness.number(), Way::Notice, notice, TOLD).await?;
        Ok((answer, self.clock.now() - began))
    }

    /// The state of an acknowledgement's signature.
    pub fn verified(&self, notice: &Blob, answer: &Blob) -> Verified {
        self.merchant.answer(Way::Notice, notice, answer)
    }
}
