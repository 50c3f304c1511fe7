//! A body of every kind and version, byte for byte: old revisions stay readable for ever.
//!
//! `golden/<kind>.v<version>.json` holds the canonical bytes of a body in which every field is filled. A file of the present version
//! must be what the program writes today; a file of an older version must still be read. A missing file is written beside its place
//! with the ending `.new`, to be looked at and renamed.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value as Json, json};
use vouch_record::kind::{Column, FieldType, Kind, Scalar, Target};
use vouch_record::validate::encode;
use vouch_record::{Body, Kinds};

fn kinds() -> Kinds {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../kinds");
    let mut files: Vec<(String, Vec<u8>)> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.display().to_string(), fs::read(&path).unwrap()))
        .collect();
    files.sort();
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    Kinds::load(&files, &[]).unwrap()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

/// A value of a type, the same in every run.
fn filled(kinds: &Kinds, name: &str, kind: &FieldType) -> Json {
    match kind {
        FieldType::One(scalar) => one(kinds, name, scalar),
        FieldType::Set(scalar) => json!([one(kinds, name, scalar)]),
        FieldType::List(columns) if columns[0].name.is_empty() => json!([filled(kinds, name, &columns[0].kind)]),
        FieldType::List(columns) => {
            let cell = |column: &Column| (column.name.clone(), filled(kinds, &column.name, &column.kind));
            json!([columns.iter().map(cell).collect::<Map<_, _>>()])
        }
    }
}

fn one(kinds: &Kinds, name: &str, scalar: &Scalar) -> Json {
    match scalar {
        Scalar::Text => json!(format!("{name}, é and \"quotes\"")),
        Scalar::Markdown => json!(format!("# {name}\n\nIn words.")),
        Scalar::Int => json!(42),
        Scalar::Decimal => json!("0.25"),
        Scalar::Bool => json!(true),
        Scalar::Date => json!("2026-03-02"),
        Scalar::DateTime => json!("2026-03-02T09:00:00.000Z"),
        Scalar::Period => json!({"from": "2026-03-02", "to": "2026-09-01"}),
        Scalar::Duration => json!("P6M"),
        Scalar::Money => json!({"amount": "12.5", "currency": "EUR"}),
        Scalar::Url => json!("https://example.org/page"),
        Scalar::Email => json!("name@example.org"),
        Scalar::Enum(choices) => json!(choices.last().unwrap().id),
        Scalar::File => json!({"name": "a.pdf", "sha256": "ab".repeat(32), "size": 7}),
        Scalar::Link(Target::Requirement) => json!("iso42001:A.5.2"),
        Scalar::Link(Target::Any) => json!("SYS-1@2"),
        Scalar::Link(Target::Kind(kind)) => json!(format!("{}-1", kinds.get(kind).unwrap().prefix)),
    }
}

fn body(kinds: &Kinds, kind: &Kind) -> Body {
    let handed: Map<String, Json> =
        kind.fields.iter().map(|field| (field.name.clone(), filled(kinds, &field.name, &field.kind))).collect();
    Body::new(encode(kind, &handed, true).unwrap_or_else(|problems| panic!("{}: {problems:?}", kind.name)))
}

#[test]
fn a_body_of_every_kind_is_written_as_its_golden_file() {
    let kinds = kinds();
    let mut missing = Vec::new();
    for kind in kinds.iter() {
        let path = folder().join(format!("{}.v{}.json", kind.name, kind.version));
        let written = body(&kinds, kind).to_jcs();
        match fs::read(&path) {
            Ok(golden) => assert!(golden == written, "{} is written otherwise than its golden file; raise the version", kind.name),
            Err(_) => {
                fs::write(path.with_extension("json.new"), &written).unwrap();
                missing.push(path.display().to_string());
            }
        }
    }
    assert!(missing.is_empty(), "no golden file: {missing:?}");
}

#[test]
fn every_golden_file_of_any_version_is_still_read_and_keeps_what_is_unknown() {
    let kinds = kinds();
    for entry in fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "json"))
    {
        let bytes = fs::read(&entry).unwrap();
        let name = entry.file_stem().unwrap().to_str().unwrap().rsplit_once(".v").unwrap().0.to_owned();
        let kind = kinds.get(&name).unwrap_or_else(|| panic!("{} is of no kind", entry.display()));
        let read = Body::from_json(&bytes).unwrap_or_else(|error| panic!("{}: {error}", entry.display()));
        assert_eq!(read.to_jcs(), bytes, "{}", entry.display());
        let known = read.fields().filter(|(name, _)| kind.field(name).is_some()).count();
        assert!(known > 0, "{}", entry.display());
        // A field of a newer version or of the organisation itself stays through a revision.
        let with = read.with([("field_of_a_newer_version".into(), vouch_record::Value::text("kept"))]);
        let revised = with.with([(kind.fields[0].name.as_str().into(), vouch_record::Value::text("changed"))]);
        assert_eq!(revised.get("field_of_a_newer_version").and_then(vouch_record::Value::as_text), Some("kept"));
    }
}
