//! Envelope, statement, digests, and the first broken part of a bundle.

use signing::{SharedKey, base64_encode};

use super::{key, other_key, results, sealed, statement};
use crate::seal::dsse::seal_as;
use crate::seal::{
    BundleFault, Bundled, JsonFault, PAYLOAD_TYPE, Part, SIGSTORE_FILE, STATEMENT_FILE, SealError,
    Statement, StatementError, SubjectFault, TestResult, check_subjects, open_bundle,
    open_envelope, pre_authentication_encoding, read_statement, seal_files, seal_statement,
    write_zip,
};
use crate::verdict::{Grade, Outcome, Verdict};

#[test]
fn the_signed_bytes_are_the_published_ones() {
    let bytes = pre_authentication_encoding("http://example.com/HelloWorld", b"hello world");
    assert_eq!(bytes, b"DSSEv1 29 http://example.com/HelloWorld 11 hello world");
    assert_eq!(pre_authentication_encoding("", b""), b"DSSEv1 0  0 ");
}

#[test]
fn an_envelope_opens_under_its_key_alone() {
    let envelope = seal_statement(b"{\"a\":1}", &key()).unwrap();
    assert_eq!(envelope, seal_statement(b"{\"a\":1}", &key()).unwrap(), "the same bytes again");
    assert_eq!(open_envelope(&envelope, &key().public()).unwrap(), b"{\"a\":1}");
    let refused = open_envelope(&envelope, &other_key()).unwrap_err();
    assert!(matches!(refused, SealError::KeyId { .. }));
    let text = String::from_utf8(envelope).unwrap();
    let lying = text.replace(&key().public().fingerprint(), &other_key().fingerprint());
    assert_eq!(open_envelope(lying.as_bytes(), &other_key()), Err(SealError::Signature));
}

#[test]
fn every_changed_byte_of_an_envelope_is_found() {
    let envelope = seal_statement(b"{}", &key()).unwrap();
    let trusted = key().public();
    for index in 0..envelope.len() {
        for change in [0x01, 0x20, 0x80] {
            let mut edited = envelope.clone();
            edited[index] ^= change;
            assert!(open_envelope(&edited, &trusted).is_err(), "byte {index} ^ {change:#x}");
        }
        assert!(open_envelope(&envelope[..index], &trusted).is_err(), "cut at {index}");
        let mut longer = envelope.clone();
        longer.insert(index, b' ');
        assert!(open_envelope(&longer, &trusted).is_err(), "a blank at {index}");
    }
}

/// Opens the envelope after an edit of its text.
fn edited(edit: impl Fn(&str) -> String) -> SealError {
    let envelope = String::from_utf8(seal_statement(b"{}", &key()).unwrap()).unwrap();
    let changed = edit(&envelope);
    assert_ne!(changed, envelope);
    open_envelope(changed.as_bytes(), &key().public()).unwrap_err()
}

#[test]
fn every_trick_with_an_envelope_has_its_own_reason() {
    let twice = edited(|text| text.replacen('{', "{\"payload\":\"e30=\",", 1));
    assert_eq!(twice, SealError::Json(JsonFault::Duplicate("payload".to_owned())));
    let unknown = edited(|text| text.replacen('{', "{\"more\":1,", 1));
    assert!(matches!(unknown, SealError::Shape(_)));
    let signature = |text: &str| {
        let start = text.find("{\"keyid\"").unwrap();
        text[start..text.find("]}").unwrap()].to_owned()
    };
    let several = edited(|text| text.replace("]}", &format!(",{}]}}", signature(text))));
    assert_eq!(several, SealError::SignatureCount(2));
    let none = edited(|text| text.replace(&signature(text), ""));
    assert_eq!(none, SealError::SignatureCount(0));
    for lax in ["e30", "e30= ", "e31=", "e3-=", "e30=e30="] {
        let lax = edited(|text| text.replace("\"e30=\"", &format!("\"{lax}\"")));
        assert_eq!(lax, SealError::Base64("payload"));
    }
    assert_eq!(edited(|text| text.replace("==\"}", "\"}")), SealError::Base64("sig"));
    assert_eq!(edited(|text| text.replace("e30=", "W10=")), SealError::Signature);
    assert_eq!(edited(|text| text.replace("in-toto+json", "in-toto+text")), SealError::Signature);
    assert_eq!(edited(|text| text.trim_end().to_owned()), SealError::Rewritten);
    assert_eq!(edited(|text| text.replace("in-toto", "in\\u002dtoto")), SealError::Rewritten);

    let typed = seal_as("application/json", b"{}", &key()).unwrap();
    let refused = open_envelope(&typed, &key().public()).unwrap_err();
    assert_eq!(refused, SealError::PayloadType("application/json".to_owned()));
}

#[test]
fn the_statement_reads_back() {
    let read = read_statement(&statement()).unwrap();
    let names: Vec<_> = read.subject.iter().map(|file| file.name.as_str()).collect();
    let sorted = ["features/ams/payment/a.feature", "record.ndjson", "report.html", "results.json"];
    assert_eq!(names, sorted);
    assert_eq!(read.subject[1].annotations.role, "record");
    assert_eq!(read.predicate.configuration.len(), 1);
    assert_eq!(read.predicate.result, TestResult::Warned);
    let report = &read.predicate.acceptance_report;
    assert!(report.facts.gateway.simulated);
    assert_eq!(report.signature_algorithm, "RSASSA-PKCS1-v1_5-SHA256");
    assert!(report.not_proved.contains(&"that-a-real-gateway-answered".to_owned()));
    assert!(!report.not_proved.contains(&"which-of-two-sides-signed".to_owned()));
    assert_eq!(report.mandatory_executed, 0);
}

#[test]
fn the_result_follows_verdict_grade_and_stability() {
    use Outcome::{Passed, Unstable};
    let of =
        |verdict, grade, outcomes: &[Outcome]| TestResult::of(&results(verdict, grade, outcomes));
    let submission = Grade::Submission;
    assert_eq!(of(Verdict::Acceptable, submission, &[Passed]), TestResult::Passed);
    assert_eq!(of(Verdict::Acceptable, submission, &[Passed, Unstable]), TestResult::Warned);
    assert_eq!(of(Verdict::Acceptable, Grade::Rehearsal, &[Passed]), TestResult::Warned);
    assert_eq!(of(Verdict::Rejected, submission, &[Passed]), TestResult::Failed);
    assert_eq!(of(Verdict::Incomplete, submission, &[]), TestResult::Failed);
}

fn misread(edit: impl Fn(&str) -> String) -> StatementError {
    let text = String::from_utf8(statement()).unwrap();
    let changed = edit(&text);
    assert_ne!(changed, text);
    read_statement(changed.as_bytes()).unwrap_err()
}

#[test]
fn a_statement_is_read_strictly() {
    let twice = misread(|text| text.replace("\"schema\":1", "\"schema\":1,\"schema\":1"));
    assert_eq!(twice, StatementError::Json(JsonFault::Duplicate("schema".to_owned())));
    let unknown = misread(|text| text.replace("\"schema\":1", "\"schema\":1,\"waived\":true"));
    assert!(matches!(unknown, StatementError::Shape(_)));
    let newer = misread(|text| text.replace("\"schema\":1", "\"schema\":2"));
    assert_eq!(newer, StatementError::Schema(2));
    for (from, to) in [("Statement/v1", "Statement/v2"), ("test-result/v0.1", "svr/v0.1")] {
        assert!(matches!(misread(|text| text.replace(from, to)), StatementError::Type { .. }));
    }
    for name in
        ["../results.json", "/results.json", "RESULTS.json", "./a", STATEMENT_FILE, SIGSTORE_FILE]
    {
        let named = misread(|text| text.replace("\"results.json\"", &format!("\"{name}\"")));
        assert_eq!(named, StatementError::Name(name.to_owned()));
    }
    let same = misread(|text| text.replace("\"results.json\"", "\"record.ndjson\""));
    assert_eq!(same, StatementError::Twice("record.ndjson".to_owned()));
    let digest = signing::sha256_hex(b"{}\n");
    let upper = misread(|text| text.replace(&digest, &digest.to_uppercase()));
    assert_eq!(upper, StatementError::Hex("results.json".to_owned()));
}

fn subjects(edit: impl Fn(&mut Vec<Bundled>, &mut Statement)) -> Result<(), SubjectFault> {
    let (mut files, mut statement) = (sealed(), read_statement(&statement()).unwrap());
    edit(&mut files, &mut statement);
    check_subjects(&statement, &files)
}

#[test]
fn the_files_are_those_of_the_statement() {
    assert_eq!(subjects(|_, _| {}), Ok(()));
    let missing = subjects(|files, _| drop(files.remove(0)));
    assert_eq!(missing, Err(SubjectFault::Missing("results.json".to_owned())));
    let changed = subjects(|files, _| files[0].bytes = b"[]\n".to_vec());
    assert!(matches!(changed, Err(SubjectFault::Digest { .. })));
    let longer = subjects(|files, _| files[0].bytes.push(b'\n'));
    assert!(matches!(longer, Err(SubjectFault::Length { expected: 3, found: 4, .. })));
    let added = subjects(|files, _| files.push(Bundled::new("extra.txt", "x")));
    assert_eq!(added, Err(SubjectFault::Unlisted("extra.txt".to_owned())));
    let configured = subjects(|_, statement| {
        statement.predicate.configuration[0].digest.sha256 = "0".repeat(64);
    });
    assert!(matches!(configured, Err(SubjectFault::Configuration(_))));
}

fn first_fault(edit: impl Fn(&mut Vec<Bundled>)) -> BundleFault {
    let mut files = sealed();
    edit(&mut files);
    open_bundle(&write_zip(&files).unwrap(), &key().public()).unwrap_err()
}

type Edit<'a> = &'a dyn Fn(&mut Vec<u8>);

fn named<'a>(files: &'a mut [Bundled], name: &str) -> &'a mut Vec<u8> {
    &mut files.iter_mut().find(|file| file.name == name).unwrap().bytes
}

fn reseal(files: &mut [Bundled], statement: &[u8]) {
    for seal in seal_files(statement, &key()).unwrap() {
        *named(files, &seal.name) = seal.bytes;
    }
}

#[test]
fn a_bundle_opens_or_tells_its_first_broken_part() {
    let zip = write_zip(&sealed()).unwrap();
    let open = open_bundle(&zip, &key().public()).unwrap();
    assert_eq!(open.files.len(), 4);
    assert_eq!(open.files["results.json"], b"{}\n");
    assert!(!open.files.contains_key(STATEMENT_FILE));

    assert_eq!(open_bundle(&zip[1..], &key().public()).unwrap_err().part(), Part::Zip);
    assert_eq!(open_bundle(&zip, &other_key()).unwrap_err().part(), Part::Signature);
    let envelope = first_fault(|files| named(files, STATEMENT_FILE).push(b' '));
    assert_eq!(envelope.part(), Part::Envelope);
    let typed = first_fault(|files| {
        *named(files, STATEMENT_FILE) = seal_as("text/plain", b"x", &key()).unwrap();
    });
    assert_eq!(typed.part(), Part::PayloadType);
    assert_eq!(first_fault(|files| reseal(files, b"{}")).part(), Part::Statement);
    let digest = first_fault(|files| files[1].bytes[3] ^= 1);
    assert_eq!(digest.part(), Part::Digest);
    assert_eq!(
        digest.part().expected().en,
        "exactly the files of the statement, each with its digest"
    );
    assert!(digest.to_string().starts_with("digest: \"record.ndjson\""));
}

/// The sigstore bundle says nothing of its own: another byte in it, another key's hint or another
/// statement is refused, and a bundle of a time before there was one opens.
#[test]
fn the_sigstore_bundle_is_the_envelope_in_its_other_form() {
    let other = seal_files(b"{}", &key()).unwrap();
    let hinted = other_key().fingerprint();
    let edits: [Edit<'_>; 5] = [
        &|bytes| bytes.push(b' '),
        &|bytes| bytes.truncate(bytes.len() - 1),
        &|bytes| bytes.clear(),
        &|bytes| bytes.clone_from(&other[1].bytes),
        &|bytes| {
            let text = String::from_utf8(bytes.clone()).unwrap();
            *bytes = text.replacen(&key().public().fingerprint(), &hinted, 1).into_bytes();
        },
    ];
    for (place, edit) in edits.iter().enumerate() {
        let fault = first_fault(|files| edit(named(files, SIGSTORE_FILE)));
        assert_eq!(fault, BundleFault::Seal(SealError::Sigstore), "{place}");
        assert_eq!(fault.part(), Part::Envelope);
    }
    let mut files = sealed();
    let open = open_bundle(&write_zip(&files).unwrap(), &key().public()).unwrap();
    assert!(!open.sigstore.is_empty() && !open.files.contains_key(SIGSTORE_FILE));
    files.retain(|file| file.name != SIGSTORE_FILE);
    let open = open_bundle(&write_zip(&files).unwrap(), &key().public()).unwrap();
    assert!(open.sigstore.is_empty());
}

#[test]
fn no_changed_byte_of_a_bundle_changes_a_file() {
    let zip = write_zip(&sealed()).unwrap();
    let good = open_bundle(&zip, &key().public()).unwrap();
    let mut accepted = 0;
    for index in 0..zip.len() {
        let mut edited = zip.clone();
        edited[index] ^= 0x04;
        // The last bits of a packed file may fill up its byte and mean nothing.
        let Ok(open) = open_bundle(&edited, &key().public()) else { continue };
        assert_eq!(open.files, good.files, "byte {index}");
        accepted += 1;
    }
    assert!(accepted <= sealed().len(), "{accepted}");
}

/// What the older generation signs with cannot sign a report, and a signature of it opens none.
#[test]
fn a_weak_signature_seals_nothing() {
    let key = key();
    let text = pre_authentication_encoding(PAYLOAD_TYPE, b"{}");
    let sealed = String::from_utf8(seal_as(PAYLOAD_TYPE, b"{}", &key).unwrap()).unwrap();
    let good = base64_encode(&key.sign(&text).unwrap());
    assert!(sealed.contains(&good), "the signature is RSA over SHA-256");
    let dsa = merchant::reference_dsa_key().unwrap();
    let shared = SharedKey::read(b"q8v2m5x0c7b4n1z9l6k3j0h8g5f2d9s6").unwrap();
    for weak in [
        base64_encode(&key.sign_sha1(&text).unwrap()),
        base64_encode(&dsa.sign(&text).unwrap()),
        base64_encode(shared.sign(&text).as_bytes()),
    ] {
        let forged = sealed.replace(&good, &weak);
        let opened = open_envelope(forged.as_bytes(), &key.public());
        assert_eq!(opened, Err(SealError::Signature), "{weak}");
    }
}

#[test]
fn only_report_keys_of_good_size_seal() {
    // A key of 1024 bits, made once with openssl; it protects nothing.
    let small = signing::PrivateKey::read(include_bytes!("small.pem")).unwrap();
    assert_eq!(seal_statement(b"{}", &small), Err(SealError::KeySize(1024)));
    let envelope = seal_statement(b"{}", &key()).unwrap();
    assert_eq!(open_envelope(&envelope, &small.public()), Err(SealError::KeySize(1024)));
}
