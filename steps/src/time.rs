//! Time on a stage: simulated, or that of a gateway whose clock the control API moves.

use clock::Millis;
use evidence::words::{MERCHANT_ASKED_NOTHING, MERCHANT_OWN_TIME};
use evidence::{Entry, Event, Party, WalletStatement};
use protocol::ams::Api;
use protocol::{Day, parse_time};

use crate::live::Live;

/// How a real clock is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pace {
    /// How often it is looked at, in milliseconds.
    pub(crate) tick: Millis,
    /// Up to how many milliseconds are waited for; a longer span is jumped over, except for its
    /// beginning and its end.
    waited: Millis,
}

impl Pace {
    /// Beside the reference merchant, whose clock jumps as well.
    pub(crate) const OURS: Self = Self { tick: 50, waited: 10 * 60_000 };
    /// Beside a merchant of its own time, who is asked for the books each time. What it does not do
    /// within half a minute after everything is final, it is taken not to do.
    pub(crate) const THEIRS: Self = Self { tick: 200, waited: 60_000 };
}

/// What is waited for before the jump, so that no call is under way or about to be repeated.
const BEFORE: Millis = 30_000;
/// What is waited for at the end of such a span, for what falls due in it to happen.
const AFTERWARDS: Millis = 10_000;

/// The longest jump, so that nothing is done less often than once a day by whoever does it often.
const HOP: Millis = 20 * 3_600_000;
/// In so many jumps the longest span is over: in a year nobody counts days.
const MOST_HOPS: i64 = 8;
/// What is waited for after such a jump.
const AFTER_HOP: Millis = 6_000;
/// What is waited for after each thing that fell due on the way.
const BETWEEN: Millis = 1_500;

impl Live {
    /// Takes over the time of a gateway that has seen other scenarios, and notes what its wallets
    /// did before. The embedded sandbox is each scenario's own.
    pub(crate) async fn join(&mut self) {
        if self.clock.is_simulated() || !self.control.is_there() {
            return;
        }
        let now = self.control.now().await;
        if let Some(now) = self.sure(now) {
            self.clock.advance(now - self.clock.now());
        }
        let statement = self.control.statement().await;
        if let Some(statement) = self.sure(statement) {
            self.before = (statement.debits.len(), statement.credits.len());
        }
    }

    /// What the wallets did since the scenario began.
    pub(crate) fn since_it_began(&self, mut statement: WalletStatement) -> WalletStatement {
        let (debits, credits) = self.before;
        statement.debits = statement.debits.split_off(debits.min(statement.debits.len()));
        statement.credits = statement.credits.split_off(credits.min(statement.credits.len()));
        statement
    }

    /// Lets `span` milliseconds pass.
    pub(crate) async fn pass(&mut self, span: Millis) {
        let limit = self.clock.now() + span;
        // A clock that nobody moves is waited for.
        let jumps = !self.clock.is_simulated() && self.control.is_there();
        if jumps && span > self.pace.waited && !self.has_begun() {
            // Nobody has anything under way yet, or anything to do in a time before the first sale.
            self.jump_along(limit - BETWEEN, span).await;
        } else if jumps && span > self.pace.waited {
            // Half a minute after the last thing that happened, whatever it was.
            let last = self.recorder.look(0, |entries| entries.last().map(|entry| entry.at));
            let quiet = last.unwrap_or_default() + BEFORE;
            self.play_until(quiet.max(self.clock.now() + BETWEEN)).await;
            let hop = HOP.max(span / MOST_HOPS);
            self.jump_along(limit - AFTERWARDS, hop).await;
        }
        self.play_until(limit).await;
    }

    /// Whether anything was done in the scenario yet: what was only arranged keeps nobody busy.
    fn has_begun(&self) -> bool {
        let arranged = |entry: &Entry| matches!(entry.event, Event::Arranged { .. });
        self.recorder.look(0, |entries| !entries.iter().all(arranged))
    }

    /// Jumps from one thing that falls due at the gateway to the next, until `limit`: what is sent
    /// again in an hour is answered before what is sent again in two.
    async fn jump_along(&mut self, limit: Millis, hop: Millis) {
        while !self.is_over() && self.clock.now() < limit {
            let due = self.control.next_due().await;
            let Some(due) = self.sure(due) else { return };
            let now = self.clock.now();
            // Whatever is due in this very moment happens by itself.
            let due = due.map(|due| due.max(now)).filter(|due| *due < limit.min(now + hop));
            let next = due.unwrap_or(limit.min(now + hop));
            self.jump(next - now).await;
            if next < limit {
                let pause = if due.is_some() { BETWEEN } else { AFTER_HOP };
                self.play_until(next + pause).await;
            }
        }
    }

    /// Breaks a scenario off that is about `span` milliseconds of the merchant's own clock, where
    /// nobody can jump over them: it says nothing about that merchant.
    pub(crate) fn needs_time_of_the_merchant(&self, span: Millis) -> bool {
        let jumps = self.control.is_there();
        let cannot = jumps && self.pace == Pace::THEIRS && span > self.pace.waited;
        if cannot {
            self.broken(Party::Merchant, MERCHANT_OWN_TIME.with([span / 60_000]));
        }
        cannot
    }

    /// Breaks a scenario off after days that were jumped over, in which a merchant of its own time
    /// neither asked about what it had registered nor was told: what it does day by day is not seen.
    pub(crate) fn needs_questions_of_the_merchant(&self) {
        let seen = self.so_far();
        let known = [Api::Registration, Api::InquiryRegistrationStatus];
        let calls: usize = known.iter().map(|api| seen.calls_of(*api).len()).sum();
        let told = seen.notices().any(|notice| notice.received.is_some());
        // The first call is the registration itself.
        if self.pace == Pace::THEIRS && calls == 1 && !told {
            self.broken(Party::Merchant, MERCHANT_ASKED_NOTHING.plain());
        }
    }

    /// Lets time pass until it is next so late in Beijing, as `23:50:00`.
    pub(crate) async fn pass_until_time(&mut self, time: &str) {
        let now = self.clock.now();
        let Some(into) = parse_time(&format!("1970-01-01T{time}Z")) else {
            return self.broken(Party::Runner, time);
        };
        let today = Day::of(now);
        let moments = [today, today.next()].map(|day| day.start() + into);
        if let Some(moment) = moments.into_iter().find(|moment| *moment > now) {
            self.pass(moment - now).await;
        }
    }

    /// Lets everything happen that falls due by `limit`.
    async fn play_until(&mut self, limit: Millis) {
        loop {
            self.rest().await;
            if !self.step(limit).await {
                return self.rest().await;
            }
        }
    }

    /// Moves the clocks of gateway and stage by the same span, before anybody notices.
    async fn jump(&mut self, span: Millis) {
        let moved = self.control.advance(span).await;
        if self.sure(moved).is_some() {
            self.clock.advance(span);
            self.asked.landed(self.clock.now());
        }
    }
}
