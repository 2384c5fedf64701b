//! A local certificate authority: the merchant under test trusts it, and the witness's TLS door
//! shows a certificate that it issued.

use std::fmt;
use std::net::IpAddr;

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, PKCS_ECDSA_P256_SHA256, PublicKeyData as _,
};
use rsa::pkcs8::der::asn1::AnyRef;
use time::{Duration, OffsetDateTime};

use crate::certificate::Certificate;
use crate::der::parts;
use crate::digest::sha256_hex;
use crate::encode::pem;

/// What the name of every authority begins with; a part of its key's fingerprint follows, so that
/// no two have one name.
const NAME: &str = "assay local authority";
/// How far another machine's clock may be behind.
const SKEW: Duration = Duration::DAY;
/// How long an authority is trusted.
const AUTHORITY_LASTS: Duration = Duration::days(3650);
/// How long a server's certificate is: longer ones are refused by some clients.
const SERVER_LASTS: Duration = Duration::days(397);

/// An authority that issues certificates for servers of one's own. Whoever trusts its certificate
/// trusts everything it issues, so its key is a secret like any private key. `Debug` shows its name
/// alone.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    name: String,
    certificate: Vec<u8>,
}

/// What a server needs to speak TLS. `Debug` hides the key.
pub struct ServerCertificate {
    /// Its certificate in PEM; the authority's own is known to whoever trusts it.
    pub chain: String,
    /// Its private key as PKCS#8 in PEM. The text is the secret itself.
    pub key: String,
}

/// Why there is no authority or no certificate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AuthorityError {
    /// The text is no private key of an authority.
    #[error("this is no private key of a local authority, one in PEM was expected")]
    Key,
    /// The text is no certificate.
    #[error("this is no certificate, one in PEM was expected")]
    Certificate,
    /// The certificate may not vouch for others, or another program made it.
    #[error("this is no certificate of a local authority")]
    NotAuthority,
    /// The certificate is of another key.
    #[error("key and certificate do not belong together")]
    Foreign,
    /// The certificate holds no more, or not yet.
    #[error("this certificate of a local authority does not hold at this moment")]
    NotNow,
    /// No name was given.
    #[error("a certificate has to name a host, but there is none")]
    Nameless,
    /// No certificate can be for this.
    #[error("a host name or an IP address was expected, this is {0:?}")]
    Name(String),
    /// The moment is out of all calendars.
    #[error("no certificate can be made at this moment")]
    Moment,
    /// The library could not make it.
    #[error("the certificate could not be made")]
    Failed,
}

impl Authority {
    /// Makes an authority with a fresh key, trusted for ten years from `now`, in milliseconds since
    /// the Unix epoch.
    pub fn generate(now: i64) -> Result<Self, AuthorityError> {
        let key = KeyPair::generate().or(Err(AuthorityError::Failed))?;
        let name = name_of(&key);
        let mut params = lasting(now, AUTHORITY_LASTS)?;
        params.distinguished_name = common_name(&name);
        // It issues for servers, never for another authority.
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let certificate = params.self_signed(&key).or(Err(AuthorityError::Failed))?;
        let certificate = certificate.der().to_vec();
        Ok(Self { issuer: Issuer::new(params, key), name, certificate })
    }

    /// Reads an authority that [`Authority::generate`] made, from its key and its certificate in
    /// PEM, which has to hold at `now`, in milliseconds since the Unix epoch.
    pub fn read(key: &str, certificate: &str, now: i64) -> Result<Self, AuthorityError> {
        let key = opened(key, "PRIVATE KEY").ok_or(AuthorityError::Key)?;
        let key = KeyPair::try_from(key.as_slice()).or(Err(AuthorityError::Key))?;
        if !key.is_compatible(&PKCS_ECDSA_P256_SHA256) {
            return Err(AuthorityError::Key);
        }
        let name = name_of(&key);
        let der = opened(certificate, "CERTIFICATE").ok_or(AuthorityError::Certificate)?;
        let told = Certificate::from_der(&der).ok_or(AuthorityError::Certificate)?;
        let holds = |bytes: &[u8]| der.windows(bytes.len()).any(|window| window == bytes);
        if !told.is_authority || !holds(NAME.as_bytes()) {
            return Err(AuthorityError::NotAuthority);
        }
        if !holds(key.der_bytes()) || !holds(name.as_bytes()) {
            return Err(AuthorityError::Foreign);
        }
        if !(told.holds.0..=told.holds.1).contains(&now) {
            return Err(AuthorityError::NotNow);
        }
        let mut params = CertificateParams::default();
        params.distinguished_name = common_name(&name);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        Ok(Self { issuer: Issuer::new(params, key), name, certificate: der })
    }

    /// What its certificates name as their issuer.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its certificate in PEM, for those who are to trust it.
    pub fn certificate_pem(&self) -> String {
        pem("CERTIFICATE", &self.certificate)
    }

    /// The SHA-256 of its certificate in hexadecimal digits.
    pub fn fingerprint(&self) -> String {
        sha256_hex(&self.certificate)
    }

    /// Its private key as PKCS#8 in PEM. The text is the secret itself.
    pub fn key_pem(&self) -> String {
        pem("PRIVATE KEY", self.issuer.key().serialized_der())
    }

    /// What is secret of its private key: the number alone, without what is around it.
    pub fn secret(&self) -> Vec<u8> {
        let der = self.issuer.key().serialized_der();
        // Every key that is made or read here is built so.
        secret_number(der).unwrap_or_else(|| der.to_vec())
    }

    /// Issues a certificate with a fresh key for a server that is reached under these host names
    /// and IP addresses. It holds for 397 days from `now`, in milliseconds since the Unix epoch.
    pub fn issue<N: AsRef<str>>(
        &self,
        names: &[N],
        now: i64,
    ) -> Result<ServerCertificate, AuthorityError> {
        let names: Vec<String> = names.iter().map(|name| name.as_ref().to_owned()).collect();
        if let Some(wrong) = names.iter().find(|name| !is_name(name)) {
            return Err(AuthorityError::Name(wrong.clone()));
        }
        let first = names.first().ok_or(AuthorityError::Nameless)?.clone();
        let spoilt = AuthorityError::Name(first.clone());
        let reached_under = CertificateParams::new(names).or(Err(spoilt))?;
        let mut params = lasting(now, SERVER_LASTS)?;
        params.subject_alt_names = reached_under.subject_alt_names;
        params.distinguished_name = common_name(&first);
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        let key = KeyPair::generate().or(Err(AuthorityError::Failed))?;
        let certificate = params.signed_by(&key, &self.issuer).or(Err(AuthorityError::Failed))?;
        let chain = pem("CERTIFICATE", certificate.der());
        Ok(ServerCertificate { chain, key: pem("PRIVATE KEY", key.serialized_der()) })
    }
}

impl fmt::Debug for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authority").field("name", &self.name).finish_non_exhaustive()
    }
}

impl fmt::Debug for ServerCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerCertificate").field("chain", &self.chain).finish_non_exhaustive()
    }
}

fn name_of(key: &KeyPair) -> String {
    let fingerprint = sha256_hex(key.der_bytes());
    format!("{NAME} {}", fingerprint.get(..16).unwrap_or_default())
}

/// The number of an elliptic curve's private key in PKCS#8.
fn secret_number(der: &[u8]) -> Option<Vec<u8>> {
    let outer = parts(AnyRef::try_from(der).ok()?.value())?;
    let inner = parts(AnyRef::try_from(outer.get(2)?.value()).ok()?.value())?;
    Some(inner.get(1)?.value().to_vec())
}

fn common_name(name: &str) -> DistinguishedName {
    let mut distinguished = DistinguishedName::new();
    distinguished.push(DnType::CommonName, name);
    distinguished
}

/// A certificate that holds from a little before `now` on.
fn lasting(now: i64, span: Duration) -> Result<CertificateParams, AuthorityError> {
    let now = OffsetDateTime::from_unix_timestamp(now.div_euclid(1000));
    let now = now.or(Err(AuthorityError::Moment))?;
    let mut params = CertificateParams::default();
    params.not_before = now.checked_sub(SKEW).ok_or(AuthorityError::Moment)?;
    params.not_after = now.checked_add(span).ok_or(AuthorityError::Moment)?;
    Ok(params)
}

/// The bytes of the one PEM block of a text, if it has this label.
fn opened(text: &str, label: &str) -> Option<Vec<u8>> {
    let (armour, payload) = crate::pem::open(text, &mut Vec::new());
    let fits = armour == crate::shape::Armour::Pem { label: label.to_owned() };
    payload.ok().filter(|_| fits).map(|bytes| bytes.to_vec())
}

/// Whether a text is an IP address, or a host name as certificates have them: ASCII, and a star for
/// the whole of the first label only.
fn is_name(name: &str) -> bool {
    let is_label = |label: &str| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        (1..=63).contains(&label.len())
            && label.bytes().all(plain)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let host = name.strip_prefix("*.").unwrap_or(name);
    name.parse::<IpAddr>().is_ok() || (name.len() <= 253 && host.split('.').all(is_label))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 5 January 2026, 10:00 GMT+8.
    const NOW: i64 = 1_767_578_400_000;

    #[test]
    fn an_authority_is_read_as_it_was_made() {
        let made = Authority::generate(NOW).unwrap();
        let read = Authority::read(&made.key_pem(), &made.certificate_pem(), NOW).unwrap();
        assert_eq!(read.certificate_pem(), made.certificate_pem());
        assert_eq!((read.key_pem(), read.name()), (made.key_pem(), made.name()));
        assert_eq!(read.fingerprint(), made.fingerprint());
        let pasted = made.certificate_pem().replace('\n', "\r\n");
        assert!(Authority::read(&format!("my key\n{}", made.key_pem()), &pasted, NOW).is_ok());
    }

    #[test]
    fn an_authority_holds_from_a_day_before_it_was_made_for_ten_years() {
        const DAY: i64 = 24 * 3_600_000;
        let made = Authority::generate(NOW).unwrap();
        let (key, certificate) = (made.key_pem(), made.certificate_pem());
        for (days, holds) in [(-2, false), (0, true), (3649, true), (3651, false), (9999, false)] {
            let read = Authority::read(&key, &certificate, NOW + days * DAY).map(drop);
            let expected = if holds { Ok(()) } else { Err(AuthorityError::NotNow) };
            assert_eq!(read, expected, "{days}");
        }
        // From 2050 on, certificates write their moments otherwise.
        let late = 2_500_000_000_000;
        let made = Authority::generate(late).unwrap();
        assert!(Authority::read(&made.key_pem(), &made.certificate_pem(), late).is_ok());
    }

    #[test]
    fn the_secret_is_in_the_key_alone() {
        let made = Authority::generate(NOW).unwrap();
        let secret = made.secret();
        assert_eq!(secret.len(), 32);
        let holds = |pem: &str, label| {
            let der = opened(pem, label).unwrap();
            der.windows(secret.len()).any(|window| window == secret)
        };
        assert!(holds(&made.key_pem(), "PRIVATE KEY"));
        assert!(!holds(&made.certificate_pem(), "CERTIFICATE"));
        assert_ne!(Authority::generate(NOW).unwrap().secret(), secret);
    }

    #[test]
    fn another_key_or_another_certificate_is_refused() {
        let (one, other) = (Authority::generate(NOW).unwrap(), Authority::generate(NOW).unwrap());
        assert_ne!(one.name(), other.name());
        let (key, certificate) = (one.key_pem(), one.certificate_pem());
        let issued = one.issue(&["h.test"], NOW).unwrap();
        // A certificate of another program, with another kind of key.
        let strange = include_str!("../../../tests/vectors/keys/certificate.pem");
        let strange_key = include_str!("../../../tests/vectors/keys/rsa2048.pkcs8.pem");
        let fake = "-----BEGIN PRIVATE KEY-----\nAAEC\n-----END PRIVATE KEY-----";
        let nothing = "-----BEGIN CERTIFICATE-----\nMAAwAA==\n-----END CERTIFICATE-----";
        for (key, certificate, error) in [
            (key.as_str(), other.certificate_pem().as_str(), AuthorityError::Foreign),
            (&other.key_pem(), &certificate, AuthorityError::Foreign),
            (&key, &issued.chain, AuthorityError::NotAuthority),
            (&issued.key, &issued.chain, AuthorityError::NotAuthority),
            (&key, strange, AuthorityError::NotAuthority),
            (&key, &key, AuthorityError::Certificate),
            (&key, "", AuthorityError::Certificate),
            (&key, nothing, AuthorityError::Certificate),
            (&certificate, &certificate, AuthorityError::Key),
            ("", &certificate, AuthorityError::Key),
            (strange_key, &certificate, AuthorityError::Key),
            (fake, &certificate, AuthorityError::Key),
        ] {
            let read = Authority::read(key, certificate, NOW).unwrap_err();
            assert_eq!(read, error, "{key}{certificate}");
        }
    }

    #[test]
    fn names_that_no_server_has_are_refused() {
        let authority = Authority::generate(NOW).unwrap();
        for good in ["localhost", "a-b.example", "*.example", "127.0.0.1", "::1", "host_1.docker"] {
            assert!(authority.issue(&[good], NOW).is_ok(), "{good}");
        }
        let long = "a".repeat(64);
        for wrong in [
            "",
            "a b",
            "支付.test",
            "https://h",
            "h:443",
            "-a",
            "a..b",
            "*",
            "a.*.b",
            long.as_str(),
        ] {
            let error = authority.issue(&["localhost", wrong], NOW).unwrap_err();
            assert_eq!(error, AuthorityError::Name(wrong.to_owned()));
        }
        let none: [&str; 0] = [];
        assert_eq!(authority.issue(&none, NOW).unwrap_err(), AuthorityError::Nameless);
        assert_eq!(authority.issue(&["h"], i64::MAX).unwrap_err(), AuthorityError::Moment);
        assert_eq!(Authority::generate(i64::MIN).unwrap_err(), AuthorityError::Moment);
    }

    #[test]
    fn no_key_shows_in_debug() {
        let authority = Authority::generate(NOW).unwrap();
        let issued = authority.issue(&["h.test"], NOW).unwrap();
        let shown = format!("{authority:?} {issued:?}");
        assert!(shown.contains(authority.name()) && !shown.contains("PRIVATE"), "{shown}");
        for key in [authority.key_pem(), issued.key] {
            let line = key.lines().nth(1).unwrap();
            assert!(!shown.contains(line));
        }
    }
}
