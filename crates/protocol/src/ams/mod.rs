//! The AMS generation: JSON bodies, an RSA256 signature in a header, results S, F and U.

mod api;
mod codes;
mod notification;
mod payment;
pub mod reconciliation;
mod refund;
mod registration;
mod result;
mod transport;

pub use api::Api;
pub use codes::{Code, KNOWN_CODES, known_code};
pub use notification::{ACK, AckFault, judge_ack};
pub use payment::{
    Merchant, Order, Pay, PaymentStatus, Scenario, Store, Terminal, inquiry_body, is_payment_code,
};
pub use refund::{Refund, RefundStatus, is_refund_request_id, refund_inquiry_body};
pub use registration::{
    IN_STORE_PRODUCT, Registration, RegistrationInquiry, ReviewTold, WalletReview,
};
pub use result::{Outcome, Status};
pub use transport::{
    Signature, SignatureFault, Signed, Verified, emit_signature, text_to_sign, verify,
};
