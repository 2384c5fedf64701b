//! The gateway of a run, reached before anything is played.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use evidence::Redaction;
use evidence::words::{
    GATEWAY_MD5_ALONE, GATEWAY_MD5_ALONE_DO, GATEWAY_SLOW, GATEWAY_TENANT, GATEWAY_TENANT_DO,
    GATEWAY_TOKEN, GATEWAY_TOKEN_DO, GATEWAY_UNREACHED_DOOR, GATEWAY_WITHOUT_PROFILE,
    GATEWAY_WITHOUT_PROFILE_DO, KEY_BUILT_IN, KEY_UNUSABLE, MERCHANT_NOTIFY_MISSING,
    MERCHANT_WITHOUT_PROFILE, MERCHANT_WITHOUT_PROFILE_DO, PUBLIC_URL_DO, PUBLIC_URL_SECURE,
    Phrase, Place as Filled,
};
use steps::{
    Backstage, Contract, Control, ControlError, Elsewhere, EmbeddedKeys, Foreign, Gateway,
    PublicDoor, Purse, StageError, Tested,
};
use witness::TlsClient;

use super::address::{host_of, is_secure, resolve, silent};
use super::doors;
use crate::exit::CommandError;
use crate::finding::{Finding, Place};
use crate::profile::{Driver, GatewayUrl, Keys, Profile, ProfileError};
use crate::said;
use crate::seal::GatewayFacts;
use crate::suite::Planned;

/// A gateway that answered.
#[derive(Debug)]
pub(in crate::cli) struct Reached {
    pub(in crate::cli) gateway: Gateway,
    /// As the reports name it.
    pub(in crate::cli) url: String,
    /// By what both sign, the gateway with its own.
    pub(in crate::cli) keys: Keys,
    /// Whether it is assay's own sandbox, wherever it runs.
    pub(in crate::cli) simulated: bool,
    /// What a run may sell for where it moves real money.
    pub(in crate::cli) purse: Option<Purse>,
    /// Why no notice reaches the merchant, where none does.
    pub(in crate::cli) without_notices: Option<Phrase>,
    /// Whether days can be waited for that nobody moves.
    pub(in crate::cli) has_days: bool,
    /// Whether the merchant's books outlive the program, so that reviews can be waited for.
    pub(in crate::cli) keeps_books: bool,
}

/// Finds the gateway that flag or profile name, and asks it whether it can be driven. A token on the
/// command line beats that of the profile.
pub(in crate::cli) fn reach(
    profile: &Profile,
    flag: Option<&str>,
    token: Option<String>,
) -> Result<Reached, CommandError> {
    let embedded = embedded_keys()?;
    let url = match (flag, &profile.gateway.url) {
        (Some("embedded"), _) | (None, GatewayUrl::Embedded) => None,
        (Some(url), _) => Some(url),
        (None, GatewayUrl::Remote(url)) => Some(url.as_str()),
    };
    let Some(url) = url else {
        let keys = profile.gateway.keys.at_embedded(&embedded);
        let gateway = Gateway::Embedded { keys: Box::new(embedded) };
        let (url, without_notices) = ("embedded".into(), unheard(profile));
        return Ok(Reached {
            gateway,
            url,
            keys,
            simulated: true,
            purse: None,
            without_notices,
            has_days: false,
            keeps_books: profile.keeps_books(),
        });
    };
    let (address, host) = resolve(url)?;
    let keys = profile.gateway.keys.clone();
    let of_profile = profile.gateway.control_token.as_ref();
    let control_token = token.or_else(|| of_profile.map(|token| token.key.secret().to_owned()));
    let mut there = Elsewhere { address, host, control_token, door: None };
    // No sandbox of assay's speaks TLS.
    if is_secure(url) {
        let tls = profile.gateway.ca.clone().map_or_else(TlsClient::public, |ca| Ok(ca.believed));
        let tls = tls.map_err(|why| CommandError::Bug(why.says().into()))?;
        return foreign(profile, url, (there, Some(tls)), keys);
    }
    if !ask(&there.control(), url)? {
        return foreign(profile, url, (there, None), keys);
    }
    let door = door_for(profile, address)?;
    let without_notices =
        unheard(profile).or_else(|| (door == Way::None).then(|| unreached(profile, url)));
    there.door = door.public();
    let gateway = Gateway::Elsewhere(there);
    // What answers the control API is assay's, and no gateway of anybody's money.
    Ok(Reached {
        gateway,
        url: url.to_owned(),
        keys,
        simulated: true,
        purse: None,
        without_notices,
        has_days: false,
        keeps_books: profile.keeps_books(),
    })
}

/// A gateway without a control API, which is somebody else's.
fn foreign(
    profile: &Profile,
    url: &str,
    (there, tls): (Elsewhere, Option<TlsClient>),
    keys: Keys,
) -> Result<Reached, CommandError> {
    if matches!(keys, Keys::Shared(_)) {
        let (says, advice) = (GATEWAY_MD5_ALONE.with([url]), GATEWAY_MD5_ALONE_DO.plain());
        return Err(CommandError::Unusable { says, advice });
    }
    let Elsewhere { address, host, .. } = there;
    let heard = notices_base(profile, address).is_some();
    let without_notices = unheard(profile).or_else(|| (!heard).then(|| unreached(profile, url)));
    let gateway = Gateway::Foreign(Foreign { address, host, tls, redaction: Redaction::drawn() });
    Ok(Reached {
        gateway,
        url: url.to_owned(),
        keys,
        simulated: false,
        purse: None,
        without_notices,
        has_days: profile.has_days(),
        keeps_books: profile.keeps_books(),
    })
}

/// By which address a gateway that nobody tells where to bring its notices reaches the witness, as
/// the merchant has to name it there.
pub(super) fn notices_base(profile: &Profile, gateway: SocketAddr) -> Option<String> {
    let (own, near) = (profile.witness.notify_listen, gateway.ip().is_loopback());
    let ours = profile.merchant.driver == Driver::Reference;
    if let Some(public) = profile.witness.public_url.clone().filter(|_| !ours) {
        return Some(public);
    }
    let at = match own.ip() {
        ip if ip.is_unspecified() => SocketAddr::from((Ipv4Addr::LOCALHOST, own.port())),
        _ => own,
    };
    // Doors of the reference merchant's are each scenario's own, on this machine.
    let reached = near || (!ours && !at.ip().is_loopback());
    let scheme = if profile.witness.tls.is_some() { "https" } else { "http" };
    reached.then(|| format!("{scheme}://{at}"))
}

/// Why no notice reaches a witness that nobody outside of this machine can call.
fn unreached(profile: &Profile, url: &str) -> Phrase {
    GATEWAY_UNREACHED_DOOR.with([url, &profile.witness.notify_listen.to_string()])
}

/// Why a merchant of an integrator's takes no notices, where it names no address for them.
fn unheard(profile: &Profile) -> Option<Phrase> {
    let named = profile.merchant.notify_url.is_some();
    let ours = profile.merchant.driver == Driver::Reference;
    (!named && !ours).then(|| MERCHANT_NOTIFY_MISSING.plain())
}

/// The way of a gateway elsewhere to the witness.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// By the witness's own address.
    Own,
    /// By another.
    Public(PublicDoor),
    /// None.
    None,
}

impl Way {
    fn public(self) -> Option<PublicDoor> {
        match self {
            Self::Public(door) => Some(door),
            Self::Own | Self::None => None,
        }
    }
}

/// By which address a gateway elsewhere reaches the witness.
fn door_for(profile: &Profile, gateway: SocketAddr) -> Result<Way, CommandError> {
    let witness = &profile.witness;
    let own = witness.notify_listen;
    match &witness.public_url {
        Some(public) if !public.starts_with("http://") => Err(CommandError::Unusable {
            says: PUBLIC_URL_SECURE.with([public]),
            advice: PUBLIC_URL_DO.plain(),
        }),
        Some(public) => {
            let (at, _) = resolve(public)?;
            Ok(Way::Public(PublicDoor { at, listen: own.ip() }))
        }
        None if gateway.ip().is_loopback() => Ok(Way::Own),
        None if own.ip().is_loopback() || own.ip().is_unspecified() => Ok(Way::None),
        None => Ok(Way::Public(PublicDoor { at: own, listen: own.ip() })),
    }
}

pub(in crate::cli) fn no_tenant(url: &str, why: &ControlError) -> CommandError {
    CommandError::Gateway {
        says: GATEWAY_TENANT.holding([Filled::value(url), why.says().into()]),
        advice: GATEWAY_TENANT_DO.plain(),
    }
}

/// How long the answer to a question is waited for before anything is played.
pub(in crate::cli) const ASKED_FOR: Duration = Duration::from_secs(30);

/// Waits for a gateway before anything is played; `None` when that takes too long.
pub(in crate::cli) fn within<T>(
    limit: Duration,
    answer: impl Future<Output = T>,
) -> Result<Option<T>, CommandError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|why| CommandError::Bug(why.to_string().into()))?;
    Ok(runtime.block_on(async { tokio::time::timeout(limit, answer).await.ok() }))
}

/// What the embedded gateway signs with.
pub(in crate::cli) fn embedded_keys() -> Result<EmbeddedKeys, CommandError> {
    let bug = |why: Phrase| {
        let says = [KEY_BUILT_IN.plain(), why].map(Filled::from);
        CommandError::Bug(KEY_UNUSABLE.holding(says).into())
    };
    let rsa = sandbox::embedded_key().map_err(|why| bug(said::key_error(&why)))?;
    let dsa = sandbox::embedded_dsa_key().map_err(|why| bug(said::dsa_key_error(&why)))?;
    Ok(EmbeddedKeys { rsa, dsa })
}

/// Refuses an address on the command line that is none, before the profile is read with it.
pub(in crate::cli) fn form(url: &str) -> Result<(), CommandError> {
    host_of(url).map(drop)
}

/// Why nothing is played elsewhere without a profile: no gateway but ours knows the key that
/// everybody has, and what it refuses would be told as its own fault.
pub(in crate::cli) fn without_profile() -> ProfileError {
    ProfileError(vec![Finding {
        code: "P0",
        place: Place::default(),
        says: GATEWAY_WITHOUT_PROFILE.plain(),
        advice: GATEWAY_WITHOUT_PROFILE_DO.plain(),
    }])
}

/// Why no merchant of an integrator's is played without a profile.
pub(super) fn merchant_without_profile() -> ProfileError {
    ProfileError(vec![Finding {
        code: "P0",
        place: Place::default(),
        says: MERCHANT_WITHOUT_PROFILE.plain(),
        advice: MERCHANT_WITHOUT_PROFILE_DO.plain(),
    }])
}

/// Asks the control API for the time: whatever answers that can be driven, and whatever answers
/// something else is somebody else's.
fn ask(control: &Control, url: &str) -> Result<bool, CommandError> {
    let Some(clock) = within(ASKED_FOR, control.get("clock"))? else {
        return Err(silent(url, GATEWAY_SLOW.with([ASKED_FOR.as_secs()])));
    };
    match clock {
        Ok(answer) => Ok(answer.get("now").is_some()),
        Err(ControlError::Call(why)) => Err(silent(url, steps::unanswered(&why))),
        // So it is refused by a sandbox alone; others may ask for a login at any path.
        Err(ControlError::Refused { status: 401, said, .. }) if said.contains("control") => {
            Err(CommandError::Gateway {
                says: GATEWAY_TOKEN.with([url]),
                advice: GATEWAY_TOKEN_DO.plain(),
            })
        }
        Err(ControlError::Refused { .. } | ControlError::Unreadable(_) | ControlError::None) => {
            Ok(false)
        }
    }
}

impl Reached {
    /// Those of these runs that can be played.
    pub(super) fn playable(&self, mut runs: Vec<Planned>) -> Vec<Planned> {
        let heard = self.without_notices.is_none();
        runs.retain(|run| heard || !run.needs_notice());
        let there = |run: &Planned| {
            run.runs_anywhere()
                && (self.has_days || !run.waits_for_a_day())
                && (self.keeps_books || !run.waits_for_a_review())
        };
        runs.retain(|run| !self.is_foreign() || there(run));
        runs
    }

    /// As a profile names it.
    pub(in crate::cli) fn as_named(&self) -> GatewayUrl {
        if self.is_embedded() { GatewayUrl::Embedded } else { GatewayUrl::Remote(self.url.clone()) }
    }

    /// Why no stage could be set whose witness is at an address.
    pub(super) fn no_stage(&self, witness: SocketAddr, why: StageError) -> CommandError {
        match why {
            StageError::System(why) => doors::taken(witness, &why),
            StageError::Gateway(why) => no_tenant(&self.url, &why),
        }
    }

    /// `embedded-sandbox`, `sandbox` or `production`.
    pub(super) fn environment(&self) -> &'static str {
        match &self.purse {
            Some(_) => GatewayFacts::PRODUCTION,
            None => GatewayFacts::environment_of(&self.url),
        }
    }

    /// What its control API asks for.
    pub(super) fn control_token(&self) -> Option<&str> {
        match &self.gateway {
            Gateway::Embedded { .. } | Gateway::Foreign(_) => None,
            Gateway::Elsewhere(there) => there.control_token.as_deref(),
        }
    }

    pub(in crate::cli) fn is_embedded(&self) -> bool {
        matches!(self.gateway, Gateway::Embedded { .. })
    }

    /// Whether it is somebody else's, whose buyers are people.
    pub(in crate::cli) fn is_foreign(&self) -> bool {
        matches!(self.gateway, Gateway::Foreign(_))
    }

    /// The address that the merchant has to name for its notices: of one that nobody tells where to
    /// bring them, the witness's, with the merchant's own path and query.
    pub(super) fn notify_url(&self, profile: &Profile, own: String) -> String {
        let Gateway::Foreign(there) = &self.gateway else { return own };
        let base = notices_base(profile, there.address);
        let rest = own.split_once("://").map_or("", |(_, rest)| rest);
        let target = rest.find(['/', '?']).map_or("", |start| &rest[start..]);
        base.filter(|_| !own.is_empty()).map_or(own.clone(), |base| format!("{base}{target}"))
    }

    /// The merchant's account in each generation of the profile.
    pub(in crate::cli) fn contracts(&self, profile: &Profile) -> Vec<Contract> {
        let account = &profile.gateway;
        let ams = account.client_id.as_deref().and_then(|id| self.keys.in_ams(id));
        let partner = account.partner.as_deref();
        let legacy = partner.map(|partner| self.keys.in_legacy(partner, profile.conditions));
        ams.into_iter().chain(legacy).collect()
    }

    /// What all scenarios of the run have in common.
    pub(in crate::cli) fn backstage(
        &self,
        profile: &Profile,
        tested: Tested,
        seed: u64,
    ) -> Backstage {
        Backstage {
            contracts: self.contracts(profile),
            gateway: self.gateway.clone(),
            tested,
            depot: profile.depot(),
            seed,
            buyers: None,
            purse: self.purse.clone(),
            without_notices: self.without_notices.is_some(),
            // They are a run's alone.
            rules: vec![],
            gateway_defect: None,
            merchant_defect: None,
        }
    }
}

#[cfg(test)]
mod tests;
