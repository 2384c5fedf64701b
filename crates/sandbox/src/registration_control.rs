//! What the stage, or a person with curl, does about secondary merchants.

use clock::Millis;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::ledger::Ledger;
use crate::review::{Review, WalletSays, approving};

/// How later registrations are reviewed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewReview {
    /// Of this merchant alone.
    #[serde(default)]
    merchant: Option<String>,
    #[serde(default)]
    after: Option<Millis>,
    #[serde(default = "approving")]
    wallets: Vec<WalletSays>,
}

/// How the open reviews of a merchant end.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EndReview {
    #[serde(default)]
    wallets: Option<Vec<WalletSays>>,
}

impl Ledger {
    /// Decides how later registrations are reviewed.
    pub(crate) fn plan_review(&mut self, new: NewReview) {
        let NewReview { merchant, after, wallets } = new;
        let review = Review { after, wallets };
        match merchant {
            Some(merchant) => drop(self.registry.reviews.insert(merchant, review)),
            None => self.registry.review = review,
        }
    }

    /// Ends the open reviews of a merchant at once, and says how many there were.
    pub(crate) fn end_reviews(&mut self, merchant: &str, end: &EndReview, now: Millis) -> usize {
        let registrations = self.registry.registrations.iter().enumerate();
        let open: Vec<usize> = registrations
            .filter(|(_, known)| known.merchant == merchant && !known.over)
            .map(|(place, _)| place)
            .collect();
        for &place in &open {
            if let Some(wallets) = &end.wallets {
                self.registry.registrations[place].wallets.clone_from(wallets);
            }
            self.end_review(place, now);
        }
        open.len()
    }

    /// Every registration with its outcome.
    pub(crate) fn list_registrations(&self) -> Value {
        let registrations = self.registry.registrations.iter().map(|known| {
            let mut members = known.result_members(self.switches);
            members.insert("registrationRequestId".into(), json!(known.request_id));
            members.insert("referenceMerchantId".into(), json!(known.merchant));
            members.insert("referenceStoreId".into(), json!(known.store));
            Value::Object(members)
        });
        registrations.collect()
    }
}
