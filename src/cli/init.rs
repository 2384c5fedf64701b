//! `assay init`: a commented profile and fresh keys, which work without an edit.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use clap::Args;
use evidence::words::{
    INIT_EXISTS, INIT_EXISTS_DO, INIT_NEXT, INIT_WROTE, INIT_WROTE_PRIVATE, Language,
};
use signing::{KeyError, PrivateKey};

use super::output::{Span, Terminal, Tone};
use crate::exit::{CommandError, Exit};
use crate::said;

/// Write a commented profile and fresh keys.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  assay init --dir acceptance")]
pub(super) struct Init {
    /// The folder to write to.
    #[arg(long, default_value = ".", value_name = "DIR")]
    dir: PathBuf,
    /// Write over files that are there already, keys included.
    #[arg(long)]
    force: bool,
}

/// A file to write.
struct Output {
    path: PathBuf,
    text: String,
    private: bool,
}

impl Init {
    pub(super) fn perform(&self, terminal: &mut Terminal) -> Result<Exit, CommandError> {
        let outputs = self.outputs(terminal)?;
        if !self.force {
            let there = outputs.iter().map(|output| &output.path).find(|path| path.exists());
            if let Some(path) = there {
                return Err(CommandError::Usage {
                    says: INIT_EXISTS.with([path.display()]),
                    advice: INIT_EXISTS_DO.plain(),
                });
            }
        }
        let folder = self.dir.join("keys");
        fs::create_dir_all(&folder)
            .map_err(|source| CommandError::Write { path: folder, source })?;
        for Output { path, text, private } in outputs {
            write_file(&path, &text, private, self.force)
                .map_err(|source| CommandError::Write { path: path.clone(), source })?;
            let says = if private { &INIT_WROTE_PRIVATE } else { &INIT_WROTE };
            terminal.say(&says.with([path.display()]));
        }
        let profile = self.path("assay.yaml");
        terminal.line([String::new()]);
        terminal.say(&INIT_NEXT.plain());
        for command in ["check", "run"] {
            let command = format!("  assay {command} --profile {}", profile.display());
            terminal.line([Span::new(Tone::Strong, command)]);
        }
        Ok(Exit::Acceptable)
    }

    fn path(&self, name: &str) -> PathBuf {
        if self.dir == Path::new(".") { PathBuf::from(name) } else { self.dir.join(name) }
    }

    fn outputs(&self, terminal: &Terminal) -> Result<Vec<Output>, CommandError> {
        let bug = |error: KeyError| CommandError::Bug(said::key_error(&error).into());
        let merchant = PrivateKey::generate(2048).map_err(bug)?;
        let report = PrivateKey::generate(3072).map_err(bug)?;
        let gateway = sandbox::embedded_key().map_err(bug)?.public();
        let profile = match terminal.language() {
            Language::En => include_str!("assay.en.yaml"),
            Language::Zh => include_str!("assay.zh.yaml"),
        };
        let output = |name: &str, text: String, private: bool| Output {
            path: self.path(name),
            text,
            private,
        };
        Ok(vec![
            output("assay.yaml", profile.to_owned(), false),
            output("keys/merchant.pem", merchant.to_pkcs8_pem(), true),
            output("keys/merchant.pub", merchant.public().to_spki_pem(), false),
            output("keys/report.pem", report.to_pkcs8_pem(), true),
            output("keys/report.pub", report.public().to_spki_pem(), false),
            output("keys/alipay.pub", gateway.to_spki_pem(), false),
        ])
    }
}

/// Writes a file, one that holds a private key for its owner alone. Without `over` the file must
/// be new. What is written over is removed first, so that its old rights do not stay; what could
/// not be written to its end is removed too, since half a key is none.
pub(super) fn write_file(
    path: &Path,
    content: impl AsRef<[u8]>,
    private: bool,
    over: bool,
) -> io::Result<()> {
    if over && path.exists() {
        fs::remove_file(path)?;
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    restrict(&mut options, private);
    let written = options.open(path)?.write_all(content.as_ref());
    if written.is_err() {
        // That it stays is told by the error already.
        let _ = fs::remove_file(path);
    }
    written
}

#[cfg(unix)]
fn restrict(options: &mut OpenOptions, private: bool) {
    use std::os::unix::fs::OpenOptionsExt as _;
    options.mode(if private { 0o600 } else { 0o644 });
}

#[cfg(not(unix))]
fn restrict(_: &mut OpenOptions, _: bool) {}

#[cfg(test)]
mod tests {
    use crate::yaml;

    #[test]
    fn both_languages_say_the_same() {
        let read =
            |text: &str| yaml::read::<serde_json::Value>("f", text.as_bytes(), 8192).unwrap();
        let mut zh = read(include_str!("assay.zh.yaml"));
        zh["report"]["integrator"] = "My company".into();
        assert_eq!(read(include_str!("assay.en.yaml")), zh);
    }
}
