//! The search for the text that was signed: nothing changed, then one change, then two.

use std::collections::HashSet;

use signing::sha256;

use crate::mistake::Step;

/// A text to sign in the making.
pub(crate) trait Draft: Clone {
    /// The bytes that are signed.
    fn write(&self) -> Vec<u8>;
}

/// The part of a draft that a change touches. Changes of one part are tried in both orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// Which fields there are, and what they hold.
    Fields,
    /// What becomes of each text, or of the whole body.
    Texts,
    /// How the parts are put together.
    Frame,
}

/// What changes a draft; `None` where it cannot be done.
type Edit<D> = Box<dyn Fn(&D) -> Option<D>>;

/// A mistake that can be tried on a draft.
pub(crate) struct Variant<D> {
    /// The mistake.
    pub(crate) step: Step,
    part: Part,
    edit: Edit<D>,
}

impl<D> Variant<D> {
    pub(crate) fn new(step: Step, part: Part, edit: impl Fn(&D) -> Option<D> + 'static) -> Self {
        Self { step, part, edit: Box::new(edit) }
    }
}

/// A text that agrees, and the mistakes that lead to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hit {
    pub(crate) steps: Vec<Step>,
    pub(crate) text: Vec<u8>,
}

/// What a search came to.
#[derive(Debug, Default)]
pub(crate) struct Searched {
    /// Every hit of the first level that has one.
    pub(crate) hits: Vec<Hit>,
    /// How many different texts were tried.
    pub(crate) tried: usize,
    /// Whether all were tried that there are.
    pub(crate) whole: bool,
}

/// What a search may cost, counted and not timed, so that it finds the same on every machine.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Budget {
    /// Texts that are compared.
    pub(crate) texts: usize,
    /// Bytes that are written.
    pub(crate) bytes: usize,
}

struct Search<'a> {
    agrees: &'a mut dyn FnMut(&[u8]) -> bool,
    seen: HashSet<[u8; 32]>,
    hit: HashSet<[u8; 32]>,
    left: Budget,
    tried: usize,
}

impl Search<'_> {
    /// Whether the text is the one that was signed; `None` when nothing more can be paid for.
    fn fits(&mut self, text: &[u8]) -> Option<bool> {
        let name = sha256(text);
        if !self.seen.insert(name) {
            return Some(self.hit.contains(&name));
        }
        self.left.texts = self.left.texts.checked_sub(1)?;
        self.tried += 1;
        let fits = (self.agrees)(text);
        if fits {
            self.hit.insert(name);
        }
        Some(fits)
    }

    fn pay(&mut self, bytes: usize) -> Option<()> {
        // Short texts cost as well.
        self.left.bytes = self.left.bytes.checked_sub(bytes.max(256))?;
        Some(())
    }
}

/// Tries the draft, each variant of it, and each pair of variants.
pub(crate) fn search<D: Draft>(
    base: &D,
    variants: &[Variant<D>],
    budget: Budget,
    agrees: &mut dyn FnMut(&[u8]) -> bool,
) -> Searched {
    let (seen, hit) = (HashSet::new(), HashSet::new());
    let mut search = Search { agrees, seen, hit, left: budget, tried: 0 };
    let mut hits = Vec::new();
    let whole = levels(&mut search, base, variants, &mut hits).is_some();
    Searched { hits, tried: search.tried, whole }
}

fn levels<D: Draft>(
    search: &mut Search<'_>,
    base: &D,
    variants: &[Variant<D>],
    hits: &mut Vec<Hit>,
) -> Option<()> {
    let sent = base.write();
    if search.fits(&sent)? {
        hits.push(Hit { steps: Vec::new(), text: sent });
        return Some(());
    }
    let mut singles: Vec<(&Variant<D>, D)> = Vec::new();
    for variant in variants {
        let Some(draft) = (variant.edit)(base) else { continue };
        let text = draft.write();
        search.pay(text.len())?;
        // What changes nothing here is no mistake that was made here.
        if text == sent {
            continue;
        }
        if search.fits(&text)? {
            hits.push(Hit { steps: vec![variant.step.clone()], text });
        } else {
            singles.push((variant, draft));
        }
    }
    if !hits.is_empty() {
        return Some(());
    }
    for (at, (first, draft)) in singles.iter().enumerate() {
        for (second, other) in singles.iter().skip(at + 1) {
            pair(search, [first, second], draft, hits)?;
            if first.part == second.part {
                pair(search, [second, first], other, hits)?;
            }
        }
    }
    Some(())
}

/// Tries the second of two variants on what the first one made.
fn pair<D: Draft>(
    search: &mut Search<'_>,
    [first, second]: [&Variant<D>; 2],
    draft: &D,
    hits: &mut Vec<Hit>,
) -> Option<()> {
    let Some(draft) = (second.edit)(draft) else { return Some(()) };
    let text = draft.write();
    search.pay(text.len())?;
    if search.fits(&text)? {
        hits.push(Hit { steps: vec![first.step.clone(), second.step.clone()], text });
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mistake::Mistake;

    #[derive(Clone)]
    struct Plain(Vec<u8>);

    impl Draft for Plain {
        fn write(&self) -> Vec<u8> {
            self.0.clone()
        }
    }

    fn adds(byte: u8, mistake: Mistake) -> Variant<Plain> {
        Variant::new(Step::bare(mistake), Part::Texts, move |draft: &Plain| {
            Some(Plain([&draft.0[..], &[byte]].concat()))
        })
    }

    fn found(wanted: &[u8], texts: usize) -> (Vec<Vec<Mistake>>, bool) {
        let variants = [
            adds(b'a', Mistake::Trimmed),
            adds(b'b', Mistake::LeftOut),
            adds(b'a', Mistake::Quoted),
        ];
        let budget = Budget { texts, bytes: 1 << 20 };
        let searched = search(&Plain(vec![b'x']), &variants, budget, &mut |text| text == wanted);
        let of = |hit: &Hit| hit.steps.iter().map(|step| step.mistake).collect();
        (searched.hits.iter().map(of).collect(), searched.whole)
    }

    #[test]
    fn the_simplest_explanation_comes_first_and_ties_are_listed() {
        use Mistake::{LeftOut, Quoted, Trimmed};
        assert_eq!(found(b"x", 99), (vec![vec![]], true));
        assert_eq!(found(b"xa", 99), (vec![vec![Trimmed], vec![Quoted]], true));
        assert_eq!(found(b"xba", 99), (vec![vec![LeftOut, Trimmed], vec![LeftOut, Quoted]], true));
        assert_eq!(found(b"xaa", 99), (vec![vec![Trimmed, Quoted], vec![Quoted, Trimmed]], true));
        assert_eq!(found(b"xaaa", 99), (vec![], true));
    }

    #[test]
    fn a_search_ends_when_nothing_more_can_be_paid_for() {
        assert_eq!(found(b"xba", 3), (vec![], false));
    }
}
