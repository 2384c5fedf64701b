//! Files of a server that speaks SFTP.

use std::fs::File;
use std::future::Future;
use std::io::{ErrorKind, Seek};
use std::sync::Arc;
use std::time::Duration;

use protocol::Day;
use protocol::ams::reconciliation::{FileName, directory};
use russh::Disconnect;
use russh::client::{AuthResult, Handle};
use russh::keys::PrivateKeyWithHashAlg;
use russh_sftp::client::error::Error as SftpError;
use russh_sftp::client::{Config, RawSftpSession, SftpSession};
use russh_sftp::protocol::StatusCode;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::error::{DeliveryError, Doing};
use crate::files;
use crate::trust::{Below, HostCheck, KnownHost, Login};

/// A server, who we are there, and how long we wait for it. Each delivery is a connection of its
/// own, so that none depends on what an earlier one left behind.
#[derive(Debug, Clone)]
pub struct Sftp {
    /// Its name or address.
    pub host: String,
    /// Its port, usually 22.
    pub port: u16,
    /// Who we are there.
    pub user: String,
    /// How we prove it.
    pub login: Login,
    /// The key that it has to show.
    pub known_host: KnownHost,
    /// What stands before the paths of the gateway; empty at the gateway itself.
    pub root: String,
    /// How long we wait.
    pub limits: Limits,
    /// What clones of this server share, so that they do not crowd in upon it.
    pub queue: Queue,
}

/// How many connections there are at once. OpenSSH takes ten that are not logged in yet and turns
/// others away at random; whoever waits here is not late, since no limit runs.
#[derive(Debug, Clone)]
pub struct Queue(Arc<Semaphore>);

/// Fewer than OpenSSH takes.
const AT_ONCE: usize = 8;

impl Default for Queue {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }
}

/// What a delivery may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Until the connection stands, with keys agreed on.
    pub connect: Duration,
    /// For each answer, and each piece of a file.
    pub read: Duration,
    /// For everything together.
    pub whole: Duration,
    /// Bytes of a file.
    pub bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            read: Duration::from_secs(30),
            whole: Duration::from_secs(30 * 60),
            bytes: 4 << 30,
        }
    }
}

/// More files than a day has.
const NAMES: usize = 100_000;
/// How much is asked for at once.
const PIECE: usize = 256 * 1024;

impl Sftp {
    pub(crate) async fn list(
        &self,
        customer_id: &str,
        date: Day,
    ) -> Result<Vec<FileName>, DeliveryError> {
        let path = directory(customer_id, date);
        Ok(files(&path, self.names(&path).await?.into_iter()))
    }

    /// The names in a directory, none if there is no directory.
    pub(crate) async fn names(&self, path: &str) -> Result<Vec<String>, DeliveryError> {
        let _turn = self.queue.0.acquire().await;
        let work = Box::pin(async {
            let line = Line::open(self).await?;
            let names = line.names(&self.below_root(path)).await?;
            line.close().await;
            Ok(names)
        });
        self.within(self.limits.whole, Doing::Delivering, work).await
    }

    pub(crate) async fn open(&self, name: &FileName) -> Result<File, DeliveryError> {
        self.open_path(&name.path()).await
    }

    pub(crate) async fn open_path(&self, path: &str) -> Result<File, DeliveryError> {
        let _turn = self.queue.0.acquire().await;
        let work = Box::pin(async {
            let line = Line::open(self).await?;
            let file = line.file(path).await?;
            line.close().await;
            Ok(file)
        });
        self.within(self.limits.whole, Doing::Delivering, work).await
    }

    /// Does something within a limit.
    async fn within<T>(
        &self,
        limit: Duration,
        doing: Doing,
        work: impl Future<Output = Result<T, DeliveryError>>,
    ) -> Result<T, DeliveryError> {
        let late = || DeliveryError::Stalled { address: self.address(), doing };
        timeout(limit, work).await.unwrap_or_else(|_elapsed| Err(late()))
    }

    /// A path of the gateway as the server has it. Those of the newer generation begin with a stroke,
    /// and the older one has plain names in one directory.
    fn below_root(&self, path: &str) -> String {
        let root = self.root.as_str();
        match path {
            "" if root.is_empty() => ".".to_owned(),
            "" => root.to_owned(),
            path if path.starts_with('/') || root.is_empty() => format!("{root}{path}"),
            path => format!("{root}/{path}"),
        }
    }

    fn address(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    fn protocol(&self, doing: Doing, why: &impl ToString) -> DeliveryError {
        DeliveryError::Protocol { address: self.address(), doing, why: why.to_string() }
    }

    /// What an answer of the server about a path means.
    fn answer(&self, doing: Doing, path: &str, error: &SftpError) -> DeliveryError {
        let path = path.to_owned();
        match error {
            SftpError::Status(status) if status.status_code == StatusCode::NoSuchFile => {
                DeliveryError::NoSuchFile(path)
            }
            SftpError::Status(status) => {
                DeliveryError::Denied { path, why: status.error_message.clone() }
            }
            SftpError::Timeout => DeliveryError::Stalled { address: self.address(), doing },
            // How the library tells that nobody answers its open requests any more.
            SftpError::IO(_) | SftpError::UnexpectedBehavior(_) => {
                DeliveryError::Dropped { address: self.address(), doing }
            }
            SftpError::Limited(_) | SftpError::UnexpectedPacket => self.protocol(doing, error),
        }
    }

    /// Limits of the library's own, none of which strikes before ours.
    fn config(&self) -> Config {
        Config { request_timeout_secs: self.limits.whole.as_secs() + 1, ..Config::default() }
    }
}

/// A connection on which we are logged in.
struct Line<'a> {
    server: &'a Sftp,
    handle: Handle<HostCheck>,
}

impl<'a> Line<'a> {
    async fn open(server: &'a Sftp) -> Result<Self, DeliveryError> {
        let limits = server.limits;
        let connect = server.within(limits.connect, Doing::Connecting, connect(server));
        let mut handle = connect.await?;
        server.within(limits.read, Doing::LoggingIn, login(server, &mut handle)).await?;
        Ok(Self { server, handle })
    }

    async fn close(self) {
        // Whoever does not hear the goodbye sees the connection end.
        let goodbye = self.handle.disconnect(Disconnect::ByApplication, "", "");
        let _ = timeout(self.server.limits.read, goodbye).await;
    }

    /// Waits for an answer within the limit.
    async fn wait<T>(
        &self,
        doing: Doing,
        answer: impl Future<Output = Result<T, DeliveryError>>,
    ) -> Result<T, DeliveryError> {
        self.server.within(self.server.limits.read, doing, answer).await
    }

    /// A channel on which the server speaks SFTP.
    async fn channel(
        &self,
        doing: Doing,
    ) -> Result<russh::ChannelStream<russh::client::Msg>, DeliveryError> {
        let server = self.server;
        let below = |error: russh::Error| Below::from(error).at(&server.address(), doing);
        let opened = self.wait(doing, async {
            let channel = self.handle.channel_open_session().await.map_err(below)?;
            channel.request_subsystem(true, "sftp").await.map_err(below)?;
            Ok(channel)
        });
        Ok(opened.await?.into_stream())
    }

    /// The names in a directory, none if there is no directory.
    async fn names(&self, path: &str) -> Result<Vec<String>, DeliveryError> {
        let (server, doing) = (self.server, Doing::Listing);
        let stream = self.channel(doing).await?;
        let session = RawSftpSession::new_with_config(stream, server.config());
        let told = |error: &SftpError| server.answer(doing, path, error);
        self.wait(doing, async { session.init().await.map_err(|error| told(&error)) }).await?;
        let opened = self
            .wait(doing, async { session.opendir(path).await.map_err(|error| told(&error)) })
            .await;
        let handle = match opened {
            Err(DeliveryError::NoSuchFile(_)) => {
                self.prove_root(&session).await?;
                return Ok(vec![]);
            }
            opened => opened?.handle,
        };
        let mut names = vec![];
        loop {
            let page = self.wait(doing, async {
                match session.readdir(handle.as_str()).await {
                    Ok(page) => Ok(page.files),
                    Err(SftpError::Status(end)) if end.status_code == StatusCode::Eof => Ok(vec![]),
                    Err(error) => Err(told(&error)),
                }
            });
            let page = page.await?;
            if page.is_empty() {
                return Ok(names);
            }
            names.extend(page.into_iter().map(|file| file.filename));
            if names.len() > NAMES {
                return Err(DeliveryError::Endless(server.address()));
            }
        }
    }

    /// A day without a directory is one whose files have not come, unless there is nothing above it
    /// either: then the server shows another place than the one that is meant.
    async fn prove_root(&self, session: &RawSftpSession) -> Result<(), DeliveryError> {
        let (server, root) = (self.server, self.server.root.as_str());
        if root.is_empty() {
            return Ok(());
        }
        let opened = self.wait(Doing::Listing, async {
            let opened = session.opendir(root).await;
            opened.map_err(|error| server.answer(Doing::Listing, root, &error))
        });
        match opened.await {
            Err(DeliveryError::NoSuchFile(root)) => {
                Err(DeliveryError::NoRoot { address: server.address(), root })
            }
            Err(other) => Err(other),
            Ok(_) => Ok(()),
        }
    }

    /// A file, brought here.
    async fn file(&self, path: &str) -> Result<File, DeliveryError> {
        let (server, doing) = (self.server, Doing::Reading);
        let full = server.below_root(path);
        let local = |error: std::io::Error| DeliveryError::Local {
            path: path.to_owned(),
            why: error.to_string(),
        };
        let denied = |error: &std::io::Error| DeliveryError::Denied {
            path: path.to_owned(),
            why: error.to_string(),
        };
        let stream = self.channel(doing).await?;
        let told = |error: &SftpError| server.answer(doing, path, error);
        let session = SftpSession::new_with_config(stream, server.config());
        let session =
            self.wait(doing, async { session.await.map_err(|error| told(&error)) }).await?;
        let mut source = self
            .wait(doing, async { session.open(full).await.map_err(|error| told(&error)) })
            .await?;
        let mut target = tokio::fs::File::from_std(tempfile::tempfile().map_err(local)?);
        let mut piece = vec![0; PIECE];
        let mut bytes = 0;
        loop {
            let read = self.wait(doing, async {
                source.read(&mut piece).await.map_err(|error| {
                    match error.get_ref().and_then(|inner| inner.downcast_ref()) {
                        Some(inner) => told(inner),
                        None => denied(&error),
                    }
                })
            });
            let length = read.await?;
            if length == 0 {
                break;
            }
            bytes += length as u64;
            if bytes > server.limits.bytes {
                let limit = server.limits.bytes;
                return Err(DeliveryError::TooLarge { path: path.to_owned(), limit });
            }
            target.write_all(piece.get(..length).unwrap_or_default()).await.map_err(local)?;
        }
        target.flush().await.map_err(local)?;
        let mut file = target.into_std().await;
        file.rewind().map_err(local)?;
        Ok(file)
    }
}

async fn connect(server: &Sftp) -> Result<Handle<HostCheck>, DeliveryError> {
    let address = server.address();
    let stream = TcpStream::connect((server.host.as_str(), server.port)).await;
    let stream = stream.map_err(|error| {
        if error.kind() == ErrorKind::ConnectionRefused {
            return DeliveryError::Refused(address.clone());
        }
        DeliveryError::Unreachable { address: address.clone(), why: error.to_string() }
    })?;
    let config = russh::client::Config {
        preferred: server.known_host.preferred(),
        nodelay: true,
        ..russh::client::Config::default()
    };
    let check = HostCheck { address: address.clone(), known: server.known_host.clone() };
    let connected = russh::client::connect_stream(Arc::new(config), stream, check).await;
    connected.map_err(|error| error.at(&address, Doing::Connecting))
}

async fn login(server: &Sftp, handle: &mut Handle<HostCheck>) -> Result<(), DeliveryError> {
    let address = server.address();
    let below = |error: russh::Error| Below::from(error).at(&address, Doing::LoggingIn);
    let user = server.user.as_str();
    let result = match &server.login {
        Login::Password(password) => handle.authenticate_password(user, password).await,
        Login::Key(key) => {
            let hash = if key.algorithm().is_rsa() {
                // A server that does not say what it takes, takes the newer ones.
                let known = handle.best_supported_rsa_hash().await.map_err(below)?;
                known.flatten().or(Some(russh::keys::HashAlg::Sha256))
            } else {
                None
            };
            let key = PrivateKeyWithHashAlg::new(key.clone(), hash);
            handle.authenticate_publickey(user, key).await
        }
    };
    match result.map_err(below)? {
        AuthResult::Success => Ok(()),
        AuthResult::Failure { .. } => {
            Err(DeliveryError::Login { address, user: server.user.clone() })
        }
    }
}
