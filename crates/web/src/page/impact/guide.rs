//! The guided form: the fields of an assessment in eight steps. What is typed is kept on the server; each step is saved as a revision.

use maud::{Markup, html};
use serde_json::{Map, Value as Json, json};
use vouch_app::{Error, Result};
use vouch_conform::Entry;
use vouch_conform::derived::{ai_system, impact_assessment as derived};
use vouch_record::Id;
use vouch_record::kind::FieldSpec;
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::impact_assessment::{ImpactAssessment, ImpactAssessmentDepth};
use vouch_record::kind::generated::release::Release;

use super::asked::{ASKED, ask_each, questions};
use super::missing;
use crate::answer::{Answer, Page, status_in_form};
use crate::format::instant;
use crate::page::system::gate::why;
use crate::part::badge::{Tone, mark};
use crate::part::input::{Entered, Inputs, Step as Pressed, read};
use crate::part::value;
use crate::place;
use crate::request::Context;

/// A step: name in the address, title, what it is about, fields.
struct Step {
    id: &'static str,
    title: &'static str,
    about: &'static str,
    fields: &'static [&'static str],
}

/// The steps in their order; every field that people fill stands in one.
const STEPS: [Step; 8] = [
    Step {
        id: "scope",
        title: "Scope",
        about: "Which system in which version, for which uses, and how deep.",
        fields: &[
            "title",
            "ai_system",
            "also_covers",
            "depth",
            "occasion",
            "occasion_record",
            "replaces",
            "procedure",
            "method",
            "system_version",
            "uses_in",
            "uses_out",
            "jurisdictions",
            "covers_from",
            "covers_to",
            "assumptions",
        ],
    },
    Step {
        id: "people",
        title: "Who judges",
        about: "Assessors judge; contributors add what they know. The owner of the system never judges alone.",
        fields: &["assessors", "contributors"],
    },
    Step {
        id: "screening",
        title: "Screening",
        about: "Twelve questions. One yes, or one that is unclear, asks for more than a screening.",
        fields: &["screening", "sensitive_use", "sensitive_consent"],
    },
    Step {
        id: "facts",
        title: "Facts",
        about: "Where the facts come from, and which way without AI was compared.",
        fields: &["facts", "without_ai", "misuse"],
    },
    Step {
        id: "persons",
        title: "Persons and groups",
        about: "Who is affected, who of them was asked, and what it does to them: harms and benefits.",
        fields: &["groups", "consultations", "not_consulted_because", "impacts"],
    },
    Step {
        id: "society",
        title: "Society",
        about: "Six fields, each with a reason; also none needs one.",
        fields: &["society", "at_full_use"],
    },
    Step {
        id: "measures",
        title: "Measures",
        about: "What is done against harms and for benefits, and which harms are left with whose acceptance.",
        fields: &["measures", "left_because", "weighing"],
    },
    Step {
        id: "conclusion",
        title: "Conclusion",
        about: "What follows, under which conditions, and when it is looked at again.",
        fields: &[
            "conclusion",
            "conclusion_reason",
            "conditions",
            "changed_because",
            "watch",
            "again_when",
            "review_by",
            "related",
            "told",
            "public_summary",
            "not_public_because",
            "keep_for",
        ],
    },
];

/// Steps that a screening does not ask for.
const DEEPER: [&str; 3] = ["persons", "society", "measures"];

/// The step in which a field is filled.
pub(super) fn step_of(field: &str) -> &'static str {
    STEPS.iter().find(|step| step.fields.contains(&field)).map_or("scope", |step| step.id)
}

/// What a request is about.
struct Guided<'c> {
    entry: Entry<'c>,
    step: &'static Step,
    specs: Vec<&'c FieldSpec>,
}

impl<'c> Guided<'c> {
    fn of(context: &'c Context<'_>) -> Result<Self> {
        if context.as_of.is_some() {
            return Err(Error::refused("nothing is written on a past day").hint("go back to today first"));
        }
        let entry = context.record("id", ImpactAssessment::KIND)?;
        let state = entry.standing().state.as_ref();
        if entry.is_set_aside() || state != "draft" {
            let hint = "assess the system again, or have it returned to draft";
            return Err(Error::refused(format!("{} is {state}; the guide is for drafts", entry.id())).hint(hint));
        }
        let asked = context.query("step").or_else(|| context.form("step")).unwrap_or("scope");
        let step = STEPS.iter().find(|step| step.id == asked);
        let step = step.ok_or_else(|| Error::not_found(format!("the guide has no step `{asked}`")).hint("begin with the first"))?;
        let kind = context.view.kind(ImpactAssessment::KIND);
        let specs = step.fields.iter().filter_map(|name| kind.field(name)).collect();
        Ok(Self { entry, step, specs })
    }

    fn revision(&self) -> u32 {
        self.entry.standing().head.leaf(self.entry.record()).revision
    }

    /// What a draft of the step is kept under.
    fn key(&self) -> String {
        format!("{}.{}", self.entry.id(), self.step.id)
    }

    fn address(&self, step: &str) -> String {
        format!("/impact/{}/guide?step={step}", self.entry.id())
    }

    /// What the record holds, with a row for each question that nobody answered.
    fn begin(&self, context: &Context<'_>) -> Entered {
        let held =
            self.specs.iter().filter_map(|spec| Some((spec.name.clone(), self.entry.head().value(&spec.name).get()?.to_json())));
        let mut entered = Entered::of_fields(self.entry.kind(), &held.collect(), context.view.zone());
        for spec in self.specs.iter().filter(|spec| ASKED.contains(&spec.name.as_str())) {
            ask_each(spec, &mut entered);
        }
        entered
    }
}

/// `POST /impact`: begins an assessment of a system and leads into the guide.
pub(crate) fn start(context: &Context<'_>) -> Result<Answer> {
    if context.as_of.is_some() {
        return Err(Error::refused("nothing is written on a past day").hint("go back to today first"));
    }
    let asked = context.form("ai_system").unwrap_or_default();
    let system = asked.parse::<Id>().ok().and_then(|id| context.view.get(id)).filter(|entry| entry.kind().name == AiSystem::KIND);
    let system = system.ok_or_else(|| Error::invalid(format!("`{asked}` is no AI system here")).hint("choose one of the list"))?;
    let replaces = context.form("replaces").filter(|text| !text.is_empty());
    let depth = super::row::depth_due(system);
    let occasion = match (replaces, ai_system::live(system)) {
        (Some(_), _) => "planned",
        (None, true) => "catch_up",
        (None, false) => "new_system",
    };
    let running = ai_system::running_release(system).and_then(|release| Release(release.content()).version().get());
    let day = context.view.today();
    let members = [
        ("title", Some(Json::from(format!("Impact assessment of {}, {day}", value::name(system))))),
        ("ai_system", Some(Json::from(system.id().to_string()))),
        ("depth", Some(Json::from(depth.id()))),
        ("occasion", Some(Json::from(occasion))),
        ("replaces", replaces.map(Json::from)),
        ("method", context.view.risk_method().map(|method| Json::from(method.id().to_string()))),
        ("system_version", running.map(Json::from)),
        ("assessors", Some(json!([context.session.acting.to_string()]))),
    ];
    let fields: Map<String, Json> = members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
    let id = context.site.vouch.perform(context.acting(), move |work| work.create(ImpactAssessment::KIND, &fields))?;
    if context.request.wants_json {
        return Ok(Answer::Json(json!({"id": id.to_string()})));
    }
    Ok(Answer::Go(format!("/impact/{id}/guide")))
}

/// `GET /impact/{id}/guide?step=S`
pub(crate) fn show(context: &Context<'_>) -> Result<Answer> {
    let guided = Guided::of(context)?;
    let draft = context.site.vouch.draft(context.session.acting, &guided.key())?;
    let (entered, kept) = match draft {
        Some(draft) => (Entered::of(&draft.fields), Some(draft.at)),
        None => (guided.begin(context), None),
    };
    Ok(page(context, &guided, Shown { kept: kept.as_deref(), ..Shown::of(&entered) }).into())
}

/// `POST /impact/{id}/guide?step=S`: saves the step and leads to the next.
pub(crate) fn save(context: &Context<'_>) -> Result<Answer> {
    let guided = Guided::of(context)?;
    let mut entered = Entered::of(&context.request.form);
    if context.form("discard").is_some() {
        context.site.vouch.drop_draft(context.acting(), &guided.key())?;
        return Ok(Answer::Go(guided.address(guided.step.id)));
    }
    if context.query("draft").is_some() {
        context.site.vouch.keep_draft(context.acting(), &guided.key(), context.request.form.clone())?;
        return Ok(Answer::Part(html! {}));
    }
    if let Some(pressed) = Pressed::of(context) {
        pressed.apply(&mut entered);
        return Ok(page(context, &guided, Shown { pressed: Some(&pressed), ..Shown::of(&entered) }).into());
    }
    let expect = context.form("expect").and_then(|text| text.parse().ok()).unwrap_or_else(|| guided.revision());
    let mut fields = read::fields(&context.view, guided.specs.iter().copied(), &entered);
    drop_unanswered(&mut fields);
    let (id, key) = (guided.entry.id(), guided.key());
    let written = context.site.vouch.perform(context.acting(), move |work| {
        work.drop_draft(&key)?;
        work.revise(id, expect, &fields)
    });
    match written {
        Ok(written) if context.request.wants_json => Ok(Answer::Json(json!({"id": id.to_string(), "revision": written.revision}))),
        Ok(_) => Ok(Answer::Go(next(&guided).map_or_else(|| place::of(id), |step| guided.address(step.id)))),
        Err(error) => {
            let Some(status) = status_in_form(&error, context.request.wants_json) else { return Err(error) };
            Ok(page(context, &guided, Shown { error: Some(&error), ..Shown::of(&entered) }).status(status).into())
        }
    }
}

/// Rows that hold nothing but the question that was asked are no answers.
fn drop_unanswered(fields: &mut Map<String, Json>) {
    for name in ASKED {
        if let Some(Json::Array(rows)) = fields.get_mut(name) {
            rows.retain(|row| row.as_object().is_none_or(|row| row.values().filter(|value| !value.is_null()).count() > 1));
        }
        if fields.get(name).and_then(Json::as_array).is_some_and(Vec::is_empty) {
            fields.insert(name.to_owned(), Json::Null);
        }
    }
}

/// The next step that the depth asks for; the others stay open beside the form.
fn next(guided: &Guided<'_>) -> Option<&'static Step> {
    let at = STEPS.iter().position(|step| step.id == guided.step.id)?;
    let is_screening = ImpactAssessment(guided.entry.content()).depth().is(ImpactAssessmentDepth::Screening);
    STEPS[at + 1..].iter().find(|step| !(is_screening && DEEPER.contains(&step.id)))
}

/// What a form shows besides its fields.
#[derive(Clone, Copy)]
struct Shown<'s> {
    entered: &'s Entered,
    /// why it was not saved
    error: Option<&'s Error>,
    /// the button that was pressed, if it was not the one that saves
    pressed: Option<&'s Pressed>,
    /// when what stands in it was typed, if it was not saved
    kept: Option<&'s str>,
}

impl<'s> Shown<'s> {
    const fn of(entered: &'s Entered) -> Self {
        Self { entered, error: None, pressed: None, kept: None }
    }
}

fn page(context: &Context<'_>, guided: &Guided<'_>, shown: Shown<'_>) -> Page {
    let id = guided.entry.id();
    let body = html! {
        @if let Some(at) = shown.kept { (offer(context, guided, at)) }
        div.beside {
            (form(context, guided, shown))
            aside.stack { (steps(guided)) (beside(context, guided)) }
        }
    };
    let at = STEPS.iter().position(|step| step.id == guided.step.id).unwrap_or(0) + 1;
    Page::new("/impact", format!("{at} of {}: {}", STEPS.len(), guided.step.title), body)
        .under(id.to_string(), Some(context.link(&place::of(id))))
        .lead(html! { (guided.step.about) })
}

/// What was typed before and not saved stands in the form.
fn offer(context: &Context<'_>, guided: &Guided<'_>, at: &str) -> Markup {
    let at = vouch_record::time::read_instant(at).map_or_else(|| at.to_owned(), |at| instant(at, context.view.zone()));
    html! {
        div.notice {
            span.grow { "You typed this on " (at) " and have not saved it yet." }
            form method="post" action=(guided.address(guided.step.id)) { button.button.small name="discard" value="1" { "Discard draft" } }
        }
    }
}

fn form(context: &Context<'_>, guided: &Guided<'_>, shown: Shown<'_>) -> Markup {
    let Shown { entered, error, pressed, .. } = shown;
    let problems = error.map_or(&[][..], |error| &error.problems);
    let (find, preview) = match pressed {
        Some(Pressed::Find(field)) => (Some(field.as_str()), None),
        Some(Pressed::Preview(field)) => (None, Some(field.as_str())),
        _ => (None, None),
    };
    let missing = missing::of(guided.entry);
    let needed: Vec<&str> = missing.iter().map(|one| one.field.as_str()).collect();
    let inputs = Inputs { context, entered, problems, find, preview, needed: &needed };
    let word = next(guided)
        .map_or_else(|| "Save and finish".to_owned(), |step| format!("Save and go on to {}", step.title.to_lowercase()));
    let address = guided.address(guided.step.id);
    html! {
        form.card.form method="post" action=(address) novalidate data-draft=(format!("{address}&draft=1")) {
            button.vh tabindex="-1" aria-hidden="true" { "Save" }
            input type="hidden" name="expect" value=(guided.revision());
            @if let Some(error) = error { (why(error)) }
            @for spec in &guided.specs { @if ASKED.contains(&spec.name.as_str()) { (questions(spec, entered)) } @else { (inputs.field(spec)) } }
            div.row { button.button.primary { (word) } a.button href=(place::of(guided.entry.id())) { "Leave the guide" } }
        }
    }
}

/// The steps, with what is missing in each.
fn steps(guided: &Guided<'_>) -> Markup {
    let missing = missing::of(guided.entry);
    html! {
        nav.card.guide aria-label="Steps" {
            ol {
                @for step in &STEPS {
                    @let open = missing.iter().filter(|one| step_of(&one.field) == step.id).count();
                    li {
                        a href=(guided.address(step.id)) aria-current=[(step.id == guided.step.id).then_some("step")] {
                            @if open == 0 { (mark(Tone::Good, "nothing missing")) } @else { (mark(Tone::Plain, "missing")) }
                            span.grow { (step.title) }
                            @if open > 0 { span.ref { (open) " missing" } }
                        }
                    }
                }
            }
        }
    }
}

/// What stands in the system's own record, to copy from.
fn beside(context: &Context<'_>, guided: &Guided<'_>) -> Markup {
    let Some(system) = derived::system(guided.entry) else { return html! {} };
    let content = AiSystem(system.content());
    let due = derived::depth_due(guided.entry);
    html! {
        section.card {
            h2 { (value::name(system)) }
            dl.facts.apart {
                dt { "Depth due" } dd { (super::depth_word(due.id())) @if due == ImpactAssessmentDepth::Full { p.small.muted { "With consultation, all fields of society and at least four views." } } }
                @if let Some(purpose) = content.purpose().get() { dt { "Purpose" } dd { (value::short(purpose, 240)) } }
                @for row in content.affected().take(6) { dt { "Affected" } dd { (row.group().unwrap_or_default()) @if let Some(count) = row.count() { span.muted { ", " (count) } } } }
                @for row in content.decisions().take(4) { dt { "Decides" } dd { (row.decision().unwrap_or_default()) } }
            }
            p.small.apart { a.link href=(context.link(&place::of(system.id()))) { "Open " (system.id()) } }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Fields that come by other ways than the guide: claims of an import, files, looks after the signature.
    const ELSEWHERE: [&str; 4] = ["claimed", "files", "waiver", "confirmations"];

    #[test]
    fn every_field_stands_in_one_step() {
        let kinds = vouch_testkit::kinds();
        let kind = kinds.get(ImpactAssessment::KIND).expect("the kind is there");
        let all: Vec<&str> = STEPS.iter().flat_map(|step| step.fields.iter().copied()).chain(ELSEWHERE).collect();
        assert_eq!(all.len(), all.iter().collect::<BTreeSet<_>>().len());
        let fields: BTreeSet<&str> = kind.fields.iter().filter(|field| !field.program).map(|field| field.name.as_str()).collect();
        assert_eq!(all.into_iter().collect::<BTreeSet<_>>(), fields);
    }

    #[test]
    fn a_question_without_an_answer_is_not_saved() {
        let mut fields =
            json!({"screening": [{"question": "rights"}, {"question": "safety", "answer": "no"}], "facts": [{"about": "data"}]});
        let fields = fields.as_object_mut().expect("it is an object");
        drop_unanswered(fields);
        assert_eq!(fields["screening"], json!([{"question": "safety", "answer": "no"}]));
        assert_eq!(fields["facts"], Json::Null);
    }
}
