//! Samples of the newer generation.

use serde_json::Value;

use super::{Meeting, Sample};
use crate::ams::{
    Api, Merchant, Order, Pay, Refund, Registration, RegistrationInquiry, Scenario, Store,
    Terminal, inquiry_body, refund_inquiry_body,
};
use crate::{Amount, Currency};

/// What is sold.
const GOODS: &str = "Coffee 咖啡";
/// One dollar.
const PRICE: i64 = 100;

/// The body of a call.
pub(super) fn body(api: Api, sample: &Sample<'_>) -> Value {
    let request = request_id(sample);
    let refund = refund_id(sample);
    let of_merchant =
        RegistrationInquiry { merchant: Some(MERCHANT), store: Some(STORE), request_id: None };
    match api {
        Api::Pay => pay(sample),
        Api::InquiryPayment | Api::Cancel => inquiry_body(Some(&request), None),
        Api::Refund => Refund {
            request_id: refund,
            payment_id: sample.payment_id.to_owned(),
            amount: price(),
            reason: Some("returned".to_owned()),
            notify_url: None,
        }
        .to_json(),
        Api::InquiryRefund => refund_inquiry_body(Some(&refund), None),
        Api::Registration => registration(sample),
        Api::InquiryRegistrationStatus | Api::InquiryRegistrationInfo => of_merchant.to_json(),
    }
}

const MERCHANT: &str = "M-SAMPLE";
const STORE: &str = "S-SAMPLE";

fn request_id(sample: &Sample<'_>) -> String {
    format!("PAY-{}", sample.mark)
}

fn refund_id(sample: &Sample<'_>) -> String {
    format!("REFUND-{}", sample.mark)
}

fn price() -> Amount {
    Amount { currency: Currency::USD, minor: PRICE }
}

fn merchant() -> Merchant {
    Merchant {
        reference: MERCHANT.to_owned(),
        name: "Sample Coffee".to_owned(),
        mcc: "5812".to_owned(),
        store: Some(Store {
            reference: STORE.to_owned(),
            name: "Sample Coffee Main Street".to_owned(),
            mcc: "5812".to_owned(),
        }),
    }
}

fn pay(sample: &Sample<'_>) -> Value {
    let scenario = match sample.meeting {
        Meeting::UserPresented => Scenario::PaymentCode(sample.code.into()),
        Meeting::OrderCode => Scenario::OrderCode,
        Meeting::EntryCode => Scenario::EntryCode { user_agent: "AlipayClient/10.6.0".to_owned() },
        Meeting::Cashier => Scenario::Cashier { terminal_type: "WEB".to_owned(), user_agent: None },
    };
    let scanned = sample.meeting == Meeting::UserPresented;
    let terminal = Terminal { id: "T-1".to_owned(), time: sample.now };
    let pay = Pay {
        request_id: request_id(sample),
        amount: price(),
        scenario,
        order: Order {
            reference: format!("ORDER-{}", sample.mark),
            description: GOODS.to_owned(),
            amount: price(),
            merchant: merchant(),
            terminal: scanned.then_some(terminal),
            extend_info: None,
        },
        notify_url: Some(sample.notify_url.to_owned()),
        redirect_url: None,
        expires: (sample.meeting == Meeting::Cashier).then_some(sample.now + 600_000),
    };
    pay.to_json()
}

fn registration(sample: &Sample<'_>) -> Value {
    Registration {
        request_id: format!("REGISTRATION-{}", sample.mark),
        notify_url: Some(sample.notify_url.to_owned()),
        pass_through: None,
        merchant: merchant(),
        address: "1 Main Street".to_owned(),
        region: "SG".to_owned(),
        contact: "owner@shop.example".to_owned(),
        website: "https://shop.example".to_owned(),
    }
    .to_json()
}
