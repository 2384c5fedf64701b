//! Wall time and peak memory of the whole mandatory run, beside the bare cost of its signatures on
//! the same cores.
//!
//! The run is the real one: the program itself, from its start to the sealed bundle. How many
//! signatures were in it is counted from its record.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a benchmark measures real time, prints it, and stops where its own stage breaks"
)]

use std::hint::black_box;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use evidence::{Leg, Record};
use protocol::ams::Verified;
use signing::PrivateKey;

/// Rounds of the comparison, run and bare signatures in turn.
const ROUNDS: usize = 9;
/// How often the size of the running program is looked at.
const LOOK: Duration = Duration::from_millis(5);
/// About as long as what an exchange signs.
const MESSAGE: [u8; 700] = [b'x'; 700];

/// What one run took.
struct Took {
    wall: Duration,
    /// Kibibytes, where the system tells.
    peak: Option<u64>,
}

/// Plays everything mandatory into `out`, which does not exist yet.
fn whole_run(out: &Path) -> Took {
    let mut command = Command::new(env!("CARGO_BIN_EXE_assay"));
    command.arg("run").arg("--quiet").arg("--out").arg(out).stdout(Stdio::null());
    let start = Instant::now();
    let mut child = command.spawn().expect("the program starts");
    let status = format!("/proc/{}/status", child.id());
    thread::scope(|scope| {
        let peak = scope.spawn(move || watch(&status));
        let ended = Child::wait(&mut child).expect("the program ends");
        let wall = start.elapsed();
        assert!(ended.success(), "the whole run passes: {ended}");
        Took { wall, peak: peak.join().ok().flatten() }
    })
}

/// The largest resident size of a process until it ends.
fn watch(status: &str) -> Option<u64> {
    let mut peak = None;
    while let Some(size) = high_water(status) {
        peak = Some(size);
        thread::sleep(LOOK);
    }
    peak
}

fn high_water(status: &str) -> Option<u64> {
    let text = std::fs::read_to_string(status).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

/// How many messages of a run its senders signed. Each is checked twice: by the witness and by its
/// receiver.
fn signed_messages(out: &Path) -> usize {
    let bytes = std::fs::read(out.join("record.ndjson")).expect("the record");
    let record = Record::read(&bytes).expect("an intact record");
    let entries = record.cases.iter().flat_map(|case| &case.entries);
    let messages = entries.filter_map(|entry| entry.event.message());
    let sent = messages.filter(|message| matches!(message.leg, Leg::CallSent | Leg::AnswerSent));
    sent.filter(|message| matches!(message.verified, Some(Verified::Valid | Verified::Wrong)))
        .count()
}

/// Makes so many signatures and checks each twice, on all cores.
fn bare(key: &PrivateKey, messages: usize) -> Duration {
    let cores = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let public = key.public();
    let start = Instant::now();
    thread::scope(|scope| {
        for core in 0..cores {
            let public = &public;
            scope.spawn(move || {
                for _ in (core..messages).step_by(cores) {
                    let signature = key.sign(black_box(&MESSAGE)).expect("an intact key signs");
                    for _ in 0..2 {
                        assert!(public.verify(black_box(&MESSAGE), &signature));
                    }
                }
            });
        }
    });
    start.elapsed()
}

fn runs(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut number = 0;
    let mut next = || {
        number += 1;
        folder.path().join(number.to_string())
    };
    let counted = next();
    whole_run(&counted);
    let messages = signed_messages(&counted);
    let key = merchant::reference_key().expect("the fixed key");

    let mut group = criterion.benchmark_group("whole-run");
    group.sample_size(10);
    group.bench_function("mandatory", |bencher| {
        bencher.iter_custom(|times| (0..times).map(|_| whole_run(&next()).wall).sum());
    });
    group.bench_function("bare-signatures", |bencher| {
        bencher.iter_custom(|times| (0..times).map(|_| bare(&key, messages)).sum());
    });
    group.finish();
    if !std::env::args().any(|word| word == "--bench") {
        return;
    }

    // In turn, so that whatever else the machine does meets both alike.
    let rounds: Vec<_> = (0..ROUNDS).map(|_| (whole_run(&next()), bare(&key, messages))).collect();
    let run = median(rounds.iter().map(|(run, _)| run.wall.as_secs_f64()).collect());
    let alone = median(rounds.iter().map(|(_, bare)| bare.as_secs_f64()).collect());
    let ratio = rounds.iter().map(|(run, bare)| run.wall.as_secs_f64() / bare.as_secs_f64());
    let peak = rounds.iter().filter_map(|(run, _)| run.peak).max();
    println!("the whole mandatory run, medians of {ROUNDS} rounds:");
    println!("  signatures       {messages:>7} made, {} checked", messages * 2);
    println!("  wall time        {:>7.0} ms", run * 1e3);
    println!("  bare signatures  {:>7.0} ms", alone * 1e3);
    println!("  ratio            {:>7.2} (goal: at most 1.3)", median(ratio.collect()));
    match peak {
        Some(kibibytes) => {
            let (whole, tenth) = (kibibytes / 1024, kibibytes % 1024 * 10 / 1024);
            println!("  peak memory      {whole:>5}.{tenth} MiB (goal: at most 48)");
        }
        None => println!("  peak memory      not told by this system"),
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

criterion_group!(benches, runs);
criterion_main!(benches);
