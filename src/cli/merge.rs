//! `assay merge`: runs of one merchant, as shards or stages, in one sealed bundle.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use evidence::words::{
    MERGE_AGAIN, MERGE_AGAIN_DO, MERGE_DO, MERGE_FEW, MERGE_FILES, MERGE_LARGE, MERGE_LARGE_DO,
    MERGE_ONE_DO, MERGE_UNREADABLE, MERGE_UNREADABLE_DO, Phrase, Place, Sentence, VERIFY_BROKEN,
    VERIFY_BROKEN_DO,
};
use signing::PublicKey;

use super::output::Terminal;
use super::run::deliver::{self, BUNDLE};
use super::run::folder::Folder;
use super::run::packing::{Done, Packing};
use super::run::summary;
use super::verify::{Doubt, LARGEST_BUNDLE, doubts, exit, warn};
use crate::bounded;
use crate::exit::{CommandError, Exit};
use crate::profile::{Named, Profile};
use crate::report::annotations;
use crate::seal::bundle::names;
use crate::seal::{
    BundleFault, Bundled, Checked, JoinedRun, LARGEST_FILE, LARGEST_TOTAL, MOST_FILES, Merged, Own,
    ReplayFault, ZipError, open_bundle,
};
use crate::suite::Suite;

/// Join runs of one merchant, as shards or stages, into one sealed bundle.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  assay merge first second --profile assay.yaml --out whole\n  \
                        assay merge sandbox/acceptance.zip embedded/acceptance.zip --profile assay.yaml"
)]
pub(super) struct Merge {
    /// The folders of the runs, or their bundles.
    #[arg(value_name = "RUN", required = true)]
    runs: Vec<PathBuf>,
    /// The profile of the runs: its report key has sealed them, and seals the merged bundle.
    #[arg(
        long,
        env = "ASSAY_PROFILE",
        value_name = "FILE",
        hide_env_values = true,
        required = true
    )]
    profile: PathBuf,
    /// Where the gateway was, if `run` was told so: it beats the profile. It is not called.
    #[arg(long, env = "ASSAY_GATEWAY", value_name = "URL", hide_env_values = true)]
    gateway: Option<String>,
    /// Where the bundle goes; by default reports/runs/ and an id of the runs together.
    #[arg(long, env = "ASSAY_OUT", value_name = "DIR", hide_env_values = true)]
    out: Option<PathBuf>,
    /// Say nothing but the verdict.
    #[arg(long)]
    quiet: bool,
}

impl Merge {
    pub(super) fn perform(&self, terminal: &mut Terminal) -> Result<Exit, CommandError> {
        if self.runs.len() < 2 {
            return Err(usage(MERGE_FEW.plain(), &MERGE_ONE_DO));
        }
        // As for `run`: the key of a gateway elsewhere stands in the profile for that gateway alone.
        let elsewhere = self.gateway.as_deref().filter(|url| *url != "embedded");
        let profile =
            Profile::load_for(&self.profile, Named { gateway: elsewhere, merchant: None })?;
        let suite = Arc::new(Suite::embedded().map_err(CommandError::Suite)?);
        let judging = Judging {
            suite: &suite,
            trusted: profile.report.key.key.public(),
            own: Own { keys: vec![profile.gateway.keys.gateway()], ..Own::default() },
        };
        let runs = self.runs.iter().map(|path| judging.judged(path));
        let mut runs: Vec<JoinedRun> = runs.collect::<Result<_, _>>()?;
        runs.sort_by(|one, other| one.order().cmp(&other.order()));
        check_size(&runs)?;
        let merged = Merged::of(&suite, &runs, deliver::tool());
        let merged = merged.map_err(|why| usage(why, &MERGE_DO))?;
        let folder = Folder::merged(self.out.as_deref(), merged.facts.run.id.clone())?;
        write(&folder, &merged, &profile)?;
        summary::show(terminal, &merged.results, &suite, &merged.facts, &folder, None, self.quiet);
        if terminal.is_github() {
            let language = terminal.language();
            let told = merged.show(|page, _| annotations(page, language));
            terminal.raw(&told);
        }
        let checked = || runs.iter().map(|run| &run.replayed.checked);
        let mut told: Vec<Doubt> = vec![];
        for (says, advice) in checked().filter(|checked| !checked.by_own_key()).flat_map(doubts) {
            if !told.contains(&(says.clone(), advice)) {
                warn(terminal, &says, advice);
                told.push((says, advice));
            }
        }
        Ok(exit(merged.results.verdict, checked().all(Checked::by_own_key)))
    }
}

/// What every run is judged again with.
struct Judging<'a> {
    suite: &'a Arc<Suite>,
    trusted: PublicKey,
    own: Own,
}

impl Judging<'_> {
    /// The run in a folder, or in a bundle, as `assay verify` would judge it.
    fn judged(&self, path: &Path) -> Result<JoinedRun, CommandError> {
        let name = path.display().to_string();
        let bundle = if path.is_dir() { path.join(BUNDLE) } else { path.to_path_buf() };
        let bytes = bounded::read(&bundle, LARGEST_BUNDLE).map_err(|why| {
            let says = MERGE_UNREADABLE.with([bundle.display().to_string(), why.to_string()]);
            CommandError::Bundle { says, advice: MERGE_UNREADABLE_DO.plain() }
        })?;
        let opened = if bytes.len() as u64 > LARGEST_BUNDLE {
            Err(BundleFault::Zip(ZipError::TotalSize))
        } else {
            open_bundle(&bytes, &self.trusted)
        };
        drop(bytes);
        let opened = opened.map_err(|why| {
            let part = why.part();
            broken(&name, part.says(), why.says(), part.expected().plain())
        })?;
        if opened.is_merged() {
            return Err(usage(MERGE_AGAIN.with([&name]), &MERGE_AGAIN_DO));
        }
        let judged = JoinedRun::judge(name.clone(), opened, self.suite, &self.trusted, &self.own);
        judged.map_err(|fault| {
            let ReplayFault { part, why, expected } = fault;
            broken(&name, part.plain(), why, expected)
        })
    }
}

fn usage(says: Phrase, advice: &Sentence) -> CommandError {
    CommandError::Usage { says, advice: advice.plain() }
}

fn broken(name: &str, part: Phrase, why: Phrase, expected: Phrase) -> CommandError {
    CommandError::Bundle {
        says: VERIFY_BROKEN.holding([Place::value(name), part.into(), why.into()]),
        advice: VERIFY_BROKEN_DO.holding([expected.into()]),
    }
}

/// Told before anything is written: a merged page is about as long as the pages of its runs.
fn check_size(runs: &[JoinedRun]) -> Result<(), CommandError> {
    let of = |name: &str| -> u64 {
        let files = runs.iter().filter_map(|run| run.bundle.files.get(name));
        files.map(|bytes| bytes.len() as u64).sum()
    };
    let (page, results) = (of(names::HTML), of(names::RESULTS));
    let kept = runs.iter().flat_map(|run| run.bundle.files.values());
    let total = kept.map(|bytes| bytes.len() as u64).sum::<u64>() + page + results;
    for (size, limit) in [(page, LARGEST_FILE), (results, LARGEST_FILE), (total, LARGEST_TOTAL)] {
        if size > limit {
            return Err(usage(MERGE_LARGE.with([limit]), &MERGE_LARGE_DO));
        }
    }
    // Of each run its seal in two forms as well, and five files beside the folders.
    let count: usize = 5 + runs.iter().map(|run| run.bundle.files.len() + 2).sum::<usize>();
    if count > MOST_FILES {
        return Err(usage(MERGE_FILES.with([count, MOST_FILES]), &MERGE_LARGE_DO));
    }
    Ok(())
}

/// Writes the runs as they are, and beside them what they come to together.
fn write(folder: &Folder, merged: &Merged<'_>, profile: &Profile) -> Result<(), CommandError> {
    let secrets = deliver::secrets(profile, &profile.gateway.keys);
    let packing = Packing { folder: folder.path.clone(), secrets };
    let mut done: Vec<Done> = vec![packing.results(&merged.results)?];
    for (name, bytes) in merged.files() {
        let (written, ()) = packing.file(&name, |out| {
            let unwritable = |source| CommandError::Write { path: folder.path.join(&name), source };
            out.write_all(bytes).map_err(unwritable)
        })?;
        done.push(written);
    }
    let path = folder.path.join(names::HTML);
    let (page, junit) = packing
        .file(names::HTML, |out| merged.draw(out).map_err(|why| deliver::undrawn(why, path)))?;
    done.push(page);
    done.push(packing.bytes(&Bundled::new(names::JUNIT, junit))?);
    let report = &profile.report.key.key;
    deliver::seal(folder, &packing, done, report, |files| merged.statement(files))
}
