//! The words that fill places in the sentences of this suite.

use std::str::FromStr;

use crate::parameters::words;
use crate::sale::Device;

words! {
    /// Whether the gateway does what was asked before it answers otherwise.
    Processing "processing" "after processing it|without processing it" {
        After = "after processing it", Without = "without processing it",
    }
}

words! {
    /// What is the matter with the buyer's code.
    CodeStory "code-story" "has expired|was issued by no wallet|has paid another order before" {
        Expired = "has expired",
        Unknown = "was issued by no wallet",
        Used = "has paid another order before",
    }
}

words! {
    /// How a refusal or an open inquiry is made to look like a success.
    Forgery "forgery" "turns the refusal of pay into a success|turns the refusal of pay into a success and signs it with a stranger's key|turns PROCESSING into SUCCESS in every inquiry|answers every inquiry with the genuine success of another order" {
        Refusal = "turns the refusal of pay into a success",
        RefusalSigned = "turns the refusal of pay into a success and signs it with a stranger's key",
        Inquiry = "turns PROCESSING into SUCCESS in every inquiry",
        OtherOrder = "answers every inquiry with the genuine success of another order",
    }
}

words! {
    /// How the signature of an answer goes missing.
    Missing "missing" "without a Signature header|without a Response-Time header|with an empty signature|with nothing but the algorithm" {
        Header = "without a Signature header",
        Time = "without a Response-Time header",
        Value = "with an empty signature",
        AllButAlgorithm = "with nothing but the algorithm",
    }
}

words! {
    /// What comes in place of an answer.
    Breakage "breakage" "a reset connection|HTTP 502 with a page|its first half|an empty body" {
        Reset = "a reset connection",
        Http502 = "HTTP 502 with a page",
        Half = "its first half",
        Empty = "an empty body",
    }
}

words! {
    /// When a button is pressed again.
    Moment "moment" "after the answer|at the same moment|after it is paid" {
        After = "after the answer", Same = "at the same moment", Paid = "after it is paid",
    }
}

words! {
    /// What is different in a repeated pay.
    OtherValue "other-value" "another amount|another currency|another code|another buyer's code" {
        Amount = "another amount",
        Currency = "another currency",
        Code = "another code",
        OtherBuyer = "another buyer's code",
    }
}

words! {
    /// How a notice is forged.
    ForgedNotice "forged-notice" "signed with a stranger's key|a genuine one of another order with our id and amount|under a genuine signature over another path|without a Signature header|with an empty Signature header|with an empty signature value|with the algorithm none" {
        Stranger = "signed with a stranger's key",
        Rewritten = "a genuine one of another order with our id and amount",
        OtherPath = "under a genuine signature over another path",
        NoHeader = "without a Signature header",
        EmptyHeader = "with an empty Signature header",
        EmptyValue = "with an empty signature value",
        NoAlgorithm = "with the algorithm none",
    }
}

words! {
    /// What a genuinely signed notice says that does not settle the order.
    StrangeNotice "strange-notice" "over a hundredth of a unit|over a hundred times the amount|over another currency|of another type|without a result|for an id that nobody knows" {
        Less = "over a hundredth of a unit",
        More = "over a hundred times the amount",
        Currency = "over another currency",
        Type = "of another type",
        NoResult = "without a result",
        UnknownId = "for an id that nobody knows",
    }
}

words! {
    /// How an acknowledgement is spoilt on its way back.
    Spoiling "spoiling" "a wrong body|HTTP 500|nothing|30 s late|a byte-order mark before it|a wrong body twice and then right" {
        WrongBody = "a wrong body",
        Http500 = "HTTP 500",
        Nothing = "nothing",
        Late = "30 s late",
        Bom = "a byte-order mark before it",
        TwiceWrong = "a wrong body twice and then right",
    }
}

words! {
    /// How an order ends.
    Ending "ending" "paid|failed|given up|failed or cancelled" {
        Paid = "paid", Failed = "failed", GivenUp = "given up", Over = "failed or cancelled",
    }
}

words! {
    /// What a gateway does with a code.
    Taking "taking" "takes|refuses" {
        Takes = "takes", Refuses = "refuses",
    }
}

/// One refusal code, or either of two: `EXPIRED_CODE or INVALID_PAYMENT_CODE`.
#[derive(Debug, Clone, cucumber::Parameter)]
#[param(name = "refusal", regex = "[A-Z_]+(?: or [A-Z_]+)?")]
pub(crate) struct Refusal(String);

impl FromStr for Refusal {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(text.to_owned()))
    }
}

impl Refusal {
    /// The codes.
    pub(crate) fn codes(&self) -> Vec<&str> {
        self.0.split(" or ").collect()
    }
}

words! {
    /// What the buyer looks at the shop with.
    OnDevice "on-device" "on a computer|in a phone's browser|in an app" {
        Computer = "on a computer", Phone = "in a phone's browser", App = "in an app",
    }
}

impl OnDevice {
    /// The device.
    pub(crate) fn device(self) -> Device {
        match self {
            Self::Computer => Device::Web,
            Self::Phone => Device::Wap,
            Self::App => Device::App,
        }
    }
}

words! {
    /// What is missing in a pay, or ill-formed.
    IllFormed "ill-formed" "without the store|without the merchant|without the wallet's name|over an amount of nothing|over an amount below nothing|over an amount with a decimal point|in a currency of two letters|with an end that lacks its offset|with a text of 257 characters|with an id of 65 characters|without an amount" {
        NoStore = "without the store",
        NoMerchant = "without the merchant",
        NoWallet = "without the wallet's name",
        Nothing = "over an amount of nothing",
        BelowNothing = "over an amount below nothing",
        Decimal = "over an amount with a decimal point",
        Currency = "in a currency of two letters",
        NoOffset = "with an end that lacks its offset",
        LongText = "with a text of 257 characters",
        LongId = "with an id of 65 characters",
        NoAmount = "without an amount",
    }
}
