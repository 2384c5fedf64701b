//! HAR: what the network panel of a browser, and most proxies, save.

use std::fmt::Write as _;

use evidence::Blob;
use serde::Deserialize;

use super::{Pasted, PastedFault, composed, is_ours};

#[derive(Deserialize)]
struct Har {
    log: Log,
}

#[derive(Deserialize)]
struct Log {
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    request: Request,
    response: Option<Response>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Request {
    method: String,
    url: String,
    #[serde(default)]
    headers: Vec<Pair>,
    post_data: Option<PostData>,
}

#[derive(Deserialize)]
struct PostData {
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    params: Vec<Pair>,
}

#[derive(Deserialize)]
struct Response {
    #[serde(default)]
    status: i64,
    #[serde(default)]
    headers: Vec<Pair>,
    #[serde(default)]
    content: Content,
}

#[derive(Deserialize, Default)]
struct Content {
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    encoding: Option<String>,
}

#[derive(Deserialize)]
struct Pair {
    name: String,
    #[serde(default)]
    value: String,
}

/// Reads the exchanges with the gateway; the others are left alone.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Pasted>, PastedFault> {
    let har: Har =
        serde_json::from_slice(bytes).map_err(|why| PastedFault::NoHar(why.to_string()))?;
    let mut all = Vec::new();
    for entry in har.log.entries {
        // What cannot be composed is no call of the gateway.
        let Ok(call) = call(entry.request) else { continue };
        if is_ours(&call) {
            let answer = entry.response.filter(|it| it.status > 0).map(answer);
            all.push(Pasted { call: Some(call), answer, witnessed: false });
        }
    }
    if all.is_empty() { Err(PastedFault::NoMessage) } else { Ok(all) }
}

fn call(request: Request) -> Result<Blob, PastedFault> {
    let fields: Vec<(String, String)> =
        request.headers.into_iter().map(|pair| (pair.name, pair.value)).collect();
    let body = match request.post_data {
        None => String::new(),
        Some(PostData { text: Some(text), .. }) if !text.is_empty() => text,
        Some(PostData { params, .. }) => {
            // Names and values stand here as they were sent, or as they were meant; there is no
            // telling, and they are taken as they stand.
            let pieces: Vec<_> =
                params.iter().map(|pair| format!("{}={}", pair.name, pair.value)).collect();
            pieces.join("&")
        }
    };
    composed(&request.method, &request.url, &fields, body.into_bytes())
}

fn answer(response: Response) -> Blob {
    let mut head = format!("HTTP/1.1 {}\r\n", response.status);
    for pair in &response.headers {
        let whole = !pair.name.contains(['\r', '\n']) && !pair.value.contains(['\r', '\n']);
        if whole && !pair.name.starts_with(':') {
            let _ = write!(head, "{}: {}\r\n", pair.name, pair.value);
        }
    }
    head += "\r\n";
    let text = response.content.text.unwrap_or_default();
    let decoded = response.content.encoding.filter(|name| name == "base64");
    let body = decoded.and_then(|_| signing::base64_decode_strict(&text));
    Blob { head: head.into_bytes(), body: body.unwrap_or_else(|| text.into_bytes()) }
}
