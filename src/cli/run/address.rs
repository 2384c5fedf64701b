//! The address of a gateway elsewhere.

use std::net::{SocketAddr, ToSocketAddrs};

use evidence::words::{
    GATEWAY_NO_ADDRESS, GATEWAY_SILENT, GATEWAY_SILENT_DO, GATEWAY_URL_FORM, GATEWAY_URL_FORM_DO,
    Phrase, Place, SAID_ELSEWHERE,
};

use crate::exit::CommandError;

/// Host and port of an address, as they stand in it.
pub(super) fn host_of(url: &str) -> Result<&str, CommandError> {
    let host = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://"));
    let host = host.map(|host| host.trim_end_matches('/'));
    let fits = |host: &&str| !host.is_empty() && !host.contains(['/', '?', '#', '@']);
    host.filter(fits).ok_or_else(|| CommandError::Usage {
        says: GATEWAY_URL_FORM.with([url]),
        advice: GATEWAY_URL_FORM_DO.plain(),
    })
}

/// Where it listens, and its host as a head names it.
pub(in crate::cli) fn resolve(url: &str) -> Result<(SocketAddr, String), CommandError> {
    let host = host_of(url)?;
    let named = if host.rsplit(':').next().is_some_and(|port| port.parse::<u16>().is_ok()) {
        host.to_owned()
    } else {
        format!("{host}:{}", if is_secure(url) { 443 } else { 80 })
    };
    let found =
        named.to_socket_addrs().map_err(|why| silent(url, SAID_ELSEWHERE.with([why])))?.next();
    let address = found.ok_or_else(|| silent(url, GATEWAY_NO_ADDRESS.plain()))?;
    Ok((address, host.to_owned()))
}

/// Whether a gateway is spoken to under TLS.
pub(in crate::cli) fn is_secure(url: &str) -> bool {
    url.starts_with("https://")
}

/// Why nobody is found there.
pub(in crate::cli) fn silent(url: &str, why: Phrase) -> CommandError {
    CommandError::Gateway {
        says: GATEWAY_SILENT.holding([Place::value(url), why.into()]),
        advice: GATEWAY_SILENT_DO.plain(),
    }
}
