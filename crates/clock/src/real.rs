//! Real time, with an offset that steps may push forward.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use futures::FutureExt;
use parking_lot::Mutex;
use tokio::sync::Notify;

use crate::{Millis, panic_text};

/// How long after a jump sleepers notice it, so that several clocks can be moved before anybody acts.
const NOTICED: Duration = Duration::from_millis(200);

#[derive(Debug, Default)]
pub(crate) struct Real {
    offset: AtomicI64,
    moved: Arc<Notify>,
    /// When each sleeper is due, with how many are due then.
    dues: Mutex<BTreeMap<Millis, usize>>,
    panics: Arc<Mutex<Vec<String>>>,
}

/// Somebody who sleeps, until woken or dropped.
struct Sleeper<'a> {
    real: &'a Real,
    due: Millis,
}

impl<'a> Sleeper<'a> {
    fn new(real: &'a Real, due: Millis) -> Self {
        *real.dues.lock().entry(due).or_default() += 1;
        Self { real, due }
    }
}

impl Drop for Sleeper<'_> {
    fn drop(&mut self) {
        let mut dues = self.real.dues.lock();
        if let Entry::Occupied(mut others) = dues.entry(self.due) {
            *others.get_mut() -= 1;
            if *others.get() == 0 {
                others.remove();
            }
        }
    }
}

impl Real {
    #[expect(clippy::disallowed_methods, reason = "the one place where wall time comes in")]
    pub(crate) fn now(&self) -> Millis {
        let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let wall = Millis::try_from(wall.as_millis()).unwrap_or(Millis::MAX / 2);
        wall + self.offset.load(Ordering::SeqCst)
    }

    #[expect(clippy::disallowed_methods, reason = "the one place that sleeps")]
    pub(crate) async fn sleep_until(&self, due: Millis) {
        let _sleeper = Sleeper::new(self, due);
        loop {
            let moved = self.moved.notified();
            let Ok(left) = u64::try_from(due - self.now()) else { return };
            if left == 0 {
                return;
            }
            tokio::select! {
                () = tokio::time::sleep(Duration::from_millis(left)) => {}
                () = moved => {}
            }
        }
    }

    pub(crate) fn spawn<F>(&self, work: F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let panics = self.panics.clone();
        tokio::spawn(async move {
            if let Err(payload) = AssertUnwindSafe(work).catch_unwind().await {
                panics.lock().push(panic_text(payload.as_ref()));
            }
        });
    }

    pub(crate) async fn call<F>(&self, limit: Millis, exchange: F) -> Option<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        tokio::select! {
            biased;
            output = exchange => Some(output),
            () = self.sleep_until(self.now() + limit) => None,
        }
    }

    #[expect(clippy::disallowed_methods, reason = "the one place that sleeps")]
    pub(crate) fn advance(&self, span: Millis) {
        self.offset.fetch_add(span.max(0), Ordering::SeqCst);
        let moved = self.moved.clone();
        // Outside of a runtime nobody sleeps.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                tokio::time::sleep(NOTICED).await;
                moved.notify_waiters();
            });
        }
    }

    pub(crate) fn next_due(&self) -> Option<Millis> {
        self.dues.lock().keys().next().copied()
    }

    pub(crate) fn moved(&self) -> Millis {
        self.offset.load(Ordering::SeqCst)
    }

    pub(crate) fn panics(&self) -> Vec<String> {
        self.panics.lock().clone()
    }
}
