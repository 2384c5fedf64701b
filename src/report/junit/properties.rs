//! Which run a suite is of. The writer knows no properties, so they are put into what it wrote.

use std::fmt::Write as _;

use crate::report::Page;
use crate::report::text::{one_line, xml_text};
use crate::verdict::{Grade, Verdict};

/// The element with the properties of every suite, the head of the record given.
pub(super) fn of(page: &Page<'_>, record_head: &str) -> String {
    let (head, results) = (&page.head, page.results);
    let verdict = match results.verdict {
        Verdict::Acceptable => "acceptable",
        Verdict::Rejected => "rejected",
        Verdict::Incomplete => "incomplete",
    };
    let grade = match results.grade {
        Grade::Submission => "submission",
        Grade::Rehearsal => "rehearsal",
    };
    let rules = head.rules.join(" · ");
    let bent = Some(("rules", rules.as_str())).filter(|(_, rules)| !rules.is_empty());
    let mut out = "<properties>".to_owned();
    for (name, value) in [
        ("verdict", verdict),
        ("grade", grade),
        ("simulated", if head.simulated { "true" } else { "false" }),
        ("run-id", &head.run_id),
        ("seed", &head.seed),
        ("challenge", &head.challenge),
        ("record-head", record_head),
        ("suite-version", &results.suite_version),
        ("suite-digest", &head.suite_digest),
        ("share", &head.share),
    ]
    .into_iter()
    .chain(bent)
    {
        // Few runs answer one, and the whole is no share of anything.
        if matches!(name, "challenge" | "share") && value.is_empty() {
            continue;
        }
        let value = attribute(&xml_text(&one_line(value)));
        // Writing to a String cannot fail.
        let _ = write!(out, "<property name=\"{name}\" value=\"{value}\" />");
    }
    out + "</properties>"
}

fn attribute(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    text.replace('"', "&quot;")
}

/// Puts an element first into every suite. What stands in a CDATA section is text, whatever it looks
/// like; in attributes the writer leaves no angle bracket.
pub(super) fn put(xml: &str, element: &str) -> String {
    const TEXT: &str = "<![CDATA[";
    const SUITE: &str = "<testsuite ";
    let mut out = String::with_capacity(xml.len() + element.len() * 8);
    let mut rest = xml;
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        out.push_str(before);
        let end =
            if tag.starts_with(TEXT) { tag.find("]]>").map(|at| at + 3) } else { end_of(tag) };
        let (tag, after) = tag.split_at(end.unwrap_or(tag.len()));
        rest = after;
        let suite = tag.starts_with(SUITE);
        if let Some(open) = tag.strip_suffix("/>").filter(|_| suite) {
            out.extend([open.trim_end(), ">", element, "</testsuite>"]);
        } else {
            out.extend([tag, if suite { element } else { "" }]);
        }
    }
    out.push_str(rest);
    out
}

fn end_of(tag: &str) -> Option<usize> {
    tag.find('>').map(|at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::put;

    #[test]
    fn every_suite_has_the_element_and_no_text_has() {
        let text = "<![CDATA[<testsuite name=\"x\">]]>";
        let xml = format!(
            "<?xml version=\"1.0\"?><testsuites><testsuite name=\"a&gt;b\"><testcase>{text}</testcase>\
             </testsuite><testsuite name=\"c\" /></testsuites>\n"
        );
        let expected = format!(
            "<?xml version=\"1.0\"?><testsuites><testsuite name=\"a&gt;b\"><p/><testcase>{text}\
             </testcase></testsuite><testsuite name=\"c\"><p/></testsuite></testsuites>\n"
        );
        assert_eq!(put(&xml, "<p/>"), expected);
        for broken in ["", "no xml", "<testsuite ", "<![CDATA[ open", "<"] {
            assert!(put(broken, "<p/>").starts_with(broken), "{broken}");
        }
    }
}
