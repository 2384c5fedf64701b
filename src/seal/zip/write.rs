//! Writes the profile.

use std::io::{self, Write};

use evidence::words as say;
use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

use super::{
    CENTRAL, DATE, DEFLATED, END, LARGEST_FILE, LARGEST_TOTAL, LOCAL, STORED, TIME, VERSION,
    ZipError, check_order, rank, too_steep,
};
use crate::seal::Bundled;

/// A file of a bundle, packed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed {
    /// Its name.
    pub name: String,
    method: u16,
    checksum: u32,
    content: Vec<u8>,
    unpacked: u32,
}

/// Packs a file while it is written.
#[derive(Debug)]
pub struct Packer {
    encoder: DeflateEncoder<Vec<u8>>,
    checksum: Crc,
    length: u64,
}

impl Default for Packer {
    fn default() -> Self {
        // Higher levels take longer than the rest of the report and save a tenth.
        let encoder = DeflateEncoder::new(vec![], Compression::new(3));
        Self { encoder, checksum: Crc::new(), length: 0 }
    }
}

impl Write for Packer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.encoder.write_all(bytes)?;
        self.checksum.update(bytes);
        self.length += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Packer {
    /// The packed file. `again` hands its bytes out once more where packing would not shrink it, or
    /// so much that a reader would take it for a bomb: then it is stored as it is.
    pub fn finish(
        self,
        name: &str,
        again: impl FnOnce() -> io::Result<Vec<u8>>,
    ) -> Result<Packed, ZipError> {
        if self.length > LARGEST_FILE {
            return Err(ZipError::FileSize(name.to_owned()));
        }
        let packed = self.encoder.finish().map_err(|_no_memory| ZipError::Pack(name.to_owned()))?;
        let size = packed.len() as u64;
        let (method, content) = if size < self.length && !too_steep(size, self.length) {
            (DEFLATED, packed)
        } else {
            (STORED, again().map_err(|_unreadable| ZipError::Pack(name.to_owned()))?)
        };
        let unpacked = u32::try_from(self.length).map_err(|_too_large| ZipError::TotalSize)?;
        Ok(Packed {
            name: name.to_owned(),
            method,
            checksum: self.checksum.sum(),
            content,
            unpacked,
        })
    }
}

/// Packs files that are in memory, whatever their order, and writes them. The same files give the
/// same bytes.
pub fn write_zip(files: &[Bundled]) -> Result<Vec<u8>, ZipError> {
    let pack = |file: &Bundled| {
        let mut packer = Packer::default();
        packer.write_all(&file.bytes).map_err(|_no_memory| ZipError::Pack(file.name.clone()))?;
        packer.finish(&file.name, || Ok(file.bytes.clone()))
    };
    let packed = files.iter().map(pack).collect::<Result<_, _>>()?;
    Ok(pieces_of(packed)?.collect::<Vec<_>>().concat())
}

/// The bytes of a zip of packed files, whatever their order: the envelope first, then by name.
/// They come piece by piece, so that no file is in memory once more.
pub fn pieces_of(
    mut files: Vec<Packed>,
) -> Result<impl Iterator<Item = Vec<u8>> + use<>, ZipError> {
    files.sort_by(|one, other| rank(&one.name).cmp(&rank(&other.name)));
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    check_order(&names)?;
    let total: u64 = files.iter().map(|file| u64::from(file.unpacked)).sum();
    if total > LARGEST_TOTAL {
        return Err(ZipError::TotalSize);
    }
    let (mut at, mut pieces, mut directory) = (0, vec![], vec![]);
    let count = u16::try_from(files.len()).map_err(|_too_many| ZipError::Count(files.len()))?;
    for file in files {
        let offset = narrow(at)?;
        let mut header = vec![];
        put_header(&mut header, LOCAL, &file)?;
        header.extend_from_slice(file.name.as_bytes());
        put_header(&mut directory, CENTRAL, &file)?;
        // Comment length, disk and inner attributes; outer attributes; where the file begins.
        directory.extend_from_slice(&[0; 6]);
        directory.extend_from_slice(&[0; 4]);
        directory.extend_from_slice(&offset.to_le_bytes());
        directory.extend_from_slice(file.name.as_bytes());
        at += header.len() + file.content.len();
        pieces.extend([header, file.content]);
    }
    let (start, length) = (narrow(at)?, narrow(directory.len())?);
    directory.extend_from_slice(&END.to_le_bytes());
    directory.extend_from_slice(&[0; 4]);
    directory.extend_from_slice(&count.to_le_bytes());
    directory.extend_from_slice(&count.to_le_bytes());
    directory.extend_from_slice(&length.to_le_bytes());
    directory.extend_from_slice(&start.to_le_bytes());
    directory.extend_from_slice(&[0; 2]);
    pieces.push(directory);
    Ok(pieces.into_iter())
}

/// The part that both headers share, up to and with the length of the extra field.
fn put_header(out: &mut Vec<u8>, mark: u32, file: &Packed) -> Result<(), ZipError> {
    out.extend_from_slice(&mark.to_le_bytes());
    if mark == CENTRAL {
        out.extend_from_slice(&VERSION.to_le_bytes());
    }
    let flags = 0_u16;
    for short in [VERSION, flags, file.method, TIME, DATE] {
        out.extend_from_slice(&short.to_le_bytes());
    }
    for long in [file.checksum, narrow(file.content.len())?, file.unpacked] {
        out.extend_from_slice(&long.to_le_bytes());
    }
    let name = u16::try_from(file.name.len())
        .map_err(|_long| ZipError::Name { name: file.name.clone(), why: &say::ZIP_NAME_LENGTH })?;
    out.extend_from_slice(&name.to_le_bytes());
    out.extend_from_slice(&[0; 2]);
    Ok(())
}

/// The caps keep every number far below four gigabytes.
fn narrow(number: usize) -> Result<u32, ZipError> {
    u32::try_from(number).map_err(|_too_large| ZipError::TotalSize)
}
