//! Reading JSON bodies the way real clients write them.

use serde_json::{Map, Value};

/// A JSON body, read by dotted paths. Scalars count by their text, whether they were written as
/// text, number or boolean, and an empty text counts as absent (rules 8 and 10 of how official
/// clients behave).
#[derive(Debug, Clone, PartialEq)]
pub struct Fields(Value);

impl Fields {
    /// Reads a body. `None` when the bytes are no JSON object.
    pub fn read(body: &[u8]) -> Option<Self> {
        serde_json::from_slice(body).ok().filter(Value::is_object).map(Self)
    }

    /// An object that was made of another message.
    pub fn of(members: Map<String, Value>) -> Self {
        Self(Value::Object(members))
    }

    /// The scalar at a path such as `order.orderAmount.value`, as text.
    pub fn text(&self, path: &str) -> Option<String> {
        match self.at(path)? {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(truth) => Some(truth.to_string()),
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        }
        .filter(|text| !text.is_empty())
    }

    /// Whether the scalar at a path was written as JSON text.
    pub fn is_text(&self, path: &str) -> bool {
        self.at(path).is_some_and(Value::is_string)
    }

    /// The value at a path.
    pub fn at(&self, path: &str) -> Option<&Value> {
        path.split('.').try_fold(&self.0, |value, name| match value {
            Value::Array(items) => name.parse::<usize>().ok().and_then(|index| items.get(index)),
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Object(_) => value.get(name),
        })
    }

    /// The whole body.
    pub fn value(&self) -> &Value {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::Fields;

    #[test]
    fn scalars_count_by_their_text() {
        let body = br#"{"a":{"b":1231,"c":"x","d":true,"e":"","f":[{"g":"z"}]}}"#;
        let fields = Fields::read(body).unwrap();
        let read = |path: &str| fields.text(path);
        assert_eq!(read("a.b").as_deref(), Some("1231"));
        assert_eq!(read("a.c").as_deref(), Some("x"));
        assert_eq!(read("a.d").as_deref(), Some("true"));
        assert_eq!(read("a.f.0.g").as_deref(), Some("z"));
        assert_eq!(read("a.e"), None);
        assert_eq!(read("a"), None);
        assert!(fields.is_text("a.c") && !fields.is_text("a.b"));
    }

    #[test]
    fn only_an_object_is_a_body() {
        for body in [&b"[]"[..], b"1", b"", b"{", b"<html>", b"\xff", b"{} x"] {
            assert_eq!(Fields::read(body), None, "{body:?}");
        }
    }
}
