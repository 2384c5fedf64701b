//! What the merchant pays through.

use protocol::Amount;

use super::{ControlToken, GatewayUrl, Keys, PrivateAuthorities, Sourced};

/// What the merchant pays through.
#[derive(Debug, Clone)]
pub struct Gateway {
    /// Where it is.
    pub url: GatewayUrl,
    /// The merchant's client id, in the generation `ams`.
    pub client_id: Option<String>,
    /// The merchant's partner id, in the generation `legacy`.
    pub partner: Option<String>,
    /// By what both sign.
    pub keys: Keys,
    /// What its control API asks for.
    pub control_token: Option<Sourced<ControlToken>>,
    /// What buyers pay with who are people, each code once.
    pub payment_codes: Vec<String>,
    /// Who vouches for it under TLS, where no public authority does.
    pub ca: Option<PrivateAuthorities>,
    /// Whether it is production although its host does not say so.
    pub production: bool,
    /// How much a run may sell for where it moves real money.
    pub cap: Option<Amount>,
}
