//! Lists that hold one row for each choice of their first column, as a questionnaire: the question stands there, the answer is filled in.

use maud::{Markup, html};
use vouch_record::kind::{Choice, Column, FieldSpec, FieldType, Scalar};

use crate::format::words;
use crate::part::input::{Entered, anchor, label};

/// Lists that begin with a row for each choice of their first column.
pub(super) const ASKED: [&str; 3] = ["screening", "facts", "society"];

fn choices(column: &Column) -> &[Choice] {
    if let FieldType::One(Scalar::Enum(choices)) = &column.kind { choices } else { &[] }
}

/// Adds a row for each choice of a list's first column that has none.
pub(super) fn ask_each(spec: &FieldSpec, entered: &mut Entered) {
    let Some(column) = spec.kind.columns().first() else { return };
    let cell = |row: usize| format!("{}.{row}.{}", spec.name, column.name);
    let asked: Vec<String> = (0..entered.rows(&spec.name)).map(|row| entered.value(&cell(row)).to_owned()).collect();
    for choice in choices(column).iter().filter(|choice| !asked.contains(&choice.id)) {
        let row = entered.rows(&spec.name);
        entered.put(cell(row), choice.id.clone());
    }
}

/// The questionnaire of a list.
pub(super) fn questions(spec: &FieldSpec, entered: &Entered) -> Markup {
    let Some((first, others)) = spec.kind.columns().split_first() else { return html! {} };
    html! {
        fieldset.field id=(anchor(&spec.name)) tabindex="-1" {
            legend { (label(&spec.name)) }
            p.help { (spec.help) }
            @for row in 0..entered.rows(&spec.name) {
                @let name = format!("{}.{row}.{}", spec.name, first.name);
                @let asked = entered.value(&name);
                @let choice = choices(first).iter().find(|choice| choice.id == asked);
                div.part-row role="group" aria-label=(choice.map_or(asked, |choice| choice.label.as_str())) {
                    p.strong { (choice.map_or(asked, |choice| choice.label.as_str())) }
                    @if let Some(choice) = choice { p.help { (choice.help) } }
                    input type="hidden" name=(name) value=(asked);
                    div.cells { @for column in others { (cell(&format!("{}.{row}.{}", spec.name, column.name), column, entered)) } }
                }
            }
        }
    }
}

/// One answer.
fn cell(name: &str, column: &Column, entered: &Entered) -> Markup {
    let (id, told, value) = (anchor(name), words(&column.name), entered.value(name));
    html! {
        @match &column.kind {
            FieldType::One(Scalar::Enum(choices)) => div.field role="radiogroup" aria-label=(told) {
                span.label { (told) }
                div.row {
                    @for choice in choices.iter() { label.check title=(choice.help) { input type="radio" name=(name) value=(choice.id) checked[value == choice.id]; span { (choice.label) } } }
                }
            },
            kind => div.field {
                label for=(id) { (told) }
                input.input id=(id) name=(name) value=(value) inputmode=[matches!(kind, FieldType::One(Scalar::Int | Scalar::Decimal)).then_some("decimal")]
                    placeholder=[is_link(kind).then_some("Id, such as DOC-4")];
            },
        }
    }
}

fn is_link(kind: &FieldType) -> bool {
    matches!(kind, FieldType::One(Scalar::Link(_)) | FieldType::Set(Scalar::Link(_)))
}
