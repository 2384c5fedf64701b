//! A first question to a gateway elsewhere, before anything is played and outside every record:
//! whether both sides know each other's keys.

use clock::Clock;
use evidence::words::Place;
use evidence::{CaseKey, Recorder};
use protocol::Generation;
use protocol::ams::{Api, Verified, inquiry_body};
use wire::loopback;
use witness::{Claim, Door, Front, Setup};

use crate::control::Control;
use crate::gateway::{Gateway, StageError};
use crate::open::side;
use crate::seen::Answer;
use crate::{Backstage, Product, Seen};

/// An id that no order has.
const NOBODYS: &str = "assay-asks-whether-we-know-each-other";

/// How a gateway refuses a signature, in either generation.
const REFUSED_SIGNATURE: [&str; 5] = [
    "INVALID_SIGNATURE",
    "SIGNATURE_INVALID",
    "ILLEGAL_SIGN",
    "HAS_NO_PUBLICKEY",
    "ILLEGAL_SIGN_TYPE",
];
/// How it says that it does not know the merchant.
const REFUSED_MERCHANT: [&str; 3] = ["INVALID_CLIENT", "CLIENT_INVALID", "ILLEGAL_PARTNER"];

/// How `gateway.do` says without a signature that it read the call and knows no such order.
const NO_ORDER: [&str; 2] = ["TRADE_NOT_EXIST", "TRADE_IS_NOT_EXIST"];

/// What a gateway made of the first question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Greeting {
    /// It read the call, and its answer is signed under the key that the profile has for it.
    Understood,
    /// It does not know the merchant, and says so with this code.
    Stranger(String),
    /// It does not take the merchant's signature, and says so with this code.
    OtherMerchantKey(String),
    /// Its answer is signed, and not under the key that the profile has for it.
    OtherGatewayKey,
    /// It answered, with this HTTP status or this code, what no gateway of this generation signs.
    NoGateway(String),
    /// It cannot be spoken to under TLS, or its certificate is not believed, and why.
    NoTls(Place),
    /// It did not answer, and why.
    Silent(Place),
}

impl Backstage {
    /// Asks a gateway elsewhere about an order that nobody has.
    ///
    /// # Errors
    /// When the system has no ports left, or the gateway opens no tenant.
    pub async fn greet(&self, product: Product) -> Result<Greeting, StageError> {
        let contract = self.contract_for(product)?;
        let clock = Clock::real();
        let doors = (Door::Plain(loopback().await?), Door::Plain(loopback().await?));
        let front = Front::open(doors.0, doors.1, clock.clone(), None)?;
        let (gateway, mut control) = match &self.gateway {
            Gateway::Embedded { .. } => return Ok(Greeting::Understood),
            Gateway::Elsewhere(there) => {
                let control = there.open(0, None, None).await?;
                let host = Some(control.host().to_owned());
                (side(there.address, host, contract.gateway_side()), control)
            }
            Gateway::Foreign(there) => {
                (there.side(contract), Control::none(there.address, there.host.clone()))
            }
        };
        let recorder =
            contract.keep_out(Recorder::detached(nobodys_case(product.generation())?, 0));
        let setup = Setup {
            gateway,
            merchant: side(front.notices_within(), None, contract.merchant_side()),
            recorder: recorder.clone(),
            clock: clock.clone(),
        };
        let witness = front.admit(setup, Claim::Everything);
        let body = inquiry_body(Some(NOBODYS), None);
        let greeting = match contract.call(product, Api::InquiryPayment, clock.now(), &body) {
            Err(why) => Greeting::Silent(why),
            Ok(call) => match witness.own_call(witness.number(), call).await {
                Err(why) if why.is_handshake() => Greeting::NoTls(why.says().into()),
                Err(why) => Greeting::Silent(why.says().into()),
                Ok(_answer) => heard(&Seen::new(&recorder.take())),
            },
        };
        control.leave().await;
        Ok(greeting)
    }
}

/// The name of its record, which is no case's.
pub(crate) fn nobodys_case(generation: Generation) -> std::io::Result<CaseKey> {
    let name = match generation {
        Generation::Ams => "AMS-PAY-000",
        Generation::Legacy => "LEG-PAY-000",
    };
    name.parse().map_err(|_no| std::io::Error::other(name))
}

fn heard(seen: &Seen) -> Greeting {
    let answer = seen.own_calls().next().and_then(|call| call.answer_sent.as_ref());
    answer.map_or_else(|| Greeting::NoGateway(String::new()), meaning)
}

fn meaning(answer: &Answer) -> Greeting {
    let status = || answer.status.map_or_else(String::new, |status| format!("HTTP {status}"));
    let code = answer.outcome.as_ref().map(|outcome| outcome.code.clone());
    let is = |known: &[&str]| code.as_deref().is_some_and(|code| known.contains(&code));
    match answer.verified {
        // Refusals are seldom signed, and who refuses has not looked at its own key.
        _ if is(&REFUSED_SIGNATURE) => Greeting::OtherMerchantKey(code.unwrap_or_default()),
        _ if is(&REFUSED_MERCHANT) => Greeting::Stranger(code.unwrap_or_default()),
        Some(Verified::Valid) => Greeting::Understood,
        Some(Verified::Wrong) => Greeting::OtherGatewayKey,
        // `single_trade_query` has no signed way to say that there is no such order.
        _ if is(&NO_ORDER) => Greeting::Understood,
        Some(Verified::Unsigned) | None => Greeting::NoGateway(code.unwrap_or_else(status)),
    }
}
