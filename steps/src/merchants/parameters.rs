//! The words that fill places in the sentences of this suite.

use crate::parameters::words;

words! {
    /// How the notice of a review comes.
    Coming "coming" "comes once|comes three times|comes before the registration is answered" {
        Once = "comes once",
        Thrice = "comes three times",
        Early = "comes before the registration is answered",
    }
}

words! {
    /// Why a notice proves nothing.
    Unproved "unproved" "signed with a stranger's key and true in all else|signed by nobody" {
        Stranger = "signed with a stranger's key and true in all else",
        Unsigned = "signed by nobody",
    }
}

words! {
    /// What becomes of the first registration.
    Fate "fate" "is answered with an unknown result, after it was worked on|is lost on its way|is worked on, and its answer is lost" {
        Unknown = "is answered with an unknown result, after it was worked on",
        Lost = "is lost on its way",
        Unanswered = "is worked on, and its answer is lost",
    }
}

words! {
    /// How a registration is repeated.
    Again "again" "unchanged|under the same id with another name|under a new id|by the merchant itself, together with the rejected one" {
        Unchanged = "unchanged",
        OtherName = "under the same id with another name",
        NewId = "under a new id",
        ByMerchant = "by the merchant itself, together with the rejected one",
    }
}

words! {
    /// How a repeated registration is answered.
    Reply "reply" "answered as the first time|refused as inconsistent with the first|refused as registered already|refused as registered already, and the rejected merchant is taken" {
        Same = "answered as the first time",
        Inconsistent = "refused as inconsistent with the first",
        Known = "refused as registered already",
        KnownAndTaken = "refused as registered already, and the rejected merchant is taken",
    }
}

words! {
    /// What is wrong with a registration.
    Fault "fault" "for a product that does not exist|with a kind of contact that does not exist|with a page that is no address|with a page whose address has 2049 characters|under an id of 65 characters|with 2049 characters to be passed through|with an attachment whose name has 257 characters|without a word about the merchant" {
        Product = "for a product that does not exist",
        Contact = "with a kind of contact that does not exist",
        Website = "with a page that is no address",
        LongWebsite = "with a page whose address has 2049 characters",
        LongId = "under an id of 65 characters",
        LongPassThrough = "with 2049 characters to be passed through",
        LongAttachment = "with an attachment whose name has 257 characters",
        NoMerchant = "without a word about the merchant",
    }
}

words! {
    /// How far a secondary merchant is that sells.
    Standing "standing" "was never registered|is still being reviewed|was rejected by the paying wallet" {
        Unknown = "was never registered",
        Pending = "is still being reviewed",
        Rejected = "was rejected by the paying wallet",
    }
}
