//! The defects that a test can switch on, to prove that a case notices them.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

macro_rules! defects {
    ($($(#[doc = $what:literal])* $name:ident $id:literal;)*) => {
        /// One thing that a gateway may get wrong. Each has a case that has to fail because of it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Defect {
            $($(#[doc = $what])* $name,)*
        }

        impl Defect {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The id in the catalogue of cases.
            pub fn id(self) -> &'static str {
                match self {
                    $(Self::$name => $id,)*
                }
            }

            /// What it does, in a sentence.
            pub fn says(self) -> &'static str {
                match self {
                    $(Self::$name => concat!($($what),*).trim_ascii(),)*
                }
            }
        }
    };
}

defects! {
    /// Answers pay with one unit more than was asked for.
    AmountEchoWrong "G-AMS-amount-echo-wrong";
    /// Says S and takes no money.
    SuccessWithoutDebit "G-AMS-success-without-debit";
    /// Takes only codes of 16 to 18 digits that begin with 28.
    CodeOldRule "G-AMS-code-old-rule";
    /// Takes a payment code that has been used.
    CodeReusable "G-AMS-code-reusable";
    /// Answers S while the buyer is still being asked.
    PendingAnsweredS "G-AMS-pending-answered-s";
    /// Says PROCESSING about a payment that succeeded.
    InquiryStale "G-AMS-inquiry-stale";
    /// Debits a buyer who confirms a cancelled payment.
    CancelledStillPayable "G-AMS-cancelled-still-payable";
    /// Says PROCESSING about an id that it never saw.
    UnknownOrderProcessing "G-AMS-unknown-order-processing";
    /// Makes a new payment under the id of a cancelled one.
    CancelledIdReusable "G-AMS-cancelled-id-reusable";
    /// Debits as soon as an order code is made.
    CodeDebits "G-AMS-code-debits";
    /// Leaves the code out of the answer that should bring it.
    NextStepMissing "G-AMS-next-step-missing";
    /// Lets an expired payment be paid.
    ExpiryIgnored "G-AMS-expiry-ignored";
    /// Signs a body first and escapes it afterwards.
    SignRewritten "G-AMS-sign-rewritten";
    /// Does not sign answers with S.
    AnswerUnsigned "G-AMS-answer-unsigned";
    /// Signs the live path for calls of the sandbox path.
    SignsLivePath "G-AMS-signs-live-path";
    /// Takes calls with a wrong signature.
    RequestUnverified "G-AMS-request-unverified";
    /// Repeats its answer as it should, and the debit too.
    RepeatDebits "G-AMS-repeat-debits";
    /// Makes a new order whenever a call is repeated.
    RepeatNewOrder "G-AMS-repeat-new-order";
    /// Says S to a known id with another amount, and leaves everything as it was.
    RepeatOtherAmount "G-AMS-repeat-other-amount";
    /// Leaves the query out of what it signs for a notice.
    NoticeWithoutQuery "G-AMS-notice-without-query";
    /// Never sends a notice again.
    NoResend "G-AMS-no-resend";
    /// Sends the whole schedule in spite of an ack.
    ResendAfterAck "G-AMS-resend-after-ack";
    /// Debits a hundredth where the currency has no decimals.
    JpyHasCents "G-AMS-jpy-has-cents";
    /// Takes a pay without store or merchant where both are demanded.
    StoreOptional "G-AMS-store-optional";
    /// Says S to a cancel and keeps the money.
    CancelKeepsMoney "G-AMS-cancel-keeps-money";
    /// Leaves refunds out of what it says about a payment.
    RefundNotListed "G-AMS-refund-not-listed";
    /// Gives back more than was paid.
    RefundOverTotal "G-AMS-refund-over-total";
    /// Pays out again for an id that it knows.
    RefundRepeats "G-AMS-refund-repeats";
    /// Refunds a payment that was cancelled.
    RefundOfCancelled "G-AMS-refund-of-cancelled";
    /// Says S to the refund of an order that nobody paid, and moves nothing.
    RefundOfUnpaid "G-AMS-refund-of-unpaid";
    /// Refunds after the window.
    RefundWindowOpen "G-AMS-refund-window-open";
    /// Closes the cancel window at a quarter past midnight in UTC.
    CancelWindowUtc "G-AMS-cancel-window-utc";
    /// Says S to the cancel of an unknown order.
    CancelUnknownS "G-AMS-cancel-unknown-s";
    /// Gives the money back for every cancel.
    CancelCreditsTwice "G-AMS-cancel-credits-twice";
    /// Says S to a cancel and keeps a debit of the same moment.
    RacePaidAndCancelled "G-AMS-race-paid-and-cancelled";
    /// Registers whatever comes, without a look at its fields.
    RegUnvalidated "G-AMS-reg-unvalidated";
    /// Refuses to register twice, and keeps what the second registration said.
    RegOverwrites "G-AMS-reg-overwrites";
    /// Says S about a secondary merchant that it does not know.
    UnknownMerchantS "G-AMS-unknown-merchant-s";
    /// Takes a pay of a secondary merchant that it does not know.
    UnregisteredMaySell "G-AMS-unregistered-may-sell";
    /// Tells what was registered escaped for HTML.
    InfoEscaped "G-AMS-info-escaped";
    /// Leaves the last transaction of the day out of the file.
    FileDropsRow "G-AMS-file-drops-row";
    /// Writes minor units into the file.
    FileMinorUnits "G-AMS-file-minor-units";
    /// Writes the day's first store into every row of the file.
    FileOneStore "G-AMS-file-one-store";
    /// Writes no file for a day without transactions.
    EmptyDayNoFile "G-AMS-empty-day-no-file";
    /// Cuts the day at midnight UTC.
    DayInUtc "G-AMS-day-in-utc";
    /// Writes gross plus fee as net.
    FeeAdded "G-AMS-fee-added";
    /// Counts failed orders in the summary.
    SummaryCountsFailed "G-AMS-summary-counts-failed";
    /// Sends its answers without a sign.
    LegAnswerUnsigned "G-LEG-answer-unsigned";
    /// Repeats an amount without its cents.
    LegAnswerAmount "G-LEG-answer-amount";
    /// Answers SUCCESS to a pay that it has not booked.
    LegSuccessNotBooked "G-LEG-success-not-booked";
    /// Takes only codes of 18 digits.
    LegCode18Only "G-LEG-code-18-only";
    /// Says that an order is paid while the password is still asked.
    LegEarlySuccess "G-LEG-early-success";
    /// Lets the buyer confirm an order that was cancelled.
    LegClosedStillPayable "G-LEG-closed-still-payable";
    /// Cannot find by the partner's number a trade whose answer was its only news.
    LegLostAnswerLostOrder "G-LEG-lost-answer-lost-order";
    /// Says that an order waits which it never saw.
    LegUnknownWaits "G-LEG-unknown-waits";
    /// Closes a paid order and keeps the money.
    LegCancelKeepsMoney "G-LEG-cancel-keeps-money";
    /// Never closes an unpaid order by itself.
    LegNeverExpires "G-LEG-never-expires";
    /// Opens a closed order again.
    LegClosedReopens "G-LEG-closed-reopens";
    /// Answers FAILED and charges the buyer.
    LegRefusedButCharged "G-LEG-refused-but-charged";
    /// Makes a second trade of an identical pay.
    LegRepeatCharges "G-LEG-repeat-charges";
    /// Lets a repeated pay with another amount overwrite the order.
    LegOverwrites "G-LEG-overwrites";
    /// Verifies calls over values as they travel, escapes and all.
    LegVerifiesEncoded "G-LEG-verifies-encoded";
    /// Declares GBK and sends UTF-8.
    LegGbkLabelOnly "G-LEG-gbk-label-only";
    /// Verifies the body of a call without its query.
    LegBodyOnly "G-LEG-body-only";
    /// Signs with SHA-1 under the label RSA2.
    LegRsa2Sha1 "G-LEG-rsa2-sha1";
    /// Takes any DSA signature.
    LegDsaUnchecked "G-LEG-dsa-unchecked";
    /// Takes calls whose signature does not verify.
    LegSignUnchecked "G-LEG-sign-unchecked";
    /// Refuses a bad signature, and does what the call asked for.
    LegBadSignBooks "G-LEG-bad-sign-books";
    /// Takes calls of any age.
    LegTimestampUnchecked "G-LEG-timestamp-unchecked";
    /// Answers a missing parameter as if it were its own error.
    LegErrorCodeMixed "G-LEG-error-code-mixed";
    /// Signs the text of an answer as it is escaped in its XML.
    LegSignEscaped "G-LEG-sign-escaped";
    /// Knows every notice.
    LegVerifyAlwaysTrue "G-LEG-verify-always-true";
    /// Says that it refunded and returns nothing.
    LegRefundNotReturned "G-LEG-refund-not-returned";
    /// Forgets earlier refunds where it looks whether there is enough left.
    LegOverRefund "G-LEG-over-refund";
    /// Returns the money again for a repeated refund.
    LegRefundRepeatReturns "G-LEG-refund-repeat-returns";
    /// Runs by day a refund that has to wait for the night.
    LegRefundByDay "G-LEG-refund-by-day";
    /// Refuses the cancel of an order that it never saw.
    LegCancelUnknownFails "G-LEG-cancel-unknown-fails";
    /// Ends the day of the cancel limit in UTC.
    LegCancelUtcDay "G-LEG-cancel-utc-day";
    /// Asks for a payment by code and shows no code.
    LegQrNoCode "G-LEG-qr-no-code";
    /// Says that an order is paid where its code was merely scanned.
    LegScanSaysPaid "G-LEG-scan-says-paid";
    /// Goes on sending a notice that was acknowledged.
    LegResendAfterSuccess "G-LEG-resend-after-success";
    /// Gives up after the first notice that nobody acknowledged.
    LegNoResend "G-LEG-no-resend";
    /// Sends the browser back without a signature.
    LegReturnUnsigned "G-LEG-return-unsigned";
    /// Makes a second trade where a browser comes to the cashier again.
    LegWebSecondTrade "G-LEG-web-second-trade";
    /// Sends no notice of a payment before the browser went back to the shop.
    LegNotifyAfterReturn "G-LEG-notify-after-return";
    /// Refunds a website's order above what was paid.
    LegForexOverRefund "G-LEG-forex-over-refund";
    /// Says that a registration passed while its review runs.
    LegMerAtOnce "G-LEG-mer-at-once";
    /// Rejects a registration without a reason.
    LegMerNoReason "G-LEG-mer-no-reason";
    /// Takes changed data without a review.
    LegMerChangeUnreviewed "G-LEG-mer-change-unreviewed";
    /// Says that it reviews a merchant of whom it never heard.
    LegMerUnknownReviewed "G-LEG-mer-unknown-reviewed";
    /// Registers whatever comes, also with a field missing.
    LegMerTakesAll "G-LEG-mer-takes-all";
    /// Charges for a secondary merchant that was never registered.
    LegMerPaysUnknown "G-LEG-mer-pays-unknown";
    /// Leaves refunds out of the file of transactions.
    LegRecRowMissing "G-LEG-rec-row-missing";
    /// Counts payments alone in the header of a file.
    LegRecCountOff "G-LEG-rec-count-off";
    /// Writes amount plus fee as what is paid out.
    LegRecFeeAdded "G-LEG-rec-fee-added";
    /// Answers a range of eleven days.
    LegRecRangeOpen "G-LEG-rec-range-open";
    /// Cuts the days of files at midnight UTC.
    LegRecUtcDay "G-LEG-rec-utc-day";
    /// Pays Saturday out on Sunday.
    LegRecWeekend "G-LEG-rec-weekend";
    /// Refuses a cancel from midnight on.
    LegCancelNoBuffer "G-LEG-cancel-no-buffer";
}

impl Defect {
    /// Finds a defect by its id.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|defect| defect.id() == id)
    }
}

/// The defect of one tenant, if it has one, and whether it ever showed.
#[derive(Debug, Default)]
pub(crate) struct Defects {
    chosen: OnceLock<Defect>,
    struck: AtomicBool,
}

impl Defects {
    /// Switches `defect` on. The first one stays: a mutant has exactly one.
    pub(crate) fn choose(&self, defect: Defect) {
        self.chosen.get_or_init(|| defect);
    }

    /// Whether `defect` is switched on; if so it counts as active from here. Ask this last, where
    /// the answer alone decides what happens.
    pub(crate) fn strikes(&self, defect: Defect) -> bool {
        let strikes = self.chosen.get() == Some(&defect);
        if strikes {
            self.struck.store(true, Ordering::SeqCst);
        }
        strikes
    }

    /// Whether the defect changed anything so far.
    pub(crate) fn struck(&self) -> bool {
        self.struck.load(Ordering::SeqCst)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::Defect;

    #[test]
    fn every_defect_is_found_by_its_own_id() {
        let ids: BTreeSet<_> = Defect::ALL.iter().map(|defect| defect.id()).collect();
        assert_eq!(ids.len(), Defect::ALL.len());
        for defect in Defect::ALL {
            assert_eq!(Defect::from_id(defect.id()), Some(*defect));
        }
        assert_eq!(Defect::from_id("G-AMS-"), None);
    }

    #[test]
    fn the_ids_are_those_of_the_catalogue() {
        let expected = "amount-echo-wrong answer-unsigned cancel-credits-twice cancel-keeps-money \
            cancel-unknown-s cancel-window-utc cancelled-id-reusable \
            cancelled-still-payable code-debits code-old-rule code-reusable \
             day-in-utc empty-day-no-file expiry-ignored fee-added file-drops-row \
             file-minor-units file-one-store info-escaped inquiry-stale jpy-has-cents next-step-missing \
             no-resend notice-without-query pending-answered-s race-paid-and-cancelled \
             refund-not-listed refund-of-cancelled refund-of-unpaid refund-over-total \
             refund-repeats refund-window-open reg-overwrites reg-unvalidated repeat-debits \
             repeat-new-order repeat-other-amount request-unverified resend-after-ack \
             sign-rewritten signs-live-path store-optional success-without-debit \
             summary-counts-failed unknown-merchant-s unknown-order-processing \
             unregistered-may-sell";
        let mut ids: Vec<_> =
            Defect::ALL.iter().filter_map(|defect| defect.id().strip_prefix("G-AMS-")).collect();
        ids.sort_unstable();
        assert_eq!(ids, expected.split_whitespace().collect::<Vec<_>>());
    }
}
