//! The one reader of YAML, for the profile and the catalogue, and a strict one.
//!
//! It reads the part of YAML in which a line says what it seems to say: mappings, lists, plain and
//! quoted text on one line, comments. Anchors, aliases, tags, merge keys, block text and quoted
//! text over several lines are refused with their line, because they let a small file become a
//! large value or hide one thing in another. A key that stands twice is refused where it stands
//! the second time.

mod duplicates;
mod scan;
mod shape;

use evidence::words::{
    Phrase, Sentence, YAML_DUPLICATE, YAML_DUPLICATE_DO, YAML_LARGE, YAML_LARGE_DO, YAML_SHAPE_DO,
    YAML_UTF8, YAML_UTF8_DO,
};
use serde::de::DeserializeOwned;

use crate::finding::{Finding, Place};

/// Reads a value from YAML of at most `limit` bytes; `file` names it in findings.
pub(crate) fn read<T: DeserializeOwned>(
    file: &str,
    bytes: &[u8],
    limit: u64,
) -> Result<T, Box<Finding>> {
    let whole = |code, says: Phrase, advice: &'static Sentence| Finding {
        code,
        place: Place::file(file),
        says,
        advice: advice.plain(),
    };
    if let Some(read) = usize::try_from(limit).ok().and_then(|limit| bytes.get(..limit))
        && read.len() < bytes.len()
    {
        let line = read.split(|byte| *byte == b'\n').count();
        let large = whole("Y1", YAML_LARGE.with([limit]), &YAML_LARGE_DO);
        return Err(Box::new(Finding { place: Place::line(file, line), ..large }));
    }
    let text = std::str::from_utf8(bytes).map_err(|broken| {
        let sound = bytes.get(..broken.valid_up_to()).unwrap_or_default();
        let line = sound.split(|byte| *byte == b'\n').count();
        Finding { place: Place::line(file, line), ..whole("Y2", YAML_UTF8.plain(), &YAML_UTF8_DO) }
    })?;
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    scan::refuse_tricks(file, text)?;
    if let Some(twice) = duplicates::first(text) {
        return Err(Box::new(Finding {
            code: "Y4",
            place: Place::column(file, twice.line, twice.column),
            says: YAML_DUPLICATE.with([twice.key]),
            advice: YAML_DUPLICATE_DO.plain(),
        }));
    }
    serde_yaml::from_str(text).map_err(|error| Box::new(misshapen(file, &error)))
}

/// Letters of the longest word that a finding quotes. What is longer is no setting, and may be a key
/// that was pasted where its name belongs.
const LONGEST_WORD: usize = 30;

/// A finding for what the YAML crate could not read, with our place.
fn misshapen(file: &str, error: &serde_yaml::Error) -> Finding {
    let text = error.to_string();
    let (place, text) = match error.location() {
        None => (Place::file(file), text),
        Some(at) => {
            let tail = format!(" at line {} column {}", at.line(), at.column());
            let text = text.strip_suffix(&tail).unwrap_or(&text).to_owned();
            (Place::column(file, at.line(), at.column()), text)
        }
    };
    Finding {
        code: "Y5",
        place,
        says: shape::said(&shortened(&text)),
        advice: YAML_SHAPE_DO.plain(),
    }
}

/// The text with `[…]` in place of a key in PEM, whose last line may be short, and of each word that
/// is too long to be shown.
fn shortened(text: &str) -> String {
    let (before, key) = text.split_at(text.find("-----BEGIN").unwrap_or(text.len()));
    let after = key.split_once("-----END").and_then(|(_, end)| end.split_once("-----"));
    let hidden = if key.is_empty() { "" } else { "[…]" };
    let text = [before, hidden, after.map_or("", |(_, after)| after)].concat();
    let short = |word| if str::chars(word).count() > LONGEST_WORD { "[…]" } else { word };
    text.split(' ').map(short).collect::<Vec<_>>().join(" ")
}

/// The line of the value at a path of keys such as `gateway`, `url`: for findings about values
/// that are well formed and still wrong. The nearest line that is known, where a key is missing.
pub(crate) fn line_of(text: &str, path: &[&str]) -> Option<usize> {
    let lines: Vec<&str> = text.lines().collect();
    let (outer, inner) = path.split_first()?;
    let top = lines.iter().position(|line| key_in(line, outer) == Some(0))?;
    let section_ends = |line: &&str| !line.starts_with([' ', '\t', '#', '-']) && !line.is_empty();
    let mut at = top;
    for key in inner {
        let section = lines.get(at..)?.iter().enumerate();
        let section =
            section.take_while(|(offset, line)| at + offset == top || !section_ends(line));
        match section
            .map(|(offset, line)| (at + offset, line))
            .find(|(_, l)| key_in(l, key).is_some())
        {
            Some((found, _)) => at = found,
            None => break,
        }
    }
    Some(at + 1)
}

/// The lines on which a key has this value, each from 1: of entries in a list, which have no path.
pub(crate) fn lines_with(text: &str, key: &str, value: &str) -> Vec<usize> {
    let of_key = |line: &str| {
        let at = key_in(line, key)?;
        let after = line.get(at + key.len()..)?.trim_start_matches(['"', '\'', ' ', ':']);
        let rest = after.strip_prefix(value)?;
        let ends = |c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '/' | '#');
        rest.chars().next().is_none_or(ends).then_some(())
    };
    let lines = (1..).zip(text.lines());
    lines.filter(|(_, line)| of_key(line).is_some()).map(|(number, _)| number).collect()
}

/// Where a key stands in a line, in bytes.
fn key_in(line: &str, key: &str) -> Option<usize> {
    let code = line.split_once(" #").map_or(line, |(code, _)| code);
    code.match_indices(key).map(|(at, _)| at).find(|at| {
        let before = code.get(..*at).unwrap_or_default();
        let after = code.get(at + key.len()..).unwrap_or_default();
        let opens = before.is_empty() || before.ends_with([' ', '{', ',', '-', '"', '\'']);
        opens && after.trim_start_matches(['"', '\'']).trim_start().starts_with(':')
    })
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::{line_of, read};

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Outer {
        name: String,
        #[serde(default)]
        inner: Option<Inner>,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        count: u32,
    }

    fn refused(text: &str) -> (String, &'static str, String) {
        let finding = read::<Outer>("f.yaml", text.as_bytes(), 1000).unwrap_err();
        (finding.place.to_string(), finding.code, finding.says.to_string())
    }

    #[test]
    fn a_plain_file_is_read() {
        let text = "\u{FEFF}# a comment\nname: \"a: b\" # more\r\ninner: { count: 3 }\n";
        let outer: Outer = read("f.yaml", text.as_bytes(), 1000).unwrap();
        assert_eq!(outer, Outer { name: "a: b".into(), inner: Some(Inner { count: 3 }) });
    }

    #[test]
    fn size_and_encoding_have_limits() {
        for (text, place) in [("#".repeat(1001), "f.yaml:1"), ("#\n".repeat(501), "f.yaml:501")] {
            let finding = read::<Outer>("f.yaml", text.as_bytes(), 1000).unwrap_err();
            assert_eq!((finding.code, finding.place.to_string().as_str()), ("Y1", place));
        }
        let finding = read::<Outer>("f.yaml", b"# a\nname: \xFF", 1000).unwrap_err();
        assert_eq!((finding.code, finding.place.to_string().as_str()), ("Y2", "f.yaml:2"));
        for text in ["name: a\n---\nname: b\n", "---\nname: a\n--- # more\nname: b\n"] {
            let line = if text.starts_with("---") { "f.yaml:3:1" } else { "f.yaml:2:1" };
            let (at, code, _) = refused(text);
            assert_eq!((at.as_str(), code), (line, "Y3"), "{text}");
        }
        // A mark at the head of the only document is none of a second one.
        assert!(read::<Outer>("f.yaml", b"# a\n---\nname: a\n", 1000).is_ok());
    }

    #[test]
    fn duplicates_are_refused_where_they_stand_the_second_time() {
        let table = [
            ("name: a\nname: b\n", "f.yaml:2:1"),
            ("name: a\ninner:\n  count: 1\n  count: 2\n", "f.yaml:4:3"),
            ("name: a\ninner: { count: 1, count: 2 }\n", "f.yaml:2:20"),
            ("name: a\n\"name\": b\n", "f.yaml:2:1"),
        ];
        for (text, place) in table {
            let (at, code, _) = refused(text);
            assert_eq!((at.as_str(), code), (place, "Y4"), "{text}");
        }
    }

    #[test]
    fn shapes_are_refused_with_place_and_expectation() {
        let table = [
            ("nane: a\n", "f.yaml:1:1", "unknown field `nane`, expected `name` or `inner`"),
            ("name: a\ninner:\n  sum: 1\n", "f.yaml:3:3", "expected `count`"),
            ("name: a\ninner: { count: x }\n", "f.yaml:2:17", "expected u32"),
            ("name: [a]\n", "f.yaml:1:7", "expected a string"),
            ("name: a\n b: c\n", "f.yaml:2:3", "mapping values are not allowed"),
            ("- a\n", "f.yaml:1:1", "expected struct Outer"),
        ];
        for (text, place, says) in table {
            let (at, code, said) = refused(text);
            assert_eq!((at.as_str(), code), (place, "Y5"), "{text}");
            assert!(said.contains(says), "{said}");
            assert!(!said.contains(" at line"), "{said}");
        }
    }

    #[test]
    fn what_may_be_a_key_is_not_quoted() {
        let secret = "MIIEvAIBADANBgkqhkiG9w0BAQEFAASCBKYwggSiAgEAAoIBAQDJPl0Fdhm4wkn1";
        let (begin, end) = ("-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----");
        let pem = format!("\"{begin}\\n{secret}\\n{end}\"");
        // Its last line is short; and one that somebody cut off.
        let tail = &secret[..22];
        let lines = format!("\"{begin} {secret} {tail} {end}\"");
        let cut = format!("\"{begin} {secret} {tail}\"");
        for value in [secret, &pem, &lines, &cut] {
            for text in [format!("name: a\ninner: {value}\n"), format!("{value}: a\n")] {
                let (_, code, said) = refused(&text);
                assert_eq!(code, "Y5");
                assert!(said.contains("[…]") && !said.contains(&secret[..20]), "{said}");
            }
        }
    }

    #[test]
    fn values_are_found_again() {
        let text =
            "a: 1\n# gateway: x\ngateway:\n  url: u\n  key: { file: f }\n\nreport: { key: k }\n";
        assert_eq!(line_of(text, &["gateway"]), Some(3));
        assert_eq!(line_of(text, &["gateway", "url"]), Some(4));
        assert_eq!(line_of(text, &["gateway", "key", "file"]), Some(5));
        assert_eq!(line_of(text, &["gateway", "missing"]), Some(3));
        assert_eq!(line_of(text, &["report", "key"]), Some(7));
        assert_eq!(line_of(text, &["nothing"]), None);
    }
}
