//! One exchange: its messages on their way through the witness, each recorded before it goes on.

use evidence::words::{BROKEN_NOBODY, BROKEN_TLS, Place};
use evidence::{Blob, Event, Leg, Message, Party, SideKey, Way};
use protocol::ams::Verified;

use crate::fault::{Effect, Fault};
use crate::head::onward;
use crate::parties::{Setup, Side};
use crate::read_fault::ReadFault;

/// An exchange under way.
#[derive(Debug)]
pub(crate) struct Exchange<'a> {
    pub(crate) setup: &'a Setup,
    pub(crate) number: u32,
    pub(crate) way: Way,
    pub(crate) own: bool,
    /// What the faults of the scenario do to it.
    pub(crate) faults: Vec<Fault>,
    /// The call as it went on last: an answer's signature may cover something of it.
    call: Blob,
    verified: Option<Verified>,
}

/// What becomes of a call.
pub(crate) enum Fate {
    /// It goes on, in this form.
    Forward(Blob),
    /// It never arrives.
    Lost,
}

/// What becomes of an answer.
pub(crate) enum Return {
    /// It goes on, in this form.
    Deliver(Blob),
    /// It never arrives.
    Lost,
    /// The caller's connection is reset.
    Reset,
}

impl<'a> Exchange<'a> {
    pub(crate) fn new(setup: &'a Setup, number: u32, way: Way, faults: Vec<Fault>) -> Self {
        let call = Blob::default();
        Self { setup, number, way, own: false, faults, call, verified: None }
    }

    pub(crate) fn receiver(&self) -> &'a Side {
        match self.way {
            Way::Call => &self.setup.gateway,
            Way::Notice => &self.setup.merchant,
        }
    }

    fn caller_key(&self) -> Option<&'a SideKey> {
        match self.way {
            Way::Call => self.setup.merchant.key.as_ref(),
            Way::Notice => self.setup.gateway.key.as_ref(),
        }
    }

    /// Takes the call down as it was sent, lets the faults act, and takes it down as it goes on.
    pub(crate) async fn pass_call(&mut self, sent: &Blob) -> Fate {
        self.verified = self.check_call(sent);
        self.call = sent.clone();
        let lost = self.find(|effect| matches!(effect, Effect::LoseCall));
        self.record(Leg::CallSent, Some(sent.clone()), lost);
        if lost.is_some() {
            return Fate::Lost;
        }
        let mut name = None;
        let mut forwarded = sent.clone();
        for fault in self.faults.clone() {
            match &fault.effect {
                Effect::HoldCall(hold) => {
                    hold.wait(&self.setup.clock).await;
                    name = Some(fault.name);
                }
                Effect::ReplaceCall(rewrite) => {
                    forwarded = rewrite.apply(&forwarded);
                    name = Some(fault.name);
                }
                Effect::LoseCall
                | Effect::LoseAnswer
                | Effect::HoldAnswer(_)
                | Effect::ReplaceAnswer(_)
                | Effect::Reset
                | Effect::ThenOpen(_) => {}
            }
        }
        Fate::Forward(self.forward(sent, forwarded, name))
    }

    /// The call as the receiver is addressed.
    fn addressed(&self, call: Blob) -> Blob {
        match onward(&call.head, self.receiver().host.as_deref()) {
            Some(head) => Blob { head, ..call },
            None => call,
        }
    }

    /// Takes down a call that the witness itself hands to the receiver.
    pub(crate) fn send_on(&mut self, call: Blob, name: &'static str) -> Blob {
        let call = self.addressed(call);
        self.verified = self.check_call(&call);
        self.call = call.clone();
        self.record(Leg::CallReceived, Some(call.clone()), Some(name));
        call
    }

    fn forward(&mut self, sent: &Blob, mut forwarded: Blob, name: Option<&'static str>) -> Blob {
        forwarded = self.addressed(forwarded);
        if forwarded == *sent {
            self.record(Leg::CallReceived, None, name);
        } else {
            self.verified = self.check_call(&forwarded);
            self.call = forwarded.clone();
            self.record(Leg::CallReceived, Some(forwarded.clone()), name);
        }
        forwarded
    }

    /// Takes the answer down as it was sent, lets the faults act, and takes it down as it goes on.
    pub(crate) async fn pass_answer(&mut self, sent: Blob) -> Return {
        self.verified = self.check_answer(&sent);
        let lost = self.find(|effect| matches!(effect, Effect::LoseAnswer | Effect::Reset));
        self.record(Leg::AnswerSent, Some(sent.clone()), lost);
        if let Some(fault) = self.faults.iter().find(|fault| lost == Some(fault.name)) {
            let reset = matches!(fault.effect, Effect::Reset);
            return if reset { Return::Reset } else { Return::Lost };
        }
        let mut name = None;
        let mut delivered = sent.clone();
        for fault in self.faults.clone() {
            match &fault.effect {
                Effect::HoldAnswer(hold) => {
                    hold.wait(&self.setup.clock).await;
                    name = Some(fault.name);
                }
                Effect::ReplaceAnswer(rewrite) => {
                    delivered = rewrite.apply(&delivered);
                    name = Some(fault.name);
                }
                Effect::LoseCall
                | Effect::HoldCall(_)
                | Effect::ReplaceCall(_)
                | Effect::LoseAnswer
                | Effect::Reset
                | Effect::ThenOpen(_) => {}
            }
        }
        if delivered == sent {
            self.record(Leg::AnswerReceived, None, name);
        } else {
            self.verified = self.check_answer(&delivered);
            self.record(Leg::AnswerReceived, Some(delivered.clone()), name);
        }
        Return::Deliver(delivered)
    }

    /// Takes down the answer to a call that the witness itself made.
    pub(crate) fn end(&mut self, sent: Blob) {
        self.verified = self.check_answer(&sent);
        self.record(Leg::AnswerSent, Some(sent), None);
    }

    /// The caller has the answer.
    pub(crate) fn delivered(&self) {
        for fault in &self.faults {
            if let Effect::ThenOpen(gate) = &fault.effect {
                gate.open();
            }
        }
    }

    /// The receiver gave no whole answer. Where nobody listens at the gateway's address, or who does
    /// cannot be spoken to, nothing can be judged and the attempt is broken; anything else is the receiver's own doing and is
    /// judged like every other behaviour.
    pub(crate) fn unanswered(&self, why: &ReadFault) {
        let nobody = matches!(why, ReadFault::Broken(error)
            if error.kind() == std::io::ErrorKind::ConnectionRefused);
        let broken = |why| Event::Broken { by: Party::Gateway, why };
        let event = if nobody && self.way == Way::Call {
            broken(BROKEN_NOBODY.plain().into())
        } else if why.is_handshake() && self.way == Way::Call {
            broken(BROKEN_TLS.holding([why.says().into()]).into())
        } else {
            let facts = serde_json::json!({
                "exchange": self.number, "why": why.to_string(), "says": Place::from(why.says()),
            });
            let facts = facts.as_object().cloned().unwrap_or_default();
            Event::Did { what: "no-answer".into(), facts }
        };
        self.setup.recorder.append(self.setup.clock.now(), event);
    }

    fn find(&self, wanted: impl Fn(&Effect) -> bool) -> Option<&'static str> {
        self.faults.iter().find(|fault| wanted(&fault.effect)).map(|fault| fault.name)
    }

    fn check_call(&self, call: &Blob) -> Option<Verified> {
        self.caller_key().map(|key| key.call(self.way, call))
    }

    fn check_answer(&self, answer: &Blob) -> Option<Verified> {
        self.receiver().key.as_ref().map(|key| key.answer(self.way, &self.call, answer))
    }

    fn record(&self, leg: Leg, bytes: Option<Blob>, fault: Option<&'static str>) {
        let message = Message {
            exchange: self.number,
            way: self.way,
            leg,
            own: self.own,
            bytes,
            verified: self.verified,
            fault: fault.map(str::to_owned),
            redacted: None,
        };
        self.setup.recorder.append(self.setup.clock.now(), Event::Message(Box::new(message)));
    }
}
