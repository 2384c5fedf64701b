//! HTTP on both sides of every room: a bounded server and a bounded client.
//!
//! The server stops clients that trickle their heads, caps what it reads and answers with exactly
//! the headers it was given, in lower case. The client keeps connections, follows no redirect, asks
//! no proxy and reads [`BODY_CAP`] bytes at most. Neither looks at a clock: who calls says how long
//! it waits.

mod base;
mod client;
mod server;

pub use base::{Base, BaseError};
pub use client::{Answer, Call, CallError, Client};
pub use server::{Patience, Reply, Request, Server, loopback, serve};

/// The largest body that is read from anybody, in bytes.
pub const BODY_CAP: usize = 4 * 1024 * 1024;
