//! Explanations, made of what the search found.

use evidence::{Party, form_of};
use protocol::Generation;
use protocol::legacy::FormFault;

use crate::cause::{Cause, Sure};
use crate::diagnosis::{Diagnosis, Explanation, State};
use crate::engine::Engine;
use crate::mistake::{Mistake, Step};
use crate::search::{Hit, Searched};
use crate::subject::{KnownKey, Side, Subject};
use crate::visible::Difference;

impl Engine<'_> {
    /// Makes explanations of what the search found.
    pub(crate) fn concluded(
        &self,
        before: Vec<Step>,
        searched: &Searched,
        key: Option<&KnownKey>,
    ) -> Diagnosis {
        let text = self.text();
        let ranked = ranked(&searched.hits);
        // One text, several ways to come by it: which one it was, nobody can tell.
        let causes = |hit: &&Hit| {
            let mut causes: Vec<Cause> = hit.steps.iter().map(|it| it.mistake.cause()).collect();
            causes.sort_unstable();
            causes
        };
        let certain = ranked.iter().all(|hit| causes(hit) == causes(&ranked[0]));
        let sure = if certain { Sure::Certain } else { Sure::Likely };
        let mut explanations = Vec::new();
        for hit in ranked {
            let steps: Vec<Step> = before.iter().chain(&hit.steps).cloned().collect();
            let steps = if steps.is_empty() { vec![self.refused_anyway()] } else { steps };
            let guessed = steps.iter().any(|step| step.mistake == Mistake::Padding);
            let sure = if guessed { Sure::Likely } else { sure };
            let fault = self.fault(&steps);
            let difference = Difference::between(&text, &hit.text);
            explanations.push(Explanation { steps, sure, fault, complete: true, difference });
        }
        if explanations.is_empty() && !before.is_empty() {
            // Key, algorithm or spelling are proved to be wrong; that the text differs as well is
            // proved too, but not how.
            let fault = self.fault(&before);
            let (sure, complete, difference) = (Sure::Certain, false, None);
            explanations.push(Explanation { steps: before, sure, fault, complete, difference });
        }
        let state = if explanations.is_empty() { State::Unexplained } else { State::Explained };
        let (tried, whole) = (searched.tried, searched.whole);
        Diagnosis {
            explanations,
            key: key.map(|known| known.name.clone()),
            tried,
            whole,
            ..self.blank(state)
        }
    }

    /// Text and key are right, and a receiver refuses the message all the same.
    fn refused_anyway(&self) -> Step {
        let Subject { kind, generation, .. } = *self.subject;
        let form = (generation == Generation::Legacy)
            .then(|| form_of(kind.way(), &self.subject.message, self.known.charset));
        match form {
            Some(Err(fault)) => match fault {
                FormFault::Charset { unknown, .. } => {
                    Step::with(Mistake::CharsetUnknown, [&unknown.name])
                }
                FormFault::Text { charset, .. } => {
                    Step::with(Mistake::CharsetBroken, [charset.name()])
                }
                FormFault::Repeated { name, .. } => Step::with(Mistake::SentTwice, [&name]),
                FormFault::Nameless { .. } => Step::bare(Mistake::Nameless),
                FormFault::Escape { .. } => Step::bare(Mistake::EscapeBroken),
            },
            Some(Ok(_)) | None => {
                self.told.misnamed().unwrap_or_else(|| Step::bare(Mistake::Padding))
            }
        }
    }

    /// Whose fault mistakes are: who signed what, or who hands on other bytes than came.
    pub(crate) fn fault(&self, steps: &[Step]) -> Party {
        let slot = |step: &Step| {
            matches!(
                step.mistake,
                Mistake::OwnKeyInSlot
                    | Mistake::OtherKey
                    | Mistake::UnknownKey
                    | Mistake::OtherSize
            )
        };
        match self.signer() {
            Side::Merchant => Party::Merchant,
            // The gateway's key is in the merchant's hands: the wrong one is of its own choosing.
            Side::Gateway if steps.iter().any(slot) => Party::Merchant,
            Side::Gateway if self.subject.witnessed => Party::Gateway,
            Side::Gateway => {
                let handed_on = steps.iter().any(|step| {
                    matches!(
                        step.mistake.cause(),
                        Cause::TextChanged
                            | Cause::Parameters
                            | Cause::JsonRewritten
                            | Cause::UrlEncoding
                            | Cause::Charset
                            | Cause::Order
                            | Cause::Damaged
                            | Cause::Layout
                            | Cause::Environment
                    )
                });
                if handed_on { Party::Merchant } else { Party::Gateway }
            }
        }
    }
}

/// The hits with the most frequent causes first; two orders of the same two mistakes count once.
fn ranked(hits: &[Hit]) -> Vec<&Hit> {
    let mut ranked: Vec<&Hit> = Vec::new();
    for hit in hits {
        let same = |own: &&Hit| {
            own.steps.len() == hit.steps.len()
                && hit.steps.iter().all(|step| own.steps.contains(step))
        };
        if !ranked.iter().any(same) {
            ranked.push(hit);
        }
    }
    ranked.sort_by_key(|hit| {
        let mut causes: Vec<Cause> = hit.steps.iter().map(|step| step.mistake.cause()).collect();
        causes.sort_unstable();
        causes
    });
    ranked.truncate(MOST_SHOWN);
    ranked
}

/// Explanations that are listed at most.
const MOST_SHOWN: usize = 6;
