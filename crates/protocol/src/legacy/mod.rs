//! The legacy generation: `gateway.do`, forms in, XML out, signatures with MD5, RSA, RSA2 and DSA.

mod answer;
mod charset;
mod form;
mod notification;
mod reading;
mod service;
mod sign;
mod text_to_sign;
mod timeout_rule;
mod xml;

pub use answer::{Answer, AnswerFault, Response, Told, WriteFault};
pub use charset::{Charset, Undecodable, UnknownCharset, Unmappable};
pub use form::{Form, FormFault, Part, Place, Posted};
pub use notification::{ACK, AckFault, Notification, NotificationFault, judge_ack};
pub use reading::is_no_trade;
pub use service::Service;
pub use sign::{SignFault, SignType, Signer, Verifier};
pub use text_to_sign::{Empties, text_to_sign};
pub use timeout_rule::{DEFAULT_TIMEOUT, timeout_rule};
