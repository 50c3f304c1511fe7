//! Two people revised the same record: both versions field by field, and the choice which to keep.

use axum::http::StatusCode;
use maud::{Markup, html};
use serde_json::{Map, Value as Json};
use vouch_app::{Error, ErrorKind, Result};

use super::Subject;
use crate::answer::{Answer, Page};
use crate::format::instant;
use crate::part::input::{Entered, label, read};
use crate::part::person::who;
use crate::part::{table, value};
use crate::place;
use crate::request::Context;

/// How a form, the revision it began with and the present one differ.
pub(super) struct Clash {
    /// fields that the form changes and that are not left to the present revision
    pub(super) mine: Map<String, Json>,
    rows: Vec<Row>,
    pairs: Vec<(String, String)>,
}

/// A field that one of the two changed.
struct Row {
    field: String,
    before: Json,
    theirs: Json,
    mine: Json,
}

impl Row {
    fn is_mine(&self) -> bool {
        self.mine != self.before
    }

    fn is_theirs(&self) -> bool {
        self.theirs != self.before
    }
}

impl Clash {
    /// Compares what a form says with the revision it began with and the present one.
    pub(super) fn of(context: &Context<'_>, subject: &Subject<'_>, entered: &Entered, expect: u32) -> Result<Self> {
        let entry = subject.entry.ok_or_else(|| Error::invalid("a record is revised"))?;
        let evened = |fields: &Map<String, Json>| {
            read::fields(&context.view, subject.fields(), &Entered::of_fields(subject.kind, fields, context.view.zone()))
        };
        let head: Map<String, Json> =
            entry.head().fields().into_iter().map(|(name, value)| (name.to_owned(), value.to_json())).collect();
        let theirs = evened(&head);
        let before = if expect == subject.revision() {
            theirs.clone()
        } else {
            let leaf = entry.record().revision(expect);
            let leaf = leaf
                .ok_or_else(|| Error::not_found(format!("{} has no revision {expect}", entry.id())).hint("open the form again"))?;
            evened(&leaf.body.fields().map(|(name, value)| (name.to_owned(), value.to_json())).collect())
        };
        let asked = read::fields(&context.view, subject.fields(), entered);
        let is_whole = !entered.value("whole").is_empty();
        let is_kept = |name: &str| entered.value(&format!("keep.{name}")) == "theirs";
        let mut clash = Self { mine: Map::new(), rows: Vec::new(), pairs: entered.pairs().to_vec() };
        for (field, mine) in asked {
            let (before, theirs) = (before[&field].clone(), theirs[&field].clone());
            let is_asked = is_whole || entered.pairs().iter().any(|(name, _)| name.split('.').next() == Some(field.as_str()));
            let mine = if is_asked { mine } else { before.clone() };
            if mine != before && !is_kept(&field) {
                clash.mine.insert(field.clone(), mine.clone());
            }
            if mine != before || theirs != before {
                clash.rows.push(Row { field, before, theirs, mine });
            }
        }
        Ok(clash)
    }

    /// The page that asks which to keep.
    pub(super) fn page(&self, context: &Context<'_>, subject: &Subject<'_>) -> Result<Answer> {
        let entry = subject.entry.ok_or_else(|| Error::invalid("a record is revised"))?;
        let head = entry.standing().head.leaf(entry.record());
        let who = who(&context.view, &head.actor);
        let message = format!("{} was revised meanwhile: {who} wrote revision {}", entry.id(), head.revision);
        if context.request.wants_json {
            return Err(Error::new(ErrorKind::Conflict, message).hint("read the head and write again"));
        }
        let body = html! {
            div.summary role="alert" tabindex="-1" {
                h2 { (message) }
                p { "Written " (instant(head.time, context.view.zone())) ". Nothing of yours is saved yet. Choose for each field which version counts." }
            }
            form.stack method="post" action=(subject.address()) {
                input type="hidden" name="expect" value=(head.revision);
                (self.kept())
                div.card.flush { (table::scroll("Both versions, field by field", self.table())) }
                div.row { button.button.primary { "Save chosen versions" } a.button href=(context.link(&subject.address())) { "Drop mine" } }
            }
        };
        let page = Page::new(place::entry_of(&subject.kind.name), "Somebody else wrote meanwhile", body)
            .under(entry.id().to_string(), Some(context.link(&place::of(entry.id()))));
        Ok(page.status(StatusCode::CONFLICT).into())
    }

    /// What the form said, and that fields which only they changed stay theirs.
    fn kept(&self) -> Markup {
        let own = self.pairs.iter().filter(|(name, _)| name != "expect" && !name.starts_with("keep."));
        html! {
            @for (name, value) in own { input type="hidden" name=(name) value=(value); }
            @for row in self.rows.iter().filter(|row| !row.is_mine()) { input type="hidden" name=(format!("keep.{}", row.field)) value="theirs"; }
        }
    }

    fn table(&self) -> Markup {
        html! {
            table.table {
                caption.vh { "Fields that were changed" }
                thead { tr { th scope="col" { "Field" } th scope="col" { "Before" } th scope="col" { "Theirs" } th scope="col" { "Yours" } } }
                tbody {
                    @for row in &self.rows {
                        @let choice = row.is_mine() && row.is_theirs() && row.mine != row.theirs;
                        tr {
                            th scope="row" { (label(&row.field)) }
                            td { (shown(&row.before)) }
                            td { @if choice { (pick(&row.field, "theirs", &row.theirs, false)) } @else { (shown(&row.theirs)) @if row.is_theirs() { " " span.tag.accent { "kept" } } } }
                            td { @if choice { (pick(&row.field, "mine", &row.mine, true)) } @else { (shown(&row.mine)) @if row.is_mine() { " " span.tag.accent { "kept" } } } }
                        }
                    }
                }
            }
        }
    }
}

fn shown(json: &Json) -> Markup {
    html! { @if json.is_null() { span.faint { "empty" } } @else { (value::line(json)) } }
}

fn pick(field: &str, which: &str, json: &Json, chosen: bool) -> Markup {
    html! { label.check { input type="radio" name=(format!("keep.{field}")) value=(which) checked[chosen]; span { (shown(json)) } } }
}
