//! The words that fill places in the sentences about refunds and cancels.

use crate::parameters::words;

words! {
    /// What leaves the result of refunds unknown.
    UnknownRefund "unknown-refund" "the first two answers to refund are lost|the first two refunds are executed and answered UNKNOW|the first two answers to refund are replaced by is_success=F, SYSTEM_ERROR|every answer to refund is replaced by is_success=F, SYSTEM_ERROR" {
        Lost = "the first two answers to refund are lost",
        Unknow = "the first two refunds are executed and answered UNKNOW",
        SystemError = "the first two answers to refund are replaced by is_success=F, SYSTEM_ERROR",
        SystemErrors = "every answer to refund is replaced by is_success=F, SYSTEM_ERROR",
    }
}

words! {
    /// How a refund ends whose result was unknown.
    RefundEnd "refund-end" "refunded|with a person" {
        Refunded = "refunded", Person = "with a person",
    }
}

words! {
    /// What leaves the result of cancels unknown.
    UnknownCancel "unknown-cancel" "the first two cancels are answered UNKNOWN|the first two cancels are answered FAIL with retry_flag=Y|the first two answers to cancel are lost|the first two answers to cancel are replaced by is_success=F, SYSTEM_ERROR|every answer to cancel is lost" {
        Unknown = "the first two cancels are answered UNKNOWN",
        Retry = "the first two cancels are answered FAIL with retry_flag=Y",
        Lost = "the first two answers to cancel are lost",
        SystemError = "the first two answers to cancel are replaced by is_success=F, SYSTEM_ERROR",
        AllLost = "every answer to cancel is lost",
    }
}

words! {
    /// How an order ends whose cancel had an unknown result.
    CancelEnd "cancel-end" "cancelled|with a person, unless a notice tells that it is closed" {
        Cancelled = "cancelled", Person = "with a person, unless a notice tells that it is closed",
    }
}

words! {
    /// What is wrong with a forged notice of a refund.
    Unproved "unproved-refund" "signed with a stranger's key|signed by nobody at all" {
        Stranger = "signed with a stranger's key", Unsigned = "signed by nobody at all",
    }
}

words! {
    /// What a gateway makes of a website's refund that comes once more.
    Repeated "repeated-refund" "answered as the first time|refused" {
        Taken = "answered as the first time", Refused = "refused",
    }
}
