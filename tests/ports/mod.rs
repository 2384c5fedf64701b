//! Ports for programs that want to be told theirs.

use std::net::{SocketAddr, TcpListener};
use std::sync::atomic::{AtomicU16, Ordering};

/// Below those that systems give to calls, of which one could otherwise take a port between the
/// moment when it is found free and the moment when it is listened on.
const FIRST: u16 = 20_000;
/// How many there are.
const COUNT: u16 = 10_000;

/// How many were looked at.
static LOOKED_AT: AtomicU16 = AtomicU16::new(0);

/// An address that nobody listens on, and that no other call of this gets.
pub(crate) fn free() -> SocketAddr {
    // Processes that run at once begin at places of their own.
    let own = u16::try_from(std::process::id() % 97).unwrap() * 100;
    loop {
        let next = own.wrapping_add(LOOKED_AT.fetch_add(1, Ordering::SeqCst));
        let address = SocketAddr::from(([127, 0, 0, 1], FIRST + next % COUNT));
        if TcpListener::bind(address).is_ok() {
            return address;
        }
    }
}
