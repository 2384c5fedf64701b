//! What a call carries: a sample or a file, with the fields that somebody wants otherwise.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use evidence::words::{
    Phrase, Place, SEND_BODY_FORM, SEND_BODY_FORM_DO, SEND_BODY_JSON, SEND_BODY_JSON_DO,
    SEND_BODY_LARGE, SEND_BODY_LARGE_DO, SEND_FIELD_DO, SEND_FIELD_NEAR_DO, SEND_FIELD_OWN,
    SEND_FIELD_OWN_DO, SEND_FIELD_STUCK, SEND_FIELD_UNKNOWN, SEND_SET_FORM, SEND_SET_FORM_DO,
    SEND_SET_JSON, SEND_SET_TEXT, SEND_UNSET_ABSENT,
};
use protocol::legacy::{Charset, Form};
use protocol::sample::{self, Call, Sample};
use serde_json::Value;
use steps::Carried;

use crate::exit::CommandError;
use crate::near::near;

/// Bytes of the largest body that is sent.
const LARGEST: u64 = 4 << 20;

/// What is wanted otherwise than in a sample.
#[derive(Debug)]
pub(super) struct Wish {
    call: Call,
    body: Option<Vec<u8>>,
    set: Vec<(String, Value)>,
    unset: Vec<String>,
}

impl Wish {
    /// Nothing.
    pub(super) fn none(call: Call) -> Self {
        Self { call, body: None, set: vec![], unset: vec![] }
    }

    /// Reads what the command line says.
    pub(super) fn read(
        call: Call,
        body: Option<&Path>,
        set: &[String],
        unset: &[String],
    ) -> Result<Self, CommandError> {
        let body = body.map(file).transpose()?;
        let free = body.is_some();
        let set = set.iter().map(|text| assignment(call, text, free)).collect::<Result<_, _>>()?;
        for name in unset.iter().filter(|_| !free) {
            known(call, name)?;
        }
        Ok(Self { call, body, set, unset: unset.to_vec() })
    }

    /// The body or the parameters.
    pub(super) fn carried(&self, sample: &Sample<'_>) -> Result<Carried, CommandError> {
        let untouched = self.set.is_empty() && self.unset.is_empty();
        let value = match (&self.body, self.call) {
            (Some(body), Call::Ams(_)) if untouched => return Ok(Carried::Bytes(body.clone())),
            (Some(body), Call::Ams(_)) => object(body)?,
            (Some(body), Call::Legacy(_)) => parameters(body)?,
            (None, call) => call.sample(sample),
        };
        let value = self.changed(value)?;
        match self.call {
            Call::Ams(_) => Ok(Carried::Bytes(value.to_string().into_bytes())),
            Call::Legacy(_) => {
                let Value::Object(members) = value else { return Ok(Carried::Parameters(vec![])) };
                let text = |value: Value| match value {
                    Value::String(text) => text,
                    other @ (Value::Null
                    | Value::Bool(_)
                    | Value::Number(_)
                    | Value::Array(_)
                    | Value::Object(_)) => other.to_string(),
                };
                let pairs = members.into_iter().map(|(name, value)| (name, text(value)));
                Ok(Carried::Parameters(pairs.collect()))
            }
        }
    }

    fn changed(&self, mut value: Value) -> Result<Value, CommandError> {
        for (path, wanted) in &self.set {
            match (self.call, &mut value) {
                // A parameter's name has no parts.
                (Call::Legacy(_), Value::Object(members)) => {
                    members.insert(path.clone(), wanted.clone());
                }
                (_, value) => {
                    sample::assign(value, path, wanted.clone()).map_err(|stuck| {
                        usage(SEND_FIELD_STUCK.with([path, &stuck.path]), SEND_FIELD_DO.plain())
                    })?;
                }
            }
        }
        for path in &self.unset {
            if !sample::remove(&mut value, path) {
                return Err(usage(SEND_UNSET_ABSENT.with([path]), SEND_FIELD_DO.plain()));
            }
        }
        Ok(value)
    }
}

/// A body that somebody wrote.
fn file(path: &Path) -> Result<Vec<u8>, CommandError> {
    let unread = |source| CommandError::Read { path: path.to_owned(), source };
    let input: Box<dyn io::Read> = if path.as_os_str() == "-" {
        Box::new(io::stdin())
    } else {
        Box::new(File::open(path).map_err(unread)?)
    };
    let mut bytes = Vec::new();
    input.take(LARGEST + 1).read_to_end(&mut bytes).map_err(unread)?;
    if bytes.len() as u64 > LARGEST {
        return Err(usage(SEND_BODY_LARGE.with([LARGEST]), SEND_BODY_LARGE_DO.plain()));
    }
    Ok(bytes)
}

/// A body whose fields can be changed.
fn object(body: &[u8]) -> Result<Value, CommandError> {
    let read = serde_json::from_slice(body).ok().filter(Value::is_object);
    read.ok_or_else(|| usage(SEND_BODY_JSON.plain(), SEND_BODY_JSON_DO.plain()))
}

/// The parameters of a form that somebody wrote, in UTF-8: they are signed and sent in the charset
/// of the profile, without those that every form has.
fn parameters(body: &[u8]) -> Result<Value, CommandError> {
    let form = Form::read(b"", body.trim_ascii(), Charset::Utf8)
        .map_err(|why| usage(SEND_BODY_FORM.with([why]), SEND_BODY_FORM_DO.plain()))?;
    let common = sample::common_form();
    let pairs = form.iter().filter(|(name, _)| !common.contains(name));
    let members = pairs.map(|(name, text)| (name.to_owned(), Value::from(text)));
    Ok(Value::Object(members.collect()))
}

/// `field=text`, or `field:=JSON`.
fn assignment(call: Call, text: &str, free: bool) -> Result<(String, Value), CommandError> {
    let form = || usage(SEND_SET_FORM.with([text]), SEND_SET_FORM_DO.plain());
    let (name, value) = text.split_once('=').ok_or_else(form)?;
    let (name, value) = match name.strip_suffix(':') {
        Some(name) => {
            let read: Result<Value, _> = serde_json::from_str(value);
            let wrong = |why| {
                usage(SEND_SET_JSON.with([name, &format!("{why}")]), SEND_SET_FORM_DO.plain())
            };
            let read = read.map_err(wrong)?;
            if matches!(call, Call::Legacy(_)) && !read.is_string() {
                return Err(usage(SEND_SET_TEXT.with([name]), SEND_SET_FORM_DO.plain()));
            }
            (name, read)
        }
        None => (name, Value::from(value)),
    };
    if name.is_empty() || name.split('.').any(str::is_empty) {
        return Err(form());
    }
    if !free {
        known(call, name)?;
    } else if matches!(call, Call::Legacy(_)) && sample::common_form().contains(&name) {
        return Err(usage(SEND_FIELD_OWN.with([name]), SEND_FIELD_OWN_DO.plain()));
    }
    Ok((name.to_owned(), value))
}

/// Refuses a field that the documents do not give to the call: a typing error must not pass unseen.
fn known(call: Call, name: &str) -> Result<(), CommandError> {
    if matches!(call, Call::Legacy(_)) && sample::common_form().contains(&name) {
        return Err(usage(SEND_FIELD_OWN.with([name]), SEND_FIELD_OWN_DO.plain()));
    }
    let asked: Vec<&str> =
        name.split('.').map(|part| if part.parse::<u32>().is_ok() { "#" } else { part }).collect();
    let asked = asked.join(".");
    let above = format!("{asked}.");
    if sample::fields(call).any(|known| known == asked || known.starts_with(&above)) {
        return Ok(());
    }
    let says = SEND_FIELD_UNKNOWN.with([call.name(), name]);
    let near = near(&asked, sample::fields(call));
    if near.is_empty() {
        return Err(usage(says, SEND_FIELD_DO.plain()));
    }
    let near = near.into_iter().map(|known| Place::value(known.replace('#', "0"))).collect();
    Err(usage(says, SEND_FIELD_NEAR_DO.holding([Place::Listed(near)])))
}

fn usage(says: Phrase, advice: Phrase) -> CommandError {
    CommandError::Usage { says, advice }
}
