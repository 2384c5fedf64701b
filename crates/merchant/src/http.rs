//! The driver of a merchant that serves the adapter contract over HTTP.

use clock::{Clock, Millis};
use evidence::words::{self as say, Phrase};
use futures::FutureExt;
use futures::future::BoxFuture;
use wire::{Base, BaseError, Call, CallError, Client};

use crate::adapter::{Answer, Channel, Counterpart, Fault, Wish};

/// How long a merchant may take for a whole answer, on the real clock: what the merchant does goes
/// on by itself afterwards.
pub(crate) const LIMIT: Millis = 10_000;

/// The driver of a merchant outside, which serves the contract below an address.
///
/// Each call has a connection of its own, since the server is the integrator's and may be of any
/// kind, and none is ever repeated: whether a call that broke off was heard, nobody knows.
#[derive(Debug, Clone)]
pub struct Http {
    base: Base,
    counterpart: Counterpart,
    client: Client,
    clock: Clock,
    limit: Millis,
}

/// Why a text is no address of a merchant's adapter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.says())]
pub struct UrlError {
    /// The text.
    pub url: String,
    /// What is wrong with it.
    pub why: BaseError,
}

impl UrlError {
    /// The same as a sentence of the table.
    pub fn says(&self) -> Phrase {
        let url = &self.url;
        match &self.why {
            BaseError::Unreadable(_) => say::ADAPTER_URL_UNREADABLE.with([url]),
            BaseError::Scheme(scheme) => say::ADAPTER_URL_SCHEME.with([url, scheme]),
            // A password must not be told on.
            BaseError::Login => say::ADAPTER_URL_LOGIN.with(["http://…@…"]),
            BaseError::Query => say::ADAPTER_URL_QUERY.with([url]),
        }
    }

    /// What to do about it.
    pub fn advice(&self) -> Phrase {
        say::ADAPTER_URL_DO.plain()
    }
}

impl Http {
    /// The driver of the merchant whose adapter serves below `url`, such as
    /// `http://127.0.0.1:8000/assay`. Nobody is called yet.
    pub fn new(url: &str) -> Result<Self, UrlError> {
        let base = Base::parse(url).map_err(|why| UrlError { url: url.to_owned(), why })?;
        Ok(Self {
            counterpart: Counterpart::Adapter(base.to_string()),
            base,
            client: Client::one_call_each(),
            clock: Clock::real(),
            limit: LIMIT,
        })
    }

    /// The same driver with less patience, for tests that do not wait.
    #[cfg(test)]
    pub(crate) fn within(self, limit: Millis) -> Self {
        Self { limit, ..self }
    }
}

impl Channel for Http {
    fn counterpart(&self) -> &Counterpart {
        &self.counterpart
    }

    fn ask(&self, wish: Wish) -> BoxFuture<'_, Result<Answer, Fault>> {
        let call = if wish.operation.acts() {
            Call::post(wish.target, wish.body.to_string())
                .header("content-type", "application/json")
        } else {
            Call::get(wish.target)
        };
        let call = call.header("accept", "application/json");
        let (client, base) = (self.client.clone(), self.base.clone());
        async move {
            let exchange = async move { client.send_below(&base, call).await };
            match self.clock.call(self.limit, exchange).await {
                Some(came) => came.map(Answer::from).map_err(|error| fault(&error)),
                None => Err(Fault::Silent(self.limit)),
            }
        }
        .boxed()
    }
}

impl From<wire::Answer> for Answer {
    fn from(answer: wire::Answer) -> Self {
        let kind = answer.header("content-type").unwrap_or_default().to_ascii_lowercase();
        let location = answer.header("location").map(str::to_owned);
        Self {
            status: answer.status,
            page: kind.starts_with("text/html"),
            location,
            body: answer.body,
        }
    }
}

fn fault(error: &CallError) -> Fault {
    let cause = error.cause().unwrap_or_default();
    match error {
        CallError::Unreachable(_) if error.is_refused() => Fault::Absent,
        CallError::Unreachable(_) => Fault::Unreached(cause),
        CallError::Broken(_) if error.is_no_http() => Fault::NoHttp(cause),
        CallError::Broken(_) => Fault::Dropped(cause),
        CallError::TooLong => Fault::TooLong,
    }
}
