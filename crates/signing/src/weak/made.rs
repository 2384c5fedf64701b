//! DSA keys that are made here, and how they are written.

use std::convert::Infallible;

use dsa::pkcs8::{EncodePrivateKey as _, EncodePublicKey as _};
use dsa::signature::rand_core::{TryCryptoRng, TryRng};
use dsa::{Components, KeySize, SigningKey};
use rand::RngCore as _;
use rand::rngs::OsRng;

use super::{DsaPrivateKey, DsaPublicKey};
use crate::form::{Form, Written};
use crate::key_error::KeyError;
use crate::shape::Container;

/// The system's randomness, as the library wants to be given it.
struct System;

impl TryRng for System {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(OsRng.next_u32())
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(OsRng.next_u64())
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        OsRng.fill_bytes(bytes);
        Ok(())
    }
}

impl TryCryptoRng for System {}

impl DsaPrivateKey {
    /// Makes a fresh key of 1024 or 2048 bits with numbers of its own. Finding them takes a second,
    /// or several.
    pub fn generate(bits: u32) -> Result<Self, KeyError> {
        #[expect(deprecated, reason = "the only size that the gateway's samples have")]
        let small = KeySize::DSA_1024_160;
        let size = match bits {
            1024 => small,
            2048 => KeySize::DSA_2048_256,
            bits => return Err(KeyError::Size { bits }),
        };
        let failed = || KeyError::Generation { bits };
        let mut random = System;
        let components = Components::try_generate_from_rng_with_key_size(&mut random, size)
            .ok()
            .ok_or_else(failed)?;
        let key = SigningKey::try_generate_from_rng_with_components(&mut random, components)
            .ok()
            .ok_or_else(failed)?;
        // Read again, so that no key is handed out that could not be used.
        let der = key.to_pkcs8_der().ok().ok_or_else(failed)?;
        Self::read(der.as_bytes()).ok().ok_or_else(failed)
    }

    /// The key as PKCS#8 in a form; `None` of another container. What is written is the secret
    /// itself.
    pub fn write(&self, container: Container, form: Form) -> Option<Written> {
        let der = self.key.to_pkcs8_der().ok().filter(|_| container == Container::Pkcs8)?;
        Some(form.of("PRIVATE KEY", der.as_bytes()))
    }
}

impl DsaPublicKey {
    /// The key as SPKI in a form; `None` of another container.
    pub fn write(&self, container: Container, form: Form) -> Option<Written> {
        let der = self.key.to_public_key_der().ok().filter(|_| container == Container::Spki)?;
        Some(form.of("PUBLIC KEY", der.as_bytes()))
    }
}
