//! Notices to the merchant: one address, one schedule, until an ack counts.

use std::net::SocketAddr;

use clock::Millis;
use protocol::ams::{ACK, Outcome, Signed, Verified, judge_ack, verify};
use protocol::{Fields, iso8601};
use serde_json::{Value, json};
use wire::{Answer, Call};

use crate::defect::Defect;
use crate::ledger::{Means, Payment};
use crate::switches::{AckBody, Acks, Resends};
use crate::tenant::Tenant;
use crate::terms::{Contract, NoticeRoute};
use crate::view::{Members, members, paid_members};

/// How long after a success in a shop the first notice is sent.
const DELAY: Millis = 1_000;
/// How long after the payment on the wallet's own page: 3 to 5 s are documented.
const CASHIER_DELAY: Millis = 4_000;
/// How long an ack may take.
const PATIENCE: Millis = 10_000;
const MINUTE: Millis = 60_000;
/// When a notice is sent, counted from the first time.
const SCHEDULE: [Millis; 8] = [
    0,
    2 * MINUTE,
    12 * MINUTE,
    22 * MINUTE,
    82 * MINUTE,
    202 * MINUTE,
    562 * MINUTE,
    1462 * MINUTE,
];

/// News for the merchant.
#[derive(Debug)]
pub(crate) struct Notice {
    url: Option<String>,
    members: Members,
    /// The code of its result; the news of a review has none.
    code: Option<&'static str>,
    /// When it is sent first.
    first: Millis,
}

impl Notice {
    /// The news of what became of a payment at a moment, in a result code.
    pub(crate) fn of(payment: &Payment, code: &'static str, now: Millis) -> Self {
        let mut members = match payment.paid_at {
            Some(paid_at) => paid_members(payment, paid_at),
            None => members(payment),
        };
        members.insert("notifyType".into(), json!("PAYMENT_RESULT"));
        let delay = if payment.means == Means::Cashier { CASHIER_DELAY } else { DELAY };
        Self { url: payment.notify_url.clone(), members, code: Some(code), first: now + delay }
    }

    /// The news that something ended with a result, for an address.
    pub(crate) fn about(
        url: String,
        code: &'static str,
        members: Members,
        ended_at: Millis,
    ) -> Self {
        Self { url: Some(url), members, code: Some(code), first: ended_at + DELAY }
    }

    /// The news that a registration was reviewed.
    pub(crate) fn of_review(url: String, members: Members, at: Millis) -> Self {
        Self { url: Some(url), members, code: None, first: at + DELAY }
    }
}

/// Where a notice goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address {
    secure: bool,
    /// Host and port as the URL writes them.
    authority: String,
    host: String,
    port: u16,
    /// Path and query.
    pub(crate) target: String,
}

impl Address {
    /// Reads an absolute http or https URL. Characters that a client would have to rewrite are
    /// refused: the signature covers the path as it is written.
    pub(crate) fn parse(url: &str) -> Option<Self> {
        let plain = |byte: u8| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte);
        if !url.bytes().all(plain) {
            return None;
        }
        let (scheme, rest) = url.split_once("://")?;
        let secure = match scheme.to_ascii_lowercase().as_str() {
            "http" => false,
            "https" => true,
            _ => return None,
        };
        let rest = rest.split('#').next()?;
        let (authority, target) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        let target = if target.starts_with('/') { target.into() } else { format!("/{target}") };
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.contains(']') => (host, port.parse().ok()?),
            Some(_) | None => (authority, if secure { 443 } else { 80 }),
        };
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        if host.is_empty() || authority.contains('@') {
            return None;
        }
        Some(Self { secure, authority: authority.to_owned(), host, port, target })
    }

    /// Host and port as the URL writes them.
    pub(crate) fn authority(&self) -> &str {
        &self.authority
    }

    /// The address as the journal shows it.
    pub(crate) fn shown(&self) -> String {
        format!("{}{}", self.authority, self.target)
    }

    fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }
}

impl Tenant {
    /// Starts telling the merchant, if anybody said where.
    pub(crate) fn tell(&self, notice: Notice) {
        let url = notice.url.or_else(|| self.terms().console_notify_url.clone());
        let Some(address) = url.as_deref().and_then(Address::parse) else { return };
        let mut members = notice.members;
        if let Some(code) = notice.code {
            members.insert("result".into(), self.result_json(Outcome::of_code(code)));
        }
        let body = Value::Object(members).to_string().into_bytes();
        let (tenant, first) = (self.clone(), notice.first);
        self.spawn(async move { tenant.tell_until_acked(address, body, first).await });
    }

    async fn tell_until_acked(&self, address: Address, body: Vec<u8>, first: Millis) {
        let sends = match self.switches().resends {
            Resends::Full => 8,
            Resends::WithinDay => 7,
            Resends::Once => 1,
        };
        for (turn, offset) in SCHEDULE.into_iter().take(sends).enumerate() {
            self.clock().sleep_until(first + offset).await;
            let queried = address.path() != address.target;
            let signed_target = if queried && self.strikes(Defect::NoticeWithoutQuery) {
                address.path()
            } else {
                &address.target
            };
            let acked = self.deliver(&address, signed_target, &body).await;
            let last = turn + 1 == sends;
            if last
                || (acked && !self.strikes(Defect::ResendAfterAck))
                || (!acked && self.strikes(Defect::NoResend))
            {
                return;
            }
        }
    }

    /// Sends one notice, signed over `signed_target`. Answers whether it was acknowledged.
    pub(crate) async fn deliver(
        &self,
        address: &Address,
        signed_target: &str,
        body: &[u8],
    ) -> bool {
        let sent_at = self.now();
        let came = self.send(address, signed_target, body).await;
        let came = came.map(|answer| (self.judge(address, &answer), answer));
        self.journal().notice(sent_at, address.shown(), body, came)
    }

    async fn send(
        &self,
        address: &Address,
        signed_target: &str,
        body: &[u8],
    ) -> Result<Answer, String> {
        let receiver = self.receiver(address).await?;
        let (client_id, time) = (self.terms().contract.party().to_owned(), iso8601(self.now()));
        let signed = Signed { target: signed_target, client_id: &client_id, time: &time, body };
        let signature = self.signature(&signed).ok_or("the notice could not be signed")?;
        let call = Call::post(address.target.clone(), body.to_vec())
            .header("content-type", "application/json; charset=UTF-8")
            .header("client-id", client_id)
            .header("request-time", time)
            .header("signature", signature);
        let (client, host) = (self.client().clone(), address.authority.clone());
        let sending = async move { client.send(receiver, &host, call).await };
        match self.clock().call(PATIENCE, sending).await {
            Some(Ok(answer)) => Ok(answer),
            Some(Err(error)) => Err(error.to_string()),
            None => Err("no answer within 10 s".into()),
        }
    }

    pub(crate) async fn receiver(&self, address: &Address) -> Result<SocketAddr, String> {
        match self.terms().notices {
            NoticeRoute::Via(receiver) => Ok(receiver),
            NoticeRoute::Nowhere => Err("not sent: nobody takes notices".into()),
            NoticeRoute::Direct if address.secure => {
                Err("not sent: this gateway speaks plain http only".into())
            }
            NoticeRoute::Direct => {
                // The connection goes to the very address that was looked at, so that a name
                // cannot mean this machine first and another one later.
                let place = (address.host.as_str(), address.port);
                let found = tokio::net::lookup_host(place).await;
                found
                    .ok()
                    .and_then(|mut found| found.find(|receiver| receiver.ip().is_loopback()))
                    .ok_or_else(|| "not sent: the host is not this machine".into())
            }
        }
    }

    /// Whether an answer acknowledges a notice, or what is wrong with it.
    fn judge(&self, address: &Address, answer: &Answer) -> Result<(), String> {
        // Where no body is asked for, the documented one stands for any.
        let (body, exact): (&[u8], _) = match self.switches().ack_body {
            AckBody::Result => (&answer.body, false),
            AckBody::Exact => (&answer.body, true),
            AckBody::Any => (ACK.as_bytes(), false),
        };
        judge_ack(answer.status, body).map_err(|fault| fault.to_string())?;
        if exact && Fields::read(body) != Fields::read(ACK.as_bytes()) {
            return Err("the ack is not the documented body".into());
        }
        let Contract::Ams { merchant_key, .. } = &self.terms().contract else { return Ok(()) };
        let verified = verify(
            merchant_key,
            &address.target,
            answer.header("client-id"),
            answer.header("response-time"),
            &answer.body,
            answer.header("signature"),
        );
        match (verified, self.switches().acks) {
            (Verified::Valid, _) | (Verified::Unsigned, Acks::Any) => Ok(()),
            (Verified::Wrong, _) => Err("the ack carries a wrong signature".into()),
            (Verified::Unsigned, Acks::Signed) => Err("the ack is not signed".into()),
        }
    }

    /// Sends a notice that somebody wrote, once.
    pub(crate) fn tell_once(&self, address: Address, signed_target: Option<String>, body: Fields) {
        let tenant = self.clone();
        self.spawn(async move {
            let signed_target = signed_target.unwrap_or_else(|| address.target.clone());
            let body = body.value().to_string().into_bytes();
            tenant.deliver(&address, &signed_target, &body).await;
        });
    }
}

#[cfg(test)]
mod tests {
    use super::Address;

    #[test]
    fn addresses_keep_path_and_query_as_written() {
        for (url, authority, port, target) in [
            ("http://127.0.0.1:8000/n?a=%20b", "127.0.0.1:8000", 8000, "/n?a=%20b"),
            ("https://shop.example/n#top", "shop.example", 443, "/n"),
            ("HTTP://shop.example", "shop.example", 80, "/"),
            ("http://shop.example?x=1", "shop.example", 80, "/?x=1"),
            ("http://[::1]:81/n", "[::1]:81", 81, "/n"),
            ("http://[::1]/n", "[::1]", 80, "/n"),
        ] {
            let address = Address::parse(url).unwrap();
            let read = (address.authority.as_str(), address.port, address.target.as_str());
            assert_eq!(read, (authority, port, target), "{url}");
        }
        for url in ["", "shop.example/n", "ftp://x/", "http:///n", "http://a b/", "http://u@h/"] {
            assert_eq!(Address::parse(url), None, "{url}");
        }
    }
}
