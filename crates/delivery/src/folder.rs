//! Files of this machine.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use protocol::Day;
use protocol::ams::reconciliation::{FileName, directory};

use crate::error::DeliveryError;
use crate::files;

pub(crate) fn list(
    root: &Path,
    customer_id: &str,
    date: Day,
) -> Result<Vec<FileName>, DeliveryError> {
    let path = directory(customer_id, date);
    Ok(files(&path, names(root, &path)?.into_iter()))
}

/// The names in a directory, none if there is no directory.
pub(crate) fn names(root: &Path, path: &str) -> Result<Vec<String>, DeliveryError> {
    let entries = match std::fs::read_dir(below(root, path)) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(vec![]),
        Err(error) => return Err(failed(path, &error)),
    };
    let names: io::Result<Vec<_>> = entries.map(|entry| entry.map(|one| one.file_name())).collect();
    let names = names.map_err(|error| failed(path, &error))?;
    Ok(names.into_iter().filter_map(|name| name.into_string().ok()).collect())
}

pub(crate) fn open(root: &Path, name: &FileName) -> Result<File, DeliveryError> {
    open_path(root, &name.path())
}

pub(crate) fn open_path(root: &Path, path: &str) -> Result<File, DeliveryError> {
    File::open(below(root, path)).map_err(|error| failed(path, &error))
}

/// A path at the gateway, which begins with a stroke, below a folder.
fn below(root: &Path, path: &str) -> PathBuf {
    root.join(path.trim_start_matches('/'))
}

fn failed(path: &str, error: &io::Error) -> DeliveryError {
    if error.kind() == io::ErrorKind::NotFound {
        return DeliveryError::NoSuchFile(path.to_owned());
    }
    DeliveryError::Denied { path: path.to_owned(), why: error.to_string() }
}
