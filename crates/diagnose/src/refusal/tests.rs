use super::*;

const PAY: &str = "POST /ams/sandbox/api/v1/payments/pay HTTP/1.1\r\nClient-Id: SANDBOX_1\r\n";

fn blob(head: &str, body: &str) -> Blob {
    Blob { head: format!("{head}\r\n").into_bytes(), body: body.as_bytes().to_vec() }
}

fn subject(kind: Kind, generation: Generation, message: Blob, call: Option<Blob>) -> Subject {
    Subject { generation, kind, message, call, witnessed: true }
}

fn said(remarks: &[Remark]) -> Vec<(&str, Option<&str>, String)> {
    remarks.iter().map(|it| (it.about, it.field.as_deref(), it.says.to_string())).collect()
}

fn refusal(code: &str, words: &str, call: &str, earlier: &[&Blob]) -> Vec<Remark> {
    let body = format!(
        r#"{{"result":{{"resultStatus":"F","resultCode":"{code}","resultMessage":"{words}"}}}}"#
    );
    let answer = blob("HTTP/1.1 200 OK\r\n", &body);
    let subject = subject(Kind::Answer, Generation::Ams, answer, Some(blob(PAY, call)));
    remarks(&subject, earlier, None)
}

const GOOD: &str = r#"{"productCode":"IN_STORE_PAYMENT","paymentRequestId":"P-1","paymentAmount":
    {"currency":"USD","value":"100"},"order":{"orderDescription":"tea","orderAmount":
    {"currency":"USD","value":"100"}},"paymentMethod":{"paymentMethodType":"CONNECT_WALLET"}}"#;

#[test]
fn an_illegal_parameter_is_named_with_its_rule() {
    let call = GOOD.replace("\"value\":\"100\"},\"order\"", "\"value\":\"1.00\"},\"order\"");
    let call = call.replace("\"orderDescription\":\"tea\",", "");
    let found = refusal("PARAM_ILLEGAL", "check it", &call, &[]);
    assert_eq!(found[0].says.to_string(), "the gateway answered PARAM_ILLEGAL: check it");
    let fields: Vec<_> = found.iter().filter_map(|it| it.field.as_deref()).collect();
    assert_eq!(fields, ["paymentAmount.value", "order.orderDescription"]);
    assert!(said(&found)[1].2.contains("smallest unit"), "{found:?}");
    // What keeps every rule is not blamed, but what the gateway names is passed on.
    let found = refusal("PARAM_ILLEGAL", "bad paymentAmount.currency", GOOD, &[]);
    assert_eq!(found[1].field.as_deref(), Some("paymentAmount.currency"));
    let found = refusal("PARAM_ILLEGAL", "", GOOD, &[]);
    assert_eq!((found.len(), &found[1].field), (2, &None));
}

#[test]
fn a_reused_id_is_shown_with_what_changed() {
    let before = blob(PAY, GOOD);
    let call = GOOD.replacen("\"100\"", "\"200\"", 1);
    let found = refusal("REPEAT_REQ_INCONSISTENT", "no", &call, &[&before]);
    assert!(found[1].says.to_string().contains("paymentAmount.value: 100 → 200"), "{found:?}");
    let unseen = refusal("REPEAT_REQ_INCONSISTENT", "no", &call, &[]);
    assert_eq!(unseen[1].field.as_deref(), Some("paymentRequestId"));
}

#[test]
fn environments_and_clocks_are_looked_at() {
    let call = |target: &str, client: &str, time: &str| {
        let head =
            format!("POST {target} HTTP/1.1\r\nClient-Id: {client}\r\nRequest-Time: {time}\r\n");
        subject(Kind::Call, Generation::Ams, blob(&head, "{}"), None)
    };
    let now = 1_767_578_400_000;
    let about = |subject: &Subject| -> Vec<&'static str> {
        remarks(subject, &[], Some(now)).iter().map(|it| it.about).collect()
    };
    let (sandbox, production) = ("/ams/sandbox/api/v1/payments/pay", "/ams/api/v1/payments/pay");
    assert!(about(&call(sandbox, "SANDBOX_1", "1767578400123")).is_empty());
    assert!(about(&call(production, "5Y1", "2026-01-05T10:00:03+08:00")).is_empty());
    assert_eq!(about(&call(production, "SANDBOX_1", "1767578400123")), ["environment"]);
    assert_eq!(about(&call(sandbox, "5Y1", "1767578400123")), ["environment"]);
    for time in ["1767578400", "2026-01-05 10:00:00", "2026-01-05T10:00:00Z", "1767549600000"] {
        assert_eq!(about(&call(sandbox, "SANDBOX_1", time)), ["clock"], "{time}");
    }
    // An hour and a quarter is no zone.
    assert!(about(&call(sandbox, "SANDBOX_1", "1767582900000")).is_empty());
}

#[test]
fn an_acknowledgement_with_stray_bytes_shows_them() {
    let ack = |generation, status: u16, body: &str| {
        let answer = blob(&format!("HTTP/1.1 {status} X\r\n"), body);
        let call = Some(blob("POST /notify HTTP/1.1\r\n", ""));
        remarks(&subject(Kind::Acknowledgement, generation, answer, call), &[], None)
    };
    assert!(ack(Generation::Ams, 200, ams::ACK).is_empty());
    assert!(ack(Generation::Legacy, 200, "success").is_empty());
    let bom = format!("\u{feff}{}", ams::ACK);
    let found = ack(Generation::Ams, 200, &bom);
    assert!(found[0].says.to_string().contains("efbbbf"), "{found:?}");
    let found = ack(Generation::Legacy, 200, "\u{feff}success<br>");
    assert!(found[0].says.to_string().contains("efbbbf3c62723e"), "{found:?}");
    assert!(ack(Generation::Legacy, 500, "success")[0].says.to_string().contains("500"));
    assert!(ack(Generation::Ams, 200, "OK")[0].says.to_string().contains("OK"));
}

#[test]
fn the_older_generation_has_its_codes_and_its_fields() {
    let call = Blob {
        head: b"POST /gateway.do HTTP/1.1\r\n\r\n".to_vec(),
        body: b"service=alipay.acquire.overseas.query&partner=2088&sign_type=rsa&sign=x".to_vec(),
    };
    let xml = "<alipay><is_success>F</is_success><error>ILLEGAL_ARGUMENT</error></alipay>";
    let answer = blob("HTTP/1.1 200 OK\r\n", xml);
    let found = remarks(&subject(Kind::Answer, Generation::Legacy, answer, Some(call)), &[], None);
    let fields: Vec<_> = found.iter().filter_map(|it| it.field.as_deref()).collect();
    assert_eq!(fields, ["partner", "sign_type", "partner_trans_id"]);
}
