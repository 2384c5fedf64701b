//! The Gherkin vocabulary of assay: the stage a scenario plays on, what is arranged, done and
//! checked.
//!
//! - [`Backstage`] opens a stage: a tenant of the gateway, the witness and the merchant.
//! - Given and When steps act on the live stage; Then steps judge the record alone.
//! - [`Seen`] is the record as checks read it, [`Finding`] what a check found.
//! - [`standing`] holds the checks that hold in every case without being written.

mod asking;
mod browser;
mod buyers;
mod caller;
mod challenge;
mod closing;
mod contract;
mod control;
mod depot;
mod errand;
mod gateway;
mod greeting;
mod legacy;
mod live;
mod lobby;
mod look;
mod merchants;
mod open;
mod own;
mod own_pay;
mod parameters;
mod pause;
mod payment;
mod product;
mod proof;
mod purse;
mod readings;
mod reconciliation;
mod refund_cancel;
mod registering;
mod reviews;
mod sale;
pub mod seen;
mod stage;
pub mod standing;
mod teller;
mod tested;
mod time;
mod vocabulary;
mod wants;

pub use buyers::Buyers;
pub use caller::{Caller, Carried};
pub use challenge::{OwnOrder, woven};
pub use contract::{AmsContract, Contract, EmbeddedKeys, KeyPairs, LegacyContract, Signing};
pub use control::{
    Control, ControlError, needs_control, unanswered, waits_for_a_day, waits_for_a_review,
};
pub use depot::{Depot, Room};
pub use gateway::{Elsewhere, Foreign, Gateway, PublicDoor, StageError};
pub use greeting::Greeting;
pub use live::Live;
pub use lobby::Lobby;
pub use look::Finding;
pub use merchant::Habits;
pub use open::{Backstage, DefectWatch, RULES, RunRule, START, mark};
pub use product::Product;
pub use proof::{Proof, trial_price};
pub use purse::Purse;
pub use seen::Seen;
pub use stage::Stage;
pub use teller::{NoticeKey, Receiver, Teller};
pub use tested::{Adapter, Integrator, MANUAL, REFERENCE, Tested};
pub use vocabulary::{Vocabulary, find, looked_up};
