//! Who reviews and certifies: a name, and a key that is nobody else's.

use evidence::words::{CERTIFY_NAME, CERTIFY_NAME_DO, CERTIFY_OTHERS, CERTIFY_OTHERS_DO};
use signing::PrivateKey;

use crate::exit::CommandError;
use crate::seal::{Reviewer, SealError, StatementFacts, seal_statement};

/// The longest name of a reviewer.
const LONGEST_NAME: usize = 200;

/// Wants a name that fits on a line.
pub(super) fn check_name(name: &str) -> Result<(), CommandError> {
    let odd = name.chars().any(char::is_control);
    if odd || name.trim().is_empty() || name.chars().count() > LONGEST_NAME {
        let (says, advice) = (CERTIFY_NAME.plain(), CERTIFY_NAME_DO.plain());
        return Err(CommandError::Usage { says, advice });
    }
    Ok(())
}

/// Whether a key, by its fingerprint, is one of those in a bundle, or one that everybody has: nobody
/// vouches for what they made themselves.
pub(super) fn is_taken(facts: &StatementFacts, fingerprint: &str) -> bool {
    let gateways = facts.parts.iter().map(|part| &part.gateway.response_key_sha256);
    let sides = [
        &facts.signer.key_sha256,
        &facts.merchant.request_key_sha256,
        &facts.gateway.response_key_sha256,
    ];
    let known = [sandbox::embedded_key(), merchant::reference_key()];
    let mut known = known.into_iter().flatten().map(|known| known.public().fingerprint());
    sides.into_iter().chain(gateways).any(|taken| taken == fingerprint)
        || known.any(|known| known == fingerprint)
}

/// Somebody who signs with a key, which has to be fit for it.
pub(super) fn reviewer(
    facts: &StatementFacts,
    key: &PrivateKey,
    name: &str,
) -> Result<Reviewer, CommandError> {
    let key_sha256 = key.public().fingerprint();
    if is_taken(facts, &key_sha256) {
        let (says, advice) = (CERTIFY_OTHERS.plain(), CERTIFY_OTHERS_DO.plain());
        return Err(CommandError::Unusable { says, advice });
    }
    // Better now than when everything is decided.
    seal_statement(b"{}", key).map_err(unsealed)?;
    Ok(Reviewer { key_sha256, name: name.to_owned() })
}

/// Why a key did not sign.
#[expect(clippy::needless_pass_by_value, reason = "as `map_err` hands it over")]
pub(super) fn unsealed(why: SealError) -> CommandError {
    CommandError::Unusable { says: why.says(), advice: CERTIFY_OTHERS_DO.plain() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_vouches_with_a_key_of_the_bundle_or_of_everybody() {
        let [own, other] = [(); 2].map(|()| PrivateKey::generate(2048).unwrap());
        let of = |key: &PrivateKey| key.public().fingerprint();
        let mut facts = StatementFacts::default();
        facts.signer.key_sha256 = of(&other);
        assert!(reviewer(&facts, &own, "Li Wei").is_ok());
        let everybodys = [sandbox::embedded_key(), merchant::reference_key()].map(Result::unwrap);
        for key in everybodys.iter().chain([&other]) {
            let refused = reviewer(&facts, key, "Li Wei");
            assert!(matches!(refused, Err(CommandError::Unusable { .. })));
        }
        let places: [fn(&mut StatementFacts) -> &mut String; 2] = [
            |facts| &mut facts.merchant.request_key_sha256,
            |facts| &mut facts.gateway.response_key_sha256,
        ];
        for place in places {
            let mut facts = StatementFacts::default();
            *place(&mut facts) = of(&own);
            assert!(is_taken(&facts, &of(&own)) && !is_taken(&facts, &of(&other)));
        }
        let small = PrivateKey::generate(1024);
        assert!(small.is_err() || reviewer(&facts, &small.unwrap(), "Li Wei").is_err());
    }
}
