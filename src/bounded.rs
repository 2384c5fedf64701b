//! Files that others name, read up to a limit: no device and no endless file fills the memory.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

/// Bytes of the largest key file that is read.
pub(crate) const LARGEST_KEY: u64 = 64 * 1024;

/// The bytes of a file, at most one more than `limit`: who gets that many knows that it is too
/// large.
pub(crate) fn read(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn a_file_is_read_to_its_end_or_a_byte_beyond_the_limit() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "abcd").unwrap();
        for (limit, expected) in [(5, "abcd"), (4, "abcd"), (3, "abcd"), (2, "abc"), (0, "a")] {
            assert_eq!(read(file.path(), limit).unwrap(), expected.as_bytes(), "{limit}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn what_has_no_end_is_read_all_the_same() {
        assert_eq!(read("/dev/zero".as_ref(), 9).unwrap(), [0; 10]);
    }
}
