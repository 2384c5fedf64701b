//! What waits folded on the page, what stands open, and how large all of it is.

use super::{HOSTILE, html_of, many};
use crate::report::sample::{sample, spoil};
use crate::verdict::Outcome;

#[test]
fn what_needs_attention_is_named_first_and_stands_open() {
    let page = html_of(&sample());
    let place = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text}"));
    assert!(place("href=\"#at-AMS-PAY-004\"") < place("href=\"#at-AMS-PAY-001\""));
    assert!(page.contains("id=\"AMS-PAY-004\" open") && page.contains("id=\"AMS-PAY-001\">"));
    let open = &page[place("id=\"open-title\"")..];
    assert!(open.contains("href=\"#at-AMS-RFC-020\""), "a case that did not run is named");
}

/// A browser that runs scripts takes all of it for one text, which must end where we end it.
#[test]
fn what_waits_in_a_case_ends_where_the_case_does() {
    for text in HOSTILE.into_iter().chain(["</noscript><b>"]) {
        let mut spoilt = sample();
        spoil(&mut spoilt, text);
        let page = html_of(&spoilt);
        let cases = spoilt.results.cases.len();
        assert_eq!(page.matches("<noscript").count(), cases, "{text}");
        assert_eq!(page.matches("</div></noscript>\n</details>").count(), cases, "{text}");
        assert_eq!(page.to_lowercase().matches("</noscript").count(), cases, "{text}");
    }
}

#[test]
fn of_many_failures_the_first_stand_open() {
    let mut sample = many(30, "Tea");
    for case in &mut sample.results.cases {
        case.outcome = Outcome::Failed;
    }
    let page = html_of(&sample);
    assert_eq!(page.matches("<details class=\"case bad\"").count(), 30);
    assert_eq!(page.matches("<details class=\"case bad\" id=\"AMS-PAY-0").count(), 30);
    let open = |id: u32| page.contains(&format!("id=\"AMS-PAY-{id:03}\" open>"));
    assert!((0..20).all(open) && !(20..30).any(open));
}

#[test]
fn three_hundred_cases_stay_small() {
    let size = html_of(&many(300, "Tea")).len();
    assert!(size < 5_400_000, "{size} bytes");
}
