//! The result object of every answer and notice.

use serde_json::{Value, json};

use super::known_code;
use crate::Fields;

/// What an answer says about its call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// Done.
    S,
    /// Finally refused.
    F,
    /// Unknown: ask, or repeat the call unchanged.
    U,
}

impl Status {
    /// The letter.
    pub fn letter(self) -> &'static str {
        match self {
            Self::S => "S",
            Self::F => "F",
            Self::U => "U",
        }
    }
}

/// A result object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// S, F or U.
    pub status: Status,
    /// The code in capitals.
    pub code: String,
    /// Free text, never for logic.
    pub message: String,
}

impl Outcome {
    /// A result with the documented status and meaning of `code`.
    pub fn of_code(code: &str) -> Self {
        let known = known_code(code);
        let status = known.map_or(Status::F, |known| known.status);
        let message = known.map_or("refused", |known| known.meaning).to_owned();
        Self { status, code: code.to_owned(), message }
    }

    /// Reads the result of a body. `None` without a `resultStatus` of S, F or U.
    pub fn read(fields: &Fields) -> Option<Self> {
        let status = match fields.text("result.resultStatus")?.as_str() {
            "S" => Status::S,
            "F" => Status::F,
            "U" => Status::U,
            _ => return None,
        };
        let text = |path| fields.text(path).unwrap_or_default();
        Some(Self {
            status,
            code: text("result.resultCode"),
            message: text("result.resultMessage"),
        })
    }

    /// The object as a body carries it.
    pub fn to_json(&self) -> Value {
        json!({
            "resultCode": self.code,
            "resultStatus": self.status.letter(),
            "resultMessage": self.message,
        })
    }
}
