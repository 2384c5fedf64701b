//! Bundles as integrators submit them: of a merchant of their own at a gateway whose buyers are real.
//! Nobody gives that gateway orders, so what needs them waits for a reviewer, and so does a run with a
//! picture.

#![expect(clippy::unwrap_used, reason = "a test has nobody to hand an error to")]

use std::fs;
use std::sync::LazyLock;

use assay::profile::{Conditions, Profile};
use assay::seal::{Bundled, read_zip};
use assay::suite::{Declared, Plan, Planned, Selection};
use assay::verdict::{CaseResult, Outcome, Results};
use evidence::words::Language;
use evidence::{Attachment, Event};
use serde_json::json;
use time::{Duration, OffsetDateTime};

use crate::joining::Ground;
use crate::real_buyers::{GATEWAY_KEY, REPORT_KEY, bundle, key, log, played, redacted, retold};
use crate::stand;

/// A picture of one pixel.
pub(crate) const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01";
/// The run that it is attached to.
pub(crate) const RUN: &str = "AMS-PAY-001";

/// All that is mandatory for who sells through buyers' codes.
pub(crate) static WHOLE: LazyLock<Made> = LazyLock::new(|| Made::of(|_| true));
/// A few of these cases.
pub(crate) static SMALL: LazyLock<Made> = LazyLock::new(|| {
    Made::of(|run| {
        [RUN, "AMS-PAY-003", "AMS-PAY-022", "AMS-PAY-091"].contains(&run.key.case.as_str())
    })
});

/// A day so many days from now: a waiver has to end within a year of its review.
pub(crate) fn day(ahead: i64) -> String {
    (OffsetDateTime::now_utc() + Duration::days(ahead)).date().to_string()
}

/// A bundle, and what the gateway's operator has of its messages.
pub(crate) struct Made {
    zip: Vec<u8>,
    log: String,
}

impl Made {
    fn of(wanted: impl Fn(&Planned) -> bool) -> Self {
        let suite = stand::suite();
        let products = vec!["user-presented".to_owned()];
        let conditions = Conditions::default().held(&products, false);
        let declared = Declared {
            products: products.clone(),
            conditions: conditions.iter().copied().collect(),
        };
        let plan = Plan::new(&suite, &Selection::mandatory(declared)).unwrap().planned;
        let plan: Vec<Planned> = plan.into_iter().filter(wanted).collect();
        let there = |run: &&Planned| {
            run.runs_anywhere() && !run.waits_for_a_day() && !run.waits_for_a_review()
        };
        let keys = |runs: Vec<&Planned>| runs.iter().map(|it| it.key.to_string()).collect();
        let all: Vec<String> = keys(plan.iter().collect());
        let there: Vec<String> = keys(plan.iter().filter(there).collect());
        let there: Vec<&str> = there.iter().map(String::as_str).collect();
        let mut record = retold(played(&suite, &there), true);
        for (name, value) in [
            ("products", json!(products)),
            ("conditions", json!(conditions)),
            ("plan", json!(all)),
            ("driver", json!("http")),
            ("generation", json!("ams")),
        ] {
            record.header.insert(name.into(), value);
        }
        let picture = Attachment::of("shot.png", PICTURE).unwrap();
        for case in &mut record.cases {
            for entry in &mut case.entries {
                if let Event::Arranged { what, facts } = &mut entry.event
                    && what == "contract"
                {
                    facts.insert("driver".into(), json!("http"));
                }
            }
            if case.key.to_string() == RUN {
                let mut last = case.entries.pop().unwrap();
                let mut attached = last.clone();
                attached.event = picture.event();
                last.line += 1;
                case.entries.extend([attached, last]);
            }
        }
        let log = log(&mut record, |_| true);
        let attached = [Bundled::new(picture.file(), PICTURE)];
        let zip = bundle(&suite, &redacted(&record), &attached, |profile, facts| {
            profile["generation"] = json!("ams");
            profile["products"] = json!(products);
            profile["merchant"]["driver"] = json!("http");
            let built_in = Profile::built_in().unwrap().redacted();
            profile["conditions"] = built_in["conditions"].clone();
            profile["reconciliation"] = built_in["reconciliation"].clone();
            facts.gateway.generation = "ams".into();
            facts.merchant.driver = "http".into();
            facts.merchant.products.clone_from(&products);
        });
        Self { zip: zip.unwrap(), log }
    }

    /// The bundle alone.
    pub(crate) fn save(&self, ground: &Ground, name: &str) {
        fs::write(ground.at(name), &self.zip).unwrap();
    }

    /// Lays it where a reviewer works, with the keys of their own store.
    pub(crate) fn lay(&self, ground: &Ground, name: &str) {
        self.save(ground, name);
        fs::write(ground.at("gateway.ndjson"), &self.log).unwrap();
        for (file, name) in [("report.pub", REPORT_KEY), ("gateway.pub", GATEWAY_KEY)] {
            fs::write(ground.at(file), key(name).public().to_spki_pem()).unwrap();
        }
    }

    /// The mandatory cases that could not be tested, each with the reason that the bundle gives, if any.
    pub(crate) fn doubts(&self) -> Vec<(String, Option<String>)> {
        let files = read_zip(&self.zip).unwrap();
        let results = files.iter().find(|file| file.name == "results.json").unwrap();
        let results: Results = serde_json::from_slice(&results.bytes).unwrap();
        assert!(results.cases.iter().all(|case| case.outcome != Outcome::Failed), "{results:#?}");
        let open = results.cases.iter().filter(|it| it.mandatory && it.outcome == Outcome::Skipped);
        let why = |case: &CaseResult| case.reason.as_ref().map(|why| why.text(Language::En));
        open.map(|case| (case.id.clone(), why(case))).collect()
    }
}
