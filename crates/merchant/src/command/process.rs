//! One process: its three pipes, and the calls that wait for an answer.

use std::collections::HashMap;
use std::process::Stdio;

use clock::{Clock, Millis};
use serde::Deserialize;
use serde_json::json;
use serde_json::value::RawValue;
use tokio::io::{AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use wire::BODY_CAP;

use super::lines::{self, Read};
use super::{Ask, Launch, Listener};
use crate::adapter::{Answer, Fault, shortened};

/// How much of a line for people is passed on at once, in bytes.
const WORDS: usize = 8 * 1024;
/// How many answers may wait to be read.
const WAITING: usize = 4;

/// What a process did.
pub(super) enum Event {
    /// It wrote a line.
    Line(Vec<u8>),
    /// It wrote a line that is longer than any answer.
    LongLine,
    /// It ended, or will answer no more.
    Ended,
}

/// A process that runs, or that ran.
pub(super) struct Process {
    child: Child,
    calls: Option<mpsc::UnboundedSender<String>>,
    answers: mpsc::Receiver<Event>,
    /// Who writes its input, reads its output and reads its words for people.
    pipes: [JoinHandle<()>; 3],
    number: u64,
    waiting: HashMap<u64, oneshot::Sender<Result<Answer, Fault>>>,
}

/// An answer as a line.
#[derive(Deserialize)]
struct Line<'a> {
    id: u64,
    status: u16,
    #[serde(borrow, default)]
    body: Option<&'a RawValue>,
}

impl Process {
    pub(super) fn start(launch: &Launch, listener: &Listener) -> std::io::Result<Self> {
        let mut command = tokio::process::Command::new(&launch.program);
        command
            .args(&launch.arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        // Ctrl-C is for the runner, which ends the process when the record is closed.
        #[cfg(unix)]
        command.process_group(0);
        if let Some(folder) = &launch.folder {
            command.current_dir(folder);
        }
        let mut child = command.spawn()?;
        let (calls, called) = mpsc::unbounded_channel();
        let (told, answers) = mpsc::channel(WAITING);
        let pipes = [
            tokio::spawn(write(child.stdin.take(), called)),
            tokio::spawn(read(child.stdout.take(), told)),
            tokio::spawn(pass_on(child.stderr.take(), listener.clone())),
        ];
        let (number, waiting) = Default::default();
        Ok(Self { child, calls: Some(calls), answers, pipes, number, waiting })
    }

    /// Writes a call.
    pub(super) fn hand_over(&mut self, ask: Ask) {
        self.number += 1;
        let call = ask.wish.operation.name();
        let line = json!({ "id": self.number, "call": call, "body": ask.wish.body });
        self.waiting.insert(self.number, ask.answer);
        if let Some(calls) = &self.calls {
            // A process that reads no more has ended, which its output tells.
            drop(calls.send(format!("{line}\n")));
        }
    }

    /// What it does next.
    pub(super) async fn next(&mut self) -> Event {
        tokio::select! {
            biased;
            event = self.answers.recv() => event.unwrap_or(Event::Ended),
            _ = self.child.wait() => Event::Ended,
        }
    }

    /// Gives an answer to who waits for it. One that comes after its time is no fault any more.
    pub(super) fn answered(&mut self, line: &[u8]) -> Result<(), Fault> {
        if line.trim_ascii().is_empty() {
            return Ok(());
        }
        let garbage = || Fault::Garbage(shortened(&String::from_utf8_lossy(line)));
        let read: Line = serde_json::from_slice(line).map_err(|_no_answer| garbage())?;
        let answer = self.waiting.remove(&read.id).ok_or_else(garbage)?;
        let body = read.body.map(|body| body.get().as_bytes().to_vec()).unwrap_or_default();
        let came = Answer { status: read.status, page: false, location: None, body };
        // Who gave up waiting needs no answer.
        drop(answer.send(Ok(came)));
        Ok(())
    }

    /// Closes its input, takes what it still answers, and stops it when it does not end within
    /// `grace`. Answers how it ended.
    pub(super) async fn end(&mut self, grace: Millis, clock: &Clock) -> String {
        self.calls = None;
        let by_itself = async {
            while let Some(event) = self.answers.recv().await {
                if let Event::Line(line) = event {
                    // What is wrong with it is no news: it is over.
                    drop(self.answered(&line));
                }
            }
            self.child.wait().await
        };
        let ended = tokio::select! {
            biased;
            ended = by_itself => ended,
            () = clock.sleep(grace) => {
                // It may have ended just now.
                drop(self.child.start_kill());
                self.child.wait().await
            }
        };
        let [writer, reader, words] = &mut self.pipes;
        // Its last words say why, so they come before the error.
        tokio::select! {
            biased;
            _ = &mut *words => {}
            () = clock.sleep(grace) => {}
        }
        for pipe in [writer, reader, words] {
            pipe.abort();
        }
        ended.map_or_else(|error| error.to_string(), |status| status.to_string())
    }

    /// Tells everybody who waits that nothing will come.
    pub(super) fn fail_all(&mut self, fault: &Fault) {
        for (_, answer) in self.waiting.drain() {
            // Who gave up waiting needs no answer.
            drop(answer.send(Err(fault.clone())));
        }
    }
}

async fn write(pipe: Option<ChildStdin>, mut called: mpsc::UnboundedReceiver<String>) {
    let Some(mut pipe) = pipe else { return };
    while let Some(line) = called.recv().await {
        if pipe.write_all(line.as_bytes()).await.is_err() || pipe.flush().await.is_err() {
            return;
        }
    }
}

async fn read(pipe: Option<ChildStdout>, told: mpsc::Sender<Event>) {
    let Some(mut pipe) = pipe.map(BufReader::new) else { return };
    loop {
        let event = match lines::next(&mut pipe, BODY_CAP).await {
            Read::Line(line) => Event::Line(line),
            Read::Cut(_) => Event::LongLine,
            Read::End => return,
        };
        if told.send(event).await.is_err() {
            return;
        }
    }
}

async fn pass_on(pipe: Option<ChildStderr>, listener: Listener) {
    let Some(mut pipe) = pipe.map(BufReader::new) else { return };
    loop {
        match lines::next(&mut pipe, WORDS).await {
            Read::Line(line) | Read::Cut(line) => {
                let text = String::from_utf8_lossy(&line);
                listener(text.trim_end_matches('\r'));
            }
            Read::End => return,
        }
    }
}
