//! How much a run may sell for where it moves real money.

use std::sync::Arc;

use parking_lot::Mutex;
use protocol::Amount;

/// The cap of a run, and what is left of it. Clones share it.
#[derive(Debug, Clone)]
pub struct Purse {
    cap: Amount,
    left: Arc<Mutex<i64>>,
}

impl Purse {
    /// One of which nothing has been taken.
    pub fn new(cap: Amount) -> Self {
        Self { cap, left: Arc::new(Mutex::new(cap.minor)) }
    }

    /// The cap.
    pub fn cap(&self) -> Amount {
        self.cap
    }

    /// Takes what is about to be sold. What it has not got, or has in another currency, is not sold.
    pub(crate) fn takes(&self, amount: Amount) -> bool {
        let mut left = self.left.lock();
        let fits = amount.currency == self.cap.currency && (0..=*left).contains(&amount.minor);
        *left -= if fits { amount.minor } else { 0 };
        fits
    }
}

#[cfg(test)]
mod tests {
    use protocol::Amount;

    use super::Purse;

    #[test]
    fn no_more_is_taken_than_there_is() {
        let amount = |price: &str| Amount::from_price(price).unwrap();
        let purse = Purse::new(amount("USD 20.00"));
        assert!(purse.takes(amount("USD 12.31")));
        assert!(!purse.clone().takes(amount("USD 7.70")), "clones share it");
        assert!(!purse.takes(amount("JPY 1")), "another currency cannot be counted");
        assert!(purse.takes(amount("USD 7.69")));
        assert!(!purse.takes(amount("USD 0.01")));
        let back = Amount { minor: -500, ..amount("USD 1.00") };
        assert!(!purse.takes(back), "nothing is put in");
    }
}
