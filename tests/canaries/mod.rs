//! Secrets, and everything that they could look like in a file or on a terminal.

#![expect(clippy::unwrap_used, reason = "a test has nobody to hand an error to")]

use signing::{base64_decode_strict, base64_encode, hex};

/// An ed25519 key that nobody uses.
pub(crate) const SSH_KEY: &str = "\
-----BEGIN OPENSSH PRIVATE KEY-----
b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW
QyNTUxOQAAACD/3NuckO+x67KHnYiwOuhRzNGXsoYd9NL3XQ1l+oUC9QAAAJBvPQNpbz0D
aQAAAAtzc2gtZWQyNTUxOQAAACD/3NuckO+x67KHnYiwOuhRzNGXsoYd9NL3XQ1l+oUC9Q
AAAEDEUPAwjc0ZL4SHOd+7WBZP4uL4UGQrdpT8VGUWr7yc9P/c25yQ77HrsoediLA66FHM
0Zeyhh300vddDWX6hQL1AAAABm5vYm9keQECAwQFBgc=
-----END OPENSSH PRIVATE KEY-----
";

/// A secret: the name that the profile has for it, pieces of it that nobody else has, and what of it
/// is put where it does not belong.
pub(crate) struct Canary {
    pub(crate) name: &'static str,
    pub(crate) pieces: Vec<Vec<u8>>,
    pub(crate) planted: Vec<u8>,
}

impl Canary {
    pub(crate) fn text(name: &'static str, text: &str) -> Self {
        let text = text.as_bytes().to_vec();
        Self { name, pieces: vec![text.clone()], planted: text }
    }

    /// An RSA key in PEM: of the numbers that only its owner has, some pieces of thirty bytes.
    pub(crate) fn rsa(name: &'static str, pem: &str) -> Self {
        let der = der(pem);
        let piece = |share: usize| der[der.len() * share / 100..][..30].to_vec();
        let pieces = [45, 60, 75, 90].map(piece).into();
        Self { name, pieces, planted: der[der.len() * 3 / 4..][..60].to_vec() }
    }

    /// What is secret of a smaller key.
    pub(crate) fn number(name: &'static str, number: &[u8]) -> Self {
        Self { name, pieces: vec![number.to_vec()], planted: number.to_vec() }
    }

    /// An ed25519 key as OpenSSH keeps it: its seed stands before its public half.
    pub(crate) fn ssh(name: &'static str, pem: &str) -> Self {
        let bytes = der(pem);
        let place = bytes.windows(4).position(|window| window == [0, 0, 0, 64]).unwrap();
        Self::number(name, &bytes[place + 4..][..32])
    }

    /// Everything that a piece of it could look like.
    pub(crate) fn forms(&self) -> Vec<Vec<u8>> {
        self.pieces.iter().flat_map(|piece| forms(piece)).collect()
    }
}

/// The bytes of a file in PEM.
pub(crate) fn der(pem: &str) -> Vec<u8> {
    let base64: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    base64_decode_strict(&base64).unwrap()
}

/// Standard base64 in the alphabet of addresses.
pub(crate) fn url_alphabet(base64: &str) -> String {
    base64.replace('+', "-").replace('/', "_")
}

/// A text as addresses and forms write it.
pub(crate) fn percent(bytes: &[u8], blank: &str) -> String {
    let one = |byte: &u8| match byte {
        b' ' => blank.to_owned(),
        byte if byte.is_ascii_alphanumeric() || b"-._~".contains(byte) => {
            char::from(*byte).to_string()
        }
        byte => format!("%{byte:02X}"),
    };
    bytes.iter().map(one).collect()
}

fn forms(piece: &[u8]) -> Vec<Vec<u8>> {
    let mut forms = vec![piece.to_vec()];
    let mut texts = vec![hex(piece), hex(piece).to_uppercase()];
    for start in 0..3 {
        let whole = (piece.len() - start) / 3 * 3;
        let base64 = base64_encode(&piece[start..start + whole]);
        texts.extend([url_alphabet(&base64), percent(base64.as_bytes(), "%20"), base64]);
    }
    if let Ok(text) = std::str::from_utf8(piece) {
        texts.extend([percent(piece, "%20"), percent(piece, "+")]);
        texts.push(serde_json::to_string(text).unwrap().trim_matches('"').to_owned());
    }
    forms.extend(texts.into_iter().map(String::into_bytes));
    forms
}
