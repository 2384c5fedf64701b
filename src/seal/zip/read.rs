//! Reads the profile and refuses everything else.

use evidence::words as say;
use flate2::{Crc, Decompress, FlushDecompress, Status};

use super::{
    CENTRAL, DATE, DEFLATED, END, END_LENGTH, LARGEST_FILE, LARGEST_TOTAL, LOCAL, MOST_FILES,
    STORED, TIME, VERSION, ZipError, check_order, too_steep,
};
use crate::seal::Bundled;

/// What a header says, in either place. The name comes first so that every fault can tell it.
#[derive(Debug, PartialEq, Eq)]
struct Header {
    name: String,
    version: u16,
    flags: u16,
    method: u16,
    time: u16,
    date: u16,
    checksum: u32,
    packed: u32,
    unpacked: u32,
}

/// Where the directory stands, and how many files it names.
struct End {
    start: usize,
    length: usize,
    count: usize,
}

/// Reads little-endian numbers one after the other.
struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let taken = self.bytes.get(self.at..self.at.checked_add(length)?)?;
        self.at += length;
        Some(taken)
    }

    fn short(&mut self) -> Option<u16> {
        self.take(2)?.try_into().ok().map(u16::from_le_bytes)
    }

    fn long(&mut self) -> Option<u32> {
        self.take(4)?.try_into().ok().map(u32::from_le_bytes)
    }
}

/// Unpacks a bundle into memory. The archive is refused as a whole when anything in it could be
/// read in two ways.
pub fn read_zip(bytes: &[u8]) -> Result<Vec<Bundled>, ZipError> {
    let end = read_end(bytes)?;
    let headers = read_directory(bytes, &end)?;
    let names: Vec<&str> = headers.iter().map(|(header, _)| header.name.as_str()).collect();
    check_order(&names)?;
    check_sizes(&headers)?;
    let mut files = vec![];
    let mut cursor = Cursor { bytes: &bytes[..end.start], at: 0 };
    for (header, offset) in headers {
        if offset != cursor.at {
            return Err(ZipError::Gap(header.name));
        }
        let local = read_local(&mut cursor)?;
        if local != header {
            return Err(ZipError::Differ(header.name));
        }
        let packed = wide(header.packed).and_then(|length| cursor.take(length));
        let Some(packed) = packed else { return Err(ZipError::Data(header.name)) };
        let unpacked = unpack(&header, packed)?;
        files.push(Bundled { name: header.name, bytes: unpacked });
    }
    if cursor.at == end.start { Ok(files) } else { Err(ZipError::Directory) }
}

fn wide(number: u32) -> Option<usize> {
    usize::try_from(number).ok()
}

fn read_end(bytes: &[u8]) -> Result<End, ZipError> {
    let at = bytes.len().checked_sub(END_LENGTH).ok_or(ZipError::End)?;
    let mut cursor = Cursor { bytes, at };
    if cursor.long() != Some(END) || !bytes.ends_with(&[0, 0]) {
        return Err(ZipError::End);
    }
    let mut short = || cursor.short().ok_or(ZipError::End);
    let (disk, first_disk, here, count) = (short()?, short()?, short()?, short()?);
    let (length, start) =
        (cursor.long().ok_or(ZipError::End)?, cursor.long().ok_or(ZipError::End)?);
    let long_form = count == u16::MAX || length == u32::MAX || start == u32::MAX;
    if disk != 0 || first_disk != 0 || here != count || long_form {
        return Err(ZipError::Zip64);
    }
    let (start, length) = (wide(start), wide(length));
    let (Some(start), Some(length)) = (start, length) else { return Err(ZipError::Directory) };
    if start.checked_add(length) != Some(at) {
        return Err(ZipError::Directory);
    }
    let count = usize::from(count);
    if count == 0 || count > MOST_FILES {
        return Err(ZipError::Count(count));
    }
    Ok(End { start, length, count })
}

/// Reads what both headers share, the extra field's length included, which must be nothing. In a
/// local header the name follows at once.
fn read_shared(cursor: &mut Cursor<'_>) -> Option<(Header, u16, u16)> {
    let mut shorts = [0; 5];
    for short in &mut shorts {
        *short = cursor.short()?;
    }
    let [version, flags, method, time, date] = shorts;
    let (checksum, packed, unpacked) = (cursor.long()?, cursor.long()?, cursor.long()?);
    let (name_length, extra_length) = (cursor.short()?, cursor.short()?);
    let name = String::new();
    let header = Header { name, version, flags, method, time, date, checksum, packed, unpacked };
    Some((header, name_length, extra_length))
}

fn read_directory(bytes: &[u8], end: &End) -> Result<Vec<(Header, usize)>, ZipError> {
    let mut cursor = Cursor { bytes: &bytes[..end.start + end.length], at: end.start };
    let mut headers = vec![];
    for _ in 0..end.count {
        let at = cursor.at;
        headers.push(read_central(&mut cursor).ok_or(ZipError::Header(at as u64))??);
    }
    if cursor.at == end.start + end.length { Ok(headers) } else { Err(ZipError::Directory) }
}

/// One header of the directory; `None` where it is cut off or begins with other bytes.
fn read_central(cursor: &mut Cursor<'_>) -> Option<Result<(Header, usize), ZipError>> {
    if cursor.long()? != CENTRAL {
        return None;
    }
    let made_by = cursor.short()?;
    let (mut header, name_length, extra_length) = read_shared(cursor)?;
    let (comment_length, disk, inner) = (cursor.short()?, cursor.short()?, cursor.short()?);
    let (outer, offset) = (cursor.long()?, cursor.long()?);
    let name = cursor.take(usize::from(name_length))?;
    header.name = String::from_utf8_lossy(name).into_owned();
    let name = header.name.clone();
    Some(if extra_length != 0 || comment_length != 0 {
        Err(ZipError::Extra(name))
    } else if outer != 0 || inner != 0 || disk != 0 || header.name.ends_with('/') {
        Err(ZipError::NotPlain(name))
    } else if made_by != VERSION {
        Err(ZipError::Fixed(name))
    } else {
        check_fixed(&header).and_then(|()| {
            let offset = wide(offset).ok_or(ZipError::Gap(name))?;
            Ok((header, offset))
        })
    })
}

fn check_fixed(header: &Header) -> Result<(), ZipError> {
    let name = || header.name.clone();
    let why = match header.flags {
        0 => None,
        flags if flags & 0x2041 != 0 => Some(&say::ZIP_FLAGS_ENCRYPTED),
        flags if flags & 0x0008 != 0 => Some(&say::ZIP_FLAGS_SIZE),
        _ => Some(&say::ZIP_FLAGS_OTHER),
    };
    if let Some(why) = why {
        return Err(ZipError::Flags { name: name(), why });
    }
    if header.method != STORED && header.method != DEFLATED {
        return Err(ZipError::Method { name: name(), method: header.method });
    }
    if header.version != VERSION || header.time != TIME || header.date != DATE {
        return Err(ZipError::Fixed(name()));
    }
    Ok(())
}

/// Looks at the sizes that are told before anything is unpacked.
fn check_sizes(headers: &[(Header, usize)]) -> Result<(), ZipError> {
    let mut total = 0_u64;
    for (header, _) in headers {
        let (packed, unpacked) = (u64::from(header.packed), u64::from(header.unpacked));
        if unpacked > LARGEST_FILE {
            return Err(ZipError::FileSize(header.name.clone()));
        }
        if too_steep(packed, unpacked) {
            return Err(ZipError::Ratio(header.name.clone()));
        }
        total += unpacked;
    }
    if total > LARGEST_TOTAL { Err(ZipError::TotalSize) } else { Ok(()) }
}

fn read_local(cursor: &mut Cursor<'_>) -> Result<Header, ZipError> {
    let at = cursor.at;
    let mut read = || {
        if cursor.long()? != LOCAL {
            return None;
        }
        let (mut header, name_length, extra_length) = read_shared(cursor)?;
        let name = cursor.take(usize::from(name_length))?;
        header.name = String::from_utf8_lossy(name).into_owned();
        Some((header, extra_length))
    };
    let (header, extra_length) = read().ok_or(ZipError::Header(at as u64))?;
    if extra_length != 0 {
        return Err(ZipError::Extra(header.name));
    }
    Ok(header)
}

fn unpack(header: &Header, packed: &[u8]) -> Result<Vec<u8>, ZipError> {
    let broken = || ZipError::Data(header.name.clone());
    let length = wide(header.unpacked).ok_or_else(broken)?;
    let unpacked = if header.method == STORED {
        packed.to_vec()
    } else {
        inflate(packed, length).ok_or_else(broken)?
    };
    if unpacked.len() != length {
        return Err(broken());
    }
    let mut checksum = Crc::new();
    checksum.update(&unpacked);
    if checksum.sum() == header.checksum {
        Ok(unpacked)
    } else {
        Err(ZipError::Checksum(header.name.clone()))
    }
}

/// Inflates raw deflate data. The stream must end with its last byte, and never writes more than
/// one byte beyond what was told.
fn inflate(packed: &[u8], length: usize) -> Option<Vec<u8>> {
    let mut out = vec![0; length + 1];
    let mut stream = Decompress::new(false);
    let status = stream.decompress(packed, &mut out, FlushDecompress::Finish).ok()?;
    let whole = status == Status::StreamEnd && stream.total_in() == packed.len() as u64;
    let fits = stream.total_out() == length as u64;
    out.truncate(length);
    (whole && fits).then_some(out)
}
