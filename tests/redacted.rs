//! Buyers' data that is replaced on entry: what fails about it fails all the same. That all else comes
//! out the same is proved in `replay.rs`, where everything is played.

mod redacting;
mod stand;

use assay::suite::Planned;

#[test]
fn a_check_about_a_payment_code_fails_on_the_redacted_record_as_well() {
    let suite = stand::suite();
    for mutant in
        ["M-AMS-code-as-number", "M-AMS-code-filter", "M-LEG-code-cut", "M-LEG-rescan-same-number"]
    {
        let mut backstage = stand::backstage();
        backstage.merchant_defect = merchant::Defect::from_id(mutant);
        assert!(backstage.merchant_defect.is_some(), "{mutant}");
        let killed = |run: &Planned| run.case.mutants.iter().any(|kill| kill.id == mutant);
        let planned: Vec<_> = stand::everything(&suite).into_iter().filter(killed).collect();
        assert!(!planned.is_empty(), "{mutant}");
        let came = stand::play(&suite, planned, backstage, 8);
        assert!(redacting::same(&suite, &came) > 0, "{mutant}");
    }
}
