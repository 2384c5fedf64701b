//! Files of the legacy generation, as the reference merchant reads and compares them.

#![no_main]

use evidence::ReconciliationState;
use libfuzzer_sys::fuzz_target;
use merchant::reconciliation::reconcile_legacy;
use merchant::{Reconcile, Switch};
use protocol::Day;
use protocol::ams::reconciliation::FileKind;

const PARTNER: &str = "2088000000000001";

fuzz_target!(|bytes: &[u8]| {
    let day = Day::parse("20260105").expect("a fixed day");
    for (kind, name) in [
        (FileKind::TransactionItems, "transaction_20260105.txt"),
        (FileKind::TransactionItems, "fptrade_20260105.csv"),
        (FileKind::SettlementItems, "settlement_20260105.txt"),
        (FileKind::SettlementItems, "settle_20260105_1.csv"),
        (FileKind::SettlementItems, "settlebatch_20260105.csv"),
        (FileKind::TransactionItems, "forex_compare_file"),
        (FileKind::SettlementItems, "forex_liquidation_file"),
    ] {
        let name = if name.contains('.') { format!("{PARTNER}_{name}") } else { name.to_owned() };
        let files = [(name.clone(), bytes.to_vec())];
        let (own, switch) = (std::iter::empty(), Switch::default());
        let wish = Reconcile { day, kind };
        let view = reconcile_legacy(PARTNER, wish, own, files.into_iter(), &switch);
        assert_eq!(view.files.len(), 1);
        // Nothing is held, so nothing agrees and nothing is lacking.
        assert_eq!(view.matched, 0);
        assert_ne!(view.state, ReconciliationState::Waiting);
        assert!(view.differences.len() <= 100);
    }
});
