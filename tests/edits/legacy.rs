//! Edits of what a message of the older generation says: a parameter of a form, a field of the XML.

use evidence::{Blob, Entry, Event, HIDDEN, Leg, Message, Way, form_of, is_legacy, service_of};
use protocol::ams::Api;
use protocol::legacy::{Answer, Charset, Form, Service, Told};
use serde_json::Value;

use super::reports;

/// Words that stand for each other.
const STATES: [&str; 4] = ["WAIT_BUYER_PAY", "TRADE_SUCCESS", "TRADE_FINISHED", "TRADE_CLOSED"];
const RESULTS: [&str; 4] = ["SUCCESS", "FAILED", "UNKNOW", "FAIL"];

/// A body in the place of another, and what it says otherwise.
pub(super) struct Other {
    pub(super) says: String,
    pub(super) bytes: Blob,
}

/// Other bodies of a call, a notice or an answer; none where it is not the older generation's.
pub(super) fn others(known: &Message, bytes: &Blob) -> Vec<Other> {
    match (known.way, known.leg) {
        (Way::Call, Leg::CallSent | Leg::CallReceived) if is_legacy(bytes) => forms(known, bytes),
        (Way::Notice, Leg::CallSent | Leg::CallReceived) => forms(known, bytes),
        (Way::Call, Leg::AnswerSent | Leg::AnswerReceived) => answers(bytes),
        (Way::Call | Way::Notice, _) => vec![],
    }
}

fn forms(known: &Message, bytes: &Blob) -> Vec<Other> {
    let Ok(form) = form_of(known.way, bytes, Charset::Utf8) else { return vec![] };
    let mut others: Vec<Other> = in_body(known.way, bytes, &form).into_iter().collect();
    if form.get("sign_type") == Some("MD5") {
        // As the recorder leaves it.
        let body = [bytes.body.as_slice(), b"&key=", HIDDEN.as_bytes()].concat();
        let bytes = Blob { head: bytes.head.clone(), body };
        others.push(Other { says: "holds the shared key".to_owned(), bytes });
    }
    let pairs: Vec<(String, String)> =
        form.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    for (name, value) in &pairs {
        for other in values(value) {
            let mut changed = form.clone();
            changed.set(name, other.as_str());
            others.extend(written(known.way, bytes, &changed, format!("says {name} otherwise")));
        }
        let mut without = Form::new(form.charset());
        for (kept, value) in pairs.iter().filter(|(kept, _)| kept != name) {
            without.set(kept, value.as_str());
        }
        others.extend(written(known.way, bytes, &without, format!("lacks {name}")));
        let Ok(Value::Object(members)) = serde_json::from_str::<Value>(value) else { continue };
        for member in members.keys() {
            let mut fewer = members.clone();
            fewer.remove(member);
            let mut changed = form.clone();
            changed.set(name, Value::Object(fewer).to_string());
            others.extend(written(known.way, bytes, &changed, format!("lacks {name}.{member}")));
            let mut wrong = members.clone();
            let text = members.get(member).and_then(Value::as_str).unwrap_or_default();
            wrong.insert(member.clone(), Value::String(format!("{text}x")));
            let mut changed = form.clone();
            changed.set(name, Value::Object(wrong).to_string());
            let says = format!("says {name}.{member} otherwise");
            others.extend(written(known.way, bytes, &changed, says));
        }
    }
    others
}

/// The same posted with nothing in the query of its address.
fn in_body(way: Way, bytes: &Blob, form: &Form) -> Option<Other> {
    let head = String::from_utf8_lossy(&bytes.head).into_owned();
    let (start, rest) = head.split_once('?').filter(|_| way == Way::Call)?;
    let (_query, rest) = rest.split_once(' ').filter(|_| start.starts_with("POST "))?;
    let head = format!("{start} {rest}").into_bytes();
    let says = "has its charset in the body".to_owned();
    Some(Other { says, bytes: Blob { head, body: form.write().ok()? } })
}

/// The form in the place of the one that is there: in the query of a GET, else in the body.
fn written(way: Way, bytes: &Blob, form: &Form, says: String) -> Option<Other> {
    let head = String::from_utf8_lossy(&bytes.head).into_owned();
    let bytes = if head.starts_with("GET ") {
        let query = String::from_utf8(form.write().ok()?).ok()?;
        let (start, rest) = head.split_once("\r\n")?;
        let path = start.split(' ').nth(1)?.split('?').next()?.to_owned();
        let head = format!("GET {path}?{query} HTTP/1.1\r\n{rest}");
        Blob { head: head.into_bytes(), body: vec![] }
    } else if way == Way::Call {
        Blob { head: bytes.head.clone(), body: form.post().ok()?.body }
    } else {
        Blob { head: bytes.head.clone(), body: form.write().ok()? }
    };
    Some(Other { says, bytes })
}

/// A file, or a sentence in its place, that says something else.
fn texts(bytes: &Blob) -> Vec<Other> {
    let Ok(text) = std::str::from_utf8(&bytes.body) else { return vec![] };
    if text.is_empty() || text.starts_with('<') {
        return vec![];
    }
    let other = |(says, how): (&str, fn(&str) -> String)| Other {
        says: format!("{says} in its text"),
        bytes: Blob { head: bytes.head.clone(), body: how(text).into_bytes() },
    };
    reports::OLDER.into_iter().map(other).collect()
}

fn answers(bytes: &Blob) -> Vec<Other> {
    let Ok(answer) = Answer::read(&bytes.body) else { return texts(bytes) };
    let mut others = vec![];
    // A refusal by the gateway itself has no field but its code.
    if let Told::Rejected { error } = &answer.told {
        let told = Told::Rejected { error: format!("{error}X") };
        let changed = Answer { told, ..answer.clone() };
        others.extend(answered(bytes, &changed, "says another error".to_owned()));
    }
    others.extend(frames(bytes, &answer));
    let fields = answer.response.iter().flat_map(|response| response.fields.clone()).enumerate();
    for (place, (name, value)) in fields.collect::<Vec<_>>() {
        for other in values(&value) {
            let mut changed = answer.clone();
            if let Some(response) = &mut changed.response {
                response.fields[place].1.clone_from(&other);
            }
            let said = if other.len() <= 32 && is_word(&other) { &other } else { "otherwise" };
            others.extend(answered(bytes, &changed, format!("says {name} {said}")));
        }
        let mut without = answer.clone();
        if let Some(response) = &mut without.response {
            response.fields.remove(place);
        }
        others.extend(answered(bytes, &without, format!("lacks {name}")));
    }
    others
}

/// The same answer in another frame: as a refusal of the signature, in another charset, under
/// another type of signature.
fn frames(bytes: &Blob, answer: &Answer) -> Vec<Other> {
    let mut others = vec![];
    if answer.told == Told::Accepted {
        let told = Told::Rejected { error: "ILLEGAL_SIGN".to_owned() };
        let refused =
            Answer { told, response: None, sign: None, sign_type: None, ..answer.clone() };
        others.extend(answered(bytes, &refused, "refuses the signature".to_owned()));
    }
    let charset = match answer.charset {
        Charset::Utf8 => Charset::Gbk,
        Charset::Gbk | Charset::Gb2312 => Charset::Utf8,
    };
    let declared = Answer { charset, ..answer.clone() };
    others.extend(answered(bytes, &declared, format!("comes in {}", charset.name())));
    if answer.sign_type.is_some() {
        let typed = Answer { sign_type: Some("DSA".to_owned()), ..answer.clone() };
        others.extend(answered(bytes, &typed, "says sign_type DSA".to_owned()));
    }
    others
}

fn answered(bytes: &Blob, answer: &Answer, says: String) -> Option<Other> {
    let body = answer.write().ok()?;
    Some(Other { says, bytes: Blob { head: bytes.head.clone(), body } })
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
}

/// Values that could stand there instead.
fn values(value: &str) -> Vec<String> {
    for words in [STATES, RESULTS] {
        if words.contains(&value) {
            let others = words.into_iter().filter(|word| *word != value);
            return others.map(str::to_owned).collect();
        }
    }
    let amount = value.split_once('.').is_some_and(|(whole, cents)| {
        [whole, cents].iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
    });
    let number = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    match (amount, number) {
        (true, _) => vec![format!("1{value}")],
        (_, true) => vec![format!("{value}0")],
        _ => vec![format!("{value}x")],
    }
}

/// Makes a call for a payment another call about it, or one under another number.
pub(super) fn retell(entry: &mut Entry, renamed: Option<&(String, String)>, api: Option<Api>) {
    let Event::Message(message) = &mut entry.event else { return };
    let (way, leg) = (message.way, message.leg);
    let Some(bytes) = &mut message.bytes else { return };
    if let (Leg::AnswerSent | Leg::AnswerReceived, Some((old, new))) = (leg, renamed)
        && let Ok(mut answer) = Answer::read(&bytes.body)
    {
        let fields = answer.response.iter_mut().flat_map(|response| &mut response.fields);
        fields.filter(|(_, value)| value == old).for_each(|(_, value)| value.clone_from(new));
        bytes.body = answer.write().unwrap_or_default();
        return;
    }
    if way != Way::Call || !matches!(leg, Leg::CallSent | Leg::CallReceived) || !is_legacy(bytes) {
        return;
    }
    let Ok(mut form) = form_of(way, bytes, Charset::Utf8) else { return };
    let number = ["partner_trans_id", "out_trade_no"].into_iter().find_map(|name| form.get(name));
    let number = number.unwrap_or_default().to_owned();
    let number = match renamed {
        Some((old, new)) if *old == number => new.clone(),
        Some(_) | None => number,
    };
    let store = service_of(bytes) == Some(Service::SpotPay);
    let other = match api {
        Some(Api::Cancel) => Some((Service::Cancel, "out_trade_no")),
        Some(Api::InquiryPayment) => Some((Service::OverseasQuery, "partner_trans_id")),
        Some(Api::Refund) => Some((Service::SpotRefund, "partner_trans_id")),
        _ => None,
    };
    if let Some((service, name)) = other {
        form.set("service", service.name());
        form.set(name, number.as_str());
    } else {
        form.set(if store { "partner_trans_id" } else { "out_trade_no" }, number.as_str());
    }
    if let Some(other) = written(way, bytes, &form, String::new()) {
        *bytes = other.bytes;
    }
}
