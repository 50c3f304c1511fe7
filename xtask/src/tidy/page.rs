//! Pages at the root: their lengths, the form of the change log, and what no tracked file may name or leave open.

use super::Problem;

/// Pages that a newcomer reads, and the verifier that an auditor reads, with the most lines each may have.
pub(crate) const LENGTHS: [(&str, usize); 3] = [("README.md", 120), ("ARCHITECTURE.md", 300), ("docs/verify.py", 300)];

/// Pages that must be there.
pub(crate) const NEEDED: [&str; 10] = [
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "README.md",
    "docs/CONFORMITY.md",
    "docs/DEPENDENCIES.md",
    "docs/PERFORMANCE.md",
    "docs/POSTGRESQL.md",
    "docs/RELIABILITY.md",
];

/// A page's length.
pub(crate) fn length(path: &str, text: &str) -> Option<Problem> {
    let (_, limit) = LENGTHS.iter().find(|(page, _)| *page == path)?;
    let lines = text.lines().count();
    (lines > *limit).then(|| Problem::new(path, format!("{lines} lines, the limit is {limit}")))
}

/// The change log: one title, versions newest first, under each the known sections with at least one entry.
pub(crate) fn change_log(path: &str, text: &str) -> Vec<Problem> {
    const SECTIONS: [&str; 6] = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"];
    let mut problems = Vec::new();
    let mut say = |line: usize, message: String| problems.push(Problem::new(&format!("{path}:{line}"), message));
    let mut headings = text.lines().enumerate().filter(|(_, line)| line.starts_with('#')).peekable();
    match headings.next() {
        Some((_, "# Changelog")) => {}
        _ => say(1, "begin with `# Changelog`".to_owned()),
    }
    let mut version_seen = false;
    while let Some((index, heading)) = headings.next() {
        let next = headings.peek().map_or(usize::MAX, |(next, _)| *next);
        if let Some(version) = heading.strip_prefix("## ") {
            if !(is_version(version) || version == "Unreleased" && !version_seen) {
                say(index + 1, format!("`{version}` is neither `Unreleased` at the top nor `1.2.3 - 2026-01-31`"));
            }
            version_seen = true;
        } else if let Some(section) = heading.strip_prefix("### ") {
            if !SECTIONS.contains(&section) {
                say(index + 1, format!("`{section}` is none of {}", SECTIONS.join(", ")));
            }
            let entries = text.lines().enumerate().filter(|(line, text)| *line > index && *line < next && text.starts_with("- "));
            if entries.count() == 0 {
                say(index + 1, format!("`{section}` has no entry; write `- …` or remove it"));
            }
        } else {
            say(index + 1, format!("`{heading}`: only `## VERSION` and `### SECTION` stand below the title"));
        }
    }
    if !version_seen {
        say(1, "holds no version; begin with `## Unreleased`".to_owned());
    }
    problems
}

fn is_version(heading: &str) -> bool {
    let digits = |text: &str, length: Option<usize>| {
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) && length.is_none_or(|length| text.len() == length)
    };
    let Some((version, date)) = heading.split_once(" - ") else { return false };
    let version: Vec<&str> = version.split('.').collect();
    let date: Vec<&str> = date.split('-').collect();
    version.len() == 3
        && version.iter().all(|part| digits(part, None))
        && date.len() == 3
        && date.iter().zip([4, 2, 2]).all(|(part, length)| digits(part, Some(length)))
}

/// Folders of one machine and hosts of package registries, which no tracked file may name.
pub(crate) fn machine_traces(path: &str, text: &str) -> Vec<Problem> {
    if path == "Cargo.lock" {
        return Vec::new();
    }
    // Put together here, so that this file does not name them itself.
    let folders = ["home", "root", "work"].map(|folder| format!("/{folder}/"));
    let hosts = [["crates", "io"], ["pypi", "org"], ["npmjs", "com"], ["npmjs", "org"]].map(|host| host.join("."));
    let mut problems = Vec::new();
    for (index, line) in text.lines().enumerate() {
        for trace in
            folders.iter().filter(|folder| starts_path(line, folder)).chain(hosts.iter().filter(|host| is_host(line, host)))
        {
            problems
                .push(Problem::new(&format!("{path}:{}", index + 1), format!("names `{trace}`, which is of one machine or place")));
        }
    }
    problems
}

/// Notes to oneself and tests switched off, in what people write.
pub(crate) fn leftovers(path: &str, text: &str) -> Vec<Problem> {
    // Put together here, so that this file does not hold them itself.
    let words = ["TO-DO", "FIX-ME", "XX-X", "#[ig-nore"].map(|word| word.replace('-', ""));
    let written = [".rs", ".md", ".py", ".yaml", ".toml"].iter().any(|ending| path.ends_with(ending));
    let lines = text.lines().enumerate().filter(|_| written);
    let found = lines.flat_map(|(index, line)| {
        words.iter().filter(move |word| line.contains(word.as_str())).map(move |word| (index, word.clone()))
    });
    found.map(|(index, word)| Problem::new(&format!("{path}:{}", index + 1), format!("`{word}`: do it or drop it"))).collect()
}

fn starts_path(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        before.is_none_or(|before| !before.is_alphanumeric() && !matches!(before, '.' | '_' | '-' | '}' | '>' | '*' | '~'))
    })
}

fn is_host(line: &str, host: &str) -> bool {
    line.match_indices(host).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + host.len()..].chars().next();
        before.is_none_or(|before| !before.is_alphanumeric() && before != '_')
            && after.is_none_or(|after| !after.is_alphanumeric() && after != '_')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_keeps_its_length() {
        assert!(length("README.md", &"a\n".repeat(120)).is_none());
        assert!(length("README.md", &"a\n".repeat(121)).is_some());
        assert!(length("docs/OTHER.md", &"a\n".repeat(1210)).is_none());
    }

    #[track_caller]
    fn check_log(text: &str, expected: &[&str]) {
        let found: Vec<String> = change_log("CHANGELOG.md", text).iter().map(ToString::to_string).collect();
        assert_eq!(found.len(), expected.len(), "{found:?}");
        for (found, expected) in found.iter().zip(expected) {
            assert!(found.contains(expected), "{found} / {expected}");
        }
    }

    #[test]
    fn the_change_log_has_one_form() {
        check_log(
            "# Changelog\n\nWords.\n\n## Unreleased\n\n### Added\n\n- A.\n\n## 0.1.0 - 2026-11-21\n\n### Fixed\n\n- B.\n",
            &[],
        );
        check_log("# Changes\n\n## Unreleased\n", &["begin with `# Changelog`"]);
        check_log("# Changelog\n", &["holds no version"]);
        check_log("# Changelog\n\n## 0.1\n", &["`0.1` is neither"]);
        check_log("# Changelog\n\n## 0.1.0 - 2026-11-21\n\n## Unreleased\n", &["`Unreleased` is neither"]);
        check_log("# Changelog\n\n## Unreleased\n\n### New\n\n- A.\n", &["`New` is none of"]);
        check_log("# Changelog\n\n## Unreleased\n\n### Added\n\n### Fixed\n\n- A.\n", &["`Added` has no entry"]);
    }

    #[test]
    fn notes_to_oneself_are_found_in_what_people_write() {
        let note = format!("// {}: later", ["TO", "DO"].concat());
        assert_eq!(leftovers("crates/x/src/a.rs", &note).len(), 1);
        assert!(leftovers("crates/x/data/inventory.csv", &note).is_empty());
        assert!(leftovers("crates/x/src/a.rs", "fn todo_list() {}").is_empty());
    }

    #[test]
    fn paths_of_a_machine_and_hosts_of_registries_are_found() {
        let folder = format!("/{}/", "work");
        let host = ["crates", "io"].join(".");
        for bad in [format!("see {folder}x"), format!("\"{folder}x\""), format!("https://{host}/x"), format!("static.{host}")] {
            assert_eq!(machine_traces("a.md", &bad).len(), 1, "{bad}");
        }
        for good in ["crates/work/x", "framework/x", "$HOME/work/x", "mycrates.iot"] {
            assert!(machine_traces("a.md", good).is_empty(), "{good}");
        }
        assert!(machine_traces("Cargo.lock", &host).is_empty());
    }
}
