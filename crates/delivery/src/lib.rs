//! Where reconciliation files come from: a folder, or a server that speaks SFTP.
//!
//! A [`Source`] lists the files of a day and opens one of them. What it opens is a file of this
//! machine, so that a reader may take its time; what SFTP brings lies in a file without a name
//! until it is closed. Nothing is believed before the server showed the host key that the profile
//! pins, and nothing waits without a limit. Time here is the network's own, and never that of a
//! scenario's clock.

mod error;
mod folder;
mod sftp;
mod trust;

use std::fmt;
use std::fs::File;
use std::path::PathBuf;

use evidence::words::{Phrase, SOURCE_FOLDER, SOURCE_SERVER};
use protocol::Day;
use protocol::ams::reconciliation::FileName;

pub use error::{DeliveryError, Doing};
pub use sftp::{Limits, Queue, Sftp};
pub use trust::{KnownHost, Login, TrustError};

/// Where files come from.
#[derive(Debug, Clone)]
pub enum Source {
    /// A folder of this machine, in which files lie under the paths that they have at the gateway.
    Folder(PathBuf),
    /// A server.
    Sftp(Box<Sftp>),
}

impl fmt::Display for Source {
    /// The name of the place, in a few words. Folders are named by nobody but their owner.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(_) => f.write_str("the folder"),
            Self::Sftp(server) => {
                write!(f, "sftp://{}@{}:{}", server.user, server.host, server.port)
            }
        }
    }
}

impl Source {
    /// The same as a sentence of the table.
    pub fn says(&self) -> Phrase {
        match self {
            Self::Folder(_) => SOURCE_FOLDER.plain(),
            Self::Sftp(_) => SOURCE_SERVER.with([self]),
        }
    }

    /// The reconciliation files of a customer and a day, in order. None while the day has no
    /// directory yet.
    pub async fn list(&self, customer_id: &str, date: Day) -> Result<Vec<FileName>, DeliveryError> {
        match self {
            Self::Folder(root) => folder::list(root, customer_id, date),
            Self::Sftp(server) => Box::pin(server.list(customer_id, date)).await,
        }
    }

    /// The names in a directory, in order: those that hold plain letters, digits, dots, `-` and `_`,
    /// so that none leads elsewhere. None while there is no such directory.
    pub async fn names(&self, directory: &str) -> Result<Vec<String>, DeliveryError> {
        let mut names = match self {
            Self::Folder(root) => folder::names(root, directory)?,
            Self::Sftp(server) => Box::pin(server.names(directory)).await?,
        };
        names.retain(|name| is_plain(name));
        names.sort_unstable();
        Ok(names)
    }

    /// The whole file under a path that [`Source::names`] gave, from its beginning.
    pub async fn open_path(&self, path: &str) -> Result<File, DeliveryError> {
        match self {
            Self::Folder(root) => folder::open_path(root, path),
            Self::Sftp(server) => Box::pin(server.open_path(path)).await,
        }
    }

    /// The whole file, from its beginning.
    pub async fn open(&self, name: &FileName) -> Result<File, DeliveryError> {
        match self {
            Self::Folder(root) => folder::open(root, name),
            Self::Sftp(server) => Box::pin(server.open(name)).await,
        }
    }
}

/// Whether a name is one of a file in its own directory.
fn is_plain(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    !name.starts_with('.') && name.bytes().all(plain)
}

/// The files among the names of a directory, in order. What is none of ours is left out, and so is
/// every name that would lead elsewhere.
fn files(directory: &str, names: impl Iterator<Item = String>) -> Vec<FileName> {
    let parse = |name: String| FileName::parse(&format!("{directory}/{name}")).ok();
    let mut files: Vec<_> = names.filter_map(parse).collect();
    files.sort_unstable();
    files
}
