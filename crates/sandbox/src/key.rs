//! The gateway key that everybody knows.

use signing::{KeyError, PrivateKey};

/// Reads the fixed key of the embedded gateway. It stands in this repository, so a signature under
/// it proves nothing to a stranger; who finds it knows that the gateway was simulated.
pub fn embedded_key() -> Result<PrivateKey, KeyError> {
    PrivateKey::read(include_bytes!("../keys/embedded-gateway.pem"))
}
