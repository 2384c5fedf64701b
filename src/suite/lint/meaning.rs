//! What a sentence means.

use cucumber::gherkin::Step;
use cucumber::step::Collection;

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
    /// What a vocabulary says of a step.
    pub fn of<W>(vocabulary: &Collection<W>, step: &Step) -> Self {
        match vocabulary.find(step) {
            Ok(None) => Self::None,
            Ok(Some(_)) => Self::One,
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
