//! Whose a message is, when several scenarios share one front: by the marks of their orders, by
//! what was handed out to them, and by the ids that their messages taught.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use crate::text::Text;

/// How many texts one scenario may hold. Each is an id of a message, so no honest scenario comes
/// near it; a flood is not learned.
const TEXTS: usize = 20_000;
/// The longest text that is held, in bytes: the longest address of either generation.
const LENGTH: usize = 2048;

/// Which messages are a scenario's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// All: it is alone on the front.
    Everything,
    /// Those that carry a text which begins with this or has it inside, and those that carry what
    /// was handed out to the scenario or learned from its messages.
    Marked(String),
}

/// A scenario on a front. No other ever has its number.
pub(crate) type Place = u64;

/// Who holds a text, and whether it was handed out rather than learned.
type Holders = Vec<(Place, bool)>;

/// Where messages go. Pure: it reads texts and answers places.
#[derive(Debug, Default)]
pub(crate) struct Routes {
    latest: Place,
    everything: BTreeSet<Place>,
    marked: BTreeMap<Place, Marked>,
    holders: HashMap<Arc<str>, Holders>,
}

/// A scenario that knows its messages.
#[derive(Debug)]
struct Marked {
    mark: String,
    /// Every text it holds, so that all of them go when it leaves.
    texts: Vec<Arc<str>>,
}

impl Routes {
    /// A scenario comes in.
    pub(crate) fn enter(&mut self, claim: Claim) -> Place {
        self.latest += 1;
        match claim {
            Claim::Everything => drop(self.everything.insert(self.latest)),
            Claim::Marked(mark) => {
                self.marked.insert(self.latest, Marked { mark, texts: vec![] });
            }
        }
        self.latest
    }

    /// A scenario goes, and with it all that it held.
    pub(crate) fn leave(&mut self, place: Place) {
        self.everything.remove(&place);
        for text in self.marked.remove(&place).map(|marked| marked.texts).unwrap_or_default() {
            let Some(holders) = self.holders.get_mut(&text) else { continue };
            holders.retain(|(holder, _)| *holder != place);
            if holders.is_empty() {
                self.holders.remove(&text);
            }
        }
    }

    /// The one scenario to which everything belongs, so that nothing has to be read. Where two
    /// claim everything, neither has it.
    pub(crate) fn owner_of_all(&self) -> Option<Place> {
        only(self.everything.iter().copied())
    }

    /// Holds a text for a scenario.
    pub(crate) fn hold(&mut self, place: Place, text: &str, handed_out: bool) {
        let Some(marked) = self.marked.get_mut(&place) else { return };
        if text.is_empty() || text.len() > LENGTH || marked.texts.len() >= TEXTS {
            return;
        }
        if let Some(holders) = self.holders.get_mut(text) {
            if let Some((_, handed)) = holders.iter_mut().find(|(holder, _)| *holder == place) {
                *handed |= handed_out;
                return;
            }
            holders.push((place, handed_out));
            if let Some((shared, _)) = self.holders.get_key_value(text) {
                marked.texts.push(shared.clone());
            }
            return;
        }
        let text: Arc<str> = text.into();
        marked.texts.push(text.clone());
        self.holders.insert(text, vec![(place, handed_out)]);
    }

    /// The scenario that a message with these texts belongs to. Marks decide first, then what was
    /// handed out, then what was learned. What two hold decides nothing, and a message that speaks
    /// for two belongs to neither: a wrong scenario would be judged by it.
    pub(crate) fn find(&self, texts: &[Text]) -> Option<Place> {
        let with_mark = |fits: fn(&str, &str) -> bool| -> BTreeSet<Place> {
            let told = |mark: &str| texts.iter().any(|text| fits(&text.value, mark));
            let marked = self.marked.iter().filter(|(_, marked)| told(&marked.mark));
            marked.map(|(place, _)| *place).collect()
        };
        let inside = with_mark(|text, mark| text.contains(mark));
        if !inside.is_empty() {
            let first = || only(with_mark(|text, mark| text.starts_with(mark)));
            return only(inside).or_else(first);
        }
        let mut handed_out = BTreeSet::new();
        let mut learned = BTreeSet::new();
        for text in texts {
            match self.holders.get(text.value.as_str()).map(Vec::as_slice) {
                Some([(place, true)]) => drop(handed_out.insert(*place)),
                Some([(place, false)]) if text.is_id => drop(learned.insert(*place)),
                Some(_) | None => {}
            }
        }
        if handed_out.is_empty() { only(learned) } else { only(handed_out) }
    }
}

/// The only element.
fn only(places: impl IntoIterator<Item = Place>) -> Option<Place> {
    let mut places = places.into_iter();
    let first = places.next();
    first.filter(|_| places.next().is_none())
}

#[cfg(test)]
#[path = "tests/route.rs"]
mod tests;
