//! The engine: clean the signature, open it under every known key, and search for the text that
//! was signed.

use evidence::SideKey;
use protocol::Generation;
use protocol::ams::Verified;
use protocol::legacy::{SignType, Verifier};
use signing::{DigestAlgorithm, Opened, PublicKey};

use crate::carried::{Reading, is_md5, readings};
use crate::cause::Sure;
use crate::diagnosis::{Diagnosis, Explanation, State};
use crate::mistake::{Mistake, Step};
use crate::opened::{self, Shut};
use crate::search::{Budget, Searched, search};
use crate::subject::{Key, Kind, Known, KnownKey, Side, Subject};
use crate::told::{Covered, Told, Unreadable, told};
use crate::{ams, legacy};

/// What the digests of one message may cost: well below a second on any machine.
const FOR_DIGESTS: Budget = Budget { texts: 60_000, bytes: 48 << 20 };
/// The same where each text costs the arithmetic of a whole verification.
const FOR_VERIFYING: Budget = Budget { texts: 400, bytes: 8 << 20 };

/// Explains the signature of a message.
///
/// # Errors
/// When the message does not say what its signature would have to cover.
pub fn diagnose(subject: &Subject, known: &Known) -> Result<Diagnosis, Unreadable> {
    let told = told(subject)?;
    let engine = Engine { subject, known, told };
    Ok(engine.run())
}

/// A message with everything that is known about it.
pub(crate) struct Engine<'a> {
    pub(crate) subject: &'a Subject,
    pub(crate) known: &'a Known,
    pub(crate) told: Told,
}

impl Engine<'_> {
    fn run(&self) -> Diagnosis {
        if let Some(name) = self.holds() {
            return Diagnosis { key: Some(name), ..self.blank(State::Holds) };
        }
        let Some(signature) = self.told.signature.as_deref() else {
            return self.certain(State::Unsigned, Step::bare(Mistake::NoSignature));
        };
        if let Some(missing) = self.told.missing {
            return self.certain(State::Unsigned, Step::bare(missing));
        }
        if self.known.keys.is_empty() {
            return self.blank(State::NoKey);
        }
        if is_md5(signature) {
            return self.by_md5(signature);
        }
        let header = matches!(self.told.covered, Covered::Ams(_));
        let readings = readings(signature, header);
        if readings.is_empty() {
            return self.certain(State::Explained, Step::bare(Mistake::SignatureUnreadable));
        }
        for reading in &readings {
            for (key, public) in self.known.rsa(self.signer()) {
                if let Ok(opened) = public.open(&reading.bytes) {
                    return self.by_digest(reading, key, &opened);
                }
            }
        }
        let dsa = signature.replace("_x", "X");
        let dsa = if dsa == signature {
            readings.clone()
        } else {
            crate::carried::readings(&dsa, header)
        };
        if let Some(found) = self.by_dsa(&dsa) {
            return found;
        }
        self.shut(&readings)
    }

    pub(crate) fn signer(&self) -> Side {
        self.subject.kind.signer()
    }

    /// The key that is in use for this message, of the kind that it names.
    pub(crate) fn in_use(&self) -> Option<&KnownKey> {
        let of_signer = |known: &&KnownKey| known.side == self.signer();
        let fits = |known: &&KnownKey| match (&known.key, self.told.algorithm.as_deref()) {
            (Key::Shared(_), told) => told == Some("MD5"),
            (Key::Dsa(_), told) => told == Some("DSA"),
            (Key::Rsa(_), told) => !matches!(told, Some("MD5" | "DSA")),
        };
        let mut keys = self.known.keys.iter();
        keys.clone()
            .find(|known| fits(known) && (of_signer(known) || matches!(known.key, Key::Shared(_))))
            .or_else(|| keys.find(of_signer))
    }

    /// The name of the key under which a receiver takes the message as it is.
    fn holds(&self) -> Option<String> {
        let used = self.in_use()?;
        let charset = self.known.charset;
        let algorithm = self.told.algorithm.as_deref().and_then(SignType::parse);
        let side = match (&used.key, self.subject.generation, algorithm) {
            (Key::Rsa(key), Generation::Ams, _) => SideKey::Ams(key.clone()),
            (Key::Rsa(key), Generation::Legacy, Some(SignType::Rsa)) => {
                SideKey::Legacy { verifier: Verifier::Rsa(key.clone()), charset }
            }
            (Key::Rsa(key), Generation::Legacy, _) => {
                SideKey::Legacy { verifier: Verifier::Rsa2(key.clone()), charset }
            }
            (Key::Dsa(key), _, _) => {
                SideKey::Legacy { verifier: Verifier::Dsa(key.clone()), charset }
            }
            (Key::Shared(key), _, _) => {
                SideKey::Legacy { verifier: Verifier::Md5(key.clone()), charset }
            }
        };
        let (way, message) = (self.subject.kind.way(), &self.subject.message);
        let verified = match self.subject.kind {
            Kind::Call | Kind::Notice => side.call(way, message),
            Kind::Answer | Kind::Acknowledgement => side.answer(way, self.subject.asked(), message),
        };
        (verified == Verified::Valid).then(|| used.name.clone())
    }

    pub(crate) fn blank(&self, state: State) -> Diagnosis {
        Diagnosis {
            state,
            explanations: Vec::new(),
            key: None,
            algorithm: None,
            text: self.text(),
            tried: 0,
            whole: true,
        }
    }

    /// The text that a verifier builds.
    pub(crate) fn text(&self) -> Vec<u8> {
        use crate::search::Draft as _;
        match &self.told.covered {
            Covered::Ams(received) => ams::Text::of(received).write(),
            Covered::Legacy(parameters) => legacy::Text::of(parameters.clone()).write(),
        }
    }

    pub(crate) fn certain(&self, state: State, step: Step) -> Diagnosis {
        self.one(state, vec![step], Sure::Certain, true)
    }

    fn one(&self, state: State, steps: Vec<Step>, sure: Sure, complete: bool) -> Diagnosis {
        let fault = self.fault(&steps);
        let explanation = Explanation { steps, sure, fault, complete, difference: None };
        Diagnosis { explanations: vec![explanation], ..self.blank(state) }
    }

    fn search(&self, budget: Budget, agrees: &mut dyn FnMut(&[u8]) -> bool) -> Searched {
        match &self.told.covered {
            Covered::Ams(received) => {
                let Known { clients, targets, .. } = self.known;
                let variants = ams::variants(received, clients, targets);
                let searched = search(&ams::Text::of(received), &variants, budget, agrees);
                let whole = searched.whole && received.body.len() <= ams::LARGEST_TREE;
                Searched { whole, ..searched }
            }
            Covered::Legacy(parameters) => {
                let variants = legacy::variants(parameters);
                search(&legacy::Text::of(parameters.clone()), &variants, budget, agrees)
            }
        }
    }

    /// The signature opens: what is wrong with key and algorithm is known, and the digest tells
    /// whether a text is the one that was signed.
    fn by_digest(&self, reading: &Reading, key: &KnownKey, opened: &Opened) -> Diagnosis {
        let mut before: Vec<Step> = reading.step.iter().cloned().collect();
        before.extend(self.key_step(key));
        before.extend(self.digest_step(&opened.algorithm));
        if !opened.exact {
            before.push(Step::bare(Mistake::Inexact));
        }
        let mut agrees =
            |text: &[u8]| opened.algorithm.digest(text).is_some_and(|it| it == opened.digest);
        let searched = self.search(FOR_DIGESTS, &mut agrees);
        let algorithm = Some(opened.algorithm.to_string());
        Diagnosis { algorithm, ..self.concluded(before, &searched, Some(key)) }
    }

    /// What the key that opened it tells, beside the one of its kind that is in use. That another
    /// kind was to be used is a matter of the algorithm.
    fn key_step(&self, key: &KnownKey) -> Option<Step> {
        let shared = matches!(key.key, Key::Shared(_));
        let of_kind = |known: &&KnownKey| {
            let same = std::mem::discriminant(&known.key) == std::mem::discriminant(&key.key);
            same && (shared || known.side == self.signer())
        };
        let used = self.known.keys.iter().find(of_kind);
        let (mistake, used) = match used {
            Some(used) if used.name == key.name && used.side == key.side => return None,
            Some(used) if shared || key.side == self.signer() => (Mistake::OtherKey, used),
            Some(used) => (Mistake::OtherSideKey, used),
            None => (Mistake::OtherSideKey, self.in_use()?),
        };
        Some(Step::with(mistake, [&key.name, &used.name]))
    }

    /// What the algorithm of the digest tells.
    fn digest_step(&self, found: &DigestAlgorithm) -> Option<Step> {
        if let Some(misnamed) = self.told.misnamed() {
            return Some(misnamed);
        }
        let told = self.told.algorithm.as_deref().unwrap_or("RSA256");
        let wanted = match (self.subject.generation, told) {
            (Generation::Legacy, "RSA" | "DSA") => DigestAlgorithm::Sha1,
            (Generation::Legacy, "MD5") => DigestAlgorithm::Md5,
            (Generation::Legacy | Generation::Ams, _) => DigestAlgorithm::Sha256,
        };
        let signed_by_rsa = self.subject.generation == Generation::Ams || told.starts_with("RSA");
        (*found != wanted || !signed_by_rsa)
            .then(|| Step::with(Mistake::OtherDigest, [told, &format!("RSA, {found}")]))
    }

    /// What is wrong with the algorithm that the message names, where it is not this one.
    fn named_otherwise(&self, found: &str) -> Option<Step> {
        let told = self.told.algorithm.as_deref().unwrap_or("RSA256");
        let otherwise = || Step::with(Mistake::OtherDigest, [told, found]);
        (told != found).then(|| self.told.misnamed().unwrap_or_else(otherwise))
    }

    fn by_md5(&self, signature: &str) -> Diagnosis {
        let upper = signature.bytes().any(|byte| byte.is_ascii_uppercase());
        let lower = signature.to_ascii_lowercase();
        let mut before = Vec::from_iter(self.named_otherwise("MD5"));
        if upper {
            before.push(Step::bare(Mistake::SignatureUpperCase));
        }
        let mut last = None;
        for (known, key) in self.known.shared() {
            let searched = self.search(FOR_DIGESTS, &mut |text| key.verify(text, &lower));
            let mut before = before.clone();
            before.extend(self.key_step(known));
            let found = !searched.hits.is_empty();
            let concluded = self.concluded(before, &searched, Some(known));
            if found {
                return Diagnosis { algorithm: Some("MD5".to_owned()), ..concluded };
            }
            last = Some(Diagnosis { key: None, ..self.concluded(vec![], &searched, None) });
        }
        match last {
            Some(last) if before.is_empty() => last,
            None if before.is_empty() => self.no_key("MD5"),
            // That it is an MD5 is sure, whatever it is one of.
            last => {
                let (tried, whole) = last.map_or((0, true), |last| (last.tried, last.whole));
                let one = self.one(State::Explained, before, Sure::Certain, false);
                Diagnosis { tried, whole, ..one }
            }
        }
    }

    fn by_dsa(&self, readings: &[Reading]) -> Option<Diagnosis> {
        let reading = readings.iter().find(|it| opened::is_dsa(&it.bytes))?;
        let mut before: Vec<Step> = reading.step.iter().cloned().collect();
        before.extend(self.named_otherwise("DSA"));
        let mut unexplained = None;
        for (known, key) in self.known.dsa(self.signer()) {
            let bytes = &reading.bytes;
            let mut agrees = |text: &[u8]| key.verify(text, bytes) || key.verify_raw(text, bytes);
            let searched = self.search(FOR_VERIFYING, &mut agrees);
            let mut before = before.clone();
            before.extend(self.key_step(known));
            let algorithm = Some("DSA".to_owned());
            if !searched.hits.is_empty() {
                let concluded = self.concluded(before, &searched, Some(known));
                return Some(Diagnosis { algorithm, ..concluded });
            }
            unexplained = Some(Diagnosis { algorithm, ..self.concluded(vec![], &searched, None) });
        }
        if before.is_empty() {
            return Some(unexplained.unwrap_or_else(|| self.no_key("DSA")));
        }
        Some(self.one(State::Explained, before, Sure::Certain, false))
    }

    /// There are keys, and none of the kind of the signature.
    fn no_key(&self, kind: &str) -> Diagnosis {
        Diagnosis { algorithm: Some(kind.to_owned()), ..self.blank(State::NoKey) }
    }

    /// No key opens it.
    fn shut(&self, readings: &[Reading]) -> Diagnosis {
        let Some(used) = self.in_use() else { return self.no_key("RSA") };
        if let Some(found) = self.by_pss(readings) {
            return found;
        }
        let lengths: Vec<usize> = readings.iter().map(|reading| reading.bytes.len()).collect();
        let others: Vec<&KnownKey> =
            self.known.keys.iter().filter(|known| known.side != self.signer()).collect();
        match opened::shut(used, &others, &lengths) {
            Shut::NoKey => self.no_key("RSA"),
            Shut::Certainly(step) => self.certain(State::Explained, step),
            Shut::Probably(step) => self.one(State::Explained, vec![step], Sure::Likely, true),
        }
    }

    /// A signature of the other RSA scheme holds no digest that could be compared.
    fn by_pss(&self, readings: &[Reading]) -> Option<Diagnosis> {
        for (known, key) in self.known.rsa(self.signer()) {
            let bits = usize::try_from(key.bits()).unwrap_or(usize::MAX);
            let mut fitting = readings.iter().filter(|it| it.bytes.len() == bits.div_ceil(8));
            let Some(reading) = fitting.next() else { continue };
            let agrees: &mut dyn FnMut(&[u8]) -> bool =
                &mut |text| PublicKey::verify_pss(key, text, &reading.bytes);
            let searched = self.search(FOR_VERIFYING, agrees);
            if !searched.hits.is_empty() {
                let mut before: Vec<Step> = reading.step.iter().cloned().collect();
                before.extend(self.key_step(known));
                before.push(Step::bare(Mistake::OtherScheme));
                let concluded = self.concluded(before, &searched, Some(known));
                return Some(Diagnosis { algorithm: Some("RSASSA-PSS".to_owned()), ..concluded });
            }
        }
        None
    }
}
