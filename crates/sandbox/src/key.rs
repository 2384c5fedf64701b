//! The gateway keys that everybody knows.

use signing::{DsaKeyError, DsaPrivateKey, KeyError, PrivateKey};

/// Reads the fixed key of the embedded gateway. It stands in this repository, so a signature under
/// it proves nothing to a stranger; who finds it knows that the gateway was simulated.
pub fn embedded_key() -> Result<PrivateKey, KeyError> {
    PrivateKey::read(include_bytes!("../keys/embedded-gateway.pem"))
}

/// The same for merchants of the older generation that sign with DSA.
pub fn embedded_dsa_key() -> Result<DsaPrivateKey, DsaKeyError> {
    DsaPrivateKey::read(include_bytes!("../keys/embedded-gateway-dsa.pem"))
}
