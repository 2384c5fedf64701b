//! `assay run`: the main job, from the profile to the sealed bundle.

pub(super) mod address;
mod attach;
mod begin;
mod board;
mod challenged;
pub(super) mod deliver;
pub(super) mod doors;
mod ending;
pub(super) mod folder;
pub(super) mod gateway;
mod greeting;
mod more;
pub(super) mod packing;
mod paused;
mod pilot;
mod progress;
mod prompt;
mod recorded;
mod strangers;
pub(super) mod summary;
mod tested;

use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use clap::{Args, ValueEnum};
use evidence::RecordFile;
use evidence::words::{
    BUG_THREAD, MISUSE_NUMBER, MISUSE_SHARD, RUN_PAUSED_AGAIN, RUN_THROW_AWAY_KEY,
};

use super::misuse::Misuse;
use super::output::Terminal;
use crate::exit::{CommandError, Exit};
use crate::profile::{Named, Profile};
use crate::run::{Played, Run as Playing};
use crate::seal::bundle::ShownKeys;
use crate::suite::{MOST_SHARDS, Plan, Selection, Shard, Suite};
use crate::verdict::{Judge, Outcome, Results, Scope};
use begin::{Began, Earlier, Ground, read_record};
use challenged::Answering;
use ending::ending;
use gateway::Reached;
use more::{Delivered, More};
use paused::{interrupted, keep_strays, tell_bugs};
use steps::{Purse, REFERENCE, Tested};
use tested::Ready;

/// Run the suites, and write the sealed bundle.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  assay run\n  assay run --profile assay.yaml --out acceptance\n  \
                        assay run AMS-PAY-004 Case-005 --gate selection"
)]
pub(super) struct Run {
    /// Suites, cases, aliases or single runs; without any, all that the profile makes mandatory.
    #[arg(value_name = "SUITE|CASE")]
    wanted: Vec<String>,
    /// What is tested; without one, the reference merchant on the embedded sandbox.
    #[arg(long, env = "ASSAY_PROFILE", value_name = "FILE", hide_env_values = true)]
    profile: Option<PathBuf>,
    /// Where the gateway is: embedded, or http or https with host and port. Beats the profile.
    #[arg(long, env = "ASSAY_GATEWAY", value_name = "URL", hide_env_values = true)]
    gateway: Option<String>,
    /// Who is tested: reference, the address of your own system's adapter, or manual for a till that
    /// a person operates. Beats the profile.
    #[arg(
        long,
        env = "ASSAY_MERCHANT",
        value_name = "reference|URL|manual",
        hide_env_values = true
    )]
    merchant: Option<String>,
    /// Attach a screenshot or a receipt to a case, which a reviewer then decides; repeatable. PNG,
    /// JPEG or PDF of at most 4 MiB.
    #[arg(long, value_name = "CASE=FILE", value_parser = attach::named)]
    attach: Vec<attach::Named>,
    /// What the gateway's control API asks for.
    #[arg(long, env = "ASSAY_CONTROL_TOKEN", value_name = "TEXT", hide_env_values = true)]
    control_token: Option<String>,
    /// Where the bundle goes; by default reports/runs/ and the run's id.
    #[arg(long, env = "ASSAY_OUT", value_name = "DIR", hide_env_values = true)]
    out: Option<PathBuf>,
    /// How many scenarios play at once; by default one on each core.
    #[arg(long, env = "ASSAY_JOBS", value_name = "N", hide_env_values = true, value_parser = at_once)]
    jobs: Option<usize>,
    /// What ids are drawn from: the same seed and keys give the same record. By default 1 with the
    /// reference merchant at the embedded gateway, and another each time elsewhere and with a system of
    /// your own, where earlier payments are remembered.
    #[arg(long, env = "ASSAY_SEED", value_name = "N", hide_env_values = true, value_parser = drawn_from)]
    seed: Option<u64>,
    /// Play only this share of the cases, such as 1/4; `assay merge` joins the shares.
    #[arg(long, env = "ASSAY_SHARD", value_name = "K/N", hide_env_values = true, value_parser = share)]
    shard: Option<Shard>,
    /// A reviewer's challenge, which the run answers: an order of its own opens it, another closes it.
    #[arg(long, env = "ASSAY_CHALLENGE", value_name = "FILE", hide_env_values = true)]
    challenge: Option<PathBuf>,
    /// Go on with the run in this folder, which was interrupted, or waits for a day or a review to end.
    #[arg(long, value_name = "RUN", conflicts_with_all = ["wanted", "out", "seed", "shard"])]
    resume: Option<PathBuf>,
    /// Say that you know what a run in production does: the buyers' money is real.
    #[arg(long)]
    i_know_this_moves_money: bool,
    /// What exit code 0 is about: the whole run, or what was selected.
    #[arg(long, value_name = "WHAT", default_value = "run")]
    gate: Gate,
    /// Also write cucumber messages, or a summary in Markdown, beside the bundle; repeatable. Page, JUnit
    /// file and results are always written.
    #[arg(long, value_name = "FORMAT", value_delimiter = ',')]
    format: Vec<More>,
    /// Say nothing but the verdict.
    #[arg(long)]
    quiet: bool,
}

/// How many scenarios can be asked for at once.
const MOST_AT_ONCE: usize = 1024;

/// How many scenarios wait for an integrator's system at once, where nobody says otherwise.
const WAITING_AT_ONCE: usize = 48;

/// How many scenarios play at once on a gateway elsewhere, which others use as well.
const ELSEWHERE_AT_ONCE: usize = 16;

/// Reads `--jobs`.
fn at_once(text: &str) -> Result<usize, Misuse> {
    let asked = text.parse().ok().filter(|jobs| (1..=MOST_AT_ONCE).contains(jobs));
    asked.ok_or_else(|| Misuse(MISUSE_NUMBER.with([1, MOST_AT_ONCE])))
}

/// Reads `--shard`.
fn share(text: &str) -> Result<Shard, Misuse> {
    text.parse().map_err(|_not| Misuse(MISUSE_SHARD.with([MOST_SHARDS])))
}

/// Reads `--seed`.
fn drawn_from(text: &str) -> Result<u64, Misuse> {
    text.parse().map_err(|_not| Misuse(MISUSE_NUMBER.with([u64::MIN, u64::MAX])))
}

/// The seed of a run of the reference merchant on the embedded gateway.
const SEED: u64 = 1;

/// A seed that makes ids which nobody has seen.
fn fresh_seed() -> u64 {
    u64::from(u32::from_be_bytes(signing::random_bytes::<4>()))
}

/// What exit code 0 is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Gate {
    /// The verdict on the whole run.
    Run,
    /// Everything that was selected passed; the bundle still says incomplete.
    Selection,
}

impl Run {
    /// Profile and suite. Both take a while, and neither needs the other: a profile may have to make
    /// its key.
    fn read(&self) -> Result<(Profile, Arc<Suite>), CommandError> {
        // The embedded gateway brings its key along; any other has to fit those of the profile.
        let elsewhere = self.gateway.as_deref().filter(|url| *url != "embedded");
        elsewhere.map_or(Ok(()), gateway::form)?;
        let (profile, suite) = std::thread::scope(|scope| {
            let suite = scope.spawn(Suite::embedded);
            let named = Named { gateway: elsewhere, merchant: self.merchant.as_deref() };
            let profile = self.profile.as_deref();
            let profile =
                profile.map_or_else(Profile::built_in, |path| Profile::load_for(path, named));
            (profile, suite.join())
        });
        let (profile, suite) =
            (profile?, suite.map_err(|_panic| CommandError::Bug(BUG_THREAD.plain().into()))?);
        if self.profile.is_none() && self.merchant.as_deref().is_some_and(|it| it != REFERENCE) {
            return Err(CommandError::Profile(gateway::merchant_without_profile()));
        }
        Ok((profile, Arc::new(suite.map_err(CommandError::Suite)?)))
    }

    /// What the guard of real money looks at.
    fn asked(&self) -> pilot::Asked<'_> {
        pilot::Asked {
            embedded: self.gateway.as_deref() == Some("embedded"),
            knows: self.i_know_this_moves_money,
            wanted: &self.wanted,
        }
    }

    /// What was asked for of what the profile makes mandatory.
    fn plan(&self, profile: &Profile, suite: &Suite) -> Result<Plan, CommandError> {
        let (wanted, shard) = (self.wanted.clone(), self.shard);
        let mandatory = Selection::mandatory(profile.declared());
        Ok(Plan::new(suite, &Selection { wanted, shard, ..mandatory })?)
    }

    /// The folder of the profile, where the programs that it names run.
    fn folder_of_profile(&self) -> Option<&Path> {
        self.profile.as_deref()?.parent().filter(|folder| !folder.as_os_str().is_empty())
    }

    /// The gateway, and the profile at it. Both sides know each other's keys.
    fn reach(
        &self,
        profile: Profile,
        purse: Option<Purse>,
    ) -> Result<(Profile, Reached), CommandError> {
        let reached =
            gateway::reach(&profile, self.gateway.as_deref(), self.control_token.clone())?;
        profile.gateway.rules.taken_by(&reached.url, !reached.is_foreign())?;
        // What answers the control API moves nobody's money.
        let purse = purse.filter(|_| !reached.simulated);
        let reached = Reached { purse, ..reached };
        if self.profile.is_none() && !reached.is_embedded() {
            return Err(CommandError::Profile(gateway::without_profile()));
        }
        let profile = profile.at(reached.as_named(), reached.keys.clone());
        greeting::greet(&reached, &profile)?;
        deliver::prove(&profile)?;
        Ok((profile, reached))
    }

    pub(super) fn perform(&self, terminal: &mut Terminal) -> Result<Exit, CommandError> {
        let (profile, suite) = self.read()?;
        // An unknown name is told before anybody is called, and so is what is attached in vain.
        let mut plan = self.plan(&profile, &suite)?;
        let purse = pilot::guard(&profile, &mut plan, self.asked())?;
        profile.gateway.rules.outlast(&plan.planned)?;
        attach::prove(&self.attach, &plan.planned)?;
        let challenge = challenged::read(self.challenge.as_deref(), &profile, &suite)?;
        let (profile, reached) = self.reach(profile, purse)?;
        let ready = Ready::arrange(&profile, &reached, self.folder_of_profile(), terminal)?;
        let earlier = self.resume.as_deref().map(Earlier::open).transpose()?;
        let only_waits = earlier.as_ref().is_some_and(|it| it.only_waits(&suite, &reached));
        if let Some(earlier) = earlier.as_ref().filter(|_| only_waits) {
            // Nothing is sold any more, and what was known before still holds.
            ready.is_as_before(earlier);
        } else {
            Self::trial(&ready, (&reached, &profile), &plan, terminal)?;
        }
        let one_at_a_time = ready.one_at_a_time();
        let (run, profile, suite, reached) = (self, &profile, &suite, &reached);
        let challenge = challenge.as_ref();
        let ground = Ground { run, profile, suite, reached, one_at_a_time, challenge };
        let began = match earlier {
            Some(earlier) => ground.resumed(earlier)?,
            None => ground.afresh(plan)?,
        };
        self.play(terminal, &ready, &ground, began)
    }

    /// Plays what is open, and writes the bundle unless the run is left open.
    fn play(
        &self,
        terminal: &mut Terminal,
        ready: &Ready,
        ground: &Ground<'_>,
        began: Began,
    ) -> Result<Exit, CommandError> {
        let Ground { profile, suite, reached, challenge, .. } = *ground;
        let Began { folder, mut facts, header, record, plan, open, attempts, waited } = began;
        let answers = (challenge, self.challenge.as_deref());
        let mut answering = Answering::new(answers, &folder, (profile, reached));
        answering.open(&facts, !attempts.is_empty(), terminal)?;
        let judge = Judge::new(suite.clone());
        let stop = ready.stop.clone();
        ready.shelf.opens(&folder.path);
        let attached = ready.shelf.keep_named(&self.attach, &open)?;
        let seed = facts.run.seed.parse().unwrap_or(SEED);
        let woven = steps::woven(seed, &facts.run.challenge);
        let backstage = ready.backstage(reached, profile, woven);
        let left = open.len();
        let open = ready.in_order(reached.playable(open));
        let jobs = self.jobs(reached, &ready.tested);
        let only_waits = open.iter().all(|run| waited.contains_key(&run.key));
        if only_waits && !open.is_empty() {
            terminal.say(&RUN_PAUSED_AGAIN.with([open.len()]));
        } else {
            ready.announce(&open, left - open.len(), jobs, terminal);
        }
        let playing = Playing {
            backstage,
            jobs,
            planned: open,
            attempts,
            waited,
            attached,
            record: record.clone(),
            progress: Arc::new(progress::Nobody),
            stop: stop.clone(),
        };
        let mut played = progress::watch(terminal, playing, &judge, self.quiet)
            .map_err(|source| folder.unwritable(source))?;
        let order: Vec<_> = suite.catalogue().cases.iter().map(|case| case.id.clone()).collect();
        record.seal(&order).map_err(|source| folder.unwritable(source))?;
        let strays = ready.strays(&folder)?;
        ready.leave();
        if stop.load(Ordering::SeqCst) {
            return Err(interrupted(&folder, &strays));
        }
        if !played.waiting.is_empty() {
            keep_strays(&folder, &strays)?;
            return Ok(self.left_waiting(terminal, &folder, &played));
        }
        let orders = answering.close(&facts, terminal)?;
        facts.time.finished = deliver::now();
        ready.tell_of_strays((&folder, &strays), profile.gateway.account(), terminal);
        let results = match self.resume {
            // What was played before is judged with the rest.
            Some(_) => judge.results(&read_record(&folder.record_path())?),
            None => judge.roll_up(&Scope::of(&header), std::mem::take(&mut played.attempts)),
        };
        let apart = (&strays[..], &orders[..]);
        deliver::write(&folder, suite, &results, profile, reached, apart, &mut facts)?;
        let (folder, results, strays, facts) = (&folder, &results, &strays, &facts);
        let delivered = Delivered { folder, suite, results, profile, reached, strays, facts };
        self.show(&delivered, terminal)?;
        Ok(self.exit(terminal, &played, &plan, results))
    }

    /// Writes what was asked for beside the bundle, and shows what came of the run.
    fn show(&self, delivered: &Delivered<'_>, terminal: &mut Terminal) -> Result<(), CommandError> {
        delivered.write(&self.format, terminal.language())?;
        let Delivered { results, suite, facts, folder, reached, .. } = *delivered;
        let known = ShownKeys::of(&reached.keys).known();
        summary::show(terminal, results, suite, facts, folder, Some(&known), self.quiet);
        delivered.annotate(terminal);
        if self.profile.is_none() && !self.quiet {
            terminal.say(&RUN_THROW_AWAY_KEY.plain());
        }
        Ok(())
    }

    /// Sells one thing outside of every record, and before there is one.
    fn trial(
        ready: &Ready,
        (reached, profile): (&Reached, &Profile),
        plan: &Plan,
        terminal: &mut Terminal,
    ) -> Result<(), CommandError> {
        // The merchant may have the orders of other runs and trials in its books.
        let first = ready.backstage(reached, profile, fresh_seed());
        let playable = reached.playable(plan.planned.clone());
        ready.prove((reached, &first), &playable, terminal)
    }

    /// How many scenarios play at once. Where real time is waited for, waiting is shared.
    fn jobs(&self, reached: &Reached, tested: &Tested) -> usize {
        let cores = || std::thread::available_parallelism().map_or(1, NonZero::get);
        match tested {
            Tested::Integrator(own) if !own.carries_orders() => 1,
            // So does the person who holds the wallets.
            _ if reached.is_foreign() => self.jobs.unwrap_or(1),
            // A person does one thing at a time, and a code waits for nobody.
            Tested::Integrator(own) if own.adapter.is_by_hand() => self.jobs.unwrap_or(1),
            _ if !reached.is_embedded() => self.jobs.unwrap_or(ELSEWHERE_AT_ONCE),
            Tested::Reference => self.jobs.unwrap_or_else(cores),
            Tested::Integrator(_) => self.jobs.unwrap_or(WAITING_AT_ONCE),
        }
    }

    fn exit(
        &self,
        terminal: &mut Terminal,
        played: &Played,
        plan: &Plan,
        results: &Results,
    ) -> Exit {
        tell_bugs(terminal, played);
        let runs = || results.cases.iter().flat_map(|case| &case.runs);
        let selected: Vec<_> = runs().filter(|run| plan.run(&run.key).is_some()).collect();
        let passed = |outcome: Outcome| matches!(outcome, Outcome::Passed | Outcome::Unstable);
        let all = !selected.is_empty() && selected.iter().all(|run| passed(run.outcome));
        let exit = ending(!played.bugs.is_empty(), self.gate, all, results.verdict);
        if self.gate == Gate::Selection && all && exit == Exit::Acceptable {
            summary::gate(terminal);
        }
        exit
    }
}

/// A record file that several threads write.
type Shared = Arc<RecordFile>;
