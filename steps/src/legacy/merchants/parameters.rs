//! The words that fill places in the sentences about secondary merchants.

use crate::parameters::words;

words! {
    /// What is wrong with the data of a store.
    WrongData "wrong-data" "without secondary_merchant_name|with an industry of three digits|with the country CHN|without store_id|with six sites" {
        NoName = "without secondary_merchant_name",
        ShortIndustry = "with an industry of three digits",
        LongCountry = "with the country CHN",
        NoStore = "without store_id",
        SixSites = "with six sites",
    }
}
