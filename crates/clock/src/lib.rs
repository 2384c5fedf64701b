//! Real and simulated time, timers and tasks whose idleness is counted.
//!
//! A scenario on the embedded sandbox has one simulated [`Clock`], shared by merchant, witness and
//! gateway. It stands still while anyone works and is moved by the stage alone: [`Clock::idle`]
//! says when everybody waits, [`Clock::fire_next`] jumps to the next thing that falls due. Exactly
//! one chain of work runs at a time, so that the same seed gives the same order of events.
//!
//! How work is counted, in four rules:
//!
//! 1. A task started by [`Clock::spawn`] holds one token while it works.
//! 2. [`Clock::sleep`] and [`Gate::wait`] put the token down and take one up again when they end.
//! 3. In a [`Clock::call`] the token travels with the message: to the server that works on it and
//!    back with the answer. A server therefore never takes one up for a call that reaches it.
//! 4. Who receives a message and will never answer it puts its token down with
//!    [`Clock::swallow`].
//!
//! On a real clock nothing is counted and the same functions simply wait.

mod gate;
mod real;
mod simulated;

pub use gate::Gate;

use std::future::Future;
use std::sync::Arc;

use real::Real;
use simulated::Simulated;

/// Milliseconds since the Unix epoch.
pub type Millis = i64;

/// A clock, real or simulated. Clones share the same time.
#[derive(Clone, Debug)]
pub struct Clock(Kind);

#[derive(Clone, Debug)]
enum Kind {
    Real(Arc<Real>),
    Simulated(Arc<Simulated>),
}

impl Clock {
    /// A clock that follows the machine's and can be moved forward with [`Clock::advance`].
    pub fn real() -> Self {
        Self(Kind::Real(Arc::new(Real::default())))
    }

    /// A clock that starts at `start` and moves only when told. Things that fall due at one
    /// instant pass in an order drawn from `seed`.
    pub fn simulated(start: Millis, seed: u64) -> Self {
        Self(Kind::Simulated(Arc::new(Simulated::new(start, seed))))
    }

    /// Whether time is simulated.
    pub fn is_simulated(&self) -> bool {
        matches!(self.0, Kind::Simulated(_))
    }

    /// The present instant.
    pub fn now(&self) -> Millis {
        match &self.0 {
            Kind::Real(real) => real.now(),
            Kind::Simulated(simulated) => simulated.now(),
        }
    }

    /// Waits for `span` milliseconds. Must run inside a task or a served call.
    pub async fn sleep(&self, span: Millis) {
        self.sleep_until(self.now() + span).await;
    }

    /// Waits until `due`; an instant already past is due now.
    pub async fn sleep_until(&self, due: Millis) {
        match &self.0 {
            Kind::Real(real) => real.sleep_until(due).await,
            Kind::Simulated(simulated) => simulated.sleep_until(due).await,
        }
    }

    /// Starts a task. On a simulated clock it begins when everything that works now has come to
    /// rest, at the present instant.
    pub fn spawn<F>(&self, work: F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        match &self.0 {
            Kind::Real(real) => real.spawn(work),
            Kind::Simulated(simulated) => simulated.spawn(work),
        }
    }

    /// Performs `exchange`, a call to another room over HTTP, and waits for its end for `limit`
    /// milliseconds at most. `None` means that nothing came in time; on a simulated clock the call
    /// then goes on unheard, so that what the other side does never depends on who listens.
    pub async fn call<F>(&self, limit: Millis, exchange: F) -> Option<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        match &self.0 {
            Kind::Real(real) => real.call(limit, exchange).await,
            Kind::Simulated(simulated) => simulated.call(limit, exchange).await,
        }
    }

    /// Puts down the token of a message that will never be answered.
    pub fn swallow(&self) {
        if let Kind::Simulated(simulated) = &self.0 {
            simulated.release();
        }
    }

    /// Moves a real clock forward by `span` milliseconds; what falls due in between happens a
    /// moment later, so that clocks that belong together can be moved before. A simulated clock is moved by its stage and ignores this.
    pub fn advance(&self, span: Millis) {
        if let Kind::Real(real) = &self.0 {
            real.advance(span);
        }
    }

    /// Waits until nobody works. Returns at once on a real clock.
    pub async fn idle(&self) {
        if let Kind::Simulated(simulated) = &self.0 {
            simulated.idle().await;
        }
    }

    /// When the next thing falls due; `None` when nothing is waited for, and on a real clock.
    pub fn next_due(&self) -> Option<Millis> {
        match &self.0 {
            Kind::Real(_) => None,
            Kind::Simulated(simulated) => simulated.next_due(),
        }
    }

    /// By how much a real clock was moved forward, in milliseconds; a simulated one has no other time.
    pub fn moved(&self) -> Millis {
        match &self.0 {
            Kind::Real(real) => real.moved(),
            Kind::Simulated(_) => 0,
        }
    }

    /// When the next sleeper on a real clock is due: up to there it can be moved without anything
    /// being late. `None` when nobody sleeps, and on a simulated clock.
    pub fn next_timer(&self) -> Option<Millis> {
        match &self.0 {
            Kind::Real(real) => real.next_due(),
            Kind::Simulated(_) => None,
        }
    }

    /// Jumps to the next thing that falls due and lets it happen. Call it only when idle. Answers
    /// whether there was one.
    pub fn fire_next(&self) -> bool {
        match &self.0 {
            Kind::Real(_) => false,
            Kind::Simulated(simulated) => simulated.fire_next(),
        }
    }

    /// Sets an idle simulated clock to `instant`, if nothing falls due before it.
    pub fn jump_to(&self, instant: Millis) {
        if let Kind::Simulated(simulated) = &self.0 {
            simulated.jump_to(instant);
        }
    }

    /// The messages of tasks that panicked since the clock began; a bug of ours, never a verdict.
    pub fn panics(&self) -> Vec<String> {
        match &self.0 {
            Kind::Real(real) => real.panics(),
            Kind::Simulated(simulated) => simulated.panics(),
        }
    }
}

/// The text of a panic, as far as it has one.
fn panic_text(payload: &(dyn std::any::Any + Send)) -> String {
    payload
        .downcast_ref::<&str>()
        .map(ToString::to_string)
        .or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a panic without a message".into())
}
