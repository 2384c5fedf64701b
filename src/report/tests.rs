//! Both reports of one small run, and of hostile ones.

mod browser;
mod page;
mod share;

use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;
use quick_xml::Reader;
use quick_xml::events::Event;

use super::html::SCRIPT;
use super::sample::{Sample, attempt, case, conversation, sample, spoil};
use super::{PartHead, ReportError, draw};
use crate::verdict::{Origin, Outcome, Verdict};

pub(super) const HOSTILE: [&str; 9] = [
    "]]></system-out></testcase><testcase name=\"forged pass\"/><testcase name=\"x\"><system-out><![CDATA[",
    "]]>",
    "\u{1b}[2J\u{0}\u{b}\u{fffe}\u{202e}",
    "<script>alert(1)</script>",
    "\" onmouseover=\"alert(1)\" x=\"",
    "' onfocus='alert(1)",
    "</pre></style></title><img src=x onerror=alert(1)>",
    "javascript:alert(1)",
    "{{ 7*7 }} {% raw %} &lt;b&gt; <!-- --> <svg/onload=alert(1)>",
];

/// The page and the JUnit file.
fn drawn(sample: &Sample) -> Result<(String, String), ReportError> {
    let mut page = vec![];
    let junit = draw(&sample.page(), &mut &sample.record, &mut page)?;
    Ok((String::from_utf8(page).unwrap(), junit))
}

fn html_of(sample: &Sample) -> String {
    drawn(sample).unwrap().0
}

fn junit_of(sample: &Sample) -> String {
    drawn(sample).unwrap().1
}

/// An element with its attributes.
type Element = (String, Vec<(String, String)>);

/// Every element of a document, and all its text.
fn parse(xml: &str) -> (Vec<Element>, String) {
    let mut reader = Reader::from_str(xml);
    let (mut elements, mut texts) = (vec![], String::new());
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) | Event::Empty(tag) => {
                let name = tag.name().as_ref().to_owned();
                let attributes = tag.attributes().map(|attribute| {
                    let attribute = attribute.unwrap();
                    let value = quick_xml::escape::unescape(&attribute.value);
                    let key = attribute.key.as_ref().to_owned();
                    (key, value.unwrap().into_owned())
                });
                let attributes = attributes.collect();
                elements.push((name, attributes));
            }
            Event::CData(data) => texts.push_str(&data),
            Event::Eof => return (elements, texts),
            Event::End(_)
            | Event::Text(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_)
            | Event::DocType(_)
            | Event::GeneralRef(_) => {}
        }
    }
}

fn counted(xml: &str, name: &str) -> usize {
    parse(xml).0.iter().filter(|(element, _)| element == name).count()
}

#[test]
fn the_junit_file_says_what_the_results_say() {
    let sample = sample();
    let xml = junit_of(&sample);
    let cases = &sample.results.cases;
    assert_eq!(counted(&xml, "testcase"), cases.len());
    assert_eq!(counted(&xml, "failure"), 1);
    assert_eq!(counted(&xml, "error"), 2, "the aborted one and the mandatory one that did not run");
    assert_eq!(counted(&xml, "skipped"), 1);
    let (elements, _) = parse(&xml);
    let total = |attribute: &str| -> usize {
        let suites = elements.iter().filter(|(name, _)| name == "testsuite");
        let of = |list: &Vec<(String, String)>| {
            list.iter().find(|(key, _)| key == attribute).unwrap().1.parse::<usize>().unwrap()
        };
        suites.map(|(_, list)| of(list)).sum()
    };
    assert_eq!((total("tests"), total("failures"), total("errors")), (cases.len(), 1, 2));
    insta::assert_snapshot!(xml.replace("><", ">\n<"));
}

#[test]
fn a_file_without_failure_and_error_means_acceptable() {
    let mut sample = sample();
    sample.results.cases.truncate(1);
    sample.results.verdict = Verdict::Acceptable;
    let clean = junit_of(&sample);
    assert_eq!((counted(&clean, "failure"), counted(&clean, "error")), (0, 0));
    sample.results.verdict = Verdict::Incomplete;
    let unexplained = junit_of(&sample);
    assert_eq!(counted(&unexplained, "error"), 1);
    sample.results.cases.clear();
    assert_eq!(counted(&junit_of(&sample), "error"), 1, "nothing ran at all");
}

#[test]
#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn the_junit_file_fits_the_schema_of_jenkins() {
    if Command::new("xmllint").arg("--version").output().is_err() {
        assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "CI needs xmllint");
        eprintln!("skipped: xmllint is missing");
        return;
    }
    let schema = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/schemas/junit-10.xsd");
    let mut samples = vec![sample()];
    for text in HOSTILE {
        let mut spoilt = sample();
        spoil(&mut spoilt, text);
        samples.push(spoilt);
    }
    for sample in samples {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("junit.xml");
        std::fs::write(&path, junit_of(&sample)).unwrap();
        let mut lint = Command::new("xmllint");
        let out = lint.args(["--noout", "--schema", schema]).arg(&path).output().unwrap();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    }
}

#[test]
fn hostile_text_stays_text_in_the_junit_file() {
    for text in HOSTILE {
        let mut sample = sample();
        spoil(&mut sample, text);
        let xml = junit_of(&sample);
        assert_eq!(counted(&xml, "testcase"), sample.results.cases.len(), "{text}");
        let (elements, texts) = parse(&xml);
        let known = [
            "testsuites",
            "testsuite",
            "properties",
            "property",
            "testcase",
            "failure",
            "error",
            "skipped",
            "system-out",
        ];
        assert!(elements.iter().all(|(name, _)| known.contains(&name.as_str())), "{text}");
        let control = |c: char| c.is_control() && c != '\n' || c == '\u{fffe}';
        assert!(!xml.contains(control), "{text}");
        assert!(
            text.chars().any(char::is_control) || texts.contains(&super::xml_text(text)),
            "{text}"
        );
    }
}

#[test]
fn every_suite_of_the_junit_file_tells_which_run_it_is_of() {
    let (elements, _) = parse(&junit_of(&sample()));
    let value = |name: &str| -> Vec<String> {
        let named = |list: &&Vec<(String, String)>| list[0] == ("name".into(), name.to_owned());
        let told = elements.iter().filter(|(element, _)| element == "property");
        told.map(|(_, list)| list).filter(named).map(|list| list[1].1.clone()).collect()
    };
    for (name, told) in [
        ("run-id", "01JDZ8T5W0K5Q3Y2H8V7M4N6P0"),
        ("seed", "20260105"),
        ("record-head", &"d4".repeat(32)),
        ("suite-digest", &"5f".repeat(32)),
        ("verdict", "rejected"),
        ("grade", "rehearsal"),
        ("simulated", "true"),
    ] {
        assert_eq!(value(name), [told, told], "{name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever was seen, the file has the cases of the run and no more, and says only what XML can.
    #[test]
    fn no_text_breaks_the_junit_file(pieces in prop::collection::vec(piece(), 1..12)) {
        let text = pieces.concat();
        let mut spoilt = sample();
        spoil(&mut spoilt, &text);
        let xml = junit_of(&spoilt);
        let cases = spoilt.results.cases.len();
        let count = |name: &str| counted(&xml, name);
        prop_assert_eq!((count("testcase"), count("testsuite"), count("properties")), (cases, 2, 2));
        prop_assert_eq!((count("failure"), count("error"), count("skipped")), (1, 2, 1));
        let odd = |c: char| (c.is_control() && c != '\n') || c == '\u{fffe}' || c == '\u{ffff}';
        prop_assert!(!xml.contains(odd));
    }
}

/// Pieces of which hostile texts are made. A lone surrogate can be told only by its escape in JSON.
fn piece() -> impl Strategy<Value = String> {
    let known = ["]]>", "<![CDATA[", "</testsuite>", "<testsuite ", "\u{1b}[31m", "\0", "\\ud800"];
    let known = prop::sample::select(known.map(str::to_owned).to_vec());
    prop_oneof![known, any::<String>(), prop::sample::select(HOSTILE.map(str::to_owned).to_vec())]
}

#[test]
fn a_head_without_a_moment_is_refused() {
    let mut sample = sample();
    sample.head.started = "yesterday".to_owned();
    let refused = drawn(&sample).unwrap_err();
    assert!(refused.to_string().contains("'yesterday' is no moment"));
}

/// The tags of a page, in order, each as it is written, but for what stands in style and script.
fn tags(page: &str) -> Vec<&str> {
    let (before, rest) = page.split_once("<style>").unwrap();
    let rest = rest.split_once("</style>").unwrap().1.split_once("<script>").unwrap().0;
    [before, rest]
        .into_iter()
        .flat_map(|part| part.split('<').skip(1).map(|tag| tag.split_once('>').unwrap().0))
        .collect()
}

#[test]
fn hostile_text_stays_text_on_the_page() {
    let names = |page: &str| -> Vec<String> {
        let word = |tag: &&str| {
            tag.split([' ', '/']).find(|part| !part.is_empty()).unwrap_or("").to_owned()
        };
        let mut names: Vec<String> = tags(page).iter().map(word).collect();
        names.sort();
        names.dedup();
        names
    };
    let known = names(&html_of(&sample()));
    for text in HOSTILE {
        let mut spoilt = sample();
        spoil(&mut spoilt, text);
        spoilt.head.parts = vec![part(text)];
        let page = html_of(&spoilt);
        let new: Vec<_> = names(&page).into_iter().filter(|name| !known.contains(name)).collect();
        assert_eq!(new, Vec::<String>::new(), "{text}");
        for tag in tags(&page) {
            assert!(!tag.contains(" on") || tag.contains("content="), "{text}: {tag}");
            assert!(!tag.contains("javascript:") || !tag.contains("href"), "{text}: {tag}");
        }
        let control = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
        assert!(!page.contains(control), "{text}");
    }
}

/// A run among several, in which every text is this one.
fn part(text: &str) -> PartHead {
    let text = || text.to_owned();
    PartHead {
        folder: text(),
        run_id: text(),
        started: text(),
        gateway: text(),
        simulated: false,
        selection: text(),
        shard: text(),
        verdict: Verdict::Incomplete,
        mandatory_passed: 3,
    }
}

#[test]
fn the_page_of_several_runs_tells_each_of_them_and_whose_an_attempt_is() {
    let mut sample = sample();
    assert!(sample.head.simulated && !html_of(&sample).contains("parts-title"));
    let own = PartHead { simulated: true, ..part("embedded") };
    let all = PartHead { selection: String::new(), shard: String::new(), ..part("elsewhere") };
    sample.head.parts = vec![own.clone(), all];
    let runs = sample.results.cases.iter_mut().flat_map(|case| &mut case.runs);
    let attempt = runs.flat_map(|run| &mut run.attempts).next().unwrap();
    attempt.origin = Some(Origin { part: 2, attempt: 7 });
    let page = html_of(&sample);
    for told in [
        "<span class=\"id\">elsewhere</span>",
        "embedded, share embedded",
        "everything mandatory",
        "Incomplete, 3 mandatory cases passed",
        "(run 2, attempt 7 there)",
        "partly simulated",
    ] {
        assert!(page.contains(told), "{told}");
    }
    // Where all of them are simulated, so is the whole.
    sample.head.parts = vec![own];
    let page = html_of(&sample);
    assert!(page.contains("simulated gateway") && !page.contains("partly simulated"));
}

#[test]
fn the_page_loads_nothing_and_runs_one_script_of_its_own() {
    let page = html_of(&sample());
    // $ openssl dgst -sha256 -binary reports/templates/report.js | base64
    let digest = STANDARD.encode(signing::sha256(SCRIPT.as_bytes()));
    let policy = format!(
        "content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; \
         base-uri 'none'; form-action 'none'\""
    );
    assert!(page.contains(&policy));
    let head = page.split_once("</head>").map(|(head, _)| head);
    assert!(head.is_some_and(|head| head.contains(&format!("<script>{SCRIPT}</script>"))));
    assert!(page.ends_with("\n</main>\n</body>\n</html>\n"));
    assert!(!SCRIPT.contains("</"), "nothing in it ends it");
    let rest = page.replacen(SCRIPT, "", 1).replacen("<script>", "", 1);
    for word in ["<script", "<img", "<link", "<iframe", "src=", "@import", "url("] {
        assert!(!rest.contains(word), "{word}");
    }
}

#[test]
fn the_page_speaks_both_languages() {
    let page = html_of(&sample());
    let count = |text: &str| page.matches(text).count();
    assert!(count("span lang=\"en\"") > 100);
    for tag in ["<span", "<tspan"] {
        assert_eq!(count(&format!("{tag} lang=\"en\"")), count(&format!("{tag} lang=\"zh\"")));
    }
    for text in ["Rejected", "不通过", "What a valid seal does not prove", "有效封签不能证明什么"]
    {
        assert!(page.contains(text), "{text}");
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    assert_eq!(html_of(&sample()), html_of(&sample()));
    if let Ok(path) = std::env::var("ASSAY_TEST_PAGE") {
        std::fs::write(path, html_of(&sample())).unwrap();
    }
    assert_eq!(junit_of(&sample()), junit_of(&sample()));
}

#[test]
fn the_page_of_a_small_run() {
    let page = html_of(&sample());
    let (before, rest) = page.split_once("<style>").unwrap();
    let (_, after) = rest.split_once("</style>").unwrap();
    insta::assert_snapshot!(format!("{before}<style>…</style>{after}"));
}

/// A run of so many cases, with a text in their titles and bodies.
fn many(cases: usize, text: &str) -> Sample {
    let mut sample = sample();
    sample.results.cases.clear();
    sample.record.cases.clear();
    for number in 0..cases {
        let id = format!("AMS-PAY-{number:03}");
        sample.record.cases.push(conversation(&id, 1));
        let attempts = vec![attempt(1, Outcome::Passed)];
        let mut case = case(&id, "payment", Outcome::Passed, attempts);
        case.title = format!("{number} {text}");
        sample.results.cases.push(case);
    }
    let entries = sample.record.cases.iter_mut().flat_map(|case| &mut case.entries);
    for entry in entries {
        let evidence::Event::Message(message) = &mut entry.event else { continue };
        let Some(blob) = &mut message.bytes else { continue };
        blob.body = serde_json::json!({ "orderDescription": text }).to_string().into_bytes();
    }
    sample
}
