//! What Given steps arrange about the older generation's files.

use cucumber::given;
use evidence::OrderState;
use protocol::ams::Api;
use protocol::{DAY, Day};
use serde_json::json;
use witness::{Effect, Match};

use super::parameters::{Coming, FileForm};
use super::settled::weekday;
use crate::live::{Live, Mood};
use crate::parameters::Price;
use crate::product::Means;
use crate::reconciliation::reports::ALTERATION;
use crate::sale::GOODS;
use crate::{Seen, Stage};

/// How the record calls the way in which files of a website come.
const COMING: &str = "files-come";
/// How it calls an order of which the merchant heard nothing.
const LEFT: &str = "left-to-a-person";
/// How long a merchant may go on asking.
const PATIENCE: i64 = 2 * 3_600_000;
/// The place of Friday in a week that begins with 0.
const FRIDAY: i64 = 4;
/// At what time of a day is sold where it does not matter.
const NOON: i64 = 12 * 3_600_000;

#[given(expr = "the files of the day come {coming-of-files}")]
fn files_come(stage: &mut Stage, coming: Coming) {
    if let Some(live) = stage.live() {
        live.arranged(COMING, json!({ "how": coming.to_string() }));
    }
}

#[given(expr = "the file {file-form}")]
fn file_altered(stage: &mut Stage, form: FileForm) {
    if let Some(live) = stage.live() {
        live.arranged(ALTERATION, json!({ "alteration": form.to_string() }));
    }
}

#[given(expr = "an order of {price} that was cancelled after it was paid")]
async fn cancelled_paid(stage: &mut Stage, price: Price) {
    let Some(live) = stage.live() else { return };
    live.buyer(Mood::Pays, "pays at once");
    live.sell(price.0, GOODS).await;
    live.settle().await;
    live.clerk_cancels().await;
}

#[given(
    expr = "an order of {price} is paid, of which the merchant hears nothing and which it leaves to a person"
)]
async fn paid_unheard(stage: &mut Stage, price: Price) {
    let Some(live) = stage.live() else { return };
    live.buyer(Mood::Pays, "pays at once");
    if live.product.means() == Means::ScannedCode {
        live.plant("answer-lost", Match::every(Api::Pay), Effect::LoseAnswer);
    }
    live.plant("inquiry-lost", Match::every(Api::InquiryPayment), Effect::LoseCall);
    live.plant("cancel-lost", Match::every(Api::Cancel), Effect::LoseCall);
    // The gateway tells it for more than a day.
    live.plant("notice-lost", Match::notices(), Effect::LoseCall);
    let Some(order) = live.sell(price.0, GOODS).await else { return };
    let mine = order.clone();
    let left = move |live: &Live| live.state_of(&mine) == Some(OrderState::ForStaff);
    live.until_within(PATIENCE, left).await;
    live.witness.heal();
    live.plant("notice-lost", Match::notices(), Effect::LoseCall);
    let number = live.so_far().ids_of(&order).pop();
    live.arranged(LEFT, json!({ "order": order, "paymentRequestId": number }));
}

#[given(expr = "an order of {price} is paid on a Friday")]
async fn paid_on_friday(stage: &mut Stage, price: Price) {
    let Some(live) = stage.live() else { return };
    live.buyer(Mood::Pays, "pays at once");
    let today = Day::of(live.clock.now());
    let friday = today.start() + (FRIDAY - weekday(today)).rem_euclid(7) * DAY;
    let friday = if friday + NOON > live.clock.now() { friday } else { friday + 7 * DAY };
    live.pass(friday + NOON - live.clock.now()).await;
    live.sell(price.0, GOODS).await;
    live.settle().await;
}

#[given(expr = "an order of {price} was paid four days before, and nothing since")]
async fn paid_before(stage: &mut Stage, price: Price) {
    let Some(live) = stage.live() else { return };
    live.buyer(Mood::Pays, "pays at once");
    live.sell(price.0, GOODS).await;
    live.settle().await;
    // Whatever day of the week it was, what was sold is settled by then.
    live.pass(4 * DAY).await;
}

impl Seen {
    /// Whether the merchant downloads its files.
    pub(crate) fn downloads(&self) -> bool {
        let told = self.arranged.iter().rfind(|act| act.what == COMING);
        let told = told.and_then(|act| act.text("how")?.parse().ok());
        told == Some(Coming::Download)
    }

    /// Whether an order is one of which the merchant heard nothing, so that it may be left to a
    /// person although it was paid.
    pub(crate) fn was_left_to_a_person(&self, order: &str) -> bool {
        let left = self.arranged.iter().filter(|act| act.what == LEFT);
        left.into_iter().any(|act| act.text("order") == Some(order))
    }
}

/// The orders that are left to a person, by their numbers at the gateway.
pub(super) fn left_to_a_person(seen: &Seen) -> Vec<String> {
    let left = seen.arranged.iter().filter(|act| act.what == LEFT);
    left.filter_map(|act| act.text("paymentRequestId").map(str::to_owned)).collect()
}

/// The same by their ids in the shop.
pub(super) fn orders_left(seen: &Seen) -> Vec<String> {
    let left = seen.arranged.iter().filter(|act| act.what == LEFT);
    left.filter_map(|act| act.text("order").map(str::to_owned)).collect()
}
