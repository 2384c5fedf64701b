//! The text that is signed.

/// What becomes of parameters with an empty value. The manual says that they can be left out;
/// client libraries differ, so a signature is tried both ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Empties {
    /// They are left out, as documented.
    Dropped,
    /// They are signed as `name=`.
    Kept,
}

/// The documented text: "take all parameters except `sign` and `sign_type`", leave out those
/// without a value, "sort by name ascending, ASCII/byte order", "join `name=value` with `&`, no
/// trailing `&`, no quotes". Values are "original text, not percent-encoded".
///
/// The same rule holds for calls, for notices and for the children of an answer's response.
pub fn text_to_sign<'a>(
    parameters: impl IntoIterator<Item = (&'a str, &'a str)>,
    empties: Empties,
) -> String {
    let mut signed: Vec<(&str, &str)> = parameters
        .into_iter()
        .filter(|(name, _)| !matches!(*name, "sign" | "sign_type"))
        .filter(|(_, value)| empties == Empties::Kept || !value.is_empty())
        .collect();
    signed.sort_unstable();
    let pairs: Vec<String> = signed.iter().map(|(name, value)| format!("{name}={value}")).collect();
    pairs.join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_the_one_of_the_manual() {
        let parameters = [
            ("subject", "test"),
            ("sign_type", "MD5"),
            ("total_fee", "100"),
            ("service", "create_forex_trade"),
            ("partner", "2088101568338364"),
            ("out_trade_no", "6741334835157966"),
            ("sign", "0123456789abcdef0123456789abcdef"),
            ("return_url", "http://www.test.com/alipay/return_url.asp"),
            ("seller_email", "alipay-test01@alipay.com"),
            ("payment_type", "1"),
            ("_input_charset", "gbk"),
            ("body", ""),
        ];
        let rest = "out_trade_no=6741334835157966&partner=2088101568338364&payment_type=1&\
                    return_url=http://www.test.com/alipay/return_url.asp&\
                    seller_email=alipay-test01@alipay.com&service=create_forex_trade&subject=test&\
                    total_fee=100";
        let dropped = format!("_input_charset=gbk&{rest}");
        let kept = format!("_input_charset=gbk&body=&{rest}");
        assert_eq!(text_to_sign(parameters, Empties::Dropped), dropped);
        assert_eq!(text_to_sign(parameters, Empties::Kept), kept);
    }

    #[test]
    fn names_sort_by_bytes_and_values_stay_raw() {
        let parameters = [("b", "1&c=2 +%"), ("a_b", "2"), ("a", "3"), ("B", "4"), ("_", "5")];
        let text = "B=4&_=5&a=3&a_b=2&b=1&c=2 +%";
        assert_eq!(text_to_sign(parameters, Empties::Dropped), text);
        assert_eq!(text_to_sign([], Empties::Kept), "");
        assert_eq!(text_to_sign([("a", ""), ("sign", "x")], Empties::Dropped), "");
    }
}
