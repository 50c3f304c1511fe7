//! Tests over all derived values: the table is complete, values have the declared types, and none depends on itself.

mod acceptance;
mod ai_system;
mod assurance;
mod data;
mod document;
mod holding;
mod impact;
mod people;
mod planning;
mod review;
mod risk;
mod supply;
mod testing;
mod watching;
mod work;

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Value as Json, json};
use vouch_record::Id;
use vouch_record::condition::Val;
use vouch_record::kind::{FieldType, Kinds, Scalar, Target};
use vouch_record::time::parse_date;

use super::{table, value};
use crate::check::cases::{Built, Fixed, Lives, build};
use crate::view::{View, val_to_json};

/// The kinds as they are shipped.
pub(super) fn kinds() -> Arc<Kinds> {
    Fixed::load().kinds.clone()
}

/// Builds the organisation of a patch (from nothing, or onto the base) and compares derived values, given as `SYS-1.tier`. Records are
/// written by their labels; a value that cannot be decided is `"undecided"`.
fn check_on(lives: Lives, patch: &str, expected: &[(&str, Json)]) {
    let fixed = Fixed::load();
    let built =
        build(&lives.with(patch).unwrap_or_else(|error| panic!("{error}")), &fixed.kinds).unwrap_or_else(|error| panic!("{error}"));
    let view = built.view(fixed, built.today);
    for (what, expected) in expected {
        let (label, name) = what.split_once('.').unwrap();
        let id = built
            .labels
            .iter()
            .find(|(_, known)| known.as_str() == label)
            .map(|(id, _)| *id)
            .unwrap_or_else(|| panic!("there is no {label}"));
        let entry = view.find(id).unwrap();
        let found = value(entry, name).unwrap_or_else(|| panic!("{label} has no `{name}`"));
        assert_eq!(&shown(&found, &built), expected, "{what}");
    }
}

fn check(patch: &str, expected: &[(&str, Json)]) {
    check_on(Lives::none(), patch, expected);
}

fn shown(found: &Val<'_>, built: &Built) -> Json {
    if matches!(found, Val::Undecided(_)) { json!("undecided") } else { labelled(val_to_json(found), built) }
}

fn labelled(found: Json, built: &Built) -> Json {
    match found {
        Json::String(text) => text.parse::<Id>().map_or(Json::String(text.clone()), |id| Json::String(built.label(id))),
        Json::Array(items) => Json::Array(items.into_iter().map(|item| labelled(item, built)).collect()),
        Json::Object(members) => Json::Object(members.into_iter().map(|(name, item)| (name, labelled(item, built))).collect()),
        other => other,
    }
}

#[test]
fn every_derived_value_of_a_kind_has_one_function_and_the_reverse() {
    let mut wrong: Vec<String> = Vec::new();
    for kind in kinds().iter() {
        let declared: BTreeSet<&str> = kind.derived.iter().map(|spec| spec.name.as_str()).collect();
        let computed: Vec<&str> = table(&kind.name).iter().map(|derived| derived.name).collect();
        let known: BTreeSet<&str> = computed.iter().copied().collect();
        wrong.extend(declared.difference(&known).map(|name| format!("{}.{name} is declared and not computed", kind.name)));
        wrong.extend(known.difference(&declared).map(|name| format!("{}.{name} is computed and not declared", kind.name)));
        if known.len() != computed.len() {
            wrong.push(format!("{} computes a value twice", kind.name));
        }
        for derived in table(&kind.name) {
            wrong.extend(
                derived
                    .reads
                    .iter()
                    .filter(|field| kind.field(field).is_none())
                    .map(|field| format!("{}.{} reads `{field}`, which is no field", kind.name, derived.name)),
            );
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_derived_value_of_the_base_has_its_declared_type_and_none_depends_on_itself() {
    let fixed = Fixed::load();
    let built = build(&Lives::base(), &fixed.kinds).unwrap();
    for day in [built.today, parse_date("2025-02-01").unwrap(), parse_date("2025-12-31").unwrap()] {
        all_fit(&built.view(fixed, day));
    }
}

/// Evaluates every value of every record; a circle would panic.
fn all_fit(view: &View) {
    for kind in view.kinds().iter() {
        for entry in view.all(&kind.name) {
            for spec in &kind.derived {
                let Some(found) = value(entry, &spec.name) else { continue };
                assert!(
                    fits(&found, &spec.kind, view),
                    "{} of {:?} is declared {} and gives {found:?}",
                    spec.name,
                    entry,
                    spec.kind.written()
                );
            }
        }
    }
}

fn fits(found: &Val<'_>, kind: &FieldType, view: &View) -> bool {
    match (found, kind) {
        (Val::Empty | Val::Undecided(_), _) => true,
        (Val::List(items), FieldType::Set(scalar)) => items.iter().all(|item| fits_scalar(item, scalar, view)),
        (Val::List(items), FieldType::List(columns)) if columns.len() == 1 && columns[0].name.is_empty() => {
            items.iter().all(|item| fits(item, &columns[0].kind, view))
        }
        (Val::List(rows), FieldType::List(columns)) => rows.iter().all(|row| {
            let Val::Row(row, _) = row else { return false };
            let column = |name: &str| columns.iter().find(|column| column.name == name);
            row.members().iter().all(|(name, cell)| {
                column(name).is_some_and(|column| {
                    fits(&Val::stored(cell, &column.kind), &column.kind, view)
                        && !matches!(Val::stored(cell, &column.kind), Val::Undecided(_))
                })
            })
        }),
        (one, FieldType::One(scalar)) => fits_scalar(one, scalar, view),
        _ => false,
    }
}

fn fits_scalar(found: &Val<'_>, scalar: &Scalar, view: &View) -> bool {
    match (found, scalar) {
        (Val::Record(id), Scalar::Link(Target::Kind(kind))) => view.kinds().of(*id).is_some_and(|of| of.name == *kind),
        (Val::Choice(id, rank), Scalar::Enum(choices)) => choices.get(*rank).is_some_and(|choice| choice.id == *id),
        (Val::Number(number), Scalar::Int) => number.is_integer(),
        (Val::Bool(_), Scalar::Bool)
        | (Val::Number(_), Scalar::Decimal)
        | (Val::Text(_), Scalar::Text | Scalar::Markdown | Scalar::Link(Target::Requirement))
        | (Val::Date(_), Scalar::Date)
        | (Val::Instant(_), Scalar::DateTime)
        | (Val::Span(_), Scalar::Duration)
        | (Val::Record(_), Scalar::Link(Target::Any)) => true,
        _ => matches!((found, scalar), (Val::Row(..), Scalar::Money | Scalar::Period | Scalar::File)),
    }
}
