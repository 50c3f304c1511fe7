//! One value for many systems.

use maud::{Markup, html};
use serde_json::{Map, Value as Json};
use vouch_app::{Error, Result};
use vouch_record::{Id, Link};

use super::filter::Chosen;
use super::so_many;
use crate::answer::Answer;
use crate::bulk::{self, Bulk, MOST};
use crate::format::{date, words};
use crate::part::person::name_of;
use crate::part::value;
use crate::request::Context;

/// Fields that may be set for many at once, with their words.
pub(crate) const FIELDS: [(&str, &str); 5] = [
    ("owner", "owner"),
    ("deputy", "deputy"),
    ("technical_owner", "technical owner"),
    ("risk_owner", "risk owner"),
    ("review_by", "next review"),
];

fn field(context: &Context<'_>) -> Result<(&'static str, &'static str)> {
    let name = context.form("field").unwrap_or_default();
    FIELDS.into_iter().find(|(field, _)| *field == name).ok_or_else(|| {
        Error::invalid(format!("`{name}` cannot be set for many systems at once"))
            .hint("choose one of the list, or edit each system")
    })
}

/// `POST /systems/bulk`: without a value asks for one, with a value previews it, confirmed writes it.
pub(crate) fn edit(context: &Context<'_>) -> Result<Answer> {
    let ((field, word), ids) = (field(context)?, chosen(context)?);
    let bulk = Bulk {
        context,
        nav: "/systems",
        title: format!("Change {word} of {}", so_many(ids.len())),
        list: list_address(context),
        address: context.with_query(&[]),
        undo: "/systems/bulk/undo",
        called: ("system", "systems"),
        column: "System",
        named: value::name,
        field,
    };
    let Some(value) = context.form("value").map(str::trim).filter(|value| !value.is_empty()) else {
        return Ok(bulk.choose(&ids, &input(context, field, word), None).into());
    };
    let fields = Map::from_iter([(field.to_owned(), Json::from(value))]);
    if context.form("confirm").is_some() {
        let expected: Vec<Link> = bulk::named(context, "expect", "SYS")?;
        let written = bulk::write(context, expected.into_iter().map(|link| (link, fields.clone())).collect())?;
        return Ok(bulk.done(&written).into());
    }
    let then = shown(context, value);
    let known = ids.iter().filter_map(|id| context.view.find(*id));
    let verdicts: Vec<_> = known
        .map(|entry| {
            let now = entry.head().value(field).get().map_or_else(String::new, |value| value::line(&value.to_json()));
            bulk.tried(entry, [shown(context, &now), then.clone()], Ok(fields.clone()))
        })
        .collect();
    Ok(bulk.preview(&verdicts, &[("value", value)]).into())
}

/// The systems that are selected, or all that match.
fn chosen(context: &Context<'_>) -> Result<Vec<Id>> {
    let ids: Vec<Id> = if context.form("all").is_some() {
        let rows = super::rows(context)?;
        Chosen::of(context, &rows).rows.iter().map(|row| row.id).collect()
    } else {
        let named = context.request.form.iter().filter(|(name, _)| name == "id").filter_map(|(_, text)| text.parse().ok());
        named.filter(|id: &Id| id.prefix() == "SYS").collect()
    };
    if ids.is_empty() {
        return Err(Error::invalid("no system is selected").hint("tick the systems in the list first"));
    }
    if ids.len() > MOST {
        return Err(Error::invalid(format!("{} are more than {MOST}, the most that are edited at once", so_many(ids.len())))
            .hint("narrow the list with a filter"));
    }
    Ok(ids)
}

/// `POST /systems/bulk/undo`: gives each system the value that it had in the revision before.
pub(crate) fn undo(context: &Context<'_>) -> Result<Answer> {
    bulk::undo(context, field(context)?.0, "SYS")?;
    Ok(Answer::Go(list_address(context)))
}

/// The list that the selection was made in.
fn list_address(context: &Context<'_>) -> String {
    let here = context.with_query(&[]);
    here.split_once('?').map_or_else(|| "/systems".to_owned(), |(_, query)| format!("/systems?{query}"))
}

fn input(context: &Context<'_>, field: &str, word: &str) -> Markup {
    html! {
        div.field {
            label for="value" { (words(word)) }
            @if field == "review_by" { input.input.short id="value" type="date" name="value" required min=(context.view.today()); }
            @else { (bulk::people(context, "value")) }
        }
    }
}

/// A value for reading: people by name.
fn shown(context: &Context<'_>, text: &str) -> String {
    match text.parse::<Id>() {
        Ok(id) => name_of(&context.view, id),
        Err(_) => text.parse().map_or_else(|_| text.to_owned(), date),
    }
}
