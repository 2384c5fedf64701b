//! A small XML text as a tree: of what XML can do, the part that the gateway uses.

use quick_xml::Reader;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::answer::AnswerFault;

/// Elements within elements: an answer has four.
const DEEPEST: usize = 8;

/// An element.
#[derive(Debug, Default)]
pub(super) struct Node {
    /// Its name.
    pub(super) name: String,
    /// Its attribute `name`, which the elements of the echo have.
    pub(super) label: Option<String>,
    /// The text in it, unescaped, without white space around it.
    pub(super) text: String,
    /// The elements in it.
    pub(super) children: Vec<Node>,
}

/// White space as the clients trim it.
pub(super) fn trim(text: &str) -> &str {
    text.trim_matches(|character| character <= ' ')
}

/// Whether XML 1.0 has the character.
pub(super) fn is_character(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..)
}

/// Whether a name is of the kind that the gateway gives to elements.
pub(super) fn is_name(name: &str) -> bool {
    let first = |byte: &u8| byte.is_ascii_alphabetic() || *byte == b'_';
    name.as_bytes().first().is_some_and(first)
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte))
}

/// What is open, and what was closed.
struct Builder {
    open: Vec<Node>,
    root: Option<Node>,
    /// Where the reader stands.
    at: u64,
}

/// Reads a text with one root.
pub(super) fn parse(text: &str) -> Result<Node, AnswerFault> {
    let mut reader = Reader::from_str(text);
    let mut builder = Builder { open: Vec::new(), root: None, at: 0 };
    loop {
        builder.at = reader.buffer_position();
        let event = reader.read_event().map_err(|error| AnswerFault::Malformed {
            at: reader.error_position(),
            reason: error.to_string(),
        })?;
        match event {
            Event::Start(start) => builder.begin(&start)?,
            Event::Empty(start) => {
                builder.begin(&start)?;
                builder.end()?;
            }
            Event::End(_) => builder.end()?,
            Event::Text(text) => builder.text(&text.xml10_content())?,
            Event::CData(text) => builder.text(&text.xml10_content())?,
            Event::GeneralRef(reference) => builder.reference(&reference)?,
            Event::Decl(_) if builder.at == 0 => {}
            Event::Decl(_) => {
                return builder.malformed("an XML declaration that is not the first thing");
            }
            Event::DocType(_) => return Err(AnswerFault::Dtd),
            Event::Comment(_) | Event::PI(_) => {}
            Event::Eof => break,
        }
    }
    if !builder.open.is_empty() {
        return builder.malformed("an element that is not closed");
    }
    builder.root.ok_or(AnswerFault::Empty)
}

impl Builder {
    fn malformed<T>(&self, reason: &str) -> Result<T, AnswerFault> {
        Err(AnswerFault::Malformed { at: self.at, reason: reason.to_owned() })
    }

    fn begin(&mut self, start: &BytesStart<'_>) -> Result<(), AnswerFault> {
        if self.open.is_empty() && self.root.is_some() {
            return Err(AnswerFault::TwoRoots);
        }
        if self.open.len() == DEEPEST {
            return Err(AnswerFault::TooDeep);
        }
        let name = start.name().as_ref().to_owned();
        if !is_name(&name) {
            return self.malformed("an element whose name is none of the gateway's");
        }
        let mut node = Node { name, ..Node::default() };
        for attribute in start.attributes() {
            let Ok(attribute) = attribute else {
                return self.malformed("an attribute that cannot be read");
            };
            // No name of a parameter needs an escape.
            if attribute.value.contains(['&', '<']) || !attribute.value.chars().all(is_character) {
                return self.malformed("an attribute with an escape in it");
            }
            if attribute.key.as_ref() == "name" {
                node.label = Some(attribute.value.into_owned());
            }
        }
        self.open.push(node);
        Ok(())
    }

    /// Closes the innermost element; the reader has seen that it is the one that is open.
    fn end(&mut self) -> Result<(), AnswerFault> {
        let Some(node) = self.open.pop() else { return Ok(()) };
        let node = Node { text: trim(&node.text).to_owned(), ..node };
        if !node.text.is_empty() && !node.children.is_empty() {
            return self.malformed("text between elements");
        }
        match self.open.last_mut() {
            Some(parent) => parent.children.push(node),
            None => self.root = Some(node),
        }
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), AnswerFault> {
        if !text.chars().all(is_character) {
            return self.malformed("a character that XML does not have");
        }
        match self.open.last_mut() {
            Some(node) => node.text.push_str(text),
            None if trim(text).is_empty() => {}
            None => return self.malformed("text outside of the root"),
        }
        Ok(())
    }

    fn reference(&mut self, reference: &BytesRef<'_>) -> Result<(), AnswerFault> {
        if reference.is_char_ref() {
            return match reference.resolve_char_ref() {
                Ok(Some(character)) => self.text(character.encode_utf8(&mut [0; 4])),
                Ok(None) | Err(_) => self.malformed("a reference to no character"),
            };
        }
        match resolve_xml_entity(reference) {
            Some(text) => self.text(text),
            None => Err(AnswerFault::Entity { name: reference.to_string() }),
        }
    }
}
