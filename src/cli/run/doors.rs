//! The doors of the witness in front of an integrator's own system.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use clock::Clock;
use evidence::words::{
    Phrase, TLS_AUTHORITY_DO, WITNESS_NO_TLS, WITNESS_STANDS, WITNESS_STANDS_TLS, WITNESS_TAKEN,
    WITNESS_TAKEN_DO,
};
use tokio::net::TcpListener;
use witness::{Door, Front, Setup, TlsServer};

use crate::exit::CommandError;
use crate::profile::{WitnessAt, WitnessTls};
use crate::said;

/// Both doors before anybody comes in.
pub(super) struct Doors {
    calls: Door,
    notices: Door,
    /// Where notices of who is ours come in.
    pub(super) notices_within: SocketAddr,
}

impl Doors {
    /// Takes the addresses of both doors.
    pub(super) async fn bind(at: &WitnessAt) -> Result<Self, CommandError> {
        let tls =
            at.tls.as_ref().map(shown).transpose().map_err(|says| CommandError::Unusable {
                says,
                advice: TLS_AUTHORITY_DO.plain(),
            })?;
        let (calls, _) = door(at.listen, tls.as_ref()).await?;
        let (notices, notices_within) = door(at.notify_listen, tls.as_ref()).await?;
        Ok(Self { calls, notices, notices_within })
    }

    /// Opens them, on the runtime that this is called on. What fits no scenario goes to `lobby`.
    pub(super) fn open(self, lobby: Setup) -> std::io::Result<Arc<Front>> {
        Front::open(self.calls, self.notices, Clock::real(), Some(lobby))
    }
}

/// What the doors of a run show: a certificate for it alone.
pub(in crate::cli) fn shown(tls: &WitnessTls) -> Result<TlsServer, Phrase> {
    let unusable = |why: Phrase| WITNESS_NO_TLS.holding([why.into()]);
    let issued = tls.issue(Clock::real().now());
    let issued = issued.map_err(|why| unusable(said::authority_error(&why)))?;
    let shown = TlsServer::from_pem(issued.chain.as_bytes(), issued.key.as_bytes());
    shown.map_err(|why| unusable(why.says()))
}

/// A door, and the address by which our own come in.
async fn door(
    address: SocketAddr,
    tls: Option<&TlsServer>,
) -> Result<(Door, SocketAddr), CommandError> {
    let address_of =
        |listener: &TcpListener| listener.local_addr().map_err(|why| taken(address, &why));
    let outside = bound(address).await?;
    let Some(tls) = tls else {
        let at = address_of(&outside)?;
        return Ok((Door::Plain(outside), at));
    };
    let within = bound(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await?;
    let at = address_of(&within)?;
    Ok((Door::TlsAndWithin { outside, tls: tls.clone(), within }, at))
}

async fn bound(address: SocketAddr) -> Result<TcpListener, CommandError> {
    TcpListener::bind(address).await.map_err(|why| taken(address, &why))
}

/// Why nobody can listen at an address.
pub(super) fn taken(address: SocketAddr, why: &std::io::Error) -> CommandError {
    CommandError::Gateway {
        says: WITNESS_TAKEN.with([address.to_string(), why.to_string()]),
        advice: WITNESS_TAKEN_DO.plain(),
    }
}

/// Where both doors are, and whom to trust there.
pub(super) fn stands(front: &Front, tls: Option<&WitnessTls>) -> Phrase {
    match tls {
        None => WITNESS_STANDS.with([front.calls(), front.notices()]),
        Some(tls) => {
            let [calls, notices] =
                [front.calls(), front.notices()].map(|address| url(address, Some(tls)));
            WITNESS_STANDS_TLS.with([calls, notices, tls.certificate.display().to_string()])
        }
    }
}

/// The address of a door as a merchant's configuration has it.
pub(super) fn url(address: SocketAddr, tls: Option<&WitnessTls>) -> String {
    let scheme = if tls.is_some() { "https" } else { "http" };
    format!("{scheme}://{address}")
}
