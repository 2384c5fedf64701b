//! Gateways that move real money.

use evidence::words::{CAP_DO, CAP_FORM};
use protocol::{Amount, Currency};
use serde_json::{Value, json};

use super::raw::RawAmount;
use super::read::{Reader, host, is_alipay};
use super::{Gateway, GatewayUrl};

/// Of hosts that end like Alipay's, those that are sandboxes: every other one is taken for production.
const SANDBOXES: [&str; 2] = ["alipaydev.com", "sandbox-na.alipay.com"];
/// What client ids begin with that have a sandbox on the hosts of production.
const SANDBOX_CLIENT: &str = "SANDBOX_";

impl Gateway {
    /// Whether it moves real money: it is one of Alipay's hosts and no sandbox, or the profile says
    /// that it leads to production.
    pub fn moves_money(&self) -> bool {
        let GatewayUrl::Remote(url) = &self.url else { return false };
        let sandbox = self.client_id.as_ref().is_some_and(|id| id.starts_with(SANDBOX_CLIENT));
        self.production || (is_production(url) && !sandbox)
    }

    /// What the bundle tells of it, where it moves real money.
    pub(super) fn redacted_pilot(&self) -> Vec<(String, Value)> {
        if !self.moves_money() {
            return vec![];
        }
        let cap = self.cap.map(|cap| ("cap".to_owned(), json!(cap)));
        [("production".to_owned(), json!(true))].into_iter().chain(cap).collect()
    }
}

/// Whether an address is one of production's.
fn is_production(url: &str) -> bool {
    let Some(host) = host(url) else { return false };
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let sandbox = |known: &&str| {
        host.strip_suffix(*known).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    is_alipay(&host) && !SANDBOXES.iter().any(sandbox)
}

impl Reader<'_> {
    /// How much a run may sell for.
    pub(super) fn cap(&mut self, raw: &RawAmount) -> Option<Amount> {
        let currency = Currency::parse(&raw.currency).ok();
        let cap = currency.map(|currency| Amount { currency, minor: raw.minor });
        let cap = cap.filter(|cap| cap.minor > 0);
        if cap.is_none() {
            self.add("P9", &["gateway", "cap"], CAP_FORM.plain(), &CAP_DO);
        }
        cap
    }
}

#[cfg(test)]
mod tests {
    use super::is_production;

    #[test]
    fn production_is_every_host_of_alipays_that_is_no_sandbox() {
        for url in [
            "https://open-sea-global.alipay.com",
            "https://open-na-global.alipay.com",
            "https://open-de-global.alipay.com:443",
            "https://open-eu.alipay.com",
            "https://OPEN-SEA.Alipay.com",
            "https://open-sea.alipay.com.",
            "https://intlmapi.alipay.com/gateway.do",
            "https://globalmapi.alipay.com/gateway.do",
            "https://mapi.alipay.com/gateway.do",
            "https://new-host.alipay.com",
        ] {
            assert!(is_production(url), "{url}");
        }
        for url in [
            "https://mapi.alipaydev.com/gateway.do",
            "https://openapi.alipaydev.com",
            "https://sandbox-na.alipay.com",
            "http://127.0.0.1:8090",
            "https://alipay.com.example",
            "https://notalipay.com",
        ] {
            assert!(!is_production(url), "{url}");
        }
    }
}
