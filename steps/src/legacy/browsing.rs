//! What the buyer's browser does in a shop on the web.

use cucumber::{given, when};
use evidence::{Blob, Way};
use protocol::legacy::Form;
use serde_json::json;

use super::website::limit_of;
use crate::Stage;
use crate::contract::Contract;
use crate::errand::Errand;
use crate::live::{Live, Mood, Turnout};
use crate::parameters::words;
use crate::readings::{Offer, offer_of};

/// How long before and after the end of its time an order is asked for, in milliseconds.
const AROUND: i64 = 20_000;
/// How long the gateway's word of the end is waited for.
const AFTERWARDS: i64 = 120_000;

words! {
    /// When the browser goes back to the shop.
    GoesBack "goes-back" "before the notification|after the notification" {
        Before = "before the notification", After = "after the notification",
    }
}

words! {
    /// What a return looks like that the gateway did not send.
    ForgedReturn "forged-return" "without a sign|with a sign of a stranger's key|with the genuine return of another order|with that of another order over our number and amount" {
        Unsigned = "without a sign",
        Stranger = "with a sign of a stranger's key",
        Another = "with the genuine return of another order",
        Edited = "with that of another order over our number and amount",
    }
}

#[given(expr = "the buyer closes the browser after paying")]
fn closes_browser(stage: &mut Stage) {
    if let Some(live) = stage.live() {
        live.arranged("browser-closed", json!({}));
    }
}

#[given(expr = "a buyer who opens the cashier and never logs in")]
fn never_logs_in(stage: &mut Stage) {
    if let Some(live) = stage.live() {
        live.buyer(Mood::Ignores, "opens the cashier and never logs in");
        live.turnout = Turnout::Looks;
    }
}

#[when(expr = "the browser goes back to the shop {goes-back}")]
async fn goes_back(stage: &mut Stage, when: GoesBack) {
    let Some(live) = stage.live() else { return };
    let Some(order) = live.so_far().order().map(str::to_owned) else { return };
    if !live.control.is_there() {
        return live.person_goes_back(&order, when).await;
    }
    let Some(url) = live.way_back(&order).await else { return };
    if when == GoesBack::After {
        let mine = order.clone();
        live.until(move |live| live.noticed(&mine)).await;
    }
    live.go_back(&order, url).await;
}

#[when(expr = "the browser goes back to the shop, unless the buyer closed it")]
async fn goes_back_if_open(stage: &mut Stage) {
    let Some(live) = stage.live() else { return };
    let seen = live.so_far();
    let closed = seen.arranged.iter().any(|act| act.what == "browser-closed");
    let Some(order) = seen.order().map(str::to_owned) else { return };
    match (closed, live.control.is_there()) {
        (true, true) => {}
        (true, false) => live.person_stays_away(&order).await,
        (false, false) => {
            live.returned(&order, true).await;
        }
        (false, true) => {
            if let Some(url) = live.way_back(&order).await {
                live.go_back(&order, url).await;
            }
        }
    }
}

#[when(expr = "the browser opens the shop's return page {forged-return}")]
async fn opens_forged(stage: &mut Stage, forged: ForgedReturn) {
    let Some(live) = stage.live() else { return };
    let Some(order) = live.while_it_waits().await else { return };
    let url = match forged {
        ForgedReturn::Unsigned => live.made_up_return(&order, false),
        ForgedReturn::Stranger => live.made_up_return(&order, true),
        ForgedReturn::Another => live.return_of_another().await,
        ForgedReturn::Edited => live.rewritten_return(&order).await,
    };
    let Some(url) = url else { return };
    let rest = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let head = format!("GET {path} HTTP/1.1\r\nhost: {host}\r\n\r\n").into_bytes();
    let blob = Blob { head, body: vec![] };
    live.hand_over_as_witness(Errand::ForgedReturn, Way::Notice, blob).await;
    live.pass(1_000).await;
}

#[when(expr = "the order's time limit passes, and own calls ask shortly before and after")]
async fn limit_passes(stage: &mut Stage) {
    let Some(live) = stage.live() else { return };
    if live.while_it_waits().await.is_none() {
        return;
    }
    live.pass(1_000).await;
    let Some((id, limit)) = live.limit() else { return };
    live.did("time-runs-out", json!({ "paymentRequestId": id, "until": limit }));
    live.pass(limit - AROUND - live.clock.now()).await;
    live.own_inquiry(Errand::AroundTheLimit, &id).await;
    live.pass(limit + AFTERWARDS - live.clock.now()).await;
    live.own_inquiry(Errand::AroundTheLimit, &id).await;
}

#[when(
    expr = "the buyer opens the cashier, goes back to the shop, presses pay again, pays, and presses once more"
)]
async fn starts_again(stage: &mut Stage) {
    let Some(live) = stage.live() else { return };
    let Some(order) = live.while_it_waits().await else { return };
    live.pass(5_000).await;
    if let Some(id) = live.so_far().ids_of(&order).pop() {
        live.own_inquiry(Errand::BetweenVisits, &id).await;
    }
    live.pays_from_now_on().await;
    live.press_and_follow(&order).await;
    let paid = order.clone();
    live.until_within(120_000, move |live| live.noticed(&paid)).await;
    if !live.control.is_there() {
        // There is nothing left to pay.
        live.mood = Mood::Ignores;
    }
    live.press_and_follow(&order).await;
    live.pass(5_000).await;
}

impl Live {
    /// Presses pay once more, and follows where the shop then sends the browser.
    async fn press_and_follow(&mut self, order: &str) {
        self.press_again(order).await;
        self.rest().await;
        let offer = self.views.get(order).and_then(offer_of);
        if let Some(offer) = offer.as_ref().filter(|_| !self.control.is_there()) {
            return self.person_follows(order, offer).await;
        }
        let Some(Offer::Link(link)) = offer else { return };
        let Some(wallet) = self.sold.last().map(|sold| sold.wallet.clone()) else { return };
        self.follow_redirect(order, &wallet, &link).await;
        self.pass(2_000).await;
    }

    /// The number of the order's payment, and when its time is over.
    fn limit(&self) -> Option<(String, i64)> {
        let seen = self.so_far();
        let pay = seen.pays_for(seen.order()?).pop()?;
        Some((pay.request_id()?, pay.began() + limit_of(pay)?))
    }

    /// What a return would say that settles an order.
    fn return_form(&self, order: &str) -> Option<(String, Form)> {
        let seen = self.so_far();
        let pay = seen.pays_for(order).pop()?;
        let base = pay.parameter("return_url")?.to_owned();
        let Contract::Legacy(contract) = &self.contract else { return None };
        let mut form = Form::new(contract.charset);
        form.set("out_trade_no", pay.request_id()?);
        form.set("trade_no", "2026010521001004000100000001");
        form.set("total_fee", pay.parameter("total_fee")?);
        form.set("currency", pay.parameter("currency")?);
        form.set("trade_status", "TRADE_FINISHED");
        Some((base, form))
    }

    fn made_up_return(&self, order: &str, signed: bool) -> Option<String> {
        let (base, mut form) = self.return_form(order)?;
        let Contract::Legacy(contract) = &self.contract else { return None };
        if signed {
            form.sign(&contract.signing.stranger()?).ok()?;
        }
        with_query(&base, &form)
    }

    async fn return_of_another(&mut self) -> Option<String> {
        let other = self.sell_aside().await?;
        if !self.control.is_there() {
            return self.seen_return(&other).await;
        }
        self.way_back(&other).await
    }

    /// The genuine return of another order, over the number and amount of ours.
    async fn rewritten_return(&mut self, order: &str) -> Option<String> {
        let (base, ours) = self.return_form(order)?;
        let url = self.return_of_another().await?;
        let query = url.split_once('?').map_or("", |(_, query)| query);
        let mut form = Form::read(query.as_bytes(), b"", ours.charset()).ok()?;
        for name in ["out_trade_no", "total_fee"] {
            form.set(name, ours.get(name).unwrap_or_default());
        }
        with_query(&base, &form)
    }
}

fn with_query(base: &str, form: &Form) -> Option<String> {
    let query = String::from_utf8(form.write().ok()?).ok()?;
    let joint = if base.contains('?') { '&' } else { '?' };
    Some(format!("{base}{joint}{query}"))
}
