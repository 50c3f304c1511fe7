//! Which value lists become which Rust enums.
//!
//! A list of values that several kinds use is one enum in `shared.rs`, so that values of different kinds compare; a list that
//! one kind uses in several places is one enum of that kind. `xtask/names.toml` may name a shared enum; without an entry it is
//! called after the field that uses it most often.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

use super::table::{Choice, Kind, Scalar, Type};
use super::word::{pascal, singular};

/// Where a value list is used: kind, field and, for a cell, column.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) kind: String,
    pub(crate) field: String,
    pub(crate) column: Option<String>,
}

impl Place {
    /// `kind.field` or `kind.field.column`.
    fn written(&self) -> String {
        let column = self.column.as_ref().map(|column| format!(".{column}")).unwrap_or_default();
        format!("{}.{}{column}", self.kind, self.field)
    }
}

/// An enum to be written.
#[derive(Debug, Clone)]
pub(crate) struct Definition {
    pub(crate) name: String,
    pub(crate) choices: Vec<Choice>,
    pub(crate) places: Vec<Place>,
}

/// All enums of all kinds.
#[derive(Debug, Default)]
pub(crate) struct Enums {
    shared: Vec<Definition>,
    own: BTreeMap<String, Vec<Definition>>,
    names: BTreeMap<Place, String>,
}

/// Names given to shared enums by hand.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Names {
    /// name → one of the places that use the list
    #[serde(default)]
    shared: BTreeMap<String, String>,
}

/// One use of a value list.
struct Use {
    place: Place,
    many: bool,
    choices: Vec<Choice>,
}

/// Names that would hide something every module sees or the views are made of.
const TAKEN: [&str; 22] = [
    "Box",
    "Content",
    "Date",
    "Decimal",
    "Default",
    "Field",
    "FileRef",
    "From",
    "Link",
    "Members",
    "Money",
    "Option",
    "Period",
    "Read",
    "RequirementLink",
    "Result",
    "Row",
    "Rows",
    "Span",
    "String",
    "Timestamp",
    "Value",
];

impl Enums {
    /// Finds and names the enums of all kinds.
    pub(crate) fn of(kinds: &[Kind], names: &Names) -> Result<Self> {
        let mut lists: Vec<(Vec<String>, Vec<Use>)> = Vec::new();
        for used in uses(kinds)? {
            let ids: Vec<String> = used.choices.iter().map(|choice| choice.id.clone()).collect();
            match lists.iter_mut().find(|(known, _)| *known == ids) {
                Some((_, uses)) => uses.push(used),
                None => lists.push((ids, vec![used])),
            }
        }
        let mut enums = Self::default();
        for (_, uses) in lists {
            let kinds: BTreeSet<&str> = uses.iter().map(|used| used.place.kind.as_str()).collect();
            if kinds.len() > 1 {
                let given = names.shared.iter().find(|(_, place)| uses.iter().any(|used| used.place.written() == **place));
                let name = given.map_or_else(|| usual_name(&uses), |(name, _)| name.clone());
                enums.add(true, name, uses);
            } else {
                let name = own_name(&uses[0]);
                enums.add(false, name, uses);
            }
        }
        enums.shared.sort_by(|a, b| a.name.cmp(&b.name));
        enums.refuse_clashes(kinds)?;
        for (name, place) in &names.shared {
            if !enums.shared.iter().any(|shared| shared.name == *name) {
                bail!(
                    "`xtask/names.toml` calls `{place}` `{name}`, but no two kinds share its values, or it has another name there"
                );
            }
        }
        Ok(enums)
    }

    fn add(&mut self, shared: bool, name: String, uses: Vec<Use>) {
        let kind = uses[0].place.kind.clone();
        let choices = common_choices(&uses);
        let places: Vec<Place> = uses.into_iter().map(|used| used.place).collect();
        let path = if shared { format!("shared::{name}") } else { name.clone() };
        self.names.extend(places.iter().map(|place| (place.clone(), path.clone())));
        let definition = Definition { name, choices, places };
        if shared { self.shared.push(definition) } else { self.own.entry(kind).or_default().push(definition) }
    }

    fn refuse_clashes(&self, kinds: &[Kind]) -> Result<()> {
        let views: BTreeSet<String> = kinds.iter().map(|kind| pascal(&kind.name)).collect();
        let mut seen = BTreeSet::new();
        for shared in &self.shared {
            let name = &shared.name;
            if !seen.insert(name) || views.contains(name) || TAKEN.contains(&name.as_str()) {
                let place = shared.places[0].written();
                bail!("the shared enum `{name}` (`{place}`) clashes with another name; give it its own in `xtask/names.toml`");
            }
        }
        for (kind, own) in &self.own {
            let mut seen = BTreeSet::new();
            for definition in own {
                if !seen.insert(&definition.name) || definition.name == pascal(kind) {
                    bail!("kind `{kind}` has two enums named `{}`; rename a field or column", definition.name);
                }
            }
        }
        Ok(())
    }

    /// Enums that several kinds use, sorted by name.
    pub(crate) fn shared(&self) -> &[Definition] {
        &self.shared
    }

    /// Enums that only this kind uses.
    pub(crate) fn own(&self, kind: &str) -> &[Definition] {
        self.own.get(kind).map_or(&[], Vec::as_slice)
    }

    /// The path of the enum of a field or cell.
    pub(crate) fn path(&self, place: &Place) -> Result<&str> {
        self.names.get(place).map(String::as_str).with_context(|| format!("no values for {place:?}"))
    }
}

fn uses(kinds: &[Kind]) -> Result<Vec<Use>> {
    let mut found = Vec::new();
    for kind in kinds {
        for field in &kind.fields {
            let here = || format!("`kinds/{}.yaml`, field `{}`", kind.name, field.name);
            let place = |column: Option<&str>| Place {
                kind: kind.name.clone(),
                field: field.name.clone(),
                column: column.map(str::to_owned),
            };
            match field.parsed().with_context(here)? {
                Type::One(Scalar::Enum) => found.push(Use { place: place(None), many: false, choices: field.values.clone() }),
                Type::Many(Scalar::Enum) => found.push(Use { place: place(None), many: true, choices: field.values.clone() }),
                Type::One(_) | Type::Many(_) => {}
                Type::Rows(columns) => {
                    for (column, cell) in columns {
                        let many = match cell {
                            Type::One(Scalar::Enum) => false,
                            Type::Many(Scalar::Enum) => true,
                            _ => continue,
                        };
                        let choices = field.columns.get(&column).cloned().unwrap_or_default();
                        found.push(Use { place: place(Some(&column)), many, choices });
                    }
                }
            }
            if let Some(empty) = found.last().filter(|used| used.choices.is_empty()) {
                bail!("{}: an enum without values ({:?})", here(), empty.place);
            }
        }
    }
    Ok(found)
}

/// The last word of the place: a cell's column, else the field; of a set the word for one member.
fn base_name(used: &Use) -> String {
    let name = used.place.column.as_deref().unwrap_or(&used.place.field);
    if used.many { pascal(&singular(name)) } else { pascal(name) }
}

fn own_name(used: &Use) -> String {
    match &used.place.column {
        Some(_) => qualified(&used.place.kind, &format!("{}{}", pascal(&singular(&used.place.field)), base_name(used))),
        None => qualified(&used.place.kind, &base_name(used)),
    }
}

/// The name with its kind before it, unless it begins with it.
pub(crate) fn qualified(kind: &str, name: &str) -> String {
    let kind = pascal(kind);
    if name != kind && name.starts_with(&kind) { name.to_owned() } else { kind + name }
}

/// The name most places use, the first of them where several do.
fn usual_name(uses: &[Use]) -> String {
    let names: Vec<String> = uses.iter().map(base_name).collect();
    let count = |name: &String| names.iter().filter(|other| *other == name).count();
    let most = names.iter().map(count).max().unwrap_or_default();
    names.iter().find(|name| count(name) == most).cloned().unwrap_or_default()
}

/// The choices with help only where all places give the same.
fn common_choices(uses: &[Use]) -> Vec<Choice> {
    let mut choices = uses[0].choices.clone();
    for (index, choice) in choices.iter_mut().enumerate() {
        if uses.iter().any(|used| used.choices[index].help != choice.help) {
            choice.help = String::new();
        }
    }
    choices
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(name: &str, fields: &str) -> Kind {
        let text = format!(
            "kind: {name}\nprefix: WGT\narea: a\ntitle: T\nplural: Ts\nhelp: H.\nstates: [draft]\nsettled: [draft]\ntransitions: []\nfields:\n{fields}"
        );
        serde_saphyr::from_str(&text).unwrap()
    }

    fn field(name: &str, ids: &str) -> String {
        let values: Vec<String> = ids.split(' ').map(|id| format!("{{id: {id}, label: {id}, help: H.}}")).collect();
        format!("  - {{name: {name}, type: enum, required: always, help: H., values: [{}]}}\n", values.join(", "))
    }

    #[test]
    fn a_list_of_two_kinds_is_shared_and_called_as_most_places_call_it() {
        let kinds = [
            kind("risk", &(field("target_level", "low high") + &field("kind_of", "a b"))),
            kind("role", &field("level", "low high")),
            kind("supplier", &field("level", "low high")),
        ];
        let enums = Enums::of(&kinds, &Names::default()).unwrap();
        assert_eq!(enums.shared().iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["Level"]);
        assert_eq!(enums.own("risk")[0].name, "RiskKindOf");
        let place = Place { kind: "risk".into(), field: "target_level".into(), column: None };
        assert_eq!(enums.path(&place).unwrap(), "shared::Level");
    }

    #[test]
    fn another_order_is_another_list() {
        let kinds = [kind("risk", &field("level", "low high")), kind("role", &field("level", "high low"))];
        let enums = Enums::of(&kinds, &Names::default()).unwrap();
        assert!(enums.shared().is_empty());
    }

    #[test]
    fn a_name_for_nothing_and_a_clash_are_refused() {
        let names: Names = toml::from_str("[shared]\nGone = 'risk.level'\n").unwrap();
        let kinds = [kind("risk", &field("result", "low high")), kind("role", &field("result", "low high"))];
        let clash = Enums::of(&kinds, &Names::default()).unwrap_err().to_string();
        assert!(clash.contains("`Result`"), "{clash}");
        let kinds = [kind("risk", &field("level", "low high"))];
        let unused = Enums::of(&kinds, &names).unwrap_err().to_string();
        assert!(unused.contains("`Gone`"), "{unused}");
    }

    #[test]
    fn two_places_of_one_kind_share_an_enum() {
        let kinds = [kind("review", &(field("suitable", "yes no") + &field("adequate", "yes no")))];
        let enums = Enums::of(&kinds, &Names::default()).unwrap();
        assert_eq!(enums.own("review").len(), 1);
        assert_eq!(enums.own("review")[0].places.len(), 2);
    }
}
