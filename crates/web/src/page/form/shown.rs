//! The form on its page: what is wrong on top, fields in groups, what stands around the record beside them.

use maud::{Markup, html};
use vouch_app::draft::Draft;
use vouch_app::query::{Detail, show};
use vouch_app::{Error, ErrorKind};
use vouch_record::kind::FieldSpec;
use vouch_record::time::read_instant;
use vouch_record::validate::Problem;

use super::groups::Groups;
use super::{Subject, aside};
use crate::answer::Page;
use crate::format::{count, inside, instant, sentence};
use crate::part::icon::icon;
use crate::part::input::{Entered, Inputs, Step, kept, summary};
use crate::part::{button, value};
use crate::place;
use crate::request::Context;

/// A form to be shown.
pub(super) struct Form<'f> {
    pub(super) context: &'f Context<'f>,
    pub(super) subject: &'f Subject<'f>,
    pub(super) entered: &'f Entered,
    /// why it was not saved
    pub(super) error: Option<&'f Error>,
    /// the button that was pressed, if it was not the one that saves
    pub(super) step: Option<&'f Step>,
    /// what was typed before and not saved
    pub(super) draft: Option<&'f Draft>,
}

impl<'f> Form<'f> {
    pub(super) const fn of(context: &'f Context<'f>, subject: &'f Subject<'f>, entered: &'f Entered) -> Self {
        Self { context, subject, entered, error: None, step: None, draft: None }
    }

    /// The page of the form.
    pub(super) fn page(&self) -> Page {
        let Self { context, subject, .. } = self;
        let detail = subject.entry.and_then(|entry| show(&context.view, entry.id().into()).ok());
        let missing = detail.as_ref().map_or(&[][..], |detail| &detail.missing);
        let groups = Groups::of(subject, missing);
        let body = html! {
            (self.offer())
            div.grid {
                div.span-8 { (self.form(&groups)) }
                aside.span-4.stack { (aside::beside(context, subject, detail.as_ref())) }
            }
        };
        self.head(body, detail.as_ref()).live()
    }

    fn head(&self, body: Markup, detail: Option<&Detail>) -> Page {
        let Self { context, subject, .. } = self;
        let kind = subject.kind;
        let nav = place::entry_of(&kind.name);
        let list = place::of_kind(&kind.name);
        let above = |page: Page| if list == nav { page } else { page.under(kind.plural.as_str(), Some(context.link(&list))) };
        match subject.entry {
            None => above(Page::new(nav, format!("New {}", inside(&kind.title)), body)).lead(html! { (kind.help) }),
            Some(entry) => {
                let next = subject.revision() + 1;
                let settled = detail.is_some_and(|detail| detail.in_force.is_some()) && kind.draft().is_some();
                let title = format!("Revision {next} of {}", value::called(entry));
                above(Page::new(nav, title, body)).under(entry.id().to_string(), Some(context.link(&place::of(entry.id())))).lead(
                    html! {
                        "Fields that you leave as they are stay as they are."
                        @if settled { " Saving begins a draft; what is in force stays so until the draft is approved." }
                    },
                )
            }
        }
    }

    /// What was typed before is offered, never taken up unasked.
    fn offer(&self) -> Markup {
        let key = self.subject.key();
        html! {
            @if let Some(draft) = self.draft {
                @let at = read_instant(&draft.at).map(|at| instant(at, self.context.view.zone()));
                div.notice {
                    span.grow { "You began this on " (at.as_deref().unwrap_or("an earlier day")) " and did not save it." }
                    (button::link(&self.context.with_query(&[("draft", Some("1"))]), "Continue draft"))
                    form method="post" action=(format!("/drafts/{key}")) {
                        input type="hidden" name="back" value=(self.context.with_query(&[]));
                        button.button name="discard" value="1" { "Discard draft" }
                    }
                }
            }
        }
    }

    fn form(&self, groups: &Groups<'_>) -> Markup {
        let (subject, needed) = (self.subject, groups.needed());
        let problems = self.error.map_or(&[][..], |error| &error.problems);
        let (find, preview) = match self.step {
            Some(Step::Find(field)) => (Some(field.as_str()), None),
            Some(Step::Preview(field)) => (None, Some(field.as_str())),
            _ => (None, None),
        };
        let inputs = Inputs { context: self.context, entered: self.entered, problems, find, preview, needed: &needed };
        let encoding = subject.takes_files().then_some("multipart/form-data");
        html! {
            form.card.form method="post" action=(subject.address()) enctype=[encoding] novalidate data-draft=(format!("/drafts/{}", subject.key())) {
                // Enter in a line saves, and does not press the first small button.
                button.vh tabindex="-1" aria-hidden="true" { "Save" }
                input type="hidden" name="whole" value="1";
                @if let (None, Some(from)) = (subject.entry, self.context.form("from").or_else(|| self.context.query("from"))) { input type="hidden" name="from" value=(from); }
                @if subject.entry.is_some() { input type="hidden" name="expect" value=(subject.revision()); }
                @if let Some(error) = self.error { (failed(error)) }
                (self.group(&inputs, "Needed now", &groups.now, true))
                (self.group(&inputs, "Needed later", &groups.later, false))
                (self.group(&inputs, "Further", &groups.further, groups.now.is_empty() && groups.later.is_empty()))
                div.row { button.button.primary { (save(subject)) } a.button href=(self.back()) { "Cancel" } }
            }
        }
    }

    fn group(&self, inputs: &Inputs<'_>, title: &str, fields: &[&FieldSpec], always: bool) -> Markup {
        let asks = |field: &&&FieldSpec| {
            let name = field.name.as_str();
            self.entered.is_filled(name)
                || inputs.problems.iter().any(|problem| problem.field == name)
                || self.step.is_some_and(|step| step.field().split('.').next() == Some(name))
        };
        let open = always || fields.iter().any(|field| asks(&field));
        html! {
            @if fields.is_empty() {}
            @else if always { div.fields-group { h2 { (title) } @for field in fields { (inputs.field(field)) } } }
            @else {
                details.fields-group open[open] {
                    summary.line { (icon("chevron")) h2 { (title) } span.small.muted { (count(fields.len(), "field", "fields")) } }
                    @for field in fields { (inputs.field(field)) }
                }
            }
        }
    }

    fn back(&self) -> String {
        let place = self.subject.entry.map_or_else(|| place::of_kind(&self.subject.kind.name), |entry| place::of(entry.id()));
        self.context.link(&place)
    }
}

fn save(subject: &Subject<'_>) -> String {
    match subject.entry {
        None => format!("Create {}", inside(&subject.kind.title)),
        Some(_) => format!("Save revision {}", subject.revision() + 1),
    }
}

/// Why a form was not saved.
fn failed(error: &Error) -> Markup {
    let shown: Vec<Problem> = error.problems.clone();
    let message = if shown.is_empty() || error.kind == ErrorKind::Refused {
        match &error.hint {
            Some(hint) => format!("{} {}", sentence(&error.message), sentence(hint)),
            None => sentence(&error.message),
        }
    } else {
        format!("{} to correct", count(shown.len(), "field", "fields"))
    };
    html! { (summary(&message, &shown)) (kept(error)) }
}
