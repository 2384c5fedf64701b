//! What went wrong between the runner and a merchant outside, in words.

use std::fmt;

use clock::Millis;
use evidence::words::{self as say, Phrase, Place, Sentence};
use wire::BODY_CAP;

use super::Operation;

/// The merchant outside, as the profile names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Counterpart {
    /// A server, by its address.
    Adapter(String),
    /// A process, by its command line.
    Command(String),
    /// The person at the till.
    Tester,
}

/// Something that went wrong between the runner and a merchant outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// Whom the call was for.
    pub with: Counterpart,
    /// What was asked for.
    pub operation: Operation,
    /// The call by its path, where it has one.
    pub target: String,
    /// What went wrong.
    pub fault: Fault,
}

/// How a call fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Nobody listens at the address.
    Absent,
    /// There is no way to the address, in the system's words.
    Unreached(String),
    /// The connection ended before a whole answer was there.
    Dropped(String),
    /// Nothing came for so long.
    Silent(Millis),
    /// The process could not be started, in the system's words.
    Unstarted(String),
    /// The process ended, with this status.
    Ended(String),
    /// What came back is no HTTP.
    NoHttp(String),
    /// The answer is longer than any may be.
    TooLong,
    /// A line of a process that is no answer.
    Garbage(String),
    /// A line of a process that is longer than any answer may be.
    GarbageLong,
    /// A status that the contract does not have there, with the beginning of the body.
    Status(u16, String),
    /// The call is sent elsewhere.
    Redirect(u16, String),
    /// A status as servers have it for what they do not serve.
    Unserved(u16),
    /// An HTML page.
    Page(u16),
    /// Nothing, where a view belongs.
    Empty(u16),
    /// Bytes that are no UTF-8, from this one on.
    NoText(usize),
    /// Text that is no JSON.
    NoJson {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// In the reader's words.
        why: String,
    },
    /// JSON of another shape than the contract has it.
    Shape {
        /// Where: the names and numbers that lead there; empty for the whole.
        path: String,
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// What is wrong there.
        what: Phrase,
    },
    /// An answer about something else than was asked.
    About {
        /// What was asked for.
        asked: String,
        /// What the answer is about.
        told: String,
    },
    /// A value that cannot be.
    Value {
        /// Where.
        path: String,
        /// What stands there.
        found: String,
        /// What could.
        wanted: &'static Sentence,
    },
    /// Nobody is there any more who could answer.
    Away,
}

impl Fault {
    /// Whether nothing came back at all, so that the merchant could not even be asked.
    pub fn is_unanswered(&self) -> bool {
        match self {
            Self::Absent
            | Self::Unreached(_)
            | Self::Dropped(_)
            | Self::Silent(_)
            | Self::Unstarted(_)
            | Self::Ended(_)
            | Self::Away => true,
            Self::NoHttp(_)
            | Self::TooLong
            | Self::Garbage(_)
            | Self::GarbageLong
            | Self::Status(..)
            | Self::Redirect(..)
            | Self::Unserved(_)
            | Self::Page(_)
            | Self::Empty(_)
            | Self::NoText(_)
            | Self::NoJson { .. }
            | Self::Shape { .. }
            | Self::About { .. }
            | Self::Value { .. } => false,
        }
    }

    /// What was found.
    fn found(&self) -> Phrase {
        match self {
            Self::Absent => say::ADAPTER_ABSENT.plain(),
            Self::Unreached(why) => say::ADAPTER_UNREACHED.with([why]),
            Self::Dropped(why) => say::ADAPTER_DROPPED.with([why]),
            Self::Silent(limit) => say::ADAPTER_SILENT.with([seconds(*limit)]),
            Self::Unstarted(why) => say::COMMAND_UNSTARTED.with([why]),
            Self::Ended(how) => say::COMMAND_ENDED.with([how]),
            Self::NoHttp(why) => say::ADAPTER_NOT_HTTP.with([why]),
            Self::TooLong => say::ADAPTER_TOO_LONG.with([BODY_CAP]),
            Self::Garbage(line) => say::COMMAND_GARBAGE.with([line]),
            Self::GarbageLong => say::COMMAND_GARBAGE_LONG.with([BODY_CAP]),
            Self::Status(status, said) if said.is_empty() => say::ADAPTER_STATUS.with([status]),
            Self::Status(status, said) => {
                say::ADAPTER_STATUS_SAYING.with([&status.to_string(), said])
            }
            Self::Redirect(status, to) => say::ADAPTER_REDIRECT.with([&status.to_string(), to]),
            Self::Unserved(status) => say::ADAPTER_UNSERVED.with([status]),
            Self::Page(status) => say::ADAPTER_PAGE.with([status]),
            Self::Empty(status) => say::ADAPTER_EMPTY.with([status]),
            Self::NoText(byte) => say::ADAPTER_NOT_TEXT.with([byte]),
            Self::NoJson { line, column, why } => {
                say::ADAPTER_NOT_JSON.with([&line.to_string(), &column.to_string(), why])
            }
            Self::Shape { path, line, column, what } => {
                let whole = [Place::value(line), Place::value(column), what.clone().into()];
                if path.is_empty() {
                    say::ADAPTER_SHAPE_WHOLE.holding(whole)
                } else {
                    say::ADAPTER_SHAPE.holding([Place::value(path)].into_iter().chain(whole))
                }
            }
            Self::About { told, .. } => say::ADAPTER_ABOUT.with([told]),
            Self::Value { path, found, .. } => say::ADAPTER_VALUE.with([path, found]),
            Self::Away => say::PERSON_AWAY.plain(),
        }
    }

    /// What was expected of a call.
    fn wanted(&self, operation: Operation) -> Phrase {
        let answer = || {
            let view = &say::ADAPTER_WANTS_VIEW;
            if operation.acts() { say::ADAPTER_WANTS_DECISION.plain() } else { view.plain() }
        };
        match self {
            Self::Absent | Self::Unreached(_) => say::ADAPTER_WANTS_SOMEBODY.plain(),
            Self::Unstarted(_) => say::COMMAND_WANTS_PROCESS.plain(),
            Self::NoHttp(_) => say::ADAPTER_WANTS_HTTP.plain(),
            Self::TooLong => say::ADAPTER_WANTS_LENGTH.with([BODY_CAP]),
            Self::Garbage(_) | Self::GarbageLong => say::COMMAND_WANTS_LINE.plain(),
            Self::Dropped(_)
            | Self::Silent(_)
            | Self::Ended(_)
            | Self::Status(..)
            | Self::Redirect(..)
            | Self::Unserved(_)
            | Self::Page(_)
            | Self::Empty(_) => answer(),
            Self::NoText(_) | Self::NoJson { .. } | Self::Shape { .. } => {
                say::ADAPTER_WANTS_CONTENT.plain()
            }
            Self::About { asked, .. } => say::ADAPTER_WANTS_ABOUT.with([asked]),
            Self::Value { wanted, .. } => wanted.plain(),
            Self::Away => say::PERSON_WANTS_ANSWER.plain(),
        }
    }

    /// What to do about it.
    fn remedy(&self) -> &'static Sentence {
        match self {
            Self::Absent => &say::ADAPTER_ABSENT_DO,
            Self::Unreached(_) => &say::ADAPTER_UNREACHED_DO,
            Self::Dropped(_) | Self::Status(500.., _) => &say::ADAPTER_LOG_DO,
            Self::Silent(_) => &say::ADAPTER_SILENT_DO,
            Self::Unstarted(_) => &say::COMMAND_UNSTARTED_DO,
            Self::Ended(_) => &say::COMMAND_ENDED_DO,
            Self::NoHttp(_) => &say::ADAPTER_NOT_HTTP_DO,
            Self::TooLong | Self::About { .. } => &say::ADAPTER_TOO_LONG_DO,
            Self::Garbage(_) | Self::GarbageLong => &say::COMMAND_GARBAGE_DO,
            Self::Status(..) => &say::ADAPTER_STATUS_DO,
            Self::Redirect(..) => &say::ADAPTER_REDIRECT_DO,
            Self::Unserved(_) => &say::ADAPTER_UNSERVED_DO,
            Self::Page(_) => &say::ADAPTER_PAGE_DO,
            Self::Away => &say::PERSON_AWAY_DO,
            Self::Empty(_)
            | Self::NoText(_)
            | Self::NoJson { .. }
            | Self::Shape { .. }
            | Self::Value { .. } => &say::ADAPTER_CONTENT_DO,
        }
    }
}

impl Trouble {
    /// The party, its address and the call, what was found, what was expected and what to do, as
    /// a sentence of the table.
    pub fn says(&self) -> Phrase {
        let operation = self.operation;
        let (sentence, address, call) = match &self.with {
            Counterpart::Adapter(address) => {
                let call = format!("{} {}", operation.method(), self.target);
                (&say::ADAPTER_TROUBLE, address.as_str(), call)
            }
            Counterpart::Command(line) => {
                (&say::COMMAND_TROUBLE, line.as_str(), operation.to_string())
            }
            // A person has no address.
            Counterpart::Tester => (&say::PERSON_TROUBLE, "", operation.to_string()),
        };
        let fault = &self.fault;
        sentence.holding([
            Place::value(address),
            Place::value(call),
            fault.found().into(),
            fault.wanted(operation).into(),
            fault.remedy().plain().into(),
        ])
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.says().fmt(f)
    }
}

/// Milliseconds as seconds, with a point only where it is needed.
fn seconds(span: Millis) -> String {
    match span % 1000 {
        0 => (span / 1000).to_string(),
        rest => format!("{}.{rest:03}", span / 1000),
    }
}
