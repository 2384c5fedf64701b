//! A server of our own: it knows the keys of one folder and reads what lies below another. It
//! speaks as much SFTP as a client needs that lists and reads.

use std::collections::HashMap;
use std::fs;
use std::os::unix::fs::FileExt as _;
use std::os::unix::net::UnixStream as Pair;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use russh::keys::{PublicKey, load_secret_key};
use russh::server::{Auth, ChannelOpenHandle, Msg, Session};
use russh::{Channel, ChannelId};
use russh_sftp::protocol::{
    Attrs, Data, File, FileAttributes, Handle, Name, OpenFlags, Status, StatusCode,
};
use tokio::net::UnixStream;

/// Where connections come in.
#[derive(Debug, Clone)]
pub(super) struct Door {
    config: Arc<russh::server::Config>,
    users: Vec<PublicKey>,
    root: PathBuf,
}

impl Door {
    pub(super) fn new(folder: &Path) -> Self {
        let hosts = ["host_rsa", "host_ed25519"];
        let keys = hosts.map(|name| load_secret_key(folder.join(name), None).unwrap()).to_vec();
        let config = russh::server::Config {
            keys,
            auth_rejection_time: Duration::ZERO,
            ..russh::server::Config::default()
        };
        let users = fs::read_to_string(folder.join("users")).unwrap();
        let users = users.lines().map(|line| PublicKey::from_openssh(line).unwrap()).collect();
        Self { config: Arc::new(config), users, root: folder.join("root") }
    }

    /// Speaks to one client.
    pub(super) fn open(&self, stream: Pair) {
        stream.set_nonblocking(true).unwrap();
        let stream = UnixStream::from_std(stream).unwrap();
        let guest = Guest { door: self.clone(), channels: HashMap::new() };
        let session = russh::server::run_stream(self.config.clone(), stream, guest);
        tokio::spawn(async move {
            // A client that goes away in the middle is what some tests are about.
            if let Ok(session) = session.await {
                let _ = session.await;
            }
        });
    }
}

/// A client at the door.
struct Guest {
    door: Door,
    channels: HashMap<ChannelId, Channel<Msg>>,
}

impl russh::server::Handler for Guest {
    type Error = russh::Error;

    async fn auth_publickey(&mut self, _: &str, key: &PublicKey) -> Result<Auth, russh::Error> {
        let known = self.door.users.iter().any(|user| user.key_data() == key.key_data());
        Ok(if known { Auth::Accept } else { Auth::reject() })
    }

    async fn channel_open_session(
        &mut self,
        channel: Channel<Msg>,
        reply: ChannelOpenHandle,
        _: &mut Session,
    ) -> Result<(), russh::Error> {
        self.channels.insert(channel.id(), channel);
        reply.accept().await;
        Ok(())
    }

    async fn subsystem_request(
        &mut self,
        id: ChannelId,
        _: &str,
        session: &mut Session,
    ) -> Result<(), russh::Error> {
        session.channel_success(id)?;
        if let Some(channel) = self.channels.remove(&id) {
            let files = Shelf { root: self.door.root.clone(), told: false };
            russh_sftp::server::run(channel.into_stream(), files).await;
        }
        Ok(())
    }
}

/// The files. A handle is the path that it was opened for.
struct Shelf {
    root: PathBuf,
    /// Whether the directory was read to its end.
    told: bool,
}

impl Shelf {
    /// A relative path begins where a login does.
    fn place(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }
}

/// What the client is told about a file that cannot be had.
fn absent(_: std::io::Error) -> StatusCode {
    StatusCode::NoSuchFile
}

impl russh_sftp::server::Handler for Shelf {
    type Error = StatusCode;

    fn unimplemented(&self) -> StatusCode {
        StatusCode::OpUnsupported
    }

    async fn opendir(&mut self, id: u32, path: String) -> Result<Handle, StatusCode> {
        fs::read_dir(self.place(&path)).map_err(absent)?;
        self.told = false;
        Ok(Handle { id, handle: path })
    }

    async fn readdir(&mut self, id: u32, handle: String) -> Result<Name, StatusCode> {
        if self.told {
            return Err(StatusCode::Eof);
        }
        self.told = true;
        let entries = fs::read_dir(self.place(&handle)).map_err(absent)?;
        let names = entries.flatten().map(|entry| entry.file_name().display().to_string());
        let files = names.map(|name| File::new(name, FileAttributes::default())).collect();
        Ok(Name { id, files })
    }

    async fn open(
        &mut self,
        id: u32,
        path: String,
        _: OpenFlags,
        _: FileAttributes,
    ) -> Result<Handle, StatusCode> {
        fs::File::open(self.place(&path)).map_err(absent)?;
        Ok(Handle { id, handle: path })
    }

    async fn fstat(&mut self, id: u32, handle: String) -> Result<Attrs, StatusCode> {
        let about = fs::metadata(self.place(&handle)).map_err(absent)?;
        Ok(Attrs { id, attrs: FileAttributes::from(&about) })
    }

    async fn read(
        &mut self,
        id: u32,
        handle: String,
        offset: u64,
        len: u32,
    ) -> Result<Data, StatusCode> {
        let file = fs::File::open(self.place(&handle)).map_err(absent)?;
        let mut data = vec![0; usize::try_from(len).unwrap().min(256 * 1024)];
        let length = file.read_at(&mut data, offset).map_err(absent)?;
        data.truncate(length);
        if data.is_empty() { Err(StatusCode::Eof) } else { Ok(Data { id, data }) }
    }

    async fn close(&mut self, id: u32, _: String) -> Result<Status, StatusCode> {
        Ok(Status {
            id,
            status_code: StatusCode::Ok,
            error_message: "Ok".into(),
            language_tag: "en".into(),
        })
    }
}
