//! From the price on the till to the amount of a request.

use protocol::Amount;

use crate::defect::{Defect, Switch};

/// The amount that is asked of the gateway for a price: the same, unless a defect spoils it.
pub(crate) fn bill(price: Amount, switch: &Switch) -> Amount {
    for (defect, spoilt) in [
        (Defect::JpyHundredfold, hundredfold(price)),
        (Defect::FloatCents, in_floating_point(price)),
        (Defect::LegFloatAmount, in_floating_point(price)),
    ] {
        if spoilt != price.minor && switch.strikes(defect) {
            return Amount::new(price.currency, spoilt);
        }
    }
    price
}

/// What comes out when every currency is taken to have cents.
fn hundredfold(price: Amount) -> i64 {
    let cents = 10_i64.pow(2_u32.saturating_sub(price.currency.exponent()));
    price.minor.saturating_mul(cents)
}

/// What comes out when the price is multiplied as a floating number and its fraction cut off.
fn in_floating_point(price: Amount) -> i64 {
    let text = price.to_string();
    let decimal = text.split_once(' ').and_then(|(_, value)| value.parse::<f64>().ok());
    let unit = f64::from(10_u32.pow(price.currency.exponent()));
    let product = decimal.map(|decimal| format!("{:.0}", (decimal * unit).trunc()));
    product.and_then(|digits| digits.parse().ok()).unwrap_or(price.minor)
}

#[cfg(test)]
mod tests {
    use protocol::Amount;

    use super::bill;
    use crate::defect::{Defect, Switch};

    #[test]
    fn only_a_defect_changes_an_amount() {
        for (price, healthy, hundredfold, floating) in [
            ("JPY 1,000", 1000, 100_000, 1000),
            ("KRW 18,000", 18_000, 1_800_000, 18_000),
            ("USD 1.15", 115, 115, 114),
            ("USD 19.99", 1999, 1999, 1998),
            ("IDR 15,000", 1_500_000, 1_500_000, 1_500_000),
        ] {
            let price = Amount::from_price(price).unwrap();
            assert_eq!(bill(price, &Switch::default()).minor, healthy);
            for (defect, expected) in
                [(Defect::JpyHundredfold, hundredfold), (Defect::FloatCents, floating)]
            {
                let switch = Switch::of(defect);
                assert_eq!(bill(price, &switch).minor, expected, "{price} {}", defect.id());
                assert_eq!(switch.was_active(), expected != healthy, "{price} {}", defect.id());
            }
        }
    }
}
