//! A gate holds tasks back until somebody opens it.

use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::oneshot;

use crate::{Clock, Kind};

/// A gate that starts shut, holds back whoever waits at it, and once opened stays open.
#[derive(Clone, Debug)]
pub struct Gate {
    clock: Clock,
    state: Arc<Mutex<State>>,
}

#[derive(Debug)]
enum State {
    Shut(Vec<oneshot::Sender<()>>),
    Open,
}

impl Gate {
    /// A shut gate on `clock`.
    pub fn new(clock: &Clock) -> Self {
        Self { clock: clock.clone(), state: Arc::new(Mutex::new(State::Shut(Vec::new()))) }
    }

    /// Waits until the gate is open. Must run inside a task or a served call.
    pub async fn wait(&self) {
        let opened = {
            let mut state = self.state.lock();
            let State::Shut(waiting) = &mut *state else { return };
            let (sender, receiver) = oneshot::channel();
            waiting.push(sender);
            receiver
        };
        self.clock.swallow();
        // An error means that the gate is gone; its waiters stay where they are.
        if opened.await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// Opens the gate. Those who wait go on at the present instant, one after the other.
    pub fn open(&self) {
        let previous = std::mem::replace(&mut *self.state.lock(), State::Open);
        let State::Shut(waiting) = previous else { return };
        for waiter in waiting {
            match &self.clock.0 {
                Kind::Real(_) => drop(waiter.send(())),
                Kind::Simulated(simulated) => simulated.wake_now(waiter),
            }
        }
    }

    /// Whether the gate has been opened.
    pub fn is_open(&self) -> bool {
        matches!(*self.state.lock(), State::Open)
    }
}
