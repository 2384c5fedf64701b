//! Whose a message is, by its texts alone.

use evidence::Blob;

use super::{Claim, LENGTH, Place, Routes, TEXTS};
use crate::text::{texts_of_answer, texts_of_call, texts_of_claim};

const LATTE: &str = "AMS-PAY-001-9f3a2c11-";
const MOCHA: &str = "AMS-PAY-002-00c0ffee-";

/// A call or a notice.
fn call(target: &str, body: &str) -> Blob {
    let head = format!("POST {target} HTTP/1.1\r\nhost: h\r\n\r\n");
    Blob { head: head.into_bytes(), body: body.as_bytes().to_vec() }
}

fn answer(body: &str) -> Blob {
    Blob { head: b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), body: body.as_bytes().to_vec() }
}

/// Two scenarios on one front.
struct Two {
    routes: Routes,
    latte: Place,
    mocha: Place,
}

impl Two {
    fn new() -> Self {
        let mut routes = Routes::default();
        let latte = routes.enter(Claim::Marked(LATTE.into()));
        let mocha = routes.enter(Claim::Marked(MOCHA.into()));
        Self { routes, latte, mocha }
    }

    fn find(&self, target: &str, body: &str) -> Option<Place> {
        self.routes.find(&texts_of_call(&call(target, body)))
    }

    /// Finds a message and learns from it, as a front does.
    fn pass(&mut self, target: &str, body: &str) -> Option<Place> {
        let texts = texts_of_call(&call(target, body));
        let place = self.routes.find(&texts)?;
        for text in texts.iter().filter(|text| text.is_id) {
            self.routes.hold(place, &text.value, false);
        }
        Some(place)
    }

    fn answered(&mut self, place: Place, blob: &Blob) {
        for text in texts_of_answer(blob) {
            self.routes.hold(place, &text.value, false);
        }
    }

    fn claim(&mut self, place: Place, text: &str) {
        for text in texts_of_claim(text) {
            self.routes.hold(place, &text, true);
        }
    }
}

fn pay(order: &str, request: &str) -> String {
    format!(r#"{{"order":{{"referenceOrderId":"{order}"}},"paymentRequestId":"{request}"}}"#)
}

#[test]
fn a_payment_is_found_by_its_order_and_all_that_follows_by_what_it_taught() {
    let mut two = Two::new();
    let at = "/ams/api/v1/payments/";
    let paid = two.pass(&format!("{at}pay"), &pay(&format!("{MOCHA}1"), "PR1"));
    assert_eq!(paid, Some(two.mocha));
    let other = two.pass(&format!("{at}pay"), &pay(&format!("{LATTE}1"), "PR2"));
    assert_eq!(other, Some(two.latte));
    let inquiry = two.find(&format!("{at}inquiryPayment"), r#"{"paymentRequestId":"PR1"}"#);
    assert_eq!(inquiry, Some(two.mocha));
    two.answered(two.mocha, &answer(r#"{"paymentId":"2026A","result":{"resultStatus":"S"}}"#));
    let refund = r#"{"paymentId":"2026A","refundRequestId":"RR1"}"#;
    assert_eq!(two.pass(&format!("{at}refund"), refund), Some(two.mocha));
    assert_eq!(two.find("/notify", r#"{"refundRequestId":"RR1"}"#), Some(two.mocha));
    assert_eq!(two.find(&format!("{at}cancel"), r#"{"paymentId":"2026B"}"#), None);
}

#[test]
fn the_older_generation_is_found_in_query_and_form_and_xml() {
    let mut two = Two::new();
    // The mark heads the order number, or stands in the title, in bytes of GBK.
    let spot = format!("partner_trans_id={LATTE}1&currency=USD");
    assert_eq!(two.pass("/gateway.do?_input_charset=GBK", &spot), Some(two.latte));
    let title = format!("partner_trans_id=20260105001&trans_name=%BF%A7%B7%C8+{MOCHA}7");
    assert_eq!(two.pass("/gateway.do?_input_charset=GBK", &title), Some(two.mocha));
    let query = "/gateway.do?service=alipay.acquire.overseas.query&partner_trans_id=20260105001";
    assert_eq!(two.find(query, ""), Some(two.mocha));
    let xml = "<?xml version=\"1.0\" encoding=\"GBK\"?><alipay><is_success>T</is_success>\
               <request><param name=\"out_trade_no\">20260105002</param></request><response>\
               <alipay><alipay_trans_id> 2026010522 </alipay_trans_id></alipay></response></alipay>";
    two.answered(two.mocha, &answer(xml));
    assert_eq!(two.find("/gateway.do", "alipay_trans_id=2026010522"), Some(two.mocha));
    assert_eq!(two.find("/gateway.do", "out_trade_no=20260105002"), Some(two.mocha));
    let notice = "notify_id=0af5&notify_type=trade_status_sync&out_trade_no=20260105001";
    assert_eq!(two.pass("/notify", notice), Some(two.mocha));
    let verify = "/gateway.do?service=notify_verify&partner=2088&notify_id=0af5";
    assert_eq!(two.find(verify, ""), Some(two.mocha));
    assert_eq!(two.find("/gateway.do?service=notify_verify&notify_id=0af6", ""), None);
    let customs = "out_request_nos=9,20260105001";
    assert_eq!(two.find("/gateway.do", customs), Some(two.mocha));
}

#[test]
fn a_page_of_the_cashier_is_found_by_its_token() {
    let mut two = Two::new();
    two.answered(two.latte, &answer("<html><a href=\"/cashier?token=abcXYZ\">Page</a></html>"));
    let moved = Blob {
        head: b"HTTP/1.1 302 Found\r\nLocation: https://c.test/cashier?token=moved-1&x=1\r\n\r\n"
            .to_vec(),
        body: vec![],
    };
    two.answered(two.mocha, &moved);
    let json = r#"{"normalUrl":"https://cashier.alipay.com/pay?token=json-1"}"#;
    two.answered(two.mocha, &answer(json));
    assert_eq!(two.find("/cashier?token=abcXYZ", ""), Some(two.latte));
    assert_eq!(two.find("/cashier", "token=abcXYZ&act=pay"), Some(two.latte));
    assert_eq!(two.find("/cashier?token=moved-1", ""), Some(two.mocha));
    assert_eq!(two.find("/pay?token=json-1", ""), Some(two.mocha));
    assert_eq!(two.find("/cashier?token=moved-2", ""), None);
}

#[test]
fn json_inside_strings_is_read() {
    let mut two = Two::new();
    let inner = format!(r#"{{\"a\":[{{\"order\":\"{LATTE}3\"}}]}}"#);
    let body = format!(r#"{{"extendInfo":"{inner}","paymentRequestId":"PR9"}}"#);
    assert_eq!(two.pass("/pay", &body), Some(two.latte));
    let escaped = r#"{"merchantData":"{\"list\":[{\"paymentRequestId\":\"PR\u0039\"}]}"}"#;
    assert_eq!(two.find("/pay", escaped), Some(two.latte));
    let form = "biz_data=%7B%22out_trade_no%22%3A%22PR9%22%7D";
    assert_eq!(two.find("/gateway.do", form), Some(two.latte));
}

#[test]
fn what_was_handed_out_is_found_in_any_field() {
    let mut two = Two::new();
    let (latte, mocha) = (two.latte, two.mocha);
    two.claim(latte, "281012020262467128");
    two.claim(mocha, "https://shop.test/thanks?visit=8");
    two.claim(mocha, "https://cashier.test/pay?token=t-1");
    let code = r#"{"paymentMethod":{"paymentMethodId":"281012020262467128"}}"#;
    assert_eq!(two.find("/pay", code), Some(latte));
    assert_eq!(two.find("http://shop.test/thanks?visit=8", ""), Some(mocha));
    assert_eq!(two.find("/thanks?visit=9", ""), None);
    assert_eq!(two.find("/pay?token=t-1", ""), Some(mocha));
    assert_eq!(two.find("/codes/281012020262467128/state", ""), Some(latte));
    // The mark says more than a code.
    let both = format!(r#"{{"id":"281012020262467128","order":"{MOCHA}1"}}"#);
    assert_eq!(two.find("/pay", &both), Some(mocha));
    // What was handed out says more than what was learned.
    two.pass("/pay", &pay(&format!("{MOCHA}1"), "PR1"));
    let both = r#"{"paymentRequestId":"PR1","code":"281012020262467128"}"#;
    assert_eq!(two.find("/pay", both), Some(latte));
}

#[test]
fn what_two_scenarios_hold_decides_nothing_until_one_has_left() {
    let mut two = Two::new();
    let (latte, mocha) = (two.latte, two.mocha);
    two.pass("/pay", &pay(&format!("{LATTE}1"), "PR1"));
    two.pass("/pay", &pay(&format!("{MOCHA}1"), "PR1"));
    let inquiry = r#"{"paymentRequestId":"PR1"}"#;
    assert_eq!(two.find("/inquiry", inquiry), None);
    two.claim(mocha, "9001");
    two.claim(latte, "9001");
    assert_eq!(two.find("/pay", r#"{"code":"9001"}"#), None);
    // An id beside it that one alone has taught still decides.
    two.pass("/pay", &pay(&format!("{LATTE}2"), "PR2"));
    let both = r#"{"paymentRequestId":"PR1","originalTransactionId":"PR2"}"#;
    assert_eq!(two.find("/inquiry", both), Some(latte));
    two.routes.leave(mocha);
    assert_eq!(two.find("/inquiry", inquiry), Some(latte));
    assert_eq!(two.find("/pay", r#"{"code":"9001"}"#), Some(latte));
    two.routes.leave(latte);
    assert_eq!(two.find("/inquiry", inquiry), None);
    assert_eq!(two.find("/pay", &pay(&format!("{LATTE}1"), "PR1")), None);
    assert!(two.routes.holders.is_empty() && two.routes.marked.is_empty());
}

#[test]
fn a_message_that_speaks_for_two_belongs_to_neither() {
    let mut two = Two::new();
    let (latte, mocha) = (two.latte, two.mocha);
    two.pass("/pay", &pay(&format!("{LATTE}1"), "PR1"));
    two.pass("/pay", &pay(&format!("{MOCHA}1"), "PR2"));
    let both = r#"{"paymentRequestId":"PR1","paymentId":"PR2"}"#;
    assert_eq!(two.find("/inquiry", both), None);
    two.claim(latte, "9001");
    two.claim(mocha, "9002");
    assert_eq!(two.find("/pay", r#"["9001","9002"]"#), None);
    assert_eq!(two.find("/pay", &format!(r#"["{MOCHA}1","{LATTE}1"]"#)), None);
    // A title that quotes another's order does not outweigh the order's own number.
    let quoted = format!(r#"["{MOCHA}1","as {LATTE}1"]"#);
    assert_eq!(two.find("/pay", &quoted), Some(mocha));
}

#[test]
fn an_equal_text_in_another_kind_of_field_is_chance() {
    let mut two = Two::new();
    let (latte, mocha) = (two.latte, two.mocha);
    two.pass("/pay", &pay(&format!("{LATTE}1"), "1001"));
    assert_eq!(two.find("/pay", r#"{"amount":{"value":"1001"}}"#), None);
    assert_eq!(two.find("/pay/1001", ""), None);
    // Every payment names a secondary merchant; only a registration is about it.
    let named =
        format!(r#"{{"order":{{"referenceOrderId":"{LATTE}1","referenceMerchantId":"M1"}}}}"#);
    two.pass("/ams/api/v1/payments/pay", &named);
    let asked = r#"{"referenceMerchantId":"M1"}"#;
    let inquiry = "/ams/api/v1/merchants/inquiryRegistrationStatus";
    assert_eq!(two.find(inquiry, asked), None);
    let registration =
        format!(r#"{{"registrationRequestId":"{MOCHA}1","referenceMerchantId":"M1"}}"#);
    assert_eq!(two.pass("/ams/api/v1/merchants/registration", &registration), Some(mocha));
    assert_eq!(two.find(inquiry, asked), Some(mocha));
    assert_eq!(two.find("/ams/api/v1/payments/pay", asked), None);
    let maintain = "service=alipay.overseas.secmerchant.offline.maintain&secondary_merchant_id=";
    two.pass("/gateway.do", &format!("{maintain}M2&secondary_merchant_name={LATTE}"));
    assert_eq!(two.find("/gateway.do", &format!("{maintain}M2")), Some(latte));
    assert_eq!(
        two.find("/gateway.do", "service=create_forex_trade&secondary_merchant_id=M2"),
        None
    );
}

#[test]
fn what_is_no_message_of_either_generation_says_what_its_text_says() {
    let two = Two::new();
    let cut = format!(r#"{{"order":"{LATTE}1"#);
    assert_eq!(two.find("/pay", &cut), Some(two.latte));
    for body in ["", "{", "[1,null,true]", "&&=&", "%", "%zz=%f", "\u{0}", "token="] {
        assert_eq!(two.find("/", body), None, "{body:?}");
        assert_eq!(texts_of_answer(&answer(body)), [], "{body:?}");
    }
    let nothing = Blob::default();
    assert_eq!(two.routes.find(&texts_of_call(&nothing)), None);
    let deep = "[".repeat(100_000);
    assert_eq!(two.find("/", &deep), None);
}

#[test]
fn a_flood_is_not_learned() {
    let mut two = Two::new();
    let latte = two.latte;
    two.claim(latte, &"9".repeat(LENGTH + 1));
    for number in 0..TEXTS + 10 {
        two.routes.hold(latte, &number.to_string(), false);
    }
    assert_eq!(two.routes.holders.len(), TEXTS);
    assert_eq!(two.find("/", &pay("x", "7")), Some(latte));
}

#[test]
fn who_is_alone_has_everything_and_two_that_want_it_have_nothing() {
    let mut two = Two::new();
    assert_eq!(two.routes.owner_of_all(), None);
    let first = two.routes.enter(Claim::Everything);
    assert_eq!(two.routes.owner_of_all(), Some(first));
    let second = two.routes.enter(Claim::Everything);
    assert_eq!(two.routes.owner_of_all(), None);
    assert_eq!(two.find("/", &format!("{LATTE}1")), Some(two.latte));
    two.routes.leave(first);
    assert_eq!(two.routes.owner_of_all(), Some(second));
}
