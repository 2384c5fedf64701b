//! Signatures per second: what every exchange is made of.

#![expect(
    clippy::expect_used,
    reason = "a benchmark on fixed keys either runs or is a bug of ours"
)]

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use signing::PrivateKey;

/// A request of ordinary length.
const MESSAGE: [u8; 1024] = [b'x'; 1024];

/// Keys below 2048 bits are signed with blinding by another library than the rest.
const KEYS: [(&str, &[u8]); 3] = [
    ("rsa1024-blinded", include_bytes!("../tests/vectors/keys/rsa1024.pkcs8.pem")),
    ("rsa2048", include_bytes!("../tests/vectors/keys/rsa2048.pkcs8.pem")),
    ("rsa3072", include_bytes!("../tests/vectors/keys/rsa3072.pkcs8.pem")),
];

fn signatures(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("signing");
    group.throughput(Throughput::Elements(1));
    for (name, text) in KEYS {
        let key = PrivateKey::read(text).expect("a fixed key");
        let public = key.public();
        let signature = key.sign(&MESSAGE).expect("an intact key signs");
        group.bench_function(format!("{name}/sign"), |bencher| {
            bencher.iter(|| key.sign(black_box(&MESSAGE)));
        });
        group.bench_function(format!("{name}/verify"), |bencher| {
            bencher.iter(|| public.verify(black_box(&MESSAGE), black_box(&signature)));
        });
    }
    group.finish();
}

criterion_group!(benches, signatures);
criterion_main!(benches);
