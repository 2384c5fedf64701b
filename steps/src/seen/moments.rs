//! Signed times held against recorded ones.
//!
//! Who edits a record cannot sign anew what the gateway signed, so the gateway's times say when
//! things really happened.

use evidence::Way;
use protocol::ams::Verified;
use protocol::parse_time;

use super::{Exchange, Seen};

/// How long a notice may be under way, in milliseconds.
const DELIVERY: i64 = 10_000;
/// How far two clocks may drift apart within an attempt, in milliseconds.
const DRIFT: i64 = 2_000;

/// A time that a signature covers, where the record has the message fresh from its sender.
struct Stamp {
    line: u32,
    /// When the witness had it.
    at: i64,
    /// What the sender says.
    told: i64,
    /// How long it stays the same, in milliseconds.
    step: i64,
}

impl Stamp {
    fn of(line: u32, at: i64, verified: Option<Verified>, time: Option<String>) -> Option<Self> {
        let time = time.filter(|_| verified == Some(Verified::Valid))?;
        let whole_seconds = time.contains('T') && !time.contains('.');
        let step = if whole_seconds { 1_000 } else { 1 };
        Some(Self { line, at, told: parse_time(&time)?, step })
    }

    fn of_call(exchange: &Exchange) -> Option<Self> {
        let sent = exchange.sent.as_ref()?;
        Self::of(sent.line, sent.at, sent.verified, sent.header("request-time"))
    }

    fn of_answer(exchange: &Exchange) -> Option<Self> {
        let sent = exchange.answer_sent.as_ref()?;
        Self::of(sent.line, sent.at, sent.verified, sent.header("response-time"))
    }
}

impl Seen {
    /// The line of the first message whose signed time is not the recorded one. On the embedded
    /// sandbox all share one clock, which stands still while a message is under way.
    pub fn misdated(&self) -> Option<u32> {
        let stamps = self.exchanges.iter().flat_map(|exchange| {
            [Stamp::of_call(exchange), Stamp::of_answer(exchange)].into_iter().flatten()
        });
        let mut wrong = stamps.filter(|stamp| !(0..stamp.step).contains(&(stamp.at - stamp.told)));
        wrong.next().map(|stamp| stamp.line)
    }

    /// Whether no one distance between the gateway's clock and the witness's explains all that the
    /// gateway signed: a clock was set meanwhile, or the record was edited. An answer gets its time
    /// between the moments at which the call reached the gateway and the answer came back.
    pub fn clocks_part(&self) -> bool {
        let (mut least, mut most) = (i64::MIN, i64::MAX);
        for exchange in &self.exchanges {
            let (stamp, from) = match exchange.way {
                Way::Call => {
                    let received = exchange.received.as_ref().map(|request| request.at);
                    (Stamp::of_answer(exchange), received)
                }
                Way::Notice => {
                    let sent = exchange.sent.as_ref().map(|request| request.at - DELIVERY);
                    (Stamp::of_call(exchange), sent)
                }
            };
            let Some((stamp, from)) = stamp.zip(from) else { continue };
            least = least.max(from - stamp.told - (stamp.step - 1));
            most = most.min(stamp.at - stamp.told);
        }
        least > most.saturating_add(DRIFT)
    }
}
