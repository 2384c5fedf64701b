//! The embedded gateway: ledger, wallets, notifications and a control API.
//!
//! A [`Tenant`] is one gateway with one ledger. It listens on one address for the merchant's calls,
//! under `/ams/api/` and `/ams/sandbox/api/` or, in the older generation, at `/gateway.do`, and for
//! the stage's under `/_sandbox/`. Its [`Contract`] says which generation it speaks. It knows the
//! merchant only over HTTP and the time only through its clock: on a simulated clock a three-minute
//! expiry or a day of re-sends costs nothing.
//!
//! # The control API
//!
//! JSON over the same listener. Where [`Terms::control_token`] is set, every call under
//! `/_sandbox/` has to carry it as `x-control-token` (otherwise 401). Bad input is answered with
//! 400 and `{"error": …}`, an unknown path or wallet with 404.
//!
//! | call | does |
//! |---|---|
//! | `POST /_sandbox/wallets` `{currency?, balance?, mood?}` | opens a wallet: `{"wallet":"w1"}` |
//! | `POST /_sandbox/wallets/w1/mood` `{"kind":"pays"}` or `{"kind":"asks","decides":"approve","after":ms}` | how its owner meets later payments |
//! | `POST /_sandbox/wallets/w1/codes` `{prefix?, digits?, value?}` | issues a payment code: `{"code","expires"}` |
//! | `POST /_sandbox/wallets/w1/top-up` `{"minor":n}` | adds money |
//! | `POST /_sandbox/wallets/w1/scan` `{"code"}` | scans an order code |
//! | `POST /_sandbox/wallets/w1/open` `{"url"}` | opens the link of an entry code, or the wallet's cashier page |
//! | `POST /_sandbox/wallets/w1/confirm`, `/decline` `{"paymentRequestId"}` | the buyer acts now |
//! | `GET /_sandbox/statement` | every debit and credit of all wallets |
//! | `GET /_sandbox/payments` | id, state and amount of every payment |
//! | `GET /_sandbox/payments/ID/return` | sends the browser back to the shop, in the older generation: `{"url"}` |
//! | `POST /_sandbox/payments/ID/expire` | ends the time of an open payment at once |
//! | `POST /_sandbox/refunds` `{"after":ms, "ends"?:"success" or "fail"}` | how long later refunds take, and how they end |
//! | `GET /_sandbox/reports/20260105` | the report files of a day that is over: `[{"path","text"}]` |
//! | `POST /_sandbox/reports` `{"rows":n}` | how many rows a report file has at most |
//! | `POST /_sandbox/rules` `{api, field?, code?, status?, http?, drop?, malformed?, signature?, delay?, process?, times?, until?, minutes?, after_answers?}` | the next calls get this answer: `{"rule":n}`; `DELETE` clears |
//! | `GET /_sandbox/rules`, `DELETE /_sandbox/rules/1` | the rules that still answer; takes one away |
//! | `POST /_sandbox/notices` `{url, body, sign_target?}` | sends one notice under the gateway's key |
//! | `POST /_sandbox/settings` `{hard_texts?, switches?, registered_only?}` | hard characters in every message text; switches by number; only registered merchants may sell |
//! | `POST /_sandbox/rates` `{"pair":"JPY/CNY","price":"0.064622"}` | what a wallet in another currency is charged |
//! | `POST /_sandbox/reviews` `{merchant?, after?, wallets?}` | how later registrations are reviewed |
//! | `POST /_sandbox/merchants/ID/review` `{wallets?}` | ends the open reviews of a merchant at once |
//! | `GET /_sandbox/merchants` | every registration and its outcome |
//! | `GET /_sandbox/clock`, `POST` `{"advance":ms}` | reads the clock, with when something falls due `next`; moves a real one forward |
//! | `GET /_sandbox/log` | the last hundred exchanges |
//!
//! A [`Shared`] gateway has tenants besides its own:
//!
//! | call | does |
//! |---|---|
//! | `POST /_sandbox/tenants` `{seed?, notices?, console_notify_url?}` | opens one: `{"tenant":"tenant-…"}`, for who names it as the first label of `Host` |
//! | `GET /_sandbox/tenants` | their names |
//! | `DELETE /_sandbox/tenants/NAME` | takes one down |
//!
//! `docs/sandbox.md` shows each of them with curl.

mod answer;
mod buyer;
mod calls;
mod cancel;
mod control;
mod control_bodies;
mod defect;
mod draw;
mod entry;
mod inquiry;
mod journal;
mod key;
mod ledger;
mod legacy;
mod notification;
mod pay_request;
mod payment;
mod rates;
mod reconciliation;
mod refund;
mod registration;
mod registration_control;
mod registration_request;
mod review;
mod rules;
mod shared;
mod switches;
mod tenant;
mod terms;
mod view;
mod wallet;

#[cfg(test)]
mod tests;

pub use defect::Defect;
pub use key::{embedded_dsa_key, embedded_key};
pub use legacy::{
    AckWord, Charsets, DsaForm, Files, LateCancel, LegacySwitches, Repeats, ReturnTime, Reviews,
    Timestamps, TooMuch, UnknownOrder,
};
pub use shared::Shared;
pub use switches::{
    AckBody, Acks, CancelWindow, PendingWallet, QuoteForm, RefundWindow, ReportForm, Resends,
    SwitchError, Switches, TwiceRegistered, switch_ids,
};
pub use tenant::Tenant;
pub use terms::{Contract, NoticeRoute, Terms};
