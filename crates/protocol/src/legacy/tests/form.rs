//! Forms as clients send them, and as nobody should.

use proptest::prelude::*;
use signing::SharedKey;

use super::*;

/// The body that the Java SDK posts, captured; its signature stands where it stands.
fn captured(sign: &str) -> String {
    format!(
        "trans_create_time=20240407110757&biz_product=OVERSEAS_MBARCODE_PAY&\
         identity_code_type=barcode&sign={sign}&alipay_seller_id=2088021966388155&\
         trans_name=Caf%C3%A9+%E5%92%96%E5%95%A1+a%2Bb%3Dc%26d&trans_amount=0.01&\
         partner_trans_id=T0001&partner=2088021966388155&\
         service=alipay.acquire.overseas.spot.pay&currency=USD&\
         buyer_identity_code=283104851234567890&sign_type=MD5"
    )
}

const CAPTURED_TEXT: &str = "_input_charset=UTF-8&alipay_seller_id=2088021966388155&\
    biz_product=OVERSEAS_MBARCODE_PAY&buyer_identity_code=283104851234567890&currency=USD&\
    identity_code_type=barcode&partner=2088021966388155&partner_trans_id=T0001&\
    service=alipay.acquire.overseas.spot.pay&trans_amount=0.01&trans_create_time=20240407110757&\
    trans_name=Café 咖啡 a+b=c&d";

fn key() -> SharedKey {
    SharedKey::read(b"10000000000000000000000000000000").unwrap()
}

fn read(query: &[u8], body: &[u8]) -> Result<Form, FormFault> {
    Form::read(query, body, Charset::Utf8)
}

fn pairs(form: &Form) -> Vec<(&str, &str)> {
    form.iter().collect()
}

#[test]
fn the_captured_call_of_the_java_sdk_verifies() {
    let sign = key().sign(CAPTURED_TEXT.as_bytes());
    let verifier = Verifier::Md5(key());
    let posted = read(b"_input_charset=UTF-8", captured(&sign).as_bytes()).unwrap();
    assert_eq!(posted.text_to_sign(Empties::Dropped), CAPTURED_TEXT);
    assert_eq!(posted.verify(&verifier), Verified::Valid);
    // The same as a GET, and with everything in the body.
    let whole = format!("{}&_input_charset=UTF-8", captured(&sign));
    for (query, body) in [(whole.as_str(), ""), ("", &whole), ("_input_charset=UTF-8", &whole)] {
        let form = read(query.as_bytes(), body.as_bytes()).unwrap();
        assert_eq!(form.verify(&verifier), Verified::Valid, "{query} {body}");
    }
    let edited = captured(&sign).replace("0.01", "0.02");
    let edited = read(b"_input_charset=UTF-8", edited.as_bytes()).unwrap();
    assert_eq!(edited.verify(&verifier), Verified::Wrong);
    // The charset is signed.
    let without = read(b"", captured(&sign).as_bytes()).unwrap();
    assert_eq!(without.verify(&verifier), Verified::Wrong);
}

#[test]
fn a_post_has_its_charset_in_the_query() {
    let mut form = Form::new(Charset::Gbk);
    for (name, value) in
        [("service", "s"), ("_input_charset", "GBK"), ("subject", "支付 a+b=c&d%*")]
    {
        form.set(name, value);
    }
    form.sign(&Signer::Md5(key())).unwrap();
    let posted = form.post().unwrap();
    assert_eq!(posted.query, b"_input_charset=GBK");
    let body = String::from_utf8(posted.body.clone()).unwrap();
    let start = "service=s&subject=%D6%A7%B8%B6+a%2Bb%3Dc%26d%25*&sign_type=MD5&sign=";
    assert!(body.starts_with(start), "{body}");
    let again = read(&posted.query, &posted.body).unwrap();
    assert_eq!(again.charset(), Charset::Gbk);
    assert_eq!(again.verify(&Verifier::Md5(key())), Verified::Valid);
    // The digest is one of GBK bytes: `printf '_input_charset=GBK&service=s&subject=...' | iconv -t
    // GBK` with the key behind it, through `md5sum`.
    let text = b"_input_charset=GBK&service=s&subject=\xD6\xA7\xB8\xB6 a+b=c&d%*";
    assert_eq!(again.get("sign"), Some(key().sign(text).as_str()));
}

#[test]
fn empty_values_are_tried_both_ways() {
    let verifier = Verifier::Md5(key());
    for text in ["a=1&c=3", "a=1&b=&c=3"] {
        let body = format!("c=3&b=&a=1&sign_type=MD5&sign={}", key().sign(text.as_bytes()));
        assert_eq!(
            read(b"", body.as_bytes()).unwrap().verify(&verifier),
            Verified::Valid,
            "{text}"
        );
    }
    assert_eq!(read(b"", b"a=1&sign_type=MD5").unwrap().verify(&verifier), Verified::Unsigned);
}

#[test]
fn order_and_odd_spellings_are_kept() {
    let form = read(b"b=2&a=1", b"&&c&d=%e4%BD%a0+%2b&e==&f=x=y&").unwrap();
    let expected = [("b", "2"), ("a", "1"), ("c", ""), ("d", "你 +"), ("e", "="), ("f", "x=y")];
    assert_eq!(pairs(&form), expected);
    assert_eq!(pairs(&read(b"", b"").unwrap()), []);
    let lower = read(b"", b"a=%B8%B6&_input_charset=gbk").unwrap();
    assert_eq!((lower.get("a"), lower.get("_input_charset")), (Some("付"), Some("gbk")));
    let fallback = Form::read(b"", b"a=%B8%B6", Charset::Gbk).unwrap();
    assert_eq!(fallback.get("a"), Some("付"));
}

#[test]
fn what_is_no_form_says_where() {
    let query = |at| Place { part: Part::Query, at };
    let body = |at| Place { part: Part::Body, at };
    let repeated = |name: &str, place| FormFault::Repeated { name: name.to_owned(), place };
    let text = |charset, place| FormFault::Text { charset, place };
    let unknown = UnknownCharset { name: "latin1".to_owned() };
    let cases: [(&[u8], &[u8], FormFault); 15] = [
        (b"a=%", b"", FormFault::Escape { place: query(2) }),
        (b"", b"a=1&b=x%4", FormFault::Escape { place: body(7) }),
        (b"", b"a=%41%zz", FormFault::Escape { place: body(5) }),
        (b"", b"%+1=2", FormFault::Escape { place: body(0) }),
        (b"", b"a=1&b=2&a=1", repeated("a", body(8))),
        (b"a=1", b"a=1", repeated("a", body(0))),
        (b"a=1&%61=2", b"", repeated("a", query(4))),
        (b"_input_charset=UTF-8", b"_input_charset=GBK", repeated("_input_charset", body(0))),
        (b"", b"_input_charset=GBK&_input_charset=GBK", repeated("_input_charset", body(19))),
        (b"", b"a=%61%FF", text(Charset::Utf8, body(5))),
        (b"", b"a=\xB8\xB6", text(Charset::Utf8, body(2))),
        (b"_input_charset=GBK", b"a=%D6%A7%D6", text(Charset::Gbk, body(8))),
        (b"_input_charset=GB2312", b"ab=%8C%9A", text(Charset::Gb2312, body(3))),
        (b"_input_charset=latin1", b"", FormFault::Charset { unknown, place: query(15) }),
        (b"", b"a=1&=2", FormFault::Nameless { place: body(4) }),
    ];
    for (query, body, fault) in cases {
        let shown = (String::from_utf8_lossy(query), String::from_utf8_lossy(body));
        assert_eq!(read(query, body), Err(fault), "{shown:?}");
    }
    let fault = read(b"", b"ab=%").unwrap_err().to_string();
    assert_eq!(
        fault,
        "a percent sign at byte 3 of the body is followed by no two hexadecimal digits"
    );
    let three = read(b"_input_charset=GBK", b"_input_charset=GBK&_input_charset=GBK");
    assert!(matches!(three, Err(FormFault::Repeated { .. })));
}

#[test]
fn what_the_charset_lacks_is_never_signed() {
    let mut form = Form::new(Charset::Gbk);
    form.set("subject", "😀");
    let unmappable = Unmappable { charset: Charset::Gbk, character: '😀' };
    assert_eq!(form.sign(&Signer::Md5(key())), Err(SignFault::Unmappable(unmappable)));
    assert_eq!(form.get("sign"), None);
    assert_eq!(form.write(), Err(unmappable));
    form.set("subject", "付");
    assert_eq!(form.write().unwrap(), b"subject=%B8%B6");
}

proptest! {
    #[test]
    fn what_was_written_reads_back(
        values in proptest::collection::btree_map("[a-z_]{1,6}|[一-龥]{1,2}", "[ -~一-龥]{0,12}", 0..6),
        at in 0..2_usize,
    ) {
        let charset = [Charset::Utf8, Charset::Gbk][at];
        let mut form = Form::new(charset);
        form.set("_input_charset", charset.name());
        for (name, value) in &values {
            form.set(name, value.as_str());
        }
        let whole = form.write().unwrap();
        prop_assert_eq!(&read(&whole, b"").unwrap(), &form);
        let posted = form.post().unwrap();
        prop_assert_eq!(&read(&posted.query, &posted.body).unwrap(), &form);
    }

    #[test]
    fn no_bytes_make_it_panic(
        query in proptest::collection::vec(any::<u8>(), 0..40),
        body in "(a|b|%|%4|%41|&|=|\\+|_input_charset=GBK|é){0,12}",
    ) {
        if let Ok(form) = read(&query, body.as_bytes()) {
            let written = form.write().unwrap();
            prop_assert_eq!(Form::read(&written, b"", form.charset()).unwrap(), form);
        }
    }
}
