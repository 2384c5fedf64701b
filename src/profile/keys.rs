//! The keys a profile names: read, and known where the whole world knows them.

use std::path::{Path, PathBuf};

use evidence::words::{
    KEY_BUILT_IN, KEY_BUILT_IN_DO, KEY_DSA_DO, KEY_ENV_MISSING, KEY_ENV_MISSING_DO,
    KEY_FILE_UNREADABLE, KEY_FILE_UNREADABLE_DO, KEY_ITSELF, KEY_ONE_SOURCE, KEY_ONE_SOURCE_DO,
    KEY_READABLE_BY_OTHERS, KEY_READABLE_BY_OTHERS_DO, KEY_SHARED_DO, KEY_THROWN_AWAY,
    KEY_UNUSABLE, KEY_UNUSABLE_DO, Language, Phrase, Place as Filled, Sentence,
};
use signing::{DsaPrivateKey, DsaPublicKey, KeyError, PrivateKey, PublicKey, SharedKey};

use super::raw::RawKey;
use crate::bounded::{self, LARGEST_KEY};
use crate::finding::{Finding, Place};
use crate::said;

/// Letters and digits of the longest run that a message shows: one less than a shared key has, and
/// one.
const LONGEST_RUN: usize = 30;

/// Where a key came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeySource {
    /// A file.
    File(PathBuf),
    /// An environment variable.
    Env(String),
    /// This program; the whole world has it.
    BuiltIn,
    /// Made for this run alone.
    ThrownAway,
}

impl KeySource {
    /// The source for people: its name, or a word of ours in their language.
    pub fn says(&self) -> Filled {
        match self {
            Self::File(path) => Filled::value(veiled_path(path)),
            Self::Env(name) => Filled::Value(format!("${name}")),
            Self::BuiltIn => KEY_BUILT_IN.plain().into(),
            Self::ThrownAway => KEY_THROWN_AWAY.plain().into(),
        }
    }

    /// The source for the bundle, whose bytes know no language: without the folders of a path.
    pub fn short(&self) -> String {
        match self {
            Self::File(path) => super::short(path),
            Self::Env(_) | Self::BuiltIn | Self::ThrownAway => self.says().said(Language::En),
        }
    }
}

/// What both halves of a key can be read from.
pub(super) trait Readable: Sized {
    /// Whether others must not see it.
    const SECRET: bool;
    /// What to do where it is none.
    const ADVICE: &'static Sentence;
    /// What to do where its file cannot be read.
    const UNREADABLE: &'static Sentence = &KEY_FILE_UNREADABLE_DO;
    /// Reads it, or says why not.
    fn of(text: &[u8]) -> Result<Self, Phrase>;
}

impl Readable for PrivateKey {
    const SECRET: bool = true;
    const ADVICE: &'static Sentence = &KEY_UNUSABLE_DO;
    fn of(text: &[u8]) -> Result<Self, Phrase> {
        Self::read(text).map_err(|error| said::key_error(&error))
    }
}

impl Readable for DsaPrivateKey {
    const SECRET: bool = true;
    const ADVICE: &'static Sentence = &KEY_DSA_DO;
    fn of(text: &[u8]) -> Result<Self, Phrase> {
        Self::read(text).map_err(|error| said::dsa_key_error(&error))
    }
}

impl Readable for DsaPublicKey {
    const SECRET: bool = false;
    const ADVICE: &'static Sentence = &KEY_DSA_DO;
    fn of(text: &[u8]) -> Result<Self, Phrase> {
        Self::read(text).map_err(|error| said::dsa_key_error(&error))
    }
}

impl Readable for SharedKey {
    const SECRET: bool = true;
    const ADVICE: &'static Sentence = &KEY_SHARED_DO;
    fn of(text: &[u8]) -> Result<Self, Phrase> {
        Self::read(text).map_err(said::shared_key_error)
    }
}

impl Readable for PublicKey {
    const SECRET: bool = false;
    const ADVICE: &'static Sentence = &KEY_UNUSABLE_DO;
    fn of(text: &[u8]) -> Result<Self, Phrase> {
        Self::read(text).map_err(|error| said::key_error(&error))
    }
}

/// A key that was read, and a warning about its file.
pub(super) struct Fetched<K> {
    pub(super) key: K,
    pub(super) source: KeySource,
    pub(super) warning: Option<Finding>,
}

/// Reads the key that a profile names at `place`.
pub(super) fn fetch<K: Readable>(
    raw: &RawKey,
    place: &Place,
    folder: &Path,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<Fetched<K>, Box<Finding>> {
    let finding = |says: Phrase, advice: &Sentence| Finding {
        code: "K1",
        place: place.clone(),
        says,
        advice: advice.plain(),
    };
    // Its own text is no name: a message would carry a secret to the terminal, or into a log.
    if [&raw.file, &raw.env].into_iter().flatten().any(|name| is_key_itself(name)) {
        return Err(finding(KEY_ITSELF.plain(), &KEY_ONE_SOURCE_DO).into());
    }
    let (source, text) = match (&raw.file, &raw.env) {
        (Some(file), None) => {
            let path = folder.join(file);
            let text = bounded::read(&path, LARGEST_KEY).map_err(|error| {
                let says = [veiled_path(&path), error.to_string()];
                finding(KEY_FILE_UNREADABLE.with(says), K::UNREADABLE)
            })?;
            (KeySource::File(path), text)
        }
        (None, Some(name)) => {
            let missing = || finding(KEY_ENV_MISSING.with([name]), &KEY_ENV_MISSING_DO);
            (KeySource::Env(name.clone()), variable(name).ok_or_else(missing)?.into_bytes())
        }
        (None, None) | (Some(_), Some(_)) => {
            return Err(finding(KEY_ONE_SOURCE.plain(), &KEY_ONE_SOURCE_DO).into());
        }
    };
    let unusable =
        |why: Phrase| finding(KEY_UNUSABLE.holding([source.says(), why.into()]), K::ADVICE);
    let key = K::of(&text).map_err(unusable)?;
    let exposed = match &source {
        KeySource::File(path) => K::SECRET && is_readable_by_others(path),
        KeySource::Env(_) | KeySource::BuiltIn | KeySource::ThrownAway => false,
    };
    let warning = exposed.then(|| Finding {
        code: "W1",
        ..finding(KEY_READABLE_BY_OTHERS.holding([source.says()]), &KEY_READABLE_BY_OTHERS_DO)
    });
    Ok(Fetched { key, source, warning })
}

/// A text for a message, without what may be a key that was written in its place: a run of letters
/// and digits that is longer than names are.
pub(super) fn veiled(text: &str) -> String {
    let (mut shown, mut run) = (String::new(), String::new());
    for character in text.chars().chain(['\0']) {
        if character.is_ascii_alphanumeric() {
            run.push(character);
            continue;
        }
        shown.push_str(if run.len() > LONGEST_RUN { "[…]" } else { &run });
        run.clear();
        shown.extend(Some(character).filter(|it| *it != '\0'));
    }
    shown
}

/// A path for a message; its folders may have long names.
fn veiled_path(path: &Path) -> String {
    let name = path.file_name().map(|name| veiled(&name.to_string_lossy())).unwrap_or_default();
    path.with_file_name(name).display().to_string()
}

/// A built-in key that does not read: a bug of ours.
pub(super) fn built_in_unusable(error: &KeyError) -> Finding {
    let says = [KeySource::BuiltIn.says(), said::key_error(error).into()];
    Finding {
        code: "K1",
        place: Place::default(),
        says: KEY_UNUSABLE.holding(says),
        advice: KEY_BUILT_IN_DO.plain(),
    }
}

/// Whether a text is a key and not the name of one: it has the head of PEM, or it begins as the
/// base64 of every key does and is far too long for a name, or it reads as a shared
/// key: 32 letters and digits, more of the latter than a name has.
fn is_key_itself(text: &str) -> bool {
    let text = text.trim();
    let shared = SharedKey::read(text.as_bytes()).is_ok()
        && text.bytes().filter(u8::is_ascii_digit).count() > 1;
    text.contains("-----BEGIN") || (text.starts_with("MII") && text.len() > 100) || shared
}

/// Whether the file system lets others than the owner read a file.
#[cfg(unix)]
fn is_readable_by_others(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).is_ok_and(|about| about.permissions().mode() & 0o044 != 0)
}

/// Not told by this system.
#[cfg(not(unix))]
fn is_readable_by_others(_: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use evidence::words::Language;
    use signing::{Half, KeyError};

    use super::{KeySource, built_in_unusable};

    #[test]
    fn where_a_key_came_from_is_said_in_the_readers_language() {
        for (source, en, zh) in [
            (KeySource::File("a/b.pem".into()), "a/b.pem", "a/b.pem"),
            (KeySource::Env("KEY".to_owned()), "$KEY", "$KEY"),
            (KeySource::BuiltIn, "built in", "内置密钥"),
            (KeySource::ThrownAway, "made for this run", "为本次运行生成的密钥"),
        ] {
            assert_eq!(source.says().said(Language::En), en);
            assert_eq!(source.says().said(Language::Zh), zh);
        }
        // The bundle has one text for all readers.
        assert_eq!(KeySource::File("a/b.pem".into()).short(), "b.pem");
        assert_eq!(KeySource::BuiltIn.short(), "built in");
        let told = built_in_unusable(&KeyError::Empty { expected: Half::Public });
        assert_eq!(told.says.text(Language::Zh), "内置密钥：文本为空，应为公钥");
    }
}
