//! Every page in both themes, wide and narrow: no violation of axe-core's A, AA and best-practice rules, no sideways scroll at
//! 320 pixels, no complaint on the console.

#![allow(clippy::disallowed_methods, reason = "the rules lie where `cargo xtask browser` put them")]

use serde_json::{Value, json};

use crate::driver::{Browser, Look};
use crate::house::House;

const RULES: [&str; 7] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"];

/// Every page a person comes to, with a record where one is needed; found by walking the sidebar and the first link of each list.
pub(crate) fn addresses(browser: &Browser, house: &House) -> Vec<String> {
    let mut paths = links(browser, house, "/", ".side-nav a");
    paths.extend(
        [
            "/help",
            "/import",
            "/pack",
            "/kinds/corrective-action",
            "/search?q=risk",
            "/kinds/treatment",
            "/kinds/risk/new",
            "/requirements/A.6.2.4",
            "/soa/A.6.2.4",
            "/soa?control=A.6.2.4",
        ]
        .map(str::to_owned),
    );
    paths.extend(["/nowhere", "/?as-of=2026-08-31", "/risks?map=inherent", "/gaps?framework=eu_ai_act"].map(str::to_owned));
    for list in [
        "/systems",
        "/risks",
        "/impact",
        "/documents",
        "/incidents",
        "/nonconformities",
        "/suppliers",
        "/evidence",
        "/kinds/treatment",
    ] {
        paths.extend(
            links(browser, house, list, "main table tbody a[href^='/']")
                .into_iter()
                .find(|path| path.rsplit('/').next().is_some_and(|end| end.contains('-'))),
        );
    }
    paths.extend(
        ["/records/SYS-1", "/records/SYS-1?tab=history", "/records/SYS-1?tab=proof", "/records/SYS-1/edit"].map(str::to_owned),
    );
    paths.sort();
    paths.dedup();
    paths
}

fn links(browser: &Browser, house: &House, path: &str, css: &str) -> Vec<String> {
    browser.go(&house.at(path));
    let script = "const done = arguments[arguments.length - 1]; done([...document.querySelectorAll(arguments[0])].map(a => a.getAttribute('href')))";
    let found = browser.run(script, &json!([css]));
    found.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

#[test]
fn no_page_violates_a_rule_of_accessibility() {
    let axe = std::env::var_os("VOUCH_AXE").expect("`cargo xtask browser` fetches the rules and names them");
    let axe = std::fs::read_to_string(axe).expect("the rules can be read");
    let house = House::sample();
    let browser = Browser::start(Look::DESK);
    browser.go(&house.link);
    let paths = addresses(&browser, &house);
    assert!(paths.len() > 40, "only {} pages were found", paths.len());
    let mut wrong = Vec::new();
    for (theme, width) in [("light", 1440), ("dark", 1440), ("light", 390), ("dark", 390)] {
        browser.look(Look { width, theme, scripts: true });
        for path in &paths {
            browser.go(&house.at(path));
            let expected = path == "/nowhere";
            wrong.extend(
                browser
                    .complaints()
                    .into_iter()
                    .filter(|_| !expected)
                    .map(|said| format!("{path} {theme} {width}: console: {said}")),
            );
            wrong.extend(violations(&browser, &axe).into_iter().map(|said| format!("{path} {theme} {width}: {said}")));
        }
    }
    assert!(wrong.is_empty(), "{} violations:\n{}", wrong.len(), wrong.join("\n"));
}

fn violations(browser: &Browser, axe: &str) -> Vec<String> {
    let script = format!(
        "{axe};\nconst done = arguments[arguments.length - 1];\n\
         axe.run(document, {{runOnly: arguments[0]}}).then(r => done(r.violations.map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.html.slice(0, 160)).join(' | '))))\n\
         .catch(e => done(['axe failed: ' + e]))"
    );
    let found = browser.run(&script, &json!([RULES]));
    found.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

#[test]
fn no_page_scrolls_sideways_on_the_narrowest_phone() {
    let house = House::sample();
    let browser = Browser::start(Look::DESK);
    browser.go(&house.link);
    let paths = addresses(&browser, &house);
    browser.look(Look { width: 320, theme: "light", scripts: true });
    let mut wide = Vec::new();
    for path in &paths {
        browser.go(&house.at(path));
        let script = "arguments[arguments.length - 1](document.documentElement.scrollWidth - document.documentElement.clientWidth)";
        let over = browser.run(script, &json!([])).as_i64().unwrap_or(i64::MAX);
        if over > 0 {
            wide.push(format!("{path}: {over} pixels"));
        }
    }
    assert!(wide.is_empty(), "{}", wide.join("\n"));
}
