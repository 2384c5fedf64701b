//! The defects that a reference merchant can be given, one at a time.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

macro_rules! defects {
    ($($name:ident $id:literal $what:literal;)*) => {
        /// One thing done wrong, which a case of the suites has to notice.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Defect {
            $(#[doc = $what] $name,)*
        }

        impl Defect {
            /// All of them, in the order of the cases that notice them.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The id in the catalogue.
            pub fn id(self) -> &'static str {
                match self {
                    $(Self::$name => $id,)*
                }
            }

            /// What it does, in a sentence.
            pub fn says(self) -> &'static str {
                match self {
                    $(Self::$name => $what,)*
                }
            }
        }
    };
}

defects! {
    StoreLeftOut "M-AMS-store-left-out" "Pay names neither store nor terminal.";
    CodeAsNumber "M-AMS-code-as-number" "The payment code becomes a floating number on its way.";
    CodeFilter "M-AMS-code-filter" "The till knows only codes of 18 digits that begin with 28.";
    QueryOkIsPaid "M-AMS-query-ok-is-paid" "An inquiry that worked counts as a payment.";
    PollHasty "M-AMS-poll-hasty" "Inquiries follow each other five times a second.";
    PollShort "M-AMS-poll-short" "The order is cancelled after three inquiries.";
    NoCancel "M-AMS-no-cancel" "After the last inquiry the order is dropped without a cancel.";
    UnknownIsFailure "M-AMS-unknown-is-failure" "An unknown result counts as a failure.";
    NewIdAfterUnknown "M-AMS-new-id-after-unknown" "After one inquiry a second payment is started.";
    Timeout60s "M-AMS-timeout-60s" "The answer to pay is waited for during a minute.";
    QueryResultNotBooked "M-AMS-query-result-not-booked" "The back office never hears of a success \
        that an inquiry found.";
    NotExistIsFinal "M-AMS-not-exist-is-final" "An order that is not there yet counts as failed.";
    NotExistHurries "M-AMS-not-exist-hurries" "An order that is not there yet is asked for again at \
        once.";
    FailKeepsPolling "M-AMS-fail-keeps-polling" "A failed payment is asked for again and again.";
    IdReusedAfterF "M-AMS-id-reused-after-f" "A new attempt goes out under the id of the last.";
    UnlistedCodeHangs "M-AMS-unlisted-code-hangs" "A refusal with an unlisted code is overlooked.";
    RetryOnF "M-AMS-retry-on-f" "Pay goes out again after a general failure.";
    CodeCreatedIsPaid "M-AMS-code-created-is-paid" "A code that was created counts as paid.";
    CodeRewritten "M-AMS-code-rewritten" "The code is drawn in lower case.";
    CodeNewId "M-AMS-code-new-id" "A lost request for a code is repeated under a new id.";
    SignLatin1 "M-AMS-sign-latin1" "Latin-1 is signed and UTF-8 is sent.";
    TextFlattened "M-AMS-text-flattened" "What is not ASCII becomes a question mark.";
    VerifyRewritten "M-AMS-verify-rewritten" "What is verified is JSON that was written anew.";
    AnswerUnverified "M-AMS-answer-unverified" "No answer is verified.";
    AnswerIdIgnored "M-AMS-answer-id-ignored" "An answer about another order is believed.";
    UnsignedAnswer "M-AMS-unsigned-answer" "An answer without a signature is believed.";
    TimeInSeconds "M-AMS-time-in-seconds" "The request's time counts seconds.";
    UnsignedFHangs "M-AMS-unsigned-f-hangs" "An unsigned refusal ends the work and nothing else.";
    HttpErrorIsFailure "M-AMS-http-error-is-failure" "An HTTP error counts as a failed payment.";
    CutBodyTrusted "M-AMS-cut-body-trusted" "The status is read from half a body.";
    DoublePress "M-AMS-double-press" "The second press starts a second payment.";
    NotifyUrlLeftOut "M-AMS-notify-url-left-out" "Pay names no address for the notice.";
    AckLegacyText "M-AMS-ack-legacy-text" "The ack is the one word of the older generation.";
    AckBom "M-AMS-ack-bom" "A byte-order mark stands before the ack.";
    NoticeUnverified "M-AMS-notice-unverified" "No notice is verified.";
    NoticeUnsignedOk "M-AMS-notice-unsigned-ok" "A notice without a signature is believed.";
    AcksAll "M-AMS-acks-all" "What does not verify is acked and thrown away.";
    BooksBeforeVerifying "M-AMS-books-before-verifying" "A notice is booked and verified afterwards.";
    NoticeAmountIgnored "M-AMS-notice-amount-ignored" "The notice's amount is not compared.";
    NoticeBooksAgain "M-AMS-notice-books-again" "Every copy of a notice is booked.";
    DuplicateRefused "M-AMS-duplicate-refused" "The copy of a notice is refused.";
    NoticeOnly "M-AMS-notice-only" "Nothing is ever inquired.";
    PollsOnceAMinute "M-AMS-polls-once-a-minute" "Inquiries are a minute apart.";
    NoticeNeedsPaymentId "M-AMS-notice-needs-payment-id" "Orders are found by the gateway's id only.";
    AnswerBooksAgain "M-AMS-answer-books-again" "The answer is booked on top of the notice.";
    NoticeRevives "M-AMS-notice-revives" "A notice makes a cancelled order paid.";
    NoticeTypeIgnored "M-AMS-notice-type-ignored" "Every type of notice counts as a payment.";
    NoticeCreatesOrder "M-AMS-notice-creates-order" "A notice about nothing known becomes an order.";
    StateEarly "M-AMS-state-early" "The till shows paid as soon as pay was sent.";
    JpyHundredfold "M-AMS-jpy-hundredfold" "Every currency is taken to have cents.";
    FloatCents "M-AMS-float-cents" "Amounts go through floating arithmetic.";
    NoticeResultIgnored "M-AMS-notice-result-ignored" "Every verified notice counts as a success.";
    ExpiredCodeShown "M-AMS-expired-code-shown" "A code or link that has expired is still offered.";
    UseragentInvented "M-AMS-useragent-invented" "Pay names a user agent that is not the wallet's.";
    ReturnIsPaid "M-AMS-return-is-paid" "A buyer who comes back from the wallet counts as having paid.";
    ComparesActual "M-AMS-compares-actual" "The order is compared with what the wallet is charged.";
    RefundByRequestId "M-AMS-refund-by-request-id" "A refund names the merchant's own payment id.";
    RefundIdPerOrder "M-AMS-refund-id-per-order" "All refunds of an order share one id.";
    RefundFIsDone "M-AMS-refund-f-is-done" "A refused refund is shown as done.";
    RefundDoublePress "M-AMS-refund-double-press" "The second press starts a second refund.";
    RefundNewId "M-AMS-refund-new-id" "An unanswered refund is repeated under a new id.";
    RefundUnknownIsDone "M-AMS-refund-unknown-is-done" "An unknown result counts as a refund.";
    RefundQueryOkIsDone "M-AMS-refund-query-ok-is-done" "A refund inquiry that worked counts as a \
        refund.";
    RefundRetriesOnF "M-AMS-refund-retries-on-f" "A refused refund is repeated every minute.";
    OnlyPayVerified "M-AMS-only-pay-verified" "The answers to refund and cancel are not verified.";
    CancelOnlyLocal "M-AMS-cancel-only-local" "The gateway never hears of a cancel.";
    CancelNotBooked "M-AMS-cancel-not-booked" "A cancelled order stays paid in the books.";
    CancelAndRefund "M-AMS-cancel-and-refund" "A refund follows a successful cancel.";
    WindowGivesUp "M-AMS-window-gives-up" "Nothing follows a cancel that comes too late.";
    CancelOnce "M-AMS-cancel-once" "A cancel without an answer is not repeated.";
    CancelUnknownIsDone "M-AMS-cancel-unknown-is-done" "An unknown result counts as a cancel.";
    CancelAssumed "M-AMS-cancel-assumed" "A cancel that was never confirmed counts as done.";
    RaceDelivers "M-AMS-race-delivers" "A notice that overtakes the confirmed cancel is booked.";
    FileAsMinorUnits "M-AMS-file-as-minor-units" "Amounts of a file are taken to be minor units.";
    EmptyDayIsFault "M-AMS-empty-day-is-fault" "A file without rows counts as broken.";
    FirstFileOnly "M-AMS-first-file-only" "Of several files of a day the first alone is read.";
    DayInLocalTime "M-AMS-day-in-local-time" "The own day is cut at the shop's midnight.";
    BomInHeader "M-AMS-bom-in-header" "A byte-order mark counts as part of a column's name.";
    EndNotChecked "M-AMS-end-not-checked" "Nobody looks for the line that ends a file.";
    FileSideOnly "M-AMS-file-side-only" "What a file lacks goes unseen.";
    OwnSideOnly "M-AMS-own-side-only" "What a file has too much of goes unseen.";
    CentTolerance "M-AMS-cent-tolerance" "Differences up to 0.01 pass.";
    TotalsOnly "M-AMS-totals-only" "Counts and totals alone are compared.";
    RowsById "M-AMS-rows-by-id" "Rows are kept by their id, so one that is there twice is one.";
    CurrencyBlind "M-AMS-currency-blind" "Numbers are compared and currencies are not.";
    SignBlind "M-AMS-sign-blind" "Amounts are compared without their signs.";
    FeeBlind "M-AMS-fee-blind" "Fee and payout of a settlement are never looked at.";
    SummaryUnread "M-AMS-summary-unread" "The summary is fetched and not compared.";
    AbsentIsEmpty "M-AMS-absent-is-empty" "A file that is not there yet is a day without sales.";
    AcceptedIsApproved "M-AMS-accepted-is-approved" "A registration that was taken counts as approved.";
    StatusByRequestId "M-AMS-status-by-request-id" "The status is asked by the request's id alone.";
    RegAckEmpty "M-AMS-reg-ack-empty" "The notice of a review is answered with nothing.";
    CompletedIsApproved "M-AMS-completed-is-approved" "A completed review counts as every wallet's approval.";
    RegFIsPending "M-AMS-reg-f-is-pending" "A refused registration stays pending.";
    RepeatLosesApproval "M-AMS-repeat-loses-approval" "To be registered already counts as rejected.";
    RegNewId "M-AMS-reg-new-id" "A registration without a clear answer goes out under a new id.";
    HeadMerchantStandsIn "M-AMS-head-merchant-stands-in" "The head merchant sells where the secondary one \
        may not.";
    OneStoreForAll "M-AMS-one-store-for-all" "Every till names the same store.";

    LegNoSecondaryMerchant "M-LEG-no-secondary-merchant" "Pay names no secondary merchant.";
    LegNoStore "M-LEG-no-store" "Pay names no store.";
    LegFixedStore "M-LEG-fixed-store" "Every till names the same store.";
    LegCodeCut "M-LEG-code-cut" "Of the buyer's code 18 digits are kept.";
    LegSignTypeSigned "M-LEG-sign-type-signed" "The signature covers its own type.";
    LegSignsEncoded "M-LEG-signs-encoded" "Values are signed percent-encoded.";
    LegFloatAmount "M-LEG-float-amount" "Amounts go through floating arithmetic.";
    LegGbkSignsUtf8 "M-LEG-gbk-signs-utf8" "GBK is declared and UTF-8 is signed.";
    LegCharsetInBody "M-LEG-charset-in-body" "The charset of a POST stands in its body alone.";
    LegMd5Separator "M-LEG-md5-separator" "Between text and MD5 key stands &key=.";
    LegRsaSha256 "M-LEG-rsa-sha256" "RSA is declared and SHA-256 is signed.";
    LegRsa2Sha1 "M-LEG-rsa2-sha1" "RSA2 is declared and SHA-1 is signed.";
    LegOwnKeyAsAlipay "M-LEG-own-key-as-alipay" "The own public key stands where the gateway's belongs.";
    LegWholeDecimals "M-LEG-whole-decimals" "Amounts of every currency are sent with cents.";
    LegUnknowPaid "M-LEG-unknow-paid" "An unknown result counts as a payment.";
    LegUnknowFailed "M-LEG-unknow-failed" "An unknown result counts as a refusal.";
    LegQueryOkPaid "M-LEG-query-ok-paid" "A query that worked counts as a payment.";
    LegPollsFast "M-LEG-polls-fast" "Queries are a second apart.";
    LegGivesUp "M-LEG-gives-up" "The order is cancelled after five queries.";
    LegLeavesOpen "M-LEG-leaves-open" "After the last query the order is left open.";
    LegSystemErrorFailed "M-LEG-system-error-failed" "A system error counts as a refusal.";
    LegRepeatChanged "M-LEG-repeat-changed" "Pay is repeated with a new time.";
    LegNoTimeout "M-LEG-no-timeout" "The answer to pay is waited for without limit.";
    LegSilenceFailed "M-LEG-silence-failed" "Silence counts as a refusal.";
    LegNewNumber "M-LEG-new-number" "A second payment is started while the first is unknown.";
    LegCountsSilence "M-LEG-counts-silence" "Queries without an answer are counted.";
    LegRefundAfterCancel "M-LEG-refund-after-cancel" "A refund follows a cancel that gave the money \
        back.";
    LegReusesClosed "M-LEG-reuses-closed" "A new attempt goes out under the number of a closed one.";
    LegRescanSameNumber "M-LEG-rescan-same-number" "A new code goes out under the number of the old \
        one.";
    LegHasSuccessFailed "M-LEG-has-success-failed" "That a trade is paid already counts as a failure.";
    LegNumberPerPress "M-LEG-number-per-press" "Each press of the key makes a new number.";
    LegNumberPerBasket "M-LEG-number-per-basket" "A basket keeps its number when its amount changes.";
    LegAnyAnswerPaid "M-LEG-any-answer-paid" "Any answer with HTTP 200 counts as a payment.";
    LegTakesUnsigned "M-LEG-takes-unsigned" "An answer without a signature is believed.";
    LegTakesForged "M-LEG-takes-forged" "No answer is verified.";
    LegTakesOtherOrder "M-LEG-takes-other-order" "An answer about another order is believed.";
    LegCodeIsPaid "M-LEG-code-is-paid" "A code that was created counts as paid.";
    LegUtcTimestamp "M-LEG-utc-timestamp" "Times of calls are those of Greenwich.";
    LegTimestampKept "M-LEG-timestamp-kept" "A later call for a code bears the time of the first.";
    LegQrSameNumber "M-LEG-qr-same-number" "A code that did not come is asked for under the same \
        number.";
    LegQrLeftPayable "M-LEG-qr-left-payable" "An unpaid code is given up without a cancel.";
    LegWaitsForNotice "M-LEG-waits-for-notice" "Nothing but a notice is believed, and nothing asked.";
    LegAnyNoticePaid "M-LEG-any-notice-paid" "Every genuine notice counts as a payment.";
    LegRedirectIsPaid "M-LEG-redirect-is-paid" "An order counts as paid once the browser leaves.";
    LegReturnAndNotice "M-LEG-return-and-notice" "Return and notice are booked separately.";
    LegKnowsNoFinished "M-LEG-knows-no-finished" "Website orders wait for a status that they never \
        have.";
    LegReturnOnly "M-LEG-return-only" "Only the return page books.";
    LegTrustsReturn "M-LEG-trusts-return" "The return is not verified.";
    LegNotExistFailed "M-LEG-not-exist-failed" "A trade that is not there yet counts as failed.";
    LegNumberPerClick "M-LEG-number-per-click" "Each click makes a new number.";
    LegAckBom "M-LEG-ack-bom" "A byte-order mark stands before the acknowledgement.";
    LegAckBeforeStore "M-LEG-ack-before-store" "A notice is acknowledged first and booked later.";
    LegNoticeUnverified "M-LEG-notice-unverified" "No notice is verified.";
    LegNoticeNoSign "M-LEG-notice-no-sign" "A notice without a signature is believed.";
    LegNoticeDowngrade "M-LEG-notice-downgrade" "The notice chooses its type of signature.";
    LegNoticeAmount "M-LEG-notice-amount" "The notice's amount is not compared.";
    LegNoticeTwice "M-LEG-notice-twice" "Every copy of a notice is booked.";
    LegNoticeRace "M-LEG-notice-race" "Two copies that arrive together are both booked.";
    LegCopyRefused "M-LEG-copy-refused" "The copy of a notice is refused.";
    LegLateRefused "M-LEG-late-refused" "A notice that comes again after an hour is refused.";
    LegVerifyIgnored "M-LEG-verify-ignored" "The gateway's word that a notice is not its own is ignored.";
    LegFinishedAfterRefund "M-LEG-finished-after-refund" "A trade that is finished after its refund \
        counts as a new payment.";
    LegRefundIdIsOrder "M-LEG-refund-id-is-order" "A refund has the payment's number.";
    LegOneRefundId "M-LEG-one-refund-id" "All refunds of an order share one number.";
    LegRefundResultUnread "M-LEG-refund-result-unread" "A refund that was taken counts as done.";
    LegRefundIdPerPress "M-LEG-refund-id-per-press" "Each press starts a refund of its own.";
    LegRefundNewId "M-LEG-refund-new-id" "An unknown refund is repeated under a new number.";
    LegAcceptedIsRefunded "M-LEG-accepted-is-refunded" "An accepted asynchronous refund counts as done.";
    LegActionUnread "M-LEG-action-unread" "Every cancel is booked as money given back.";
    LegCancelUnknownAgain "M-LEG-cancel-unknown-again" "A cancel that had nothing to do is repeated.";
    LegCancelLoop "M-LEG-cancel-loop" "A cancel that came too late is repeated.";
    LegCancelSilenceDone "M-LEG-cancel-silence-done" "A cancel without an answer counts as done.";
    LegForexCny "M-LEG-forex-cny" "A website refund is asked for in CNY.";
    LegForexBareFailed "M-LEG-forex-bare-failed" "A website refund that was taken counts as failed.";
    LegForexBurst "M-LEG-forex-burst" "Website refunds follow each other without a pause.";
    LegForexNewId "M-LEG-forex-new-id" "A website refund is repeated under a new number.";
    LegForexRepeatFailed "M-LEG-forex-repeat-failed" "A refused repeat counts as a failed refund.";
    LegRefundNoticeUnverified "M-LEG-refund-notice-unverified" "No notice of a refund is verified.";
    LegRecToday "M-LEG-rec-today" "A range is asked for that ends today.";
    LegRecAddsRefunds "M-LEG-rec-adds-refunds" "Refunds are added to what is paid out.";
    LegRecErrorAsRow "M-LEG-rec-error-as-row" "A sentence about an error counts as an empty list.";
    LegRecEmptyIsError "M-LEG-rec-empty-is-error" "That there is nothing to report counts as an error.";
    LegRecRefundByOrder "M-LEG-rec-refund-by-order" "Refunds are looked for under the payment's number.";
    LegRecByPosition "M-LEG-rec-by-position" "Columns are read by their position.";
    LegRecNoArithmetic "M-LEG-rec-no-arithmetic" "What is paid out for a row is not worked out.";
    LegRecNoCount "M-LEG-rec-no-count" "The number of rows in the head of a file is not compared.";
    LegRecTotalsOnly "M-LEG-rec-totals-only" "Totals alone are compared.";
    LegRecOneWay "M-LEG-rec-one-way" "What a file lacks goes unseen.";
    LegRecDuplicateLost "M-LEG-rec-duplicate-lost" "Of two equal rows one is lost.";
    LegRecTolerance "M-LEG-rec-tolerance" "Differences up to 0.01 pass.";
    LegRecUtcDay "M-LEG-rec-utc-day" "The own day is cut at midnight in Greenwich.";
    LegRecAbsentEmpty "M-LEG-rec-absent-empty" "A file that is not there yet has no rows.";
    LegRecNoWeekend "M-LEG-rec-no-weekend" "Settlement is expected on the next day, also at weekends.";
    LegRecPhantomRow "M-LEG-rec-phantom-row" "The line break at the end of a file makes a row.";
    LegMerAcceptedUsable "M-LEG-mer-accepted-usable" "A registration that was taken counts as approved.";
    LegMerFailedWaits "M-LEG-mer-failed-waits" "A rejected registration stays under review.";
    LegMerChangeNewId "M-LEG-mer-change-new-id" "A change is sent under a new id.";
    LegMerSiteListCut "M-LEG-mer-site-list-cut" "Of all sites the newest alone is sent.";
    LegMerNotExistWaits "M-LEG-mer-not-exist-waits" "What is not registered counts as under review.";
    LegMerErrorUnread "M-LEG-mer-error-unread" "A refused registration is shown as under review.";
    LegMerNoDrivers "M-LEG-mer-no-drivers" "The drivers of a taxi are left out.";
    LegMerSellsUnapproved "M-LEG-mer-sells-unapproved" "Sales begin before the review is over.";
}

impl Defect {
    /// The defect with that id.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|defect| defect.id() == id)
    }
}

/// The one defect that is switched on, if any, and whether it has shown yet. By default none is.
#[derive(Debug, Clone, Default)]
pub struct Switch {
    chosen: Option<Defect>,
    active: Arc<AtomicBool>,
}

impl Switch {
    /// Switches a defect on.
    pub fn of(defect: Defect) -> Self {
        Self { chosen: Some(defect), active: Arc::default() }
    }

    /// Whether the defect is switched on; where it only prepares to act.
    pub(crate) fn has(&self, defect: Defect) -> bool {
        self.chosen == Some(defect)
    }

    /// Whether the defect is switched on, at the place where it makes the difference.
    pub(crate) fn strikes(&self, defect: Defect) -> bool {
        let strikes = self.has(defect);
        if strikes {
            self.active.store(true, Ordering::SeqCst);
        }
        strikes
    }

    /// Whether one of two defects is switched on: the same fault in either generation.
    pub(crate) fn either(&self, ams: Defect, legacy: Defect) -> bool {
        self.strikes(ams) || self.strikes(legacy)
    }

    /// Whether the defect has changed anything.
    pub fn was_active(&self) -> bool {
        self.active.load(Ordering::SeqCst)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::Defect;

    #[test]
    fn every_defect_is_listed_once_and_found_by_its_id() {
        let ids: BTreeSet<_> = Defect::ALL.iter().map(|defect| defect.id()).collect();
        assert_eq!(ids.len(), Defect::ALL.len());
        for defect in Defect::ALL {
            assert!(defect.id().starts_with("M-AMS-") || defect.id().starts_with("M-LEG-"));
            assert_eq!(Defect::from_id(defect.id()), Some(*defect));
        }
        assert_eq!(Defect::from_id("M-AMS-none"), None);
    }
}
