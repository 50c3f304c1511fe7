//! Writes `docs/DEPENDENCIES.md`: who uses a crate and its licence come from the manifests, why it is used is kept as people wrote it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::{Result, bail};

use super::Files;
use crate::manifest::Manifests;
use crate::project::Project;

const PATH: &str = "docs/DEPENDENCIES.md";

/// The page.
pub(crate) fn page(project: &Project) -> Result<Files> {
    let present = if project.path(PATH).is_file() { project.read(PATH)? } else { String::new() };
    Ok(Files::from([(PATH.to_owned(), written(&Manifests::read(project)?, &present)?)]))
}

fn written(manifests: &Manifests, present: &str) -> Result<String> {
    let whys = whys(present);
    let mut page =
        "<!-- `cargo xtask generate dependencies` fills in who uses a crate and its licence; why is written by hand. -->\n\n\
         # Dependencies\n\n| crate | used by | why | licence |\n|---|---|---|---|\n"
            .to_owned();
    let mut silent = Vec::new();
    for (name, users) in manifests.direct() {
        let users: Vec<&str> = users.iter().map(|user| user.trim_start_matches("vouch-")).collect();
        let licence = manifests.licence(name).unwrap_or_default();
        match whys.get(name) {
            Some(why) if !why.is_empty() => writeln!(page, "| {name} | {} | {why} | {licence} |", users.join(", "))?,
            _ => silent.push(name),
        }
    }
    if !silent.is_empty() {
        bail!("`{PATH}` does not say why {} is used; add a row `| NAME | | WHY | |` for each", silent.join(", "));
    }
    Ok(page)
}

/// Crate → why, as the page says now.
fn whys(page: &str) -> BTreeMap<&str, &str> {
    let rows = page.lines().filter_map(|line| line.trim().strip_prefix('|')?.strip_suffix('|'));
    let cells = rows.map(|row| row.split('|').map(str::trim).collect::<Vec<_>>());
    cells.filter_map(|cells| if let [name, _, why, _] = cells[..] { Some((name.trim_matches('`'), why)) } else { None }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::for_test;
    use serde_json::json;

    fn manifests() -> Manifests {
        for_test(&json!([
            {"name": "vouch-ledger", "version": "0.1.0", "dependencies": [{"name": "sha2"}, {"name": "vouch-record", "path": "/w/r"}]},
            {"name": "vouch-store", "version": "0.1.0", "dependencies": [{"name": "sha2", "kind": "dev"}]},
            {"name": "sha2", "version": "1.0.0", "source": "registry", "license": "MIT OR Apache-2.0"},
        ]))
    }

    #[test]
    fn the_reason_is_kept_and_the_rest_follows_the_manifests() {
        let page = written(&manifests(), "| `sha2` | nobody | hashes leaves | GPL |\n| gone | x | y | z |\n").unwrap();
        assert!(page.contains("| sha2 | ledger, store | hashes leaves | MIT OR Apache-2.0 |\n"), "{page}");
        assert!(!page.contains("gone"), "{page}");
        assert_eq!(written(&manifests(), &page).unwrap(), page);
    }

    #[test]
    fn a_crate_without_a_reason_is_refused() {
        for present in ["", "| sha2 | ledger |  | MIT |\n"] {
            let error = written(&manifests(), present).unwrap_err().to_string();
            assert!(error.contains("why sha2 is used"), "{error}");
        }
    }
}
