//! A catalogue of cases.

#![no_main]

use assay::suite::Catalogue;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Err(findings) = Catalogue::read("catalogue.yaml", text) {
        assert!(!findings.is_empty(), "a refusal says why");
    }
});
