//! Files over SFTP, from OpenSSH's own server and from servers that do not serve.
#![expect(clippy::unwrap_used, reason = "a test has nobody to hand an error to")]

use std::io::Read;
use std::sync::Arc;
use std::time::Duration;

use delivery::{DeliveryError, Doing, KnownHost, Limits, Login, Sftp, Source};
use russh::keys::{Algorithm, PrivateKey};
use russh::server::Auth;
use sftp_stand::{CUSTOMER, Fault, SHORT, Server, client, day, name};
use tokio::net::{TcpListener, TcpSocket};

fn source(client: Sftp) -> Source {
    Source::Sftp(Box::new(client))
}

/// Bytes that no compression makes small.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 1_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    };
    (0..length).map(|_| next()).collect()
}

async fn fetch(source: &Source, number: u16) -> Result<Vec<u8>, DeliveryError> {
    let mut bytes = vec![];
    source.open(&name(number)).await?.read_to_end(&mut bytes).unwrap();
    Ok(bytes)
}

#[tokio::test]
async fn files_are_listed_in_order_and_come_byte_for_byte() {
    let server = Server::start(Fault::Nothing).await;
    let big = noise(5_000_001);
    server.put(&name(2), b"");
    server.put(&name(0), b"header\n<END>\n");
    server.put(&name(1), &big);
    std::fs::write(server.path("root").join("v1/settlements/other.csv"), "x").unwrap();
    let directory = protocol::ams::reconciliation::directory(CUSTOMER, day());
    std::fs::write(server.path("root").join(&directory[1..]).join("notes.txt"), "x").unwrap();
    let source = source(server.client());
    assert_eq!(source.list(CUSTOMER, day()).await, Ok(vec![name(0), name(1), name(2)]));
    assert_eq!(fetch(&source, 0).await.unwrap(), b"header\n<END>\n");
    assert!(fetch(&source, 1).await.unwrap() == big);
    assert_eq!(fetch(&source, 2).await.unwrap(), b"");
}

#[tokio::test]
async fn what_is_not_there_yet_is_no_failure_of_the_list() {
    let server = Server::start(Fault::Nothing).await;
    let source = source(server.client());
    assert_eq!(source.list(CUSTOMER, day()).await, Ok(vec![]));
    assert_eq!(source.list(CUSTOMER, day().next()).await, Ok(vec![]));
    let path = name(0).path();
    assert_eq!(fetch(&source, 0).await, Err(DeliveryError::NoSuchFile(path)));
}

#[tokio::test]
async fn every_kind_of_host_key_can_be_pinned_and_every_kind_of_key_logs_in() {
    let server = Server::start(Fault::Nothing).await;
    for host in ["host_rsa.pub", "host_ed25519.pub"] {
        for user in ["user", "user_rsa"] {
            let key = std::fs::read_to_string(server.path(user)).unwrap();
            let login = Login::key(&key).unwrap();
            let known_host = KnownHost::parse(&server.line(host)).unwrap();
            let source = source(Sftp { login, known_host, ..server.client() });
            assert_eq!(source.list(CUSTOMER, day()).await, Ok(vec![]), "{host} {user}");
        }
    }
}

#[tokio::test]
async fn a_server_with_another_host_key_is_told_nothing() {
    let server = Server::start(Fault::Nothing).await;
    let stranger = KnownHost::parse(&server.line("user_rsa.pub")).unwrap();
    let shown = KnownHost::parse(&server.line("host_rsa.pub")).unwrap().fingerprint();
    let pinned = stranger.fingerprint();
    let source = source(Sftp { known_host: stranger, ..server.client() });
    let told = source.list(CUSTOMER, day()).await.unwrap_err();
    let DeliveryError::HostKey { address, .. } = told.clone() else { unreachable!("{told}") };
    assert_eq!(told, DeliveryError::HostKey { address, shown, pinned });
}

#[tokio::test]
async fn a_wrong_key_and_a_wrong_password_are_refused_logins() {
    let server = Server::start(Fault::Nothing).await;
    let stranger = std::fs::read_to_string(server.path("host_rsa")).unwrap();
    for login in [Login::key(&stranger).unwrap(), Login::Password("open sesame".into())] {
        let client = Sftp { login, ..server.client() };
        let user = client.user.clone();
        let told = source(client).list(CUSTOMER, day()).await.unwrap_err();
        let DeliveryError::Login { user: refused, .. } = told else { unreachable!("{told}") };
        assert_eq!(refused, user);
    }
}

#[tokio::test]
async fn a_file_that_is_too_large_is_left_where_it_is() {
    let server = Server::start(Fault::Nothing).await;
    server.put(&name(0), &noise(1_000_000));
    let limits = Limits { bytes: 999_999, ..Limits::default() };
    let told = fetch(&source(Sftp { limits, ..server.client() }), 0).await;
    let path = name(0).path();
    assert_eq!(told, Err(DeliveryError::TooLarge { path, limit: 999_999 }));
    let limits = Limits { bytes: 1_000_000, ..Limits::default() };
    assert!(fetch(&source(Sftp { limits, ..server.client() }), 0).await.is_ok());
}

#[tokio::test]
async fn a_connection_that_stalls_or_breaks_in_the_middle_of_a_file_is_told() {
    let middle = 1_000_000;
    for (fault, stalls) in [(Fault::Stall(middle), true), (Fault::Drop(middle), false)] {
        let server = Server::start(fault).await;
        server.put(&name(0), &noise(5_000_000));
        // Long enough for a busy machine to log in.
        let limits = Limits { read: Duration::from_secs(4), ..Limits::default() };
        let client = Sftp { limits, ..server.client() };
        let client_address = format!("{}:{}", client.host, client.port);
        let told = fetch(&source(client), 0).await.unwrap_err();
        let (address, doing) = (client_address, Doing::Reading);
        let stalled = DeliveryError::Stalled { address: address.clone(), doing };
        let dropped = DeliveryError::Dropped { address, doing };
        assert_eq!(told, if stalls { stalled } else { dropped });
    }
}

#[tokio::test]
async fn everything_together_has_a_limit_too() {
    let server = Server::start(Fault::Stall(1_000_000)).await;
    server.put(&name(0), &noise(5_000_000));
    let limits = Limits { whole: Duration::from_secs(2), ..Limits::default() };
    let told = fetch(&source(Sftp { limits, ..server.client() }), 0).await.unwrap_err();
    let DeliveryError::Stalled { doing, .. } = told else { unreachable!("{told}") };
    assert_eq!(doing, Doing::Delivering);
}

#[tokio::test]
async fn a_port_where_nobody_listens_refuses() {
    // Bound and never listening, so that nobody else takes the port.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = socket.local_addr().unwrap();
    let told = source(client(address)).list(CUSTOMER, day()).await;
    assert_eq!(told, Err(DeliveryError::Refused(address.to_string())));
    let nowhere = Sftp { host: "no-such-host.invalid".into(), ..client(address) };
    let told = source(nowhere).list(CUSTOMER, day()).await.unwrap_err();
    assert!(matches!(told, DeliveryError::Unreachable { .. }), "{told}");
}

#[tokio::test]
async fn a_server_that_never_speaks_stalls_and_one_that_hangs_up_drops() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let limits = Limits { connect: SHORT, ..Limits::default() };
    let silent = source(Sftp { limits, ..client(address) });
    let told = silent.list(CUSTOMER, day()).await.unwrap_err();
    let stalled = DeliveryError::Stalled { address: address.to_string(), doing: Doing::Connecting };
    assert_eq!(told, stalled);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            drop(stream);
        }
    });
    let told = source(client(address)).list(CUSTOMER, day()).await.unwrap_err();
    let doing = Doing::Connecting;
    assert_eq!(told, DeliveryError::Dropped { address: address.to_string(), doing });
}

#[tokio::test]
async fn a_server_of_another_kind_does_not_follow_the_protocol() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let page = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n".repeat(100);
            let _ = tokio::io::AsyncWriteExt::write_all(&mut stream, &page).await;
        }
    });
    let told = source(client(address)).list(CUSTOMER, day()).await.unwrap_err();
    assert!(matches!(told, DeliveryError::Protocol { doing: Doing::Connecting, .. }), "{told}");
}

/// A server that knows a password and has nothing to give.
struct Doorkeeper;

impl russh::server::Handler for Doorkeeper {
    type Error = russh::Error;

    async fn auth_password(&mut self, _: &str, password: &str) -> Result<Auth, russh::Error> {
        Ok(if password == "open sesame" { Auth::Accept } else { Auth::reject() })
    }
}

#[tokio::test]
async fn the_right_password_logs_in_and_another_does_not() {
    let key = PrivateKey::random(&mut russh::keys::key::safe_rng(), Algorithm::Ed25519).unwrap();
    let known = KnownHost::parse(&key.public_key().to_openssh().unwrap()).unwrap();
    let config = russh::server::Config { keys: vec![key], ..russh::server::Config::default() };
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let session = russh::server::run_stream(config.clone(), stream, Doorkeeper);
            tokio::spawn(async move { session.await.unwrap().await });
        }
    });
    for (password, right) in [("open sesame", true), ("open says me", false)] {
        let login = Login::Password(password.into());
        let client = Sftp { login, known_host: known.clone(), ..client(address) };
        let told = source(client).list(CUSTOMER, day()).await.unwrap_err();
        let logged_in = matches!(told, DeliveryError::Protocol { doing: Doing::Listing, .. });
        let refused = matches!(told, DeliveryError::Login { .. });
        assert_eq!((logged_in, refused), (right, !right), "{told}");
    }
}

#[tokio::test]
async fn a_server_that_shows_another_place_is_not_one_whose_files_have_not_come() {
    let server = Server::start(Fault::Nothing).await;
    server.put(&name(0), b"header\n<END>\n");
    let at = |root: String| source(Sftp { root, ..server.client() });
    let start = at(".".into());
    assert_eq!(start.list(CUSTOMER, day()).await, Ok(vec![name(0)]));
    assert_eq!(start.list(CUSTOMER, day().next()).await, Ok(vec![]));
    let root = format!("{}/elsewhere", server.path("root").display());
    let told = at(root.clone()).list(CUSTOMER, day()).await.unwrap_err();
    let address = server.address().to_string();
    assert_eq!(told, DeliveryError::NoRoot { address, root });
}

#[tokio::test]
async fn a_server_is_not_crowded_by_those_who_fetch_at_once() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let source = source(client(listener.local_addr().unwrap()));
    for _ in 0..20 {
        let source = source.clone();
        tokio::spawn(async move { source.list(CUSTOMER, day()).await });
    }
    let mut taken = vec![];
    while let Ok(connection) = tokio::time::timeout(SHORT, listener.accept()).await {
        taken.push(connection.unwrap());
    }
    assert_eq!(taken.len(), 8);
}
