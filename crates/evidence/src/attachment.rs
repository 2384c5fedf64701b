//! What people attach to a case: a screenshot, or a receipt.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::Event;
use crate::words::{self as say, Phrase};

/// The name under which the record tells of an attachment.
pub const ATTACHED: &str = "attached";
/// The largest file that can be attached, in bytes.
pub const LARGEST_ATTACHMENT: u64 = 4 << 20;
/// How many files a run can have attached, so that a bundle has room for them and for all else.
pub const MOST_ATTACHMENTS: usize = 40;
/// The folder of a bundle that they are in.
pub const ATTACHMENTS: &str = "attachments/";
/// How much of a file's own name is kept.
const LONGEST_NAME: usize = 80;

/// A file that somebody attached as evidence, by what is known of it. The bundle has its bytes under
/// their digest, so that one name is never two things.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attachment {
    /// What it was called, without folders; for people, and never a path.
    pub name: String,
    /// What it is, by its first bytes.
    pub form: AttachmentForm,
    /// Its length in bytes.
    pub bytes: u64,
    /// Its digest, in lower-case hexadecimal.
    pub sha256: String,
}

/// What can be attached: what shows in every browser, and runs nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AttachmentForm {
    /// A picture in PNG.
    Png,
    /// A picture in JPEG.
    Jpeg,
    /// A document in PDF.
    Pdf,
}

/// Why a file cannot be attached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AttachmentFault {
    /// There is nothing in it.
    Empty,
    /// It is larger than any may be.
    Large,
    /// It is none of the forms that can be attached.
    Form,
}

impl AttachmentFault {
    /// What is wrong, in both languages.
    pub fn says(self) -> Phrase {
        match self {
            Self::Empty => say::ATTACH_EMPTY.plain(),
            Self::Large => say::ATTACH_LARGE.with([LARGEST_ATTACHMENT >> 20]),
            Self::Form => say::ATTACH_FORM.plain(),
        }
    }
}

impl fmt::Display for AttachmentFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.says().fmt(f)
    }
}

impl AttachmentForm {
    /// The form of these bytes, by how they begin.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        [
            (&b"\x89PNG\r\n\x1a\n"[..], Self::Png),
            (b"\xff\xd8\xff", Self::Jpeg),
            (b"%PDF-", Self::Pdf),
        ]
        .into_iter()
        .find_map(|(head, form)| bytes.starts_with(head).then_some(form))
    }

    /// What the name of such a file ends in.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpeg",
            Self::Pdf => "pdf",
        }
    }
}

impl Attachment {
    /// A file by its name and its bytes.
    pub fn of(name: &str, bytes: &[u8]) -> Result<Self, AttachmentFault> {
        let length = bytes.len() as u64;
        if bytes.is_empty() {
            return Err(AttachmentFault::Empty);
        }
        if length > LARGEST_ATTACHMENT {
            return Err(AttachmentFault::Large);
        }
        let form = AttachmentForm::of(bytes).ok_or(AttachmentFault::Form)?;
        Ok(Self { name: plain(name), form, bytes: length, sha256: signing::sha256_hex(bytes) })
    }

    /// Its name in the bundle.
    pub fn file(&self) -> String {
        format!("{ATTACHMENTS}{}.{}", self.sha256, self.form.ending())
    }

    /// What the record says when it was attached.
    pub fn event(&self) -> Event {
        let facts = match serde_json::to_value(self) {
            Ok(Value::Object(facts)) => facts,
            // It has texts and a number alone, and is always an object.
            Ok(_) | Err(_) => Map::new(),
        };
        Event::Did { what: ATTACHED.to_owned(), facts }
    }

    /// What an event tells to be attached: `None` where it is about something else, and an error
    /// where no file can be what it tells.
    pub fn told(event: &Event) -> Option<Result<Self, AttachmentFault>> {
        let Event::Did { what, facts } = event else { return None };
        if what != ATTACHED {
            return None;
        }
        let read = serde_json::from_value::<Self>(Value::Object(facts.clone()));
        let known = read.ok().filter(|it| it.name == plain(&it.name) && is_digest(&it.sha256));
        Some(known.ok_or(AttachmentFault::Form))
    }

    /// Whether these are its bytes.
    pub fn is_of(&self, bytes: &[u8]) -> bool {
        Self::of(&self.name, bytes).as_ref() == Ok(self)
    }
}

fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// The name without folders, without what moves a reader's eyes or a cursor, and not too long.
fn plain(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let shown = |c: &char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | ' ' | '(' | ')');
    last.chars().filter(shown).take(LONGEST_NAME).collect()
}

#[cfg(test)]
mod tests {
    use super::{Attachment, AttachmentFault, AttachmentForm};
    use crate::Event;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\nrest";

    #[test]
    fn only_pictures_and_documents_are_attached() {
        let large = [PNG, &vec![0; 4 << 20]].concat();
        for (bytes, found) in [
            (PNG, Ok(AttachmentForm::Png)),
            (b"\xff\xd8\xff\xe0", Ok(AttachmentForm::Jpeg)),
            (b"%PDF-1.7", Ok(AttachmentForm::Pdf)),
            (b"", Err(AttachmentFault::Empty)),
            (b"<svg onload='x'>", Err(AttachmentFault::Form)),
            (b"GIF89a", Err(AttachmentFault::Form)),
            (&large, Err(AttachmentFault::Large)),
        ] {
            let made = Attachment::of("a.png", bytes).map(|it| it.form);
            assert_eq!(made, found, "{:?}", bytes.get(..8));
        }
    }

    #[test]
    fn a_name_is_no_path_and_moves_nothing() {
        for (name, kept) in [
            ("receipt 1.png", "receipt 1.png"),
            ("/home/me/x.png", "x.png"),
            ("C:\\shots\\till.png", "till.png"),
            ("../../etc/passwd", "passwd"),
            ("小票.png", "小票.png"),
            ("\u{202e}gnp.exe\x1b[2J", "gnp.exe2J"),
            ("<script>.png", "script.png"),
        ] {
            assert_eq!(Attachment::of(name, PNG).unwrap().name, kept);
        }
    }

    #[test]
    fn what_the_record_tells_is_read_back_and_what_cannot_be_is_not() {
        let made = Attachment::of("a.png", PNG).unwrap();
        assert_eq!(Attachment::told(&made.event()), Some(Ok(made.clone())));
        assert!(made.is_of(PNG) && !made.is_of(b"\x89PNG\r\n\x1a\nother"));
        assert_eq!(made.file(), format!("attachments/{}.png", made.sha256));
        assert_eq!(Attachment::told(&Event::Closed), None);
        for (name, value) in [
            ("name", "../a.png"),
            ("sha256", "../../x"),
            ("sha256", "AA"),
            ("form", "svg"),
            ("more", "x"),
        ] {
            let Event::Did { what, mut facts } = made.event() else { panic!("{made:?}") };
            facts.insert(name.into(), value.into());
            let told = Attachment::told(&Event::Did { what, facts });
            assert_eq!(told, Some(Err(AttachmentFault::Form)), "{name} {value}");
        }
    }
}
