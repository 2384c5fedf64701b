//! The system under test and the witness in front of it.

use std::net::SocketAddr;

use evidence::words::{
    COMMAND_FORM, COMMAND_FORM_DO, DRIVER_DO, DRIVER_UNKNOWN, LISTEN_FORM, LISTEN_FORM_DO,
    LISTEN_SAME, MERCHANT_FOREIGN, MERCHANT_FOREIGN_DO, MERCHANT_NOTIFY_MISSING,
    MERCHANT_NOTIFY_MISSING_DO, NOTIFY_URL_FORM, Phrase, URL_DO,
};
use merchant::Http;
use serde_json::{Value, json};
use steps::MANUAL;

use super::keys::veiled;
use super::raw::{RawMerchant, RawWitness};
use super::read::{Reader, host};
use super::tls::WitnessTls;
use crate::finding::Finding;

/// How the runner makes the merchant act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Driver {
    /// The built-in reference merchant.
    Reference,
    /// The integrator's adapter over HTTP.
    Http {
        /// Scheme, host, port and the path that all its calls begin with.
        url: String,
    },
    /// The integrator's adapter as a process that reads and writes lines of JSON.
    Command {
        /// The program and its arguments.
        line: Vec<String>,
    },
    /// A person at the till.
    Manual,
}

impl Driver {
    /// The word for a program.
    pub const COMMAND: &'static str = "command";
    /// The words for all of them.
    pub const NAMES: [&'static str; 4] = ["reference", "http", Self::COMMAND, MANUAL];

    /// The word of profile, record and reports.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Reference => "reference",
            Self::Http { .. } => "http",
            Self::Command { .. } => Self::COMMAND,
            Self::Manual => MANUAL,
        }
    }
}

/// The system under test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merchant {
    /// How it is made to act.
    pub driver: Driver,
    /// Where it takes notifications; the reference merchant says so itself.
    pub notify_url: Option<String>,
}

/// Where the witness stands in front of an integrator's own system.
#[derive(Debug, Clone)]
pub struct WitnessAt {
    /// Where the merchant's calls come in.
    pub listen: SocketAddr,
    /// Where the gateway's notices come in.
    pub notify_listen: SocketAddr,
    /// By which address a gateway on another machine reaches `notify_listen`.
    pub public_url: Option<String>,
    /// What both doors speak TLS with; without it they speak plain HTTP.
    pub tls: Option<WitnessTls>,
}

impl Default for WitnessAt {
    fn default() -> Self {
        let at = |port| SocketAddr::from(([127, 0, 0, 1], port));
        Self { listen: at(8980), notify_listen: at(8981), public_url: None, tls: None }
    }
}

impl Merchant {
    /// The same for the bundle: no argument of a program, which may hold a password.
    pub(super) fn redacted(&self) -> Value {
        let mut told = json!({ "driver": self.driver.name(), "notify_url": self.notify_url });
        match &self.driver {
            Driver::Reference | Driver::Manual => {}
            Driver::Http { url } => told["url"] = json!(url),
            Driver::Command { line } => told["program"] = json!(line.first()),
        }
        told
    }
}

impl WitnessAt {
    pub(super) fn redacted(&self) -> Value {
        let mut told = json!({ "listen": self.listen, "notify_listen": self.notify_listen });
        if let Some(url) = &self.public_url {
            told["public_url"] = json!(url);
        }
        if let Some(tls) = &self.tls {
            told["tls"] = tls.redacted();
        }
        told
    }
}

impl Reader<'_> {
    /// The system under test: `named`, where a flag names another than the file.
    pub(super) fn merchant(&mut self, raw: &RawMerchant, named: Option<&str>) -> Option<Merchant> {
        let driver = match named {
            Some("reference") => Some(Driver::Reference),
            Some(MANUAL) => Some(Driver::Manual),
            Some(url) => self.adapter(Some(url)),
            None => self.driver(raw),
        };
        for (name, told, wanted) in
            [("url", raw.url.is_some(), "http"), ("command", raw.command.is_some(), "command")]
        {
            if named.is_none() && told && raw.driver != wanted {
                let says = MERCHANT_FOREIGN.with([name, wanted]);
                self.add("P3", &["merchant", name], says, &MERCHANT_FOREIGN_DO);
            }
        }
        if let Some(url) = &raw.notify_url
            && host(url).is_none()
        {
            let says = NOTIFY_URL_FORM.with([veiled(url)]);
            self.add("P3", &["merchant", "notify_url"], says, &URL_DO);
        }
        if raw.notify_url.is_none() && driver.as_ref().is_some_and(|it| *it != Driver::Reference) {
            let advice = &MERCHANT_NOTIFY_MISSING_DO;
            self.warn("W4", &["merchant"], MERCHANT_NOTIFY_MISSING.plain(), advice);
        }
        Some(Merchant { driver: driver?, notify_url: raw.notify_url.clone() })
    }

    fn driver(&mut self, raw: &RawMerchant) -> Option<Driver> {
        match raw.driver.as_str() {
            "reference" => return Some(Driver::Reference),
            "http" => return self.adapter(raw.url.as_deref()),
            "command" => return self.program(raw.command.as_deref().unwrap_or_default()),
            MANUAL => return Some(Driver::Manual),
            other => self.refuse_driver(DRIVER_UNKNOWN.with([other])),
        }
        None
    }

    fn refuse_driver(&mut self, says: Phrase) {
        self.add("P3", &["merchant", "driver"], says, &DRIVER_DO);
    }

    fn adapter(&mut self, url: Option<&str>) -> Option<Driver> {
        let url = url.unwrap_or_default();
        if let Err(why) = Http::new(url) {
            let (place, says) = (self.at(&["merchant", "url"]), why.says());
            self.find(Finding { code: "P3", place, says, advice: why.advice() });
            return None;
        }
        let bare = url.trim().trim_end_matches('/');
        Some(Driver::Http { url: bare.to_owned() })
    }

    fn program(&mut self, line: &[String]) -> Option<Driver> {
        if line.first().is_none_or(|program| program.trim().is_empty()) {
            self.add("P3", &["merchant", "command"], COMMAND_FORM.plain(), &COMMAND_FORM_DO);
            return None;
        }
        Some(Driver::Command { line: line.to_vec() })
    }

    /// Where the witness stands.
    pub(super) fn witness(&mut self, raw: Option<&RawWitness>) -> WitnessAt {
        let mut at = WitnessAt::default();
        let Some(raw) = raw else { return at };
        let told = [
            ("listen", &raw.listen, &mut at.listen),
            ("notify_listen", &raw.notify_listen, &mut at.notify_listen),
        ];
        for (name, text, address) in told {
            let Some(text) = text else { continue };
            match text.parse() {
                Ok(read) => *address = read,
                Err(_no_address) => {
                    let says = LISTEN_FORM.with([veiled(text)]);
                    self.add("P7", &["witness", name], says, &LISTEN_FORM_DO);
                }
            }
        }
        if at.listen == at.notify_listen && at.listen.port() != 0 {
            let says = LISTEN_SAME.with([at.listen]);
            self.add("P7", &["witness", "notify_listen"], says, &LISTEN_FORM_DO);
        }
        at.public_url = raw.public_url.as_deref().and_then(|url| self.public_url(url));
        let doors = [at.listen, at.notify_listen];
        at.tls = raw.tls.as_ref().and_then(|raw| self.tls(raw, doors));
        at
    }
}
