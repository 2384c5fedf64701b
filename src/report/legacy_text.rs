//! Forms and XML laid out for reading, without changing a single token of them: the reader of a
//! report wants to see what was signed.

/// Lays a form out with a line for each parameter, or XML with a line for each element. `None` when
/// the text is neither and must be shown as it is.
pub(super) fn lay_out(text: &str) -> Option<String> {
    let text = text.trim_end();
    if text.starts_with("<?xml") || text.starts_with("<alipay") { xml(text) } else { form(text) }
}

fn form(text: &str) -> Option<String> {
    let whole = text.contains('&') && !text.contains(char::is_whitespace);
    let pairs: Vec<&str> = text.split('&').collect();
    (whole && pairs.iter().all(|pair| pair.contains('='))).then(|| pairs.join("\n&"))
}

fn xml(text: &str) -> Option<String> {
    if text.contains(['\n', '\r']) {
        return None;
    }
    let mut out = String::with_capacity(text.len() * 2);
    let mut depth = 0_usize;
    let mut pieces = text.split_inclusive("><").peekable();
    let mut opened = false;
    while let Some(piece) = pieces.next() {
        // A piece ends with the bracket that opens the next one.
        let last = pieces.peek().is_none();
        let body = if last { piece } else { piece.strip_suffix('<').unwrap_or(piece) };
        let tag = if opened { format!("<{body}") } else { body.to_owned() };
        opened = true;
        let closes = tag.starts_with("</");
        let whole = tag.starts_with("<?") || tag.ends_with("/>") || tag.contains("</");
        if closes {
            depth = depth.saturating_sub(1);
        }
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&"  ".repeat(depth));
        out.push_str(&tag);
        if !whole {
            depth += 1;
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::lay_out;

    #[test]
    fn every_parameter_and_every_element_has_a_line() {
        let form = lay_out("service=x&trans_name=Caf%C3%A9+a%2Bb&sign=a%2F").unwrap();
        assert_eq!(form, "service=x\n&trans_name=Caf%C3%A9+a%2Bb\n&sign=a%2F");
        let text = "<?xml version=\"1.0\"?><alipay><is_success>T</is_success><response><alipay>\
                    <a>1</a><b/></alipay></response></alipay>";
        let laid_out = "<?xml version=\"1.0\"?>\n<alipay>\n  <is_success>T</is_success>\n  \
                        <response>\n    <alipay>\n      <a>1</a>\n      <b/>\n    </alipay>\n  \
                        </response>\n</alipay>";
        assert_eq!(lay_out(text).unwrap(), laid_out);
        let without = |text: &str| text.replace(['\n', ' '], "");
        assert_eq!(without(laid_out), without(text));
    }

    #[test]
    fn what_is_neither_stays() {
        for text in ["", "success", "true", "a=1", "a & b", "<html>\n</html>", "{\"a\":1}"] {
            assert_eq!(lay_out(text), None, "{text}");
        }
    }
}
