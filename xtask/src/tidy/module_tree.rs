//! The tree of modules: which files it reaches, which only for tests, and which not at all.

use std::collections::BTreeMap;

use super::Problem;
use super::source::{Source, is_test};

/// A file to look into.
struct Open {
    path: String,
    /// folder of the modules it declares
    modules_in: String,
    /// reached only for tests
    for_tests: bool,
}

/// Marks the files that are reached only for tests, and names those that nothing reaches.
pub(crate) fn check(sources: &mut [Source], roots: &[String]) -> Vec<Problem> {
    let by_path: BTreeMap<&str, &Source> = sources.iter().map(|source| (source.path.as_str(), source)).collect();
    let mut reached: BTreeMap<String, bool> = BTreeMap::new();
    let root =
        |path: &String| Open { path: path.clone(), modules_in: folder(path).to_owned(), for_tests: path.contains("/tests/") };
    let mut open: Vec<Open> = roots.iter().map(root).collect();
    while let Some(next) = open.pop() {
        let Some(source) = by_path.get(next.path.as_str()) else { continue };
        // A file that was reached for tests alone is looked into again when more than tests reach it.
        let known = reached.get(&next.path).copied();
        if known.is_none() || known == Some(true) && !next.for_tests {
            reached.insert(next.path.clone(), next.for_tests);
            declared(&source.items.items, &next, &mut open);
        }
    }
    let mut problems = Vec::new();
    for source in sources {
        match reached.get(&source.path) {
            Some(for_tests) => source.for_tests = *for_tests,
            None => problems.push(Problem::new(&source.path, "no module declares this file; declare or remove it".to_owned())),
        }
    }
    problems
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Adds each file that the items may declare.
fn declared(items: &[syn::Item], file: &Open, open: &mut Vec<Open>) {
    for item in items {
        let syn::Item::Mod(module) = item else { continue };
        let name = module.ident.to_string();
        let inner = format!("{}/{}", file.modules_in, name.trim_start_matches("r#"));
        let for_tests = file.for_tests || is_test(&module.attrs);
        let mut add = |path: String, modules_in: String| open.push(Open { path, modules_in, for_tests });
        if let Some((_, items)) = &module.content {
            declared(items, &Open { path: file.path.clone(), modules_in: inner, for_tests }, open);
        } else if let Some(path) = given_path(module) {
            let path = format!("{}/{path}", folder(&file.path));
            let modules_in = folder(&path).to_owned();
            add(path, modules_in);
        } else {
            add(format!("{inner}.rs"), inner.clone());
            add(format!("{inner}/mod.rs"), inner);
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

    fn sources(files: &[(&str, &str)]) -> Vec<Source> {
        files.iter().map(|(path, text)| Source::parse(path, text).unwrap()).collect()
    }

    #[test]
    fn a_file_that_no_module_declares_is_dead() {
        let mut sources = sources(&[
            ("x/src/lib.rs", "mod a; mod b { mod c; } #[path = \"odd.rs\"] mod d;"),
            ("x/src/a.rs", "mod deep;"),
            ("x/src/a/deep.rs", ""),
            ("x/src/b/c/mod.rs", "mod e;"),
            ("x/src/b/c/e.rs", ""),
            ("x/src/odd.rs", ""),
            ("x/src/left.rs", "mod over;"),
            ("x/src/left/over.rs", ""),
        ]);
        let found = check(&mut sources, &["x/src/lib.rs".to_owned()]);
        let places: Vec<&str> = found.iter().map(|problem| problem.place.as_str()).collect();
        assert_eq!(places, ["x/src/left.rs", "x/src/left/over.rs"]);
    }

    #[test]
    fn what_only_tests_reach_is_for_tests() {
        let mut sources = sources(&[
            ("x/src/lib.rs", "#[cfg(test)] mod cases; mod a; #[cfg(test)] #[path = \"a.rs\"] mod again;"),
            ("x/src/cases.rs", "mod log;"),
            ("x/src/cases/log.rs", ""),
            ("x/src/a.rs", "#[cfg(test)] mod tests;"),
            ("x/src/a/tests.rs", ""),
            ("x/tests/story.rs", "mod teller;"),
            ("x/tests/teller.rs", ""),
        ]);
        let found = check(&mut sources, &["x/src/lib.rs".to_owned(), "x/tests/story.rs".to_owned()]);
        assert!(found.is_empty(), "{found:?}");
        let product: Vec<&str> = sources.iter().filter(|source| !source.for_tests).map(|source| source.path.as_str()).collect();
        assert_eq!(product, ["x/src/lib.rs", "x/src/a.rs"]);
    }
}
