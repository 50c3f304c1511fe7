//! Files that no module declares.

use std::collections::{BTreeMap, BTreeSet};

use super::Problem;
use super::source::Source;

/// Every Rust file is a target's root or declared by a module that is reached from one.
pub(crate) fn check(sources: &[Source], roots: &[String]) -> Vec<Problem> {
    let by_path: BTreeMap<&str, &Source> = sources.iter().map(|source| (source.path.as_str(), source)).collect();
    let mut reached = BTreeSet::new();
    let mut open: Vec<(String, String)> = roots.iter().map(|root| (root.clone(), folder(root).to_owned())).collect();
    while let Some((path, modules_in)) = open.pop() {
        let Some(source) = by_path.get(path.as_str()) else { continue };
        if reached.insert(path.clone()) {
            declared(&source.items.items, &path, &modules_in, &mut |path, modules_in| open.push((path, modules_in)));
        }
    }
    let dead = sources.iter().filter(|source| !reached.contains(&source.path));
    dead.map(|source| Problem::new(&source.path, "no module declares this file; declare or remove it".to_owned())).collect()
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Calls `found` with each file that the items may declare, and the folder in which that file's own modules lie.
fn declared(items: &[syn::Item], file: &str, modules_in: &str, found: &mut dyn FnMut(String, String)) {
    for item in items {
        let syn::Item::Mod(module) = item else { continue };
        let name = module.ident.to_string();
        let name = name.trim_start_matches("r#");
        let inner = format!("{modules_in}/{name}");
        if let Some((_, items)) = &module.content {
            declared(items, file, &inner, found);
        } else if let Some(path) = given_path(module) {
            let path = format!("{}/{path}", folder(file));
            let inner = folder(&path).to_owned();
            found(path, inner);
        } else {
            found(format!("{inner}.rs"), inner.clone());
            found(format!("{inner}/mod.rs"), inner);
        }
    }
}

fn given_path(module: &syn::ItemMod) -> Option<String> {
    let attribute = module.attrs.iter().find(|attribute| attribute.path().is_ident("path"))?;
    match &attribute.meta.require_name_value().ok()?.value {
        syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(path), .. }) => Some(path.value()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_no_module_declares_is_dead() {
        let files = [
            ("x/src/lib.rs", "mod a; mod b { mod c; } #[path = \"odd.rs\"] mod d;"),
            ("x/src/a.rs", "mod deep;"),
            ("x/src/a/deep.rs", ""),
            ("x/src/b/c/mod.rs", "mod e;"),
            ("x/src/b/c/e.rs", ""),
            ("x/src/odd.rs", ""),
            ("x/src/left.rs", "mod over;"),
            ("x/src/left/over.rs", ""),
        ];
        let sources: Vec<Source> = files.iter().map(|(path, text)| Source::parse(path, text).unwrap()).collect();
        let found = check(&sources, &["x/src/lib.rs".to_owned()]);
        let places: Vec<&str> = found.iter().map(|problem| problem.place.as_str()).collect();
        assert_eq!(places, ["x/src/left.rs", "x/src/left/over.rs"]);
    }
}
