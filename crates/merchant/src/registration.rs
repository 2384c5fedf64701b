//! Registering secondary merchants: asked for once under one id, followed until it is decided.

use clock::Millis;
use evidence::{OrderState, RegistrationState};
use protocol::Fields;
use protocol::ams::{self, Api, Merchant, Registration, RegistrationInquiry, ReviewTold, Status};
use serde_json::json;

use crate::defect::Defect;
use crate::driver::{DriverError, Register};
use crate::gateway::Heard;
use crate::order::Ticket;
use crate::reference::Reference;
use crate::registrar::{Seller, Slip, approvals};
use crate::setup::Contract;

/// How long an answer is waited for.
const PATIENCE: Millis = 10_000;
/// Between the end of one try and the next, at first.
const PAUSE: Millis = 60_000;
/// Between inquiries, and the longest pause between tries.
const DAY: Millis = 24 * 3_600_000;
/// Where the secondary merchants of this acquirer are.
const REGION: &str = "SG";

/// What is done about a notice of a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Heeded {
    /// Taken.
    Taken,
    /// About nothing that we know.
    Unknown,
    /// Taken and answered with nothing: a defect.
    Speechless,
}

impl Reference {
    /// Takes a wish to register a merchant.
    pub(crate) fn take_register(&self, wish: Register) {
        for slip in self.registrar.begin(wish) {
            let merchant = self.clone();
            self.clock.spawn(async move {
                match &merchant.setup.contract {
                    Contract::Ams { .. } => merchant.register_store(slip).await,
                    Contract::Legacy { .. } => merchant.maintain(slip).await,
                }
            });
        }
    }

    async fn register_store(&self, mut slip: Slip) {
        let mut pause = PAUSE;
        loop {
            let Some(body) = self.registration_body(&slip) else { return };
            let heard = self.ask(Api::Registration, &body, PATIENCE).await;
            if let Heard::Said(said) = heard {
                match said.outcome.status {
                    Status::S => break,
                    Status::F if self.takes_for_consent(&said.outcome) => break,
                    Status::F => return self.take_refusal(&slip, &said.outcome),
                    Status::U => {}
                }
            }
            if self.switch.strikes(Defect::RegNewId) {
                slip.request_id.push_str("-new");
            }
            self.clock.sleep(pause).await;
            if !self.registrar.is_pending(&slip) {
                return;
            }
            pause = (pause * 2).min(DAY);
        }
        self.registrar.taken(&slip);
        if self.switch.strikes(Defect::AcceptedIsApproved) {
            self.registrar.mistake(&slip.merchant, RegistrationState::Approved);
        }
        self.follow_review(&slip).await;
    }

    fn take_refusal(&self, slip: &Slip, outcome: &ams::Outcome) {
        if self.switch.strikes(Defect::RegFIsPending) {
            return;
        }
        self.registrar.refused(slip, format!("{}: {}", outcome.code, outcome.message));
        let loses = is_known_already(outcome) && !self.registrar.is_pending(slip);
        if loses && self.switch.strikes(Defect::RepeatLosesApproval) {
            self.registrar.mistake(&slip.merchant, RegistrationState::Rejected);
        }
    }

    /// By a defect, that the merchant is known already is what was wanted.
    fn takes_for_consent(&self, outcome: &ams::Outcome) -> bool {
        is_known_already(outcome) && self.switch.has(Defect::RegNewId)
    }

    /// Asks once a day until the review is over.
    async fn follow_review(&self, slip: &Slip) {
        let mut due = self.clock.now();
        loop {
            due += DAY;
            self.clock.sleep_until(due).await;
            if !self.registrar.is_pending(slip) {
                return;
            }
            let body = self.review_inquiry(slip);
            let heard = self.ask(Api::InquiryRegistrationStatus, &body, PATIENCE).await;
            if let Heard::Said(said) = heard
                && said.outcome.status == Status::S
            {
                self.take_review(slip, &said.fields);
            }
        }
    }

    fn review_inquiry(&self, slip: &Slip) -> String {
        let mut asked = RegistrationInquiry {
            merchant: Some(&slip.merchant),
            store: slip.store.as_ref().map(|store| store.id.as_str()),
            request_id: None,
        };
        if self.switch.strikes(Defect::StatusByRequestId) {
            asked =
                RegistrationInquiry { request_id: Some(&slip.request_id), ..Default::default() };
        }
        asked.to_json().to_string()
    }

    /// Takes over what a genuine answer or notice says about a review.
    fn take_review(&self, slip: &Slip, fields: &Fields) {
        let Some(told) = ReviewTold::read(fields).filter(ReviewTold::is_completed) else { return };
        let mut wallets = approvals(&told);
        if wallets.iter().any(|wallet| !wallet.approved)
            && self.switch.strikes(Defect::CompletedIsApproved)
        {
            for wallet in &mut wallets {
                wallet.approved = true;
            }
        }
        self.registrar.decide(slip, wallets);
    }

    /// Takes a genuine notice about the review of one of our merchants.
    pub(crate) fn take_review_notice(&self, fields: &Fields, request_id: &str) -> Heeded {
        let about = |slip: &Slip| {
            fields.text("referenceMerchantId").as_deref() == Some(slip.merchant.as_str())
        };
        let Some(slip) = self.registrar.slip_of(request_id).filter(about) else {
            return Heeded::Unknown;
        };
        self.take_review(&slip, fields);
        if self.switch.strikes(Defect::RegAckEmpty) {
            return Heeded::Speechless;
        }
        Heeded::Taken
    }

    fn registration_body(&self, slip: &Slip) -> Option<String> {
        let wish = self.registrar.wish(&slip.merchant)?;
        let store = slip.store.clone().map(|store| ams::Store {
            reference: store.id,
            name: store.name,
            mcc: store.mcc,
        });
        let registration = Registration {
            request_id: slip.request_id.clone(),
            notify_url: Some(self.setup.notify_url.clone()),
            pass_through: Some(json!({ "desk": "onboarding", "for": slip.merchant }).to_string()),
            merchant: Merchant { reference: wish.id, name: wish.name, mcc: wish.mcc, store },
            address: wish.address,
            region: REGION.into(),
            contact: wish.contact,
            website: wish.website,
        };
        Some(registration.to_json().to_string())
    }

    /// Who sells in a store. `Err` for a store that nobody knows.
    pub(crate) fn seller(&self, store_id: &str) -> Result<Seller, DriverError> {
        let mut sellers = self.own_sellers();
        let own = sellers.len();
        sellers.extend(self.registrar.sellers());
        if self.legacy().is_some() {
            sellers.extend(self.registrar.online_sellers());
        }
        let found = sellers.iter().position(|seller| seller.store_id == store_id);
        if found.is_none_or(|place| !sellers[place].approved)
            && own > 0
            && self.switch.strikes(Defect::HeadMerchantStandsIn)
        {
            return Ok(sellers.swap_remove(0));
        }
        let Some(place) = found else {
            let known: Vec<_> = sellers.iter().map(|seller| seller.store_id.as_str()).collect();
            let known = known.join(", ");
            return Err(DriverError::Refused(format!("no store '{store_id}', known are: {known}")));
        };
        let first = sellers.iter().skip(own).position(|seller| seller.approved);
        let place = match first.map(|first| first + own) {
            Some(first) if first != place && self.switch.strikes(Defect::OneStoreForAll) => first,
            Some(_) | None => place,
        };
        Ok(sellers.swap_remove(place))
    }

    /// Whether a merchant is approved. An order that is rung up in a store of one that is not ends
    /// here, and nothing is sent.
    pub(crate) fn may_sell(&self, ticket: &Ticket, seller: &Seller) -> bool {
        if !seller.approved && self.switch.strikes(Defect::LegMerSellsUnapproved) {
            return true;
        }
        if !seller.approved {
            self.books.end(ticket, OrderState::Failed);
        }
        seller.approved
    }

    /// The stores of the merchant's own identity, which the contract has approved.
    pub(crate) fn own_sellers(&self) -> Vec<Seller> {
        let identity = &self.setup.identity;
        let own = identity.stores.iter().map(|(id, store)| Seller {
            merchant_id: identity.merchant_id.clone(),
            name: identity.name.clone(),
            mcc: identity.mcc.clone(),
            store_id: id.clone(),
            store: store.clone(),
            approved: true,
        });
        own.collect()
    }
}

fn is_known_already(outcome: &ams::Outcome) -> bool {
    outcome.code == "REPEAT_REGISTRATION"
}
