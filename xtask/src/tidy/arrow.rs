//! Which crate may use which, compared with the manifests; and what the pure crates may not touch.

use super::Problem;
use super::source::Source;
use crate::manifest::{Manifests, Package};

/// A crate and what of ours it may use.
struct Arrow {
    from: &'static str,
    to: &'static [&'static str],
    /// no async, clock, environment, files, network, database or logging
    pure: bool,
}

const PURE: &[&str] = &["vouch-record", "vouch-ledger", "vouch-conform", "vouch-policy", "vouch-stats", "vouch-report"];
const SURFACE: &[&str] =
    &["vouch-record", "vouch-ledger", "vouch-conform", "vouch-policy", "vouch-stats", "vouch-report", "vouch-app"];
const BELOW_APP: &[&str] =
    &["vouch-record", "vouch-ledger", "vouch-conform", "vouch-policy", "vouch-stats", "vouch-report", "vouch-store"];
const ALL: &[&str] = &[
    "vouch-record",
    "vouch-ledger",
    "vouch-conform",
    "vouch-policy",
    "vouch-stats",
    "vouch-report",
    "vouch-store",
    "vouch-app",
    "vouch-web",
    "vouch-gateway",
    "vouch-collect",
    "vouch",
];

/// The table of ARCHITECTURE.md.
const ARROWS: [Arrow; 14] = [
    Arrow { from: "vouch-record", to: &[], pure: true },
    Arrow { from: "vouch-ledger", to: &[], pure: true },
    Arrow { from: "vouch-policy", to: &[], pure: true },
    Arrow { from: "vouch-stats", to: &[], pure: true },
    Arrow { from: "vouch-conform", to: &["vouch-record", "vouch-stats"], pure: true },
    Arrow { from: "vouch-report", to: &["vouch-record", "vouch-conform", "vouch-ledger"], pure: true },
    Arrow { from: "vouch-store", to: &["vouch-record", "vouch-ledger"], pure: false },
    Arrow { from: "vouch-app", to: BELOW_APP, pure: false },
    Arrow { from: "vouch-web", to: SURFACE, pure: false },
    Arrow { from: "vouch-gateway", to: SURFACE, pure: false },
    Arrow { from: "vouch-collect", to: SURFACE, pure: false },
    Arrow { from: "vouch", to: ALL, pure: false },
    Arrow { from: TESTS, to: ALL, pure: false },
    Arrow { from: "xtask", to: &[], pure: false },
];

/// The crate that tests may use besides.
const TESTS: &str = "vouch-testkit";

/// Packages that do what a pure crate must not.
const IMPURE_PACKAGES: [&str; 23] = [
    "async-trait",
    "chrono",
    "env_logger",
    "fs-err",
    "futures",
    "getrandom",
    "hyper",
    "log",
    "mio",
    "notify",
    "postgres",
    "rand",
    "reqwest",
    "rusqlite",
    "rustls",
    "smol",
    "sqlx",
    "tempfile",
    "tokio",
    "tokio-postgres",
    "tracing",
    "ureq",
    "walkdir",
];

/// Parts of the standard library that do.
const IMPURE_PATHS: [&str; 11] = [
    "async",
    "std::env",
    "std::fs",
    "std::net",
    "std::os",
    "std::process",
    "std::thread",
    "std::time::Instant",
    "std::time::SystemTime",
    "std::io::stdin",
    "std::io::stdout",
];

/// Compares the table with the manifests, and the pure crates with what they name.
pub(crate) fn check(manifests: &Manifests, sources: &[Source]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for package in manifests.own() {
        match ARROWS.iter().find(|arrow| arrow.from == package.name) {
            Some(arrow) => problems.extend(check_package(package, arrow)),
            None => {
                problems.push(Problem::new(&package.name, "stands in no row of the table of crates (`tidy/arrow.rs`)".to_owned()))
            }
        }
    }
    for source in sources {
        let Some(name) = crate_of(&source.path).filter(|name| PURE.contains(&name.as_str())) else { continue };
        for path in source.paths() {
            let impure = |forbidden: &&&str| path == **forbidden || path.starts_with(&format!("{forbidden}::"));
            if let Some(forbidden) = IMPURE_PATHS.iter().find(impure) {
                problems.push(Problem::new(&source.path, format!("names `{forbidden}`; {name} is pure, hand it in")));
            }
        }
    }
    problems
}

/// `crates/record/src/…` → `vouch-record`.
fn crate_of(path: &str) -> Option<String> {
    let (folder, rest) = path.strip_prefix("crates/")?.split_once('/')?;
    rest.starts_with("src/").then(|| format!("vouch-{folder}"))
}

fn check_package(package: &Package, arrow: &Arrow) -> Vec<Problem> {
    let mut problems = Vec::new();
    for dependency in &package.dependencies {
        let for_tests = dependency.kind.as_deref() == Some("dev");
        let name = dependency.name.as_str();
        if dependency.path.is_some() {
            if !(arrow.to.contains(&name) || for_tests && name == TESTS) {
                let only = if name == TESTS { " outside tests" } else { "" };
                problems.push(Problem::new(&package.name, format!("may not use `{name}`{only}")));
            }
        } else if arrow.pure && !for_tests && IMPURE_PACKAGES.contains(&name) {
            problems.push(Problem::new(&package.name, format!("is pure and may not use `{name}`")));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::for_test;
    use serde_json::json;

    #[track_caller]
    fn check_one(name: &str, dependencies: &serde_json::Value, expected: &[&str]) {
        let manifests = for_test(&json!([{"name": name, "version": "1.0.0", "dependencies": dependencies}]));
        let found: Vec<String> = check(&manifests, &[]).iter().map(ToString::to_string).collect();
        assert_eq!(found.len(), expected.len(), "{found:?}");
        for (found, expected) in found.iter().zip(expected) {
            assert!(found.contains(expected), "{found} / {expected}");
        }
    }

    #[test]
    fn arrows_against_the_table_are_refused() {
        check_one("vouch-conform", &json!([{"name": "vouch-record", "path": "/w/r"}]), &[]);
        check_one("vouch-record", &json!([{"name": "vouch-ledger", "path": "/w/l"}]), &["may not use `vouch-ledger`"]);
        check_one("vouch-store", &json!([{"name": "vouch-testkit", "path": "/w/t", "kind": "dev"}]), &[]);
        check_one("vouch-store", &json!([{"name": "vouch-testkit", "path": "/w/t"}]), &["outside tests"]);
        check_one("vouch-web", &json!([{"name": "vouch-gateway", "path": "/w/g"}]), &["may not use `vouch-gateway`"]);
        check_one("vouch-magic", &json!([]), &["no row"]);
    }

    #[test]
    fn pure_crates_touch_nothing_outside() {
        check_one("vouch-ledger", &json!([{"name": "tokio"}, {"name": "sha2"}]), &["`tokio`"]);
        check_one("vouch-ledger", &json!([{"name": "tempfile", "kind": "dev"}]), &[]);
        let impure = Source::parse("crates/record/src/a.rs", "use std::fs;\nfn now() { std::time::SystemTime::now(); }").unwrap();
        assert_eq!(check(&for_test(&json!([])), &[impure]).len(), 2);
        let elsewhere = Source::parse("crates/store/src/a.rs", "use std::fs;").unwrap();
        assert!(check(&for_test(&json!([])), &[elsewhere]).is_empty());
    }

    #[test]
    fn the_table_of_pure_crates_is_one() {
        let pure: Vec<&str> = ARROWS.iter().filter(|arrow| arrow.pure).map(|arrow| arrow.from).collect();
        assert_eq!(pure.len(), PURE.len());
        assert!(pure.iter().all(|name| PURE.contains(name)));
    }
}
