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

#[test]
fn fields_are_replaced_and_taken_out_in_place() {
    let head = b"HTTP/1.1 200 OK\r\na: 1\r\nSignature: x\r\nb: 2\r\n\r\n";
    assert_eq!(with_field(head, "signature", None), b"HTTP/1.1 200 OK\r\na: 1\r\nb: 2\r\n\r\n");
    let replaced = with_field(head, "signature", Some("y"));
    assert_eq!(replaced, b"HTTP/1.1 200 OK\r\na: 1\r\nSignature: y\r\nb: 2\r\n\r\n");
}
