//! The page in a browser: Chromium, driven by playwright and looked at by axe (`tests/page/check.mjs`).

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{HOSTILE, html_of, many, part, spoil};
use crate::report::messages::tests::{text_of, with_scenarios};
use crate::report::sample::sample;

/// As many cases as a whole team has.
const MANY: usize = 2_000;

/// Where `.ci/setup` puts the libraries.
fn modules() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("target/page-node")
}

/// Debian's package has it here.
const CHROMIUM: &str = "/usr/bin/chromium";

#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn is_there() -> bool {
    let there = Path::new(CHROMIUM).exists() && modules().join("node_modules").exists();
    assert!(there || std::env::var_os("CI").is_none(), "run .ci/setup first");
    if !there {
        eprintln!("skipped: Chromium or playwright-core is missing; .ci/setup installs them");
    }
    there
}

#[test]
fn the_page_holds_in_a_browser() {
    if !is_there() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, page: String| {
        let path = folder.path().join(name);
        fs::write(&path, page).unwrap();
        path
    };
    let mut pages = vec![write("sample.html", html_of(&sample())), write("large.html", large())];
    for (number, text) in HOSTILE.iter().enumerate() {
        let mut spoilt = sample();
        spoil(&mut spoilt, text);
        spoilt.head.parts = vec![part(text)];
        pages.push(write(&format!("hostile-{number}.html"), html_of(&spoilt)));
    }
    checked("check.mjs", &pages);
}

/// Keeps the large page for a look at it: `ASSAY_TEST_LARGE=FILE cargo test … -- --ignored`.
#[test]
#[ignore = "a tool: writes 60 MB where it is told to"]
fn the_large_page_is_kept() {
    let Ok(path) = std::env::var("ASSAY_TEST_LARGE") else { return };
    fs::write(path, large()).unwrap();
}

/// Thousands of cases with long, hostile and Chinese texts.
fn large() -> String {
    html_of(&many(MANY, "老王 <b>&amp;</b> \u{202e}\"'".repeat(20).as_str()))
}

/// Cucumber's own formatter shows our messages, which fit the official schema.
#[test]
fn cucumber_messages_are_read_by_others() {
    if !is_there() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let write = |name: String, text: String| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path
    };
    let clean = with_scenarios();
    let mut files = vec![write("sample.ndjson".to_owned(), text_of(&clean))];
    for (number, text) in HOSTILE.iter().enumerate() {
        let mut spoilt = with_scenarios();
        spoil(&mut spoilt, text);
        spoilt.features.clone_from(&clean.features);
        files.push(write(format!("hostile-{number}.ndjson"), text_of(&spoilt)));
    }
    checked("messages.mjs", &files);
}

/// Has a script look at files in the browser.
fn checked(script: &str, files: &[PathBuf]) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/page").join(script);
    let mut command = Command::new("node");
    let checked = command.arg(script).arg(modules()).arg(CHROMIUM).args(files).output().unwrap();
    let both = [checked.stdout, checked.stderr].concat();
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&both));
}
