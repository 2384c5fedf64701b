//! How a message was signed, step by step: for who wants to do the same.

use protocol::legacy::SignType;
use signing::DigestAlgorithm;

use crate::legacy;
use crate::search::Draft as _;
use crate::subject::Subject;
use crate::told::{Covered, told};

/// The steps from a message to its signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worked {
    /// The text to sign.
    pub text: Vec<u8>,
    /// The digest of it, in hexadecimal digits; none where the key is part of what is digested.
    pub digest: Option<String>,
    /// How the digest and the signature are made.
    pub algorithm: &'static str,
    /// The signature as text: base64, or hexadecimal digits.
    pub signature: String,
    /// The same as the message carries it.
    pub carried: String,
}

/// The steps of a message; `None` where it has no signature or names no algorithm that is known.
pub fn worked(subject: &Subject) -> Option<Worked> {
    let told = told(subject).ok()?;
    let carried = told.signature?;
    match told.covered {
        Covered::Ams(received) => {
            let text = crate::ams::Text::of(&received).write();
            let digest = DigestAlgorithm::Sha256.digest(&text).map(|it| signing::hex(&it));
            let signature = percent_encoding::percent_decode_str(&carried);
            let signature = signature.decode_utf8_lossy().into_owned();
            let algorithm = "SHA-256, RSA (RSA256)";
            Some(Worked { text, digest, algorithm, signature, carried })
        }
        Covered::Legacy(parameters) => {
            let text = legacy::Text::of(parameters).write();
            let sign_type = SignType::parse(&told.algorithm?)?;
            let (digest, algorithm) = match sign_type {
                SignType::Md5 => (None, "MD5 of the text and the key behind it (MD5)"),
                SignType::Rsa => (Some(DigestAlgorithm::Sha1), "SHA-1, RSA (RSA)"),
                SignType::Rsa2 => (Some(DigestAlgorithm::Sha256), "SHA-256, RSA (RSA2)"),
                SignType::Dsa => (Some(DigestAlgorithm::Sha1), "SHA-1, DSA (DSA)"),
            };
            let digest = digest.and_then(|it| it.digest(&text)).map(|it| signing::hex(&it));
            let signature = carried.clone();
            let form = percent_encoding::utf8_percent_encode(&carried, FORM).to_string();
            Some(Worked { text, digest, algorithm, signature, carried: form })
        }
    }
}

/// What forms leave alone.
const FORM: &percent_encoding::AsciiSet =
    &percent_encoding::NON_ALPHANUMERIC.remove(b'.').remove(b'-').remove(b'*').remove(b'_');

#[cfg(test)]
mod tests {
    use evidence::Blob;
    use protocol::Generation;

    use super::worked;
    use crate::{Kind, Subject, visible};

    fn subject(generation: Generation, head: &str, body: &str) -> Subject {
        let message = Blob { head: head.as_bytes().to_vec(), body: body.as_bytes().to_vec() };
        Subject { generation, kind: Kind::Call, message, call: None, witnessed: true }
    }

    #[test]
    fn every_step_of_a_signature_is_shown() {
        let head = "POST /ams/api/v1/payments/pay HTTP/1.1\r\nclient-id: C\r\nrequest-time: 7\r\n\
                    signature: algorithm=RSA256,keyVersion=1,signature=a%2Bb%3D\r\n\r\n";
        let steps = worked(&subject(Generation::Ams, head, "{ }")).unwrap();
        assert_eq!(visible(&steps.text), "POST·/ams/api/v1/payments/pay\\nC.7.{·}");
        assert_eq!((steps.signature.as_str(), steps.carried.as_str()), ("a+b=", "a%2Bb%3D"));
        let sum = signing::sha256_hex(b"POST /ams/api/v1/payments/pay\nC.7.{ }");
        assert_eq!(steps.digest, Some(sum));
        let head = "POST /gateway.do?_input_charset=UTF-8 HTTP/1.1\r\n\r\n";
        let form = |sign_type: &str| format!("b=2&a=%E5%92%96&c=&sign_type={sign_type}&sign=a%2Bb");
        let steps = worked(&subject(Generation::Legacy, head, &form("RSA"))).unwrap();
        assert_eq!(visible(&steps.text), "_input_charset=UTF-8&a=咖&b=2");
        assert_eq!(steps.digest.map(|it| it.len()), Some(40));
        assert_eq!((steps.signature.as_str(), steps.carried.as_str()), ("a+b", "a%2Bb"));
        let shared = worked(&subject(Generation::Legacy, head, &form("MD5"))).unwrap();
        assert_eq!(shared.digest, None);
        assert_eq!(worked(&subject(Generation::Legacy, head, &form("SM2"))), None);
        assert_eq!(worked(&subject(Generation::Legacy, head, "a=1")), None);
    }
}
