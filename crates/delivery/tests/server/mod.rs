//! OpenSSH's own server, one process for each connection, behind a listener of ours that can break
//! what passes.

use std::io::Read as _;
use std::net::SocketAddr;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream as Pair;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use delivery::{KnownHost, Limits, Login, Sftp};
use protocol::Day;
use protocol::ams::reconciliation::{FileName, directory};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixStream};

pub(crate) const CUSTOMER: &str = "1022188000000000001";

pub(crate) fn day() -> Day {
    Day::parse("20260105").unwrap()
}

pub(crate) fn name(sequence: u16) -> FileName {
    let directory = directory(CUSTOMER, day());
    FileName::parse(&format!("{directory}/transactionItems_KRW_{sequence:03}.csv")).unwrap()
}

/// What happens to what the server says.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Fault {
    Nothing,
    /// Nothing more passes after so many bytes.
    Stall(usize),
    /// The connection is closed after so many bytes.
    Drop(usize),
}

/// A server over a folder of its own. Its processes end with their connections.
pub(crate) struct Server {
    folder: TempDir,
    address: SocketAddr,
    rsa: String,
}

/// Where the program lies.
fn sshd() -> Option<PathBuf> {
    let places = ["/usr/sbin/sshd", "/usr/local/sbin/sshd", "/usr/bin/sshd"];
    places.iter().map(PathBuf::from).find(|path| path.exists())
}

/// Why the program would not serve with these settings.
fn trouble(program: Option<&Path>, config: &Path) -> Option<String> {
    let Some(program) = program else { return Some("it is not installed".into()) };
    let tried = Command::new(program).args(["-t", "-f"]).arg(config).output().unwrap();
    (!tried.status.success()).then(|| String::from_utf8_lossy(&tried.stderr).into_owned())
}

fn new_key(path: &Path, kind: &str) -> String {
    let mut command = Command::new("ssh-keygen");
    command.args(["-q", "-N", "", "-t", kind, "-f"]).arg(path);
    if kind == "rsa" {
        command.args(["-b", "2048"]);
    }
    assert!(command.status().unwrap().success());
    std::fs::read_to_string(path.with_extension("pub")).unwrap()
}

impl Server {
    /// `None` where there is no server to start.
    pub(crate) async fn start(fault: Fault) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let place = |name: &str| folder.path().join(name);
        let rsa = new_key(&place("host_rsa"), "rsa");
        new_key(&place("host_ed25519"), "ed25519");
        new_key(&place("user_rsa"), "rsa");
        let mut users = new_key(&place("user"), "ed25519");
        users += &std::fs::read_to_string(place("user_rsa.pub")).unwrap();
        std::fs::write(place("users"), users).unwrap();
        let text = format!(
            "HostKey {}\nHostKey {}\nAuthorizedKeysFile {}\nUsePAM no\nStrictModes no\n\
             PermitRootLogin yes\nPasswordAuthentication yes\nPidFile none\nUseDNS no\n\
             Subsystem sftp internal-sftp\n",
            place("host_rsa").display(),
            place("host_ed25519").display(),
            place("users").display(),
        );
        std::fs::write(place("config"), text).unwrap();
        let program = sshd();
        if let Some(why) = trouble(program.as_deref(), &place("config")) {
            assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "CI needs sshd: {why}");
            eprintln!("left out, since sshd cannot be started: {why}");
            return None;
        }
        std::fs::create_dir_all(place("root").join(&directory(CUSTOMER, day())[1..])).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(serve(listener, program?, place("config"), fault));
        Some(Self { folder, address, rsa })
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Puts a file where the gateway would.
    pub(crate) fn put(&self, name: &FileName, bytes: &[u8]) {
        std::fs::write(self.path("root").join(&name.path()[1..]), bytes).unwrap();
    }

    pub(crate) fn line(&self, key: &str) -> String {
        let line = std::fs::read_to_string(self.path(key)).unwrap();
        format!("[127.0.0.1]:{} {line}", self.address.port())
    }

    /// A client that this server lets in.
    pub(crate) fn client(&self) -> Sftp {
        let root = self.path("root").display().to_string();
        let login = Login::key(&std::fs::read_to_string(self.path("user")).unwrap()).unwrap();
        let known_host = KnownHost::parse(&self.rsa).unwrap();
        Sftp { root, login, known_host, ..client(self.address) }
    }
}

/// A client with limits that a test has time for.
pub(crate) fn client(address: SocketAddr) -> Sftp {
    let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
    let user = Command::new("id").arg("-un").output().unwrap();
    Sftp {
        host: "127.0.0.1".into(),
        port: address.port(),
        user: String::from_utf8(user.stdout).unwrap().trim().into(),
        login: Login::Password("wrong".into()),
        known_host: KnownHost::parse(key).unwrap(),
        root: String::new(),
        limits: Limits::default(),
    }
}

pub(crate) const SHORT: Duration = Duration::from_millis(300);

/// Starts a server process for each connection and carries the bytes.
async fn serve(listener: TcpListener, program: PathBuf, config: PathBuf, fault: Fault) {
    while let Ok((client, _)) = listener.accept().await {
        let (ours, theirs) = Pair::pair().unwrap();
        let theirs = OwnedFd::from(theirs);
        let mut command = Command::new(&program);
        command.args(["-i", "-e", "-f"]).arg(&config).env_clear();
        command.stdin(Stdio::from(theirs.try_clone().unwrap())).stdout(Stdio::from(theirs));
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut stderr = child.stderr.take().unwrap();
        drop(command);
        // What the server complains about is worth reading when a test fails.
        std::thread::spawn(move || {
            let mut text = String::new();
            let _ = stderr.read_to_string(&mut text);
            let _ = child.wait();
            eprintln!("{text}");
        });
        ours.set_nonblocking(true).unwrap();
        let server = UnixStream::from_std(ours).unwrap();
        tokio::spawn(carry(client, server, fault));
    }
}

async fn carry(client: TcpStream, server: UnixStream, fault: Fault) {
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let up = tokio::spawn(async move {
        let _ = tokio::io::copy(&mut from_client, &mut to_server).await;
    });
    let limit = match fault {
        Fault::Nothing => usize::MAX,
        Fault::Stall(limit) | Fault::Drop(limit) => limit,
    };
    let (mut passed, mut piece) = (0, vec![0; 16 * 1024]);
    while passed < limit {
        let length = from_server.read(&mut piece).await.unwrap_or(0);
        if length == 0 {
            break;
        }
        let allowed = length.min(limit - passed);
        passed += allowed;
        if to_client.write_all(&piece[..allowed]).await.is_err() {
            break;
        }
    }
    if let (Fault::Stall(_), true) = (fault, passed >= limit) {
        // Both ends stay open until the client has had enough.
        let _ = up.await;
        return;
    }
    up.abort();
}
