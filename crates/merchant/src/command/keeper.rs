//! Keeps one process for all calls: starts it, starts it once more, and ends it.

use clock::{Clock, Millis};
use tokio::sync::mpsc::UnboundedReceiver;

use super::process::{Event, Process};
use super::{Ask, Launch, Listener};
use crate::adapter::Fault;

/// How often a process is started: one that ends by itself is started again once, and never for
/// ever.
const STARTS: u32 = 2;

/// Whoever keeps the process.
pub(super) struct Keeper {
    launch: Launch,
    listener: Listener,
    grace: Millis,
    clock: Clock,
    process: Option<Process>,
    starts: u32,
    over: Option<Fault>,
}

impl Keeper {
    pub(super) fn new(launch: Launch, listener: Listener, grace: Millis) -> Self {
        let (process, starts, over) = Default::default();
        Self { launch, listener, grace, clock: Clock::real(), process, starts, over }
    }

    /// Hands calls over until nobody asks any more.
    pub(super) async fn keep(mut self, mut asked: UnboundedReceiver<Ask>) {
        loop {
            let Some(process) = &mut self.process else {
                let Some(ask) = asked.recv().await else { return };
                self.begin(ask);
                continue;
            };
            tokio::select! {
                // What was written before it ended is read before it counts as ended.
                biased;
                event = process.next() => self.take(event).await,
                ask = asked.recv() => {
                    let Some(ask) = ask else {
                        process.end(self.grace, &self.clock).await;
                        return;
                    };
                    process.hand_over(ask);
                }
            }
        }
    }

    /// Starts the process for the first call that it gets.
    fn begin(&mut self, ask: Ask) {
        let refused = match &self.over {
            Some(fault) => fault.clone(),
            None => match Process::start(&self.launch, &self.listener) {
                Ok(mut process) => {
                    process.hand_over(ask);
                    self.starts += 1;
                    self.process = Some(process);
                    return;
                }
                Err(error) => Fault::Unstarted(error.to_string()),
            },
        };
        // Who gave up waiting needs no answer.
        drop(ask.answer.send(Err(refused)));
    }

    async fn take(&mut self, event: Event) {
        let Some(process) = &mut self.process else { return };
        let garbage = match event {
            Event::Line(line) => match process.answered(&line) {
                Ok(()) => return,
                Err(fault) => Some(fault),
            },
            Event::LongLine => Some(Fault::GarbageLong),
            Event::Ended => None,
        };
        let spoilt = garbage.is_some();
        // After garbage nothing is believed; before an end everything is that came.
        if let Some(fault) = &garbage {
            process.fail_all(fault);
        }
        let how = process.end(self.grace, &self.clock).await;
        let fault = garbage.unwrap_or(Fault::Ended(how));
        process.fail_all(&fault);
        self.process = None;
        if spoilt || self.starts >= STARTS {
            self.over = Some(fault);
        }
    }
}
