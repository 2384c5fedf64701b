//! Where a merged bundle keeps the runs that it was joined from: each with all its files in a
//! folder of its own.

use std::collections::BTreeMap;

use super::{Bundled, OpenBundle};
use crate::verdict::Origin;

/// How many runs a merged bundle may have.
pub const MOST_PARTS: usize = 16;

/// What all folders of parts lie in.
const PARTS: &str = Origin::FOLDERS;

/// The folder of a part, from 1.
pub(super) fn folder(number: usize) -> String {
    Origin::folder_of(number)
}

/// The name of a file without the folder of its part, if it lies in one.
pub(super) fn within_part(name: &str) -> &str {
    of_part(name).map_or(name, |(_, inner)| inner)
}

/// The folder of a file and its name there.
fn of_part(name: &str) -> Option<(&str, &str)> {
    let (number, inner) = name.strip_prefix(PARTS)?.split_once('/')?;
    Some((&name[..PARTS.len() + number.len()], inner))
}

impl OpenBundle {
    /// Whether it was joined from several runs, or has files as if it was.
    pub fn is_merged(&self) -> bool {
        let facts = &self.statement.predicate.acceptance_report.facts;
        !facts.parts.is_empty() || self.files.keys().any(|name| name.starts_with(PARTS))
    }

    /// Takes the files of the parts out, by their folders.
    pub(super) fn take_parts(&mut self) -> BTreeMap<String, Vec<Bundled>> {
        let mut parts: BTreeMap<String, Vec<Bundled>> = BTreeMap::new();
        let mut own = BTreeMap::new();
        for (name, bytes) in std::mem::take(&mut self.files) {
            match of_part(&name) {
                Some((folder, inner)) => {
                    let file = Bundled::new(inner, bytes);
                    parts.entry(folder.to_owned()).or_default().push(file);
                }
                None => drop(own.insert(name, bytes)),
            }
        }
        self.files = own;
        parts
    }
}
