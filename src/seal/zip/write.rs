//! Writes the profile.

use std::fs::File;
use std::io::{self, Cursor, Read, Seek as _, Write};
use std::vec;

use evidence::words as say;
use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

use super::{
    CENTRAL, DATE, DEFLATED, END, LARGEST_FILE, LARGEST_TOTAL, LOCAL, STORED, TIME, VERSION,
    ZipError, check_order, rank, too_steep,
};
use crate::seal::Bundled;

/// A file of a bundle, packed.
#[derive(Debug)]
pub struct Packed {
    /// Its name.
    pub name: String,
    method: u16,
    checksum: u32,
    content: Part,
    length: u64,
    unpacked: u32,
}

/// A part of a zip, where it waits for the others.
#[derive(Debug)]
enum Part {
    Memory(Cursor<Vec<u8>>),
    File(File),
}

impl Part {
    fn of(bytes: Vec<u8>) -> Self {
        Self::Memory(Cursor::new(bytes))
    }
}

impl Write for Part {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Memory(memory) => memory.write(bytes),
            Self::File(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Read for Part {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Memory(memory) => memory.read(bytes),
            Self::File(file) => file.read(bytes),
        }
    }
}

/// Packs a file while it is written.
#[derive(Debug)]
pub struct Packer {
    encoder: DeflateEncoder<Part>,
    checksum: Crc,
    length: u64,
}

impl Default for Packer {
    fn default() -> Self {
        Self::into(Part::of(vec![]))
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
    /// Packs into an empty file instead of into memory.
    pub fn into_file(file: File) -> Self {
        Self::into(Part::File(file))
    }

    fn into(part: Part) -> Self {
        // Higher levels take longer than the rest of the report and save a tenth.
        let encoder = DeflateEncoder::new(part, Compression::new(3));
        Self { encoder, checksum: Crc::new(), length: 0 }
    }

    /// The packed file. `again` hands its bytes out once more where packing would not shrink it, or
    /// so much that a reader would take it for a bomb: then it is stored as it is.
    pub fn finish(
        mut self,
        name: &str,
        again: impl FnOnce() -> io::Result<Vec<u8>>,
    ) -> Result<Packed, ZipError> {
        if self.length > LARGEST_FILE {
            return Err(ZipError::FileSize(name.to_owned()));
        }
        let broken = |_why: io::Error| ZipError::Pack(name.to_owned());
        self.encoder.try_finish().map_err(broken)?;
        let packed = self.encoder.total_out();
        let mut content = self.encoder.finish().map_err(broken)?;
        let (method, content, packed) = if packed < self.length && !too_steep(packed, self.length) {
            match &mut content {
                Part::Memory(memory) => memory.set_position(0),
                Part::File(file) => file.rewind().map_err(broken)?,
            }
            (DEFLATED, content, packed)
        } else {
            (STORED, Part::of(again().map_err(broken)?), self.length)
        };
        let unpacked = u32::try_from(self.length).map_err(|_too_large| ZipError::TotalSize)?;
        let (name, checksum) = (name.to_owned(), self.checksum.sum());
        Ok(Packed { name, method, checksum, content, length: packed, unpacked })
    }
}

/// A zip, read from its parts, so that none of them is in memory once more.
#[derive(Debug)]
pub struct Zip {
    part: Part,
    parts: vec::IntoIter<Part>,
}

impl Read for Zip {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        loop {
            let length = self.part.read(bytes)?;
            if length > 0 || bytes.is_empty() {
                return Ok(length);
            }
            let Some(next) = self.parts.next() else { return Ok(0) };
            self.part = next;
        }
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
    let mut bytes = vec![];
    let read = zip_of(packed)?.read_to_end(&mut bytes);
    read.map_err(|_no_memory| ZipError::TotalSize)?;
    Ok(bytes)
}

/// The zip of packed files, whatever their order: the envelope first, then by name.
pub fn zip_of(mut files: Vec<Packed>) -> Result<Zip, ZipError> {
    files.sort_by(|one, other| rank(&one.name).cmp(&rank(&other.name)));
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    check_order(&names)?;
    let total: u64 = files.iter().map(|file| u64::from(file.unpacked)).sum();
    if total > LARGEST_TOTAL {
        return Err(ZipError::TotalSize);
    }
    let (mut at, mut parts, mut directory) = (0, vec![], vec![]);
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
        at += header.len() as u64 + file.length;
        parts.extend([Part::of(header), file.content]);
    }
    let (start, length) = (narrow(at)?, narrow(directory.len() as u64)?);
    directory.extend_from_slice(&END.to_le_bytes());
    directory.extend_from_slice(&[0; 4]);
    directory.extend_from_slice(&count.to_le_bytes());
    directory.extend_from_slice(&count.to_le_bytes());
    directory.extend_from_slice(&length.to_le_bytes());
    directory.extend_from_slice(&start.to_le_bytes());
    directory.extend_from_slice(&[0; 2]);
    parts.push(Part::of(directory));
    Ok(Zip { part: Part::of(vec![]), parts: parts.into_iter() })
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
    for long in [file.checksum, narrow(file.length)?, file.unpacked] {
        out.extend_from_slice(&long.to_le_bytes());
    }
    let name = u16::try_from(file.name.len())
        .map_err(|_long| ZipError::Name { name: file.name.clone(), why: &say::ZIP_NAME_LENGTH })?;
    out.extend_from_slice(&name.to_le_bytes());
    out.extend_from_slice(&[0; 2]);
    Ok(())
}

/// The caps keep every number far below four gigabytes.
fn narrow(number: u64) -> Result<u32, ZipError> {
    u32::try_from(number).map_err(|_too_large| ZipError::TotalSize)
}
