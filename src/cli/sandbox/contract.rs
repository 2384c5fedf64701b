//! Whom the sandbox serves, in which generation, and under whose keys.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use evidence::words::{
    Phrase, SANDBOX_AMS_DO, SANDBOX_AMS_NEEDS, SANDBOX_LEGACY_DO, SANDBOX_LEGACY_NEEDS,
    SANDBOX_LISTENS, SANDBOX_LISTENS_PARTNER,
};
use protocol::legacy::{Signer, Verifier};
use sandbox::Contract;
use signing::{DsaPrivateKey, DsaPublicKey, PrivateKey, PublicKey};

use crate::cli::key_file::{dsa, rsa, shared};
use crate::exit::CommandError;

/// A generation of the gateway's messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Generation {
    /// JSON with a signature in a header.
    Ams,
    /// Forms and XML at /gateway.do.
    Legacy,
}

/// Whom the sandbox serves.
#[derive(Debug, Args)]
pub(super) struct Parties {
    /// The messages that it speaks: ams is JSON, legacy is forms and XML at /gateway.do.
    #[arg(long, value_name = "NAME", default_value = "ams", hide_possible_values = true)]
    generation: Generation,
    /// The client id that it knows.
    #[arg(long, value_name = "ID")]
    client_id: Option<String>,
    /// The partner that it knows under legacy, by its PID.
    #[arg(long, value_name = "PID")]
    partner: Option<String>,
    /// The key that the client's calls are checked with.
    #[arg(long, value_name = "FILE")]
    merchant_public_key: Option<PathBuf>,
    /// The private key that answers and notices are signed with.
    #[arg(long, value_name = "FILE")]
    gateway_key: Option<PathBuf>,
    /// The key of 32 letters and digits that both sides share for MD5, under legacy.
    #[arg(long, value_name = "FILE")]
    md5_key: Option<PathBuf>,
    /// The public DSA key that calls are checked with, under legacy.
    #[arg(long, value_name = "FILE")]
    merchant_dsa_key: Option<PathBuf>,
    /// The private DSA key that answers and notices are signed with, under legacy.
    #[arg(long, value_name = "FILE")]
    gateway_dsa_key: Option<PathBuf>,
}

impl Parties {
    /// The contract, and the gateway's public RSA key where it has one.
    pub(super) fn contract(&self) -> Result<(Contract, Option<PublicKey>), CommandError> {
        match self.generation {
            Generation::Ams => self.ams(),
            Generation::Legacy => self.legacy(),
        }
    }

    /// The line that says whom it serves.
    pub(super) fn listens(&self, address: &str) -> Phrase {
        let name = |name: &Option<String>| name.clone().unwrap_or_default();
        match self.generation {
            Generation::Ams => SANDBOX_LISTENS.with([address.to_owned(), name(&self.client_id)]),
            Generation::Legacy => {
                SANDBOX_LISTENS_PARTNER.with([address.to_owned(), name(&self.partner)])
            }
        }
    }

    fn ams(&self) -> Result<(Contract, Option<PublicKey>), CommandError> {
        let of_legacy = [&self.md5_key, &self.merchant_dsa_key, &self.gateway_dsa_key];
        let (Some(client_id), Some(merchant), Some(gateway), None) =
            (&self.client_id, &self.merchant_public_key, &self.gateway_key, &self.partner)
        else {
            return Err(ams_needs());
        };
        if of_legacy.into_iter().any(Option::is_some) {
            return Err(ams_needs());
        }
        let gateway_key = rsa(gateway, PrivateKey::read)?;
        let public = gateway_key.public();
        let merchant_key = rsa(merchant, PublicKey::read)?;
        let client_id = client_id.clone();
        Ok((Contract::Ams { client_id, merchant_key, gateway_key }, Some(public)))
    }

    fn legacy(&self) -> Result<(Contract, Option<PublicKey>), CommandError> {
        let needs = || CommandError::Usage {
            says: SANDBOX_LEGACY_NEEDS.plain(),
            advice: SANDBOX_LEGACY_DO.plain(),
        };
        let (Some(partner), None) = (&self.partner, &self.client_id) else { return Err(needs()) };
        let (mut merchant, mut gateway, mut public) = (vec![], vec![], None);
        if let Some(path) = &self.md5_key {
            let key = shared(path)?;
            merchant.push(Verifier::Md5(key.clone()));
            gateway.push(Signer::Md5(key));
        }
        match (&self.merchant_public_key, &self.gateway_key) {
            (Some(theirs), Some(ours)) => {
                let theirs = rsa(theirs, PublicKey::read)?;
                let ours = rsa(ours, PrivateKey::read)?;
                public = Some(ours.public());
                merchant.extend([Verifier::Rsa(theirs.clone()), Verifier::Rsa2(theirs)]);
                gateway.extend([Signer::Rsa(ours.clone()), Signer::Rsa2(ours)]);
            }
            (None, None) => {}
            (Some(_), None) | (None, Some(_)) => return Err(needs()),
        }
        match (&self.merchant_dsa_key, &self.gateway_dsa_key) {
            (Some(theirs), Some(ours)) => {
                merchant.push(Verifier::Dsa(dsa(theirs, DsaPublicKey::read)?));
                gateway.push(Signer::Dsa(dsa(ours, DsaPrivateKey::read)?));
            }
            (None, None) => {}
            (Some(_), None) | (None, Some(_)) => return Err(needs()),
        }
        if merchant.is_empty() {
            return Err(needs());
        }
        let partner = partner.clone();
        Ok((Contract::Legacy { partner, merchant, gateway }, public))
    }
}

fn ams_needs() -> CommandError {
    CommandError::Usage { says: SANDBOX_AMS_NEEDS.plain(), advice: SANDBOX_AMS_DO.plain() }
}
