//! The real kind files, and defects in made-up ones.

use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use super::*;

/// The kinds of the project, read once.
pub(crate) fn all() -> Kinds {
    static ALL: OnceLock<Kinds> = OnceLock::new();
    ALL.get_or_init(read).clone()
}

fn read() -> Kinds {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../kinds");
    let mut files: Vec<(String, Vec<u8>)> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "yaml"))
        .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read(&path).unwrap()))
        .collect();
    files.sort();
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    Kinds::load(&files, &[]).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn the_59_kinds_of_the_project_load_with_their_conditions() {
    let kinds = all();
    assert_eq!(kinds.len(), 59);
    assert!(kinds.iter().map(|kind| kind.fields.len()).sum::<usize>() >= 1441);
}

/// A kind of two fields, to plant defects in.
fn loaded(change: impl Fn(&str) -> String) -> Result<Kinds, LoadError> {
    let text = "kind: thing\nversion: 1\nprefix: THG\narea: context\ntitle: Thing\nplural: Things\nhelp: A thing.\nfields:\n\
        \x20 - {name: title, type: text, required: always, help: Its name.}\n\
        \x20 - {name: size, type: enum, required: 'no', help: How big., needed_when: filled(title), values: [{id: big, label: Big, help: Big.}]}\n\
        states: [draft, done]\nsettled: [done]\ntransitions:\n  - {from: draft, to: done, needs: a title, who: any_member}\n";
    Kinds::load(&[("thing.yaml", change(text).as_bytes())], &[])
}

fn defect(find: &str, put: &str, words: &str) {
    let error = loaded(|text| text.replace(find, put)).map(|_| ()).expect_err(words).to_string();
    assert!(error.starts_with("`thing.yaml`: ") && error.contains(words), "{error}");
}

#[test]
fn a_defect_of_a_kind_file_is_named_with_file_and_place() {
    loaded(str::to_owned).unwrap();
    defect("type: text", "type: txt", "field `title`: unknown type `txt`");
    defect("name: size", "name: title", "field `title` is there twice");
    defect("name: size", "name: Size", "`Size` is no field name");
    defect("filled(title)", "filled(titel)", "`titel` names no field");
    defect("settled: [done]", "settled: [over]", "settled names unknown `over`");
    defect("to: done", "to: over", "unknown state `over`");
    defect("prefix: THG", "prefix: TG", "three capital letters");
    defect("required: always", "required: over", "required from unknown state `over`");
    defect("required: always", "requird: always", "requird");
    defect("type: text", "type: link<robot>", "links to unknown kind `robot`");
    defect("values: [{id: big, label: Big, help: Big.}]", "values: []", "enum without values");
}

#[test]
fn an_organisation_adds_fields_of_its_own_to_a_known_kind() {
    let own = b"kind: risk\nfields:\n  - {name: own_score, type: int, required: 'no', help: Our own score.}\n".as_slice();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../kinds");
    let files: Vec<(String, Vec<u8>)> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.display().to_string(), fs::read(&path).unwrap()))
        .collect();
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    let kinds = Kinds::load(&files, &[("own.yaml", own)]).unwrap();
    let field = kinds.get("risk").unwrap().field("own_score").unwrap();
    assert!(field.own);
    let unknown = Kinds::load(&files, &[("own.yaml", b"kind: robot\nfields: []\n".as_slice())]).unwrap_err();
    assert_eq!(unknown.to_string(), "`own.yaml`: adds fields to `robot`, which is no kind");
}
