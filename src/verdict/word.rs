//! Judging without a wallet: on a gateway that is somebody else's nobody can look at what the money
//! did, but the gateway's own signed answers tell it.

use std::sync::Arc;

use evidence::WalletStatement;
use evidence::words as say;
use steps::{Finding, Seen};

/// What a check is asked of.
pub(super) struct Asked {
    /// The record as it is.
    pub(super) seen: Arc<Seen>,
    /// The same with the statement that follows from the gateway's own word, where no wallet could be
    /// asked.
    by_word: Option<Arc<Seen>>,
}

impl Asked {
    pub(super) fn of(seen: &Arc<Seen>) -> Self {
        let lacks = seen.is_without_control() && seen.wallet.is_none();
        let by_word = lacks.then(|| {
            let mut told = Seen::clone(seen);
            told.wallet = Some(seen.by_the_gateways_word());
            Arc::new(told)
        });
        Self { seen: seen.clone(), by_word }
    }

    /// What the wallets say, or what follows from the gateway's word where they could not be asked.
    pub(super) fn statement(&self) -> Option<&WalletStatement> {
        self.by_word.as_ref().unwrap_or(&self.seen).wallet.as_ref()
    }

    /// What a check finds.
    pub(super) fn find(&self, check: impl Fn(&Arc<Seen>) -> Finding) -> Finding {
        let bare = check(&self.seen);
        match &self.by_word {
            Some(told) => either(&bare, check(told)),
            None => bare,
        }
    }
}

/// What holds of a check that was asked without any statement of the wallets, and with the one that
/// follows from the gateway's word. That word may let it hold; what only contradicts that word is a
/// failure where the check holds without it, and otherwise not judged: nobody saw the money.
fn either(bare: &Finding, mut told: Finding) -> Finding {
    if told.held() && !bare.held() {
        told.note(say::NOTE_GATEWAYS_WORD.plain());
        return told;
    }
    if told.held() || bare.held() || bare.failure == told.failure {
        return told;
    }
    let mut open = Finding { lines: told.lines, notes: told.notes, ..Finding::new() };
    open.cannot_judge(say::CANNOT_JUDGE_WALLET.plain());
    open
}

#[cfg(test)]
mod tests {
    use evidence::words::{CANNOT_JUDGE_WALLET, CASE_IS, NOTE_GATEWAYS_WORD};
    use steps::Finding;

    use super::either;

    fn failed(what: &str) -> Finding {
        let mut finding = Finding::new();
        finding.fail(CASE_IS.with([what, "failed"]), CASE_IS.with([what, "passed"]));
        finding
    }

    fn open() -> Finding {
        let mut finding = Finding::new();
        finding.cannot_judge(CANNOT_JUDGE_WALLET.plain());
        finding
    }

    #[test]
    fn the_gateways_word_lets_a_check_hold_and_fails_none_that_nobody_could_see() {
        let held = Finding::new;
        assert_eq!(either(&held(), held()), held());
        let noted = either(&open(), held());
        assert!(noted.held() && noted.notes == [NOTE_GATEWAYS_WORD.plain()], "{noted:?}");
        assert!(either(&failed("a"), held()).held());
        assert_eq!(either(&failed("a"), failed("a")), failed("a"));
        // Whoever contradicts what the gateway signed is at fault by it.
        assert_eq!(either(&held(), failed("a")), failed("a"));
        for unsure in [either(&open(), failed("a")), either(&failed("b"), failed("a"))] {
            assert_eq!(unsure.not_judged, Some(CANNOT_JUDGE_WALLET.plain()));
            assert!(!unsure.held() && unsure.failure.is_none());
        }
    }
}
