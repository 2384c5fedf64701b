//! SHA-256, of what is in memory and of what arrives in pieces.

use std::fmt;

use aws_lc_rs::digest::{Context, SHA256, digest};

use crate::encode::hex;

/// Bytes of a SHA-256 digest.
const LENGTH: usize = 32;

/// SHA-256 of the bytes.
pub fn sha256(bytes: &[u8]) -> [u8; LENGTH] {
    let mut out = [0; LENGTH];
    out.copy_from_slice(digest(&SHA256, bytes).as_ref());
    out
}

/// SHA-256 of the bytes, in lower-case hexadecimal.
///
/// ```
/// assert!(signing::sha256_hex(b"").starts_with("e3b0c44298fc1c14"));
/// ```
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&sha256(bytes))
}

/// SHA-256 of bytes that come in pieces, for files too large to hold.
#[derive(Clone)]
pub struct Sha256Stream {
    context: Context,
}

impl Sha256Stream {
    /// Starts over nothing.
    pub fn new() -> Self {
        Self { context: Context::new(&SHA256) }
    }

    /// Takes the next piece.
    pub fn update(&mut self, bytes: &[u8]) {
        self.context.update(bytes);
    }

    /// The digest of all pieces, in lower-case hexadecimal.
    pub fn finish_hex(self) -> String {
        hex(self.context.finish().as_ref())
    }
}

impl Default for Sha256Stream {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Sha256Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sha256Stream").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of FIPS 180.
    const KNOWN: [(&[u8], &str); 3] = [
        (b"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        (b"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
        ),
    ];

    #[test]
    fn known_digests_come_out() {
        for (bytes, digest) in KNOWN {
            assert_eq!(sha256_hex(bytes), digest);
            assert_eq!(hex(&sha256(bytes)), digest);
        }
    }

    #[test]
    fn pieces_make_the_same_digest_as_the_whole() {
        for (bytes, digest) in KNOWN {
            for size in [1, 7, 64] {
                let mut stream = Sha256Stream::default();
                bytes.chunks(size).for_each(|piece| stream.update(piece));
                stream.update(b"");
                assert_eq!(stream.finish_hex(), digest);
            }
        }
    }

    #[test]
    fn debug_output_holds_nothing_of_the_content() {
        let mut stream = Sha256Stream::new();
        stream.update(b"secret");
        assert_eq!(format!("{stream:?}"), "Sha256Stream { .. }");
    }
}
