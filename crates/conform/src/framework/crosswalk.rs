//! The crosswalk: which items of ISO/IEC 42001 give evidence for which nodes of other frameworks, and how strongly.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use serde_saphyr::Spanned;

use super::File;
use super::generic::Framework;
use super::load::{FrameworkError, parse};

/// Name of the file that holds the crosswalk of the product.
pub(super) const FILE: &str = "crosswalk";

/// How far good evidence for an item goes toward a node of another framework.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Strength {
    /// gives input or context only
    Supports,
    /// meets a substantial part; a named remainder stays
    Partial,
    /// normally satisfies the node too
    Full,
}

impl Strength {
    /// The word shown and exported.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Supports => "supports",
            Self::Partial => "partial",
            Self::Full => "full",
        }
    }
}

/// One row: an item and a node.
#[derive(Clone, Debug)]
pub struct Crossing {
    /// item of ISO/IEC 42001
    pub item: String,
    /// node of the other framework
    pub node: String,
    /// how far it goes
    pub strength: Strength,
    /// where the link comes from
    pub source: String,
    /// which other mapping agrees
    pub corroborated_by: Option<String>,
    /// why the row of the source looks odd, if it does
    pub flag: Option<String>,
    /// what stays open, or why
    pub note: Option<String>,
}

/// The rows toward one framework, and what it wants beyond them.
#[derive(Clone, Debug, Default)]
pub struct Crosswalk {
    /// rows in the order of the file
    pub rows: Vec<Crossing>,
    /// what remains to be done whatever the evidence is
    pub still_to_do: Vec<String>,
    /// whether one can be certified to it
    pub certifiable: Option<String>,
}

#[derive(Deserialize)]
struct RawFile {
    rows: Vec<RawRow>,
    #[serde(default)]
    residue: Vec<RawResidue>,
}

#[derive(Deserialize)]
struct RawRow {
    from: Spanned<String>,
    framework: Spanned<String>,
    to: Spanned<String>,
    strength: Strength,
    source: String,
    corroborated_by: Option<String>,
    flag: Option<String>,
    note: Option<String>,
}

#[derive(Deserialize)]
struct RawResidue {
    framework: String,
    certifiable: Option<String>,
    #[serde(default)]
    still_to_do: Vec<String>,
}

/// What a framework file that was dropped in brings along itself.
#[derive(Deserialize)]
struct RawOwn {
    #[serde(default)]
    crosswalk: Vec<RawOwnRow>,
    #[serde(default)]
    still_to_do: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawOwnRow {
    from: Spanned<String>,
    to: Spanned<String>,
    strength: Strength,
    source: String,
    corroborated_by: Option<String>,
    flag: Option<String>,
    note: Option<String>,
}

/// Reads every row, held against items and nodes: by key of the framework.
pub(super) fn read(files: &[File], items: &HashMap<String, usize>) -> Result<HashMap<String, Crosswalk>, FrameworkError> {
    let mut all: HashMap<String, Crosswalk> = HashMap::new();
    for file in files {
        if file.key == FILE {
            rows(file, files, items, &mut all)?;
        } else if let Some(framework) = file.framework()? {
            own(file, framework, items, &mut all)?;
        }
    }
    Ok(all)
}

fn rows(
    file: &File,
    files: &[File],
    items: &HashMap<String, usize>,
    all: &mut HashMap<String, Crosswalk>,
) -> Result<(), FrameworkError> {
    let raw: RawFile = parse(&file.key, &file.bytes)?;
    for row in raw.rows {
        known_item(&file.key, &row.from, items)?;
        let other = files.iter().find(|other| other.key == row.framework.value).map(File::framework).transpose()?.flatten();
        let Some(framework) = other else {
            let reason = format!("`{}` is no framework here; name the key of a file with nodes", row.framework.value);
            return Err(FrameworkError::at(&file.key, row.framework.referenced, reason));
        };
        known_node(&file.key, &row.to, framework)?;
        let RawRow { from, framework, to, strength, source, corroborated_by, flag, note } = row;
        let crossing = Crossing { item: from.value, node: to.value, strength, source, corroborated_by, flag, note };
        all.entry(framework.value).or_default().rows.push(crossing);
    }
    for residue in raw.residue {
        let of = all.entry(residue.framework).or_default();
        of.still_to_do.extend(residue.still_to_do);
        of.certifiable = residue.certifiable;
    }
    Ok(())
}

fn own(
    file: &File,
    framework: &Framework,
    items: &HashMap<String, usize>,
    all: &mut HashMap<String, Crosswalk>,
) -> Result<(), FrameworkError> {
    let raw: RawOwn = parse(&file.key, &file.bytes)?;
    if raw.crosswalk.is_empty() && raw.still_to_do.is_empty() {
        return Ok(());
    }
    let of = all.entry(file.key.clone()).or_default();
    for row in raw.crosswalk {
        known_item(&file.key, &row.from, items)?;
        known_node(&file.key, &row.to, framework)?;
        let RawOwnRow { from, to, strength, source, corroborated_by, flag, note } = row;
        of.rows.push(Crossing { item: from.value, node: to.value, strength, source, corroborated_by, flag, note });
    }
    of.still_to_do.extend(raw.still_to_do);
    Ok(())
}

fn known_item(file: &str, item: &Spanned<String>, items: &HashMap<String, usize>) -> Result<(), FrameworkError> {
    if items.contains_key(&item.value) {
        return Ok(());
    }
    let reason = format!("`{}` is no auditable item of ISO/IEC 42001; write one such as `6.1.2` or `A.5.2`", item.value);
    Err(FrameworkError::at(file, item.referenced, reason))
}

fn known_node(file: &str, node: &Spanned<String>, framework: &Framework) -> Result<(), FrameworkError> {
    if framework.node(&node.value).is_some() {
        return Ok(());
    }
    let reason = format!("`{}` is no node of `{}`; write an id of its file", node.value, framework.key);
    Err(FrameworkError::at(file, node.referenced, reason))
}
