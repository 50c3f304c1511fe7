//! The form of a record, generated from the fields of its kind: new and revised. Create and edit are pages, never dialogs.

mod aside;
mod conflict;
mod groups;
mod mirror;
mod prefill;
mod scale;
mod shown;

use std::sync::Arc;

use serde_json::{Map, Value as Json};
use vouch_app::{Error, ErrorKind, Result, TakenIn};
use vouch_conform::Entry;
use vouch_record::Id;
use vouch_record::kind::{FieldSpec, FieldType, Kind};

use crate::answer::{Answer, status_in_form};
use crate::part::input::{Entered, Step, read};
use crate::place;
use crate::request::Context;

/// Kinds whose records come about by verbs of their own: kind, what to do instead.
const BY_VERB: [(&str, &str); 2] = [
    ("approval", "approve, refuse or return on the page of the record it is about"),
    ("organisation", "there is one organisation; revise it"),
];

/// What a form is for: a new record of a kind, or a revision of one.
pub(super) struct Subject<'c> {
    pub(super) kind: &'c Arc<Kind>,
    pub(super) entry: Option<Entry<'c>>,
}

impl<'c> Subject<'c> {
    /// A new record of the kind that the address names.
    fn new(context: &'c Context<'_>) -> Result<Self> {
        let name = context.param("kind");
        let kind = context.view.kinds().get(name);
        let kind =
            kind.ok_or_else(|| Error::not_found(format!("there is no kind `{name}`")).hint("see the lists in the sidebar"))?;
        if let Some((_, instead)) = BY_VERB.iter().find(|(kind, _)| *kind == name) {
            return Err(Error::refused(format!("a record of kind `{name}` is not entered here")).hint(*instead));
        }
        Self { kind, entry: None }.today(context)
    }

    /// A revision of the record that the address names.
    fn of(context: &'c Context<'_>) -> Result<Self> {
        let id = context.id("id")?;
        let entry = context.view.find(id).ok_or_else(|| Error::not_found(format!("there is no record `{id}`")))?;
        let kind = context.view.kinds().of(id).ok_or_else(|| Error::not_found(format!("`{id}` is of no known kind")))?;
        if kind.name == "approval" {
            return Err(Error::refused("an approval is never revised").hint("withdraw it and decide again"));
        }
        if entry.is_set_aside() {
            return Err(Error::refused(format!("{id} was set aside")).hint("create a new record; this one stays readable"));
        }
        Self { kind, entry: Some(entry) }.today(context)
    }

    fn today(self, context: &Context<'_>) -> Result<Self> {
        match context.as_of {
            Some(_) => Err(Error::refused("nothing is written on a past day").hint("go back to today, then open the form again")),
            None => Ok(self),
        }
    }

    /// Name under which a draft is kept.
    pub(super) fn key(&self) -> String {
        self.entry.map_or_else(|| self.kind.name.clone(), |entry| entry.id().to_string())
    }

    /// Its own address.
    pub(super) fn address(&self) -> String {
        self.entry.map_or_else(|| place::new(&self.kind.name), |entry| format!("/records/{}/edit", entry.id()))
    }

    /// The fields that people fill.
    pub(super) fn fields(&self) -> impl Iterator<Item = &'c FieldSpec> {
        self.kind.fields.iter().filter(|field| !field.program)
    }

    pub(super) fn takes_files(&self) -> bool {
        self.fields().any(is_file)
    }

    /// Number of the head revision; 0 for a new record.
    pub(super) fn revision(&self) -> u32 {
        self.entry.map_or(0, |entry| entry.standing().head.leaf(entry.record()).revision)
    }

    /// What the record holds now.
    fn entered(&self, context: &Context<'_>) -> Entered {
        self.entry.map_or_else(Entered::default, |entry| {
            let fields: Map<String, Json> =
                entry.head().fields().into_iter().map(|(name, value)| (name.to_owned(), value.to_json())).collect();
            Entered::of_fields(self.kind, &fields, context.view.zone())
        })
    }
}

fn is_file(field: &FieldSpec) -> bool {
    matches!(field.kind.scalar(), Some(vouch_record::kind::Scalar::File))
}

/// `GET /kinds/{kind}/new`
pub(crate) fn new(context: &Context<'_>) -> Result<Answer> {
    let subject = Subject::new(context)?;
    let draft = context.site.vouch.draft(context.session.acting, &subject.key())?;
    let (entered, draft) = match draft {
        Some(draft) if context.query("draft").is_some() => (Entered::of(&draft.fields), None),
        draft => (prefill::of(context, &subject), draft),
    };
    Ok(shown::Form { draft: draft.as_ref(), ..shown::Form::of(context, &subject, &entered) }.page().into())
}

/// `GET /records/{id}/edit`
pub(crate) fn edit(context: &Context<'_>) -> Result<Answer> {
    let subject = Subject::of(context)?;
    let draft = context.site.vouch.draft(context.session.acting, &subject.key())?;
    let (mut entered, draft) = match draft {
        Some(draft) if context.query("draft").is_some() => (Entered::of(&draft.fields), None),
        draft => (subject.entered(context), draft),
    };
    prefill::over(context, &subject, &mut entered);
    Ok(shown::Form { draft: draft.as_ref(), ..shown::Form::of(context, &subject, &entered) }.page().into())
}

/// `POST /kinds/{kind}/new`
pub(crate) fn create(context: &Context<'_>) -> Result<Answer> {
    let subject = Subject::new(context)?;
    let mut entered = Entered::of(&context.request.form);
    if let Some(step) = Step::of(context) {
        return Ok(stepped(context, &subject, &mut entered, &step));
    }
    let mut fields = read::fields(&context.view, subject.fields(), &entered);
    fields.retain(|_, value| !value.is_null());
    let files = match take_in(context, &subject, &mut fields) {
        Ok(files) => files,
        Err(error) => return refused(context, &subject, &entered, error),
    };
    let (kind, key, back) = (subject.kind.name.clone(), subject.key(), mirror::of(context, &subject));
    let written = context.site.vouch.perform(context.acting(), move |work| {
        files.into_iter().try_for_each(|file| work.keep(file))?;
        work.drop_draft(&key)?;
        let id = work.create(&kind, &fields)?;
        back.map_or(Ok(id), |back| back.link(work, id))
    });
    match written {
        Ok(id) => Ok(went(context, id, 1)),
        Err(error) => refused(context, &subject, &entered, error),
    }
}

/// `POST /records/{id}/edit`
pub(crate) fn revise(context: &Context<'_>) -> Result<Answer> {
    let subject = Subject::of(context)?;
    let mut entered = Entered::of(&context.request.form);
    if let Some(step) = Step::of(context) {
        return Ok(stepped(context, &subject, &mut entered, &step));
    }
    let Some(entry) = subject.entry else { return Err(Error::invalid("a record is revised")) };
    let asked = context.form("expect").unwrap_or_default();
    let expect: u32 = asked.parse().map_err(|_| Error::invalid(format!("`{asked}` is no revision")).hint("open the form again"))?;
    let clash = conflict::Clash::of(context, &subject, &entered, expect)?;
    if expect != subject.revision() {
        return clash.page(context, &subject);
    }
    let mut fields = clash.mine;
    let files = match take_in(context, &subject, &mut fields) {
        Ok(files) => files,
        Err(error) => return refused(context, &subject, &entered, error),
    };
    let (id, key) = (entry.id(), subject.key());
    let written = context.site.vouch.perform(context.acting(), move |work| {
        files.into_iter().try_for_each(|file| work.keep(file))?;
        work.drop_draft(&key)?;
        work.revise(id, expect, &fields)
    });
    match written {
        Ok(written) => Ok(went(context, id, written.revision)),
        // Somebody wrote between the two looks; the next look shows it.
        Err(error) if error.kind == ErrorKind::Conflict => {
            let context = Context::new(context.site, context.request.clone(), context.session.clone())?;
            let subject = Subject::of(&context)?;
            conflict::Clash::of(&context, &subject, &entered, expect)?.page(&context, &subject)
        }
        Err(error) => refused(context, &subject, &entered, error),
    }
}

/// The form as a button of it asks for.
fn stepped(context: &Context<'_>, subject: &Subject<'_>, entered: &mut Entered, step: &Step) -> Answer {
    step.apply(entered);
    shown::Form { step: Some(step), ..shown::Form::of(context, subject, entered) }.page().into()
}

/// The form with what is wrong on top; nothing that was typed is lost.
fn refused(context: &Context<'_>, subject: &Subject<'_>, entered: &Entered, error: Error) -> Result<Answer> {
    let Some(status) = status_in_form(&error, context.request.wants_json) else { return Err(error) };
    Ok(shown::Form { error: Some(&error), ..shown::Form::of(context, subject, entered) }.page().status(status).into())
}

/// Takes in the files that came with a form and names them in its fields.
fn take_in(context: &Context<'_>, subject: &Subject<'_>, fields: &mut Map<String, Json>) -> Result<Vec<TakenIn>> {
    let mut taken = Vec::new();
    for upload in context.request.files.iter().filter(|upload| !upload.name.is_empty()) {
        let Some(field) = subject.fields().find(|field| field.name == upload.field && is_file(field)) else { continue };
        let file = context.site.vouch.take_in(&upload.name, &mut upload.bytes.as_slice())?;
        if matches!(field.kind, FieldType::Set(_)) {
            let kept = match fields.remove(&field.name) {
                Some(Json::Array(kept)) => kept,
                Some(_) => Vec::new(),
                // Not handed in: as it was.
                None => subject
                    .entry
                    .and_then(|entry| entry.head().value(&field.name).get())
                    .map_or_else(Vec::new, |value| value.items().iter().map(vouch_record::Value::to_json).collect()),
            };
            fields.insert(field.name.clone(), kept.into_iter().chain([file.member()]).collect());
        } else {
            fields.insert(field.name.clone(), file.member());
        }
        taken.push(file);
    }
    Ok(taken)
}

/// To the page of the record that was written; programs are told id and revision.
fn went(context: &Context<'_>, id: Id, revision: u32) -> Answer {
    if context.request.wants_json {
        return Answer::Json(serde_json::json!({"id": id.to_string(), "revision": revision, "href": place::of(id)}));
    }
    Answer::Go(place::of(id))
}
