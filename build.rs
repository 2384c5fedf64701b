//! Refuses to build a suite that changed under its old version. Every bundle names the version, and
//! whoever verifies it must find the same catalogue and features under it. A new version builds
//! while it is worked on; a test wants it locked.

#[path = "src/suite/lock.rs"]
mod lock;

use std::path::Path;
use std::process::Command;
use std::{fs, io};

use lock::{State, compare};
use sha2::{Digest as _, Sha256};

const LOCK: &str = "features/lock";
const CATALOGUE: &str = "features/catalogue.yaml";
const UPDATE: &str = "ASSAY_UPDATE_LOCK";

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=features");
    println!("cargo::rerun-if-env-changed={UPDATE}");
    // For the statement, which tells what made it.
    println!("cargo::rustc-env=ASSAY_RUSTC={}", compiler());
    let today = today()?;
    let version = lock::version(&today);
    // No lock at all is a lock of no version.
    let locked = fs::read_to_string(LOCK).unwrap_or_default();
    let update = std::env::var_os(UPDATE).is_some_and(|told| told == "1");
    match compare(&locked, &today) {
        State::Kept => {}
        State::Raised if update => fs::write(LOCK, &today)?,
        State::Raised => println!(
            "cargo::warning={LOCK} is not of suite {version} yet: when the suite is done, write it \
             anew with `{UPDATE}=1 cargo build`"
        ),
        State::Changed(paths) => {
            for path in paths {
                println!("cargo::error={path} is not as suite {version} has it");
            }
            println!(
                "cargo::error=raise suite_version in {CATALOGUE}, then write {LOCK} anew with \
                 `{UPDATE}=1 cargo build`"
            );
        }
    }
    Ok(())
}

/// The lock that catalogue and features would get as they are.
fn today() -> io::Result<String> {
    let mut files = vec![];
    collect(Path::new("features"), &mut files)?;
    files.sort();
    let catalogue = fs::read_to_string(CATALOGUE)?;
    let version = catalogue.lines().find_map(|line| line.strip_prefix("suite_version:"));
    let version = version.unwrap_or_default().trim().trim_matches('"');
    let files = files.iter().map(|(path, bytes)| {
        let digest = Sha256::digest(bytes);
        (path.as_str(), format!("{digest:x}"))
    });
    Ok(lock::lock(version, files))
}

/// What the compiler calls itself; nothing where it does not say.
fn compiler() -> String {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let told = Command::new(rustc).arg("--version").output().ok();
    let told = told.and_then(|told| String::from_utf8(told.stdout).ok()).unwrap_or_default();
    told.lines().next().unwrap_or_default().to_owned()
}

/// Every file below a folder that the program carries.
fn collect(folder: &Path, found: &mut Vec<(String, Vec<u8>)>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, found)?;
        } else if path.extension().is_some_and(|end| end == "feature" || end == "yaml") {
            let name = path.to_string_lossy().replace('\\', "/");
            found.push((name, fs::read(&path)?));
        }
    }
    Ok(())
}
