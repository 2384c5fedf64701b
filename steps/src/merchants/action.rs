//! What When steps do about secondary merchants.

use cucumber::when;
use evidence::words::REGISTRATION_UNCLEAR;
use evidence::{Party, Way};
use merchant::Register;
use protocol::ams::{Api, Merchant, Registration, Store};
use protocol::{Amount, Generation};
use serde_json::{Value, json};

use super::parameters::{Again, Coming, Fault, Unproved};
use crate::Stage;
use crate::errand::Errand;
use crate::live::Live;
use crate::own_pay::OwnSale;
use crate::parameters::Price;
use crate::payment::{set, with_header};
use crate::product::Means;
use crate::registering::DAY;
use crate::sale::GOODS;

#[when(expr = "the merchant registers a secondary merchant with one store")]
async fn registers(stage: &mut Stage) {
    if let Some(live) = stage.live() {
        let wish = live.fresh_merchant(1);
        live.register(&wish).await;
        // Long enough for the answer, and for no more than that.
        live.pass(2_000).await;
    }
}

#[when(expr = "the merchant registers a secondary merchant with hard characters in every text")]
async fn registers_hard_texts(stage: &mut Stage) {
    let Some(live) = stage.live() else { return };
    let wish = Register {
        name: "老王 & Söhne \"Café\" ☕ ".into(),
        address: "5/F, No. 12 +1 Rd #3 <B> ".into(),
        contact: "+86 (10) 5555-0199 / 0198 #3 & co ".into(),
        website: "https://laowang.example/menu?a=1&b=%C3%B6+x%20y;z='#top".into(),
        ..live.fresh_merchant(1)
    };
    live.register(&wish).await;
    live.pass(2_000).await;
}

#[when(expr = "the merchant registers a secondary merchant without a store")]
async fn registers_without_store(stage: &mut Stage) {
    let Some(live) = stage.live() else { return };
    let wish = live.fresh_merchant(0);
    live.register(&wish).await;
    live.pass(20_000).await;
    // A merchant that knows better asks nobody; then the gateway is asked for it.
    if live.so_far().calls_of(Api::Registration).is_empty() {
        let body = registration_of(&wish);
        live.own_call(Errand::RegisterWithoutStore, Api::Registration, &body).await;
    }
}

#[when(expr = "{int} days pass")]
async fn days_pass(stage: &mut Stage, days: i64) {
    let Some(live) = stage.live() else { return };
    if live.control.is_there() {
        live.pass(days * DAY).await;
        live.needs_questions_of_the_merchant();
    } else {
        live.pass_until_it_is_clear().await;
    }
}

#[when(
    expr = "an own call asks for the status, again when the review is over, and then for what was registered"
)]
async fn asks_until_final(stage: &mut Stage) {
    let Some(live) = stage.live() else { return };
    let Some(id) = live.secondary.last().cloned() else { return };
    if !live.begins_again() {
        live.own_status(Errand::AskStatus, &id, None).await;
    }
    if !live.reviews_end(std::slice::from_ref(&id), &[]).await {
        return;
    }
    live.own_status(Errand::AskStatus, &id, None).await;
    live.own_info(Errand::AskRegistered, &id).await;
}

#[when(expr = "an own call asks for what was registered")]
async fn asks_what_was_registered(stage: &mut Stage) {
    let Some(live) = stage.live() else { return };
    if let Some(id) = live.secondary.last().cloned() {
        live.own_info(Errand::AskRegistered, &id).await;
    }
}

#[when(expr = "the review ends with approval, and its notice {coming}")]
async fn review_ends(stage: &mut Stage, coming: Coming) {
    let Some(live) = stage.live() else { return };
    live.pass(3_600_000 + 5_000).await;
    if coming == Coming::Thrice {
        let first = live.so_far().notices().next().and_then(|notice| notice.sent.clone());
        let Some(notice) = first else { return };
        for _ in 0..2 {
            let copy = notice.blob.clone();
            live.hand_over_as_witness(Errand::ReviewAgain, Way::Notice, copy).await;
        }
    }
}

#[when(expr = "the witness sends a notice that the review ended with approval, {unproved}")]
async fn forged_notice(stage: &mut Stage, unproved: Unproved) {
    let Some(live) = stage.live() else { return };
    let Some(body) = live.approval_body() else { return };
    let Some(blob) = live.notice_of_a_stranger(&body) else { return };
    let blob = match unproved {
        Unproved::Stranger => blob,
        Unproved::Unsigned => with_header(&blob, "signature", None),
    };
    live.hand_over_as_witness(Errand::ForgedReview, Way::Notice, blob).await;
}

#[when(expr = "the first registration is repeated {again}")]
async fn repeats(stage: &mut Stage, again: Again) {
    let Some(live) = stage.live() else { return };
    let Some(first) = live.secondary.first().cloned() else { return };
    live.own_status(Errand::BeforeAndAfter, &first, None).await;
    live.own_info(Errand::BeforeAndAfter, &first).await;
    let Some(mut body) = live.first_registration() else { return };
    match again {
        Again::Unchanged => {}
        Again::OtherName => {
            let name = json!("Another Bakery");
            set(&mut body, &["merchantInfo", "merchantDisplayName"], name);
        }
        Again::NewId => {
            let id = body["registrationRequestId"].as_str().unwrap_or_default();
            body["registrationRequestId"] = json!(format!("{id}-again"));
        }
        Again::ByMerchant => {
            live.register_both_again().await;
            return live.own_info(Errand::BeforeAndAfter, &first).await;
        }
    }
    live.own_call(Errand::RegisterAgain, Api::Registration, &body).await;
    live.own_info(Errand::BeforeAndAfter, &first).await;
}

#[when(expr = "an own call registers a merchant {fault}")]
async fn registers_ill_formed(stage: &mut Stage, fault: Fault) {
    let Some(live) = stage.live() else { return };
    let wish = live.fresh_merchant(1);
    let mut body = registration_of(&wish);
    spoil(&mut body, fault);
    live.own_call(Errand::RegisterIllFormed, Api::Registration, &body).await;
}

#[when(expr = "own calls ask for status and data of a merchant that nobody registered")]
async fn asks_about_nobody(stage: &mut Stage) {
    let Some(live) = stage.live() else { return };
    let id = live.fresh_merchant(1).id;
    live.own_status(Errand::AskNobody, &id, None).await;
    live.own_info(Errand::AskNobody, &id).await;
}

#[when(expr = "the merchant sells in its name for {price}, and an own call of pay does so too")]
async fn sells_in_its_name(stage: &mut Stage, price: Price) {
    let Some(live) = stage.live() else { return };
    let Some(order) = live.sell(price.0, GOODS).await else { return };
    live.settle().await;
    let seen = live.so_far();
    let wish = seen.arranged.iter().find(|act| act.what == "seller");
    let wish = wish.and_then(|act| act.facts.get("wish").cloned());
    if let Some(wish) = wish.and_then(|wish| serde_json::from_value::<Register>(wish).ok()) {
        let sale = sale_for(wish, order, price.0);
        let own = sale.request_id.clone();
        let Some(body) = live.whole_pay_body(sale).await else { return };
        let answer = live.own_call(Errand::SellToo, Api::Pay, &body).await;
        // A redirect is answered with a page; what it is worth is seen once a buyer logs in there.
        let redirects = live.contract.generation() == Generation::Legacy
            && live.product.means() == Means::WalletPage;
        if let Some(answer) = answer.filter(|_| redirects)
            && let Some(wallet) = live.wallet(price.0).await
        {
            live.follow_own_redirect(&own, &wallet, &answer.body).await;
            live.pass(2_000).await;
        }
    }
}

#[when(expr = "each of the four tills sells for {price}")]
#[when(expr = "each of the two tills sells for {price}")]
async fn each_till_sells(stage: &mut Stage, price: Price) {
    let Some(live) = stage.live() else { return };
    let seen = live.so_far();
    let stores = seen.acts_of("registers").into_iter().filter_map(|act| {
        let wish = serde_json::from_value::<Register>(act.facts.get("wish")?.clone()).ok()?;
        Some(wish.stores)
    });
    for store in stores.flatten().collect::<Vec<_>>() {
        live.store = store.id;
        live.sell(price.0, GOODS).await;
        live.settle().await;
    }
}

/// How long a merchant may take to ask again what it has no clear answer to, in milliseconds: a quarter
/// of an hour.
const UNCLEAR: i64 = 15 * 60_000;
/// How long is waited for what must not come after a clear answer.
const CLEAR: i64 = 60_000;

impl Live {
    /// In the place of days that nobody jumps over: waits until the merchant has sent its registration
    /// again or asked about it, unless it was answered, and a little longer.
    async fn pass_until_it_is_clear(&mut self) {
        let clear = |live: &Self| {
            let seen = live.so_far();
            let calls = seen.calls_of(Api::Registration);
            let answered = calls.iter().any(|call| call.believable().is_some());
            answered || calls.len() > 1 || !seen.calls_of(Api::InquiryRegistrationStatus).is_empty()
        };
        if self.until_within(UNCLEAR, clear).await {
            self.pass(CLEAR).await;
        } else if !self.is_over() {
            self.broken(Party::Merchant, REGISTRATION_UNCLEAR.plain());
        }
    }

    /// The body of the merchant's first registration of the first secondary merchant.
    fn first_registration(&self) -> Option<Value> {
        let (seen, id) = (self.so_far(), self.secondary.first());
        let mut calls = seen.calls_of(Api::Registration).into_iter();
        let first =
            calls.find(|call| call.asked("merchantInfo.referenceMerchantId").as_ref() == id);
        let first = first?.sent.clone()?;
        serde_json::from_slice(&first.blob.body).ok()
    }

    /// Asks the merchant to register everybody once more.
    async fn register_both_again(&mut self) {
        let seen = self.so_far();
        for act in seen.acts_of("registers") {
            let wish = act.facts.get("wish").cloned().unwrap_or_default();
            if let Ok(wish) = serde_json::from_value::<Register>(wish) {
                self.register(&wish).await;
            }
        }
        self.pass(60_000).await;
    }

    /// The body of a notice that says what the merchant waits for.
    fn approval_body(&self) -> Option<Value> {
        let seen = self.so_far();
        let registration = seen.calls_of(Api::Registration).pop()?;
        let approved = json!({ "registrationStatus": "APPROVED" });
        Some(json!({
            "referenceMerchantId": registration.asked("merchantInfo.referenceMerchantId")?,
            "registrationRequestId": registration.asked("registrationRequestId")?,
            "referenceStoreId": registration.asked("storeInfo.referenceStoreId"),
            "registrationResult": { "registrationStatus": "COMPLETED" },
            "pspRegistrationResultList": [
                { "pspName": "ALIPAYCN", "registrationResult": approved },
                { "pspName": "GCASH", "registrationResult": approved },
            ],
        }))
    }
}

/// A sale in the first store of a merchant, or on its website.
fn sale_for(wish: Register, order: String, amount: Amount) -> OwnSale {
    let place = wish.stores.into_iter().next();
    let terminal = place.as_ref().map_or_else(String::new, |store| store.terminal.clone());
    let store = place.map(|store| Store { reference: store.id, name: store.name, mcc: store.mcc });
    let merchant = Merchant { reference: wish.id, name: wish.name, mcc: wish.mcc, store };
    OwnSale { request_id: format!("{order}-own"), order, amount, merchant, terminal }
}

/// A registration of the runner's own, of the first store if there is one.
fn registration_of(wish: &Register) -> Value {
    let store = wish.stores.first().cloned();
    let registration = Registration {
        request_id: format!("{}-own", wish.id),
        notify_url: None,
        pass_through: None,
        merchant: Merchant {
            reference: wish.id.clone(),
            name: wish.name.clone(),
            mcc: wish.mcc.clone(),
            store: store.map(|store| Store {
                reference: store.id,
                name: store.name,
                mcc: store.mcc,
            }),
        },
        address: wish.address.clone(),
        region: "SG".into(),
        contact: wish.contact.clone(),
        website: wish.website.clone(),
    };
    registration.to_json()
}

fn spoil(body: &mut Value, fault: Fault) {
    let detail = ["merchantInfo", "registrationDetail"];
    match fault {
        Fault::Product => body["productCodes"] = json!(["IN_STORE_PAYMENTS"]),
        Fault::Contact => {
            let contacts = json!([{ "contactNo": "1", "contactType": "CARRIER_PIGEON" }]);
            set(body, &[detail[0], detail[1], "contactInfo"], contacts);
        }
        Fault::Website => set_website(body, "bakery dot example"),
        Fault::LongWebsite => {
            set_website(body, &format!("https://bakery.example/{}", "x".repeat(2_026)));
        }
        Fault::LongId => body["registrationRequestId"] = json!("r".repeat(65)),
        Fault::LongPassThrough => body["passThroughInfo"] = json!("x".repeat(2_049)),
        Fault::LongAttachment => {
            let name = "a".repeat(257);
            let attachment =
                json!([{ "attachmentType": "LOGO", "file": "", "attachmentName": name }]);
            set(body, &[detail[0], detail[1], "attachments"], attachment);
        }
        Fault::NoMerchant => {
            if let Some(fields) = body.as_object_mut() {
                fields.remove("merchantInfo");
            }
        }
    }
}

fn set_website(body: &mut Value, url: &str) {
    set(body, &["merchantInfo", "websites"], json!([{ "url": url, "type": "COMPANY_INTRODUCE" }]));
}
