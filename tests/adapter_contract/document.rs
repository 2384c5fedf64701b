//! The published contract as a tree, and the examples in it.

use serde_json::Value;

/// `docs/merchant-adapter.openapi.yaml`.
pub(crate) struct Document(pub(crate) Value);

/// A call of the contract as the file has it.
pub(crate) struct Call<'a> {
    pub(crate) path: &'a str,
    pub(crate) method: &'a str,
    pub(crate) operation: &'a Value,
}

/// An example with the schema that it belongs to.
pub(crate) struct Example<'a> {
    pub(crate) name: &'a str,
    pub(crate) schema: &'a Value,
    pub(crate) value: &'a Value,
}

impl Document {
    pub(crate) fn read() -> Self {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/merchant-adapter.openapi.yaml");
        Self(serde_yaml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap())
    }

    /// Every call, in the order of the file.
    pub(crate) fn calls(&self) -> Vec<Call<'_>> {
        let mut calls = vec![];
        for (path, item) in self.0["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                calls.push(Call { path, method, operation });
            }
        }
        calls
    }

    /// What a reference leads to.
    pub(crate) fn at(&self, reference: &str) -> &Value {
        let pointer = reference.strip_prefix('#').unwrap();
        self.0.pointer(pointer).unwrap_or_else(|| panic!("{reference} leads nowhere"))
    }

    /// The examples of a body.
    pub(crate) fn examples<'a>(&'a self, body: &'a Value) -> Vec<Example<'a>> {
        let body = body["$ref"].as_str().map_or(body, |reference| self.at(reference));
        let content = &body["content"]["application/json"];
        let examples = content["examples"].as_object().unwrap();
        examples
            .iter()
            .map(|(name, example)| Example {
                name,
                schema: &content["schema"],
                value: &example["value"],
            })
            .collect()
    }
}

impl<'a> Call<'a> {
    pub(crate) fn name(&self) -> &'a str {
        self.operation["operationId"].as_str().unwrap()
    }

    pub(crate) fn is_post(&self) -> bool {
        self.method == "post"
    }

    /// The body whose schema is the call's own: what is sent by POST, and what a GET brings.
    pub(crate) fn body(&self) -> &'a Value {
        if self.is_post() {
            &self.operation["requestBody"]
        } else {
            &self.operation["responses"]["200"]
        }
    }
}
