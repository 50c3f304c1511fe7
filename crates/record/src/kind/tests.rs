//! The real kind files, and defects in made-up ones.

use std::fs;
use std::path::Path;

use super::*;

pub(crate) fn all() -> Kinds {
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
