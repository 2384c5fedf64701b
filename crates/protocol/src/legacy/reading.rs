//! What a message means, in the words of the newer generation.
//!
//! Both generations tell the same story: a payment under the merchant's own number, its state, its
//! amount, and results that are done, refused or unknown. Whoever follows the story reads it in one
//! tongue, that of `ams`; whoever judges the words themselves reads the parameters.

use serde_json::{Map, Value, json};

use super::answer::{Answer, Told};
use super::form::Form;
use super::service::Service;
use crate::ams::{Outcome, PaymentStatus, RefundStatus, Status};
use crate::{Amount, Currency, Fields};

/// A code that says nothing about what became of a call: "repeat / query, never assume failure".
const UNSURE: &str = "SYSTEM_ERROR";

/// How services say that they know no such trade; the documents have four spellings (L5).
const NO_TRADE: [&str; 4] =
    ["TRADE_NOT_EXIST", "TRANS_NOT_FOUND", "TRADE_IS_NOT_EXIST", "PURCHASE_TRADE_NOT_EXIST"];

/// Names of the same thing in different services.
const REQUEST_ID: [&str; 2] = ["partner_trans_id", "out_trade_no"];
const PAYMENT_ID: [&str; 2] = ["alipay_trans_id", "trade_no"];
const REFUND_ID: [&str; 2] = ["partner_refund_id", "out_return_no"];

/// Whether a code says that there is no such trade.
pub fn is_no_trade(code: &str) -> bool {
    NO_TRADE.contains(&code)
}

/// The state that a value of `alipay_trans_status` or `trade_status` tells.
fn trade_status(name: &str) -> Option<PaymentStatus> {
    match name {
        "WAIT_BUYER_PAY" => Some(PaymentStatus::Processing),
        // A website's trade shows the second where a store's shows the first.
        "TRADE_SUCCESS" | "TRADE_FINISHED" => Some(PaymentStatus::Success),
        "TRADE_CLOSED" => Some(PaymentStatus::Fail),
        _ => None,
    }
}

/// The members of a message under the newer names.
struct Words<'a> {
    text: &'a dyn Fn(&str) -> Option<&'a str>,
    members: Map<String, Value>,
}

impl<'a> Words<'a> {
    fn of(text: &'a dyn Fn(&str) -> Option<&'a str>) -> Self {
        let mut words = Self { text, members: Map::new() };
        words.put("paymentRequestId", &REQUEST_ID);
        words.put("paymentId", &PAYMENT_ID);
        words.put("refundRequestId", &REFUND_ID);
        words
    }

    fn first(&self, names: &[&str]) -> Option<&'a str> {
        names.iter().find_map(|name| (self.text)(name)).filter(|value| !value.is_empty())
    }

    fn put(&mut self, member: &str, names: &[&str]) {
        if let Some(value) = self.first(names) {
            self.members.insert(member.to_owned(), json!(value));
        }
    }

    /// An amount in major units, of the message's currency.
    fn put_amount(&mut self, member: &str, names: &[&str], currency: &str) {
        let currency = (self.text)(currency).and_then(|code| Currency::parse(code).ok());
        let amount = currency.zip(self.first(names));
        let amount = amount.and_then(|(currency, value)| Amount::from_major(currency, value).ok());
        if let Some(amount) = amount {
            self.members.insert(member.to_owned(), amount.to_wire());
        }
    }

    fn put_outcome(&mut self, outcome: &Outcome) {
        self.members.insert("result".to_owned(), outcome.to_json());
    }

    fn fields(self) -> Fields {
        Fields::of(self.members)
    }
}

impl Form {
    /// What a call asks for: `paymentRequestId`, `paymentId`, `refundRequestId`, `paymentAmount`,
    /// `refundAmount` and `paymentMethod`, as far as it names them.
    pub fn in_ams_words(&self) -> Fields {
        let text = |name: &str| self.get(name);
        let mut words = Words::of(&text);
        let service = self.get("service").and_then(Service::parse);
        let refunds = matches!(service, Some(Service::SpotRefund | Service::ForexRefund));
        if refunds {
            words.put_amount("refundAmount", &["refund_amount", "return_amount"], "currency");
        } else {
            // A price in one currency may be settled in another.
            let priced = if self.get("trans_currency").is_some_and(|code| !code.is_empty()) {
                "trans_currency"
            } else {
                "currency"
            };
            words.put_amount("paymentAmount", &["trans_amount", "total_fee"], priced);
        }
        words.put("paymentNotifyUrl", &["notify_url"]);
        words.put("referenceMerchantId", &["secondary_merchant_id"]);
        if let Some(code) = self.get("buyer_identity_code") {
            words.members.insert("paymentMethod".into(), json!({ "paymentMethodId": code }));
        }
        words.fields()
    }

    /// What a notice tells: the same, and `notifyType` with a result where it is the end of a
    /// payment, `refundStatus` where it is that of a refund.
    pub fn notice_in_ams_words(&self) -> Fields {
        let text = |name: &str| self.get(name);
        let mut words = Words::of(&text);
        words.put_amount("paymentAmount", &["total_fee"], "currency");
        words.put_amount("refundAmount", &["return_amount", "refund_amount"], "currency");
        if let Some(told) = self.get("refund_status") {
            let done = told == "REFUND_SUCCESS";
            let status = if done { RefundStatus::Success } else { RefundStatus::Fail };
            words.members.insert("refundStatus".to_owned(), json!(status.name()));
            words.members.insert("notifyType".to_owned(), json!("REFUND_RESULT"));
        } else if let Some(status) = self.get("trade_status").and_then(trade_status) {
            words.members.insert("paymentStatus".to_owned(), json!(status.name()));
            let end = match status {
                PaymentStatus::Success => Some(Status::S),
                PaymentStatus::Fail | PaymentStatus::Cancelled => Some(Status::F),
                PaymentStatus::Processing | PaymentStatus::Pending => None,
            };
            if let Some(status) = end {
                let code = self.get("trade_status").unwrap_or_default().to_owned();
                words.put_outcome(&Outcome { status, code, message: String::new() });
                words.members.insert("notifyType".to_owned(), json!("PAYMENT_RESULT"));
            }
        }
        words.fields()
    }
}

impl Answer {
    /// What it says about its call. "Only two error classes: business error, and
    /// timeout/`SYSTEM_ERROR`"; a cancel that may be tried again is no refusal either.
    pub fn outcome(&self) -> Outcome {
        let (status, code) = match &self.told {
            Told::Rejected { error } => {
                (if error == UNSURE { Status::U } else { Status::F }, error.clone())
            }
            Told::Accepted => self.business(),
        };
        Outcome { status, code, message: self.get("detail_error_des").unwrap_or_default().into() }
    }

    /// The second level of the result. `response_code` is `alipay.acquire.refund.query`'s; services
    /// without any result code say all with `is_success`.
    fn business(&self) -> (Status, String) {
        let result = self.get("result_code").or_else(|| self.get("response_code"));
        let detail = ["error", "detail_error_code"].into_iter().find_map(|name| self.get(name));
        let code = detail.or(result).unwrap_or("SUCCESS").to_owned();
        let again = self.get("retry_flag") == Some("Y");
        let status = match result {
            None | Some("SUCCESS") => Status::S,
            Some("FAILED" | "FAIL") if code == UNSURE || again => Status::U,
            Some("UNKNOW" | "UNKNOWN" | "PROCESS_EXCEPTION" | "QUERY_FAILED") => Status::U,
            Some(_) => Status::F,
        };
        (status, code)
    }

    /// What it tells: `result`, ids and amounts, `paymentStatus` of a query that worked, and
    /// `refundStatus` of a refund's. Amounts of a service that tells them in another currency than
    /// it was asked in have none here.
    pub fn in_ams_words(&self) -> Fields {
        let text = |name: &str| self.get(name);
        let mut words = Words::of(&text);
        let outcome = self.outcome();
        words.put_outcome(&outcome);
        words.put_amount("paymentAmount", &["trans_amount"], "currency");
        words.put_amount("refundAmount", &["refund_amount"], "currency");
        if outcome.status == Status::S {
            let told = ["alipay_trans_status", "trade_status"].into_iter().find_map(text);
            if let Some(status) = told.and_then(trade_status) {
                words.members.insert("paymentStatus".to_owned(), json!(status.name()));
            }
            let refund = match self.get("refund_result_code") {
                Some("SUCCESS") => Some(RefundStatus::Success),
                Some("PROCESSING") => Some(RefundStatus::Processing),
                Some(_) => Some(RefundStatus::Fail),
                None => None,
            };
            if let Some(refund) = refund {
                words.members.insert("refundStatus".to_owned(), json!(refund.name()));
            }
        }
        words.fields()
    }
}

#[cfg(test)]
mod tests {
    use super::super::charset::Charset;
    use super::*;

    fn answer(fields: &str) -> Answer {
        let text = format!(
            "<alipay><is_success>T</is_success><response><alipay>{fields}</alipay></response>\
             <sign>x</sign><sign_type>MD5</sign_type></alipay>"
        );
        Answer::read(text.as_bytes()).unwrap()
    }

    fn refused(error: &str) -> Answer {
        let text = format!("<alipay><is_success>F</is_success><error>{error}</error></alipay>");
        Answer::read(text.as_bytes()).unwrap()
    }

    fn form(pairs: &[(&str, &str)]) -> Form {
        let mut form = Form::new(Charset::Utf8);
        for (name, value) in pairs {
            form.set(name, *value);
        }
        form
    }

    #[test]
    fn both_levels_make_one_outcome() {
        let detail = "<detail_error_code>TRADE_CANCEL_TIME_OUT</detail_error_code>";
        for (result, rest, status, code) in [
            ("SUCCESS", "", Status::S, "SUCCESS"),
            ("UNKNOW", "", Status::U, "UNKNOW"),
            ("UNKNOWN", "<error>SYSTEM_ERROR</error>", Status::U, "SYSTEM_ERROR"),
            ("FAILED", "<error>BUYER_NOT_EXIST</error>", Status::F, "BUYER_NOT_EXIST"),
            ("FAIL", detail, Status::F, "TRADE_CANCEL_TIME_OUT"),
            ("FAIL", "<retry_flag>Y</retry_flag>", Status::U, "FAIL"),
            ("FAIL", "<error>SYSTEM_ERROR</error>", Status::U, "SYSTEM_ERROR"),
        ] {
            let told = answer(&format!("<result_code>{result}</result_code>{rest}")).outcome();
            assert_eq!((told.status, told.code.as_str()), (status, code), "{result} {rest}");
        }
        assert_eq!(answer("<response_code>NOT_FOUND</response_code>").outcome().status, Status::F);
        assert_eq!(
            answer("<trade_status>TRADE_FINISHED</trade_status>").outcome().status,
            Status::S
        );
        assert_eq!(refused("ILLEGAL_SIGN").outcome().status, Status::F);
        assert_eq!(refused("SYSTEM_ERROR").outcome().status, Status::U);
        let bare = Answer::read(b"<alipay><is_success>T</is_success></alipay>").unwrap();
        assert_eq!(bare.outcome().status, Status::S);
    }

    #[test]
    fn a_query_that_worked_tells_the_state_of_the_trade() {
        let status = |fields: &str| answer(fields).in_ams_words().text("paymentStatus");
        let done = "<result_code>SUCCESS</result_code>";
        for (word, expected) in [
            ("WAIT_BUYER_PAY", Some("PROCESSING")),
            ("TRADE_SUCCESS", Some("SUCCESS")),
            ("TRADE_CLOSED", Some("FAIL")),
            ("TRADE_PENDING", None),
        ] {
            let fields = format!("{done}<alipay_trans_status>{word}</alipay_trans_status>");
            assert_eq!(status(&fields).as_deref(), expected, "{word}");
        }
        let website = "<trade_status>TRADE_FINISHED</trade_status>";
        assert_eq!(status(website).as_deref(), Some("SUCCESS"));
        assert_eq!(status(done), None);
        let failed = "<result_code>FAIL</result_code><alipay_trans_status>TRADE_SUCCESS\
                      </alipay_trans_status>";
        assert_eq!(status(failed), None);
    }

    #[test]
    fn ids_and_amounts_are_found_under_every_name() {
        let pay = form(&[
            ("service", "alipay.acquire.overseas.spot.pay"),
            ("partner_trans_id", "T1"),
            ("currency", "USD"),
            ("trans_amount", "12.34"),
        ])
        .in_ams_words();
        assert_eq!(pay.text("paymentRequestId").as_deref(), Some("T1"));
        assert_eq!(pay.text("paymentAmount.value").as_deref(), Some("1234"));
        let code = form(&[
            ("service", "alipay.acquire.precreate"),
            ("out_trade_no", "T2"),
            ("currency", "CNY"),
            ("trans_currency", "JPY"),
            ("total_fee", "1200"),
        ])
        .in_ams_words();
        assert_eq!(code.text("paymentRequestId").as_deref(), Some("T2"));
        assert_eq!(code.text("paymentAmount.currency").as_deref(), Some("JPY"));
        assert_eq!(code.text("paymentAmount.value").as_deref(), Some("1200"));
        let refund = form(&[
            ("service", "forex_refund"),
            ("out_trade_no", "T3"),
            ("out_return_no", "R3"),
            ("currency", "USD"),
            ("return_amount", "5.00"),
        ])
        .in_ams_words();
        assert_eq!(refund.text("refundRequestId").as_deref(), Some("R3"));
        assert_eq!(refund.text("refundAmount.value").as_deref(), Some("500"));
        assert_eq!(refund.text("paymentAmount.value"), None);
    }

    #[test]
    fn a_notice_tells_the_end_of_a_payment_or_of_a_refund_and_nothing_else() {
        let told = |pairs: &[(&str, &str)]| form(pairs).notice_in_ams_words();
        let paid = told(&[("out_trade_no", "T1"), ("trade_status", "TRADE_FINISHED")]);
        assert_eq!(paid.text("notifyType").as_deref(), Some("PAYMENT_RESULT"));
        assert_eq!(paid.text("result.resultStatus").as_deref(), Some("S"));
        let scanned = told(&[("out_trade_no", "T1"), ("trade_status", "WAIT_BUYER_PAY")]);
        assert_eq!(scanned.text("notifyType"), None);
        let closed = told(&[("out_trade_no", "T1"), ("trade_status", "TRADE_CLOSED")]);
        assert_eq!(closed.text("result.resultStatus").as_deref(), Some("F"));
        let refunded = told(&[("out_return_no", "R1"), ("refund_status", "REFUND_SUCCESS")]);
        assert_eq!(refunded.text("refundStatus").as_deref(), Some("SUCCESS"));
        assert_eq!(refunded.text("notifyType").as_deref(), Some("REFUND_RESULT"));
    }
}
