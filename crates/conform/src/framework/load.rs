//! Reading the files that the rules rest on.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::OnceLock;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_saphyr::{Location, Spanned};

use super::item::{Cadence, Item, ItemKind, Need};
use super::template::{Template, TemplateNeed};
use super::{File, Frameworks, ISO42001};

/// A defect of a framework file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrameworkError {
    /// name of the file
    pub file: String,
    /// line of the defect, from 1, where there is one
    pub line: Option<u64>,
    /// what is wrong and what to do
    pub reason: String,
}

impl FrameworkError {
    pub(super) fn at(file: &str, place: Location, reason: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line: Some(place.line()).filter(|line| *line > 0), reason: reason.into() }
    }

    fn of(file: &str, reason: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line: None, reason: reason.into() }
    }
}

impl fmt::Display for FrameworkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.file)?;
        if let Some(line) = self.line {
            write!(f, " line {line}")?;
        }
        write!(f, ": {}", self.reason)
    }
}

impl std::error::Error for FrameworkError {}

pub(super) fn parse<T: DeserializeOwned>(file: &str, bytes: &[u8]) -> Result<T, FrameworkError> {
    let text = std::str::from_utf8(bytes).map_err(|error| FrameworkError::of(file, format!("it is not UTF-8: {error}")))?;
    serde_saphyr::from_str(text).map_err(|error| {
        let line = error.location().map(|place| place.line()).filter(|line| *line > 0);
        FrameworkError { file: file.to_owned(), line, reason: error.without_snippet().to_string() }
    })
}

#[derive(Deserialize)]
struct RawStandard {
    nodes: Vec<RawNode>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawNode {
    id: Spanned<String>,
    kind: String,
    parent: Option<Spanned<String>>,
    title: String,
    auditable: bool,
    summary: Option<String>,
    documented_information: Option<RawDocumented>,
    evidence: Option<RawEvidence>,
    common_gap: Option<String>,
    auditor_question: Option<String>,
    suggested_owner: Option<String>,
    #[serde(default)]
    evidence_kinds: Vec<String>,
    freshness: Option<RawFreshness>,
    #[serde(default)]
    roles: Vec<String>,
    annex_b_ref: Option<String>,
    /// how many controls a group holds, for readers of the file
    #[serde(rename = "control_count")]
    _control_count: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawDocumented {
    required: Need,
    #[serde(default)]
    items: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawEvidence {
    stage1: Vec<String>,
    stage2: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFreshness {
    cadence: Cadence,
    max_age_days: Option<u32>,
    #[serde(default)]
    triggers: Vec<String>,
}

#[derive(Deserialize)]
struct RawOutline {
    templates: Vec<RawTemplate>,
}

#[derive(Deserialize)]
struct RawTemplate {
    id: Spanned<String>,
    title: String,
    #[serde(rename = "type")]
    sort: String,
    need: TemplateNeed,
    owner: String,
    approver: String,
    purpose: String,
    sections: Vec<RawSection>,
    satisfies: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
struct RawSection {
    heading: String,
}

#[derive(Deserialize)]
struct RawCertification {
    nonconformity_workflow: Vec<String>,
}

pub(super) fn load(files: &[(&str, &[u8])], own: &[(&str, &[u8])]) -> Result<Frameworks, FrameworkError> {
    let files: Vec<File> = files
        .iter()
        .chain(own)
        .map(|(name, bytes)| File { key: stem(name).to_owned(), bytes: bytes.to_vec(), read: OnceLock::new() })
        .collect();
    let mut keys = HashSet::new();
    if let Some(twice) = files.iter().find(|file| !keys.insert(file.key.as_str())) {
        return Err(FrameworkError::of(&twice.key, "there is another file of this name; give yours a name of its own"));
    }
    let bytes = |key: &str| {
        let found = files.iter().find(|file| file.key == key).map(|file| file.bytes.as_slice());
        found.ok_or_else(|| FrameworkError::of(key, "the file is missing; the rules rest on it"))
    };
    let standard: RawStandard = parse(ISO42001, bytes(ISO42001)?)?;
    let items = items(standard.nodes)?;
    let places: HashMap<String, usize> = items.iter().enumerate().map(|(at, item)| (item.id.clone(), at)).collect();
    let outline: RawOutline = parse("templates_outline", bytes("templates_outline")?)?;
    let templates = templates(outline.templates, &places)?;
    let certification: RawCertification = parse("certification", bytes("certification")?)?;
    for (name, _) in own {
        let file = files.iter().find(|file| file.key == stem(name)).expect("chained above");
        if file.framework()?.is_none() {
            return Err(FrameworkError::of(&file.key, "it holds no `nodes`; a framework lists its requirements under that name"));
        }
    }
    let workflow = certification.nonconformity_workflow;
    let frameworks = Frameworks { items, places, templates, workflow, files, crosswalk: OnceLock::new() };
    // Their rows rest on the items; the product's own crosswalk is held by a test and read when somebody asks.
    own.first().map_or(Ok(()), |(name, _)| frameworks.crosswalk(stem(name)).map(|_| ()))?;
    Ok(frameworks)
}

/// The key of a file: its name without folders and suffix.
fn stem(name: &str) -> &str {
    let name = name.rsplit('/').next().unwrap_or(name);
    name.strip_suffix(".yaml").unwrap_or(name)
}

fn items(nodes: Vec<RawNode>) -> Result<Vec<Item>, FrameworkError> {
    let mut known = HashSet::new();
    for node in &nodes {
        if !known.insert(node.id.value.clone()) {
            return Err(FrameworkError::at(ISO42001, node.id.referenced, format!("`{}` is there twice", node.id.value)));
        }
    }
    if let Some((node, parent)) = nodes
        .iter()
        .find_map(|node| node.parent.as_ref().filter(|parent| !known.contains(&parent.value)).map(|parent| (node, parent)))
    {
        let reason = format!("`{}` stands under `{}`, which is not there", node.id.value, parent.value);
        return Err(FrameworkError::at(ISO42001, parent.referenced, reason));
    }
    nodes.into_iter().filter(|node| node.auditable).map(item).collect()
}

fn item(node: RawNode) -> Result<Item, FrameworkError> {
    let (id, place) = (node.id.value, node.id.referenced);
    let lacks = |field: &str| FrameworkError::at(ISO42001, place, format!("`{id}` is auditable and lacks `{field}`; fill it"));
    let kind = match node.kind.as_str() {
        "clause" => ItemKind::Clause,
        "control" => ItemKind::Control,
        other => {
            return Err(FrameworkError::at(
                ISO42001,
                place,
                format!("`{id}` is auditable and of kind `{other}`; only clause and control are"),
            ));
        }
    };
    let question = match kind {
        ItemKind::Clause => node.common_gap.ok_or_else(|| lacks("common_gap"))?,
        ItemKind::Control => node.auditor_question.ok_or_else(|| lacks("auditor_question"))?,
    };
    let documented = node.documented_information.ok_or_else(|| lacks("documented_information"))?;
    let evidence = node.evidence.ok_or_else(|| lacks("evidence"))?;
    let freshness = node.freshness.ok_or_else(|| lacks("freshness"))?;
    Ok(Item {
        kind,
        parent: node.parent.map(|parent| parent.value),
        title: node.title,
        summary: node.summary.ok_or_else(|| lacks("summary"))?,
        required: documented.required,
        documents: documented.items,
        stage1: evidence.stage1,
        stage2: evidence.stage2,
        question,
        suggested_owner: node.suggested_owner.ok_or_else(|| lacks("suggested_owner"))?,
        evidence_kinds: node.evidence_kinds,
        cadence: freshness.cadence,
        max_age_days: freshness.max_age_days,
        triggers: freshness.triggers,
        roles: node.roles,
        annex_b: node.annex_b_ref,
        id,
    })
}

fn templates(raw: Vec<RawTemplate>, items: &HashMap<String, usize>) -> Result<Vec<Template>, FrameworkError> {
    let mut known = HashSet::new();
    raw.into_iter()
        .map(|template| {
            let file = "templates_outline";
            if !known.insert(template.id.value.clone()) {
                return Err(FrameworkError::at(file, template.id.referenced, format!("`{}` is there twice", template.id.value)));
            }
            if let Some(item) = template.satisfies.iter().find(|item| !items.contains_key(&item.value)) {
                let reason = format!("`{}` serves `{}`, which is no auditable item", template.id.value, item.value);
                return Err(FrameworkError::at(file, item.referenced, reason));
            }
            Ok(Template {
                id: template.id.value,
                title: template.title,
                sort: template.sort,
                need: template.need,
                headings: template.sections.into_iter().map(|section| section.heading).collect(),
                satisfies: template.satisfies.into_iter().map(|item| item.value).collect(),
                owner: template.owner,
                approver: template.approver,
                purpose: template.purpose,
            })
        })
        .collect()
}
