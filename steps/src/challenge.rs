//! A reviewer's challenge: orders of the runner's own that open and close a run at its gateway, and
//! the nonce in everything that the run draws.

use clock::Clock;
use evidence::words::Place;
use evidence::{Entry, Recorder};
use protocol::ams::{Api, Merchant, Order, Pay, Scenario, Store, inquiry_body};
use protocol::{Amount, Generation};
use wire::loopback;
use witness::{Claim, Door, Front, Setup};

use crate::gateway::{Gateway, StageError, Through};
use crate::greeting::nobodys_case;
use crate::open::side;
use crate::product::Means;
use crate::sale::{GOODS, STORE};
use crate::{Backstage, Product};

/// Where the gateway would tell of an order that nobody pays.
const NOBODY: &str = "http://merchant.assay.test/challenge";

/// The seed of a run that answers a challenge: whatever is drawn from it nobody could draw before
/// the nonce was known. A run without a challenge draws from the seed itself.
pub fn woven(seed: u64, nonce: &str) -> u64 {
    if nonce.is_empty() {
        return seed;
    }
    let digest = signing::sha256(format!("assay challenge\n{seed}\n{nonce}").as_bytes());
    digest.iter().take(8).fold(0, |number, byte| (number << 8) | u64::from(*byte))
}

/// What came of an order of the runner's own.
#[derive(Debug)]
pub enum OwnOrder {
    /// Both calls were answered: the messages, as the witness recorded them.
    Answered(Vec<Entry>),
    /// One of them was not, and why.
    Silent(Place),
}

impl Product {
    /// The product whose order needs no buyer to come into being: one that is declared, if there is
    /// one.
    pub fn of_own_orders(declared: &[Self]) -> Self {
        let generation = declared.first().map_or(Generation::Ams, |first| first.generation());
        // A shop on the web of the older generation sends a browser, and nobody answers that.
        let fit: &[Self] = match generation {
            Generation::Ams => &[Self::OrderCode, Self::EntryCode, Self::Cashier],
            Generation::Legacy => &[Self::TransactionQr],
        };
        let found = fit.iter().find(|product| declared.contains(product));
        found.or(fit.first()).copied().unwrap_or_default()
    }
}

impl Backstage {
    /// Asks the gateway for a code under a number, and cancels the order at once. Neither merchant
    /// nor buyer hears of it, and no money moves.
    ///
    /// # Errors
    /// When the system has no ports left, or the gateway opens no tenant.
    pub async fn own_order(
        &self,
        product: Product,
        number: &str,
        amount: Amount,
    ) -> Result<OwnOrder, StageError> {
        let contract = self.contract_for(product)?;
        let clock = Clock::real();
        let doors = (Door::Plain(loopback().await?), Door::Plain(loopback().await?));
        let front = Front::open(doors.0, doors.1, clock.clone(), None)?;
        let (key, notices) = (nobodys_case(product.generation())?, front.notices_within());
        let mut servers = vec![];
        let mut through = match &self.gateway {
            Gateway::Elsewhere(there) => {
                // Notices of an order that nobody pays are brought to nobody.
                let control = there.open(self.seed, None, None).await?;
                let host = Some(control.host().to_owned());
                Through {
                    tenant: None,
                    gateway: side(there.address, host, contract.gateway_side()),
                    control,
                }
            }
            Gateway::Embedded { .. } | Gateway::Foreign(_) => {
                let drawn = (&clock, self.seed);
                self.through(contract, &key, drawn, notices, &mut servers).await?
            }
        };
        // Nobody buys, so nothing of a buyer's is in it that would have to be replaced.
        let recorder = contract.keep_out(Recorder::detached(key, 0));
        let setup = Setup {
            gateway: through.gateway,
            merchant: side(notices, None, contract.merchant_side()),
            recorder: recorder.clone(),
            clock: clock.clone(),
        };
        let witness = front.admit(setup, Claim::Everything);
        let pay = whole_pay(product, number, amount);
        let mut silent = None;
        for (api, body) in [(Api::Pay, pay), (Api::Cancel, inquiry_body(Some(number), None))] {
            let answered = match contract.call(product, api, clock.now(), &body) {
                Ok(call) => witness.own_call(witness.number(), call).await.map(drop),
                Err(why) => {
                    silent = Some(why);
                    break;
                }
            };
            if let Err(why) = answered {
                silent = Some(why.says().into());
                break;
            }
        }
        through.control.leave().await;
        Ok(silent.map_or_else(|| OwnOrder::Answered(recorder.take().entries), OwnOrder::Silent))
    }
}

/// The body of a pay that lacks nothing and that nobody has to be there for.
fn whole_pay(product: Product, number: &str, amount: Amount) -> serde_json::Value {
    let scenario = match product.means() {
        Means::ScannedCode | Means::ShownCode => Scenario::OrderCode,
        Means::EntryPage => Scenario::EntryCode { user_agent: "AlipayClient/10.6.0".into() },
        Means::WalletPage => Scenario::Cashier { terminal_type: "WEB".into(), user_agent: None },
    };
    let store = Store { reference: STORE.into(), name: "Teahouse".into(), mcc: "5812".into() };
    let merchant = Merchant {
        reference: "seller-0815".into(),
        name: "Harbour Teahouse".into(),
        mcc: "5812".into(),
        store: Some(store),
    };
    let order = Order {
        reference: number.to_owned(),
        description: GOODS.into(),
        amount,
        merchant,
        terminal: None,
        extend_info: None,
    };
    let pay = Pay {
        request_id: number.to_owned(),
        amount,
        scenario,
        order,
        notify_url: Some(NOBODY.into()),
        redirect_url: None,
        expires: None,
    };
    pay.to_json()
}

#[cfg(test)]
mod tests {
    use super::{Product, woven};

    #[test]
    fn what_is_drawn_depends_on_the_nonce_and_on_the_seed() {
        assert_eq!(woven(7, ""), 7, "a run without a challenge is what it was");
        let drawn = [woven(7, "a1"), woven(7, "a2"), woven(8, "a1"), 7];
        for (place, one) in drawn.iter().enumerate() {
            assert!(!drawn[..place].contains(one), "{drawn:?}");
        }
        assert_eq!(woven(7, "a1"), woven(7, "a1"));
    }

    #[test]
    fn an_own_order_is_of_a_declared_product_that_needs_no_buyer() {
        use Product::{
            Barcode, Cashier, EntryCode, OrderCode, TransactionQr, UserPresented, Website,
        };
        for (declared, own) in [
            (&[UserPresented, OrderCode][..], OrderCode),
            (&[UserPresented], OrderCode),
            (&[Cashier, EntryCode], EntryCode),
            (&[Cashier], Cashier),
            (&[Barcode], TransactionQr),
            (&[Website], TransactionQr),
            (&[], OrderCode),
        ] {
            assert_eq!(Product::of_own_orders(declared), own, "{declared:?}");
        }
    }
}
