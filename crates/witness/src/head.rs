//! What may change in a head on its way: where it is addressed to, and what is said about the one
//! connection. All other lines stay as they are, byte for byte.

use evidence::target_of;

/// Header lines about switching to another protocol, which a witness that only knows this one must
/// not pass on.
const UPGRADE: [&str; 2] = ["upgrade", "http2-settings"];

/// The head with one header line's value replaced, or with the line taken out.
pub(crate) fn with_field(head: &[u8], name: &str, value: Option<&str>) -> Vec<u8> {
    edited(head, |line| match (is_named(line, name), value) {
        (false, _) => Some(line.to_vec()),
        (true, None) => None,
        (true, Some(value)) => {
            let known = line.split(|byte| *byte == b':').next().unwrap_or_default();
            Some([known, b": ", value.as_bytes()].concat())
        }
    })
}

/// A call's head as it goes on to its receiver; `None` where nothing in it changes. With a host, the
/// head is addressed to that one: in its `Host` line, and without the authority of an absolute
/// target, which names the witness. An offer to switch protocols is taken out: it is about the
/// caller's connection.
pub(crate) fn onward(head: &[u8], host: Option<&str>) -> Option<Vec<u8>> {
    let switches = fields(head).any(|line| is_named(line, UPGRADE[0]));
    if host.is_none() && !switches {
        return None;
    }
    let mut onward = head.to_vec();
    if switches {
        onward = edited(&onward, without_upgrade);
    }
    if let Some(host) = host {
        onward = addressed(&onward, host);
    }
    Some(onward)
}

fn addressed(head: &[u8], host: &str) -> Vec<u8> {
    let (first, rest) = split(head);
    let parts: Vec<&[u8]> = first.splitn(3, |byte| *byte == b' ').collect();
    let mut addressed = match (parts.as_slice(), target_of(head)) {
        ([method, target, version], Some(origin))
            if !target.starts_with(b"/") && find(target, b"://").is_some() =>
        {
            [method, origin.as_bytes(), version].join(&b' ')
        }
        _ => first.to_vec(),
    };
    if !fields(head).any(|line| is_named(line, "host")) {
        addressed.extend_from_slice(format!("\r\nHost: {host}").as_bytes());
    }
    addressed.extend_from_slice(rest);
    with_field(&addressed, "host", Some(host))
}

/// A header line without what it says about another protocol; `None` if that is all.
fn without_upgrade(line: &[u8]) -> Option<Vec<u8>> {
    if UPGRADE.iter().any(|name| is_named(line, name)) {
        return None;
    }
    if !is_named(line, "connection") {
        return Some(line.to_vec());
    }
    let text = String::from_utf8_lossy(line);
    let (name, value) = text.split_once(':')?;
    let about_it =
        |token: &&str| UPGRADE.iter().any(|name| token.trim().eq_ignore_ascii_case(name));
    let kept: Vec<&str> = value.split(',').filter(|token| !about_it(token)).collect();
    if kept.len() == value.split(',').count() {
        return Some(line.to_vec());
    }
    let kept = kept.join(",");
    (!kept.trim().is_empty()).then(|| format!("{name}: {}", kept.trim()).into_bytes())
}

/// The head with every header line as `edit` has it, or without it.
fn edited(head: &[u8], edit: impl Fn(&[u8]) -> Option<Vec<u8>>) -> Vec<u8> {
    let (first, _) = split(head);
    let mut edited = first.to_vec();
    for line in fields(head) {
        if let Some(line) = edit(line) {
            edited.extend_from_slice(b"\r\n");
            edited.extend_from_slice(&line);
        }
    }
    edited.extend_from_slice(b"\r\n\r\n");
    edited
}

/// The first line, and all after it with the break before it.
fn split(head: &[u8]) -> (&[u8], &[u8]) {
    head.split_at(find(head, b"\r\n").unwrap_or(head.len()))
}

/// The header lines, without their breaks.
fn fields(head: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = split(head).1;
    std::iter::from_fn(move || {
        let (line, after) = split(rest.strip_prefix(b"\r\n")?);
        rest = after;
        (!line.is_empty()).then_some(line)
    })
}

fn is_named(line: &[u8], name: &str) -> bool {
    let known = line.split(|byte| *byte == b':').next().unwrap_or_default();
    known.len() < line.len() && known.trim_ascii().eq_ignore_ascii_case(name.as_bytes())
}

/// Where something begins.
pub(crate) fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

#[cfg(test)]
mod tests {
    use super::{onward, with_field};

    #[test]
    fn fields_are_replaced_and_taken_out_in_place() {
        let head = b"HTTP/1.1 200 OK\r\na: 1\r\nSignature: x\r\nb: 2\r\n\r\n";
        assert_eq!(with_field(head, "signature", None), b"HTTP/1.1 200 OK\r\na: 1\r\nb: 2\r\n\r\n");
        let replaced = with_field(head, "signature", Some("y"));
        assert_eq!(replaced, b"HTTP/1.1 200 OK\r\na: 1\r\nSignature: y\r\nb: 2\r\n\r\n");
        // Bytes that are no text stay.
        let odd = b"POST /\xff HTTP/1.1\r\nx: \xbf\xa7\r\na\r\nhost: h\r\n\r\n";
        let replaced = with_field(odd, "host", Some("g"));
        assert_eq!(replaced, b"POST /\xff HTTP/1.1\r\nx: \xbf\xa7\r\na\r\nhost: g\r\n\r\n");
        assert_eq!(with_field(b"GET / HTTP/1.1\r\n\r\n", "a", None), b"GET / HTTP/1.1\r\n\r\n");
    }

    #[test]
    fn a_head_goes_on_addressed_to_its_receiver() {
        for (head, addressed) in [
            ("POST /a?b=c HTTP/1.1|HOST:w:1|x: y", "POST /a?b=c HTTP/1.1|HOST: g.test|x: y"),
            ("GET http://w:1/a?b=c HTTP/1.1|x: y", "GET /a?b=c HTTP/1.1|Host: g.test|x: y"),
            ("GET HTTPS://w:1 HTTP/1.1|Host: w", "GET / HTTP/1.1|Host: g.test"),
            ("GET http://w?b=/c HTTP/1.1|Host: w", "GET /?b=/c HTTP/1.1|Host: g.test"),
            ("GET /r?u=http://s/t HTTP/1.1|Host: w", "GET /r?u=http://s/t HTTP/1.1|Host: g.test"),
            ("OPTIONS * HTTP/1.1|Host: w", "OPTIONS * HTTP/1.1|Host: g.test"),
            ("GET / HTTP/1.0", "GET / HTTP/1.0|Host: g.test"),
        ] {
            let text = |head: &str| format!("{}\r\n\r\n", head.replace('|', "\r\n")).into_bytes();
            assert_eq!(onward(&text(head), Some("g.test")), Some(text(addressed)), "{head}");
            assert_eq!(onward(&text(head), None), None, "{head}");
        }
    }

    #[test]
    fn an_offer_to_switch_protocols_ends_here() {
        for (head, onwards) in [
            ("Upgrade: h2c|Connection: Upgrade, HTTP2-Settings|HTTP2-Settings: AAM|x: y", "x: y"),
            ("connection: keep-alive, upgrade|upgrade: h2c|x: y", "connection: keep-alive|x: y"),
            ("Connection:close|UPGRADE: h2c|Connection: Upgrade", "Connection:close"),
        ] {
            let text =
                |lines: &str| format!("GET / HTTP/1.1\r\n{}\r\n\r\n", lines.replace('|', "\r\n"));
            let head = text(head).into_bytes();
            assert_eq!(onward(&head, None), Some(text(onwards).into_bytes()));
        }
    }
}
