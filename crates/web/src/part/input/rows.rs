//! Lists: a group of inputs for each row; rows are added and taken away by buttons that show the form again, at the row it is about.

use maud::{Markup, html};
use vouch_record::kind::{Column, FieldType, Scalar};

use super::entered::MOST_ROWS;
use super::{Inputs, anchor, label};
use crate::format::words;
use crate::part::icon::icon;

/// Rows up to which each is shown open.
const FEW: usize = 2;

impl Inputs<'_> {
    pub(super) fn rows(&self, name: &str, columns: &[Column]) -> Markup {
        let rows = self.entered.rows(name);
        html! {
            @for row in 0..rows {
                @let place = format!("{name}.{row}");
                @let gist = self.gist(&place, columns);
                @let is_open = rows <= FEW || gist.is_empty() || self.problems.iter().any(|problem| problem.field == name && problem.row == Some(row + 1));
                details.part-row open[is_open] id=(anchor(&place)) {
                    summary.line { (icon("chevron")) strong { "Row " (row + 1) } span.small.muted.clip { (gist) } }
                    div.stack-8 role="group" aria-label=(format!("Row {} of {}", row + 1, label(name))) {
                        (self.row(&place, columns))
                        (self.messages_of_row(name, row))
                        button.button.small name="remove" value=(place) formaction=(format!("#{}", anchor(name))) { "Remove row " (row + 1) }
                    }
                }
            }
            @if rows < MOST_ROWS { button.button.small name="add" value=(name) formaction=(format!("#{}", anchor(&format!("{name}.{rows}")))) { (if rows == 0 { "Add a row" } else { "Add another row" }) } }
            @else { p.help { "A form shows " (MOST_ROWS) " rows; import longer lists, or attach them as a file." } }
        }
    }

    /// What a row says, on one line.
    fn gist(&self, place: &str, columns: &[Column]) -> String {
        let mut said: Vec<String> = Vec::new();
        for column in columns {
            let name = if column.name.is_empty() { place.to_owned() } else { format!("{place}.{}", column.name) };
            let text = self.entered.value(&name);
            let choice = column.kind.choices().and_then(|choices| choices.iter().find(|choice| choice.id == text));
            let text = choice.map_or(text, |choice| choice.label.as_str());
            if !text.is_empty() && !matches!(column.kind.scalar(), Some(Scalar::Bool | Scalar::File)) {
                said.push(text.chars().take(60).collect());
            }
        }
        said.truncate(3);
        said.join(" · ")
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
