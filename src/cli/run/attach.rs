//! Evidence that people attach: read once, kept in the folder of the run under its digest.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use evidence::words::{
    ATTACH_DO, ATTACH_FULL, ATTACH_NO_RUN, ATTACH_NO_RUN_DO, ATTACH_NOT_YET, ATTACH_PAIR,
    ATTACH_UNREAD, Phrase, Place,
};
use evidence::{
    ATTACHMENTS, Attachment, AttachmentFault, CaseKey, LARGEST_ATTACHMENT, MOST_ATTACHMENTS,
};
use parking_lot::Mutex;

use crate::bounded;
use crate::cli::misuse::Misuse;
use crate::exit::CommandError;
use crate::suite::Planned;

/// A file for a case, as the command line names it.
#[derive(Debug, Clone)]
pub(super) struct Named {
    case: String,
    file: PathBuf,
}

/// Reads `--attach CASE=FILE`.
pub(super) fn named(text: &str) -> Result<Named, Misuse> {
    let told = text.split_once('=').filter(|(case, file)| !case.is_empty() && !file.is_empty());
    let (case, file) = told.ok_or_else(|| Misuse(ATTACH_PAIR.plain()))?;
    Ok(Named { case: case.to_owned(), file: PathBuf::from(file) })
}

/// What is attached of a run, by the run of a case.
pub(super) type Attached = BTreeMap<CaseKey, Vec<Attachment>>;

/// Where attachments are kept. Before there is a folder, nothing can be.
#[derive(Debug, Default)]
pub(super) struct Shelf(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    folder: Option<PathBuf>,
    files: Vec<String>,
}

impl Shelf {
    /// Keeps what comes from now on in a folder; what an earlier part of the run left there counts.
    pub(super) fn opens(&self, folder: &Path) {
        let found = fs::read_dir(folder.join(ATTACHMENTS)).into_iter().flatten().flatten();
        let names = found.map(|file| format!("{ATTACHMENTS}{}", file.file_name().display()));
        *self.0.lock() = Kept { folder: Some(folder.to_path_buf()), files: names.collect() };
    }

    /// Whether there is a folder, and so a record.
    pub(super) fn is_open(&self) -> bool {
        self.0.lock().folder.is_some()
    }

    /// Reads a file and keeps its bytes, or tells why it cannot be attached.
    pub(super) fn keep(&self, path: &Path) -> Result<Attachment, Phrase> {
        let place = path.display().to_string();
        let unread = |why: Place| ATTACH_UNREAD.holding([place.as_str().into(), why]);
        let bytes = read(path).map_err(|why| unread(Place::value(why)))?;
        let name = path.file_name().unwrap_or_default().display().to_string();
        let made = Attachment::of(&name, &bytes).map_err(|why| unread(why.says().into()))?;
        let mut kept = self.0.lock();
        let folder = kept.folder.clone().ok_or_else(|| ATTACH_NOT_YET.plain())?;
        let file = made.file();
        if kept.files.contains(&file) {
            return Ok(made);
        }
        if kept.files.len() >= MOST_ATTACHMENTS {
            return Err(ATTACH_FULL.with([MOST_ATTACHMENTS]));
        }
        let to = folder.join(&file);
        let written =
            fs::create_dir_all(folder.join(ATTACHMENTS)).and_then(|()| fs::write(&to, &bytes));
        written.map_err(|why| ATTACH_UNREAD.with([to.display().to_string(), why.to_string()]))?;
        kept.files.push(file);
        Ok(made)
    }

    /// Keeps what the command line names, for the runs that it names.
    pub(super) fn keep_named(
        &self,
        named: &[Named],
        planned: &[Planned],
    ) -> Result<Attached, CommandError> {
        let mut attached = Attached::new();
        for Named { case, file } in named {
            let made = self.keep(file).map_err(unusable)?;
            for run in planned.iter().filter(|run| is_of(run, case)) {
                attached.entry(run.key.clone()).or_default().push(made.clone());
            }
        }
        Ok(attached)
    }
}

/// Refuses what the command line attaches in vain, before anything is played.
pub(super) fn prove(named: &[Named], planned: &[Planned]) -> Result<(), CommandError> {
    for Named { case, file } in named {
        if !planned.iter().any(|run| is_of(run, case)) {
            let (says, advice) = (ATTACH_NO_RUN.with([case]), ATTACH_NO_RUN_DO.plain());
            return Err(CommandError::Usage { says, advice });
        }
        let place = || Place::value(file.display());
        let unread = |why: Place| unusable(ATTACH_UNREAD.holding([place(), why]));
        let bytes = read(file).map_err(|why| unread(Place::value(why)))?;
        Attachment::of("", &bytes).map_err(|why: AttachmentFault| unread(why.says().into()))?;
    }
    Ok(())
}

/// Whether a run is what the command line names: by its key, or by the id of its case.
fn is_of(run: &Planned, case: &str) -> bool {
    run.key.case == case || run.key.to_string() == case
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    bounded::read(path, LARGEST_ATTACHMENT)
}

fn unusable(says: Phrase) -> CommandError {
    CommandError::Usage { says, advice: ATTACH_DO.plain() }
}

#[cfg(test)]
mod tests {
    use evidence::{AttachmentForm, MOST_ATTACHMENTS};

    use super::{Shelf, named};

    fn png(number: usize) -> Vec<u8> {
        [&b"\x89PNG\r\n\x1a\n"[..], number.to_string().as_bytes()].concat()
    }

    #[test]
    fn a_file_is_kept_once_under_its_digest_and_only_when_there_is_a_folder() {
        let folder = tempfile::tempdir().unwrap();
        let run = folder.path().join("run");
        let (one, other) = (folder.path().join("one.png"), folder.path().join("other.png"));
        std::fs::write(&one, png(1)).unwrap();
        std::fs::write(&other, png(1)).unwrap();
        let shelf = Shelf::default();
        assert!(shelf.keep(&one).unwrap_err().to_string().contains("trial"));
        shelf.opens(&run);
        let made = shelf.keep(&one).unwrap();
        assert_eq!((made.name.as_str(), made.form), ("one.png", AttachmentForm::Png));
        assert_eq!(shelf.keep(&other).unwrap().sha256, made.sha256);
        assert_eq!(std::fs::read(run.join(made.file())).unwrap(), png(1));
        assert_eq!(std::fs::read_dir(run.join("attachments")).unwrap().count(), 1);
        // What stands there counts when the run goes on.
        let again = Shelf::default();
        again.opens(&run);
        for number in 2..=MOST_ATTACHMENTS {
            std::fs::write(&one, png(number)).unwrap();
            again.keep(&one).unwrap();
        }
        std::fs::write(&one, png(0)).unwrap();
        assert!(again.keep(&one).unwrap_err().to_string().contains("more than 40"));
        again.keep(&other).unwrap();
    }

    #[test]
    fn what_cannot_be_attached_is_told_with_the_reason() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = Shelf::default();
        shelf.opens(folder.path());
        let page = folder.path().join("page.html");
        std::fs::write(&page, "<script>").unwrap();
        for (path, why) in [
            (page.as_path(), "is no PNG, JPEG or PDF"),
            (&folder.path().join("none.png"), "No such file"),
            (folder.path(), "Is a directory"),
            ("/dev/zero".as_ref(), "larger than 4 MiB"),
        ] {
            let told = shelf.keep(path).unwrap_err().to_string();
            assert!(told.contains(why), "{told}");
        }
        for text in ["AMS-PAY-001", "=a.png", "AMS-PAY-001=", ""] {
            assert!(named(text).is_err(), "{text}");
        }
        assert!(named("AMS-PAY-001=a=b.png").is_ok());
    }
}
