//! Which column feeds which field: proposed by name, changed by a person, with some answers beside each.

use maud::{Markup, html};
use vouch_app::Result;

use super::address;
use crate::format::{count, words};
use crate::intake::{Held, Job, Meaning};
use crate::part::button;
use crate::part::input::summary;
use crate::request::Context;

/// The form of the columns.
pub(super) fn form(context: &Context<'_>, job: &Job, held: &Held) -> Result<Markup> {
    let Meaning::Columns(columns) = &held.meaning else {
        return Ok(html! { div.card { form method="post" action=(address(job)) { button.button.primary { "Check rows" } } } });
    };
    let field_of = |place: usize| columns.fed.iter().find(|(_, column)| **column == place).map(|(field, _)| field.as_str());
    let named = columns.fed.contains_key("name");
    Ok(html! {
        form.stack method="post" action=(address(job)) {
            input type="hidden" name="columns" value="1";
            @if !named { (summary("No column feeds the name of a system: choose it below", &[])) }
            p.muted { (count(columns.fed.len(), "column feeds", "columns feed")) " a field. Answers of the others are kept with the system, as they were said." }
            div.card.flush {
                table.table.cards {
                    caption.vh { "Columns of the file" }
                    thead { tr { th scope="col" { "Column" } th scope="col" { "Answers" } th scope="col" { "Feeds" } } }
                    tbody {
                        @for (place, name) in columns.names.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
                            tr {
                                th.main-cell scope="row" id=(format!("column-{place}")) { (name) }
                                td data-label="Answers" { span.small.muted { @for (at, sample) in columns.samples.get(place).into_iter().flatten().enumerate() { @if at > 0 { " · " } (short(sample)) } } }
                                td data-label="Feeds" {
                                    select.input.auto name=(format!("column.{place}")) aria-labelledby=(format!("column-{place}")) {
                                        option value="" { "Kept as it was said" }
                                        @for field in &columns.fields { option value=(field) selected[field_of(place) == Some(field)] { (label(field)) } }
                                    }
                                }
                            }
                        }
                    }
                }
            }
            div.row { button.button.primary { "Check rows" } (button::link(&context.link("/import"), "Choose another file")) }
        }
    })
}

/// A field, or a column of a list of fields.
fn label(field: &str) -> String {
    match field.split_once('.') {
        Some((list, column)) => format!("{}: {}", words(list), words(column).to_lowercase()),
        None => words(field),
    }
}

fn short(text: &str) -> String {
    const MOST: usize = 48;
    if text.chars().count() > MOST { format!("{}…", text.chars().take(MOST).collect::<String>()) } else { text.to_owned() }
}
