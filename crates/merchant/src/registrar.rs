//! The acquirer's books: the secondary merchants it registers, and how far each store is.

use std::collections::BTreeMap;

use evidence::{MerchantView, RegistrationState, WalletApproval};
use parking_lot::{Mutex, MutexGuard};
use protocol::ams::ReviewTold;

use crate::driver::{Register, RegisterStore};
use crate::setup::Store;

/// All secondary merchants by their ids. One lock guards them, and nobody holds it while waiting.
#[derive(Debug, Default)]
pub(crate) struct Registrar {
    merchants: Mutex<BTreeMap<String, Secondary>>,
}

/// A secondary merchant and the registration of each of its stores.
#[derive(Debug, Clone)]
pub(crate) struct Secondary {
    pub(crate) wish: Register,
    pub(crate) places: Vec<Place>,
    /// How often somebody wanted it registered.
    rounds: u32,
    /// What the last refusal said.
    reason: Option<String>,
    /// Only a defect puts another state in the place of what was decided.
    pub(crate) mistaken: Option<RegistrationState>,
}

/// One registration: of a store, or of a merchant without one.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) store: Option<RegisterStore>,
    /// The id of the request that is under way or was decided.
    pub(crate) request_id: String,
    pub(crate) stand: Stand,
}

/// How far a registration is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Stand {
    /// Asked for, or being reviewed.
    Pending,
    /// The review is over; what each wallet said.
    Decided(Vec<WalletApproval>),
    /// The request was refused.
    Refused,
    /// The gateway says that it has nothing of the kind.
    Missing,
}

/// Names one registration.
#[derive(Debug, Clone)]
pub(crate) struct Slip {
    pub(crate) merchant: String,
    pub(crate) place: usize,
    pub(crate) request_id: String,
    pub(crate) store: Option<RegisterStore>,
    /// How often somebody wanted it registered, this time included.
    pub(crate) round: u32,
}

/// Who sells in a store.
#[derive(Debug, Clone)]
pub(crate) struct Seller {
    pub(crate) merchant_id: String,
    pub(crate) name: String,
    pub(crate) mcc: String,
    pub(crate) store_id: String,
    pub(crate) store: Store,
    pub(crate) approved: bool,
}

impl Secondary {
    fn view(&self, id: &str) -> MerchantView {
        let wallets = self.wallets();
        MerchantView {
            id: id.to_owned(),
            state: self.mistaken.unwrap_or_else(|| self.state(&wallets)),
            wallets,
            reason: self.reason.clone(),
        }
    }

    fn state(&self, wallets: &[WalletApproval]) -> RegistrationState {
        let any = |stand: &Stand| self.places.iter().any(|place| place.stand == *stand);
        if any(&Stand::Pending) {
            RegistrationState::Pending
        } else if any(&Stand::Missing) {
            RegistrationState::Unregistered
        } else if any(&Stand::Refused) {
            RegistrationState::Refused
        } else if wallets.iter().any(|wallet| wallet.approved) {
            RegistrationState::Approved
        } else {
            RegistrationState::Rejected
        }
    }

    /// What the wallets said; one that does not take every store does not take the merchant.
    fn wallets(&self) -> Vec<WalletApproval> {
        let mut wallets: Vec<WalletApproval> = vec![];
        for place in &self.places {
            let Stand::Decided(said) = &place.stand else { continue };
            for wallet in said {
                match wallets.iter_mut().find(|known| known.wallet == wallet.wallet) {
                    Some(known) if known.approved => known.clone_from(wallet),
                    Some(_) => {}
                    None => wallets.push(wallet.clone()),
                }
            }
        }
        wallets
    }

    /// Whether a store may sell.
    fn sells(&self, place: &Place) -> bool {
        let decided =
            matches!(&place.stand, Stand::Decided(said) if said.iter().any(|one| one.approved));
        self.mistaken.map_or(decided, |state| state == RegistrationState::Approved)
    }
}

impl Registrar {
    fn open(&self) -> MutexGuard<'_, BTreeMap<String, Secondary>> {
        self.merchants.lock()
    }

    /// How the back office sees a merchant.
    pub(crate) fn view(&self, id: &str) -> Option<MerchantView> {
        self.open().get(id).map(|merchant| merchant.view(id))
    }

    /// Takes a wish down: a slip for each registration that has to be asked for. What is under way
    /// is not begun again. Until the gateway has taken the new request, what is decided stands.
    pub(crate) fn begin(&self, wish: Register) -> Vec<Slip> {
        let mut merchants = self.open();
        let stores: Vec<Option<RegisterStore>> = match wish.stores.as_slice() {
            [] => vec![None],
            stores => stores.iter().cloned().map(Some).collect(),
        };
        let id = wish.id.clone();
        let known = merchants.entry(id.clone()).or_insert_with(|| Secondary {
            wish: wish.clone(),
            places: vec![],
            rounds: 0,
            reason: None,
            mistaken: None,
        });
        known.wish = wish;
        known.rounds += 1;
        let mut slips = vec![];
        for store in stores {
            let place = known.place_of(store.as_ref());
            let request_id = format!("{id}-r{}-{}", known.rounds, place + 1);
            match known.places.get(place).map(|place| &place.stand) {
                Some(Stand::Pending) => continue,
                Some(Stand::Decided(_) | Stand::Refused | Stand::Missing) => {}
                None => {
                    let (store, request_id) = (store.clone(), request_id.clone());
                    known.places.push(Place { store, request_id, stand: Stand::Pending });
                }
            }
            let round = known.rounds;
            slips.push(Slip { merchant: id.clone(), place, request_id, store, round });
        }
        slips
    }

    /// Works on the registration of a slip.
    pub(crate) fn at<T>(&self, slip: &Slip, work: impl FnOnce(&mut Place) -> T) -> Option<T> {
        let mut merchants = self.open();
        merchants.get_mut(&slip.merchant)?.places.get_mut(slip.place).map(work)
    }

    /// Puts a state in the place of what was decided, by a defect.
    pub(crate) fn mistake(&self, merchant: &str, state: RegistrationState) {
        if let Some(known) = self.open().get_mut(merchant) {
            known.mistaken = Some(state);
        }
    }

    /// Notes that the gateway has taken a request. What a notice has decided meanwhile stands.
    pub(crate) fn taken(&self, slip: &Slip) {
        self.at(slip, |place| {
            if place.request_id != slip.request_id {
                (place.request_id, place.stand) = (slip.request_id.clone(), Stand::Pending);
            }
        });
    }

    /// Notes a refusal. A decision that stands is not undone by it.
    pub(crate) fn refused(&self, slip: &Slip, reason: String) {
        let mut merchants = self.open();
        let Some(known) = merchants.get_mut(&slip.merchant) else { return };
        known.reason = Some(reason);
        if let Some(place) = known.places.get_mut(slip.place)
            && matches!(place.stand, Stand::Pending | Stand::Missing)
        {
            place.stand = Stand::Refused;
        }
    }

    /// Keeps the reason of a rejection, or takes the last one away.
    pub(crate) fn explain(&self, slip: &Slip, reason: Option<String>) {
        if let Some(known) = self.open().get_mut(&slip.merchant) {
            known.reason = reason;
        }
    }

    /// Notes the outcome of a review.
    pub(crate) fn decide(&self, slip: &Slip, wallets: Vec<WalletApproval>) {
        self.at(slip, |place| {
            if place.stand == Stand::Pending {
                place.stand = Stand::Decided(wallets);
            }
        });
    }

    /// Whether a registration is still being reviewed.
    pub(crate) fn is_pending(&self, slip: &Slip) -> bool {
        self.at(slip, |place| place.stand == Stand::Pending).unwrap_or(false)
    }

    /// The registration that a request id belongs to.
    pub(crate) fn slip_of(&self, request_id: &str) -> Option<Slip> {
        let merchants = self.open();
        merchants.iter().find_map(|(id, known)| {
            let place = known.places.iter().position(|place| place.request_id == request_id)?;
            let store = known.places[place].store.clone();
            let (merchant, request_id) = (id.clone(), request_id.to_owned());
            Some(Slip { merchant, place, request_id, store, round: known.rounds })
        })
    }

    /// What is to be registered.
    pub(crate) fn wish(&self, merchant: &str) -> Option<Register> {
        self.open().get(merchant).map(|known| known.wish.clone())
    }

    /// Who sells without a store, on the net: each is found by the merchant's own id.
    pub(crate) fn online_sellers(&self) -> Vec<Seller> {
        let merchants = self.open();
        let all = merchants.values().flat_map(|known| {
            let places = known.places.iter().filter(|place| place.store.is_none());
            places.map(|place| {
                let Register { id, name, mcc, .. } = known.wish.clone();
                let store = Store { name: name.clone(), mcc: mcc.clone(), terminal: String::new() };
                let (store_id, approved) = (id.clone(), known.sells(place));
                Seller { merchant_id: id, name, mcc, store_id, store, approved }
            })
        });
        all.collect()
    }

    /// Who sells in a store, for every store that is known.
    pub(crate) fn sellers(&self) -> Vec<Seller> {
        let merchants = self.open();
        let all = merchants.values().flat_map(|known| {
            known.places.iter().filter_map(|place| {
                let RegisterStore { id, name, mcc, terminal, .. } = place.store.clone()?;
                Some(Seller {
                    merchant_id: known.wish.id.clone(),
                    name: known.wish.name.clone(),
                    mcc: known.wish.mcc.clone(),
                    store_id: id,
                    store: Store { name, mcc, terminal },
                    approved: known.sells(place),
                })
            })
        });
        all.collect()
    }
}

impl Secondary {
    /// Where the registration of a store stands, or will stand.
    fn place_of(&self, store: Option<&RegisterStore>) -> usize {
        let id = store.map(|store| &store.id);
        let same = |place: &Place| place.store.as_ref().map(|store| &store.id) == id;
        self.places.iter().position(same).unwrap_or(self.places.len())
    }
}

/// What each wallet said, as the back office keeps it.
pub(crate) fn approvals(told: &ReviewTold) -> Vec<WalletApproval> {
    let approval = |wallet: &protocol::ams::WalletReview| WalletApproval {
        wallet: wallet.name.clone(),
        approved: wallet.approves(),
        status: wallet.status.clone(),
        reasons: wallet.reasons.clone(),
    };
    told.wallets.iter().map(approval).collect()
}
