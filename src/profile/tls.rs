//! TLS at the doors of the witness: a local authority, and the names that it vouches for.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use clock::{Clock, Millis};
use evidence::words::{
    CA_DO, CA_PLAIN, KEY_UNUSABLE, Phrase, Sentence, TLS_AUTHORITY_DO, TLS_FILE_DO, TLS_FOREIGN_DO,
    TLS_NAMES_DO, TLS_PLAIN_GATEWAY, TLS_PLAIN_GATEWAY_DO,
};
use serde_json::{Value, json};
use signing::{Authority, AuthorityError, ServerCertificate};
use witness::TlsClient;

use super::keys::{KeySource, Readable, veiled};
use super::raw::{RawKey, RawTls};
use super::read::Reader;
use super::{GatewayUrl, Sourced};
use crate::said;

/// Where the section stands.
const AT: [&str; 2] = ["witness", "tls"];

/// How this machine is called on itself.
const HERE: [&str; 2] = ["localhost", "127.0.0.1"];

/// TLS at the doors of the witness.
#[derive(Debug, Clone)]
pub struct WitnessTls {
    /// Who issues the certificate of each run.
    pub authority: Arc<Authority>,
    /// Where the authority's own certificate is, for who is to trust it.
    pub certificate: PathBuf,
    /// What the witness is called by those who come in.
    pub names: Vec<String>,
}

impl WitnessTls {
    /// A fresh certificate with its key for the doors.
    ///
    /// # Errors
    /// When one of the names is none, or the moment is out of all calendars.
    pub fn issue(&self, now: Millis) -> Result<ServerCertificate, AuthorityError> {
        self.authority.issue(&self.names, now)
    }

    /// For the bundle: whom those who came in trusted, and nothing else.
    pub(super) fn redacted(&self) -> Value {
        json!({ "fingerprint": self.authority.fingerprint() })
    }
}

/// Authorities that no public store has.
#[derive(Debug, Clone)]
pub struct PrivateAuthorities {
    /// They alone are believed.
    pub believed: TlsClient,
    /// Where their certificates are.
    pub from: KeySource,
}

impl Readable for TlsClient {
    const SECRET: bool = false;
    const ADVICE: &'static Sentence = &CA_DO;
    const UNREADABLE: &'static Sentence = &CA_DO;

    fn of(text: &[u8]) -> Result<Self, Phrase> {
        Self::from_pem(text).map_err(|why| why.says())
    }
}

/// The text of a private key in PEM.
struct KeyText(String);

/// The text of a certificate in PEM.
struct CertificateText(String);

impl Readable for KeyText {
    const SECRET: bool = true;
    const ADVICE: &'static Sentence = &TLS_AUTHORITY_DO;
    const UNREADABLE: &'static Sentence = &TLS_FILE_DO;

    fn of(text: &[u8]) -> Result<Self, Phrase> {
        Ok(Self(String::from_utf8_lossy(text).into_owned()))
    }
}

impl Readable for CertificateText {
    const SECRET: bool = false;
    const ADVICE: &'static Sentence = &TLS_AUTHORITY_DO;
    const UNREADABLE: &'static Sentence = &TLS_FILE_DO;

    fn of(text: &[u8]) -> Result<Self, Phrase> {
        Ok(Self(String::from_utf8_lossy(text).into_owned()))
    }
}

impl Reader<'_> {
    /// The authority and the names of the doors at these addresses; `None` where something is wrong
    /// with the section.
    pub(super) fn tls(&mut self, raw: &RawTls, doors: [SocketAddr; 2]) -> Option<WitnessTls> {
        let file = |name: &str| RawKey { file: Some(name.to_owned()), env: None };
        let key = self.key::<KeyText>(&file(&raw.key), &[AT[0], AT[1], "key"]);
        let certificate =
            self.key::<CertificateText>(&file(&raw.certificate), &[AT[0], AT[1], "certificate"]);
        let (key, certificate) = (key?, certificate?);
        let now = Clock::real().now();
        let read = Authority::read(&key.key.0, &certificate.key.0, now);
        let authority =
            read.map_err(|why| self.refuse_tls(&why, &key.source, &certificate)).ok()?;
        let names = names(&raw.names, doors);
        let KeySource::File(certificate) = certificate.source else { return None };
        let tls = WitnessTls { authority: Arc::new(authority), certificate, names };
        match tls.issue(now) {
            Ok(_issued) => Some(tls),
            Err(why) => {
                let why = if let AuthorityError::Name(name) = &why {
                    AuthorityError::Name(veiled(name))
                } else {
                    why
                };
                let says = said::authority_error(&why);
                self.add("T1", &[AT[0], AT[1], "names"], says, &TLS_NAMES_DO);
                None
            }
        }
    }

    fn refuse_tls(
        &mut self,
        why: &AuthorityError,
        key: &KeySource,
        certificate: &Sourced<CertificateText>,
    ) {
        let (name, source) = if *why == AuthorityError::Key {
            ("key", key)
        } else {
            ("certificate", &certificate.source)
        };
        let advice =
            if *why == AuthorityError::Foreign { &TLS_FOREIGN_DO } else { &TLS_AUTHORITY_DO };
        let says = KEY_UNUSABLE.holding([source.says(), said::authority_error(why).into()]);
        self.add("T1", &[AT[0], AT[1], name], says, advice);
    }

    /// Who vouches for the gateway under TLS.
    pub(super) fn authorities(
        &mut self,
        file: &str,
        url: Option<&GatewayUrl>,
    ) -> Option<PrivateAuthorities> {
        let at = ["gateway", "ca"];
        let plain = match url? {
            GatewayUrl::Remote(url) => !url.starts_with("https:"),
            GatewayUrl::Embedded => true,
        };
        if plain {
            self.add("P4", &at, CA_PLAIN.plain(), &CA_DO);
            return None;
        }
        let raw = RawKey { file: Some(file.to_owned()), env: None };
        let Sourced { key, source } = self.key::<TlsClient>(&raw, &at)?;
        Some(PrivateAuthorities { believed: key, from: source })
    }

    /// Refuses doors that a gateway could not bring its notices to.
    pub(super) fn reach_doors(&mut self, gateway: &GatewayUrl) {
        match gateway {
            GatewayUrl::Remote(url) if url.starts_with("http:") => {
                self.add("T1", &AT, TLS_PLAIN_GATEWAY.plain(), &TLS_PLAIN_GATEWAY_DO);
            }
            GatewayUrl::Remote(_) | GatewayUrl::Embedded => {}
        }
    }
}

/// The names that were told, and those that the doors have anyway, each once.
fn names(told: &[String], doors: [SocketAddr; 2]) -> Vec<String> {
    let doors = doors.map(|door| door.ip()).into_iter().filter(|ip| !ip.is_unspecified());
    let all = told.iter().cloned().chain(HERE.map(str::to_owned));
    let mut names = Vec::new();
    for name in all.chain(doors.map(|ip| ip.to_string())) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}
