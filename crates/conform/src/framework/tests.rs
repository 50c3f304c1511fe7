//! Tests of frameworks, over the files at the project's root.

use super::*;

fn files() -> Vec<(String, Vec<u8>)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../frameworks");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "yaml"));
    paths.sort();
    paths.into_iter().map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), std::fs::read(&path).unwrap())).collect()
}

fn load(files: &[(String, Vec<u8>)]) -> Result<Frameworks, FrameworkError> {
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    Frameworks::load(&files)
}

/// Loads the files with one text replaced in one of them.
fn check(file: &str, from: &str, to: &str, reason: &str) {
    let mut files = files();
    let (_, bytes) = files.iter_mut().find(|(name, _)| name == file).unwrap();
    let text = String::from_utf8(bytes.clone()).unwrap();
    assert!(text.contains(from), "{file} holds no `{from}`");
    *bytes = text.replacen(from, to, 1).into_bytes();
    let error = load(&files).unwrap_err();
    assert_eq!(error.file, file.trim_end_matches(".yaml"));
    assert!(error.line.is_some_and(|line| line > 1), "{error}");
    assert!(error.to_string().contains(reason), "{error}");
}

#[test]
fn the_seventy_items_stand_in_the_order_of_the_standard() {
    let frameworks = load(&files()).unwrap();
    let ids: Vec<&str> = frameworks.items().iter().map(|item| item.id.as_str()).collect();
    assert_eq!(ids.len(), 70);
    assert_eq!(frameworks.items().iter().filter(|item| item.is_control()).count(), 38);
    assert_eq!((ids[0], ids[31], ids[32], ids[69]), ("4.1", "10.2", "A.2.2", "A.10.4"));
    assert!(frameworks.place("A.5.2") < frameworks.place("A.10.2"));
    let item = frameworks.item("A.5.2").unwrap();
    assert_eq!((item.cadence, item.max_age_days, item.required), (Cadence::Annual, Some(365), Need::ExtentNecessary));
    assert_eq!(item.roles, ["developer", "provider", "user"]);
}

#[test]
fn templates_say_what_is_mandatory_and_what_they_serve() {
    let frameworks = load(&files()).unwrap();
    assert_eq!(frameworks.templates().len(), 55);
    assert_eq!(frameworks.mandatory_templates().count(), 31);
    let policy = frameworks.template("T-AI-POLICY").unwrap();
    assert!(policy.satisfies.contains(&"5.2".to_owned()) && !policy.headings.is_empty());
    assert_eq!(frameworks.nonconformity_workflow().len(), 8);
}

#[test]
fn every_other_framework_is_read_when_asked_for() {
    let frameworks = load(&files()).unwrap();
    let mut nodes: Vec<(&str, usize)> = Vec::new();
    for key in frameworks.keys() {
        if let Some(framework) = frameworks.framework(key).unwrap() {
            nodes.push((key, framework.nodes.len()));
        }
    }
    assert!(
        nodes.contains(&("nist_ai_rmf", 95)) && nodes.contains(&("iso27001_2022", 138)) && nodes.contains(&("iso42001", 92)),
        "{nodes:?}"
    );
    assert!(!nodes.iter().any(|(key, _)| matches!(*key, "crosswalk" | "certification" | "ai_service_domains")));
    assert!(
        frameworks.knows("iso42001", "A.5.2") && frameworks.knows("iso42001", "A.5") && frameworks.knows("eu_ai_act", "Art. 9")
    );
    assert!(!frameworks.knows("iso42001", "A.5.9") && !frameworks.knows("nobody", "1"));
}

#[test]
fn a_broken_file_is_refused_with_line_and_reason() {
    check("iso42001.yaml", "parent: A.5\n", "parent: A.99\n", "A.99");
    check("iso42001.yaml", "cadence: annual", "cadence: sometimes", "sometimes");
    check("iso42001.yaml", "    common_gap:", "    common_gape:", "common_gape");
    check("templates_outline.yaml", "need: mandatory\n    owner", "need: vital\n    owner", "vital");
    check("templates_outline.yaml", "id: T-SCOPE\n", "id: T-MANUAL\n", "twice");
}

#[test]
fn a_missing_file_is_named() {
    let files: Vec<_> = files().into_iter().filter(|(name, _)| name != "iso42001.yaml").collect();
    assert_eq!(load(&files).unwrap_err().to_string(), "`iso42001`: the file is missing; the rules rest on it");
}

#[test]
fn a_dropped_in_framework_with_a_dangling_parent_is_refused_when_asked_for() {
    let own = "meta: {key: own, title: Own}\nnodes:\n  - {id: '1', kind: rule, parent: null, title: One}\n  - {id: '2', kind: rule, parent: '3', title: Two}\n";
    let mut files = files();
    files.push(("own.yaml".to_owned(), own.into()));
    let frameworks = load(&files).unwrap();
    let error = frameworks.framework("own").unwrap_err();
    assert_eq!((error.line, error.file.as_str()), (Some(4), "own"));
}

/// Loads the product's files with one of the organisation.
fn with_own(name: &str, text: &str) -> Result<Frameworks, FrameworkError> {
    let files = files();
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    Frameworks::load_with(&files, &[(name, text.as_bytes())])
}

#[test]
fn a_framework_of_the_organisation_brings_its_own_crosswalk() {
    let own = "meta: {key: house, title: House rules}\nstill_to_do: [train the board]\ncrosswalk:\n  - {from: A.5.2, to: H1, strength: full, source: own}\nnodes:\n  - {id: H1, kind: rule, parent: null, title: Assess}\n";
    let frameworks = with_own("/data/frameworks/house.yaml", own).unwrap();
    assert!(frameworks.others().unwrap().iter().any(|framework| framework.key == "house"));
    let crosswalk = frameworks.crosswalk("house").unwrap();
    assert_eq!((crosswalk.rows.len(), crosswalk.rows[0].strength, crosswalk.still_to_do.len()), (1, Strength::Full, 1));
    assert!(frameworks.knows("house", "H1"));
}

#[test]
fn a_broken_framework_of_the_organisation_is_refused_with_its_line() {
    let check = |name: &str, text: &str, line: Option<u64>, reason: &str| {
        let error = with_own(name, text).unwrap_err();
        assert!(error.line == line && error.reason.contains(reason), "{error}");
    };
    let head = "meta: {key: house, title: House rules}\n";
    let node = "nodes:\n  - {id: H1, kind: rule, parent: null, title: Assess}\n";
    check("house.yaml", head, None, "holds no `nodes`");
    check("house.yaml", &format!("{head}nodes:\n  - {{id: H1, kind: rule, parent: null}}\n"), Some(3), "title");
    check("house.yaml", &format!("{head}nodes:\n  - {{id: H1, kind: rule, parent: H9, title: A}}\n"), Some(3), "`H9`");
    check("mine.yaml", &format!("{head}{node}"), Some(1), "the file is named `mine`");
    check("soc2_tsc.yaml", &format!("{head}{node}"), None, "another file of this name");
    let row = |row: &str| format!("{head}{node}crosswalk:\n  - {row}\n");
    check("house.yaml", &row("{from: A.5.9, to: H1, strength: full, source: own}"), Some(5), "`A.5.9` is no auditable item");
    check("house.yaml", &row("{from: A.5.2, to: H7, strength: full, source: own}"), Some(5), "`H7` is no node");
    check("house.yaml", &row("{from: A.5.2, to: H1, strength: good, source: own}"), Some(5), "good");
}
