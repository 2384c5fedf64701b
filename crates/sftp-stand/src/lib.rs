//! A server for tests: OpenSSH's own, one process for each connection, behind a listener of ours
//! that can break what passes. Where there is none, a small one of our own stands in, unless
//! `CI=true` says that OpenSSH's must be there.
#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    clippy::missing_panics_doc,
    reason = "a test has nobody to tell but us"
)]

mod own;

use std::io::Read as _;
use std::net::SocketAddr;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream as Pair;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use delivery::{KnownHost, Limits, Login, Queue, Sftp};
use protocol::Day;
use protocol::ams::reconciliation::{FileName, directory};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixStream};

/// Whose files these are.
pub const CUSTOMER: &str = "1022188000000000001";

/// A day.
pub fn day() -> Day {
    Day::parse("20260105").unwrap()
}

/// A file of that day.
pub fn name(sequence: u16) -> FileName {
    let directory = directory(CUSTOMER, day());
    FileName::parse(&format!("{directory}/transactionItems_KRW_{sequence:03}.csv")).unwrap()
}

/// What happens to what the server says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// All of it passes.
    Nothing,
    /// Nothing more passes after so many bytes.
    Stall(usize),
    /// The connection is closed after so many bytes.
    Drop(usize),
}

/// A server over a folder of its own, `root`, in which a login also begins. Its processes end with
/// their connections.
#[derive(Debug)]
pub struct Server {
    folder: TempDir,
    address: SocketAddr,
    rsa: String,
    breaking: Breaking,
}

/// What happens to the connections to come, and after how many whole ones.
type Breaking = Arc<Mutex<(usize, Fault)>>;

/// Who answers a connection.
#[derive(Debug, Clone)]
enum Answerer {
    OpenSsh { program: PathBuf, config: PathBuf },
    Own(own::Door),
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
    /// Starts one.
    pub async fn start(fault: Fault) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let place = |name: &str| folder.path().join(name);
        let rsa = new_key(&place("host_rsa"), "rsa");
        new_key(&place("host_ed25519"), "ed25519");
        new_key(&place("user_rsa"), "rsa");
        let mut users = new_key(&place("user"), "ed25519");
        users += &std::fs::read_to_string(place("user_rsa.pub")).unwrap();
        std::fs::write(place("users"), users).unwrap();
        std::fs::create_dir_all(place("root").join(&directory(CUSTOMER, day())[1..])).unwrap();
        let answerer = answerer(folder.path());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let breaking = Arc::new(Mutex::new((0, fault)));
        tokio::spawn(serve(listener, answerer, breaking.clone()));
        Self { folder, address, rsa, breaking }
    }

    /// Lets so many more connections be whole, and breaks those that follow.
    pub fn set(&self, whole: usize, fault: Fault) {
        *self.breaking.lock().unwrap() = (whole, fault);
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// A file of its own: keys, and `root`.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Puts a file where the gateway would.
    pub fn put(&self, name: &FileName, bytes: &[u8]) {
        std::fs::write(self.path("root").join(&name.path()[1..]), bytes).unwrap();
    }

    /// A public key as a line of `known_hosts`.
    pub fn line(&self, key: &str) -> String {
        let line = std::fs::read_to_string(self.path(key)).unwrap();
        format!("[127.0.0.1]:{} {line}", self.address.port())
    }

    /// A client that this server lets in.
    pub fn client(&self) -> Sftp {
        let root = self.path("root").display().to_string();
        let login = Login::key(&std::fs::read_to_string(self.path("user")).unwrap()).unwrap();
        let known_host = KnownHost::parse(&self.rsa).unwrap();
        Sftp { login, known_host, root, ..client(self.address) }
    }
}

/// Who runs the test: nobody else can log in.
pub fn user() -> String {
    let user = Command::new("id").arg("-un").output().unwrap();
    String::from_utf8(user.stdout).unwrap().trim().into()
}

/// A client that nobody knows.
pub fn client(address: SocketAddr) -> Sftp {
    let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
    Sftp {
        host: "127.0.0.1".into(),
        port: address.port(),
        user: user(),
        login: Login::Password("wrong".into()),
        known_host: KnownHost::parse(key).unwrap(),
        root: String::new(),
        limits: Limits::default(),
        queue: Queue::default(),
    }
}

/// Shorter than anybody answers who never does.
pub const SHORT: Duration = Duration::from_millis(300);

/// Whoever can be started here.
fn answerer(folder: &Path) -> Answerer {
    let place = |name: &str| folder.join(name);
    let text = format!(
        "HostKey {}\nHostKey {}\nAuthorizedKeysFile {}\nUsePAM no\nStrictModes no\n\
         PermitRootLogin yes\nPasswordAuthentication yes\nPidFile none\nUseDNS no\n\
         Subsystem sftp internal-sftp -d {}\n",
        place("host_rsa").display(),
        place("host_ed25519").display(),
        place("users").display(),
        place("root").display(),
    );
    std::fs::write(place("config"), text).unwrap();
    let program = sshd();
    match (trouble(program.as_deref(), &place("config")), program) {
        (None, Some(program)) => Answerer::OpenSsh { program, config: place("config") },
        (why, _) => {
            let why = why.unwrap_or_default();
            assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "CI needs sshd: {why}");
            eprintln!("a server of our own stands in, since sshd cannot be started: {why}");
            Answerer::Own(own::Door::new(folder))
        }
    }
}

/// Answers each connection and carries the bytes.
async fn serve(listener: TcpListener, answerer: Answerer, breaking: Breaking) {
    while let Ok((client, _)) = listener.accept().await {
        let (ours, theirs) = Pair::pair().unwrap();
        match &answerer {
            Answerer::OpenSsh { program, config } => start(program, config, theirs),
            Answerer::Own(door) => door.open(theirs),
        }
        ours.set_nonblocking(true).unwrap();
        let server = UnixStream::from_std(ours).unwrap();
        tokio::spawn(carry(client, server, next(&breaking)));
    }
}

/// What happens to the next connection.
fn next(breaking: &Breaking) -> Fault {
    let mut breaking = breaking.lock().unwrap();
    match breaking.0.checked_sub(1) {
        Some(left) => {
            breaking.0 = left;
            Fault::Nothing
        }
        None => breaking.1,
    }
}

/// Starts a server process that speaks to one client.
fn start(program: &Path, config: &Path, theirs: Pair) {
    let theirs = OwnedFd::from(theirs);
    let mut command = Command::new(program);
    command.args(["-i", "-e", "-f"]).arg(config).env_clear();
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
