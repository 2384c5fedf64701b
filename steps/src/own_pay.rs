//! Payments that the runner asks for itself, in the place of a till.

use protocol::Amount;
use protocol::ams::{Merchant, Order, Pay, Scenario, Terminal};
use serde_json::{Value, json};

use crate::live::Live;
use crate::product::Means;
use crate::sale::GOODS;

/// The sale that an own pay is about.
pub(crate) struct OwnSale {
    /// The order that it names.
    pub(crate) order: String,
    pub(crate) request_id: String,
    pub(crate) amount: Amount,
    /// Who sells, and in which store.
    pub(crate) merchant: Merchant,
    /// The store's till.
    pub(crate) terminal: String,
}

impl Live {
    /// The body of a pay that lacks nothing, from a buyer of the product.
    pub(crate) async fn whole_pay_body(&mut self, sale: OwnSale) -> Option<Value> {
        let OwnSale { order, request_id, amount, merchant, terminal } = sale;
        let wallet = self.wallet(amount).await?;
        let scenario = match self.product.means() {
            Means::ScannedCode => Scenario::PaymentCode(json!(self.code(&wallet).await?)),
            Means::ShownCode => Scenario::OrderCode,
            Means::EntryPage => Scenario::EntryCode { user_agent: "AlipayClient/10.6.0".into() },
            Means::WalletPage => {
                Scenario::Cashier { terminal_type: "WEB".into(), user_agent: None }
            }
        };
        let scanned = self.product.means() == Means::ScannedCode;
        let terminal = Terminal { id: terminal, time: self.clock.now() };
        let pay = Pay {
            request_id,
            amount,
            scenario,
            order: Order {
                reference: order,
                description: GOODS.into(),
                amount,
                merchant,
                terminal: scanned.then_some(terminal),
                extend_info: None,
            },
            notify_url: self.so_far().contract("notify_url").map(str::to_owned),
            redirect_url: None,
            expires: None,
        };
        Some(pay.to_json())
    }
}
