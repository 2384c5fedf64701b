//! A gateway that several use at once: its operator's own tenant, and further ones that come and go,
//! each with a ledger, a clock and rules that nobody else meets.
//!
//! A tenant is chosen by `Host`, as its name stands before the gateway's own: signatures cover path
//! and body, and `Host` is what a proxy rewrites anyway.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use clock::{Clock, Millis};
use parking_lot::Mutex;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use wire::{Patience, Reply, Request, Server};

use crate::control::{Done, Refusal, read, replied};
use crate::tenant::Tenant;
use crate::terms::{NoticeRoute, Terms};

/// What the name of a tenant begins with.
const PREFIX: &str = "tenant-";
/// Hexadecimal digits behind it: nobody guesses another's name.
const DIGITS: usize = 32;
/// How many there are at a time.
const MOST: usize = 1_024;
/// After how long one is taken down that nobody calls any more.
const IDLE: Millis = 60 * 60_000;
/// Where they are opened, listed and taken down.
const TENANTS: &str = "/_sandbox/tenants";

/// A gateway for several at once. Clones share it.
#[derive(Debug, Clone)]
pub struct Shared {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    /// Whom calls without a tenant's name reach.
    own: Tenant,
    /// Real time, which no step moves.
    clock: Clock,
    others: Mutex<BTreeMap<String, Held>>,
}

#[derive(Debug)]
struct Held {
    tenant: Tenant,
    /// When it was last called.
    used: Millis,
}

/// What a new tenant is to be like.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewTenant {
    /// From which its ids are drawn.
    seed: Option<u64>,
    /// Where all its notices are brought, whatever their URL says, or that nobody takes them.
    notices: Option<Taken>,
    /// Where a result is told when pay names no address.
    console_notify_url: Option<String>,
}

/// Where notices are taken.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "String")]
struct Taken(NoticeRoute);

impl TryFrom<String> for Taken {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if text == "nowhere" {
            return Ok(Self(NoticeRoute::Nowhere));
        }
        let place = text.parse();
        let place = place.map_err(|_no| "expected an address with a port, or 'nowhere'")?;
        Ok(Self(NoticeRoute::Via(place)))
    }
}

impl Shared {
    /// A gateway whose operator's own tenant is this one. Others have its contract and its terms.
    pub fn new(own: Tenant) -> Self {
        let inner = Inner { own, clock: Clock::real(), others: Mutex::default() };
        Self { inner: Arc::new(inner) }
    }

    /// Serves calls and control calls on `listener` until the server is dropped.
    ///
    /// # Errors
    /// When the listener has no address.
    pub fn listen(&self, listener: TcpListener) -> io::Result<Server> {
        self.inner.own.write_reports();
        let shared = self.clone();
        wire::serve(listener, Patience::Short, move |request| {
            let shared = shared.clone();
            async move { shared.answer(request).await }
        })
    }

    async fn answer(&self, request: Request) -> Reply {
        if let Some(name) = request.header("host").and_then(named) {
            let Some(tenant) = self.find(name) else {
                let why = format!("there is no {name}: nobody opened it, or it was taken down");
                return replied(Err(Refusal::unknown(why)));
            };
            return tenant.answer(request).await;
        }
        let below = request.path().strip_prefix(TENANTS);
        match below.filter(|below| below.is_empty() || below.starts_with('/')) {
            Some(below) if self.inner.own.admitted(&request) => {
                replied(self.managed(&request, below.trim_start_matches('/')))
            }
            Some(_) => replied(Err(Refusal::token())),
            None => self.inner.own.answer(request).await,
        }
    }

    fn managed(&self, request: &Request, name: &str) -> Done {
        match (request.method.as_str(), name) {
            ("POST", "") => self.open(read(request)?),
            ("GET", "") => {
                let others = self.inner.others.lock();
                Ok((200, others.keys().cloned().collect::<Value>()))
            }
            ("DELETE", name) if !name.is_empty() => {
                let held = self.inner.others.lock().remove(name);
                let held =
                    held.ok_or_else(|| Refusal::unknown(format!("there is no tenant {name}")))?;
                held.tenant.take_down();
                Ok((200, json!({})))
            }
            _ => {
                Err(Refusal::unknown(format!("there is no {} {}", request.method, request.path())))
            }
        }
    }

    fn open(&self, new: NewTenant) -> Done {
        let own = self.inner.own.terms();
        let NewTenant { seed, notices, console_notify_url } = new;
        // Who may open a tenant could otherwise have this machine call any other.
        let route = notices.map_or(own.notices, |taken| taken.0);
        let far = matches!(route, NoticeRoute::Via(place) if !place.ip().is_loopback());
        if own.control_token.is_none() && far {
            let why =
                "expected 'notices' on this machine, as the gateway asks for no control token";
            return Err(Refusal::bad(why));
        }
        let random = signing::hex(&signing::random_bytes::<{ DIGITS / 2 }>());
        let name = format!("{PREFIX}{random}");
        let terms = Terms {
            notices: route,
            console_notify_url: console_notify_url.or_else(|| own.console_notify_url.clone()),
            reports: None,
            switches: self.inner.own.switches(),
            ..own.clone()
        };
        let seed = seed.unwrap_or_else(|| {
            let drawn = signing::random_bytes::<8>();
            u64::from_be_bytes(drawn)
        });
        let now = self.inner.clock.now();
        let mut others = self.inner.others.lock();
        others.retain(|_, held| {
            let stays = now - held.used < IDLE;
            if !stays {
                held.tenant.take_down();
            }
            stays
        });
        if others.len() >= MOST {
            return Err(Refusal {
                status: 503,
                error: format!("there are {MOST} tenants already"),
            });
        }
        let tenant = Tenant::new(terms, Clock::real(), seed);
        others.insert(name.clone(), Held { tenant, used: now });
        Ok((201, json!({ "tenant": name })))
    }

    fn find(&self, name: &str) -> Option<Tenant> {
        let mut others = self.inner.others.lock();
        let held = others.get_mut(name)?;
        held.used = self.inner.clock.now();
        Some(held.tenant.clone())
    }
}

/// The name of a tenant that stands before the host's own.
fn named(host: &str) -> Option<&str> {
    let first = host.split('.').next()?;
    let digits = first.strip_prefix(PREFIX)?;
    let hexadecimal = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    (digits.len() == DIGITS && digits.bytes().all(hexadecimal)).then_some(first)
}

#[cfg(test)]
#[path = "tests/shared.rs"]
mod tests;
