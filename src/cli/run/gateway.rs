//! The gateway of a run, reached before anything is played.

use std::net::{SocketAddr, ToSocketAddrs};

use evidence::words::{
    GATEWAY_NO_ADDRESS, GATEWAY_NO_CONTROL, GATEWAY_NO_CONTROL_DO, GATEWAY_SILENT,
    GATEWAY_SILENT_DO, GATEWAY_URL_FORM, GATEWAY_URL_FORM_DO, GATEWAY_WITHOUT_PROFILE,
    GATEWAY_WITHOUT_PROFILE_DO, KEY_BUILT_IN, KEY_UNUSABLE, MERCHANT_WITHOUT_PROFILE,
    MERCHANT_WITHOUT_PROFILE_DO, Phrase, Place as Filled, SAID_ELSEWHERE,
};
use steps::{Backstage, Contract, Control, ControlError, EmbeddedKeys, Gateway, Tested};

use crate::exit::CommandError;
use crate::finding::{Finding, Place};
use crate::profile::{GatewayUrl, Keys, Profile, ProfileError};
use crate::said;

/// A gateway that answered.
#[derive(Debug)]
pub(super) struct Reached {
    pub(super) gateway: Gateway,
    /// As the reports name it.
    pub(super) url: String,
    /// By what both sign, the gateway with its own.
    pub(super) keys: Keys,
    /// Whether its key is the embedded sandbox's, which everybody has.
    pub(super) simulated: bool,
}

/// Finds the gateway that flag or profile name, and asks it whether it can be driven.
pub(super) fn reach(
    profile: &Profile,
    flag: Option<&str>,
    control_token: Option<String>,
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
        return Ok(Reached { gateway, url: "embedded".into(), keys, simulated: true });
    };
    let (address, host) = resolve(url)?;
    let keys = profile.gateway.keys.clone();
    let own = keys.at_embedded(&embedded).gateway().fingerprint();
    // A shared key tells nothing of who holds it; what answers the control API is no gateway of
    // anybody's money.
    let simulated = own.is_none() || own == keys.gateway().fingerprint();
    let control = Control::new(wire::Client::new(), address, control_token.clone());
    ask(&control, url)?;
    let gateway = Gateway::Elsewhere { address, host, control_token };
    Ok(Reached { gateway, url: url.to_owned(), keys, simulated })
}

fn embedded_keys() -> Result<EmbeddedKeys, CommandError> {
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
pub(super) fn without_profile() -> ProfileError {
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

/// Host and port of an address, as they stand in it.
fn host_of(url: &str) -> Result<&str, CommandError> {
    let host = url.strip_prefix("http://").map(|host| host.trim_end_matches('/'));
    let fits = |host: &&str| !host.is_empty() && !host.contains(['/', '?', '#', '@']);
    host.filter(fits).ok_or_else(|| CommandError::Usage {
        says: GATEWAY_URL_FORM.with([url]),
        advice: GATEWAY_URL_FORM_DO.plain(),
    })
}

fn resolve(url: &str) -> Result<(SocketAddr, String), CommandError> {
    let host = host_of(url)?;
    let named = if host.rsplit(':').next().is_some_and(|port| port.parse::<u16>().is_ok()) {
        host.to_owned()
    } else {
        format!("{host}:80")
    };
    let found =
        named.to_socket_addrs().map_err(|why| silent(url, SAID_ELSEWHERE.with([why])))?.next();
    let address = found.ok_or_else(|| silent(url, GATEWAY_NO_ADDRESS.plain()))?;
    Ok((address, host.to_owned()))
}

fn silent(url: &str, why: Phrase) -> CommandError {
    CommandError::Gateway {
        says: GATEWAY_SILENT.holding([Filled::value(url), why.into()]),
        advice: GATEWAY_SILENT_DO.plain(),
    }
}

/// Asks the control API for the time: whatever answers that can be driven.
fn ask(control: &Control, url: &str) -> Result<(), CommandError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|why| CommandError::Bug(why.to_string().into()))?;
    match runtime.block_on(control.get("clock")) {
        Ok(_) => Ok(()),
        Err(ControlError::Call(why)) => Err(silent(url, steps::unanswered(&why))),
        Err(why @ (ControlError::Refused { .. } | ControlError::Unreadable(_))) => {
            Err(CommandError::Gateway {
                says: GATEWAY_NO_CONTROL.holding([Filled::value(url), why.says().into()]),
                advice: GATEWAY_NO_CONTROL_DO.plain(),
            })
        }
    }
}

impl Reached {
    /// As a profile names it.
    pub(super) fn as_named(&self) -> GatewayUrl {
        if self.is_embedded() { GatewayUrl::Embedded } else { GatewayUrl::Remote(self.url.clone()) }
    }

    pub(super) fn is_embedded(&self) -> bool {
        matches!(self.gateway, Gateway::Embedded { .. })
    }

    /// The merchant's account in each generation of the profile.
    pub(super) fn contracts(&self, profile: &Profile) -> Vec<Contract> {
        let account = &profile.gateway;
        let ams = account.client_id.as_deref().and_then(|id| self.keys.in_ams(id));
        let partner = account.partner.as_deref();
        let legacy = partner.map(|partner| self.keys.in_legacy(partner, profile.conditions));
        ams.into_iter().chain(legacy).collect()
    }

    /// What all scenarios of the run have in common.
    pub(super) fn backstage(&self, profile: &Profile, tested: Tested, seed: u64) -> Backstage {
        Backstage {
            contracts: self.contracts(profile),
            gateway: self.gateway.clone(),
            tested,
            depot: profile.depot(),
            seed,
            gateway_defect: None,
            merchant_defect: None,
        }
    }
}
