//! Who the reference merchant is and where it calls.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use delivery::Source;
use protocol::legacy::{Charset, Signer, Verifier};
use signing::{DsaKeyError, DsaPrivateKey, KeyError, PrivateKey, PublicKey};

use crate::reconciliation::Fees;

/// The key that the reference merchant signs with by default. Everybody has it, so it is worth
/// nothing and is refused wherever real money could be.
pub fn reference_key() -> Result<PrivateKey, KeyError> {
    PrivateKey::read(include_bytes!("../keys/reference-merchant.pem"))
}

/// The same for contracts of the older generation that sign with DSA.
pub fn reference_dsa_key() -> Result<DsaPrivateKey, DsaKeyError> {
    DsaPrivateKey::read(include_bytes!("../keys/reference-dsa.pem"))
}

/// What a reference merchant needs to know before it opens.
#[derive(Debug, Clone)]
pub struct Setup {
    /// Who it is at the gateway, and who signs how.
    pub contract: Contract,
    /// Where calls go.
    pub gateway: GatewayAddress,
    /// Where the gateway is told to send its notices, with path and query.
    pub notify_url: String,
    /// The page that a buyer comes back to from the wallet, without a query.
    pub return_url: String,
    /// Who sells, and where.
    pub identity: Identity,
    /// What it does one way where the documents leave it free.
    pub habits: Habits,
    /// Where report files come from, and what they are held against.
    pub reports: Reports,
}

/// Who the merchant is at the gateway, and who signs how: a contract is of one generation.
#[derive(Debug, Clone)]
pub enum Contract {
    /// JSON with a signature in a header.
    Ams {
        /// The client id.
        client_id: String,
        /// The key that requests are signed with.
        key: PrivateKey,
        /// The key that answers and notices are verified with.
        gateway_key: PublicKey,
    },
    /// Forms in, XML out, at `gateway.do`.
    Legacy {
        /// The partner's number (PID): 16 digits.
        partner: String,
        /// What calls are signed with; it names the `sign_type`.
        signer: Signer,
        /// What answers and notices are verified with.
        gateway: Verifier,
        /// The charset of calls.
        charset: Charset,
        /// Whether calls are posted; otherwise all of them stands behind the question mark.
        post: bool,
    },
}

/// What the reference merchant does one way where the documents leave it free. All of it is of the
/// legacy generation, and by default off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Habits {
    /// In-store refunds go out to be executed later (`is_sync=N`) and are told by a notice.
    pub async_refunds: bool,
    /// Payments of a scanned code ask for a notice.
    pub barcode_notices: bool,
}

/// Where report files come from, and what they are held against.
#[derive(Debug, Clone)]
pub struct Reports {
    /// Where they are fetched.
    pub source: Source,
    /// The merchant's number at the gateway, which their paths have.
    pub customer_id: String,
    /// What the contract says about fees.
    pub fees: Fees,
}

impl Reports {
    /// The customer and the fees that the embedded gateway has.
    pub fn embedded(source: Source) -> Self {
        let fees = Fees { parts: 1, of: 30, returned: true };
        Self { source, customer_id: "1022188000000000001".into(), fees }
    }
}

/// Where calls go, and under which name.
#[derive(Debug, Clone)]
pub struct GatewayAddress {
    /// The address that is connected to.
    pub address: SocketAddr,
    /// The text of the `Host` header.
    pub host: String,
}

/// The secondary merchant that sells, with its stores.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The id given by the acquirer.
    pub merchant_id: String,
    /// The name on the receipt.
    pub name: String,
    /// Four digits, ISO 18245.
    pub mcc: String,
    /// The stores by their ids.
    pub stores: BTreeMap<String, Store>,
}

/// A store with one till.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Store {
    /// The name over the door.
    pub name: String,
    /// Four digits, ISO 18245.
    pub mcc: String,
    /// The id of its till.
    pub terminal: String,
}

impl Default for Identity {
    fn default() -> Self {
        let store = |name: &str, mcc: &str, terminal: &str| Store {
            name: name.into(),
            mcc: mcc.into(),
            terminal: terminal.into(),
        };
        let stores = [
            ("store-1", store("Teahouse at the Harbour", "5812", "till-11")),
            ("store-2", store("Teahouse on the Hill", "5812", "till-21")),
        ];
        Self {
            merchant_id: "seller-0815".into(),
            name: "Harbour Teahouse".into(),
            mcc: "5812".into(),
            stores: stores.into_iter().map(|(id, store)| (id.to_owned(), store)).collect(),
        }
    }
}

/// The path of a URL, without its query.
pub(crate) fn path_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let target = rest.find('/').map_or("/", |start| &rest[start..]);
    target.split(['?', '#']).next().unwrap_or("/")
}

#[cfg(test)]
mod tests {
    use super::{path_of, reference_key};

    #[test]
    fn the_path_of_a_url_stands_between_host_and_query() {
        for (url, path) in [
            ("http://merchant.assay.test/alipay/notify?shop=8", "/alipay/notify"),
            ("https://merchant.test/n", "/n"),
            ("http://merchant.test", "/"),
            ("/notify?x=/y", "/notify"),
        ] {
            assert_eq!(path_of(url), path, "{url}");
        }
    }

    #[test]
    fn the_known_key_reads_and_has_2048_bits() {
        assert_eq!(reference_key().unwrap().bits(), 2048);
    }
}
