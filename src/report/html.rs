//! The page: one file that loads nothing and runs nothing.

use askama::Template;
use evidence::words as w;

use super::view::{Both, View};
use super::{Page, ReportError};

#[derive(Template)]
#[template(path = "report.html")]
struct Document {
    view: View,
}

/// Renders the page.
pub fn html(page: &Page<'_>) -> Result<String, ReportError> {
    Ok(Document { view: View::of(page) }.render()?)
}
