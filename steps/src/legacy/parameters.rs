//! The words that fill places in the sentences about the older generation.

use crate::parameters::words;

words! {
    /// How the gateway answers a payment that it has answered before.
    RepeatAnswer "repeat-answer" "SUCCESS again|FAILED, TRADE_HAS_SUCCESS" {
        Same = "SUCCESS again", HasSuccess = "FAILED, TRADE_HAS_SUCCESS",
    }
}

words! {
    /// What comes in the place of the answer to a query.
    ForgedQuery "forged-query" "TRADE_SUCCESS without a sign|TRADE_SUCCESS under the sign of a stranger's key|the genuine success of another order|its own answer, with TRADE_SUCCESS written into it" {
        Unsigned = "TRADE_SUCCESS without a sign",
        Stranger = "TRADE_SUCCESS under the sign of a stranger's key",
        OtherOrder = "the genuine success of another order",
        Edited = "its own answer, with TRADE_SUCCESS written into it",
    }
}

words! {
    /// What is wrong with a call.
    WrongCall "wrong-call" "the partner id of somebody else|a service that does not exist|sign_type SHA|the charset KOI8|a sign_type that no key was uploaded for|a service that was not signed for|biz_product left out|a code of 15 digits|a code of 25 digits|a code that begins with 24|an amount of 0.00|an amount of 100000000.01|an amount of 1.001|a total_fee that is not price times quantity|both total_fee and rmb_fee|the query of an order that nobody knows|a query without numbers|the refund of an order that nobody knows" {
        Partner = "the partner id of somebody else",
        NoService = "a service that does not exist",
        SignType = "sign_type SHA",
        Charset = "the charset KOI8",
        NoKey = "a sign_type that no key was uploaded for",
        Unsold = "a service that was not signed for",
        NoProduct = "biz_product left out",
        ShortCode = "a code of 15 digits",
        LongCode = "a code of 25 digits",
        OtherCode = "a code that begins with 24",
        Nothing = "an amount of 0.00",
        TooMuch = "an amount of 100000000.01",
        ThreePlaces = "an amount of 1.001",
        OtherSum = "a total_fee that is not price times quantity",
        TwoFees = "both total_fee and rmb_fee",
        QueryOfNothing = "the query of an order that nobody knows",
        QueryWithout = "a query without numbers",
        RefundOfNothing = "the refund of an order that nobody knows",
    }
}
