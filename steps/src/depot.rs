//! Where the runner delivers report files, and where the merchant fetches them.

use std::io;
use std::path::PathBuf;

use delivery::{Sftp, Source};
use evidence::CaseKey;
use tempfile::{Builder, TempDir};

/// Where report files are delivered. Each scenario has a folder of its own in it, which goes with
/// the scenario: what was written and delivered stands in the record.
#[derive(Debug, Clone, Default)]
pub struct Depot {
    /// The folder; without one, that of the system for temporary files.
    pub folder: Option<PathBuf>,
    /// The server that shows this folder, below its `root`. Without one the merchant reads the
    /// folder itself.
    pub server: Option<Box<Sftp>>,
}

impl Depot {
    /// Makes a scenario's folder, and names the place where its merchant finds it.
    ///
    /// # Errors
    /// When the folder cannot be written to.
    pub fn open(&self, key: &CaseKey) -> io::Result<(TempDir, Source)> {
        let folder = self.room(&format!("{}-", key.case))?;
        let source = match &self.server {
            None => Source::Folder(folder.path().to_owned()),
            Some(server) => {
                let name = folder.path().file_name().unwrap_or_default().display();
                let root = format!("{}/{name}", server.root);
                Source::Sftp(Box::new(Sftp { root, ..Sftp::clone(server) }))
            }
        };
        Ok((folder, source))
    }

    /// Makes a folder and takes it away again.
    ///
    /// # Errors
    /// When the folder cannot be written to.
    pub fn prove(&self) -> io::Result<()> {
        self.room("assay-")?.close()
    }

    fn room(&self, prefix: &str) -> io::Result<TempDir> {
        let mut builder = Builder::new();
        builder.prefix(prefix);
        match &self.folder {
            None => builder.tempdir(),
            Some(folder) => {
                show(&mut builder);
                builder.tempdir_in(folder)
            }
        }
    }
}

/// Whoever serves the folder is seldom who runs this program, so others may read it.
#[cfg(unix)]
fn show(builder: &mut Builder<'_, '_>) {
    use std::os::unix::fs::PermissionsExt as _;
    builder.permissions(std::fs::Permissions::from_mode(0o755));
}

/// Folders are shown by default on this system.
#[cfg(not(unix))]
fn show(_: &mut Builder<'_, '_>) {}
