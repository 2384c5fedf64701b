//! Cases that may be played where they move real money, and how much they move.

use cucumber::gherkin::{Step, StepType};
use protocol::Amount;

use super::Planned;

/// The tag of such a case.
pub(super) const PILOT: &str = "pilot";

/// How sentences begin that arrange and act in such a case: nobody does anything there that does not
/// happen in a shop every day. Each of the first kind sells for the amount that it names.
const SELLS: [&str; 5] = [
    "the cashier scans an 18-digit code and charges ",
    "the till presents an order of ",
    "the merchant's page opens in the wallet and presents an order of ",
    "the shop checks out an order of ",
    "an order of ",
];
/// Those that sell nothing.
const ELSE: [&str; 5] = [
    "a buyer who pays at once",
    "a buyer who scans what the till shows after ",
    "a buyer who takes up the offer and confirms after ",
    "the merchant refunds ",
    "the clerk cancels the order",
];
/// What may stand behind the amount of a sale.
const BEHIND: [&str; 5] = ["", " is paid", " on a computer", " in a phone's browser", " in an app"];

/// The first step of a scenario that has no place in such a case, or one that sells for no amount.
pub(super) fn unsafe_step(steps: &[Step]) -> Option<&str> {
    acting(steps).find(|sentence| {
        let sells = SELLS.iter().any(|begin| sentence.starts_with(begin));
        let plain = ELSE.iter().any(|begin| sentence.starts_with(begin));
        let own = sentence.contains("own call") || sentence.contains("and the buyer confirms");
        own || !(plain || (sells && price(sentence).is_some()))
    })
}

fn acting(steps: &[Step]) -> impl Iterator<Item = &str> {
    let acting = steps.iter().filter(|step| step.ty != StepType::Then);
    acting.map(|step| step.value.as_str())
}

/// What a sentence sells for.
fn price(sentence: &str) -> Option<Amount> {
    let rest = SELLS.iter().find_map(|begin| sentence.strip_prefix(begin))?;
    let mut words = rest.splitn(3, ' ');
    let (currency, value) = (words.next()?, words.next()?);
    let behind = rest.get(currency.len() + 1 + value.len()..)?;
    let known = BEHIND.contains(&behind);
    Amount::from_price(&format!("{currency} {value}")).ok().filter(|_| known)
}

impl Planned {
    /// Whether it may be played where it moves real money.
    pub fn is_safe_for_a_pilot(&self) -> bool {
        self.case.pilot
    }

    /// What is sold in it, one amount for each sale.
    pub fn sales(&self) -> Vec<Amount> {
        acting(self.steps()).filter_map(price).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::price;

    #[test]
    fn a_sale_names_its_amount_and_nothing_behind_it_that_is_not_known() {
        let told = |sentence: &str| price(sentence).map(|amount| amount.to_string());
        let usd = Some("USD 12.31".to_owned());
        assert_eq!(told("the cashier scans an 18-digit code and charges USD 12.31"), usd);
        assert_eq!(told("an order of USD 12.31 is paid"), usd);
        assert_eq!(told("the shop checks out an order of USD 12.31 on a computer"), usd);
        for other in [
            "an order of USD 12.31 is paid twice",
            "an order of USD 12.31 waits for the buyer",
            "an order of 12.31",
            "the merchant refunds USD 12.31",
        ] {
            assert_eq!(told(other), None, "{other}");
        }
    }
}
