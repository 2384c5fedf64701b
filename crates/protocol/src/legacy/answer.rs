//! Answers: XML, signed over the children of the response node.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use quick_xml::Reader;
use quick_xml::escape::escape;
use quick_xml::events::Event;

use super::charset::{Charset, Undecodable, UnknownCharset, Unmappable};
use super::sign::{SignFault, Signer, Verifier, judge};
use super::text_to_sign::{Empties, text_to_sign};
use super::xml::{Node, is_character, is_name, parse, trim};
use crate::ams::Verified;

/// An answer of the gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The charset of its bytes, by its declaration.
    pub charset: Charset,
    /// What the gateway itself says.
    pub told: Told,
    /// The parameters of the call that it repeats. "A parser relies on neither" them nor their
    /// number.
    pub request: Vec<(String, String)>,
    /// What the service says. `forex_refund` answers without one.
    pub response: Option<Response>,
    /// Its signature.
    pub sign: Option<String>,
    /// The signature's type.
    pub sign_type: Option<String>,
}

/// `is_success`: "`T` accepted / `F` rejected (bad sign, bad parameter, no privilege, …)".
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// `T`: the call was taken. Whether it did what it asked for, the response says.
    Accepted,
    /// `F`: the call was rejected.
    Rejected {
        /// The code in `error`.
        error: String,
    },
}

/// "The single element inside `<response>`".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// Its name: `alipay`, `trade` or `qrcodeinfo`.
    pub node: String,
    /// Its "direct children": names and trimmed texts, in order. No name comes twice.
    pub fields: Vec<(String, String)>,
}

/// Why bytes are no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AnswerFault {
    /// A declaration of another charset than the gateway has.
    #[error("the XML declaration is wrong: {0}")]
    Charset(#[from] UnknownCharset),
    /// Bytes that are no text in the declared charset.
    #[error("the answer is not in the charset that it declares: {0}")]
    Text(#[from] Undecodable),
    /// A page for people: "the caller used a redirect service as an API call".
    #[error("the answer is an HTML page, XML was expected")]
    HtmlPage,
    /// No element at all.
    #[error("the answer holds no element, XML was expected")]
    Empty,
    /// A document type definition.
    #[error("the answer has a document type definition, which no answer needs")]
    Dtd,
    /// An entity beyond the five of XML.
    #[error("the answer refers to the entity {name:?}, which is none of the five of XML")]
    Entity {
        /// Its name.
        name: String,
    },
    /// A second root.
    #[error("the answer has a second root element")]
    TwoRoots,
    /// Elements within elements without end.
    #[error("the answer's elements are nested more than eight deep")]
    TooDeep,
    /// Not XML.
    #[error("the answer is no XML: {reason}, at byte {at} of its text in UTF-8")]
    Malformed {
        /// What is wrong.
        reason: String,
        /// About where.
        at: u64,
    },
    /// Another root than `alipay`.
    #[error("the root of the answer is {found:?}, alipay was expected")]
    Root {
        /// Its name.
        found: String,
    },
    /// An element that came before, so that two readers may see two answers.
    #[error("the element or parameter {name:?} comes twice")]
    Repeated {
        /// Its name.
        name: String,
    },
    /// Elements where a text belongs.
    #[error("the element {name:?} holds elements, a text was expected")]
    Nested {
        /// Its name.
        name: String,
    },
    /// No `is_success`, or another value than T and F.
    #[error("is_success is {found:?}, T or F was expected")]
    IsSuccess {
        /// Its text; empty where it is absent.
        found: String,
    },
    /// `is_success=F` without a code.
    #[error("is_success is F, but there is no error")]
    NoError,
    /// A parameter of the echo without a name.
    #[error("the echo of the call has something else than named parameters")]
    Echo,
    /// Not one element inside of `response`.
    #[error("the response holds {found} elements, one was expected")]
    ResponseShape {
        /// How many.
        found: usize,
    },
    /// A response without `sign` or `sign_type`.
    #[error("there is a response, but no {name}")]
    Unsigned {
        /// What is missing.
        name: &'static str,
    },
}

/// Why an answer cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WriteFault {
    /// A character that its charset does not have.
    #[error(transparent)]
    Unmappable(#[from] Unmappable),
    /// A character that XML does not have.
    #[error("XML has no character U+{:04X}", u32::from(*.character))]
    Character {
        /// The character.
        character: char,
    },
    /// A name that no element has.
    #[error("{name:?} is no name of an element")]
    Name {
        /// The name.
        name: String,
    },
}

impl Answer {
    /// Reads a body, by the charset of its XML declaration, UTF-8 where it has none.
    pub fn read(body: &[u8]) -> Result<Self, AnswerFault> {
        let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
        let charset = declared(body).map_or(Ok(Charset::Utf8), |name| Charset::parse(&name))?;
        let text = charset.decode(body)?;
        if is_html(&text) {
            return Err(AnswerFault::HtmlPage);
        }
        let root = parse(&text)?;
        if root.name != "alipay" {
            let html = root.name.eq_ignore_ascii_case("html");
            let root = AnswerFault::Root { found: root.name };
            return Err(if html { AnswerFault::HtmlPage } else { root });
        }
        unique(root.children.iter().map(|child| child.name.as_str()))?;
        let child = |name: &str| root.children.iter().find(|child| child.name == name);
        let told = told(child("is_success"), child("error"))?;
        let request = child("request").map(echo).transpose()?.unwrap_or_default();
        let response = child("response").map(response).transpose()?;
        let sign = child("sign").map(leaf).transpose()?.filter(|sign| !sign.is_empty());
        let sign_type = child("sign_type").map(leaf).transpose()?.filter(|name| !name.is_empty());
        if response.is_some() && told == Told::Accepted {
            for (name, value) in [("sign", &sign), ("sign_type", &sign_type)] {
                if value.is_none() {
                    return Err(AnswerFault::Unsigned { name });
                }
            }
        }
        Ok(Self { charset, told, request, response, sign, sign_type })
    }

    /// A field of the response.
    pub fn get(&self, name: &str) -> Option<&str> {
        let fields = self.response.iter().flat_map(|response| &response.fields);
        fields.into_iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// The text that its signature covers; none without a response.
    pub fn text_to_sign(&self, empties: Empties) -> Option<String> {
        let fields = &self.response.as_ref()?.fields;
        let pairs = fields.iter().map(|(name, value)| (name.as_str(), trim(value)));
        Some(text_to_sign(pairs, empties))
    }

    /// Signs it: sets `sign_type` and `sign`. Without a response there is nothing to sign, and
    /// nothing is set.
    pub fn sign(&mut self, signer: &Signer) -> Result<(), SignFault> {
        let Some(text) = self.text_to_sign(Empties::Dropped) else { return Ok(()) };
        self.sign = Some(signer.sign(&self.charset.encode(&text)?)?);
        self.sign_type = Some(signer.sign_type().name().to_owned());
        Ok(())
    }

    /// Checks its signature over the bytes of a charset, which is that of the call: over the text
    /// without empty values, and over the text with them.
    pub fn verify(&self, verifier: &Verifier, charset: Charset) -> Verified {
        if self.response.is_none() {
            return Verified::Unsigned;
        }
        let text = |empties| self.text_to_sign(empties).unwrap_or_default();
        judge(verifier, charset, text, self.sign_type.as_deref(), self.sign.as_deref())
    }

    /// Writes it in the shape that every client takes: compact, with `sign` and `sign_type` behind
    /// the response. Fields without a value are left out, since a client fails on them.
    pub fn write(&self) -> Result<Vec<u8>, WriteFault> {
        let charset = match self.charset {
            Charset::Utf8 => "utf-8",
            Charset::Gbk | Charset::Gb2312 => self.charset.name(),
        };
        let mut text = format!("<?xml version=\"1.0\" encoding=\"{charset}\"?><alipay>");
        match &self.told {
            Told::Accepted => element(&mut text, "is_success", "T")?,
            Told::Rejected { error } => {
                element(&mut text, "is_success", "F")?;
                element(&mut text, "error", error)?;
            }
        }
        if !self.request.is_empty() {
            text.push_str("<request>");
            // Writing to a String cannot fail.
            for (name, value) in &self.request {
                named(name)?;
                let _ = write!(text, "<param name=\"{name}\">{}</param>", escaped(value)?);
            }
            text.push_str("</request>");
        }
        if let Some(Response { node, fields }) = &self.response {
            named(node)?;
            let _ = write!(text, "<response><{node}>");
            for (name, value) in fields {
                element(&mut text, name, value)?;
            }
            let _ = write!(text, "</{node}></response>");
        }
        element(&mut text, "sign", self.sign.as_deref().unwrap_or_default())?;
        element(&mut text, "sign_type", self.sign_type.as_deref().unwrap_or_default())?;
        text.push_str("</alipay>");
        Ok(self.charset.encode(&text)?.into_owned())
    }
}

/// The charset in an XML declaration. What else is wrong with it shows when it is read.
fn declared(body: &[u8]) -> Option<String> {
    let end = body.windows(2).take(200).position(|two| two == b"?>")?;
    let head = std::str::from_utf8(body.get(..end + 2)?).ok()?;
    let Event::Decl(declaration) = Reader::from_str(head).read_event().ok()? else { return None };
    Some(declaration.encoding()?.ok()?.into_owned())
}

fn is_html(text: &str) -> bool {
    let opens = |with: &str| {
        let start = trim(text).get(..with.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(with))
    };
    opens("<!doctype html") || opens("<html")
}

fn unique<'a>(names: impl Iterator<Item = &'a str>) -> Result<(), AnswerFault> {
    let mut seen = BTreeSet::new();
    match names.into_iter().find(|name| !seen.insert(*name)) {
        Some(name) => Err(AnswerFault::Repeated { name: name.to_owned() }),
        None => Ok(()),
    }
}

/// The text of an element without elements in it.
fn leaf(node: &Node) -> Result<String, AnswerFault> {
    if node.children.is_empty() {
        Ok(node.text.clone())
    } else {
        Err(AnswerFault::Nested { name: node.name.clone() })
    }
}

fn told(is_success: Option<&Node>, error: Option<&Node>) -> Result<Told, AnswerFault> {
    let found = is_success.map(leaf).transpose()?.unwrap_or_default();
    match found.as_str() {
        "T" => Ok(Told::Accepted),
        "F" => {
            let error = error.map(leaf).transpose()?.unwrap_or_default();
            if error.is_empty() { Err(AnswerFault::NoError) } else { Ok(Told::Rejected { error }) }
        }
        _ => Err(AnswerFault::IsSuccess { found }),
    }
}

/// "One `<param name="X">value</param>` per request parameter".
fn echo(request: &Node) -> Result<Vec<(String, String)>, AnswerFault> {
    let named = |param: &Node| match &param.label {
        Some(label) if param.name == "param" && is_name(label) => Ok((label.clone(), leaf(param)?)),
        Some(_) | None => Err(AnswerFault::Echo),
    };
    let echo = request.children.iter().map(named).collect::<Result<Vec<_>, _>>()?;
    unique(echo.iter().map(|(name, _)| name.as_str()))?;
    Ok(echo)
}

fn response(node: &Node) -> Result<Response, AnswerFault> {
    let [inner] = node.children.as_slice() else {
        return Err(AnswerFault::ResponseShape { found: node.children.len() });
    };
    unique(inner.children.iter().map(|child| child.name.as_str()))?;
    let field = |child: &Node| Ok((child.name.clone(), leaf(child)?));
    let fields = inner.children.iter().map(field).collect::<Result<_, AnswerFault>>()?;
    Ok(Response { node: inner.name.clone(), fields })
}

fn named(name: &str) -> Result<(), WriteFault> {
    if is_name(name) { Ok(()) } else { Err(WriteFault::Name { name: name.to_owned() }) }
}

/// Writes an element, unless it would be empty.
fn element(text: &mut String, name: &str, value: &str) -> Result<(), WriteFault> {
    named(name)?;
    let value = escaped(value)?;
    if !value.is_empty() {
        let _ = write!(text, "<{name}>{value}</{name}>");
    }
    Ok(())
}

/// A text as it stands in an element. A carriage return would be read as a line feed.
fn escaped(text: &str) -> Result<String, WriteFault> {
    match text.chars().find(|character| !is_character(*character)) {
        Some(character) => Err(WriteFault::Character { character }),
        None => Ok(escape(trim(text)).replace('\r', "&#13;")),
    }
}

#[cfg(test)]
#[path = "tests/answer.rs"]
mod tests;
