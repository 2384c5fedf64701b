//! Opens PEM: one block between `BEGIN` and `END` lines, whatever stands around it.

use rsa::pkcs8::der::zeroize::Zeroizing;

use crate::body::Body;
use crate::shape::{Armour, Content, Remark};

/// What opens the line before a body.
pub(crate) const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
/// What such lines open and close with.
pub(crate) const DASHES: &str = "-----";

/// Labels of blocks that hold no key and stand before one.
const PARAMETERS: &str = "PARAMETERS";

/// Columns of a body line; the one layout that is not worth a remark.
const COLUMNS: usize = 64;

/// Characters of the longest label in use, and some.
const LONGEST_LABEL: usize = 32;

/// Opens the one PEM block of a text.
pub(crate) fn open(
    text: &str,
    remarks: &mut Vec<Remark>,
) -> (Armour, Result<Zeroizing<Vec<u8>>, Content>) {
    let starts: Vec<(usize, &str)> = text
        .match_indices(BEGIN)
        .map(|(at, _)| (at, label(&text[at + BEGIN.len()..])))
        .filter(|(_, label)| !label.ends_with(PARAMETERS))
        .collect();
    let (start, label) = match starts.as_slice() {
        [] => return (Armour::None, Err(Content::NotAKey)),
        [only] => *only,
        several => {
            let labels = several.iter().map(|(_, label)| printable(label)).collect();
            return (Armour::None, Err(Content::Several(labels)));
        }
    };
    let (before, after) = text.split_at(start);
    if !before.trim().is_empty() {
        remarks.push(Remark::LeadingText);
    }
    let line = before.matches('\n').count() + 1;
    let after = &after[BEGIN.len() + label.len()..];
    let after = after.strip_prefix(DASHES).unwrap_or(after);
    let body = if let Some((body, end)) = after.split_once(END) {
        end_line(label, end, remarks);
        body
    } else {
        remarks.push(Remark::EndLineMissing);
        after
    };
    let payload = if label == "OPENSSH PRIVATE KEY" {
        Err(Content::Foreign("an OpenSSH private key"))
    } else {
        block(body, line, remarks)
    };
    (Armour::Pem { label: printable(label) }, payload)
}

/// What a `BEGIN` or `END` line announces.
fn label(rest: &str) -> &str {
    let line = rest.lines().next().unwrap_or_default();
    line.split(DASHES).next().unwrap_or_default()
}

/// A label as it may be printed. It comes from outside, and where the dashes behind it are lost,
/// what looks like the label is the key.
fn printable(label: &str) -> String {
    let usual = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || " #.-".contains(c);
    if label.len() <= LONGEST_LABEL && label.chars().all(usual) {
        label.to_owned()
    } else {
        "unreadable".to_owned()
    }
}

/// Compares the `END` line with the `BEGIN` line and looks at what follows.
fn end_line(begin: &str, end: &str, remarks: &mut Vec<Remark>) {
    let label = label(end);
    if label != begin {
        remarks.push(Remark::EndLabelDiffers);
    }
    let after = &end[label.len()..];
    if !after.strip_prefix(DASHES).unwrap_or(after).trim().is_empty() {
        remarks.push(Remark::TrailingText);
    }
}

/// The bytes of a block whose `BEGIN` line is on the given line.
fn block(
    body: &str,
    line: usize,
    remarks: &mut Vec<Remark>,
) -> Result<Zeroizing<Vec<u8>>, Content> {
    // The header lines of the oldest PEM say whether the body is encrypted.
    let headers = body.lines().take_while(|line| line.contains(':') || line.trim().is_empty());
    if headers.clone().any(|line| line.starts_with("Proc-Type:") && line.contains("ENCRYPTED")) {
        return Err(Content::Encrypted);
    }
    let numbered = body.lines().enumerate().map(|(at, text)| (line + at, text));
    let body = Body::new(numbered.skip(headers.count()).collect());
    let layout = body.layout();
    if layout.lines == 1 && layout.widest > COLUMNS {
        remarks.push(Remark::OneLine);
    } else if layout.lines > 1 && layout.widest != COLUMNS {
        remarks.push(Remark::Columns(layout.widest));
    }
    body.decode(remarks).map_err(Content::Damaged)
}

#[cfg(test)]
mod tests {
    use super::*;

    type Outcome = (Armour, Result<Vec<u8>, Content>, Vec<Remark>);

    fn outcome(text: &str) -> Outcome {
        let mut remarks = Vec::new();
        let (armour, payload) = open(text, &mut remarks);
        (armour, payload.map(|bytes| bytes.to_vec()), remarks)
    }

    fn labelled(label: &str) -> Armour {
        Armour::Pem { label: label.to_owned() }
    }

    #[test]
    fn one_block_opens_whatever_stands_around_it() {
        let cases: [(&str, &[Remark]); 9] = [
            ("-----BEGIN X-----\nAAEC\n-----END X-----\n", &[]),
            ("\n-----BEGIN X-----\n\nAAEC\n\n-----END X-----\n\n", &[]),
            ("a key:\n-----BEGIN X-----\nAAEC\n-----END X-----", &[Remark::LeadingText]),
            ("-----BEGIN X-----\nAAEC\n-----END X-----\nbye", &[Remark::TrailingText]),
            ("-----BEGIN X-----\nAAEC", &[Remark::EndLineMissing]),
            ("-----BEGIN X-----\nAAEC\n-----END Y-----", &[Remark::EndLabelDiffers]),
            ("-----BEGIN X----- AAEC -----END X-----", &[Remark::Blanks]),
            ("-----BEGIN X-----\nComment: mine\n\nAAEC\n-----END X-----", &[]),
            ("-----BEGIN X-----\nAA\nEC\n-----END X-----", &[Remark::Columns(2)]),
        ];
        for (text, remarks) in cases {
            let expected = (labelled("X"), Ok(vec![0, 1, 2]), remarks.to_vec());
            assert_eq!(outcome(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_body_on_one_long_line_is_remarked() {
        let (_, payload, remarks) =
            outcome(&format!("-----BEGIN X-----\n{}\n-----END X-----", "AAAA".repeat(20)));
        assert_eq!(payload, Ok(vec![0; 60]));
        assert_eq!(remarks, [Remark::OneLine]);
    }

    #[test]
    fn blocks_that_hold_no_plain_key_are_told_apart() {
        let encrypted = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\
                         DEK-Info: AES-128-CBC,00\n\nAAEC\n-----END RSA PRIVATE KEY-----\n";
        assert_eq!(outcome(encrypted).1, Err(Content::Encrypted));
        let openssh =
            "-----BEGIN OPENSSH PRIVATE KEY-----\nAAEC\n-----END OPENSSH PRIVATE KEY-----";
        assert_eq!(outcome(openssh).1, Err(Content::Foreign("an OpenSSH private key")));
        let parameters = "-----BEGIN EC PARAMETERS-----\nAAEC\n-----END EC PARAMETERS-----\n";
        assert_eq!(outcome(parameters).1, Err(Content::NotAKey));
        let key = "-----BEGIN X-----\nAAEC\n-----END X-----\n";
        assert_eq!(outcome(&format!("{parameters}{key}")).1, Ok(vec![0, 1, 2]));
        let several = Content::Several(vec!["X".to_owned(), "X".to_owned()]);
        assert_eq!(outcome(&format!("{key}{key}")).1, Err(several));
    }

    #[test]
    fn the_line_of_a_wrong_character_counts_from_the_top_of_the_text() {
        for (text, line) in [
            ("-----BEGIN X-----\nAA*A\n-----END X-----", 2),
            ("a\nb\n-----BEGIN X-----\nAAAA\nAA*A\n-----END X-----", 5),
            ("-----BEGIN X-----\nComment: mine\n\nAA*A\n-----END X-----", 4),
        ] {
            let damage = crate::shape::Damage::Character { found: '*', line };
            assert_eq!(outcome(text).1, Err(Content::Damaged(damage)), "{text:?}");
        }
    }

    #[test]
    fn a_label_that_may_be_part_of_a_key_is_not_repeated() {
        for label in ["PRIVATE KEY MIIEvQ", "\u{1b}[31mX", &"X".repeat(33)] {
            let text = format!("-----BEGIN {label}-----\nAAEC\n-----END {label}-----");
            assert_eq!(outcome(&text).0, labelled("unreadable"), "{label:?}");
        }
    }
}
