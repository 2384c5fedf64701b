//! The page of a certificate, to be printed: what is certified, by whom, and a code of the
//! certificate's fingerprint.

use askama::Template;
use evidence::words::{self as w, Sentence};
use qrcode::{Color, QrCode};

/// A certificate as it is shown.
#[derive(Debug)]
pub struct Certificate<'a> {
    /// What is told, line by line: its name, and the value as it shall be read.
    pub lines: Vec<(&'static Sentence, String)>,
    /// The SHA-256 of the certificate's file.
    pub fingerprint: &'a str,
    /// Whether it rests on a review.
    pub reviewed: bool,
}

#[derive(Template)]
#[template(path = "certificate.html")]
struct Page<'a> {
    certificate: &'a Certificate<'a>,
    code: Code,
}

/// A code as squares on a field.
struct Code {
    /// The length of a side, the quiet zone included.
    side: usize,
    /// A path through all dark squares.
    path: String,
}

/// How many blank squares a scanner wants around a code.
const QUIET: usize = 4;

impl Code {
    /// The code of a text; none for one that is too long, which no fingerprint is.
    fn of(text: &str) -> Self {
        let Ok(code) = QrCode::new(text) else { return Self { side: 1, path: String::new() } };
        let width = code.width();
        let mut path = String::new();
        for (place, colour) in code.to_colors().into_iter().enumerate() {
            if colour == Color::Dark {
                let (x, y) = (place % width + QUIET, place / width + QUIET);
                path.extend([&format!("M{x} {y}h1v1h-1z")].map(String::as_str));
            }
        }
        Self { side: width + 2 * QUIET, path }
    }
}

impl Certificate<'_> {
    /// What the reviewer says.
    fn says(&self) -> &'static Sentence {
        if self.reviewed { &w::CERT_SAYS_REVIEWED } else { &w::CERT_SAYS }
    }

    /// Draws the page.
    pub fn draw(&self) -> Result<String, askama::Error> {
        Page { certificate: self, code: Code::of(self.fingerprint) }.render()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_stays_text_and_the_code_is_drawn() {
        let fingerprint = "ab".repeat(32);
        let hostile = "<script>alert(1)</script>\" onload='x'".to_owned();
        let lines = vec![(&w::CERT_INTEGRATOR, hostile)];
        let page =
            Certificate { lines, fingerprint: &fingerprint, reviewed: false }.draw().unwrap();
        assert!(!page.contains("<script") && !page.contains("onload='"), "{page}");
        assert!(page.contains(w::CERT_INTEGRATOR.en) && page.contains(w::CERT_INTEGRATOR.zh));
        assert!(page.contains(&fingerprint));
        // Three finder patterns and a text: far more than a hundred dark squares.
        assert!(page.matches("h1v1h-1z").count() > 300);
        assert!(page.contains("default-src 'none'"));
        assert!(!page.contains("http://") && !page.contains("src="));
    }
}
