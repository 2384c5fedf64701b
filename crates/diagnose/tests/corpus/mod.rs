//! Clients that sign wrongly, and what is wrong with each.

#![expect(clippy::unwrap_used, reason = "a test has nobody to hand an error to")]

pub(crate) mod ams;
pub(crate) mod keys;
pub(crate) mod legacy;

use std::fmt;

use diagnose::{Cause, Known, Subject};

/// What is known about a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Expected {
    /// All that is wrong with it.
    Causes(Vec<Cause>),
    /// Something that can be proved, beside something that cannot.
    Partly(Cause),
    /// Nothing that the engine knows.
    Unknown,
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Causes(causes) => {
                let names: Vec<_> = causes.iter().map(|cause| cause.name()).collect();
                f.write_str(&names.join(" + "))
            }
            Self::Partly(cause) => write!(f, "{}, partly", cause.name()),
            Self::Unknown => f.write_str("unknown"),
        }
    }
}

/// A message with a mistake.
pub(crate) struct Faulty {
    /// Which message, and which mistake.
    pub(crate) name: String,
    /// What is known.
    pub(crate) expected: Expected,
    /// The message.
    pub(crate) subject: Subject,
    /// The keys.
    pub(crate) known: Known,
}

impl Faulty {
    /// How many mistakes were made.
    pub(crate) fn mistakes(&self) -> usize {
        self.name.matches(" and ").count() + 1
    }
}

/// All of them.
pub(crate) fn faulty() -> Vec<Faulty> {
    let mut all = ams::faulty();
    all.extend(legacy::faulty());
    all
}

/// The same messages without a mistake.
pub(crate) fn healthy() -> Vec<Faulty> {
    let mut all = ams::healthy();
    all.extend(legacy::healthy());
    all
}
