//! Own calls of pay in which one thing is missing or ill-formed.

use cucumber::when;
use protocol::Amount;
use protocol::ams::{Api, Merchant, Order, Pay, Scenario, Store, Terminal};
use serde_json::{Value, json};

use super::alter::set;
use super::parameters::IllFormed;
use crate::errand::Errand;
use crate::live::Live;
use crate::sale::{GOODS, STORE};
use crate::{Product, Stage};

#[when(expr = "an own call of pay goes out {ill-formed}")]
async fn own_pay_ill_formed(stage: &mut Stage, fault: IllFormed) {
    let Some(live) = stage.live() else { return };
    let Some(mut body) = live.whole_pay_body().await else { return };
    spoil(&mut body, fault);
    live.did("own-pay", json!({ "why": format!("{fault:?}") }));
    live.own_call(Errand::IllFormed, Api::Pay, &body).await;
}

/// Takes one thing out of a body that is whole, or writes it otherwise.
fn spoil(body: &mut Value, fault: IllFormed) {
    match fault {
        IllFormed::NoStore => remove(body, &["order", "merchant"], "store"),
        IllFormed::NoMerchant => remove(body, &["order"], "merchant"),
        IllFormed::NoWallet => remove(body, &["order", "env"], "userAgent"),
        IllFormed::NoAmount => remove(body, &[], "paymentAmount"),
        IllFormed::Nothing => set(body, &["paymentAmount", "value"], json!("0")),
        IllFormed::BelowNothing => set(body, &["paymentAmount", "value"], json!("-1")),
        IllFormed::Decimal => set(body, &["paymentAmount", "value"], json!("12.31")),
        IllFormed::Currency => set(body, &["paymentAmount", "currency"], json!("US")),
        IllFormed::NoOffset => set(body, &["paymentExpiryTime"], json!("2036-01-05T11:00:00")),
        IllFormed::LongText => set(body, &["order", "orderDescription"], json!("x".repeat(257))),
        IllFormed::LongId => set(body, &["paymentRequestId"], json!("x".repeat(65))),
    }
}

fn remove(body: &mut Value, way: &[&str], name: &str) {
    let place = way.iter().try_fold(body, |place, step| place.get_mut(*step));
    if let Some(Value::Object(fields)) = place {
        fields.remove(name);
    }
}

impl Live {
    /// A pay that the gateway would take, for an order that no merchant sold.
    async fn whole_pay_body(&mut self) -> Option<Value> {
        let amount = Amount::from_price("USD 12.31").ok()?;
        let wallet = self.wallet(amount).await?;
        let scenario = match self.product {
            Product::UserPresented => Scenario::PaymentCode(json!(self.code(&wallet).await?)),
            Product::OrderCode => Scenario::OrderCode,
            Product::EntryCode => Scenario::EntryCode { user_agent: "AlipayClient/10.6.0".into() },
            Product::Cashier => Scenario::Cashier { terminal_type: "WEB".into(), user_agent: None },
        };
        let scanned = self.product == Product::UserPresented;
        let order = self.next_order();
        let store = Store { reference: STORE.into(), name: "Teahouse".into(), mcc: "5812".into() };
        let merchant = Merchant {
            reference: "seller-0815".into(),
            name: "Harbour Teahouse".into(),
            mcc: "5812".into(),
            store: Some(store),
        };
        let terminal = Terminal { id: "till-11".into(), time: self.clock.now() };
        let pay = Pay {
            request_id: format!("{order}-1"),
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
