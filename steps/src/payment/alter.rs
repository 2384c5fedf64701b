//! How messages are altered on their way.

use evidence::Blob;
use evidence::head_field;
use protocol::ams::{Outcome, Signed};
use serde_json::{Value, json};
use signing::{DsaKeyError, DsaPrivateKey, KeyError, PrivateKey};
use witness::{Rewrite, with_body};

use super::parameters::Missing;
use crate::Product;
use crate::product::Means;

/// A key that belongs to nobody in the contract.
pub(crate) fn stranger() -> Result<PrivateKey, KeyError> {
    PrivateKey::read(include_bytes!("../../keys/stranger.pem"))
}

/// The same for contracts that sign with DSA.
pub(crate) fn stranger_dsa() -> Result<DsaPrivateKey, DsaKeyError> {
    DsaPrivateKey::read(include_bytes!("../../keys/stranger-dsa.pem"))
}

/// Sets a value below an object; what is no object on the way stays as it is.
pub(crate) fn set(body: &mut Value, path: &[&str], value: Value) {
    let Some((last, way)) = path.split_last() else { return };
    let place = way.iter().try_fold(body, |place, name| place.get_mut(*name));
    if let Some(Value::Object(fields)) = place {
        fields.insert((*last).to_owned(), value);
    }
}

/// Replaces a text wherever it stands in head or body.
pub(crate) fn text(from: &'static str, to: &'static str) -> Rewrite {
    Rewrite::new(move |blob| {
        let head = String::from_utf8_lossy(&blob.head).replace(from, to).into_bytes();
        let body = String::from_utf8_lossy(&blob.body).replace(from, to).into_bytes();
        with_body(&Blob { head, body: vec![] }, body)
    })
}

/// Replaces the body.
pub(crate) fn body(body: &'static [u8]) -> Rewrite {
    Rewrite::new(move |blob| with_body(blob, body.to_vec()))
}

/// Puts the same message in the place of every other.
pub(crate) fn always(message: Blob) -> Rewrite {
    Rewrite::new(move |_| message.clone())
}

/// A byte-order mark before the body.
pub(crate) fn with_bom() -> Rewrite {
    Rewrite::new(|blob| {
        let mut body = "\u{feff}".as_bytes().to_vec();
        body.extend_from_slice(&blob.body);
        with_body(blob, body)
    })
}

/// The page of a proxy that lost its server.
pub(crate) fn bad_gateway() -> Rewrite {
    Rewrite::new(|_| {
        let page = b"<html><body><h1>502 Bad Gateway</h1></body></html>".to_vec();
        let head =
            "HTTP/1.1 502 Bad Gateway\r\ncontent-type: text/html\r\ncontent-length: 0\r\n\r\n";
        with_body(&Blob { head: head.into(), body: vec![] }, page)
    })
}

/// The body cut off behind `resultStatus`.
pub(crate) fn first_half() -> Rewrite {
    Rewrite::new(|blob| {
        let text = String::from_utf8_lossy(&blob.body).into_owned();
        let status = text.find("\"resultStatus\"").unwrap_or(text.len() / 2);
        let end = text.len().min(status + "\"resultStatus\":\"S\",".len());
        with_body(blob, text.as_bytes()[..end].to_vec())
    })
}

/// A refusal turned into a success, with a code or link where the product has one. The signature
/// stays as it was.
pub(crate) fn into_success(product: Product) -> Rewrite {
    Rewrite::new(move |blob| with_body(blob, success(&blob.body, product)))
}

fn success(refusal: &[u8], product: Product) -> Vec<u8> {
    let mut body = with_success(refusal);
    match product.means() {
        Means::ScannedCode => body["paymentTime"] = json!("2026-01-05T10:00:00+08:00"),
        Means::ShownCode => {
            body["orderCodeForm"] = json!({
                "paymentMethodType": "CONNECT_WALLET",
                "expireTime": "2026-01-05T10:03:00+08:00",
                "codeDetails": [{
                    "codeValueType": "QRCODE",
                    "codeValue": "https://gqr.alipay.com/28forged",
                    "displayType": "TEXT",
                }],
            });
        }
        Means::EntryPage => {
            body["redirectActionForm"] =
                json!({ "method": "GET", "redirectUrl": "alipays://platformapi/forged" });
        }
        Means::WalletPage => {
            body["paymentTime"] = json!("2026-01-05T10:00:00+08:00");
            body["normalUrl"] = json!("https://cashier.alipay.com/forged");
        }
    }
    body.to_string().into_bytes()
}

/// A refusal whose result alone is turned into a success. The signature stays as it was.
pub(crate) fn result_into_success() -> Rewrite {
    Rewrite::new(|blob| with_body(blob, with_success(&blob.body).to_string().into_bytes()))
}

fn with_success(refusal: &[u8]) -> Value {
    let body: Option<Value> = serde_json::from_slice(refusal).ok();
    let mut body = body.filter(Value::is_object).unwrap_or_else(|| json!({}));
    body["result"] = Outcome::of_code("SUCCESS").to_json();
    body
}

/// What another rewriting makes, without a signature.
pub(crate) fn unsigned(first: Rewrite) -> Rewrite {
    Rewrite::new(move |blob| with_header(&first.apply(blob), "signature", None))
}

/// What another rewriting makes, under the signature of a stranger's key.
pub(crate) fn signed_by_stranger(first: Rewrite, target: String) -> Rewrite {
    Rewrite::new(move |blob| {
        let altered = first.apply(blob);
        let client_id = head_field(&altered.head, "client-id").unwrap_or_default();
        let time = head_field(&altered.head, "response-time").unwrap_or_default();
        let signed =
            Signed { target: &target, client_id: &client_id, time: &time, body: &altered.body };
        let signature = stranger().ok().and_then(|key| signed.sign(&key).ok());
        with_header(&altered, "signature", signature.as_deref())
    })
}

/// A refusal turned into a success that lost its signature.
pub(crate) fn unsigned_success(product: Product, missing: Missing) -> Rewrite {
    Rewrite::new(move |blob| {
        let altered = with_body(blob, success(&blob.body, product));
        match missing {
            Missing::Header => with_header(&altered, "signature", None),
            Missing::Time => with_header(&altered, "response-time", None),
            Missing::Value => {
                let empty = "algorithm=RSA256,keyVersion=1,signature=";
                with_header(&altered, "signature", Some(empty))
            }
            Missing::AllButAlgorithm => {
                with_header(&altered, "signature", Some("algorithm=RSA256"))
            }
        }
    })
}

/// A message with one header replaced or taken out.
pub(crate) fn with_header(blob: &Blob, name: &'static str, value: Option<&str>) -> Blob {
    let text = String::from_utf8_lossy(&blob.head).into_owned();
    let lines = text.split("\r\n").filter_map(|line| {
        let is_it = line.split_once(':').is_some_and(|(n, _)| n.trim().eq_ignore_ascii_case(name));
        match (is_it, value) {
            (false, _) => Some(line.to_owned()),
            (true, Some(value)) => Some(format!("{name}: {value}")),
            (true, None) => None,
        }
    });
    let head = lines.collect::<Vec<_>>().join("\r\n").into_bytes();
    Blob { head, body: blob.body.clone() }
}
