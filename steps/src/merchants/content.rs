//! Checks of what registrations, their answers and their notices say.

use cucumber::then;
use evidence::words as say;
use protocol::Fields;
use protocol::ams::{Api, Status};
use serde_json::{Value, json};

use super::told::{
    about, all_approve, first_asked, in_words, own, own_statuses, registrations, review_in,
    subject, texts, want_review, wishes,
};
use crate::seen::Exchange;
use crate::wants::{four_digits, want_field, want_form, want_result};
use crate::{Finding, Seen, Stage};

#[then(
    expr = "the registration names the merchant, its details and its store in the documented form"
)]
async fn registration_is_whole(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let calls = registrations(seen, &mut finding);
            let Some(call) = calls.first() else { return finding };
            let id = subject(seen).unwrap_or_default();
            let length = |most: usize| move |text: &str| (1..=most).contains(&text.chars().count());
            let form = "up-to-64";
            want_form(&mut finding, call, "registrationRequestId", form, length(64));
            want_field(&mut finding, call, "merchantInfo.referenceMerchantId", &[&id]);
            let name = "merchantInfo.merchantDisplayName";
            want_form(&mut finding, call, name, "text", |text| !text.trim().is_empty());
            want_form(&mut finding, call, "merchantInfo.merchantMCC", "four-digits", four_digits);
            let fields = call.request().and_then(|request| request.fields.as_ref());
            let at = |path: &str| fields.and_then(|fields: &Fields| fields.at(path));
            let detail = "merchantInfo.registrationDetail";
            finding.want_for_good(
                at(detail).is_some_and(Value::is_object),
                say::FIELD_PRESENT.with([detail]),
                say::FIELD_ABSENT.with([detail]),
            );
            let products = at("productCodes").cloned().unwrap_or_default();
            finding.want_for_good(
                products == json!(["IN_STORE_PAYMENT"]),
                say::FIELD_IS.with(["productCodes", r#"["IN_STORE_PAYMENT"]"#]),
                say::FIELD_IS.with(["productCodes", &products.to_string()]),
            );
            let store = "storeInfo.referenceStoreId";
            want_form(&mut finding, call, store, "text", |text| !text.trim().is_empty());
            let told = call.asked(store).unwrap_or_default();
            finding.guess(
                told.chars().count() <= 32,
                say::FIELD_MATCHES.with([store, "up-to-32"]),
                say::FIELD_IS.with([store, &told]),
            );
            finding
        })
        .await;
}

#[then(expr = "the gateway takes it, repeats what was passed through, and says PENDING")]
async fn registration_is_taken(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(call) = first_asked(seen, &mut finding) else { return finding };
            want_result(&mut finding, call, "registration", Status::S, &["SUCCESS"]);
            let path = "passThroughInfo";
            let told = call.answer_sent.as_ref().and_then(|answer| answer.text(path));
            let (asked, told) = (call.asked(path), told.unwrap_or_default());
            let asked = asked.unwrap_or_default();
            finding.want(
                asked == told,
                say::VALUE_REPEATED.with(["registration", path, &asked]),
                say::VALUE_OTHER.with(["registration", path, &told]),
            );
            let id = subject(seen).unwrap_or_default();
            let first = own_statuses(seen, &id, None);
            want_review(&mut finding, first.first(), "PENDING", |told| told.status == "PENDING");
            finding
        })
        .await;
}

#[then(
    expr = "the review then ends with the approval of every wallet, and what was registered can be read"
)]
async fn review_ends_well(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(call) = first_asked(seen, &mut finding) else { return finding };
            let id = subject(seen).unwrap_or_default();
            let wanted = "COMPLETED, APPROVED";
            want_review(&mut finding, own_statuses(seen, &id, None).last(), wanted, all_approve);
            let Some(info) = info_answered(seen, &mut finding) else { return finding };
            for path in [
                "merchantInfo.referenceMerchantId",
                "merchantInfo.merchantDisplayName",
                "merchantInfo.merchantMCC",
                "storeInfo.referenceStoreId",
            ] {
                let asked = call.asked(path).unwrap_or_default();
                let told = info.answer_sent.as_ref().and_then(|answer| answer.text(path));
                let told = told.unwrap_or_default();
                finding.want(
                    asked == told,
                    say::VALUE_REPEATED.with(["inquiryRegistrationInfo", path, &asked]),
                    say::VALUE_OTHER.with(["inquiryRegistrationInfo", path, &told]),
                );
            }
            finding
        })
        .await;
}

/// The last own inquiryRegistrationInfo, wanted to be answered with S.
fn info_answered<'a>(seen: &'a Seen, finding: &mut Finding) -> Option<&'a Exchange> {
    let name = "inquiryRegistrationInfo";
    let info = own(seen, Api::InquiryRegistrationInfo).pop();
    match info {
        Some(info) => {
            finding.shown_by(info.lines());
            want_result(finding, info, name, Status::S, &["SUCCESS"]);
        }
        None => finding.cannot_judge(say::CALL_NOT_SEEN.with([name])),
    }
    info
}

#[then(expr = "every status inquiry names the merchant or its store")]
async fn inquiries_name_somebody(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let name = "inquiryRegistrationStatus";
            let calls = seen.calls_of(Api::InquiryRegistrationStatus);
            if calls.is_empty() {
                finding.fail(say::CALL_SEEN.with([name]), say::CALL_NOT_SEEN.with([name]));
            }
            for call in calls {
                finding.shown_by(call.lines());
                let store = call.asked("referenceStoreId");
                let names = about(call).or(store).is_some();
                let wanted = "referenceMerchantId / referenceStoreId";
                finding.want_for_good(
                    names,
                    say::FIELD_PRESENT.with([wanted]),
                    say::FIELD_ABSENT.with([wanted]),
                );
            }
            finding
        })
        .await;
}

#[then(expr = "the gateway answers for that registration alone or for every wallet, as asked")]
async fn answers_as_asked(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(call) = first_asked(seen, &mut finding) else { return finding };
            let id = subject(seen).unwrap_or_default();
            let request = call.asked("registrationRequestId");
            let over = |told: &protocol::ams::ReviewTold| told.is_completed();
            let one = own_statuses(seen, &id, request.as_deref());
            want_review(&mut finding, one.last(), "COMPLETED", over);
            let all = own_statuses(seen, &id, None);
            want_review(&mut finding, all.last(), "COMPLETED, APPROVED", all_approve);
            finding
        })
        .await;
}

#[then(expr = "the notice comes to the address that the registration named, with ids and outcome")]
async fn notice_is_good(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(call) = first_asked(seen, &mut finding) else { return finding };
            let Some(url) = call.asked("registrationNotifyURL") else {
                finding.note(say::NOTE_NO_REGISTRATION_NOTIFY_URL.plain());
                return finding;
            };
            let request = call.asked("registrationRequestId").unwrap_or_default();
            let notice = seen
                .notices()
                .find(|notice| notice.asked("registrationRequestId").as_deref() == Some(&request));
            let Some((notice, sent)) = notice.and_then(|n| n.sent.as_ref().map(|r| (n, r))) else {
                finding.fail(say::NOTICE_SEEN.with([1]), say::NOTICE_NONE.plain());
                return finding;
            };
            finding.shown_by([sent.line]);
            let path = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
            let wanted = path.find('/').map_or("/", |start| &path[start..]);
            let target = sent.target().unwrap_or_default();
            finding.want(
                sent.method() == "POST" && target == wanted,
                say::NOTICE_TARGET.with([wanted]),
                say::NOTICE_TARGET.with([&target]),
            );
            let id = subject(seen).unwrap_or_default();
            want_field(&mut finding, notice, "referenceMerchantId", &[&id]);
            let told = sent.fields.as_ref().and_then(protocol::ams::ReviewTold::read);
            finding.want(
                told.as_ref().is_some_and(all_approve),
                say::REVIEW_IS.with(["COMPLETED, APPROVED"]),
                say::REVIEW_IS.with([in_words(told.as_ref())]),
            );
            finding
        })
        .await;
}

#[then(
    expr = "the gateway tells the outcome of each wallet, and the reasons of the one that rejects"
)]
async fn each_wallet_is_told(stage: &mut Stage) {
    stage.judge(each_wallet).await;
}

fn each_wallet(seen: &Seen) -> Finding {
    let mut finding = Finding::new();
    if first_asked(seen, &mut finding).is_none() {
        return finding;
    }
    let id = subject(seen).unwrap_or_default();
    let Some(call) = own_statuses(seen, &id, None).pop() else {
        finding.cannot_judge(say::CALL_NOT_SEEN.with(["inquiryRegistrationStatus"]));
        return finding;
    };
    finding.shown_by(call.lines());
    let told = review_in(call.answer_sent.as_ref());
    let mut wanted = planned(seen);
    let mut found: Vec<Said> = told.iter().flat_map(|told| &told.wallets).map(Said::of).collect();
    wanted.sort();
    found.sort();
    let list = |said: &[Said]| said.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    finding.want(
        told.is_some_and(|told| told.is_completed()) && found == wanted,
        say::REVIEW_IS.with([list(&wanted)]),
        say::REVIEW_IS.with([list(&found)]),
    );
    finding
}

/// What one wallet says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Said {
    pub(super) name: String,
    pub(super) status: Option<String>,
    pub(super) reasons: Vec<String>,
}

impl Said {
    fn of(wallet: &protocol::ams::WalletReview) -> Self {
        let protocol::ams::WalletReview { name, status, reasons } = wallet.clone();
        Self { name, status, reasons }
    }
}

impl std::fmt::Display for Said {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let status = self.status.as_deref().unwrap_or("—");
        write!(f, "{} {status} {}", self.name, self.reasons.join("; "))
    }
}

/// What the wallets say at the end of the review that was arranged last.
pub(super) fn planned(seen: &Seen) -> Vec<Said> {
    let review = seen.arranged.iter().rfind(|act| act.what == "review");
    let wallets = review.and_then(|act| act.facts.get("wallets")?.as_array());
    let wallets = wallets.into_iter().flatten().map(|wallet| {
        let text = |name: &str| wallet.get(name).and_then(Value::as_str).map(str::to_owned);
        let reasons = wallet.get("reasons").and_then(Value::as_array).into_iter().flatten();
        Said {
            name: text("name").unwrap_or_default(),
            status: text("status"),
            reasons: reasons.filter_map(Value::as_str).map(str::to_owned).collect(),
        }
    });
    wallets.collect()
}

#[then(expr = "every text of the registration arrives as entered, character by character")]
async fn texts_arrive(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let calls = registrations(seen, &mut finding);
            let Some(call) = calls.first() else { return finding };
            let fields = call.request().and_then(|request| request.fields.as_ref());
            want_texts(&mut finding, seen, fields, "registration");
            let name = wishes(seen).first().map(|wish| wish.name.clone()).unwrap_or_default();
            want_field(&mut finding, call, "merchantInfo.merchantDisplayName", &[&name]);
            finding
        })
        .await;
}

#[then(expr = "what was registered is told with the same texts")]
async fn texts_come_back(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            if first_asked(seen, &mut finding).is_none() {
                return finding;
            }
            let Some(info) = info_answered(seen, &mut finding) else { return finding };
            let fields = info.answer_sent.as_ref().and_then(|answer| answer.fields.as_ref());
            want_texts(&mut finding, seen, fields, "inquiryRegistrationInfo");
            finding
        })
        .await;
}

/// Wants a body to hold each text of the wish as it was entered.
fn want_texts(finding: &mut Finding, seen: &Seen, fields: Option<&Fields>, name: &str) {
    let found = texts(fields);
    let Some(wish) = wishes(seen).into_iter().next() else { return };
    for text in [&wish.name, &wish.address, &wish.contact, &wish.website] {
        finding.want(
            found.contains(text),
            say::TEXT_ARRIVES.with([name, text]),
            say::TEXT_MISSING.with([name, text]),
        );
    }
}
