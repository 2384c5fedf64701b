//! The conditions that the traffic shows: one that a profile declares off, and that is seen all the
//! same, means that mandatory cases were left out.

use protocol::ams::Api;
use protocol::legacy::Service;
use steps::Seen;
use steps::seen::Exchange;

use super::CaseResult;
use crate::suite::{Condition, Declared};

/// What the merchant's own calls, and the gateway's words about them, show.
pub(super) fn shown(seen: &Seen) -> Vec<Condition> {
    let pays = seen.calls_of(Api::Pay);
    let registrations = seen.calls_of(Api::Registration);
    let names = |calls: &[&Exchange], path| calls.iter().any(|call| call.asked(path).is_some());
    let other_currency = |call: &&Exchange| {
        let told = |path: &str| call.answer_sent.as_ref().and_then(|answer| answer.text(path));
        let paid = told("actualPaymentAmount.currency").zip(told("paymentAmount.currency"));
        paid.is_some_and(|(paid, asked)| paid != asked)
    };
    let by_post = |call: &&Exchange| call.sent.as_ref().is_some_and(|sent| sent.method() == "POST");
    let to_gateway_do = || seen.calls().filter(|call| call.parameter("service").is_some());
    let says = |name: &str, values: &[&str]| {
        to_gateway_do().any(|call| call.parameter(name).is_some_and(|told| values.contains(&told)))
    };
    let taxi = |call: &&&Exchange| call.parameter("store_industry") == Some("4121");
    [
        (
            Condition::AsyncRefunds,
            seen.calls_of(Api::Refund).iter().any(|call| call.is_executed_later()),
        ),
        (
            Condition::BarcodeNotices,
            pays.iter().any(|pay| {
                pay.service() == Some(Service::SpotPay) && pay.parameter("notify_url").is_some()
            }),
        ),
        (Condition::Taxi, registrations.iter().any(|call| taxi(&call))),
        (Condition::Post, to_gateway_do().any(|call| by_post(&call))),
        (Condition::Gbk, says("_input_charset", &["GBK", "GB2312"])),
        (Condition::Md5, says("sign_type", &["MD5"])),
        (Condition::Rsa, says("sign_type", &["RSA"])),
        (Condition::Rsa2, says("sign_type", &["RSA2"])),
        (Condition::Dsa, says("sign_type", &["DSA"])),
        (Condition::Expiry, names(&pays, "paymentExpiryTime")),
        (Condition::Fx, seen.calls().any(|call| other_currency(&call))),
        (Condition::RegistrationNotices, names(&registrations, "registrationNotifyURL")),
        (Condition::SecondaryMerchants, !registrations.is_empty()),
    ]
    .into_iter()
    .filter_map(|(condition, shows)| shows.then_some(condition))
    .collect()
}

/// Those that were seen although the profile declares otherwise, each once.
pub(super) fn undeclared(cases: &[CaseResult], declared: &Declared) -> Vec<Condition> {
    let attempts = cases.iter().flat_map(|case| &case.runs).flat_map(|run| &run.attempts);
    let mut found: Vec<Condition> = attempts.flat_map(|attempt| attempt.shows.clone()).collect();
    found.retain(|condition| !declared.conditions.contains(condition));
    found.sort_unstable();
    found.dedup();
    found
}
