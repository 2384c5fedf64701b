//! Connections in, connections out.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use evidence::{Blob, Way};
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
        while let Ok(Some(raw)) = near.read_request().await {
            let faults = self.planted.lock().meet(way, &raw.blob.head);
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
mod tests {
    use std::sync::Arc;

    use clock::Clock;
    use evidence::{Blob, Entry, Event, Party, Recorder};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::Witness;
    use crate::parties::{Setup, Side};
    use crate::raw::ReadFault;

    async fn free() -> TcpListener {
        TcpListener::bind("127.0.0.1:0").await.unwrap()
    }

    /// A gateway that takes a call, says `words` as often as told, and then falls silent.
    async fn hostile(words: &'static [u8], times: usize) -> std::net::SocketAddr {
        let listener = free().await;
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let mut call = [0; 4096];
                    drop(stream.read(&mut call).await);
                    for _ in 0..times {
                        if stream.write_all(words).await.is_err() {
                            return;
                        }
                    }
                    std::future::pending::<()>().await;
                });
            }
        });
        address
    }

    fn witness_of(
        gateway: std::net::SocketAddr,
        listeners: (TcpListener, TcpListener),
        recorder: &Recorder,
        clock: &Clock,
    ) -> Witness {
        let side = |address| Side { address, host: None, key: None };
        let setup = Setup {
            gateway: side(gateway),
            merchant: side(gateway),
            recorder: recorder.clone(),
            clock: clock.clone(),
        };
        Witness::start(setup, listeners.0, listeners.1).unwrap()
    }

    fn call() -> Blob {
        Blob {
            head: b"POST /ams/api/v1/payments/pay HTTP/1.1\r\ncontent-length: 2\r\n\r\n".to_vec(),
            body: b"{}".to_vec(),
        }
    }

    async fn ask(gateway: std::net::SocketAddr) -> (Result<Blob, ReadFault>, Recorder) {
        let recorder = Recorder::detached("AMS-PAY-001".parse().unwrap(), 1);
        let clock = Clock::real();
        let listeners = (free().await, free().await);
        let witness = Arc::new(witness_of(gateway, listeners, &recorder, &clock));
        let asking = tokio::spawn({
            let witness = witness.clone();
            async move { witness.own_call(witness.number(), call()).await }
        });
        // The clock is pushed on until the witness has given up or has its answer, so that nothing
        // here waits in real time.
        while !asking.is_finished() {
            tokio::task::yield_now().await;
            tokio::task::spawn_blocking(|| ()).await.unwrap();
            clock.advance(100);
        }
        (asking.await.unwrap(), recorder)
    }

    fn broken(recorder: &Recorder) -> Vec<Party> {
        let by = |entry: &Entry| {
            let Event::Broken { by, .. } = entry.event else { return None };
            Some(by)
        };
        recorder.look(0, |entries| entries.iter().filter_map(by).collect())
    }

    fn unanswered(recorder: &Recorder) -> bool {
        let unanswered =
            |entry: &Entry| matches!(&entry.event, Event::Did { what, .. } if what == "no-answer");
        recorder.look(0, |entries| entries.iter().any(unanswered))
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_hostile_gateway_is_recorded_and_ends_nothing() {
        const HUGE: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 5000000\r\n\r\n";
        const ENDLESS: &[u8] = b"HTTP/1.1 200 OK\r\nx: y\r\n\r\n0123456789abcdef";
        for (words, times) in [
            (HUGE, 1),
            (ENDLESS, 400_000),
            (&b"nonsense\r\n\r\n"[..], 1),
            (b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{", 1),
            (b"", 0),
        ] {
            let (answer, recorder) = ask(hostile(words, times).await).await;
            assert!(answer.is_err(), "{words:?}");
            assert!(unanswered(&recorder), "{words:?}");
            assert_eq!(broken(&recorder), [], "{words:?}");
        }
    }

    #[tokio::test]
    async fn what_was_written_is_never_written_again_and_an_answer_before_its_call_is_none() {
        const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
        const FORGED: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n[]";
        let listener = free().await;
        let gateway = listener.local_addr().unwrap();
        // Each connection: what is answered to its calls, one after the other; then it is closed.
        let smuggled = [ANSWER, FORGED].concat();
        let stories =
            [vec![ANSWER.to_vec(), vec![]], vec![smuggled, vec![]], vec![ANSWER.to_vec()]];
        let calls = tokio::spawn(async move {
            let mut calls = vec![];
            for story in stories {
                let mut stream = listener.accept().await.unwrap().0;
                let mut taken = 0;
                for answer in story {
                    let mut call = [0; 4096];
                    if stream.read(&mut call).await.unwrap_or(0) == 0 {
                        break;
                    }
                    taken += 1;
                    stream.write_all(&answer).await.unwrap();
                    if answer.is_empty() {
                        break;
                    }
                }
                calls.push(taken);
            }
            calls
        });
        let recorder = Recorder::detached("AMS-PAY-001".parse().unwrap(), 1);
        let listeners = (free().await, free().await);
        let witness = witness_of(gateway, listeners, &recorder, &Clock::real());
        let mut answers = vec![];
        for _ in 0..4 {
            let answer = witness.own_call(witness.number(), call()).await;
            answers.push(answer.ok().map(|blob| blob.body));
        }
        let told = |body: &[u8]| Some(body.to_vec());
        assert_eq!(answers, [told(b"{}"), None, told(b"{}"), told(b"{}")]);
        assert_eq!(calls.await.unwrap(), [2, 1, 1]);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_dead_port_breaks_the_attempt_and_blames_the_gateway() {
        let dead = free().await.local_addr().unwrap();
        let (answer, recorder) = ask(dead).await;
        assert!(answer.is_err());
        assert_eq!(broken(&recorder), [Party::Gateway]);
    }
}
