//! The JSON Schema has the fields that are read and no others, and takes the profiles that are
//! published.

use std::collections::BTreeSet;
use std::path::Path;

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::super::raw::{
    RawAmount, RawGateway, RawKey, RawMerchant, RawProfile, RawReconciliation, RawReport, RawSftp,
    RawTls, RawWitness,
};
use super::super::{Conditions, schema};
use super::GOOD;
use crate::yaml;

/// The fields that a type reads, in the words of its parser.
fn read_fields<T: DeserializeOwned>() -> BTreeSet<String> {
    let refused = serde_json::from_value::<T>(json!({ "no such field": 1 })).err().unwrap();
    let said = refused.to_string();
    assert!(said.contains("unknown field"), "{said}");
    said.split('`').skip(3).step_by(2).map(str::to_owned).collect()
}

/// The fields of an object in the schema.
fn told_fields(object: &Value) -> BTreeSet<String> {
    assert_eq!(object["additionalProperties"], json!(false));
    object["properties"].as_object().unwrap().keys().cloned().collect()
}

#[test]
fn the_schema_has_the_fields_that_are_read_and_no_others() {
    let schema = schema();
    let definitions = schema["$defs"].as_object().unwrap();
    let mut told = 0;
    let mut same = |name: &str, read: BTreeSet<String>| {
        let object = if name.is_empty() { &schema } else { &definitions[name] };
        assert_eq!(told_fields(object), read, "{name}");
        told += 1;
    };
    same("", read_fields::<RawProfile>());
    same("Conditions", read_fields::<Conditions>());
    same("Merchant", read_fields::<RawMerchant>());
    same("Witness", read_fields::<RawWitness>());
    same("Tls", read_fields::<RawTls>());
    same("Gateway", read_fields::<RawGateway>());
    same("Amount", read_fields::<RawAmount>());
    same("Reconciliation", read_fields::<RawReconciliation>());
    same("Sftp", read_fields::<RawSftp>());
    same("Report", read_fields::<RawReport>());
    same("Key", read_fields::<RawKey>());
    let objects = definitions.values().filter(|it| it["type"] == "object").count();
    assert_eq!(told, objects + 1, "an object of the schema is compared with nothing");
}

#[test]
fn every_field_is_described() {
    fn walk(path: &str, schema: &Value, seen: &mut usize) {
        let Some(properties) = schema["properties"].as_object() else { return };
        for (name, property) in properties {
            let said = property["description"].as_str().unwrap_or_default();
            assert!(said.len() > 10, "{path} {name}");
            *seen += 1;
        }
    }
    let schema = schema();
    let mut seen = 0;
    walk("", &schema, &mut seen);
    for (name, definition) in schema["$defs"].as_object().unwrap() {
        walk(name, definition, &mut seen);
    }
    assert!(seen > 50, "{seen}");
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
}

/// Whether a value is of a schema, for the keywords that ours has; any other is a failure.
fn fits(root: &Value, schema: &Value, value: &Value) -> bool {
    let Some(schema) = schema.as_object() else { return *schema == json!(true) };
    let list = |of: &Value| of.as_array().unwrap().clone();
    schema.iter().all(|(keyword, told)| match keyword.as_str() {
        "$schema" | "$defs" | "title" | "description" | "default" | "format" => true,
        "$ref" => fits(root, root.pointer(&told.as_str().unwrap()[1..]).unwrap(), value),
        "type" if told.is_array() => list(told).iter().any(|kind| is(kind, value)),
        "type" => is(told, value),
        "enum" => list(told).contains(value),
        "const" => told == value,
        "anyOf" => list(told).iter().any(|one| fits(root, one, value)),
        "oneOf" => list(told).iter().filter(|one| fits(root, one, value)).count() == 1,
        "required" => list(told).iter().all(|name| !value[name.as_str().unwrap()].is_null()),
        "minimum" => value.as_f64().is_none_or(|it| it >= told.as_f64().unwrap()),
        "maximum" => value.as_f64().is_none_or(|it| it <= told.as_f64().unwrap()),
        "minItems" => value.as_array().is_none_or(|it| it.len() as u64 >= told.as_u64().unwrap()),
        "uniqueItems" => value.as_array().is_none_or(|it| {
            it.iter().map(ToString::to_string).collect::<BTreeSet<_>>().len() == it.len()
        }),
        "items" => value.as_array().is_none_or(|it| it.iter().all(|one| fits(root, told, one))),
        "properties" => told
            .as_object()
            .unwrap()
            .iter()
            .all(|(name, told)| value.get(name).is_none_or(|inner| fits(root, told, inner))),
        "additionalProperties" => value.as_object().is_none_or(|it| {
            *told == json!(true) || it.keys().all(|name| schema["properties"].get(name).is_some())
        }),
        other => panic!("a keyword that is not checked: {other}"),
    })
}

fn is(kind: &Value, value: &Value) -> bool {
    match kind.as_str().unwrap() {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "null" => value.is_null(),
        other => panic!("a type that is not checked: {other}"),
    }
}

fn parsed(text: &str) -> Value {
    yaml::read("f", text.as_bytes(), 64 * 1024).unwrap()
}

/// Puts the sections of one profile into another.
fn put(into: &mut Value, more: &Value) {
    match (into, more) {
        // A key is named in one way.
        (into, Value::Object(more)) if more.keys().any(|it| it == "file" || it == "env") => {
            *into = Value::Object(more.clone());
        }
        (Value::Object(into), Value::Object(more)) => {
            for (name, value) in more {
                put(into.entry(name).or_insert(Value::Null), value);
            }
        }
        (into, more) => *into = more.clone(),
    }
}

/// The pieces of profiles in a page: what stands in its fences for YAML, and names a section.
fn pieces(page: &str) -> Vec<Value> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(root.join(page)).unwrap();
    let mut pieces = Vec::new();
    for fenced in page.split("```yaml\n").skip(1) {
        let text = fenced.split("```").next().unwrap();
        let indent = text.len() - text.trim_start_matches(' ').len();
        let lines = text.lines().map(|line| line.get(indent..).unwrap_or_default());
        pieces.push(parsed(&lines.collect::<Vec<_>>().join("\n")));
    }
    pieces
}

#[test]
fn the_profiles_that_are_published_are_of_the_schema() {
    let schema = schema();
    let good = parsed(GOOD);
    assert!(fits(&schema, &schema, &good));
    for text in [include_str!("../../cli/assay.en.yaml"), include_str!("../../cli/assay.zh.yaml")] {
        assert!(fits(&schema, &schema, &parsed(text)));
    }
    let mut seen = 0;
    for page in ["README.md", "docs/gateways.md", "docs/manual.md", "docs/merchant-adapter.md"] {
        for piece in pieces(page) {
            let known =
                piece.as_object().unwrap().keys().all(|it| told_fields(&schema).contains(it));
            if known {
                let mut whole = good.clone();
                put(&mut whole, &piece);
                assert!(fits(&schema, &schema, &whole), "{page}: {piece}");
                seen += 1;
            }
        }
    }
    assert!(seen > 5, "{seen}");
}

#[test]
fn a_profile_that_is_not_read_is_not_of_the_schema() {
    let schema = schema();
    for (path, value) in [
        ("/generation", json!("newest")),
        ("/products", json!([])),
        ("/products/0", json!("lottery")),
        ("/products/1", json!("cashier")),
        ("/merchant/driver", json!("robot")),
        ("/merchant/url", json!(7)),
        ("/gateway/merchant_key", json!({})),
        ("/gateway/merchant_key/env", json!("K")),
        ("/gateway/payment_codes", json!("2812")),
        ("/gateway/cap", json!({ "currency": "USD", "minor": "many" })),
        ("/gateway/passphrase", json!("x")),
        ("/report/contact", Value::Null),
        ("/conditions", json!({ "expiry": "yes" })),
        ("/conditions", json!({ "sign_type": "RSA3" })),
        ("/conditions", json!({ "weather": true })),
        ("/reconciliation", json!({})),
        ("/extra", json!(1)),
    ] {
        let mut broken = parsed(GOOD);
        let (parent, name) = path.rsplit_once('/').unwrap();
        let parent = broken.pointer_mut(parent).unwrap();
        if let Value::Array(list) = parent {
            list[name.parse::<usize>().unwrap()] = value;
        } else {
            parent[name] = value;
        }
        assert!(!fits(&schema, &schema, &broken), "{path}");
    }
}
