//! An attempt on one line of time: when calls and notices went, and when something was seen of it.

use evidence::words as w;
use evidence::{CaseRecord, Event, Way};

use super::wording::Both;
use crate::report::conversation::{Exchange, is_doubtful};

const LEFT: u32 = 150;
const LENGTH: u32 = 670;
const WIDTH: u32 = 860;
const TOP: u32 = 22;
const LANE: u32 = 26;
/// Into how many parts the line is divided.
const PARTS: u32 = 4;

/// A timeline.
pub(in crate::report) struct Timeline {
    pub label: Both,
    pub width: u32,
    pub height: u32,
    /// Where the scale stands.
    pub bottom: u32,
    pub left: u32,
    pub right: u32,
    pub lanes: Vec<TimeLane>,
    pub ticks: Vec<Tick>,
}

/// What is of one kind.
pub(in crate::report) struct TimeLane {
    pub y: u32,
    pub name: Both,
    pub marks: Vec<Mark>,
}

/// Something that happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::report) struct Mark {
    pub x: u32,
    pub tone: &'static str,
}

/// A moment on the scale.
pub(in crate::report) struct Tick {
    pub x: u32,
    pub text: String,
}

impl Timeline {
    /// The timeline of an attempt that began at `began`; none where all of it is one instant.
    pub(super) fn of(
        case: &CaseRecord,
        exchanges: &[Exchange<'_>],
        began: i64,
        label: Both,
    ) -> Option<Self> {
        let last = case.entries.iter().map(|entry| entry.at).max()?;
        let span = u64::try_from(last.checked_sub(began)?).ok().filter(|span| *span > 0)?;
        let place = |at: i64| {
            let since = u64::try_from(at.saturating_sub(began)).unwrap_or(0).min(span);
            let along = u128::from(since) * u128::from(LENGTH) / u128::from(span);
            LEFT + u32::try_from(along).unwrap_or(LENGTH)
        };
        let of_way = |way: Way| -> Vec<Mark> {
            let ours = exchanges.iter().filter(|exchange| exchange.way == way);
            let mark = |exchange: &Exchange<'_>| {
                let x = place(exchange.legs.first()?.at);
                Some(Mark { x, tone: tone(exchange) })
            };
            ours.filter_map(mark).collect()
        };
        let events = |wanted: fn(&Event) -> bool| -> Vec<Mark> {
            let events = case.entries.iter().filter(|entry| wanted(&entry.event));
            events.map(|entry| Mark { x: place(entry.at), tone: "line" }).collect()
        };
        let lanes = [
            (&w::TIMELINE_STEPS, events(|event| matches!(event, Event::Did { .. }))),
            (&w::TIMELINE_CALLS, of_way(Way::Call)),
            (&w::TIMELINE_NOTICES, of_way(Way::Notice)),
            (&w::TIMELINE_SEEN, events(is_seen)),
        ];
        let told = lanes.into_iter().filter(|(_, marks)| !marks.is_empty());
        let lanes: Vec<TimeLane> = (0..)
            .zip(told)
            .map(|(row, (name, mut marks))| {
                marks.sort_unstable();
                marks.dedup();
                TimeLane { y: TOP + row * LANE, name: Both::sentence(name), marks }
            })
            .collect();
        let count = u32::try_from(lanes.len()).unwrap_or_default();
        let bottom = TOP + count * LANE;
        let tick = |part: u32| {
            let at = u128::from(span) * u128::from(part) / u128::from(PARTS);
            let text = moment(u64::try_from(at).unwrap_or(span));
            Tick { x: LEFT + LENGTH * part / PARTS, text }
        };
        let (left, right) = (LEFT, LEFT + LENGTH);
        let ticks = (0..=PARTS).map(tick).collect();
        Some(Self { label, width: WIDTH, height: bottom + 24, bottom, left, right, lanes, ticks })
    }
}

/// What the merchant's system is seen to think of the order.
fn is_seen(event: &Event) -> bool {
    matches!(event, Event::Order(_) | Event::Merchant(_) | Event::Reconciliation { .. })
}

/// The gravest of what its messages are.
fn tone(exchange: &Exchange<'_>) -> &'static str {
    let any =
        |is: &dyn Fn(&evidence::Message) -> bool| exchange.legs.iter().any(|told| is(told.message));
    if any(&|message| message.fault.is_some()) {
        "bad"
    } else if any(&|message| is_doubtful(message.verified)) {
        "warn"
    } else if exchange.own {
        "own"
    } else {
        "line"
    }
}

/// A moment in the unit that suits it.
fn moment(milliseconds: u64) -> String {
    match milliseconds {
        0 => "0 s".to_owned(),
        1..10_000 => format!("{}.{} s", milliseconds / 1000, milliseconds % 1000 / 100),
        10_000..180_000 => format!("{} s", milliseconds / 1000),
        180_000..10_800_000 => format!("{} min", milliseconds / 60_000),
        10_800_000..259_200_000 => format!("{} h", milliseconds / 3_600_000),
        _ => format!("{} d", milliseconds / 86_400_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::conversation::exchanges;
    use crate::report::sample::{BEGAN, conversation};

    #[test]
    fn things_stand_where_they_happened() {
        let record = conversation("AMS-PAY-001", 1);
        let told = exchanges(&record.entries);
        let line = Timeline::of(&record, &told, BEGAN, Both::same("x")).unwrap();
        let names: Vec<&str> = line.lanes.iter().map(|lane| lane.name.en.as_str()).collect();
        assert_eq!(names.len(), 4, "{names:?}");
        let calls = &line.lanes[1].marks;
        // Of 19.6 s: at 0, 3.12, 9 and 19.5.
        assert_eq!(calls.iter().map(|mark| mark.x).collect::<Vec<_>>(), [150, 256, 457, 816]);
        assert_eq!(
            calls.iter().map(|mark| mark.tone).collect::<Vec<_>>(),
            ["line", "bad", "line", "own"]
        );
        assert_eq!(line.lanes[2].marks[0].tone, "bad", "a forged notice");
        assert_eq!((line.ticks[0].text.as_str(), line.ticks[4].text.as_str()), ("0 s", "19 s"));
        assert_eq!(line.ticks[4].x, line.right);
    }

    #[test]
    fn an_instant_has_no_timeline_and_no_time_is_too_long() {
        let mut record = conversation("AMS-PAY-001", 1);
        for entry in &mut record.entries {
            entry.at = BEGAN;
        }
        assert!(Timeline::of(&record, &[], BEGAN, Both::same("x")).is_none());
        record.entries.clear();
        assert!(Timeline::of(&record, &[], BEGAN, Both::same("x")).is_none());
        let mut record = conversation("AMS-PAY-001", 1);
        record.entries[0].at = i64::MIN;
        record.entries[1].at = i64::MAX;
        for began in [0, BEGAN, i64::MAX - 1] {
            let line = Timeline::of(&record, &exchanges(&record.entries), began, Both::same("x"));
            let marks = line.iter().flat_map(|line| &line.lanes).flat_map(|lane| &lane.marks);
            assert!(marks.into_iter().all(|mark| (150..=820).contains(&mark.x)));
        }
        let words = [0, 1_250, 59_999, 240_000, 86_400_000, 86_400_000 * 9].map(moment);
        assert_eq!(words, ["0 s", "1.2 s", "59 s", "4 min", "24 h", "9 d"]);
    }
}
