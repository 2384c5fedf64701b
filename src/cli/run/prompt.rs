//! The person at the till, asked on the terminal: one task at a time, in the order of asking.

use std::io::{self, BufRead as _};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use evidence::Attachment;
use evidence::words::{
    PROMPT_ATTACHED, PROMPT_COMMANDS, PROMPT_DONE, PROMPT_EXPECTED, PROMPT_LOOKED, Phrase, Sentence,
};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use merchant::{Away, Came, Field, Form, Person, Reply, Task};
use qrcode::QrCode;
use qrcode::render::unicode::Dense1x2;
use tokio::sync::Mutex;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::attach::Shelf;
use crate::cli::output::{Aside, Span, Tone};

/// What attaches a file, at any prompt.
const ATTACH: &str = "attach";
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
}

impl Prompt {
    /// A person whose lines are those of standard input.
    pub(super) fn new(screen: Aside, shelf: Arc<Shelf>, stop: Arc<AtomicBool>) -> Self {
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
        Self { screen, shelf, lines: Mutex::new(lines), stop }
    }

    fn show(&self, task: &Task) {
        let screen = self.screen;
        screen.line([""]);
        screen.line([Span::new(Tone::Strong, format!("── {} ──", task.about))]);
        screen.line([Span::new(Tone::Advice, screen.text(&task.instruction))]);
        for (label, value) in &task.particulars {
            let label = screen.text(label);
            screen.line([Span::new(Tone::Faint, format!("  {label}: ")), Span::from(&**value)]);
        }
        let picture = task.picture.as_ref().and_then(|text| QrCode::new(text).ok());
        if let Some(code) = picture {
            let drawn = code.render::<Dense1x2>().quiet_zone(true).build();
            drawn.lines().for_each(|line| screen.line([Span::new(Tone::Paper, line)]));
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
            let Some(line) = lines.recv().await else {
                self.stop.store(true, Ordering::SeqCst);
                return Err(Away);
            };
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

/// What stands behind a command in a line; `None` where the line is none.
fn behind<'a>(line: &'a str, command: &str) -> Option<&'a str> {
    let rest = line.strip_prefix(command)?;
    (rest.is_empty() || rest.starts_with(' ')).then(|| rest.trim())
}
