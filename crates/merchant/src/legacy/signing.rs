//! Signatures of calls, and the key that answers and notices are verified with.

use protocol::legacy::{Empties, Form, Signer, Verifier};

use crate::defect::Defect;
use crate::legacy::gateway::Party;
use crate::reference::Reference;

impl Reference {
    /// The form as it goes out. `None` where its charset cannot write it, or the key does not sign.
    pub(super) fn signed(&self, party: Party<'_>, form: &Form) -> Option<Form> {
        let mut form = form.clone();
        let text = self.text_of(&form, party.signer);
        let sign = self.sign_with(party.signer, &self.bytes_of(&form, text)?)?;
        form.set("sign_type", party.signer.sign_type().name());
        form.set("sign", sign);
        Some(form)
    }

    /// The text that is signed.
    fn text_of(&self, form: &Form, signer: &Signer) -> String {
        let text = form.text_to_sign(Empties::Dropped);
        if self.switch.strikes(Defect::LegSignTypeSigned) {
            let sign_type = ("sign_type", signer.sign_type().name());
            return joined(form.iter().chain([sign_type]), |name, value| format!("{name}={value}"));
        }
        let encoded = joined(form.iter(), |name, value| {
            let mut one = Form::new(form.charset());
            one.set(name, value);
            one.write()
                .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
                .unwrap_or_default()
        });
        if encoded != text && self.switch.strikes(Defect::LegSignsEncoded) {
            return encoded;
        }
        if matches!(signer, Signer::Md5(_)) && self.switch.strikes(Defect::LegMd5Separator) {
            return format!("{text}&key=");
        }
        text
    }

    fn bytes_of(&self, form: &Form, text: String) -> Option<Vec<u8>> {
        let bytes = form.charset().encode(&text).ok()?.into_owned();
        if bytes != text.as_bytes() && self.switch.strikes(Defect::LegGbkSignsUtf8) {
            return Some(text.into_bytes());
        }
        Some(bytes)
    }

    fn sign_with(&self, signer: &Signer, text: &[u8]) -> Option<String> {
        let wrong = match signer {
            Signer::Rsa(key) if self.switch.strikes(Defect::LegRsaSha256) => {
                Some(Signer::Rsa2(key.clone()))
            }
            Signer::Rsa2(key) if self.switch.strikes(Defect::LegRsa2Sha1) => {
                Some(Signer::Rsa(key.clone()))
            }
            Signer::Md5(_) | Signer::Rsa(_) | Signer::Rsa2(_) | Signer::Dsa(_) => None,
        };
        wrong.as_ref().unwrap_or(signer).sign(text).ok()
    }

    /// What the gateway's messages are verified with.
    pub(super) fn verifier(&self, party: Party<'_>) -> Verifier {
        let own = match party.signer {
            // Both sides have the same key.
            Signer::Md5(_) => None,
            Signer::Rsa(key) => Some(Verifier::Rsa(key.public())),
            Signer::Rsa2(key) => Some(Verifier::Rsa2(key.public())),
            Signer::Dsa(key) => Some(Verifier::Dsa(key.public())),
        };
        own.filter(|_| self.switch.strikes(Defect::LegOwnKeyAsAlipay))
            .unwrap_or_else(|| party.gateway.clone())
    }
}

/// The parameters that have a value, in the order of their names, as a text.
fn joined<'a>(
    parameters: impl Iterator<Item = (&'a str, &'a str)>,
    write: impl Fn(&str, &str) -> String,
) -> String {
    let mut pairs: Vec<_> = parameters.filter(|(_, value)| !value.is_empty()).collect();
    pairs.sort_unstable();
    let pairs: Vec<String> = pairs.into_iter().map(|(name, value)| write(name, value)).collect();
    pairs.join("&")
}
