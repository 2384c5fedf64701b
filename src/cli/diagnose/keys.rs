//! The keys that a diagnosis tries.

use std::path::Path;

use diagnose::{Key, Known, KnownKey, Side};
use evidence::words::{
    DIAGNOSE_NO_KEYS, DIAGNOSE_NO_KEYS_DO, KEY_BUILT_IN, KEY_UNUSABLE, Phrase, Place,
};
use signing::DsaKeyError;

use super::Diagnose;
use crate::cli::key_file::shared;
use crate::cli::verify::gateway_key;
use crate::exit::CommandError;
use crate::profile::{CheckKey, Profile};
use crate::said;

/// How the key of the reference merchant is called.
pub(in crate::cli) const MERCHANT: &str = "built-in:merchant";
/// How the key of the embedded gateway is called.
pub(in crate::cli) const GATEWAY: &str = "built-in:gateway";

/// The keys of the command line first, then those of the profile, and at last those that the whole
/// world knows, where nobody named any for a record or where something was signed with them.
pub(super) fn known(command: &Diagnose, recorded: bool) -> Result<Known, CommandError> {
    let mut known = Known::default();
    for (side, paths) in [
        (Side::Merchant, &command.merchant_public_key),
        (Side::Gateway, &command.gateway_public_key),
    ] {
        for path in paths {
            take(&mut known, side, path.display().to_string(), gateway_key(path)?);
        }
    }
    for path in &command.md5_key {
        let key = CheckKey::Shared(shared(path)?);
        take(&mut known, Side::Merchant, path.display().to_string(), key);
    }
    if let Some(path) = &command.profile {
        of_profile(&mut known, path)?;
    }
    if known.keys.is_empty() && !recorded {
        let (says, advice) = (DIAGNOSE_NO_KEYS.plain(), DIAGNOSE_NO_KEYS_DO.plain());
        return Err(CommandError::Usage { says, advice });
    }
    built_in(&mut known)?;
    Ok(known)
}

fn take(known: &mut Known, side: Side, name: String, key: CheckKey) {
    let key = match key {
        CheckKey::Rsa(key) => Key::Rsa(key),
        CheckKey::Dsa(key) => Key::Dsa(key),
        CheckKey::Shared(key) => Key::Shared(key),
    };
    known.keys.push(KnownKey { name, side, key });
}

fn of_profile(known: &mut Known, path: &Path) -> Result<(), CommandError> {
    let profile = Profile::load(path)?;
    let name = |name: &str| format!("{} {name}", path.display());
    both_sides(known, &profile, (name("merchant_key"), name("gateway_public_key")));
    Ok(())
}

/// The keys of a profile under these names, and those that the whole world knows.
pub(in crate::cli) fn of_accounts(
    profile: &Profile,
    merchant: String,
    gateway: String,
) -> Result<Known, CommandError> {
    let mut known = Known::default();
    both_sides(&mut known, profile, (merchant, gateway));
    built_in(&mut known)?;
    Ok(known)
}

fn both_sides(known: &mut Known, profile: &Profile, (merchant, theirs): (String, String)) {
    let gateway = &profile.gateway;
    take(known, Side::Merchant, merchant, gateway.keys.merchant());
    take(known, Side::Gateway, theirs, gateway.keys.gateway());
    known.clients.extend(gateway.client_id.clone());
    known.charset = profile.conditions.charset.charset();
    let notify = profile.merchant.notify_url.as_deref().and_then(|url| url.split_once("://"));
    let path = notify.and_then(|(_, rest)| rest.find('/').map(|at| rest[at..].to_owned()));
    known.targets.extend(path);
}

/// The keys of the embedded gateway and of the reference merchant.
fn built_in(known: &mut Known) -> Result<(), CommandError> {
    let bug = |why: Phrase| {
        let says = [KEY_BUILT_IN.plain(), why].map(Place::from);
        CommandError::Bug(KEY_UNUSABLE.holding(says).into())
    };
    let rsa = |why| bug(said::key_error(&why));
    let dsa = |why: DsaKeyError| bug(said::dsa_key_error(&why));
    let (merchant, gateway) = (MERCHANT, GATEWAY);
    for (side, name, key) in [
        (Side::Merchant, merchant, CheckKey::Rsa(merchant::reference_key().map_err(rsa)?.public())),
        (Side::Gateway, gateway, CheckKey::Rsa(sandbox::embedded_key().map_err(rsa)?.public())),
        (
            Side::Merchant,
            merchant,
            CheckKey::Dsa(merchant::reference_dsa_key().map_err(dsa)?.public()),
        ),
        (Side::Gateway, gateway, CheckKey::Dsa(sandbox::embedded_dsa_key().map_err(dsa)?.public())),
    ] {
        // Where a side has a key of the kind, ours is one more to try; where it has none but of
        // another kind, ours would pass for the one in use.
        let of_side = |own: &KnownKey| own.side == side || matches!(own.key, Key::Shared(_));
        let named = known.keys.iter().any(of_side);
        let same_kind = known.keys.iter().any(|own| {
            own.side == side && matches!(own.key, Key::Rsa(_)) == matches!(key, CheckKey::Rsa(_))
        });
        if !named || same_kind {
            take(known, side, name.to_owned(), key);
        }
    }
    Ok(())
}
