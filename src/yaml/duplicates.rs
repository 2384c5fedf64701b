//! Finds a key that stands twice in one mapping.
//!
//! Maps keep the last of two values in silence, and structs report the place of the mapping, not
//! of the key; so the text is walked once on its own, and each key is compared as it is read.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// A key that stands twice, and where it does for the second time.
#[derive(Debug)]
pub(super) struct Twice {
    pub(super) key: String,
    pub(super) line: usize,
    pub(super) column: usize,
}

/// The first such key. A text that is no YAML has none; the reader after this one says so.
pub(super) fn first(text: &str) -> Option<Twice> {
    let seen = RefCell::new(None);
    let walked = Node(&seen).deserialize(serde_yaml::Deserializer::from_str(text));
    let at = walked.err()?.location();
    let key = seen.take()?;
    let (line, column) = at.map_or((1, 1), |at| (at.line(), at.column()));
    Some(Twice { key, line, column })
}

/// Any value; the cell takes the key that stands twice.
#[derive(Clone, Copy)]
struct Node<'a>(&'a RefCell<Option<String>>);

/// A key of a mapping whose keys so far are known.
struct Key<'a> {
    twice: &'a RefCell<Option<String>>,
    known: &'a mut BTreeSet<String>,
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_i128<E>(self, _: i128) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u128<E>(self, _: u128) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_none<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while items.next_element_seed(self)?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        let mut known = BTreeSet::new();
        while entries.next_key_seed(Key { twice: self.0, known: &mut known })?.is_some() {
            entries.next_value_seed(self)?;
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<(), E> {
        if self.known.insert(key.to_owned()) {
            return Ok(());
        }
        *self.twice.borrow_mut() = Some(key.to_owned());
        // Raised here, while the key is being read, so that the crate adds the key's own place.
        Err(E::custom("a key that stands twice"))
    }
}
