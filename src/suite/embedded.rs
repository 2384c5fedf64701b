//! The catalogue and the features, as they stand in this binary.

/// Reads the named files of `features/` into a table of path and text.
macro_rules! features {
    ($($path:literal),* $(,)?) => {
        &[$((concat!("features/", $path), include_str!(concat!("../../features/", $path)))),*]
    };
}

/// The catalogue's path, as findings name it.
pub(super) const CATALOGUE_PATH: &str = "features/catalogue.yaml";

/// The catalogue's text.
pub(super) const CATALOGUE: &str = include_str!("../../features/catalogue.yaml");

/// Every feature: its path and its text, in the order of the paths. A test compares the table
/// with the folder.
pub(super) static FEATURES: &[(&str, &str)] = features![
    "ams/merchants/refusals.feature",
    "ams/merchants/registration.feature",
    "ams/merchants/selling.feature",
    "ams/payment/cashier.feature",
    "ams/payment/entry-code.feature",
    "ams/payment/failures.feature",
    "ams/payment/idempotency.feature",
    "ams/payment/ill-formed.feature",
    "ams/payment/notices.feature",
    "ams/payment/order-code.feature",
    "ams/payment/order-state.feature",
    "ams/payment/signatures.feature",
    "ams/payment/unknown-results.feature",
    "ams/payment/user-presented.feature",
    "ams/reconciliation/days.feature",
    "ams/reconciliation/delivery.feature",
    "ams/reconciliation/differences.feature",
    "ams/reconciliation/settlement.feature",
    "ams/refund-cancel/cancels.feature",
    "ams/refund-cancel/refunds.feature",
    "ams/refund-cancel/refused-refunds.feature",
    "ams/refund-cancel/unclear-refunds.feature",
    "legacy/merchants/reviews.feature",
    "legacy/merchants/stores.feature",
    "legacy/merchants/websites.feature",
    "legacy/payment/barcode.feature",
    "legacy/payment/content.feature",
    "legacy/payment/notices.feature",
    "legacy/payment/refusals.feature",
    "legacy/payment/refused-calls.feature",
    "legacy/payment/repeats.feature",
    "legacy/payment/sign-types.feature",
    "legacy/payment/signatures.feature",
    "legacy/payment/terms.feature",
    "legacy/payment/transaction-qr.feature",
    "legacy/payment/unknown-results.feature",
    "legacy/payment/website.feature",
    "legacy/reconciliation/days.feature",
    "legacy/reconciliation/differences.feature",
    "legacy/reconciliation/settlement.feature",
    "legacy/reconciliation/unusable.feature",
    "legacy/refund-cancel/cancels.feature",
    "legacy/refund-cancel/refunds.feature",
    "legacy/refund-cancel/website.feature",
];

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::FEATURES;
    use crate::suite::Suite;

    /// Every `.feature` file below a folder.
    fn features_in(folder: &Path, found: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                features_in(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "feature") {
                let path = path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap();
                found.push(path.to_str().unwrap().replace('\\', "/"));
            }
        }
    }

    #[test]
    fn the_table_is_the_folder() {
        let mut found = Vec::new();
        features_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("features"), &mut found);
        found.sort();
        let table: Vec<&str> = FEATURES.iter().map(|(path, _)| *path).collect();
        assert_eq!(table, found, "add what is missing to src/suite/embedded.rs");
    }

    #[test]
    fn the_suite_of_this_binary_is_clean() {
        let found = Suite::embedded().err().unwrap_or_default();
        let found: Vec<String> =
            found.iter().map(|found| format!("{} {found}", found.code)).collect();
        assert!(found.is_empty(), "{}", found.join("\n"));
    }
}
