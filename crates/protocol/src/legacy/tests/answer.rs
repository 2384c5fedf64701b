//! Answers as the gateway gives them, and as nobody should.

use proptest::prelude::*;
use signing::{PrivateKey, SharedKey};

use super::*;

const RSA: &[u8] = include_bytes!("../../../../../tests/vectors/keys/rsa2048.pkcs8.pem");

fn shared() -> SharedKey {
    SharedKey::read(b"10000000000000000000000000000000").unwrap()
}

fn owned(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn accepted(charset: Charset, fields: &[(&str, &str)]) -> Answer {
    Answer {
        charset,
        told: Told::Accepted,
        request: owned(&[("_input_charset", charset.name()), ("service", "a.b")]),
        response: Some(Response { node: "alipay".to_owned(), fields: owned(fields) }),
        sign: None,
        sign_type: None,
    }
}

/// An answer around a piece of XML, signed with nothing.
fn around(inner: &str) -> String {
    format!("<alipay><is_success>T</is_success>{inner}</alipay>")
}

fn with_fields(fields: &str, sign: &str) -> String {
    around(&format!(
        "<response><alipay>{fields}</alipay></response><sign>{sign}</sign>\
         <sign_type>MD5</sign_type>"
    ))
}

#[test]
fn the_written_shape_is_the_one_that_every_client_takes() {
    let fields = [("result_code", "SUCCESS"), ("detail", ""), ("alipay_trans_id", "2020&<1>")];
    let mut answer = accepted(Charset::Utf8, &fields);
    answer.sign(&Signer::Md5(shared())).unwrap();
    // printf '%s' 'alipay_trans_id=2020&<1>&result_code=SUCCESS10000000000000000000000000000000' |
    // openssl md5
    let sign = "2ef279695ebe7a739abedaab0e800958";
    let expected = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><alipay><is_success>T</is_success><request>\
         <param name=\"_input_charset\">UTF-8</param><param name=\"service\">a.b</param></request>\
         <response><alipay><result_code>SUCCESS</result_code>\
         <alipay_trans_id>2020&amp;&lt;1&gt;</alipay_trans_id></alipay></response>\
         <sign>{sign}</sign><sign_type>MD5</sign_type></alipay>"
    );
    let written = answer.write().unwrap();
    assert_eq!(String::from_utf8(written.clone()).unwrap(), expected);
    let read = Answer::read(&written).unwrap();
    assert_eq!(read.get("alipay_trans_id"), Some("2020&<1>"));
    assert_eq!(read.get("detail"), None);
    assert_eq!(read.verify(&Verifier::Md5(shared()), Charset::Utf8), Verified::Valid);
    let edited = expected.replace("SUCCESS", "FAIL");
    let edited = Answer::read(edited.as_bytes()).unwrap();
    assert_eq!(edited.verify(&Verifier::Md5(shared()), Charset::Utf8), Verified::Wrong);
}

#[test]
fn answers_are_read_in_every_shape_that_clients_take() {
    let sign = shared().sign(b"a=x y&b=&c=<&>");
    let dropped = shared().sign(b"a=x y&c=<&>");
    let fields = "\n <c> <![CDATA[<&]]>&gt;</c>\n <b/><a>\tx y </a><!-- and --><?so on?>";
    for (sign, verified) in [(&sign, Verified::Valid), (&dropped, Verified::Valid)] {
        for head in ["", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", "\u{FEFF}"] {
            let text = format!("{head}{}", with_fields(fields, sign));
            let answer = Answer::read(text.as_bytes()).unwrap();
            let expected = owned(&[("c", "<&>"), ("b", ""), ("a", "x y")]);
            assert_eq!(answer.response.as_ref().map(|r| r.fields.clone()), Some(expected));
            assert_eq!(answer.verify(&Verifier::Md5(shared()), Charset::Utf8), verified);
        }
    }
    let trade = around(
        "<request><param name=\"partner\">2088</param></request><response><trade>\
         <subject>a&#20313;&#x4F59;</subject></trade></response><sign>x</sign>\
         <sign_type>RSA</sign_type>",
    );
    let answer = Answer::read(trade.as_bytes()).unwrap();
    assert_eq!(answer.request, owned(&[("partner", "2088")]));
    assert_eq!(answer.response.as_ref().map(|r| r.node.as_str()), Some("trade"));
    assert_eq!(answer.get("subject"), Some("a余余"));
    // An ideographic blank is no white space to Java, so it is signed.
    let wide = with_fields("<a>\u{3000}x\u{3000}</a>", "x");
    assert_eq!(Answer::read(wide.as_bytes()).unwrap().get("a"), Some("\u{3000}x\u{3000}"));
}

#[test]
fn a_gateway_error_and_a_bare_success_need_no_signature() {
    let rejected = b"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
                     <alipay><is_success>F</is_success><error>ILLEGAL_PARTNER</error></alipay>";
    let answer = Answer::read(rejected).unwrap();
    assert_eq!(answer.told, Told::Rejected { error: "ILLEGAL_PARTNER".to_owned() });
    assert_eq!(answer.verify(&Verifier::Md5(shared()), Charset::Utf8), Verified::Unsigned);
    let compact = String::from_utf8(rejected.to_vec()).unwrap().replace('\n', "");
    assert_eq!(answer.write().unwrap(), compact.as_bytes());
    let bare = Answer::read(around("").as_bytes()).unwrap();
    assert_eq!((bare.told, bare.response), (Told::Accepted, None));
}

#[test]
fn gbk_is_read_by_its_declaration_and_signed_in_its_bytes() {
    let key = PrivateKey::read(RSA).unwrap();
    let mut answer = accepted(Charset::Gbk, &[("b", "支付"), ("a", "1")]);
    answer.sign(&Signer::Rsa2(key.clone())).unwrap();
    let written = answer.write().unwrap();
    assert!(written.starts_with(b"<?xml version=\"1.0\" encoding=\"GBK\"?>"));
    assert!(written.windows(4).any(|four| four == b"\xD6\xA7\xB8\xB6"));
    let read = Answer::read(&written).unwrap();
    assert_eq!(read, answer);
    let verifier = Verifier::Rsa2(key.public());
    assert_eq!(read.verify(&verifier, Charset::Gbk), Verified::Valid);
    assert_eq!(read.verify(&verifier, Charset::Utf8), Verified::Wrong);
    let signature = signing::base64_decode_strict(read.sign.as_deref().unwrap()).unwrap();
    assert!(key.public().verify(b"a=1&b=\xD6\xA7\xB8\xB6", &signature));
    let mut unmappable = accepted(Charset::Gbk, &[("a", "😀")]);
    assert!(matches!(unmappable.sign(&Signer::Md5(shared())), Err(SignFault::Unmappable(_))));
    assert!(matches!(unmappable.write(), Err(WriteFault::Unmappable(_))));
}

#[test]
fn what_is_no_answer_says_why() {
    let deep = format!("{}{}", "<a>".repeat(30), "</a>".repeat(30));
    let repeated = |name: &str| AnswerFault::Repeated { name: name.to_owned() };
    let utf8 = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
    let is_success = |found: &str| AnswerFault::IsSuccess { found: found.to_owned() };
    let cases: Vec<(Vec<u8>, AnswerFault)> = vec![
        ("".into(), AnswerFault::Empty),
        (" \n".into(), AnswerFault::Empty),
        (utf8.into(), AnswerFault::Empty),
        (format!("<!DOCTYPE alipay>{}", around("")).into(), AnswerFault::Dtd),
        (
            format!("<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>{}", around("&x;"))
                .into(),
            AnswerFault::Dtd,
        ),
        (around("&nbsp;").into(), AnswerFault::Entity { name: "nbsp".to_owned() }),
        (format!("{0}{0}", around("")).into(), AnswerFault::TwoRoots),
        (around(&deep).into(), AnswerFault::TooDeep),
        ("<!DOCTYPE HTML><p>Sign in".into(), AnswerFault::HtmlPage),
        ("\r\n<HTML><br></HTML>".into(), AnswerFault::HtmlPage),
        (format!("{utf8}<html></html>").into(), AnswerFault::HtmlPage),
        ("<Alipay/>".into(), AnswerFault::Root { found: "Alipay".to_owned() }),
        ("<alipay/>".into(), is_success("")),
        ("<alipay><is_success>t</is_success></alipay>".into(), is_success("t")),
        ("<alipay><is_success>F</is_success></alipay>".into(), AnswerFault::NoError),
        (
            "<alipay><is_success>F</is_success><error> </error></alipay>".into(),
            AnswerFault::NoError,
        ),
        (around("<is_success>F</is_success>").into(), repeated("is_success")),
        (with_fields("<a>1</a><a>2</a>", "x").into(), repeated("a")),
        (around("<request><param name=\"a\"/><param name=\"a\"/></request>").into(), repeated("a")),
        (around("<request><param>1</param></request>").into(), AnswerFault::Echo),
        (with_fields("<a><b>1</b></a>", "x").into(), AnswerFault::Nested { name: "a".to_owned() }),
        (around("<response/>").into(), AnswerFault::ResponseShape { found: 0 }),
        (
            around("<response><alipay/><alipay/></response>").into(),
            AnswerFault::ResponseShape { found: 2 },
        ),
        (with_fields("<a>1</a>", "").into(), AnswerFault::Unsigned { name: "sign" }),
        (
            around("<response><alipay/></response><sign>x</sign>").into(),
            AnswerFault::Unsigned { name: "sign_type" },
        ),
    ];
    for (body, fault) in cases {
        let shown = String::from_utf8_lossy(&body).into_owned();
        assert_eq!(Answer::read(&body), Err(fault), "{shown}");
    }
}

#[test]
fn a_wrong_declaration_is_noticed() {
    let utf8 = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
    let gbk = "<?xml version=\"1.0\" encoding=\"GBK\"?>";
    let unknown = UnknownCharset { name: "latin1".to_owned() };
    let cases: [(Vec<u8>, AnswerFault); 3] = [
        (
            format!("<?xml version=\"1.0\" encoding=\"latin1\"?>{}", around("")).into(),
            AnswerFault::Charset(unknown),
        ),
        (
            [utf8.as_bytes(), b"<alipay>\xB8\xB6</alipay>"].concat(),
            AnswerFault::Text(Undecodable { charset: Charset::Utf8, at: 46 }),
        ),
        (
            format!("{gbk}<alipay>余1</alipay>").into(),
            AnswerFault::Text(Undecodable { charset: Charset::Gbk, at: 46 }),
        ),
    ];
    for (body, fault) in cases {
        let shown = String::from_utf8_lossy(&body).into_owned();
        assert_eq!(Answer::read(&body), Err(fault), "{shown}");
    }
}

#[test]
fn what_is_no_xml_is_no_answer() {
    for body in [
        "true",
        "<alipay>",
        "<alipay></alipai>",
        "<alipay><is_success>T</is_success>",
        "<alipay><is_success>T</alipay></is_success>",
        "</alipay>",
        "<alipay",
        "text<alipay/>",
        "<alipay/>text",
        "<alipay>text<is_success>T</is_success></alipay>",
        "<alipay a='1' a='2'/>",
        "<alipay a=\"&lt;\"/>",
        "<alipay>&#0;</alipay>",
        "<alipay>&#x1;</alipay>",
        "<alipay>&#xD800;</alipay>",
        "<alipay>\u{1}</alipay>",
        "<alipay>&</alipay>",
        "<ali:pay/>",
        "\n<?xml version=\"1.0\"?><alipay/>",
        "<alipay><![CDATA[",
    ] {
        let read = Answer::read(body.as_bytes());
        assert!(matches!(read, Err(AnswerFault::Malformed { .. })), "{body}: {read:?}");
    }
}

#[test]
fn what_xml_cannot_hold_is_not_written() {
    let fault = |name: &str, value: &str| accepted(Charset::Utf8, &[(name, value)]).write();
    assert_eq!(fault("a", "\u{1}"), Err(WriteFault::Character { character: '\u{1}' }));
    for name in ["", "a b", "1", "a>", "é"] {
        assert_eq!(fault(name, "1"), Err(WriteFault::Name { name: name.to_owned() }));
    }
}

proptest! {
    #[test]
    fn what_was_written_reads_back(
        fields in proptest::collection::btree_map("[a-z_]{1,6}", "[!-~一-龥]([ -~\r\n一-龥]{0,9}[!-~])?", 0..6),
        at in 0..2_usize,
    ) {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        let mut answer = accepted([Charset::Utf8, Charset::Gbk][at], &fields);
        answer.sign(&Signer::Md5(shared())).unwrap();
        let read = Answer::read(&answer.write().unwrap()).unwrap();
        prop_assert_eq!(&read, &answer);
        prop_assert_eq!(read.verify(&Verifier::Md5(shared()), read.charset), Verified::Valid);
    }

    #[test]
    fn no_bytes_make_it_panic(
        text in "(<alipay>|</alipay>|<is_success>T</is_success>|<a>|</a>|<a/>|&amp;|&|<!--|-->|<!\\[CDATA\\[|\\]\\]>|<\\?xml |\\?>|é| ){0,14}",
    ) {
        let _ = Answer::read(text.as_bytes());
    }
}
