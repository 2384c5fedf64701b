//! Every reason is said in both languages, and in English as the crates below say it.

use delivery::{DeliveryError, Doing, TrustError};
use evidence::words::{
    ADAPTER_NO_WORD, ADAPTER_WANTS_ABOVE_ZERO, ADAPTER_WANTS_FROM_ONE, ADAPTER_WANTS_NO_TROUBLE,
    ADAPTER_WANTS_SHA256, ADAPTER_WANTS_TEXT, Language, Phrase, ZIP_FLAGS_SIZE, ZIP_NAME_SLASH,
    misshapen,
};
use signing::{
    Armour, AuthorityError, Container, Content, Damage, DsaKeyError, Exponent, Half, KeyError,
    OpenError, Remark, Shape, SharedKeyError, SignError,
};

use merchant::DriverError;
use merchant::adapter::{Counterpart, Fault, Operation, Trouble};
use steps::ControlError;
use wire::CallError;

use super::{
    authority_error, dsa_key_error, key_error, open_error, remark, shape, shared_key_error,
    signing, switch, trust,
};
use crate::seal::{JsonFault, SealError, StatementError, SubjectFault, ZipError};

/// Whether a text is Chinese but for names: it has Chinese characters and no sentence of English.
fn is_chinese(text: &str) -> bool {
    let chinese = |c: char| ('\u{4E00}'..='\u{9FFF}').contains(&c);
    let words = text.split(|c: char| !c.is_ascii_alphabetic() && c != ' ');
    text.contains(chinese) && words.map(|run| run.split_whitespace().count()).all(|run| run < 4)
}

#[track_caller]
fn holds(said: &Phrase, english: &str) {
    assert_eq!(said.text(Language::En), english);
    let zh = said.text(Language::Zh);
    assert!(is_chinese(&zh), "{zh}");
}

fn of(content: Content) -> Shape {
    Shape { content, armour: Armour::None, bits: None, remarks: vec![] }
}

fn shapes() -> Vec<Shape> {
    let rsa = |half| Content::RsaKey { half, container: Container::Spki };
    let other = |name: &str| Content::OtherKey { half: Half::Public, algorithm: name.to_owned() };
    let mut shapes: Vec<Shape> = [
        rsa(Half::Private),
        rsa(Half::Public),
        other("EC"),
        other("DSA"),
        other("unknown-algorithm (1.2.3)"),
        other("multi-prime RSA"),
        Content::Encrypted,
        Content::Certificate,
        Content::CertificateRequest,
        Content::Foreign("a PKCS#12 key store"),
        Content::Foreign("a PKCS#7 container"),
        Content::Foreign("a Java key store"),
        Content::Foreign("an OpenSSH private key"),
        Content::Several(vec!["A".to_owned(), "B".to_owned()]),
        Content::Empty,
        Content::NotAKey,
    ]
    .map(of)
    .into();
    shapes.extend(damages().map(|damage| of(Content::Damaged(damage))));
    shapes.push(Shape { bits: Some(2048), ..of(rsa(Half::Public)) });
    shapes
}

fn damages() -> [Damage; 8] {
    [
        Damage::Truncated { missing: 1 },
        Damage::Truncated { missing: 3 },
        Damage::Trailing { extra: 2 },
        Damage::Character { found: '*', line: 2 },
        Damage::Character { found: '…', line: 3 },
        Damage::Length,
        Damage::Structure,
        Damage::TooLong { bytes: 70_000 },
    ]
}

#[test]
fn every_text_is_named_in_both_languages() {
    for found in shapes() {
        holds(&shape(&found), &found.headline());
    }
    for found in [
        Remark::ByteOrderMark,
        Remark::Utf16,
        Remark::Quotes,
        Remark::EscapedLineBreaks,
        Remark::CarriageReturns,
        Remark::Blanks,
        Remark::OneLine,
        Remark::Columns(76),
        Remark::LeadingText,
        Remark::TrailingText,
        Remark::BeginLineMissing,
        Remark::EndLineMissing,
        Remark::EndLabelDiffers,
        Remark::LabelDoesNotFit { fitting: "PRIVATE KEY" },
        Remark::Unpadded,
        Remark::UrlAlphabet,
    ] {
        holds(&remark(&found), &found.to_string());
    }
}

#[test]
fn every_reason_against_a_key_of_the_older_generation_is_said_in_both_languages() {
    let expected = Half::Private;
    let unfit = |found| DsaKeyError::Unfit { found, expected };
    for error in shapes().into_iter().map(unfit).chain([DsaKeyError::Numbers { expected }]) {
        holds(&dsa_key_error(&error), &error.to_string());
    }
    for error in [SharedKeyError::Character { at: 3 }, SharedKeyError::Length { found: 31 }] {
        holds(&shared_key_error(error), &error.to_string());
    }
}

#[test]
fn every_reason_against_a_key_is_said_in_both_languages() {
    let expected = Half::Private;
    let mut errors = vec![
        KeyError::Empty { expected },
        KeyError::TooSmall { bits: 512 },
        KeyError::TooLarge { bits: 9000 },
        KeyError::EvenModulus,
        KeyError::Exponent { exponent: Exponent::Number(4) },
        KeyError::Exponent { exponent: Exponent::Long(66) },
        KeyError::Refused { bits: 2048 },
        KeyError::Inconsistent { bits: 2048 },
        KeyError::Size { bits: 2000 },
        KeyError::Generation { bits: 2048 },
    ];
    errors.extend(damages().map(|damage| KeyError::Damaged { damage, expected }));
    for found in shapes() {
        errors.extend([
            KeyError::OtherHalf { found: found.clone(), expected: Half::Public },
            KeyError::Encrypted { found: found.clone(), expected },
            KeyError::Certificate { found: found.clone(), expected },
            KeyError::OtherAlgorithm { found: found.clone(), expected },
            KeyError::Several { found: found.clone(), expected },
            KeyError::NotAKey { found, expected },
        ]);
    }
    for error in errors {
        holds(&key_error(&error), &error.to_string());
    }
    for error in [SignError::Failed, SignError::Refused] {
        holds(&signing(error), &error.to_string());
    }
    let choice = |choice: &str| sandbox::Switches::default().set("A7", choice).unwrap_err();
    let unknown = sandbox::Switches::default().set("Z9", "x").unwrap_err();
    for error in [choice("twice"), unknown] {
        holds(&switch(&error), &error.to_string());
    }
    let refused = ControlError::Refused {
        target: "/_sandbox/clock".to_owned(),
        status: 403,
        said: "no".to_owned(),
    };
    let unreadable = ControlError::Unreadable("/_sandbox/clock".to_owned());
    for error in [refused, unreadable, ControlError::Call(CallError::TooLong)] {
        holds(&error.says(), &error.to_string());
    }
    for error in [TrustError::KnownHost, TrustError::Revoked, TrustError::Key] {
        holds(&trust(&error), &error.to_string());
    }
}

#[test]
fn every_way_in_which_a_merchant_outside_fails_is_said_in_both_languages() {
    let (why, to, path) = (|| "no".to_owned(), || "http://a/b".to_owned(), || "paid".to_owned());
    let faults = [
        Fault::Absent,
        Fault::Unreached(why()),
        Fault::Dropped(why()),
        Fault::Silent(10_000),
        Fault::Unstarted(why()),
        Fault::Ended(why()),
        Fault::NoHttp(why()),
        Fault::TooLong,
        Fault::Garbage(why()),
        Fault::GarbageLong,
        Fault::Status(500, why()),
        Fault::Status(200, String::new()),
        Fault::Redirect(308, to()),
        Fault::Unserved(404),
        Fault::Page(501),
        Fault::Empty(200),
        Fault::NoText(7),
        Fault::NoJson { line: 1, column: 2, why: why() },
        Fault::Shape { path: path(), line: 1, column: 2, what: misshapen("missing field `x`") },
        Fault::Shape { path: String::new(), line: 1, column: 2, what: ADAPTER_NO_WORD.plain() },
        Fault::About { asked: "A1".to_owned(), told: "A2".to_owned() },
        Fault::Value { path: path(), found: "0".to_owned(), wanted: &ADAPTER_WANTS_ABOVE_ZERO },
        Fault::Value { path: path(), found: "0".to_owned(), wanted: &ADAPTER_WANTS_SHA256 },
        Fault::Value { path: path(), found: "0".to_owned(), wanted: &ADAPTER_WANTS_NO_TROUBLE },
        Fault::Value { path: path(), found: "0".to_owned(), wanted: &ADAPTER_WANTS_FROM_ONE },
        Fault::Value { path: path(), found: "0".to_owned(), wanted: &ADAPTER_WANTS_TEXT },
        Fault::Away,
    ];
    let with = [
        Counterpart::Adapter(to()),
        Counterpart::Command("python3 a.py".to_owned()),
        Counterpart::Tester,
    ];
    for (with, fault) in with.iter().flat_map(|with| faults.iter().map(move |fault| (with, fault)))
    {
        for operation in [Operation::Charge, Operation::Order] {
            let (with, fault) = (with.clone(), fault.clone());
            let target = operation.path().to_owned();
            let trouble = Box::new(Trouble { with, operation, target, fault });
            for error in
                [DriverError::Unreachable(trouble.clone()), DriverError::Unreadable(trouble)]
            {
                holds(&error.says(), &error.to_string());
            }
        }
    }
    for error in [
        DriverError::Refused(why()),
        DriverError::Unsupported(Operation::Present, why()),
        DriverError::Unsupported(Operation::Present, String::new()),
    ] {
        holds(&error.says(), &error.to_string());
    }
    for url in ["https://a", "http://a?b", "http://a@b", "a"] {
        chinese(&merchant::Http::new(url).unwrap_err().says());
        chinese(&merchant::Http::new(url).unwrap_err().advice());
    }
}

#[test]
fn every_reason_that_no_file_comes_is_said_in_both_languages() {
    let address = || "sftp.example:22".to_owned();
    let (path, why) = (|| "/v1/a.csv".to_owned(), || "no".to_owned());
    let mut errors = vec![
        DeliveryError::Refused(address()),
        DeliveryError::Unreachable { address: address(), why: why() },
        DeliveryError::HostKey { address: address(), shown: "a".into(), pinned: "b".into() },
        DeliveryError::Login { address: address(), user: "u".into() },
        DeliveryError::NoRoot { address: address(), root: path() },
        DeliveryError::NoSuchFile(path()),
        DeliveryError::Denied { path: path(), why: why() },
        DeliveryError::Endless(address()),
        DeliveryError::TooLarge { path: path(), limit: 9 },
        DeliveryError::Local { path: path(), why: why() },
    ];
    for doing in
        [Doing::Connecting, Doing::LoggingIn, Doing::Listing, Doing::Reading, Doing::Delivering]
    {
        let (one, two, three) = (address(), address(), address());
        errors.extend([
            DeliveryError::Stalled { address: one, doing },
            DeliveryError::Dropped { address: two, doing },
            DeliveryError::Protocol { address: three, doing, why: why() },
        ]);
    }
    for error in errors {
        holds(&error.says(), &error.to_string());
        chinese(&error.advice().plain());
        // No word of ours is left in English inside.
        let zh = error.says().text(Language::Zh);
        assert!(!zh.contains("ing"), "{zh}");
    }
}

#[test]
fn every_reason_against_a_zip_is_said_in_chinese() {
    let name = || "report.html".to_owned();
    let zips = [
        ZipError::End,
        ZipError::Zip64,
        ZipError::Directory,
        ZipError::Header(7),
        ZipError::Count(0),
        ZipError::First,
        ZipError::Order(name()),
        ZipError::Duplicate(name()),
        ZipError::Twin(name()),
        ZipError::Name { name: name(), why: &ZIP_NAME_SLASH },
        ZipError::NotPlain(name()),
        ZipError::Extra(name()),
        ZipError::Flags { name: name(), why: &ZIP_FLAGS_SIZE },
        ZipError::Method { name: name(), method: 99 },
        ZipError::Fixed(name()),
        ZipError::Differ(name()),
        ZipError::Gap(name()),
        ZipError::FileSize(name()),
        ZipError::TotalSize,
        ZipError::Ratio(name()),
        ZipError::Data(name()),
        ZipError::Checksum(name()),
        ZipError::Pack(name()),
    ]
    .map(|error| error.says());
    zips.iter().for_each(chinese);
}

#[test]
fn every_reason_against_a_seal_is_said_in_chinese() {
    let name = || "report.html".to_owned();
    let twice = || JsonFault::Duplicate("a".to_owned());
    let seals = [
        SealError::KeySize(1024),
        SealError::Sign(SignError::Failed),
        SealError::Json(twice()),
        SealError::Json(JsonFault::Malformed("EOF".to_owned())),
        SealError::Shape("EOF".to_owned()),
        SealError::SignatureCount(2),
        SealError::Base64("payload"),
        SealError::KeyId { found: "a".to_owned(), trusted: "b".to_owned() },
        SealError::Rewritten,
        SealError::Signature,
        SealError::PayloadType("text".to_owned()),
    ]
    .map(|error| error.says());
    let statements = [
        StatementError::Json(twice()),
        StatementError::Shape("EOF".to_owned()),
        StatementError::Type { expected: "a", found: "b".to_owned() },
        StatementError::Schema(9),
        StatementError::Empty,
        StatementError::Name(name()),
        StatementError::Twice(name()),
        StatementError::Hex(name()),
    ]
    .map(|error| error.says());
    let files = [
        SubjectFault::Missing(name()),
        SubjectFault::Digest { name: name(), expected: "a".to_owned(), found: "b".to_owned() },
        SubjectFault::Length { name: name(), expected: 3, found: 4 },
        SubjectFault::Unlisted(name()),
        SubjectFault::Configuration(name()),
    ]
    .map(|error| error.says());
    seals.iter().chain(&statements).chain(&files).for_each(chinese);
}

fn chinese(said: &Phrase) {
    let zh = said.text(Language::Zh);
    assert!(is_chinese(&zh), "{zh}");
}

#[test]
fn why_there_is_no_authority_is_said_in_both_languages() {
    for error in [
        AuthorityError::Key,
        AuthorityError::Certificate,
        AuthorityError::NotAuthority,
        AuthorityError::Foreign,
        AuthorityError::NotNow,
        AuthorityError::Nameless,
        AuthorityError::Name("a b".to_owned()),
        AuthorityError::Moment,
        AuthorityError::Failed,
    ] {
        holds(&authority_error(&error), &error.to_string());
    }
}

#[test]
fn why_a_signature_does_not_open_is_said_in_both_languages() {
    for error in [
        OpenError::Length { found: 128, expected: 256 },
        OpenError::Range,
        OpenError::Padding,
        OpenError::DigestInfo { length: 7 },
    ] {
        holds(&open_error(&error), &error.to_string());
    }
}
