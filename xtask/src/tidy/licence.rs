//! Licences of everything we depend on.

use anyhow::{Result, bail};

use super::Problem;
use crate::manifest::Manifests;

/// Every foreign package is under licences of the list.
pub(crate) fn check(manifests: &Manifests, allow: &[String]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for package in manifests.foreign() {
        let place = format!("{} {}", package.name, package.version);
        let Some(expression) = &package.license else {
            problems.push(Problem::new(&place, "names no licence".to_owned()));
            continue;
        };
        match permitted(expression, allow) {
            Ok(true) => {}
            Ok(false) => {
                problems.push(Problem::new(&place, format!("is under `{expression}`, which `xtask/tidy.toml` does not allow")))
            }
            Err(error) => problems.push(Problem::new(&place, format!("licence `{expression}`: {error}"))),
        }
    }
    let used: Vec<&str> = manifests.foreign().filter_map(|package| package.license.as_deref()).collect();
    for id in allow.iter().filter(|id| !used.iter().any(|expression| words(expression).contains(id))) {
        problems.push(Problem::new("xtask/tidy.toml", format!("allows `{id}`, which nothing is under; remove it")));
    }
    problems
}

/// Words and parentheses of an SPDX expression; `/` is the older way to write `OR`.
fn words(expression: &str) -> Vec<String> {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    spaced.split_whitespace().map(str::to_owned).collect()
}

/// Whether an SPDX expression can be met with the allowed licences alone.
fn permitted(expression: &str, allow: &[String]) -> Result<bool> {
    let words = words(expression);
    let mut rest = words.as_slice();
    let met = alternatives(&mut rest, allow)?;
    if let [word, ..] = rest {
        bail!("`{word}` stands where the expression should end");
    }
    Ok(met)
}

fn alternatives(rest: &mut &[String], allow: &[String]) -> Result<bool> {
    let mut met = all_of(rest, allow)?;
    while let [word, after @ ..] = *rest
        && word == "OR"
    {
        *rest = after;
        met |= all_of(rest, allow)?;
    }
    Ok(met)
}

fn all_of(rest: &mut &[String], allow: &[String]) -> Result<bool> {
    let mut met = one(rest, allow)?;
    while let [word, after @ ..] = *rest
        && word == "AND"
    {
        *rest = after;
        met &= one(rest, allow)?;
    }
    Ok(met)
}

fn one(rest: &mut &[String], allow: &[String]) -> Result<bool> {
    let [word, after @ ..] = *rest else { bail!("the expression ends too early") };
    *rest = after;
    if word == "(" {
        let met = alternatives(rest, allow)?;
        let [close, after @ ..] = *rest else { bail!("a parenthesis is not closed") };
        if close != ")" {
            bail!("`{close}` stands where a parenthesis should close");
        }
        *rest = after;
        return Ok(met);
    }
    // An exception only permits more, so the licence before it decides.
    if let [with, _, after @ ..] = *rest
        && with == "WITH"
    {
        *rest = after;
    }
    Ok(allow.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::for_test;
    use serde_json::json;

    #[track_caller]
    fn check_expression(expression: &str, expected: bool) {
        let allow = ["MIT", "Apache-2.0", "Unicode-3.0"].map(str::to_owned);
        assert_eq!(permitted(expression, &allow).unwrap(), expected, "{expression}");
    }

    #[test]
    fn expressions_are_met_as_spdx_says() {
        check_expression("MIT", true);
        check_expression("GPL-3.0-only", false);
        check_expression("MIT/GPL-3.0", true);
        check_expression("GPL-3.0-only OR Apache-2.0", true);
        check_expression("MIT AND GPL-3.0-only", false);
        check_expression("(MIT OR GPL-3.0-only) AND Unicode-3.0", true);
        check_expression("GPL-2.0-only OR MIT AND GPL-3.0-only", false);
        check_expression("Apache-2.0 WITH LLVM-exception OR GPL-2.0-only", true);
    }

    #[test]
    fn a_broken_expression_is_an_error() {
        for broken in ["", "MIT OR", "(MIT", "MIT Apache-2.0", "(MIT OR Apache-2.0("] {
            assert!(permitted(broken, &["MIT".to_owned()]).is_err(), "{broken}");
        }
    }

    #[test]
    fn a_licence_outside_the_list_and_a_useless_permission_are_named() {
        let manifests = for_test(&json!([
            {"name": "good", "version": "1.0.0", "source": "registry", "license": "MIT"},
            {"name": "bad", "version": "2.0.0", "source": "registry", "license": "SSPL-1.0"},
            {"name": "silent", "version": "3.0.0", "source": "registry"},
        ]));
        let found = check(&manifests, &["MIT".to_owned(), "Zlib".to_owned()]);
        let places: Vec<&str> = found.iter().map(|problem| problem.place.as_str()).collect();
        assert_eq!(places, ["bad 2.0.0", "silent 3.0.0", "xtask/tidy.toml"]);
    }
}
