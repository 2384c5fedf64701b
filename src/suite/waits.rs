//! How long runs wait beside a merchant of its own time, and in which order that takes least.

use std::cmp::Reverse;
use std::time::Duration;

use crate::suite::Planned;

/// About what a run waits, in seconds: for the merchant's own paces, and that nothing more comes.
const USUAL: u64 = 60;
/// What it waits where days are jumped over: half a minute before each jump, and some seconds after it.
const OF_DAYS: u64 = 100;
/// What stands in sentences that wait much longer, and for how long.
const LONG: [(&str, u64); 2] = [
    // Four days, in each of which files are looked for twice.
    ("of each day until Tuesday", 500),
    // All that a merchant asks and cancels before it calls a person.
    ("which it leaves to a person", 350),
];

impl Planned {
    /// About how long it waits beside a merchant whose own time passes as it passes for everybody.
    pub fn waits(&self) -> Duration {
        let long = |step: &str| LONG.iter().find(|(words, _)| step.contains(words));
        let named = self.acting_steps().filter_map(|step| Some(long(&step.value)?.1)).max();
        let usual = if self.case.suite == "reconciliation" { OF_DAYS } else { USUAL };
        Duration::from_secs(named.unwrap_or(usual))
    }
}

/// Puts first what waits longest, so that at the end nobody waits for one run that began last. Among
/// equals the order stays.
pub fn longest_first(planned: &mut [Planned]) {
    planned.sort_by_key(|run| Reverse(run.waits()));
}

/// About how many minutes runs wait, of which so many play at once: never less than the longest.
pub fn minutes_together(planned: &[Planned], jobs: usize) -> u64 {
    let jobs = u64::try_from(jobs.clamp(1, planned.len().max(1))).unwrap_or(1);
    let all: Duration = planned.iter().map(Planned::waits).sum();
    let longest = planned.iter().map(Planned::waits).max().unwrap_or_default();
    all.as_secs().div_ceil(jobs).max(longest.as_secs()).div_ceil(60)
}

#[cfg(test)]
mod tests {
    use super::{longest_first, minutes_together};
    use crate::suite::{Declared, Plan, Planned, Selection, Suite};

    fn mandatory() -> Vec<Planned> {
        let products = ["barcode", "transaction-qr"].map(str::to_owned);
        let selection = Selection::mandatory(Declared::everything(&products));
        Plan::new(&Suite::embedded().unwrap(), &selection).unwrap().planned
    }

    #[test]
    fn what_waits_longest_begins_first_and_the_rest_in_the_order_of_the_catalogue() {
        let (mut sorted, planned) = (mandatory(), mandatory());
        longest_first(&mut sorted);
        let keys: Vec<_> = sorted.iter().map(|run| run.key.to_string()).collect();
        let first = ["32/barcode", "32/transaction-qr", "21/barcode#3", "21/transaction-qr#3"];
        assert_eq!(keys[..4], first.map(|end| format!("LEG-REC-0{end}")));
        assert!(keys[4].starts_with("LEG-REC-011"), "{}", keys[4]);
        let of_payment = |runs: &[Planned]| {
            let runs = runs.iter().filter(|run| run.case.suite == "payment");
            runs.map(|run| run.key.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(of_payment(&sorted), of_payment(&planned));
    }

    #[test]
    fn a_run_takes_as_long_as_its_longest_scenario_or_longer() {
        let planned = mandatory();
        let longest = planned.iter().map(|run| run.waits().as_secs()).max().unwrap().div_ceil(60);
        assert_eq!(minutes_together(&planned, planned.len()), longest);
        assert!(minutes_together(&planned, 4) > 2 * longest);
        assert_eq!(minutes_together(&planned[..1], 32), 1);
        assert_eq!(minutes_together(&[], 32), 0);
    }
}
