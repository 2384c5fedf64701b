//! The way of a call to the gateway, after those that it rests on.

use evidence::Blob;
use evidence::words::{
    GATEWAY_NO_TLS, GATEWAY_NO_TLS_DO, GATEWAY_SILENT, GATEWAY_SILENT_DO, Place, SEND_NO_ACCOUNT,
    SEND_NO_ACCOUNT_DO, SEND_UNSIGNED, SEND_UNSIGNED_DO,
};
use protocol::Fields;
use protocol::legacy::Service;
use protocol::sample::{Call, Meeting, Sample};
use steps::{Caller, Carried, Contract, ControlError};
use witness::ReadFault;

use super::CURRENCY;
use super::body::Wish;
use super::outcome::Outcome;
use crate::cli::run::gateway::{self, Reached};
use crate::exit::CommandError;

/// The way to the gateway, and what calls on it are made of.
pub(super) struct Line<'a> {
    pub(super) caller: &'a Caller,
    pub(super) reached: &'a Reached,
    pub(super) sample: Sample<'a>,
    /// The gateway's id of what was paid before.
    pub(super) payment: Option<String>,
    pub(super) before: Vec<(Call, Outcome)>,
}

impl Line<'_> {
    /// Makes samples of the calls that a call rests on, the first one first.
    pub(super) async fn lay_ground(&mut self, call: Call) -> Result<(), CommandError> {
        let mut ground = vec![];
        let mut top = call;
        while let Some(below) = top.rests_on() {
            ground.push(below);
            top = below;
        }
        for below in ground.into_iter().rev() {
            let mut sample = self.sample.clone();
            // The till's scanner, since then the payment is over at once.
            sample.meeting = Meeting::UserPresented;
            if let Some(id) = &self.payment {
                sample.payment_id = id;
            }
            let carried = Wish::none(below).carried(&sample)?;
            if let Some(url) = self.opened_by_a_browser(below, &carried)? {
                let paid = self.caller.buyer_pays_at(&url, CURRENCY).await;
                paid.map_err(|why| control(self.reached, &why))?;
                self.before.push((below, Outcome::success()));
                continue;
            }
            let (sent, answer) = self.make(below, &carried).await?;
            let verified = self.caller.verified(&sent, &answer);
            self.payment = self
                .payment
                .take()
                .or_else(|| Fields::read(&answer.body).and_then(|fields| fields.text("paymentId")));
            self.before.push((below, Outcome::of(below.generation(), &answer, verified)));
        }
        Ok(())
    }

    /// The address of a call that a buyer's browser makes.
    fn opened_by_a_browser(
        &self,
        call: Call,
        carried: &Carried,
    ) -> Result<Option<String>, CommandError> {
        if call != Call::Legacy(Service::CreateForexTrade) {
            return Ok(None);
        }
        let signed = signed(self.caller.contract(), call, carried, self.sample.now)?;
        let target = evidence::target_of(&signed.head).unwrap_or_default();
        let form = String::from_utf8_lossy(&signed.body);
        Ok(Some(format!("http://gateway{target}&{form}")))
    }

    pub(super) async fn make(
        &self,
        call: Call,
        carried: &Carried,
    ) -> Result<(Blob, Blob), CommandError> {
        let signed = signed(self.caller.contract(), call, carried, self.caller.now())?;
        let answer = self.caller.send(signed.clone()).await;
        let answer = answer.map_err(|why| unanswered(self.reached, &why))?;
        Ok((signed, answer))
    }
}

/// The account that has a call.
pub(super) fn account(contracts: &[Contract], call: Call) -> Result<&Contract, CommandError> {
    let generation = call.generation();
    contracts.iter().find(|own| own.generation() == generation).ok_or_else(|| CommandError::Usage {
        says: SEND_NO_ACCOUNT.with([call.name(), generation.name()]),
        advice: SEND_NO_ACCOUNT_DO.plain(),
    })
}

pub(super) fn signed(
    contract: &Contract,
    call: Call,
    carried: &Carried,
    now: i64,
) -> Result<Blob, CommandError> {
    contract.own(call, carried, now).map_err(|why| CommandError::Usage {
        says: SEND_UNSIGNED.holding([Place::value(call.name()), why]),
        advice: SEND_UNSIGNED_DO.plain(),
    })
}

/// Why no whole answer came.
fn unanswered(reached: &Reached, why: &ReadFault) -> CommandError {
    if why.is_handshake() {
        let says = GATEWAY_NO_TLS.holding([Place::value(&reached.url), why.says().into()]);
        return CommandError::Gateway { says, advice: GATEWAY_NO_TLS_DO.plain() };
    }
    silent(&reached.url, why.says().into())
}

pub(super) fn silent(url: &str, why: Place) -> CommandError {
    CommandError::Gateway {
        says: GATEWAY_SILENT.holding([Place::value(url), why]),
        advice: GATEWAY_SILENT_DO.plain(),
    }
}

pub(super) fn control(reached: &Reached, why: &ControlError) -> CommandError {
    gateway::no_tenant(&reached.url, why)
}
