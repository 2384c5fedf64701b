//! Messages as bytes.

use std::io::ErrorKind;

use evidence::target_of;

use super::*;

#[test]
fn a_fault_says_the_same_as_a_phrase() {
    for fault in [
        ReadFault::CutOff,
        ReadFault::Malformed("two lengths".into()),
        ReadFault::TooLong(HEAD_CAP),
        ReadFault::Broken(ErrorKind::ConnectionReset.into()),
        ReadFault::PlainHere,
        ReadFault::TlsHere,
        ReadFault::Refused("UnknownCA".into()),
        ReadFault::Untrusted("expired".into()),
        ReadFault::Handshake("no common version".into()),
    ] {
        assert_eq!(fault.says().to_string(), fault.to_string());
    }
}

async fn read(bytes: &[u8]) -> Result<Option<Raw>, ReadFault> {
    let (near, mut far) = tokio::io::duplex(1 << 20);
    far.write_all(bytes).await.unwrap();
    drop(far);
    Wire::new(near).read_request().await
}

#[tokio::test]
async fn a_request_is_kept_byte_for_byte() {
    let head = "POST http://h:1/a?b HTTP/1.1\r\nHost: h\r\nX-Odd:  two  blanks \r\ncontent-LENGTH: 2\r\n\r\n";
    let raw = read(format!("{head}{{}}").as_bytes()).await.unwrap().unwrap();
    assert_eq!(raw.blob.head, head.as_bytes());
    assert_eq!(raw.blob.body, b"{}");
    assert_eq!(target_of(&raw.blob.head).as_deref(), Some("/a?b"));
    assert_eq!(head_field(&raw.blob.head, "x-odd").as_deref(), Some("two  blanks"));
}

#[tokio::test]
async fn chunks_are_joined() {
    let text =
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n";
    assert_eq!(read(text.as_bytes()).await.unwrap().unwrap().blob.body, b"abcde");
}

#[tokio::test]
async fn contradictions_and_floods_are_refused() {
    for text in [
        "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nab",
        "POST / HTTP/1.1\r\nContent-Length: +2\r\n\r\nab",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n+1\r\na\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc0\r\n\r\n",
        "POST / HTTP/1.1\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\n\nHost: h\r\n\r\n",
        "\r\nPOST / HTTP/1.1\r\n\r\n",
        "\r\n\r\n",
        "nonsense\r\n\r\n",
    ] {
        assert!(read(text.as_bytes()).await.is_err(), "{text}");
    }
    assert!(read(b"").await.unwrap().is_none());
}

#[tokio::test]
async fn an_answer_that_has_no_body_gets_none() {
    let head = "HTTP/1.1 204\r\nTransfer-Encoding: chunked\r\n\r\n";
    let mut passed = Vec::new();
    let mut wire = Wire::new(tokio::io::join(head.as_bytes(), &mut passed));
    let answer = wire.read_response().await.unwrap();
    assert_eq!(status_of(&answer.blob.head), Some(204));
    wire.write(&answer.blob).await.unwrap();
    assert_eq!(passed, head.as_bytes());
}

#[tokio::test]
async fn what_comes_before_an_answer_is_not_it() {
    let text = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n\
                HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
    let mut wire = Wire::new(tokio::io::join(text.as_bytes(), tokio::io::sink()));
    let answer = wire.read_response().await.unwrap();
    assert_eq!((status_of(&answer.blob.head), &answer.blob.body[..]), (Some(200), &b"{}"[..]));
    let mut alone = Wire::new(tokio::io::join(&text.as_bytes()[..25], tokio::io::sink()));
    assert!(matches!(alone.read_response().await, Err(ReadFault::CutOff)));
}

#[tokio::test]
async fn the_answer_to_a_head_has_a_length_and_no_body() {
    let call = Blob { head: b"HEAD / HTTP/1.1\r\n\r\n".to_vec(), body: vec![] };
    for line in ["content-length: 9", "transfer-encoding: chunked"] {
        let head = format!("HTTP/1.1 200 OK\r\n{line}\r\n\r\n");
        let mut passed = Vec::new();
        let mut wire = Wire::new(tokio::io::join(head.as_bytes(), &mut passed));
        let answer = wire.read_answer_to(&call).await.unwrap();
        assert!(!answer.last);
        wire.write_answer_to(&call, &answer.blob).await.unwrap();
        assert_eq!(passed, head.as_bytes());
    }
}

#[tokio::test]
async fn a_connection_ends_where_either_side_says_so() {
    for (version, line, last) in [
        ("1.1", "x: close", false),
        ("1.1", "Connection: keep-alive", false),
        ("1.1", "connection: Close", true),
        ("1.1", "Connection: TE, close", true),
        ("1.1", "Connection: TE\r\nConnection: close", true),
        ("1.0", "x: y", true),
        ("1.0", "Connection: Keep-Alive", false),
        ("1.0", "Connection: keep-alive, close", true),
    ] {
        let request = format!("GET / HTTP/{version}\r\n{line}\r\n\r\n");
        let raw = read(request.as_bytes()).await.unwrap().unwrap();
        assert_eq!(raw.last, last, "{request}");
        let response = format!("HTTP/{version} 200 OK\r\ncontent-length: 0\r\n{line}\r\n\r\n");
        let mut wire = Wire::new(tokio::io::join(response.as_bytes(), tokio::io::sink()));
        assert_eq!(wire.read_response().await.unwrap().last, last, "{response}");
    }
    let mut wire = Wire::new(tokio::io::join(&b"HTTP/1.1 200 OK\r\n\r\nx"[..], tokio::io::sink()));
    assert!(wire.read_response().await.unwrap().last);
}

#[tokio::test]
async fn who_waits_to_be_told_is_told_unless_the_body_is_there_or_too_long() {
    for (lines, begun, told) in [
        ("Expect: 100-continue\r\ncontent-length: 2", "", true),
        ("expect: 100-Continue\r\ntransfer-encoding: chunked", "", true),
        ("expect: 100-continue\r\ncontent-length: 2", "{}", false),
        ("expect: 100-continue\r\ncontent-length: 0", "", false),
        ("expect: 100-continue\r\ncontent-length: 9999999", "", false),
        ("expect: something\r\ncontent-length: 2", "", false),
        ("content-length: 2", "", false),
    ] {
        let head = format!("POST / HTTP/1.1\r\n{lines}\r\n\r\n{begun}");
        let mut said = Vec::new();
        drop(Wire::new(tokio::io::join(head.as_bytes(), &mut said)).read_request().await);
        assert_eq!(said, if told { CONTINUE } else { b"" }, "{head}");
    }
}
