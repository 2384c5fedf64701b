//! Choices where the documents of the gateway disagree or are silent.

use clock::Millis;

use crate::legacy::LegacySwitches;

const MINUTE: Millis = 60_000;

/// Choices where the documents disagree or are silent. The default is the documented one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own with two positions")]
pub struct Switches {
    /// A1: refuse a request whose signature header is not written as documented.
    pub strict_signatures: bool,
    /// A2: sign the refusal of a bad signature too, for clients that cannot read it otherwise.
    pub signed_refusals: bool,
    /// A3: write result codes as older pages spell them.
    pub older_codes: bool,
    /// A4: how far `Request-Time` may be from the gateway's clock, in milliseconds; any distance
    /// when `None`.
    pub max_skew: Option<Millis>,
    /// A5: how a quote is written.
    pub quotes: QuoteForm,
    /// A6: which acks count.
    pub acks: Acks,
    /// A7: how often a notice is sent again.
    pub resends: Resends,
    /// A8: refuse a pay without `referenceOrderId`.
    pub reference_order_id_required: bool,
    /// A9: how long a payment without `paymentExpiryTime` stays open, in milliseconds; what the
    /// page of its product says when `None`.
    pub expiry: Option<Millis>,
    /// A10: refuse a pay that names no address for the notice.
    pub notify_url_required: bool,
    /// A11: until when a paid payment can be cancelled.
    pub cancel_window: CancelWindow,
    /// A12: until when a payment can be refunded.
    pub refund_window: RefundWindow,
    /// A13: tell a failure in a shop too.
    pub failure_notices: bool,
    /// A14: when a secondary merchant may be registered again.
    pub twice_registered: TwiceRegistered,
    /// A15: what is said for a wallet while the review lasts.
    pub pending_wallet: PendingWallet,
    /// A16: answer U `UNKNOWN_EXCEPTION` to pay while the buyer is asked for the password.
    pub unknown_while_asked: bool,
    /// A17: what report files look like.
    pub reports: ReportForm,
    /// A18: refuse a request that writes a scalar other than as JSON text.
    pub strict_strings: bool,
    /// A19: how many inquiries of an order do not find it yet.
    pub inquiry_lag: i64,
    /// A20: refuse a scanned code without merchant, store and terminal.
    pub store_required: bool,
    /// A23: what an ack has to say.
    pub ack_body: AckBody,
    /// The choices of the older generation.
    pub legacy: LegacySwitches,
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

/// What an ack has to say besides HTTP 200.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum AckBody {
    /// The result S and SUCCESS, in JSON.
    #[default]
    Result,
    /// The documented body and no other, its message included.
    Exact,
    /// Whatever it likes.
    Any,
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

/// Until when a paid payment can be cancelled.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum CancelWindow {
    /// Until 00:15 in GMT+8 on the day after it was created.
    #[default]
    NextDay,
    /// For ever.
    Endless,
    /// For so many milliseconds after it was created.
    For(Millis),
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

/// What is said for a wallet while the review of a secondary merchant lasts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PendingWallet {
    /// `PENDING`, as for the whole.
    #[default]
    Pending,
    /// No status.
    Null,
}

/// How a quote is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum QuoteForm {
    /// The pair in letters, the price as a number, the guarantee as a boolean.
    #[default]
    Letters,
    /// The pair in the numbers of ISO 4217, the rest the same.
    Numbers,
    /// The pair in letters, everything as text.
    Texts,
}

/// What report files look like. Each position but the first differs from it in one thing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ReportForm {
    /// In-store files named by currency, a row of its own with an id of its own for each refund, the
    /// fee returned with it, and two rows for what was paid and cancelled.
    #[default]
    Pair,
    /// No rows for what was paid and cancelled.
    LeftOut,
    /// Files of transactions named by their day.
    NamedByDate,
    /// Files of transactions named by wallet, currency and day.
    NamedByWallet,
    /// The rows of refunds under the id of their payment.
    PaymentIds,
    /// No fee returned with a refund.
    FeeKept,
}

/// What a position puts into the switches; the number is 0 unless its word asks for one.
pub(crate) type Put = fn(&mut Switches, i64);

/// Every position of every switch, the default first. A word that ends with angle brackets stands
/// for a whole number in their place.
const TABLE: &[(&str, &str, Put)] = &[
    ("A1", "lenient", |s, _| s.strict_signatures = false),
    ("A1", "strict", |s, _| s.strict_signatures = true),
    ("A2", "unsigned", |s, _| s.signed_refusals = false),
    ("A2", "signed", |s, _| s.signed_refusals = true),
    ("A3", "newest", |s, _| s.older_codes = false),
    ("A3", "older", |s, _| s.older_codes = true),
    ("A4", "not-enforced", |s, _| s.max_skew = None),
    ("A4", "max-skew=<seconds>", |s, seconds| s.max_skew = Some(seconds * 1_000)),
    ("A5", "letters", |s, _| s.quotes = QuoteForm::Letters),
    ("A5", "numbers", |s, _| s.quotes = QuoteForm::Numbers),
    ("A5", "all-strings", |s, _| s.quotes = QuoteForm::Texts),
    ("A6", "any", |s, _| s.acks = Acks::Any),
    ("A6", "require-signed-ack", |s, _| s.acks = Acks::Signed),
    ("A7", "full", |s, _| s.resends = Resends::Full),
    ("A7", "cut-24h", |s, _| s.resends = Resends::WithinDay),
    ("A7", "once", |s, _| s.resends = Resends::Once),
    ("A8", "optional", |s, _| s.reference_order_id_required = false),
    ("A8", "required", |s, _| s.reference_order_id_required = true),
    ("A9", "per-product", |s, _| s.expiry = None),
    ("A9", "<minutes>", |s, minutes| s.expiry = Some(minutes * MINUTE)),
    ("A10", "optional", |s, _| s.notify_url_required = false),
    ("A10", "required", |s, _| s.notify_url_required = true),
    ("A11", "next-day-00:15", |s, _| s.cancel_window = CancelWindow::NextDay),
    ("A11", "none", |s, _| s.cancel_window = CancelWindow::Endless),
    ("A11", "<minutes>", |s, minutes| s.cancel_window = CancelWindow::For(minutes * MINUTE)),
    ("A12", "calendar-year", |s, _| s.refund_window = RefundWindow::CalendarYear),
    ("A12", "366-days", |s, _| s.refund_window = RefundWindow::Days366),
    ("A13", "success-only", |s, _| s.failure_notices = false),
    ("A13", "notify-failure", |s, _| s.failure_notices = true),
    ("A14", "after-rejection", |s, _| s.twice_registered = TwiceRegistered::AfterRejection),
    ("A14", "never", |s, _| s.twice_registered = TwiceRegistered::Never),
    ("A14", "always", |s, _| s.twice_registered = TwiceRegistered::Always),
    ("A15", "pending", |s, _| s.pending_wallet = PendingWallet::Pending),
    ("A15", "null", |s, _| s.pending_wallet = PendingWallet::Null),
    ("A16", "PAYMENT_IN_PROCESS", |s, _| s.unknown_while_asked = false),
    ("A16", "UNKNOWN_EXCEPTION", |s, _| s.unknown_while_asked = true),
    ("A17", "pair", |s, _| s.reports = ReportForm::Pair),
    ("A17", "left-out", |s, _| s.reports = ReportForm::LeftOut),
    ("A17", "named-by-date", |s, _| s.reports = ReportForm::NamedByDate),
    ("A17", "named-by-wallet", |s, _| s.reports = ReportForm::NamedByWallet),
    ("A17", "payment-ids", |s, _| s.reports = ReportForm::PaymentIds),
    ("A17", "fee-kept", |s, _| s.reports = ReportForm::FeeKept),
    ("A18", "lenient", |s, _| s.strict_strings = false),
    ("A18", "strict-strings", |s, _| s.strict_strings = true),
    ("A19", "none", |s, _| s.inquiry_lag = 0),
    ("A19", "lag=<n>", |s, n| s.inquiry_lag = n),
    ("A20", "optional", |s, _| s.store_required = false),
    ("A20", "required", |s, _| s.store_required = true),
    ("A23", "result", |s, _| s.ack_body = AckBody::Result),
    ("A23", "exact", |s, _| s.ack_body = AckBody::Exact),
    ("A23", "status-only", |s, _| s.ack_body = AckBody::Any),
];

/// Every position of every switch of both generations.
fn positions() -> impl Iterator<Item = &'static (&'static str, &'static str, Put)> {
    TABLE.iter().chain(crate::legacy::TABLE)
}

/// Why a switch cannot be set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SwitchError {
    /// There is no such switch here.
    #[error("'{0}' is no switch of the embedded gateway: it has {all}", all = listed())]
    Unknown(String),
    /// The switch has no such position.
    #[error("switch {id} knows no '{choice}': expected one of {expected}")]
    Choice {
        /// The switch.
        id: String,
        /// What was asked for.
        choice: String,
        /// What there is.
        expected: String,
    },
}

/// The numbers of all switches.
pub fn switch_ids() -> Vec<&'static str> {
    let mut ids: Vec<&str> = positions().map(|(id, ..)| *id).collect();
    ids.dedup();
    ids
}

/// The same as a sentence lists them.
fn listed() -> String {
    let ids = switch_ids();
    let (last, others) = ids.split_last().unwrap_or((&"none", &[]));
    format!("{} and {last}", others.join(", "))
}

/// The number in a choice that has the form of a word, 0 where the word asks for none. Eight digits
/// keep every moment in the range that can be written.
fn number_in(choice: &str, word: &str) -> Option<i64> {
    let Some((before, _)) = word.split_once('<') else { return (word == choice).then_some(0) };
    let digits = choice.strip_prefix(before)?;
    let plain = digits.len() <= 8 && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|number| plain && *number > 0)
}

impl Switches {
    /// Sets a switch by its number and the word for its position.
    pub fn set(&mut self, id: &str, choice: &str) -> Result<(), SwitchError> {
        let mut words = Vec::new();
        for (_, word, put) in positions().filter(|(known, ..)| *known == id) {
            if let Some(number) = number_in(choice, word) {
                put(self, number);
                return Ok(());
            }
            words.push(*word);
        }
        let id = id.to_owned();
        if words.is_empty() {
            return Err(SwitchError::Unknown(id));
        }
        Err(SwitchError::Choice { id, choice: choice.to_owned(), expected: words.join(", ") })
    }
}

#[cfg(test)]
mod tests {
    use super::{Switches, positions};

    /// Switches that differ from `switches` in one position of the table.
    fn turned(mut switches: Switches, id: &str, word: &str) -> Switches {
        let choice =
            word.split_once('<').map_or(word.to_owned(), |(before, _)| format!("{before}7"));
        switches.set(id, &choice).unwrap();
        switches
    }

    #[test]
    fn positions_differ_and_the_first_is_the_default() {
        let default = Switches::default();
        let table: Vec<_> = positions().copied().collect();
        for rows in table.chunk_by(|(id, ..), (next, ..)| id == next) {
            let (id, first, _) = rows[0];
            assert_eq!(turned(default, id, first), default, "{id}");
            for (place, (_, word, _)) in rows.iter().enumerate().skip(1) {
                let there = turned(default, id, word);
                for (_, other, _) in &rows[..place] {
                    assert_ne!(there, turned(default, id, other), "{id} {word}");
                }
                assert_eq!(turned(there, id, first), default, "{id} {word}");
            }
        }
    }

    #[test]
    fn who_asks_for_what_is_not_there_reads_what_there_is() {
        let mut switches = Switches::default();
        for (id, choice, says) in [
            ("A7", "twice", "switch A7 knows no 'twice': expected one of full, cut-24h, once"),
            ("A7", "", "switch A7 knows no '': expected one of full, cut-24h, once"),
            (
                "A4",
                "max-skew=0",
                "switch A4 knows no 'max-skew=0': \
                 expected one of not-enforced, max-skew=<seconds>",
            ),
            (
                "A99",
                "on",
                "'A99' is no switch of the embedded gateway: \
                 it has A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11, A12, A13, A14, A15, A16, A17, A18, A19, A20, A23, \
                 L1, L2, L3, L4, L5, L6, L7, L8, L9, L10, L11, L12, L13, L14, L15, L16, L17, \
                 L18, L19, L20, L21, L22, L23, L24, L25, L26, L27 and L28",
            ),
        ] {
            assert_eq!(switches.set(id, choice).unwrap_err().to_string(), says);
        }
        assert_eq!(switches, Switches::default());
    }
}
