//! From the file's shape to a valid profile. Everything that is wrong is found in one go.

use std::path::Path;

use evidence::words::{
    CLIENT_ID_FORM, CLIENT_ID_FORM_DO, CLIENT_ID_PRODUCTION, CLIENT_ID_PRODUCTION_DO,
    CLIENT_ID_SANDBOX, CLIENT_ID_SANDBOX_DO, GENERATION_DO, GENERATION_UNKNOWN, IDENTITY_DO,
    IDENTITY_FOREIGN, IDENTITY_MISSING, KEY_REPORT_SMALL, KEY_REPORT_SMALL_DO, PARTNER_FORM,
    PARTNER_FORM_DO, PRODUCT_LATER, PRODUCT_OF_OTHER, PRODUCT_TWICE, PRODUCT_UNKNOWN, PRODUCTS_DO,
    PRODUCTS_NONE, Phrase, Sentence, TEXT_FORM, TEXT_FORM_DO, URL_AMS, URL_AMS_DO, URL_DO,
    URL_FORM, URL_LEGACY, URL_LEGACY_DO, URL_PLAIN, URL_PLAIN_DO,
};
use protocol::Generation;
use signing::PrivateKey;
use steps::Product;

use super::keys::{self, Fetched, Readable, veiled};
use super::raw::{RawGateway, RawKey, RawProfile, RawReport};
use super::{
    Driver, Gateway, GatewayUrl, Named, Profile, ProfileError, Report, SUPPORTED_PRODUCTS,
    SignTypeName, Sourced,
};
use crate::finding::{Finding, Place};
use crate::suite::PRODUCTS;
use crate::yaml;

/// Bytes of the largest profile.
pub(super) const LARGEST: u64 = 64 * 1024;

/// Bits of the smallest key that seals a report.
const SMALLEST_REPORT_KEY: u32 = 2048;

/// What the gateway's hosts end in.
const ALIPAY_HOSTS: [&str; 2] = ["alipay.com", "alipaydev.com"];

/// Hosts that speak the older generation.
const LEGACY_HOSTS: [&str; 5] = [
    "mapi.alipay.com",
    "intlmapi.alipay.com",
    "globalmapi.alipay.com",
    "mapi.alipaydev.com",
    "openapi.alipaydev.com",
];

/// Reads a profile from its bytes. What `named` has stands in place of what is written in it.
pub(super) fn profile(
    file: &str,
    bytes: &[u8],
    folder: &Path,
    named: Named<'_>,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<Profile, ProfileError> {
    let mut raw: RawProfile =
        yaml::read(file, bytes, LARGEST).map_err(|finding| ProfileError(vec![*finding]))?;
    if let Some(url) = named.gateway {
        url.clone_into(&mut raw.gateway.url);
    }
    let text = String::from_utf8_lossy(bytes);
    let mut reader =
        Reader { file, text: &text, folder, variable, findings: Vec::new(), warnings: Vec::new() };
    let generation = reader.generation(&raw.generation);
    let products = reader.products(&raw.products, generation);
    let merchant = reader.merchant(&raw.merchant, named.merchant);
    let witness = reader.witness(raw.witness.as_ref());
    let gateway = reader.gateway(&raw.gateway, generation, raw.conditions.sign_type);
    let reconciliation = raw.reconciliation.as_ref().and_then(|raw| reader.reconciliation(raw));
    let report_source = raw
        .reconciliation
        .as_ref()
        .and_then(|raw| reader.report_source(raw, reconciliation.as_ref()));
    let report = reader.report(&raw.report);
    if let (Some(gateway), Some(report)) = (&gateway, &report) {
        reader.prove_keys(gateway, report);
    }
    let own = merchant.as_ref().is_some_and(|it| it.driver != Driver::Reference);
    if let Some(gateway) = gateway.as_ref().filter(|_| own && witness.tls.is_some()) {
        reader.reach_doors(&gateway.url);
    }
    match (merchant, gateway, report) {
        (Some(merchant), Some(gateway), Some(report)) if reader.findings.is_empty() => {
            let conditions = raw.conditions;
            Ok(Profile {
                products,
                conditions,
                merchant,
                gateway,
                reconciliation,
                report_source,
                witness,
                report,
                warnings: reader.warnings,
            })
        }
        _ => Err(ProfileError(reader.findings)),
    }
}

/// Reads part after part and collects what is wrong.
pub(super) struct Reader<'a> {
    file: &'a str,
    text: &'a str,
    pub(super) folder: &'a Path,
    pub(super) variable: &'a dyn Fn(&str) -> Option<String>,
    findings: Vec<Finding>,
    warnings: Vec<Finding>,
}

impl Reader<'_> {
    /// The place of the value at a path of keys.
    pub(super) fn at(&self, path: &[&str]) -> Place {
        let line = yaml::line_of(self.text, path);
        Place { file: self.file.to_owned(), line, column: None }
    }

    pub(super) fn find(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    pub(super) fn add(
        &mut self,
        code: &'static str,
        path: &[&str],
        says: Phrase,
        advice: &Sentence,
    ) {
        let place = self.at(path);
        self.findings.push(Finding { code, place, says, advice: advice.plain() });
    }

    pub(super) fn warn(
        &mut self,
        code: &'static str,
        path: &[&str],
        says: Phrase,
        advice: &Sentence,
    ) {
        let place = self.at(path);
        self.warnings.push(Finding { code, place, says, advice: advice.plain() });
    }

    fn generation(&mut self, name: &str) -> Option<Generation> {
        let known = Generation::named(name);
        if known.is_none() {
            self.add("P1", &["generation"], GENERATION_UNKNOWN.with([name]), &GENERATION_DO);
        }
        known
    }

    fn products(&mut self, products: &[String], generation: Option<Generation>) -> Vec<String> {
        let at = ["products"];
        if products.is_empty() {
            self.add("P2", &at, PRODUCTS_NONE.plain(), &PRODUCTS_DO);
        }
        for (index, product) in products.iter().enumerate() {
            let name = product.as_str();
            if let Ok(own) = name.parse::<Product>().map(Product::generation) {
                if generation.is_some_and(|declared| declared != own) {
                    let says = PRODUCT_OF_OTHER.with([name, own.name()]);
                    self.add("P2", &at, says, &PRODUCTS_DO);
                }
                if products.iter().take(index).any(|earlier| earlier == product) {
                    self.add("P2", &at, PRODUCT_TWICE.with([name]), &PRODUCTS_DO);
                }
            } else if PRODUCTS.contains(&name) {
                self.add("P2", &at, PRODUCT_LATER.with([name]), &PRODUCTS_DO);
            } else {
                self.add("P2", &at, PRODUCT_UNKNOWN.with([name]), &PRODUCTS_DO);
            }
        }
        let declared = |product: &&str| products.iter().any(|declared| declared == product);
        SUPPORTED_PRODUCTS.into_iter().filter(declared).map(str::to_owned).collect()
    }

    fn gateway(
        &mut self,
        raw: &RawGateway,
        generation: Option<Generation>,
        sign_type: SignTypeName,
    ) -> Option<Gateway> {
        let url = self.url(&raw.url, generation);
        self.identity(raw, url.as_ref(), generation);
        let token = raw.control_token.as_ref();
        let control_token = token.map(|raw| self.key(raw, &["gateway", "control_token"]));
        let ca = raw.ca.as_ref().and_then(|ca| self.authorities(ca, url.as_ref()));
        let cap = raw.cap.as_ref().and_then(|cap| self.cap(cap));
        let rules = raw.rules.as_ref().map(|file| self.rules(file, generation)).unwrap_or_default();
        let keys = self.keys(raw, url.as_ref(), generation, sign_type)?;
        let (client_id, partner) = (raw.client_id.clone(), raw.partner.clone());
        let control_token = control_token.flatten();
        let payment_codes = self.payment_codes(&raw.payment_codes);
        Some(Gateway {
            url: url?,
            client_id,
            partner,
            keys,
            control_token,
            payment_codes,
            ca,
            production: raw.production,
            cap,
            rules,
        })
    }

    /// Who the merchant is at the gateway: of each generation the id that it knows, and no other.
    fn identity(
        &mut self,
        raw: &RawGateway,
        url: Option<&GatewayUrl>,
        generation: Option<Generation>,
    ) {
        let (id, name, other, foreign) = match generation {
            Some(Generation::Ams) => (&raw.client_id, "client_id", &raw.partner, "partner"),
            Some(Generation::Legacy) => (&raw.partner, "partner", &raw.client_id, "client_id"),
            None => return,
        };
        let generation = generation.map_or("", Generation::name);
        if other.is_some() {
            let says = IDENTITY_FOREIGN.with([foreign, generation]);
            self.add("P5", &["gateway", foreign], says, &IDENTITY_DO);
        }
        let Some(id) = id else {
            let says = IDENTITY_MISSING.with([generation, name]);
            return self.add("P5", &["gateway"], says, &IDENTITY_DO);
        };
        if name == "partner" {
            self.partner(id);
        } else {
            self.client_id(id, url);
        }
    }

    /// "PID, 16 digits starting 2088"; those of `AlipayHK` may start with 2160.
    fn partner(&mut self, id: &str) {
        let digits = id.len() == 16 && id.bytes().all(|byte| byte.is_ascii_digit());
        if !digits || !(id.starts_with("2088") || id.starts_with("2160")) {
            let says = PARTNER_FORM.with([veiled(id)]);
            self.add("P5", &["gateway", "partner"], says, &PARTNER_FORM_DO);
        }
    }

    fn url(&mut self, url: &str, generation: Option<Generation>) -> Option<GatewayUrl> {
        let at = ["gateway", "url"];
        if url == "embedded" {
            return Some(GatewayUrl::Embedded);
        }
        let bare = url.strip_suffix('/').unwrap_or(url);
        let bare = match generation {
            Some(Generation::Legacy) => bare.trim_end_matches("/gateway.do"),
            Some(Generation::Ams) | None => bare,
        };
        let Some(host) = host(bare).filter(|_| bare.matches('/').count() == 2) else {
            self.add("P4", &at, URL_FORM.with([veiled(url)]), &URL_DO);
            return None;
        };
        let legacy = LEGACY_HOSTS.contains(&host);
        if legacy && generation == Some(Generation::Ams) {
            self.add("P4", &at, URL_LEGACY.with([host]), &URL_LEGACY_DO);
            return None;
        }
        if !legacy && is_alipay(host) && generation == Some(Generation::Legacy) {
            self.add("P4", &at, URL_AMS.with([host]), &URL_AMS_DO);
            return None;
        }
        if is_alipay(host) && bare.starts_with("http:") {
            self.add("P4", &at, URL_PLAIN.with([host]), &URL_PLAIN_DO);
            return None;
        }
        Some(GatewayUrl::Remote(bare.to_owned()))
    }

    fn client_id(&mut self, id: &str, url: Option<&GatewayUrl>) {
        let at = ["gateway", "client_id"];
        let fits = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
        if id.is_empty() || id.len() > 64 || !id.bytes().all(fits) {
            self.add("P5", &at, CLIENT_ID_FORM.with([veiled(id)]), &CLIENT_ID_FORM_DO);
            return;
        }
        let sandbox = id.starts_with("SANDBOX_");
        let real = match url {
            Some(GatewayUrl::Remote(url)) => host(url).is_some_and(is_alipay),
            Some(GatewayUrl::Embedded) => false,
            None => return,
        };
        if real && sandbox {
            self.warn("W2", &at, CLIENT_ID_SANDBOX.with([id]), &CLIENT_ID_SANDBOX_DO);
        } else if !sandbox {
            self.warn("W2", &at, CLIENT_ID_PRODUCTION.with([id]), &CLIENT_ID_PRODUCTION_DO);
        }
    }

    fn report(&mut self, raw: &RawReport) -> Option<Report> {
        for (name, text) in [("integrator", &raw.integrator), ("contact", &raw.contact)] {
            let odd = text.chars().any(char::is_control);
            if text.trim().is_empty() || text.chars().count() > 200 || odd {
                self.add("P6", &["report", name], TEXT_FORM.with([name]), &TEXT_FORM_DO);
            }
        }
        let key = self.key::<PrivateKey>(&raw.key, &["report", "key"])?;
        if key.key.bits() < SMALLEST_REPORT_KEY {
            let bits = KEY_REPORT_SMALL.with([key.key.bits(), SMALLEST_REPORT_KEY]);
            self.add("K5", &["report", "key"], bits, &KEY_REPORT_SMALL_DO);
        }
        let (integrator, contact) = (raw.integrator.clone(), raw.contact.clone());
        Some(Report { key, integrator, contact })
    }

    pub(super) fn key<K: Readable>(&mut self, raw: &RawKey, path: &[&str]) -> Option<Sourced<K>> {
        match keys::fetch::<K>(raw, &self.at(path), self.folder, self.variable) {
            Ok(Fetched { key, source, warning }) => {
                self.warnings.extend(warning);
                Some(Sourced { key, source })
            }
            Err(finding) => {
                self.findings.push(*finding);
                None
            }
        }
    }
}

/// The host of an address over HTTP, without its port; `None` when it is none, or holds a name
/// and password.
pub(super) fn host(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let odd = |c: char| !c.is_ascii_graphic() || matches!(c, '@' | '"' | '\\' | '<' | '>');
    if authority.is_empty() || url.contains(odd) {
        return None;
    }
    let port = authority.rsplit_once(':').filter(|(host, _)| !host.ends_with(':'));
    let (host, port) = if authority.ends_with(']') {
        (authority, None)
    } else {
        port.map_or((authority, None), |(host, port)| (host, Some(port)))
    };
    let port_fits = port.is_none_or(|port| port.parse::<u16>().is_ok());
    (!host.is_empty() && port_fits).then_some(host)
}

/// Whether a host is one of Alipay's.
pub(super) fn is_alipay(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    ALIPAY_HOSTS.iter().any(|known| {
        host.strip_suffix(known).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    })
}
