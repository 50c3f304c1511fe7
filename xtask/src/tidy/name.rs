//! Names that say nothing, and heads that say nothing.

use super::Problem;
use super::source::Source;

const EMPTY_NAMES: [&str; 10] = ["base", "common", "core", "helper", "helpers", "manager", "managers", "misc", "util", "utils"];

/// Crates, folders, files and modules bear nouns of the domain; each crate opens with what it is and what it never contains.
pub(crate) fn check(sources: &[Source], crates: &[String]) -> Vec<Problem> {
    let empty = |name: &str| EMPTY_NAMES.contains(&name);
    let mut problems = Vec::new();
    for name in crates.iter().filter(|name| name.split('-').any(empty)) {
        problems.push(Problem::new(name, "the crate's name says nothing; call it after what it holds".to_owned()));
    }
    for source in sources {
        let path = source.path.trim_end_matches(".rs");
        let in_path = path.split('/').filter(|part| empty(part)).map(str::to_owned);
        let declared = source.modules().into_iter().filter(|name| empty(name));
        for name in in_path.chain(declared) {
            problems.push(Problem::new(&source.path, format!("`{name}` says nothing; use a noun of the domain")));
        }
        if source.path.ends_with("/src/lib.rs") && !source.head().contains("ever contain") {
            let message = "open with `//!`: what the crate is, and what it never contains".to_owned();
            problems.push(Problem::new(&source.path, message));
        }
        if source.path.ends_with("/src/main.rs") && source.head().trim().is_empty() {
            problems.push(Problem::new(&source.path, "open with `//!`: what the program does".to_owned()));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_one(path: &str, text: &str, expected: &[&str]) {
        let source = Source::parse(path, text).unwrap();
        let found: Vec<String> = check(&[source], &[]).iter().map(ToString::to_string).collect();
        assert_eq!(found.len(), expected.len(), "{found:?}");
        for (found, expected) in found.iter().zip(expected) {
            assert!(found.contains(expected), "{found} / {expected}");
        }
    }

    #[test]
    fn empty_names_are_refused_wherever_they_stand() {
        check_one("crates/x/src/utils.rs", "", &["`utils`"]);
        check_one("crates/x/src/common/money.rs", "", &["`common`"]);
        check_one("crates/x/src/a.rs", "mod helpers { }", &["`helpers`"]);
        check_one("crates/x/src/encore.rs", "mod scores;", &[]);
        assert_eq!(check(&[], &["vouch-core".into(), "vouch-record".into()]).len(), 1);
    }

    #[test]
    fn a_crate_says_what_it_never_contains() {
        check_one("crates/x/src/lib.rs", "//! Money. This crate never contains a clock.\n", &[]);
        check_one("crates/x/src/lib.rs", "//! Money.\n", &["never contains"]);
        check_one("crates/x/src/main.rs", "fn main() {}", &["what the program does"]);
    }
}
