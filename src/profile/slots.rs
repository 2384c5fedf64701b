//! The keys of a profile: which slots its sign type fills, and what the keys are to each other.

use evidence::words::{
    KEY_FOREIGN, KEY_MISSING, KEY_NOT_THE_GATEWAYS, KEY_NOT_THE_GATEWAYS_DO, KEY_OWN_IN_SLOT,
    KEY_OWN_IN_SLOT_DO, KEY_REPORT_SAME, KEY_REPORT_SAME_DO, KEY_SLOT_DO, KEY_WORTHLESS,
    KEY_WORTHLESS_DO, SIGN_TYPE_DO, SIGN_TYPE_SHARED, SIGN_TYPE_WEAK,
};
use protocol::Generation;

use super::account::{KeyKind, Keys, Pairs};
use super::keys::Readable;
use super::raw::{RawGateway, RawKey};
use super::read::Reader;
use super::{Gateway, GatewayUrl, KeySource, Report, SignTypeName, Sourced};

/// The slot of the key that signs the merchant's calls.
const OWN: &str = "merchant_key";
/// The slot of the gateway's public key.
const THEIRS: &str = "gateway_public_key";
/// The slot of the key that both hold.
const SHARED: &str = "md5_key";

/// The fingerprints of keys that the whole world has.
struct Known {
    embedded: Vec<String>,
    reference: Vec<String>,
}

impl Known {
    fn all() -> Self {
        let rsa = [sandbox::embedded_key(), merchant::reference_key()];
        let dsa = [sandbox::embedded_dsa_key(), merchant::reference_dsa_key()];
        let [embedded, reference] = rsa.map(|key| key.ok().map(|key| key.public().fingerprint()));
        let [dsa_embedded, dsa_reference] =
            dsa.map(|key| key.ok().map(|key| key.public().fingerprint()));
        Self {
            embedded: embedded.into_iter().chain(dsa_embedded).collect(),
            reference: reference.into_iter().chain(dsa_reference).collect(),
        }
    }

    fn holds(&self, fingerprint: &String) -> bool {
        self.embedded.contains(fingerprint) || self.reference.contains(fingerprint)
    }
}

impl Reader<'_> {
    /// The keys that the sign type asks for. Others have no place beside them.
    pub(super) fn keys(
        &mut self,
        raw: &RawGateway,
        url: Option<&GatewayUrl>,
        generation: Option<Generation>,
        sign_type: SignTypeName,
    ) -> Option<Keys> {
        let name = sign_type.sign_type().name();
        if generation == Some(Generation::Legacy) {
            self.weigh(sign_type);
        }
        let embedded = url == Some(&GatewayUrl::Embedded);
        match KeyKind::of(generation, sign_type) {
            KeyKind::Rsa => {
                self.refuse(name, &[(SHARED, &raw.md5_key)]);
                let known = sandbox::embedded_key().ok().map(|key| key.public());
                self.pairs(raw, name, known.filter(|_| embedded)).map(Keys::Rsa)
            }
            KeyKind::Dsa => {
                self.refuse(name, &[(SHARED, &raw.md5_key)]);
                let known = sandbox::embedded_dsa_key().ok().map(|key| key.public());
                self.pairs(raw, name, known.filter(|_| embedded)).map(Keys::Dsa)
            }
            KeyKind::Shared => {
                self.refuse(name, &[(OWN, &raw.merchant_key), (THEIRS, &raw.gateway_public_key)]);
                self.slot(SHARED, raw.md5_key.as_ref(), name).map(Keys::Shared)
            }
        }
    }

    /// What is usable and proves less than it could.
    fn weigh(&mut self, sign_type: SignTypeName) {
        let says = match sign_type {
            SignTypeName::Md5 => SIGN_TYPE_SHARED.plain(),
            SignTypeName::Rsa | SignTypeName::Dsa => {
                SIGN_TYPE_WEAK.with([sign_type.sign_type().name()])
            }
            SignTypeName::Rsa2 => return,
        };
        self.warn("W3", &["conditions", "sign_type"], says, &SIGN_TYPE_DO);
    }

    fn refuse(&mut self, sign_type: &str, slots: &[(&str, &Option<RawKey>)]) {
        for (slot, _) in slots.iter().filter(|(_, raw)| raw.is_some()) {
            let says = KEY_FOREIGN.with([sign_type, slot]);
            self.add("K8", &["gateway", slot], says, &KEY_SLOT_DO);
        }
    }

    /// Both keys; the gateway's is `built_in` where the profile may leave it out and does.
    fn pairs<Own: Readable, Theirs: Readable>(
        &mut self,
        raw: &RawGateway,
        sign_type: &str,
        built_in: Option<Theirs>,
    ) -> Option<Pairs<Own, Theirs>> {
        let merchant = self.slot(OWN, raw.merchant_key.as_ref(), sign_type);
        let gateway = match (&raw.gateway_public_key, built_in) {
            (None, Some(key)) => Some(Sourced { key, source: KeySource::BuiltIn }),
            (given, _) => self.slot(THEIRS, given.as_ref(), sign_type),
        };
        Some(Pairs { merchant: merchant?, gateway: gateway? })
    }

    fn slot<K: Readable>(
        &mut self,
        slot: &str,
        raw: Option<&RawKey>,
        sign_type: &str,
    ) -> Option<Sourced<K>> {
        let Some(raw) = raw else {
            let says = KEY_MISSING.with([sign_type, slot]);
            self.add("K8", &["gateway"], says, &KEY_SLOT_DO);
            return None;
        };
        self.key(raw, &["gateway", slot])
    }

    /// What the keys are to each other, and to the keys that the whole world has.
    pub(super) fn prove_keys(&mut self, gateway: &Gateway, report: &Report) {
        let known = Known::all();
        let seal = report.key.key.public().fingerprint();
        if known.holds(&seal) {
            self.add("K4", &["report", "key"], KEY_WORTHLESS.plain(), &KEY_WORTHLESS_DO);
        }
        let pair = (gateway.keys.merchant().fingerprint(), gateway.keys.gateway().fingerprint());
        // A shared key is nobody's public half.
        let (Some(own), Some(theirs)) = pair else { return };
        let slot = ["gateway", THEIRS];
        if own == theirs {
            self.add("K2", &slot, KEY_OWN_IN_SLOT.plain(), &KEY_OWN_IN_SLOT_DO);
        }
        if seal == own {
            self.add("K3", &["report", "key"], KEY_REPORT_SAME.plain(), &KEY_REPORT_SAME_DO);
        }
        match gateway.url {
            GatewayUrl::Embedded => {
                if !known.embedded.contains(&theirs) && own != theirs {
                    let advice = &KEY_NOT_THE_GATEWAYS_DO;
                    self.add("K6", &slot, KEY_NOT_THE_GATEWAYS.plain(), advice);
                }
            }
            GatewayUrl::Remote(_) => {
                for (key, slot) in [(&own, OWN), (&theirs, THEIRS)] {
                    if known.holds(key) {
                        let at = ["gateway", slot];
                        self.add("K4", &at, KEY_WORTHLESS.plain(), &KEY_WORTHLESS_DO);
                    }
                }
            }
        }
    }
}
