//! The tables of the product, read from the source tree.

use std::fs;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use vouch_app::Tables;
use vouch_conform::Frameworks;
use vouch_conform::check::Texts;
use vouch_record::Kinds;

fn files(folder: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(folder);
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<(String, Vec<u8>)> = entries
        .map(|entry| entry.expect("the folder can be read").path())
        .filter(|path| path.extension().is_some_and(|end| end == "yaml"))
        .map(|path| {
            (
                path.file_name().expect("a file has a name").to_string_lossy().into_owned(),
                fs::read(&path).expect("the file can be read"),
            )
        })
        .collect();
    files.sort();
    files
}

fn pairs(files: &[(String, Vec<u8>)]) -> Vec<(&str, &[u8])> {
    files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect()
}

/// The tables as the binary embeds them, read once.
///
/// # Panics
/// When a file of the tree has a defect.
#[must_use]
pub fn tables() -> Tables {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    TABLES
        .get_or_init(|| {
            let (kinds, frameworks) = (files("kinds"), files("frameworks"));
            Tables {
                kinds: Arc::new(Kinds::load(&pairs(&kinds), &[]).unwrap_or_else(|error| panic!("{error}"))),
                frameworks: Arc::new(Frameworks::load(&pairs(&frameworks)).unwrap_or_else(|error| panic!("{error}"))),
                texts: Arc::new(Texts::built_in().unwrap_or_else(|error| panic!("{error}"))),
            }
        })
        .clone()
}

/// The kinds alone.
#[must_use]
pub fn kinds() -> Arc<Kinds> {
    tables().kinds
}
