//! `assay review`: a reviewer verifies a bundle, decides what waits for a person, and signs that.

mod ask;
mod challenge;
mod extract;
mod file;
mod show;
mod waiting;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{ArgMatches, Args, Command, FromArgMatches, Subcommand};
use evidence::words::{
    INIT_EXISTS, INIT_WROTE, REVIEW_EMPTY, REVIEW_ENTRY_DO, REVIEW_FOLDER_DO, REVIEW_GONE,
    REVIEW_NOBODY, REVIEW_NOBODY_DO, REVIEW_NOTHING, REVIEW_TAKEN_DO, REVIEW_VERIFY_WITH, Sentence,
};
use signing::PrivateKey;

use self::ask::Desk;
use self::challenge::MakeChallenge;
use self::file::Written;
use self::show::Screen;
use self::waiting::Waiting;
use super::init::write_file;
use super::key_file::rsa;
use super::output::{Span, Terminal, Tone};
use super::reviewer::{check_name, reviewer, unsealed};
use super::run::deliver::now;
use super::verify::{Came, Checking, Heard, KeyFiles, Reviewed, Whole, heard, whole};
use crate::exit::{CommandError, Exit};
use crate::seal::{self, CertifiedBundle, Decision, ReviewFault, Reviewer, Waiver};
use crate::suite::Suite;

/// Verify a bundle, decide what waits for a person, and sign that as a review.
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    after_help = "Examples:\n  assay review acceptance.zip --trust report.pub --gateway-key alipay.pub \\\n  \
                        \u{20} --key reviewer.pem --reviewer 'Li Wei, Alipay'\n  \
                        assay review acceptance.zip --trust report.pub --gateway-key alipay.pub \\\n  \
                        \u{20} --key reviewer.pem --reviewer 'Li Wei, Alipay' \
                        --decisions decisions.yaml\n  \
                        assay review challenge --days 7"
)]
pub(super) struct Reviewing {
    #[command(subcommand)]
    before: Option<Before>,
    #[command(flatten)]
    review: Perhaps,
}

/// A review, unless something else is done: then what it requires is not there.
#[derive(Debug)]
struct Perhaps(Option<Review>);

impl FromArgMatches for Perhaps {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let bundle = matches.contains_id("bundle");
        bundle.then(|| Review::from_arg_matches(matches)).transpose().map(Self)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Args for Perhaps {
    fn augment_args(command: Command) -> Command {
        Review::augment_args(command)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Review::augment_args_for_update(command)
    }
}

/// What a reviewer does before there is a bundle.
#[derive(Debug, Subcommand)]
enum Before {
    Challenge(MakeChallenge),
}

impl Reviewing {
    pub(super) fn perform(&self, terminal: &mut Terminal) -> Result<Exit, CommandError> {
        match (&self.before, &self.review.0) {
            (Some(Before::Challenge(command)), _) => command.perform(terminal),
            (None, Some(review)) => review.perform(terminal),
            // The command line wants one of them.
            (None, None) => Err(CommandError::Bug("review".into())),
        }
    }
}

/// The review of a bundle.
#[derive(Debug, Args)]
struct Review {
    /// The bundle, which stays as it is.
    #[arg(value_name = "BUNDLE")]
    bundle: PathBuf,
    #[command(flatten)]
    keys: KeyFiles,
    /// Your own private key, which signs the review.
    #[arg(long, value_name = "KEY")]
    key: PathBuf,
    /// Your name, as it shall stand in the review.
    #[arg(long, value_name = "NAME")]
    reviewer: String,
    /// Decisions and waivers in YAML or JSON, in place of questions at the terminal.
    #[arg(long, value_name = "FILE")]
    decisions: Option<PathBuf>,
    /// Write the attachments of what waits into this new folder.
    #[arg(long, value_name = "DIR")]
    extract: Option<PathBuf>,
    /// Where the review goes; a file that is there is never written over.
    #[arg(long, value_name = "FILE", default_value = seal::REVIEW_FILE)]
    out: PathBuf,
}

/// What was decided.
#[derive(Debug, Default, PartialEq, Eq)]
struct Ruled {
    decisions: Vec<Decision>,
    waivers: Vec<Waiver>,
}

/// Who decides about which bundle, and since when.
struct Hand {
    found: CertifiedBundle,
    person: Reviewer,
    given: String,
}

impl Hand {
    /// A review of what was decided.
    fn review(&self, ruled: Ruled) -> seal::Review {
        let Ruled { decisions, waivers } = ruled;
        let (found, person) = (self.found.clone(), self.person.clone());
        seal::Review::new(found, person, self.given.clone(), decisions, waivers)
    }

    /// A waiver for the merchant and the suite of the bundle.
    fn waiver(&self, case: &str, expires: &str, reason: &str) -> Waiver {
        Waiver {
            case: case.to_owned(),
            client_id: self.found.client_id.clone(),
            partner: self.found.partner.clone(),
            suite_version: self.found.suite_version.clone(),
            reason: reason.to_owned(),
            by: self.person.name.clone(),
            expires: expires.to_owned(),
        }
    }
}

impl Review {
    fn perform(&self, terminal: &mut Terminal) -> Result<Exit, CommandError> {
        check_name(&self.reviewer)?;
        taken(Some(&self.out), &REVIEW_TAKEN_DO)?;
        housed(&self.out)?;
        taken(self.extract.as_deref(), &REVIEW_FOLDER_DO)?;
        let written = self.decisions.as_deref().map(Written::read).transpose()?;
        let suite = Arc::new(Suite::embedded().map_err(CommandError::Suite)?);
        let (keys, unusable) = self.keys.read();
        let checking = Checking { suite, keys };
        let (verified, judged) = checking.verify_whole(&self.bundle);
        whole(terminal, &verified);
        let exit = verified.came.exit();
        let (Came::Holds(holding), Some(judged)) = (&verified.came, &judged) else {
            return unusable.map_or(Ok(exit), Err);
        };
        let key = rsa(&self.key, PrivateKey::read)?;
        let person = reviewer(&holding.facts, &key, &self.reviewer)?;
        let (suite, sha256) = (&checking.suite, verified.sha256.as_str());
        let bundle = Reviewed { suite, holding, results: &judged.results, sha256 };
        let hand = Hand { found: holding.certified(sha256), person, given: now() };
        let waiting = Waiting::of(&judged.results);
        show::overview(terminal, &waiting);
        if let Some(folder) = &self.extract {
            extract::attachments(terminal, folder, &waiting, judged)?;
        }
        let ruled = match &written {
            Some(written) => Some(written.ruled(&waiting, &hand)?),
            None if waiting.is_empty() => {
                terminal.say(&REVIEW_NOTHING.plain());
                return Ok(exit);
            }
            None => ask(terminal, judged, &waiting, &hand, &bundle)?,
        };
        let Some(ruled) = ruled else {
            let says = terminal.text(&REVIEW_GONE.plain());
            terminal.note([Span::new(Tone::Bad, says)]);
            return Ok(Exit::Interrupted);
        };
        if ruled == Ruled::default() {
            terminal.say(&REVIEW_EMPTY.plain());
            return Ok(exit);
        }
        let done = signed(&hand.review(ruled), &bundle, &key, written.as_ref())?;
        self.write(terminal, done)
    }

    fn write(&self, terminal: &mut Terminal, done: Signed) -> Result<Exit, CommandError> {
        let text = String::from_utf8(done.envelope);
        let text = text.map_err(|why| CommandError::Bug(why.to_string().into()))?;
        let written = write_file(&self.out, &text, false, false);
        written.map_err(|source| CommandError::Write { path: self.out.clone(), source })?;
        heard(terminal, &done.heard, done.exit);
        terminal.say(&INIT_WROTE.with([self.out.display()]));
        let [bundle, file] = [&self.bundle, &self.out].map(|path| path.display().to_string());
        terminal.say(&REVIEW_VERIFY_WITH.with([bundle, file]));
        Ok(done.exit)
    }
}

/// A review that is signed, and how the program ends with it.
struct Signed {
    envelope: Vec<u8>,
    heard: Heard,
    exit: Exit,
}

/// Signs what was decided, after it was laid over the bundle as whoever verifies it will.
fn signed(
    review: &seal::Review,
    bundle: &Reviewed<'_>,
    key: &PrivateKey,
    written: Option<&Written>,
) -> Result<Signed, CommandError> {
    let refused = |why: &ReviewFault| refused(written, why);
    bundle.under(review, &review.reviewed_at).map_err(|why| refused(&why))?;
    let envelope = review.seal(key).map_err(unsealed)?;
    let heard = bundle.hear(&envelope, &key.public(), &review.reviewed_at);
    let heard = heard.map_err(|why| refused(&why))?;
    let exit = heard.exit(bundle.holding);
    Ok(Signed { envelope, heard, exit })
}

/// Asks whoever is at the terminal; `None` where they left. Where nobody is, what waits is shown all
/// the same, for who writes a file of decisions.
fn ask(
    terminal: &mut Terminal,
    judged: &Whole,
    waiting: &Waiting<'_>,
    hand: &Hand,
    bundle: &Reviewed<'_>,
) -> Result<Option<Ruled>, CommandError> {
    let screen = Screen { judged };
    if !terminal.is_answered() {
        for (case, run) in &waiting.runs {
            screen.run(terminal, case, run);
        }
        for case in &waiting.open {
            show::case(terminal, case);
        }
        let (says, advice) = (REVIEW_NOBODY.plain(), REVIEW_NOBODY_DO.plain());
        return Err(CommandError::Usage { says, advice });
    }
    let mut desk = Desk::new(terminal, io::stdin().lock());
    let Some(decisions) = desk.decide(terminal, &screen, waiting) else { return Ok(None) };
    // What the decisions leave open may be done without.
    let decided = hand.review(Ruled { decisions: decisions.clone(), waivers: vec![] });
    let left = bundle.under(&decided, &hand.given).map_err(|why| refused(None, &why))?;
    let Some(waived) = desk.waive(terminal, &left, &hand.given) else { return Ok(None) };
    let waivers = waived.iter().map(|it| hand.waiver(&it.case, &it.expires, &it.reason)).collect();
    Ok(Some(Ruled { decisions, waivers }))
}

/// Why what was decided is no review, with the place in the file that decided it.
fn refused(written: Option<&Written>, why: &ReviewFault) -> CommandError {
    match written {
        Some(written) => written.refused(why),
        None => CommandError::Usage { says: why.says(), advice: REVIEW_ENTRY_DO.plain() },
    }
}

/// Wants the folder of a file: better now than when everything is decided.
fn housed(path: &Path) -> Result<(), CommandError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    match folder.map(fs::metadata) {
        None => Ok(()),
        Some(Ok(folder)) if folder.is_dir() => Ok(()),
        Some(Ok(_)) => Err(io::ErrorKind::NotADirectory.into()),
        Some(Err(source)) => Err(source),
    }
    .map_err(|source| CommandError::Write { path: path.to_owned(), source })
}

/// Nothing is ever written over.
fn taken(path: Option<&Path>, advice: &'static Sentence) -> Result<(), CommandError> {
    match path.filter(|path| path.symlink_metadata().is_ok()) {
        None => Ok(()),
        Some(path) => {
            let (says, advice) = (INIT_EXISTS.with([path.display()]), advice.plain());
            Err(CommandError::Usage { says, advice })
        }
    }
}
