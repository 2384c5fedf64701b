//! The last look before a bundle is written: no private key of the profile is in it, in any form.

use signing::{PrivateKey, base64_decode_strict, base64_encode, hex};

use super::Bundled;

/// How many bytes of a key are looked for: enough never to meet by chance.
const PIECE: usize = 36;

/// The first file that holds one of these keys, with the key's name.
pub fn find_secret<'a>(
    files: &'a [Bundled],
    keys: &[(&'a str, &PrivateKey)],
) -> Option<(&'a str, &'a str)> {
    keys.iter().find_map(|(name, key)| {
        let forms = forms(key);
        let holds = |file: &&Bundled| forms.iter().any(|form| contains(&file.bytes, form));
        files.iter().find(holds).map(|file| (*name, file.name.as_str()))
    })
}

/// Pieces of the key's secret part as they would look in text: base64 at each of its three
/// alignments, also URL-encoded, hexadecimal in both cases, and raw.
fn forms(key: &PrivateKey) -> Vec<Vec<u8>> {
    let der = base64_decode_strict(&key.to_pkcs8_base64()).unwrap_or_default();
    // The last quarter of a private key holds nothing that is public.
    let start = der.len() * 3 / 4;
    let mut forms = vec![];
    for offset in 0..3 {
        let Some(piece) = der.get(start + offset..start + offset + PIECE) else { continue };
        let base64 = base64_encode(piece);
        let url = base64.replace('+', "%2B").replace('/', "%2F");
        forms.extend([base64.into_bytes(), url.into_bytes()]);
        forms.extend([hex(piece).into_bytes(), hex(piece).to_uppercase().into_bytes()]);
        forms.push(piece.to_vec());
    }
    forms
}

fn contains(bytes: &[u8], piece: &[u8]) -> bool {
    memchr::memmem::find(bytes, piece).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_found_in_every_form_and_nothing_else_is() {
        let key = merchant::reference_key().unwrap();
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
            let files = [Bundled::new("a.json", "{}"), Bundled::new("b.json", text)];
            assert_eq!(find_secret(&files, &[("merchant", &key)]), Some(("merchant", "b.json")));
        }
        let public = [Bundled::new("keys.json", key.public().to_spki_base64())];
        assert_eq!(find_secret(&public, &[("merchant", &key)]), None);
    }
}
