//! Reads a text once: what it is, and the RSA numbers in it.

use rsa::pkcs8::der::zeroize::Zeroizing;

use crate::armour::unwrap;
use crate::der::recognise;
use crate::shape::{Armour, Container, Content, Half, Remark, Shape};

/// A text, examined.
pub(crate) struct Examined {
    /// What it is.
    pub(crate) shape: Shape,
    /// The PKCS#1 structure in it, when it is an RSA key.
    pub(crate) numbers: Option<Zeroizing<Vec<u8>>>,
}

/// Says what a pasted text is, without judging whether it will do. Whatever the text, the answer
/// holds no part of a key.
///
/// ```
/// let text = signing::PrivateKey::generate(2048)?.public().to_spki_base64();
/// let shape = signing::inspect(text.as_bytes());
/// assert_eq!(shape.to_string(), "a public key (SPKI, 2048 bits), bare base64");
/// # Ok::<(), signing::KeyError>(())
/// ```
pub fn inspect(text: &[u8]) -> Shape {
    examine(text).shape
}

/// Examines a pasted text.
pub(crate) fn examine(text: &[u8]) -> Examined {
    let unwrapped = unwrap(text);
    let (armour, mut remarks) = (unwrapped.armour, unwrapped.remarks);
    let der = match unwrapped.payload {
        Ok(der) => der,
        Err(content) => {
            return Examined {
                shape: Shape { content, armour, bits: None, remarks },
                numbers: None,
            };
        }
    };
    let recognised = recognise(&der);
    let numbers = recognised.numbers.map(|numbers| Zeroizing::new(numbers.to_vec()));
    let (content, bits) = (recognised.content, recognised.bits);
    if let (Armour::Pem { label }, Some(fitting)) = (&armour, fitting_label(&content))
        && label != fitting
    {
        remarks.push(Remark::LabelDoesNotFit { fitting });
    }
    Examined { shape: Shape { content, armour, bits, remarks }, numbers }
}

/// The PEM label an RSA key should stand under.
fn fitting_label(content: &Content) -> Option<&'static str> {
    let Content::RsaKey { half, container } = content else { return None };
    Some(match (half, container) {
        (Half::Private, Container::Pkcs1) => "RSA PRIVATE KEY",
        (Half::Public, Container::Pkcs1) => "RSA PUBLIC KEY",
        (Half::Private, Container::Pkcs8 | Container::Spki) => "PRIVATE KEY",
        (Half::Public, Container::Pkcs8 | Container::Spki) => "PUBLIC KEY",
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures;

    #[test]
    fn a_label_that_does_not_fit_is_remarked() {
        let cases = [
            (fixtures::RSA2048_PKCS8_DER, "PRIVATE KEY"),
            (fixtures::RSA2048_PKCS1_DER, "RSA PRIVATE KEY"),
            (fixtures::RSA2048_SPKI_DER, "PUBLIC KEY"),
            (fixtures::RSA2048_PUBLIC_PKCS1_DER, "RSA PUBLIC KEY"),
        ];
        for (der, fitting) in cases {
            for (_, label) in cases {
                let shape = inspect(crate::encode::pem(label, der).as_bytes());
                assert_eq!(shape.bits, Some(2048));
                let expected = Remark::LabelDoesNotFit { fitting };
                let remarks = if label == fitting { vec![] } else { vec![expected] };
                assert_eq!(shape.remarks, remarks, "{fitting} under {label}");
            }
        }
    }

    #[test]
    fn what_is_no_rsa_key_has_no_numbers() {
        for text in [&b""[..], b"hello", b"\x30\x00", b"-----BEGIN PRIVATE KEY-----"] {
            let examined = examine(text);
            assert!(examined.numbers.is_none());
            assert_eq!(examined.shape.bits, None);
        }
    }
}
