//! JSON in which every name of an object stands once.
//!
//! Readers disagree on what a repeated name means: some keep the first value, some the last. A
//! signature over such a text would let two people see two different statements.

use std::cell::RefCell;
use std::collections::HashSet;
use std::fmt;

use evidence::words::{self as say, Phrase, Place};
use serde::de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};
use serde::{Deserializer, de};

/// Why a text is not acceptable JSON.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JsonFault {
    /// A name stands twice in one object.
    Duplicate(String),
    /// It is no JSON at all, or something follows it.
    Malformed(String),
}

impl JsonFault {
    /// What is wrong, in both languages.
    pub fn says(&self) -> Phrase {
        match self {
            Self::Duplicate(name) => say::JSON_TWICE.holding([Place::quoted(name)]),
            Self::Malformed(why) => say::JSON_NOT.with([why]),
        }
    }
}

impl fmt::Display for JsonFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.says().fmt(f)
    }
}

/// Refuses a JSON text in which a name stands twice in one object, at any depth, and any text that
/// is not one JSON value.
pub fn refuse_duplicates(text: &[u8]) -> Result<(), JsonFault> {
    let twin = RefCell::new(None);
    let mut reader = serde_json::Deserializer::from_slice(text);
    let walked = Walk { twin: &twin }.deserialize(&mut reader).and_then(|()| reader.end());
    match (walked, twin.into_inner()) {
        (_, Some(name)) => Err(JsonFault::Duplicate(name)),
        (Err(error), None) => Err(JsonFault::Malformed(error.to_string())),
        (Ok(()), None) => Ok(()),
    }
}

/// Walks a value and keeps nothing but the first name that stands twice.
#[derive(Clone, Copy)]
struct Walk<'a> {
    twin: &'a RefCell<Option<String>>,
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut names = HashSet::new();
        while let Some(name) = map.next_key::<String>()? {
            if names.contains(&name) {
                *self.twin.borrow_mut() = Some(name);
                return Err(A::Error::custom("a name stands twice"));
            }
            names.insert(name);
            map.next_value_seed(self)?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while items.next_element_seed(self)?.is_some() {}
        Ok(())
    }

    fn visit_unit<E: de::Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E: de::Error>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E: de::Error>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E: de::Error>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E: de::Error>(self, _: &str) -> Result<(), E> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{JsonFault, refuse_duplicates};

    #[test]
    fn names_stand_once_at_every_depth() {
        for good in [r#"{"a":{"a":[{"a":1},{"a":2}]},"b":null}"#, "[1.5,-2,true,\"x\"]", " {} \n"] {
            assert_eq!(refuse_duplicates(good.as_bytes()), Ok(()), "{good}");
        }
        for twice in [
            r#"{"a":1,"a":1}"#,
            r#"[{"b":{"x":0,"a":1,"a":2}}]"#,
            r#"{"a":1,"\u0061":2}"#,
            r#"{"a":1,"a":"#,
        ] {
            assert_eq!(
                refuse_duplicates(twice.as_bytes()),
                Err(JsonFault::Duplicate("a".into())),
                "{twice}"
            );
        }
    }

    #[test]
    fn only_one_whole_value_is_json() {
        let deep = "[".repeat(10_000);
        for bad in ["", "{", "{} {}", "{'a':1}", "\u{feff}{}", "[1,]", "nul", deep.as_str()] {
            let fault = refuse_duplicates(bad.as_bytes());
            assert!(matches!(fault, Err(JsonFault::Malformed(_))), "{fault:?}");
        }
    }
}
