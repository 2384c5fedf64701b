//! The driver of a merchant that is a program: lines of JSON over its standard input and output.
//!
//! One process serves a whole run. A line `{"id": 7, "call": "charge", "body": {…}}` asks for
//! something, a line `{"id": 7, "status": 202}` answers it, in any order. What the process writes to
//! its standard error is for people: it is passed on line by line, and nobody reads it.

mod keeper;
mod lines;
mod process;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;

use clock::{Clock, Millis};
use futures::FutureExt;
use futures::future::BoxFuture;
use tokio::sync::{mpsc, oneshot};

use crate::adapter::{Answer, Channel, Counterpart, Fault, Wish};
use crate::http::LIMIT;
use keeper::Keeper;

/// How long a process may take to end by itself when nothing is asked any more.
const GRACE: Millis = 2_000;

/// How a process is started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Launch {
    /// The program, by its path or by a name that the system looks for.
    pub program: PathBuf,
    /// What it is given.
    pub arguments: Vec<String>,
    /// Where it runs; the runner's own folder where nothing is said.
    pub folder: Option<PathBuf>,
}

impl fmt::Display for Launch {
    /// The command line as people write it, without quotation marks.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.program.display())?;
        self.arguments.iter().try_for_each(|argument| write!(f, " {argument}"))
    }
}

/// Takes the lines that a process writes for people.
pub(crate) type Listener = Arc<dyn Fn(&str) + Send + Sync>;

/// What is asked of the process, and where the answer goes.
pub(crate) struct Ask {
    wish: Wish,
    answer: oneshot::Sender<Result<Answer, Fault>>,
}

/// The driver of a merchant that is a process.
///
/// The process is started with the first call. Should it end, all calls that wait fail, and the next
/// one starts it again, once: what it has forgotten by then fails the cases that need it. A line
/// that is no answer ends it for good. When the driver is dropped, the standard input of
/// the process is closed, and it is stopped if it does not end within two seconds.
pub struct Command {
    counterpart: Counterpart,
    asks: Option<mpsc::UnboundedSender<Ask>>,
    keeper: Option<JoinHandle<()>>,
    clock: Clock,
    limit: Millis,
}

impl Command {
    /// The driver of the merchant that `launch` starts; `listener` gets each line that it writes to
    /// its standard error. Nothing is started yet.
    ///
    /// # Errors
    /// When the system has no thread left.
    pub fn new(
        launch: Launch,
        listener: impl Fn(&str) + Send + Sync + 'static,
    ) -> std::io::Result<Self> {
        Self::with_grace(launch, listener, GRACE)
    }

    pub(crate) fn with_grace(
        launch: Launch,
        listener: impl Fn(&str) + Send + Sync + 'static,
        grace: Millis,
    ) -> std::io::Result<Self> {
        let counterpart = Counterpart::Command(launch.to_string());
        let (asks, asked) = mpsc::unbounded_channel();
        // Runtimes of scenarios come and go, and with them whatever waits on them: the process
        // outlives all of them on a thread of its own.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let keeper = Keeper::new(launch, Arc::new(listener), grace);
        let keeper = std::thread::Builder::new()
            .name("merchant-command".into())
            .spawn(move || runtime.block_on(keeper.keep(asked)))?;
        let (asks, keeper) = (Some(asks), Some(keeper));
        Ok(Self { counterpart, asks, keeper, clock: Clock::real(), limit: LIMIT })
    }

    /// Changes how long an answer may take, for tests that do not wait.
    #[cfg(test)]
    pub(crate) fn set_limit(&mut self, limit: Millis) {
        self.limit = limit;
    }
}

impl fmt::Debug for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Command").field("counterpart", &self.counterpart).finish_non_exhaustive()
    }
}

impl Drop for Command {
    fn drop(&mut self) {
        self.asks = None;
        if let Some(keeper) = self.keeper.take() {
            // A panic there has failed every call that came after it, so it is known.
            drop(keeper.join());
        }
    }
}

impl Channel for Command {
    fn counterpart(&self) -> &Counterpart {
        &self.counterpart
    }

    fn ask(&self, wish: Wish) -> BoxFuture<'_, Result<Answer, Fault>> {
        let (answer, came) = oneshot::channel();
        let asked = self.asks.as_ref().is_some_and(|asks| asks.send(Ask { wish, answer }).is_ok());
        async move {
            if !asked {
                return Err(Fault::Ended(String::new()));
            }
            match self.clock.call(self.limit, came).await {
                Some(Ok(answered)) => answered,
                // The keeper answers everything before it ends, unless it panicked.
                Some(Err(_)) => Err(Fault::Ended(String::new())),
                None => Err(Fault::Silent(self.limit)),
            }
        }
        .boxed()
    }
}
