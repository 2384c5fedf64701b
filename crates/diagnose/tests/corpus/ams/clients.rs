//! What clients sign in place of the documented text.

use diagnose::Cause::{
    self, Charset, Clock, Environment, JsonRewritten, Layout, Parameters, TextChanged, UrlEncoding,
};

use super::Sent;

/// The body of a call as Python writes it.
const SPACED: &str = r#"{"order": {"orderId": "O-1", "orderDescription": "测试é coffee+tea & <b>it's</b> ", "env": "", "note": null, "quantity": 20, "link": "https://m.example/n?a=1&b=2"}, "paymentRequestId": "P-1", "paymentAmount": {"currency": "USD", "value": "100"}, "extendInfo": "{\"store\":\"S1\"}"}"#;

/// A client that builds another text.
pub(super) type Client = fn(&Sent) -> Vec<u8>;

/// What goes wrong with every message.
pub(super) const EVERYWHERE: &[(&str, Cause, Client)] = &[
    ("method in small letters", Layout, |s| {
        s.lines(format!("post {}\n{}.{}.", s.target, s.client, s.time))
    }),
    ("method GET", Layout, |s| s.lines(format!("GET {}\n{}.{}.", s.target, s.client, s.time))),
    ("CRLF behind the path", Layout, |s| {
        s.lines(format!("POST {}\r\n{}.{}.", s.target, s.client, s.time))
    }),
    ("backslash and n behind the path", Layout, |s| {
        s.lines(format!("POST {}\\n{}.{}.", s.target, s.client, s.time))
    }),
    ("blank behind the path", Layout, |s| {
        s.lines(format!("POST {} {}.{}.", s.target, s.client, s.time))
    }),
    ("nothing behind the path", Layout, |s| {
        s.lines(format!("POST {}{}.{}.", s.target, s.client, s.time))
    }),
    ("whole address", Layout, |s| {
        let host = "https://open-sea-global.alipay.com";
        s.lines(format!("POST {host}{}\n{}.{}.", s.target, s.client, s.time))
    }),
    ("no method and path", Layout, |s| s.lines(format!("{}.{}.", s.client, s.time))),
    ("body alone", Layout, |s| s.body.clone()),
    ("no body", Layout, |s| s.over("")),
    ("no client", Layout, |s| s.lines(format!("POST {}\n.{}.", s.target, s.time))),
    ("no time", Layout, |s| s.lines(format!("POST {}\n{}..", s.target, s.client))),
    ("time before client", Layout, |s| {
        s.lines(format!("POST {}\n{}.{}.", s.target, s.time, s.client))
    }),
    ("no dots", Layout, |s| s.lines(format!("POST {}\n{}{}", s.target, s.client, s.time))),
    ("line end behind the body", TextChanged, |s| s.over([&s.body[..], b"\n"].concat())),
    ("byte order mark", Charset, |s| s.over([b"\xef\xbb\xbf", &s.body[..]].concat())),
    ("members sorted", JsonRewritten, |s| {
        s.over(serde_json::from_str::<serde_json::Value>(s.body()).unwrap().to_string())
    }),
    ("slashes escaped", JsonRewritten, |s| s.over(s.body().replace('/', "\\/"))),
    ("escapes of Go", JsonRewritten, |s| {
        let body = s.body().replace('&', "\\u0026").replace('<', "\\u003c");
        s.over(body.replace('>', "\\u003e"))
    }),
    ("escapes of Python", JsonRewritten, |s| s.over(ascii(s.body()))),
    ("escapes of PHP", JsonRewritten, |s| s.over(ascii(&s.body().replace('/', "\\/")))),
    ("escapes of Gson", JsonRewritten, |s| {
        let body = s.body().replace('&', "\\u0026").replace('<', "\\u003c").replace('=', "\\u003d");
        s.over(body.replace('>', "\\u003e").replace('\'', "\\u0027"))
    }),
    ("escapes of .NET", JsonRewritten, |s| {
        let body = s.body().replace('&', "\\u0026").replace('<', "\\u003C").replace('+', "\\u002B");
        let body = body.replace("\\\"", "\\u0022").replace('>', "\\u003E").replace('\'', "\\u0027");
        let one =
            |c: char| if c.is_ascii() { c.to_string() } else { format!("\\u{:04X}", u32::from(c)) };
        s.over(body.chars().map(one).collect::<String>())
    }),
    ("HTML entities", TextChanged, |s| {
        let body = s.body().replace('&', "&amp;").replace('"', "&quot;");
        s.over(body.replace('<', "&lt;").replace('>', "&gt;").replace('\'', "&#039;"))
    }),
    ("backslashes added", TextChanged, |s| {
        s.over(s.body().replace('\\', "\\\\").replace('"', "\\\"").replace('\'', "\\'"))
    }),
    ("plus signs as blanks", UrlEncoding, |s| s.over(s.body().replace('+', " "))),
    ("GBK", Charset, |s| s.over(in_gbk(s.body()))),
    ("question marks", Charset, |s| {
        s.over(s.body().chars().map(|c| if c.is_ascii() { c } else { '?' }).collect::<String>())
    }),
    ("UTF-8 encoded twice", Charset, |s| {
        s.over(s.body.iter().map(|byte| char::from(*byte)).collect::<String>())
    }),
    ("null members dropped", Parameters, |s| {
        s.over(s.body().replace(",\"acquirerInfo\":null", "").replace("\"note\":null,", ""))
    }),
    ("one member dropped", Parameters, |s| {
        s.over(
            s.body()
                .replace("\"paymentRequestId\":\"P-1\",", "")
                .replace("\"paymentId\":\"2019112719\",", ""),
        )
    }),
];

/// What goes wrong with calls.
pub(super) const CALLS: &[(&str, &[Cause], Client)] = &[
    ("path without sandbox", &[Environment], |s| {
        s.lines(format!("POST /ams/api/v1/payments/pay\n{}.{}.", s.client, s.time))
    }),
    ("slash behind the path", &[Layout], |s| {
        s.lines(format!("POST {}/\n{}.{}.", s.target, s.client, s.time))
    }),
    ("path of the page", &[Layout], |s| {
        s.lines(format!("POST /v1/payments/pay\n{}.{}.", s.client, s.time))
    }),
    ("path of another call", &[Layout], |s| {
        s.lines(format!(
            "POST /ams/sandbox/api/v1/payments/inquiryPayment\n{}.{}.",
            s.client, s.time
        ))
    }),
    ("client id of production", &[Environment], |s| {
        s.lines(format!("POST {}\n5Y00000000000001.{}.", s.target, s.time))
    }),
    ("time as text", &[Clock], |s| {
        s.lines(format!("POST {}\n{}.2026-01-05T10:00:00+08:00.", s.target, s.client))
    }),
    ("time as text of UTC", &[Clock], |s| {
        s.lines(format!("POST {}\n{}.2026-01-05T02:00:00Z.", s.target, s.client))
    }),
    ("time in seconds", &[Clock], |s| {
        s.lines(format!("POST {}\n{}.1767578400.", s.target, s.client))
    }),
    ("time eight hours ahead", &[Clock], |s| {
        s.lines(format!("POST {}\n{}.1767607200123.", s.target, s.client))
    }),
    ("blanks of Python", &[JsonRewritten], |s| s.over(SPACED)),
    ("json.dumps of Python", &[JsonRewritten], |s| s.over(ascii(SPACED))),
    ("indented lines", &[JsonRewritten], |s| s.over(pretty(s.body(), "  "))),
    ("numbers as texts", &[JsonRewritten], |s| s.over(s.body().replace(":20,", ":\"20\","))),
    ("texts as numbers", &[JsonRewritten], |s| s.over(s.body().replace("\"100\"", "100"))),
    ("two members dropped", &[Parameters], |s| {
        s.over(
            s.body()
                .replace("\"orderId\":\"O-1\",", "")
                .replace(",\"extendInfo\":\"{\\\"store\\\":\\\"S1\\\"}\"", ""),
        )
    }),
    ("lines indented by tabs", &[JsonRewritten], |s| s.over(pretty(s.body(), "\t"))),
    ("numbers with a decimal point", &[JsonRewritten], |s| {
        s.over(s.body().replace(":20,", ":20.0,"))
    }),
    ("a member added by a default", &[Parameters], |s| {
        s.over(s.body().replace("{\"currency\"", "{\"scale\":2,\"currency\""))
    }),
    ("members in the order of a class", &[JsonRewritten], |s| {
        s.over(s.body().replace(
            "{\"currency\":\"USD\",\"value\":\"100\"}",
            "{\"value\":\"100\",\"currency\":\"USD\"}",
        ))
    }),
    ("empty members dropped", &[Parameters], |s| {
        s.over(s.body().replace("\"env\":\"\",", "").replace("\"note\":null,", ""))
    }),
    ("path without sandbox and sorted members", &[Environment, JsonRewritten], |s| {
        let body = serde_json::from_str::<serde_json::Value>(s.body()).unwrap();
        s.lines_over("/ams/api/v1/payments/pay", &body.to_string())
    }),
    ("CRLF behind the path and a line end behind the body", &[Layout, TextChanged], |s| {
        [s.lines(format!("POST {}\r\n{}.{}.", s.target, s.client, s.time)), b"\n".to_vec()].concat()
    }),
    ("a member dropped and blanks of Python", &[Parameters, JsonRewritten], |s| {
        s.over(SPACED.replace("\"paymentRequestId\": \"P-1\", ", ""))
    }),
    ("sorted members and escapes of Python", &[JsonRewritten], |s| {
        s.over(ascii(&serde_json::from_str::<serde_json::Value>(s.body()).unwrap().to_string()))
    }),
    ("time in seconds and GBK", &[Clock, Charset], |s| {
        let head = format!("POST {}\n{}.1767578400.", s.target, s.client);
        [head.into_bytes(), in_gbk(s.body())].concat()
    }),
    ("method in small letters and whole address", &[Layout], |s| {
        let host = "https://open-sea-global.alipay.com";
        s.lines(format!("post {host}{}\n{}.{}.", s.target, s.client, s.time))
    }),
    ("HTML entities and path without sandbox", &[TextChanged, Environment], |s| {
        let body = s.body().replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
        s.lines_over("/ams/api/v1/payments/pay", &body.replace('>', "&gt;").replace('\'', "&#039;"))
    }),
    ("plus signs as blanks and slashes escaped", &[UrlEncoding, JsonRewritten], |s| {
        s.over(s.body().replace('/', "\\/").replace('+', " "))
    }),
    ("byte order mark and no time", &[Charset, Layout], |s| {
        let head = format!("POST {}\n{}..\u{feff}", s.target, s.client);
        s.lines(head)
    }),
    ("numbers as texts and null members dropped", &[JsonRewritten, Parameters], |s| {
        s.over(s.body().replace(":20,", ":\"20\",").replace("\"note\":null,", ""))
    }),
];

/// What the engine does not know.
pub(super) const UNKNOWN: &[(&str, Client)] = &[
    ("another amount", |s| s.over(s.body().replace("\"100\"", "\"101\"").replace("2019", "2020"))),
    ("body in capitals", |s| s.over(s.body().to_uppercase())),
    ("another path", |s| s.lines_over("/v9/elsewhere", s.body())),
    ("three mistakes at once", |s| {
        [format!("post {}\r\n{}.{}.", s.target, s.client, s.time).as_bytes(), &s.body, b"\n"]
            .concat()
    }),
    ("a member of another name", |s| s.over(s.body().replace("\"link\"", "\"links\""))),
    ("half of the body", |s| s.over(&s.body[..s.body.len() / 2])),
];

impl Sent {
    fn lines_over(&self, target: &str, body: &str) -> Vec<u8> {
        format!("POST {target}\n{}.{}.{body}", self.client, self.time).into_bytes()
    }
}

/// Escapes as Python's and PHP's, of characters of the first plane.
fn ascii(text: &str) -> String {
    let one = |c: char| {
        if c.is_ascii() { c.to_string() } else { format!("\\u{:04x}", u32::from(c)) }
    };
    text.chars().map(one).collect()
}

fn in_gbk(text: &str) -> Vec<u8> {
    protocol::legacy::Charset::Gbk.encode(text).unwrap().into_owned()
}

/// As `JSON.stringify(body, null, 2)`: no text of the bodies has a comma, brace or colon of its own
/// that would be taken for one, but for those named here.
fn pretty(body: &str, indent: &str) -> String {
    let (mut out, mut depth, mut inside, mut escaped) = (String::new(), 0_usize, false, false);
    for c in body.chars() {
        if inside {
            out.push(c);
            inside = escaped || c != '"';
            escaped = !escaped && c == '\\';
            continue;
        }
        match c {
            '{' => {
                depth += 1;
                out += "{\n";
                out += &indent.repeat(depth);
            }
            '}' => {
                depth -= 1;
                out += "\n";
                out += &indent.repeat(depth);
                out.push('}');
            }
            ',' => {
                out += ",\n";
                out += &indent.repeat(depth);
            }
            ':' => out += ": ",
            other => {
                inside = other == '"';
                out.push(other);
            }
        }
    }
    out
}
