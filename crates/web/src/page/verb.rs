//! Verbs are resources: a decision (`approval`), a step to another state (`state`), taking a wrong record out (`withdrawal`). Each is
//! asked on a page of its own and written by a POST to the same address. Where a rule forbids it, the page says which and who could.

mod asked;
pub(crate) mod step;
mod verification;

use maud::Markup;
use serde_json::json;
use vouch_app::{Decision, Error, Result, may_set_aside};
use vouch_conform::Entry;
use vouch_record::Link;
use vouch_record::kind::FieldSpec;

use self::asked::{Asked, Verb};
pub(crate) use self::verification::{ask as ask_verification, verify};
use crate::answer::{Answer, status_in_form};
use crate::part::input::{Entered, Step as Pressed, read};
use crate::place;
use crate::request::Context;

/// Fields of an approval that a person may fill besides the reason.
const MORE: [&str; 5] = ["capacity", "conditions", "valid_until", "on_behalf_of", "meeting"];

/// What may be done with a record next, for its page: buttons, and reasons where there is none.
pub(crate) fn panel(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    step::panel(context, entry)
}

/// The record an address names, on a day on which it may be changed.
fn subject<'c>(context: &'c Context<'_>) -> Result<Entry<'c>> {
    if context.as_of.is_some() {
        return Err(Error::refused("nothing is written on a past day").hint("go back to today first"));
    }
    let id = context.id("id")?;
    let entry = context.view.find(id).ok_or_else(|| Error::not_found(format!("there is no record `{id}`")))?;
    if entry.is_set_aside() {
        return Err(Error::refused(format!("{id} was set aside")).hint("it stays readable; create a new record in its place"));
    }
    Ok(entry)
}

/// A value of the form, else of the address.
fn told<'c>(context: &'c Context<'_>, name: &str) -> &'c str {
    context.form(name).or_else(|| context.query(name)).unwrap_or_default()
}

/// The revision that the page showed; nothing for a program that names none.
fn shown_revision(context: &Context<'_>) -> Result<Option<u32>> {
    let asked = context.form("revision").unwrap_or_default();
    let revision = asked.parse().map(Some);
    if asked.is_empty() { Ok(None) } else { revision.map_err(|_| Error::invalid(format!("`{asked}` is no revision"))) }
}

/// `GET /records/{id}/state?to=STATE`
pub(crate) fn ask_state(context: &Context<'_>) -> Result<Answer> {
    let entry = subject(context)?;
    let asked = Asked::of(context, entry, Verb::State)?;
    Ok(asked.page(&asked.begin(), None).into())
}

/// `POST /records/{id}/state`
pub(crate) fn change_state(context: &Context<'_>) -> Result<Answer> {
    let entry = subject(context)?;
    let (asked, mut entered) = (Asked::of(context, entry, Verb::State)?, Entered::of(&context.request.form));
    if let Some(pressed) = Pressed::of(context) {
        pressed.apply(&mut entered);
        return Ok(asked.stepped(&entered, &pressed).into());
    }
    let mut set = read::fields(&context.view, asked.set.iter().copied().filter(|field| is_entered(context, field)), &entered);
    set.retain(|_, value| !value.is_null());
    let link = Link { id: entry.id(), revision: shown_revision(context)? };
    let (to, reason) = (told(context, "to").to_owned(), told(context, "reason").to_owned());
    let written = context.site.vouch.perform(context.acting(), move |work| {
        work.expect_head(link)?;
        work.transition(link.id, &to, &set, &reason)
    });
    outcome(context, &asked, &entered, written.map(|()| json!({"id": link.id.to_string(), "state": told(context, "to")})))
}

/// `GET /records/{id}/approval?purpose=P&decision=D&to=STATE`
pub(crate) fn ask_approval(context: &Context<'_>) -> Result<Answer> {
    let asked = Asked::of(context, subject(context)?, Verb::Approval)?;
    Ok(asked.page(&asked.begin(), None).into())
}

/// `POST /records/{id}/approval`
pub(crate) fn approve(context: &Context<'_>) -> Result<Answer> {
    let entry = subject(context)?;
    let (asked, mut entered) = (Asked::of(context, entry, Verb::Approval)?, Entered::of(&context.request.form));
    if let Some(pressed) = Pressed::of(context) {
        pressed.apply(&mut entered);
        return Ok(asked.stepped(&entered, &pressed).into());
    }
    let filled = |fields: Vec<&FieldSpec>| {
        let fields = fields.into_iter().filter(|field| is_entered(context, field));
        read::fields(&context.view, fields, &entered).into_iter().filter(|(_, value)| !value.is_null()).collect()
    };
    let approval = context.view.kind("approval");
    let decision = Decision {
        purpose: told(context, "purpose").to_owned(),
        decision: told(context, "decision").to_owned(),
        reason: told(context, "reason").to_owned(),
        revision: shown_revision(context)?,
        to: Some(told(context, "to").to_owned()).filter(|to| !to.is_empty()),
        set: filled(asked.set.clone()),
        more: filled(MORE.iter().filter_map(|name| approval.field(name)).collect()),
    };
    let id = entry.id();
    let written = context.site.vouch.perform(context.acting(), move |work| work.approve(id, &decision));
    let told = written.map(|decided| json!({"approval": decided.approval.to_string(), "state": decided.state, "moved": decided.moved, "wanted": decided.wanted}));
    outcome(context, &asked, &entered, told)
}

/// `GET /records/{id}/withdrawal`
pub(crate) fn ask_withdrawal(context: &Context<'_>) -> Result<Answer> {
    let entry = subject(context)?;
    may_set_aside(entry, context.session.acting)?;
    let asked = Asked::of(context, entry, Verb::Withdrawal)?;
    Ok(asked.page(&asked.begin(), None).into())
}

/// `POST /records/{id}/withdrawal`
pub(crate) fn withdraw(context: &Context<'_>) -> Result<Answer> {
    let entry = subject(context)?;
    let asked = Asked::of(context, entry, Verb::Withdrawal)?;
    let (id, reason) = (entry.id(), told(context, "reason").to_owned());
    let written = context.site.vouch.perform(context.acting(), move |work| work.set_aside(id, &reason));
    let entered = Entered::of(&context.request.form);
    outcome(context, &asked, &entered, written.map(|approval| json!({"id": id.to_string(), "approval": approval.to_string()})))
}

/// Whether the form says anything about a field.
fn is_entered(context: &Context<'_>, field: &FieldSpec) -> bool {
    context.request.form.iter().any(|(name, _)| name.split('.').next() == Some(field.name.as_str()))
}

/// To the record's page, or back to the question with the reason why not.
fn outcome(context: &Context<'_>, asked: &Asked<'_>, entered: &Entered, written: Result<serde_json::Value>) -> Result<Answer> {
    match written {
        Ok(told) if context.request.wants_json => Ok(Answer::Json(told)),
        Ok(_) => Ok(Answer::Go(place::of(asked.entry.id()))),
        Err(error) => {
            let Some(status) = status_in_form(&error, context.request.wants_json) else { return Err(error) };
            Ok(asked.page(entered, Some(&error)).status(status).into())
        }
    }
}
