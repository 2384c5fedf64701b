//! The witness of one scenario: its faults, its own calls, and how it asks the other side.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use clock::{Clock, Millis};
use evidence::words::Place as Told;
use evidence::{Blob, CaseRecord, Event, Recorder, Way};
use parking_lot::Mutex;
use tokio::net::TcpStream;
use tokio::sync::watch;

use crate::exchange::{Exchange, Fate};
use crate::fault::{Fault, Planted};
use crate::front::{Front, prepare};
use crate::parties::{Setup, Side};
use crate::raw::{Raw, Wire};
use crate::read_fault::ReadFault;
use crate::route::Place;
use crate::stream::Stream;

/// How long the other side may take for one answer before the witness gives up, in milliseconds.
const PATIENCE: Millis = 60_000;
/// For how long a connection may rest and still be used, in milliseconds. Servers in wide use close one
/// that rests for two to five seconds, which are also the paces at which a merchant asks: a call
/// that went into a connection just being closed would be the gateway's fault in the record.
const RESTS_FOR: Millis = 1_000;

/// The witness of one scenario. Dropping it takes the scenario off its front.
#[derive(Debug)]
pub struct Witness {
    front: Arc<Front>,
    scenario: Arc<Scenario>,
    /// The connection to the gateway for the runner's own calls.
    own: Mutex<Far>,
}

/// What a witness and the connections of its front share.
#[derive(Debug)]
pub(crate) struct Scenario {
    pub(crate) place: Place,
    pub(crate) setup: Setup,
    planted: Mutex<Planted>,
    exchanges: AtomicU32,
    gone: watch::Sender<bool>,
}

/// A connection to a receiver that is kept for the next call of the same scenario, soon.
pub(crate) type Far = Option<Kept>;

/// A connection that rests.
#[derive(Debug)]
pub(crate) struct Kept {
    place: Place,
    wire: Wire<Stream>,
    since: Millis,
}

impl Drop for Witness {
    fn drop(&mut self) {
        self.front.hall().leave(self.scenario.place);
        self.scenario.gone.send_replace(true);
    }
}

impl Witness {
    pub(crate) fn new(front: Arc<Front>, scenario: Arc<Scenario>) -> Self {
        Self { front, scenario, own: Mutex::default() }
    }

    /// Claims the messages that carry this text too: a payment code or an address that was handed
    /// out. A message carries an address where it is sent to its path and query, or has its token.
    pub fn claim(&self, text: &str) {
        self.front.hall().claim(self.scenario.place, text);
    }

    /// Adds a fault. Several may meet one exchange; they act in the order of planting.
    pub fn plant(&self, fault: Fault) {
        self.scenario.planted.lock().plant(fault);
    }

    /// Takes all faults away.
    pub fn heal(&self) {
        self.scenario.planted.lock().clear();
    }

    /// A number for an exchange that the runner is about to begin itself, so that it can be named
    /// before it is seen.
    pub fn number(&self) -> u32 {
        self.scenario.number()
    }

    /// Goes on with a scenario whose exchanges have these numbers up to `last`.
    pub fn goes_on_after(&self, last: u32) {
        self.scenario.exchanges.fetch_max(last, Ordering::SeqCst);
    }

    /// Learns from a call of the scenario that passed earlier by which ids it is found.
    pub fn learn_call(&self, call: &Blob) {
        self.front.hall().learn_call(self.scenario.place, call);
    }

    /// Learns the same from an answer that passed earlier.
    pub fn learn_answer(&self, answer: &Blob) {
        self.front.hall().learn_answer(self.scenario.place, answer);
    }

    /// Sends a call of the runner's own to the gateway. No fault meets it. Must run inside a task
    /// of the scenario's clock.
    pub async fn own_call(&self, number: u32, call: Blob) -> Result<Blob, ReadFault> {
        let mut exchange = Exchange::new(&self.scenario.setup, number, Way::Call, vec![]);
        exchange.own = true;
        self.front.hall().learn_call(self.scenario.place, &call);
        let Fate::Forward(forwarded) = exchange.pass_call(&call).await else {
            return Err(ReadFault::CutOff);
        };
        let mut open = self.own.lock().take();
        let answer = self.scenario.ask(&exchange, &mut open, &forwarded).await;
        *self.own.lock() = open;
        match answer {
            Ok(Raw { blob: answer, .. }) => {
                self.front.hall().learn_answer(self.scenario.place, &answer);
                exchange.end(answer.clone());
                Ok(answer)
            }
            Err(why) => {
                exchange.unanswered(&why);
                Err(why)
            }
        }
    }

    /// Asks the gateway something outside the record, to learn whether anything happens at all; answers
    /// what a record would tell of it. Must run inside a task of the scenario's clock.
    pub async fn ask_aside(&self, call: &Blob) -> CaseRecord {
        let setup = &self.scenario.setup;
        let aside = Recorder::detached(setup.recorder.key().clone(), 0);
        let setup = Setup { recorder: aside.clone(), ..setup.clone() };
        let mut exchange = Exchange::new(&setup, 1, Way::Call, vec![]);
        exchange.own = true;
        if let Fate::Forward(forwarded) = exchange.pass_call(call).await {
            match self.scenario.ask(&exchange, &mut None, &forwarded).await {
                Ok(Raw { blob: answer, .. }) => exchange.end(answer),
                Err(why) => exchange.unanswered(&why),
            }
        }
        aside.take()
    }

    /// Hands a message to its receiver that nobody sent just now: a forged notice, a copy of a
    /// genuine one, a retransmitted call. The record shows it as received under `name`. Must run
    /// inside a task of the scenario's clock.
    pub async fn send(
        &self,
        number: u32,
        way: Way,
        message: Blob,
        name: &'static str,
    ) -> Result<Blob, ReadFault> {
        self.front.hall().learn_call(self.scenario.place, &message);
        let mut exchange = Exchange::new(&self.scenario.setup, number, way, vec![]);
        let sent = exchange.send_on(message, name);
        let answer = self.scenario.ask(&exchange, &mut None, &sent).await?.blob;
        exchange.end(answer.clone());
        Ok(answer)
    }
}

impl Scenario {
    pub(crate) fn new(place: Place, setup: Setup) -> Self {
        let (gone, _) = watch::channel(false);
        Self { place, setup, planted: Mutex::default(), exchanges: AtomicU32::new(0), gone }
    }

    fn number(&self) -> u32 {
        self.exchanges.fetch_add(1, Ordering::SeqCst) + 1
    }

    /// Begins an exchange by a message that came in, with the faults that meet it.
    pub(crate) fn exchange(&self, way: Way, call: &Blob) -> Exchange<'_> {
        let faults = self.planted.lock().meet(way, call);
        Exchange::new(&self.setup, self.number(), way, faults)
    }

    /// Waits until the scenario has left its front.
    pub(crate) async fn left(&self) {
        // The sender lives as long as this.
        drop(self.gone.subscribe().wait_for(|gone| *gone).await);
    }

    /// One call to the receiver, over the connection that is open already or a new one.
    pub(crate) async fn ask(
        &self,
        exchange: &Exchange<'_>,
        open: &mut Far,
        call: &Blob,
    ) -> Result<Raw, ReadFault> {
        let mut kept = open.take().filter(|kept| self.may_use(kept));
        let asking = async move {
            let rests = match &mut kept {
                Some(kept) => kept.wire.rests().await,
                None => false,
            };
            // Nothing is ever written twice: who got it the first time may have worked on it.
            let mut wire = match kept.filter(|_| rests) {
                Some(kept) => kept.wire,
                None => self.reach(exchange.receiver()).await?,
            };
            wire.write(call).await?;
            let raw = wire.read_answer_to(call).await?;
            Ok((wire, raw))
        };
        let (wire, raw) = within(&self.setup.clock, PATIENCE, asking).await?;
        let (place, since) = (self.place, self.setup.clock.now());
        *open = (!raw.last).then_some(Kept { place, wire, since });
        Ok(raw)
    }

    /// Whether a connection that rests is this scenario's, and has not rested for too long. On a simulated
    /// clock only our own rooms are called, which close none.
    fn may_use(&self, kept: &Kept) -> bool {
        let clock = &self.setup.clock;
        let fresh = clock.is_simulated() || clock.now() - kept.since <= RESTS_FOR;
        kept.place == self.place && fresh
    }

    /// A new connection to a side.
    async fn reach(&self, side: &Side) -> Result<Wire<Stream>, ReadFault> {
        let stream = TcpStream::connect(side.address).await?;
        prepare(&stream, &self.setup.clock);
        Ok(Wire::new(match &side.tls {
            None => Stream::Plain(stream),
            Some(tls) => tls.connect(stream, side.host.as_deref(), side.address).await?,
        }))
    }

    /// Records that a caller sent what is no message. A connection that merely broke said nothing.
    pub(crate) fn unreadable(&self, way: Way, why: &ReadFault) {
        let what = match why {
            ReadFault::Malformed(_)
            | ReadFault::TooLong(_)
            | ReadFault::PlainHere
            | ReadFault::TlsHere
            | ReadFault::Refused(_)
            | ReadFault::Untrusted(_)
            | ReadFault::Handshake(_) => "unreadable",
            ReadFault::CutOff => "cut-off",
            // Who opens a connection ahead of need may do so too, so nobody is judged by it.
            ReadFault::Unspoken => "said-nothing",
            ReadFault::Broken(_) => return,
        };
        let facts = serde_json::json!({
            "way": way, "why": why.to_string(), "says": Told::from(why.says()),
        });
        let facts = facts.as_object().cloned().unwrap_or_default();
        let event = Event::Did { what: what.into(), facts };
        self.setup.recorder.append(self.setup.clock.now(), event);
    }
}

/// The end of `work`, or a cut-off where it takes longer. On a simulated clock everything ends or
/// waits on the clock.
pub(crate) async fn within<T>(
    clock: &Clock,
    limit: Millis,
    work: impl Future<Output = Result<T, ReadFault>>,
) -> Result<T, ReadFault> {
    if clock.is_simulated() {
        return work.await;
    }
    tokio::select! {
        done = work => done,
        () = clock.sleep(limit) => Err(ReadFault::CutOff),
    }
}

#[cfg(test)]
#[path = "tests/relay.rs"]
mod tests;
