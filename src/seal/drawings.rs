//! What a bundle shows of its record: results, page and JUnit file, each judged or drawn again.

use std::io;

use evidence::Record;
use evidence::words::{self as say, Phrase};

use super::OpenBundle;
use super::bundle::{Contents, names};
use super::release::{not_given, or_release};
use super::replay::{ReplayFault, fault, file, json};
use crate::report::ReportError;
use crate::verdict::Results;

/// Results, page and JUnit file are what follows from the record.
pub(super) fn same_drawings(
    bundle: &OpenBundle,
    contents: &Contents<'_>,
    mut record: &Record,
) -> Result<(), ReplayFault> {
    same_results(bundle, contents.results)?;
    same_reports(bundle, |page| contents.draw(&mut record, page))
}

/// `results.json` is what was judged.
pub(super) fn same_results(bundle: &OpenBundle, judged: &Results) -> Result<(), ReplayFault> {
    let told: Results = json(bundle, names::RESULTS)?;
    let other = first_difference(&told, judged);
    let same = file(bundle, names::RESULTS)? == judged.to_json();
    let other = other.or_else(|| (!same).then(|| not_given(bundle, names::RESULTS)));
    let refuse =
        |why: Phrase| fault(&say::PART_VERDICT, why, or_release(bundle, &say::EXPECT_REPLAY));
    other.map_or(Ok(()), |why| Err(refuse(why)))
}

/// Page and JUnit file are what is drawn.
pub(super) fn same_reports(
    bundle: &OpenBundle,
    draw: impl FnOnce(&mut dyn io::Write) -> Result<String, ReportError>,
) -> Result<(), ReplayFault> {
    let mut page = vec![];
    let refuse =
        |why: Phrase| fault(&say::PART_REPORT, why, or_release(bundle, &say::EXPECT_REPORT));
    let junit = draw(&mut page).map_err(|why| refuse(why.says()))?.into_bytes();
    for (name, drawn) in [(names::JUNIT, junit), (names::HTML, page)] {
        if file(bundle, name)? != drawn {
            return Err(refuse(not_given(bundle, name)));
        }
    }
    Ok(())
}

/// Where two verdicts part, in words.
fn first_difference(told: &Results, judged: &Results) -> Option<Phrase> {
    for (one, other) in told.cases.iter().zip(&judged.cases) {
        if one != other {
            let (told, judged) = (one.outcome.name(), other.outcome.name());
            return Some(say::REPLAY_OUTCOME.with([other.id.as_str(), told, judged]));
        }
    }
    (told != judged).then(|| say::REPLAY_VERDICT.plain())
}
