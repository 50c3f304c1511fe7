//! The kind files as the generator reads them.
//!
//! `vouch-record` reads the same files with every condition in them. The generator does not use it: it has to run when the
//! views it writes are what keeps that crate from compiling.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

use crate::project::Project;

/// A kind file; keys that neither views nor pages show are passed over.
#[derive(Debug, Deserialize)]
pub(crate) struct Kind {
    #[serde(rename = "kind")]
    pub(crate) name: String,
    pub(crate) prefix: String,
    pub(crate) area: String,
    pub(crate) title: String,
    pub(crate) plural: String,
    pub(crate) help: String,
    pub(crate) fields: Vec<Field>,
    #[serde(default)]
    pub(crate) derived: Vec<Derived>,
    pub(crate) states: Vec<String>,
    pub(crate) settled: Vec<String>,
    #[serde(default)]
    pub(crate) living: Vec<String>,
    pub(crate) transitions: Vec<Transition>,
    #[serde(default)]
    pub(crate) unique: Vec<Vec<String>>,
    #[serde(default)]
    pub(crate) proves: Vec<Proves>,
}

/// A field of a kind.
#[derive(Debug, Deserialize)]
pub(crate) struct Field {
    pub(crate) name: String,
    #[serde(rename = "type")]
    pub(crate) written_type: String,
    pub(crate) required: String,
    pub(crate) help: String,
    #[serde(default)]
    pub(crate) values: Vec<Choice>,
    #[serde(default)]
    pub(crate) columns: BTreeMap<String, Vec<Choice>>,
    pub(crate) from: Option<OneOrMany>,
    #[serde(default)]
    pub(crate) personal_data: bool,
    pub(crate) needed_when: Option<String>,
    pub(crate) needed_from: Option<String>,
    #[serde(default)]
    pub(crate) program: bool,
    #[serde(default)]
    pub(crate) checks: Vec<Refusal>,
}

/// A condition without which a write is refused, and what is said then.
#[derive(Debug, Deserialize)]
pub(crate) struct Refusal {
    #[serde(rename = "if")]
    pub(crate) unless: String,
    pub(crate) say: String,
}

/// A value computed from records.
#[derive(Debug, Deserialize)]
pub(crate) struct Derived {
    pub(crate) name: String,
    pub(crate) rule: String,
    #[serde(rename = "type", default)]
    pub(crate) written_type: String,
}

/// A way from one state to another.
#[derive(Debug, Deserialize)]
pub(crate) struct Transition {
    pub(crate) from: OneOrMany,
    pub(crate) to: String,
    pub(crate) needs: String,
    pub(crate) who: String,
    #[serde(default)]
    pub(crate) requires: Vec<Refusal>,
}

/// A requirement that records of the kind can prove.
#[derive(Debug, Deserialize)]
pub(crate) struct Proves {
    pub(crate) requirement: String,
    pub(crate) depth: String,
    pub(crate) when: String,
}

/// One value of an enum.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Choice {
    pub(crate) id: String,
    pub(crate) label: String,
    pub(crate) help: String,
}

/// One text, or a list of them.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(crate) enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    /// All texts, separated by commas.
    pub(crate) fn joined(&self) -> String {
        match self {
            Self::One(one) => one.clone(),
            Self::Many(many) => many.join(", "),
        }
    }
}

/// A field's type, as far as a view needs to know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Type {
    One(Scalar),
    /// `set<…>`, `links<…>`, `files` and lists of a single scalar: members without columns
    Many(Scalar),
    /// rows with named cells
    Rows(Vec<(String, Type)>),
}

/// The type of a single value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scalar {
    Text,
    Int,
    Decimal,
    Bool,
    Date,
    DateTime,
    Period,
    Duration,
    Money,
    Enum,
    File,
    Link,
    RequirementLink,
}

impl Type {
    /// Reads a type as the kind files write it.
    pub(crate) fn parse(written: &str) -> Result<Self> {
        let written = written.trim();
        if let Some(inner) = inside(written, "list<") {
            return match inner.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
                Some(columns) => parse_columns(columns),
                None => Ok(Self::Many(scalar(inner)?)),
            };
        }
        if let Some(inner) = inside(written, "set<") {
            return Ok(Self::Many(scalar(inner)?));
        }
        match inside(written, "links<") {
            Some(target) => Ok(Self::Many(link(target))),
            None if written == "files" => Ok(Self::Many(Scalar::File)),
            None => Ok(Self::One(scalar(written)?)),
        }
    }
}

fn inside<'a>(written: &'a str, opening: &str) -> Option<&'a str> {
    written.strip_prefix(opening)?.strip_suffix('>').map(str::trim)
}

fn link(target: &str) -> Scalar {
    if target == "requirement" { Scalar::RequirementLink } else { Scalar::Link }
}

fn scalar(written: &str) -> Result<Scalar> {
    Ok(match written {
        "text" | "markdown" | "url" | "email" => Scalar::Text,
        "int" => Scalar::Int,
        "decimal" => Scalar::Decimal,
        "bool" => Scalar::Bool,
        "date" => Scalar::Date,
        "datetime" => Scalar::DateTime,
        "period" => Scalar::Period,
        "duration" => Scalar::Duration,
        "money" => Scalar::Money,
        "enum" => Scalar::Enum,
        "file" => Scalar::File,
        _ => match inside(written, "link<") {
            Some(target) => link(target),
            None => bail!("unknown type `{written}`"),
        },
    })
}

fn parse_columns(columns: &str) -> Result<Type> {
    let mut rows = Vec::new();
    // No cell is a list, so a comma always ends a column.
    for column in columns.split(',') {
        let (name, cell) = column.split_once(':').with_context(|| format!("column `{}` has no type", column.trim()))?;
        let cell = match Type::parse(cell)? {
            Type::Rows(_) => bail!("column `{}` is a list inside a list", name.trim()),
            cell => cell,
        };
        rows.push((name.trim().to_owned(), cell));
    }
    Ok(Type::Rows(rows))
}

impl Field {
    /// Its type.
    pub(crate) fn parsed(&self) -> Result<Type> {
        Type::parse(&self.written_type).with_context(|| format!("field `{}`", self.name))
    }
}

/// Reads all kind files, sorted by name.
pub(crate) fn read(project: &Project) -> Result<Vec<Kind>> {
    let mut kinds = Vec::new();
    for file in project.files("kinds", ".yaml")? {
        let text = project.read(&file)?;
        let kind: Kind = serde_saphyr::from_str(&text).with_context(|| format!("`{file}` is not a kind file"))?;
        if file != format!("kinds/{}.yaml", kind.name) {
            bail!("`{file}` holds kind `{}`; name the file after it", kind.name);
        }
        kinds.push(kind);
    }
    if kinds.is_empty() {
        bail!("`kinds` holds no kind file");
    }
    Ok(kinds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(written: &str, expected: Type) {
        assert_eq!(Type::parse(written).unwrap(), expected, "{written}");
    }

    #[test]
    fn types_are_read_as_the_kind_files_write_them() {
        check("markdown", Type::One(Scalar::Text));
        check("link<ai-system>", Type::One(Scalar::Link));
        check("links<requirement>", Type::Many(Scalar::RequirementLink));
        check("set<enum>", Type::Many(Scalar::Enum));
        check("files", Type::Many(Scalar::File));
        check("list<text>", Type::Many(Scalar::Text));
        check(
            "list<{country: text, why: set<enum>, by: link<any>}>",
            Type::Rows(vec![
                ("country".into(), Type::One(Scalar::Text)),
                ("why".into(), Type::Many(Scalar::Enum)),
                ("by".into(), Type::One(Scalar::Link)),
            ]),
        );
    }

    #[test]
    fn an_unknown_type_is_named() {
        let error = Type::parse("list<{a: float}>").unwrap_err();
        assert_eq!(error.to_string(), "unknown type `float`");
    }
}
