//! Where the runner delivers report files, and where the merchant fetches them.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use delivery::{Sftp, Source};
use evidence::CaseKey;
use tempfile::{Builder, TempDir};
use tokio::sync::{Mutex, OwnedMutexGuard};

/// Where report files are delivered. Each scenario has a folder of its own in it, which goes with
/// the scenario: what was written and delivered stands in the record.
#[derive(Debug, Clone, Default)]
pub struct Depot {
    /// The folder; without one, that of the system for temporary files.
    pub folder: Option<PathBuf>,
    /// The server that shows this folder, below its `root`. Without one the merchant reads the
    /// folder itself.
    pub server: Option<Box<Sftp>>,
    /// Where the gateway's own files come in, of a gateway that nobody can be told to write any.
    pub source: Option<Source>,
    /// Who delivers into the folder that an integrator's system reads: one scenario at a time, where
    /// several have the same day.
    pub turn: Arc<Mutex<()>>,
}

/// The folder of one scenario, which is made when it is delivered into: few scenarios deliver, and
/// a folder costs more than an exchange.
#[derive(Debug)]
pub struct Room(Kind);

#[derive(Debug)]
enum Kind {
    /// A folder of the scenario's own.
    Own {
        depot: Depot,
        /// Drawn, so that no other scenario has it, of whatever run.
        name: String,
        made: Option<TempDir>,
    },
    /// The one that an integrator's system reads.
    Theirs(Theirs),
}

#[derive(Debug)]
struct Theirs {
    /// The folder, if there is one.
    folder: Option<PathBuf>,
    source: Option<Source>,
    turn: Arc<Mutex<()>>,
    /// There while it is this scenario's turn.
    has: Option<OwnedMutexGuard<()>>,
}

impl Room {
    /// The folder. The first call makes it; it goes with the room.
    ///
    /// # Errors
    /// When it cannot be made.
    pub(crate) fn folder(&mut self) -> io::Result<&Path> {
        match &mut self.0 {
            Kind::Own { depot, name, made } => {
                let folder = match made.take() {
                    Some(folder) => folder,
                    None => depot.make(name, 0)?,
                };
                Ok(made.insert(folder).path())
            }
            Kind::Theirs(theirs) => theirs.folder.as_deref().ok_or_else(|| {
                io::Error::other(
                    "the profile names no folder that the merchant reads: reconciliation.folder",
                )
            }),
        }
    }

    /// Where the gateway's own files come in.
    pub(crate) fn source(&self) -> Option<&Source> {
        match &self.0 {
            Kind::Own { .. } => None,
            Kind::Theirs(theirs) => theirs.source.as_ref(),
        }
    }

    /// Waits until no other scenario delivers into the same folder, and keeps it until this one is
    /// over.
    pub(crate) async fn take_turn(&mut self) {
        if let Kind::Theirs(theirs) = &mut self.0
            && theirs.has.is_none()
        {
            theirs.has = Some(theirs.turn.clone().lock_owned().await);
        }
    }
}

impl Depot {
    /// A scenario's folder, and the place where its merchant finds it.
    ///
    /// # Errors
    /// When the folder cannot be written to.
    pub fn open(&self, key: &CaseKey) -> io::Result<(Room, Source)> {
        let drawn = signing::hex(&signing::random_bytes::<8>());
        let name = format!("{}-{drawn}", key.case);
        let source = match &self.server {
            None => Source::Folder(self.parent().join(&name)),
            Some(server) => {
                let root = format!("{}/{name}", server.root);
                Source::Sftp(Box::new(Sftp { root, ..Sftp::clone(server) }))
            }
        };
        let mut room = Room(Kind::Own { depot: self.clone(), name, made: None });
        if self.server.is_some() {
            // A server without it would be told as one that shows another place than this.
            room.folder()?;
        }
        Ok((room, source))
    }

    /// The folder that an integrator's system reads, which is the same in all scenarios: what is
    /// delivered lies there below the day that it is about, and stays.
    pub(crate) fn shared(&self) -> (Room, Source) {
        let theirs = Theirs {
            folder: self.folder.clone(),
            source: self.source.clone(),
            turn: self.turn.clone(),
            has: None,
        };
        (Room(Kind::Theirs(theirs)), Source::Folder(self.parent()))
    }

    /// Makes a folder and takes it away again.
    ///
    /// # Errors
    /// When the folder cannot be written to.
    pub fn prove(&self) -> io::Result<()> {
        self.make("assay-", 6)?.close()
    }

    fn parent(&self) -> PathBuf {
        self.folder.clone().unwrap_or_else(std::env::temp_dir)
    }

    /// Makes a folder, so many of whose letters are drawn.
    fn make(&self, prefix: &str, drawn: usize) -> io::Result<TempDir> {
        let mut builder = Builder::new();
        builder.prefix(prefix).rand_bytes(drawn);
        if self.folder.is_some() {
            show(&mut builder);
        }
        builder.tempdir_in(self.parent())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_there_from_the_first_delivery_until_its_scenario_is_over() {
        let parent = tempfile::tempdir().unwrap();
        let depot = Depot { folder: Some(parent.path().to_owned()), ..Depot::default() };
        let key: CaseKey = "AMS-REC-001".parse().unwrap();
        let rooms = || std::fs::read_dir(parent.path()).unwrap().count();
        let (mut room, source) = depot.open(&key).unwrap();
        assert_eq!(rooms(), 0);
        let folder = room.folder().unwrap().to_owned();
        assert!(matches!(source, Source::Folder(told) if told == folder));
        std::fs::write(folder.join("kept"), "").unwrap();
        assert_eq!(room.folder().unwrap(), folder);
        assert!(folder.join("kept").exists());
        // The same run once more has another folder.
        let (mut other, _) = depot.open(&key).unwrap();
        assert_ne!(other.folder().unwrap(), folder);
        assert_eq!(rooms(), 2);
        drop((room, other));
        assert_eq!(rooms(), 0);
    }
}
