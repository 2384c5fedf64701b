//! What a profile declares: it decides which cases apply.

use std::collections::BTreeSet;

use evidence::words::{
    CONDITION_ASYNC_REFUNDS, CONDITION_BARCODE_NOTICES, CONDITION_DSA, CONDITION_EXPIRY,
    CONDITION_FX, CONDITION_GBK, CONDITION_MD5, CONDITION_POST, CONDITION_REGISTRATION_NOTICES,
    CONDITION_RSA, CONDITION_RSA2, CONDITION_SECONDARY_MERCHANTS, CONDITION_SFTP, CONDITION_TAXI,
    CONDITION_WHOLE_CURRENCY, Sentence,
};
use protocol::Generation;
use serde::{Deserialize, Serialize};
use steps::Product;

/// What a conditional case asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Condition {
    /// The merchant says when an order ends, or sells through the cashier.
    Expiry,
    /// A wallet of the contract pays in another currency than the order's.
    Fx,
    /// Reconciliation files are fetched over SFTP.
    Sftp,
    /// Registrations ask for a notice.
    RegistrationNotices,
    /// The integrator acts for merchants of its own.
    SecondaryMerchants,
    /// Refunds in shops of the older generation are accepted first and executed later.
    AsyncRefunds,
    /// Calls for a scanned code of the older generation ask for notices.
    BarcodeNotices,
    /// Taxis are registered in the older generation.
    Taxi,
    /// Calls of the older generation go by POST.
    Post,
    /// They are written in GBK or GB2312.
    Gbk,
    /// They are signed with MD5 and a shared key.
    Md5,
    /// With RSA over SHA-1.
    Rsa,
    /// With RSA over SHA-256.
    Rsa2,
    /// With DSA over SHA-1.
    Dsa,
    /// The contract's currency in the older generation has no cents.
    WholeCurrency,
}

impl Condition {
    /// All of them.
    pub const ALL: [Self; 15] = [
        Self::Expiry,
        Self::Fx,
        Self::Sftp,
        Self::RegistrationNotices,
        Self::SecondaryMerchants,
        Self::AsyncRefunds,
        Self::BarcodeNotices,
        Self::Taxi,
        Self::Post,
        Self::Gbk,
        Self::Md5,
        Self::Rsa,
        Self::Rsa2,
        Self::Dsa,
        Self::WholeCurrency,
    ];

    /// The word in the catalogue and in the record's first line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Expiry => "expiry",
            Self::Fx => "fx",
            Self::Sftp => "sftp",
            Self::RegistrationNotices => "registration-notices",
            Self::SecondaryMerchants => "secondary-merchants",
            Self::AsyncRefunds => "async-refunds",
            Self::BarcodeNotices => "barcode-notices",
            Self::Taxi => "taxi",
            Self::Post => "post",
            Self::Gbk => "gbk",
            Self::Md5 => "md5",
            Self::Rsa => "rsa",
            Self::Rsa2 => "rsa2",
            Self::Dsa => "dsa",
            Self::WholeCurrency => "whole-currency",
        }
    }

    /// What it asks for, in words.
    pub fn says(self) -> &'static Sentence {
        match self {
            Self::Expiry => &CONDITION_EXPIRY,
            Self::Fx => &CONDITION_FX,
            Self::Sftp => &CONDITION_SFTP,
            Self::RegistrationNotices => &CONDITION_REGISTRATION_NOTICES,
            Self::SecondaryMerchants => &CONDITION_SECONDARY_MERCHANTS,
            Self::AsyncRefunds => &CONDITION_ASYNC_REFUNDS,
            Self::BarcodeNotices => &CONDITION_BARCODE_NOTICES,
            Self::Taxi => &CONDITION_TAXI,
            Self::Post => &CONDITION_POST,
            Self::Gbk => &CONDITION_GBK,
            Self::Md5 => &CONDITION_MD5,
            Self::Rsa => &CONDITION_RSA,
            Self::Rsa2 => &CONDITION_RSA2,
            Self::Dsa => &CONDITION_DSA,
            Self::WholeCurrency => &CONDITION_WHOLE_CURRENCY,
        }
    }

    /// The condition with that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|condition| condition.name() == name)
    }
}

/// Products and conditions that a profile declares.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Declared {
    /// What the integrator sells through.
    pub products: Vec<String>,
    /// The conditions that hold.
    pub conditions: BTreeSet<Condition>,
}

impl Declared {
    /// These products, and every condition.
    #[cfg(test)]
    pub(crate) fn everything(products: &[String]) -> Self {
        Self { products: products.to_vec(), conditions: Condition::ALL.into() }
    }

    /// The generations of the declared products, in the order in which they are played.
    pub fn generations(&self) -> Vec<Generation> {
        let known = self.products.iter().filter_map(|product| product.parse::<Product>().ok());
        let declared: BTreeSet<_> = known.map(Product::generation).collect();
        declared.into_iter().collect()
    }

    /// Their words, as reports name them: `ams`, or `ams+legacy`.
    pub fn generation(&self) -> String {
        self.generations().iter().map(|generation| generation.name()).collect::<Vec<_>>().join("+")
    }

    /// Whether a product is declared.
    pub fn has(&self, product: &str) -> bool {
        self.products.iter().any(|declared| declared == product)
    }
}

#[cfg(test)]
mod tests {
    use super::{Condition, Declared};

    #[test]
    fn a_condition_is_found_by_its_name_which_is_that_of_the_catalogue() {
        for condition in Condition::ALL {
            assert_eq!(Condition::named(condition.name()), Some(condition));
            let written = serde_json::to_string(&condition).unwrap();
            assert_eq!(written, format!("\"{}\"", condition.name()));
        }
        assert_eq!(Condition::named("weather"), None);
    }

    #[test]
    fn a_product_may_be_spared_the_condition_of_a_case() {
        let suite = crate::suite::Suite::embedded().unwrap();
        let case = suite.catalogue().case("LEG-RFC-031").unwrap();
        let declared = |products: &[&str], conditions: &[Condition]| Declared {
            products: products.iter().map(|&product| product.to_owned()).collect(),
            conditions: conditions.iter().copied().collect(),
        };
        let later = [Condition::AsyncRefunds];
        for (products, conditions, runs) in [
            (&["barcode", "website"][..], &later[..], &["barcode", "website"][..]),
            (&["barcode", "website"], &[], &["website"]),
            (&["barcode"], &later, &["barcode"]),
            (&["barcode"], &[], &[]),
            (&["cashier"], &later, &[]),
        ] {
            let declared = declared(products, conditions);
            assert_eq!(case.products_among(&declared), runs, "{products:?}");
            assert_eq!(case.not_applicable(&declared).is_none(), !runs.is_empty());
            assert_eq!(case.is_mandatory_for(&declared), !runs.is_empty());
        }
        let without = case.not_applicable(&declared(&["barcode"], &[]));
        assert_eq!(without, Some(Condition::AsyncRefunds.says().plain()));
    }
}
