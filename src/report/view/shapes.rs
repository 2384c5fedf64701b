//! The arrows of all diagrams: each is drawn once on the page, and used wherever a message went that way.

use super::diagram::{GATEWAY, MERCHANT, WITNESS};

/// An arrow without its text, drawn once on the page and used in every row that has it.
pub(in crate::report) struct Shape {
    pub name: String,
    pub own: bool,
    /// Its line, and what stands at the end of it.
    pub shaft: String,
    pub point: String,
    pub cross: String,
}

/// Every arrow that there can be.
pub(super) fn shapes() -> Vec<Shape> {
    let (m, w, g) = (MERCHANT, WITNESS, GATEWAY);
    let plain = [(m, g), (g, m), (m, w), (w, m), (w, g), (g, w)].map(|ends| (ends, false, false));
    let own = [(w, g), (g, w)].map(|ends| (ends, true, false));
    let lost = [(m, w), (g, w)].map(|ends| (ends, false, true));
    let all = plain.into_iter().chain(own).chain(lost);
    all.map(|((from, to), own, lost)| shape(from, to, own, lost)).collect()
}

fn shape(from: u32, to: u32, own: bool, lost: bool) -> Shape {
    let base = if from < to { to - 8 } else { to + 8 };
    let point = format!("M{to} 0L{base} -5V5Z");
    // What passes the witness has a dot there.
    let passes = from != WITNESS && to != WITNESS;
    let dot = format!("M{} 0a3 3 0 1 0 6 0a3 3 0 1 0 -6 0Z", WITNESS - 3);
    Shape {
        name: shape_name(from, to, own, lost),
        own,
        shaft: format!("M{from} 0H{base}"),
        point: match (lost, passes) {
            (true, _) => String::new(),
            (false, true) => point + &dot,
            (false, false) => point,
        },
        cross: if lost { format!("M{} -6l12 12m0-12l-12 12", to - 6) } else { String::new() },
    }
}

/// The name of an arrow by its ends and its kind.
pub(super) fn shape_name(from: u32, to: u32, own: bool, lost: bool) -> String {
    let letter = |x| match x {
        MERCHANT => "m",
        GATEWAY => "g",
        _ => "w",
    };
    let kind = match (own, lost) {
        (true, _) => "-own",
        (false, true) => "-lost",
        (false, false) => "",
    };
    format!("{}{}{kind}", letter(from), letter(to))
}

#[cfg(test)]
mod tests {
    use evidence::{Leg, Way};

    use super::super::diagram::{Diagram, ends};
    use super::super::wording::Both;
    use super::*;
    use crate::report::conversation::exchanges;
    use crate::report::sample::{BEGAN, conversation, message};

    #[test]
    fn every_arrow_has_a_shape_that_the_page_draws() {
        let shapes: Vec<String> = shapes().into_iter().map(|shape| shape.name).collect();
        let record = conversation("AMS-PAY-001", 1);
        let told = exchanges(&record.entries);
        let drawing = Diagram::of(&record, &told, BEGAN, &[], Both::same("x"));
        let used: Vec<String> =
            drawing.rows.into_iter().filter_map(|row| row.arrow).map(|arrow| arrow.shape).collect();
        assert!(used.iter().all(|name| shapes.contains(name)), "{used:?}");
        for name in ["mg", "gm", "gw-lost", "wg-own", "gw-own", "wm"] {
            assert!(used.iter().any(|it| it == name), "{name}: {used:?}");
        }
    }

    #[test]
    fn no_message_lacks_a_shape() {
        let shapes: Vec<String> = shapes().into_iter().map(|shape| shape.name).collect();
        let legs = [Leg::CallSent, Leg::CallReceived, Leg::AnswerSent, Leg::AnswerReceived];
        for way in [Way::Call, Way::Notice] {
            for leg in legs {
                for (own, through) in [(false, false), (false, true), (true, false), (true, true)] {
                    let mut told = message(1, way, leg, None);
                    told.own = own;
                    let (from, to) = ends(&told, through);
                    let lost = !own && !through && to == WITNESS;
                    for lost in [false, lost] {
                        let name = shape_name(from, to, own, lost);
                        assert!(shapes.contains(&name), "{name}");
                    }
                }
            }
        }
    }
}
