//! The integrator's own system of a run: the way to it, and the witness in front of it.

use std::fs;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, ToSocketAddrs as _};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use evidence::Entry;
use evidence::words::{
    BUYER_AWAY_DO, BUYER_PAGE, MERCHANT_NOTIFY_NOWHERE, MERCHANT_NOTIFY_NOWHERE_DO, PROMPT_NOBODY,
    PROMPT_NOBODY_DO, PROMPT_RUNS, PROMPT_TRIAL, PROOF_BROKEN, PROOF_BROKEN_DO, PROOF_LACKS,
    PROOF_LACKS_DO, PROOF_NO_CALL, PROOF_NO_CALL_DO, PROOF_NO_ORDER, PROOF_NO_ORDER_DO,
    PROOF_NOT_CARRIED, PROOF_OTHER_CALL, PROOF_PLAIN_DO, PROOF_TLS_DO, Phrase, Place,
    RUN_FOREIGN_SKIPS, RUN_FOREIGN_TAKES, RUN_STRANGERS, RUN_STRAYS, RUN_WAITS,
    RUN_WITHOUT_NOTICES, Sentence,
};
use merchant::{Command, Http, Launch, Person};
use steps::{Adapter, Backstage, Buyers, Integrator, Lobby, Proof, Tested};
use tokio::runtime::Runtime;
use witness::Front;

use super::attach::Shelf;
use super::begin::Earlier;
use super::board::Board;
use super::doors::{self, Doors};
use super::folder::Folder;
use super::gateway::Reached;
use super::prompt::Prompt;
use super::strangers::strangers;
use crate::cli::output::{Aside, Span, Terminal, Tone, passer};
use crate::exit::CommandError;
use crate::profile::{Driver, Profile, WitnessTls};
use crate::seal::bundle::names;
use crate::seal::{join_strays, read_strays};
use crate::suite::{Planned, longest_first, minutes_together};

/// Who is tested, and what keeps the way there open while the run plays.
#[derive(Debug)]
pub(super) struct Ready {
    pub(super) tested: Tested,
    /// Where messages go that fit no scenario.
    lobby: Option<Lobby>,
    /// Where the connections of an integrator's system are served.
    runtime: Option<Runtime>,
    /// What the doors speak TLS with.
    tls: Option<WitnessTls>,
    /// What is attached as evidence.
    pub(super) shelf: Arc<Shelf>,
    /// Who pays, where the gateway simulates nobody.
    buyers: Option<Arc<Buyers>>,
    /// The page on which a buyer is shown what to do. It goes with the run.
    _page: Option<wire::Server>,
    /// Set when nothing new may begin.
    pub(super) stop: Arc<AtomicBool>,
}

impl Ready {
    /// Opens the doors of the witness where the merchant is the integrator's own. `folder` is that of
    /// the profile.
    pub(super) fn arrange(
        profile: &Profile,
        reached: &Reached,
        folder: Option<&Path>,
        terminal: &mut Terminal,
    ) -> Result<Self, CommandError> {
        if let Some(why) = &reached.without_notices {
            warn(terminal, &RUN_WITHOUT_NOTICES.holding([why.clone().into()]));
        }
        let merchant = &profile.merchant;
        let (shelf, stop) = (Arc::<Shelf>::default(), Arc::<AtomicBool>::default());
        let ours = merchant.driver == Driver::Reference;
        let runtime = if ours && !reached.is_foreign() { None } else { Some(runtime()?) };
        let Seat { person, board } = Seat::find((profile, reached), terminal, (&shelf, &stop))?;
        let page = match (&board, &runtime) {
            (Some(board), Some(runtime)) => Some(shown(board, runtime, terminal)?),
            (None, _) | (_, None) => None,
        };
        let buyers = person.clone().filter(|_| reached.is_foreign());
        let buyers = buyers
            .map(|person| Arc::new(Buyers::new(person, profile.gateway.payment_codes.clone())));
        if ours {
            let (tested, lobby, tls) = (Tested::Reference, None, None);
            return Ok(Self { tested, lobby, runtime, tls, shelf, buyers, _page: page, stop });
        }
        let (notices, notify_url) = notices_of(profile)?;
        let notify_url = reached.notify_url(profile, notify_url);
        let runtime = runtime.map_or_else(self::runtime, Ok)?;
        let adapter = adapter(&merchant.driver, folder, terminal, person)?;
        let (front, lobby) = runtime.block_on(front(profile, reached, &notices))?;
        let tls = profile.witness.tls.clone();
        terminal.say(&doors::stands(&front, tls.as_ref()));
        let own = Integrator::new(adapter, front, notices, notify_url);
        let tested = Tested::Integrator(Arc::new(own));
        let (lobby, runtime) = (Some(lobby), Some(runtime));
        Ok(Self { tested, lobby, runtime, tls, shelf, buyers, _page: page, stop })
    }

    /// What all scenarios of the run have in common.
    pub(super) fn backstage(&self, reached: &Reached, profile: &Profile, seed: u64) -> Backstage {
        let backstage = reached.backstage(profile, self.tested.clone(), seed);
        let rules = profile.gateway.rules.of_run();
        Backstage { buyers: self.buyers.clone(), rules, ..backstage }
    }

    /// Sells one thing before anything is played.
    pub(super) fn prove(
        &self,
        (reached, backstage): (&Reached, &Backstage),
        planned: &[Planned],
        terminal: &mut Terminal,
    ) -> Result<(), CommandError> {
        let (Tested::Integrator(own), Some(runtime)) = (&self.tested, &self.runtime) else {
            return Ok(());
        };
        let first = planned.iter().find_map(|run| Some((&run.key, run.product.parse().ok()?)));
        let Some((key, product)) = first else { return Ok(()) };
        if own.adapter.is_by_hand() || self.buyers.is_some() {
            terminal.say(&PROMPT_TRIAL.plain());
        }
        let proof = runtime.block_on(backstage.prove(own, key, product));
        let proof = proof.map_err(|why| reached.no_stage(own.front.calls(), why))?;
        let unusable = |says: Phrase, advice: &Sentence| {
            Err(CommandError::Unusable { says, advice: advice.plain() })
        };
        let silent = |says: Phrase, advice: &Sentence| {
            Err(CommandError::Gateway { says, advice: advice.plain() })
        };
        match proof {
            Proof::Carried => Ok(()),
            Proof::NotCarried => {
                warn(terminal, &PROOF_NOT_CARRIED.plain());
                Ok(())
            }
            Proof::NoCall(instead) => Err(self.no_call(own, instead)),
            Proof::NoOrder => unusable(PROOF_NO_ORDER.plain(), &PROOF_NO_ORDER_DO),
            Proof::Lacks(why) => unusable(PROOF_LACKS.holding([why]), &PROOF_LACKS_DO),
            Proof::Broken(why) => silent(PROOF_BROKEN.holding([why]), &PROOF_BROKEN_DO),
        }
    }

    /// Why no call came, as far as what came instead tells.
    fn no_call(&self, own: &Integrator, instead: Option<Place>) -> CommandError {
        let url = doors::url(own.front.calls(), self.tls.as_ref());
        // Who could not even be heard stands in the lobby.
        let instead = instead.or_else(|| self.lobby.as_ref().and_then(Lobby::instead));
        let advice = match (&self.tls, &instead) {
            (Some(tls), _) => PROOF_TLS_DO.with([&url, &tls.certificate.display().to_string()]),
            (None, Some(_)) => PROOF_PLAIN_DO.with([&url]),
            (None, None) => PROOF_NO_CALL_DO.plain(),
        };
        let says = match instead {
            Some(instead) => PROOF_OTHER_CALL.holding([url.into(), instead]),
            None => PROOF_NO_CALL.with([url]),
        };
        CommandError::Gateway { says, advice }
    }

    /// Takes over from an earlier sitting of the run what its trial sale showed.
    pub(super) fn is_as_before(&self, earlier: &Earlier) {
        if let Tested::Integrator(own) = &self.tested {
            own.carries_orders_as_before(!earlier.one_at_a_time());
        }
    }

    /// Says how long it will take: what a merchant waits for is waited for in real time.
    /// `open` is played, and some runs are skipped.
    pub(super) fn announce(
        &self,
        open: &[Planned],
        skipped: usize,
        jobs: usize,
        terminal: &mut Terminal,
    ) {
        let runs = open.len();
        if self.buyers.is_some() {
            let minutes = (runs * SECONDS_OF_A_RUN).div_ceil(60 * jobs.max(1));
            terminal.say(&RUN_FOREIGN_TAKES.with([runs, minutes]));
            if skipped > 0 {
                terminal.say(&RUN_FOREIGN_SKIPS.with([skipped]));
            }
            return;
        }
        match &self.tested {
            Tested::Reference => return,
            Tested::Integrator(own) if own.adapter.is_by_hand() => {
                return terminal.say(&PROMPT_RUNS.with([runs, jobs.min(runs)]));
            }
            Tested::Integrator(_) => {}
        }
        let (at_once, minutes) = (jobs.min(runs), minutes_together(open, jobs));
        terminal.say(&RUN_WAITS.with([runs.to_string(), at_once.to_string(), minutes.to_string()]));
    }

    /// The order in which runs begin. Where a merchant's own time is waited for, many wait at once, and
    /// who waits longest begins first; people get them in the order of the catalogue.
    pub(super) fn in_order(&self, mut open: Vec<Planned>) -> Vec<Planned> {
        let by_itself = match &self.tested {
            Tested::Reference => false,
            Tested::Integrator(own) => !own.adapter.is_by_hand() && self.buyers.is_none(),
        };
        if by_itself {
            longest_first(&mut open);
        }
        open
    }

    /// Whether scenarios play one after the other, since calls do not tell which order they are
    /// about.
    pub(super) fn one_at_a_time(&self) -> bool {
        match &self.tested {
            Tested::Reference => false,
            Tested::Integrator(own) => !own.carries_orders(),
        }
    }

    /// The messages that fitted no scenario, with those from before the run was interrupted.
    pub(super) fn strays(&self, folder: &Folder) -> Result<Vec<Entry>, CommandError> {
        let Some(lobby) = &self.lobby else { return Ok(vec![]) };
        let path = folder.path.join(names::STRAYS);
        let before = match fs::read(&path) {
            Ok(bytes) => read_strays(&bytes).unwrap_or_default(),
            Err(why) if why.kind() == io::ErrorKind::NotFound => vec![],
            Err(source) => return Err(CommandError::Read { path, source }),
        };
        Ok(join_strays(before, lobby.take().entries))
    }

    /// Leaves what the lobby has of a gateway elsewhere.
    pub(super) fn leave(&self) {
        if let (Some(runtime), Some(lobby)) = (&self.runtime, &self.lobby) {
            runtime.block_on(lobby.leave());
        }
    }

    /// Says how many messages fitted no scenario, and whether another merchant than the one that is
    /// `tested` sent some of them.
    pub(super) fn tell_of_strays(
        &self,
        (folder, kept): (&Folder, &[Entry]),
        tested: &str,
        terminal: &mut Terminal,
    ) {
        let Tested::Integrator(own) = &self.tested else { return };
        let (strays, place) = (own.front.strays(), folder.path.join(names::STRAYS));
        if strays > 0 {
            warn(terminal, &RUN_STRAYS.with([strays.to_string(), place.display().to_string()]));
        }
        let strangers = strangers(kept, tested).join(", ");
        if !strangers.is_empty() {
            warn(terminal, &RUN_STRANGERS.with([strangers.as_str(), tested]));
        }
    }
}

/// How long a scenario takes in which a person pays, as far as anybody can know: what it waits for at
/// its end, and the buyer's way to the phone.
const SECONDS_OF_A_RUN: usize = 75;

/// Who is asked in a run, if anybody is, and where that is shown besides.
struct Seat {
    person: Option<Arc<dyn Person>>,
    board: Option<Board>,
}

impl Seat {
    /// Finds the person at this terminal, where one operates the till or holds the wallets.
    fn find(
        (profile, reached): (&Profile, &Reached),
        terminal: &Terminal,
        (shelf, stop): (&Arc<Shelf>, &Arc<AtomicBool>),
    ) -> Result<Self, CommandError> {
        let by_hand = profile.merchant.driver == Driver::Manual;
        if !by_hand && !reached.is_foreign() {
            return Ok(Self { person: None, board: None });
        }
        if !terminal.is_answered() {
            let advice = if reached.is_foreign() { &BUYER_AWAY_DO } else { &PROMPT_NOBODY_DO };
            let (says, advice) = (PROMPT_NOBODY.plain(), advice.plain());
            return Err(CommandError::Unusable { says, advice });
        }
        let board = Board::default();
        let (screen, shelf, stop) = (Aside::of(terminal), shelf.clone(), stop.clone());
        let person = Arc::new(Prompt::new(screen, shelf, stop, board.clone()));
        Ok(Self { person: Some(person), board: Some(board).filter(|_| reached.is_foreign()) })
    }
}

/// Serves the board, and says where.
fn shown(
    board: &Board,
    runtime: &Runtime,
    terminal: &mut Terminal,
) -> Result<wire::Server, CommandError> {
    let server = runtime.block_on(board.serve(terminal.language()));
    let server = server.map_err(|why| CommandError::Bug(Place::value(why)))?;
    terminal.say(&BUYER_PAGE.with([format!("http://{}/", server.address())]));
    Ok(server)
}

/// Where the witness's doors are served, and the page.
fn runtime() -> Result<Runtime, CommandError> {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.map_err(|why| CommandError::Bug(Place::value(why)))
}

fn warn(terminal: &mut Terminal, says: &Phrase) {
    let text = terminal.text(says);
    terminal.note([Span::new(Tone::Warning, text)]);
}

/// The way to the system. A program runs in `folder`, that of the profile.
fn adapter(
    driver: &Driver,
    folder: Option<&Path>,
    terminal: &Terminal,
    person: Option<Arc<dyn Person>>,
) -> Result<Adapter, CommandError> {
    Ok(match (driver, person) {
        (Driver::Http { url }, _) => Adapter::Http(
            Http::new(url)
                .map_err(|why| CommandError::Unusable { says: why.says(), advice: why.advice() })?,
        ),
        (Driver::Command { line }, _) => {
            let mut words = line.iter();
            let program = words.next().cloned().unwrap_or_default().into();
            let launch = Launch {
                program,
                arguments: words.cloned().collect(),
                folder: folder.map(Path::to_path_buf),
            };
            let driver = Command::new(launch, passer(terminal.is_github()));
            let driver = driver.map_err(|why| CommandError::Bug(why.to_string().into()))?;
            Adapter::Shared { name: Driver::COMMAND, driver: Arc::new(driver) }
        }
        (Driver::Manual, Some(person)) => Adapter::Person(person),
        (Driver::Manual, None) | (Driver::Reference, _) => {
            return Err(CommandError::Bug(driver.name().into()));
        }
    })
}

/// The doors of the witness, and the lobby behind them.
async fn front(
    profile: &Profile,
    reached: &Reached,
    merchant: &(SocketAddr, String),
) -> Result<(Arc<Front>, Lobby), CommandError> {
    let doors = Doors::bind(&profile.witness).await?;
    let contract = reached.contracts(profile).into_iter().next();
    let contract = contract.ok_or_else(|| CommandError::Bug("no contract".into()))?;
    let notices = Some(doors.notices_within).filter(|_| reached.without_notices.is_none());
    let lobby = Lobby::open(&contract, &reached.gateway, notices, merchant);
    let failed = |why: io::Error| doors::taken(profile.witness.listen, &why);
    let (setup, lobby) =
        lobby.await.map_err(|why| reached.no_stage(profile.witness.listen, why))?;
    Ok((doors.open(setup).map_err(failed)?, lobby))
}

/// Where nobody listens, for a merchant that takes no notices.
const NOBODY: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 1);

/// Where the merchant takes notices: the address, what `Host` is there, and the URL that it gives,
/// which is empty for one that takes none.
fn notices_of(profile: &Profile) -> Result<((SocketAddr, String), String), CommandError> {
    let Some(url) = profile.merchant.notify_url.clone() else {
        return Ok(((NOBODY, NOBODY.to_string()), String::new()));
    };
    let nowhere = || CommandError::Unusable {
        says: MERCHANT_NOTIFY_NOWHERE.with([&url]),
        advice: MERCHANT_NOTIFY_NOWHERE_DO.plain(),
    };
    let rest = url.strip_prefix("http://").ok_or_else(nowhere)?;
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default().to_owned();
    let has_port = host.rsplit(':').next().is_some_and(|port| port.parse::<u16>().is_ok());
    let named = if has_port { host.clone() } else { format!("{host}:80") };
    let found = named.to_socket_addrs().ok().and_then(|mut found| found.next());
    Ok(((found.ok_or_else(nowhere)?, host), url))
}
