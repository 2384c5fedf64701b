//! What a run says when it is over: the table, why cases failed, the verdict, and where the bundle
//! is.

use evidence::words::{
    EXPLAINED_LINE, Language, Phrase, Place, RUN_BROKEN, RUN_EXPECTED, RUN_FAILED_AT, RUN_GATE,
    RUN_GRADE_REHEARSAL, RUN_GRADE_SUBMISSION, RUN_PARTLY_SIMULATED, RUN_RULE, RUN_RULES, RUN_SEEN,
    RUN_SHARED, RUN_SIMULATED, RUN_SKIPPED, RUN_TABLE_CASE, RUN_TABLE_OUTCOME, RUN_TABLE_RUNS,
    RUN_TABLE_SUITE, RUN_TABLE_TITLE, RUN_TO_REVIEW, RUN_VERDICT_ACCEPTABLE,
    RUN_VERDICT_INCOMPLETE, RUN_VERDICT_REJECTED, RUN_VERIFY_WITH, RUN_WROTE, Sentence,
};

use diagnose::Known;
use protocol::legacy::SignType;

use super::deliver::{BUNDLE, REPORT_KEY};
use super::folder::Folder;
use super::progress::{shown, tone};
use super::recorded::Recorded;
use crate::cli::output::{Span, Terminal, Tone};
use crate::seal::StatementFacts;
use crate::suite::Suite;
use crate::verdict::{AttemptResult, CaseResult, Counts, Grade, Outcome, Results, Verdict};

/// How many failures are explained before the report has to do it.
const EXPLAINED: usize = 10;

pub(in crate::cli) fn show(
    terminal: &mut Terminal,
    results: &Results,
    suite: &Suite,
    facts: &StatementFacts,
    folder: &Folder,
    known: Option<&Known>,
    quiet: bool,
) {
    if !quiet {
        table(terminal, results);
        let recorded = known.map(|known| Recorded::of(folder, known));
        explain(terminal, results, suite, recorded);
    }
    let waiting = results.cases.iter().filter(|case| case.outcome == Outcome::NeedsReview).count();
    if waiting > 0 && !quiet {
        let says = terminal.text(&RUN_TO_REVIEW.with([waiting]));
        terminal.line([Span::new(Tone::Warning, says)]);
    }
    verdict(terminal, results);
    if facts.gateway.simulated && !quiet {
        terminal.say(&simulated(facts).plain());
    }
    if !facts.gateway.rules.is_empty() && !quiet {
        terminal.say(&RUN_RULES.with([facts.rules().join(" · ")]));
    }
    if SignType::parse(&facts.gateway.sign_type).is_some_and(SignType::is_shared) && !quiet {
        terminal.say(&RUN_SHARED.plain());
    }
    let bundle = folder.path.join(BUNDLE).display().to_string();
    let key = folder.path.join(REPORT_KEY).display().to_string();
    terminal.say(&RUN_WROTE.with([&bundle]));
    if !quiet {
        terminal.say(&RUN_VERIFY_WITH.with([&bundle, &key]));
    }
}

fn table(terminal: &mut Terminal, results: &Results) {
    let language = terminal.language();
    let heads =
        [&RUN_TABLE_SUITE, &RUN_TABLE_CASE, &RUN_TABLE_OUTCOME, &RUN_TABLE_RUNS, &RUN_TABLE_TITLE];
    let mut rows: Vec<Vec<Span>> =
        vec![heads.map(|head| Span::new(Tone::Strong, head.text(language))).into()];
    for case in results.cases.iter().filter(|case| case.outcome != Outcome::Disabled) {
        let passed = case.runs.iter().filter(|run| run.outcome == Outcome::Passed).count();
        let title = match language {
            Language::En => &case.title,
            Language::Zh => &case.title_zh,
        };
        rows.push(vec![
            Span::from(case.suite.as_str()),
            Span::from(case.id.as_str()),
            Span::new(tone(case.outcome), shown(case.outcome, language)),
            Span::from(format!("{passed}/{}", case.runs.len())),
            Span::from(title.as_str()),
        ]);
    }
    terminal.line([""]);
    terminal.table(&rows);
    terminal.line([""]);
}

/// Why cases did not pass: what was skipped, and the first failed check of the first run that
/// failed.
fn explain(
    terminal: &mut Terminal,
    results: &Results,
    suite: &Suite,
    mut recorded: Option<Recorded<'_>>,
) {
    let bad = |case: &&CaseResult| {
        matches!(case.outcome, Outcome::Failed | Outcome::Error | Outcome::Aborted)
    };
    let language = terminal.language();
    let skipped = results.cases.iter().filter(|case| case.outcome == Outcome::Skipped);
    for (case, why) in skipped.filter_map(|case| Some((case, why_skipped(case, language)?))) {
        terminal.say(&RUN_SKIPPED.with([case.id.clone(), why]));
    }
    for case in results.cases.iter().filter(bad).take(EXPLAINED) {
        let attempts = case
            .runs
            .iter()
            .flat_map(|run| run.attempts.iter().map(|attempt| (run.key.to_string(), attempt)));
        let mut attempts = attempts;
        let gravest = attempts.find(|(_, attempt)| attempt.outcome == case.outcome);
        if let Some((key, attempt)) = gravest {
            why(terminal, &key, attempt, suite);
            let told = recorded.as_mut().zip(attempt.first_failed());
            let phrases = told
                .map(|(recorded, check)| recorded.explained(results, case, &key, attempt, check));
            for phrase in phrases.unwrap_or_default() {
                let text = terminal.text(&EXPLAINED_LINE.holding([phrase.into()]));
                terminal.line([Span::new(Tone::Advice, format!("  {text}"))]);
            }
        }
    }
}

/// Why a case was skipped: for a reason of its own, or for that of the first run that broke off.
fn why_skipped(case: &CaseResult, language: Language) -> Option<String> {
    let reason = case.reason.as_ref().map(|reason| reason.text(language));
    let mut attempts = case.runs.iter().flat_map(|run| &run.attempts);
    let broken = || attempts.find_map(|attempt| Some(attempt.broken.as_ref()?.said(language)));
    reason.or_else(broken)
}

fn why(terminal: &mut Terminal, key: &str, attempt: &AttemptResult, suite: &Suite) {
    let blamed = attempt.blamed.map_or("", evidence::Party::name);
    let Some(check) = attempt.first_failed() else {
        let language = terminal.language();
        let what = attempt.broken.as_ref().map(|why| why.said(language)).unwrap_or_default();
        let says = terminal.text(&RUN_BROKEN.with([key, &what, blamed]));
        return terminal.line([Span::new(Tone::Bad, says)]);
    };
    let says = terminal.text(&RUN_FAILED_AT.with([key, &check.name, blamed]));
    terminal.line([Span::new(Tone::Bad, says)]);
    let language = terminal.language();
    let sentence = match language {
        Language::Zh if !check.sentence_zh.is_empty() => &check.sentence_zh,
        Language::En | Language::Zh => &check.sentence,
    };
    terminal.line([Span::new(Tone::Faint, format!("  {sentence}"))]);
    let text = |phrase: &Option<Phrase>| {
        phrase.as_ref().map_or_else(String::new, |phrase| phrase.text(language))
    };
    let (expected, seen) = (text(&check.expected), text(&check.seen));
    let rule = suite.catalogue().rules.get(&check.rule);
    let address = rule.map_or("", |rule| rule.address.as_str());
    let lines = [RUN_EXPECTED.with([expected]), RUN_SEEN.with([seen]), RUN_RULE.with([address])];
    for line in lines {
        let text = terminal.text(&line);
        terminal.line([Span::from(format!("  {text}"))]);
    }
}

/// Says what the run is worth.
fn verdict(terminal: &mut Terminal, results: &Results) {
    let (tone, says) = worth(results.verdict, results.grade, &results.counts);
    let says = terminal.text(&says);
    terminal.line([Span::new(tone, says)]);
}

/// What a run is worth, in words.
pub(in crate::cli) fn worth(verdict: Verdict, grade: Grade, counts: &Counts) -> (Tone, Phrase) {
    let (sentence, tone) = match verdict {
        Verdict::Acceptable => (&RUN_VERDICT_ACCEPTABLE, Tone::Good),
        Verdict::Rejected => (&RUN_VERDICT_REJECTED, Tone::Bad),
        Verdict::Incomplete => (&RUN_VERDICT_INCOMPLETE, Tone::Warning),
    };
    let grade = match grade {
        Grade::Rehearsal => &RUN_GRADE_REHEARSAL,
        Grade::Submission => &RUN_GRADE_SUBMISSION,
    };
    let passed = [counts.mandatory_passed, counts.mandatory].map(Place::value);
    let says = sentence.holding([Place::from(grade.plain())].into_iter().chain(passed));
    (tone, says)
}

/// Says that the selection passed, although the run is not complete.
pub(super) fn gate(terminal: &mut Terminal) {
    terminal.say(&RUN_GATE.plain());
}

/// What is said of a run on the embedded sandbox, or of several of which some were.
pub(in crate::cli) fn simulated(facts: &StatementFacts) -> &'static Sentence {
    if facts.is_partly_simulated() { &RUN_PARTLY_SIMULATED } else { &RUN_SIMULATED }
}
