//! `features/lock`: a suite's version, and the digest of each file that the version stands for. The
//! build reads and writes it; the program does not know it.

/// How a suite stands to the lock.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// It is what was locked.
    Kept,
    /// Its version is another one than was locked.
    Raised,
    /// Its version was locked with other files than these.
    Changed(Vec<String>),
}

/// The lock of a suite: its version, then a line for each of its files, of digest and path.
pub(crate) fn lock<'a>(version: &str, files: impl Iterator<Item = (&'a str, String)>) -> String {
    let lines = files.map(|(path, digest)| format!("{digest} {path}\n"));
    format!("{version}\n{}", lines.collect::<String>())
}

/// Compares the lock that is there with the one that the files of today would get.
pub(crate) fn compare(locked: &str, today: &str) -> State {
    if version(locked) != version(today) {
        return State::Raised;
    }
    let only_in = |one: &str, other: &str| -> Vec<String> {
        one.lines().filter(|line| !other.lines().any(|known| known == *line)).map(path).collect()
    };
    let mut changed = [only_in(today, locked), only_in(locked, today)].concat();
    changed.sort();
    changed.dedup();
    if changed.is_empty() { State::Kept } else { State::Changed(changed) }
}

/// The version that a lock is of; empty for no lock.
pub(crate) fn version(lock: &str) -> &str {
    lock.lines().next().unwrap_or_default()
}

fn path(line: &str) -> String {
    line.split_once(' ').map_or(line, |(_, path)| path).to_owned()
}

#[cfg(test)]
mod tests {
    use super::{State, compare, lock};
    use crate::suite::Catalogue;
    use crate::suite::embedded::{CATALOGUE, CATALOGUE_PATH, FEATURES};

    /// The build locks the files of the folder, with a digest of its own; this is what the program
    /// carries, with the program's.
    #[test]
    fn the_lock_is_of_what_this_binary_carries() {
        let version = Catalogue::read(CATALOGUE_PATH, CATALOGUE).unwrap().suite_version;
        let mut files = [FEATURES, &[(CATALOGUE_PATH, CATALOGUE)]].concat();
        files.sort_unstable();
        let files = files.iter().map(|(path, text)| (*path, signing::sha256_hex(text.as_bytes())));
        let today = lock(&version, files);
        assert_eq!(include_str!("../../features/lock"), today, "ASSAY_UPDATE_LOCK=1 cargo build");
    }

    #[test]
    fn a_changed_suite_wants_a_new_version() {
        let of = |version: &str, files: &[(&'static str, &str)]| {
            lock(version, files.iter().map(|(path, digest)| (*path, (*digest).to_owned())))
        };
        let locked = of("1", &[("a", "00"), ("b", "11")]);
        let changed =
            |paths: &[&str]| State::Changed(paths.iter().map(ToString::to_string).collect());
        for (today, state) in [
            (of("1", &[("a", "00"), ("b", "11")]), State::Kept),
            (of("1", &[("a", "00"), ("b", "12")]), changed(&["b"])),
            (of("1", &[("a", "00")]), changed(&["b"])),
            (of("1", &[("a", "00"), ("b", "11"), ("c", "22")]), changed(&["c"])),
            (of("1", &[("a", "01"), ("c", "11")]), changed(&["a", "b", "c"])),
            (of("2", &[("a", "01"), ("b", "11")]), State::Raised),
        ] {
            assert_eq!(compare(&locked, &today), state, "{today}");
        }
        assert_eq!(compare("", &locked), State::Raised, "there is no lock yet");
    }
}
