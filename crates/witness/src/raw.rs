//! HTTP/1.1 messages as bytes: read without changing them, written as they were read.

use evidence::{Blob, head_field, status_of};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use crate::head::{find, with_field};
use crate::read_fault::ReadFault;
use crate::stream::Stream;

/// The longest head, in bytes.
const HEAD_CAP: usize = 64 * 1024;
/// The longest body, in bytes.
const BODY_CAP: usize = 4 * 1024 * 1024;
/// What every TLS connection begins with, and no message.
pub(crate) const HANDSHAKE: u8 = 0x16;
/// What a client waits for that announced a body.
const CONTINUE: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\n";
/// Header lines in one head.
const FIELDS: usize = 128;

/// How a body ends.
enum Framing {
    Length(usize),
    Chunked,
    UntilClose,
}

/// A connection to one of the two sides, with what was read ahead of the message.
#[derive(Debug)]
pub struct Wire<S> {
    stream: S,
    ahead: Vec<u8>,
}

/// A message as it came.
#[derive(Debug)]
pub struct Raw {
    /// Its bytes: the head as it was sent, the body out of its chunks.
    pub blob: Blob,
    /// Whether its connection ends with it.
    pub last: bool,
}

impl Wire<Stream> {
    /// Whether the other side has kept the connection open and said nothing since its last
    /// message, so that what comes next is the answer to what is written next.
    pub(crate) async fn rests(&mut self) -> bool {
        self.ahead.is_empty() && self.stream.is_quiet().await
    }

    /// Ends the connection as one that broke.
    pub(crate) fn reset(self) {
        self.stream.reset();
    }

    /// Tells the other side that nothing more will be said.
    pub(crate) async fn say_no_more(&mut self) {
        // Who is gone does not have to know.
        drop(self.stream.shutdown().await);
    }

    /// Ends the connection after its last message, as its protocol wants it to be ended.
    pub(crate) async fn end(mut self) {
        if self.stream.is_tls() {
            self.say_no_more().await;
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Wire<S> {
    /// A connection of which nothing was read yet.
    pub fn new(stream: S) -> Self {
        Self { stream, ahead: Vec::new() }
    }

    /// Reads a request; `None` when the client has closed the connection between two. A client that
    /// waits to be told before it sends the body is told.
    pub async fn read_request(&mut self) -> Result<Option<Raw>, ReadFault> {
        let Some(head) = self.read_head().await? else { return Ok(None) };
        let mut fields = [httparse::EMPTY_HEADER; FIELDS];
        let mut request = httparse::Request::new(&mut fields);
        well_formed(&head, request.parse(&head))?;
        let framing = framing(request.headers)?.unwrap_or(Framing::Length(0));
        let last = is_last(request.version, request.headers);
        if waits(request.headers) && self.ahead.is_empty() {
            match framing {
                Framing::Length(0) | Framing::UntilClose => {}
                Framing::Length(length) if length > BODY_CAP => {
                    return Err(ReadFault::TooLong(BODY_CAP));
                }
                Framing::Length(_) | Framing::Chunked => {
                    self.stream.write_all(CONTINUE).await?;
                    self.stream.flush().await?;
                }
            }
        }
        self.read_body(head, framing, last).await.map(Some)
    }

    /// Reads a response.
    pub async fn read_response(&mut self) -> Result<Raw, ReadFault> {
        self.read_answer(false).await
    }

    /// Reads the answer to a call. Whatever comes before it in the meantime is not it.
    pub(crate) async fn read_answer_to(&mut self, call: &Blob) -> Result<Raw, ReadFault> {
        self.read_answer(asks_for_a_head(call)).await
    }

    async fn read_answer(&mut self, only_head: bool) -> Result<Raw, ReadFault> {
        loop {
            let head = self.read_head().await?.ok_or(ReadFault::CutOff)?;
            let mut fields = [httparse::EMPTY_HEADER; FIELDS];
            let mut response = httparse::Response::new(&mut fields);
            well_formed(&head, response.parse(&head))?;
            if matches!(response.code, Some(100 | 102 | 103)) {
                continue;
            }
            let framing = match framing(response.headers)? {
                _ if only_head || is_bodiless(&head) => Framing::Length(0),
                Some(framing) => framing,
                None => Framing::UntilClose,
            };
            let last = is_last(response.version, response.headers)
                || matches!(framing, Framing::UntilClose);
            return self.read_body(head, framing, last).await;
        }
    }

    /// Writes an answer as it was read.
    pub(crate) async fn write_answer_to(
        &mut self,
        call: &Blob,
        answer: &Blob,
    ) -> std::io::Result<()> {
        if asks_for_a_head(call) {
            self.stream.write_all(&answer.head).await?;
            return self.stream.flush().await;
        }
        self.write(answer).await
    }

    /// Writes a message as it was read; a chunked body goes out as one chunk.
    pub async fn write(&mut self, blob: &Blob) -> std::io::Result<()> {
        let chunked =
            head_field(&blob.head, "transfer-encoding").is_some() && !is_bodiless(&blob.head);
        let mut bytes = blob.head.clone();
        if chunked {
            if !blob.body.is_empty() {
                bytes.extend_from_slice(format!("{:x}\r\n", blob.body.len()).as_bytes());
                bytes.extend_from_slice(&blob.body);
                bytes.extend_from_slice(b"\r\n");
            }
            bytes.extend_from_slice(b"0\r\n\r\n");
        } else {
            bytes.extend_from_slice(&blob.body);
        }
        self.stream.write_all(&bytes).await?;
        self.stream.flush().await
    }

    /// Waits until the other side has closed the connection; what it still says is not heard.
    pub(crate) async fn ended(&mut self) {
        let mut unheard = [0; 1024];
        while self.stream.read(&mut unheard).await.is_ok_and(|length| length > 0) {}
    }

    async fn fill(&mut self) -> Result<usize, ReadFault> {
        self.ahead.reserve(16 * 1024);
        Ok(self.stream.read_buf(&mut self.ahead).await?)
    }

    async fn read_head(&mut self) -> Result<Option<Vec<u8>>, ReadFault> {
        loop {
            if let Some(end) = find(&self.ahead, b"\r\n\r\n") {
                return Ok(Some(self.ahead.drain(..end + 4).collect()));
            }
            if self.ahead.first() == Some(&HANDSHAKE) {
                return Err(ReadFault::TlsHere);
            }
            if self.ahead.len() > HEAD_CAP {
                return Err(ReadFault::TooLong(HEAD_CAP));
            }
            if self.fill().await? == 0 {
                return if self.ahead.is_empty() { Ok(None) } else { Err(ReadFault::CutOff) };
            }
        }
    }

    async fn read_body(
        &mut self,
        head: Vec<u8>,
        framing: Framing,
        last: bool,
    ) -> Result<Raw, ReadFault> {
        let body = match framing {
            Framing::Length(length) => self.take(length).await?,
            Framing::Chunked => self.take_chunks().await?,
            Framing::UntilClose => {
                while self.fill().await? > 0 {
                    if self.ahead.len() > BODY_CAP {
                        return Err(ReadFault::TooLong(BODY_CAP));
                    }
                }
                std::mem::take(&mut self.ahead)
            }
        };
        Ok(Raw { blob: Blob { head, body }, last })
    }

    async fn take(&mut self, length: usize) -> Result<Vec<u8>, ReadFault> {
        if length > BODY_CAP {
            return Err(ReadFault::TooLong(BODY_CAP));
        }
        while self.ahead.len() < length {
            if self.fill().await? == 0 {
                return Err(ReadFault::CutOff);
            }
        }
        Ok(self.ahead.drain(..length).collect())
    }

    async fn take_line(&mut self) -> Result<Vec<u8>, ReadFault> {
        loop {
            if let Some(end) = find(&self.ahead, b"\r\n") {
                let line = self.ahead.drain(..end + 2).take(end).collect();
                return Ok(line);
            }
            if self.ahead.len() > HEAD_CAP {
                return Err(ReadFault::TooLong(HEAD_CAP));
            }
            if self.fill().await? == 0 {
                return Err(ReadFault::CutOff);
            }
        }
    }

    async fn take_chunks(&mut self) -> Result<Vec<u8>, ReadFault> {
        let mut body = Vec::new();
        loop {
            let line = self.take_line().await?;
            let size = String::from_utf8_lossy(&line);
            let size = size.split(';').next().unwrap_or_default().trim();
            let size = number(size, 16)
                .ok_or_else(|| ReadFault::Malformed("a chunk has no size".into()))?;
            if size == 0 {
                // Trailers are not kept: no client of this protocol sends any.
                while !self.take_line().await?.is_empty() {}
                return Ok(body);
            }
            if body.len().saturating_add(size) > BODY_CAP {
                return Err(ReadFault::TooLong(BODY_CAP));
            }
            body.extend(self.take(size).await?);
            if self.take(2).await? != b"\r\n" {
                return Err(ReadFault::Malformed("a chunk is longer than its size".into()));
            }
        }
    }
}

/// The parser also takes empty lines before a head and lines that end without a carriage return.
/// Whoever takes the head apart at its line ends, as signature checks do, would see other lines.
fn well_formed(head: &[u8], parsed: httparse::Result<usize>) -> Result<(), ReadFault> {
    parsed.map_err(|why| ReadFault::Malformed(why.to_string()))?;
    if head.starts_with(b"\r\n") {
        return Err(ReadFault::Malformed("it begins with an empty line".into()));
    }
    let mut ends = head.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
    if ends.any(|(place, _)| !head[..place].ends_with(b"\r")) {
        return Err(ReadFault::Malformed("a line ends without a carriage return".into()));
    }
    Ok(())
}

/// Whether a head is that of a response which has no body, whatever its header lines say.
fn is_bodiless(head: &[u8]) -> bool {
    head.starts_with(b"HTTP/") && matches!(status_of(head), Some(100..=199 | 204 | 304))
}

/// A number of digits alone; the parser of the standard library also takes a sign.
fn number(text: &str, radix: u32) -> Option<usize> {
    let digits = text.chars().all(|digit| digit.is_digit(radix));
    if digits { usize::from_str_radix(text, radix).ok() } else { None }
}

fn framing(fields: &[httparse::Header<'_>]) -> Result<Option<Framing>, ReadFault> {
    let mut length: Option<usize> = None;
    let mut chunked = false;
    for field in fields {
        let value = String::from_utf8_lossy(field.value);
        if field.name.eq_ignore_ascii_case("transfer-encoding") {
            if !value.trim().eq_ignore_ascii_case("chunked") {
                return Err(ReadFault::Malformed(format!("transfer-encoding {value}")));
            }
            chunked = true;
        }
        if field.name.eq_ignore_ascii_case("content-length") {
            let told = number(value.trim(), 10)
                .ok_or_else(|| ReadFault::Malformed(format!("content-length {value}")))?;
            if length.is_some_and(|known| known != told) {
                return Err(ReadFault::Malformed("two lengths".into()));
            }
            length = Some(told);
        }
    }
    match (chunked, length) {
        (true, Some(_)) => Err(ReadFault::Malformed("both a length and chunks".into())),
        (true, None) => Ok(Some(Framing::Chunked)),
        (false, length) => Ok(length.map(Framing::Length)),
    }
}

/// Whether a connection ends with a message: who speaks HTTP/1.0 has to ask for it to go on.
fn is_last(version: Option<u8>, fields: &[httparse::Header<'_>]) -> bool {
    let says = |token| says(fields, "connection", token);
    says("close") || (version == Some(0) && !says("keep-alive"))
}

/// Whether a client waits to be told before it sends the body.
fn waits(fields: &[httparse::Header<'_>]) -> bool {
    says(fields, "expect", "100-continue")
}

/// Whether a token stands in the list that a header has.
fn says(fields: &[httparse::Header<'_>], name: &str, token: &str) -> bool {
    let named = fields.iter().filter(|field| field.name.eq_ignore_ascii_case(name));
    let mut tokens = named.flat_map(|field| field.value.split(|byte| *byte == b','));
    tokens.any(|known| known.trim_ascii().eq_ignore_ascii_case(token.as_bytes()))
}

/// The answer to such a call has a length and no body.
fn asks_for_a_head(call: &Blob) -> bool {
    call.head.starts_with(b"HEAD ")
}

/// The message with another body and the length that goes with it.
#[must_use]
pub fn with_body(blob: &Blob, body: Vec<u8>) -> Blob {
    let length = body.len().to_string();
    Blob { head: with_field(&blob.head, "content-length", Some(&length)), body }
}

#[cfg(test)]
#[path = "tests/raw.rs"]
mod tests;
