//! What the operator of a gateway decides.

use std::fmt;
use std::net::SocketAddr;

use clock::Millis;
use signing::{PrivateKey, PublicKey};

/// What the operator of the gateway decides.
#[derive(Clone)]
pub struct Terms {
    /// The one client that is served.
    pub client_id: String,
    /// The key under which that client signs.
    pub merchant_key: PublicKey,
    /// The key under which answers and notices are signed.
    pub gateway_key: PrivateKey,
    /// How notices travel.
    pub notices: NoticeRoute,
    /// Where the result is told when pay names no address.
    pub console_notify_url: Option<String>,
    /// How long every answer takes on the clock, in milliseconds.
    pub latency: Millis,
    /// Demanded as `x-control-token` under `/_sandbox/` when set.
    pub control_token: Option<String>,
    /// Choices where the documents leave one, as they stand at the beginning.
    pub switches: Switches,
}

impl fmt::Debug for Terms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The control token is a secret and stays out.
        f.debug_struct("Terms")
            .field("client_id", &self.client_id)
            .field("notices", &self.notices)
            .field("latency", &self.latency)
            .field("switches", &self.switches)
            .finish_non_exhaustive()
    }
}

/// How notices travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeRoute {
    /// To the address that the URL names, as long as it is on this machine. Others are refused and
    /// logged, so that a gateway for tests never calls out.
    Direct,
    /// To this address, whatever host the URL names; path, query and `host` stay the URL's.
    Via(SocketAddr),
}

/// Choices where the documents disagree or are silent. The default is the documented one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Switches {
    /// A2: sign the refusal of a bad signature too, for clients that cannot read it otherwise.
    pub signed_refusals: bool,
    /// A6: which acks count.
    pub acks: Acks,
    /// A7: how often a notice is sent again.
    pub resends: Resends,
    /// A10: refuse a pay that names no address for the notice.
    pub notify_url_required: bool,
    /// A12: until when a payment can be refunded.
    pub refund_window: RefundWindow,
    /// A20: refuse a scanned code without merchant, store and terminal.
    pub store_required: bool,
    /// A14: when a secondary merchant may be registered again.
    pub twice_registered: TwiceRegistered,
    /// A15: what is said for a wallet while the review lasts.
    pub pending_wallet: PendingWallet,
}

/// What is said for a wallet while the review of a secondary merchant lasts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PendingWallet {
    /// `PENDING`, as for the whole.
    #[default]
    Pending,
    /// No status.
    Null,
}

/// When a secondary merchant may be registered again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TwiceRegistered {
    /// Once a wallet has rejected it: its first report may have been wrong.
    #[default]
    AfterRejection,
    /// Never.
    Never,
    /// At any time.
    Always,
}

/// Which acks count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Acks {
    /// Unsigned ones do; a signature that is there has to be right.
    #[default]
    Any,
    /// Only those with a right signature.
    Signed,
}

/// How often a notice is sent until it is acknowledged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Resends {
    /// Eight times, as the list of intervals says, though it ends after 24 h 22 min.
    #[default]
    Full,
    /// Seven times: what lies within 24 hours.
    WithinDay,
    /// Once.
    Once,
}

/// Until when a payment can be refunded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum RefundWindow {
    /// For one calendar year from the payment.
    #[default]
    CalendarYear,
    /// For 366 days from the payment.
    Days366,
}

/// Why a switch cannot be set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SwitchError {
    /// There is no such switch here.
    #[error(
        "'{0}' is no switch of the embedded gateway: it has A2, A6, A7, A10, A12, A14, A15 and A20"
    )]
    Unknown(String),
    /// The switch has no such position.
    #[error("switch {id} knows no '{choice}': expected one of {expected}")]
    Choice {
        /// The switch.
        id: &'static str,
        /// What was asked for.
        choice: String,
        /// What there is.
        expected: &'static str,
    },
}

impl Switches {
    /// Sets a switch by its number and the word for its position.
    pub fn set(&mut self, id: &str, choice: &str) -> Result<(), SwitchError> {
        let wrong = |id, expected| SwitchError::Choice { id, choice: choice.to_owned(), expected };
        match (id, choice) {
            ("A2", "unsigned" | "signed") => self.signed_refusals = choice == "signed",
            ("A2", _) => return Err(wrong("A2", "unsigned, signed")),
            ("A6", "any") => self.acks = Acks::Any,
            ("A6", "require-signed-ack") => self.acks = Acks::Signed,
            ("A6", _) => return Err(wrong("A6", "any, require-signed-ack")),
            ("A7", "full") => self.resends = Resends::Full,
            ("A7", "cut-24h") => self.resends = Resends::WithinDay,
            ("A7", "once") => self.resends = Resends::Once,
            ("A7", _) => return Err(wrong("A7", "full, cut-24h, once")),
            ("A10", "optional" | "required") => self.notify_url_required = choice == "required",
            ("A10", _) => return Err(wrong("A10", "optional, required")),
            ("A12", "calendar-year") => self.refund_window = RefundWindow::CalendarYear,
            ("A12", "366-days") => self.refund_window = RefundWindow::Days366,
            ("A12", _) => return Err(wrong("A12", "calendar-year, 366-days")),
            ("A14", "after-rejection") => self.twice_registered = TwiceRegistered::AfterRejection,
            ("A14", "never") => self.twice_registered = TwiceRegistered::Never,
            ("A14", "always") => self.twice_registered = TwiceRegistered::Always,
            ("A14", _) => return Err(wrong("A14", "after-rejection, never, always")),
            ("A15", "pending") => self.pending_wallet = PendingWallet::Pending,
            ("A15", "null") => self.pending_wallet = PendingWallet::Null,
            ("A15", _) => return Err(wrong("A15", "pending, null")),
            ("A20", "optional" | "required") => self.store_required = choice == "required",
            ("A20", _) => return Err(wrong("A20", "optional, required")),
            _ => return Err(SwitchError::Unknown(id.to_owned())),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Acks, PendingWallet, RefundWindow, Resends, Switches, TwiceRegistered};

    #[test]
    fn switches_are_set_by_number_and_word() {
        let mut switches = Switches::default();
        for (id, choice) in [
            ("A2", "signed"),
            ("A6", "require-signed-ack"),
            ("A7", "cut-24h"),
            ("A10", "required"),
            ("A12", "366-days"),
            ("A20", "required"),
            ("A14", "never"),
            ("A15", "null"),
        ] {
            switches.set(id, choice).unwrap();
        }
        let expected = Switches {
            signed_refusals: true,
            acks: Acks::Signed,
            resends: Resends::WithinDay,
            notify_url_required: true,
            refund_window: RefundWindow::Days366,
            store_required: true,
            twice_registered: TwiceRegistered::Never,
            pending_wallet: PendingWallet::Null,
        };
        assert_eq!(switches, expected);
        assert!(switches.set("A99", "on").is_err());
        let error = switches.set("A7", "twice").unwrap_err().to_string();
        assert_eq!(error, "switch A7 knows no 'twice': expected one of full, cut-24h, once");
    }
}
