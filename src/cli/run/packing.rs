//! Writing the files of a bundle: each goes into the folder and, packed, towards the zip, while it
//! is digested and searched for secrets. No file is in memory as a whole.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read as _, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;

use evidence::ATTACHMENTS;
use evidence::words::{ATTACH_CHANGED, ATTACH_CHANGED_DO, RUN_SECRET, RUN_SECRET_DO};
use signing::Sha256Stream;

use crate::exit::CommandError;
use crate::seal::bundle::names;
use crate::seal::{Bundled, Packed, Packer, Search, Secrets, Subject};
use crate::verdict::Results;

/// How much is digested, packed and searched at a time.
const PIECE: usize = 64 << 10;
/// How many pieces of a file may wait for that.
const WAITING: usize = 8;

/// A bundle being written below a folder.
#[derive(Debug)]
pub(in crate::cli) struct Packing {
    pub(in crate::cli) folder: PathBuf,
    pub(in crate::cli) secrets: Secrets,
}

/// A file that is written.
#[derive(Debug)]
pub(in crate::cli) struct Done {
    pub(in crate::cli) subject: Subject,
    pub(in crate::cli) packed: Packed,
}

/// Takes the bytes of a file.
struct Sink<'a> {
    copy: Option<File>,
    packer: Packer,
    digest: Sha256Stream,
    search: Search<'a>,
    length: u64,
}

impl Write for Sink<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Some(copy) = &mut self.copy {
            copy.write_all(bytes)?;
        }
        self.packer.write_all(bytes)?;
        self.digest.update(bytes);
        self.search.see(bytes);
        self.length += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Hands what is written over to the thread that packs it.
struct Handing(SyncSender<Vec<u8>>);

impl Write for Handing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let gone = |_unsent| io::ErrorKind::BrokenPipe;
        self.0.send(bytes.to_vec()).map_err(gone)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Packing {
    fn sink(&self, copy: Option<File>, packer: Packer) -> Sink<'_> {
        let digest = Sha256Stream::new();
        Sink { copy, packer, digest, search: self.secrets.search(), length: 0 }
    }

    /// Packs what is large into a file without a name, until the zip is written.
    fn packer(&self) -> Result<Packer, CommandError> {
        let file = tempfile::tempfile_in(&self.folder);
        let unwritable = |source| CommandError::Write { path: self.folder.clone(), source };
        file.map(Packer::into_file).map_err(unwritable)
    }

    /// Writes the file that `write` makes, and answers what `write` does. What it has made is
    /// packed by another thread meanwhile.
    pub(in crate::cli) fn file<T>(
        &self,
        name: &str,
        write: impl FnOnce(&mut dyn Write) -> Result<T, CommandError>,
    ) -> Result<(Done, T), CommandError> {
        self.new_file(name, self.packer()?, |mut sink| {
            thread::scope(|scope| {
                let (pieces, made) = sync_channel::<Vec<u8>>(WAITING);
                let packing = scope.spawn(move || {
                    made.into_iter().try_for_each(|piece| sink.write_all(&piece))?;
                    Ok::<_, io::Error>(sink)
                });
                let mut out = BufWriter::with_capacity(PIECE, Handing(pieces));
                let answer = write(&mut out);
                let flushed = out.into_inner().map(drop).map_err(io::IntoInnerError::into_error);
                let sink = packing.join().map_err(|_panic| CommandError::Bug("packing".into()))?;
                // Who writes is only told that nobody packs any more, so why comes first.
                let sink = sink.map_err(|source| self.unwritable(name, source))?;
                let answer = answer?;
                flushed.map_err(|source| self.unwritable(name, source))?;
                Ok((sink, answer))
            })
        })
    }

    /// Writes a file that is in memory.
    pub(in crate::cli) fn bytes(&self, file: &Bundled) -> Result<Done, CommandError> {
        let written = self.new_file(&file.name, Packer::default(), |mut sink| {
            let written = sink.write_all(&file.bytes);
            written.map_err(|source| self.unwritable(&file.name, source))?;
            Ok((sink, ()))
        });
        written.map(|(done, ())| done)
    }

    /// Writes the verdict.
    pub(in crate::cli) fn results(&self, results: &Results) -> Result<Done, CommandError> {
        let write = |out: &mut dyn Write| {
            let written = results.write_json(out);
            written.map_err(|source| self.unwritable(names::RESULTS, source))
        };
        self.file(names::RESULTS, write).map(|(done, ())| done)
    }

    /// Creates a file and lets `write` write it. One that would hold a secret does not stay.
    fn new_file<'a, T>(
        &'a self,
        name: &str,
        packer: Packer,
        write: impl FnOnce(Sink<'a>) -> Result<(Sink<'a>, T), CommandError>,
    ) -> Result<(Done, T), CommandError> {
        let path = self.folder.join(name);
        let unwritable = |source| self.unwritable(name, source);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(unwritable)?;
        }
        let copy = File::create(&path).map_err(unwritable)?;
        let (sink, answer) = write(self.sink(Some(copy), packer))?;
        let done = Self::finish(sink, name, &path);
        if done.is_err() {
            // The error that is told says more than a second one about the clean-up.
            drop(fs::remove_file(&path));
        }
        Ok((done?, answer))
    }

    fn unwritable(&self, name: &str, source: io::Error) -> CommandError {
        CommandError::Write { path: self.folder.join(name), source }
    }

    /// Packs what was attached, unless it is no longer what its name says.
    pub(super) fn attachment(&self, name: &str) -> Result<Done, CommandError> {
        let done = self.standing(name)?;
        let digest = name.strip_prefix(ATTACHMENTS).and_then(|file| file.split('.').next());
        if digest == Some(done.subject.digest.sha256.as_str()) {
            return Ok(done);
        }
        Err(CommandError::Bundle {
            says: ATTACH_CHANGED.with([name]),
            advice: ATTACH_CHANGED_DO.plain(),
        })
    }

    /// Packs a file that stands in the folder already.
    pub(in crate::cli) fn standing(&self, name: &str) -> Result<Done, CommandError> {
        let path = self.folder.join(name);
        let unreadable = |source| CommandError::Read { path: path.clone(), source };
        let mut file = File::open(&path).map_err(unreadable)?;
        let mut sink = self.sink(None, self.packer()?);
        let mut piece = vec![0; PIECE];
        loop {
            let length = file.read(&mut piece).map_err(unreadable)?;
            if length == 0 {
                return Self::finish(sink, name, &path);
            }
            sink.write_all(&piece[..length]).map_err(unreadable)?;
        }
    }

    fn finish(sink: Sink<'_>, name: &str, path: &Path) -> Result<Done, CommandError> {
        if let Some(key) = sink.search.found() {
            return Err(CommandError::Bundle {
                says: RUN_SECRET.with([key, name]),
                advice: RUN_SECRET_DO.plain(),
            });
        }
        let subject = Subject::new(name, sink.digest.finish_hex(), sink.length);
        let packed = sink.packer.finish(name, || fs::read(path));
        let packed = packed.map_err(|why| CommandError::Bug(why.says().into()))?;
        Ok(Done { subject, packed })
    }
}
