//! The two doors of a run, and which scenario's witness each message goes to.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use clock::{Clock, Millis};
use evidence::{Blob, Way};
use parking_lot::Mutex;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

use crate::door::{Addresses, Door, Greeting, greet, turn_away};
use crate::exchange::{Fate, Return};
use crate::parties::Setup;
use crate::raw::{Raw, Wire};
use crate::read_fault::ReadFault;
use crate::relay::{Far, Scenario, Witness, within};
use crate::route::{Claim, Place, Routes};
use crate::stream::Stream;
use crate::text::{Text, texts_of_answer, texts_of_call, texts_of_claim};
use crate::tls::TlsServer;

/// The place of the lobby: scenarios are numbered from 1.
const LOBBY: Place = 0;
/// How long somebody may take to shake hands, in milliseconds.
const HANDSHAKE_PATIENCE: Millis = 10_000;
/// How long a caller may keep a connection that has ended, in milliseconds.
const PARTING_PATIENCE: Millis = 10_000;

/// The two doors that merchant and gateway come in by. One front serves every scenario that is
/// admitted to it; each message goes to the [`Witness`] of the scenario whose it is. Dropping it
/// closes its listeners and connections; a witness keeps its front.
#[derive(Debug)]
pub struct Front {
    hall: Arc<Hall>,
    calls: Addresses,
    notices: Addresses,
    tasks: Vec<JoinHandle<()>>,
}

impl Drop for Front {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

impl Front {
    /// Takes calls at one door and notices at the other, on the runtime that this is called on.
    /// What fits no scenario goes the way of the lobby and stands in its record; without a lobby
    /// its connection is closed.
    ///
    /// # Errors
    /// When a listener has no address.
    pub fn open(
        calls: Door,
        notices: Door,
        clock: Clock,
        lobby: Option<Setup>,
    ) -> std::io::Result<Arc<Self>> {
        let addresses = (calls.addresses()?, notices.addresses()?);
        let lobby = lobby.map(|setup| Arc::new(Scenario::new(LOBBY, setup)));
        let hall =
            Arc::new(Hall { clock, lobby, strays: AtomicU32::new(0), guests: Mutex::default() });
        let doors = [(calls, Way::Call), (notices, Way::Notice)].into_iter();
        let listeners =
            doors.flat_map(|(door, way)| door.listeners().into_iter().map(move |it| (it, way)));
        let tasks = listeners
            .map(|((listener, tls), way)| tokio::spawn(accept(hall.clone(), listener, tls, way)));
        let tasks = tasks.collect();
        let (calls, notices) = addresses;
        Ok(Arc::new(Self { hall, calls, notices, tasks }))
    }

    /// Where merchants send their calls.
    pub fn calls(&self) -> SocketAddr {
        self.calls.outside
    }

    /// Where gateways send their notices.
    pub fn notices(&self) -> SocketAddr {
        self.notices.outside
    }

    /// Where the calls of who is ours come in, in plain HTTP unless the door is TLS alone.
    pub fn calls_within(&self) -> SocketAddr {
        self.calls.within
    }

    /// Where the notices of who is ours come in, in plain HTTP unless the door is TLS alone.
    pub fn notices_within(&self) -> SocketAddr {
        self.notices.within
    }

    /// A scenario comes in. It leaves when its witness is dropped: what is under way then is cut
    /// off, and what still comes for it is a stray.
    pub fn admit(self: &Arc<Self>, setup: Setup, claim: Claim) -> Witness {
        let scenario = self.hall.admit(setup, claim);
        Witness::new(self.clone(), scenario)
    }

    /// How many messages fitted no scenario since the front was opened.
    pub fn strays(&self) -> u32 {
        self.hall.strays.load(Ordering::SeqCst)
    }

    /// Where scenarios are found, for their witnesses.
    pub(crate) fn hall(&self) -> &Hall {
        &self.hall
    }
}

/// What the connections of a front share.
#[derive(Debug)]
pub(crate) struct Hall {
    clock: Clock,
    lobby: Option<Arc<Scenario>>,
    strays: AtomicU32,
    guests: Mutex<Guests>,
}

/// The scenarios that are in.
#[derive(Debug, Default)]
struct Guests {
    routes: Routes,
    scenarios: BTreeMap<Place, Arc<Scenario>>,
}

impl Hall {
    fn admit(&self, setup: Setup, claim: Claim) -> Arc<Scenario> {
        let mut guests = self.guests.lock();
        let place = guests.routes.enter(claim);
        let scenario = Arc::new(Scenario::new(place, setup));
        guests.scenarios.insert(place, scenario.clone());
        scenario
    }

    pub(crate) fn leave(&self, place: Place) {
        let mut guests = self.guests.lock();
        guests.routes.leave(place);
        guests.scenarios.remove(&place);
    }

    pub(crate) fn claim(&self, place: Place, text: &str) {
        let mut guests = self.guests.lock();
        for text in texts_of_claim(text) {
            guests.routes.hold(place, &text, true);
        }
    }

    /// Learns from a call or a notice of a scenario that came by no door.
    pub(crate) fn learn_call(&self, place: Place, call: &Blob) {
        self.learn(place, || texts_of_call(call));
    }

    /// Learns from an answer to a scenario.
    pub(crate) fn learn_answer(&self, place: Place, answer: &Blob) {
        self.learn(place, || texts_of_answer(answer));
    }

    fn learn(&self, place: Place, texts: impl FnOnce() -> Vec<Text>) {
        if place == LOBBY || self.guests.lock().routes.owner_of_all().is_some() {
            return;
        }
        // Reading takes its time, and others want to be found meanwhile.
        let texts = texts();
        self.guests.lock().teach(place, &texts);
    }

    /// Whose a message is: the lobby's, if no scenario's. A scenario that is alone gets it unread.
    fn scenario_of(&self, call: &Blob) -> Option<Arc<Scenario>> {
        if let Some(alone) = self.guests.lock().alone() {
            return Some(alone);
        }
        let texts = texts_of_call(call);
        let mut guests = self.guests.lock();
        let Some(place) = guests.routes.find(&texts) else {
            self.strays.fetch_add(1, Ordering::SeqCst);
            return self.lobby.clone();
        };
        guests.teach(place, &texts);
        guests.scenarios.get(&place).cloned()
    }

    /// Lets somebody in, and says no to who does not speak as the door does.
    async fn arrive(&self, stream: TcpStream, tls: Option<TlsServer>, way: Way) {
        prepare(&stream, &self.clock);
        let Some(tls) = tls else { return self.serve(Stream::Plain(stream), way).await };
        match within(&self.clock, HANDSHAKE_PATIENCE, greet(stream, &tls)).await {
            Ok(Greeting::Welcome(stream)) => self.serve(stream, way).await,
            Ok(Greeting::Misled(stream)) => {
                self.unreadable(way, &ReadFault::PlainHere);
                // Who does not wait for the answer misses it.
                drop(within(&self.clock, HANDSHAKE_PATIENCE, turn_away(stream)).await);
            }
            Ok(Greeting::Left) => {}
            Err(why) => self.unreadable(way, &why),
        }
    }

    async fn serve(&self, stream: Stream, way: Way) {
        // Under TLS 1.3 some finish the handshake before they look at the certificate.
        let mut doubtful = stream.is_tls();
        let mut near = Wire::new(stream);
        let mut far = Far::default();
        loop {
            let raw = match near.read_request().await {
                Ok(Some(raw)) => raw,
                Ok(None) | Err(ReadFault::Broken(_)) if doubtful => {
                    self.unreadable(way, &ReadFault::Unspoken);
                    return near.end().await;
                }
                Ok(None) => return near.end().await,
                Err(why) => return self.unreadable(way, &why),
            };
            doubtful = false;
            let Some(scenario) = self.scenario_of(&raw.blob) else { return };
            let outcome = tokio::select! {
                biased;
                outcome = self.pass(&scenario, way, &raw, &mut near, &mut far) => outcome,
                () = scenario.left() => Outcome::Gone,
            };
            match outcome {
                Outcome::Answered { last } if last || raw.last => return self.part(near).await,
                Outcome::Answered { .. } => {}
                Outcome::Reset => return near.reset(),
                Outcome::Gone => return,
            }
        }
    }

    /// Ends a connection after its last answer, which is read before the caller learns of the end.
    async fn part(&self, mut near: Wire<Stream>) {
        near.say_no_more().await;
        let parting = async {
            near.ended().await;
            Ok(())
        };
        // Who stays longer is left.
        drop(within(&self.clock, PARTING_PATIENCE, parting).await);
    }

    /// Passes one message on and its answer back.
    async fn pass(
        &self,
        scenario: &Scenario,
        way: Way,
        raw: &Raw,
        near: &mut Wire<Stream>,
        far: &mut Far,
    ) -> Outcome {
        let mut exchange = scenario.exchange(way, &raw.blob);
        let Fate::Forward(call) = exchange.pass_call(&raw.blob).await else {
            swallow(scenario, near).await;
            return Outcome::Gone;
        };
        let answer = match scenario.ask(&exchange, far, &call).await {
            Ok(answer) => answer,
            Err(why) => {
                exchange.unanswered(&why);
                return Outcome::Gone;
            }
        };
        self.learn_answer(scenario.place, &answer.blob);
        match exchange.pass_answer(answer.blob).await {
            Return::Deliver(blob) => {
                if near.write_answer_to(&raw.blob, &blob).await.is_err() {
                    return Outcome::Gone;
                }
                exchange.delivered();
                Outcome::Answered { last: answer.last }
            }
            Return::Reset => Outcome::Reset,
            Return::Lost => {
                swallow(scenario, near).await;
                Outcome::Gone
            }
        }
    }

    /// Records that a caller sent what is no message. It is nobody's, unless one has everything; and
    /// who could not even be heard is the lobby's, if there is one.
    fn unreadable(&self, way: Way, why: &ReadFault) {
        let alone = self.guests.lock().alone();
        let lobby = self.lobby.clone();
        let told = if why.is_handshake() { lobby.or(alone) } else { alone.or(lobby) };
        if let Some(scenario) = told {
            scenario.unreadable(way, why);
        }
    }
}

/// What became of the caller's connection.
enum Outcome {
    /// It has its answer, and ends with it if that says so or has no other end.
    Answered { last: bool },
    /// It is to be reset.
    Reset,
    /// There will be no answer.
    Gone,
}

impl Guests {
    /// The scenario that everything belongs to.
    fn alone(&self) -> Option<Arc<Scenario>> {
        self.scenarios.get(&self.routes.owner_of_all()?).cloned()
    }

    fn teach(&mut self, place: Place, texts: &[Text]) {
        for text in texts.iter().filter(|text| text.is_id) {
            self.routes.hold(place, &text.value, false);
        }
    }
}

/// Makes a connection quick.
pub(crate) fn prepare(stream: &TcpStream, clock: &Clock) {
    // A failure only means a slower answer.
    drop(stream.set_nodelay(true));
    if clock.is_simulated() {
        // Else each of a run's thousands of connections would keep a port for a minute.
        drop(stream.set_zero_linger());
    }
}

/// Never answers, and keeps the caller's connection for as long as the caller does.
async fn swallow(scenario: &Scenario, near: &mut Wire<Stream>) {
    scenario.setup.clock.swallow();
    near.ended().await;
}

async fn accept(hall: Arc<Hall>, listener: TcpListener, tls: Option<TlsServer>, way: Way) {
    let mut connections = JoinSet::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            tokio::task::yield_now().await;
            continue;
        };
        while connections.try_join_next().is_some() {}
        let (hall, tls) = (hall.clone(), tls.clone());
        connections.spawn(async move { hall.arrive(stream, tls, way).await });
    }
}

#[cfg(test)]
#[path = "tests/front.rs"]
mod tests;
