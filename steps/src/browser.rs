//! The browser of a buyer whom a shop sends to the gateway's cashier, in the older generation. What
//! it sends is the merchant's call, and what it carries back is the gateway's word: both pass the
//! witness.

use clock::Millis;
use serde_json::{Value, json};
use wire::{Answer, Call};

use crate::contract::HOST;
use crate::live::{Live, Turnout};

/// How long the browser waits for a page, in milliseconds.
const PATIENCE: Millis = 10_000;
/// How long a buyer who pays is waited for, in milliseconds.
const PAYS_WITHIN: Millis = 10 * 60_000;
/// What stands before the token of a page of the cashier.
const PAGE: &str = "href=\"/cashier?token=";

/// Path and query of an address.
fn target_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.find('/').map_or("/", |start| &rest[start..])
}

/// The address of the cashier's page, as the page itself tells it.
fn page_in(body: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(body);
    let (_, rest) = text.split_once(PAGE)?;
    let (token, _) = rest.split_once('"')?;
    Some(format!("/cashier?token={token}"))
}

impl Live {
    /// Has the browser follow a shop's redirect; the buyer logs in there, or only looks.
    pub(crate) async fn follow_redirect(&mut self, order: &str, wallet: &str, link: &str) {
        let (http, at) = (self.http.clone(), self.front.calls_within());
        let call = Call::get(target_of(link));
        let answer = self.browse(async move { http.send(at, HOST, call).await.ok() }).await;
        let page = answer.as_ref().and_then(|answer| page_in(&answer.body));
        self.did("buyer-opens", json!({ "order": order, "page": page.is_some() }));
        if let Some(page) = page.filter(|_| self.turnout == Turnout::Comes) {
            self.log_in(order, wallet, &page).await;
        }
    }

    /// Has a buyer log in at the cashier, where the answer to a redirect of the runner's own is a
    /// page of it.
    pub(crate) async fn follow_own_redirect(&mut self, order: &str, wallet: &str, answer: &[u8]) {
        let page = page_in(answer);
        self.did("buyer-opens", json!({ "order": order, "page": page.is_some() }));
        if let Some(page) = page {
            self.log_in(order, wallet, &page).await;
        }
    }

    async fn log_in(&mut self, order: &str, wallet: &str, page: &str) {
        let target = format!("wallets/{wallet}/open");
        let answer = self.control.post(&target, &json!({ "url": page })).await;
        if let Some(answer) = self.sure(answer) {
            self.did("buyer-logs-in", json!({ "order": order, "result": answer }));
        }
    }

    async fn browse(
        &mut self,
        visit: impl Future<Output = Option<Answer>> + Send + 'static,
    ) -> Option<Answer> {
        let clock = self.clock.clone();
        self.drive(async move { clock.call(PATIENCE, visit).await.flatten() }).await.flatten()
    }

    /// The address to which the browser goes back from the cashier, once the payment is made; none
    /// where it never is.
    pub(crate) async fn way_back(&mut self, order: &str) -> Option<String> {
        let limit = self.clock.now() + PAYS_WITHIN;
        loop {
            self.rest().await;
            if let Some(id) = self.so_far().ids_of(order).pop() {
                let answer = self.control.get(&format!("payments/{id}/return")).await;
                let answer = self.sure(answer)?;
                if let Some(url) = answer.get("url").and_then(Value::as_str) {
                    return Some(url.to_owned());
                }
            }
            if !self.step(limit).await {
                return None;
            }
        }
    }

    /// Has the browser open the page of the shop to which the gateway sends it.
    pub(crate) async fn go_back(&mut self, order: &str, url: String) {
        let (http, at) = (self.http.clone(), self.front.notices_within());
        let host = url.split_once("://").map_or("", |(_, rest)| rest);
        let host = host.split(['/', '?']).next().unwrap_or_default().to_owned();
        let call = Call::get(target_of(&url));
        self.did("buyer-comes-back", json!({ "order": order, "url": url }));
        // What the shop shows stands in the record.
        drop(self.browse(async move { http.send(at, &host, call).await.ok() }).await);
        self.rest().await;
    }
}
