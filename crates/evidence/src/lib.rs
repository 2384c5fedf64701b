//! What was seen in a run: exchanges, order readings, the record with its hash chains, and the
//! words in which we speak of them.
//!
//! - [`Event`] is one thing that was seen, arranged or done.
//! - [`Recorder`] appends events of one attempt of a case to the [`RecordFile`] as they happen.
//! - [`Record`] is the file read back, every chain proved; [`SealedRecord`] reads it case by case.
//! - [`words`] holds every sentence of ours, in English and Chinese.

mod ahead;
mod attachment;
mod chain;
mod event;
mod head;
mod hidden;
mod key;
mod merchants;
mod pause;
mod read;
mod reconciliation;
mod record;
mod recorder;
mod redaction;
mod resume;
mod side_key;
pub mod words;

pub use attachment::{
    ATTACHED, ATTACHMENTS, Attachment, AttachmentFault, AttachmentForm, LARGEST_ATTACHMENT,
    MOST_ATTACHMENTS,
};
pub use event::{
    Blob, Booking, Entry, Event, Leg, Message, Movement, OrderState, OrderView, Party, RefundState,
    RefundView, Shown, WalletStatement, Way,
};
pub use head::{head_field, status_of, target_of};
pub use hidden::HIDDEN;
pub use key::{CaseKey, KeyError};
pub use merchants::{MerchantView, RegistrationState, WalletApproval};
pub use pause::{Pause, Until};
pub use read::{Attempts, SealedRecord};
pub use reconciliation::{
    Difference, DifferenceKind, FileNote, FileNoteKind, FileRead, Payout, ReconciliationState,
    ReconciliationView,
};
pub use record::{CaseRecord, Header, Record, RecordError};
pub use recorder::{RecordFile, Recorder};
pub use redaction::{Redacted, Redaction};
pub use resume::ResumeError;
pub use side_key::{SideKey, api_of, form_of, is_legacy, is_return, service_of};

/// The version of the record's format, in its first line.
pub const FORMAT: u32 = 2;
