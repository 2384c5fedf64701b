//! Randomness from the operating system.

use rand::RngCore as _;
use rand::rngs::OsRng;

/// Fresh random bytes from the system's source.
///
/// # Panics
///
/// When the operating system has no randomness to give; nothing here could go on without it.
///
/// ```
/// assert_ne!(signing::random_bytes::<16>(), signing::random_bytes::<16>());
/// ```
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    OsRng.fill_bytes(&mut bytes);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_length_is_filled_and_nothing_comes_twice() {
        assert_eq!(random_bytes::<0>(), [0_u8; 0]);
        assert_ne!(random_bytes::<32>(), [0; 32]);
        let many: std::collections::HashSet<[u8; 16]> = (0..200).map(|_| random_bytes()).collect();
        assert_eq!(many.len(), 200);
    }
}
