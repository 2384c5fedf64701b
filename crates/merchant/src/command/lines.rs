//! Lines of bytes out of a pipe, none longer than a limit.

use tokio::io::{AsyncBufRead, AsyncBufReadExt};

/// What stands next in a pipe.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Read {
    /// A line without its end; the last one may have none.
    Line(Vec<u8>),
    /// The first bytes of a line that is longer than the limit.
    Cut(Vec<u8>),
    /// Nothing more.
    End,
}

/// Reads a line of `limit` bytes at most; what goes beyond is read by the next call.
pub(super) async fn next(pipe: &mut (impl AsyncBufRead + Unpin), limit: usize) -> Read {
    let mut line = Vec::new();
    loop {
        // A pipe that breaks has ended.
        let bytes = pipe.fill_buf().await.unwrap_or_default();
        if bytes.is_empty() {
            return if line.is_empty() { Read::End } else { Read::Line(line) };
        }
        let room = &bytes[..bytes.len().min(limit + 1 - line.len())];
        if let Some(end) = room.iter().position(|byte| *byte == b'\n') {
            line.extend_from_slice(&room[..end]);
            pipe.consume(end + 1);
            return Read::Line(line);
        }
        let taken = room.len().min(limit - line.len());
        line.extend_from_slice(&room[..taken]);
        let over = room.len() > taken;
        pipe.consume(taken);
        if over {
            return Read::Cut(line);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Read, next};

    #[tokio::test]
    async fn lines_are_cut_at_the_limit_and_nothing_is_lost() {
        let text: &[u8] = b"one\n\n12345\n1234567\nlast";
        for size in [1, 2, 3, 64] {
            let mut pipe = tokio::io::BufReader::with_capacity(size, text);
            let mut seen = vec![];
            loop {
                let read = next(&mut pipe, 5).await;
                if read == Read::End {
                    break;
                }
                seen.push(read);
            }
            let line = |text: &str| Read::Line(text.into());
            let wanted = [
                line("one"),
                line(""),
                line("12345"),
                Read::Cut("12345".into()),
                line("67"),
                line("last"),
            ];
            assert_eq!(seen, wanted, "{size}");
        }
    }
}
