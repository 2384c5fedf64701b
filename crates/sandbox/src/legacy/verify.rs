//! Whether a call is signed by the partner.

use protocol::ams::Verified;
use protocol::legacy::{Empties, Form, SignType, Verifier};
use wire::Request;

use super::switches::DsaForm;
use crate::defect::Defect;
use crate::tenant::Tenant;
use crate::terms::Contract;

/// The shortest key that switch L20 leaves to RSA2.
const LONG_KEY: u32 = 2048;

impl Tenant {
    /// Checks the signature of a call, or says how it is refused.
    pub(crate) fn verified(&self, form: &Form, request: &Request) -> Result<(), &'static str> {
        let Contract::Legacy { merchant, .. } = &self.terms().contract else {
            return Err("ILLEGAL_PARTNER");
        };
        let switches = self.switches().legacy;
        let name = form.get("sign_type").unwrap_or_default();
        let sign_type = SignType::parse(name).ok_or("ILLEGAL_SIGN_TYPE")?;
        let dsa = sign_type == SignType::Dsa;
        if dsa && (switches.dsa == DsaForm::Off || switches.sign_types_enforced) {
            return Err("ILLEGAL_SIGN_TYPE");
        }
        let known = merchant.iter().find(|verifier| verifier.sign_type() == sign_type);
        let Some(verifier) = known.filter(|_| self.signer(sign_type).is_some()) else {
            // A key that both share is nothing that the partner could upload.
            let shared = sign_type.is_shared();
            return Err(if shared { "ILLEGAL_SIGN_TYPE" } else { "HAS_NO_PUBLICKEY" });
        };
        if let Verifier::Rsa2(key) = verifier
            && switches.rsa2_long_keys
            && key.bits() < LONG_KEY
        {
            return Err("ILLEGAL_SIGN");
        }
        let genuine = match form.verify(verifier) {
            Verified::Valid if switches.empties_unsigned => documented(form, verifier),
            Verified::Valid => true,
            Verified::Wrong => dsa && self.strikes(Defect::LegDsaUnchecked),
            Verified::Unsigned => false,
        };
        if genuine && !self.forgets_query(request) && !self.verifies_encoded(form) {
            Ok(())
        } else {
            Err("ILLEGAL_SIGN")
        }
    }

    /// The defect of a gateway that verifies the body of a POST alone.
    fn forgets_query(&self, request: &Request) -> bool {
        let queried = request.method == "POST" && request.target.contains("_input_charset=");
        queried && self.strikes(Defect::LegBodyOnly)
    }

    /// The defect of a gateway that verifies values as they travel.
    fn verifies_encoded(&self, form: &Form) -> bool {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.*".contains(&byte);
        let signed = form.iter().filter(|(name, _)| *name != "sign");
        let escaped = signed.into_iter().any(|(_, value)| !value.bytes().all(plain));
        escaped && self.strikes(Defect::LegVerifiesEncoded)
    }
}

/// Whether a signature covers the text without empty values.
fn documented(form: &Form, verifier: &Verifier) -> bool {
    let text = form.text_to_sign(Empties::Dropped);
    let bytes = form.charset().encode(&text);
    let sign = form.get("sign").unwrap_or_default();
    bytes.is_ok_and(|bytes| verifier.verify(&bytes, sign))
}
