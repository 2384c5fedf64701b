//! A zip that every reader reads the same way.
//!
//! Zip readers disagree on repeated names, on comments that hold another zip, on what stands in
//! front of the first file, on extra fields and on headers that contradict each other. This profile
//! has none of these: plain files back to back from the first byte, the directory after them, the
//! end record as the last 22 bytes, every field that could carry a second meaning empty.

mod read;
mod write;

pub use read::read_zip;
pub use write::{Packed, Packer, write_packed, write_zip};

/// The envelope, always the first file.
pub const STATEMENT_FILE: &str = "statement.dsse.json";
/// The largest file, unpacked.
pub const LARGEST_FILE: u64 = 64 << 20;
/// All files together, unpacked.
pub const LARGEST_TOTAL: u64 = 256 << 20;
/// How many bytes may come out of one.
pub const STEEPEST_RATIO: u64 = 200;
/// How many files a bundle may have: as many as stock verifiers of the statement take.
pub(super) const MOST_FILES: usize = 1025;
/// The longest name.
const LONGEST_NAME: usize = 200;

const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
const END_LENGTH: usize = 22;
/// Version 2.0 of the format, made on a system without file modes: nothing can be a link.
const VERSION: u16 = 20;
const STORED: u16 = 0;
const DEFLATED: u16 = 8;
/// The first moment that the format knows: 1 January 1980, midnight.
const TIME: u16 = 0;
const DATE: u16 = 0x0021;

/// What a zip must not be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ZipError {
    /// The last 22 bytes are no end record: cut off, a comment, or something after it.
    #[error("the last {END_LENGTH} bytes must be the end record without a comment")]
    End,
    /// More than one disk, or the long form of the format.
    #[error("the end record must name one disk and no ZIP64 values")]
    Zip64,
    /// The directory does not reach from the last file to the end record.
    #[error("the directory must stand between the last file and the end record")]
    Directory,
    /// A header is cut off or begins with other bytes.
    #[error("a file header is expected at byte {0}")]
    Header(u64),
    /// No file, or too many.
    #[error("1 to {MOST_FILES} files are expected, there are {0}")]
    Count(usize),
    /// The envelope is not first.
    #[error("the first file must be {STATEMENT_FILE}")]
    First,
    /// The files are not sorted by name.
    #[error("the files after the first must be sorted by name, {0:?} is not in place")]
    Order(String),
    /// A name stands twice.
    #[error("the name {0:?} stands twice")]
    Duplicate(String),
    /// Two names differ only in case.
    #[error("the name {0:?} differs from another only in upper and lower case")]
    Twin(String),
    /// A name that is not allowed.
    #[error("the name {name:?} {why}")]
    Name {
        /// The name.
        name: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// An entry that is a directory or a link, or has a mode at all.
    #[error("{0:?} must be a plain file without attributes")]
    NotPlain(String),
    /// An extra field or a comment of a file.
    #[error("{0:?} must have no extra field and no comment")]
    Extra(String),
    /// Encrypted, or described after its data, or any other flag.
    #[error("{name:?} must have no flags, it {why}")]
    Flags {
        /// The file.
        name: String,
        /// What the flags say.
        why: &'static str,
    },
    /// Packed in another way.
    #[error("{name:?} must be stored or deflated, its method is {method}")]
    Method {
        /// The file.
        name: String,
        /// The method's number.
        method: u16,
    },
    /// Another version or time than the fixed ones.
    #[error("{0:?} must have the format version 2.0 and the time 1980-01-01")]
    Fixed(String),
    /// The header before the data and the one in the directory contradict each other.
    #[error("the two headers of {0:?} differ")]
    Differ(String),
    /// The file does not begin where the one before ends.
    #[error("{0:?} must begin where the file before ends")]
    Gap(String),
    /// Larger than a file may be.
    #[error("{0:?} is larger than {LARGEST_FILE} bytes")]
    FileSize(String),
    /// All files together are too large.
    #[error("the files together are larger than {LARGEST_TOTAL} bytes")]
    TotalSize,
    /// More comes out than is plausible.
    #[error("{0:?} unpacks to more than {STEEPEST_RATIO} times its size")]
    Ratio(String),
    /// The data does not unpack to exactly the size told.
    #[error("the data of {0:?} does not unpack to the size that its header tells")]
    Data(String),
    /// The checksum does not fit.
    #[error("the checksum of {0:?} does not fit its data")]
    Checksum(String),
    /// The data could not be packed.
    #[error("{0:?} could not be packed")]
    Pack(String),
}

/// What is wrong with a name, if anything is.
pub(super) fn name_fault(name: &str) -> Option<&'static str> {
    let allowed = |byte: u8| {
        byte.is_ascii_lowercase()
            || byte.is_ascii_digit()
            || matches!(byte, b'.' | b'_' | b'/' | b'-')
    };
    if name.is_empty() || name.len() > LONGEST_NAME {
        Some("must have 1 to 200 characters")
    } else if name.starts_with('/') {
        Some("must not begin with a slash")
    } else if name.ends_with('/') {
        Some("must not be a directory")
    } else if !name.bytes().all(allowed) {
        Some("must consist of lower-case letters, digits and . _ / -")
    } else if name.split('/').any(|part| matches!(part, "" | "." | "..")) {
        Some("must not have empty, . or .. parts")
    } else {
        None
    }
}

/// The order of the files: the envelope, then by name.
fn rank(name: &str) -> (bool, &str) {
    (name != STATEMENT_FILE, name)
}

/// Checks the names of a bundle, in the order in which they stand.
fn check_order(names: &[&str]) -> Result<(), ZipError> {
    if names.is_empty() || names.len() > MOST_FILES {
        return Err(ZipError::Count(names.len()));
    }
    let mut seen = std::collections::BTreeMap::new();
    for name in names {
        match seen.insert(name.to_ascii_lowercase(), *name) {
            Some(other) if other == *name => return Err(ZipError::Duplicate((*name).to_owned())),
            Some(_) => return Err(ZipError::Twin((*name).to_owned())),
            None => {}
        }
    }
    for name in names {
        if let Some(why) = name_fault(name) {
            return Err(ZipError::Name { name: (*name).to_owned(), why });
        }
    }
    if names.first() != Some(&STATEMENT_FILE) {
        return Err(ZipError::First);
    }
    match names.windows(2).find(|pair| rank(pair[0]) >= rank(pair[1])) {
        Some(pair) => Err(ZipError::Order(pair[1].to_owned())),
        None => Ok(()),
    }
}

/// Whether more comes out of `packed` bytes than is plausible.
fn too_steep(packed: u64, unpacked: u64) -> bool {
    unpacked > packed.saturating_mul(STEEPEST_RATIO)
}
