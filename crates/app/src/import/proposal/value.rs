//! Values as a body writes them (FORMATS §1), out of text.

use serde_json::Value;

pub(super) fn text_value(text: &str) -> Value {
    Value::String(text.to_owned())
}

pub(super) fn parts<'t>(text: &'t str, separators: &[String]) -> Vec<&'t str> {
    let mut parts = vec![text];
    for separator in separators.iter().filter(|separator| !separator.is_empty()) {
        parts = parts.into_iter().flat_map(|part| part.split(separator.as_str())).collect();
    }
    parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect()
}

/// A set: sorted by the bytes of its members' JSON, without doubles; nothing if empty.
pub(super) fn set(mut members: Vec<Value>) -> Option<Value> {
    members.sort_by_cached_key(Value::to_string);
    members.dedup();
    (!members.is_empty()).then_some(Value::Array(members))
}

pub(super) fn is_address(word: &str) -> bool {
    let rest = word.strip_prefix("https://").or_else(|| word.strip_prefix("http://"));
    rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_alphanumeric()) && rest.contains('.'))
}

pub(super) fn whole_number(text: &str) -> Option<Value> {
    const LARGEST: i64 = (1 << 53) - 1;
    text.parse::<i64>().ok().filter(|number| (-LARGEST..=LARGEST).contains(number)).map(Value::from)
}

/// A decimal as FORMATS §1 writes it: no exponent, no trailing zeros.
pub(super) fn decimal_number(text: &str) -> Option<Value> {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if (whole.is_empty() && part.is_empty()) || !is_number(whole) || !is_number(part) {
        return None;
    }
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let part = part.trim_end_matches('0');
    let text = if part.is_empty() { whole.to_owned() } else { format!("{whole}.{part}") };
    Some(Value::String(if text == "0" { text } else { format!("{sign}{text}") }))
}

pub(super) fn constant_value(constant: &toml::Value) -> Option<Value> {
    match constant {
        toml::Value::String(text) => Some(text_value(text)),
        toml::Value::Boolean(truth) => Some(Value::Bool(*truth)),
        toml::Value::Integer(number) => Some(Value::from(*number)),
        toml::Value::Array(members) => set(members.iter().filter_map(constant_value).collect()),
        toml::Value::Float(_) | toml::Value::Datetime(_) | toml::Value::Table(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn decimals_have_one_form() {
        let check = |text: &str, expected: Option<&str>| assert_eq!(decimal_number(text), expected.map(text_value), "{text}");
        check("092.50", Some("92.5"));
        check("-0.0", Some("0"));
        check(".5", Some("0.5"));
        check("-7", Some("-7"));
        for text in ["", "-", ".", "1e3", "1.2.3", "--1", "١"] {
            check(text, None);
        }
    }

    #[test]
    fn whole_numbers_stay_where_readers_agree() {
        assert_eq!(whole_number("9007199254740991"), Some(json!(9_007_199_254_740_991_i64)));
        assert_eq!(whole_number("9007199254740992"), None);
        assert_eq!(whole_number("1.0"), None);
    }

    #[test]
    fn sets_are_sorted_without_doubles_and_never_empty() {
        assert_eq!(set(vec![json!("b"), json!("a"), json!("b")]), Some(json!(["a", "b"])));
        assert_eq!(set(Vec::new()), None);
    }

    #[test]
    fn cells_are_cut_at_each_separator() {
        let separators = [",".to_owned(), ";".to_owned()];
        assert_eq!(parts(" a, b;;c ,", &separators), ["a", "b", "c"]);
        assert_eq!(parts("a, b", &[]), ["a, b"]);
    }

    #[test]
    fn an_address_has_scheme_and_host() {
        for (text, expected) in
            [("https://a.b/c", true), ("http://a.b", true), ("ftp://a.b", false), ("https://", false), ("https://-", false)]
        {
            assert_eq!(is_address(text), expected, "{text}");
        }
    }
}
