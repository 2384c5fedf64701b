//! Writes the profile.

use std::io::Write as _;

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

use super::{
    CENTRAL, DATE, DEFLATED, END, LARGEST_FILE, LARGEST_TOTAL, LOCAL, STORED, TIME, VERSION,
    ZipError, check_order, rank, too_steep,
};
use crate::seal::Bundled;

/// One file on its way into the zip.
struct Packed<'a> {
    name: &'a str,
    method: u16,
    checksum: u32,
    content: Vec<u8>,
    unpacked: u32,
}

/// Packs files, whatever their order: the envelope first, then by name. The same files give the
/// same bytes.
pub fn write_zip(files: &[Bundled]) -> Result<Vec<u8>, ZipError> {
    let mut sorted: Vec<&Bundled> = files.iter().collect();
    sorted.sort_by_key(|file| rank(&file.name));
    let names: Vec<&str> = sorted.iter().map(|file| file.name.as_str()).collect();
    check_order(&names)?;
    let total: u64 = sorted.iter().map(|file| file.bytes.len() as u64).sum();
    if total > LARGEST_TOTAL {
        return Err(ZipError::TotalSize);
    }
    let mut out = vec![];
    let mut directory = vec![];
    for file in &sorted {
        let offset = narrow(out.len())?;
        let packed = pack(file)?;
        put_header(&mut out, LOCAL, &packed)?;
        out.extend_from_slice(packed.name.as_bytes());
        out.extend_from_slice(&packed.content);
        put_header(&mut directory, CENTRAL, &packed)?;
        // Comment length, disk and inner attributes; outer attributes; where the file begins.
        directory.extend_from_slice(&[0; 6]);
        directory.extend_from_slice(&[0; 4]);
        directory.extend_from_slice(&offset.to_le_bytes());
        directory.extend_from_slice(packed.name.as_bytes());
    }
    let (start, length) = (narrow(out.len())?, narrow(directory.len())?);
    out.extend_from_slice(&directory);
    out.extend_from_slice(&END.to_le_bytes());
    out.extend_from_slice(&[0; 4]);
    let count = u16::try_from(sorted.len()).map_err(|_too_many| ZipError::Count(sorted.len()))?;
    out.extend_from_slice(&count.to_le_bytes());
    out.extend_from_slice(&count.to_le_bytes());
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(&start.to_le_bytes());
    out.extend_from_slice(&[0; 2]);
    Ok(out)
}

fn pack(file: &Bundled) -> Result<Packed<'_>, ZipError> {
    let name = file.name.as_str();
    let length = file.bytes.len() as u64;
    if length > LARGEST_FILE {
        return Err(ZipError::FileSize(name.to_owned()));
    }
    let mut checksum = Crc::new();
    checksum.update(&file.bytes);
    let mut encoder = DeflateEncoder::new(vec![], Compression::default());
    let packed = encoder.write_all(&file.bytes).and_then(|()| encoder.finish());
    let packed = packed.map_err(|_out_of_memory| ZipError::Pack(name.to_owned()))?;
    // What the reader would take for a bomb is stored as it is.
    let worth = packed.len() < file.bytes.len() && !too_steep(packed.len() as u64, length);
    let (method, content) = if worth { (DEFLATED, packed) } else { (STORED, file.bytes.clone()) };
    let unpacked = narrow(file.bytes.len())?;
    Ok(Packed { name, method, checksum: checksum.sum(), content, unpacked })
}

/// The part that both headers share, up to and with the length of the extra field.
fn put_header(out: &mut Vec<u8>, mark: u32, file: &Packed<'_>) -> Result<(), ZipError> {
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
    let name = u16::try_from(file.name.len()).map_err(|_long| ZipError::Name {
        name: file.name.to_owned(),
        why: "must have 1 to 200 characters",
    })?;
    out.extend_from_slice(&name.to_le_bytes());
    out.extend_from_slice(&[0; 2]);
    Ok(())
}

/// The caps keep every number far below four gigabytes.
fn narrow(number: usize) -> Result<u32, ZipError> {
    u32::try_from(number).map_err(|_too_large| ZipError::TotalSize)
}
