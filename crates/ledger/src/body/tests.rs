use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::*;
use crate::line::{Cell, Line};

const KEY: Hash = [9; 32];

fn fields(value: Value) -> Fields {
    Fields::from_map(value.as_object().unwrap()).unwrap()
}

fn sample() -> StoredBody {
    StoredBody::seal(fields(json!({"amount": 3, "name": "Ada", "rows": [{"x": "y"}], "why": "because"})), KEY)
}

fn shown(body: &StoredBody, show: &Show) -> Hash {
    match Line::parse(&body.line(7, show).unwrap()).unwrap() {
        Line::Shown(shown) => shown.c,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_commitment_follows_the_written_rule() {
    // Worked by hand from the page: two fields, three leaves, split after the second.
    let body = StoredBody::seal(fields(json!({"a": 1, "b": "x"})), KEY);
    let leaf = |text: String| crate::tree::hash_leaf(text.as_bytes());
    let header = leaf(format!("[\"{}\",\"\",[\"a\",\"b\"]]", hex(&salt(&KEY, 0))));
    let first = leaf(format!("[\"{}\",\"a\",1]", hex(&salt(&KEY, 1))));
    let second = leaf(format!("[\"{}\",\"b\",\"x\"]", hex(&salt(&KEY, 2))));
    let node = crate::tree::hash_node(&crate::tree::hash_node(&header, &first), &second);
    use hmac::{KeyInit, Mac};
    let mut mac = hmac::Hmac::<sha2::Sha256>::new_from_slice(&blinding(&KEY)).unwrap();
    mac.update(&node);
    assert_eq!(body.commitment().unwrap()[..], mac.finalize().into_bytes()[..]);
}

#[test]
fn every_choice_of_shown_fields_leads_to_the_same_commitment() {
    let body = sample();
    let names: Vec<String> = body.fields().keys().map(|name| (*name).to_owned()).collect();
    for choice in 0..1_u32 << names.len() {
        let only = names.iter().enumerate().filter(|(i, _)| choice >> i & 1 == 1).map(|(_, name)| name.clone()).collect();
        assert_eq!(Some(shown(&body, &Show::Only(only))), body.commitment());
    }
    assert_eq!(Some(shown(&body, &Show::All)), body.commitment());
}

#[test]
fn erasing_a_field_takes_key_salt_and_value_and_leaves_the_commitment() {
    let body = sample();
    let erased = body.erase_fields(["name"], 41).unwrap();
    assert_eq!(erased.commitment(), body.commitment());
    let kept = erased.to_bytes();
    for gone in [KEY.as_slice(), &salt(&KEY, 2), b"Ada"] {
        assert!(!kept.windows(gone.len()).any(|part| part == gone));
    }
    assert_eq!(erased.fields()["name"], Field::Erased(41));
    assert_eq!(erased.json(), br#"{"amount":3,"rows":[{"x":"y"}],"why":"because"}"#);
    let line = erased.line(7, &Show::All).unwrap();
    let Line::Shown(shown) = Line::parse(&line).unwrap() else { panic!("shown") };
    assert_eq!(shown.cell("name"), Some(Cell::Erased(41)));
    assert_eq!(Some(shown.c), body.commitment());
    let again = erased.erase_fields(["name", "why"], 50).unwrap();
    assert_eq!((again.fields()["name"], again.fields()["why"]), (Field::Erased(41), Field::Erased(50)));
    assert_eq!(again.commitment(), body.commitment());
    assert!(body.erase_fields(["none"], 1).is_err());
}

#[test]
fn an_erased_body_leaves_the_seq_of_its_erasure_only() {
    let erased = sample().erase(12);
    assert_eq!(erased.line(7, &Show::All).unwrap(), b"{\"erased\":12,\"seq\":7}");
    assert_eq!(erased.line(7, &Show::Nothing).unwrap(), b"{\"erased\":12,\"seq\":7}");
    assert_eq!((erased.commitment(), erased.erased_by(), erased.json()), (None, Some(12), b"{}".to_vec()));
    assert!(erased.erase_fields(["name"], 1).is_err());
}

#[test]
fn stored_bytes_come_back_and_nothing_else_is_read() {
    let body = sample();
    for body in [body.clone(), body.erase_fields(["rows", "why"], 3).unwrap(), body.erase(5)] {
        let bytes = body.to_bytes();
        assert_eq!(StoredBody::from_bytes(&bytes).unwrap(), body);
        assert!(StoredBody::from_bytes(&bytes[..bytes.len() - 1]).is_err());
        assert!(StoredBody::from_bytes(&[&bytes[..], b"x"].concat()).is_err());
        assert!(StoredBody::from_bytes(&[&[2], &bytes[1..]].concat()).is_err());
    }
    assert!(StoredBody::from_bytes(&[]).is_err());
}

#[test]
fn lines_in_another_form_are_refused() {
    let body = sample();
    let only = Show::Only(["amount".to_owned(), "name".to_owned()].into());
    let good = String::from_utf8(body.erase_fields(["why"], 9).unwrap().line(7, &only).unwrap()).unwrap();
    assert!(Line::parse(good.as_bytes()).is_ok());
    for (from, to) in [
        ("{\"b\"", "{ \"b\""),
        ("\"seq\":7}", "\"seq\":7,\"x\":1}"),
        ("\"seq\":7}", "\"seq\":\"7\"}"),
        ("\"seq\":7}", "\"seq\":-7}"),
        ("\"seq\":7}", "\"seq\":7}\n"),
        ("{\"why\":9}", "{}"),
        ("{\"why\":9}", "{\"amount\":9,\"why\":9}"),
        ("{\"why\":9}", "{\"other\":9}"),
        ("{\"why\":9}", "{\"why\":9,\"zzz\":9}"),
        ("{\"why\":9}", "{\"why\":\"9\"}"),
        ("\"amount\",3]", "\"amount\",3.0]"),
        ("\"amount\",3]", "\"amount\",null]"),
        ("\"amount\",3]", "\"amount\",3,3]"),
        ("\"amount\",3]", "\"name\",3]"),
        ("[\"amount\",\"name\"", "[\"name\",\"amount\""),
        ("[\"amount\",\"name\"", "[\"amount\",\"amount\""),
        ("[\"amount\",\"name\"", "[\"Amount\",\"name\""),
        ("[\"amount\",\"name\",", "[\"amount\","),
    ] {
        let bad = good.replacen(from, to, 1);
        assert_ne!(bad, good, "{from} must occur");
        assert!(Line::parse(bad.as_bytes()).is_err(), "{bad}");
    }
    for bad in ["{\"seq\":7}", "{\"seq\":7,\"withheld\":false}", "{\"erased\":1}", "{\"erased\":1,\"seq\":2,\"withheld\":true}", ""]
    {
        assert!(Line::parse(bad.as_bytes()).is_err(), "{bad}");
    }
}

#[test]
fn a_line_longer_than_the_bound_is_neither_written_nor_read() {
    let mut map = Map::new();
    map.insert("text".to_owned(), Value::from("x".repeat(MAX_LINE)));
    let body = StoredBody::seal(Fields::from_map(&map).unwrap(), KEY);
    assert!(body.line(0, &Show::All).is_err());
    assert!(body.line(0, &Show::Only(BTreeSet::new())).is_ok());
    assert!(Line::parse(&vec![b' '; MAX_LINE]).is_err());
}

#[test]
fn the_seq_of_a_line_is_found_without_reading_it() {
    for body in [sample(), sample().erase(3)] {
        for show in [Show::All, Show::Nothing] {
            assert_eq!(crate::line::seq_of(&body.line(41, &show).unwrap()), Some(41));
        }
    }
    assert_eq!(crate::line::seq_of(b"garbage"), None);
}

fn bodies() -> impl Strategy<Value = Fields> {
    let value = prop_oneof![
        any::<i32>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        ".{1,20}".prop_map(Value::from),
        prop::collection::vec(".{0,9}".prop_map(Value::from), 1..4).prop_map(Value::from),
        prop::collection::btree_map(".{0,5}", any::<i16>().prop_map(Value::from), 1..4)
            .prop_map(|map| Value::Object(map.into_iter().collect())),
    ];
    prop::collection::btree_map("[a-z][a-z0-9_]{0,8}", value, 0..20)
        .prop_map(|map| Fields::from_map(&map.into_iter().collect()).unwrap())
}

proptest! {
    #[test]
    fn any_body_shown_withheld_and_erased_in_any_way_commits_alike(
        fields in bodies(), key: Hash, shown_bits: u32, erased_bits: u32, seq in 0..1_u64 << 53
    ) {
        let names: Vec<String> = fields.names().map(str::to_owned).collect();
        let pick = |bits: u32| names.iter().enumerate().filter(move |(i, _)| bits >> i & 1 == 1).map(|(_, name)| name.clone());
        let body = StoredBody::seal(fields.clone(), key);
        let erased: Vec<String> = pick(erased_bits).collect();
        let partly = body.erase_fields(erased.iter().map(String::as_str), 5).unwrap();
        prop_assert_eq!(StoredBody::from_bytes(&body.to_bytes()).unwrap(), body.clone());
        prop_assert_eq!(StoredBody::from_bytes(&partly.to_bytes()).unwrap(), partly.clone());
        let show = Show::Only(pick(shown_bits).collect());
        for kept in [&body, &partly] {
            let line = kept.line(seq, &show).unwrap();
            jcs::check(&line, Numbers::Integers).unwrap();
            let Line::Shown(shown) = Line::parse(&line).unwrap() else { panic!("shown") };
            prop_assert_eq!(Some(shown.c), body.commitment());
            prop_assert_eq!((shown.seq, crate::line::seq_of(&line)), (seq, Some(seq)));
            for (name, cell) in &shown.fields {
                if let Cell::Value(value) = cell {
                    prop_assert_eq!(Some(*value), fields.get(name));
                }
            }
        }
    }

    #[test]
    fn a_changed_byte_of_a_line_changes_the_commitment_or_is_refused(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let body = sample();
        let good = body.line(7, &Show::All).unwrap();
        let mut bytes = good.clone();
        let index = at.index(bytes.len());
        bytes[index] = byte;
        if bytes != good && let Ok(Line::Shown(shown)) = Line::parse(&bytes) {
            prop_assert!(Some(shown.c) != body.commitment() || shown.seq != 7);
        }
    }
}
