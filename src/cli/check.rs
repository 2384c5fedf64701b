//! `assay check`: proves what can be proved without calling a gateway.

use std::path::PathBuf;

use clap::Args;
use clock::{Clock, Millis};
use evidence::words::{
    GATEWAY_URL_FORM, GATEWAY_URL_FORM_DO, KEY_UNUSABLE, PILOT_MEANS, PILOT_NO_CAP,
    PILOT_NO_CAP_DO, PROVE_CLIENT, PROVE_CLOCK, PROVE_CLOCK_DO, PROVE_CLOCK_ODD, PROVE_DEPOT,
    PROVE_DONE, PROVE_FAILED, PROVE_KEYS, PROVE_OPEN, PROVE_OWN_KEY, PROVE_PILOT, PROVE_PRIVATE,
    PROVE_PROFILE, PROVE_REPORT_KEY, PROVE_ROUND_TRIP, PROVE_ROUND_TRIP_DO,
    PROVE_ROUND_TRIP_FAILED, PROVE_SUITE, PROVE_TLS, PROVE_WARNED, PROVE_WORTHLESS,
    REPORTS_FOLDER_DO, REPORTS_FOLDER_SHUT, Sentence, TLS_AUTHORITY_DO,
};
use signing::PrivateKey;

use super::output::{Span, Terminal, Tone, one_line};
use super::run::{doors, gateway};
use crate::exit::Exit;
use crate::finding::{Finding, Place};
use crate::profile::{GatewayUrl, Profile, ProfileError};
use crate::suite::Suite;

/// 2024-01-01 and 2100-01-01, between which a clock is believed.
const SANE: std::ops::Range<Millis> = 1_704_067_200_000..4_102_444_800_000;

/// Prove profile, keys, features and clock without calling a gateway.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  assay check --profile assay.yaml")]
pub(super) struct Check {
    /// The profile; without one, the built-in profile is proved.
    #[arg(long, env = "ASSAY_PROFILE", value_name = "FILE", hide_env_values = true)]
    profile: Option<PathBuf>,
}

/// A thing to prove: its sentence, and what the codes of findings that disprove it begin with.
struct Proof {
    says: &'static Sentence,
    codes: &'static [&'static str],
    /// Whether it can be judged only once the file has been read.
    inner: bool,
}

/// What is proved of a profile, in this order.
static PROOFS: [Proof; 9] = [
    Proof {
        says: &PROVE_PROFILE,
        codes: &["Y", "P0", "P1", "P2", "P3", "P4", "P6", "P7", "P9"],
        inner: false,
    },
    Proof { says: &PROVE_CLIENT, codes: &["P5", "W2"], inner: true },
    Proof { says: &PROVE_KEYS, codes: &["K1", "K5", "K8", "W3"], inner: true },
    Proof { says: &PROVE_PRIVATE, codes: &["W1"], inner: true },
    Proof { says: &PROVE_OWN_KEY, codes: &["K2", "K6"], inner: true },
    Proof { says: &PROVE_REPORT_KEY, codes: &["K3"], inner: true },
    Proof { says: &PROVE_WORTHLESS, codes: &["K4"], inner: true },
    Proof { says: &PROVE_ROUND_TRIP, codes: &["K7"], inner: true },
    Proof { says: &PROVE_DEPOT, codes: &["P8"], inner: true },
];

/// What is proved where the profile names an authority.
static TLS: Proof = Proof { says: &PROVE_TLS, codes: &["T"], inner: true };

/// What came out of all proofs.
#[derive(Default)]
struct Tally {
    failed: usize,
    warned: usize,
    open: usize,
}

impl Check {
    pub(super) fn perform(&self, terminal: &mut Terminal) -> Exit {
        let profile = match &self.profile {
            Some(path) => Profile::load(path),
            None => Profile::built_in(),
        };
        let mut tally = Tally::default();
        profile_proofs(terminal, &profile, &mut tally);
        let suite = Suite::embedded();
        if let Some(profile) = profile.as_ref().ok().filter(|it| it.gateway.moves_money()) {
            pilot_proof(terminal, profile, suite.as_ref().ok(), &mut tally);
        }
        let suite = suite.err().unwrap_or_default();
        tick(terminal, &PROVE_SUITE, &suite, false, &mut tally);
        let clock =
            if SANE.contains(&Clock::real().now()) { Vec::new() } else { vec![odd_clock()] };
        tick(terminal, &PROVE_CLOCK, &clock, false, &mut tally);
        terminal.line([String::new()]);
        let Tally { failed, warned, open } = tally;
        if failed > 0 {
            terminal.say(&PROVE_FAILED.with([failed, open]));
        } else if warned > 0 {
            terminal.say(&PROVE_WARNED.with([warned]));
        } else {
            terminal.say(&PROVE_DONE.plain());
        }
        // A suite that contradicts itself is ours, and outranks what the user can mend.
        match (suite.is_empty(), failed) {
            (false, _) => Exit::Bug,
            (true, 0) => Exit::Acceptable,
            (true, _) => Exit::Unusable,
        }
    }
}

/// What a run needs where it moves real money.
fn pilot_proof(
    terminal: &mut Terminal,
    profile: &Profile,
    suite: Option<&Suite>,
    tally: &mut Tally,
) {
    let GatewayUrl::Remote(url) = &profile.gateway.url else { return };
    let uncapped = Finding {
        code: "M1",
        place: Place::default(),
        says: PILOT_NO_CAP.with([url]),
        advice: PILOT_NO_CAP_DO.plain(),
    };
    let cap = profile.gateway.cap;
    let findings = if cap.is_some() { vec![] } else { vec![uncapped] };
    tick(terminal, &PROVE_PILOT, &findings, false, tally);
    if let Some((cap, suite)) = cap.zip(suite) {
        let safe = suite.catalogue().cases.iter().filter(|case| case.pilot);
        let generations = profile.declared().generations();
        let safe = safe.filter(|case| generations.contains(&case.generation())).count();
        terminal.say(&PILOT_MEANS.with([url, &cap.to_string(), &safe.to_string()]));
    }
}

fn profile_proofs(
    terminal: &mut Terminal,
    profile: &Result<Profile, ProfileError>,
    tally: &mut Tally,
) {
    let found = match profile {
        Ok(profile) => {
            let warnings = profile.warnings.iter().cloned();
            warnings
                .chain(round_trip(profile))
                .chain(shut_depot(profile))
                .chain(far_gateway(profile))
                .chain(shut_doors(profile))
                .collect()
        }
        Err(error) => error.0.clone(),
    };
    let of = |codes: &[&str]| -> Vec<Finding> {
        let fits = |finding: &&Finding| codes.iter().any(|code| finding.code.starts_with(code));
        found.iter().filter(fits).cloned().collect()
    };
    let unread = !of(&["Y", "P0"]).is_empty();
    let keys_unread = unread || !of(&["K1", "K8"]).is_empty();
    let proved = |finding: &Finding| {
        let proofs = PROOFS.iter().chain([&TLS]);
        proofs.flat_map(|proof| proof.codes).any(|code| finding.code.starts_with(code))
    };
    for (place, proof) in PROOFS.iter().enumerate() {
        let needs_keys = proof.codes.iter().any(|code| matches!(*code, "K2" | "K3" | "K4" | "K7"));
        // What is tried is tried with a profile that is valid in every other way.
        let tried = proof.codes.iter().any(|code| matches!(*code, "K7" | "P8"));
        let needs_all = tried && profile.is_err();
        let open = (proof.inner && unread) || (needs_keys && keys_unread) || needs_all;
        let mut own = of(proof.codes);
        if place == 0 {
            // What no proof names is wrong all the same.
            own.extend(found.iter().filter(|finding| !proved(finding)).cloned());
        }
        tick(terminal, proof.says, &own, open, tally);
    }
    let shut = of(TLS.codes);
    let named = profile.as_ref().is_ok_and(|profile| profile.witness.tls.is_some());
    if named || !shut.is_empty() {
        tick(terminal, TLS.says, &shut, false, tally);
    }
}

/// Shows one proof.
fn tick(
    terminal: &mut Terminal,
    says: &Sentence,
    findings: &[Finding],
    open: bool,
    tally: &mut Tally,
) {
    let warnings = findings.iter().all(|finding| finding.code.starts_with('W'));
    let (mark, tone) = match (findings.is_empty(), open, warnings) {
        (true, true, _) => {
            tally.open += 1;
            ("-", Tone::Faint)
        }
        (true, false, _) => ("✓", Tone::Good),
        (false, _, true) => {
            tally.warned += 1;
            ("!", Tone::Warning)
        }
        (false, _, false) => {
            tally.failed += 1;
            ("✗", Tone::Bad)
        }
    };
    let mut text = says.text(terminal.language()).to_owned();
    if mark == "-" {
        text = terminal.text(&PROVE_OPEN.with([text]));
    }
    terminal.line([Span::new(tone, format!("{mark} ")), Span::from(text)]);
    for finding in findings {
        detail(terminal, finding);
    }
}

/// Shows a finding below its proof.
fn detail(terminal: &mut Terminal, finding: &Finding) {
    let place = one_line(&finding.place.to_string());
    let colon = if place.is_empty() { "" } else { ": " };
    let (says, advice) = (terminal.text(&finding.says), terminal.text(&finding.advice));
    terminal.line([
        Span::from("    "),
        Span::new(Tone::Strong, format!("{place}{colon}")),
        Span::from(says),
    ]);
    terminal.line([Span::from("    "), Span::new(Tone::Advice, advice)]);
}

fn works(key: &PrivateKey) -> bool {
    let text = b"assay check";
    key.sign(text).is_ok_and(|signature| key.public().verify(text, &signature))
}

/// Signs and verifies with every key of the profile that signs.
fn round_trip(profile: &Profile) -> Vec<Finding> {
    let (keys, report) = (&profile.gateway.keys, &profile.report.key);
    let pairs = [(keys.works(), keys.source()), (works(&report.key), &report.source)];
    let broken = pairs.into_iter().filter(|(works, _)| !works);
    broken
        .map(|(_, source)| Finding {
            code: "K7",
            place: Place::default(),
            says: KEY_UNUSABLE.holding([source.says(), PROVE_ROUND_TRIP_FAILED.plain().into()]),
            advice: PROVE_ROUND_TRIP_DO.plain(),
        })
        .collect()
}

/// Delivers nothing, where report files will be.
fn shut_depot(profile: &Profile) -> Option<Finding> {
    let why = profile.depot().prove().err()?;
    Some(Finding {
        code: "P8",
        place: Place::file(&profile.depot_folder().display().to_string()),
        says: REPORTS_FOLDER_SHUT.with([why]),
        advice: REPORTS_FOLDER_DO.plain(),
    })
}

/// A gateway that this version does not call: `run` would refuse it.
fn far_gateway(profile: &Profile) -> Option<Finding> {
    let GatewayUrl::Remote(url) = &profile.gateway.url else { return None };
    gateway::form(url).err().map(|_refused| Finding {
        code: "P4",
        place: Place::default(),
        says: GATEWAY_URL_FORM.with([url]),
        advice: GATEWAY_URL_FORM_DO.plain(),
    })
}

/// Doors that cannot speak TLS although the profile wants them to.
fn shut_doors(profile: &Profile) -> Option<Finding> {
    let says = doors::shown(profile.witness.tls.as_ref()?).err()?;
    Some(Finding { code: "T1", place: Place::default(), says, advice: TLS_AUTHORITY_DO.plain() })
}

fn odd_clock() -> Finding {
    Finding {
        code: "E1",
        place: Place::default(),
        says: PROVE_CLOCK_ODD.plain(),
        advice: PROVE_CLOCK_DO.plain(),
    }
}
