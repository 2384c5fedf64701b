//! Connections in, connections out.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use evidence::words::Place;
use evidence::{Blob, Event, Way};
use parking_lot::Mutex;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

use crate::exchange::{Exchange, Fate, Return};
use crate::fault::{Fault, Planted};
use crate::parties::Setup;
use crate::raw::{ReadFault, Wire};

/// How long the other side may take for one answer before the witness gives up, in milliseconds.
/// On a simulated clock everything answers or waits on the clock, so nothing has to be cut off.
const PATIENCE: clock::Millis = 60_000;

/// A witness at work. Dropping it closes its listeners and connections.
#[derive(Debug)]
pub struct Witness {
    inner: Arc<Inner>,
    /// The connection to the gateway for the runner's own calls.
    own: Mutex<Option<Wire<TcpStream>>>,
    calls: SocketAddr,
    notices: SocketAddr,
    tasks: Vec<JoinHandle<()>>,
}

#[derive(Debug)]
struct Inner {
    setup: Setup,
    planted: Mutex<Planted>,
    exchanges: AtomicU32,
}

impl Drop for Witness {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

impl Witness {
    /// Takes calls on one listener and notices on the other.
    ///
    /// # Errors
    /// When a listener has no address.
    pub fn start(setup: Setup, calls: TcpListener, notices: TcpListener) -> std::io::Result<Self> {
        let planted = Mutex::new(Planted::default());
        let inner = Arc::new(Inner { setup, planted, exchanges: AtomicU32::new(0) });
        let addresses = (calls.local_addr()?, notices.local_addr()?);
        let tasks = [(calls, Way::Call), (notices, Way::Notice)]
            .map(|(listener, way)| tokio::spawn(accept(inner.clone(), listener, way)));
        let (own, (calls, notices)) = (Mutex::default(), addresses);
        Ok(Self { inner, own, calls, notices, tasks: tasks.into() })
    }

    /// Where merchants send their calls.
    pub fn calls(&self) -> SocketAddr {
        self.calls
    }

    /// Where gateways send their notices.
    pub fn notices(&self) -> SocketAddr {
        self.notices
    }

    /// Adds a fault. Several may meet one exchange; they act in the order of planting.
    pub fn plant(&self, fault: Fault) {
        self.inner.planted.lock().plant(fault);
    }

    /// Takes all faults away.
    pub fn heal(&self) {
        self.inner.planted.lock().clear();
    }

    /// A number for an exchange that the runner is about to begin itself, so that it can be named
    /// before it is seen.
    pub fn number(&self) -> u32 {
        self.inner.number()
    }

    /// Sends a call of the runner's own to the gateway. No fault meets it. Must run inside a task
    /// of the scenario's clock.
    pub async fn own_call(&self, number: u32, call: Blob) -> Result<Blob, ReadFault> {
        let mut exchange = Exchange::new(&self.inner.setup, number, Way::Call, vec![]);
        exchange.own = true;
        let Fate::Forward(forwarded) = exchange.pass_call(&call).await else {
            return Err(ReadFault::CutOff);
        };
        let mut open = self.own.lock().take();
        let answer = self.inner.ask(&exchange, &mut open, &forwarded).await;
        *self.own.lock() = open;
        match answer {
            Ok(answer) => {
                exchange.end(answer.clone());
                Ok(answer)
            }
            Err(why) => {
                exchange.unanswered(&why);
                Err(why)
            }
        }
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
        let mut exchange = Exchange::new(&self.inner.setup, number, way, vec![]);
        let sent = exchange.send_on(message, name);
        let answer = self.inner.ask(&exchange, &mut None, &sent).await?;
        exchange.end(answer.clone());
        Ok(answer)
    }
}

impl Inner {
    fn number(&self) -> u32 {
        self.exchanges.fetch_add(1, Ordering::SeqCst) + 1
    }

    fn prepare(&self, stream: &TcpStream) {
        // A failure only means a slower answer.
        drop(stream.set_nodelay(true));
        if self.setup.clock.is_simulated() {
            // Else each of a run's thousands of connections would keep a port for a minute.
            drop(stream.set_zero_linger());
        }
    }

    /// One call to the receiver, over the connection that is open already or a new one.
    async fn ask(
        &self,
        exchange: &Exchange<'_>,
        open: &mut Option<Wire<TcpStream>>,
        call: &Blob,
    ) -> Result<Blob, ReadFault> {
        let address = exchange.receiver().address;
        let kept = open.take();
        let asking = async move {
            // Nothing is ever written twice: who got it the first time may have worked on it.
            let mut wire = if let Some(wire) = kept.filter(Wire::rests) {
                wire
            } else {
                let stream = TcpStream::connect(address).await?;
                self.prepare(&stream);
                Wire::new(stream)
            };
            wire.write(call).await?;
            let raw = wire.read_response().await?;
            Ok::<_, ReadFault>((wire, raw))
        };
        let clock = &self.setup.clock;
        let (wire, raw) = if clock.is_simulated() {
            asking.await?
        } else {
            tokio::select! {
                answered = asking => answered?,
                () = clock.sleep(PATIENCE) => return Err(ReadFault::CutOff),
            }
        };
        if !raw.last {
            *open = Some(wire);
        }
        Ok(raw.blob)
    }

    async fn serve(&self, stream: TcpStream, way: Way) {
        self.prepare(&stream);
        let mut near = Wire::new(stream);
        let mut far = None;
        loop {
            let raw = match near.read_request().await {
                Ok(Some(raw)) => raw,
                Ok(None) => return,
                Err(why) => return self.unreadable(way, &why),
            };
            let faults = self.planted.lock().meet(way, &raw.blob);
            let mut exchange = Exchange::new(&self.setup, self.number(), way, faults);
            let Fate::Forward(call) = exchange.pass_call(&raw.blob).await else {
                return self.swallow(near).await;
            };
            let answer = match self.ask(&exchange, &mut far, &call).await {
                Ok(answer) => answer,
                Err(why) => {
                    exchange.unanswered(&why);
                    return;
                }
            };
            match exchange.pass_answer(answer).await {
                Return::Deliver(answer) => {
                    if near.write(&answer).await.is_err() {
                        return;
                    }
                    exchange.delivered();
                }
                Return::Reset => return,
                Return::Lost => return self.swallow(near).await,
            }
            if raw.last {
                return;
            }
        }
    }

    /// Records that a caller sent what is no message. A connection that merely broke said nothing.
    fn unreadable(&self, way: Way, why: &ReadFault) {
        let what = match why {
            ReadFault::Malformed(_) | ReadFault::TooLong(_) => "unreadable",
            ReadFault::CutOff => "cut-off",
            ReadFault::Broken(_) => return,
        };
        let facts = serde_json::json!({
            "way": way, "why": why.to_string(), "says": Place::from(why.says()),
        });
        let facts = facts.as_object().cloned().unwrap_or_default();
        let event = Event::Did { what: what.into(), facts };
        self.setup.recorder.append(self.setup.clock.now(), event);
    }

    /// Keeps the caller's connection open and never answers.
    async fn swallow(&self, kept_open: Wire<TcpStream>) {
        self.setup.clock.swallow();
        std::future::pending::<()>().await;
        drop(kept_open);
    }
}

async fn accept(inner: Arc<Inner>, listener: TcpListener, way: Way) {
    let mut connections = JoinSet::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            tokio::task::yield_now().await;
            continue;
        };
        while connections.try_join_next().is_some() {}
        let inner = inner.clone();
        connections.spawn(async move { inner.serve(stream, way).await });
    }
}

#[cfg(test)]
mod tests;
