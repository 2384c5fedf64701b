//! Clients of the older generation.

mod clients;

use diagnose::Cause::{
    Algorithm, Charset, Damaged, NotSigned, Parameters, SignType, TextChanged, UrlEncoding,
    WrongKey,
};
use diagnose::{Cause, Kind, Known, Subject};
use evidence::Blob;
use protocol::Generation;
use protocol::legacy::{Answer, Charset as Bytes, Response, Told};
use signing::{PrivateKey, base64_encode};

use clients::{CALLS, EVERYWHERE, UNKNOWN, html, joined, percent};

use crate::corpus::keys::{DSA, GATEWAY, LONGER, MERCHANT, STRANGER, known_legacy, shared};
use crate::corpus::{Expected, Faulty};

/// Hard characters, as a call has them: not ASCII, a blank at an end, `+`, `&`, a name that begins
/// with an underscore, an empty value, JSON with escapes in a value. Not sorted.
const PARAMETERS: [(&str, &str); 10] = [
    ("service", "alipay.acquire.overseas.spot.pay"),
    ("partner", "2088000000000001"),
    ("_input_charset", "UTF-8"),
    ("trans_name", "测试 coffee+tea  it's "),
    ("notify_url", "https://m.example/n?a=1&b=2"),
    ("extend_info", r#"{"secondary_merchant_id":"M1","store_id":"S1","url":"http:\/\/x"}"#),
    ("memo", ""),
    ("partner_trans_id", "O-1"),
    ("trans_amount", "100"),
    ("identity_code_type", "barcode"),
];

/// What a notice and an answer have.
const TOLD: [(&str, &str); 7] = [
    ("notify_id", "4a91b7a78a503640467525113fb7d8bg8e"),
    ("subject", "测试é coffee+tea  & <b>it's</b>"),
    ("buyer_email", "a@b.example"),
    ("fund_bill_list", r#"[{"amount":"1.00","fundChannel":"ALIPAYACCOUNT"}]"#),
    ("trade_status", "TRADE_SUCCESS"),
    ("total_fee", "100"),
    ("_note", "50%25 off"),
];

type Pairs = Vec<(String, String)>;

#[derive(Clone)]
struct Sent {
    kind: Kind,
    pairs: Pairs,
    charset: Bytes,
}

/// Who signs a message, and by what.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    Md5,
    Rsa,
    Rsa2,
    Dsa,
}

impl By {
    fn name(self) -> &'static str {
        match self {
            Self::Md5 => "MD5",
            Self::Rsa => "RSA",
            Self::Rsa2 => "RSA2",
            Self::Dsa => "DSA",
        }
    }

    fn sign(self, key: &PrivateKey, text: &[u8]) -> String {
        match self {
            Self::Md5 => shared().sign(text),
            Self::Rsa => base64_encode(&key.sign_sha1(text).unwrap()),
            Self::Rsa2 => base64_encode(&key.sign(text).unwrap()),
            Self::Dsa => base64_encode(&DSA.sign(text).unwrap()),
        }
    }
}

impl Sent {
    fn new(kind: Kind) -> Self {
        let pairs: &[(&str, &str)] = if kind == Kind::Call { &PARAMETERS } else { &TOLD };
        let pairs = pairs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        Self { kind, pairs, charset: Bytes::Utf8 }
    }

    fn key(&self) -> &'static PrivateKey {
        if self.kind == Kind::Call { &MERCHANT } else { &GATEWAY }
    }

    fn sorted(&self) -> Pairs {
        let mut pairs = self.pairs.clone();
        pairs.sort();
        pairs.retain(|(_, value)| !value.is_empty());
        pairs
    }

    fn values(&self, change: impl Fn(&str) -> String) -> String {
        joined(&self.sorted().into_iter().map(|(name, value)| (name, change(&value))).collect())
    }

    fn documented(&self) -> Vec<u8> {
        self.charset.encode(&joined(&self.sorted())).unwrap().into_owned()
    }

    /// The message with `sign_type` and `sign`.
    fn with(&self, sign_type: &str, sign: &str) -> Subject {
        if self.kind == Kind::Answer {
            return self.answer(sign_type, sign);
        }
        let mut pairs = self.pairs.clone();
        pairs.push(("sign_type".into(), sign_type.into()));
        pairs.push(("sign".into(), sign.into()));
        pairs.retain(|(name, value)| !name.starts_with("sign") || !value.is_empty());
        let escape = |text: &str| -> String {
            let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
            let bytes = self.charset.encode(text).unwrap();
            let one = |byte: &u8| {
                if plain(byte) { char::from(*byte).to_string() } else { format!("%{byte:02X}") }
            };
            bytes.iter().map(one).collect()
        };
        let pieces: Vec<_> = pairs
            .iter()
            .map(|(name, value)| format!("{}={}", escape(name), escape(value)))
            .collect();
        let target = if self.kind == Kind::Call { "/gateway.do" } else { "/notify" };
        let head = format!("POST {target} HTTP/1.1\r\nHost: globalmapi.alipay.com\r\n\r\n");
        self.subject(Blob { head: head.into_bytes(), body: pieces.join("&").into_bytes() }, None)
    }

    fn subject(&self, message: Blob, call: Option<Blob>) -> Subject {
        let (generation, kind) = (Generation::Legacy, self.kind);
        Subject { generation, kind, message, call, witnessed: false }
    }

    fn answer(&self, sign_type: &str, sign: &str) -> Subject {
        let response = Response { node: "alipay".into(), fields: self.pairs.clone() };
        let answer = Answer {
            charset: self.charset,
            told: Told::Accepted,
            request: vec![],
            response: Some(response),
            sign: Some(sign.to_owned()),
            sign_type: Some(sign_type.to_owned()),
        };
        let head = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n".to_vec();
        let call = Blob {
            head: b"POST /gateway.do?_input_charset=UTF-8 HTTP/1.1\r\n\r\n".to_vec(),
            body: b"service=alipay.acquire.overseas.query".to_vec(),
        };
        self.subject(Blob { head, body: answer.write().unwrap() }, Some(call))
    }

    fn signed(&self, by: By, text: &[u8]) -> Subject {
        self.with(by.name(), &by.sign(self.key(), text))
    }
}

fn entry(sent: &Sent, by: By, mistake: &str, causes: &[Cause], subject: Subject) -> Faulty {
    let name = format!("legacy {} {}: {mistake}", by.name(), sent.kind.name());
    Faulty { name, expected: Expected::Causes(causes.to_vec()), subject, known: known_legacy() }
}

/// All of them.
pub(crate) fn faulty() -> Vec<Faulty> {
    let mut all = Vec::new();
    for (kind, by) in [
        (Kind::Call, By::Rsa2),
        (Kind::Call, By::Md5),
        (Kind::Call, By::Dsa),
        (Kind::Notice, By::Rsa2),
        (Kind::Notice, By::Rsa),
        (Kind::Answer, By::Rsa2),
        (Kind::Answer, By::Md5),
    ] {
        let sent = Sent::new(kind);
        let clients = if kind == Kind::Call { CALLS } else { &[] };
        for (name, causes, client) in EVERYWHERE.iter().chain(clients) {
            // Two mistakes are more than can be paid for where every text is verified.
            if by != By::Dsa || causes.len() + name.matches("two ").count() == 1 {
                let subject = sent.signed(by, &client(&sent));
                all.push(entry(&sent, by, name, causes, subject));
            }
        }
        for (name, client) in UNKNOWN {
            let subject = sent.signed(by, &client(&sent));
            all.push(Faulty {
                expected: Expected::Unknown,
                ..entry(&sent, by, name, &[], subject)
            });
        }
        if kind != Kind::Answer {
            typed(&mut all, &sent, by);
        }
        keys(&mut all, &sent, by);
    }
    charsets(&mut all);
    all
}

/// `sign_type` in the text, and other names of it.
fn typed(all: &mut Vec<Faulty>, sent: &Sent, by: By) {
    let mut with_type = sent.clone();
    with_type.pairs.push(("sign_type".into(), by.name().into()));
    let text = joined(&with_type.sorted()).into_bytes();
    all.push(entry(sent, by, "sign_type signed", &[SignType], sent.signed(by, &text)));
    let good = by.sign(sent.key(), &sent.documented());
    let name = format!("{}withkey", by.name().to_lowercase());
    all.push(entry(sent, by, "sign_type misspelt", &[SignType], sent.with(&name, &good)));
    all.push(entry(sent, by, "no sign_type", &[NotSigned], sent.with("", &good)));
    all.push(entry(sent, by, "no sign", &[NotSigned], sent.with(by.name(), "")));
}

/// Keys, algorithms, and the signature as a text.
fn keys(all: &mut Vec<Faulty>, sent: &Sent, by: By) {
    let text = sent.documented();
    let good = by.sign(sent.key(), &text);
    let mut take = |name: &str, causes: &[Cause], sign: String| {
        all.push(entry(sent, by, name, causes, sent.with(by.name(), &sign)));
    };
    match by {
        By::Md5 => {
            take("capitals", &[UrlEncoding], good.to_uppercase());
            let named = shared().sign(&[&text[..], b"&key="].concat());
            take("key with a name", &[Parameters], named);
            take("RSA in place of MD5", &[Algorithm], By::Rsa2.sign(sent.key(), &text));
        }
        By::Rsa | By::Rsa2 => {
            take("a key that nobody knows", &[WrongKey], by.sign(&STRANGER, &text));
            take("an old key", &[WrongKey], by.sign(&LONGER, &text));
            let other = if by == By::Rsa { By::Rsa2 } else { By::Rsa };
            take("the other digest", &[Algorithm], other.sign(sent.key(), &text));
            let both = other.sign(sent.key(), &[&text[..], b"&"].concat());
            take("the other digest and an ampersand at the end", &[Algorithm, Parameters], both);
            take("MD5 in place of RSA", &[Algorithm], By::Md5.sign(sent.key(), &text));
            take("percent-encoded", &[UrlEncoding], percent(&good, "%20"));
            take("cut off", &[Damaged], good[..200].to_owned());
        }
        By::Dsa => take("cut off", &[Damaged], good[..30].to_owned()),
    }
}

/// Charsets that were declared and not used.
fn charsets(all: &mut Vec<Faulty>) {
    let mut sent = Sent::new(Kind::Call);
    sent.charset = Bytes::Gbk;
    for (_, value) in sent.pairs.iter_mut().filter(|(name, _)| name == "_input_charset") {
        "GBK".clone_into(value);
    }
    for by in [By::Rsa2, By::Md5] {
        let utf8 = joined(&sent.sorted()).into_bytes();
        let name = "GBK declared and sent, UTF-8 signed";
        all.push(entry(&sent, by, name, &[Charset], sent.signed(by, &utf8)));
    }
    let by = By::Rsa2;
    for (name, cause, value) in [
        ("a charset that the gateway lacks", Charset, ("_input_charset", "KOI8")),
        ("a parameter sent twice", Parameters, ("memo", "x")),
    ] {
        let mut odd = Sent::new(Kind::Call);
        odd.pairs.retain(|(name, _)| name != value.0);
        odd.pairs.push((value.0.into(), value.1.into()));
        if value.0 == "memo" {
            odd.pairs.push((value.0.into(), value.1.into()));
        }
        let text = odd.documented();
        all.push(entry(&odd, by, name, &[cause], odd.signed(by, &text)));
    }
    let mut noisy = Sent::new(Kind::Notice);
    let text = noisy.documented();
    noisy.pairs.push(("s".into(), "/notify/alipay".into()));
    let name = "a route added by the framework";
    all.push(entry(&noisy, by, name, &[Parameters], noisy.signed(by, &text)));
    noisy.pairs.push(("q".into(), "1".into()));
    let name = "two parameters added by the framework";
    all.push(entry(&noisy, by, name, &[Parameters], noisy.signed(by, &text)));
    let mut escaped = Sent::new(Kind::Notice);
    let text = escaped.documented();
    for (_, value) in &mut escaped.pairs {
        *value = html(value);
    }
    let name = "HTML entities added on the way";
    all.push(entry(&escaped, by, name, &[TextChanged], escaped.signed(by, &text)));
}

/// The same messages without a mistake.
pub(crate) fn healthy() -> Vec<Faulty> {
    let mut all = Vec::new();
    for kind in [Kind::Call, Kind::Notice, Kind::Answer] {
        for by in [By::Md5, By::Rsa, By::Rsa2] {
            let sent = Sent::new(kind);
            all.push(entry(&sent, by, "healthy", &[], sent.signed(by, &sent.documented())));
        }
    }
    let sent = Sent::new(Kind::Call);
    let subject = sent.signed(By::Dsa, &sent.documented());
    let known = Known { keys: known_legacy().keys, ..Known::default() };
    all.push(Faulty { known, ..entry(&sent, By::Dsa, "healthy", &[], subject) });
    all
}
