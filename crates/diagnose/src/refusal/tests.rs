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

/// What a call is refused for: the fields, in order.
fn blamed(service: &str, parameters: &[(&str, &str)]) -> Vec<String> {
    let fixed = [("service", service), ("partner", "2088000000000001"), ("sign_type", "RSA2")];
    let pairs = fixed.iter().chain(parameters);
    let body: Vec<String> = pairs
        .map(|(name, value)| format!("{name}={}", value.replace('&', "%26").replace(' ', "+")))
        .collect();
    let call = Blob {
        head: b"POST /gateway.do?_input_charset=UTF-8 HTTP/1.1\r\n\r\n".to_vec(),
        body: body.join("&").into_bytes(),
    };
    let xml = "<alipay><is_success>F</is_success><error>ILLEGAL_ARGUMENT</error></alipay>";
    let answer = blob("HTTP/1.1 200 OK\r\n", xml);
    let found = remarks(&subject(Kind::Answer, Generation::Legacy, answer, Some(call)), &[], None);
    found.iter().filter_map(|it| it.field.clone()).collect()
}

/// A call of each service as the documents show it.
const CALLS: [(&str, &[(&str, &str)]); 11] = [
    (
        "alipay.acquire.overseas.spot.refund",
        &[
            ("partner_trans_id", "O-1"),
            ("partner_refund_id", "R-1"),
            ("refund_amount", "1.00"),
            ("currency", "USD"),
        ],
    ),
    ("alipay.acquire.refund.query", &[("out_trade_no", "O-1"), ("out_return_no", "R-1")]),
    (
        "alipay.acquire.precreate",
        &[
            ("timestamp", "2026-01-05 10:00:00"),
            ("out_trade_no", "O-1"),
            ("subject", "tea"),
            ("product_code", "OVERSEAS_MBARCODE_PAY"),
            ("total_fee", "1.00"),
            ("currency", "USD"),
            ("trans_currency", "USD"),
        ],
    ),
    (
        "create_forex_trade",
        &[
            ("subject", "tea"),
            ("out_trade_no", "O-1"),
            ("currency", "USD"),
            ("total_fee", "1.00"),
            ("product_code", "NEW_OVERSEAS_SELLER"),
        ],
    ),
    (
        "create_forex_trade_wap",
        &[
            ("subject", "tea"),
            ("out_trade_no", "O-1"),
            ("currency", "USD"),
            ("rmb_fee", "1.00"),
            ("product_code", "NEW_WAP_OVERSEAS_SELLER"),
        ],
    ),
    (
        "forex_refund",
        &[
            ("out_return_no", "R-1"),
            ("out_trade_no", "O-1"),
            ("currency", "USD"),
            ("return_amount", "1.00"),
            ("gmt_return", "20260105100000"),
            ("product_code", "NEW_OVERSEAS_SELLER"),
        ],
    ),
    (
        "alipay.overseas.secmerchant.online.maintain",
        &[
            ("timestamp", "2026-01-05 10:00:00"),
            ("secondary_merchant_name", "Tea House"),
            ("secondary_merchant_id", "M-1"),
            ("secondary_merchant_industry", "5812"),
            ("register_country", "JP"),
            ("register_address", "Tokyo"),
            ("site_infos", r#"[{"site_type":"WEB"}]"#),
            ("secondary_merchant_type", "ENTERPRISE"),
        ],
    ),
    (
        "alipay.overseas.secmerchant.offline.maintain",
        &[
            ("timestamp", "2026-01-05 10:00:00"),
            ("secondary_merchant_name", "Tea House"),
            ("secondary_merchant_id", "M-1"),
            ("store_id", "S-1"),
            ("store_name", "Shop"),
            ("store_country", "JP"),
            ("store_address", "Tokyo"),
            ("store_industry", "5812"),
        ],
    ),
    (
        "alipay.overseas.secmerchant.maintain.queryStatus",
        &[("secondary_merchant_id", "M-1"), ("payment_method", "ONLINE_PAYMENT")],
    ),
    ("single_trade_query", &[("out_trade_no", "O-1")]),
    ("forex_compare_file", &[("start_date", "20260105"), ("end_date", "20260106")]),
];

#[test]
fn the_calls_of_the_documents_keep_every_rule_and_lack_each_required_field() {
    for (service, good) in CALLS {
        assert_eq!(blamed(service, good), Vec::<String>::new(), "{service}");
        for (left_out, _) in good {
            let rest: Vec<_> = good.iter().copied().filter(|(name, _)| name != left_out).collect();
            let found = blamed(service, &rest);
            let amounts = *left_out == "rmb_fee" && found == ["total_fee"];
            assert!(amounts || found == [*left_out], "{service} {left_out}: {found:?}");
        }
    }
}

#[test]
fn the_call_that_is_not_signed_names_no_signature() {
    let call = Blob {
        head: b"GET /gateway.do?service=notify_verify&partner=2088000000000001 HTTP/1.1\r\n\r\n"
            .to_vec(),
        body: vec![],
    };
    let xml = "<alipay><is_success>F</is_success><error>ILLEGAL_ARGUMENT</error></alipay>";
    let answer = blob("HTTP/1.1 200 OK\r\n", xml);
    let found = remarks(&subject(Kind::Answer, Generation::Legacy, answer, Some(call)), &[], None);
    let fields: Vec<_> = found.iter().filter_map(|it| it.field.as_deref()).collect();
    assert_eq!(fields, ["notify_id"]);
}

#[test]
fn a_field_that_breaks_its_rule_is_blamed_alone() {
    let of = |service: &str| *CALLS.iter().find(|(name, _)| name.ends_with(service)).unwrap();
    for (service, field, value) in [
        ("spot.refund", "refund_amount", "1.005"),
        ("spot.refund", "is_sync", "yes"),
        ("spot.refund", "partner_refund_id", "O-1"),
        ("precreate", "it_b_pay", "1.5h"),
        ("precreate", "goods_detail", "tea"),
        ("precreate", "timestamp", "10 o'clock"),
        ("create_forex_trade", "rmb_fee", "7.00"),
        ("create_forex_trade", "product_code", "OVERSEAS_MBARCODE_PAY"),
        ("create_forex_trade", "return_url", "shop.example"),
        ("forex_refund", "gmt_return", "2026-01-05T10:00:00"),
        ("online.maintain", "register_country", "JPN"),
        ("online.maintain", "site_infos", "[]"),
        ("online.maintain", "secondary_merchant_industry", "x812"),
        ("online.maintain", "secondary_merchant_type", "SOLE"),
        ("offline.maintain", "store_industry", "581"),
        ("queryStatus", "payment_method", "INSTORE"),
        ("forex_compare_file", "start_date", "2026-01-05"),
    ] {
        let (name, good) = of(service);
        let mut call: Vec<_> = good.iter().copied().filter(|(name, _)| *name != field).collect();
        call.push((field, value));
        let told = if field == "rmb_fee" { "total_fee" } else { field };
        assert_eq!(blamed(name, &call), [told], "{service} {field}");
    }
    // What one field says of another.
    let (name, good) = of("queryStatus");
    let call = [good[0], ("payment_method", "INSTORE_PAYMENT")];
    assert_eq!(blamed(name, &call), ["store_id"]);
    let (name, good) = of("offline.maintain");
    let mut taxi = good.to_vec();
    taxi[7].1 = "4121";
    assert_eq!(blamed(name, &taxi), ["extend_params"]);
    let (name, good) = of("spot.refund");
    let mut whole = good.to_vec();
    whole[3].1 = "JPY";
    assert_eq!(blamed(name, &whole), ["refund_amount"]);
    whole[2].1 = "100";
    assert!(blamed(name, &whole).is_empty());
}

#[test]
fn a_registration_is_looked_at_entry_by_entry() {
    let good = r#"{"registrationRequestId":"R-1","productCodes":["IN_STORE_PAYMENT"],
        "merchantInfo":{"referenceMerchantId":"M-1","merchantMCC":"5812",
        "websites":[{"url":"https://a.example","type":"TRADING"},{"url":"https://b.example"}]},
        "storeInfo":{"referenceStoreId":"S-1","storeMCC":"5812"}}"#;
    let blamed = |path: &str, body: &str| -> Vec<String> {
        let head = format!("POST /ams/sandbox/api/v1/merchants/{path} HTTP/1.1\r\n");
        let body = blob(&head, body);
        let answer = r#"{"result":{"resultStatus":"F","resultCode":"PARAM_ILLEGAL"}}"#;
        let answer = blob("HTTP/1.1 200 OK\r\n", answer);
        let subject = subject(Kind::Answer, Generation::Ams, answer, Some(body));
        remarks(&subject, &[], None).iter().filter_map(|it| it.field.clone()).collect()
    };
    assert!(blamed("registration", good).is_empty());
    for (from, to, field) in [
        ("\"R-1\"", "\"\"", "registrationRequestId"),
        ("\"M-1\"", "null", "merchantInfo.referenceMerchantId"),
        ("https://b.example", "b.example", "merchantInfo.websites.1.url"),
        ("TRADING", "SHOP", "merchantInfo.websites.0.type"),
        ("\"S-1\"", "\"\"", "storeInfo.referenceStoreId"),
        ("\"merchantMCC\":\"5812\"", "\"merchantMCC\":\"food\"", "merchantInfo.merchantMCC"),
        ("\"IN_STORE_PAYMENT\"", "\"IN_STORE\"", "productCodes.0"),
        ("[\"IN_STORE_PAYMENT\"]", "[]", "productCodes.0"),
    ] {
        let broken = good.replacen(from, to, 1);
        assert_ne!(broken, good);
        assert_eq!(blamed("registration", &broken), [field]);
    }
    assert_eq!(blamed("inquiryRegistrationInfo", "{}"), ["referenceMerchantId"]);
    assert_eq!(blamed("inquiryRegistrationStatus", "{}"), ["referenceMerchantId"]);
    assert!(blamed("inquiryRegistrationStatus", r#"{"referenceStoreId":"S"}"#).is_empty());
}
