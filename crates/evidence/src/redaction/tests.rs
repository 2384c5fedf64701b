use std::sync::Arc;

use serde_json::{Value, json};

use super::{Redacted, Redaction};
use crate::{Blob, Event, Leg, Message, RecordFile, Recorder, Way};

const CODE: &str = "288812345678901234";

/// What no record of a real gateway may hold.
const CANARIES: [&str; 16] = [
    CODE,
    "2088000099887766",
    "185******40",
    "Zaphod",
    "Beeblebrox",
    "zaphod@buyer.example",
    "Nowhere Lane",
    "4111111111111111",
    "state-of-consent",
    "192.0.2.77",
    "session-of-a-buyer",
    "李雷",
    "\\u674e",
    "%E6%9D%8E",
    "13800138000",
    "c2lnbmVkIGJ5IHRoZSBnYXRld2F5",
];

fn blob(head: &str, body: &[u8]) -> Blob {
    let head = format!("{}\r\n\r\n", head.replace('|', "\r\n"));
    Blob { head: head.into_bytes(), body: body.to_vec() }
}

fn message(bytes: Blob) -> Event {
    Event::Message(Box::new(Message {
        exchange: 1,
        way: Way::Call,
        leg: Leg::CallSent,
        own: false,
        bytes: Some(bytes),
        verified: None,
        fault: None,
        redacted: None,
    }))
}

/// A message of each form, with everything in it that a buyer may have.
fn messages() -> Vec<Blob> {
    let ams = "POST /ams/api/v1/payments/pay HTTP/1.1|client-id: 5Y|cookie: id=session-of-a-buyer|\
               signature: algorithm=RSA256,keyVersion=1,signature=c2lnbmVkIGJ5IHRoZSBnYXRld2F5%2B%3D%3D";
    let card = r#"{"cardNo":"4111111111111111","authState":"state-of-consent"}"#;
    let body = json!({
        "paymentRequestId": "PAY-1",
        "paymentAmount": { "currency": "USD", "value": "1231" },
        "paymentMethod": { "paymentMethodId": CODE, "extendInfo": card },
        "note": format!("scanned {CODE} at the till"),
        "order": {
            "buyer": { "name": { "firstName": "Zaphod", "fullName": "李雷" }, "phone": 13_800_138_000_u64 },
            "shipping": { "address1": ["Nowhere Lane", "Beeblebrox"] },
            "env": { "clientIp": "192.0.2.77", "storeTerminalId": "till-1" },
        },
        "pspCustomerInfo": {
            "pspName": "ALIPAYCN", "pspCustomerId": "2088000099887766", "displayCustomerId": "185******40",
        },
    });
    let escaped = br#"{"userName":"\u674e\u96f7","buyerEmail":"zaphod@buyer.example"}"#;
    let query = "GET /shop/return?buyer_email=zaphod%40buyer.example&buyer_id=2088000099887766&out_trade_no=1&\
         sign=c2lnbmVkIGJ5IHRoZSBnYXRld2F5%3D HTTP/1.1|x-forwarded-for: 192.0.2.77";
    let form = format!(
        "service=alipay.acquire.overseas.spot.pay&buyer_identity_code={CODE}&trans_name=Coffee&\
         buyer_name=%E6%9D%8E%E9%9B%B7&sign=c2lnbmVkIGJ5IHRoZSBnYXRld2F5"
    );
    let xml = "<?xml version=\"1.0\"?><alipay><is_success>T</is_success><request><param name=\"buyer_identity_code\">\
               288812345678901234</param></request><response><alipay><alipay_buyer_login_id>185******40\
               </alipay_buyer_login_id><buyer_email><![CDATA[zaphod@buyer.example]]></buyer_email>\
               <buyer_id>2088000099887766</buyer_id><result_code>SUCCESS</result_code></alipay></response>\
               <sign>c2lnbmVkIGJ5IHRoZSBnYXRld2F5</sign></alipay>";
    vec![
        blob(ams, body.to_string().as_bytes()),
        blob(ams, escaped),
        blob(query, b""),
        blob("POST /gateway.do?_input_charset=utf-8 HTTP/1.1", form.as_bytes()),
        blob("HTTP/1.1 200 OK|content-type: text/xml", xml.as_bytes()),
        // What is cut off in the middle.
        blob(ams, br#"{"buyer":{"name":"Zaphod","city":"Beeblebrox"#),
    ]
}

fn entered(recorder: &Recorder) -> Vec<Message> {
    recorder.look(0, |_| ());
    let entries = recorder.take().entries;
    entries.iter().filter_map(|entry| entry.event.message().cloned()).collect()
}

fn recorder(redaction: &Redaction) -> Recorder {
    Recorder::detached("AMS-PAY-001".parse().unwrap(), 1).redacting(redaction)
}

#[test]
fn nothing_of_a_buyer_enters_and_each_message_keeps_its_length_and_its_fields() {
    let recorder = recorder(&Redaction::drawn());
    let came = messages();
    for blob in &came {
        assert!(blob.has_buyers_data());
        recorder.append(0, message(blob.clone()));
    }
    // Who acts sees what came.
    recorder.look(0, |entries| {
        let seen =
            entries.iter().map(|entry| entry.event.message().unwrap().bytes.clone().unwrap());
        assert!(seen.eq(came.iter().cloned()));
    });
    let entered = entered(&recorder);
    for (message, came) in entered.iter().zip(&came) {
        let seen = message.bytes.as_ref().unwrap();
        let text =
            String::from_utf8_lossy(&[seen.head.as_slice(), &seen.body].concat()).into_owned();
        for canary in CANARIES {
            assert!(!text.contains(canary), "{canary}: {text}");
        }
        assert_eq!(
            (seen.head.len(), seen.body.len()),
            (came.head.len(), came.body.len()),
            "{text}"
        );
        assert!(seen.has_buyers_data(), "{text}");
        // Whoever has the message as it came finds it by its form, where the code stood in its field.
        let misplaced = came.body.windows(8).any(|it| it == b"scanned ");
        assert_eq!(seen.blank() == came.blank(), !misplaced, "{text}");
        let Redacted { digest, fields } = message.redacted.as_ref().unwrap();
        assert!(!fields.is_empty());
        let bytes = [came.head.as_slice(), &came.body].concat();
        assert_eq!(digest.as_deref(), Some(signing::sha256_hex(&bytes).as_str()), "{text}");
    }
    // What is nobody's stays as it came.
    let first = entered[0].bytes.as_ref().unwrap();
    let body: Value = serde_json::from_slice(&first.body).unwrap();
    assert_eq!(body["pspCustomerInfo"]["pspName"], "ALIPAYCN");
    assert_eq!(body["paymentAmount"], json!({ "currency": "USD", "value": "1231" }));
    assert_eq!(body["order"]["env"]["storeTerminalId"], "till-1");
    let code = body["paymentMethod"]["paymentMethodId"].as_str().unwrap();
    assert!(code.starts_with("28"), "{code}");
    assert_eq!(body["note"], format!("scanned {code} at the till"));
    // Of each generation and wherever it stands, the code is the same.
    let form = String::from_utf8(entered[3].bytes.as_ref().unwrap().body.clone()).unwrap();
    assert!(form.contains(&format!("buyer_identity_code={code}&trans_name=Coffee&")), "{form}");
    let xml = String::from_utf8(entered[4].bytes.as_ref().unwrap().body.clone()).unwrap();
    assert!(xml.contains(code) && xml.contains("<result_code>SUCCESS</result_code>"), "{xml}");
}

#[test]
fn what_has_nothing_of_a_buyer_enters_as_it_came_and_is_not_marked() {
    let recorder = recorder(&Redaction::drawn());
    let plain = [
        blob(
            "POST /ams/api/v1/payments/inquiryPayment HTTP/1.1|signature: a=b,signature=c",
            br#"{"paymentId":"1"}"#,
        ),
        blob(
            "HTTP/1.1 200 OK",
            br#"{"pspCustomerInfo":{"pspName":"X","pspCustomerId":""},"value":1}"#,
        ),
        blob("HTTP/1.1 200 OK", b""),
        blob("HTTP/1.1 502 Bad Gateway", b"<html><body>\xff nothing </body>"),
    ];
    for blob in &plain {
        assert!(!blob.has_buyers_data());
        recorder.append(0, message(blob.clone()));
    }
    for (message, came) in entered(&recorder).iter().zip(&plain) {
        assert_eq!((message.bytes.as_ref(), &message.redacted), (Some(came), &None));
    }
}

#[test]
fn a_code_that_was_handed_out_is_known_wherever_it_comes_up_and_no_file_ever_has_it() {
    let folder =
        std::env::temp_dir().join(format!("assay-{}", signing::hex(&signing::random_bytes::<8>())));
    let file = Arc::new(RecordFile::create(&folder, &json!({})).unwrap());
    let redaction = Redaction::drawn();
    let recorder = file.recorder("AMS-PAY-001".parse().unwrap(), 1).redacting(&redaction);
    let facts = json!({ "order": "o-1", "code": CODE, "text": "One coffee" });
    let facts = facts.as_object().unwrap().clone();
    recorder.append(0, Event::Did { what: "sale".into(), facts });
    let misplaced = blob("POST /pay HTTP/1.1", format!("{{\"codeValue\":\"{CODE}\"}}").as_bytes());
    recorder.append(1, message(misplaced));
    let why = format!("the till said {CODE}").as_str().into();
    recorder.append(2, Event::Broken { by: crate::Party::Environment, why });
    let entries = recorder.take().entries;
    let Event::Did { facts, .. } = &entries[0].event else { panic!("{entries:?}") };
    let code = facts["code"].as_str().unwrap().to_owned();
    assert_ne!(code, CODE);
    assert_eq!(facts["text"], "One coffee");
    let Event::Message(message) = &entries[1].event else { panic!("{entries:?}") };
    let mark = message.redacted.as_ref().unwrap();
    // Nobody signed it, so no digest helps to find out what it was.
    assert_eq!((&mark.digest, mark.fields.iter().next().unwrap().as_str()), (&None, "elsewhere"));
    let text = std::fs::read_to_string(&folder).unwrap();
    std::fs::remove_file(&folder).unwrap();
    assert!(!text.contains(CODE), "{text}");
    assert_eq!(text.matches(&code).count(), 3, "{text}");
    assert_eq!(format!("{redaction:?} {recorder:?}").matches(CODE).count(), 0);
}
