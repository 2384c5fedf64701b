//! A profile, in a folder of its own so that no path in it leads anywhere.

#![no_main]

use std::sync::LazyLock;

use assay::profile::Profile;
use libfuzzer_sys::fuzz_target;
use tempfile::TempDir;

static FOLDER: LazyLock<TempDir> = LazyLock::new(|| tempfile::tempdir().expect("a folder"));

fuzz_target!(|bytes: &[u8]| {
    let path = FOLDER.path().join("assay.yaml");
    std::fs::write(&path, bytes).expect("a writable folder");
    if let Err(error) = Profile::load(&path) {
        assert!(!error.0.is_empty(), "a refusal says why");
        let _ = error.to_string();
    }
});
