//! The last look before a bundle is written: no private key of the profile is in it, in any form.

use memchr::memmem::Finder;
use signing::{Authority, PrivateKey, base64_decode_strict, base64_encode, hex};

use crate::profile::Keys;

/// How many bytes of a key are looked for: enough never to meet by chance.
const PIECE: usize = 36;

/// How many bytes of a local authority's secret stand on the first line of its file in PEM.
const FIRST_LINE: usize = 12;

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
            Keys::Dsa(pairs) => self.and_of("gateway.merchant_key", &pairs.merchant.key.secret()),
            Keys::Shared(key) => self.and_of("gateway.md5_key", key.key.secret()),
        }
    }

    /// Looks for the key of the authority that issues the witness's certificate.
    pub fn and_of_authority(&mut self, authority: &Authority) {
        let secret = authority.secret();
        // In a file the line breaks inside it: what stands on the second line is enough by itself.
        for part in [Some(secret.as_slice()), secret.get(FIRST_LINE..)].into_iter().flatten() {
            self.and_of("witness.tls.key", part);
        }
    }

    /// Looks for another secret as well: a password, or what is secret of a key of another kind.
    pub fn and_of(&mut self, name: &'static str, secret: &[u8]) {
        let mut forms = pieces(secret, 0);
        // A password may hold what JSON writes otherwise.
        let text =
            std::str::from_utf8(secret).ok().and_then(|text| serde_json::to_string(text).ok());
        forms.extend(text.map(|text| text.trim_matches('"').as_bytes().to_vec()));
        self.look_for(name, forms);
    }

    fn look_for(&mut self, name: &'static str, forms: Vec<Vec<u8>>) {
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

/// Pieces of the key's secret part as they would look in text: base64 at each of its three
/// alignments, also URL-encoded, hexadecimal in both cases, and raw.
fn forms(key: &PrivateKey) -> Vec<Vec<u8>> {
    let der = base64_decode_strict(&key.to_pkcs8_base64()).unwrap_or_default();
    // The last quarter of a private key holds nothing that is public.
    pieces(&der, der.len() * 3 / 4)
}

/// The forms of what stands in bytes from a place on. Base64 writes three bytes at a time, so each
/// piece ends where a group of three does, whatever follows it.
fn pieces(secret: &[u8], start: usize) -> Vec<Vec<u8>> {
    let mut forms = vec![];
    for offset in 0..3 {
        let Some(rest) = secret.get(start + offset..) else { continue };
        let length = rest.len().min(PIECE) / 3 * 3;
        let piece = &rest[..length];
        if piece.is_empty() {
            continue;
        }
        let base64 = base64_encode(piece);
        let url = base64.replace('+', "%2B").replace('/', "%2F");
        forms.extend([base64.into_bytes(), url.into_bytes()]);
        forms.extend([hex(piece).into_bytes(), hex(piece).to_uppercase().into_bytes()]);
        forms.push(piece.to_vec());
    }
    forms
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
                base64.into_bytes(),
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
