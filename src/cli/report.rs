//! `assay report`: any report of a run, drawn again from its record.

use std::fs::OpenOptions;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, ValueEnum};
use evidence::Attempts;
use evidence::words::{
    Language, Phrase, Place, REDRAW_DISAGREES, REDRAW_DISAGREES_DO, REDRAW_THERE, REDRAW_THERE_DO,
    REDRAW_UNREAD, REDRAW_UNREAD_DO, REDRAW_UNSEALED, REDRAW_UNSEALED_DO, Sentence, VERIFY_BROKEN,
    VERIFY_BROKEN_DO,
};
use signing::PublicKey;

use super::advise;
use super::key_file::rsa;
use super::output::{Span, Terminal, Tone, json_safe};
use super::run::deliver::{BUNDLE, undrawn};
use super::verify::LARGEST_BUNDLE;
use crate::bounded;
use crate::exit::{CommandError, Exit};
use crate::report::{Page, ReportError, annotations, draw, markdown, messages};
use crate::seal::{BundleFault, RedrawFault, Redrawn, ZipError, read_zip};
use crate::suite::Suite;

/// Draw a report of a run again, from its record and in any form.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  assay report acceptance.zip --format junit --out junit.xml\n  \
                        assay report reports/runs/first --format markdown >> \"$GITHUB_STEP_SUMMARY\"\n  \
                        assay report acceptance.zip --trust report.pub --format messages --out run.ndjson"
)]
pub(super) struct Report {
    /// The bundle, or the folder of the run that wrote it.
    #[arg(value_name = "BUNDLE|RUN")]
    bundle: PathBuf,
    /// What is drawn: the page, JUnit, the results, cucumber messages, a summary in Markdown, or
    /// annotations for GitHub Actions.
    #[arg(long, value_name = "FORMAT")]
    format: Format,
    /// The file to write, which must not be there yet, or - for standard output.
    #[arg(long, value_name = "FILE", default_value = "-")]
    out: PathBuf,
    /// The public key that you trust to seal it; without one, nobody looks at the seal.
    #[arg(long, value_name = "KEY")]
    trust: Option<PathBuf>,
}

/// A form of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// The page for people.
    Html,
    /// For machines that read test results.
    Junit,
    /// `results.json`.
    Json,
    /// Cucumber messages, a line of JSON each.
    Messages,
    /// A summary on one screen.
    Markdown,
    /// Commands of GitHub Actions that point at the features' lines.
    Github,
}

impl Report {
    pub(super) fn perform(&self, terminal: &mut Terminal) -> Result<Exit, CommandError> {
        let name = self.bundle.display().to_string();
        let path =
            if self.bundle.is_dir() { self.bundle.join(BUNDLE) } else { self.bundle.clone() };
        let files = opened(&path)?;
        let trusted = self.trust.as_ref().map(|path| rsa(path, PublicKey::read)).transpose()?;
        let suite = Arc::new(Suite::embedded().map_err(CommandError::Suite)?);
        let redrawn = Redrawn::judge(files, &suite, trusted.as_ref());
        let redrawn = redrawn.map_err(|why| broken(&name, &why))?;
        if trusted.is_none() {
            note(terminal, &REDRAW_UNSEALED.with([&name]), &REDRAW_UNSEALED_DO);
        }
        if !redrawn.agrees {
            note(terminal, &REDRAW_DISAGREES.with([&name]), &REDRAW_DISAGREES_DO);
        }
        let language = terminal.language();
        let draw = |out: &mut dyn Write| {
            let drawn =
                redrawn.show(|page, attempts| self.format.draw(page, attempts, language, out));
            let drawn = drawn.map_err(|why| broken(&name, &why))?;
            drawn.map_err(|why| undrawn(why, self.out.clone()))
        };
        if self.out.as_os_str() == "-" {
            let mut bytes = vec![];
            draw(&mut bytes)?;
            let text = String::from_utf8_lossy(&bytes);
            let json = matches!(self.format, Format::Json | Format::Messages);
            terminal.raw(&if json { json_safe(&text).into() } else { text });
            return Ok(Exit::Acceptable);
        }
        let there = self.out.exists();
        let mut out = new_file(&self.out)?;
        let unwritten = |source| CommandError::Write { path: self.out.clone(), source };
        let written = draw(&mut out).and_then(|()| out.flush().map_err(unwritten));
        if written.is_err() && !there {
            // Half a report is none; why it is not whole is told.
            drop(std::fs::remove_file(&self.out));
        }
        written.map(|()| Exit::Acceptable)
    }
}

impl Format {
    /// Draws a report in this form.
    pub(super) fn draw(
        self,
        page: &Page<'_>,
        attempts: &mut dyn Attempts,
        language: Language,
        out: &mut dyn Write,
    ) -> Result<(), ReportError> {
        match self {
            Self::Html => draw(page, attempts, out).map(drop),
            Self::Junit => {
                let junit = draw(page, attempts, &mut io::sink())?;
                Ok(out.write_all(junit.as_bytes())?)
            }
            Self::Json => Ok(page.results.write_json(out)?),
            Self::Messages => messages(page, attempts, out),
            Self::Markdown => Ok(out.write_all(markdown(page, language).as_bytes())?),
            Self::Github => Ok(out.write_all(annotations(page, language).as_bytes())?),
        }
    }
}

/// The files of a bundle that is no larger than any that is verified.
fn opened(path: &Path) -> Result<Vec<crate::seal::Bundled>, CommandError> {
    let name = path.display().to_string();
    let bytes = bounded::read(path, LARGEST_BUNDLE).map_err(|why| CommandError::Bundle {
        says: REDRAW_UNREAD.with([name.clone(), why.to_string()]),
        advice: REDRAW_UNREAD_DO.plain(),
    })?;
    let files = if bytes.len() as u64 > LARGEST_BUNDLE {
        Err(ZipError::TotalSize)
    } else {
        read_zip(&bytes)
    };
    files.map_err(|why| broken(&name, &Box::from(BundleFault::from(why))))
}

fn broken(name: &str, fault: &RedrawFault) -> CommandError {
    let RedrawFault { part, why, expected } = fault.clone();
    CommandError::Bundle {
        says: VERIFY_BROKEN.holding([Place::value(name), part.into(), why.into()]),
        advice: VERIFY_BROKEN_DO.holding([expected.into()]),
    }
}

/// A file that was not there before: nobody's report is written over. A device is there to be
/// written to.
fn new_file(path: &Path) -> Result<BufWriter<std::fs::File>, CommandError> {
    if path.is_file() {
        let says = REDRAW_THERE.with([path.display()]);
        return Err(CommandError::Usage { says, advice: REDRAW_THERE_DO.plain() });
    }
    let there = path.exists();
    let made = OpenOptions::new().write(true).create_new(!there).open(path);
    let unwritable = |source| CommandError::Write { path: path.to_owned(), source };
    made.map(BufWriter::new).map_err(unwritable)
}

fn note(terminal: &mut Terminal, says: &Phrase, advice: &Sentence) {
    let says = terminal.text(says);
    terminal.note([Span::new(Tone::Warning, "! "), Span::from(says)]);
    advise(terminal, &advice.plain());
}
