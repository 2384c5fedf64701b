//! What is said of bundles on the terminal: all that was looked at for one, a line each for several.

use evidence::words::{
    EXPECT_CERTIFICATE, EXPECT_REVIEW, PART_CERTIFICATE, PART_REVIEW, Phrase, Place,
    REVIEW_DECIDED, REVIEW_WAIVED, RUN_RULES, RUN_SHARED, Sentence, VERIFY_AS_RECORDED,
    VERIFY_AS_RECORDED_DO, VERIFY_BROKEN, VERIFY_BROKEN_DO, VERIFY_CERTIFIED, VERIFY_LINE,
    VERIFY_LINE_SIMULATED, VERIFY_LINE_UNCHECKED, VERIFY_NAMES_CHALLENGE, VERIFY_OK,
    VERIFY_REDACTED, VERIFY_REDACTED_DO, VERIFY_REVIEWED, VERIFY_TOTAL, VERIFY_UNKNOWN_GATEWAY,
    VERIFY_UNKNOWN_GATEWAY_DO, VERIFY_UNPROVED, VERIFY_WITH_REVIEW,
};

use super::exit;
use super::one::{Broken, Came, Holding, Verified};
use super::review::Heard;
use crate::cli::output::{Span, Terminal, Tone};
use crate::cli::run::summary::{simulated, worth};
use crate::exit::Exit;
use crate::seal::{
    CertificateFault, Certified, CertifiedBundle, Checked, Decided, Decision, ReviewFault, Waiver,
};

/// What lessens the worth of a run's signatures, and what to do about it.
pub(in crate::cli) type Doubt = (Phrase, Option<&'static Sentence>);

/// The doubts of this verifier.
pub(in crate::cli) fn doubts(checked: &Checked) -> Vec<Doubt> {
    match checked {
        Checked::Under { .. } => vec![],
        Checked::Partly { redacted, .. } => {
            vec![(VERIFY_REDACTED.with([redacted]), Some(&VERIFY_REDACTED_DO))]
        }
        Checked::UnderShared { .. } => vec![(RUN_SHARED.plain(), None)],
        Checked::AsRecorded { count } => vec![
            (RUN_SHARED.plain(), None),
            (VERIFY_AS_RECORDED.with([count]), Some(&VERIFY_AS_RECORDED_DO)),
        ],
        Checked::Unknown { key } => {
            vec![(VERIFY_UNKNOWN_GATEWAY.with([key]), Some(&VERIFY_UNKNOWN_GATEWAY_DO))]
        }
    }
}

/// What the reader has to know about a bundle that holds.
pub(in crate::cli) fn warn(
    terminal: &mut Terminal,
    says: &Phrase,
    advice: Option<&'static Sentence>,
) {
    let says = terminal.text(says);
    terminal.line([Span::new(Tone::Warning, "  ! "), Span::from(says)]);
    if let Some(advice) = advice {
        let advice = terminal.text(&advice.plain());
        terminal.line([Span::new(Tone::Advice, format!("    {advice}"))]);
    }
}

/// All that is to be said of the only bundle.
pub(in crate::cli) fn whole(terminal: &mut Terminal, verified: &Verified) {
    let holding = match &verified.came {
        Came::Holds(holding) => holding,
        Came::Broken(why) => return broken(terminal, &verified.name, why),
        // Why its key is unusable is told in place of anything about it.
        Came::Unchecked => return,
    };
    let holds = terminal.text(&VERIFY_OK.with([&verified.name]));
    terminal.line([Span::new(Tone::Strong, holds)]);
    for step in &holding.steps {
        let text = terminal.text(step);
        terminal.line([Span::new(Tone::Good, "  ✓ "), Span::from(text)]);
    }
    if holding.facts.gateway.simulated {
        warn(terminal, &simulated(&holding.facts).plain(), None);
    }
    if !holding.facts.gateway.rules.is_empty() {
        warn(terminal, &RUN_RULES.with([holding.facts.rules().join(" · ")]), None);
    }
    for (says, advice) in &holding.doubts {
        warn(terminal, says, *advice);
    }
    let came = worth(holding.verdict, holding.grade, &holding.counts);
    concluded(terminal, came, exit(holding.verdict, holding.gateway_known));
}

/// What a bundle comes to, and that this is not how it ends where nobody could check the gateway's word.
fn concluded(terminal: &mut Terminal, (tone, says): (Tone, Phrase), exit: Exit) {
    let unproved = tone == Tone::Good && exit != Exit::Acceptable;
    let says = terminal.text(&says);
    terminal.line([Span::new(if unproved { Tone::Warning } else { tone }, says)]);
    if unproved {
        warn(terminal, &VERIFY_UNPROVED.plain(), None);
    }
}

/// A line for one of several bundles, and why it does not hold, or not for all that it says.
pub(super) fn line(terminal: &mut Terminal, verified: &Verified) {
    let name = &verified.name;
    match &verified.came {
        Came::Broken(why) => broken(terminal, name, why),
        Came::Unchecked => terminal.say(&VERIFY_LINE_UNCHECKED.with([name])),
        Came::Holds(holding) => holds(terminal, name, holding),
    }
}

fn holds(terminal: &mut Terminal, name: &str, holding: &Holding) {
    let (tone, says) = worth(holding.verdict, holding.grade, &holding.counts);
    let sentence =
        if holding.facts.gateway.simulated { &VERIFY_LINE_SIMULATED } else { &VERIFY_LINE };
    let says = terminal.text(&sentence.holding([Place::value(name), says.into()]));
    // What a gateway says that nobody knows is not shown as good.
    let tone = if holding.gateway_known || tone != Tone::Good { tone } else { Tone::Warning };
    terminal.line([Span::new(tone, says)]);
    for (says, advice) in holding.doubts.iter().filter(|_| !holding.gateway_known) {
        warn(terminal, says, *advice);
    }
}

fn broken(terminal: &mut Terminal, name: &str, why: &Broken) {
    let places = [Place::value(name), why.part.clone().into(), why.why.clone().into()];
    let says = terminal.text(&VERIFY_BROKEN.holding(places));
    terminal.line([Span::new(Tone::Bad, says)]);
    let advice = terminal.text(&VERIFY_BROKEN_DO.holding([why.expected.clone().into()]));
    terminal.line([Span::from(format!("  {advice}"))]);
}

/// Whose certificate a bundle has.
pub(super) fn certificate(terminal: &mut Terminal, told: &Certified, fingerprint: &str) {
    let Certified { reviewer, verified_at, .. } = told;
    let says = [&reviewer.name, verified_at, &reviewer.key_sha256, fingerprint];
    let says = terminal.text(&VERIFY_CERTIFIED.with(says));
    terminal.line([Span::new(Tone::Good, "  ✓ "), Span::from(says)]);
    challenge(terminal, &told.bundle);
}

/// The challenge that a certificate or a review names.
fn challenge(terminal: &mut Terminal, bundle: &CertifiedBundle) {
    if !bundle.challenge.is_empty() {
        let says = terminal.text(&VERIFY_NAMES_CHALLENGE.with([&bundle.challenge]));
        terminal.line([Span::new(Tone::Good, "  ✓ "), Span::from(says)]);
    }
}

/// Why a certificate does not hold.
pub(super) fn no_certificate(terminal: &mut Terminal, name: &str, why: &CertificateFault) {
    let part = PART_CERTIFICATE.plain();
    let expected = EXPECT_CERTIFICATE.plain();
    broken(terminal, name, &Broken { part, why: why.says(), expected });
}

/// What a review says, and what the bundle comes to with it. Runs that passed are counted; what
/// failed or is done without is told one by one.
pub(in crate::cli) fn heard(terminal: &mut Terminal, heard: &Heard, exit: Exit) {
    let review = &heard.review;
    let counts = [review.decisions.len(), review.waivers.len()].map(|count| count.to_string());
    let [decided, waived] = &counts;
    let reviewer = &review.reviewer;
    let (at, key) = (&review.reviewed_at, &reviewer.key_sha256);
    let says = VERIFY_REVIEWED.with([&reviewer.name, at, key, decided, waived, &heard.sha256]);
    let says = terminal.text(&says);
    terminal.line([Span::new(Tone::Good, "  ✓ "), Span::from(says)]);
    challenge(terminal, &review.bundle);
    for decision in review.decisions.iter().filter(|it| it.decision == Decided::Failed) {
        warn(terminal, &decided_so(decision), None);
    }
    for waiver in &review.waivers {
        warn(terminal, &waived_so(waiver), None);
    }
    let results = &heard.results;
    let (tone, says) = worth(results.verdict, results.grade, &results.counts);
    concluded(terminal, (tone, VERIFY_WITH_REVIEW.holding([says.into()])), exit);
}

/// A decision in words.
pub(in crate::cli) fn decided_so(decision: &Decision) -> Phrase {
    let Decision { run, decision, note } = decision;
    REVIEW_DECIDED.with([&run.to_string(), decision.name(), note])
}

/// A waiver in words.
pub(in crate::cli) fn waived_so(waiver: &Waiver) -> Phrase {
    REVIEW_WAIVED.with([&waiver.case, &waiver.expires, &waiver.reason])
}

/// Why a review does not hold.
pub(in crate::cli) fn no_review(terminal: &mut Terminal, name: &str, why: &ReviewFault) {
    let (part, expected) = (PART_REVIEW.plain(), EXPECT_REVIEW.plain());
    broken(terminal, name, &Broken { part, why: why.says(), expected });
}

/// How many of several bundles came to what.
pub(super) fn total(terminal: &mut Terminal, exits: &[Exit]) {
    let of = |wanted: Exit| exits.iter().filter(|exit| **exit == wanted).count();
    let [acceptable, rejected] = [Exit::Acceptable, Exit::Rejected].map(of);
    let [incomplete, broken] = [Exit::Incomplete, Exit::BundleBroken].map(of);
    terminal.line([""]);
    terminal.say(&VERIFY_TOTAL.with([exits.len(), acceptable, rejected, incomplete, broken]));
}
