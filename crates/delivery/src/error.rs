//! Why a file did not come.

use std::fmt;

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
    /// What to do about it.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Refused(_) => "start the server, or correct its port",
            Self::Unreachable { .. } => "correct its name, or open the way there",
            Self::HostKey { .. } => {
                "pin the key that whoever runs the server tells you, or find out who answers in its \
                 place"
            }
            Self::Login { .. } => {
                "have this user let in with this key or password, or correct them"
            }
            Self::Stalled { .. } | Self::Dropped { .. } => {
                "look into the log of the server and at what lies between, then try again"
            }
            Self::NoRoot { .. } => {
                "name the path under which the server shows the folder that is delivered to"
            }
            Self::NoSuchFile(_) => "wait until it is delivered",
            Self::Denied { .. } => "let this user read what lies there",
            Self::Protocol { .. } => "make sure that an SFTP server answers there",
            Self::TooLarge { .. } => "find out what lies there: no reconciliation file is so large",
            Self::Local { .. } => "make room in the folder for temporary files",
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
