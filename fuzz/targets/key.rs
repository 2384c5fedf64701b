//! A pasted key, in every shape.

#![no_main]

use libfuzzer_sys::fuzz_target;
use signing::{
    AnyKey, Certificate, DsaPrivateKey, DsaPublicKey, Half, PrivateKey, PublicKey, SharedKey, inspect,
};

fuzz_target!(|bytes: &[u8]| {
    let _ = inspect(bytes).to_string();
    match PublicKey::read(bytes) {
        Ok(key) => {
            assert_eq!(PublicKey::read(key.to_spki_pem().as_bytes()), Ok(key.clone()));
            let _ = (key.verify(b"message", bytes), key.open(bytes));
        }
        Err(error) => drop(error.to_string()),
    }
    match PrivateKey::read(bytes) {
        Ok(key) => {
            let again = PrivateKey::read(key.to_pkcs8_pem().as_bytes());
            assert!(again.is_ok_and(|again| again.public() == key.public()));
        }
        Err(error) => drop(error.to_string()),
    }
    if let Ok(key) = DsaPublicKey::read(bytes) {
        let _ = (key.verify(b"message", bytes), key.verify_raw(b"message", bytes));
    }
    match DsaPrivateKey::read(bytes) {
        Ok(key) => assert!(key.sign(b"message").is_ok()),
        Err(error) => drop(error.to_string()),
    }
    let _ = SharedKey::read(bytes);
    let _ = Certificate::read(bytes);
    if let Ok(key) = AnyKey::read(bytes, Half::Public) {
        assert_eq!(key.to_public().fingerprint(), key.fingerprint());
    }
});
