//! A run that answers a reviewer's challenge: with an order of the runner's own before anything is
//! played, and one when everything was.

use std::path::Path;
use std::{fs, io};

use evidence::Entry;
use evidence::words::{
    CHALLENGE_CLOSE_DO, CHALLENGE_CLOSED, CHALLENGE_LATE_DO, CHALLENGE_LOST, CHALLENGE_LOST_DO,
    CHALLENGE_OPEN_DO, CHALLENGE_OPENED, CHALLENGE_SILENT, CHALLENGE_UNANSWERED, GATEWAY_SLOW,
    Phrase, Place, Sentence,
};
use protocol::{Amount, Currency};
use steps::{OwnOrder, Product, StageError, Tested};

use super::folder::Folder;
use super::gateway::{ASKED_FOR, Reached, no_tenant, within};
use crate::cli::challenge_file;
use crate::cli::output::Terminal;
use crate::exit::CommandError;
use crate::profile::Profile;
use crate::seal::bundle::names;
use crate::seal::{
    Asked, Challenge, OwnOrderTimes, Role, StatementFacts, both, in_time, own_order, read_strays,
    write_strays,
};
use crate::suite::Suite;

/// A challenge, where there is one, and the orders that answer it so far.
pub(super) struct Answering<'a> {
    pub(super) challenge: Option<&'a Challenge>,
    /// Its file, as it was given.
    pub(super) file: Option<&'a Path>,
    pub(super) folder: &'a Folder,
    pub(super) profile: &'a Profile,
    pub(super) reached: &'a Reached,
    opening: Vec<Entry>,
}

/// Reads the challenge in a file, which has to be for this suite and merchant and not to have expired.
pub(super) fn read(
    path: Option<&Path>,
    profile: &Profile,
    suite: &Suite,
) -> Result<Option<Challenge>, CommandError> {
    let Some(path) = path else { return Ok(None) };
    let challenge = challenge_file::read(path)?;
    let account = &profile.gateway;
    let merchant = [&account.client_id, &account.partner];
    let merchant = merchant.map(|id| id.as_deref().unwrap_or_default());
    let fits = challenge.is_for(suite.version(), merchant);
    let fits = fits.and_then(|()| challenge.is_open(clock::Clock::real().now()));
    fits.map_err(|why| challenge_file::unusable(path, why))?;
    Ok(Some(challenge))
}

impl<'a> Answering<'a> {
    /// Begins to answer: nothing is asked yet.
    pub(super) fn new(
        (challenge, file): (Option<&'a Challenge>, Option<&'a Path>),
        folder: &'a Folder,
        (profile, reached): (&'a Profile, &'a Reached),
    ) -> Self {
        Self { challenge, file, folder, profile, reached, opening: vec![] }
    }

    /// Opens the run, unless an earlier sitting of it did. `begun` tells whether one was there.
    pub(super) fn open(
        &mut self,
        facts: &StatementFacts,
        begun: bool,
        terminal: &mut Terminal,
    ) -> Result<(), CommandError> {
        let Some(challenge) = self.challenge else { return Ok(()) };
        if let Some(opening) = self.opened_before(facts, begun)? {
            self.opening = opening;
            return Ok(());
        }
        let advice = || CHALLENGE_OPEN_DO.plain();
        let (entries, times) = self.order(Role::Opening, facts, &advice)?;
        // Better now than when everything is played.
        in_time(challenge, times).map_err(|why| unanswered(why, advice()))?;
        self.folder.write(names::CHALLENGE, write_strays(&entries).as_slice())?;
        self.opening = entries;
        said(terminal, &CHALLENGE_OPENED, challenge, times.best()[0]);
        Ok(())
    }

    /// What opened the run in an earlier sitting. Nothing makes up for it once that has begun.
    fn opened_before(
        &self,
        facts: &StatementFacts,
        begun: bool,
    ) -> Result<Option<Vec<Entry>>, CommandError> {
        let path = self.folder.path.join(names::CHALLENGE);
        let lost = || CommandError::Usage {
            says: CHALLENGE_LOST.with([path.display()]),
            advice: CHALLENGE_LOST_DO.plain(),
        };
        match fs::read(&path) {
            Ok(bytes) => {
                let entries = read_strays(&bytes)
                    .filter(|entries| own_order(entries, Role::Opening, &Asked::of(facts)).is_ok());
                entries.ok_or_else(lost).map(Some)
            }
            Err(why) if why.kind() != io::ErrorKind::NotFound => {
                Err(CommandError::Read { path, source: why })
            }
            Err(_) if begun => Err(lost()),
            Err(_) => Ok(None),
        }
    }

    /// Closes the run, and answers the messages of both orders; none, where there is no challenge.
    pub(super) fn close(
        self,
        facts: &StatementFacts,
        terminal: &mut Terminal,
    ) -> Result<Vec<Entry>, CommandError> {
        let Some(challenge) = self.challenge else { return Ok(vec![]) };
        let folder = self.folder.path.display().to_string();
        let file = self.file.map(|file| file.display().to_string()).unwrap_or_default();
        let advice = || CHALLENGE_CLOSE_DO.with([&folder, &file]);
        let (entries, times) = self.order(Role::Closing, facts, &advice)?;
        challenge.is_open(times.best()[1]).map_err(|says| {
            let advice = CHALLENGE_LATE_DO.with([&folder]);
            CommandError::Unusable { says: CHALLENGE_UNANSWERED.holding([says.into()]), advice }
        })?;
        said(terminal, &CHALLENGE_CLOSED, challenge, times.best()[1]);
        Ok(both(self.opening, entries))
    }

    /// Makes one of the two orders, as whoever verifies it will want it.
    fn order(
        &self,
        role: Role,
        facts: &StatementFacts,
        advice: &dyn Fn() -> Phrase,
    ) -> Result<(Vec<Entry>, OwnOrderTimes), CommandError> {
        let Self { profile, reached, .. } = self;
        let asked = Asked::of(facts);
        let number = role.number(asked.nonce, asked.run, clock::Clock::real().now());
        let products: Vec<Product> =
            profile.products.iter().filter_map(|product| product.parse().ok()).collect();
        let product = Product::of_own_orders(&products);
        // Whoever opens a second time must not open the same books.
        let backstage = reached.backstage(profile, Tested::Reference, 0);
        let made = within(ASKED_FOR, backstage.own_order(product, &number, price(profile)))?;
        let slow = || Ok(OwnOrder::Silent(GATEWAY_SLOW.with([ASKED_FOR.as_secs()]).into()));
        let entries = match made.unwrap_or_else(slow) {
            Ok(OwnOrder::Answered(entries)) => entries,
            Ok(OwnOrder::Silent(why)) => {
                let says = CHALLENGE_SILENT.holding([Place::value(role.name()), why]);
                return Err(CommandError::Gateway { says, advice: advice() });
            }
            Err(StageError::Gateway(why)) => return Err(no_tenant(&reached.url, &why)),
            Err(StageError::System(why)) => return Err(CommandError::Bug(Place::value(why))),
        };
        let times = own_order(&entries, role, &asked);
        let times = times.map_err(|why| unanswered(why, advice()))?;
        Ok((entries, times))
    }
}

/// What nobody pays, in the currency of the profile.
fn price(profile: &Profile) -> Amount {
    const MINOR: i64 = 100;
    Amount::new(profile.conditions.currency.unwrap_or(Currency::USD), MINOR)
}

fn unanswered(why: Phrase, advice: Phrase) -> CommandError {
    CommandError::Gateway { says: CHALLENGE_UNANSWERED.holding([why.into()]), advice }
}

fn said(terminal: &mut Terminal, says: &Sentence, challenge: &Challenge, at: i64) {
    terminal.say(&says.with([challenge.nonce.as_str(), &protocol::iso8601(at)]));
}
