//! Inputs of single values and of sets: plain ones, which a browser shows as its person likes.

use maud::{Markup, html};
use vouch_record::kind::{Choice, FieldType, Scalar};

use super::entered::is_chosen;
use super::{Inputs, anchor};
use crate::part::markdown;

/// Choices that are shown side by side; more go into a list.
pub(super) const SHOWN: usize = 6;
/// Heading level at which a preview begins.
const PREVIEW: u8 = 4;
/// Units of a duration: how it is written, its word.
const UNITS: [(&str, &str); 6] =
    [("D", "days"), ("W", "weeks"), ("M", "months"), ("Y", "years"), ("TH", "hours"), ("TM", "minutes")];

impl Inputs<'_> {
    /// The input of a value; `in_row` where it stands in a row of a list, and space is dear.
    pub(super) fn value(&self, name: &str, kind: &FieldType, in_row: bool) -> Markup {
        match kind {
            FieldType::One(scalar) => self.scalar(name, scalar, in_row),
            FieldType::Set(Scalar::Enum(choices)) => self.several(name, choices, in_row),
            FieldType::Set(Scalar::Link(target)) => self.links(name, target),
            FieldType::Set(Scalar::File) => self.files(name, true),
            FieldType::Set(scalar) => {
                debug_assert!(!is_chosen(scalar), "what is chosen has an input of its own");
                html! {
                    (self.text(name, true))
                    p.help { "One on each line." }
                }
            }
            FieldType::List(columns) => self.rows(name, columns),
        }
    }

    fn scalar(&self, name: &str, scalar: &Scalar, in_row: bool) -> Markup {
        match scalar {
            Scalar::Text => self.line(name, "text", None),
            Scalar::Markdown => html! {
                (self.text(name, in_row))
                @if !in_row {
                    div.row.between { p.help { "Markdown: # heading, - list, **strong**, [link](https://…)." } button.button.small name="preview" value=(name) formaction=(format!("#{}", anchor(name))) { "Preview" } }
                    @if self.preview == Some(name) { div.part-row aria-label="Preview" role="region" { (markdown::prose(self.entered.value(name), PREVIEW)) } }
                }
            },
            Scalar::Int => self.line(name, "text", Some("numeric")),
            Scalar::Decimal => self.line(name, "text", Some("decimal")),
            Scalar::Bool => self.truth(name, in_row),
            Scalar::Date => self.short(name, "date"),
            Scalar::DateTime => self.short(name, "datetime-local"),
            Scalar::Period => html! { div.row { (self.part(name, "from", "From", "date")) (self.part(name, "to", "To", "date")) } },
            Scalar::Money => {
                html! { div.row { (self.part(name, "amount", "Amount", "text")) (self.part(name, "currency", "Currency, such as EUR", "text")) } }
            }
            Scalar::Duration => self.duration(name),
            Scalar::Url => self.line(name, "url", None),
            Scalar::Email => self.line(name, "email", None),
            Scalar::Enum(choices) => self.choice(name, choices, in_row),
            Scalar::File => self.files(name, false),
            Scalar::Link(target) => self.link(name, target),
        }
    }

    fn line(&self, name: &str, kind: &str, mode: Option<&str>) -> Markup {
        let short = mode.is_some();
        html! {
            input.input.short[short] id=(anchor(name)) type=(kind) name=(name) value=(self.entered.value(name)) inputmode=[mode] autocomplete="off"
                aria-describedby=[self.described(name)] aria-invalid=[self.wrong_mark(name)];
        }
    }

    fn short(&self, name: &str, kind: &str) -> Markup {
        html! {
            input.input.auto id=(anchor(name)) type=(kind) name=(name) value=(self.entered.value(name))
                aria-describedby=[self.described(name)] aria-invalid=[self.wrong_mark(name)];
        }
    }

    fn text(&self, name: &str, is_low: bool) -> Markup {
        html! {
            textarea.input id=(anchor(name)) name=(name) rows=(if is_low { 2 } else { 5 })
                aria-describedby=[self.described(name)] aria-invalid=[self.wrong_mark(name)] { (self.entered.value(name)) }
        }
    }

    /// A part of a value, with a label of its own.
    fn part(&self, name: &str, part: &str, label: &str, kind: &str) -> Markup {
        let name = format!("{name}.{part}");
        html! {
            label.part-label { span.small.muted { (label) } input.input.auto type=(kind) name=(name) value=(self.entered.value(&name)) autocomplete="off"; }
        }
    }

    fn duration(&self, name: &str) -> Markup {
        let (count, unit) = (format!("{name}.count"), format!("{name}.unit"));
        let chosen = self.entered.value(&unit);
        // A duration of several units is shown as it is written.
        let is_written = self.entered.value(&count).starts_with('P');
        html! {
            div.inline-form {
                input.input.short type="text" name=(count) value=(self.entered.value(&count)) inputmode="numeric" aria-label="How many" autocomplete="off";
                select.input.auto name=(unit) aria-label="Unit" {
                    @if is_written { option value="" selected { "as written" } }
                    @for (id, word) in UNITS { option value=(id) selected[id == chosen] { (word) } }
                }
            }
        }
    }

    fn truth(&self, name: &str, in_row: bool) -> Markup {
        let chosen = self.entered.value(name);
        let choices = [("true", "Yes"), ("false", "No"), ("", "Not said")];
        if in_row {
            return self.select(name, choices.map(|(id, word)| (id, word.to_owned())).into_iter());
        }
        html! {
            div.row { @for (id, word) in choices { label.check { input type="radio" name=(name) value=(id) checked[id == chosen]; span { (word) } } } }
        }
    }

    fn choice(&self, name: &str, choices: &[Choice], in_row: bool) -> Markup {
        if in_row || choices.len() > SHOWN {
            let all = [("", "Choose".to_owned())]
                .into_iter()
                .chain(choices.iter().map(|choice| (choice.id.as_str(), explained(choice, !in_row))));
            return self.select(name, all);
        }
        let chosen = self.entered.value(name);
        html! {
            div {
                @for choice in choices { (box_of("radio", name, choice, choice.id == chosen)) }
                @if chosen.is_empty() || !self.needs(name) { label.check { input type="radio" name=(name) value="" checked[chosen.is_empty()]; span.muted { "Not said" } } }
            }
        }
    }

    fn select<'o>(&self, name: &str, options: impl Iterator<Item = (&'o str, String)>) -> Markup {
        let chosen = self.entered.value(name);
        html! {
            select.input.auto id=(anchor(name)) name=(name) aria-describedby=[self.described(name)] aria-invalid=[self.wrong_mark(name)] {
                @for (id, word) in options { option value=(id) selected[id == chosen] { (word) } }
            }
        }
    }

    fn several(&self, name: &str, choices: &[Choice], in_row: bool) -> Markup {
        let chosen: Vec<&str> = self.entered.all(name).collect();
        html! {
            div.checks {
                @for choice in choices {
                    @let is_chosen = chosen.contains(&choice.id.as_str());
                    @if in_row { label.check { input type="checkbox" name=(name) value=(choice.id) checked[is_chosen]; span { (choice.label) } } }
                    @else { (box_of("checkbox", name, choice, is_chosen)) }
                }
            }
        }
    }

    fn files(&self, name: &str, several: bool) -> Markup {
        html! {
            @for kept in self.entered.all(name) {
                @let label = serde_json::from_str::<serde_json::Value>(kept).ok().and_then(|file| file["name"].as_str().map(str::to_owned));
                label.check { input type="checkbox" name=(name) value=(kept) checked; span { "Keep " (label.as_deref().unwrap_or("this file")) } }
            }
            input.input id=(anchor(name)) type="file" name=(name) multiple[several] aria-describedby=[self.described(name)];
        }
    }
}

/// A choice with what it means beneath.
fn box_of(kind: &str, name: &str, choice: &Choice, chosen: bool) -> Markup {
    html! {
        label.check {
            input type=(kind) name=(name) value=(choice.id) checked[chosen];
            span { (choice.label) @if !choice.help.is_empty() { " " span.small.muted { (choice.help) } } }
        }
    }
}

fn explained(choice: &Choice, with_help: bool) -> String {
    if with_help && !choice.help.is_empty() { format!("{} – {}", choice.label, choice.help) } else { choice.label.clone() }
}
