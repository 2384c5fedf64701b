//! The record of a run depends on its seed and its keys alone: not on how many scenarios play at
//! once, not on the machine, not on the hour.

#![expect(clippy::unwrap_used, reason = "a test has nobody to hand an error to")]

mod stand;

use assay::verdict::Verdict;

fn everything(seed: u64, jobs: usize) -> stand::Came {
    let suite = stand::suite();
    let mut backstage = stand::backstage();
    backstage.seed = seed;
    let came = stand::play(&suite, stand::everything(&suite), backstage, jobs);
    assert_eq!(came.played.bugs, Vec::<String>::new());
    came
}

/// All lines but the first, which says what varies from run to run.
fn lines(came: &stand::Came) -> Vec<&str> {
    std::str::from_utf8(&came.bytes).unwrap().lines().skip(1).collect()
}

/// The first line in which two records differ, from both.
fn difference<'a>(
    one: &'a stand::Came,
    other: &'a stand::Came,
) -> Option<(usize, &'a str, &'a str)> {
    let (one, other) = (lines(one), lines(other));
    let differs = one.iter().zip(&other).position(|(one, other)| one != other);
    let differs =
        differs.or_else(|| (one.len() != other.len()).then(|| one.len().min(other.len())));
    let at = |lines: &[&'a str], index: usize| lines.get(index).copied().unwrap_or_default();
    differs.map(|index| (index + 2, at(&one, index), at(&other, index)))
}

#[test]
fn one_job_and_many_leave_the_same_record() {
    let many = everything(1, 32);
    let alone = everything(1, 1);
    assert!(many.record.cases.len() > 200, "{}", many.record.cases.len());
    assert_eq!(difference(&many, &alone), None);
    assert_eq!(many.results.to_json(), alone.results.to_json());
}

#[test]
fn another_seed_leaves_another_record_and_the_same_verdict() {
    let came = everything(2, 32);
    assert_eq!(came.results.verdict, Verdict::Acceptable);
    let suite = stand::suite();
    let first = stand::everything(&suite).into_iter().take(1).collect();
    let other = stand::play(&suite, first, stand::backstage(), 1);
    let (one, other) = (&came.record.cases[0], &other.record.cases[0]);
    assert_eq!(one.key, other.key);
    assert_ne!(one.entries, other.entries);
}
