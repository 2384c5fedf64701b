//! The last look before a bundle is written: no private key of the profile is in it, in any form.

use memchr::memmem::Finder;
use signing::{Authority, PrivateKey, base64_decode_strict, base64_encode, hex};

use crate::profile::Keys;

/// How many bytes of a secret text are looked for: enough never to meet by chance.
const PIECE: usize = 36;

/// How many bytes of a key are looked for in one piece. A file in PEM has 48 bytes or more on a line, so
/// of two pieces side by side at most one is broken by a line's end.
const PIECE_OF_KEY: usize = 24;

/// The secrets that no file may hold.
#[derive(Debug)]
pub struct Secrets {
    /// What to look for, with the name of the key it is of.
    forms: Vec<(&'static str, Finder<'static>)>,
    /// The length of the longest.
    longest: usize,
}

impl Secrets {
    /// Looks for these keys, named as the profile names them.
    pub fn of(keys: &[(&'static str, &PrivateKey)]) -> Self {
        let mut secrets = Self { forms: vec![], longest: 0 };
        for (name, key) in keys {
            secrets.look_for(name, forms(key));
        }
        secrets
    }

    /// Looks for what is secret of the keys that both sides of an account sign with.
    pub fn and_of_account(&mut self, keys: &Keys) {
        match keys {
            Keys::Rsa(pairs) => self.look_for("gateway.merchant_key", forms(&pairs.merchant.key)),
            Keys::Dsa(pairs) => {
                self.look_for("gateway.merchant_key", of_key(&pairs.merchant.key.secret(), 0));
            }
            Keys::Shared(key) => self.and_of("gateway.md5_key", key.key.secret()),
        }
    }

    /// Looks for the key of the authority that issues the witness's certificate.
    pub fn and_of_authority(&mut self, authority: &Authority) {
        self.look_for("witness.tls.key", of_key(&authority.secret(), 0));
    }

    /// Looks for another secret as well: a password, or what is secret of a key of another kind,
    /// which is no text.
    pub fn and_of(&mut self, name: &'static str, secret: &[u8]) {
        let Ok(text) = std::str::from_utf8(secret) else {
            return self.look_for(name, of_key(secret, 0));
        };
        let mut forms = pieces(secret);
        // A password may hold what JSON and addresses write otherwise.
        let json = serde_json::to_string(text).unwrap_or_default();
        forms.extend(json.get(1..json.len().saturating_sub(1)).map(|it| it.as_bytes().to_vec()));
        for blank in ["%20", "+"] {
            let escaped = percent(secret, blank);
            // What follows a percent sign is written in either case.
            forms.extend([lower_escapes(&escaped).into_bytes(), escaped.into_bytes()]);
        }
        self.look_for(name, forms);
    }

    fn look_for(&mut self, name: &'static str, mut forms: Vec<Vec<u8>>) {
        forms.sort();
        forms.dedup();
        self.forms.extend(forms.into_iter().map(|form| (name, Finder::new(&form).into_owned())));
        let lengths = self.forms.iter().map(|(_, form)| form.needle().len());
        self.longest = lengths.max().unwrap_or(0);
    }

    /// A look over a file that is written piece by piece.
    pub fn search(&self) -> Search<'_> {
        Search { secrets: self, tail: vec![], found: None }
    }
}

/// A look over one file.
#[derive(Debug)]
pub struct Search<'a> {
    secrets: &'a Secrets,
    /// The end of what was seen, as long as a secret can be but for its last byte.
    tail: Vec<u8>,
    found: Option<&'static str>,
}

impl Search<'_> {
    /// Looks at the next piece.
    pub fn see(&mut self, piece: &[u8]) {
        let keep = self.secrets.longest.saturating_sub(1);
        // What stands across the border of two pieces is looked at apart from what does not.
        let head = piece.len().min(keep);
        self.tail.extend_from_slice(&piece[..head]);
        let across = std::mem::take(&mut self.tail);
        self.look(&across);
        self.look(piece);
        let end = if piece.len() >= keep { piece } else { &across };
        self.tail = end[end.len() - end.len().min(keep)..].to_vec();
    }

    fn look(&mut self, bytes: &[u8]) {
        if self.found.is_none() {
            let held = self.secrets.forms.iter().find(|(_, form)| form.find(bytes).is_some());
            self.found = held.map(|(name, _)| *name);
        }
    }

    /// The name of the key that the file holds.
    pub fn found(&self) -> Option<&'static str> {
        self.found
    }
}

/// The forms of what is secret of an RSA key: the last quarter of its file holds nothing public.
fn forms(key: &PrivateKey) -> Vec<Vec<u8>> {
    let der = base64_decode_strict(&key.to_pkcs8_base64()).unwrap_or_default();
    of_key(&der, der.len() * 3 / 4)
}

/// The forms of two pieces of a key, side by side from a place on.
fn of_key(secret: &[u8], start: usize) -> Vec<Vec<u8>> {
    let rest = secret.get(start..).unwrap_or_default();
    let length = (rest.len() / 2).min(PIECE_OF_KEY);
    rest.chunks(length.max(1)).take(2).flat_map(pieces).collect()
}

/// A secret as it would look in text: raw, in hexadecimal digits of either case, and in base64, also as
/// addresses have it. Base64 writes three bytes at a time, so it is looked for from the first three
/// places on, each time up to where a group of three ends, whatever follows.
fn pieces(secret: &[u8]) -> Vec<Vec<u8>> {
    let secret = secret.get(..PIECE).unwrap_or(secret);
    let digits = hex(secret);
    let mut forms = vec![secret.to_vec(), digits.to_uppercase().into_bytes(), digits.into_bytes()];
    for offset in 0..3 {
        let rest = secret.get(offset..).unwrap_or_default();
        let base64 = base64_encode(&rest[..rest.len() / 3 * 3]);
        let escaped = base64.replace('+', "%2B").replace('/', "%2F");
        let of_addresses = base64.replace('+', "-").replace('/', "_");
        let written = [lower_escapes(&escaped), escaped, of_addresses, base64];
        forms.extend(written.map(String::into_bytes));
    }
    // Nothing is found in everything.
    forms.retain(|form| !form.is_empty());
    forms
}

/// A text as addresses and forms write it, each blank as told.
fn percent(text: &[u8], blank: &str) -> String {
    let mut escaped = String::new();
    for byte in text {
        match byte {
            b' ' => escaped += blank,
            byte if byte.is_ascii_alphanumeric() || b"-._~".contains(byte) => {
                escaped.push(char::from(*byte));
            }
            byte => escaped.extend(["%", &hex(&[*byte]).to_uppercase()]),
        }
    }
    escaped
}

/// The same with small letters behind each percent sign.
fn lower_escapes(escaped: &str) -> String {
    let mut parts = escaped.split('%');
    let mut lower = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (digits, rest) = part.split_at_checked(2).unwrap_or((part, ""));
        lower.extend(["%", &digits.to_lowercase(), rest]);
    }
    lower
}

#[cfg(test)]
mod tests {
    use signing::SharedKey;

    use super::*;
    use crate::profile::{KeySource, Pairs, Sourced};

    /// The reference merchant's DSA key in base64 on one line.
    fn reference_dsa() -> String {
        let pem = include_str!("../../crates/merchant/keys/reference-dsa.pem");
        pem.lines().filter(|line| !line.starts_with("-----")).collect()
    }

    fn found(secrets: &Secrets, text: &[u8], size: usize) -> Option<&'static str> {
        let mut search = secrets.search();
        text.chunks(size).for_each(|piece| search.see(piece));
        search.found()
    }

    #[test]
    fn a_password_is_found_in_every_form_wherever_it_stands() {
        let password = b"correct \"horse\"+";
        let mut secrets = Secrets::of(&[]);
        secrets.and_of("password", password);
        for before in ["", "1", "12"] {
            let text = [before.as_bytes(), password, b" and more"].concat();
            let base64 = base64_encode(&text);
            for text in [
                text.clone(),
                hex(&text).into_bytes(),
                hex(&text).to_uppercase().into_bytes(),
                base64.replace('+', "%2B").into_bytes(),
                base64.replace('+', "%2b").replace('/', "%2f").into_bytes(),
                base64.replace('+', "-").replace('/', "_").into_bytes(),
                base64.into_bytes(),
                percent(&text, "+").into_bytes(),
                percent(&text, "%20").to_lowercase().into_bytes(),
                serde_json::to_vec(std::str::from_utf8(&text).unwrap()).unwrap(),
            ] {
                assert_eq!(found(&secrets, &text, 7), Some("password"), "{text:?}");
            }
        }
        assert_eq!(found(&secrets, b"a horse, of course", 64), None);
    }

    #[test]
    fn what_is_secret_of_an_account_is_found_whatever_it_signs_with() {
        let source = KeySource::BuiltIn;
        let shared = SharedKey::read(b"q8v2m5x0c7b4n1z9l6k3j0h8g5f2d9s6").unwrap();
        let text = b"partner=2088q8v2m5x0c7b4n1z9l6k3j0h8g5f2d9s6".to_vec();
        let mut secrets = Secrets::of(&[]);
        secrets.and_of_account(&Keys::Shared(Sourced { key: shared, source: source.clone() }));
        for text in [text.clone(), base64_encode(&text).into_bytes(), hex(&text).into_bytes()] {
            assert_eq!(found(&secrets, &text, 16), Some("gateway.md5_key"));
        }
        let key = merchant::reference_dsa_key().unwrap();
        let (pem, public) = (reference_dsa(), key.public());
        let mut secrets = Secrets::of(&[]);
        secrets.and_of_account(&Keys::Dsa(Pairs {
            merchant: Sourced { key, source: source.clone() },
            gateway: Sourced { key: public.clone(), source },
        }));
        let der = base64_decode_strict(&pem).unwrap();
        for text in [pem.into_bytes(), hex(&der).into_bytes(), der] {
            assert_eq!(found(&secrets, &text, 64), Some("gateway.merchant_key"));
        }
        assert_eq!(found(&secrets, public.to_spki_base64().as_bytes(), 64), None);
    }

    #[test]
    fn an_authoritys_key_is_found_also_where_lines_break_it() {
        let authority = Authority::generate(1_767_578_400_000).unwrap();
        let mut secrets = Secrets::of(&[]);
        secrets.and_of_authority(&authority);
        let pem = authority.key_pem();
        let line: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
        let der = base64_decode_strict(&line).unwrap();
        for text in [
            serde_json::to_vec(&pem).unwrap(),
            pem.into_bytes(),
            line.into_bytes(),
            hex(&der).into_bytes(),
            base64_encode(&authority.secret()).into_bytes(),
            der,
        ] {
            for size in [7, 64, text.len()] {
                assert_eq!(found(&secrets, &text, size), Some("witness.tls.key"), "{text:?}");
            }
        }
        let other = Authority::generate(1_767_578_400_000).unwrap();
        for public in [authority.certificate_pem(), authority.fingerprint(), other.key_pem()] {
            assert_eq!(found(&secrets, public.as_bytes(), 64), None);
        }
    }

    /// Wherever the lines of a file end, and whatever stands before the key in it.
    #[test]
    fn a_key_is_found_in_a_file_whose_lines_break_it() {
        let key = merchant::reference_key().unwrap();
        let secrets = Secrets::of(&[("merchant", &key)]);
        let der = base64_decode_strict(&key.to_pkcs8_base64()).unwrap();
        for before in 0..64 {
            let shifted = base64_encode(&[vec![7; before], der.clone()].concat());
            for (columns, end) in [(64, "\n"), (64, "\\n"), (70, "\r\n"), (76, "\n")] {
                let lines: Vec<&str> = shifted
                    .as_bytes()
                    .chunks(columns)
                    .map(|it| str::from_utf8(it).unwrap())
                    .collect();
                let file = lines.join(end);
                let told = found(&secrets, file.as_bytes(), 100);
                assert_eq!(told, Some("merchant"), "{before} {columns}");
            }
        }
    }

    #[test]
    fn a_key_is_found_in_every_form_and_nothing_else_is() {
        let key = merchant::reference_key().unwrap();
        let secrets = Secrets::of(&[("merchant", &key)]);
        let der = base64_decode_strict(&key.to_pkcs8_base64()).unwrap();
        let shifted = base64_encode(&der[1..]);
        for text in [
            key.to_pkcs8_base64().into_bytes(),
            shifted.clone().into_bytes(),
            shifted.replace('+', "%2B").replace('/', "%2F").into_bytes(),
            hex(&der).into_bytes(),
            hex(&der).to_uppercase().into_bytes(),
            der.clone(),
        ] {
            let text = [b"{\"a\":\"", text.as_slice(), b"\"}"].concat();
            for size in [1, 7, 64, text.len()] {
                assert_eq!(found(&secrets, &text, size), Some("merchant"), "pieces of {size}");
            }
        }
        let public = key.public().to_spki_base64();
        assert_eq!(found(&secrets, public.as_bytes(), 64), None);
    }
}
