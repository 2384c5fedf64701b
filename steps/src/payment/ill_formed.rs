//! Own calls of pay in which one thing is missing or ill-formed.

use cucumber::when;
use protocol::Amount;
use protocol::ams::{Api, Merchant, Store};
use serde_json::{Value, json};

use super::alter::set;
use super::parameters::IllFormed;
use crate::Stage;
use crate::errand::Errand;
use crate::live::Live;
use crate::own_pay::OwnSale;
use crate::sale::STORE;

#[when(expr = "an own call of pay goes out {ill-formed}")]
async fn own_pay_ill_formed(stage: &mut Stage, fault: IllFormed) {
    let Some(live) = stage.live() else { return };
    let Some(sale) = live.sale_of_nobody() else { return };
    let Some(mut body) = live.whole_pay_body(sale).await else { return };
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
    /// A sale that no merchant made.
    pub(crate) fn sale_of_nobody(&self) -> Option<OwnSale> {
        let order = self.next_order();
        let store = Store { reference: STORE.into(), name: "Teahouse".into(), mcc: "5812".into() };
        Some(OwnSale {
            request_id: format!("{order}-1"),
            order,
            amount: Amount::from_price("USD 12.31").ok()?,
            merchant: Merchant {
                reference: "seller-0815".into(),
                name: "Harbour Teahouse".into(),
                mcc: "5812".into(),
                store: Some(store),
            },
            terminal: "till-11".into(),
        })
    }
}
