//! Why a file did not come.

use std::fmt;

use evidence::words::{self as say, Phrase, Sentence};

/// Why a file, or the list of files, did not come.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeliveryError {
    /// Nobody listens there.
    #[error("{0} refuses the connection")]
    Refused(String),
    /// The way there is closed, or the name means nothing.
    #[error("{address} cannot be reached: {why}")]
    Unreachable {
        /// The server.
        address: String,
        /// What the system says.
        why: String,
    },
    /// The server is not the one that the profile means.
    #[error("{address} shows the host key {shown}, and the pinned one is {pinned}")]
    HostKey {
        /// The server.
        address: String,
        /// The fingerprint of the key that it shows.
        shown: String,
        /// The fingerprint of the key that it should show.
        pinned: String,
    },
    /// The server does not know the user, or not under this key or password.
    #[error("{address} refuses the login of '{user}'")]
    Login {
        /// The server.
        address: String,
        /// The user.
        user: String,
    },
    /// The server is there and says nothing.
    #[error("{address} kept silent for too long while {doing}")]
    Stalled {
        /// The server.
        address: String,
        /// What was waited for.
        doing: Doing,
    },
    /// The connection ended.
    #[error("the connection to {address} broke while {doing}")]
    Dropped {
        /// The server.
        address: String,
        /// What was being done.
        doing: Doing,
    },
    /// The folder in which the files of the gateway should lie is not there, so that nothing can be
    /// said about what lies in it.
    #[error("{address} shows no folder '{root}'")]
    NoRoot {
        /// The server.
        address: String,
        /// The folder.
        root: String,
    },
    /// There is no such file, or none yet.
    #[error("there is no {0}")]
    NoSuchFile(String),
    /// The file is there and is not given out.
    #[error("{path} is not given out: {why}")]
    Denied {
        /// The path.
        path: String,
        /// What the server, or the system, says.
        why: String,
    },
    /// The server says something that the protocol does not have.
    #[error("{address} does not follow the protocol while {doing}: {why}")]
    Protocol {
        /// The server.
        address: String,
        /// What was being done.
        doing: Doing,
        /// What is wrong.
        why: String,
    },
    /// The server lists more names than a day can have, and no end.
    #[error("{0} lists a directory without an end")]
    Endless(String),
    /// No genuine file is so large.
    #[error("{path} is larger than {limit} bytes")]
    TooLarge {
        /// The path.
        path: String,
        /// The limit.
        limit: u64,
    },
    /// The file came and this machine cannot keep it.
    #[error("{path} cannot be kept on this machine: {why}")]
    Local {
        /// The path.
        path: String,
        /// What the system says.
        why: String,
    },
}

impl DeliveryError {
    /// The same as a sentence of the table.
    pub fn says(&self) -> Phrase {
        match self {
            Self::Refused(address) => say::FETCH_REFUSED.with([address]),
            Self::Unreachable { address, why } => say::FETCH_UNREACHABLE.with([address, why]),
            Self::HostKey { address, shown, pinned } => {
                say::FETCH_HOST_KEY.with([address, shown, pinned])
            }
            Self::Login { address, user } => say::FETCH_LOGIN.with([address, user]),
            Self::Stalled { address, doing } => say::FETCH_STALLED.with([address, doing.word()]),
            Self::Dropped { address, doing } => say::FETCH_DROPPED.with([address, doing.word()]),
            Self::NoRoot { address, root } => say::FETCH_NO_ROOT.with([address, root]),
            Self::NoSuchFile(path) => say::FETCH_NO_FILE.with([path]),
            Self::Denied { path, why } => say::FETCH_DENIED.with([path, why]),
            Self::Protocol { address, doing, why } => {
                say::FETCH_PROTOCOL.with([address, doing.word(), why])
            }
            Self::Endless(address) => say::FETCH_ENDLESS.with([address]),
            Self::TooLarge { path, limit } => say::FETCH_TOO_LARGE.with([path, &limit.to_string()]),
            Self::Local { path, why } => say::FETCH_LOCAL.with([path, why]),
        }
    }

    /// What to do about it.
    pub fn advice(&self) -> &'static Sentence {
        match self {
            Self::Refused(_) => &say::FETCH_REFUSED_DO,
            Self::Unreachable { .. } => &say::FETCH_UNREACHABLE_DO,
            Self::HostKey { .. } => &say::FETCH_HOST_KEY_DO,
            Self::Login { .. } => &say::FETCH_LOGIN_DO,
            Self::Stalled { .. } | Self::Dropped { .. } => &say::FETCH_BETWEEN_DO,
            Self::NoRoot { .. } => &say::FETCH_NO_ROOT_DO,
            Self::NoSuchFile(_) => &say::FETCH_NO_FILE_DO,
            Self::Denied { .. } => &say::FETCH_DENIED_DO,
            Self::Protocol { .. } | Self::Endless(_) => &say::FETCH_PROTOCOL_DO,
            Self::TooLarge { .. } => &say::FETCH_TOO_LARGE_DO,
            Self::Local { .. } => &say::FETCH_LOCAL_DO,
        }
    }
}

/// What a server is needed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doing {
    /// Reaching it and agreeing on keys.
    Connecting,
    /// Proving who we are.
    LoggingIn,
    /// Reading a directory.
    Listing,
    /// Reading a file.
    Reading,
    /// All of it together.
    Delivering,
}

impl Doing {
    /// The word in the table of sentences.
    fn word(self) -> &'static str {
        match self {
            Self::Connecting => "connecting",
            Self::LoggingIn => "logging-in",
            Self::Listing => "listing",
            Self::Reading => "reading",
            Self::Delivering => "delivering",
        }
    }
}

impl fmt::Display for Doing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connecting => "connecting",
            Self::LoggingIn => "logging in",
            Self::Listing => "listing a directory",
            Self::Reading => "reading a file",
            Self::Delivering => "delivering",
        })
    }
}
