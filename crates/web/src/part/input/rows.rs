//! Lists: a group of inputs for each row; rows are added and taken away by buttons that show the form again.

use maud::{Markup, html};
use vouch_record::kind::{Column, FieldType, Scalar};

use super::entered::MOST_ROWS;
use super::{Inputs, anchor, label};
use crate::format::words;

impl Inputs<'_> {
    pub(super) fn rows(&self, name: &str, columns: &[Column]) -> Markup {
        let rows = self.entered.rows(name);
        html! {
            @for row in 0..rows {
                fieldset.part-row id=(anchor(&format!("{name}.{row}"))) tabindex="-1" {
                    legend.vh { "Row " (row + 1) }
                    (self.row(&format!("{name}.{row}"), columns))
                    (self.messages_of_row(name, row))
                    button.button.small name="remove" value=(format!("{name}.{row}")) { "Remove row " (row + 1) }
                }
            }
            @if rows < MOST_ROWS { button.button.small name="add" value=(name) { (if rows == 0 { "Add a row" } else { "Add another row" }) } }
            @else { p.help { "A form shows " (MOST_ROWS) " rows; import longer lists, or attach them as a file." } }
        }
    }

    fn row(&self, name: &str, columns: &[Column]) -> Markup {
        if let [only] = columns
            && only.name.is_empty()
        {
            return html! { div aria-label=(label(name)) { (self.value(name, &only.kind, true)) } };
        }
        html! {
            // Marks the row, also while nothing is filled in.
            input type="hidden" name=(name) value="";
            div.cells { @for column in columns { (self.cell(&format!("{name}.{}", column.name), column)) } }
        }
    }

    fn cell(&self, name: &str, column: &Column) -> Markup {
        let word = words(&column.name);
        let wrong = self.wrong_at(name);
        html! {
            @if is_group(&column.kind) {
                fieldset.field data-wrong[wrong.is_some()] id=(anchor(name)) tabindex="-1" { legend { (word) } (self.value(name, &column.kind, true)) (wrong_line(name, wrong)) }
            } @else {
                div.field data-wrong[wrong.is_some()] { label for=(anchor(name)) { (word) } (self.value(name, &column.kind, true)) (wrong_line(name, wrong)) }
            }
        }
    }
}

/// What is wrong, at its input.
fn wrong_line(name: &str, wrong: Option<String>) -> Markup {
    html! { @if let Some(wrong) = wrong { p.wrong id=(format!("{}-wrong", anchor(name))) { (wrong) } } }
}

/// Whether a value has several inputs, so that a label alone would name only the first.
pub(super) fn is_group(kind: &FieldType) -> bool {
    match kind {
        FieldType::One(scalar) => matches!(scalar, Scalar::Period | Scalar::Money | Scalar::Duration),
        FieldType::Set(scalar) => matches!(scalar, Scalar::Enum(_) | Scalar::Link(_)),
        FieldType::List(_) => true,
    }
}
