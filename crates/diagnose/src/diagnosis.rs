//! What is found out about a message's signature.

use evidence::Party;

use crate::cause::{Cause, Sure};
use crate::mistake::Step;
use crate::visible::Difference;

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// The signature is good.
    Holds,
    /// There is none.
    Unsigned,
    /// It is not good, and here is why.
    Explained,
    /// It is not good, and none of the known mistakes is the reason.
    Unexplained,
    /// There is no key that it could be looked at with.
    NoKey,
}

impl State {
    /// Its word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::Unsigned => "unsigned",
            Self::Explained => "explained",
            Self::Unexplained => "unexplained",
            Self::NoKey => "no-key",
        }
    }
}

/// One explanation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// The mistakes, in the order in which they were made.
    pub steps: Vec<Step>,
    /// How sure it is.
    pub sure: Sure,
    /// Whose fault it is.
    pub fault: Party,
    /// Whether these mistakes are all: the text that they lead to is the one that was signed. Where
    /// it is not, something else is wrong as well, or cannot be looked at.
    pub complete: bool,
    /// Where the text that was signed first differs from the one of the message.
    pub difference: Option<Difference>,
}

impl Explanation {
    /// The cause that matters most: that of its first mistake.
    pub fn cause(&self) -> Option<Cause> {
        self.steps.first().map(|step| step.mistake.cause())
    }
}

/// What was found out about a message's signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnosis {
    /// What came of it.
    pub state: State,
    /// The explanations, the most likely first.
    pub explanations: Vec<Explanation>,
    /// The key that opens the signature, by its name.
    pub key: Option<String>,
    /// The algorithm of the digest in it; where no key is of its kind, that kind.
    pub algorithm: Option<String>,
    /// The text that a verifier builds.
    pub text: Vec<u8>,
    /// How many texts were tried.
    pub tried: usize,
    /// Whether every variant was tried, or the message is too large for that.
    pub whole: bool,
}
