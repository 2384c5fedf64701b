//! The words that fill places in the sentences of this suite.

use crate::parameters::words;

words! {
    /// Why there is nothing to give back.
    Nothing "nothing-to-give-back" "that waits for the buyer|that the buyer declined|that was paid and cancelled|that nobody knows" {
        Waiting = "that waits for the buyer",
        Declined = "that the buyer declined",
        Cancelled = "that was paid and cancelled",
        Unknown = "that nobody knows",
    }
}

words! {
    /// What happens to the first refund.
    RefundTrouble "refund-trouble" "is processed and answered with U UNKNOWN_EXCEPTION|is answered with U UNKNOWN_EXCEPTION and not processed|is answered with U REQUEST_TRAFFIC_EXCEED_LIMIT and not processed|is lost on its way|is processed and its answer lost|is processed and its answer replaced by a page of HTTP 502" {
        Processed = "is processed and answered with U UNKNOWN_EXCEPTION",
        Unprocessed = "is answered with U UNKNOWN_EXCEPTION and not processed",
        Busy = "is answered with U REQUEST_TRAFFIC_EXCEED_LIMIT and not processed",
        Lost = "is lost on its way",
        AnswerLost = "is processed and its answer lost",
        Http502 = "is processed and its answer replaced by a page of HTTP 502",
    }
}

words! {
    /// How a refund that takes its time ends.
    SlowEnd "slow-end" "succeeds|fails" {
        Succeeds = "succeeds", Fails = "fails",
    }
}

words! {
    /// Why a refund is refused for good.
    Refused "refused-because" "the refund window has been over for a day|the gateway refuses every refund with PROCESS_FAIL|the gateway refuses every refund with INVALID_MERCHANT_STATUS|the gateway refuses every refund with INVALID_CONTRACT" {
        Window = "the refund window has been over for a day",
        Process = "the gateway refuses every refund with PROCESS_FAIL",
        Merchant = "the gateway refuses every refund with INVALID_MERCHANT_STATUS",
        Contract = "the gateway refuses every refund with INVALID_CONTRACT",
    }
}

words! {
    /// How an answer about money that goes back is forged.
    BackForgery "back-forgery" "turns the refusal of a refund into a success|turns the refusal of a refund into a success without a signature|turns PROCESSING into SUCCESS in every refund inquiry|turns the refusal of a cancel into a success" {
        Refund = "turns the refusal of a refund into a success",
        RefundUnsigned = "turns the refusal of a refund into a success without a signature",
        Inquiry = "turns PROCESSING into SUCCESS in every refund inquiry",
        Cancel = "turns the refusal of a cancel into a success",
    }
}

words! {
    /// What the clerk does to an order that is paid.
    Deed "deed" "refunds USD 3.00 of it|cancels it" {
        Refunds = "refunds USD 3.00 of it", Cancels = "cancels it",
    }
}

words! {
    /// What follows a cancel.
    Follow "follow" "nothing|one refund of the full amount" {
        Nothing = "nothing", Refund = "one refund of the full amount",
    }
}

words! {
    /// How the books show an order whose money went back.
    Back "back-as" "cancelled|refunded in full" {
        Cancelled = "cancelled", Refunded = "refunded in full",
    }
}

words! {
    /// What a cancel names that nobody knows.
    Stranger "unknown-order" "an unknown payment request id|an unknown payment id|no id at all" {
        RequestId = "an unknown payment request id",
        PaymentId = "an unknown payment id",
        Neither = "no id at all",
    }
}

words! {
    /// What happens to the first two cancels.
    CancelTrouble "cancel-trouble" "answered with U UNKNOWN_EXCEPTION|lost on the way|processed and its answer lost" {
        Unknown = "answered with U UNKNOWN_EXCEPTION",
        Lost = "lost on the way",
        AnswerLost = "processed and its answer lost",
    }
}

words! {
    /// When the buyer confirms.
    Race "race" "just before the cancel arrives|just after the cancel arrived|so early that the notice of success meets the cancel" {
        Before = "just before the cancel arrives",
        After = "just after the cancel arrived",
        Meets = "so early that the notice of success meets the cancel",
    }
}
