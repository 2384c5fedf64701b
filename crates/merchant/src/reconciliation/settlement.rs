//! What a settlement item says beyond its transaction: rate, fee, payout, batch.

use evidence::{DifferenceKind, FileNoteKind};
use protocol::Amount;
use protocol::ams::reconciliation::{Batch, SettlementItem};

use super::findings::{At, Findings};
use crate::defect::{Defect, Switch};

/// The number of the column with the pair of currencies.
const QUOTE: usize = 19;

/// What the contract says about fees.
#[derive(Debug, Clone, Copy)]
pub struct Fees {
    /// The fee is so many parts
    pub parts: u32,
    /// of so many, rounded to the minor unit.
    pub of: u32,
    /// Whether a refund gives the fee back.
    pub returned: bool,
}

impl Fees {
    /// The fee on an amount in the currency of settlement, negative when it is given back.
    fn fee(self, gross: i128) -> i128 {
        if gross < 0 && !self.returned {
            return 0;
        }
        let (parts, of) = (i128::from(self.parts), i128::from(self.of.max(1)));
        // Halves are rounded away from zero.
        (gross.abs() * parts * 2 + of) / (of * 2) * gross.signum()
    }
}

/// Checks one item after the other.
#[derive(Debug)]
pub(super) struct SettlementCheck<'s> {
    contract: Option<Fees>,
    switch: &'s Switch,
    /// The wrong batch id that was told last, so that a file of them tells it once.
    told: Option<String>,
}

impl<'s> SettlementCheck<'s> {
    pub(super) fn new(contract: Option<Fees>, switch: &'s Switch) -> Self {
        Self { contract, switch, told: None }
    }

    /// Checks an item. Answers whether it agrees with itself, its file and the contract.
    pub(super) fn row(
        &mut self,
        item: &SettlementItem<'_>,
        batch: &Batch,
        at: At,
        findings: &mut Findings,
    ) -> bool {
        let before = findings.count();
        let id = item.transaction.transaction_request_id;
        let theirs = item.settlement_batch_id;
        if theirs != batch.id && self.told.as_deref() != Some(theirs) {
            self.told = Some(theirs.to_owned());
            let found = at.found(DifferenceKind::Batch, "settlementBatchId", id);
            findings.add(found, Some(batch.id.clone()), Some(theirs.to_owned()));
        }
        let fee = item.fee.map(|fee| ("feeCurrency", fee.currency));
        let currencies = [Some(("settlementCurrency", item.net.currency)), fee];
        let strange = currencies.into_iter().flatten().find(|(_, own)| *own != batch.currency);
        if let Some((column, currency)) = strange {
            let found = at.found(DifferenceKind::Currency, column, id);
            findings.add(found, Some(batch.currency.to_string()), Some(currency.to_string()));
        } else if let Some(gross) = gross(item) {
            self.payout(item, gross, at, findings);
        } else {
            findings.note_once(FileNoteKind::NoQuote, at, Some(QUOTE));
        }
        findings.count() == before
    }

    /// Net has to be gross less fee, for a gross that the rate allows.
    fn payout(&self, item: &SettlementItem<'_>, gross: [i128; 2], at: At, findings: &mut Findings) {
        let id = item.transaction.transaction_request_id;
        let (net, told) = (i128::from(item.net.minor), item.fee.map_or(0, |fee| fee.minor.into()));
        let fee = |gross: i128| self.contract.map_or(told, |contract| contract.fee(gross));
        let fits = gross.into_iter().find(|gross| net == gross - fee(*gross));
        let best = fits.unwrap_or(gross[0]);
        let (fee_off, net_off) = (told != fee(best), fits.is_none());
        if (fee_off || net_off) && self.switch.strikes(Defect::FeeBlind) {
            return;
        }
        let amount = |minor: i128| {
            let minor = i64::try_from(minor).unwrap_or(i64::MAX);
            Some(Amount::new(item.net.currency, minor).to_string())
        };
        if fee_off {
            let theirs = item.fee.map(|fee| fee.to_string());
            let found = at.found(DifferenceKind::Fee, "feeAmountValue", id);
            findings.add(found, amount(fee(best)), theirs);
        }
        if net_off {
            let found = at.found(DifferenceKind::Net, "settlementAmountValue", id);
            findings.add(found, amount(best - fee(best)), Some(item.net.to_string()));
        }
    }
}

/// What the amount is worth in the currency of settlement, in minor units: twice the same where the
/// rate gives a whole number of them, its two neighbours where the gateway had to round. `None`
/// without a rate.
fn gross(item: &SettlementItem<'_>) -> Option<[i128; 2]> {
    let amount = item.transaction.amount;
    let (whole, exact) = if amount.currency == item.net.currency {
        (amount, true)
    } else {
        item.rate?.either_way(amount).filter(|(to, _)| to.currency == item.net.currency)?
    };
    let (whole, away) = (i128::from(whole.minor), i128::from(amount.minor.signum()));
    Some([whole, if exact { whole } else { whole + away }])
}
