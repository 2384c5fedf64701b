//! The page: one file that loads nothing, and runs nothing but a script of its own by its digest.

use std::io::{self, Write};

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use evidence::CaseRecord;
use evidence::words as w;

use super::text::InText;
use super::view::{Both, CaseView, StraysView, SuiteView, View};
use super::{Page, Section};
use crate::verdict::CaseResult;

/// What the page does beside showing everything.
pub(super) const SCRIPT: &str = include_str!("../../reports/templates/report.js");

/// Everything above the suites.
#[derive(Template)]
#[template(path = "report.html")]
struct Opening {
    view: View,
    /// The digest of the only script that a browser may run here.
    digest: String,
    script: &'static str,
}

/// A suite's title and table.
#[derive(Template)]
#[template(path = "suite.html")]
struct Suite {
    suite: SuiteView,
}

/// A case in detail.
#[derive(Template)]
#[template(path = "case.html")]
struct Case {
    case: CaseView,
}

/// What fitted no scenario.
#[derive(Template)]
#[template(path = "strays.html")]
struct Strays {
    strays: StraysView,
}

pub(super) fn open(page: &Page<'_>, mut out: &mut dyn Write) -> io::Result<()> {
    let digest = STANDARD.encode(signing::sha256(SCRIPT.as_bytes()));
    Opening { view: View::of(page), digest, script: SCRIPT }.write_into(&mut out)
}

pub(super) fn open_section(
    page: &Page<'_>,
    section: &Section<'_>,
    mut out: &mut dyn Write,
) -> io::Result<()> {
    Suite { suite: SuiteView::of(page, section) }.write_into(&mut out)
}

pub(super) fn case(
    page: &Page<'_>,
    case: &CaseResult,
    seen: &[CaseRecord],
    mut out: &mut dyn Write,
) -> io::Result<()> {
    Case { case: CaseView::of(page, case, seen) }.write_into(&mut out)
}

pub(super) fn close_section(out: &mut dyn Write) -> io::Result<()> {
    out.write_all(b"\n</section>")
}

pub(super) fn strays(page: &Page<'_>, mut out: &mut dyn Write) -> io::Result<()> {
    match StraysView::of(page.strays) {
        Some(strays) => Strays { strays }.write_into(&mut out),
        None => Ok(()),
    }
}

pub(super) fn close(out: &mut dyn Write) -> io::Result<()> {
    out.write_all(b"\n</main>\n</body>\n</html>\n")
}
