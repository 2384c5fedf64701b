//! Who the merchant is at the gateway, and how both sign, in each generation.

use evidence::words::{Place, SIGN_FAILED, SIGN_REFUSED, UNMAPPABLE};
use evidence::{Blob, Recorder, SideKey};
use protocol::ams::{self, Api};
use protocol::legacy::{Charset, SignFault, SignType, Signer, Unmappable, Verifier};
use protocol::{Generation, legacy};
use serde_json::Value;
use signing::{DsaPrivateKey, DsaPublicKey, PrivateKey, PublicKey, SharedKey, SignError};

use crate::legacy::form_of_own_call;
use crate::payment::{stranger, stranger_dsa};
use crate::product::Product;

/// A shared key that nobody holds.
pub(crate) const STRANGER: &str = "strangers0strangers0strangers0st";

/// The text of `Host` in the runner's own calls.
pub(crate) const HOST: &str = "gateway.assay.test";

/// The merchant's account at a gateway, in one generation.
#[derive(Debug, Clone)]
pub enum Contract {
    /// JSON, with a signature in a header.
    Ams(AmsContract),
    /// `gateway.do`.
    Legacy(LegacyContract),
}

/// An account of the newer generation.
#[derive(Debug, Clone)]
pub struct AmsContract {
    /// The profile's client id.
    pub client_id: String,
    /// The profile's merchant key, for the reference merchant and the runner's own calls.
    pub merchant_key: PrivateKey,
    /// The key that the gateway signs with.
    pub gateway_key: PublicKey,
}

/// An account of the older generation.
#[derive(Debug, Clone)]
pub struct LegacyContract {
    /// The partner id: 16 digits that begin with 2088.
    pub partner: String,
    /// How both sides sign.
    pub signing: Signing,
    /// The charset of its calls.
    pub charset: Charset,
    /// Whether calls go by POST.
    pub post: bool,
}

/// How both sides of the older generation sign.
#[derive(Debug, Clone)]
pub enum Signing {
    /// RSA over SHA-1.
    Rsa(KeyPairs),
    /// RSA over SHA-256.
    Rsa2(KeyPairs),
    /// DSA over SHA-1.
    Dsa(KeyPairs<DsaPrivateKey, DsaPublicKey>),
    /// MD5 over text and a key that both hold.
    Md5(SharedKey),
}

/// The merchant's own key, and the public half of the gateway's.
#[derive(Debug, Clone)]
pub struct KeyPairs<Own = PrivateKey, Theirs = PublicKey> {
    /// What the merchant signs with.
    pub merchant: Own,
    /// What the gateway's messages are checked under.
    pub gateway: Theirs,
}

/// What the embedded gateway signs with, whatever its contract asks for but MD5.
#[derive(Debug, Clone)]
pub struct EmbeddedKeys {
    /// For everything but DSA.
    pub rsa: PrivateKey,
    /// For DSA.
    pub dsa: DsaPrivateKey,
}

impl Signing {
    /// What the merchant signs with.
    pub(crate) fn signer(&self) -> Signer {
        match self {
            Self::Rsa(keys) => Signer::Rsa(keys.merchant.clone()),
            Self::Rsa2(keys) => Signer::Rsa2(keys.merchant.clone()),
            Self::Dsa(keys) => Signer::Dsa(keys.merchant.clone()),
            Self::Md5(key) => Signer::Md5(key.clone()),
        }
    }

    /// What the gateway's messages are checked under.
    pub(crate) fn gateway(&self) -> Verifier {
        match self {
            Self::Rsa(keys) => Verifier::Rsa(keys.gateway.clone()),
            Self::Rsa2(keys) => Verifier::Rsa2(keys.gateway.clone()),
            Self::Dsa(keys) => Verifier::Dsa(keys.gateway.clone()),
            Self::Md5(key) => Verifier::Md5(key.clone()),
        }
    }

    /// A key of the same kind that is nobody's in the contract.
    pub(crate) fn stranger(&self) -> Option<Signer> {
        let own = || stranger().ok();
        match self {
            Self::Rsa(_) => own().map(Signer::Rsa),
            Self::Rsa2(_) => own().map(Signer::Rsa2),
            Self::Dsa(_) => stranger_dsa().ok().map(Signer::Dsa),
            Self::Md5(_) => SharedKey::read(STRANGER.as_bytes()).ok().map(Signer::Md5),
        }
    }

    /// A type that the merchant has no key for.
    pub(crate) fn other_type(&self) -> SignType {
        match self {
            Self::Rsa(_) => SignType::Rsa2,
            Self::Rsa2(_) | Self::Dsa(_) | Self::Md5(_) => SignType::Rsa,
        }
    }

    /// What the embedded gateway signs with.
    fn at_sandbox(&self, embedded: &EmbeddedKeys) -> Signer {
        match self {
            Self::Rsa(_) => Signer::Rsa(embedded.rsa.clone()),
            Self::Rsa2(_) => Signer::Rsa2(embedded.rsa.clone()),
            Self::Dsa(_) => Signer::Dsa(embedded.dsa.clone()),
            Self::Md5(key) => Signer::Md5(key.clone()),
        }
    }
}

impl Contract {
    /// The generation that it is of.
    pub fn generation(&self) -> Generation {
        match self {
            Self::Ams(_) => Generation::Ams,
            Self::Legacy(_) => Generation::Legacy,
        }
    }

    /// Who the merchant is: the client id or the partner id.
    pub fn identity(&self) -> &str {
        match self {
            Self::Ams(contract) => &contract.client_id,
            Self::Legacy(contract) => &contract.partner,
        }
    }

    /// The recorder of a scenario under this contract: the key that both sides share stays out of
    /// the record. The merchant's private key goes into no message.
    pub(crate) fn keep_out(&self, recorder: Recorder) -> Recorder {
        match self {
            Self::Legacy(LegacyContract { signing: Signing::Md5(key), .. }) => {
                recorder.hiding(key.secret())
            }
            Self::Legacy(_) | Self::Ams(_) => recorder,
        }
    }

    /// What the merchant's messages are checked under.
    pub(crate) fn merchant_side(&self) -> SideKey {
        match self {
            Self::Ams(contract) => SideKey::Ams(contract.merchant_key.public()),
            Self::Legacy(contract) => SideKey::Legacy {
                verifier: contract.signing.signer().verifier(),
                charset: contract.charset,
            },
        }
    }

    /// What the gateway's messages are checked under.
    pub(crate) fn gateway_side(&self) -> SideKey {
        match self {
            Self::Ams(contract) => SideKey::Ams(contract.gateway_key.clone()),
            Self::Legacy(contract) => {
                SideKey::Legacy { verifier: contract.signing.gateway(), charset: contract.charset }
            }
        }
    }

    /// The same account as the embedded sandbox has it, which signs with `embedded`.
    pub(crate) fn at_sandbox(&self, embedded: &EmbeddedKeys) -> sandbox::Contract {
        match self {
            Self::Ams(contract) => sandbox::Contract::Ams {
                client_id: contract.client_id.clone(),
                merchant_key: contract.merchant_key.public(),
                gateway_key: embedded.rsa.clone(),
            },
            Self::Legacy(contract) => sandbox::Contract::Legacy {
                partner: contract.partner.clone(),
                merchant: vec![contract.signing.signer().verifier()],
                gateway: vec![contract.signing.at_sandbox(embedded)],
            },
        }
    }

    /// The same account as the reference merchant has it.
    pub(crate) fn at_merchant(&self) -> merchant::Contract {
        match self {
            Self::Ams(contract) => merchant::Contract::Ams {
                client_id: contract.client_id.clone(),
                key: contract.merchant_key.clone(),
                gateway_key: contract.gateway_key.clone(),
            },
            Self::Legacy(contract) => merchant::Contract::Legacy {
                partner: contract.partner.clone(),
                signer: contract.signing.signer(),
                gateway: contract.signing.gateway(),
                charset: contract.charset,
                post: contract.post,
            },
        }
    }

    /// A call of the runner's own, signed as the merchant's. Its body is written in the words of
    /// the newer generation.
    ///
    /// # Errors
    /// When it cannot be written or signed.
    pub(crate) fn call(
        &self,
        product: Product,
        api: Api,
        now: i64,
        body: &Value,
    ) -> Result<Blob, Place> {
        match self {
            Self::Ams(contract) => contract.signed(api, now, body.to_string().into_bytes()),
            Self::Legacy(contract) => contract.call(product, api, now, body),
        }
    }
}

pub(crate) fn unsigned(why: SignError) -> Place {
    match why {
        SignError::Failed => SIGN_FAILED.plain().into(),
        SignError::Refused => SIGN_REFUSED.plain().into(),
    }
}

pub(crate) fn unmappable(why: Unmappable) -> Place {
    let code = format!("{:04X}", u32::from(why.character));
    UNMAPPABLE.with([why.charset.name(), &code]).into()
}

impl AmsContract {
    /// A call with this body, signed.
    ///
    /// # Errors
    /// When it cannot be signed.
    pub(crate) fn signed(&self, api: Api, now: i64, body: Vec<u8>) -> Result<Blob, Place> {
        let client_id = &self.client_id;
        let target = api.path(client_id);
        let time = now.to_string();
        let signed = ams::Signed { target: &target, client_id, time: &time, body: &body };
        let signature = signed.sign(&self.merchant_key).map_err(unsigned)?;
        let head = format!(
            "POST {target} HTTP/1.1\r\nhost: {HOST}\r\nclient-id: {client_id}\r\n\
             request-time: {time}\r\n\
             signature: {signature}\r\ncontent-type: application/json; charset=UTF-8\r\n\
             user-agent: assay-runner\r\ncontent-length: {}\r\n\r\n",
            body.len(),
        );
        Ok(Blob { head: head.into_bytes(), body })
    }
}

impl LegacyContract {
    fn call(&self, product: Product, api: Api, now: i64, body: &Value) -> Result<Blob, Place> {
        let form = form_of_own_call(self, product, api, now, body)?;
        self.post(form)
    }

    /// A form as the merchant posts it, signed anew.
    ///
    /// # Errors
    /// When it cannot be written or signed.
    pub(crate) fn post(&self, mut form: legacy::Form) -> Result<Blob, Place> {
        self.sign(&mut form)?;
        Self::written(&form)
    }

    /// Signs a form as the merchant's.
    ///
    /// # Errors
    /// When it cannot be signed.
    pub(crate) fn sign(&self, form: &mut legacy::Form) -> Result<(), Place> {
        form.sign(&self.signing.signer()).map_err(|why| match why {
            SignFault::Key(why) => unsigned(why),
            SignFault::Unmappable(why) => unmappable(why),
        })
    }

    /// A form as it is posted.
    ///
    /// # Errors
    /// When its charset lacks a character.
    pub(crate) fn written(form: &legacy::Form) -> Result<Blob, Place> {
        let legacy::Posted { query, body } = form.post().map_err(unmappable)?;
        let (query, charset) = (String::from_utf8_lossy(&query).into_owned(), form.charset());
        let head = format!(
            "POST /gateway.do?{query} HTTP/1.1\r\nhost: {HOST}\r\n\
             content-type: application/x-www-form-urlencoded;charset={}\r\n\
             user-agent: assay-runner\r\ncontent-length: {}\r\n\r\n",
            charset.name(),
            body.len(),
        );
        Ok(Blob { head: head.into_bytes(), body })
    }
}
