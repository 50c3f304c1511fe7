//! Cases in Markdown.

use std::collections::{BTreeMap, BTreeSet};

use super::patch::Patch;

/// One case of an item.
pub(super) struct Case {
    /// file and heading, for messages
    pub(super) name: String,
    /// the rule its heading begins with
    pub(super) rule: String,
    pub(super) patch: Patch,
    pub(super) expect: Expect,
}

/// What a case expects of the rules of its item.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Expect {
    /// what fails, exactly: rule, labels of the records (`-` for none)
    pub(super) fails: BTreeMap<String, BTreeSet<String>>,
    /// sentences that must be among those of a rule
    pub(super) sentences: Vec<(String, String)>,
    /// what cannot be judged
    pub(super) undecided: BTreeMap<String, BTreeSet<String>>,
    /// records that must be among those passed
    pub(super) passes: BTreeMap<String, BTreeSet<String>>,
    /// rules that are not asked
    pub(super) not_asked: BTreeSet<String>,
}

/// Reads the cases of a file.
pub(super) fn read(file: &str, text: &str) -> Result<Vec<Case>, String> {
    let mut cases = Vec::new();
    for section in text.split("\n## ").skip(1) {
        let (heading, body) = section.split_once('\n').unwrap_or((section, ""));
        let name = format!("{file}: {}", heading.trim());
        let rule = heading.split_whitespace().next().unwrap_or_default().trim_end_matches(':').to_owned();
        let patch = match fence(body, "yaml") {
            Some(yaml) if !yaml.trim().is_empty() => serde_saphyr::from_str(&yaml).map_err(|error| format!("{name}: {error}"))?,
            _ => Patch::default(),
        };
        let lines = fence(body, "expect").ok_or_else(|| format!("{name}: it has no fence `expect`"))?;
        cases.push(Case { expect: expect(&lines).map_err(|error| format!("{name}: {error}"))?, name, rule, patch });
    }
    if cases.is_empty() { Err(format!("{file}: it has no case")) } else { Ok(cases) }
}

/// The text between ```` ```language ```` and the next fence.
fn fence(body: &str, language: &str) -> Option<String> {
    let mut lines = body.lines().skip_while(|line| line.trim_end() != format!("```{language}"));
    lines.next()?;
    Some(lines.take_while(|line| line.trim_end() != "```").map(|line| format!("{line}\n")).collect())
}

fn expect(lines: &str) -> Result<Expect, String> {
    let mut expect = Expect::default();
    let mut last = String::new();
    for line in lines.lines().filter(|line| !line.trim().is_empty() && line.trim() != "nothing") {
        if line.starts_with(' ') {
            expect.sentences.push((last.clone(), line.trim().to_owned()));
        } else if let Some(rule) = line.strip_suffix(" not asked") {
            expect.not_asked.insert(rule.to_owned());
        } else {
            let (head, labels) = line.split_once(": ").ok_or_else(|| format!("`{line}` is no expectation"))?;
            let labels: BTreeSet<String> = labels.split(',').map(|label| label.trim().to_owned()).collect();
            let (rule, into) = match head.split_once(' ') {
                None => (head, &mut expect.fails),
                Some((rule, "cannot judge")) => (rule, &mut expect.undecided),
                Some((rule, "passes")) => (rule, &mut expect.passes),
                Some(_) => return Err(format!("`{line}` is no expectation")),
            };
            last = rule.to_owned();
            into.insert(rule.to_owned(), labels);
        }
    }
    Ok(expect)
}
