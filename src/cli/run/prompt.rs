//! The person at the till, asked on the terminal: one task at a time, in the order of asking.

use std::io::{self, BufRead as _};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use evidence::Attachment;
use evidence::words::{
    PROMPT_ATTACHED, PROMPT_COMMANDS, PROMPT_DONE, PROMPT_EXPECTED, PROMPT_LOOKED, PROMPT_WIDE,
    Phrase, Sentence,
};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use merchant::{Away, Came, Field, Form, Person, Reply, Task};
use qrcode::QrCode;
use qrcode::render::unicode::Dense1x2;
use tokio::sync::Mutex;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::attach::Shelf;
use super::board::Board;
use crate::cli::output::{Aside, Span, Tone, one_line};

/// What attaches a file, at any prompt.
const ATTACH: &str = "attach";
/// How wide a terminal is at least. A code that is broken over two lines is none.
const COLUMNS: usize = 80;
/// What has to stay blank beside a code, on both sides together.
const MARGINS: usize = 8;

/// What says that the merchant refused.
const REFUSED: &str = "refused";
/// What says that the merchant has nothing of the kind.
const LACKING: &str = "lacking";

/// A person at this terminal.
pub(super) struct Prompt {
    screen: Aside,
    shelf: Arc<Shelf>,
    /// What is typed. Whoever holds it is being answered; the lock is given in the order of asking.
    lines: Mutex<UnboundedReceiver<String>>,
    /// Set when nobody types any more.
    stop: Arc<AtomicBool>,
    /// Where a task is shown besides.
    board: Board,
}

impl Prompt {
    /// A person whose lines are those of standard input.
    pub(super) fn new(
        screen: Aside,
        shelf: Arc<Shelf>,
        stop: Arc<AtomicBool>,
        board: Board,
    ) -> Self {
        let (sender, lines) = unbounded_channel();
        // Nobody waits for this thread: it may be reading when everything else is over, and a line
        // is not taken back.
        std::thread::spawn(move || {
            for line in io::stdin().lock().lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Self { board, ..Self::reading(lines, screen, shelf, stop) }
    }

    /// A person whose lines come from elsewhere.
    fn reading(
        lines: UnboundedReceiver<String>,
        screen: Aside,
        shelf: Arc<Shelf>,
        stop: Arc<AtomicBool>,
    ) -> Self {
        Self { screen, shelf, lines: Mutex::new(lines), stop, board: Board::default() }
    }

    fn show(&self, task: &Task) {
        let screen = self.screen;
        screen.line([""]);
        screen.line([Span::new(Tone::Strong, format!("── {} ──", task.about))]);
        screen.line([Span::new(Tone::Advice, screen.text(&task.instruction))]);
        for (label, value) in &task.particulars {
            screen.line(named(&screen.text(label), value));
        }
        let picture = task.picture.as_ref().and_then(|text| QrCode::new(text).ok());
        if let Some(code) = picture {
            if code.width() + MARGINS > COLUMNS {
                screen.line([Span::new(Tone::Faint, screen.text(&PROMPT_WIDE.plain()))]);
            } else {
                let drawn = code.render::<Dense1x2>().quiet_zone(true).build();
                drawn.lines().for_each(|line| screen.line([Span::new(Tone::Paper, line)]));
            }
        }
        self.say(&PROMPT_EXPECTED, &task.expected);
        screen.line([Span::new(Tone::Faint, screen.text(&PROMPT_COMMANDS.plain()))]);
    }

    fn say(&self, sentence: &Sentence, what: &Phrase) {
        let says = sentence.holding([what.clone().into()]);
        self.screen.line([self.screen.text(&says)]);
    }

    /// The next line that is no attachment.
    async fn line(
        &self,
        lines: &mut UnboundedReceiver<String>,
        question: &str,
        attached: &mut Vec<Attachment>,
    ) -> Result<String, Away> {
        loop {
            self.screen.ask(question);
            let Some(line) = lines.recv().await else { return Err(self.gone().await) };
            let line = line.trim().to_owned();
            let Some(path) = behind(&line, ATTACH) else { return Ok(line) };
            match self.shelf.keep(Path::new(path)) {
                Ok(made) => {
                    let says = PROMPT_ATTACHED.with([&made.name, &made.sha256]);
                    self.screen.line([Span::new(Tone::Good, self.screen.text(&says))]);
                    attached.push(made);
                }
                Err(why) => self.wrong(&why),
            }
        }
    }

    /// Nobody types any more, which stops the run. What is being played then does not end, so that it
    /// is played again when the run goes on; a trial sale has nothing to go on with.
    async fn gone(&self) -> Away {
        self.stop.store(true, Ordering::SeqCst);
        if self.shelf.is_open() {
            std::future::pending::<()>().await;
        }
        Away
    }

    fn wrong(&self, why: &Phrase) {
        self.screen.line([Span::new(Tone::Bad, self.screen.text(why))]);
    }

    async fn end(
        &self,
        lines: &mut UnboundedReceiver<String>,
        attached: &mut Vec<Attachment>,
    ) -> Result<Came, Away> {
        let question = self.screen.text(&PROMPT_DONE.plain());
        loop {
            let line = self.line(lines, &question, attached).await?;
            if line.is_empty() {
                return Ok(Came::Done);
            }
            if let Some(why) = behind(&line, REFUSED) {
                return Ok(Came::Refused(why.to_owned()));
            }
            if let Some(why) = behind(&line, LACKING) {
                return Ok(Came::Lacking(why.to_owned()));
            }
        }
    }

    async fn field(
        &self,
        lines: &mut UnboundedReceiver<String>,
        field: &Field,
        attached: &mut Vec<Attachment>,
    ) -> Result<String, Away> {
        self.screen.line([self.screen.text(&field.label)]);
        if let Form::Choice(words) = &field.form {
            for (number, (_, says)) in (1..).zip(words) {
                self.screen.line([format!("  {number}  {}", self.screen.text(says))]);
            }
        }
        loop {
            match field.form.read(&self.line(lines, "", attached).await?) {
                Ok(value) => return Ok(value),
                Err(wanted) => self.wrong(&wanted),
            }
        }
    }

    async fn do_task(&self, task: Task) -> Result<Reply, Away> {
        let mut lines = self.lines.lock().await;
        // What was typed before this was shown is no answer to it.
        while lines.try_recv().is_ok() {}
        self.show(&task);
        let _shown = self.board.pin(&task);
        let mut reply = Reply::default();
        if task.acts {
            reply.came = self.end(&mut lines, &mut reply.attached).await?;
        } else {
            self.screen.line([self.screen.text(&PROMPT_LOOKED.plain())]);
        }
        if reply.came == Came::Done {
            for field in &task.fields {
                let value = self.field(&mut lines, field, &mut reply.attached).await?;
                reply.values.insert(field.name.clone(), value);
            }
        }
        Ok(reply)
    }
}

impl Person for Prompt {
    fn ask(&self, task: Task) -> BoxFuture<'_, Result<Reply, Away>> {
        self.do_task(task).boxed()
    }
}

/// A particular on a line of its own. Some come from a gateway, and a line break in one could pass for
/// a task of ours.
fn named(label: &str, value: &str) -> [Span; 2] {
    [Span::new(Tone::Faint, format!("  {label}: ")), Span::from(one_line(value))]
}

/// What stands behind a command in a line; `None` where the line is none.
fn behind<'a>(line: &'a str, command: &str) -> Option<&'a str> {
    let rest = line.strip_prefix(command)?;
    (rest.is_empty() || rest.starts_with(' ')).then(|| rest.trim())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    use evidence::words::{Language, NOTHING};
    use merchant::{Away, Came, Field, Form, Person, Reply, Task};
    use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
    use tokio::task::{JoinHandle, yield_now};

    use super::{Aside, Prompt, Shelf, Span, named};

    struct Seat {
        prompt: Arc<Prompt>,
        typed: UnboundedSender<String>,
        stop: Arc<AtomicBool>,
        folder: tempfile::TempDir,
    }

    impl Seat {
        fn new() -> Self {
            let (typed, lines) = unbounded_channel();
            let (shelf, stop) = (Arc::<Shelf>::default(), Arc::<AtomicBool>::default());
            let folder = tempfile::tempdir().unwrap();
            shelf.opens(folder.path());
            let screen = Aside::unseen(Language::Zh);
            let prompt = Arc::new(Prompt::reading(lines, screen, shelf, stop.clone()));
            Self { prompt, typed, stop, folder }
        }

        /// Asks, and lets it be shown.
        async fn asks(&self, task: Task) -> JoinHandle<Result<Reply, Away>> {
            let prompt = self.prompt.clone();
            let asked = tokio::spawn(async move { prompt.ask(task).await });
            yield_now().await;
            asked
        }

        async fn types(&self, line: &str) {
            self.typed.send(line.to_owned()).unwrap();
            yield_now().await;
        }
    }

    fn task(about: &str, acts: bool, fields: &[&str]) -> Task {
        let field = |name: &&str| Field {
            name: (*name).to_owned(),
            label: NOTHING.plain(),
            form: Form::Amounts { currency: "USD".into() },
        };
        Task {
            about: about.to_owned(),
            instruction: NOTHING.plain(),
            particulars: vec![],
            picture: Some("2812".to_owned()),
            expected: NOTHING.plain(),
            fields: fields.iter().map(field).collect(),
            acts,
        }
    }

    #[tokio::test]
    async fn one_task_is_done_at_a_time_in_the_order_of_asking() {
        let seat = Seat::new();
        seat.types("typed before anything was asked").await;
        let one = seat.asks(task("one", true, &[])).await;
        let two = seat.asks(task("two", true, &["paid"])).await;
        let three = seat.asks(task("three", true, &[])).await;
        seat.types("refused not open").await;
        let reply = one.await.unwrap().unwrap();
        assert_eq!(reply.came, Came::Refused("not open".into()));
        assert!(!two.is_finished() && !three.is_finished());
        for line in ["", "twelve", "12"] {
            assert!(!two.is_finished(), "{line}");
            seat.types(line).await;
        }
        let reply = two.await.unwrap().unwrap();
        assert_eq!((reply.came, reply.values["paid"].as_str()), (Came::Done, "USD 12.00"));
        assert!(!three.is_finished());
        seat.types("lacking").await;
        assert_eq!(three.await.unwrap().unwrap().came, Came::Lacking(String::new()));
    }

    #[tokio::test]
    async fn a_file_is_attached_at_any_prompt_and_what_is_none_of_the_words_is_asked_again() {
        let seat = Seat::new();
        let picture = seat.folder.path().join("a b.png");
        std::fs::write(&picture, b"\x89PNG\r\n\x1a\n").unwrap();
        let asked = seat.asks(task("one", true, &["paid"])).await;
        for line in ["attach none.png", "refusedly", "yes", ""] {
            seat.types(line).await;
        }
        seat.types(&format!("attach {}", picture.display())).await;
        seat.types("").await;
        let reply = asked.await.unwrap().unwrap();
        assert_eq!((reply.came, reply.attached.len()), (Came::Done, 1));
        assert_eq!(reply.attached[0].name, "a b.png");
    }

    #[test]
    fn what_a_gateway_offers_is_shown_on_one_line() {
        let offered = "https://qr.example/\n── AMS-PAY-001 ──\nType it in";
        let [_, shown] = named("to scan", offered);
        let line = "https://qr.example/\\n── AMS-PAY-001 ──\\nType it in";
        assert_eq!(shown, Span::from(line));
    }

    #[tokio::test]
    async fn whoever_leaves_stops_the_run() {
        let seat = Seat::new();
        let asked = seat.asks(task("one", false, &["paid"])).await;
        let Seat { prompt, typed, stop, folder } = seat;
        drop(typed);
        for _ in 0..3 {
            yield_now().await;
        }
        // What was being played is not ended by it: it is played again when the run goes on.
        assert!(stop.load(Ordering::SeqCst) && !asked.is_finished());
        drop((prompt, folder));
        // In a trial sale nothing is recorded yet, and somebody waits for its end.
        let (typed, lines) = unbounded_channel();
        drop(typed);
        let screen = Aside::unseen(Language::En);
        let trial = Prompt::reading(lines, screen, Arc::default(), stop);
        assert_eq!(trial.ask(task("two", true, &[])).await, Err(Away));
    }
}
