//! The part of JSON Schema that the contract uses, and values that just miss it.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::document::Document;

impl Document {
    fn resolved<'a>(&'a self, schema: &'a Value) -> &'a Value {
        schema["$ref"].as_str().map_or(schema, |reference| self.resolved(self.at(reference)))
    }

    /// Whether a value is what a schema says.
    pub(crate) fn fits(&self, schema: &Value, value: &Value) -> bool {
        let schema = self.resolved(schema);
        schema.as_object().unwrap().iter().all(|(keyword, wanted)| match keyword.as_str() {
            "description" | "additionalProperties" => true,
            "type" => match wanted.as_array() {
                Some(types) => types.iter().any(|one| is_of_type(one, value)),
                None => is_of_type(wanted, value),
            },
            "enum" => wanted.as_array().unwrap().contains(value),
            "oneOf" => {
                let some = wanted.as_array().unwrap().iter();
                some.filter(|schema| self.fits(schema, value)).count() == 1
            }
            "minimum" => value.as_i64().is_none_or(|number| number >= wanted.as_i64().unwrap()),
            "pattern" => value.as_str().is_none_or(|text| is_like(wanted.as_str().unwrap(), text)),
            "items" => {
                let items = value.as_array().into_iter().flatten();
                items.into_iter().all(|item| self.fits(wanted, item))
            }
            "required" => value.as_object().is_none_or(|object| {
                let names = wanted.as_array().unwrap().iter();
                names.map(|name| name.as_str().unwrap()).all(|name| object.contains_key(name))
            }),
            "properties" => value.as_object().is_none_or(|object| {
                let closed = schema["additionalProperties"] == json!(false);
                object.iter().all(|(name, value)| match wanted.get(name) {
                    Some(schema) => self.fits(schema, value),
                    None => !closed,
                })
            }),
            other => panic!("the contract uses the keyword {other}"),
        })
    }

    /// Of the alternatives the one that a value belongs to.
    fn chosen<'a>(&'a self, schema: &'a Value, value: &Value) -> &'a Value {
        let schema = self.resolved(schema);
        let some = schema["oneOf"].as_array().into_iter().flatten();
        some.into_iter()
            .find(|one| self.fits(one, value))
            .map_or(schema, |one| self.chosen(one, value))
    }

    /// The places of the contract that a value has: `OrderView.till` and so on.
    pub(crate) fn places(&self, schema: &Value, value: &Value, places: &mut BTreeSet<String>) {
        let schema = self.chosen(schema, value);
        for (name, value) in value.as_object().into_iter().flatten() {
            let named = self.named().find(|(_, known)| std::ptr::eq(*known, schema));
            places.insert(format!("{}.{name}", named.unwrap().0));
            self.places(&schema["properties"][name], value, places);
        }
        if let Some(inner) = schema.get("items") {
            for item in value.as_array().into_iter().flatten() {
                self.places(inner, item, places);
            }
        }
    }

    /// Every place that the contract has.
    pub(crate) fn all_places(&self) -> BTreeSet<String> {
        let members = self.named().flat_map(|(schema, known)| {
            let names = known["properties"].as_object().into_iter().flat_map(Map::keys);
            names.map(move |name| format!("{schema}.{name}"))
        });
        members.collect()
    }

    fn named(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.0["components"]["schemas"].as_object().into_iter().flatten()
    }

    /// The value with one thing about it changed, each time another, with words for what.
    pub(crate) fn altered(&self, schema: &Value, value: &Value) -> Vec<(String, Value)> {
        let schema = self.chosen(schema, value);
        let mut all = vec![];
        match value {
            Value::Object(object) => {
                all.push(("+ nobody".to_owned(), with(object, "nobody", json!(1))));
                for (name, inner) in object {
                    let mut less = object.clone();
                    less.remove(name);
                    all.push((format!("- {name}"), Value::Object(less)));
                    let of = &schema["properties"][name];
                    for other in self.instead(of, inner) {
                        all.push((format!("{name} = {other}"), with(object, name, other)));
                    }
                    for (what, other) in self.altered(of, inner) {
                        all.push((format!("{name}.{what}"), with(object, name, other)));
                    }
                }
            }
            Value::Array(items) if schema.get("items").is_some() => {
                for (index, item) in items.iter().enumerate() {
                    for (what, other) in self.altered(&schema["items"], item) {
                        let mut altered = items.clone();
                        altered[index] = other;
                        all.push((format!("[{index}].{what}"), Value::Array(altered)));
                    }
                }
            }
            Value::Array(_)
            | Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::String(_) => {}
        }
        all
    }

    fn instead(&self, schema: &Value, value: &Value) -> Vec<Value> {
        let schema = self.chosen(schema, value);
        let of_each_type = json!([null, true, 5, 1.5, "?", [], {}]);
        let mut other = of_each_type.as_array().cloned().unwrap_or_default();
        other.extend(schema["enum"].as_array().cloned().unwrap_or_default());
        if value.is_number() {
            other.extend([json!(0), json!(-1)]);
        }
        other
    }
}

fn with(object: &Map<String, Value>, name: &str, value: Value) -> Value {
    let mut object = object.clone();
    object.insert(name.to_owned(), value);
    Value::Object(object)
}

fn is_of_type(name: &Value, value: &Value) -> bool {
    match name.as_str().unwrap() {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("the contract uses the type {other}"),
    }
}

fn is_like(pattern: &str, text: &str) -> bool {
    let (length, byte): (usize, fn(u8) -> bool) = match pattern {
        "^[A-Z]{3}$" => (3, |byte| byte.is_ascii_uppercase()),
        "^[0-9]{8}$" => (8, |byte| byte.is_ascii_digit()),
        "^[0-9a-f]{64}$" => (64, |byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')),
        other => panic!("the contract uses the pattern {other}"),
    };
    text.len() == length && text.bytes().all(byte)
}
