//! What a sentence means.

use cucumber::gherkin::Step;
use cucumber::step::AmbiguousMatchError;

/// How many definitions a step has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meaning {
    /// None.
    None,
    /// Exactly one, as it should be.
    One,
    /// Several; where they stand in the code.
    Several(Vec<String>),
}

/// Tells what a step means.
pub type Meanings<'a> = dyn Fn(&Step) -> Meaning + 'a;

impl Meaning {
    /// From whether a vocabulary knows a step.
    pub fn of(known: Result<bool, AmbiguousMatchError>) -> Self {
        match known {
            Ok(false) => Self::None,
            Ok(true) => Self::One,
            Err(ambiguous) => {
                let place = |(expression, place): &(_, Option<cucumber::step::Location>)| {
                    place.map_or_else(
                        || format!("{expression}"),
                        |at| format!("{}:{}", at.path, at.line),
                    )
                };
                Self::Several(ambiguous.possible_matches.iter().map(place).collect())
            }
        }
    }
}
