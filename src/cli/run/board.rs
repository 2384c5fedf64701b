//! The page beside the prompt: what a buyer is asked for now, large enough for a phone to scan. It is
//! served on this machine alone, as long as the run plays, and has no script.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use askama::Template;
use evidence::words::{BUYER_PAGE_IDLE, BUYER_PAGE_TITLE, Language};
use merchant::Task;
use parking_lot::Mutex;
use qrcode::QrCode;
use qrcode::render::svg;
use wire::{Patience, Reply, Request, Server};

/// What no browser may do with the page.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'none'";

/// The task that is shown now, if one is. Clones share it.
#[derive(Debug, Clone, Default)]
pub(super) struct Board(Arc<Mutex<Option<Task>>>);

/// A task on the board until this goes.
#[derive(Debug)]
pub(super) struct Pinned(Board);

impl Drop for Pinned {
    fn drop(&mut self) {
        *self.0.0.lock() = None;
    }
}

impl Board {
    /// Shows a task.
    pub(super) fn pin(&self, task: &Task) -> Pinned {
        *self.0.lock() = Some(task.clone());
        Pinned(self.clone())
    }

    /// Serves the page on this machine, on the runtime that this is called on.
    ///
    /// # Errors
    /// When the system has no port left.
    pub(super) async fn serve(&self, language: Language) -> io::Result<Server> {
        let listener = wire::loopback().await?;
        let (at, board) = (listener.local_addr()?, self.clone());
        wire::serve(listener, Patience::Short, move |request| {
            let reply = board.answer(&request, at, language);
            async move { reply }
        })
    }

    fn answer(&self, request: &Request, at: SocketAddr, language: Language) -> Reply {
        // A page of another site that has this machine's address for its own name sees nothing.
        if request.header("host") != Some(&*at.to_string()) {
            return plain(403);
        }
        if request.method != "GET" || request.path() != "/" {
            return plain(404);
        }
        let task = self.0.lock().clone();
        let page = Page {
            language: match language {
                Language::En => "en",
                Language::Zh => "zh",
            },
            title: BUYER_PAGE_TITLE.text(language),
            idle: BUYER_PAGE_IDLE.text(language),
            task: task.map(|task| Shown::of(&task, language)),
        };
        let Ok(body) = page.render() else { return plain(500) };
        let headers = [
            ("content-type", "text/html; charset=utf-8"),
            ("content-security-policy", POLICY),
            ("cache-control", "no-store"),
            ("referrer-policy", "no-referrer"),
            ("x-content-type-options", "nosniff"),
        ];
        let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        Reply { status: 200, headers, body: body.into_bytes() }
    }
}

fn plain(status: u16) -> Reply {
    Reply { status, headers: vec![], body: vec![] }
}

#[derive(Template)]
#[template(path = "buyer.html")]
struct Page {
    language: &'static str,
    title: &'static str,
    idle: &'static str,
    task: Option<Shown>,
}

/// A task in words.
struct Shown {
    about: String,
    instruction: String,
    particulars: Vec<(String, String)>,
    /// A drawing of our own, with no text of anybody's in it.
    code: Option<String>,
    expected: String,
}

impl Shown {
    fn of(task: &Task, language: Language) -> Self {
        let particulars = task.particulars.iter();
        Self {
            about: task.about.clone(),
            instruction: task.instruction.text(language),
            particulars: particulars
                .map(|(label, value)| (label.text(language), value.clone()))
                .collect(),
            code: task.picture.as_deref().and_then(drawn),
            expected: task.expected.text(language),
        }
    }
}

/// A text as a code that a scanner reads; `None` where it is too long for one.
fn drawn(text: &str) -> Option<String> {
    let drawing = QrCode::new(text).ok()?.render::<svg::Color<'_>>().build();
    let start = drawing.find("<svg")?;
    Some(drawing[start..].to_owned())
}

#[cfg(test)]
mod tests {
    use evidence::words::{Language, NOTHING};
    use merchant::Task;
    use wire::{Call, Client};

    use super::Board;

    fn task(offered: &str) -> Task {
        Task {
            about: "AMS-PAY-040".into(),
            instruction: NOTHING.plain(),
            particulars: vec![(NOTHING.plain(), offered.to_owned())],
            picture: Some(offered.to_owned()),
            expected: NOTHING.plain(),
            fields: vec![],
            acts: true,
        }
    }

    #[tokio::test]
    async fn the_page_shows_what_is_asked_now_and_nothing_to_other_sites() {
        let board = Board::default();
        let server = board.serve(Language::En).await.unwrap();
        let (http, at) = (Client::new(), server.address());
        let host = at.to_string();
        let page = async |host: &str, path: &str| {
            let answer = http.send(at, host, Call::get(path)).await.unwrap();
            (answer.status, String::from_utf8(answer.body.clone()).unwrap(), answer)
        };
        let (status, idle, _) = page(&host, "/").await;
        assert!(status == 200 && idle.contains("Nothing is asked"), "{idle}");
        let offered = "https://qr.example/\"><script>alert(1)</script>&amp;";
        let pinned = board.pin(&task(offered));
        let (status, shown, answer) = page(&host, "/").await;
        assert_eq!(status, 200);
        assert!(shown.contains("AMS-PAY-040") && shown.contains("<svg"), "{shown}");
        assert!(!shown.contains("<script") && shown.contains("&#60;script&#62;"), "{shown}");
        assert!(answer.header("content-security-policy").unwrap().contains("default-src 'none'"));
        for (host, path, wanted) in
            [("evil.example", "/", 403), ("localhost", "/", 403), (host.as_str(), "/other", 404)]
        {
            let (status, body, _) = page(host, path).await;
            assert!(status == wanted && body.is_empty(), "{host} {path}: {status} {body}");
        }
        drop(pinned);
        assert!(page(&host, "/").await.1.contains("Nothing is asked"));
        // What is too long for a code is shown as a text.
        let _long = board.pin(&task(&"a".repeat(5_000)));
        assert!(!page(&host, "/").await.1.contains("<svg"));
    }
}
