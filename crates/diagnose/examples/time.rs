//! How long each message of the corpus takes: `cargo run -p assay-diagnose --example time`.

#![expect(clippy::print_stdout, reason = "it is a program that measures")]

#[path = "../tests/corpus/mod.rs"]
mod corpus;

use std::time::Duration;

fn main() {
    let mut taken: Vec<(Duration, String, usize)> = Vec::new();
    for message in corpus::faulty() {
        #[expect(clippy::disallowed_methods, reason = "it measures, and judges nothing by it")]
        let start = std::time::Instant::now();
        let found = diagnose::diagnose(&message.subject, &message.known);
        let tried = found.map_or(0, |found| found.tried);
        let name =
            format!("{}, {} mistakes, {}", message.name, message.mistakes(), message.expected);
        taken.push((start.elapsed(), name, tried));
    }
    taken.sort();
    let show = |label: &str, at: usize| {
        if let Some((time, name, tried)) = taken.get(at) {
            println!("{label}: {:.1} ms, {tried} texts ({name})", time.as_secs_f64() * 1000.0);
        }
    };
    println!("{} messages, {} healthy", taken.len(), corpus::healthy().len());
    show("fastest", 0);
    show("median", taken.len() / 2);
    show("95 %", taken.len() * 95 / 100);
    show("slowest", taken.len().saturating_sub(1));
}
