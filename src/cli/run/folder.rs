//! The folder that a run writes into, proved writable before anything is played.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use evidence::RecordFile;
use serde::Serialize;

use super::Shared;
use super::deliver::BUNDLE;
use crate::exit::CommandError;
use crate::seal::bundle::names;

/// Where runs go that name no folder.
const RUNS: &str = "reports/runs";

/// The folder of a run.
#[derive(Debug)]
pub(in crate::cli) struct Folder {
    pub(in crate::cli) path: PathBuf,
    pub(in crate::cli) run_id: String,
}

impl Folder {
    /// Creates the folder. One that holds a run already is refused.
    pub(in crate::cli) fn create(wanted: Option<&Path>) -> Result<Self, CommandError> {
        let run_id = signing::hex(&signing::random_bytes::<8>());
        let path = wanted.map_or_else(|| Path::new(RUNS).join(&run_id), Path::to_path_buf);
        Self { path, run_id }.made()
    }

    /// The folder of runs that are joined, which together have this id.
    pub(in crate::cli) fn merged(
        wanted: Option<&Path>,
        run_id: String,
    ) -> Result<Self, CommandError> {
        let path = wanted.map_or_else(|| Path::new(RUNS).join(&run_id), Path::to_path_buf);
        Self { path, run_id }.made()
    }

    fn made(self) -> Result<Self, CommandError> {
        let folder = self;
        fs::create_dir_all(&folder.path).map_err(|source| folder.unwritable(source))?;
        if folder.record_path().exists() || folder.path.join(BUNDLE).exists() {
            return Err(CommandError::Taken { path: folder.path });
        }
        Ok(folder)
    }

    pub(in crate::cli) fn record_path(&self) -> PathBuf {
        self.path.join(names::RECORD)
    }

    /// Begins the record.
    pub(in crate::cli) fn record(&self, header: &impl Serialize) -> Result<Shared, CommandError> {
        let path = self.record_path();
        let file = RecordFile::create(&path, header);
        file.map(Arc::new).map_err(|source| CommandError::Write { path, source })
    }

    /// Writes what is read into a file of the folder.
    pub(in crate::cli) fn write(
        &self,
        name: &str,
        mut content: impl io::Read,
    ) -> Result<(), CommandError> {
        let path = self.path.join(name);
        let written =
            fs::File::create(&path).and_then(|mut file| io::copy(&mut content, &mut file));
        written.map(drop).map_err(|source| CommandError::Write { path, source })
    }

    pub(in crate::cli) fn unwritable(&self, source: io::Error) -> CommandError {
        CommandError::Write { path: self.path.clone(), source }
    }
}
