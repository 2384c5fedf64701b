//! What was found out, for people.

use diagnose::{Diagnosis, Difference, Explanation, State, Sure, Unreadable, visible};
use evidence::Party;
use evidence::words::{
    DIAGNOSE_ALIKE, DIAGNOSE_ALL_HOLD, DIAGNOSE_AND_MORE, DIAGNOSE_AT_FAULT, DIAGNOSE_COMPARE_DO,
    DIAGNOSE_DIFFERS, DIAGNOSE_ELSEWISE, DIAGNOSE_HOLDS, DIAGNOSE_INCOMPLETE, DIAGNOSE_KEY_DO,
    DIAGNOSE_LARGER, DIAGNOSE_MESSAGE, DIAGNOSE_MESSAGE_AT, DIAGNOSE_NO_CALL, DIAGNOSE_NO_CALL_DO,
    DIAGNOSE_NO_KEY, DIAGNOSE_NO_KEY_OF, DIAGNOSE_NO_RESPONSE, DIAGNOSE_NO_RESPONSE_DO,
    DIAGNOSE_OPENED, DIAGNOSE_OTHER_LAYOUT, DIAGNOSE_OTHER_LAYOUT_DO, DIAGNOSE_RULE, DIAGNOSE_SENT,
    DIAGNOSE_SIGNED, DIAGNOSE_STEP, DIAGNOSE_UNEXPLAINED, DIAGNOSE_UNSIGNED,
    DIAGNOSE_UNSIGNED_FINE, DIAGNOSE_WRONG, LABEL_TRY, Phrase, Place, Sentence,
};
use unicode_width::UnicodeWidthStr as _;

use super::found::Judged;
use crate::cli::output::{Span, Terminal, Tone, one_line};

/// Messages that are shown at most: what goes wrong in one call goes wrong in a thousand.
const MOST: usize = 20;
/// Characters of a text to sign that are shown at most.
const LONGEST: usize = 2000;

/// Shows each message that is not as it should be; in a file that holds one exchange, also what
/// holds.
pub(in crate::cli) fn show(terminal: &mut Terminal, judged: &[Judged], recorded: bool) {
    if !recorded {
        for one in judged {
            message(terminal, one);
        }
        return;
    }
    let shown: Vec<&Judged> = judged.iter().filter(|it| it.is_shown()).collect();
    let told: Vec<_> = shown.chunk_by(|one, next| one.is_like(next)).collect();
    for alike in told.iter().take(MOST) {
        if let [one, others @ ..] = alike {
            message(terminal, one);
            if !others.is_empty() {
                line(terminal, Tone::Faint, "·", &DIAGNOSE_ALIKE.with([others.len()]));
            }
        }
    }
    let more: usize = told.iter().skip(MOST).map(|alike| alike.len()).sum();
    if more > 0 {
        terminal.say(&DIAGNOSE_AND_MORE.with([more]));
    }
    let good = judged.iter().filter(|it| !it.has_bad_signature()).count();
    terminal.say(&DIAGNOSE_ALL_HOLD.with([good, judged.len()]));
}

/// Shows a message with what was found out about it.
pub(in crate::cli) fn message(terminal: &mut Terminal, one: &Judged) {
    let (kind, http) = (one.found.subject.kind.name(), one.found.line());
    let generation = one.found.subject.generation.name();
    let title = if one.found.place.is_empty() {
        DIAGNOSE_MESSAGE.with([kind, &http, generation])
    } else {
        DIAGNOSE_MESSAGE_AT.with([kind, &http, generation, &one.found.place])
    };
    let title = terminal.text(&title);
    terminal.line([Span::new(Tone::Strong, title)]);
    match &one.diagnosis {
        Ok(diagnosis) => signature(terminal, diagnosis, one),
        Err(_) if !one.has_bad_signature() => {
            line(terminal, Tone::Good, "✓", &DIAGNOSE_UNSIGNED_FINE.plain());
        }
        Err(unreadable) => {
            let (says, advice) = match unreadable {
                Unreadable::NoCall => (&DIAGNOSE_NO_CALL, &DIAGNOSE_NO_CALL_DO),
                Unreadable::NoResponse => (&DIAGNOSE_NO_RESPONSE, &DIAGNOSE_NO_RESPONSE_DO),
                Unreadable::OtherLayout => (&DIAGNOSE_OTHER_LAYOUT, &DIAGNOSE_OTHER_LAYOUT_DO),
            };
            line(terminal, Tone::Warning, "!", &says.plain());
            advise(terminal, &advice.plain());
        }
    }
    for remark in &one.found.remarks {
        let (tone, mark) = match remark.fault {
            Party::Merchant | Party::Gateway => (Tone::Bad, "✗"),
            Party::Runner | Party::Environment => (Tone::Faint, "·"),
        };
        line(terminal, tone, mark, &remark.says);
        advise(terminal, &remark.fix);
    }
}

fn signature(terminal: &mut Terminal, diagnosis: &Diagnosis, one: &Judged) {
    match diagnosis.state {
        State::Holds => {
            let key = diagnosis.key.clone().unwrap_or_default();
            line(terminal, Tone::Good, "✓", &DIAGNOSE_HOLDS.with([key]));
        }
        State::Unsigned if !one.has_bad_signature() => {
            line(terminal, Tone::Good, "✓", &DIAGNOSE_UNSIGNED_FINE.plain());
        }
        State::Unsigned => {
            line(terminal, Tone::Bad, "✗", &DIAGNOSE_UNSIGNED.plain());
            explanations(terminal, diagnosis, one);
        }
        State::NoKey => {
            let says = diagnosis.algorithm.as_ref();
            let says = says.map(|kind| DIAGNOSE_NO_KEY_OF.with([kind]));
            line(terminal, Tone::Warning, "!", &says.unwrap_or_else(|| DIAGNOSE_NO_KEY.plain()));
            advise(terminal, &DIAGNOSE_KEY_DO.plain());
        }
        State::Explained => {
            line(terminal, Tone::Bad, "✗", &DIAGNOSE_WRONG.plain());
            opened(terminal, diagnosis);
            explanations(terminal, diagnosis, one);
        }
        State::Unexplained => {
            line(terminal, Tone::Bad, "✗", &DIAGNOSE_WRONG.plain());
            opened(terminal, diagnosis);
            line(terminal, Tone::Warning, "!", &DIAGNOSE_UNEXPLAINED.with([diagnosis.tried]));
            larger(terminal, diagnosis);
            text_to_compare(terminal, diagnosis);
        }
    }
}

/// What the signature itself tells.
fn opened(terminal: &mut Terminal, diagnosis: &Diagnosis) {
    if let (Some(key), Some(algorithm)) = (&diagnosis.key, &diagnosis.algorithm) {
        line(terminal, Tone::Faint, "·", &DIAGNOSE_OPENED.with([key, algorithm]));
    }
}

fn larger(terminal: &mut Terminal, diagnosis: &Diagnosis) {
    if !diagnosis.whole {
        line(terminal, Tone::Warning, "!", &DIAGNOSE_LARGER.plain());
    }
}

/// Where nothing explains it, the signer's own text has to be laid beside the right one.
fn text_to_compare(terminal: &mut Terminal, diagnosis: &Diagnosis) {
    advise(terminal, &DIAGNOSE_COMPARE_DO.plain());
    let mut text: String = visible(&diagnosis.text).chars().take(LONGEST).collect();
    if text.len() < diagnosis.text.len() {
        text.push('…');
    }
    terminal.line([Span::from(format!("      {}", one_line(&text)))]);
}

fn explanations(terminal: &mut Terminal, diagnosis: &Diagnosis, one: &Judged) {
    let several = diagnosis.explanations.len() > 1;
    for (at, explanation) in diagnosis.explanations.iter().enumerate() {
        if at == 1 {
            line(terminal, Tone::Faint, "·", &DIAGNOSE_ELSEWISE.plain());
        }
        let number = if several { format!("{}.", at + 1) } else { "→".to_owned() };
        steps(terminal, explanation, &number);
        if at > 0 {
            continue;
        }
        worth(terminal, explanation);
        if let Some(difference) = &explanation.difference {
            differs(terminal, difference);
        }
        for step in &explanation.steps {
            advise(terminal, &step.fix());
        }
        if !explanation.complete {
            line(terminal, Tone::Warning, "!", &DIAGNOSE_INCOMPLETE.with([diagnosis.tried]));
            larger(terminal, diagnosis);
            text_to_compare(terminal, diagnosis);
        }
        if let Some(cause) = explanation.cause() {
            let rule = cause.rule(one.found.subject.generation);
            line(terminal, Tone::Faint, "·", &DIAGNOSE_RULE.with([rule]));
        }
    }
}

fn steps(terminal: &mut Terminal, explanation: &Explanation, number: &str) {
    for step in &explanation.steps {
        let cause = Sentence::of_word("CAUSE", step.mistake.cause().name());
        let cause = cause.map(|it| it.text(terminal.language())).unwrap_or_default();
        let says = DIAGNOSE_STEP.holding([Place::value(cause), step.says().into()]);
        let says = terminal.text(&says);
        terminal.line([Span::new(Tone::Strong, format!("  {number} {says}"))]);
    }
}

fn worth(terminal: &mut Terminal, explanation: &Explanation) {
    let sure = match explanation.sure {
        Sure::Certain => "certain",
        Sure::Likely => "likely",
    };
    let places = [Place::value(sure), Place::value(explanation.fault.name())];
    line(terminal, Tone::Faint, "·", &DIAGNOSE_AT_FAULT.holding(places));
}

/// Both texts from a little before the first difference on, with a mark below it.
fn differs(terminal: &mut Terminal, difference: &Difference) {
    line(terminal, Tone::Faint, "·", &DIAGNOSE_DIFFERS.with([difference.at]));
    let language = terminal.language();
    let labels = [DIAGNOSE_SENT.text(language), DIAGNOSE_SIGNED.text(language)];
    let widest = labels.iter().map(|label| label.width()).max().unwrap_or_default();
    for (label, text) in labels.iter().zip([&difference.sent, &difference.signed]) {
        let gap = " ".repeat(widest.saturating_sub(label.width()));
        terminal.line([Span::from(format!("      {label}{gap}  {}", one_line(text)))]);
    }
    let before: String = difference.sent.chars().take(difference.before).collect();
    let indent = " ".repeat(widest + 8 + one_line(&before).width());
    terminal.line([Span::new(Tone::Bad, format!("{indent}^"))]);
}

fn line(terminal: &mut Terminal, tone: Tone, mark: &str, says: &Phrase) {
    let text = terminal.text(says);
    terminal.line([Span::new(tone, format!("  {mark} ")), Span::from(text)]);
}

fn advise(terminal: &mut Terminal, advice: &Phrase) {
    let label = LABEL_TRY.text(terminal.language());
    let advice = terminal.text(advice);
    terminal.line([Span::new(Tone::Advice, format!("    {label}: ")), Span::from(advice)]);
}
