//! An id that was used before, with other values.

use evidence::words::{REUSED_ID, REUSED_ID_DO, REUSED_UNSEEN, REUSED_UNSEEN_DO};
use evidence::{Blob, Party, Way, api_of, form_of, service_of};
use protocol::legacy::Charset;
use protocol::{Fields, Generation};
use serde_json::Value;

use super::Remark;

/// The ids under which a call counts once.
const IDS: [&str; 6] = [
    "paymentRequestId",
    "refundRequestId",
    "registrationRequestId",
    "partner_trans_id",
    "partner_refund_id",
    "out_trade_no",
];
/// Differences that are named at most.
const MOST: usize = 5;

/// Names and values of a call.
type Values = Vec<(String, String)>;

/// Compares a call with the latest earlier one of the same id.
pub(super) fn compared(generation: Generation, call: &Blob, earlier: &[&Blob]) -> Option<Remark> {
    let own = values(generation, call);
    let of = |values: &Values, name: &str| {
        values.iter().find(|(own, _)| own == name).map(|(_, value)| value.clone())
    };
    let (name, id) = IDS.into_iter().find_map(|name| Some((name, of(&own, name)?)))?;
    let told = |says, fix| {
        Some(Remark {
            about: "reused-id",
            field: Some(name.to_owned()),
            says,
            fix,
            fault: Party::Merchant,
        })
    };
    let before = earlier.iter().rev().find_map(|blob| {
        let same_call = api_of(blob) == api_of(call) && service_of(blob) == service_of(call);
        let values = Some(values(generation, blob)).filter(|_| same_call)?;
        let other = of(&values, name).as_deref() == Some(&*id) && values != own;
        other.then_some(values)
    });
    let Some(before) = before else {
        return told(REUSED_UNSEEN.with([name, &id]), REUSED_UNSEEN_DO.plain());
    };
    let changed = own.iter().filter(|(name, value)| {
        !matches!(name.as_str(), "sign" | "timestamp") && of(&before, name).as_ref() != Some(value)
    });
    let changed: Vec<String> = changed
        .take(MOST)
        .map(|(name, value)| format!("{name}: {} → {value}", of(&before, name).unwrap_or_default()))
        .collect();
    told(REUSED_ID.with([name, &id, &changed.join(", ")]), REUSED_ID_DO.plain())
}

fn values(generation: Generation, call: &Blob) -> Values {
    match generation {
        Generation::Legacy => form_of(Way::Call, call, Charset::Utf8)
            .map(|form| form.iter().map(|(name, value)| (name.into(), value.into())).collect())
            .unwrap_or_default(),
        Generation::Ams => {
            let mut values = Vec::new();
            if let Some(fields) = Fields::read(&call.body) {
                collect(fields.value(), "", &mut values);
            }
            values
        }
    }
}

fn collect(value: &Value, path: &str, values: &mut Values) {
    let below =
        |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(name, value)| collect(value, &below(name), values));
        }
        Value::Array(items) => items
            .iter()
            .enumerate()
            .for_each(|(at, value)| collect(value, &below(&at.to_string()), values)),
        Value::String(text) => values.push((path.to_owned(), text.clone())),
        Value::Null | Value::Bool(_) | Value::Number(_) => {
            values.push((path.to_owned(), value.to_string()));
        }
    }
}
