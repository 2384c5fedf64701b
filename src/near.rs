//! Names that may have been meant by one that nobody knows.

/// How many are offered.
const OFFERED: usize = 3;
/// How far one may be away.
const FARTHEST: usize = 3;

/// The names nearest to one that is none of them: by the whole name, or by its last part behind a
/// dot. The nearest come first, and none that is much farther than they are.
pub(crate) fn near<'a>(asked: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let asked = asked.to_ascii_lowercase();
    let mut ranked: Vec<(usize, &str)> = known
        .into_iter()
        .map(|known| (distance(&asked, &known.to_ascii_lowercase()), known))
        .filter(|(distance, known)| *distance <= FARTHEST && *distance * 2 < last(known).len())
        .collect();
    ranked.sort_unstable();
    let best = ranked.first().map_or(0, |(distance, _)| *distance);
    let nearest = ranked.into_iter().filter(|(distance, _)| *distance <= best + 1);
    nearest.take(OFFERED).map(|(_, known)| known).collect()
}

fn last(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or_default()
}

fn distance(asked: &str, known: &str) -> usize {
    let whole = strsim::damerau_levenshtein(asked, known);
    whole.min(strsim::damerau_levenshtein(last(asked), last(known)))
}

#[cfg(test)]
mod tests {
    use super::near;

    #[test]
    fn a_name_is_found_by_its_last_part_too() {
        let known = ["order.orderDescription", "paymentRequestId", "paymentId", "order.env.osType"];
        for (asked, found) in [
            ("orderDescripton", vec!["order.orderDescription"]),
            ("order.orderdescription", vec!["order.orderDescription"]),
            ("paymentID", vec!["paymentId"]),
            ("nothing", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(near(asked, known), found, "{asked}");
        }
    }
}
