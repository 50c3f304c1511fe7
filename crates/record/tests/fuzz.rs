//! What an organisation hands in: fields of a record as JSON, fields of its own for a kind with conditions, ids. As tests these replay what
//! is kept in `__fuzz__`; see `cargo xtask fuzz`.

use std::sync::LazyLock;

use vouch_record::validate::encode;
use vouch_record::{Body, Id, Kinds, Link};

/// A kind with a field of each type, to which others can be added.
const NOTE: &str = include_str!("note.yaml");

static KINDS: LazyLock<Kinds> =
    LazyLock::new(|| Kinds::load(&[("note.yaml", NOTE.as_bytes())], &[]).unwrap_or_else(|error| panic!("{error}")));

#[test]
fn the_kind_itself_has_no_defect() {
    assert_eq!(KINDS.len(), 1);
}

#[test]
fn records() {
    bolero::check!(name = "records").with_iterations(0).for_each(|bytes: &[u8]| {
        let kind = KINDS.get("note").expect("the file has that kind");
        let Ok(serde_json::Value::Object(handed)) = serde_json::from_slice(bytes) else { return };
        if let Ok(fields) = encode(kind, &handed, false) {
            let body = Body::new(fields);
            assert_eq!(Body::from_json(&body.to_jcs()).expect("what was written can be read").to_jcs(), body.to_jcs());
        }
    });
}

#[test]
fn bodies() {
    bolero::check!(name = "bodies").with_iterations(0).for_each(|bytes: &[u8]| {
        if let Ok(body) = Body::from_json(bytes) {
            drop(body.to_jcs());
            drop(body.to_json());
        }
        let text = String::from_utf8_lossy(bytes);
        drop(text.parse::<Id>());
        drop(text.parse::<Link>());
    });
}

#[test]
fn own_fields() {
    bolero::check!(name = "own_fields").with_iterations(0).for_each(|bytes: &[u8]| {
        drop(Kinds::load(&[("note.yaml", NOTE.as_bytes())], &[("own.yaml", bytes)]));
    });
}

#[test]
fn kinds() {
    bolero::check!(name = "kinds").with_iterations(0).for_each(|bytes: &[u8]| drop(Kinds::load(&[("note.yaml", bytes)], &[])));
}
