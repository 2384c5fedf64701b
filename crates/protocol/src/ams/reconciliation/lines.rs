//! Lines out of bytes, none of them longer than a limit in memory.

use std::io::{BufRead, ErrorKind};

/// How a line ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    LineFeed,
    CarriageReturn,
    /// The input ended with it.
    Nothing,
}

/// What a look for the next line gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Got {
    Line(Ending),
    /// A line of which all beyond the limit was passed over.
    TooLong,
    /// The input is over.
    End,
}

#[derive(Debug)]
pub(super) struct Lines<R> {
    input: R,
    limit: usize,
    /// The last line, without what ended it.
    pub(super) text: Vec<u8>,
    /// Its number, from 1.
    pub(super) number: u64,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(input: R, limit: usize) -> Self {
        Self { input, limit, text: Vec::new(), number: 0 }
    }

    /// Reads the next line into `text`, or as much of it as the limit allows.
    pub(super) fn read(&mut self) -> std::io::Result<Got> {
        self.text.clear();
        let (mut ended, mut too_long, mut empty) = (false, false, true);
        while !ended {
            let bytes = fill(&mut self.input)?;
            if bytes.is_empty() {
                break;
            }
            empty = false;
            let feed = memchr::memchr(b'\n', bytes);
            let piece = &bytes[..feed.unwrap_or(bytes.len())];
            let used = piece.len() + usize::from(feed.is_some());
            ended = feed.is_some();
            let room = self.limit - self.text.len();
            too_long |= piece.len() > room;
            self.text.extend_from_slice(&piece[..piece.len().min(room)]);
            self.input.consume(used);
        }
        if empty {
            return Ok(Got::End);
        }
        self.number += 1;
        if too_long {
            return Ok(Got::TooLong);
        }
        let returned = ended && self.text.last() == Some(&b'\r');
        if returned {
            self.text.pop();
        }
        Ok(Got::Line(match (ended, returned) {
            (false, _) => Ending::Nothing,
            (true, false) => Ending::LineFeed,
            (true, true) => Ending::CarriageReturn,
        }))
    }
}

/// What is at hand, after reading more where nothing is. An interruption is no failure.
fn fill(input: &mut impl BufRead) -> std::io::Result<&[u8]> {
    while let Err(error) = input.fill_buf() {
        if error.kind() != ErrorKind::Interrupted {
            return Err(error);
        }
    }
    input.fill_buf()
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::{Ending, Got, Lines};

    fn read(bytes: &[u8], buffer: usize) -> Vec<(Got, String)> {
        let mut lines = Lines::new(BufReader::with_capacity(buffer, bytes), 8);
        let mut all = vec![];
        loop {
            let got = lines.read().unwrap();
            if got == Got::End {
                assert_eq!(usize::try_from(lines.number), Ok(all.len()));
                return all;
            }
            assert!(lines.text.capacity() <= 64, "a long line is not held");
            all.push((got, String::from_utf8(lines.text.clone()).unwrap()));
        }
    }

    #[test]
    fn lines_end_in_three_ways_and_long_ones_are_passed_over() {
        let (feed, back) = (Got::Line(Ending::LineFeed), Got::Line(Ending::CarriageReturn));
        let long = format!("a\n{}\r\n\n\rb\r\n12345678\n123456789", "x".repeat(10_000));
        for buffer in [1, 2, 3, 7, 4096] {
            let wanted = [
                (feed, "a"),
                (Got::TooLong, "xxxxxxxx"),
                (feed, ""),
                (back, "\rb"),
                (feed, "12345678"),
                (Got::TooLong, "12345678"),
            ];
            let wanted = wanted.map(|(got, text)| (got, text.to_owned()));
            assert_eq!(read(long.as_bytes(), buffer), wanted);
            assert_eq!(read(b"x\r", buffer), [(Got::Line(Ending::Nothing), "x\r".to_owned())]);
            assert_eq!(read(b"", buffer), []);
        }
    }
}
