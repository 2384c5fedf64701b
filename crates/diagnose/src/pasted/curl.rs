//! A curl command, as browsers and API tools copy one.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::{Pasted, PastedFault, composed};

/// Options that take a value and have nothing to do with what is sent.
const WITH_VALUE: [&str; 12] = [
    "-o",
    "--output",
    "-m",
    "--max-time",
    "--connect-timeout",
    "--cacert",
    "--cert",
    "--key",
    "-x",
    "--proxy",
    "--resolve",
    "-w",
];

/// What a command says.
#[derive(Default)]
struct Told {
    method: Option<String>,
    url: Option<String>,
    fields: Vec<(String, String)>,
    body: Option<String>,
    in_query: bool,
}

/// Reads the commands, of which several are several calls: one is never read into another.
pub(super) fn read(text: &str) -> Result<Vec<Pasted>, PastedFault> {
    let mut commands: Vec<Told> = vec![];
    // What follows a command on its line is about its answer.
    let mut over = false;
    let mut words = words(text)?.into_iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "curl" | "curl.exe" => {
                commands.push(Told::default());
                over = false;
            }
            "$" | ";" | "|" | "||" | "&" | "&&" => over = true,
            _ => {
                if let Some(told) = commands.last_mut().filter(|_| !over) {
                    told.hear(word, &mut words)?;
                }
            }
        }
    }
    commands.into_iter().map(Told::composed).collect()
}

/// A short option and the value that is glued to it.
fn short(word: &str) -> (String, Option<String>) {
    let glued = word.len() > 2
        && word
            .get(..2)
            .is_some_and(|name| matches!(name, "-X" | "-H" | "-d" | "-A" | "-b" | "-e"));
    if glued {
        let (name, value) = word.split_at(2);
        return (name.to_owned(), Some(value.to_owned()));
    }
    (word.to_owned(), None)
}

impl Told {
    /// Takes an option with its value, or the address.
    fn hear(
        &mut self,
        word: String,
        rest: &mut impl Iterator<Item = String>,
    ) -> Result<(), PastedFault> {
        let (name, inline) = match word.split_once('=') {
            Some((name, value)) if name.starts_with("--") => {
                (name.to_owned(), Some(value.to_owned()))
            }
            Some(_) | None => short(&word),
        };
        let mut value = || inline.clone().or_else(|| rest.next()).unwrap_or_default();
        match name.as_str() {
            "-X" | "--request" => self.method = Some(value()),
            "-H" | "--header" => self.header(&value()),
            "-A" | "--user-agent" => self.fields.push(("User-Agent".to_owned(), value())),
            "-b" | "--cookie" => self.fields.push(("Cookie".to_owned(), value())),
            "-e" | "--referer" => self.fields.push(("Referer".to_owned(), value())),
            "--url" => self.url = Some(value()),
            "-d" | "--data" | "--data-raw" | "--data-binary" | "--data-ascii" | "--json" => {
                let value = value();
                if value.starts_with('@') && name != "--data-raw" {
                    return Err(PastedFault::BodyElsewhere(value));
                }
                self.add(&value);
            }
            "--data-urlencode" => self.add(&encoded(&value())?),
            "-F" | "--form" | "-T" | "--upload-file" => {
                return Err(PastedFault::BodyElsewhere(value()));
            }
            "-G" | "--get" => self.in_query = true,
            other if WITH_VALUE.contains(&other) => {
                value();
            }
            // A switch that takes no value, and the address.
            other if other.starts_with('-') => {}
            _ => self.url = Some(word),
        }
        Ok(())
    }

    fn header(&mut self, text: &str) {
        if let Some((name, value)) = text.split_once(':') {
            self.fields.push((name.trim().to_owned(), value.trim().to_owned()));
        }
    }

    /// Several bodies are joined as a form.
    fn add(&mut self, value: &str) {
        match &mut self.body {
            Some(body) => {
                body.push('&');
                body.push_str(value);
            }
            None => self.body = Some(value.to_owned()),
        }
    }

    fn composed(self) -> Result<Pasted, PastedFault> {
        let mut url = self.url.ok_or(PastedFault::NoAddress)?;
        if !url.contains("://") {
            url = format!("http://{url}");
        }
        let mut body = self.body;
        if self.in_query {
            let mark = if url.contains('?') { '&' } else { '?' };
            if let Some(query) = body.take() {
                url = format!("{url}{mark}{query}");
            }
        }
        let method = self
            .method
            .unwrap_or_else(|| if body.is_some() { "POST".to_owned() } else { "GET".to_owned() });
        let body = body.unwrap_or_default().into_bytes();
        let call = composed(&method, &url, &self.fields, body)?;
        Ok(Pasted { call: Some(call), answer: None, witnessed: false })
    }
}

/// `name=content`, of which the content is escaped.
fn encoded(value: &str) -> Result<String, PastedFault> {
    let escape = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    match value.split_once('=') {
        Some((name, content)) => Ok(format!("{name}={}", escape(content))),
        None if value.contains('@') => Err(PastedFault::BodyElsewhere(value.to_owned())),
        None => Ok(escape(value)),
    }
}

/// The words of a command as a shell takes them apart.
fn words(text: &str) -> Result<Vec<String>, PastedFault> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\'' => quoted(&mut rest, word.get_or_insert_default(), &|_| None, '\'')?,
            '"' => quoted(&mut rest, word.get_or_insert_default(), &in_double, '"')?,
            '$' if rest.peek() == Some(&'\'') => {
                rest.next();
                quoted(&mut rest, word.get_or_insert_default(), &in_dollar, '\'')?;
            }
            '\\' => match rest.next() {
                // A line that goes on.
                Some('\n') | None => {}
                Some('\r') => {
                    rest.next_if_eq(&'\n');
                }
                Some(other) => word.get_or_insert_default().push(other),
            },
            blank if blank.is_whitespace() => words.extend(word.take()),
            // An address without quotation marks may have '&' in it, and is taken as it is meant.
            ';' | '|' => {
                words.extend(word.take());
                words.push(c.to_string());
            }
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    Ok(words)
}

/// What a backslash and a character stand for in quotation marks; nothing where both stay.
type Escape = dyn Fn(char) -> Option<char>;

fn quoted(
    rest: &mut impl Iterator<Item = char>,
    word: &mut String,
    escape: &Escape,
    end: char,
) -> Result<(), PastedFault> {
    while let Some(c) = rest.next() {
        match c {
            c if c == end => return Ok(()),
            '\\' if escape('\\').is_some() => {
                let next = rest.next().ok_or(PastedFault::OpenQuote)?;
                match (next, escape(next)) {
                    ('u', Some(_)) => word.extend(code_point(rest)),
                    (_, Some(meant)) => word.push(meant),
                    ('\n', None) => {}
                    (other, None) => word.extend(['\\', other]),
                }
            }
            other => word.push(other),
        }
    }
    Err(PastedFault::OpenQuote)
}

fn in_double(c: char) -> Option<char> {
    matches!(c, '\\' | '"' | '$' | '`').then_some(c)
}

/// `$'…'`, which browsers write for what is not ASCII.
fn in_dollar(c: char) -> Option<char> {
    match c {
        'n' => Some('\n'),
        'r' => Some('\r'),
        't' => Some('\t'),
        '\\' | '\'' | '"' | 'u' | '!' => Some(c),
        _ => None,
    }
}

/// Four hexadecimal digits.
fn code_point(rest: &mut impl Iterator<Item = char>) -> Option<char> {
    let digits: Vec<u32> = rest.take(4).map(|digit| digit.to_digit(16)).collect::<Option<_>>()?;
    char::from_u32(digits.iter().fold(0, |sum, digit| sum * 16 + digit))
}
