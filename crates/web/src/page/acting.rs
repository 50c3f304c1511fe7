//! Acting as somebody else: in a sample organisation only.

use vouch_app::{Error, Result};
use vouch_record::Id;

use super::theme::back;
use crate::answer::Answer;
use crate::request::Context;

/// `POST /acting`
pub(crate) fn act_as(context: &Context<'_>) -> Result<Answer> {
    if !context.site.settings.sample {
        return Err(Error::refused("nobody acts in the name of another here").hint("this is for sample organisations"));
    }
    let asked = context.form("person").unwrap_or_default();
    let person = asked.parse::<Id>().ok().filter(|id| context.view.is_active(*id));
    let person =
        person.ok_or_else(|| Error::invalid(format!("`{asked}` is not an active person here")).hint("choose one of the list"))?;
    context.site.sessions.act_as(&context.session.token, person);
    Ok(Answer::Go(back(context)))
}
