//! The end of reviews: had by order where the gateway does so, and else waited for, since people there
//! take their time.

use evidence::words::{self as say, Place};
use evidence::{Party, RegistrationState, Until};
use protocol::Generation;
use protocol::ams::{Api, RegistrationInquiry, ReviewTold, Status, Verified, WalletReview};

use crate::live::Live;
use crate::merchants::told::{all_approve, review_in};
use crate::registering::place_of;
use crate::{Seen, merchants};

/// How a review ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Approved,
    Rejected,
    /// One way for one wallet, another way for another.
    Mixed,
}

impl Live {
    /// Waits until the reviews of these secondary merchants have ended as the case needs, and answers
    /// whether the step goes on: not where they go on in another sitting, or ended otherwise.
    pub(crate) async fn reviews_end(&mut self, approved: &[String], rejected: &[String]) -> bool {
        if self.control.is_there() {
            self.until_reviewed().await;
            return true;
        }
        let wanted = |ids: &[String], end| ids.iter().cloned().map(move |id| (id, end)).collect();
        let mut all: Vec<(String, End)> = wanted(approved, End::Approved);
        all.append(&mut wanted(rejected, End::Rejected));
        let mut lasts = false;
        for (id, wanted) in all {
            if self.is_over() {
                return false;
            }
            match self.end_told_aside(&id).await {
                None => lasts = true,
                Some(end) if end == wanted => {}
                Some(_) => {
                    let word = if wanted == End::Approved {
                        say::REVIEW_APPROVED.plain()
                    } else {
                        say::REVIEW_REJECTED.plain()
                    };
                    let why = say::REVIEW_OTHERWISE.holding([Place::value(id), word.into()]);
                    self.broken(Party::Environment, why);
                    return false;
                }
            }
        }
        if lasts {
            let (approved, rejected) = (approved.to_vec(), rejected.to_vec());
            self.pause(Until::Reviews { approved, rejected }).await;
            return false;
        }
        self.reviews_are_heard_of(&[approved, rejected].concat()).await
    }

    /// How the review of a secondary merchant ended, if it has: asked outside the record, which holds
    /// nothing of what did not happen.
    async fn end_told_aside(&mut self, id: &str) -> Option<End> {
        let wish = merchants::wishes(&self.so_far()).into_iter().find(|wish| wish.id == id)?;
        let legacy = self.contract.generation() == Generation::Legacy;
        let store = wish.stores.first().map(|_| place_of(&wish)).filter(|_| legacy);
        let asked = RegistrationInquiry { merchant: Some(id), store, request_id: None };
        let api = Api::InquiryRegistrationStatus;
        let call = self.contract.call(self.product, api, self.clock.now(), &asked.to_json());
        let call = match call {
            Ok(call) => call,
            Err(why) => {
                self.broken(Party::Runner, why);
                return None;
            }
        };
        let witness = self.witness.clone();
        let told = self.drive(async move { witness.ask_aside(&call).await }).await?;
        end_in(&Seen::new(&told))
    }

    /// Waits until the merchant knows how they ended; answers whether it could. Nothing reached it
    /// between the sittings.
    async fn reviews_are_heard_of(&mut self, ids: &[String]) -> bool {
        let since = self.so_far().acts_of("paused").last().map_or(0, |act| act.line);
        let pending = |live: &Self, id: &String| {
            let view = live.merchant_views.get(id);
            view.is_none_or(|view| view.state == RegistrationState::Pending)
        };
        let own = ids.to_vec();
        if self.until(move |live| !own.iter().any(|id| pending(live, id))).await {
            return true;
        }
        let seen = self.so_far();
        let asked = seen.calls_of(Api::InquiryRegistrationStatus).into_iter();
        let mut heard = asked.chain(seen.notices()).filter(|it| it.line() > since);
        if heard.next().is_none() && !self.is_over() {
            self.broken(Party::Merchant, say::REVIEW_UNHEARD.plain());
        }
        !self.is_over()
    }
}

/// What a genuine answer tells of the end of a review.
fn end_in(seen: &Seen) -> Option<End> {
    let answer = seen.own_calls().next()?.answer_sent.as_ref()?;
    if answer.verified != Some(Verified::Valid) {
        return None;
    }
    if seen.generation == Generation::Legacy {
        return match answer.field("status")? {
            "SUCCESS" => Some(End::Approved),
            "FAILED" => Some(End::Rejected),
            _ => None,
        };
    }
    answer.outcome.as_ref().filter(|outcome| outcome.status == Status::S)?;
    let told = review_in(Some(answer)).filter(ReviewTold::is_completed)?;
    Some(if all_approve(&told) {
        End::Approved
    } else if told.wallets.iter().any(WalletReview::approves) {
        End::Mixed
    } else {
        End::Rejected
    })
}
