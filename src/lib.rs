//! assay proves that a payment integration is ready to go live.
//!
//! `profile → plan → scenario → driver → [ merchant ⇄ WITNESS ⇄ gateway ] → exchange → record →
//! verdict → bundle → seal → exit code`

mod bounded;
pub mod cli;
pub mod exit;
pub mod finding;
mod mock;
mod near;
pub mod profile;
pub mod report;
pub mod run;
mod said;
pub mod seal;
pub mod suite;
pub mod verdict;
mod yaml;
