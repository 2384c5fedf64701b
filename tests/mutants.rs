//! Mutants: a gateway or merchant with exactly one defect must fail the named case at the named
//! check, with the right party blamed, and the defect must have been active.

mod stand;

use std::fmt::Write as _;
use std::sync::Arc;

use assay::suite::{Level, Planned, Suite};
use assay::verdict::{Outcome, Verdict};
use evidence::Party;
use steps::Backstage;

/// A defect of either side, by its name in the catalogue.
fn with_defect(name: &str) -> Option<Backstage> {
    let mut backstage = stand::backstage();
    backstage.gateway_defect = sandbox::Defect::from_id(name);
    backstage.merchant_defect = merchant::Defect::from_id(name);
    let known = backstage.gateway_defect.is_some() != backstage.merchant_defect.is_some();
    known.then_some(backstage)
}

fn runs_of(suite: &Suite, case: &str) -> Vec<Planned> {
    stand::everything(suite).into_iter().filter(|planned| planned.case.id == case).collect()
}

/// How one kill went: nothing, or why the mutant survives.
fn survives(suite: &Arc<Suite>, case: &str, mutant: &str, check: &str) -> Option<String> {
    survives_in(suite, runs_of(suite, case), case, (mutant, check))
}

/// The same in some runs of the case.
fn survives_in(
    suite: &Arc<Suite>,
    runs: Vec<Planned>,
    case: &str,
    (mutant, check): (&str, &str),
) -> Option<String> {
    let Some(backstage) = with_defect(mutant) else {
        return Some(format!("{mutant} is switched on nowhere"));
    };
    let run = stand::play(suite, runs, backstage, 64);
    if !run.played.bugs.is_empty() {
        return Some(format!("{mutant} in {case}: the engine broke: {:?}", run.played.bugs));
    }
    if run.played.defect_active.is_empty() {
        return Some(format!("{mutant} in {case}: the defect was never active"));
    }
    let wanted = wanted_party(suite, case, check);
    let attempts = run.results.cases.iter().filter(|result| result.id == case);
    let attempts = attempts.flat_map(|result| &result.runs).flat_map(|one| &one.attempts);
    let mut told = vec![];
    for attempt in attempts {
        let first = attempt.first_failed().map(|failed| failed.name.as_str());
        let by_it = attempt.outcome == Outcome::Failed && first == Some(check);
        if by_it && attempt.blamed == wanted {
            // A merchant's fault rejects the run where the case counts, a gateway's leaves it open.
            let counts = suite.catalogue().case(case).is_some_and(|it| it.level != Level::Optional);
            let verdict = match wanted {
                Some(Party::Merchant) if counts => Verdict::Rejected,
                _ => Verdict::Incomplete,
            };
            let told = run.results.verdict;
            return (told != verdict).then(|| format!("{mutant} in {case} ends {told:?}"));
        }
        let text = |phrase: Option<&evidence::words::Phrase>| {
            phrase.map_or_else(String::new, ToString::to_string)
        };
        let failed = attempt.first_failed();
        told.push(format!(
            "{:?} at {first:?}: want [{}] saw [{}] {:?}",
            attempt.outcome,
            text(failed.and_then(|failed| failed.expected.as_ref())),
            text(failed.and_then(|failed| failed.seen.as_ref())),
            attempt.broken,
        ));
    }
    told.sort();
    told.dedup();
    Some(format!("{mutant} in {case} should fail check {check}: {}", told.join(" | ")))
}

fn wanted_party(suite: &Suite, case: &str, check: &str) -> Option<Party> {
    let catalogue = suite.catalogue();
    match check.parse::<usize>() {
        Ok(number) => Some(catalogue.case(case)?.checks.get(number - 1)?.party),
        Err(_) => catalogue.standing.iter().find(|s| s.name == check).map(|s| s.party),
    }
}

#[test]
fn every_mutant_is_killed_by_its_named_check() {
    let suite = stand::suite();
    let kills: Vec<_> = suite
        .catalogue()
        .cases
        .iter()
        .flat_map(|case| case.mutants.iter().map(|kill| (case.id.clone(), kill.clone())))
        .collect();
    assert!(kills.len() > 60, "the catalogue names {} kills", kills.len());
    let survivors: Vec<_> = kills
        .iter()
        .filter_map(|(case, kill)| survives(&suite, case, &kill.id, &kill.check))
        .collect();
    let nowhere = unnamed(&suite);
    assert!(nowhere.is_empty(), "no case names {nowhere:?}");
    let (survive, told) = (survivors.len(), survivors.join("\n"));
    assert!(survivors.is_empty(), "{survive} of {} survive:\n{told}", kills.len());
    stand::keep_page("mutants.md", &page(&suite));
}

/// A product that takes part only under a condition is played by few, so what it finds is proved by
/// itself.
#[test]
fn a_product_under_a_condition_kills_every_mutant_of_its_cases() {
    let suite = stand::suite();
    let mut survivors = vec![];
    for case in &suite.catalogue().cases {
        for product in case.product_conditions.keys() {
            let runs: Vec<_> = runs_of(&suite, &case.id);
            let runs: Vec<_> = runs.into_iter().filter(|run| run.product == *product).collect();
            assert!(!runs.is_empty(), "{} {product}", case.id);
            survivors.extend(case.mutants.iter().filter_map(|kill| {
                survives_in(&suite, runs.clone(), &case.id, (&kill.id, &kill.check))
            }));
        }
    }
    assert!(survivors.is_empty(), "{}", survivors.join("\n"));
}

/// Whether a case has to find a defect. Of the older generation not every case is in the suite yet;
/// the defects of those that are not are tried in the rooms of gateway and merchant.
fn is_played(suite: &Suite, id: &str) -> bool {
    !id.contains("-LEG-") || !killed_in(suite, id).is_empty()
}

/// Defects that no case has to find.
fn unnamed(suite: &Suite) -> Vec<&'static str> {
    let gateway =
        sandbox::Defect::ALL.iter().map(|defect| defect.id()).filter(|id| is_played(suite, id));
    let merchant = merchant::Defect::ALL.iter().map(|defect| defect.id());
    let merchant = merchant.filter(|id| is_played(suite, id));
    gateway.chain(merchant).filter(|id| killed_in(suite, id).is_empty()).collect()
}

/// The score, once every kill is proved.
fn page(suite: &Suite) -> String {
    let mut page = String::from(
        "# Mutants\n\nGenerated by `tests/mutants.rs`; `ASSAY_UPDATE_DOCS=1` writes it anew.\n\nA \
         mutant is the embedded gateway or the reference merchant with exactly one defect. It is \
         killed\nwhere the named case fails first at the named check, blames the side that has \
         the defect, and the\ndefect was active.\n\n",
    );
    let gateway = sandbox::Defect::ALL.iter().map(|d| (d.id(), d.says()));
    let gateway: Vec<_> = gateway.filter(|(id, _)| is_played(suite, id)).collect();
    let merchant = merchant::Defect::ALL.iter().map(|d| (d.id(), d.says()));
    let merchant: Vec<_> = merchant.filter(|(id, _)| is_played(suite, id)).collect();
    let cases = &suite.catalogue().cases;
    let kills = cases.iter().map(|case| case.mutants.len()).sum::<usize>();
    let _ = writeln!(page, "- {kills} of {kills} named kills proved, in {} cases", cases.len());
    for (side, mutants) in [("gateway", &gateway), ("merchant", &merchant)] {
        let named = mutants.iter().filter(|(id, _)| !killed_in(suite, id).is_empty()).count();
        let _ = writeln!(page, "- {named} of {} {side} mutants killed", mutants.len());
    }
    for (side, mutants) in [("Gateway", gateway), ("Merchant", merchant)] {
        let _ = writeln!(page, "\n## {side} mutants\n\n| mutant | what it does | killed by |");
        page.push_str("|---|---|---|\n");
        for (id, says) in mutants {
            let places = killed_in(suite, id).join(", ");
            let _ = writeln!(page, "| {id} | {says} | {places} |");
        }
    }
    page.push_str("\n## Cases\n\n| case | check | mutant |\n|---|---|---|\n");
    for case in cases {
        for kill in &case.mutants {
            let _ = writeln!(page, "| {} | {} | {} |", case.id, kill.check, kill.id);
        }
    }
    page
}

/// The cases and checks that a mutant must fail.
fn killed_in(suite: &Suite, mutant: &str) -> Vec<String> {
    let cases = suite.catalogue().cases.iter();
    let kills = cases.flat_map(|case| case.mutants.iter().map(move |kill| (case, kill)));
    let kills = kills.filter(|(_, kill)| kill.id == mutant);
    kills.map(|(case, kill)| format!("{} check {}", case.id, kill.check)).collect()
}
