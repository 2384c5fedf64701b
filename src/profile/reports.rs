//! Where report files are delivered, and how the merchant fetches them.

use std::path::{Path, PathBuf};

use delivery::{KnownHost, Limits, Login, Queue, Sftp, Source};
use evidence::words::{
    HOST_KEY_DO, PASSWORD_MISSING, PASSWORD_MISSING_DO, PASSWORD_SHORT, PASSWORD_SHORT_DO, Phrase,
    REPORTS_FOLDER, REPORTS_FOLDER_DO, REPORTS_ONE, REPORTS_ONE_DO, SFTP_FIELD, SFTP_FIELD_DO,
    SFTP_LOGIN, SFTP_LOGIN_DO, SOURCE_SAME, SOURCE_SAME_DO, SSH_KEY_DO, Sentence,
};
use serde_json::{Value, json};
use steps::Depot;

use super::keys::{KeySource, Readable};
use super::raw::{RawReconciliation, RawSftp};
use super::read::Reader;
use super::{Driver, Profile, Sourced, short};
use crate::said;

/// The port of SSH.
const PORT: u16 = 22;
/// A password that is shorter could stand in a bundle by chance, so that nobody could say whether
/// it was told.
const SHORTEST_PASSWORD: usize = 12;

/// Where report files are delivered, and how the merchant fetches them.
#[derive(Debug, Clone)]
pub enum Reconciliation {
    /// Into a folder, which the merchant reads.
    Folder(PathBuf),
    /// Into a folder that a server shows.
    Sftp {
        /// The server, as the merchant reaches it.
        server: Box<Sftp>,
        /// Where key or password came from.
        login: KeySource,
        /// The folder, as this machine knows it.
        serves: PathBuf,
    },
}

impl Reconciliation {
    /// What scenarios deliver into and fetch from.
    pub fn depot(&self) -> Depot {
        match self {
            Self::Folder(folder) => Depot { folder: Some(folder.clone()), ..Depot::default() },
            Self::Sftp { server, serves, .. } => Depot {
                folder: Some(serves.clone()),
                server: Some(server.clone()),
                ..Depot::default()
            },
        }
    }

    /// For the bundle: no key material, and of each path of this machine the last name alone.
    pub(super) fn redacted(&self) -> Value {
        match self {
            Self::Folder(folder) => json!({ "folder": short(folder) }),
            Self::Sftp { server, login, serves } => {
                let way = match server.login {
                    Login::Password(_) => "password",
                    Login::Key(_) => "key",
                };
                json!({ "sftp": {
                    "host": server.host,
                    "port": server.port,
                    "user": server.user,
                    "login": { "by": way, "from": login.short() },
                    "known_host": server.known_host.fingerprint(),
                    "serves": short(serves),
                } })
            }
        }
    }

    /// What must not be told, with the name that the profile has for it.
    pub fn secret(&self) -> Option<(&'static str, Vec<u8>)> {
        match self {
            Self::Folder(_) => None,
            Self::Sftp { server, .. } => Some(("reconciliation.sftp", server.login.secret())),
        }
    }
}

impl Profile {
    /// What scenarios deliver report files into and fetch them from.
    pub fn depot(&self) -> Depot {
        let depot = self.reconciliation.as_ref().map(Reconciliation::depot).unwrap_or_default();
        Depot { source: self.report_source.clone().map(Source::Folder), ..depot }
    }

    /// Whether days of a gateway can be waited for that nobody moves: its own files come in, and the
    /// merchant's books outlive this program.
    pub fn has_days(&self) -> bool {
        self.report_source.is_some() && self.keeps_books()
    }

    /// Whether the merchant's books outlive this program, so that it can go on in another sitting.
    pub fn keeps_books(&self) -> bool {
        self.merchant.driver != Driver::Reference
    }

    /// The folder that report files are delivered into.
    pub fn depot_folder(&self) -> PathBuf {
        place(self.reconciliation.as_ref())
    }
}

impl Readable for Login {
    const SECRET: bool = true;
    const ADVICE: &'static Sentence = &SSH_KEY_DO;

    fn of(text: &[u8]) -> Result<Self, Phrase> {
        Self::key(&String::from_utf8_lossy(text)).map_err(|error| said::trust(&error))
    }
}

/// Where the section stands.
const AT: &str = "reconciliation";

impl Reader<'_> {
    /// Reads the section; `None` where something is wrong with it.
    pub(super) fn reconciliation(&mut self, raw: &RawReconciliation) -> Option<Reconciliation> {
        match (&raw.folder, &raw.sftp) {
            (Some(folder), None) => self.there(folder, &[AT, "folder"]).map(Reconciliation::Folder),
            (None, Some(sftp)) => self.sftp(sftp),
            (None, None) | (Some(_), Some(_)) => {
                self.add("P7", &[AT], REPORTS_ONE.plain(), &REPORTS_ONE_DO);
                None
            }
        }
    }

    /// Reads where the gateway's own files come in, which is nowhere that the merchant reads.
    pub(super) fn report_source(
        &mut self,
        raw: &RawReconciliation,
        delivered: Option<&Reconciliation>,
    ) -> Option<PathBuf> {
        let source = self.there(raw.source.as_ref()?, &[AT, "source"])?;
        let real = |path: &Path| path.canonicalize().ok();
        if delivered.is_some() && real(&place(delivered)) == real(&source) {
            let says = SOURCE_SAME.with([source.display()]);
            self.add("P7", &[AT, "source"], says, &SOURCE_SAME_DO);
            return None;
        }
        Some(source)
    }

    /// A folder that is there.
    fn there(&mut self, name: &str, at: &[&str]) -> Option<PathBuf> {
        let path = self.folder.join(name);
        if path.is_dir() {
            return Some(path);
        }
        self.add("P8", at, REPORTS_FOLDER.with([path.display()]), &REPORTS_FOLDER_DO);
        None
    }

    fn sftp(&mut self, raw: &RawSftp) -> Option<Reconciliation> {
        let root = raw.root.as_deref().unwrap_or("/");
        let port = raw.port.unwrap_or(PORT);
        let plain = |text: &str| {
            let odd = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '/' | '@');
            !text.is_empty() && text.len() <= 255 && !text.contains(odd)
        };
        let root_fits = !root.is_empty() && !root.contains(char::is_control);
        for (name, told, fits) in [
            ("host", raw.host.as_str(), plain(&raw.host)),
            ("port", &port.to_string(), port > 0),
            ("user", &raw.user, plain(&raw.user)),
            ("root", root, root_fits),
        ] {
            if !fits {
                let says = SFTP_FIELD.with([name, told]);
                self.add("P7", &[AT, "sftp", name], says, &SFTP_FIELD_DO);
            }
        }
        let known_host = KnownHost::parse(&raw.known_host).map_err(|error| {
            let at = [AT, "sftp", "known_host"];
            self.add("P7", &at, said::trust(&error), &HOST_KEY_DO);
        });
        let login = self.login(raw);
        let folder = self.there(&raw.serves, &[AT, "sftp", "serves"]);
        let Sourced { key: login, source } = login?;
        let server = Sftp {
            host: raw.host.clone(),
            port,
            user: raw.user.clone(),
            login,
            known_host: known_host.ok()?,
            root: root.trim_end_matches('/').to_owned(),
            limits: Limits::default(),
            queue: Queue::default(),
        };
        Some(Reconciliation::Sftp { server: Box::new(server), login: source, serves: folder? })
    }

    fn login(&mut self, raw: &RawSftp) -> Option<Sourced<Login>> {
        match (&raw.key, &raw.password_env) {
            (Some(key), None) => self.key::<Login>(key, &[AT, "sftp", "key"]),
            (None, Some(name)) => self.password(name),
            (None, None) | (Some(_), Some(_)) => {
                self.add("P7", &[AT, "sftp"], SFTP_LOGIN.plain(), &SFTP_LOGIN_DO);
                None
            }
        }
    }

    fn password(&mut self, name: &str) -> Option<Sourced<Login>> {
        let at = [AT, "sftp", "password_env"];
        let Some(password) = (self.variable)(name).filter(|text| !text.is_empty()) else {
            self.add("K1", &at, PASSWORD_MISSING.with([name]), &PASSWORD_MISSING_DO);
            return None;
        };
        if password.len() < SHORTEST_PASSWORD {
            let says = PASSWORD_SHORT.with([name, &SHORTEST_PASSWORD.to_string()]);
            self.add("K1", &at, says, &PASSWORD_SHORT_DO);
            return None;
        }
        Some(Sourced { key: Login::Password(password), source: KeySource::Env(name.to_owned()) })
    }
}

/// The folder that scenarios deliver into, as a person knows it.
pub(super) fn place(reconciliation: Option<&Reconciliation>) -> PathBuf {
    match reconciliation {
        None => std::env::temp_dir(),
        Some(Reconciliation::Folder(folder)) => folder.clone(),
        Some(Reconciliation::Sftp { serves, .. }) => Path::to_path_buf(serves),
    }
}
