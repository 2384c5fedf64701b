//! Any driver as a server of the contract: an adapter as an integrator would write one.

use std::sync::Arc;

use futures::future::BoxFuture;
use percent_encoding::percent_decode_str;
use protocol::Day;
use protocol::ams::reconciliation::FileKind;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use tokio::net::TcpListener;
use wire::{Patience, Reply, Request, Server};

use super::Operation;
use crate::driver::{Driver, DriverError};

/// Serves the contract on `listener` below `prefix`, such as `/assay` or nothing, with `merchant`
/// behind it.
///
/// # Errors
/// When the listener has no address.
pub fn serve(
    listener: TcpListener,
    prefix: &str,
    merchant: Arc<dyn Driver>,
) -> std::io::Result<Server> {
    let prefix: Arc<str> = prefix.trim_end_matches('/').into();
    wire::serve(listener, Patience::Short, move |request| {
        let (prefix, merchant) = (prefix.clone(), merchant.clone());
        async move { reply(&prefix, merchant.as_ref(), &request).await }
    })
}

/// What a request asks for.
#[derive(Debug, PartialEq, Eq)]
enum Route {
    /// A call of the contract, with the last part of its path.
    Call(Operation, String),
    /// The path is there for another method.
    OtherMethod(&'static str),
    /// Nothing is served there.
    Nowhere,
}

fn route(prefix: &str, request: &Request) -> Route {
    let Some(path) = request.path().strip_prefix(prefix) else { return Route::Nowhere };
    let at_path = Operation::ALL.into_iter().filter_map(|operation| {
        let name = match operation.path().split_once('{') {
            Some((before, _)) => {
                let name = path.strip_prefix(before)?;
                (!name.is_empty() && !name.contains('/')).then_some(name)?
            }
            None => (path == operation.path()).then_some("")?,
        };
        Some((operation, percent_decode_str(name).decode_utf8_lossy().into_owned()))
    });
    let mut allowed = None;
    for (operation, name) in at_path {
        if request.method == operation.method() {
            return Route::Call(operation, name);
        }
        allowed = Some(operation.method());
    }
    allowed.map_or(Route::Nowhere, Route::OtherMethod)
}

async fn reply(prefix: &str, merchant: &dyn Driver, request: &Request) -> Reply {
    match route(prefix, request) {
        Route::Nowhere => Reply::json(404, vec![]),
        Route::OtherMethod(method) => {
            let mut reply = Reply::json(405, vec![]);
            reply.headers.push(("allow".into(), method.into()));
            reply
        }
        Route::Call(operation, name) => call(merchant, operation, &name, request).await,
    }
}

async fn call(merchant: &dyn Driver, operation: Operation, name: &str, request: &Request) -> Reply {
    let body = Body { operation, bytes: &request.body };
    match operation {
        Operation::Charge => body.taken(|wish| merchant.charge(wish)).await,
        Operation::Present => body.taken(|wish| merchant.present(wish)).await,
        Operation::Return => body.taken(|wish| merchant.open_return(wish)).await,
        Operation::Cancel => body.taken(|wish| merchant.cancel(wish)).await,
        Operation::Refund => body.taken(|wish| merchant.refund(wish)).await,
        Operation::Register => body.taken(|wish| merchant.register(wish)).await,
        Operation::Reconcile => body.taken(|wish| merchant.reconcile(wish)).await,
        Operation::Order => told(merchant.order(name).await),
        Operation::Merchant => told(merchant.merchant(name).await),
        Operation::Reconciliation => match day_and_kind(name, &request.target) {
            Ok((day, kind)) => told(merchant.reconciliation(day, kind).await),
            Err(why) => refusal(400, &why),
        },
    }
}

/// The body of a POST.
struct Body<'a> {
    operation: Operation,
    bytes: &'a [u8],
}

impl Body<'_> {
    /// Hands it over; the answer comes before anything that the merchant does about it.
    async fn taken<'a, T: DeserializeOwned>(
        &self,
        hand_over: impl FnOnce(T) -> BoxFuture<'a, Result<(), DriverError>>,
    ) -> Reply {
        let wish = match serde_json::from_slice(self.bytes) {
            Ok(wish) => wish,
            Err(error) => return refusal(400, &format!("{}: {error}", self.operation)),
        };
        match hand_over(wish).await {
            Ok(()) => Reply::json(202, vec![]),
            Err(error) => failure(&error),
        }
    }
}

/// The answer to a GET.
fn told(view: Result<Option<impl Serialize>, DriverError>) -> Reply {
    match view {
        Ok(Some(view)) => match serde_json::to_vec(&view) {
            Ok(body) => Reply::json(200, body),
            Err(error) => refusal(500, &error.to_string()),
        },
        Ok(None) => Reply::json(404, vec![]),
        Err(error) => failure(&error),
    }
}

fn day_and_kind(day: &str, target: &str) -> Result<(Day, FileKind), String> {
    let query = target.split_once('?').map_or("", |(_, query)| query);
    let kind = query.split('&').find_map(|pair| pair.strip_prefix("kind=")).unwrap_or_default();
    let kind = serde_json::from_value(json!(kind)).map_err(|error| format!("kind: {error}"))?;
    Ok((Day::parse(day).map_err(|error| error.to_string())?, kind))
}

fn failure(error: &DriverError) -> Reply {
    match error {
        DriverError::Refused(why) => refusal(400, why),
        DriverError::Unsupported(_, why) => refusal(501, why),
        DriverError::Unreachable(trouble) | DriverError::Unreadable(trouble) => {
            refusal(502, &trouble.to_string())
        }
    }
}

fn refusal(status: u16, why: &str) -> Reply {
    Reply::json(status, json!({ "why": why }).to_string().into_bytes())
}
