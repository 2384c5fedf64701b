//! A zip that every reader reads the same way.
//!
//! Zip readers disagree on repeated names, on comments that hold another zip, on what stands in
//! front of the first file, on extra fields and on headers that contradict each other. This profile
//! has none of these: plain files back to back from the first byte, the directory after them, the
//! end record as the last 22 bytes, every field that could carry a second meaning empty.

mod read;
mod write;

use std::fmt;

use evidence::words::{self as say, Phrase, Place, Sentence};

pub use read::read_zip;
pub use write::{Packed, Packer, Zip, write_zip, zip_of};

/// The envelope, always the first file.
pub const STATEMENT_FILE: &str = "statement.dsse.json";
/// The largest file, unpacked.
pub const LARGEST_FILE: u64 = 64 << 20;
/// All files together, unpacked.
pub const LARGEST_TOTAL: u64 = 256 << 20;
/// How many bytes may come out of one.
pub const STEEPEST_RATIO: u64 = 200;
/// How many files a bundle may have: as many as stock verifiers of the statement take, and the seal in
/// its two forms.
pub const MOST_FILES: usize = 1026;
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
    End,
    /// More than one disk, or the long form of the format.
    Zip64,
    /// The directory does not reach from the last file to the end record.
    Directory,
    /// A header is cut off or begins with other bytes.
    Header(u64),
    /// No file, or too many.
    Count(usize),
    /// The envelope is not first.
    First,
    /// The files are not sorted by name.
    Order(String),
    /// A name stands twice.
    Duplicate(String),
    /// Two names differ only in case.
    Twin(String),
    /// A name that is not allowed.
    Name {
        /// The name.
        name: String,
        /// What is wrong with it.
        why: &'static Sentence,
    },
    /// An entry that is a directory or a link, or has a mode at all.
    NotPlain(String),
    /// An extra field or a comment of a file.
    Extra(String),
    /// Encrypted, or described after its data, or any other flag.
    Flags {
        /// The file.
        name: String,
        /// What the flags say.
        why: &'static Sentence,
    },
    /// Packed in another way.
    Method {
        /// The file.
        name: String,
        /// The method's number.
        method: u16,
    },
    /// Another version or time than the fixed ones.
    Fixed(String),
    /// The header before the data and the one in the directory contradict each other.
    Differ(String),
    /// The file does not begin where the one before ends.
    Gap(String),
    /// Larger than a file may be.
    FileSize(String),
    /// All files together are too large.
    TotalSize,
    /// More comes out than is plausible.
    Ratio(String),
    /// The data does not unpack to exactly the size told.
    Data(String),
    /// The checksum does not fit.
    Checksum(String),
    /// The data could not be packed.
    Pack(String),
}

impl ZipError {
    /// What is wrong, in both languages.
    pub fn says(&self) -> Phrase {
        let of = |sentence: &Sentence, name: &str| sentence.holding([Place::quoted(name)]);
        let and = |sentence: &Sentence, name: &str, more: Place| {
            sentence.holding([Place::quoted(name), more])
        };
        match self {
            Self::End => say::ZIP_END.with([END_LENGTH]),
            Self::Zip64 => say::ZIP_LONG.plain(),
            Self::Directory => say::ZIP_DIRECTORY.plain(),
            Self::Header(at) => say::ZIP_HEADER.with([at]),
            Self::Count(count) => say::ZIP_COUNT.with([&MOST_FILES, count]),
            Self::First => say::ZIP_FIRST.with([STATEMENT_FILE]),
            Self::Order(name) => of(&say::ZIP_ORDER, name),
            Self::Duplicate(name) => of(&say::ZIP_DUPLICATE, name),
            Self::Twin(name) => of(&say::ZIP_TWIN, name),
            Self::Name { name, why } => and(&say::ZIP_NAME, name, why.plain().into()),
            Self::NotPlain(name) => of(&say::ZIP_NOT_PLAIN, name),
            Self::Extra(name) => of(&say::ZIP_EXTRA, name),
            Self::Flags { name, why } => and(&say::ZIP_FLAGS, name, why.plain().into()),
            Self::Method { name, method } => and(&say::ZIP_METHOD, name, Place::value(method)),
            Self::Fixed(name) => of(&say::ZIP_FIXED, name),
            Self::Differ(name) => of(&say::ZIP_DIFFER, name),
            Self::Gap(name) => of(&say::ZIP_GAP, name),
            Self::FileSize(name) => and(&say::ZIP_FILE_SIZE, name, Place::value(LARGEST_FILE)),
            Self::TotalSize => say::ZIP_TOTAL_SIZE.with([LARGEST_TOTAL]),
            Self::Ratio(name) => and(&say::ZIP_RATIO, name, Place::value(STEEPEST_RATIO)),
            Self::Data(name) => of(&say::ZIP_DATA, name),
            Self::Checksum(name) => of(&say::ZIP_CHECKSUM, name),
            Self::Pack(name) => of(&say::ZIP_PACK, name),
        }
    }
}

impl fmt::Display for ZipError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.says().fmt(f)
    }
}

/// What is wrong with a name, if anything is.
pub(super) fn name_fault(name: &str) -> Option<&'static Sentence> {
    let allowed = |byte: u8| {
        byte.is_ascii_lowercase()
            || byte.is_ascii_digit()
            || matches!(byte, b'.' | b'_' | b'/' | b'-')
    };
    if name.is_empty() || name.len() > LONGEST_NAME {
        Some(&say::ZIP_NAME_LENGTH)
    } else if name.starts_with('/') {
        Some(&say::ZIP_NAME_SLASH)
    } else if name.ends_with('/') {
        Some(&say::ZIP_NAME_FOLDER)
    } else if !name.bytes().all(allowed) {
        Some(&say::ZIP_NAME_LETTERS)
    } else if name.split('/').any(|part| matches!(part, "" | "." | "..")) {
        Some(&say::ZIP_NAME_PARTS)
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
