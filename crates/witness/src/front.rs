//! The two doors of a run, and which scenario's witness each message goes to.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use clock::Clock;
use evidence::{Blob, Way};
use parking_lot::Mutex;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

use crate::exchange::{Fate, Return};
use crate::parties::Setup;
use crate::raw::{Raw, ReadFault, Wire};
use crate::relay::{Far, Scenario, Witness};
use crate::route::{Claim, Place, Routes};
use crate::text::{Text, texts_of_answer, texts_of_call, texts_of_claim};

/// The place of the lobby: scenarios are numbered from 1.
const LOBBY: Place = 0;

/// A listener of a front.
#[derive(Debug)]
pub enum Door {
    /// Plain HTTP.
    Plain(TcpListener),
}

impl Door {
    fn address(&self) -> std::io::Result<SocketAddr> {
        match self {
            Self::Plain(listener) => listener.local_addr(),
        }
    }
}

/// The two doors that merchant and gateway come in by. One front serves every scenario that is
/// admitted to it; each message goes to the [`Witness`] of the scenario whose it is. Dropping it
/// closes its listeners and connections; a witness keeps its front.
#[derive(Debug)]
pub struct Front {
    hall: Arc<Hall>,
    calls: SocketAddr,
    notices: SocketAddr,
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
        let addresses = (calls.address()?, notices.address()?);
        let lobby = lobby.map(|setup| Arc::new(Scenario::new(LOBBY, setup)));
        let hall =
            Arc::new(Hall { clock, lobby, strays: AtomicU32::new(0), guests: Mutex::default() });
        let tasks = [(calls, Way::Call), (notices, Way::Notice)]
            .map(|(door, way)| tokio::spawn(accept(hall.clone(), door, way)));
        let (calls, notices) = addresses;
        Ok(Arc::new(Self { hall, calls, notices, tasks: tasks.into() }))
    }

    /// Where merchants send their calls.
    pub fn calls(&self) -> SocketAddr {
        self.calls
    }

    /// Where gateways send their notices.
    pub fn notices(&self) -> SocketAddr {
        self.notices
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

    fn prepare(&self, stream: &TcpStream) {
        prepare(stream, &self.clock);
    }

    async fn serve(&self, stream: TcpStream, way: Way) {
        self.prepare(&stream);
        let mut near = Wire::new(stream);
        let mut far = Far::default();
        loop {
            let raw = match near.read_request().await {
                Ok(Some(raw)) => raw,
                Ok(None) => return,
                Err(why) => return self.unreadable(way, &why),
            };
            let Some(scenario) = self.scenario_of(&raw.blob) else { return };
            let goes_on = tokio::select! {
                biased;
                goes_on = self.pass(&scenario, way, &raw, &mut near, &mut far) => goes_on,
                () = scenario.left() => false,
            };
            if !goes_on || raw.last {
                return;
            }
        }
    }

    /// Passes one message on and its answer back. Answers whether the connection can go on.
    async fn pass(
        &self,
        scenario: &Scenario,
        way: Way,
        raw: &Raw,
        near: &mut Wire<TcpStream>,
        far: &mut Far,
    ) -> bool {
        let mut exchange = scenario.exchange(way, &raw.blob);
        let Fate::Forward(call) = exchange.pass_call(&raw.blob).await else {
            swallow(scenario, near).await;
            return false;
        };
        let answer = match scenario.ask(&exchange, far, &call).await {
            Ok(answer) => answer,
            Err(why) => {
                exchange.unanswered(&why);
                return false;
            }
        };
        self.learn_answer(scenario.place, &answer);
        match exchange.pass_answer(answer).await {
            Return::Deliver(answer) => {
                if near.write(&answer).await.is_err() {
                    return false;
                }
                exchange.delivered();
                true
            }
            Return::Reset => false,
            Return::Lost => {
                swallow(scenario, near).await;
                false
            }
        }
    }

    /// Records that a caller sent what is no message. It is nobody's, unless one has everything.
    fn unreadable(&self, way: Way, why: &ReadFault) {
        let alone = self.guests.lock().alone();
        if let Some(scenario) = alone.as_ref().or(self.lobby.as_ref()) {
            scenario.unreadable(way, why);
        }
    }
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
async fn swallow(scenario: &Scenario, near: &mut Wire<TcpStream>) {
    scenario.setup.clock.swallow();
    near.ended().await;
}

async fn accept(hall: Arc<Hall>, door: Door, way: Way) {
    let Door::Plain(listener) = door;
    let mut connections = JoinSet::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            tokio::task::yield_now().await;
            continue;
        };
        while connections.try_join_next().is_some() {}
        let hall = hall.clone();
        connections.spawn(async move { hall.serve(stream, way).await });
    }
}

#[cfg(test)]
#[path = "tests/front.rs"]
mod tests;
