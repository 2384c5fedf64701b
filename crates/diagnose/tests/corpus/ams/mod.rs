//! Clients of the newer generation.

mod clients;

use diagnose::Cause::{
    Algorithm, Charset, Clock, Damaged, JsonRewritten, Layout, NotSigned, TextChanged, UrlEncoding,
    WrongKey,
};
use diagnose::{Cause, Kind, Known, Subject};
use evidence::Blob;
use protocol::Generation;
use signing::{PrivateKey, base64_encode, hex};

use clients::{CALLS, EVERYWHERE, UNKNOWN};

use crate::corpus::keys::{
    GATEWAY, LONGER, MERCHANT, PSS, SHORT, STRANGER, known, own_key_in_slot,
};
use crate::corpus::{Expected, Faulty};

/// Hard characters: not ASCII, blanks at an end, `+`, `&`, quotation marks, angle brackets, a
/// slash, an escape, an empty text, null, a number, JSON in a text. Not sorted.
const BODY: &str = r#"{"order":{"orderId":"O-1","orderDescription":"测试é coffee+tea & <b>it's</b> ","env":"","note":null,"quantity":20,"link":"https://m.example/n?a=1&b=2"},"paymentRequestId":"P-1","paymentAmount":{"currency":"USD","value":"100"},"extendInfo":"{\"store\":\"S1\"}"}"#;
const ANSWER: &str = r#"{"result":{"resultStatus":"S","resultCode":"SUCCESS","resultMessage":"成功é + ok & <done> "},"paymentId":"2019112719","link":"https://m.example/n?a=1","env":"","rate":0.064622,"acquirerInfo":null}"#;

/// What is sent.
#[derive(Clone)]
pub(crate) struct Sent {
    kind: Kind,
    target: &'static str,
    client: &'static str,
    time: &'static str,
    body: Vec<u8>,
}

impl Sent {
    fn body(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    fn new(kind: Kind) -> Self {
        let (target, time, body) = match kind {
            Kind::Notice | Kind::Acknowledgement => {
                ("/alipay/notify?shop=7", "2026-01-05T10:00:00+08:00", ANSWER)
            }
            Kind::Call => ("/ams/sandbox/api/v1/payments/pay", "1767578400123", BODY),
            Kind::Answer => {
                ("/ams/sandbox/api/v1/payments/pay", "2026-01-05T10:00:01+08:00", ANSWER)
            }
        };
        let client = "SANDBOX_5Y00000000000001";
        Self { kind, target, client, time, body: body.as_bytes().to_vec() }
    }

    fn key(&self) -> &'static PrivateKey {
        match self.kind {
            Kind::Call | Kind::Acknowledgement => &MERCHANT,
            Kind::Answer | Kind::Notice => &GATEWAY,
        }
    }

    fn documented(&self) -> Vec<u8> {
        self.over(self.body.clone())
    }

    fn over(&self, body: impl AsRef<[u8]>) -> Vec<u8> {
        let head = format!("POST {}\n{}.{}.", self.target, self.client, self.time);
        [head.as_bytes(), body.as_ref()].concat()
    }

    fn lines(&self, head: impl AsRef<str>) -> Vec<u8> {
        [head.as_ref().as_bytes(), &self.body].concat()
    }

    /// The message with a value of its signature header.
    fn with(&self, header: Option<String>) -> Subject {
        let signature = header.map_or(String::new(), |value| format!("Signature: {value}\r\n"));
        let call = format!(
            "POST {} HTTP/1.1\r\nHost: open-sea-global.alipay.com\r\nClient-Id: {}\r\n\
             Request-Time: 1767578400123\r\n\r\n",
            self.target, self.client
        );
        let head = match self.kind {
            Kind::Call | Kind::Notice => format!(
                "POST {} HTTP/1.1\r\nHost: open-sea-global.alipay.com\r\nClient-Id: {}\r\n\
                 Request-Time: {}\r\n{signature}\r\n",
                self.target, self.client, self.time
            ),
            Kind::Answer | Kind::Acknowledgement => format!(
                "HTTP/1.1 200 OK\r\nClient-Id: {}\r\nResponse-Time: {}\r\n{signature}\r\n",
                self.client, self.time
            ),
        };
        let answers = matches!(self.kind, Kind::Answer | Kind::Acknowledgement);
        Subject {
            generation: Generation::Ams,
            kind: self.kind,
            message: Blob { head: head.into_bytes(), body: self.body.clone() },
            call: answers.then(|| Blob { head: call.into_bytes(), body: BODY.into() }),
            witnessed: false,
        }
    }

    fn signed(&self, text: &[u8]) -> Subject {
        self.with(Some(header(&self.key().sign(text).unwrap())))
    }
}

fn header(bytes: &[u8]) -> String {
    let text = base64_encode(bytes).replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
    format!("algorithm=RSA256, keyVersion=1, signature={text}")
}

fn bare(value: &str) -> String {
    format!("algorithm=RSA256,keyVersion=1,signature={value}")
}

fn entry(kind: Kind, mistake: &str, causes: &[Cause], subject: Subject) -> Faulty {
    let name = format!("ams {}: {mistake}", kind.name());
    Faulty { name, expected: Expected::Causes(causes.to_vec()), subject, known: all_known() }
}

fn all_known() -> Known {
    Known { clients: vec!["5Y00000000000001".to_owned()], ..known() }
}

/// All of them.
pub(crate) fn faulty() -> Vec<Faulty> {
    let mut all = Vec::new();
    for kind in [Kind::Call, Kind::Answer, Kind::Notice] {
        let sent = Sent::new(kind);
        for (name, cause, client) in EVERYWHERE {
            all.push(entry(kind, name, &[*cause], sent.signed(&client(&sent))));
        }
        for (name, client) in UNKNOWN {
            let expected = Expected::Unknown;
            all.push(Faulty { expected, ..entry(kind, name, &[], sent.signed(&client(&sent))) });
        }
        keys(&mut all, &sent);
        spellings(&mut all, &sent);
    }
    let sent = Sent::new(Kind::Call);
    for (name, causes, client) in CALLS {
        all.push(entry(Kind::Call, name, causes, sent.signed(&client(&sent))));
    }
    let [text, signed, longer] = PSS;
    assert_eq!(sent.documented(), text, "the vector is over another call");
    let mut pss = |name: &str, causes: &[Cause], signature: &[u8]| {
        all.push(entry(Kind::Call, name, causes, sent.with(Some(header(signature)))));
    };
    pss("RSASSA-PSS", &[Algorithm], signed);
    pss("RSASSA-PSS and a line end behind the body", &[Algorithm, TextChanged], longer);
    received(&mut all);
    all
}

/// Keys and algorithms.
fn keys(all: &mut Vec<Faulty>, sent: &Sent) {
    let (kind, text) = (sent.kind, sent.documented());
    let by = |key: &PrivateKey| sent.with(Some(header(&key.sign(&text).unwrap())));
    all.push(entry(kind, "a key that nobody knows", &[WrongKey], by(&STRANGER)));
    all.push(entry(kind, "an old key", &[WrongKey], by(&LONGER)));
    all.push(entry(kind, "a key of 1024 bits", &[WrongKey], by(&SHORT)));
    let other: &PrivateKey = if kind == Kind::Call { &GATEWAY } else { &MERCHANT };
    all.push(entry(kind, "the key of the other side", &[WrongKey], by(other)));
    let sha1 = sent.with(Some(header(&sent.key().sign_sha1(&text).unwrap())));
    all.push(entry(kind, "SHA-1", &[Algorithm], sha1));
    let named = header(&sent.key().sign(&text).unwrap()).replace("RSA256", "RS256");
    all.push(entry(kind, "an algorithm called RS256", &[Algorithm], sent.with(Some(named))));
    let both = sent
        .with(Some(header(&LONGER.sign(&sent.over([&sent.body[..], b"\n"].concat())).unwrap())));
    let name = "an old key and a line end behind the body";
    all.push(entry(kind, name, &[WrongKey, TextChanged], both));
    let odd = sent.key().sign_sha1(b"something else").unwrap();
    let expected = Expected::Partly(Algorithm);
    let odd = entry(kind, "SHA-1 over something else", &[], sent.with(Some(header(&odd))));
    all.push(Faulty { expected, ..odd });
    if kind == Kind::Notice {
        let known = own_key_in_slot();
        let subject = sent.signed(&text);
        all.push(Faulty {
            known,
            ..entry(kind, "the own key in the platform's slot", &[WrongKey], subject)
        });
    }
}

/// The signature as a text.
fn spellings(all: &mut Vec<Faulty>, sent: &Sent) {
    let (kind, text) = (sent.kind, sent.documented());
    let signature = sent.key().sign(&text).unwrap();
    let base64 = base64_encode(&signature);
    let encoded = header(&signature);
    let url = base64.replace('+', "-").replace('/', "_");
    for (name, cause, value) in [
        ("no signature", NotSigned, None),
        ("blanks in the signature", UrlEncoding, Some(bare(&base64.replace('+', " ")))),
        ("encoded twice", UrlEncoding, Some(encoded.replace('%', "%25"))),
        ("alphabet for addresses", UrlEncoding, Some(bare(&url))),
        ("hexadecimal", UrlEncoding, Some(bare(&hex(&signature)))),
        (
            "line ends in the base64",
            UrlEncoding,
            Some(bare(&format!("{}%0A{}", &base64[..76], &base64[76..]).replace('+', "%2B"))),
        ),
        ("cut off", Damaged, Some(bare(&base64[..200].replace('+', "%2B")))),
        ("no base64", Damaged, Some(bare("undefined?"))),
    ] {
        all.push(entry(kind, name, &[cause], sent.with(value)));
    }
}

/// What is done to notices before they are verified, and other trouble with what is received.
fn received(all: &mut Vec<Faulty>) {
    let honest = Sent::new(Kind::Notice);
    let text = honest.documented();
    let mut changed = |name: &str, causes: &[Cause], body: Vec<u8>| {
        let subject = Sent { body, ..honest.clone() }.signed(&text);
        all.push(entry(Kind::Notice, name, causes, subject));
    };
    let body = honest.body();
    changed("a line end added on the way", &[TextChanged], format!("{body}\r\n").into_bytes());
    changed(
        "a byte order mark added on the way",
        &[Charset],
        format!("\u{feff}{body}").into_bytes(),
    );
    let entities = body.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
    changed(
        "HTML entities added on the way",
        &[TextChanged],
        entities.replace('>', "&gt;").into_bytes(),
    );
    changed("logged with blanks", &[JsonRewritten], body.replace("\":", "\": ").into_bytes());
    changed("backslashes added on the way", &[TextChanged], body.replace('"', "\\\"").into_bytes());
    let no_query = honest.lines(format!("POST /alipay/notify\n{}.{}.", honest.client, honest.time));
    all.push(entry(Kind::Notice, "path without query", &[Layout], honest.signed(&no_query)));
    let answer = Sent::new(Kind::Answer);
    let called = answer.lines(format!("POST {}\n{}.1767578400123.", answer.target, answer.client));
    all.push(entry(Kind::Answer, "time of the call", &[Layout], answer.signed(&called)));
    let zoneless =
        answer.lines(format!("POST {}\n{}.2026-01-05T10:00:01.", answer.target, answer.client));
    all.push(entry(Kind::Answer, "time without zone", &[Clock], answer.signed(&zoneless)));
}

/// The same messages without a mistake.
pub(crate) fn healthy() -> Vec<Faulty> {
    let kinds = [Kind::Call, Kind::Answer, Kind::Notice, Kind::Acknowledgement];
    let one = |kind| {
        let sent = Sent::new(kind);
        entry(kind, "healthy", &[], sent.signed(&sent.documented()))
    };
    kinds.into_iter().map(one).collect()
}
