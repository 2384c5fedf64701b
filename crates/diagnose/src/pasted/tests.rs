use evidence::{head_field, status_of, target_of};

use super::*;

fn call(text: &str) -> Blob {
    let all = read(text.as_bytes()).unwrap();
    let [Pasted { call: Some(call), .. }] = all.as_slice() else { panic!("{all:?}") };
    call.clone()
}

#[test]
fn a_raw_request_and_its_response_are_one_exchange() {
    let text = "POST /ams/api/v1/payments/pay HTTP/1.1\nClient-Id: A\nContent-Length: 2\n\n{}\n\
                HTTP/1.1 200 OK\r\nX: y\r\n\r\n{\"a\": 1}";
    let all = read(text.as_bytes()).unwrap();
    let [Pasted { call: Some(call), answer: Some(answer), witnessed: true }] = all.as_slice()
    else {
        panic!("{all:?}")
    };
    assert_eq!((call.body.as_slice(), answer.body.as_slice()), (&b"{}"[..], &b"{\"a\": 1}"[..]));
    assert!(call.head.ends_with(b"Client-Id: A\r\nContent-Length: 2\r\n\r\n"));
    assert_eq!(status_of(&answer.head), Some(200));
    let two = "POST /a HTTP/1.1\nContent-Length: 1\n\naPOST /b HTTP/1.1\nContent-Length: 1\n\nb";
    assert_eq!(read(two.as_bytes()).unwrap().len(), 2);
}

#[test]
fn a_curl_command_is_what_curl_would_send() {
    let text = "curl -s 'https://gateway.example/ams/api/v1/payments/pay?a=1' \\\n  -H 'Client-Id: A' \
                -H \"Request-Time: 1\" --data-raw $'{\"a\":\"\\u6d4b\\'s \\\\n\"}' --compressed";
    let call = call(text);
    assert_eq!(target_of(&call.head).as_deref(), Some("/ams/api/v1/payments/pay?a=1"));
    assert_eq!(head_field(&call.head, "host").as_deref(), Some("gateway.example"));
    assert_eq!(head_field(&call.head, "request-time").as_deref(), Some("1"));
    assert_eq!(String::from_utf8(call.body).unwrap(), "{\"a\":\"测's \\n\"}");
    let form =
        self::call("curl https://x.example/gateway.do -d a=1 -dsign=2 --data-urlencode 'b=c d'");
    assert_eq!(form.body, b"a=1&sign=2&b=c%20d");
    assert!(form.head.starts_with(b"POST /gateway.do HTTP/1.1\r\n"));
    let get = self::call("curl -G x.example/gateway.do -d a=1");
    assert!(get.head.starts_with(b"GET /gateway.do?a=1 HTTP/1.1\r\n") && get.body.is_empty());
}

#[test]
fn a_har_gives_the_exchanges_with_the_gateway_alone() {
    let text = r#"{"log":{"version":"1.2","entries":[
        {"request":{"method":"GET","url":"https://shop.example/logo.png","headers":[]},"response":null},
        {"request":{"method":"POST","url":"https://g.example/ams/api/v1/payments/pay","headers":
          [{"name":":method","value":"POST"},{"name":"Client-Id","value":"A"}],
          "postData":{"mimeType":"application/json","text":"{}"}},
         "response":{"status":200,"headers":[{"name":"Signature","value":"s"}],
          "content":{"text":"e30=","encoding":"base64"}}}]}}"#;
    let all = read(text.as_bytes()).unwrap();
    let [Pasted { call: Some(call), answer: Some(answer), .. }] = all.as_slice() else {
        panic!("{all:?}")
    };
    assert_eq!((call.body.as_slice(), answer.body.as_slice()), (&b"{}"[..], &b"{}"[..]));
    assert_eq!(head_field(&answer.head, "signature").as_deref(), Some("s"));
}

#[test]
fn an_address_is_a_call_by_get() {
    let call = call("https://globalmapi.alipay.com/gateway.do?service=x&sign=y#top\n");
    assert!(call.head.starts_with(b"GET /gateway.do?service=x&sign=y HTTP/1.1\r\n"));
}

#[test]
fn what_is_no_message_says_what_it_is() {
    let cut = "POST /a HTTP/1.1\nContent-Length: 9\n\nabc";
    let more = "POST /a HTTP/1.1\nContent-Length: 1\n\nabc";
    for (text, fault) in [
        ("", PastedFault::NoMessage),
        ("hello", PastedFault::NoMessage),
        ("https://shop.example/", PastedFault::NoMessage),
        (cut, PastedFault::CutOff { found: 3, announced: 9 }),
        (more, PastedFault::Trailing { extra: 2 }),
        ("POST /a HTTP/1.1\nno colon\n\n", PastedFault::NoHead),
        ("POST /a HTTP/1.1\nContent-Length: x\n\n", PastedFault::NoHead),
        ("curl 'https://a", PastedFault::OpenQuote),
        ("curl -H 'A: b'", PastedFault::NoAddress),
        ("curl https://a -d @body.json", PastedFault::BodyElsewhere("@body.json".into())),
        ("curl $'https://a/\\r\\nX' -H 'B: c'", PastedFault::NoHead),
        (r#"{"log":{"entries":[]}}"#, PastedFault::NoMessage),
    ] {
        assert_eq!(read(text.as_bytes()), Err(fault), "{text}");
    }
    assert!(matches!(read(b"{\"a\":1}"), Err(PastedFault::NoHar(_))));
}

#[test]
fn several_curl_commands_are_several_calls_and_what_is_done_with_an_answer_is_none() {
    let targets = |text: &str| {
        let all = read(text.as_bytes()).unwrap();
        let target = |pasted: &Pasted| {
            let call = pasted.call.as_ref().unwrap();
            let body = String::from_utf8_lossy(&call.body).into_owned();
            (evidence::target_of(&call.head).unwrap(), body)
        };
        all.iter().map(target).collect::<Vec<_>>()
    };
    let one = ("/pay".to_owned(), "{}".to_owned());
    let two = ("/cancel".to_owned(), "[]".to_owned());
    for between in ["\n", "\n$ ", " ;\n", " &\n", "; ", " && ", " | jq -r .result\n", "\n\n"] {
        let text = format!(
            "curl 'https://g.example/pay' -d '{{}}'{between}curl -d [] https://g.example/cancel"
        );
        assert_eq!(targets(&text), [one.clone(), two.clone()], "{between}");
    }
    let piped = "$ curl https://g.example/pay -d {} | tee -a x.json; echo done";
    assert_eq!(targets(piped), [one]);
    let bare = targets("curl https://g.example/gateway.do?a=1&b=2 -d ';'");
    assert_eq!(bare, [("/gateway.do?a=1&b=2".to_owned(), ";".to_owned())]);
}

/// What is cut off anywhere is read or refused, and what was read of it is diagnosed, or not.
#[test]
fn no_part_of_a_text_makes_a_reader_panic() {
    let texts = [
        "POST /gateway.do HTTP/1.1\r\nContent-Length: 9\r\n\r\na=%E6%B5&sign_type=MD5HTTP/1.1 200 OK\n\n<a>",
        "curl -X POST 'https://g.example/ams/api/v1/payments/pay' -H \"Client-Id: \\\"A\\\"\" -d $'\\u6d4b'",
        r#"{"log":{"entries":[{"request":{"method":"POST","url":"https://g/ams/api/x","postData":
            {"params":[{"name":"a","value":"测"}]}},"response":{"status":200,"content":{}}}]}}"#,
        "https://g.example/gateway.do?service=x&sign=%00%ff&sign_type=RSA2#?",
    ];
    for text in texts {
        for end in 0..=text.len() {
            for part in [&text.as_bytes()[..end], &text.as_bytes()[end..]] {
                for one in read(part).unwrap_or_default() {
                    let Some(message) = one.call else { continue };
                    assert!(message.head.ends_with(b"\r\n\r\n"));
                    let generation = Subject::generation_of(&message);
                    for kind in [crate::Kind::Call, crate::Kind::Notice] {
                        let (message, call) = (message.clone(), None);
                        let subject = Subject { generation, kind, message, call, witnessed: false };
                        let _ = crate::diagnose(&subject, &crate::Known::default());
                    }
                }
            }
        }
    }
}
