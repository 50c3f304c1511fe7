//! What is typed into a form, kept on the server while it is typed.

use vouch_app::{Error, Result};

use super::theme::back;
use crate::answer::Answer;
use crate::request::Context;

/// `POST /drafts/{form}`: keeps what the form holds; with `discard`, gives it up and goes back to the form.
pub(crate) fn keep(context: &Context<'_>) -> Result<Answer> {
    let form = context.param("form");
    let is_known = context.view.kinds().get(form).is_some()
        || form.parse::<vouch_record::Id>().is_ok_and(|id| context.view.find(id).is_some());
    if !is_known {
        return Err(Error::not_found(format!("there is no form `{form}`")).hint("it is named by a kind or a record"));
    }
    if context.form("discard").is_some() {
        context.site.vouch.drop_draft(context.acting(), form)?;
        return Ok(Answer::Go(back(context)));
    }
    context.site.vouch.keep_draft(context.acting(), form, context.request.form.clone())?;
    Ok(Answer::Part(maud::html! {}))
}
