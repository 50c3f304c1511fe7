use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn accepts(text: &str) -> bool {
    check(text.as_bytes(), Numbers::All).is_ok()
}

#[test]
fn canonical_bytes_are_accepted() {
    for text in [
        r#"{"a":1,"b":[true,false,null],"c":{"d":"\u0001\n\"\\é€"}}"#,
        "-1",
        "0",
        "1e+21",
        "0.000001",
        "1e-7",
        "-9007199254740991",
        "\"\"",
        "[]",
        "{}",
        "\"\u{7f}\u{80}\u{2028}\"",
    ] {
        assert!(accepts(text), "{text}");
    }
}

#[test]
fn every_other_spelling_is_refused() {
    for text in [
        "",
        " 1",
        "1 ",
        "1\n",
        "[1, 2]",
        "[1,]",
        "[,1]",
        "[1",
        "{\"a\":1",
        "{\"a\":1,}",
        "{\"b\":1,\"a\":2}",
        "{\"a\":1,\"a\":2}",
        "{a:1}",
        "\"\\u0041\"",
        "\"\\/\"",
        "\"\\u001F\"",
        "\"\\u000a\"",
        "\"\\u00e9\"",
        "\"\n\"",
        "\"",
        "\"\\",
        "\"\\u00",
        "-0",
        "00",
        "01",
        "1.0",
        "1.50",
        "1E3",
        "1e3",
        "+1",
        ".5",
        "1e400",
        "tru",
        "True",
        "nul",
        "NaN",
        "\u{feff}1",
    ] {
        assert!(!accepts(text), "{text}");
    }
    assert!(check(b"\"\xff\"", Numbers::All).is_err());
}

#[test]
fn keys_are_ordered_by_utf16_not_by_bytes() {
    // U+10000 is D800 DC00 in UTF-16, before U+FFFD; in UTF-8 it comes after.
    assert!(accepts("{\"\u{10000}\":1,\"\u{fffd}\":2}"));
    assert!(!accepts("{\"\u{fffd}\":1,\"\u{10000}\":2}"));
    // An escape counts as what it stands for.
    assert!(accepts("{\"\\n\":1,\" \":2}"));
    assert!(!accepts("{\" \":1,\"\\n\":2}"));
}

#[test]
fn floats_are_refused_where_only_integers_are_read() {
    for text in ["1.5", "1e+21", "9007199254740992", "-9007199254740992"] {
        assert!(check(text.as_bytes(), Numbers::Integers).is_err(), "{text}");
    }
    assert!(check(b"[-9007199254740991,9007199254740991,0,-5]", Numbers::Integers).is_ok());
}

#[test]
fn depth_is_bounded() {
    let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    assert!(accepts(&nested(MAX_DEPTH)));
    assert!(!accepts(&nested(MAX_DEPTH + 1)));
    assert!(!accepts(&"[".repeat(1_000_000)));
}

#[test]
fn strings_are_written_as_the_canonicaliser_writes_them() {
    let text: String = (0..0x300_u32).filter_map(char::from_u32).collect();
    let mut ours = Vec::new();
    push_string(&mut ours, &text);
    assert_eq!(ours, canonical(&json!(text)).unwrap());
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        any::<f64>().prop_filter("finite", |x| x.is_finite()).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..6).prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_written_is_accepted(value in values()) {
        let bytes = canonical(&value).unwrap();
        prop_assert!(check(&bytes, Numbers::All).is_ok(), "{}", String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn what_is_accepted_is_what_would_be_written(value in values(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = canonical(&value).unwrap();
        let index = at.index(bytes.len());
        bytes[index] = byte;
        if check(&bytes, Numbers::All).is_ok() {
            let again: Value = serde_json::from_slice(&bytes).unwrap();
            prop_assert_eq!(canonical(&again).unwrap(), bytes);
        }
    }
}
