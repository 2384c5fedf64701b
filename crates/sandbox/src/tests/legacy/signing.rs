//! Forms in every shape that clients send, signatures of every type, and what is refused.

use protocol::ams::Verified;
use protocol::legacy::{Charset, Empties, SignType, Signer};
use wire::Call;

use super::super::pays;
use super::*;

const ALL: [SignType; 4] = [SignType::Md5, SignType::Rsa, SignType::Rsa2, SignType::Dsa];

#[tokio::test]
async fn every_signature_pays_in_every_charset_and_either_way() {
    let mut desk = Desk::new().await;
    desk.rig.wallet(pays()).await;
    for (place, sign_type) in ALL.into_iter().enumerate() {
        for charset in [Charset::Utf8, Charset::Gbk, Charset::Gb2312] {
            for post in [true, false] {
                (desk.sign_type, desk.charset, desk.post) = (sign_type, charset, post);
                // GB2312 has no é.
                let text = if charset == Charset::Gb2312 { "测试 a+b=c&d / 100% " } else { HARD };
                let code = desk.rig.code(serde_json::json!({})).await;
                let number = format!("T{place}-{}-{post}", charset.name());
                let mut pairs = super::pay(&number, "4.35", &code);
                pairs[1].1 = text;
                pairs.push(("memo", ""));
                let answer = desk.ask("alipay.acquire.overseas.spot.pay", &pairs).await;
                assert_eq!(result(&answer), "SUCCESS", "{number}");
                assert_eq!(answer.charset, charset);
                assert_eq!(answer.sign_type.as_deref(), Some(sign_type.name()));
                let echo = answer.request.iter().find(|(name, _)| name == "trans_name").unwrap();
                assert_eq!(echo.1, text.trim_end());
            }
        }
    }
}

#[tokio::test]
async fn forms_come_in_every_shape() {
    let desk = Desk::new().await;
    let mut form = desk.form("alipay.acquire.overseas.query", &[("partner_trans_id", "T1")]);
    form.set("payment_type", "1");
    form.set("seller_email", "a@b.test");
    let form = desk.signed(form);
    let all = String::from_utf8(form.write().unwrap()).unwrap();
    let kind = ("content-type", "application/x-www-form-urlencoded;charset=GBK");
    for call in [
        Call::get(format!("/gateway.do?{all}")),
        Call::post("/gateway.do", all.clone()).header(kind.0, kind.1),
        Call::post("/gateway.do?_input_charset=UTF-8", all.clone()),
        Call::post(format!("/gateway.do?{all}"), ""),
        Call::post("/gateway.do?", all.clone()).header("accept", "text/plain,text/html"),
        // A blank in the place of the plus sign.
        Call::post("/gateway.do", all.replace("%2B", "+")),
    ] {
        let shown = format!("{call:?}");
        let answer = super::read(&desk.rig.send(call).await);
        assert_eq!(result(&answer), "FAIL TRADE_NOT_EXIST", "{shown}");
    }
    // No charset at all, and one in small letters.
    for charset in [None, Some("utf-8")] {
        let mut form = Form::new(Charset::Utf8);
        form.set("service", "alipay.acquire.overseas.query");
        form.set("partner", PARTNER);
        form.set("partner_trans_id", "T1");
        if let Some(charset) = charset {
            form.set("_input_charset", charset);
        }
        let answer = super::read(&desk.raw(&desk.signed(form)).await);
        assert_eq!(result(&answer), "FAIL TRADE_NOT_EXIST", "{charset:?}");
    }
}

#[tokio::test]
async fn empty_values_may_be_signed() {
    let desk = Desk::new().await;
    let mut form = desk.form("alipay.acquire.overseas.query", &[("partner_trans_id", "T1")]);
    form.set("alipay_trans_id", "");
    let text = form.text_to_sign(Empties::Kept);
    form.set("sign", super::signer(SignType::Rsa2).sign(text.as_bytes()).unwrap());
    form.set("sign_type", "RSA2");
    assert_eq!(result(&super::read(&desk.raw(&form).await)), "FAIL TRADE_NOT_EXIST");
    desk.turn(|switches| switches.empties_unsigned = true);
    assert_eq!(result(&super::read(&desk.raw(&form).await)), "F ILLEGAL_SIGN");
}

type Pairs<'a> = &'a [(&'a str, &'a str)];

/// What a query answers whose form was changed before and after it was signed.
async fn told(desk: &Desk, before: Pairs<'_>, after: Pairs<'_>) -> String {
    let mut form = desk.form("alipay.acquire.overseas.query", &[("partner_trans_id", "T1")]);
    for (name, value) in before {
        form.set(name, *value);
    }
    let mut form = desk.signed(form);
    for (name, value) in after {
        form.set(name, *value);
    }
    let answer = super::read(&desk.raw(&form).await);
    assert!(answer.response.is_some() || (answer.sign.is_none() && answer.request.is_empty()));
    result(&answer)
}

#[tokio::test]
async fn the_gateway_refuses_what_it_cannot_take() {
    let desk = Desk::new().await;
    let table: &[(Pairs<'_>, Pairs<'_>, &str)] = &[
        (&[], &[], "FAIL TRADE_NOT_EXIST"),
        (&[("partner", "2088000000000002")], &[], "F ILLEGAL_PARTNER"),
        (&[("partner", "")], &[], "F ILLEGAL_PARTNER"),
        (&[("service", "alipay.acquire.nothing")], &[], "F ILLEGAL_SERVICE"),
        (&[("service", "")], &[], "F ILLEGAL_SERVICE"),
        (&[("service", "alipay.acquire.create")], &[], "F ILLEGAL_PARTNER_EXTERFACE"),
        (&[], &[("sign_type", "SHA")], "F ILLEGAL_SIGN_TYPE"),
        (&[], &[("sign_type", "rsa2")], "F ILLEGAL_SIGN_TYPE"),
        (&[], &[("sign_type", "")], "F ILLEGAL_SIGN_TYPE"),
        (&[], &[("sign", "")], "F ILLEGAL_SIGN"),
        (&[], &[("sign", "no base64")], "F ILLEGAL_SIGN"),
        (&[], &[("sign_type", "RSA")], "F ILLEGAL_SIGN"),
        (&[], &[("sign_type", "MD5")], "F ILLEGAL_SIGN"),
        (&[], &[("partner_trans_id", "T2")], "F ILLEGAL_SIGN"),
        (&[], &[("more", "")], "FAIL TRADE_NOT_EXIST"),
        (&[("partner_trans_id", "")], &[], "F INVALID_PARAMETER"),
        (&[("partner_trans_id", &"x".repeat(65))], &[], "F INVALID_PARAMETER"),
        (&[("memo", "\u{1}")], &[], "F INVALID_PARAMETER"),
        (&[("timestamp", "yesterday")], &[], "F INVALID_PARAMETER"),
    ];
    for (before, after, expected) in table {
        assert_eq!(told(&desk, before, after).await, *expected, "{before:?} {after:?}");
    }
}

#[tokio::test]
async fn bytes_that_are_no_form_are_refused() {
    let desk = Desk::new().await;
    let base = format!("service=alipay.acquire.overseas.query&partner={PARTNER}");
    for (more, expected) in [
        ("&_input_charset=KOI8", "F ILLEGAL_CHARSET"),
        ("&memo=%zz", "F ILLEGAL_ENCODING"),
        ("&memo=%", "F ILLEGAL_ENCODING"),
        ("&memo=%FF%FE", "F ILLEGAL_ENCODING"),
        ("&_input_charset=GBK&memo=%81", "F ILLEGAL_ENCODING"),
        ("&partner=1", "F ILLEGAL_ARGUMENT"),
        ("&=1", "F ILLEGAL_ARGUMENT"),
        ("&memo=1&memo=1", "F ILLEGAL_ARGUMENT"),
        ("&sign_type=RSA2&sign=%00", "F ILLEGAL_SIGN"),
    ] {
        for call in [
            Call::get(format!("/gateway.do?{base}{more}")),
            Call::post("/gateway.do", format!("{base}{more}")),
        ] {
            let answer = super::read(&desk.rig.send(call).await);
            assert_eq!(result(&answer), expected, "{more}");
        }
    }
    let raw = [base.as_bytes(), b"&memo=\xFF\xFF"].concat();
    let answer = super::read(&desk.rig.send(Call::post("/gateway.do", raw)).await);
    assert_eq!(result(&answer), "F ILLEGAL_ENCODING");
    let answer = super::read(&desk.rig.send(Call::get("/gateway.do")).await);
    assert_eq!(result(&answer), "F ILLEGAL_PARTNER");
    let answer = super::read(&desk.rig.send(Call::delete("/gateway.do")).await);
    assert_eq!(result(&answer), "F ILLEGAL_ARGUMENT");
    assert_eq!(desk.rig.send(Call::get("/gateway")).await.status, 404);
}

#[tokio::test]
async fn a_partner_without_a_key_of_the_type_is_told_so() {
    let shape = |terms: &mut Terms| {
        let Contract::Legacy { merchant, .. } = &mut terms.contract else { unreachable!() };
        merchant.retain(|verifier| verifier.sign_type() == SignType::Rsa2);
    };
    let mut desk = Desk::build(shape, None).await;
    for (sign_type, expected) in [
        (SignType::Rsa2, "FAIL TRADE_NOT_EXIST"),
        (SignType::Rsa, "F HAS_NO_PUBLICKEY"),
        (SignType::Dsa, "F HAS_NO_PUBLICKEY"),
        (SignType::Md5, "F ILLEGAL_SIGN_TYPE"),
    ] {
        desk.sign_type = sign_type;
        assert_eq!(told(&desk, &[], &[]).await, expected);
    }
}

#[tokio::test]
async fn sha_256_under_the_label_rsa_is_no_signature() {
    let desk = Desk::new().await;
    let mut form = desk.form("alipay.acquire.overseas.query", &[("partner_trans_id", "T1")]);
    let text = form.text_to_sign(Empties::Dropped);
    form.set("sign", Signer::Rsa2(merchant_key()).sign(text.as_bytes()).unwrap());
    form.set("sign_type", "RSA");
    assert_eq!(result(&super::read(&desk.raw(&form).await)), "F ILLEGAL_SIGN");
}

#[tokio::test]
async fn notify_verify_needs_no_signature_and_says_true_or_false() {
    let desk = Desk::new().await;
    let query = format!("service=notify_verify&partner={PARTNER}&notify_id=1");
    let answer = desk.rig.send(Call::get(format!("/gateway.do?{query}"))).await;
    assert_eq!((answer.status, answer.body.as_slice()), (200, &b"false"[..]));
    assert_eq!(answer.header("content-type"), Some("text/plain;charset=utf-8"));
    // A signature that is there has to be right.
    let form = desk.signed(desk.form("notify_verify", &[("notify_id", "1")]));
    assert_eq!(desk.raw(&form).await.body, b"false");
    let mut form = form;
    form.set("notify_id", "2");
    assert_eq!(result(&super::read(&desk.raw(&form).await)), "F ILLEGAL_SIGN");
    let query = "service=notify_verify&partner=1&notify_id=1";
    let answer = desk.rig.send(Call::get(format!("/gateway.do?{query}"))).await;
    let body = String::from_utf8(answer.body).unwrap();
    let bare = "<alipay><is_success>F</is_success><error>ILLEGAL_PARTNER</error></alipay>";
    assert!(body.ends_with(bare), "{body}");
}

#[tokio::test]
async fn an_answer_is_signed_over_the_children_of_its_response() {
    let desk = Desk::new().await;
    let answer = desk.query("T1").await;
    let text = answer.text_to_sign(Empties::Dropped).unwrap();
    assert_eq!(text, "detail_error_code=TRADE_NOT_EXIST&error=TRADE_NOT_EXIST&result_code=FAIL");
    assert_eq!(answer.verify(&super::gateway(SignType::Rsa2), Charset::Utf8), Verified::Valid);
    assert_eq!(answer.verify(&super::gateway(SignType::Rsa), Charset::Utf8), Verified::Wrong);
}
