//! Simulated time: a discrete-event clock that its stage moves.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fmt;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;
use parking_lot::Mutex;
use tokio::sync::{Notify, oneshot};

use crate::{Millis, panic_text};

#[derive(Debug)]
pub(crate) struct Simulated {
    // Tasks outlive the borrow they were spawned from, so they share the state, not the clock.
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    rested: Notify,
}

#[derive(Debug)]
struct State {
    now: Millis,
    seed: u64,
    busy: usize,
    count: u64,
    due: BinaryHeap<Reverse<Due>>,
    panics: Vec<String>,
}

/// Something that will happen at an instant. `lot` decides among equals.
struct Due {
    at: Millis,
    lot: u64,
    number: u64,
    what: What,
}

enum What {
    Wake(oneshot::Sender<()>),
    Start(BoxFuture<'static, ()>),
}

impl Simulated {
    pub(crate) fn new(start: Millis, seed: u64) -> Self {
        let state =
            State { now: start, seed, busy: 0, count: 0, due: BinaryHeap::new(), panics: vec![] };
        Self { shared: Arc::new(Shared { state: Mutex::new(state), rested: Notify::new() }) }
    }

    pub(crate) fn now(&self) -> Millis {
        self.shared.state.lock().now
    }

    pub(crate) async fn sleep_until(&self, due: Millis) {
        let woken = self.register(due);
        self.release();
        // An error means that the clock is gone, and with it everybody who could be waiting.
        if woken.await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    pub(crate) fn spawn<F>(&self, work: F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let mut state = self.shared.state.lock();
        let now = state.now;
        state.push(now, What::Start(work.boxed()));
    }

    pub(crate) async fn call<F>(&self, limit: Millis, exchange: F) -> Option<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        let due = self.now() + limit;
        let late = self.register(due);
        let (answered, answer) = oneshot::channel();
        let shared = self.shared.clone();
        tokio::spawn(async move {
            let output = AssertUnwindSafe(exchange).catch_unwind().await;
            let unheard = match output {
                Ok(output) => answered.send(output).is_err(),
                Err(payload) => {
                    shared.state.lock().panics.push(panic_text(payload.as_ref()));
                    true
                }
            };
            // The caller gave up long ago, so nobody takes over the answer's token.
            if unheard {
                shared.release();
            }
        });
        tokio::select! {
            biased;
            output = answer => output.ok(),
            _ = late => None,
        }
    }

    pub(crate) fn release(&self) {
        self.shared.release();
    }

    /// Hands a token to `waiter` at the present instant.
    pub(crate) fn wake_now(&self, waiter: oneshot::Sender<()>) {
        let mut state = self.shared.state.lock();
        let now = state.now;
        state.push(now, What::Wake(waiter));
    }

    pub(crate) async fn idle(&self) {
        loop {
            let rested = self.shared.rested.notified();
            if self.shared.state.lock().busy == 0 {
                return;
            }
            rested.await;
        }
    }

    pub(crate) fn next_due(&self) -> Option<Millis> {
        self.shared.state.lock().next_due()
    }

    pub(crate) fn fire_next(&self) -> bool {
        loop {
            let due = {
                let mut state = self.shared.state.lock();
                let Some(Reverse(due)) = state.due.pop() else { return false };
                if matches!(&due.what, What::Wake(waiter) if waiter.is_closed()) {
                    continue;
                }
                state.now = state.now.max(due.at);
                state.busy += 1;
                due
            };
            match due.what {
                What::Wake(waiter) => {
                    if waiter.send(()).is_err() {
                        self.release();
                        continue;
                    }
                }
                What::Start(work) => self.start(work),
            }
            return true;
        }
    }

    pub(crate) fn jump_to(&self, instant: Millis) {
        let mut state = self.shared.state.lock();
        let free = state.next_due().is_none_or(|due| due >= instant);
        if free && instant > state.now {
            state.now = instant;
        }
    }

    pub(crate) fn panics(&self) -> Vec<String> {
        self.shared.state.lock().panics.clone()
    }

    fn register(&self, due: Millis) -> oneshot::Receiver<()> {
        let (sender, receiver) = oneshot::channel();
        self.shared.state.lock().push(due, What::Wake(sender));
        receiver
    }

    fn start(&self, work: BoxFuture<'static, ()>) {
        let shared = self.shared.clone();
        tokio::spawn(async move {
            if let Err(payload) = AssertUnwindSafe(work).catch_unwind().await {
                shared.state.lock().panics.push(panic_text(payload.as_ref()));
            }
            shared.release();
        });
    }
}

impl Shared {
    fn release(&self) {
        let mut state = self.state.lock();
        // A swallowed call that is cut off when its scenario is torn down brings no token back.
        state.busy = state.busy.saturating_sub(1);
        if state.busy == 0 {
            self.rested.notify_waiters();
        }
    }
}

impl State {
    fn push(&mut self, at: Millis, what: What) {
        self.count += 1;
        let (number, lot) = (self.count, scatter(self.seed, self.count));
        self.due.push(Reverse(Due { at: at.max(self.now), lot, number, what }));
    }

    fn next_due(&mut self) -> Option<Millis> {
        while let Some(Reverse(first)) = self.due.peek() {
            if !matches!(&first.what, What::Wake(waiter) if waiter.is_closed()) {
                return Some(first.at);
            }
            self.due.pop();
        }
        None
    }
}

/// A well-mixed number from seed and count (the finaliser of the `SplitMix64` generator).
fn scatter(seed: u64, count: u64) -> u64 {
    let mut mixed = seed ^ count.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

impl Due {
    fn rank(&self) -> (Millis, u64, u64) {
        (self.at, self.lot, self.number)
    }
}

impl PartialEq for Due {
    fn eq(&self, other: &Self) -> bool {
        self.rank() == other.rank()
    }
}

impl Eq for Due {}

impl PartialOrd for Due {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Due {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.rank().cmp(&other.rank())
    }
}

impl fmt::Debug for Due {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Due").field("at", &self.at).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use parking_lot::Mutex;

    use crate::{Clock, Gate};

    async fn run_out(clock: &Clock) {
        loop {
            clock.idle().await;
            if !clock.fire_next() {
                return;
            }
        }
    }

    #[tokio::test]
    async fn a_sleep_jumps_to_its_end() {
        let clock = Clock::simulated(1_000, 7);
        let seen = Arc::new(Mutex::new(vec![]));
        for span in [30, 10, 20] {
            let (clock, seen) = (clock.clone(), seen.clone());
            clock.clone().spawn(async move {
                clock.sleep(span).await;
                seen.lock().push(clock.now());
            });
        }
        run_out(&clock).await;
        assert_eq!(*seen.lock(), [1_010, 1_020, 1_030]);
    }

    #[tokio::test]
    async fn a_call_that_is_swallowed_ends_at_its_limit() {
        let clock = Clock::simulated(0, 7);
        let seen = Arc::new(Mutex::new(None));
        let (inner, kept) = (clock.clone(), seen.clone());
        clock.spawn(async move {
            let server = inner.clone();
            let answer = inner
                .call(5_000, async move {
                    server.swallow();
                    std::future::pending::<()>().await;
                })
                .await;
            *kept.lock() = Some((answer, inner.now()));
        });
        run_out(&clock).await;
        assert_eq!(*seen.lock(), Some((None, 5_000)));
    }

    #[tokio::test]
    async fn an_answer_after_the_limit_is_lost_but_its_token_is_not() {
        let clock = Clock::simulated(0, 7);
        let inner = clock.clone();
        clock.spawn(async move {
            let server = inner.clone();
            assert!(inner.call(5_000, async move { server.sleep(9_000).await }).await.is_none());
            inner.sleep(60_000).await;
        });
        run_out(&clock).await;
        assert_eq!(clock.now(), 65_000);
        assert_eq!(clock.panics(), Vec::<String>::new());
    }

    #[tokio::test]
    async fn a_gate_holds_back_until_it_is_opened() {
        let clock = Clock::simulated(0, 7);
        let gate = Gate::new(&clock);
        let seen = Arc::new(Mutex::new(None));
        let (waiting, inner, kept) = (gate.clone(), clock.clone(), seen.clone());
        clock.spawn(async move {
            waiting.wait().await;
            *kept.lock() = Some(inner.now());
        });
        let inner = clock.clone();
        clock.spawn(async move {
            inner.sleep(250).await;
            gate.open();
        });
        run_out(&clock).await;
        assert_eq!(*seen.lock(), Some(250));
    }

    #[tokio::test]
    async fn a_panic_in_a_task_is_kept_and_its_token_put_down() {
        let clock = Clock::simulated(0, 7);
        clock.spawn(async { panic!("the till caught fire") });
        run_out(&clock).await;
        assert_eq!(clock.panics(), ["the till caught fire"]);
    }

    #[tokio::test]
    async fn the_same_seed_gives_the_same_order() {
        let order = |seed| async move {
            let clock = Clock::simulated(0, seed);
            let seen = Arc::new(Mutex::new(vec![]));
            for name in 0..8 {
                let seen = seen.clone();
                clock.spawn(async move { seen.lock().push(name) });
            }
            run_out(&clock).await;
            seen.lock().clone()
        };
        assert_eq!(order(1).await, order(1).await);
        assert_ne!(order(1).await, order(2).await);
    }
}
