//! What a call is, and whether a message is signed as it should be, in either generation.

use protocol::ams::{Api, Verified, verify};
use protocol::legacy::{Answer, AnswerFault, Charset, Form, FormFault, Service, Verifier};
use signing::PublicKey;

use crate::{Blob, Way, head_field, target_of};

/// The one address of the legacy generation.
const GATEWAY_DO: &str = "/gateway.do";

/// The key under which the messages of one side are checked, and by which rules.
#[derive(Debug, Clone)]
pub enum SideKey {
    /// A signature in a header.
    Ams(PublicKey),
    /// A parameter or an element called `sign`.
    Legacy {
        /// The key and the type of signature.
        verifier: Verifier,
        /// The charset of notices, which name none.
        charset: Charset,
    },
}

impl SideKey {
    /// The state of a call's or a notice's signature.
    pub fn call(&self, way: Way, call: &Blob) -> Verified {
        match self {
            Self::Ams(key) => header_signature(key, call, call),
            Self::Legacy { verifier, charset } => match form_of(way, call, *charset) {
                Ok(form) => form.verify(verifier),
                Err(_) => Verified::Wrong,
            },
        }
    }

    /// The state of an answer's signature. Of the legacy generation only what the gateway answers
    /// in XML can have one: it covers the bytes of the call's charset.
    pub fn answer(&self, way: Way, call: &Blob, answer: &Blob) -> Verified {
        match self {
            Self::Ams(key) => header_signature(key, call, answer),
            Self::Legacy { verifier, charset } => {
                let charset = form_of(way, call, *charset).map_or(*charset, |form| form.charset());
                match Answer::read(&answer.body) {
                    Ok(read) if way == Way::Call => read.verify(verifier, charset),
                    Ok(_) | Err(AnswerFault::Unsigned { .. } | AnswerFault::HtmlPage) => {
                        Verified::Unsigned
                    }
                    // A text for people or a file has no signature; spoilt XML has one that fails.
                    Err(_) if !answer.body.trim_ascii_start().starts_with(b"<") => {
                        Verified::Unsigned
                    }
                    Err(_) => Verified::Wrong,
                }
            }
        }
    }

    /// Whether both sides hold it, so that a signature names neither of them.
    pub fn is_shared(&self) -> bool {
        match self {
            Self::Ams(_) => false,
            Self::Legacy { verifier, .. } => verifier.sign_type().is_shared(),
        }
    }
}

fn header_signature(key: &PublicKey, call: &Blob, signed: &Blob) -> Verified {
    let field = |name| head_field(&signed.head, name);
    let (client, signature) = (field("client-id"), field("signature"));
    let time = field("request-time").or_else(|| field("response-time"));
    let target = target_of(&call.head).unwrap_or_default();
    verify(key, &target, client.as_deref(), time.as_deref(), &signed.body, signature.as_deref())
}

/// Whether a call goes to the legacy generation's address.
pub fn is_legacy(call: &Blob) -> bool {
    let target = target_of(&call.head).unwrap_or_default();
    target.split('?').next().is_some_and(|path| path.ends_with(GATEWAY_DO))
}

/// Whether a message to the merchant is a return: what a buyer's browser carries back from the
/// gateway, in the address that it opens.
pub fn is_return(way: Way, call: &Blob) -> bool {
    way == Way::Notice && call.head.starts_with(b"GET ")
}

/// The parameters of a call, in query and body, of a notice, which are its body alone, or of a
/// return, which are its query. Where it names no charset, its bytes are read in `fallback`.
///
/// # Errors
/// When they are no form.
pub fn form_of(way: Way, call: &Blob, fallback: Charset) -> Result<Form, FormFault> {
    let target = target_of(&call.head).unwrap_or_default();
    let query = match way {
        Way::Notice if !is_return(way, call) => "",
        Way::Call | Way::Notice => target.split_once('?').map_or("", |(_, query)| query),
    };
    Form::read(query.as_bytes(), &call.body, fallback)
}

/// The service that a call of the legacy generation names.
pub fn service_of(call: &Blob) -> Option<Service> {
    if !is_legacy(call) {
        return None;
    }
    let form = form_of(Way::Call, call, Charset::Utf8).ok()?;
    Service::parse(form.get("service")?)
}

/// What a call asks for, in either generation.
pub fn api_of(call: &Blob) -> Option<Api> {
    if is_legacy(call) {
        return service_of(call)?.api();
    }
    target_of(&call.head).and_then(|target| Api::of(&target))
}
