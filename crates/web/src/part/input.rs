//! Inputs for fields of every type, and what they say, as fields.
//!
//! [`Entered`] holds what stands in a form as names and texts; [`Inputs`] writes the inputs of a field over it; [`read::fields`] turns it
//! into fields as the use cases take them. Forms work without a script: adding a row (`add`), taking one away (`remove`), looking for a
//! record (`find`) and showing prose (`preview`) are buttons that send the form, and [`Step::of`] says which was pressed.

pub(crate) mod entered;
pub(crate) mod pick;
pub(crate) mod read;
mod rows;
mod scalar;

use maud::{Markup, html};
use vouch_app::{Error, ErrorKind};
use vouch_record::kind::{FieldSpec, FieldType, Required, Scalar};
use vouch_record::validate::Problem;

pub(crate) use entered::Entered;

use crate::format::{plain, sentence, words};
use crate::request::Context;

/// Inputs over what stands in a form.
pub(crate) struct Inputs<'i> {
    pub(crate) context: &'i Context<'i>,
    pub(crate) entered: &'i Entered,
    /// what is wrong with it
    pub(crate) problems: &'i [Problem],
    /// field whose records are looked for
    pub(crate) find: Option<&'i str>,
    /// field whose prose is shown
    pub(crate) preview: Option<&'i str>,
    /// fields that must be filled now
    pub(crate) needed: &'i [&'i str],
}

/// What a button of a form asks for, other than to save.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// add a row to this list
    Add(String),
    /// take this row of this list away
    Remove(String, usize),
    /// look for records for this field
    Find(String),
    /// show the prose of this field
    Preview(String),
}

impl Step {
    /// The button that was pressed; nothing for the one that saves.
    pub(crate) fn of(context: &Context<'_>) -> Option<Self> {
        let named = |name| context.form(name).filter(|value| !value.is_empty()).map(str::to_owned);
        let remove = || {
            let (field, row) = context.form("remove")?.rsplit_once('.')?;
            Some(Self::Remove(field.to_owned(), row.parse().ok()?))
        };
        named("add")
            .map(Self::Add)
            .or_else(remove)
            .or_else(|| named("find").map(Self::Find))
            .or_else(|| named("preview").map(Self::Preview))
    }

    /// Does to a form what the button asks for.
    pub(crate) fn apply(&self, entered: &mut Entered) {
        match self {
            Self::Add(field) => entered.add_row(field),
            Self::Remove(field, row) => entered.remove_row(field, *row),
            Self::Find(_) | Self::Preview(_) => {}
        }
    }

    /// The field it is about.
    pub(crate) fn field(&self) -> &str {
        match self {
            Self::Add(field) | Self::Remove(field, _) | Self::Find(field) | Self::Preview(field) => field,
        }
    }
}

/// What a field is called.
pub(crate) fn label(name: &str) -> String {
    words(name.split('.').next().unwrap_or(name))
}

/// The id of an input.
pub(crate) fn anchor(name: &str) -> String {
    format!("f-{}", name.replace('.', "-"))
}

/// Where a problem is shown.
pub(crate) fn anchor_of(problem: &Problem) -> String {
    match (problem.row, &problem.column) {
        (Some(row), Some(column)) => anchor(&format!("{}.{}.{column}", problem.field, row - 1)),
        (Some(row), None) => anchor(&format!("{}.{}", problem.field, row - 1)),
        _ => anchor(&problem.field),
    }
}

impl Inputs<'_> {
    /// A field with label, input, help and what is wrong with it.
    pub(crate) fn field(&self, spec: &FieldSpec) -> Markup {
        let name = spec.name.as_str();
        let wrong = self.problems.iter().find(|problem| problem.field == name && problem.row.is_none());
        let note = (!self.needs(name)).then(|| match &spec.required {
            Required::From(state) => format!("needed once {}", words(state).to_lowercase()),
            Required::Always => String::new(),
            Required::No if spec.needed_when.is_some() => "needed in some cases".to_owned(),
            Required::No => "optional".to_owned(),
        });
        let title =
            html! { (label(name)) @if let Some(note) = note.filter(|note| !note.is_empty()) { " " span.optional { "· " (note) } } };
        let rest = html! {
            (self.value(name, &spec.kind, false))
            p.help id=(format!("{}-help", anchor(name))) { (spec.help) }
            @if let Some(problem) = wrong { p.wrong id=(format!("{}-wrong", anchor(name))) { (said(problem)) } }
        };
        html! {
            @if is_fieldset(&spec.kind) {
                fieldset.field data-wrong[wrong.is_some()] id=(anchor(name)) tabindex="-1" { legend { (title) } (rest) }
            } @else {
                div.field data-wrong[wrong.is_some()] { label for=(anchor(name)) { (title) } (rest) }
            }
        }
    }

    fn needs(&self, name: &str) -> bool {
        self.needed.contains(&name)
    }

    fn is_wrong(&self, name: &str) -> bool {
        self.problems.iter().any(|problem| anchor_of(problem) == anchor(name))
    }

    fn wrong_mark(&self, name: &str) -> Option<&'static str> {
        self.is_wrong(name).then_some("true")
    }

    /// What describes an input: its help and what is wrong with it. Cells of rows have no help of their own.
    fn described(&self, name: &str) -> Option<String> {
        let (anchor, wrong) = (anchor(name), self.is_wrong(name));
        match (name.contains('.'), wrong) {
            (true, false) => None,
            (true, true) => Some(format!("{anchor}-wrong")),
            (false, false) => Some(format!("{anchor}-help")),
            (false, true) => Some(format!("{anchor}-help {anchor}-wrong")),
        }
    }

    fn wrong_at(&self, name: &str) -> Option<String> {
        let problem = self.problems.iter().find(|problem| anchor_of(problem) == anchor(name))?;
        Some(said(problem))
    }

    /// What is wrong with a row as a whole.
    fn messages_of_row(&self, name: &str, row: usize) -> Markup {
        let own = self
            .problems
            .iter()
            .filter(|problem| problem.field == name && problem.row == Some(row + 1) && problem.column.is_none());
        html! { @for problem in own { p.wrong { (said(problem)) } } }
    }
}

/// Whether a field is a group of inputs.
fn is_fieldset(kind: &FieldType) -> bool {
    rows::is_group(kind) || matches!(kind, FieldType::One(Scalar::Bool)) || is_shown_choice(kind)
}

fn is_shown_choice(kind: &FieldType) -> bool {
    matches!(kind, FieldType::One(Scalar::Enum(choices)) if choices.len() <= scalar::SHOWN)
}

/// What is wrong and what to do; a remedy that only repeats the help beside the field is left out.
fn said(problem: &Problem) -> String {
    let remedy = Some(problem.remedy.as_str()).filter(|remedy| !remedy.is_empty() && !remedy.starts_with("fill it"));
    sentence(&remedy.map_or_else(|| problem.reason.clone(), |remedy| format!("{}; {remedy}", problem.reason)))
}

/// What somebody wants to know whose form could not be written for no fault of theirs.
pub(crate) fn kept(error: &Error) -> Markup {
    html! { @if error.kind == ErrorKind::Unavailable { p { "What you typed stands below. Send it again once this is mended." } } }
}

/// What is wrong, on top of the form: it takes focus and leads to each field.
pub(crate) fn summary(message: &str, problems: &[Problem]) -> Markup {
    html! {
        div.summary role="alert" tabindex="-1" id="summary" {
            h2 { (message) }
            @if !problems.is_empty() {
                ul {
                    @for problem in problems {
                        li { a href=(format!("#{}", anchor_of(problem))) { (place(problem)) } ": " (plain(&problem.reason)) }
                    }
                }
            }
        }
    }
}

fn place(problem: &Problem) -> String {
    let mut place = label(&problem.field);
    if let Some(row) = problem.row {
        place.push_str(&format!(", row {row}"));
    }
    if let Some(column) = &problem.column {
        place.push_str(&format!(", {}", words(column).to_lowercase()));
    }
    place
}
