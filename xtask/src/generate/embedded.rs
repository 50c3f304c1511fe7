//! The list of data files that the binary embeds.

use anyhow::Result;

use super::Files;
use crate::project::Project;

/// Where the list stands.
const FILE: &str = "crates/cli/src/embedded.rs";

/// Name of a list, what it is, folder of its files.
const LISTS: [(&str, &str, &str); 3] = [
    ("KINDS", "Files of `kinds/`.", "kinds"),
    ("FRAMEWORKS", "Files of `frameworks/`.", "frameworks"),
    ("TEXTS", "Texts of the rules.", "crates/conform/src/check"),
];

/// The list as a file of the binary.
pub(super) fn list(project: &Project) -> Result<Files> {
    let mut text = "//! The tables of the product as bytes. Written by `cargo xtask generate embedded`; do not edit.\n".to_owned();
    for (name, help, folder) in LISTS {
        text.push_str(&format!("\n/// {help}\npub(crate) const {name}: &[(&str, &[u8])] = &[\n"));
        for path in project.files(folder, ".yaml")?.into_iter().filter(|path| path.matches('/').count() == folder.matches('/').count() + 1) {
            let file = path.rsplit('/').next().unwrap_or(&path);
            text.push_str(&format!("    (\"{file}\", include_bytes!(\"../../../{path}\")),\n"));
        }
        text.push_str("];\n");
    }
    Ok(Files::from([(FILE.to_owned(), text)]))
}
