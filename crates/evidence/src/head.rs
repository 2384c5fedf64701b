//! What stands in the head of a message.

use std::borrow::Cow;

use memchr::{memchr, memmem};

/// The lines of a head, its first included.
fn lines(head: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(head);
    std::iter::from_fn(move || {
        let text = rest?;
        let end = memmem::find(text, b"\r\n");
        rest = end.map(|end| &text[end + 2..]);
        Some(&text[..end.unwrap_or(text.len())])
    })
}

/// The second word of the first line, which says what is asked for or what came of it.
fn second_word(head: &[u8]) -> Option<Cow<'_, str>> {
    let word = lines(head).next()?.split(|byte| *byte == b' ').nth(1)?;
    Some(String::from_utf8_lossy(word))
}

/// The value of the first header line of that name, as text.
pub fn head_field(head: &[u8], name: &str) -> Option<String> {
    lines(head).skip(1).find_map(|line| {
        let colon = memchr(b':', line)?;
        let known = line[..colon].trim_ascii().eq_ignore_ascii_case(name.as_bytes());
        known.then(|| String::from_utf8_lossy(&line[colon + 1..]).trim().to_owned())
    })
}

/// Path and query of a request head; scheme and authority of an absolute-form target are left out.
pub fn target_of(head: &[u8]) -> Option<String> {
    let target = second_word(head)?;
    if target.starts_with('/') {
        return Some(target.into_owned());
    }
    let Some((_, rest)) = target.split_once("://") else { return Some(target.into_owned()) };
    let Some(start) = rest.find(['/', '?']) else { return Some("/".to_owned()) };
    let slash = if rest[start..].starts_with('?') { "/" } else { "" };
    Some(format!("{slash}{}", &rest[start..]))
}

/// The status of a response head.
pub fn status_of(head: &[u8]) -> Option<u16> {
    second_word(head)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{head_field, status_of, target_of};

    #[test]
    fn a_head_gives_its_target_its_fields_and_its_status() {
        let head =
            b"POST http://gateway.test/a?b=c HTTP/1.1\r\nHost: x\r\nx-odd:  two  blanks \r\n\r\n";
        assert_eq!(target_of(head).as_deref(), Some("/a?b=c"));
        assert_eq!(target_of(b"GET http://gateway.test HTTP/1.1\r\n\r\n").as_deref(), Some("/"));
        let there_and_back = b"GET /a?b=http://shop.test/c HTTP/1.1\r\n\r\n";
        assert_eq!(target_of(there_and_back).as_deref(), Some("/a?b=http://shop.test/c"));
        let no_path = b"GET http://gateway.test?b=/c HTTP/1.1\r\n\r\n";
        assert_eq!(target_of(no_path).as_deref(), Some("/?b=/c"));
        assert_eq!(head_field(head, "X-Odd").as_deref(), Some("two  blanks"));
        assert_eq!(head_field(head, "cookie"), None);
        assert_eq!(status_of(b"HTTP/1.1 204 No Content\r\n\r\n"), Some(204));
        assert_eq!(status_of(head), None);
    }
}
