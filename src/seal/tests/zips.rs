//! The zip profile: what is written reads back everywhere, every known trick is refused.

use std::io::{Cursor, Read as _, Write as _};

use proptest::prelude::*;
use zip::write::{ExtendedFileOptions, FileOptions, SimpleFileOptions};
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use super::sealed;
use crate::seal::{
    Bundled, LARGEST_FILE, Packer, STATEMENT_FILE, ZipError, read_zip, write_zip, zip_of,
};

const CENTRAL: &[u8] = b"PK\x01\x02";
const END: &[u8] = b"PK\x05\x06";

fn small() -> Vec<Bundled> {
    vec![
        Bundled::new(STATEMENT_FILE, "{}"),
        Bundled::new("a.txt", "hello"),
        Bundled::new("b.txt", "x".repeat(600)),
    ]
}

fn good() -> Vec<u8> {
    write_zip(&small()).unwrap()
}

fn refused(bytes: &[u8]) -> ZipError {
    read_zip(bytes).unwrap_err()
}

/// Where a pattern begins for the `nth` time, from 0.
fn place(bytes: &[u8], pattern: &[u8], nth: usize) -> usize {
    let places = (0..bytes.len()).filter(|at| bytes[*at..].starts_with(pattern));
    places.into_iter().nth(nth).unwrap()
}

/// The archive with bytes put over those at a place.
fn over(mut bytes: Vec<u8>, at: usize, new: &[u8]) -> Vec<u8> {
    bytes[at..at + new.len()].copy_from_slice(new);
    bytes
}

/// Where the header of the `nth` file stands in the directory, and before its data.
fn headers(bytes: &[u8], nth: usize) -> (usize, usize) {
    (place(bytes, CENTRAL, nth), place(bytes, b"PK\x03\x04", nth))
}

/// Puts the same bytes over a field in both headers of the second file.
fn both(offset_in_local: usize, new: &[u8]) -> Vec<u8> {
    let bytes = good();
    let (central, local) = headers(&bytes, 1);
    over(over(bytes, central + 2 + offset_in_local, new), local + offset_in_local, new)
}

#[test]
fn what_is_written_reads_back() {
    let files = read_zip(&write_zip(&sealed()).unwrap()).unwrap();
    assert_eq!(files[0].name, STATEMENT_FILE);
    assert!(files[1..].is_sorted_by(|one, other| one.name < other.name));
    assert_eq!(files.len(), sealed().len());
    let mut shuffled = sealed();
    shuffled.reverse();
    assert_eq!(write_zip(&shuffled).unwrap(), write_zip(&sealed()).unwrap());
}

#[test]
fn the_zip_crate_reads_what_we_write() {
    let bytes = write_zip(&sealed()).unwrap();
    let mut archive = ZipArchive::new(Cursor::new(&bytes)).unwrap();
    assert_eq!(archive.len(), sealed().len());
    for file in sealed() {
        let mut found = archive.by_name(&file.name).unwrap();
        let mut content = vec![];
        found.read_to_end(&mut content).unwrap();
        assert_eq!(content, file.bytes, "{}", file.name);
        assert!(found.is_file() && found.extra_data().is_none_or(|extra| extra.is_empty()));
    }
}

/// An archive by the other crate, as near to our profile as it can write.
fn foreign(files: &[(&str, &[u8])], options: SimpleFileOptions) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(vec![]));
    for (name, bytes) in files {
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn plain() -> SimpleFileOptions {
    FileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::default())
}

#[test]
fn foreign_archives_have_modes_and_are_refused() {
    let bytes = foreign(&[(STATEMENT_FILE, b"{}")], plain());
    assert!(matches!(refused(&bytes), ZipError::NotPlain(_)));
    let mut writer = ZipWriter::new(Cursor::new(vec![]));
    writer.add_symlink(STATEMENT_FILE, "/etc/passwd", plain()).unwrap();
    let bytes = writer.finish().unwrap().into_inner();
    assert!(matches!(refused(&bytes), ZipError::NotPlain(_)), "a link");
    let mut writer = ZipWriter::new(Cursor::new(vec![]));
    writer.add_directory("features/", plain()).unwrap();
    let bytes = writer.finish().unwrap().into_inner();
    assert!(matches!(refused(&bytes), ZipError::NotPlain(_)), "a directory");
    let mut options = FileOptions::<ExtendedFileOptions>::default();
    options.add_extra_field(0x7075, vec![1, 0, 0, 0, 0, b'x'].into_boxed_slice(), true).unwrap();
    let mut writer = ZipWriter::new(Cursor::new(vec![]));
    writer.start_file(STATEMENT_FILE, options).unwrap();
    let bytes = writer.finish().unwrap().into_inner();
    assert!(matches!(refused(&bytes), ZipError::Extra(_)), "another name in an extra field");
}

#[test]
fn names_stand_once_and_stay_inside() {
    let named = |name: &str| {
        let mut files = small();
        files[2].name = name.to_owned();
        write_zip(&files).unwrap_err()
    };
    assert_eq!(named("a.txt"), ZipError::Duplicate("a.txt".to_owned()));
    assert_eq!(named("A.txt"), ZipError::Twin("a.txt".to_owned()));
    let long = "a".repeat(201);
    for name in [
        "../b", "/b", "b/", "b/../c", "./b", "b//c", "b\\c", "c:/b", "B", "b\0c", "", "é", "b c",
        &long,
    ] {
        assert!(matches!(named(name), ZipError::Name { .. }), "{name:?}");
        // The reader refuses the same names where both headers carry them.
        if name.len() == 5 && name != "b\0c" {
            let (central, local) = headers(&good(), 1);
            let bytes =
                over(over(good(), central + 46, name.as_bytes()), local + 30, name.as_bytes());
            assert!(matches!(refused(&bytes), ZipError::Name { .. }), "{name:?}");
        }
    }
    for (name, fault) in [
        ("b.txt", ZipError::Duplicate("b.txt".to_owned())),
        ("B.txt", ZipError::Twin("b.txt".to_owned())),
        ("c.txt", ZipError::Order("b.txt".to_owned())),
        (
            "../xx",
            ZipError::Name { name: "../xx".to_owned(), why: &evidence::words::ZIP_NAME_PARTS },
        ),
    ] {
        let (central, local) = headers(&good(), 1);
        let bytes = over(over(good(), central + 46, name.as_bytes()), local + 30, name.as_bytes());
        let found = refused(&bytes);
        assert_eq!(std::mem::discriminant(&found), std::mem::discriminant(&fault), "{found}");
    }
    let without: Vec<Bundled> = small().into_iter().skip(1).collect();
    assert_eq!(write_zip(&without), Err(ZipError::First));
    assert_eq!(write_zip(&[]), Err(ZipError::Count(0)));
}

#[test]
fn nothing_stands_before_between_or_after() {
    let bytes = good();
    assert_eq!(refused(&[bytes.as_slice(), &bytes].concat()), ZipError::Directory, "zip after zip");
    assert_eq!(refused(&[b"x".as_slice(), &bytes].concat()), ZipError::Directory);
    assert_eq!(refused(&[bytes.as_slice(), b"\0"].concat()), ZipError::End);
    assert_eq!(refused(&[bytes.as_slice(), b"\n"].concat()), ZipError::End);
    let end = place(&bytes, END, 0);
    let length = u16::try_from(bytes.len()).unwrap().to_le_bytes();
    let hidden = [over(bytes.clone(), end + 20, &length), bytes.clone()].concat();
    assert_eq!(refused(&hidden), ZipError::Directory, "a zip in the comment");
    for length in 0..bytes.len() {
        assert!(read_zip(&bytes[..length]).is_err(), "cut at {length}");
    }
    let start = u32::try_from(place(&bytes, CENTRAL, 0) + 1).unwrap().to_le_bytes();
    let mut gap = bytes.clone();
    gap.insert(place(&bytes, CENTRAL, 0), 0);
    let gap = over(gap, end + 1 + 16, &start);
    assert_eq!(refused(&gap), ZipError::Directory, "a byte before the directory");
}

#[test]
fn both_headers_agree_and_say_nothing_else() {
    let (_, local) = headers(&good(), 1);
    let (central, _) = headers(&good(), 1);
    assert!(matches!(refused(&over(good(), local + 30, b"c.txt")), ZipError::Differ(_)));
    assert!(matches!(refused(&over(good(), local + 14, b"\0\0\0\0")), ZipError::Differ(_)));
    assert!(matches!(refused(&over(good(), central + 42, b"\0\0\0\0")), ZipError::Gap(_)));
    assert!(matches!(refused(&over(good(), central + 38, b"\0\0\xa0\x01")), ZipError::NotPlain(_)));
    assert!(matches!(refused(&over(good(), central + 5, b"\x03")), ZipError::Fixed(_)));
    assert!(matches!(refused(&over(good(), central + 30, b"\x01")), ZipError::Extra(_)));
    assert!(matches!(refused(&over(good(), central + 32, b"\x01")), ZipError::Extra(_)));
    assert!(matches!(refused(&over(good(), local + 28, b"\x01")), ZipError::Extra(_)));
    for (flags, why) in [(0x0001_u16, "encrypted"), (0x0008, "after its data"), (0x0800, "others")]
    {
        let fault = refused(&both(6, &flags.to_le_bytes())).to_string();
        assert!(fault.contains(why), "{fault}");
    }
    assert!(matches!(refused(&both(8, b"\x0c\0")), ZipError::Method { method: 12, .. }));
    assert!(matches!(refused(&both(10, b"\x01\0")), ZipError::Fixed(_)), "another time");
    assert!(matches!(refused(&both(14, b"\0\0\0\0")), ZipError::Checksum(_)));
    assert!(matches!(refused(&both(22, b"\x04\0\0\0")), ZipError::Data(_)), "another size");
    let end = place(&good(), END, 0);
    assert_eq!(refused(&over(good(), end + 4, b"\x01")), ZipError::Zip64);
    assert_eq!(refused(&over(good(), end + 8, b"\xff\xff\xff\xff")), ZipError::Zip64);
    assert_eq!(refused(&over(good(), end + 8, b"\0\0\0\0")), ZipError::Count(0));
    assert!(matches!(refused(&over(good(), end + 8, b"\x04\0\x04\0")), ZipError::Header(_)));
    assert_eq!(refused(&over(good(), end + 8, b"\x02\0\x02\0")), ZipError::Directory);
}

#[test]
fn bombs_are_refused_before_they_are_unpacked() {
    let told = |size: u64| both(22, &u32::try_from(size).unwrap().to_le_bytes());
    assert!(matches!(refused(&told(LARGEST_FILE + 1)), ZipError::FileSize(_)));
    assert!(matches!(refused(&told(5 * 200 + 1)), ZipError::Ratio(_)));
    assert!(matches!(refused(&told(5 * 200)), ZipError::Data(_)));
    let mut files = small();
    files[1].bytes = vec![0; 1 << 20];
    let stored = write_zip(&files).unwrap();
    assert!(stored.len() > 1 << 20, "what would look like a bomb is stored");
    assert_eq!(read_zip(&stored).unwrap()[1].bytes.len(), 1 << 20);
}

#[test]
fn parts_that_wait_in_files_make_the_same_zip() {
    let mut files = small();
    // One that is stored as it is, whatever it was packed into.
    files[1].bytes = vec![0; 1 << 20];
    let pack = |file: &Bundled| {
        let mut packer = Packer::into_file(tempfile::tempfile().unwrap());
        packer.write_all(&file.bytes).unwrap();
        packer.finish(&file.name, || Ok(file.bytes.clone())).unwrap()
    };
    let mut bytes = vec![];
    zip_of(files.iter().map(pack).collect()).unwrap().read_to_end(&mut bytes).unwrap();
    assert_eq!(bytes, write_zip(&files).unwrap());
    assert_eq!(read_zip(&bytes).unwrap(), files);
}

#[test]
fn our_own_bombs_are_not_written() {
    let mut files = small();
    files[1].bytes = vec![0; usize::try_from(LARGEST_FILE).unwrap() + 1];
    assert!(matches!(write_zip(&files), Err(ZipError::FileSize(_))));
}

proptest! {
    #[test]
    fn any_files_survive(contents in proptest::collection::vec(any::<Vec<u8>>(), 1..6)) {
        let mut files = vec![Bundled::new(STATEMENT_FILE, "{}")];
        files.extend((0..).zip(contents).map(|(number, bytes): (u32, _)| {
            Bundled::new(format!("file-{number}"), bytes)
        }));
        let bytes = write_zip(&files).unwrap();
        prop_assert_eq!(read_zip(&bytes).unwrap(), files);
    }

    #[test]
    fn foreign_bytes_never_break_the_reader(bytes: Vec<u8>, at: usize, byte: u8) {
        let _ = read_zip(&bytes);
        let mut edited = good();
        let at = at % edited.len();
        edited[at] = byte;
        // Where it is still accepted, no file was changed.
        if let Ok(files) = read_zip(&edited) {
            prop_assert_eq!(files, small());
        }
    }
}
