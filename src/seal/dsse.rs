//! The envelope: DSSE 1.0 with one RSA signature over payload type and payload.

use std::fmt;

use evidence::words::{self as say, Phrase, Place};
use serde::{Deserialize, Serialize};
use signing::{PrivateKey, PublicKey, SignError, base64_decode_strict, base64_encode};

use super::strict_json::{JsonFault, refuse_duplicates};
use crate::said;

/// What the payload is: an in-toto statement. Stock verifiers accept no other spelling.
pub const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";

/// The only moduli that seal a report.
const KEY_BITS: [u32; 3] = [2048, 3072, 4096];

/// Why an envelope cannot be made, or cannot be believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// A key of another size than those that seal.
    KeySize(u32),
    /// The key did not sign.
    Sign(#[from] SignError),
    /// The envelope is no JSON, or a name stands twice in it.
    Json(#[from] JsonFault),
    /// The envelope is JSON of another shape.
    Shape(String),
    /// Not exactly one signature.
    SignatureCount(usize),
    /// A value is not padded standard base64 as it would be written anew.
    Base64(&'static str),
    /// The envelope names another key than the trusted one.
    KeyId {
        /// The fingerprint in the envelope.
        found: String,
        /// The fingerprint of the trusted key.
        trusted: String,
    },
    /// The bytes differ from what the writer makes of the same values.
    Rewritten,
    /// The sigstore bundle is not the envelope in its other form.
    Sigstore,
    /// The signature is not the trusted key's over these bytes.
    Signature,
    /// The payload is rightly signed and is something else than an in-toto statement.
    PayloadType(String),
}

impl SealError {
    /// What is wrong, in both languages.
    pub fn says(&self) -> Phrase {
        match self {
            Self::KeySize(bits) => say::SEAL_KEY_SIZE.with([bits]),
            Self::Sign(why) => said::signing(*why),
            Self::Json(why) => say::SEAL_JSON.holding([why.says().into()]),
            Self::Shape(why) => say::SEAL_SHAPE.with([why]),
            Self::SignatureCount(count) => say::SEAL_COUNT.with([count]),
            Self::Base64(name) => say::SEAL_BASE64.with([name]),
            Self::KeyId { found, trusted } => say::SEAL_KEY_ID.with([found, trusted]),
            Self::Rewritten => say::SEAL_REWRITTEN.plain(),
            Self::Sigstore => say::SEAL_SIGSTORE.with([super::SIGSTORE_FILE]),
            Self::Signature => say::SEAL_SIGNATURE.plain(),
            Self::PayloadType(found) => {
                say::SEAL_PAYLOAD_TYPE.holding([Place::value(PAYLOAD_TYPE), Place::quoted(found)])
            }
        }
    }
}

impl fmt::Display for SealError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.says().fmt(f)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Envelope {
    payload: String,
    payload_type: String,
    signatures: Vec<Signature>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Signature {
    keyid: String,
    sig: String,
}

/// The bytes that are signed: type and body, each with its length before it, so that no type can
/// be read as part of a body.
pub fn pre_authentication_encoding(payload_type: &str, body: &[u8]) -> Vec<u8> {
    let (type_length, body_length) = (payload_type.len(), body.len());
    let mut text = format!("DSSEv1 {type_length} {payload_type} {body_length} ").into_bytes();
    text.extend_from_slice(body);
    text
}

/// Signs a statement and wraps it: compact JSON on one line. The same statement and key give the
/// same bytes.
pub fn seal_statement(statement: &[u8], key: &PrivateKey) -> Result<Vec<u8>, SealError> {
    seal_as(PAYLOAD_TYPE, statement, key)
}

pub(super) fn seal_as(
    payload_type: &str,
    body: &[u8],
    key: &PrivateKey,
) -> Result<Vec<u8>, SealError> {
    check_size(key.bits())?;
    let sig = base64_encode(&key.sign(&pre_authentication_encoding(payload_type, body))?);
    Ok(write(&Envelope {
        payload: base64_encode(body),
        payload_type: payload_type.to_owned(),
        signatures: vec![Signature { keyid: key.public().fingerprint(), sig }],
    }))
}

/// Opens an envelope under a key that the verifier holds. The answered bytes are the very ones
/// that were checked; nothing of the payload is parsed before the signature holds.
pub fn open_envelope(envelope: &[u8], trusted: &PublicKey) -> Result<Vec<u8>, SealError> {
    check_size(trusted.bits())?;
    let Apart { read, body, sig, keyid } = take_apart(envelope)?;
    // The name is a hint and decides nothing; but one that lies would mislead whoever reads it.
    let trusted_id = trusted.fingerprint();
    if keyid != trusted_id {
        return Err(SealError::KeyId { found: keyid, trusted: trusted_id });
    }
    if write(&read) != envelope {
        return Err(SealError::Rewritten);
    }
    if !trusted.verify(&pre_authentication_encoding(&read.payload_type, &body), &sig) {
        return Err(SealError::Signature);
    }
    of_our_type(read)?;
    Ok(body)
}

/// What an envelope holds and the key that it names, for whoever shows what a bundle says and has
/// no key to believe it by.
pub(super) fn read_envelope(envelope: &[u8]) -> Result<(Vec<u8>, String), SealError> {
    let Apart { read, body, keyid, .. } = take_apart(envelope)?;
    if write(&read) != envelope {
        return Err(SealError::Rewritten);
    }
    of_our_type(read)?;
    Ok((body, keyid))
}

/// An envelope of one signature, decoded.
struct Apart {
    read: Envelope,
    body: Vec<u8>,
    sig: Vec<u8>,
    keyid: String,
}

fn take_apart(envelope: &[u8]) -> Result<Apart, SealError> {
    refuse_duplicates(envelope)?;
    let read: Envelope =
        serde_json::from_slice(envelope).map_err(|error| SealError::Shape(error.to_string()))?;
    let [signature] = read.signatures.as_slice() else {
        return Err(SealError::SignatureCount(read.signatures.len()));
    };
    let decode = |text: &str, name| base64_decode_strict(text).ok_or(SealError::Base64(name));
    let body = decode(&read.payload, "payload")?;
    let sig = decode(&signature.sig, "sig")?;
    let keyid = signature.keyid.clone();
    Ok(Apart { read, body, sig, keyid })
}

fn of_our_type(read: Envelope) -> Result<(), SealError> {
    let ours = read.payload_type == PAYLOAD_TYPE;
    ours.then_some(()).ok_or(SealError::PayloadType(read.payload_type))
}

fn check_size(bits: u32) -> Result<(), SealError> {
    if KEY_BITS.contains(&bits) { Ok(()) } else { Err(SealError::KeySize(bits)) }
}

/// The one way to write an envelope.
fn write(envelope: &Envelope) -> Vec<u8> {
    let mut bytes = serde_json::to_vec(envelope).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}
