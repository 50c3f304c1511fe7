//! Any framework: a key, a title, and nodes in a tree.

use std::collections::HashMap;

use jiff::civil::Date;
use serde::Deserialize;
use serde_saphyr::Spanned;

use super::load::{FrameworkError, parse};

/// The requirements of a framework, as far as every framework file has them.
#[derive(Clone, Debug)]
pub struct Framework {
    /// key, the name of its file
    pub key: String,
    /// full title
    pub title: String,
    /// title for lists
    pub short_title: String,
    /// its nodes, in the order of the file
    pub nodes: Vec<Node>,
    sort: String,
    places: HashMap<String, usize>,
}

/// A requirement, or a group of them.
#[derive(Clone, Debug)]
pub struct Node {
    /// id, unique in the framework
    pub id: String,
    /// sort of node, as the framework names it
    pub kind: String,
    /// node it stands under
    pub parent: Option<String>,
    /// title
    pub title: String,
    /// what it asks for: our words, or the framework's where they are free
    pub text: String,
    /// roles it is a duty of, where the framework has roles
    pub roles: Vec<String>,
    /// tiers of systems it is about, where the framework has tiers
    pub tiers: Vec<String>,
    /// from which day it applies, by tier
    pub applies_from: Vec<(String, Date)>,
}

/// Kinds of nodes that only gather others, or list what others refer to: nothing to be covered.
const GATHERING: [&str; 10] =
    ["group", "clause_group", "objective", "objective_group", "theme", "function", "category", "series", "annex", "annex_area"];

impl Node {
    /// Whether it asks for something.
    #[must_use]
    pub fn is_target(&self) -> bool {
        !GATHERING.contains(&self.kind.as_str())
    }
}

impl Framework {
    /// The nodes that ask for something.
    pub fn targets(&self) -> impl Iterator<Item = &Node> {
        self.nodes.iter().filter(|node| node.is_target())
    }

    /// Whether it holds requirements that evidence can reach; libraries of risks and objectives are prompts, no requirements.
    #[must_use]
    pub(super) fn is_reached(&self) -> bool {
        self.sort != "risk_library" && self.targets().next().is_some()
    }

    /// The node of this id.
    #[must_use]
    pub fn node(&self, id: &str) -> Option<&Node> {
        self.places.get(id).map(|&at| &self.nodes[at])
    }
}

#[derive(Deserialize)]
struct RawFile {
    meta: RawMeta,
    nodes: Option<Vec<RawNode>>,
}

#[derive(Deserialize)]
struct RawMeta {
    key: Spanned<String>,
    title: String,
    short_title: Option<String>,
    /// `framework` where a file does not say
    kind: Option<String>,
}

/// Frameworks add fields of their own to a node; those that every file shares are read here.
#[derive(Deserialize)]
struct RawNode {
    id: Spanned<String>,
    kind: String,
    parent: Option<Spanned<String>>,
    title: String,
    summary: Option<String>,
    text: Option<String>,
    #[serde(default)]
    roles: Vec<String>,
    role: Option<String>,
    #[serde(default)]
    tiers: Vec<String>,
    #[serde(default)]
    applies_from: Vec<RawFrom>,
}

#[derive(Deserialize)]
struct RawFrom {
    tier: String,
    date: Spanned<String>,
}

/// Reads a file as a framework; nothing if it holds no nodes.
pub(super) fn read(key: &str, bytes: &[u8]) -> Result<Option<Framework>, FrameworkError> {
    let raw: RawFile = match parse(key, bytes) {
        Ok(raw) => raw,
        // Data beside the frameworks (certification, crosswalk, domains) has another form and no nodes.
        Err(_) if !is_framework(bytes) => return Ok(None),
        Err(error) => return Err(error),
    };
    let Some(nodes) = raw.nodes else { return Ok(None) };
    if raw.meta.key.value != key {
        let reason = format!("`meta.key` is `{}`, the file is named `{key}`; give both one name", raw.meta.key.value);
        return Err(FrameworkError::at(key, raw.meta.key.referenced, reason));
    }
    let mut places = HashMap::new();
    for (at, node) in nodes.iter().enumerate() {
        if places.insert(node.id.value.clone(), at).is_some() {
            return Err(FrameworkError::at(
                key,
                node.id.referenced,
                format!("`{}` is there twice; ids are unique in a file", node.id.value),
            ));
        }
    }
    for node in &nodes {
        if let Some(parent) = node.parent.as_ref().filter(|parent| !places.contains_key(&parent.value)) {
            let reason = format!("`{}` stands under `{}`, which the file does not have", node.id.value, parent.value);
            return Err(FrameworkError::at(key, parent.referenced, reason));
        }
    }
    let nodes = nodes.into_iter().map(|node| node.into_node(key)).collect::<Result<_, _>>()?;
    let RawMeta { title, short_title, kind, .. } = raw.meta;
    let short_title = short_title.unwrap_or_else(|| title.clone());
    Ok(Some(Framework { key: key.to_owned(), short_title, title, nodes, sort: kind.unwrap_or_default(), places }))
}

fn is_framework(bytes: &[u8]) -> bool {
    bytes.split(|byte| *byte == b'\n').any(|line| line.starts_with(b"nodes:"))
}

impl RawNode {
    fn into_node(self, file: &str) -> Result<Node, FrameworkError> {
        let from = |from: RawFrom| match vouch_record::time::parse_date(&from.date.value) {
            Some(day) => Ok((from.tier, day)),
            None => {
                let reason = format!("`{}` is no day; write it like 2026-08-02", from.date.value);
                Err(FrameworkError::at(file, from.date.referenced, reason))
            }
        };
        Ok(Node {
            id: self.id.value,
            kind: self.kind,
            parent: self.parent.map(|parent| parent.value),
            title: self.title,
            text: self.summary.or(self.text).unwrap_or_default(),
            roles: self.roles.into_iter().chain(self.role).collect(),
            tiers: self.tiers,
            applies_from: self.applies_from.into_iter().map(from).collect::<Result<_, _>>()?,
        })
    }
}
