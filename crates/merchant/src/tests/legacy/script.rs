//! What a gateway says by script.

use clock::Millis;
use protocol::legacy::{Answer, Charset, Form, Response, Signer, Told};

use super::{STRANGER, Seen};

/// What the gateway does with a call.
pub(super) enum Play {
    /// Says so, signed.
    Says(Vec<(String, String)>),
    /// The same without a signature.
    Unsigned(Vec<(String, String)>),
    /// The same with the signature of somebody else.
    Forged(Vec<(String, String)>),
    /// `is_success=F`, with an HTTP status.
    Refuses(u16, &'static str),
    /// `is_success=T` alone.
    Takes,
    Raw(u16, &'static str),
    /// Says so, so many milliseconds later.
    Late(Millis, Vec<(String, String)>),
    Lost,
}

/// Fields of an answer.
pub(super) fn fields(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// The answer to a pay or a query about it.
pub(super) fn sale(seen: &Seen, result: &str, more: &[(&str, &str)]) -> Vec<(String, String)> {
    let number = seen.get("partner_trans_id");
    let mut told = fields(&[
        ("result_code", result),
        ("partner_trans_id", number),
        ("alipay_trans_id", &format!("2026{number}")),
        ("currency", "USD"),
        ("trans_amount", "12.31"),
    ]);
    told.extend(fields(more));
    told
}

/// The answer to a pay that worked.
pub(super) fn paid(seen: &Seen) -> Play {
    Play::Says(sale(seen, "SUCCESS", &[("alipay_pay_time", "20260105100001")]))
}

/// The answer to a query that worked.
pub(super) fn status(seen: &Seen, status: &str) -> Play {
    Play::Says(sale(seen, "SUCCESS", &[("alipay_trans_status", status)]))
}

/// A refusal on the second level.
pub(super) fn failed(seen: &Seen, error: &str) -> Play {
    let number = seen.get("partner_trans_id");
    Play::Says(fields(&[("result_code", "FAILED"), ("error", error), ("partner_trans_id", number)]))
}

/// The answer to a cancel.
pub(super) fn cancelled(seen: &Seen, result: &str, more: &[(&str, &str)]) -> Play {
    let number = seen.get("out_trade_no");
    let mut told = fields(&[("result_code", result), ("out_trade_no", number)]);
    told.extend(fields(more));
    Play::Says(told)
}

/// A notice that the first attempt was paid.
pub(super) fn good_notice() -> Form {
    let mut form = Form::new(Charset::Utf8);
    for (name, value) in [
        ("notify_time", "2026-01-05 10:00:30"),
        ("notify_type", "trade_status_sync"),
        ("notify_id", "70fec0c2730b27528665af4517c27b95"),
        ("notify_action_type", "payByAccountAction"),
        ("out_trade_no", "A1-p1"),
        ("trade_no", "2026010522001"),
        ("trade_status", "TRADE_SUCCESS"),
        ("subject", "Tea & 茶"),
        ("total_fee", "12.31"),
        ("currency", "USD"),
        ("gmt_payment", "2026-01-05 10:00:29"),
    ] {
        form.set(name, value);
    }
    form
}

/// The same with another value.
pub(super) fn notice_with(changes: &[(&str, &str)]) -> Form {
    let mut form = good_notice();
    for (name, value) in changes {
        form.set(name, *value);
    }
    form
}

pub(super) fn reply(signer: &Signer, charset: Charset, play: Play) -> wire::Reply {
    let mut answer = Answer {
        charset,
        told: Told::Accepted,
        request: vec![],
        response: None,
        sign: None,
        sign_type: None,
    };
    let respond = |fields: Vec<(String, String)>| {
        let trade = fields.iter().any(|(name, _)| name == "trade_status");
        Some(Response { node: if trade { "trade" } else { "alipay" }.into(), fields })
    };
    let mut http = 200;
    match play {
        Play::Says(fields) => {
            answer.response = respond(fields);
            answer.sign(signer).unwrap();
        }
        Play::Forged(fields) => {
            answer.response = respond(fields);
            answer.sign(&Signer::Rsa2(STRANGER.clone())).unwrap();
        }
        Play::Unsigned(fields) => answer.response = respond(fields),
        Play::Refuses(status, error) => {
            http = status;
            answer.told = Told::Rejected { error: error.into() };
        }
        Play::Takes => {}
        Play::Raw(status, body) => return xml(status, body.as_bytes().to_vec()),
        Play::Late(..) | Play::Lost => unreachable!("played before"),
    }
    xml(http, answer.write().unwrap())
}

fn xml(status: u16, body: Vec<u8>) -> wire::Reply {
    let headers = vec![("content-type".into(), "text/xml;charset=utf-8".into())];
    wire::Reply { status, headers, body }
}
